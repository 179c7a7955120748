package careof.editor.model;

import careof.engine.lab.Expectation;
import careof.engine.lab.Lab;
import careof.engine.lab.LabComparison;
import careof.engine.lab.LabExperiment;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.function.BiFunction;
import java.util.function.UnaryOperator;

/** An experiment, and a comparison, follows the lab that it is about. */
final class Experiments {
    private Experiments() {}

    /**
     * An experiment with all that names nodes and links changed.
     *
     * @param part         changes what a part brings, given as a lab of nothing else
     * @param expectations changes expectations on the lab given
     * @param nodes        changes names of nodes
     */
    static LabExperiment mapped(Lab lab, LabExperiment experiment, UnaryOperator<Lab> part,
            BiFunction<Lab, List<Expectation>, List<Expectation>> expectations, UnaryOperator<List<String>> nodes) {
        return new LabExperiment(experiment.letter(), experiment.claim(), nodes.apply(experiment.at()), mapped(lab, experiment.claims(), expectations),
                experiment.parts().stream().map(one -> mapped(one.of(lab), one, part, expectations)).toList());
    }

    /** A comparison, likewise; a measure that names what is no more goes, and with it what is claimed of it. */
    static LabComparison mapped(Lab lab, LabComparison comparison, UnaryOperator<Lab> part,
            BiFunction<Lab, List<Expectation>, List<Expectation>> expectations, UnaryOperator<List<String>> nodes) {
        List<LabComparison.Measure> measures = comparison.measures().stream().flatMap(measure -> expectations.apply(lab, List.of(measure.what())).stream()
                .map(what -> new LabComparison.Measure(measure.name(), what))).toList();
        List<String> names = measures.stream().map(LabComparison.Measure::name).toList();
        return new LabComparison(comparison.claim(), measures, comparison.variants().stream().map(one -> {
            SequencedMap<String, Expectation.Range> values = new LinkedHashMap<>(one.values());
            values.keySet().retainAll(names);
            return new LabComparison.Variant(mapped(one.of(lab), one.part(), part, expectations), nodes.apply(one.without()), values);
        }).toList());
    }

    /** @param whole the lab of this part */
    private static LabExperiment.Part mapped(Lab whole, LabExperiment.Part one, UnaryOperator<Lab> part,
            BiFunction<Lab, List<Expectation>, List<Expectation>> expectations) {
        Lab brought = part.apply(Lab.empty("").withPolicy(one.policy().orElse(Lab.LabPolicy.ALL_ON)).withNodes(one.nodes()).withIpsec(one.ipsec())
                .withTraffic(one.traffic()).withActions(one.actions().orElse(List.of())));
        return new LabExperiment.Part(one.name(), one.policy().isPresent() ? Optional.of(brought.policy()) : Optional.empty(), brought.nodes(),
                brought.ipsec(), brought.traffic(), one.actions().isPresent() ? Optional.of(brought.actions()) : Optional.empty(), one.until(),
                expectations.apply(whole, one.expect()), mapped(whole, one.claims(), expectations));
    }

    private static LabExperiment.Claims mapped(Lab lab, LabExperiment.Claims claims, BiFunction<Lab, List<Expectation>, List<Expectation>> expectations) {
        return new LabExperiment.Claims(expectations.apply(lab, claims.on()), expectations.apply(lab, claims.off()), expectations.apply(lab, claims.same()));
    }
}
