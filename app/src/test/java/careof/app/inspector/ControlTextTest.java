package careof.app.inspector;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import careof.engine.base.Ip6Address;
import careof.engine.base.Octets;
import careof.engine.trace.TraceEvent.Control;
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

    @Test
    void octetsThatAreNoMessageSayWhy() {
        ControlText malformed = of(Octets.of(2, 3, 0), true);
        assertTrue(malformed.refused());
        assertTrue(malformed.info().startsWith("3 octets: "), malformed.info());
    }
}
