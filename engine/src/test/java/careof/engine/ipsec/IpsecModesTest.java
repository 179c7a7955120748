package careof.engine.ipsec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import careof.engine.crypto.Authentication;
import careof.engine.crypto.Encryption;
import careof.engine.ipsec.IpsecKit.Layer;
import careof.engine.ipsec.IpsecKit.Node;
import careof.engine.state.AddressRange;
import careof.engine.state.Sa;
import careof.engine.state.Selector;
import careof.engine.state.SpdEntry;
import careof.engine.trace.Reason;
import careof.engine.trace.TraceEvent;
import careof.engine.wire.ip.ExtensionHeader;
import careof.engine.wire.ip.Ip6Option;
import careof.engine.wire.ip.Ip6Packet;
import careof.engine.wire.ip.IpProtocol;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Packets of one node to another through every kind of SA: what is on the wire, what comes out, what the trace says. */
class IpsecModesTest {
    private static final String A = "2001:db8:1::a";
    private static final String B = "2001:db8:1::b";
    private static final Selector THERE = IpsecKit.any(A, B);

    private final IpsecKit kit = new IpsecKit();
    private final Node a = kit.host("a", "lan", A);
    private final Node b = kit.host("b", "lan", B);

    static Stream<Layer> layers() {
        List<Layer> all = new ArrayList<>();
        for (Authentication authentication : Authentication.values()) {
            for (Encryption encryption : Encryption.values()) {
                // Neither nothing at all nor a stream of key octets that anybody can flip bits in: PF_KEY refuses these.
                boolean alone = encryption != Encryption.NULL && encryption != Encryption.AES_CTR;
                if (encryption != Encryption.NONE && (authentication == Authentication.NULL ? alone : !encryption.isCombined())) {
                    all.add(Layer.esp(encryption, authentication));
                }
            }
            if (authentication != Authentication.NULL) {
                all.add(Layer.ah(authentication));
            }
        }
        return all.stream().flatMap(layer -> Stream.of(layer, layer.tunnel(IpsecKit.ip(A), IpsecKit.ip(B)), layer.withExtended()));
    }

    @ParameterizedTest
    @MethodSource("layers")
    void whatGoesInComesOut(Layer layer) {
        Sa sa = kit.protect(a, b, THERE, layer).getFirst();
        for (int octets : new int[] {0, 1, 3, 100, 1200}) {
            kit.mark();
            b.arrived.clear();
            a.send(IpsecKit.udp(A, B, octets));
            assertEquals(List.of(), kit.drops());
            assertEquals(List.of(layer.protocol().number()), kit.wire("lan").stream().map(Ip6Packet::protocol).toList());
            assertEquals(List.of(IpsecKit.udp(A, B, octets)), b.arrived.stream().map(in -> in.ip()).toList());
            assertEquals(List.of(sa.spi()), b.arrived.getFirst().sas().stream().map(Sa::spi).toList());
            assertEquals(layer.mode() == Sa.Mode.TUNNEL, b.arrived.getFirst().tunnel().isPresent());
        }
        Sa there = b.sa(layer.protocol());
        assertEquals(5, a.use(sa).sequence());
        assertEquals(5, b.use(there).sequence());
        assertEquals(5, b.use(there).packets());
        assertEquals(0b11111, b.use(there).window());
        assertEquals(a.use(sa).octets(), b.use(there).octets(), "both ends count the same octets");
        kit.folds();
    }

    @Test
    void theTraceNamesEntryAndSa() {
        Sa sa = kit.protect(a, b, THERE, Layer.esp()).getFirst();
        kit.mark();
        a.send(IpsecKit.udp(A, B, 10));
        TraceEvent.Decided applied = kit.decisions(a, Reason.IPSEC_APPLIED).getFirst();
        assertEquals("sa " + sa.id(), applied.entry());
        assertEquals("protected by " + sa + ", sequence number 1", applied.reason().text(applied.args()));
        assertEquals("sa " + b.sa(Sa.Protocol.ESP).id(), kit.decisions(b, Reason.IPSEC_REMOVED).getFirst().entry());
        assertEquals("spd-entry " + b.spd.entries().getFirst().id(), kit.decisions(b, Reason.SPD_ACCEPTED).getFirst().entry());
    }

    @Test
    void twoTransformsOfOnePacket() {
        List<Sa> sas = kit.protect(a, b, THERE, Layer.esp(), Layer.ah());
        kit.mark();
        a.send(IpsecKit.udp(A, B, 100));
        assertEquals(List.of(IpProtocol.AH), kit.wire("lan").stream().map(Ip6Packet::protocol).toList());
        assertEquals(List.of(), kit.drops());
        assertEquals(List.of(sas.get(1).spi(), sas.get(0).spi()), b.arrived.getFirst().sas().stream().map(Sa::spi).toList(), "outermost first");
        assertEquals(IpsecKit.udp(A, B, 100), b.arrived.getFirst().ip());
    }

    @Test
    void transportWithinATunnelWithinAnother() {
        Layer inner = Layer.esp(Encryption.AES_GCM, Authentication.NULL).tunnel(IpsecKit.ip(A), IpsecKit.ip(B));
        Layer outer = Layer.ah().tunnel(IpsecKit.ip(A), IpsecKit.ip(B));
        List<Sa> sas = kit.protect(a, b, THERE, Layer.ah(), inner, outer);
        kit.mark();
        a.send(IpsecKit.udp(A, B, 100));
        assertEquals(List.of(), kit.drops());
        assertEquals(IpsecKit.udp(A, B, 100), b.arrived.getFirst().ip());
        assertEquals(sas.reversed().stream().map(Sa::spi).toList(), b.arrived.getFirst().sas().stream().map(Sa::spi).toList());
        kit.folds();
    }

    @Test
    void aTunnelIsCoveredByTransportMode() {
        List<Sa> sas = kit.protect(a, b, THERE, Layer.esp().tunnel(IpsecKit.ip(A), IpsecKit.ip(B)), Layer.ah());
        kit.mark();
        a.send(IpsecKit.udp(A, B, 100));
        assertEquals(List.of(), kit.drops());
        assertEquals(List.of(IpProtocol.AH), kit.wire("lan").stream().map(Ip6Packet::protocol).toList());
        assertEquals(sas.reversed().stream().map(Sa::spi).toList(), b.arrived.getFirst().sas().stream().map(Sa::spi).toList());
    }

    @Test
    void espInUdp() {
        kit.protect(a, b, THERE, Layer.esp().inUdp());
        kit.mark();
        a.send(IpsecKit.udp(A, B, 100));
        assertEquals(List.of(), kit.drops());
        assertEquals(List.of(IpProtocol.UDP), kit.wire("lan").stream().map(Ip6Packet::protocol).toList());
        assertEquals(4500, kit.wire("lan").getFirst().payload().u16(2));
        assertEquals(IpsecKit.udp(A, B, 100), b.arrived.getFirst().ip());
    }

    @Test
    void aTunnelInUdp() {
        kit.protect(a, b, THERE, Layer.esp().inUdp().tunnel(IpsecKit.ip(A), IpsecKit.ip(B)));
        kit.mark();
        a.send(IpsecKit.udp(A, B, 100));
        assertEquals(List.of(), kit.drops());
        assertEquals(IpsecKit.udp(A, B, 100), b.arrived.getFirst().ip());
    }

    @Test
    void anSaWithoutUdpTakesNoneInUdp() {
        kit.protect(a, b, THERE, Layer.esp().inUdp());
        Sa there = b.sa(Sa.Protocol.ESP);
        Sa plain = new Sa(there.id(), there.spi(), there.protocol(), there.mode(), there.source(), there.destination(), there.selector(), there.encryption(),
                there.encryptionKey(), there.authentication(), there.authenticationKey(), false, 64, 0, there.lifetimes(), Sa.UdpPorts.NONE, there.phase(), 0);
        b.sad.put(plain, Reason.PF_KEY);
        kit.mark();
        a.send(IpsecKit.udp(A, B, 100));
        assertEquals(List.of(Reason.IPSEC_SELECTOR), kit.dropReasons());
    }

    /** Destination options that stand behind ESP are read once it is off. */
    @Test
    void extensionHeadersBehindEsp() {
        kit.protect(a, b, THERE, Layer.esp());
        Ip6Packet plain = IpsecKit.udp(A, B, 8);
        Ip6Packet options = plain.withExtensions(List.of(ExtensionHeader.DestinationOptions.of()));
        Sa sa = a.sa(Sa.Protocol.ESP);
        kit.mark();
        kit.say("lan", b, sealed(sa, options, 1));
        assertEquals(List.of(), kit.drops());
        assertEquals(plain.payload(), b.arrived.getFirst().ip().payload());

        Ip6Packet home = plain.withExtensions(List.of(ExtensionHeader.DestinationOptions.of(new Ip6Option.HomeAddress(IpsecKit.ip("2001:db8:9::9")))));
        b.arrived.clear();
        kit.say("lan", b, sealed(sa, home, 2));
        assertEquals(List.of(Reason.IPSEC_SELECTOR), kit.dropReasons(), "a home address option behind ESP changes no source");
        Sa there = b.sa(Sa.Protocol.ESP);
        b.sad.put(IpsecKit.with(there, Selector.between(AddressRange.ALL_IP6, AddressRange.ALL_IP6)), Reason.PF_KEY);
        kit.say("lan", b, sealed(sa, home, 3));
        assertEquals(List.of(Reason.IPSEC_SELECTOR, Reason.UNKNOWN_OPTION), kit.dropReasons(), "whatever the SA is for");
        assertTrue(b.arrived.isEmpty());
    }

    /** What is behind the IPv6 header of a packet, in ESP. */
    private static careof.engine.base.Octets sealed(Sa sa, Ip6Packet packet, long sequence) {
        careof.engine.base.Octets behind = packet.toOctets().from(40);
        careof.engine.base.Octets esp = new EspTransform(sa).seal(packet.header().nextHeader(), behind, 0, sequence, ordinal -> ordinal);
        return Ip6Packet.of(packet.source(), packet.destination(), IpProtocol.ESP, esp).toOctets();
    }

    @Test
    void anOptionalTransformMayBeMissing() {
        SpdEntry.Template[] use = IpsecKit.templates(SpdEntry.Level.USE, Layer.esp());
        b.policy(SpdEntry.Direction.IN, THERE, SpdEntry.Action.PROTECT, use);
        kit.mark();
        a.send(IpsecKit.udp(A, B, 10));
        assertEquals(List.of(), kit.drops());
        kit.secure(a, b, THERE, Layer.esp());
        a.policy(SpdEntry.Direction.OUT, THERE, SpdEntry.Action.PROTECT, use);
        a.send(IpsecKit.udp(A, B, 10));
        assertEquals(List.of(IpProtocol.UDP, IpProtocol.ESP), kit.wire("lan").stream().map(Ip6Packet::protocol).toList());
        assertEquals(2, b.arrived.size());
        assertFalse(b.arrived.get(1).sas().isEmpty());
    }
}
