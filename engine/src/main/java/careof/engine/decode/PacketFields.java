package careof.engine.decode;

import careof.engine.query.FieldSource;
import java.util.ArrayList;
import java.util.List;

/** What queries ask of packets, answered by the {@link Dissector}; remembers the last packet. For one thread. */
public final class PacketFields implements FieldSource {
    private final Opener opener;
    private Packet treeOf;
    private Field tree;
    private Packet summaryOf;
    private PacketSummary summary;

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
        List<String> values = new ArrayList<>();
        tree(packet).walk(found -> {
            if (found.abbreviation().equalsIgnoreCase(field)) {
                values.add(found.bareValue());
            }
        });
        return values;
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
