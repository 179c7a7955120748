package careof.engine.lab;

import careof.engine.policy.Policy;
import careof.engine.policy.Recommendation;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.SequencedSet;

/**
 * A whole lab, as its file says it; see {@code LabJson} for the text form and {@code LabCheck} for what must hold.
 *
 * @param name    title, for people
 * @param about   one paragraph, may be empty
 * @param seed    of every random stream in a run
 * @param epoch   calendar time of virtual time zero: dates captures (and certificates)
 * @param policy  recommendations that are off, lab-wide and per node
 * @param pki     certificates, and who issues them
 * @param until   end of a run, nanoseconds
 * @param experiment a claim about a recommendation that this lab shows
 * @param comparison variants of this lab beside each other
 * @param view    positions on the canvas; nodes and links without one are laid out automatically
 * @param material what was read from the files that it names; not part of its text
 */
public record Lab(
        String name,
        String about,
        long seed,
        Instant epoch,
        LabPolicy policy,
        List<LabLink> links,
        List<LabNode> nodes,
        LabPki pki,
        List<LabProtection> ipsec,
        List<LabTraffic> traffic,
        List<TimedAction> actions,
        long until,
        List<Expectation> expect,
        Optional<LabExperiment> experiment,
        Optional<LabComparison> comparison,
        View view,
        LabMaterial material) {

    /** Version of the file form, the value of its field {@code careof}. */
    public static final int VERSION = 1;
    public static final Instant DEFAULT_EPOCH = Instant.parse("2026-01-01T00:00:00Z");
    public static final long DEFAULT_SEED = 1;
    /** 60 s. */
    public static final long DEFAULT_UNTIL = 60_000_000_000L;

    public Lab {
        links = List.copyOf(links);
        nodes = List.copyOf(nodes);
        ipsec = List.copyOf(ipsec);
        traffic = List.copyOf(traffic);
        actions = List.copyOf(actions);
        expect = List.copyOf(expect);
    }

    /** An empty lab, ready to draw in. */
    public static Lab empty(String name) {
        return new Lab(name, "", DEFAULT_SEED, DEFAULT_EPOCH, LabPolicy.ALL_ON, List.of(), List.of(), LabPki.DEFAULT,
                List.of(), List.of(), List.of(), DEFAULT_UNTIL, List.of(), Optional.empty(), Optional.empty(), View.EMPTY, LabMaterial.NONE);
    }

    public Optional<LabNode> node(String name) {
        return nodes.stream().filter(n -> n.name().equals(name)).findFirst();
    }

    public Optional<LabLink> link(String name) {
        return links.stream().filter(l -> l.name().equals(name)).findFirst();
    }

    public Optional<LabProtection> protection(String name) {
        return ipsec.stream().filter(p -> p.name().equals(name)).findFirst();
    }

    /** Whether two links are one for IP: the same, or joined by bridges. */
    public boolean sameSegment(String one, String other) {
        return one.equals(other) || segment(one).equals(segment(other));
    }

    /** What stands for all links that bridges join: the first of them. */
    public String segment(String link) {
        SequencedSet<String> joined = new LinkedHashSet<>(List.of(link));
        for (int before = 0; before < joined.size(); ) {
            before = joined.size();
            for (LabNode node : nodes) {
                if (node.bridge() && node.ports().stream().anyMatch(port -> joined.contains(port.link()))) {
                    node.ports().forEach(port -> joined.add(port.link()));
                }
            }
        }
        return joined.size() == 1 ? link : links.stream().map(LabLink::name).filter(joined::contains).findFirst().orElse(link);
    }

    /** The policy that a node runs with: its own where it has one, else the lab's. */
    public Policy policyOf(String node) {
        List<Recommendation> own = policy.nodes().get(node);
        return Policy.without(own != null ? own : policy.off());
    }

    public Lab withLinks(List<LabLink> links) {
        return new Lab(name, about, seed, epoch, policy, links, nodes, pki, ipsec, traffic, actions, until, expect, experiment, comparison, view, material);
    }

    public Lab withNodes(List<LabNode> nodes) {
        return new Lab(name, about, seed, epoch, policy, links, nodes, pki, ipsec, traffic, actions, until, expect, experiment, comparison, view, material);
    }

    public Lab withPki(LabPki pki) {
        return new Lab(name, about, seed, epoch, policy, links, nodes, pki, ipsec, traffic, actions, until, expect, experiment, comparison, view, material);
    }

    public Lab withIpsec(List<LabProtection> ipsec) {
        return new Lab(name, about, seed, epoch, policy, links, nodes, pki, ipsec, traffic, actions, until, expect, experiment, comparison, view, material);
    }

    public Lab withTraffic(List<LabTraffic> traffic) {
        return new Lab(name, about, seed, epoch, policy, links, nodes, pki, ipsec, traffic, actions, until, expect, experiment, comparison, view, material);
    }

    public Lab withActions(List<TimedAction> actions) {
        return new Lab(name, about, seed, epoch, policy, links, nodes, pki, ipsec, traffic, actions, until, expect, experiment, comparison, view, material);
    }

    public Lab withExpect(List<Expectation> expect) {
        return new Lab(name, about, seed, epoch, policy, links, nodes, pki, ipsec, traffic, actions, until, expect, experiment, comparison, view, material);
    }

    public Lab withExperiment(Optional<LabExperiment> experiment) {
        return new Lab(name, about, seed, epoch, policy, links, nodes, pki, ipsec, traffic, actions, until, expect, experiment, comparison, view, material);
    }

    public Lab withComparison(Optional<LabComparison> comparison) {
        return new Lab(name, about, seed, epoch, policy, links, nodes, pki, ipsec, traffic, actions, until, expect, experiment, comparison, view, material);
    }

    public Lab withPolicy(LabPolicy policy) {
        return new Lab(name, about, seed, epoch, policy, links, nodes, pki, ipsec, traffic, actions, until, expect, experiment, comparison, view, material);
    }

    public Lab withView(View view) {
        return new Lab(name, about, seed, epoch, policy, links, nodes, pki, ipsec, traffic, actions, until, expect, experiment, comparison, view, material);
    }

    public Lab withMaterial(LabMaterial material) {
        return new Lab(name, about, seed, epoch, policy, links, nodes, pki, ipsec, traffic, actions, until, expect, experiment, comparison, view, material);
    }

    public Lab withName(String name) {
        return new Lab(name, about, seed, epoch, policy, links, nodes, pki, ipsec, traffic, actions, until, expect, experiment, comparison, view, material);
    }

    public Lab withSeed(long seed) {
        return new Lab(name, about, seed, epoch, policy, links, nodes, pki, ipsec, traffic, actions, until, expect, experiment, comparison, view, material);
    }

    public Lab withEpoch(Instant epoch) {
        return new Lab(name, about, seed, epoch, policy, links, nodes, pki, ipsec, traffic, actions, until, expect, experiment, comparison, view, material);
    }

    public Lab withUntil(long until) {
        return new Lab(name, about, seed, epoch, policy, links, nodes, pki, ipsec, traffic, actions, until, expect, experiment, comparison, view, material);
    }

    /**
     * Which recommendations are off.
     *
     * @param off   lab-wide
     * @param nodes per node, replacing the lab-wide list there; in file order
     */
    public record LabPolicy(List<Recommendation> off, SequencedMap<String, List<Recommendation>> nodes) {
        public static final LabPolicy ALL_ON = new LabPolicy(List.of(), new java.util.LinkedHashMap<>());
    }

    /**
     * Where things stand on the canvas, in canvas units.
     *
     * @param nodes centre of each node, in file order
     * @param links centre of each link's segment or cell, in file order
     */
    public record View(SequencedMap<String, Point> nodes, SequencedMap<String, Point> links) {
        public static final View EMPTY = new View(new java.util.LinkedHashMap<>(), new java.util.LinkedHashMap<>());

        public record Point(double x, double y) {
            public Point {
                // no negative zero: it would not survive a file
                x += 0.0;
                y += 0.0;
            }
        }
    }
}
