package careof.engine.state;

/**
 * What moves with the packets of an SA.
 *
 * @param id       of the {@link Sa}
 * @param sequence sending: last sequence number sent; receiving: the highest received; 64 bits where they are extended; 0: none yet
 * @param window   receiving: bit n is set when number {@code sequence - n} came (RFC 4303 section 3.4.3)
 * @param packets  sent or accepted
 * @param octets   protected octets, as its lifetime counts them
 * @param usedAt   last use, nanoseconds
 */
public record SaUse(int id, long sequence, long window, long packets, long octets, long usedAt) implements State {
    @Override
    public String key() {
        return Integer.toString(id);
    }
}
