package careof.engine.state;

/**
 * A frame on its way over a link to one receiver.
 *
 * @param sent    event that put it there
 * @param packet  its packet
 * @param from    sending "node/port"
 * @param to      receiving "node/port"
 * @param departs when its last bit leaves, nanoseconds
 * @param arrives nanoseconds
 */
public record InFlight(long sent, long packet, String link, String from, String to, long departs, long arrives) implements State {
    @Override
    public String key() {
        return sent + " " + to;
    }
}
