package careof.engine.decode;

import careof.engine.base.AtomicFile;
import careof.engine.base.Ip4Address;
import careof.engine.base.Ip6Address;
import careof.engine.base.IpAddress;
import careof.engine.base.MacAddress;
import careof.engine.base.Malformed;
import careof.engine.base.OctetWriter;
import careof.engine.base.Octets;
import careof.engine.base.Progress;
import careof.engine.capture.CapturedPacket.Direction;
import careof.engine.capture.PcapngWriter;
import careof.engine.lab.Lab;
import careof.engine.trace.TraceEvent.FrameSent;
import careof.engine.trace.TraceStore;
import careof.engine.wire.ip.Ethernet;
import careof.engine.wire.ip.Ip4Packet;
import careof.engine.wire.ip.Ip6Packet;
import careof.engine.wire.ip.IpProtocol;
import careof.engine.wire.ip.Udp;
import careof.engine.wire.isakmp.IsakmpHeader;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Writes the ISAKMP messages of a run as a capture of their own, each once, as it stands in no tunnel, and one exchange behind the other. Wireshark takes an
 * encrypted message for the successor of the last one that it saw under the same phase one: copies on other links, repetitions and exchanges that cross
 * lead it astray in a whole capture; here its table of keys opens every message.
 */
public final class IkeExport {
    private static final int ETHERNET = 1;
    private static final int REPORT = 1024;
    private static final MacAddress NOBODY = new MacAddress(0);

    private record Exchange(long cookie, long messageId) {}

    private record Message(long at, long event, IpAddress source, IpAddress destination, int port, Octets octets) {}

    /** By phase one, then exchange, then what was sent, all in the order of their first message. */
    private final Map<Long, Map<Exchange, Set<Octets>>> exchanges = new LinkedHashMap<>();
    private final Map<Octets, Message> messages = new LinkedHashMap<>();

    private IkeExport() {}

    /**
     * Writes the file, whole or not at all.
     *
     * @param progress hears frames read of all frames
     * @return messages written
     */
    public static int write(TraceStore trace, Lab lab, Path target, Progress progress) throws IOException {
        IkeExport export = new IkeExport();
        export.read(trace, progress);
        BigInteger epoch = BigInteger.valueOf(lab.epoch().getEpochSecond()).multiply(BigInteger.valueOf(1_000_000_000)).add(BigInteger.valueOf(lab.epoch().getNano()));
        AtomicFile.write(target, out -> {
            PcapngWriter writer = new PcapngWriter(out, "Careof", "lab " + lab.name() + ", seed " + lab.seed() + ", ISAKMP messages, one exchange behind the other");
            int on = writer.addInterface("ike", "ISAKMP messages", ETHERNET);
            for (Message message : export.inOrder()) {
                writer.packet(on, epoch.add(BigInteger.valueOf(message.at)).longValueExact(), Direction.OUTBOUND, frame(message), "event " + message.event);
            }
        });
        return export.messages.size();
    }

    private void read(TraceStore trace, Progress progress) throws IOException {
        Opener opener = KnownSas.of(trace);
        for (long i = trace.framesUpTo(trace.first() - 1); i < trace.frameCount(); i++) {
            if (i % REPORT == 0) {
                progress.report(i, trace.frameCount());
            }
            if (trace.find(trace.frameEvent(i)).orElse(null) instanceof FrameSent sent) {
                take(sent, Dissector.dissect(sent.frame(), LinkType.ETHERNET, opener));
            }
        }
    }

    private void take(FrameSent sent, Field tree) {
        IpAddress[] ends = new IpAddress[2];
        tree.walk(field -> {
            switch (field.abbreviation()) {
                case "ipv6.src", "ip.src" -> ends[0] = IpAddress.parse(field.value());
                case "ipv6.dst", "ip.dst" -> ends[1] = IpAddress.parse(field.value());
                case "isakmp" -> keep(new Message(sent.at(), sent.id(), ends[0], ends[1], IsakmpHeader.PORT, field.octets().slice(field.start(), field.end())));
                default -> { }
            }
        });
    }

    private void keep(Message message) {
        try {
            IsakmpHeader header = IsakmpHeader.parse(message.octets);
            if (messages.putIfAbsent(message.octets, message) == null) {
                exchanges.computeIfAbsent(header.initiatorCookie(), _ -> new LinkedHashMap<>())
                        .computeIfAbsent(new Exchange(header.initiatorCookie(), header.messageId()), _ -> new LinkedHashSet<>()).add(message.octets);
            }
        } catch (Malformed e) {
            // less than a header: nobody can tell which exchange it is of
        }
    }

    private List<Message> inOrder() {
        List<Message> all = new ArrayList<>();
        exchanges.values().forEach(phaseOne -> phaseOne.values().forEach(exchange -> exchange.forEach(octets -> all.add(messages.get(octets)))));
        return all;
    }

    private static Octets frame(Message message) {
        OctetWriter out = new OctetWriter();
        boolean ip6 = message.source instanceof Ip6Address;
        new Ethernet(NOBODY, NOBODY, ip6 ? Ethernet.IP6 : Ethernet.IP4).emit(out);
        Octets datagram = new Udp(message.port, message.port, message.octets).toOctets(message.source, message.destination);
        return out.octets(ip6 ? Ip6Packet.of((Ip6Address) message.source, (Ip6Address) message.destination, IpProtocol.UDP, datagram).toOctets()
                : Ip4Packet.of((Ip4Address) message.source, (Ip4Address) message.destination, IpProtocol.UDP, datagram).toOctets()).toOctets();
    }
}
