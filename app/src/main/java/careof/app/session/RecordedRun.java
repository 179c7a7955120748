package careof.app.session;

import careof.engine.base.Malformed;
import careof.engine.base.Progress;
import careof.engine.lab.Lab;
import careof.engine.run.Remade;
import careof.engine.run.Simulation;
import careof.engine.trace.InputLog;
import careof.engine.trace.InputLogJson;
import careof.engine.trace.Projection;
import careof.engine.trace.Recording;
import careof.engine.trace.RecordingSecrets;
import careof.engine.trace.TraceEvent;
import careof.engine.trace.TraceStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** A recorded run as it was read from its file, ready to be shown. Made away from the window's thread and the worker's. */
public final class RecordedRun {
    /** Events folded between two reports of progress. */
    private static final int FOLDED = 1 << 15;

    private final Path file;
    private final Recording recording;
    private final Found found;
    private final boolean hasSecrets;

    private RecordedRun(Path file, Recording recording, Found found) {
        this.file = file;
        this.recording = recording;
        this.found = found;
        this.hasSecrets = Files.exists(secrets());
    }

    /** What is read of a trace before it is shown, so that nobody waits for it afterwards: where things are in it, and its tables all along. */
    record Found(RunIndex index, Projection tables) {
        private static Found in(Lab lab, TraceStore trace, Progress progress) throws Progress.Cancelled {
            RunIndex index = new RunIndex(lab, trace);
            index.catchUp(part(progress, 0, 2));
            Projection tables = new Projection(trace);
            for (long n = 0; n < trace.size(); n = Math.min(n + FOLDED, trace.size())) {
                tables.at(n);
                part(progress, 1, 2).report(n, trace.size());
            }
            return new Found(index, tables);
        }
    }

    /** Whether a file starts like a recording, whatever follows. */
    public static boolean is(Path file) throws IOException {
        return Recording.is(file);
    }

    /**
     * Reads a recording as far as it is whole.
     *
     * @throws Malformed where nothing of it can be read, for a person to read
     */
    public static RecordedRun read(Path file, Progress progress) throws IOException, Malformed {
        Recording recording = Recording.read(file, part(progress, 0, 2));
        return new RecordedRun(file, recording, Found.in(recording.lab(), recording.trace(), part(progress, 1, 2)));
    }

    /** Progress of one of several parts of work. */
    private static Progress part(Progress progress, int part, int of) {
        return (done, total) -> progress.at(1_000L * part + 1_000 * done / Math.max(1, total), 1_000L * of);
    }

    public Path file() {
        return file;
    }

    /** Its file's name. */
    public String name() {
        return String.valueOf(file.getFileName());
    }

    /** As it ran, but without keys. */
    public Lab lab() {
        return recording.lab();
    }

    /** What of the run is not here and why, for a person to read; empty: all of it is. */
    public Optional<String> missing() {
        return recording.missing();
    }

    /** Virtual time that the run had reached, nanoseconds. */
    public long now() {
        return recording.now();
    }

    /** Where its secrets would be. */
    private Path secrets() {
        return RecordingSecrets.beside(file);
    }

    /** Whether its secrets were beside it when it was read. */
    public boolean hasSecrets() {
        return hasSecrets;
    }

    /** Why nothing else can be made of it before it was made again. */
    String why() {
        return hasSecrets() ? "It has to be made again with its secrets first, which takes a while." : "Its secrets are not beside it (" + secrets().getFileName()
                + "), and its keys and random numbers follow from them. So it can be looked at, forwards and backwards, and exported; it cannot be made again, forked or acted upon.";
    }

    TraceStore trace() {
        return recording.trace();
    }

    Found found() {
        return found;
    }

    InputLog inputs() {
        return new InputLog(recording.lab(), recording.detail(), List.of());
    }

    /** Event after which the lab stood configured: what happens by itself has no cause. */
    long start() {
        TraceStore.Cursor events = recording.trace().from(1);
        while (events.hasNext()) {
            TraceEvent event = events.next();
            if (event.id() > 1 && event.cause() == 0) {
                return event.id() - 1;
            }
        }
        return recording.trace().size();
    }

    /**
     * A recorded run made again from its inputs and its secrets.
     *
     * @param machine    stands where the recording ends
     * @param difference first event that came out differently; 0: all are the same
     * @param words      what is to be said about it
     */
    public record Again(RecordedRun of, Simulation machine, Found found, long difference, String words) {
        /** As it ran, with its keys. */
        public Lab lab() {
            return machine.lab();
        }

        public boolean isSame() {
            return difference == 0;
        }
    }

    /**
     * Makes the run again, with the secrets that are beside its recording.
     *
     * @throws Malformed where they are none, or another one's; for a person to read
     */
    public Again again(Progress progress) throws IOException, Malformed {
        Remade made = Remade.of(recording, recording.secrets(secrets()), (done, total) -> progress.at(8 * done, 10 * total));
        Simulation machine = made.run();
        Found found = Found.in(machine.lab(), machine.trace(), (done, total) -> progress.at(8_000 + 2_000 * done / Math.max(1, total), 10_000));
        return new Again(this, machine, found, made.difference(), made.difference() == 0 ? same() : other(made.difference()));
    }

    private String same() {
        return String.format(Locale.ROOT, "%,d recorded events came out the same%s. It can be forked now, and acted upon.", trace().size(), recording.end().isPresent() ? ", and so did the digest" : "");
    }

    private String other(long difference) {
        return String.format(Locale.ROOT, "From event %,d on it came out differently%s. What was recorded is shown; what came out is another run, see Runs in the menu Run.", difference,
                recording.engine().equals(InputLogJson.ENGINE) ? "" : ": it was recorded by engine " + recording.engine() + ", and this is " + InputLogJson.ENGINE);
    }
}
