package careof.engine.decode;

import careof.engine.query.FieldSource;
import java.util.ArrayList;
import java.util.List;

/** What queries ask of packets, answered by the {@link Dissector}; remembers the last packet. For one thread. */
public final class PacketFields implements FieldSource {
    private Packet treeOf;
    private Field tree;
    private Packet summaryOf;
    private PacketSummary summary;

    private static LinkType link(Packet packet) {
        return packet.ethernet() ? LinkType.ETHERNET : LinkType.RAW_IP;
    }

    private Field tree(Packet packet) {
        if (!packet.equals(treeOf)) {
            tree = Dissector.dissect(packet.octets(), link(packet));
            treeOf = packet;
        }
        return tree;
    }

    private PacketSummary line(Packet packet) {
        if (!packet.equals(summaryOf)) {
            summary = Summary.of(packet.octets(), link(packet));
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
        tree(packet).children().forEach(layer -> words.add(layer.abbreviation()));
        return words;
    }

    @Override
    public String summary(Packet packet) {
        PacketSummary line = line(packet);
        return line.source() + " " + line.destination() + " " + line.protocol() + " " + line.shortName() + " " + line.info();
    }
}
