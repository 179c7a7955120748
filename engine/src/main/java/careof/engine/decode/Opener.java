package careof.engine.decode;

import careof.engine.base.IpAddress;
import careof.engine.base.Octets;
import careof.engine.ipsec.Unwrapped;
import careof.engine.state.Sa;
import careof.engine.wire.isakmp.IsakmpMessage;
import java.util.Optional;

/**
 * Takes AH and ESP off a packet, and decrypts ISAKMP messages, where it knows the keys; for {@link Dissector}, {@link Summary} and
 * {@link PacketFields}. Never throws.
 */
public interface Opener {
    /** Knows no keys. */
    Opener NONE = new Opener() {
        @Override
        public Optional<Opened> esp(IpAddress destination, IpAddress finalDestination, Octets esp) {
            return Optional.empty();
        }

        @Override
        public Optional<Opened> ah(Octets packet) {
            return Optional.empty();
        }

        @Override
        public boolean isEsp(int sourcePort, int destinationPort, Octets data) {
            return false;
        }

        @Override
        public Ike isakmp(IsakmpMessage message, IpAddress source) {
            return Ike.UNKNOWN;
        }
    };

    /**
     * What an SA made of a packet.
     *
     * @param node     whose SA it is; "": not known, nor are its mode, source and selector
     * @param sequence all bits of the sequence number
     * @param what     opened, or why not
     * @param window   what the receiver's replay window says of the sequence number; "": not known
     */
    record Opened(String node, Sa sa, long sequence, Unwrapped what, String window) {}

    /**
     * What is known of an ISAKMP message beyond its octets.
     *
     * @param plain       of an encrypted one its payloads and padding; empty: in the clear, or key or IV are not known
     * @param fromStarter whether the end that began its exchange sent it; empty: not known
     */
    record Ike(Optional<Octets> plain, Optional<Boolean> fromStarter) {
        public static final Ike UNKNOWN = new Ike(Optional.empty(), Optional.empty());
    }

    /**
     * Opens ESP.
     *
     * @param destination      on the wire
     * @param finalDestination where a type 2 routing header says so, else the same
     * @param esp              from the ESP header to the end of the packet
     * @return empty: no SA is known that it could be of
     */
    Optional<Opened> esp(IpAddress destination, IpAddress finalDestination, Octets esp);

    /**
     * Opens AH.
     *
     * @param packet from its IP header on, in wire form, AH is next
     * @return empty: no SA is known that it could be of
     */
    Optional<Opened> ah(Octets packet);

    /** Whether the data of a UDP datagram is ESP of an SA with these ports, other than those of RFC 3948. */
    boolean isEsp(int sourcePort, int destinationPort, Octets data);

    /**
     * Tells what it knows of an ISAKMP message. Asked about each one, also in the clear, so that one that knows nothing but keys can learn.
     *
     * @param source of the packet
     */
    Ike isakmp(IsakmpMessage message, IpAddress source);
}
