package careof.app.inspector;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import careof.engine.base.Ip6Address;
import careof.engine.base.Octets;
import careof.engine.trace.TraceEvent.Control;
import careof.engine.wire.pfkey.PfKeyError;
import careof.engine.wire.pfkey.PfKeyExtension;
import careof.engine.wire.pfkey.PfKeyMessage;
import careof.engine.wire.pfkey.SocketAddress;
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
