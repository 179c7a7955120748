package careof.engine.ike;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import careof.engine.base.Octets;
import careof.engine.pki.CertificatePlan;
import careof.engine.pki.Credential;
import careof.engine.pki.DistinguishedName;
import careof.engine.pki.Pki;
import careof.engine.pki.RsaKeys;
import careof.engine.pki.SubjectName;
import careof.engine.trace.Reason;
import careof.engine.wire.isakmp.Payload;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which certificates go to a peer that asks for some, and which of those that come is the peer's own. */
class CertificatesTest {
    private static CertificatePlan plan(String name, String issuer, String... names) {
        return CertificatePlan.usual(name, issuer, Stream.of(names).map(SubjectName::parse).toList(), Side.EPOCH);
    }

    private final Pki pki = Pki.make(List.of("ca", "far"), List.of(plan("left", "ca", "dns:left.lab", "ip:2001:db8::1"), plan("right", "ca", "dns:right.lab", "ip:2001:db8::2"),
            plan("other", "ca", "dns:other.lab"), plan("of far", "far"), plan("left before", "ca", "dns:before.lab").withKeyOf("left")), Side.EPOCH, RsaKeys.ofNames());
    private final Map<String, Octets> certificates = Map.of("left", of("left"), "other", of("other"), "of far", of("of far"), "left before", of("left before"),
            "ca", pki.authorities().get("ca").certificate(), "far", pki.authorities().get("far").certificate(), "noise", Octets.zeros(500));

    private Octets of(String name) {
        return pki.credentials().get(name).certificate();
    }

    private List<Octets> named(String names) {
        return Stream.of(names.split("/")).map(certificates::get).toList();
    }

    /** Both sides; the left one presents certificates of these names. */
    private IkeBench bench(boolean aggressive, String presented) {
        return new IkeBench(side -> {
            if (aggressive) {
                side.aggressive();
            }
            side.rsa(pki);
            side.authorities = List.of(certificates.get("ca"));
            if (side.name.equals(IkeBench.LEFT)) {
                side.credential = side.credential.map(own -> new Credential(named(presented), own.key()));
            }
        });
    }

    // What is sent

    private static Payload.CertificateRequest request(String name) {
        return switch (name) {
            case "any" -> new Payload.CertificateRequest(Payload.Certificate.X509_SIGNATURE, Octets.EMPTY);
            case "pgp" -> new Payload.CertificateRequest(Payload.Certificate.PGP, Octets.EMPTY);
            case "unreadable" -> new Payload.CertificateRequest(Payload.Certificate.X509_SIGNATURE, Octets.hex("3003020100"));
            case "long" -> new Payload.CertificateRequest(Payload.Certificate.X509_SIGNATURE, Octets.zeros(40_000));
            default -> new Payload.CertificateRequest(Payload.Certificate.X509_SIGNATURE, DistinguishedName.of("CN=" + name).der());
        };
    }

    /** As far up as the authority that is asked for, which the peer has; all, where none of those asked for fits. The trail says which (RFC 2408 section 3.10). */
    @ParameterizedTest
    @CsvSource({"ca, left, CN=ca is asked for", "CA, left, CN=ca is asked for", "far, left/of far, CN=far is asked for", "ca/far, left/of far, CN=far is asked for",
        "nobody/ca, left, CN=ca is asked for", "any, left/of far/far, any authority will do", "ca/any, left/of far/far, any authority will do",
        "nobody, left/of far/far, 'none is of an authority that is asked for, CN=nobody'",
        "nobody/nowhere/never, left/of far/far, 'none is of an authority that is asked for, CN=nobody and 2 more'",
        "unreadable, left/of far/far, 'none is of an authority that is asked for, names that cannot be read'",
        "long, left/of far/far, 'none is of an authority that is asked for, names that cannot be read'",
        "pgp, left/of far/far, 'none is of the kind that is asked for, PGP'", "pgp/ca, left, CN=ca is asked for"})
    void theAuthorityThatIsAskedFor(String asked, String sent, String because) {
        IkeBench bench = bench(false, "left/of far/far");
        List<Payload.CertificateRequest> requests = Stream.of(asked.split("/")).map(CertificatesTest::request).toList();
        OwnCredentials.Sent what = bench.left.ike.credentials().certificates(requests);
        assertEquals(named(sent), what.certificates());
        assertEquals(because, what.because());
    }

    /** In an exchange: whoever asks for others gets what there is, and it is decided in the trail. */
    @Test
    void anotherAuthorityIsAskedFor() {
        for (boolean fits : new boolean[] {true, false}) {
            IkeBench bench = bench(true, "left/of far/far");
            bench.hold();
            bench.right.order();
            bench.deliver(Forge.with(bench.next("right AM1"), fits ? request("ca") : request("nobody")));
            assertTrue(bench.left.decisions().contains(Reason.IKE_CERTIFICATES_SENT));
            Flight answer = bench.next("left AM2");
            assertEquals(named(fits ? "left" : "left/of far/far"),
                    Forge.payloads(answer).stream().filter(Payload.Certificate.class::isInstance).map(one -> ((Payload.Certificate) one).data()).toList());
        }
    }

    // What comes

    /** Certificates come in any order (RFC 4945 section 3.3.10): whose key signed is the peer's own, and so many are looked at. */
    @ParameterizedTest
    @CsvSource({"left, true", "left/ca, true", "ca/left, true", "other/left, true", "of far/far/ca/left, true", "noise/left, true", "left before/left, true", "left/left before, true",
        "ca/ca/other/other/ca/left, true", "ca/other/far/of far/left, false", "other, false", "left before, false", "ca, false"})
    void thePeersOwn(String presented, boolean taken) {
        for (boolean aggressive : new boolean[] {false, true}) {
            IkeBench bench = bench(aggressive, presented);
            bench.left.order();
            bench.run(80 * IkeBench.SECOND);
            assertEquals(taken, bench.right.isEstablished(), () -> bench.right.drops().toString());
            assertEquals(taken ? 2 : 0, bench.right.sas().size());
        }
    }
}
