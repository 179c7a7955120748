package careof.engine.state;

/**
 * One direction of a link, or all of it.
 *
 * @param from  sending node; empty: any
 * @param to    receiving node; empty: any
 * @param delay nanoseconds
 * @param rate  bits per second, 0: not limited
 * @param loss  probability 0..1
 */
public record LinkState(String link, String from, String to, long delay, long rate, double loss, boolean down) implements State {
    @Override
    public String key() {
        return link + " " + from + " " + to;
    }
}
