package careof.engine.state;

/**
 * A timer that is set.
 *
 * @param name what it is for, unique on its node
 * @param due  nanoseconds
 */
public record TimerState(String name, long due) implements State {
    @Override
    public String key() {
        return name;
    }
}
