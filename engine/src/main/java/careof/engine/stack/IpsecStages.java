package careof.engine.stack;

import careof.engine.base.Octets;
import careof.engine.state.Sa;
import careof.engine.state.SpdEntry;
import careof.engine.wire.ip.IpPacket;
import java.util.List;
import java.util.Optional;

/**
 * The places of a node's way for packets where IPsec decides (RFC 4301 section 5). A node without IPsec answers as {@link #NONE}.
 *
 * <p>In: {@link #open} as long as AH or ESP is next, then {@link #admit}. Out: {@link #wanted} before mobility, {@link #transport} after
 * it on the packet in wire form, or {@link #tunnel} instead of it.
 */
public interface IpsecStages {
    /** What became of a packet whose next header is AH or ESP. */
    sealed interface Opened {
        /**
         * Transport mode: the same packet without the header.
         *
         * @param protocol what {@code payload} is; it may be a further extension header, AH or ESP
         */
        record Transport(int protocol, Octets payload, Sa sa) implements Opened {}

        /** Tunnel mode: a packet of its own, checked against the SA, which starts over. */
        record Tunnel(Octets inner, Sa sa) implements Opened {}

        /** Its end; the reason has been recorded. */
        record Ended() implements Opened {}
    }

    /**
     * A packet that AH or ESP was put on.
     *
     * @param octets of {@code packet}
     */
    record Sealed(IpPacket packet, Octets octets) {}

    /** What the security policy wants for a packet that leaves. */
    sealed interface Wanted {
        /**
         * It goes as it is.
         *
         * @param why empty: no entry of the policy is about it
         */
        record Nothing(Optional<Verdict> why) implements Wanted {}

        /**
         * Protection; all SAs are at hand.
         *
         * @param sas in the order in which they are applied
         */
        record Protection(SpdEntry entry, List<Sa> sas) implements Wanted {
            /** Whether it goes through a tunnel of IPsec. */
            public boolean isTunnel() {
                return sas.stream().anyMatch(sa -> sa.mode() == Sa.Mode.TUNNEL);
            }
        }

        /** Not to leave; to be recorded by who asked. */
        record Refused(Verdict.Drop why) implements Wanted {}

        Wanted NOTHING = new Nothing(Optional.empty());
    }

    /** Whether packets must be shown to these stages at all: false saves the work. */
    boolean isActive();

    /** Whether AH or ESP is next, be it in UDP (RFC 3948). */
    boolean isProtected(IpPacket whole);

    /**
     * Takes AH or ESP off.
     *
     * @param packet in wire form, fragments joined: AH covers its octets as they came
     * @param whole  in final form: home addresses in the IP header (RFC 6275 sections 6.3 and 6.4), fragments joined
     * @param wire   the same in wire form, with the extension headers before AH or ESP
     * @param sas    taken off already, outermost first
     */
    Opened open(Packet packet, IpPacket whole, IpPacket wire, List<Sa> sas);

    /**
     * Is a packet, to this node or to be forwarded, protected as the security policy wants?
     *
     * @param port where it came in; empty: from this node
     * @param sas  that were taken off, outermost first
     * @return empty: no entry of the policy is about it, it passes
     */
    Optional<Verdict> admit(Packet packet, IpPacket whole, Optional<String> port, List<Sa> sas);

    /**
     * What the security policy wants for a packet.
     *
     * @param plain in final form: home addresses in the IP header; no AH or ESP of ours yet
     * @param port  where it will leave; empty: not known yet
     */
    Wanted wanted(IpPacket plain, Optional<String> port);

    /**
     * Applies transport mode SAs to a packet.
     *
     * @param wire in wire form, home address option and routing header in place
     * @param sas  none of them of tunnel mode, in the order in which they are applied
     * @return empty: it cannot be, the reason has been recorded
     */
    Optional<Sealed> transport(Packet packet, IpPacket wire, List<Sa> sas);

    /**
     * Applies the SAs up to and with the first tunnel: the result is a packet of its own, from the tunnel's local to its remote end, which has no
     * extension headers of mobility yet.
     *
     * @param packet its octets are those of {@code inner}
     * @param inner with its hop limit already counted down, if it is forwarded
     * @param sas   in the order in which they are applied; those after the first tunnel are for the result
     * @return empty: it cannot be, the reason has been recorded
     */
    Optional<Sealed> tunnel(Packet packet, IpPacket inner, List<Sa> sas);

    /** Octets that these SAs add at most to a packet. */
    int overhead(List<Sa> sas);

    /** No IPsec: AH and ESP are unknown headers. */
    IpsecStages NONE = new IpsecStages() {
        @Override
        public boolean isActive() {
            return false;
        }

        @Override
        public boolean isProtected(IpPacket whole) {
            return false;
        }

        @Override
        public Opened open(Packet packet, IpPacket whole, IpPacket wire, List<Sa> sas) {
            throw new IllegalStateException("not asked of nodes without IPsec");
        }

        @Override
        public Optional<Verdict> admit(Packet packet, IpPacket whole, Optional<String> port, List<Sa> sas) {
            throw new IllegalStateException("not asked of nodes without IPsec");
        }

        @Override
        public Wanted wanted(IpPacket plain, Optional<String> port) {
            return Wanted.NOTHING;
        }

        @Override
        public Optional<Sealed> transport(Packet packet, IpPacket wire, List<Sa> sas) {
            throw new IllegalStateException("not asked of nodes without IPsec");
        }

        @Override
        public Optional<Sealed> tunnel(Packet packet, IpPacket inner, List<Sa> sas) {
            throw new IllegalStateException("not asked of nodes without IPsec");
        }

        @Override
        public int overhead(List<Sa> sas) {
            return 0;
        }
    };
}
