package careof.app.inspector;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import careof.app.session.Runs;
import careof.app.session.Series;
import careof.app.session.SessionState;
import careof.engine.base.Ip6Address;
import careof.engine.base.OctetWriter;
import careof.engine.base.Octets;
import careof.engine.decode.LinkType;
import careof.engine.decode.Summary;
import careof.engine.run.Simulation;
import careof.engine.trace.Detail;
import careof.engine.trace.TraceEvent.Control;
import careof.engine.trace.TraceEvent.FrameSent;
import careof.engine.trace.TraceStore;
import careof.engine.wire.isakmp.IsakmpHeader;
import careof.engine.wire.isakmp.IsakmpMessage;
import careof.engine.wire.isakmp.Notification;
import careof.engine.wire.isakmp.NotifyType;
import careof.engine.wire.isakmp.Payload;
import careof.engine.wire.pfkey.PfKeyError;
import careof.engine.wire.pfkey.PfKeyExtension;
import careof.engine.wire.pfkey.PfKeyMessage;
import careof.engine.wire.pfkey.SelectorExtension;
import careof.engine.wire.pfkey.SocketAddress;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ControlTextTest {
    private static final PfKeyMessage DELETE = PfKeyMessage.of(PfKeyMessage.DELETE, PfKeyMessage.ESP, new PfKeyExtension.Association(0x1001, 0, 0, 0, 0, 0),
            new PfKeyExtension.Address(PfKeyExtension.ADDRESS_SRC, 255, 64, new SocketAddress(Ip6Address.parse("2001:db8:1::"), 0)),
            new PfKeyExtension.Address(PfKeyExtension.ADDRESS_DST, 255, 128, new SocketAddress(Ip6Address.parse("2001:db8:1::1"), 0)));

    private static ControlText of(Octets octets, boolean toKernel) {
        return ControlText.of(new Control(1, 0, "ha", 0, 0, "pf-key", toKernel, octets));
    }

    @Test
    void aRequestTellsItsTypeItsSaAndItsAddresses() {
        assertEquals("PF_KEY DELETE to the kernel: ESP 0x00001001 2001:db8:1::/64 → 2001:db8:1::1", of(DELETE.toOctets(), true).line());
    }

    @Test
    void aPolicyTellsProtocolPortsAndTypes() {
        assertTrue(policy(17, 500, 500).endsWith("any → any, UDP ports 500 → 500"), policy(17, 500, 500));
        assertTrue(policy(135, 5, 0).endsWith("any → any, Binding Update"), policy(135, 5, 0));
        assertTrue(policy(58, 128, 0).endsWith("any → any, ICMPv6 type 128"), policy(58, 128, 0));
        assertTrue(policy(255, 0, 0).endsWith("any → any"), policy(255, 0, 0));
    }

    @Test
    void theSelectorExtensionRules() {
        Ip6Address low = Ip6Address.parse("::");
        Ip6Address high = Ip6Address.parse("ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff");
        String types = policy(135, 0, 0, new SelectorExtension(135, 1, 4, 0, 0xffff, low, high, low, high));
        assertTrue(types.endsWith("any → any, Mobility Header HoTI…CoT"), types);
        String echo = policy(58, 0, 0, new SelectorExtension(58, 0, 0, 0, 0, low, high, low, high));
        assertTrue(echo.endsWith("any → any, ICMPv6 type 0 code 0"), echo);
    }

    private static String policy(int protocol, int source, int destination, PfKeyExtension... more) {
        List<PfKeyExtension> extensions = new ArrayList<>(List.of(
                new PfKeyExtension.Address(PfKeyExtension.ADDRESS_SRC, protocol, 0, new SocketAddress(Ip6Address.parse("::"), source)),
                new PfKeyExtension.Address(PfKeyExtension.ADDRESS_DST, protocol, 0, new SocketAddress(Ip6Address.parse("::"), destination))));
        extensions.addAll(List.of(more));
        return of(PfKeyMessage.of(PfKeyMessage.X_SPDADD, 0, extensions.toArray(PfKeyExtension[]::new)).toOctets(), true).line();
    }

    @Test
    void aRefusalTellsItsError() {
        ControlText refused = of(DELETE.refused(PfKeyError.ESRCH).toOctets(), false);
        assertTrue(refused.refused());
        assertTrue(refused.line().startsWith("PF_KEY DELETE from the kernel: refused, ESRCH"), refused.line());
    }

    /** What IKE decrypted ends in the padding of its cipher. */
    @Test
    void aMessageOfIkeTellsItsPayloads() {
        IsakmpHeader header = IsakmpHeader.of(1, 2, IsakmpHeader.INFORMATIONAL, 0x33);
        Octets octets = IsakmpMessage.clear(header, List.of(new Payload.Hash(Octets.zeros(20)),
                Notification.ofIsakmp(NotifyType.R_U_THERE, 1, 2, Octets.hex("00000007")))).toOctets();
        OctetWriter padded = new OctetWriter().octets(octets).zeros(12);
        Octets plain = padded.patch16(26, padded.length()).toOctets();
        ControlText text = ControlText.of(new Control(1, 0, "ha", 0, 0, "ike", false, plain));
        assertEquals("IKE DPD? from the peer: informational (DPD?): HASH R-U-THERE, 0000000000000001:0000000000000002 id=00000033", text.line());
        ControlText malformed = ControlText.of(new Control(1, 0, "ha", 0, 0, "ike", true, plain.slice(0, 40)));
        assertTrue(malformed.line().startsWith("IKE malformed to the peer: 40 octets: "), malformed.line());
    }

    /** An encrypted message alone does not tell which of its exchange it is; its packet does, wherever it was taken in. */
    @Test
    void aMessageOfIkeHasItsNumber() {
        SessionState state = Runs.at(new Simulation(Runs.ike(), Detail.FULL), 4_000_000_000L);
        List<String> names = new ArrayList<>();
        TraceStore.Cursor events = state.trace().from(1);
        while (events.hasNext()) {
            if (events.next() instanceof Control control && !ControlText.isPfKey(control) && control.node().equals("ha")) {
                ControlText text = ControlText.of(control, state.trace(), state.index().opener());
                names.add(text.name());
                assertTrue(text.info().contains("(" + text.name() + ")"), text.info());
            }
        }
        assertEquals(List.of("MM5", "MM6", "QM1", "QM2", "QM3", "QM1", "QM2", "QM3"), names);
        List<String> trail = Trail.of(state.trace(), state.index(), packetOf(state, "QM2"), () -> false).stream().map(Trail.Line::text).filter(text -> text.startsWith("IKE ")).toList();
        assertEquals(2, trail.stream().filter(text -> text.startsWith("IKE QM2 ")).count(), trail.toString());
    }

    private static long packetOf(SessionState state, String name) {
        Series ike = state.index().ike();
        for (int i = 0; i < ike.size(); i++) {
            FrameSent sent = (FrameSent) state.trace().get(ike.get(i));
            if (Summary.of(sent.frame(), LinkType.ETHERNET, state.index().opener()).shortName().equals(name)) {
                return sent.packet();
            }
        }
        throw new AssertionError(name);
    }

    @Test
    void octetsThatAreNoMessageSayWhy() {
        ControlText malformed = of(Octets.of(2, 3, 0), true);
        assertTrue(malformed.refused());
        assertTrue(malformed.info().startsWith("3 octets: "), malformed.info());
    }
}
