package careof.engine.state;

/**
 * A port's sending side on a link.
 *
 * @param port      "node/port"
 * @param busyUntil when the last accepted frame's last bit leaves, nanoseconds
 * @param frames    frames put on the link so far: the ordinal of its next random draw
 */
public record Transmitter(String link, String port, long busyUntil, long frames) implements State {
    @Override
    public String key() {
        return link + " " + port;
    }
}
