package careof.engine.decode;

import careof.engine.query.FieldSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * What queries ask of packets, answered by the {@link Dissector}; remembers the last packet. For one thread.
 *
 * <p>As in Wireshark, {@code eth.addr}, {@code ip.addr}, {@code ipv6.addr}, {@code tcp.port} and {@code udp.port} stand for what is at either end.
 */
public final class PacketFields implements FieldSource {
    private final Opener opener;
    private Packet treeOf;
    private Field tree;
    private Packet summaryOf;
    private PacketSummary summary;
    private final SortedSet<String> found = new TreeSet<>();
    private final SortedSet<String> absent = new TreeSet<>();

    /** Without any key. */
    public PacketFields() {
        this(Opener.NONE);
    }

    /** With what is encrypted, where its key is known. */
    public PacketFields(Opener opener) {
        this.opener = opener;
    }

    private static LinkType link(Packet packet) {
        return LinkType.of(packet.linkType());
    }

    private Field tree(Packet packet) {
        if (!packet.equals(treeOf)) {
            tree = Dissector.dissect(packet.octets(), link(packet), opener, packet.cut());
            treeOf = packet;
        }
        return tree;
    }

    private PacketSummary line(Packet packet) {
        if (!packet.equals(summaryOf)) {
            summary = CaptureDissector.summary(packet.octets(), link(packet), opener, packet.cut());
            summaryOf = packet;
        }
        return summary;
    }

    @Override
    public List<String> values(Packet packet, String field) {
        List<String> names = names(field);
        List<String> values = new ArrayList<>();
        tree(packet).walk(one -> {
            if (names.stream().anyMatch(one.abbreviation()::equalsIgnoreCase)) {
                values.add(one.bareValue());
            }
        });
        if (!values.isEmpty()) {
            found.add(field);
            absent.remove(field);
        } else if (!found.contains(field)) {
            absent.add(field);
        }
        return values;
    }

    /** The fields that a name stands for. */
    private static List<String> names(String field) {
        return switch (field.toLowerCase(Locale.ROOT)) {
            case "eth.addr" -> List.of("eth.src", "eth.dst");
            case "ip.addr" -> List.of("ip.src", "ip.dst");
            case "ipv6.addr" -> List.of("ipv6.src", "ipv6.dst");
            case "tcp.port" -> List.of("tcp.srcport", "tcp.dstport");
            case "udp.port" -> List.of("udp.srcport", "udp.dstport");
            default -> List.of(field);
        };
    }

    /** The fields that have been asked for, and that a packet had. */
    public SortedSet<String> found() {
        return Collections.unmodifiableSortedSet(found);
    }

    /** The fields that have been asked for, and that no packet had. */
    public SortedSet<String> absent() {
        return Collections.unmodifiableSortedSet(absent);
    }

    @Override
    public List<String> protocols(Packet packet) {
        List<String> words = new ArrayList<>();
        PacketSummary line = line(packet);
        words.add(line.shortName());
        words.add(line.protocol());
        words.add(line.kind().name().replace('_', '-'));
        layers(tree(packet), words);
        return words;
    }

    /** Headers are side by side; those that were encrypted are below. */
    private static void layers(Field of, List<String> words) {
        for (Field layer : of.children()) {
            words.add(layer.abbreviation());
            layer.children().stream().filter(field -> field.octets() != layer.octets()).forEach(decrypted -> layers(decrypted, words));
        }
    }

    @Override
    public String summary(Packet packet) {
        PacketSummary line = line(packet);
        return line.source() + " " + line.destination() + " " + line.protocol() + " " + line.label() + " " + line.info();
    }
}
