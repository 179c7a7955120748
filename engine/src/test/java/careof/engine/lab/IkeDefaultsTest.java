package careof.engine.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import careof.engine.base.Ip6Address;
import careof.engine.base.IpAddress;
import careof.engine.pki.CertificatePlan;
import careof.engine.pki.SubjectName;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What follows from {@code "keying": "ike"} alone, and from a few words more. */
class IkeDefaultsTest {
    private Lab lab;

    @BeforeEach
    void keyed() throws Exception {
        lab = LabJson.read("lab.json", LabJsonTest.example()).withIpsec(List.of(LabProtection.of("bu", "mn", "ha", LabProtection.Usual.REGISTRATION,
                LabProtection.Transform.esp(LabProtection.Mode.TRANSPORT, careof.engine.crypto.Encryption.NULL, careof.engine.crypto.Authentication.HMAC_SHA1_96))
                .withKeying(LabProtection.Keying.IKE)));
    }

    private void ike(String node, LabIke ike) {
        lab = lab.withNodes(lab.nodes().stream().map(n -> n.name().equals(node) ? n.withIke(Optional.of(ike)) : n).toList());
        assertEquals(List.of(), LabCheck.problems(lab).stream().filter(LabProblem::isError).toList());
    }

    @Test
    void aProtectionMakesBothPeersOfEachOther() {
        assertEquals(List.of(), LabCheck.problems(lab));
        assertEquals(LabIke.DEFAULT.withPeers(List.of(LabIkePeer.of("ha"))), IkeDefaults.ike(lab, "mn"));
        assertEquals(LabIke.DEFAULT.withPeers(List.of(LabIkePeer.of("mn"))), IkeDefaults.ike(lab, "ha"));
        assertTrue(IkeDefaults.usesIke(lab, "mn"));
        assertFalse(IkeDefaults.usesIke(lab, "cn"));
        assertEquals(List.of(), IkeDefaults.ike(lab, "cn").peers());
        assertEquals(3600_000_000_000L, lab.ipsec().getFirst().usedLifetime().hard());
        assertEquals(LabProtection.Lifetime.NONE, lab.ipsec().getFirst().withKeying(LabProtection.Keying.MANUAL).usedLifetime());
    }

    @Test
    void whatBothMustAgreeOnIsSaidOnce() {
        LabIkePeer there = LabIkePeer.of("ha").withAuth(LabIkePeer.Auth.PSK, Optional.of("secret")).withExchange(LabIkePeer.Exchange.AGGRESSIVE)
                .withAddresses(Optional.of(LabIkePeer.Addresses.CARE_OF)).withDpd(0);
        ike("mn", LabIke.DEFAULT.withPeers(List.of(there)));
        assertEquals(LabIkePeer.of("mn").withAuth(LabIkePeer.Auth.PSK, Optional.of("secret")).withExchange(LabIkePeer.Exchange.AGGRESSIVE).withDpd(0),
                IkeDefaults.ike(lab, "ha").peer("mn").orElseThrow());
        // an impostor that lists a peer is not listed for that
        ike("cn", LabIke.DEFAULT.withPeers(List.of(LabIkePeer.of("ha"))));
        assertTrue(IkeDefaults.ike(lab, "ha").peer("cn").isEmpty());
    }

    @Test
    void identities() {
        assertEquals("fqdn:cn.lab", IkeDefaults.identity(lab, "cn", LabIkePeer.Auth.RSA).text());
        assertEquals("address", IkeDefaults.identity(lab, "cn", LabIkePeer.Auth.PSK).text());
        assertEquals("home-address", IkeDefaults.identity(lab, "mn", LabIkePeer.Auth.RSA).text());
        ike("mn", LabIke.DEFAULT.withIdentity(Optional.of(LabIdentity.parse("home-address"))));
        assertEquals("home-address:2001:db8:1::10", IkeDefaults.expected(lab, LabIkePeer.of("mn")).text());
        ike("mn", LabIke.DEFAULT.withIdentity(Optional.of(LabIdentity.parse("dn"))));
        assertEquals("dn:CN=mn", IkeDefaults.expected(lab, LabIkePeer.of("mn")).text());
        assertEquals(LabIdentity.parse("dn:O=lab,CN=mn"), LabIdentity.parse("dn:O=lab, CN=mn"));
        assertEquals("any", IkeDefaults.expected(lab, LabIkePeer.of("mn").withIdentity(Optional.of(new LabIdentity.Any()))).text());
        lab = lab.withPki(new LabPki(List.of("ca"), List.of(new LabCertificate("mn", Optional.empty(), Optional.of("CN=a mobile node"), List.of(),
                Optional.empty(), Optional.empty(), false, 1024, false, Optional.empty(), Optional.empty()))));
        assertEquals("dn:CN=a mobile node", IkeDefaults.expected(lab, LabIkePeer.of("mn")).text());
    }

    @Test
    void certificates() {
        lab = lab.withPki(new LabPki(List.of("root", "rogue"), List.of(LabCertificate.of("ha"), LabCertificate.of("spare"))));
        List<IpAddress> home = List.of(Ip6Address.parse("2001:db8:1::10"));
        List<CertificatePlan> all = IkeDefaults.plans(lab, node -> node.equals("mn") ? home : List.of());
        assertEquals(List.of("ha", "spare", "mn"), all.stream().map(CertificatePlan::name).toList());
        assertEquals(CertificatePlan.usual("mn", "root", List.of(SubjectName.parse("dns:mn.lab"), SubjectName.parse("ip:2001:db8:1::10")), lab.epoch()), all.getLast());
        // one that is written is as it is written: without names
        assertEquals(CertificatePlan.usual("ha", "root", List.of(), lab.epoch()), all.getFirst());
        ike("mn", LabIke.DEFAULT.withCertificate(Optional.of("spare")));
        assertEquals(List.of("ha", "spare"), List.copyOf(IkeDefaults.certificates(lab)));
        assertEquals("spare", IkeDefaults.certificate(lab, "mn"));
        lab = lab.withPki(new LabPki(List.of("root"), List.of(new LabCertificate("spare", Optional.empty(), Optional.empty(), List.of(), Optional.empty(),
                Optional.empty(), false, 2048, false, Optional.of("spare.p12"), Optional.empty()))));
        assertEquals(List.of("ha"), IkeDefaults.plans(lab, _ -> List.of()).stream().map(CertificatePlan::name).toList());
    }
}
