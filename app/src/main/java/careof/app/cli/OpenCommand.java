package careof.app.cli;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Stands in the help; {@link careof.app.Main} opens the window itself when "open" is the first word, since the command line knows no window. */
@Command(name = "open", description = "Opens the workbench, on a lab file, a recording or a sample; or a capture, pcap or pcapng.")
final class OpenCommand implements Callable<Integer> {
    @Parameters(paramLabel = "FILE", arity = "0..1", description = "A lab file, a recording or a capture.")
    private Path file;

    @Override
    public Integer call() throws BadInput {
        throw new BadInput("\"open\" comes first: careof open " + (file == null ? "" : file));
    }
}
