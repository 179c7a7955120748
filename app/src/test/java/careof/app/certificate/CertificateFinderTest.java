package careof.app.certificate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import careof.app.session.Runs;
import careof.app.session.Series;
import careof.app.session.SessionState;
import careof.engine.base.Octets;
import careof.engine.decode.Dissector;
import careof.engine.decode.Field;
import careof.engine.decode.LinkType;
import careof.engine.lab.Lab;
import careof.engine.lab.LabException;
import careof.engine.lab.LabJson;
import careof.engine.pki.Pem;
import careof.engine.run.Simulation;
import careof.engine.trace.Detail;
import careof.engine.trace.TraceEvent.FrameSent;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class CertificateFinderTest {
    private static final long SECOND = 1_000_000_000L;

    private static SessionState run(Lab lab) {
        return Runs.at(new Simulation(lab, Detail.FULL), 2 * SECOND);
    }

    private final SessionState state = run(Runs.ike());
    private final CertificateFinder finder = new CertificateFinder(state);

    @Test
    void aPayloadIsJudgedByWhomItWasSentToWithItsTime() throws Exception {
        Series ike = state.index().ike();
        List<CertificateView> views = new ArrayList<>();
        for (int i = 0; i < ike.size(); i++) {
            FrameSent frame = (FrameSent) state.trace().get(ike.get(i));
            Dissector.dissect(frame.frame(), LinkType.ETHERNET, state.index().opener()).walk(field -> {
                if (field.abbreviation().equals("isakmp.cert")) {
                    views.add(finder.view(finder.ofPayload(frame, field)));
                }
            });
        }
        assertEquals(List.of("Certificate in MM5 from mn Co@", "Certificate in MM6 from ha"), views.stream().map(CertificateView::title).toList());
        CertificateView mn = views.getFirst();
        assertTrue(mn.trusted() && mn.valid(), mn.verdict());
        assertEquals("ha trusts it: its chain leads to an authority that ha believes", mn.verdict());
        assertEquals("At 2026-01-01T00:00:00Z of the lab's time it is valid, for another 364 days", mn.validity());
        assertEquals(List.of("CN=mn", "CN=ca (believed)"), mn.chain());
        assertEquals("CN=mn", mn.rows().get("subject"));
        assertEquals("dns:mn.lab, ip:2001:db8:1::10", mn.rows().get("names"));
        assertEquals(mn.rows().get("subject"), careof.engine.pki.CertificateInfo.parse(Pem.read(mn.pem()).getFirst().der()).subject().text());
    }

    @Test
    void bothEndsOfAPhaseOneAndEachNode() {
        ShownCertificate peers = finder.ofPhaseOne("mn", 1, false).orElseThrow();
        assertEquals("Certificate of ha, in MM6", peers.title());
        assertEquals(Optional.of("mn"), peers.judge());
        ShownCertificate own = finder.ofPhaseOne("mn", 1, true).orElseThrow();
        assertEquals("Certificate of mn, in MM5", own.title());
        assertEquals(Optional.of("ha"), own.judge());
        assertEquals(own.chain(), finder.ofNode("mn").orElseThrow().chain());
        assertEquals(Optional.empty(), finder.ofNode("cn"), "it has no IKE");
        assertEquals(Optional.empty(), finder.ofNode("nobody"));
    }

    /** What the certificate of the mobile node is, as the lab has it. */
    private static CertificateView mn(String certificate) throws LabException {
        String text = LabJson.write(Runs.ike());
        Lab lab = LabJson.read("ike.json", text.substring(0, text.lastIndexOf('}')) + ", \"pki\": { \"authorities\": [\"ca\", \"other\"], \"certificates\": [ "
                + certificate + " ] } }");
        SessionState state = run(lab);
        CertificateFinder finder = new CertificateFinder(state);
        return finder.view(finder.ofNode("mn").orElseThrow());
    }

    @Test
    void whatIsWrongIsSaid() throws LabException {
        CertificateView expired = mn("{ \"name\": \"mn\", \"from\": \"2025-01-01T00:00:00Z\", \"to\": \"2025-12-30T00:00:00Z\" }");
        assertFalse(expired.trusted() || expired.valid());
        assertTrue(expired.verdict().startsWith("ha refuses it (certificate-expired): "), expired.verdict());
        assertEquals("At 2026-01-01T00:00:02Z of the lab's time it has been over for 2 days", expired.validity());
        CertificateView early = mn("{ \"name\": \"mn\", \"from\": \"2026-01-01T05:00:00Z\", \"to\": \"2027-12-30T00:00:00Z\" }");
        assertTrue(early.verdict().startsWith("ha refuses it (certificate-not-yet-valid): "), early.verdict());
        assertEquals("At 2026-01-01T00:00:02Z of the lab's time it is not valid yet, for another 4 hours", early.validity());
        CertificateView forged = mn("{ \"name\": \"mn\", \"badSignature\": true }");
        assertTrue(forged.verdict().startsWith("ha refuses it (bad-certificate-signature): ") && forged.valid(), forged.verdict());
    }

    @Test
    void whatIsNoCertificateIsShownAsSuch() {
        CertificateView view = CertificateView.of(new ShownCertificate("x", List.of(Octets.hex("3000")), Optional.empty(), 0), List.of(), List.of(), state.lab().epoch());
        assertTrue(!view.trusted() && !view.valid() && view.rows().isEmpty() && view.verdict().startsWith("the lab refuses it (malformed-certificate): "), view.toString());
    }
}
