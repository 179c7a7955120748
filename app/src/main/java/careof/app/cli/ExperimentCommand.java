package careof.app.cli;

import careof.app.Samples;
import careof.app.Samples.Sample;
import careof.engine.base.AtomicFile;
import careof.engine.capture.CaptureExport;
import careof.engine.experiment.Comparison;
import careof.engine.experiment.Experiment;
import careof.engine.lab.Lab;
import careof.engine.lab.LabException;
import careof.engine.lab.LabFiles;
import careof.engine.policy.Recommendation;
import careof.engine.trace.TraceStore;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

@Command(name = "experiment", description = "Runs experiments: a lab twice from one seed, with a recommendation on and off, or several variants of a lab for "
        + "a table; and tells what the runs show and whether that is what is claimed.")
final class ExperimentCommand implements Callable<Integer> {
    private static final String ALL = "all";

    @Parameters(paramLabel = "LETTER|NAME|all|LAB", arity = "0..*", description = "Recommendations, such as A or C2, names of tables, such as day, or lab files "
            + "with an experiment or a comparison; all when left out.")
    private List<String> which = new ArrayList<>();

    @Option(names = "--list", description = "Lists the recommendations and which of them have an experiment, and the tables.")
    private boolean list;

    @Option(names = "--seed", paramLabel = "N", description = "Seed of every random stream; instead of the labs'.")
    private Long seed;

    @Option(names = "--html", paramLabel = "F", description = "Writes a report with ladders; one file, to be read in any browser.")
    private Path html;

    @Option(names = "--pcapng", paramLabel = "DIR", description = "Writes the frames of each run to a file in this folder, such as A-on.pcapng and A-off.pcapng.")
    private Path pcapng;

    @Option(names = "--json", description = "Prints JSON.")
    private boolean json;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException, BadInput, LabException {
        PrintWriter out = spec.commandLine().getOut();
        Map<Recommendation, Sample> known = new TreeMap<>();
        Samples.experiments().forEach(sample -> known.put(sample.lab().experiment().orElseThrow().letter(), sample));
        if (list) {
            list(out, known);
            return CareofCommand.HOLDS;
        }
        SequencedMap<String, Lab> labs = labs(known);
        List<Experiment.Result> results = new ArrayList<>();
        SequencedMap<String, Comparison.Result> tables = new LinkedHashMap<>();
        try (TerminalProgress progress = new TerminalProgress(spec.commandLine().getErr())) {
            for (Map.Entry<String, Lab> entry : labs.entrySet()) {
                Lab lab = seed == null ? entry.getValue() : entry.getValue().withSeed(seed);
                if (lab.experiment().isPresent()) {
                    results.add(experiment(lab, out, progress));
                }
                if (lab.comparison().isPresent()) {
                    tables.put(entry.getKey(), comparison(entry.getKey(), lab, out, progress));
                }
            }
        }
        if (html != null) {
            String page = ExperimentHtml.page(results, tables);
            AtomicFile.write(html, file -> file.write(page.getBytes(StandardCharsets.UTF_8)));
        }
        int count = results.size() + tables.size();
        long holding = results.stream().filter(Experiment.Result::holds).count() + tables.values().stream().filter(Comparison.Result::holds).count();
        if (json) {
            ObjectNode root = Json.object();
            ArrayNode all = root.put("holds", holding == count).putArray("experiments");
            results.forEach(result -> all.add(ExperimentReport.json(result)));
            ArrayNode compared = root.putArray("comparisons");
            tables.forEach((name, table) -> compared.add(ComparisonReport.json(name, table)));
            Json.print(out, root);
        } else if (count > 1) {
            out.println(holding + " of " + count + " experiments hold");
        }
        return holding == count ? CareofCommand.HOLDS : CareofCommand.FAILS;
    }

    private Experiment.Result experiment(Lab lab, PrintWriter out, TerminalProgress progress) throws IOException {
        Experiment.Result result = Experiment.run(lab, progress.of("experiment " + lab.experiment().orElseThrow().letter()));
        if (pcapng != null) {
            captures(result, progress);
        }
        if (!json) {
            ExperimentReport.print(result, out);
            out.flush();
        }
        return result;
    }

    private Comparison.Result comparison(String name, Lab lab, PrintWriter out, TerminalProgress progress) throws IOException {
        Comparison.Result result = Comparison.run(lab, progress.of("table " + name));
        if (pcapng != null) {
            Files.createDirectories(pcapng);
            for (int i = 0; i < result.rows().size(); i++) {
                capture(result.rows().get(i).trace(), result.rows().get(i).lab(), name + "-" + (i + 1) + ".pcapng", progress);
            }
        }
        if (!json) {
            ComparisonReport.print(name, result, out);
            out.flush();
        }
        return result;
    }

    /** What is to run, by letter, by the name of a table, or by the name of a file. */
    private SequencedMap<String, Lab> labs(Map<Recommendation, Sample> known) throws BadInput, IOException, LabException {
        SequencedMap<String, Lab> labs = new LinkedHashMap<>();
        for (String word : which.isEmpty() ? List.of(ALL) : which) {
            if (word.equals(ALL)) {
                known.forEach((letter, sample) -> labs.put(letter.name(), sample.lab()));
                Samples.comparisons().forEach(sample -> labs.put(sample.shortName(), sample.lab()));
            } else if (Files.isRegularFile(Path.of(word))) {
                labs.put(String.valueOf(Path.of(word).getFileName()).replaceFirst("\\.json$", ""), file(Path.of(word)));
            } else {
                sample(word, known, labs);
            }
        }
        return labs;
    }

    private static Lab file(Path file) throws BadInput, IOException, LabException {
        Lab lab = LabFiles.read(file);
        if (lab.experiment().isEmpty() && lab.comparison().isEmpty()) {
            throw new BadInput(file + " has no experiment and no comparison; careof run runs it");
        }
        return lab;
    }

    private static void sample(String word, Map<Recommendation, Sample> known, SequencedMap<String, Lab> labs) throws BadInput {
        Optional<Sample> table = Samples.comparisons().stream().filter(sample -> sample.shortName().equals(word)).findFirst();
        if (table.isPresent()) {
            labs.put(word, table.get().lab());
            return;
        }
        if (word.endsWith(".json")) {
            LabInput.exists(Path.of(word));
        }
        Recommendation letter = PolicyChanges.letter(word).orElseThrow(() -> new BadInput("no recommendation \"" + word + "\", no table and no such file; recommendations are "
                + String.join(" ", Arrays.stream(Recommendation.values()).map(Enum::name).toList()) + ", tables are "
                + String.join(" ", Samples.comparisons().stream().map(Sample::shortName).toList())));
        labs.put(letter.name(), known.get(letter).lab());
    }

    private void list(PrintWriter out, Map<Recommendation, Sample> known) {
        ArrayNode all = Json.array();
        for (Recommendation letter : Recommendation.values()) {
            boolean has = known.containsKey(letter);
            if (json) {
                all.addObject().put("letter", letter.name()).put("section", letter.section()).put("title", letter.title()).put("experiment", has);
            } else {
                out.printf("%-3s %-4s %s%s%n", letter, letter.section(), letter.title(), has ? "" : " (no experiment yet)");
            }
        }
        if (json) {
            ObjectNode root = Json.object();
            root.set("recommendations", all);
            ArrayNode tables = root.putArray("tables");
            Samples.comparisons().forEach(sample -> tables.addObject().put("name", sample.shortName()).put("title", sample.lab().name()));
            Json.print(out, root);
        } else {
            out.println();
            Samples.comparisons().forEach(sample -> out.printf("%-15s %s%n", sample.shortName(), sample.lab().name()));
        }
    }

    private void captures(Experiment.Result result, TerminalProgress progress) throws IOException {
        Files.createDirectories(pcapng);
        for (int i = 0; i < result.outcomes().size(); i++) {
            Experiment.Outcome outcome = result.outcomes().get(i);
            String name = result.experiment().letter() + (i == 0 ? "" : "-" + i);
            capture(outcome.on().trace(), outcome.on().lab(), name + "-on.pcapng", progress);
            capture(outcome.off().trace(), outcome.off().lab(), name + "-off.pcapng", progress);
        }
    }

    private void capture(TraceStore trace, Lab lab, String name, TerminalProgress progress) throws IOException {
        CaptureExport.write(trace, lab, pcapng.resolve(name), new CaptureExport.Selection.All(), progress.of("writing " + name));
    }
}
