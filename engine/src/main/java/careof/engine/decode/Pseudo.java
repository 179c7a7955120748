package careof.engine.decode;

import careof.engine.base.Checksum;
import careof.engine.base.Ip4Address;
import careof.engine.base.Ip6Address;
import careof.engine.base.IpAddress;
import careof.engine.base.Malformed;
import careof.engine.base.OctetWriter;
import careof.engine.base.Octets;
import careof.engine.wire.ip.IpPacket;
import java.util.Optional;

/**
 * The pseudo-header of what a packet carries.
 *
 * @param source      with a Home Address option the home address
 * @param destination the final one; null if a routing header of a type unknown here hides it
 * @param whole       whether all octets are there
 * @param ip          the packet from its IP header on, which AH covers; empty if not all of it is there
 */
record Pseudo(IpAddress source, IpAddress destination, boolean whole, Octets ip) {

    /** The same with the source that a Home Address option gives. */
    Pseudo from(Ip6Address home) {
        return new Pseudo(home, destination, whole, ip);
    }

    /** The same with the destination that a routing header gives. */
    Pseudo to(Ip6Address last) {
        return new Pseudo(source, last, whole, ip);
    }

    /** The same with AH or ESP taken off. */
    Pseudo around(int protocol, Octets payload) {
        return new Pseudo(source, destination, whole, packet().map(p -> p.exchanged(ip, protocol, payload)).orElse(Octets.EMPTY));
    }

    /** The packet, if all of it is there. */
    Optional<IpPacket> packet() {
        try {
            return ip.isEmpty() ? Optional.empty() : Optional.of(IpPacket.parse(ip));
        } catch (Malformed e) {
            return Optional.empty();
        }
    }

    /** Whether a checksum over this can be judged. */
    boolean judged() {
        return whole && destination != null;
    }

    /** The right checksum of {@code upper}, whose checksum field is at {@code at}; 0 if it cannot be {@link #judged}. */
    int right(int protocol, Octets upper, int at) {
        if (!judged()) {
            return 0;
        }
        Octets zeroed = without(upper, at);
        return switch (source) {
            case Ip6Address s -> Checksum.ip6(s, (Ip6Address) destination, protocol, zeroed);
            case Ip4Address s -> Checksum.ip4(s, (Ip4Address) destination, protocol, zeroed);
        };
    }

    /** The octets with a checksum field of zero. */
    static Octets without(Octets octets, int at) {
        return new OctetWriter(octets.length()).octets(octets).patch16(at, 0).toOctets();
    }

    /**
     * Adds a checksum field and what is to be said of it.
     *
     * @param at    offset of the field in the frame
     * @param found as it stands
     * @param right as it should be
     * @param judged as {@link #judged}
     * @param none  the sender computed none and may do so
     */
    static void verdict(Node n, String prefix, int at, int found, int right, boolean judged, boolean none) {
        Node checksum = n.leaf("Checksum", prefix + ".checksum", at, at + 2, hex(found));
        String name = "Checksum verdict";
        String abbreviation = prefix + ".checksum.status";
        if (none) {
            checksum.leaf(name, abbreviation, at, at + 2, "none (not computed by the sender)");
        } else if (!judged) {
            checksum.leaf(name, abbreviation, at, at + 2, "unverified (not all of what it covers is here)");
        } else if (found == right || (found == 0xffff || found == 0) && (right == 0 || right == 0xffff)) {
            checksum.leaf(name, abbreviation, at, at + 2, "good");
        } else {
            checksum.error(name, abbreviation, at, at + 2, "bad (should be " + hex(right) + ")");
        }
    }

    private static String hex(int sum) {
        return String.format("0x%04x", sum);
    }
}
