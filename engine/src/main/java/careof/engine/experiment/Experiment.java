package careof.engine.experiment;

import careof.engine.base.Progress;
import careof.engine.lab.Expectation;
import careof.engine.lab.Lab;
import careof.engine.lab.LabExperiment;
import careof.engine.metrics.RunMetrics;
import careof.engine.metrics.Verdict;
import careof.engine.run.Simulation;
import careof.engine.trace.Detail;
import careof.engine.trace.TraceStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Runs experiments. */
public final class Experiment {
    /** A run is driven in this many parts, between which progress is told. */
    private static final int STEPS = 50;
    /** The name of what the lab itself shows, before its parts. */
    public static final String WHOLE = "";

    private Experiment() {}

    /**
     * One run.
     *
     * @param lab   with its switch set
     * @param trace to its end
     */
    public record Side(Lab lab, TraceStore trace, RunMetrics metrics) {}

    /**
     * One thing that is claimed, and what the runs say.
     *
     * @param on   of the run with the recommendation on; empty: nothing is claimed of it
     * @param off  of the run with it off; empty: nothing is claimed of it
     * @param same whether both must have seen the very same
     */
    public record Check(Optional<Verdict> on, Optional<Verdict> off, boolean same) {
        public boolean holds() {
            return on.map(Check::holds).orElse(true) && off.map(Check::holds).orElse(true)
                    && (!same || on.map(Verdict::seen).equals(off.map(Verdict::seen)));
        }

        private static boolean holds(Verdict verdict) {
            return verdict.outcome() == Verdict.Outcome.HOLDS;
        }

        /** What is claimed, in words. */
        public String expected() {
            return on.or(() -> off).orElseThrow().expected() + (same ? ", the same in both runs" : "");
        }
    }

    /**
     * The lab or a variant of it, run twice.
     *
     * @param name       {@link #WHOLE} or the part's
     * @param divergence the first events at which the runs part; empty: they are the same
     */
    public record Outcome(String name, Side on, Side off, List<Check> checks, Optional<Divergence> divergence) {
        public boolean holds() {
            return checks.stream().allMatch(Check::holds);
        }
    }

    /** An experiment and what came out. */
    public record Result(Lab lab, LabExperiment experiment, List<Outcome> outcomes) {
        public boolean holds() {
            return outcomes.stream().allMatch(Outcome::holds);
        }
    }

    /**
     * Runs a lab and the variants of its experiment, each twice.
     *
     * @param lab has an experiment, and can run
     */
    public static Result run(Lab lab, Progress progress) throws Progress.Cancelled {
        LabExperiment experiment = lab.experiment().orElseThrow(() -> new IllegalArgumentException("\"" + lab.name() + "\" has no experiment"));
        Work work = new Work(experiment, 2L * STEPS * (1 + experiment.parts().size()), progress);
        List<Outcome> outcomes = new ArrayList<>();
        outcomes.add(work.outcome(WHOLE, lab.withExperiment(Optional.empty()), experiment.claims()));
        for (LabExperiment.Part part : experiment.parts()) {
            outcomes.add(work.outcome(part.name(), part.of(lab), part.claims()));
        }
        return new Result(lab, experiment, List.copyOf(outcomes));
    }

    /** Runs of one experiment, and how far they have come. */
    private static final class Work {
        private final LabExperiment experiment;
        private final long steps;
        private final Progress progress;
        private long done;

        Work(LabExperiment experiment, long steps, Progress progress) {
            this.experiment = experiment;
            this.steps = steps;
            this.progress = progress;
        }

        Outcome outcome(String name, Lab lab, LabExperiment.Claims claims) throws Progress.Cancelled {
            Side on = side(experiment.switched(lab, true), claims.on(), claims.same());
            Side off = side(experiment.switched(lab, false), claims.off(), claims.same());
            List<Verdict> seenOn = on.metrics.verdicts();
            List<Verdict> seenOff = off.metrics.verdicts();
            int both = lab.expect().size();
            int same = claims.same().size();
            List<Check> checks = new ArrayList<>();
            seenOn.subList(both, seenOn.size() - same).forEach(verdict -> checks.add(new Check(Optional.of(verdict), Optional.empty(), false)));
            seenOff.subList(both, seenOff.size() - same).forEach(verdict -> checks.add(new Check(Optional.empty(), Optional.of(verdict), false)));
            for (int i = 0; i < both; i++) {
                checks.add(new Check(Optional.of(seenOn.get(i)), Optional.of(seenOff.get(i)), false));
            }
            for (int i = same; i > 0; i--) {
                checks.add(new Check(Optional.of(seenOn.get(seenOn.size() - i)), Optional.of(seenOff.get(seenOff.size() - i)), true));
            }
            return new Outcome(name, on, off, List.copyOf(checks), Divergence.of(on.trace, off.trace));
        }

        private Side side(Lab lab, List<Expectation> own, List<Expectation> same) throws Progress.Cancelled {
            List<Expectation> all = new ArrayList<>(lab.expect());
            all.addAll(own);
            all.addAll(same);
            Lab expecting = lab.withExpect(all);
            Simulation simulation = new Simulation(expecting, Detail.FULL);
            for (int step = 1; step <= STEPS; step++) {
                simulation.runUntil(step == STEPS ? lab.until() : lab.until() / STEPS * step);
                progress.report(++done, steps);
            }
            return new Side(expecting, simulation.trace(), RunMetrics.of(expecting, simulation.trace(), simulation.now(), Progress.NONE));
        }
    }
}
