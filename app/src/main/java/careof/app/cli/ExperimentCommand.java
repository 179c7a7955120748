package careof.app.cli;

import careof.app.Samples;
import careof.app.Samples.Sample;
import careof.engine.base.AtomicFile;
import careof.engine.capture.CaptureExport;
import careof.engine.experiment.Experiment;
import careof.engine.lab.Lab;
import careof.engine.lab.LabException;
import careof.engine.policy.Recommendation;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

@Command(name = "experiment", description = "Runs experiments: a lab twice from one seed, with a recommendation on and off, and tells what both runs show "
        + "and whether that is what it claims.")
final class ExperimentCommand implements Callable<Integer> {
    private static final String ALL = "all";

    @Parameters(paramLabel = "LETTER|all|LAB", arity = "0..*", description = "Recommendations, such as A or C2, or lab files with an experiment; all when left out.")
    private List<String> which = new ArrayList<>();

    @Option(names = "--list", description = "Lists the recommendations and which of them have an experiment.")
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
        List<Lab> labs = labs(known);
        List<Experiment.Result> results = new ArrayList<>();
        try (TerminalProgress progress = new TerminalProgress(spec.commandLine().getErr())) {
            for (Lab lab : labs) {
                Experiment.Result result = Experiment.run(seed == null ? lab : lab.withSeed(seed), progress.of("experiment " + lab.experiment().orElseThrow().letter()));
                results.add(result);
                if (pcapng != null) {
                    captures(result, progress);
                }
                if (!json) {
                    ExperimentReport.print(result, out);
                    out.flush();
                }
            }
        }
        if (html != null) {
            String page = ExperimentHtml.page(results);
            AtomicFile.write(html, file -> file.write(page.getBytes(StandardCharsets.UTF_8)));
        }
        boolean holds = results.stream().allMatch(Experiment.Result::holds);
        if (json) {
            ObjectNode root = Json.object();
            ArrayNode all = root.put("holds", holds).putArray("experiments");
            results.forEach(result -> all.add(ExperimentReport.json(result)));
            Json.print(out, root);
        } else if (results.size() > 1) {
            out.println(results.stream().filter(Experiment.Result::holds).count() + " of " + results.size() + " experiments hold");
        }
        return holds ? CareofCommand.HOLDS : CareofCommand.FAILS;
    }

    private List<Lab> labs(Map<Recommendation, Sample> known) throws BadInput, IOException, LabException {
        if (which.isEmpty() || which.contains(ALL)) {
            return known.values().stream().map(Sample::lab).toList();
        }
        List<Lab> labs = new ArrayList<>();
        for (String word : which) {
            if (Files.isRegularFile(Path.of(word))) {
                labs.add(file(Path.of(word)));
            } else {
                labs.add(sample(word, known));
            }
        }
        return labs;
    }

    private static Lab file(Path file) throws BadInput, IOException, LabException {
        Lab lab = careof.engine.lab.LabFiles.read(file);
        if (lab.experiment().isEmpty()) {
            throw new BadInput(file + " has no experiment; careof run runs it");
        }
        return lab;
    }

    private static Lab sample(String word, Map<Recommendation, Sample> known) throws BadInput {
        Recommendation letter = java.util.Arrays.stream(Recommendation.values()).filter(one -> one.name().equals(word.toUpperCase(Locale.ROOT))).findFirst()
                .orElseThrow(() -> new BadInput("no recommendation \"" + word + "\" and no such file; recommendations are "
                        + String.join(" ", java.util.Arrays.stream(Recommendation.values()).map(Enum::name).toList())));
        return known.get(letter).lab();
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
            Json.print(out, root);
        }
    }

    private void captures(Experiment.Result result, TerminalProgress progress) throws IOException {
        Files.createDirectories(pcapng);
        for (int i = 0; i < result.outcomes().size(); i++) {
            Experiment.Outcome outcome = result.outcomes().get(i);
            String name = result.experiment().letter() + (i == 0 ? "" : "-" + i);
            capture(outcome.on(), name + "-on.pcapng", progress);
            capture(outcome.off(), name + "-off.pcapng", progress);
        }
    }

    private void capture(Experiment.Side side, String name, TerminalProgress progress) throws IOException {
        CaptureExport.write(side.trace(), side.lab(), pcapng.resolve(name), new CaptureExport.Selection.All(), progress.of("writing " + name));
    }
}
