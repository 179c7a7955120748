package careof.engine.stack;

import careof.engine.base.Ip6Address;
import careof.engine.state.Sa;
import careof.engine.base.IpAddress;
import careof.engine.wire.icmp.Icmp6Message;
import careof.engine.wire.ip.Ip4Packet;
import careof.engine.wire.ip.Ip6Header;
import careof.engine.wire.ip.Ip6Packet;
import java.util.List;
import java.util.Optional;

/** The places of a node's way for packets where mobility decides. A node without mobility answers as {@link #NONE}. */
public interface MobilityStages {
    /** Whether home address options, type 2 routing headers and Mobility Headers mean anything to this node. */
    boolean understandsMobility();

    /**
     * May a packet use this home address? Asked after reassembly, for packets to this node that carry the option.
     *
     * @param packet in final form, its source the home address
     */
    Verdict homeAddressOption(Inbound packet, Ip6Address careOf);

    /** May a packet with a type 2 routing header to {@code home} end here? */
    Verdict type2Routing(Ip6Header header, Ip6Address home);

    /**
     * How a packet that starts at this node travels.
     *
     * @param packet in final form; its payload is AH or ESP only where it is a tunnel of IPsec already
     * @param sas    that will protect it on the way, or do already where it is a tunnel of IPsec
     */
    Carriage carry(Ip6Packet packet, List<Sa> sas);

    /** The same in IPv4: as it is, in a tunnel, or not at all. */
    Carriage carry(Ip4Packet packet);

    /** Into which tunnel a packet goes that this node forwards; empty: none, it is routed. */
    Optional<Carriage.Tunnel> intercept(IpAddress destination);

    /**
     * May a packet come out of a tunnel of IP in IP here?
     *
     * @param remote      far end of the tunnel
     * @param source      of the inner packet, of the same or the other IP version
     * @param destination of the inner packet
     */
    Verdict decapsulate(IpAddress remote, IpAddress source, IpAddress destination);

    /** A Mobility Header for this node; its HAO verdict has passed. */
    void mobilityHeader(Inbound packet);

    /** An ICMPv6 message for this node that mobility may want; true: it was taken. */
    boolean icmp(Inbound packet, Icmp6Message message);

    MobilityStages NONE = new MobilityStages() {
        @Override
        public boolean understandsMobility() {
            return false;
        }

        @Override
        public Verdict homeAddressOption(Inbound packet, Ip6Address careOf) {
            throw new IllegalStateException("not asked of nodes without mobility");
        }

        @Override
        public Verdict type2Routing(Ip6Header header, Ip6Address home) {
            throw new IllegalStateException("not asked of nodes without mobility");
        }

        @Override
        public Carriage carry(Ip6Packet packet, List<Sa> sas) {
            return Carriage.PLAIN;
        }

        @Override
        public Carriage carry(Ip4Packet packet) {
            return Carriage.PLAIN;
        }

        @Override
        public Optional<Carriage.Tunnel> intercept(IpAddress destination) {
            return Optional.empty();
        }

        @Override
        public Verdict decapsulate(IpAddress remote, IpAddress source, IpAddress destination) {
            return Verdict.drop(careof.engine.trace.Reason.TUNNEL_UNKNOWN, remote, destination);
        }

        @Override
        public void mobilityHeader(Inbound packet) {
            throw new IllegalStateException("not asked of nodes without mobility");
        }

        @Override
        public boolean icmp(Inbound packet, Icmp6Message message) {
            return false;
        }
    };
}
