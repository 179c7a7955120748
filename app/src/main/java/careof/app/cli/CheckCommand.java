package careof.app.cli;

import careof.engine.lab.Lab;
import careof.engine.lab.LabException;
import careof.engine.lab.LabFiles;
import careof.engine.lab.LabJson;
import careof.engine.lab.LabProblem;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

@Command(name = "check", description = "Tells whether lab files are right, and if not: file, line, field and what was expected.")
final class CheckCommand implements Callable<Integer> {
    @Parameters(paramLabel = "LAB", arity = "1..*", description = "Lab files.")
    private List<Path> files;

    @Option(names = "--json", description = "Prints JSON.")
    private boolean json;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException, BadInput {
        PrintWriter out = spec.commandLine().getOut();
        boolean right = true;
        ArrayNode all = Json.array();
        for (Path file : files) {
            LabInput.exists(file);
            List<LabProblem> problems;
            Lab lab = null;
            try {
                LabJson.Reading reading = LabFiles.readDraft(file);
                problems = reading.problems();
                lab = reading.lab();
            } catch (LabException e) {
                problems = e.problems();
            }
            boolean runs = problems.stream().noneMatch(LabProblem::isError);
            right &= runs;
            if (json) {
                ObjectNode one = all.addObject();
                one.put("file", file.toString()).put("right", runs).set("problems", Json.problems(problems));
            } else {
                problems.forEach(out::println);
                out.println(runs ? file + ": right; " + contents(lab) : file + ": " + count(problems.stream().filter(LabProblem::isError).count(), "error"));
            }
        }
        if (json) {
            ObjectNode root = Json.object();
            root.put("right", right).set("files", all);
            Json.print(out, root);
        }
        return right ? CareofCommand.HOLDS : CareofCommand.BAD_INPUT;
    }

    private static String contents(Lab lab) {
        return "\"" + lab.name() + "\": " + count(lab.links().size(), "link") + ", " + count(lab.nodes().size(), "node") + ", "
                + count(lab.traffic().size(), "stream") + ", " + count(lab.actions().size(), "action") + ", " + count(lab.expect().size(), "expectation");
    }

    private static String count(long number, String what) {
        return number + " " + what + (number == 1 ? "" : "s");
    }
}
