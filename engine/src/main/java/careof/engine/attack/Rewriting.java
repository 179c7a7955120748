package careof.engine.attack;

import careof.engine.base.Checksum;
import careof.engine.base.Ip4Address;
import careof.engine.base.Ip6Address;
import careof.engine.base.Malformed;
import careof.engine.base.OctetWriter;
import careof.engine.base.Octets;
import careof.engine.decode.Dissector;
import careof.engine.decode.Field;
import careof.engine.decode.LinkType;
import careof.engine.wire.ip.Ethernet;
import careof.engine.wire.ip.Ip6Packet;
import careof.engine.wire.ip.IpProtocol;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Writes another value into a field of a frame, of the same length. */
final class Rewriting {
    private Rewriting() {}

    /** A frame after the rewrite, and what stood there before. */
    record Rewritten(Octets frame, String before) {}

    /**
     * @param field name as in the packet tree, the first of that name; or "octet:N" of the IP packet
     * @param value address, number, or 0x and hexadecimal digits
     * @param fix   makes checksums of upper layers right for what stands there now
     * @return empty: the frame has no such field, or the value does not fit it
     */
    static Optional<Rewritten> rewrite(Octets frame, String field, String value, boolean fix) {
        int[] range = range(frame, field, value);
        if (range == null) {
            return Optional.empty();
        }
        Optional<Octets> octets = octets(value, range[1] - range[0]);
        if (octets.isEmpty()) {
            return Optional.empty();
        }
        byte[] changed = frame.toArray();
        octets.get().copyTo(changed, range[0]);
        String before = "0x" + frame.slice(range[0], range[1]).toHex();
        if (fix) {
            fix(changed, Ethernet.HEADER);
        }
        return Optional.of(new Rewritten(Octets.wrap(changed), before));
    }

    private static int[] range(Octets frame, String field, String value) {
        if (field.startsWith("octet:")) {
            int at = Ethernet.HEADER + Integer.parseInt(field.substring("octet:".length()));
            int length = value.startsWith("0x") ? (value.length() - 2) / 2 : value.indexOf(':') >= 0 ? 16 : value.indexOf('.') >= 0 ? 4 : 1;
            return at + length <= frame.length() ? new int[] {at, at + length} : null;
        }
        List<Field> found = new ArrayList<>();
        Dissector.dissect(frame, LinkType.ETHERNET).walk(one -> {
            if (one.abbreviation().equalsIgnoreCase(field) && one.children().isEmpty() && one.end() > one.start() && one.octets() == frame) {
                found.add(one);
            }
        });
        return found.isEmpty() ? null : new int[] {found.getFirst().start(), found.getFirst().end()};
    }

    /** The value in so many octets; empty: it does not fit. */
    private static Optional<Octets> octets(String value, int length) {
        try {
            if (value.startsWith("0x")) {
                return Optional.of(Octets.hex(value.substring(2))).filter(octets -> octets.length() == length);
            } else if (value.indexOf(':') >= 0) {
                return Optional.of(new OctetWriter(16).address(Ip6Address.parse(value)).toOctets()).filter(octets -> octets.length() == length);
            } else if (value.indexOf('.') >= 0) {
                return Optional.of(new OctetWriter(4).address(Ip4Address.parse(value)).toOctets()).filter(octets -> octets.length() == length);
            }
            byte[] number = new BigInteger(value).toByteArray();
            byte[] octets = new byte[length];
            int leading = number.length > length && number[0] == 0 ? 1 : 0;
            if (number.length - leading > length) {
                return Optional.empty();
            }
            System.arraycopy(number, leading, octets, length - number.length + leading, number.length - leading);
            return Optional.of(Octets.wrap(octets));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** Upper-layer checksums of the IPv6 packet at an offset and of those within it; what cannot be read stays as it is. */
    private static void fix(byte[] frame, int from) {
        try {
            Ip6Packet packet = Ip6Packet.parse(Octets.wrap(frame).from(from));
            if (packet.fragment().isPresent()) {
                return;
            }
            int payload = from + packet.length() - packet.payload().length();
            int checksum = switch (packet.protocol()) {
                case IpProtocol.UDP -> 6;
                case IpProtocol.TCP -> 16;
                case IpProtocol.ICMP6 -> 2;
                case IpProtocol.MOBILITY -> 4;
                default -> -1;
            };
            if (packet.protocol() == IpProtocol.IP6) {
                fix(frame, payload);
            } else if (checksum >= 0 && packet.payload().length() >= checksum + 2) {
                frame[payload + checksum] = 0;
                frame[payload + checksum + 1] = 0;
                int sum = Checksum.ip6(packet.originalSource(), packet.finalDestination(), packet.protocol(),
                        Octets.wrap(frame).slice(payload, payload + packet.payload().length()));
                sum = sum == 0 && packet.protocol() == IpProtocol.UDP ? 0xffff : sum;
                frame[payload + checksum] = (byte) (sum >> 8);
                frame[payload + checksum + 1] = (byte) sum;
            }
        } catch (Malformed e) {
            // no checksum to be found
        }
    }
}
