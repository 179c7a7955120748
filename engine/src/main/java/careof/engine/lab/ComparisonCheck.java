package careof.engine.lab;

import careof.engine.lab.Expectation.Range;
import java.util.List;
import java.util.stream.Stream;

/** What must hold in comparisons; see {@link LabCheck}. */
final class ComparisonCheck {
    private static final String AT = "/comparison";
    /** Of measures: they head columns, and values are given by them. */
    private static final String HEADING = "[^\\p{Cntrl}\\p{Cs}]{1,40}";

    private final LabCheck check;
    private final Lab lab;

    ComparisonCheck(LabCheck check, Lab lab) {
        this.check = check;
        this.lab = lab;
    }

    void check(LabComparison comparison) {
        if (comparison.measures().isEmpty()) {
            check.error(AT + "/measures", "nothing is measured; give at least one measure");
        }
        if (comparison.variants().size() < 2) {
            check.error(AT + "/variants", "nothing is compared; give at least two variants");
        }
        for (int i = 0; i < comparison.measures().size(); i++) {
            measure(AT + "/measures/" + i, comparison.measures().get(i), comparison.measures().subList(0, i));
        }
        for (int i = 0; i < comparison.variants().size(); i++) {
            variant(AT + "/variants/" + i, comparison, comparison.variants().get(i), comparison.variants().subList(0, i));
        }
    }

    private void measure(String at, LabComparison.Measure measure, List<LabComparison.Measure> before) {
        if (measure.name().isBlank() || !measure.name().matches(HEADING)) {
            check.error(at + "/name", "say in a word or two what is measured, in at most 40 characters");
        } else if (before.stream().anyMatch(other -> other.name().equals(measure.name()))) {
            check.error(at + "/name", "another measure is called \"" + measure.name() + "\", too");
        }
        if (measure.open() != 1) {
            check.error(at, "a measure has exactly one \"?\", in place of the number or time that is measured; this one has " + measure.open(), at);
        }
    }

    private void variant(String at, LabComparison comparison, LabComparison.Variant variant, List<LabComparison.Variant> before) {
        if (variant.name().isBlank()) {
            check.error(at + "/name", "say in a few words what is different");
        } else if (before.stream().anyMatch(other -> other.name().equals(variant.name()))) {
            check.error(at + "/name", "another variant is called \"" + variant.name() + "\", too");
        }
        List<String> known = Stream.of(lab.nodes().stream().map(LabNode::name), lab.ipsec().stream().map(LabProtection::name),
                lab.traffic().stream().map(LabTraffic::name)).flatMap(names -> names).toList();
        for (int i = 0; i < variant.without().size(); i++) {
            String name = variant.without().get(i);
            if (!known.contains(name)) {
                check.error(at + "/without/" + i, "no node, protection or traffic stream \"" + name + "\"" + Words.suggest(name, known), "/nodes", "/ipsec", "/traffic");
            }
        }
        Lab whole = variant.of(lab);
        LabCheck inner = LabCheck.of(whole.withExpect(List.of()));
        ExpectationCheck expectations = new ExpectationCheck(inner, whole);
        expectations.all("/lab", lab.expect());
        expectations.all("/expect", variant.part().expect());
        for (LabComparison.Measure measure : comparison.measures()) {
            expectations.one("/measure " + measure.name(), measure.of(Range.ANY));
        }
        for (LabComparison.Measure measure : comparison.measures()) {
            Range range = variant.values().get(measure.name());
            if (range != null) {
                expectations.range("/values/" + JsonTree.escape(measure.name()), range);
            }
        }
        // what is wrong with the lab itself has been said
        List<String> said = check.findings().stream().map(LabCheck.Finding::message).toList();
        for (LabCheck.Finding finding : inner.findings()) {
            if (finding.severity() == LabProblem.Severity.ERROR && !said.contains(finding.message())) {
                boolean here = finding.pointer().matches("/(expect|values)/.*");
                String field = new LabProblem(finding.severity(), "", 0, 0, finding.pointer(), "").field();
                check.error(here ? at + finding.pointer() : at, here ? finding.message() : field + ": " + finding.message(), "/links", "/nodes", "/ipsec",
                        "/traffic", "/until", AT + "/measures");
            }
        }
    }
}
