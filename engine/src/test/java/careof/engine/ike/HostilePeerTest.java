package careof.engine.ike;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import careof.engine.base.IpAddress;
import careof.engine.base.Octets;
import careof.engine.base.VirtualTime;
import careof.engine.crypto.DhGroup;
import careof.engine.crypto.IkeCipher;
import careof.engine.crypto.IkeHash;
import careof.engine.pki.CertificatePlan;
import careof.engine.pki.Credential;
import careof.engine.pki.Pki;
import careof.engine.pki.RsaKeys;
import careof.engine.pki.SubjectName;
import careof.engine.state.AddressRange;
import careof.engine.state.IkeSa;
import careof.engine.trace.Reason;
import careof.engine.wire.isakmp.Identification;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Who comes as far as to say who it is, and is not: the left node is an attacker with its own credentials, or with none that count. */
class HostilePeerTest {
    private static final IpAddress HOME = IpAddress.parse("2001:db8::10");

    /** The left node has no phase one in the end, and neither node an SA; the honest right one refused for this reason. */
    private static void refused(IkeBench bench, Reason reason) {
        bench.left.order();
        bench.run(80 * IkeBench.SECOND);
        assertTrue(bench.right.drops().contains(reason), () -> bench.right.drops().toString());
        assertEquals(List.of(), bench.right.phaseOnes());
        assertEquals(List.of(), bench.left.phaseOnes());
        bench.nothing();
        bench.folds();
    }

    /** A peer with a key of its own says to be a mobile node that has another key (recommendation K). */
    @Test
    void anotherPeersHomeAddress() {
        IkeBench bench = new IkeBench(left -> left.identity = Optional.of(Identification.homeAddress(HOME)), right -> {
            right.expected = List.of(Identification.of(IkeBench.LEFT_IP));
            mobile(right);
        });
        refused(bench, Reason.IKE_AUTHENTICATION_FAILED);
    }

    private static void mobile(Side side) {
        side.mobile = true;
        side.homes = List.of(AddressRange.of(HOME));
        side.others.add(side.entry("mn", Optional.of(HOME), List.of(Identification.homeAddress(HOME), Identification.fqdn("mn.lab")), Octets.hex("ff")));
        side.mobile = false;
        side.homes = List.of();
    }

    /** The same with a name, and in either exchange. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void anotherPeersName(boolean aggressive) {
        IkeBench bench = new IkeBench(left -> {
            if (aggressive) {
                left.aggressive();
            }
            left.identity = Optional.of(Identification.fqdn("mn.lab"));
        }, right -> {
            if (aggressive) {
                right.aggressive();
            }
            mobile(right);
        });
        bench.left.order();
        bench.run(80 * IkeBench.SECOND);
        assertTrue(!bench.right.isEstablished() && !bench.left.isEstablished());
        bench.nothing();
    }

    /** An address that is not where it is (recommendation H). */
    @Test
    void anotherAddress() {
        refused(new IkeBench(left -> left.identity = Optional.of(Identification.of(HOME)), _ -> { }), Reason.IKE_IDENTITY_NOT_TRANSPORT);
    }

    /**
     * In phase one an identity has no protocol and port, or UDP and port 500; any other one ends the exchange (RFC 2407 section 4.6.2): in every message
     * that brings an identity, with keys and with signatures. Once there are secrets, the peer hears why.
     */
    @ParameterizedTest
    @CsvSource({"0, 0, true", "17, 500, true", "17, 0, false", "0, 500, false", "6, 500, false", "17, 4500, false", "255, 65535, false"})
    void protocolAndPortOfAnIdentity(int protocol, int port, boolean taken) {
        for (int way = 0; way < 8; way++) {
            boolean aggressive = way % 2 == 1;
            boolean rsa = way / 2 % 2 == 1;
            boolean begins = way < 4;
            Consumer<Side> sides = side -> {
                if (aggressive) {
                    side.aggressive();
                }
                if (rsa) {
                    side.rsa();
                }
            };
            Consumer<Side> strange = side -> {
                sides.accept(side);
                side.identity = Optional.of(side.identity.orElse(Identification.of(side.address)).withSelector(protocol, port));
            };
            IkeBench bench = new IkeBench(begins ? strange : sides, begins ? sides : strange);
            bench.left.order();
            bench.run(900 * VirtualTime.MILLISECOND);
            BenchNode honest = begins ? bench.right : bench.left;
            BenchNode other = begins ? bench.left : bench.right;
            assertEquals(taken ? List.of() : List.of(Reason.IKE_IDENTITY_SELECTOR), honest.drops());
            assertEquals(taken ? 1 : 0, honest.phaseOnes().size());
            boolean clear = aggressive && begins;
            assertEquals(taken || clear ? 1 : 0, other.phaseOnes().size(), "what comes in the clear is not believed");
            assertTrue(taken || bench.log(0).contains(honest.name + " INFO"));
            bench.run(80 * IkeBench.SECOND);
            assertEquals(taken, other.isEstablished());
            assertEquals(taken, !bench.left.sas().isEmpty());
        }
    }

    /** Identities that only look alike are two: one does not end what is the other one's. */
    @Test
    void identitiesThatLookAlike() {
        Octets longer = noise(300);
        List<Identification> all = List.of(named("6101"), named("6102"), named("613f"), named("61"), named(""), named("20"), named("ff"), named(longer.toHex()),
                named(longer.toHex() + "00"), Identification.keyId(longer), Identification.keyId(noise(301)), Identification.userFqdn("a"), Identification.fqdn("mn.lab"));
        assertEquals(all.size(), all.stream().map(PhaseOneProof::name).distinct().count());
        assertEquals("fqdn:mn.lab", PhaseOneProof.name(Identification.fqdn("mn.lab").withSelector(17, 500)));
        assertTrue(PhaseOneProof.name(named("6101")).startsWith("fqdn:a? "));
    }

    private static Identification named(String hex) {
        return new Identification(Identification.FQDN, 0, 0, Octets.hex(hex));
    }

    // What a peer is to use

    /** Aggressive mode is for those that are to use it: it shows a hash that only who has the pre-shared key can make. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aggressiveModeOfAPeerThatIsToUseMainMode(boolean rsa) {
        IkeBench bench = new IkeBench(side -> {
            side.aggressive();
            if (rsa) {
                side.rsa();
            }
            side.exchange = side.name.equals(IkeBench.LEFT) ? IkeSa.Exchange.AGGRESSIVE : IkeSa.Exchange.MAIN;
        });
        refused(bench, Reason.IKE_NO_PROPOSAL);
        assertTrue(bench.log(0).stream().noneMatch("right AM2"::equals));
    }

    /** A suite that is another peer's, and a method. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void whatIsForAnotherPeer(boolean aggressive) {
        IkeSuite other = new IkeSuite(IkeCipher.TRIPLE_DES_CBC, 24, IkeHash.MD5, DhGroup.MODP_768);
        IkeBench bench = new IkeBench(left -> {
            left.rsa();
            left.exchange = aggressive ? IkeSa.Exchange.AGGRESSIVE : IkeSa.Exchange.MAIN;
            left.suite = other;
        }, right -> {
            right.rsa();
            right.exchange = aggressive ? IkeSa.Exchange.AGGRESSIVE : IkeSa.Exchange.MAIN;
            IkeSuite own = right.suite;
            right.suite = other;
            right.others.add(right.entry("other", Optional.empty(), List.of(Identification.fqdn("other.lab")), Octets.EMPTY));
            right.suite = own;
        });
        bench.left.order();
        bench.run(80 * IkeBench.SECOND);
        assertTrue(bench.right.drops().contains(Reason.IKE_AUTHENTICATION_FAILED));
        assertTrue(!bench.right.isEstablished());
        bench.nothing();
    }

    // Certificates

    private static Pki pki(CertificatePlan... plans) {
        return Pki.make(List.of("ca", "rogue"), List.of(plans), Side.EPOCH, RsaKeys.ofNames());
    }

    private static CertificatePlan usual(String issuer, String... names) {
        return CertificatePlan.usual(IkeBench.LEFT, issuer, List.of(names).stream().map(SubjectName::parse).toList(), Side.EPOCH);
    }

    /** The left node with this certificate; the right one trusts one authority. */
    private static IkeBench signed(CertificatePlan plan, boolean aggressive, Consumer<Side> left) {
        CertificatePlan right = CertificatePlan.usual(IkeBench.RIGHT, "ca", List.of(SubjectName.parse("dns:right.lab"), SubjectName.parse("ip:2001:db8::2")), Side.EPOCH);
        Pki pki = pki(plan, right, CertificatePlan.usual("other", "ca", List.of(), Side.EPOCH));
        return new IkeBench(side -> {
            side.rsa(pki);
            side.exchange = aggressive ? IkeSa.Exchange.AGGRESSIVE : IkeSa.Exchange.MAIN;
            left.accept(side);
        }, side -> {
            side.rsa(pki);
            side.exchange = aggressive ? IkeSa.Exchange.AGGRESSIVE : IkeSa.Exchange.MAIN;
            side.authorities = List.of(pki.authorities().get("ca").certificate());
            side.revocations = List.of(pki.authorities().get("ca").revocations());
        });
    }

    private static final CertificatePlan HONEST = usual("ca", "dns:left.lab", "ip:2001:db8::1");

    @Test
    void anHonestCertificate() {
        for (boolean aggressive : new boolean[] {false, true}) {
            IkeBench bench = signed(HONEST, aggressive, _ -> { });
            bench.connect();
            bench.carries();
        }
    }

    /** Only so many certificates are looked at, whatever stands behind them. */
    @Test
    void moreCertificatesThanAreLookedAt() {
        IkeBench bench = signed(HONEST, false, side -> {
            Credential own = side.credential.orElseThrow();
            List<Octets> many = new ArrayList<>(own.chain());
            for (int i = 0; i < 40; i++) {
                many.add(noise(500 + i));
            }
            side.credential = Optional.of(new Credential(many, own.key()));
        });
        bench.connect();
        bench.carries();
    }

    /** The one that counts is looked for among those only. */
    @ParameterizedTest
    @CsvSource({"3, true", "4, false"})
    void certificatesBeforeTheOneThatCounts(int before, boolean found) {
        IkeBench bench = signed(HONEST, false, side -> {
            Credential own = side.credential.orElseThrow();
            List<Octets> many = new ArrayList<>();
            for (int i = 0; i < before; i++) {
                many.add(noise(500 + i));
            }
            many.add(own.certificate());
            side.credential = Optional.of(new Credential(many, own.key()));
        });
        bench.left.order();
        bench.run(80 * IkeBench.SECOND);
        assertEquals(found, bench.right.isEstablished());
        assertEquals(!found, bench.right.drops().contains(Reason.IKE_CERTIFICATE_REFUSED));
        if (found) {
            bench.carries();
        } else {
            bench.nothing();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"expired", "not yet", "revoked", "forged", "rogue", "impostor", "other name", "other address", "nothing", "noise", "huge", "many", "not of a certificate"})
    void certificatesThatDoNotCount(String what) {
        for (int way = 0; way < 4; way++) {
            boolean aggressive = way % 2 == 1;
            boolean begins = way < 2;
            CertificatePlan plan = switch (what) {
                case "expired" -> HONEST.between(Side.EPOCH.minus(Duration.ofDays(9)), Side.EPOCH.minus(Duration.ofDays(1)));
                case "not yet" -> HONEST.between(Side.EPOCH.plus(Duration.ofDays(1)), Side.EPOCH.plus(Duration.ofDays(9)));
                case "revoked" -> HONEST.asRevoked();
                case "forged" -> HONEST.asForged();
                case "rogue" -> usual("rogue", "dns:left.lab", "ip:2001:db8::1");
                case "other name" -> usual("ca", "dns:other.lab", "ip:2001:db8::1");
                case "other address" -> usual("ca", "dns:left.lab", "ip:2001:db8::7");
                default -> HONEST;
            };
            IkeBench bench = signed(plan, aggressive, side -> {
                Credential own = side.credential.orElseThrow();
                Octets certificate = own.certificate();
                List<Octets> chain = switch (what) {
                    case "noise" -> List.of(noise(1000));
                    case "huge" -> List.of(noise(60_000));
                    case "many" -> Collections.nCopies(40, noise(500));
                    case "not of a certificate" -> List.of(certificate.slice(0, certificate.length() / 2));
                    case "nothing" -> List.of(Octets.EMPTY);
                    default -> own.chain();
                };
                boolean impostor = what.equals("impostor");
                side.credential = Optional.of(new Credential(chain, impostor ? pki(HONEST.withKeyOf("impostor")).credentials().get(IkeBench.LEFT).key() : own.key()));
            });
            (begins ? bench.left : bench.right).order();
            bench.run(80 * IkeBench.SECOND);
            boolean told = !aggressive || List.of("expired", "not yet", "revoked", "forged", "rogue").contains(what);
            assertTrue(begins && !told || !bench.left.isEstablished(), what + ": who showed that it is the other end is told");
            assertEquals(List.of(), bench.right.phaseOnes(), what);
            bench.nothing();
            assertTrue(bench.right.drops().stream().anyMatch(reason -> List.of(Reason.IKE_CERTIFICATE_REFUSED, Reason.IKE_AUTHENTICATION_FAILED,
                    Reason.IKE_IDENTITY_NOT_IN_CERTIFICATE, Reason.IKE_CERTIFICATE_NOT_TRANSPORT).contains(reason)), () -> what + ": " + bench.right.drops());
            bench.folds();
        }
    }

    private static Octets noise(int length) {
        byte[] octets = new byte[length];
        new Random(length).nextBytes(octets);
        return Octets.wrap(octets);
    }
}
