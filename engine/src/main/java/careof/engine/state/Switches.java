package careof.engine.state;

/**
 * Which recommendations a node does not follow.
 *
 * @param off letters joined by blanks, in order; empty: all are on
 */
public record Switches(String off) implements State {
    @Override
    public String key() {
        return "policy";
    }
}
