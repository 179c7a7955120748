package careof.editor.model;

import careof.engine.lab.Lab;
import careof.engine.lab.LabCheck;
import careof.engine.lab.LabProblem;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/** What the lab's own rules say about an edit. */
public final class Problems {
    private Problems() {}

    /** Errors that {@code after} has and {@code before} has not, by the last field of their pointer ("prefix", "address"; "" for the whole). */
    public static Map<String, String> added(Lab before, Lab after) {
        var known = new TreeSet<String>();
        LabCheck.problems(before).forEach(p -> known.add(p.pointer() + " " + p.message()));
        var added = new LinkedHashMap<String, String>();
        for (LabProblem p : LabCheck.problems(after)) {
            if (p.isError() && !known.contains(p.pointer() + " " + p.message())) {
                added.putIfAbsent(p.pointer().substring(p.pointer().lastIndexOf('/') + 1), p.message());
            }
        }
        return added;
    }

    /** Names of nodes with errors, with the first error of each. */
    public static Map<String, String> ofNodes(Lab lab) {
        var found = new LinkedHashMap<String, String>();
        List<LabProblem> problems = LabCheck.problems(lab);
        for (LabProblem p : problems) {
            if (p.isError() && p.pointer().startsWith("/nodes/")) {
                String[] parts = p.pointer().split("/");
                found.putIfAbsent(lab.nodes().get(Integer.parseInt(parts[2])).name(), p.message());
            }
        }
        return found;
    }
}
