package careof.engine.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;

import careof.engine.base.Ip6Address;
import careof.engine.base.Octets;
import careof.engine.base.Progress;
import careof.engine.lab.Expectation;
import careof.engine.lab.Expectation.IkeHeld;
import careof.engine.lab.Expectation.Span;
import careof.engine.lab.Lab;
import careof.engine.lab.LabIdentity;
import careof.engine.lab.LabSelector;
import careof.engine.state.IkeSa;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What an expectation of a phase one says: "ha" has one with "mn" from 2 s to 8 s, replaced by another at 5 s. */
class IkeWatchTest {
    private static final Ip6Address HA = Ip6Address.parse("2001:db8:1::1");
    private static final Ip6Address CO = Ip6Address.parse("2001:db8:2::7");
    private static final Ip6Address NEW_CO = Ip6Address.parse("2001:db8:3::7");

    private static final TraceBuilder TRACE = new TraceBuilder()
            .change(1000, "ha", sa(1, IkeSa.Phase.NEGOTIATING, "", CO))
            .change(2000, "ha", sa(1, IkeSa.Phase.ESTABLISHED, "fqdn:mn.lab", CO))
            .change(4000, "ha", sa(2, IkeSa.Phase.NEGOTIATING, "", NEW_CO))
            .change(5000, "ha", sa(1, IkeSa.Phase.REPLACED, "fqdn:mn.lab", CO))
            .change(5000, "ha", sa(2, IkeSa.Phase.ESTABLISHED, "fqdn:mn.lab", NEW_CO))
            .change(6000, "cn", sa(1, IkeSa.Phase.ESTABLISHED, "fqdn:mn.lab", CO))
            .remove(8000, "ha", sa(2, IkeSa.Phase.ESTABLISHED, "fqdn:mn.lab", NEW_CO));

    private static IkeSa sa(int id, IkeSa.Phase phase, String identity, Ip6Address remote) {
        return new IkeSa(id, "mn", false, IkeSa.Exchange.MAIN, phase, id, 7, HA, remote, "fqdn:ha.lab", identity, IkeSa.Method.RSA_SIGNATURES, "", Octets.EMPTY,
                Octets.EMPTY, "", 0, 0, 0);
    }

    private static String verdict(IkeHeld held) throws Exception {
        Lab lab = Lab.empty("x").withUntil(10_000_000_000L).withExpect(List.<Expectation>of(held));
        Verdict verdict = RunMetrics.of(lab, TRACE.trace, 10_000_000_000L, Progress.NONE).verdicts().getFirst();
        return verdict.outcome() + " " + verdict.expected() + ": " + verdict.seen();
    }

    private static IkeHeld held(boolean established, long from, long to) {
        return new IkeHeld("ha", Optional.of("mn"), Optional.empty(), established, Optional.empty(), new Span(from * TraceBuilder.MS, to * TraceBuilder.MS));
    }

    private static IkeHeld held(Optional<LabIdentity> identity, String address) {
        return new IkeHeld("ha", Optional.empty(), identity, true, Optional.of(LabSelector.Range.parse(address)), new Span(5_000_000_000L, 7_000_000_000L));
    }

    @Test
    void oneIsThereAllTheTime() throws Exception {
        assertEquals("HOLDS ha has a phase one with mn from 2s to 7.999s: phase one with fqdn:mn.lab at 2001:db8:3::7 since 5s", verdict(held(true, 2000, 7999)));
        assertEquals("FAILS ha has a phase one with mn from 1.999s to 7s: at 1.999s no phase one", verdict(held(true, 1999, 7000)));
        assertEquals("FAILS ha has a phase one with mn from 3s: at 8s no phase one", verdict(held(true, 3000, 10_000)));
    }

    @Test
    void noneIsThere() throws Exception {
        assertEquals("HOLDS ha has no phase one with mn to 1.999s: no phase one since 1s", verdict(held(false, 0, 1999)));
        assertEquals("FAILS ha has no phase one with mn to 2s: at 2s phase one with fqdn:mn.lab at 2001:db8:2::7", verdict(held(false, 0, 2000)));
        assertEquals("HOLDS ha has no phase one with mn from 8s: no phase one since 8s", verdict(held(false, 8000, 10_000)));
    }

    @Test
    void identityAndAddressMustBeThose() throws Exception {
        assertEquals("HOLDS", verdict(held(Optional.of(new LabIdentity.Fqdn("mn.lab")), "2001:db8:3::/64")).substring(0, 5));
        assertEquals("HOLDS", verdict(held(Optional.of(new LabIdentity.Fqdn("MN.lab")), "2001:db8:3::/64")).substring(0, 5), "case does not count");
        assertEquals("FAILS ha has a phase one with anybody as fqdn:cn.lab at 2001:db8:3::/64 from 5s to 7s: at 5s no phase one",
                verdict(held(Optional.of(new LabIdentity.Fqdn("cn.lab")), "2001:db8:3::/64")));
        assertEquals("FAILS", verdict(held(Optional.empty(), "2001:db8:2::/64")).substring(0, 5));
    }
}
