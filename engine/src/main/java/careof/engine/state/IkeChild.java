package careof.engine.state;

import careof.engine.base.IpAddress;

/**
 * An SA pair that a quick mode made, as key management knows it; the SAs themselves are {@link Sa}.
 *
 * @param id          of this row on this node, from 1
 * @param ikeSa       id of the phase one that protected its quick mode
 * @param messageId   of that quick mode
 * @param with        the peer's identity in phase one, such as "fqdn:mn.lab"
 * @param initiator   whether this node began it
 * @param local       this node's end of both SAs
 * @param remote      the peer's end of both SAs
 * @param inboundSpi  of the SA towards this node
 * @param outboundSpi of the SA towards the peer
 * @param selector    of the SA towards the peer
 * @param policy      id of the outbound SPD entry that it is for; 0: none
 * @param requestId   of both SAs
 * @param made        nanoseconds
 */
public record IkeChild(int id, int ikeSa, long messageId, String with, boolean initiator, Sa.Protocol protocol, Sa.Mode mode, IpAddress local, IpAddress remote,
        long inboundSpi, long outboundSpi, Selector selector, int policy, long requestId, long made) implements State {
    @Override
    public String key() {
        return Integer.toString(id);
    }

    @Override
    public String toString() {
        return "SA pair " + protocol + " " + Sa.spi(inboundSpi) + "/" + Sa.spi(outboundSpi) + " " + local + " - " + remote + " " + mode;
    }
}
