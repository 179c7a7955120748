package careof.app.overlay;

import careof.engine.lab.Expectation.Half;
import java.util.Optional;

/**
 * An SA pair between two nodes as two parallel lines.
 *
 * @param place among the pairs of the same two nodes, from 0
 * @param forth from the first node to the second
 * @param back  from the second to the first
 */
public record SaLine(String first, String second, int place, Way forth, Way back) {
    /**
     * One half.
     *
     * @param link  of a stale one: the link where it still leads; empty: not known
     * @param words what it is and how it stands
     */
    public record Way(Half state, Optional<String> link, String words) {}
}
