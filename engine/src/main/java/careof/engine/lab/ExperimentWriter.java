package careof.engine.lab;

import static careof.engine.lab.LabWriter.add;
import static careof.engine.lab.LabWriter.field;
import static careof.engine.lab.LabWriter.quote;
import static careof.engine.lab.LabWriter.rows;

import java.util.ArrayList;
import java.util.List;

/** Writes experiments; see {@link LabWriter}. */
final class ExperimentWriter {
    private ExperimentWriter() {}

    static String write(LabExperiment experiment, long until) {
        List<String> fields = new ArrayList<>();
        fields.add(field("letter", quote(experiment.letter().name())));
        fields.add(field("claim", quote(experiment.claim())));
        if (!experiment.at().isEmpty()) {
            fields.add(field("at", "[" + String.join(", ", experiment.at().stream().map(LabWriter::quote).toList()) + "]"));
        }
        claims(fields, experiment.claims(), until);
        if (!experiment.parts().isEmpty()) {
            List<String> parts = experiment.parts().stream().map(part -> indented(part(part, until))).toList();
            fields.add(field("parts", "[\n    " + String.join(",\n    ", parts) + "\n  ]"));
        }
        return object(fields);
    }

    private static String part(LabExperiment.Part part, long whole) {
        List<String> fields = new ArrayList<>();
        fields.add(field("name", quote(part.name())));
        part(fields, part, whole);
        return "{\n  " + String.join(",\n  ", fields) + "\n}";
    }

    /** All but its name; {@code whole} is the end of the lab's own run. */
    static void part(List<String> fields, LabExperiment.Part part, long whole) {
        long until = part.until().orElse(whole);
        add(fields, "policy", part.policy(), LabWriter::policy);
        rows(fields, "nodes", part.nodes(), LabWriter::node, 2);
        rows(fields, "ipsec", part.ipsec(), ProtectionWriter::protection, 2);
        rows(fields, "traffic", part.traffic(), (stream, row) -> LabWriter.traffic(stream, until, row), 2);
        part.actions().ifPresent(actions -> {
            if (actions.isEmpty()) {
                fields.add(field("actions", "[]"));
            }
            rows(fields, "actions", actions, LabWriter::action, 1);
        });
        add(fields, "until", part.until(), LabWriter::time);
        expectations(fields, "expect", part.expect(), until);
        claims(fields, part.claims(), until);
    }

    private static void claims(List<String> fields, LabExperiment.Claims claims, long until) {
        expectations(fields, "on", claims.on(), until);
        expectations(fields, "off", claims.off(), until);
        expectations(fields, "same", claims.same(), until);
    }

    private static void expectations(List<String> fields, String name, List<Expectation> all, long until) {
        rows(fields, name, all, (expectation, row) -> ExpectationWriter.row(expectation, until, row), 0);
    }

    static String object(List<String> fields) {
        return indented("{\n  " + String.join(",\n  ", fields) + "\n}").stripTrailing();
    }

    /** A text of several lines, one level deeper; line ends within quotes are written as escapes, so each one here ends a line. */
    static String indented(String text) {
        return text.replace("\n", "\n" + (text.startsWith("{\n  \"name\"") ? "    " : "  "));
    }
}
