package careof.engine.state;

/**
 * A token bucket that limits how often something is sent (RFC 4443 section 2.4 (f)).
 *
 * @param tokens left at {@code at}
 * @param at     nanoseconds
 */
public record RateLimit(String name, int tokens, long at) implements State {
    @Override
    public String key() {
        return name;
    }
}
