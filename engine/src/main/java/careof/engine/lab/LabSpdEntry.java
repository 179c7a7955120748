package careof.engine.lab;

import java.util.Optional;

/**
 * An entry of a node's security policy beside those that follow from protections.
 *
 * @param with     of {@link Action#PROTECT}: the protection whose SAs are used
 * @param port     only packets of this port, "p1"...; empty: of any
 * @param selector as the packets go in this direction; without any address it is for both IP versions
 * @param last     after the entries that follow from protections; else before them
 */
public record LabSpdEntry(Direction direction, Action action, Optional<String> with, Optional<String> port, LabSelector selector, boolean last) {
    /** Seen from the node. */
    public enum Direction {
        IN("in"),
        OUT("out");

        private final String text;

        Direction(String text) {
            this.text = text;
        }

        /** The word in lab files. */
        public String text() {
            return text;
        }
    }

    public enum Action {
        PROTECT("protect"),
        BYPASS("bypass"),
        DISCARD("discard");

        private final String text;

        Action(String text) {
            this.text = text;
        }

        /** The word in lab files. */
        public String text() {
            return text;
        }
    }
}
