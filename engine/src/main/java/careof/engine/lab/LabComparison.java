package careof.engine.lab;

import careof.engine.lab.Expectation.Range;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.function.Function;

/**
 * Variants of a lab beside each other, in a table: each of them runs once, from the same seed, and the same is measured of each. The lab's own expectations
 * must hold in every one of them.
 *
 * @param claim    what the table shows, in our words
 * @param measures its columns
 * @param variants its rows
 */
public record LabComparison(String claim, List<Measure> measures, List<Variant> variants) {
    public LabComparison {
        measures = List.copyOf(measures);
        variants = List.copyOf(variants);
    }

    /**
     * What is measured.
     *
     * @param name heads the column
     * @param what an expectation of which one range is {@link Range#OPEN}
     */
    public record Measure(String name, Expectation what) {
        /** The expectation that this measures so much; all that is open becomes so much. */
        public Expectation of(Range value) {
            return switch (what) {
                case Expectation.Flow f -> new Expectation.Flow(f.flow(), f.direction(), closed(f.lost(), value), closed(f.received(), value),
                        closed(f.gap(), value), closed(f.delay(), value), f.when());
                case Expectation.Drops d -> new Expectation.Drops(d.reason(), d.node(), closed(d.count(), value), d.when());
                case Expectation.Messages m -> new Expectation.Messages(m.message(), m.from(), closed(m.count(), value), m.when());
                case Expectation.Decisions d -> new Expectation.Decisions(d.reason(), d.node(), d.entry(), closed(d.count(), value), d.when());
                case Expectation.Changes c -> new Expectation.Changes(c.row(), c.node(), c.reason(), closed(c.count(), value), c.when());
                case Expectation.Events e -> new Expectation.Events(e.match(), e.says(), e.node(), closed(e.count(), value), e.when());
                case Expectation.Overhead o -> new Expectation.Overhead(o.flow(), o.direction(), o.link(), closed(o.octets(), value), o.when());
                case Expectation.Headers h -> new Expectation.Headers(h.flow(), h.direction(), h.link(), closed(h.dscp(), value), closed(h.hopLimit(), value),
                        h.when());
                case Expectation.Outage o -> new Expectation.Outage(o.flow(), o.direction(), closed(o.lasts(), value), o.when());
                case Expectation.Signalling s -> new Expectation.Signalling(closed(s.messages(), value), closed(s.octets(), value), s.when());
                case Expectation.Operations o -> new Expectation.Operations(o.operation(), o.node(), closed(o.count(), value), o.when());
                case Expectation.BindingHeld _, Expectation.HalfIs _, Expectation.IkeHeld _, Expectation.Packets _ -> what;
            };
        }

        private static Optional<Range> closed(Optional<Range> range, Range value) {
            return range.map(open -> closed(open, value));
        }

        private static Range closed(Range range, Range value) {
            return range.equals(Range.OPEN) ? value : range;
        }

        /** Number of its ranges that are open. */
        int open() {
            return (int) ranges().stream().filter(Range.OPEN::equals).count();
        }

        /** Whether it measures a time, in nanoseconds; else it counts. */
        public boolean isTime() {
            return switch (what) {
                case Expectation.Flow flow -> flow.gap().equals(Optional.of(Range.OPEN)) || flow.delay().equals(Optional.of(Range.OPEN));
                case Expectation.Outage _ -> true;
                default -> false;
            };
        }

        private List<Range> ranges() {
            List<Range> ranges = new ArrayList<>();
            switch (what) {
                case Expectation.Flow f -> List.of(f.lost(), f.received(), f.gap(), f.delay()).forEach(range -> range.ifPresent(ranges::add));
                case Expectation.Drops d -> ranges.add(d.count());
                case Expectation.Messages m -> ranges.add(m.count());
                case Expectation.Decisions d -> ranges.add(d.count());
                case Expectation.Changes c -> ranges.add(c.count());
                case Expectation.Events e -> ranges.add(e.count());
                case Expectation.Overhead o -> ranges.add(o.octets());
                case Expectation.Headers h -> List.of(h.dscp(), h.hopLimit()).forEach(range -> range.ifPresent(ranges::add));
                case Expectation.Outage o -> ranges.add(o.lasts());
                case Expectation.Signalling s -> List.of(s.messages(), s.octets()).forEach(range -> range.ifPresent(ranges::add));
                case Expectation.Operations o -> ranges.add(o.count());
                case Expectation.BindingHeld _, Expectation.HalfIs _, Expectation.IkeHeld _, Expectation.Packets _ -> {
                }
            }
            return ranges;
        }
    }

    /**
     * A variant of the lab.
     *
     * @param part    its name, what is changed, and what it must show beside what the lab expects of all; of claims it has none
     * @param without nodes, protections and traffic streams of the lab that it has not; before {@code part} changes it
     * @param values  what each measure must give, by its name, in file order; of others nothing is claimed
     */
    public record Variant(LabExperiment.Part part, List<String> without, SequencedMap<String, Range> values) {
        public Variant {
            without = List.copyOf(without);
            values = new LinkedHashMap<>(values);
        }

        public String name() {
            return part.name();
        }

        /** The lab that runs, with what is expected of all variants and of this one, but not with what is measured. */
        public Lab of(Lab lab) {
            Lab less = lab.withNodes(kept(lab.nodes(), LabNode::name)).withIpsec(kept(lab.ipsec(), LabProtection::name))
                    .withTraffic(kept(lab.traffic(), LabTraffic::name)).withView(new Lab.View(kept(lab.view().nodes()), lab.view().links()));
            List<Expectation> expect = new ArrayList<>(lab.expect());
            expect.addAll(part.expect());
            return part.of(less).withExpect(expect);
        }

        private SequencedMap<String, Lab.View.Point> kept(SequencedMap<String, Lab.View.Point> nodes) {
            SequencedMap<String, Lab.View.Point> kept = new LinkedHashMap<>(nodes);
            kept.keySet().removeAll(without);
            return kept;
        }

        private <T> List<T> kept(List<T> all, Function<T, String> name) {
            return all.stream().filter(one -> !without.contains(name.apply(one))).toList();
        }
    }
}
