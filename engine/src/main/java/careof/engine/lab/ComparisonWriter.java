package careof.engine.lab;

import static careof.engine.lab.LabWriter.field;
import static careof.engine.lab.LabWriter.quote;
import static careof.engine.lab.LabWriter.rows;

import java.util.ArrayList;
import java.util.List;

/** Writes comparisons; see {@link LabWriter}. */
final class ComparisonWriter {
    private ComparisonWriter() {}

    static String write(LabComparison comparison, long until) {
        List<String> fields = new ArrayList<>();
        fields.add(field("claim", quote(comparison.claim())));
        rows(fields, "measures", comparison.measures(), (measure, row) -> {
            row.add(field("name", quote(measure.name())));
            return ExpectationWriter.row(measure.what(), until, row);
        }, 1);
        if (!comparison.variants().isEmpty()) {
            List<String> variants = comparison.variants().stream().map(one -> ExperimentWriter.indented(variant(comparison, one, until))).toList();
            fields.add(field("variants", "[\n    " + String.join(",\n    ", variants) + "\n  ]"));
        }
        return ExperimentWriter.object(fields);
    }

    private static String variant(LabComparison comparison, LabComparison.Variant variant, long until) {
        List<String> fields = new ArrayList<>();
        fields.add(field("name", quote(variant.name())));
        if (!variant.without().isEmpty()) {
            fields.add(field("without", "[" + String.join(", ", variant.without().stream().map(LabWriter::quote).toList()) + "]"));
        }
        ExperimentWriter.part(fields, variant.part(), until);
        if (!variant.values().isEmpty()) {
            List<String> values = new ArrayList<>();
            for (LabComparison.Measure measure : comparison.measures()) {
                Expectation.Range range = variant.values().get(measure.name());
                if (range != null) {
                    values.add(field(measure.name(), measure.isTime() ? ExpectationWriter.span(range) : ExpectationWriter.count(range)));
                }
            }
            fields.add(field("values", LabWriter.object(values)));
        }
        return "{\n  " + String.join(",\n  ", fields) + "\n}";
    }
}
