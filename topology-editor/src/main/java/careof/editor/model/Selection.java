package careof.editor.model;

import careof.engine.lab.Lab;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.SequencedSet;

/** Selected nodes and links by name, in the order of selection; immutable. */
public record Selection(SequencedSet<String> nodes, SequencedSet<String> links) {
    public static final Selection NONE = new Selection(new LinkedHashSet<>(), new LinkedHashSet<>());

    public Selection {
        nodes = Collections.unmodifiableSequencedSet(new LinkedHashSet<>(nodes));
        links = Collections.unmodifiableSequencedSet(new LinkedHashSet<>(links));
    }

    public static Selection of(List<String> nodes, List<String> links) {
        return new Selection(new LinkedHashSet<>(nodes), new LinkedHashSet<>(links));
    }

    public static Selection node(String name) {
        return of(List.of(name), List.of());
    }

    public static Selection link(String name) {
        return of(List.of(), List.of(name));
    }

    public static Selection all(Lab lab) {
        return of(lab.nodes().stream().map(n -> n.name()).toList(), lab.links().stream().map(l -> l.name()).toList());
    }

    public boolean isEmpty() {
        return nodes.isEmpty() && links.isEmpty();
    }

    public int size() {
        return nodes.size() + links.size();
    }

    /** The node, if exactly one node and nothing else is selected. */
    public Optional<String> onlyNode() {
        return nodes.size() == 1 && links.isEmpty() ? Optional.of(nodes.getFirst()) : Optional.empty();
    }

    /** The link, if exactly one link and nothing else is selected. */
    public Optional<String> onlyLink() {
        return links.size() == 1 && nodes.isEmpty() ? Optional.of(links.getFirst()) : Optional.empty();
    }

    public Selection toggled(Selection other) {
        var n = new LinkedHashSet<>(nodes);
        other.nodes.forEach(name -> toggle(n, name));
        var l = new LinkedHashSet<>(links);
        other.links.forEach(name -> toggle(l, name));
        return new Selection(n, l);
    }

    private static void toggle(LinkedHashSet<String> set, String name) {
        if (!set.remove(name)) {
            set.add(name);
        }
    }

    public Selection plus(Selection other) {
        var n = new LinkedHashSet<>(nodes);
        n.addAll(other.nodes);
        var l = new LinkedHashSet<>(links);
        l.addAll(other.links);
        return new Selection(n, l);
    }

    /** Without what the lab no longer has. */
    public Selection within(Lab lab) {
        var n = new LinkedHashSet<>(nodes);
        n.removeIf(name -> lab.node(name).isEmpty());
        var l = new LinkedHashSet<>(links);
        l.removeIf(name -> lab.link(name).isEmpty());
        return n.size() == nodes.size() && l.size() == links.size() ? this : new Selection(n, l);
    }
}
