package careof.engine.state;

import careof.engine.base.Ip6Address;
import careof.engine.base.IpAddress;
import java.util.Optional;

/**
 * A binding update list entry (RFC 6275 section 11.1).
 *
 * @param peer      where the binding update goes: home agent or correspondent
 * @param peerName  what the lab file calls it, for people; may be empty
 * @param home      home address
 * @param careOf    care-of address that it tells, to the home agent perhaps an IPv4 one; the home address itself: a deregistration
 * @param sequence  16 bits, last sent
 * @param until     end of the granted lifetime, nanoseconds; 0: none granted
 * @param refreshAt when it is to be refreshed, nanoseconds; 0: not planned
 * @param retransmissions of the last binding update
 * @param phase     how far it has come
 * @param acknowledgedCareOf the care-of address that the peer last acknowledged, that is, which the peer believes in
 * @param sentAt    when the last binding update was sent, nanoseconds: its lifetime counts from there
 */
public record ListEntry(Ip6Address peer, String peerName, Ip6Address home, IpAddress careOf, int sequence, boolean homeRegistration, long until, long refreshAt,
        int retransmissions, Phase phase, Optional<IpAddress> acknowledgedCareOf, long sentAt) implements State {
    public enum Phase {
        /** Waits for return routability or for the home registration. */
        PENDING,
        /** Binding update sent, no acknowledgement yet. */
        SENT,
        /** The peer holds the binding. */
        ACKNOWLEDGED,
        /** Deregistration sent. */
        DEREGISTERING,
        /** The peer refused, or knows no mobility; not tried again for a while. */
        REFUSED
    }

    /**
     * Whether an acknowledgement with this sequence number answers an outstanding binding update (RFC 6275 section 11.7.3): the
     * last one, or one that it repeats. A slow answer to the first must not be lost to the retransmission of a moment ago.
     */
    public boolean outstanding(int acknowledged) {
        return (sequence - acknowledged & 0xffff) <= retransmissions;
    }

    @Override
    public String key() {
        return peer + " " + home;
    }
}
