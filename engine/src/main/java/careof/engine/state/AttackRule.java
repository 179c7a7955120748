package careof.engine.state;

/**
 * An attack that a node is at.
 *
 * @param id   from 1 on this node
 * @param what for people
 * @param left frames or packets still to come; -1: without end
 */
public record AttackRule(int id, String what, long left) implements State {
    @Override
    public String key() {
        return Integer.toString(id);
    }
}
