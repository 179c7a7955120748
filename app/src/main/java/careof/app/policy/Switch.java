package careof.app.policy;

import careof.engine.policy.Recommendation;
import java.util.List;

/**
 * One recommendation as a switch shows it.
 *
 * @param differing of a mixed one: the nodes where it is off; of one node's switch: the nodes where it stands the other way; in the lab's order
 */
public record Switch(Recommendation letter, Position position, List<String> differing) {
    /** How it stands. */
    public enum Position { ON, OFF, MIXED }

    public Switch {
        differing = List.copyOf(differing);
    }

    /** What it asks for, where the draft says so, and how it stands, in lines. */
    public String tip() {
        String state = switch (position) {
            case ON -> "On" + but();
            case OFF -> "Off: nodes do what is commonly misread" + but();
            case MIXED -> "Off at " + String.join(", ", differing) + ", on elsewhere";
        };
        return letter + "  " + letter.title() + "\ndraft section " + letter.section() + "\n" + state;
    }

    private String but() {
        return differing.isEmpty() ? "" : "; the other way at " + String.join(", ", differing);
    }
}
