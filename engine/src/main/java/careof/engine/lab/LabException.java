package careof.engine.lab;

import java.util.List;
import java.util.stream.Collectors;

/** A lab that cannot be read or run; its message has one line per problem. */
public final class LabException extends Exception {
    private final transient List<LabProblem> problems;

    public LabException(List<LabProblem> problems) {
        super(problems.stream().map(LabProblem::toString).collect(Collectors.joining("\n")), null, false, false);
        this.problems = List.copyOf(problems);
    }

    /** All problems found, in the order of the file; at least one. */
    public List<LabProblem> problems() {
        return problems;
    }
}
