package careof.engine.lab;

import careof.engine.policy.Recommendation;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.function.Function;

/**
 * A claim about a recommendation: the lab runs twice from the same seed, with the recommendation on and off, and both runs must show what is said here.
 * The lab's own expectations must hold in both; its policy fixes all other recommendations, the same in both.
 *
 * @param letter the recommendation that is switched
 * @param claim  what is to be seen, in our words
 * @param at     nodes at which it is switched; empty: the whole lab
 * @param claims what the lab itself must show
 * @param parts  variants of the lab that show more; each runs twice, too
 */
public record LabExperiment(Recommendation letter, String claim, List<String> at, Claims claims, List<Part> parts) {
    public LabExperiment {
        at = List.copyOf(at);
        parts = List.copyOf(parts);
    }

    /**
     * What must be seen.
     *
     * @param on   in the run with the recommendation on
     * @param off  in the run with it off
     * @param same in both, and both must have seen the very same
     */
    public record Claims(List<Expectation> on, List<Expectation> off, List<Expectation> same) {
        public static final Claims NONE = new Claims(List.of(), List.of(), List.of());

        public Claims {
            on = List.copyOf(on);
            off = List.copyOf(off);
            same = List.copyOf(same);
        }
    }

    /**
     * A variant of the lab. Nodes, protections and streams stand for those of the same name, or are further ones.
     *
     * @param name    what it shows, a few words
     * @param policy  instead of the lab's
     * @param actions instead of the lab's
     * @param until   instead of the lab's, nanoseconds
     * @param expect  instead of the lab's: what must be seen in both runs
     */
    public record Part(String name, Optional<Lab.LabPolicy> policy, List<LabNode> nodes, List<LabProtection> ipsec, List<LabTraffic> traffic,
            Optional<List<TimedAction>> actions, Optional<Long> until, List<Expectation> expect, Claims claims) {
        public Part {
            nodes = List.copyOf(nodes);
            ipsec = List.copyOf(ipsec);
            traffic = List.copyOf(traffic);
            actions = actions.map(List::copyOf);
            expect = List.copyOf(expect);
        }

        /** The lab of this variant; without an experiment or a comparison of its own. */
        public Lab of(Lab lab) {
            Lab variant = lab.withExperiment(Optional.empty()).withComparison(Optional.empty()).withNodes(replaced(lab.nodes(), nodes, LabNode::name))
                    .withIpsec(replaced(lab.ipsec(), ipsec, LabProtection::name)).withTraffic(replaced(lab.traffic(), traffic, LabTraffic::name))
                    .withExpect(expect);
            variant = policy.map(variant::withPolicy).orElse(variant);
            variant = actions.map(variant::withActions).orElse(variant);
            return until.map(variant::withUntil).orElse(variant);
        }

        private static <T> List<T> replaced(List<T> all, List<T> changed, Function<T, String> name) {
            SequencedMap<String, T> byName = new LinkedHashMap<>();
            all.forEach(one -> byName.put(name.apply(one), one));
            changed.forEach(one -> byName.put(name.apply(one), one));
            return List.copyOf(byName.values());
        }
    }

    /** A lab with the recommendation switched, all else as it was. */
    public Lab switched(Lab lab, boolean on) {
        SequencedMap<String, List<Recommendation>> nodes = new LinkedHashMap<>();
        lab.policy().nodes().forEach((node, off) -> nodes.put(node, at.isEmpty() ? switched(off, on) : off));
        for (String node : at) {
            nodes.put(node, switched(List.copyOf(lab.policyOf(node).off()), on));
        }
        return lab.withPolicy(new Lab.LabPolicy(at.isEmpty() ? switched(lab.policy().off(), on) : lab.policy().off(), nodes));
    }

    private List<Recommendation> switched(List<Recommendation> off, boolean on) {
        List<Recommendation> now = new ArrayList<>(off);
        now.remove(letter);
        if (!on) {
            now.add(letter);
        }
        return List.copyOf(now);
    }
}
