package careof.app.interop;

import careof.engine.base.Ip6Address;
import careof.engine.base.IpAddress;
import careof.engine.base.Malformed;
import careof.engine.base.OctetWriter;
import careof.engine.base.Octets;
import careof.engine.capture.CaptureReader;
import careof.engine.capture.CapturedPacket;
import careof.engine.capture.SaTable;
import careof.engine.decode.Dissector;
import careof.engine.decode.Field;
import careof.engine.decode.KnownSas;
import careof.engine.decode.LinkType;
import careof.engine.decode.Opener;
import careof.engine.state.Sa;
import careof.engine.wire.ip.Ip6Packet;
import careof.engine.wire.ip.IpProtocol;
import careof.engine.wire.ip.Udp;
import careof.engine.wire.isakmp.IsakmpHeader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The ISAKMP messages of a capture, wherever they lie, each once and one exchange behind the other. tshark takes a message for the one that follows
 * the last it saw: copies on other links, retransmissions and mixed exchanges would lead it astray.
 */
final class IkeCapture {
    private record Exchange(long cookie, long messageId) {}

    private record Message(IpAddress source, IpAddress destination, Octets octets) {}

    /** How many messages there are, and how many of them are encrypted. */
    record Count(int all, int encrypted) {}

    private IkeCapture() {}

    /** Sorts a capture; {@code profile} has the keys of ESP that messages may be in. */
    static Count sort(Path capture, Path profile, Path target) throws IOException, Malformed, SaTable.BadLine {
        Opener opener = KnownSas.of(SaTable.read(Files.readString(profile.resolve("esp_sa")), Sa.Protocol.ESP));
        Map<Long, Map<Exchange, Set<Octets>>> byPhaseOne = new LinkedHashMap<>();
        Map<Octets, Message> messages = new LinkedHashMap<>();
        try (CaptureReader reader = CaptureReader.open(capture)) {
            for (Optional<CapturedPacket> packet = reader.next(); packet.isPresent(); packet = reader.next()) {
                Field tree = Dissector.dissect(packet.get().octets(), LinkType.of(packet.get().on().linkType()), opener);
                for (Message message : find(tree)) {
                    IsakmpHeader header = IsakmpHeader.parse(message.octets);
                    messages.putIfAbsent(message.octets, message);
                    byPhaseOne.computeIfAbsent(header.initiatorCookie(), _ -> new LinkedHashMap<>())
                            .computeIfAbsent(new Exchange(header.initiatorCookie(), header.messageId()), _ -> new LinkedHashSet<>()).add(message.octets);
                }
            }
        }
        OctetWriter pcap = new OctetWriter();
        pcap.u32(0xa1b2c3d4L).u16(2).u16(4).u32(0).u32(0).u32(65535).u32(LinkType.RAW_IP.number());
        int encrypted = 0;
        for (Map<Exchange, Set<Octets>> phaseOne : byPhaseOne.values()) {
            for (Set<Octets> exchange : phaseOne.values()) {
                for (Octets octets : exchange) {
                    Octets datagram = packet(messages.get(octets)).toOctets();
                    pcap.u32(0).u32(0).u32(datagram.length()).u32(datagram.length()).octets(datagram);
                    encrypted += IsakmpHeader.parse(octets).isEncrypted() ? 1 : 0;
                }
            }
        }
        Files.write(target, pcap.toOctets().toArray());
        return new Count(messages.size(), encrypted);
    }

    private static Ip6Packet packet(Message message) {
        Ip6Address source = (Ip6Address) message.source;
        Ip6Address destination = (Ip6Address) message.destination;
        return Ip6Packet.of(source, destination, IpProtocol.UDP, new Udp(500, 500, message.octets).toOctets(source, destination));
    }

    private static List<Message> find(Field tree) {
        List<Message> found = new ArrayList<>();
        IpAddress[] ends = new IpAddress[2];
        tree.walk(field -> {
            switch (field.abbreviation()) {
                case "ipv6.src" -> ends[0] = IpAddress.parse(field.value());
                case "ipv6.dst" -> ends[1] = IpAddress.parse(field.value());
                case "isakmp" -> found.add(new Message(ends[0], ends[1], field.octets().slice(field.start(), field.end())));
                default -> { }
            }
        });
        return found;
    }
}
