package careof.app.inspector;

import careof.engine.capture.CapturedPacket;
import careof.engine.capture.CapturedPacket.Direction;
import careof.engine.decode.Field;
import careof.engine.decode.LinkType;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What a capture file says of a packet beside its octets, as fields that have none. */
final class CaptureText {
    static final String PACKET = "frame.packet";

    private CaptureText() {}

    static Field of(CapturedPacket packet) {
        List<Field> fields = new ArrayList<>();
        packet.comments().forEach(comment -> fields.add(field(packet, "Comment", comment, "frame.comment")));
        fields.add(field(packet, "Seen", time(packet), "frame.time"));
        fields.add(field(packet, "Interface", face(packet), "frame.interface_name"));
        fields.add(field(packet, "Link type", link(packet.on().linkType()), "frame.encap_type"));
        fields.add(field(packet, "Length", packet.isCut() ? packet.length() + " octets, of which " + packet.octets().length() + " were kept" : packet.length() + " octets",
                "frame.len"));
        if (packet.direction() != Direction.UNKNOWN) {
            fields.add(field(packet, "Direction", packet.direction().name().toLowerCase(Locale.ROOT), "frame.packet_flags_direction"));
        }
        String line = packet.length() + " octets" + (packet.isCut() ? " (" + packet.octets().length() + " kept)" : "")
                + (packet.on().name().isEmpty() ? "" : ", " + packet.on().name()) + (packet.comments().isEmpty() ? "" : ", " + packet.comments().getFirst());
        return new Field("Packet " + packet.number(), line, 0, 0, fields, false, PACKET, packet.octets());
    }

    private static Field field(CapturedPacket packet, String name, String value, String abbreviation) {
        return new Field(name, value, 0, 0, List.of(), false, abbreviation, packet.octets());
    }

    private static String time(CapturedPacket packet) {
        try {
            return packet.at() == 0 ? "the file does not say when" : Instant.EPOCH.plusNanos(packet.at()).toString();
        } catch (DateTimeException | ArithmeticException e) {
            return packet.at() + " ns after 1970";
        }
    }

    private static String face(CapturedPacket packet) {
        String name = packet.on().name().isEmpty() ? "without a name" : packet.on().name();
        return packet.on().description().isEmpty() ? name : name + " (" + packet.on().description() + ")";
    }

    /** A link type in words. */
    private static String link(int number) {
        return switch (LinkType.of(number)) {
            case NULL, LOOP -> "loopback";
            case ETHERNET -> "Ethernet";
            case RAW_IP -> "raw IP";
            case LINUX_SLL -> "Linux cooked";
            case LINUX_SLL2 -> "Linux cooked v2";
            case IP4 -> "IPv4";
            case IP6 -> "IPv6";
            case UNKNOWN -> "unknown, number " + number;
        };
    }
}
