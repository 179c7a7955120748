package careof.app.cli;

import careof.engine.base.Malformed;
import careof.engine.base.Progress;
import careof.engine.base.VirtualTime;
import careof.engine.run.Simulation;
import careof.engine.trace.InputLogJson;
import careof.engine.trace.Recording;
import careof.engine.trace.RecordingSecrets;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What {@code careof replay} does with a recording.
 *
 * @param secrets null: those beside it, if there are any
 */
record RecordedRun(Path file, Path secrets, RunOutput output, PrintWriter out, PrintWriter err) {
    /** Tasks between two reports of progress. */
    private static final int PART = 1 << 12;

    int replay() throws IOException, BadInput {
        Path from = secrets == null ? RecordingSecrets.beside(file) : secrets;
        boolean open = Files.exists(from);
        if (secrets != null && !open) {
            throw new BadInput("no file " + secrets);
        }
        try {
            Recording recording;
            Optional<RecordingSecrets> found;
            try (TerminalProgress progress = new TerminalProgress(err)) {
                recording = Recording.read(file, progress.of("reading"));
                found = open ? Optional.of(recording.secrets(from)) : Optional.empty();
            }
            recording.missing().ifPresent(what -> err.println("careof: " + file + ": " + what + "; the run is here up to " + VirtualTime.format(recording.now())));
            output.checkRecorded(recording.lab(), open);
            return found.isPresent() ? again(recording, found.get()) : asItIs(recording);
        } catch (Malformed e) {
            throw new BadInput(file + ": " + e.getMessage());
        }
    }

    private int asItIs(Recording recording) throws IOException {
        err.println("careof: no secrets (" + RecordingSecrets.beside(file).getFileName() + "): the run can be looked at, forwards and backwards, and exported, without its keys and its seed; it cannot be made again"
                + " or forked, since its keys and random numbers follow from them");
        return output.results(recording.lab(), recording.trace(), recording.now(), file.toString(), recording.end().map(InputLogJson.End::digest).orElse(""), Optional.empty(), out, err);
    }

    private int again(Recording recording, RecordingSecrets secret) throws IOException, Malformed {
        Simulation run;
        try (TerminalProgress progress = new TerminalProgress(err)) {
            run = Simulation.of(recording.log(secret, progress.of("reading")), secret.secret());
            run(run, recording, progress.of("running"));
        }
        String digest = run.trace().digest();
        int status = output.results(run.lab(), run.trace(), Math.max(run.now(), recording.now()), file.toString(), digest, recording.end(), out, err);
        long difference = recording.firstDifference(run.trace());
        boolean same = difference == 0 && recording.end().map(end -> end.digest().equals(digest)).orElse(true);
        if (same) {
            err.println("careof: made again, " + recording.trace().size() + " recorded events the same" + (recording.end().isPresent() ? ", digest the same" : ""));
            return status;
        }
        err.println("careof: the run came out differently, " + (difference == 0 ? "after event " + recording.trace().size() : "from event " + difference + " on")
                + (recording.engine().equals(InputLogJson.ENGINE) ? "" : "; it was recorded by engine " + recording.engine() + ", this is " + InputLogJson.ENGINE));
        return CareofCommand.FAILS;
    }

    private static void run(Simulation run, Recording recording, Progress progress) throws Progress.Cancelled {
        int tasks = 0;
        while (!run.isMadeAgain(recording.trace().size(), recording.now()) && run.step()) {
            if (++tasks % PART == 0) {
                progress.report(run.trace().size(), recording.trace().size());
            }
        }
    }
}
