package careof.engine.run;

import careof.engine.base.Malformed;
import careof.engine.base.Progress;
import careof.engine.trace.Recording;
import careof.engine.trace.RecordingSecrets;
import java.io.IOException;

/**
 * A recorded run made again from its inputs and its secrets, octet for octet where engine and files are the same.
 *
 * @param run        stands where the recording ends
 * @param difference first event that came out differently, the one after the recorded ones where only the digest of the end does; 0: all is the same
 */
public record Remade(Simulation run, long difference) {
    /** Tasks between two reports of progress. */
    private static final int PART = 1 << 12;

    /**
     * Makes it.
     *
     * @param progress hears of thousandths
     * @throws Malformed where the secrets are another recording's, or its inputs are damaged; for a person to read
     */
    public static Remade of(Recording recording, RecordingSecrets secrets, Progress progress) throws IOException, Malformed {
        Simulation run = Simulation.of(recording.log(secrets, (done, total) -> progress.at(100 * done / Math.max(1, total), 1_000)), secrets.secret());
        long events = recording.trace().size();
        int tasks = 0;
        while (!run.isMadeAgain(events, recording.now()) && run.step()) {
            if (++tasks % PART == 0) {
                progress.report(100 + 900 * Math.min(run.trace().size(), events) / Math.max(1, events), 1_000);
            }
        }
        long difference = recording.firstDifference(run.trace());
        boolean ends = recording.end().map(end -> end.digest().equals(run.trace().digest())).orElse(true);
        return new Remade(run, difference == 0 && !ends ? events + 1 : difference);
    }
}
