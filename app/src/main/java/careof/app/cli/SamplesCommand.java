package careof.app.cli;

import careof.app.Samples;
import careof.app.Samples.Sample;
import careof.engine.base.AtomicFile;
import careof.engine.lab.Lab;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

@Command(name = "samples", description = "Lists the labs that come with Careof, or copies one.")
final class SamplesCommand implements Callable<Integer> {
    @Option(names = "--json", description = "Prints JSON.")
    private boolean json;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            ObjectNode root = Json.object();
            ArrayNode all = root.putArray("samples");
            for (Sample sample : all()) {
                Lab lab = sample.lab();
                all.addObject().put("name", sample.name()).put("title", lab.name()).put("about", lab.about());
            }
            Json.print(out, root);
            return CareofCommand.HOLDS;
        }
        for (Sample sample : all()) {
            out.printf("%-22s %s%n", sample.name(), sample.lab().name());
        }
        out.println();
        out.println("careof samples copy NAME [FILE] writes one to a file.");
        return CareofCommand.HOLDS;
    }

    private static List<Sample> all() {
        return Stream.of(Samples.all(), Samples.experiments(), Samples.comparisons()).flatMap(List::stream).toList();
    }

    @Command(name = "copy", description = "Writes a sample to a file, to be opened or changed.")
    int copy(@Parameters(paramLabel = "NAME", description = "A sample's name.") String name,
            @Parameters(paramLabel = "FILE", arity = "0..1", description = "Where to; NAME.json here when left out.") Path file,
            @Option(names = "--force", description = "Writes over a file that exists.") boolean force,
            @Option(names = "--json", description = "Prints JSON.") boolean asJson) throws BadInput, IOException {
        Sample sample = Samples.sample(name.replaceFirst("\\.json$", ""))
                .orElseThrow(() -> new BadInput("no sample \"" + name + "\"; there are " + String.join(", ", all().stream().map(Sample::name).toList())));
        Path target = file == null ? Path.of(sample.fileName()) : Files.isDirectory(file) ? file.resolve(sample.fileName()) : file;
        if (Files.exists(target) && !force) {
            throw new BadInput(target + " exists; --force writes over it");
        }
        AtomicFile.write(target, out -> out.write(sample.text().getBytes(StandardCharsets.UTF_8)));
        PrintWriter out = spec.commandLine().getOut();
        if (asJson) {
            ObjectNode root = Json.object();
            root.put("written", target.toString());
            Json.print(out, root);
        } else {
            out.println(target);
        }
        return CareofCommand.HOLDS;
    }
}
