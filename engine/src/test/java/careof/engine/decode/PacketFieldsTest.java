package careof.engine.decode;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import careof.engine.base.Ip6Address;
import careof.engine.base.MacAddress;
import careof.engine.base.OctetWriter;
import careof.engine.base.Octets;
import careof.engine.query.FieldSource.Packet;
import careof.engine.query.Query;
import careof.engine.trace.Detail;
import careof.engine.trace.Reason;
import careof.engine.trace.TraceEvent.Dropped;
import careof.engine.trace.TraceEvent.FrameSent;
import careof.engine.trace.TraceStore;
import careof.engine.wire.ip.Ethernet;
import careof.engine.wire.ip.ExtensionHeader;
import careof.engine.wire.ip.Ip6Option;
import careof.engine.wire.ip.Ip6Packet;
import careof.engine.wire.ip.IpProtocol;
import careof.engine.wire.ip.Udp;
import careof.engine.wire.mobility.MobilityHeader;
import careof.engine.wire.mobility.MobilityMessage;
import java.util.List;
import org.junit.jupiter.api.Test;

class PacketFieldsTest {
    private static final Ip6Address S = Ip6Address.parse("2001:db8:1::1");
    private static final Ip6Address D = Ip6Address.parse("2001:db8:2::2");
    private static final Ip6Address H = Ip6Address.parse("2001:db8:3::3");

    private static Octets frame(Ip6Packet packet) {
        OctetWriter out = new OctetWriter();
        new Ethernet(new MacAddress(1), new MacAddress(2), Ethernet.IP6).emit(out);
        return out.octets(packet.toOctets()).toOctets();
    }

    private static Ip6Packet update() {
        MobilityMessage message = new MobilityMessage.BindingUpdate(9, true, true, false, false, 10, List.of());
        return Ip6Packet.of(S, D, IpProtocol.MOBILITY, MobilityHeader.of(message).toOctets(H, D))
                .withExtensions(List.of(ExtensionHeader.DestinationOptions.of(new Ip6Option.HomeAddress(H))));
    }

    private static Ip6Packet data() {
        return Ip6Packet.of(S, D, IpProtocol.UDP, new Udp(1000, 2000, Octets.zeros(16)).toOctets(S, D));
    }

    @Test
    void queriesAskRealPackets() throws Exception {
        TraceStore trace = new TraceStore(Detail.FULL);
        trace.append(new FrameSent(1, 0, "mn", 0, 1, 0, "eth0", "l", 1, 0, List.of(), frame(update())));
        trace.append(new FrameSent(2, 0, "mn", 0, 2, 0, "eth0", "l", 2, 0, List.of(), frame(data())));
        trace.append(new Dropped(3, 0, "mn", 0, 3, Reason.NO_ROUTE, List.of(D.toString()), "", "", update().toOctets()));
        PacketFields fields = new PacketFields();
        for (String query : List.of("protocol == BU", "protocol == mobility", "protocol == mipv6 or protocol == MIPv6", "ipv6.src == 2001:db8:1::/48 and protocol == BU", "BU 2001:db8:2::2")) {
            assertTrue(Query.parse(query).matches(trace.get(1), trace, fields), query);
            assertFalse(Query.parse(query).matches(trace.get(2), trace, fields), query);
            assertTrue(Query.parse(query).matches(trace.get(3), trace, fields), query);
        }
        assertTrue(Query.parse("udp.dstport == 2000 and ipv6.dst == 2001:db8:2:0::2").matches(trace.get(2), trace, fields));
        assertFalse(Query.parse("udp.dstport == 2000").matches(trace.get(1), trace, fields));
        assertFalse(Query.parse("eth.type == 0x86dd").matches(trace.get(3), trace, fields));
    }

    /** As in Wireshark: at either end. */
    @Test
    void anAddressOrAPortMayBeAtEitherEnd() {
        PacketFields fields = new PacketFields();
        Packet packet = new Packet(frame(data()), true);
        assertEquals(List.of(S.toString(), D.toString()), fields.values(packet, "ipv6.addr"));
        assertEquals(List.of("1000", "2000"), fields.values(packet, "udp.port"));
        assertEquals(List.of(fields.values(packet, "eth.src").getFirst(), fields.values(packet, "eth.dst").getFirst()).stream().sorted().toList(),
                fields.values(packet, "eth.addr").stream().sorted().toList());
        assertEquals(List.of(), fields.values(packet, "tcp.port"));
    }

    @Test
    void itIsKnownWhichFieldsNoPacketHad() {
        PacketFields fields = new PacketFields();
        fields.values(new Packet(frame(update()), true), "udp.dstport");
        fields.values(new Packet(frame(update()), true), "foo.bar");
        assertEquals(List.of("foo.bar", "udp.dstport"), List.copyOf(fields.absent()));
        fields.values(new Packet(frame(data()), true), "udp.dstport");
        fields.values(new Packet(frame(update()), true), "udp.dstport");
        assertEquals(List.of("foo.bar"), List.copyOf(fields.absent()));
        assertEquals(List.of("udp.dstport"), List.copyOf(fields.found()));
    }

    @Test
    void everyFieldOfTheTreeAnswersToItsAbbreviation() {
        Packet packet = new Packet(frame(update()), true);
        PacketFields fields = new PacketFields();
        Dissector.dissect(packet.octets(), LinkType.ETHERNET)
                .walk(field -> assertTrue(fields.values(packet, field.abbreviation()).contains(field.bareValue()), field.toString()));
        assertEquals(List.of(), fields.values(packet, "udp.dstport"));
    }
}
