package careof.editor.model;

import careof.engine.lab.Expectation;
import careof.engine.lab.Lab;
import careof.engine.lab.LabTraffic;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;

/** The names of nodes, links and flows in expectations. */
final class Expectations {
    private Expectations() {}

    /** An expectation with each name of a node and of a link put through a function. */
    static Expectation renamed(Lab lab, Expectation expectation, UnaryOperator<String> node, UnaryOperator<String> link) {
        return switch (expectation) {
            case Expectation.BindingHeld b -> new Expectation.BindingHeld(node.apply(b.at()), b.home(), b.careOf(), b.when());
            case Expectation.Flow f -> new Expectation.Flow(f.flow(), f.direction().map(d -> direction(lab, f.flow(), d, node)),
                    f.lost(), f.received(), f.gap(), f.delay(), f.when());
            case Expectation.Drops d -> new Expectation.Drops(d.reason(), d.node().map(node), d.count(), d.when());
            case Expectation.Messages m -> new Expectation.Messages(m.message(), m.from().map(node), m.count(), m.when());
            case Expectation.Decisions d -> new Expectation.Decisions(d.reason(), d.node().map(node), d.entry(), d.count(), d.when());
            case Expectation.Changes c -> new Expectation.Changes(c.row(), c.node().map(node), c.reason(), c.count(), c.when());
            case Expectation.Events e -> new Expectation.Events(TextReferences.renamed(lab, e.match(), node, link), e.says(), e.node().map(node), e.count(), e.when());
            case Expectation.HalfIs h -> new Expectation.HalfIs(h.protection(), ends(lab, h.direction()).map(ends ->
                    node.apply(ends.get(0)) + "-" + node.apply(ends.get(1))).orElse(h.direction()), h.state(), h.when());
            case Expectation.IkeHeld i -> new Expectation.IkeHeld(node.apply(i.at()), i.peer().map(node),
                    i.identity().map(identity -> IkeReferences.renamed(lab, identity, node)), i.established(), i.address(), i.when());
            case Expectation.Overhead o -> new Expectation.Overhead(o.flow(), direction(lab, o.flow(), o.direction(), node), link.apply(o.link()),
                    o.octets(), o.when());
            case Expectation.Headers h -> new Expectation.Headers(h.flow(), direction(lab, h.flow(), h.direction(), node), link.apply(h.link()),
                    h.dscp(), h.hopLimit(), h.when());
            case Expectation.Outage o -> new Expectation.Outage(o.flow(), direction(lab, o.flow(), o.direction(), node), o.lasts(), o.when());
            case Expectation.Signalling s -> s;
            case Expectation.Operations o -> new Expectation.Operations(o.operation(), o.node().map(node), o.count(), o.when());
            case Expectation.Packets p -> new Expectation.Packets(p.flow(), direction(lab, p.flow(), p.direction(), node), link.apply(p.link()), p.when());
        };
    }

    /** Whether an expectation names one of these. */
    static boolean names(Expectation expectation, Set<String> nodes, Set<String> links, Set<String> flows) {
        return switch (expectation) {
            case Expectation.BindingHeld b -> nodes.contains(b.at());
            case Expectation.Flow f -> flows.contains(f.flow());
            case Expectation.Drops d -> d.node().filter(nodes::contains).isPresent();
            case Expectation.Messages m -> m.from().filter(nodes::contains).isPresent();
            case Expectation.Decisions d -> d.node().filter(nodes::contains).isPresent();
            case Expectation.Changes c -> c.node().filter(nodes::contains).isPresent();
            case Expectation.Events e -> e.node().filter(nodes::contains).isPresent() || TextReferences.names(e.match(), nodes, links);
            case Expectation.HalfIs h -> Expectation.ends(h.direction()).stream().anyMatch(ends -> ends.stream().anyMatch(nodes::contains));
            case Expectation.IkeHeld i -> nodes.contains(i.at()) || i.peer().filter(nodes::contains).isPresent();
            case Expectation.Overhead o -> flows.contains(o.flow()) || links.contains(o.link());
            case Expectation.Headers h -> flows.contains(h.flow()) || links.contains(h.link());
            case Expectation.Outage o -> flows.contains(o.flow());
            case Expectation.Signalling _ -> false;
            case Expectation.Operations o -> o.node().filter(nodes::contains).isPresent();
            case Expectation.Packets p -> flows.contains(p.flow()) || links.contains(p.link());
        };
    }

    private static Optional<List<String>> ends(Lab lab, String direction) {
        return Expectation.ends(direction).stream().filter(ends -> ends.stream().allMatch(end -> lab.node(end).isPresent())).findFirst();
    }

    /** Node names may hold a '-', so only the flow itself tells where one ends in "cn-mn". */
    private static String direction(Lab lab, String flow, String direction, UnaryOperator<String> node) {
        for (LabTraffic t : lab.traffic()) {
            if (t.name().equals(flow)) {
                if (direction.equals(t.from() + "-" + t.to())) {
                    return node.apply(t.from()) + "-" + node.apply(t.to());
                }
                if (direction.equals(t.to() + "-" + t.from())) {
                    return node.apply(t.to()) + "-" + node.apply(t.from());
                }
            }
        }
        return direction;
    }
}
