package careof.engine.decode;

import careof.engine.base.Octets;
import java.util.ArrayList;
import java.util.List;

/** A field under construction: what was read stays even if what follows is malformed. */
final class Node {
    private final String name;
    private final String abbreviation;
    private final int start;
    private final boolean error;
    private final Octets octets;
    private final List<Node> children = new ArrayList<>();
    private int end;
    private String value;

    private Node(String name, String value, int start, int end, boolean error, String abbreviation, Octets octets) {
        this.name = name;
        this.value = value;
        this.start = start;
        this.end = end;
        this.error = error;
        this.abbreviation = abbreviation;
        this.octets = octets;
    }

    static Node root(String name, String value, Octets frame, String abbreviation) {
        return new Node(name, value, 0, frame.length(), false, abbreviation, frame);
    }

    /** A group below this node; it ends where its last child ends unless {@link #endsAt} says more. */
    Node group(String groupName, String groupAbbreviation, int from) {
        return add(new Node(groupName, "", from, from, false, groupAbbreviation, octets));
    }

    Node leaf(String leafName, String leafAbbreviation, int from, int to, String leafValue) {
        return add(new Node(leafName, leafValue, from, to, false, leafAbbreviation, octets));
    }

    Node error(String errorName, String errorAbbreviation, int from, int to, String reason) {
        return add(new Node(errorName, reason, from, to, true, errorAbbreviation, octets));
    }

    /** A group below this node whose fields are at offsets of other octets. */
    Node decrypted(String groupName, String groupAbbreviation, Octets clear, int from, int to) {
        return add(new Node(groupName, "", from, to, false, groupAbbreviation, clear));
    }

    private Node add(Node child) {
        children.add(child);
        return child;
    }

    void value(String text) {
        value = text;
    }

    void endsAt(int offset) {
        end = offset;
    }

    private int end() {
        int last = end;
        for (Node child : children) {
            last = child.octets == octets ? Math.max(last, child.end()) : last;
        }
        return last;
    }

    Field build() {
        return new Field(name, value, start, end(), children.stream().map(Node::build).toList(), error, abbreviation, octets);
    }
}
