package careof.engine.lab;

import careof.engine.lab.Expectation.Range;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;

/** Reads comparisons; see {@link LabReader}. */
final class ComparisonReader {
    private final LabReader lab;

    ComparisonReader(LabReader lab) {
        this.lab = lab;
    }

    LabComparison comparison(Fields comparison) {
        String claim = comparison.need("claim", comparison.text("claim"), "", "\"what the table shows\"");
        List<LabComparison.Measure> measures = comparison.list("measures", (pointer, value) -> measure(lab.fields("a measure", pointer, value)));
        List<LabComparison.Variant> variants = comparison.list("variants", (pointer, value) ->
                variant(lab.fields("a variant of a comparison", pointer, value), measures));
        comparison.end();
        return new LabComparison(claim, measures, variants);
    }

    private LabComparison.Measure measure(Fields measure) {
        String name = measure.need("name", measure.text("name"), "", "\"packets lost\"");
        return new LabComparison.Measure(name, new ExpectationReader(lab.until(), true).expectation(measure));
    }

    private LabComparison.Variant variant(Fields variant, List<LabComparison.Measure> measures) {
        List<String> without = LabReader.texts(variant, "without");
        SequencedMap<String, Range> values = new LinkedHashMap<>();
        variant.object("values", "the values").ifPresent(fields -> {
            List<String> names = measures.stream().map(LabComparison.Measure::name).toList();
            for (String name : fields.names()) {
                Optional<LabComparison.Measure> measure = measures.stream().filter(one -> one.name().equals(name)).findFirst();
                if (measure.isEmpty()) {
                    fields.wrong(name, "no measure \"" + name + "\"; measures are " + Words.list(names) + Words.suggest(name, names));
                } else {
                    ExpectationReader.given(fields, name, measure.get().isTime()).ifPresent(range -> values.put(name, range));
                }
            }
        });
        LabExperiment.Part part = lab.part(variant, false);
        variant.end();
        return new LabComparison.Variant(part, without, values);
    }
}
