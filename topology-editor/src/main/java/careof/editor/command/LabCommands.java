package careof.editor.command;

import careof.editor.geometry.Placement;
import careof.editor.model.Addressing;
import careof.editor.model.References;
import careof.editor.model.Selection;
import careof.engine.lab.Lab;
import careof.engine.lab.LabLink;
import careof.engine.lab.LabNode;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.SequencedSet;
import java.util.function.UnaryOperator;

/** The edits that the canvas makes. */
public final class LabCommands {
    private LabCommands() {}

    /** Any other edit, for instance of traffic or the seed. */
    public record Edit(String name, UnaryOperator<Lab> change) implements LabCommand {
        @Override
        public Lab apply(Lab lab) {
            return change.apply(lab);
        }
    }

    /** Positions of everything, as drawn. */
    public record Place(String name, Placement placement, Optional<String> mergeKey) implements LabCommand {
        @Override
        public Lab apply(Lab lab) {
            return lab.withView(placement.toView());
        }

        @Override
        public boolean drawingOnly() {
            return true;
        }
    }

    /**
     * A new node.
     *
     * @param link where it is attached at once; empty: nowhere
     */
    public record AddNode(LabNode node, Placement placement, Optional<String> link) implements LabCommand {
        @Override
        public String name() {
            return "Add " + node.name();
        }

        @Override
        public Lab apply(Lab lab) {
            var nodes = new ArrayList<>(lab.nodes());
            LabNode complete = node.role() == LabNode.Role.MOBILE_NODE && node.home().isEmpty() ? node.withHome(Addressing.firstHome(lab)) : node;
            nodes.add(complete);
            Lab added = lab.withNodes(nodes).withView(placement.toView());
            return link.map(l -> attached(added, node.name(), l)).orElse(added);
        }
    }

    public record AddLink(LabLink link, Placement placement) implements LabCommand {
        @Override
        public String name() {
            return "Add " + link.name();
        }

        @Override
        public Lab apply(Lab lab) {
            var links = new ArrayList<>(lab.links());
            links.add(link);
            return lab.withLinks(links).withView(placement.toView());
        }
    }

    /** Attaches a node: a mobile node starts there, another gets a port there, if it has none. */
    public record Attach(String node, String link, Placement placement) implements LabCommand {
        @Override
        public String name() {
            return "Attach " + node + " to " + link;
        }

        @Override
        public Lab apply(Lab lab) {
            return attached(lab, node, link).withView(placement.toView());
        }
    }

    public record Detach(String node, String link) implements LabCommand {
        @Override
        public String name() {
            return "Detach " + node + " from " + link;
        }

        @Override
        public Lab apply(Lab lab) {
            return onNode(lab, node, n -> n.withAt(n.at().filter(l -> !l.equals(link)))
                    .withPorts(n.ports().stream().filter(p -> !p.link().equals(link)).toList()));
        }
    }

    /** A new wired link with both nodes on it. */
    public record Join(String a, String b, LabLink link, Placement placement) implements LabCommand {
        @Override
        public String name() {
            return "Wire " + a + " to " + b;
        }

        @Override
        public Lab apply(Lab lab) {
            var links = new ArrayList<>(lab.links());
            links.add(link);
            return attached(attached(lab.withLinks(links), a, link.name()), b, link.name()).withView(placement.toView());
        }
    }

    /** Removes nodes and links with everything that names them. */
    public record Remove(SequencedSet<String> nodes, SequencedSet<String> links) implements LabCommand {
        public Remove(Selection selection) {
            this(new LinkedHashSet<>(selection.nodes()), new LinkedHashSet<>(selection.links()));
        }

        @Override
        public String name() {
            int size = nodes.size() + links.size();
            return "Delete " + (size == 1 ? nodes.isEmpty() ? links.getFirst() : nodes.getFirst() : size + " things");
        }

        @Override
        public Lab apply(Lab lab) {
            return References.remove(lab, nodes, links);
        }
    }

    public record RenameNode(String from, String to) implements LabCommand {
        @Override
        public String name() {
            return "Rename " + from + " to " + to;
        }

        @Override
        public Lab apply(Lab lab) {
            return References.renameNode(lab, from, to);
        }
    }

    public record RenameLink(String from, String to) implements LabCommand {
        @Override
        public String name() {
            return "Rename " + from + " to " + to;
        }

        @Override
        public Lab apply(Lab lab) {
            return References.renameLink(lab, from, to);
        }
    }

    /** New properties of the node of that name. */
    public record ChangeNode(LabNode node) implements LabCommand {
        @Override
        public String name() {
            return "Change " + node.name();
        }

        @Override
        public Lab apply(Lab lab) {
            return onNode(lab, node.name(), _ -> node);
        }
    }

    /** New properties of the link of that name; addresses follow a new prefix. */
    public record ChangeLink(LabLink link) implements LabCommand {
        @Override
        public String name() {
            return "Change " + link.name();
        }

        @Override
        public Lab apply(Lab lab) {
            return References.replaceLink(lab, link);
        }
    }

    /** Several edits as one. */
    public record All(String name, List<LabCommand> commands) implements LabCommand {
        public All {
            commands = List.copyOf(commands);
        }

        @Override
        public Lab apply(Lab lab) {
            Lab result = lab;
            for (LabCommand command : commands) {
                result = command.apply(result);
            }
            return result;
        }

        @Override
        public boolean drawingOnly() {
            return commands.stream().allMatch(LabCommand::drawingOnly);
        }
    }

    private static Lab onNode(Lab lab, String name, UnaryOperator<LabNode> change) {
        return lab.withNodes(lab.nodes().stream().map(n -> n.name().equals(name) ? change.apply(n) : n).toList());
    }

    private static Lab attached(Lab lab, String node, String link) {
        Lab attached = port(lab, node, link);
        if (attached.node(node).filter(n -> n.role() == LabNode.Role.HOME_AGENT).isPresent()) {
            // Mobile nodes drawn before there was a home agent have one now.
            for (LabNode n : attached.nodes()) {
                if (n.role() == LabNode.Role.MOBILE_NODE && n.home().isEmpty()) {
                    Lab soFar = attached;
                    attached = onNode(attached, n.name(), m -> m.withHome(Addressing.firstHome(soFar)));
                }
            }
        }
        return attached;
    }

    private static Lab port(Lab lab, String node, String link) {
        return onNode(lab, node, n -> {
            if (n.role() == LabNode.Role.MOBILE_NODE) {
                return n.withAt(Optional.of(link));
            }
            if (n.ports().stream().anyMatch(p -> p.link().equals(link))) {
                return n;
            }
            var ports = new ArrayList<>(n.ports());
            ports.add(new LabNode.Port(link, Optional.empty()));
            return n.withPorts(ports);
        });
    }
}
