package careof.engine.experiment;

import careof.engine.base.Progress;
import careof.engine.lab.Expectation;
import careof.engine.lab.Expectation.Range;
import careof.engine.lab.Lab;
import careof.engine.lab.LabComparison;
import careof.engine.metrics.RunMetrics;
import careof.engine.metrics.Verdict;
import careof.engine.run.Simulation;
import careof.engine.trace.Detail;
import careof.engine.trace.TraceStore;
import java.util.ArrayList;
import java.util.List;

/** Runs comparisons: all variants of a lab, each once. */
public final class Comparison {
    /** A run is driven in this many parts, between which progress is told. */
    private static final int STEPS = 20;

    private Comparison() {}

    /**
     * A cell of the table.
     *
     * @param claimed whether something is claimed of it
     * @param verdict on what is claimed; where nothing is, on whether there is anything at all
     */
    public record Cell(LabComparison.Measure measure, boolean claimed, Verdict verdict) {
        public boolean holds() {
            return !claimed || verdict.outcome() == Verdict.Outcome.HOLDS;
        }

        /** What was measured, as short as a cell is. */
        public String value() {
            return verdict.value();
        }
    }

    /**
     * A variant and what its run gave.
     *
     * @param lab    that ran
     * @param trace  to its end
     * @param cells  of all measures, in their order
     * @param others on what the lab expects of all variants and this variant beside its values
     */
    public record Row(LabComparison.Variant variant, Lab lab, TraceStore trace, List<Cell> cells, List<Verdict> others) {
        public boolean holds() {
            return cells.stream().allMatch(Cell::holds) && others.stream().allMatch(verdict -> verdict.outcome() == Verdict.Outcome.HOLDS);
        }

        /** All that is claimed of it and does not hold. */
        public List<Verdict> failed() {
            List<Verdict> failed = new ArrayList<>();
            cells.stream().filter(cell -> !cell.holds()).forEach(cell -> failed.add(cell.verdict));
            others.stream().filter(verdict -> verdict.outcome() != Verdict.Outcome.HOLDS).forEach(failed::add);
            return failed;
        }
    }

    /** A comparison and what came out. */
    public record Result(Lab lab, LabComparison comparison, List<Row> rows) {
        public boolean holds() {
            return rows.stream().allMatch(Row::holds);
        }
    }

    /**
     * Runs all variants of a lab.
     *
     * @param lab has a comparison, and can run
     */
    public static Result run(Lab lab, Progress progress) throws Progress.Cancelled {
        LabComparison comparison = lab.comparison().orElseThrow(() -> new IllegalArgumentException("\"" + lab.name() + "\" has no comparison"));
        List<Row> rows = new ArrayList<>();
        for (LabComparison.Variant variant : comparison.variants()) {
            rows.add(row(comparison, variant, variant.of(lab), progress, (long) STEPS * rows.size()));
        }
        return new Result(lab, comparison, List.copyOf(rows));
    }

    private static Row row(LabComparison comparison, LabComparison.Variant variant, Lab lab, Progress progress, long done) throws Progress.Cancelled {
        List<Expectation> all = new ArrayList<>();
        for (LabComparison.Measure measure : comparison.measures()) {
            all.add(measure.of(variant.values().getOrDefault(measure.name(), Range.ANY)));
        }
        int measured = all.size();
        all.addAll(lab.expect());
        Lab expecting = lab.withExpect(all);
        Simulation simulation = new Simulation(expecting, Detail.FULL);
        for (int step = 1; step <= STEPS; step++) {
            simulation.runUntil(step == STEPS ? lab.until() : lab.until() / STEPS * step);
            progress.report(done + step, (long) STEPS * comparison.variants().size());
        }
        List<Verdict> verdicts = RunMetrics.of(expecting, simulation.trace(), simulation.now(), Progress.NONE).verdicts();
        List<Cell> cells = new ArrayList<>();
        for (int i = 0; i < measured; i++) {
            LabComparison.Measure measure = comparison.measures().get(i);
            cells.add(new Cell(measure, variant.values().containsKey(measure.name()), verdicts.get(i)));
        }
        return new Row(variant, expecting, simulation.trace(), List.copyOf(cells), List.copyOf(verdicts.subList(measured, verdicts.size())));
    }
}
