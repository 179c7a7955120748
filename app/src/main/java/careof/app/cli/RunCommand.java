package careof.app.cli;

import careof.engine.lab.Lab;
import careof.engine.lab.LabCheck;
import careof.engine.lab.LabException;
import careof.engine.run.Simulation;
import careof.engine.trace.Detail;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(name = "run", description = "Runs a lab; prints its handovers, flows and expectations.")
final class RunCommand implements Callable<Integer> {
    @Mixin
    private LabInput input;

    @Option(names = "--detail", paramLabel = "full|summary", converter = DetailConverter.class, defaultValue = "full",
            description = "How much the trace holds: everything, or state, drops and signalling.")
    private Detail detail;

    @Mixin
    private RunOutput output;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException, LabException, BadInput {
        Lab lab = input.read();
        if (input.until().time().isEmpty()) { // whoever ends a run early knows that not all of it will happen
            LabCheck.problems(lab).forEach(problem -> spec.commandLine().getErr().println("careof: " + problem));
        }
        return output.finish(new Simulation(lab, detail), input.until(), input.file().toString(), Optional.empty(), spec.commandLine().getOut(),
                spec.commandLine().getErr());
    }

    static final class DetailConverter implements picocli.CommandLine.ITypeConverter<Detail> {
        @Override
        public Detail convert(String text) {
            return switch (text) {
                case "full" -> Detail.FULL;
                case "summary" -> Detail.SUMMARY;
                default -> throw new picocli.CommandLine.TypeConversionException("expected full or summary, not \"" + text + "\"");
            };
        }
    }
}
