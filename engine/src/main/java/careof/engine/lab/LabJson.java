package careof.engine.lab;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Lab files as text. Reading is strict: a field that is unknown, missing, of the wrong kind, given twice, out of range, or that names what
 * is not there, is an error; all errors are found in one reading. {@code read(file, write(lab))} equals every lab that can run.
 */
public final class LabJson {
    private LabJson() {}

    /**
     * A lab and what {@link LabCheck} found in it.
     *
     * @param problems errors and warnings, in the order of the file
     */
    public record Reading(Lab lab, List<LabProblem> problems) {
        /** Whether the lab can run. */
        public boolean runs() {
            return problems.stream().noneMatch(LabProblem::isError);
        }
    }

    /**
     * Reads a lab that can run.
     *
     * @param fileName for messages
     * @throws LabException with all errors
     */
    public static Lab read(String fileName, String text) throws LabException {
        return read(fileName, text, List.of());
    }

    /** Reads a lab that can run, after some of its values have been set. */
    public static Lab read(String fileName, String text, List<Setting> settings) throws LabException {
        return running(parse(fileName, text, settings, Optional.empty()));
    }

    /**
     * Reads a lab that can run, after some of its values have been set, with the files that it names.
     *
     * @param folder where they are
     */
    public static Lab read(String fileName, String text, List<Setting> settings, Path folder) throws LabException {
        return running(parse(fileName, text, settings, Optional.of(folder)));
    }

    private static Lab running(Reading reading) throws LabException {
        List<LabProblem> errors = reading.problems().stream().filter(LabProblem::isError).toList();
        if (!errors.isEmpty()) {
            throw new LabException(errors);
        }
        return reading.lab();
    }

    /**
     * Reads a lab that need not be able to run yet, such as a half-drawn one that was saved: what {@link LabCheck} says comes beside it.
     *
     * @throws LabException where the text says no lab at all: it is not JSON, or fields are unknown, missing or of a wrong kind
     */
    public static Reading readDraft(String fileName, String text) throws LabException {
        return parse(fileName, text, List.of(), Optional.empty());
    }

    /** As {@link #readDraft(String, String)}, with the files that it names in a folder. */
    public static Reading readDraft(String fileName, String text, Path folder) throws LabException {
        return parse(fileName, text, List.of(), Optional.of(folder));
    }

    private static Reading parse(String fileName, String text, List<Setting> settings, Optional<Path> folder) throws LabException {
        List<LabProblem> problems = new ArrayList<>();
        JsonTree.Value root = JsonTree.parse(fileName, text, true, problems);
        settings.forEach(setting -> setting.apply(root, problems));
        LabReader reader = new LabReader(problems);
        Lab lab = reader.lab(root);
        boolean unreadable = !problems.isEmpty();
        for (LabCheck.Finding finding : LabCheck.findings(lab)) {
            if (!finding.follows(reader.broken())) {
                problems.add(problem(root, finding.severity(), finding.pointer(), finding.message()));
            }
        }
        Optional<LabMaterial> material = unreadable ? Optional.empty() : folder.map(from -> new MaterialReader(from,
                (pointer, message) -> problems.add(problem(root, LabProblem.Severity.ERROR, pointer, message))).read(lab.pki()));
        problems.sort(Comparator.comparingInt(LabProblem::line).thenComparingInt(LabProblem::column));
        if (unreadable) {
            throw new LabException(problems.stream().filter(LabProblem::isError).toList());
        }
        return new Reading(material.map(lab::withMaterial).orElse(lab), List.copyOf(problems));
    }

    private static LabProblem problem(JsonTree.Value root, LabProblem.Severity severity, String pointer, String message) {
        JsonTree.Place place = JsonTree.find(root, pointer);
        return new LabProblem(severity, place.source(), place.line(), place.column(), pointer, message);
    }

    /** The text of a lab, formatted for people; fields that hold their default are left out. */
    public static String write(Lab lab) {
        return LabWriter.write(lab);
    }

    /** One action in one line of text, as it stands among a lab's actions. */
    public static String writeAction(TimedAction action) {
        return LabWriter.oneAction(action);
    }

    /**
     * Reads what {@link #writeAction} wrote; whether the lab has what it names is for {@link LabCheck}.
     *
     * @param fileName for messages
     * @throws LabException with all errors
     */
    public static TimedAction readAction(String fileName, String text) throws LabException {
        List<LabProblem> problems = new ArrayList<>();
        TimedAction action = new LabReader(problems).action("", JsonTree.parse(fileName, text, true, problems));
        if (!problems.isEmpty()) {
            throw new LabException(problems);
        }
        return action;
    }
}
