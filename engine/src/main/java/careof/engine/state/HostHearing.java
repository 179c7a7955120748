package careof.engine.state;

import careof.engine.base.Ip6Address;

/**
 * What a host that is a node's upper layer hears of one peer: when it heard nothing for a while, which is what a movement looks like to programs of a real machine. The row
 * changes with the end of such a silence and not with every packet, of which there may be very many.
 *
 * @param port    of the host
 * @param peer    whose packets these are, as upper layers know it
 * @param at      when the last silence ended, nanoseconds; of the first packet its arrival
 * @param silence how long that one was, nanoseconds; 0: this is the first packet
 * @param longest of all silences so far, nanoseconds
 */
public record HostHearing(String port, Ip6Address peer, long at, long silence, long longest) implements State {
    @Override
    public String key() {
        return port + " " + peer;
    }
}
