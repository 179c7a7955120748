package careof.app.cli;

import careof.engine.base.Malformed;
import careof.engine.base.VirtualTime;
import careof.engine.run.Remade;
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
record RecordingReplay(Path file, Path secrets, RunOutput output, PrintWriter out, PrintWriter err) {
    private static final String WITHOUT = "the run can be looked at, forwards and backwards, and exported, without its keys and its seed; it cannot be made again or forked, since its keys and"
            + " random numbers follow from them";

    int replay() throws IOException, BadInput {
        if (secrets != null && !Files.exists(secrets)) {
            throw new BadInput("no file " + secrets);
        }
        try {
            Recording recording;
            try (TerminalProgress progress = new TerminalProgress(err)) {
                recording = Recording.read(file, progress.of("reading"));
            }
            Optional<RecordingSecrets> found = secrets(recording);
            recording.missing().ifPresent(what -> err.println("careof: " + file + ": " + what + (found.isPresent() ? "; its events are" : "; the run is") + " here up to " + VirtualTime.format(recording.now())));
            output.checkRecorded(recording.lab(), found.isPresent());
            if (!recording.lab().expect().isEmpty()) {
                err.println("careof: the lab's expectations are not judged: they are of its own actions, and this was a live run");
            }
            return found.isPresent() ? again(recording, found.get()) : asItIs(recording);
        } catch (Malformed e) {
            throw new BadInput(file + ": " + e.getMessage());
        }
    }

    /** Those that were named must be right; where those beside it are not, the recording is there all the same. */
    private Optional<RecordingSecrets> secrets(Recording recording) throws IOException, BadInput {
        Path from = secrets == null ? RecordingSecrets.beside(file) : secrets;
        if (!Files.exists(from)) {
            err.println("careof: no secrets (" + from.getFileName() + "): " + WITHOUT);
            return Optional.empty();
        }
        String why;
        try {
            return Optional.of(recording.secrets(from));
        } catch (Malformed e) {
            why = from + ": " + e.getMessage();
        } catch (IOException e) {
            why = BadInput.message(e);
        }
        if (secrets != null) {
            throw new BadInput(why);
        }
        err.println("careof: " + why + "; without them, " + WITHOUT);
        return Optional.empty();
    }

    private int asItIs(Recording recording) throws IOException {
        return output.results(new RunOutput.Ran(recording.lab(), recording.trace(), recording.now(), Optional.empty(), recording.end().map(InputLogJson.End::digest).orElse(""), false),
                file.toString(), Optional.empty(), out, err);
    }

    private int again(Recording recording, RecordingSecrets secret) throws IOException, Malformed {
        Remade made;
        try (TerminalProgress progress = new TerminalProgress(err)) {
            made = Remade.of(recording, secret, progress.of("running"));
        }
        Simulation run = made.run();
        int status = output.results(new RunOutput.Ran(run.lab(), run.trace(), Math.max(run.now(), recording.now()), Optional.of(run.lab().seed()), run.trace().digest(), false),
                file.toString(), recording.end(), out, err);
        long difference = made.difference();
        if (difference == 0) {
            err.println("careof: made again, " + recording.trace().size() + " recorded events the same" + (recording.end().isPresent() ? ", digest the same" : "") + further(recording, run));
            return status;
        }
        err.println("careof: the run came out differently, " + "from event " + difference + " on"
                + (recording.engine().equals(InputLogJson.ENGINE) ? "" : "; it was recorded by engine " + recording.engine() + ", this is " + InputLogJson.ENGINE));
        return CareofCommand.FAILS;
    }

    /** What came in is written before what followed from it: of a recording that was cut off, more can be made again than there is to compare. */
    private static String further(Recording recording, Simulation run) {
        long more = run.trace().size() - recording.trace().size();
        return more <= 0 ? "" : "; what came in is recorded further than they are, and the report is of all that follows from it: " + more + " events more, up to " + VirtualTime.format(run.now());
    }
}
