package careof.app.cli;

import careof.engine.lab.LabException;
import careof.engine.run.Simulation;
import careof.engine.trace.InputLogJson;
import careof.engine.trace.Recording;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(name = "replay", description = "Makes a run again from its input log, or from its recording and that one's secrets, and tells whether it came out the same. Without its secrets,"
        + " a recording is looked at as it is. Status 1 also means that a run came out differently; what its lab expects is not judged of a recording, in which people acted."
        + " In JSON, what is not judged or not known is null.")
final class ReplayCommand implements Callable<Integer> {
    /** Octets in which a log or a lab says that it is one. */
    private static final int BEGINNING = 4096;

    @Parameters(paramLabel = "LOG", description = "An input log, as careof run --log writes it, or a recording, as careof live --record writes it.")
    private Path file;

    @Option(names = "--secrets", paramLabel = "S", description = "The secrets of a recording; those in the file beside it are found without this.")
    private Path secrets;

    @Mixin
    private RunOutput output;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException, LabException, BadInput {
        PrintWriter err = spec.commandLine().getErr();
        LabInput.exists(file);
        if (Recording.is(file)) {
            return new RecordingReplay(file, secrets, output, spec.commandLine().getOut(), err).replay();
        } else if (secrets != null) {
            throw new BadInput("--secrets are those of a recording, and " + file + " is none");
        }
        InputLogJson.Reading reading = read();
        Simulation simulation = Simulation.of(reading.log());
        int status = output.finish(simulation, Until.END, file.toString(), reading.end(), spec.commandLine().getOut(), err);
        if (reading.end().isPresent() && !reading.end().get().digest().equals(simulation.trace().digest())) {
            err.println("careof: the run came out differently: " + simulation.trace().size() + " events, digest " + simulation.trace().digest()
                    + "; recorded were " + reading.end().get().events() + ", " + reading.end().get().digest()
                    + (reading.engine().equals(InputLogJson.ENGINE) ? "" : " by engine " + reading.engine() + ", this is " + InputLogJson.ENGINE));
            return CareofCommand.FAILS;
        }
        return status;
    }

    private InputLogJson.Reading read() throws IOException, LabException, BadInput {
        try {
            return InputLogJson.read(file);
        } catch (LabException e) {
            String beginning = beginning();
            if (beginning.contains("\"careofLog\"")) {
                throw e;
            } else if (beginning.contains("\"careof\"")) {
                throw new BadInput(file + " is a lab; to run it: careof run " + file);
            }
            throw new BadInput(file + " is neither an input log, as careof run --log writes it, nor a recording, as careof live --record writes it");
        }
    }

    private String beginning() throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return new String(in.readNBytes(BEGINNING), StandardCharsets.ISO_8859_1);
        }
    }
}
