package careof.engine.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import careof.engine.base.Malformed;
import careof.engine.lab.Lab;
import careof.engine.lab.LabException;
import careof.engine.lab.LabJson;
import careof.engine.pki.CertificateInfo;
import careof.engine.pki.Chain;
import careof.engine.pki.Pki;
import careof.engine.pki.RsaKeys;
import careof.engine.pki.SubjectName;
import careof.engine.pki.Verdict;
import java.util.List;
import org.junit.jupiter.api.Test;

class LabCertificatesTest {
    private static Pki pki(String more) throws LabException {
        Lab lab = LabJson.read("lab", """
                { "careof": 1, "name": "certificates", "epoch": "2026-01-01T00:00:00Z",
                  "links": [ { "name": "home", "kind": "wired", "prefix": "2001:db8:1::/64" }, { "name": "visited", "kind": "cell", "prefix": "2001:db8:2::/64" } ],
                  "nodes": [ { "name": "ha", "role": "home-agent", "ports": [ { "link": "home", "address": "2001:db8:1::1" }, { "link": "visited" } ] },
                             { "name": "mn", "role": "mobile-node", "home": { "link": "home", "address": "2001:db8:1::10", "agent": "ha" }, "at": "visited" } ],
                  %s "until": "1s" }""".formatted(more), List.of());
        return LabCertificates.make(lab, new Plan(lab), RsaKeys.ofNames());
    }

    private static List<String> names(Pki pki, String name) throws Malformed {
        return CertificateInfo.parse(pki.credentials().get(name).certificate()).extensions().names().stream().map(SubjectName::text).toList();
    }

    @Test
    void nodesHaveCertificatesWithoutAWord() throws LabException, Malformed {
        Pki pki = pki("""
                "ipsec": [ { "name": "all", "between": ["mn", "ha"], "traffic": "registration", "transforms": [ { "protocol": "esp", "mode": "transport", "encryption": "aes-cbc", "authentication": "hmac-sha1-96" } ], "keying": "ike" } ],""");
        assertEquals(List.of("ca"), List.copyOf(pki.authorities().keySet()));
        assertEquals(List.of("ha", "mn"), List.copyOf(pki.credentials().keySet()));
        assertEquals(List.of("dns:mn.lab", "ip:2001:db8:1::10"), names(pki, "mn"));
        assertEquals(List.of("dns:ha.lab", "ip:2001:db8:1::1", "ip:2001:db8:2::ff:fe00:102"), names(pki, "ha"));
    }

    @Test
    void certificatesAsTheLabPlansThem() throws LabException, Malformed {
        Pki pki = pki("""
                "pki": { "authorities": ["ca", "rogue"], "certificates": [
                    { "name": "short", "issuer": "rogue", "subject": "O=Lab,CN=x", "names": ["mail:x@lab"], "from": "2026-01-01T00:00:00Z", "to": "2026-01-01T00:00:10Z", "bits": 1024 },
                    { "name": "gone", "revoked": true, "bits": 1024 }, { "name": "bad", "badSignature": true, "bits": 1024 },
                    { "name": "elsewhere", "file": "certs/elsewhere.p12" } ] },""");
        assertEquals(List.of("short", "gone", "bad"), List.copyOf(pki.credentials().keySet()));
        CertificateInfo info = CertificateInfo.parse(pki.credentials().get("short").certificate());
        assertEquals("O=Lab,CN=x", info.subject().text());
        assertEquals("CN=rogue", info.issuer().text());
        assertEquals(1024, info.key().bits());
        assertEquals("2026-01-01T00:00:10Z", info.notAfter().toString());
        assertEquals(List.of("mail:x@lab"), names(pki, "short"));
        assertNotEquals(pki.credentials().get("gone").key(), pki.credentials().get("bad").key());
        assertEquals(Verdict.Why.REVOKED, refused(pki, "gone").why());
        assertEquals(Verdict.Why.BAD_SIGNATURE, refused(pki, "bad").why());
    }

    private static Verdict.Refused refused(Pki pki, String name) throws Malformed {
        return assertInstanceOf(Verdict.Refused.class, Chain.verify(pki.credentials().get(name).chain(), pki.trusted(), pki.revocations(),
                CertificateInfo.parse(pki.credentials().get(name).certificate()).notBefore()));
    }
}
