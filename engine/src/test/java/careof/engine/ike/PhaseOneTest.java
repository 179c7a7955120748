package careof.engine.ike;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import careof.engine.base.Octets;
import careof.engine.base.VirtualTime;
import careof.engine.pki.CertificatePlan;
import careof.engine.pki.Pki;
import careof.engine.pki.RsaKeys;
import careof.engine.pki.SubjectName;
import careof.engine.state.IkeSa;
import careof.engine.trace.Reason;
import careof.engine.wire.isakmp.Identification;
import careof.engine.wire.isakmp.IsakmpHeader;
import careof.engine.wire.isakmp.Notification;
import careof.engine.wire.isakmp.NotifyType;
import careof.engine.wire.isakmp.Payload;
import careof.engine.wire.isakmp.SecurityAssociation;
import careof.engine.wire.isakmp.SecurityProtocol;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Main mode and aggressive mode, arrow by arrow: what each end knows after each message, and what stands on the wire. */
class PhaseOneTest {
    private static void state(BenchNode node, String step, boolean keys, IkeSa.Phase phase) {
        IkeSa sa = node.phaseOne();
        assertEquals(step, sa.step());
        assertEquals(keys, !sa.encryptionKey().isEmpty(), node.name + " has keys after " + step);
        assertEquals(phase, sa.phase());
    }

    /** Header rules of phase one: message id 0, flags by what is encrypted, the responder's cookie from its first message on. */
    private static void header(Flight flight, boolean cookie, boolean encrypted) {
        IsakmpHeader header = flight.isakmp().header();
        assertEquals(cookie, header.responderCookie() != 0, flight.toString());
        assertNotEquals(0, header.initiatorCookie());
        assertEquals(0, header.messageId());
        assertEquals(encrypted ? IsakmpHeader.ENCRYPTION : 0, header.flags());
        assertEquals(IsakmpHeader.VERSION, header.version());
        assertEquals(0, encrypted ? (header.length() - IsakmpHeader.LENGTH) % Side.FAST.cipher().block() : 0);
    }

    /*
     *   left                                    right
     *     MM1  SA                          -->          suite agreed
     *                                      <--  MM2  SA
     *     MM3  KE, Ni                      -->          keys derived
     *                                      <--  MM4  KE, Nr
     *     MM5* IDii, HASH_I or CERT, SIG_I -->          established
     *                                      <--  MM6* IDir, HASH_R or CERT, SIG_R
     */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void mainMode(boolean rsa) {
        IkeBench bench = new IkeBench(side -> {
            if (rsa) {
                side.rsa();
            }
        });
        bench.hold();
        bench.left.order();
        assertEquals(List.of(), bench.right.phaseOnes());
        state(bench.left, "MM1 sent", false, IkeSa.Phase.NEGOTIATING);
        header(bench.arrow("left MM1"), false, false);
        state(bench.right, "MM2 sent", false, IkeSa.Phase.NEGOTIATING);
        assertEquals("aes-cbc-128 sha256 ecp-256", bench.right.phaseOne().suite());
        assertEquals("", bench.left.phaseOne().suite());
        header(bench.arrow("right MM2"), true, false);
        state(bench.left, "MM3 sent", false, IkeSa.Phase.NEGOTIATING);
        assertEquals(bench.right.phaseOne().cookies(), bench.left.phaseOne().cookies());
        header(bench.arrow("left MM3"), true, false);
        state(bench.right, "MM4 sent", true, IkeSa.Phase.NEGOTIATING);
        assertEquals("", bench.right.phaseOne().localIdentity(), "nothing is said before it is encrypted");
        header(bench.arrow("right MM4"), true, false);
        state(bench.left, "MM5 sent", true, IkeSa.Phase.NEGOTIATING);
        assertEquals(bench.right.phaseOne().encryptionKey(), bench.left.phaseOne().encryptionKey());
        assertEquals("", bench.right.phaseOne().remoteIdentity());
        header(bench.arrow("left MM5"), true, true);
        state(bench.right, "MM6 sent", true, IkeSa.Phase.ESTABLISHED);
        state(bench.left, "MM5 sent", true, IkeSa.Phase.NEGOTIATING);
        header(bench.arrow("right MM6"), true, true);
        state(bench.left, "MM6 received", true, IkeSa.Phase.ESTABLISHED);
        bench.next("left QM1");
        over(bench, rsa, rsa ? "fqdn:left.lab" : "ip:2001:db8::1", rsa ? "fqdn:right.lab" : "ip:2001:db8::2");
    }

    /*
     *   left                                    right
     *     AM1  SA, KE, Ni, IDii            -->          keys derived
     *                                      <--  AM2  SA, KE, Nr, IDir, HASH_R or CERT, SIG_R
     *     AM3* HASH_I or CERT, SIG_I       -->          established
     */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aggressiveMode(boolean rsa) {
        IkeBench bench = new IkeBench(side -> {
            side.aggressive();
            if (rsa) {
                side.rsa();
            }
        });
        bench.hold();
        bench.left.order();
        state(bench.left, "AM1 sent", false, IkeSa.Phase.NEGOTIATING);
        assertEquals("fqdn:left.lab", bench.left.phaseOne().localIdentity());
        header(bench.arrow("left AM1"), false, false);
        state(bench.right, "AM2 sent", true, IkeSa.Phase.NEGOTIATING);
        header(bench.arrow("right AM2"), true, false);
        state(bench.left, "AM3 sent", true, IkeSa.Phase.ESTABLISHED);
        assertEquals(bench.right.phaseOne().encryptionKey(), bench.left.phaseOne().encryptionKey());
        state(bench.right, "AM2 sent", true, IkeSa.Phase.NEGOTIATING);
        header(bench.arrow("left AM3"), true, true);
        state(bench.right, "AM3 received", true, IkeSa.Phase.ESTABLISHED);
        bench.arrow("left INFO");
        assertTrue(bench.right.decisions().contains(Reason.IKE_NOTIFIED), "INITIAL-CONTACT has an exchange of its own here");
        bench.next("left QM1");
        over(bench, rsa, "fqdn:left.lab", "fqdn:right.lab");
    }

    private static void over(IkeBench bench, boolean rsa, String leftIdentity, String rightIdentity) {
        IkeSa left = bench.left.phaseOne();
        IkeSa right = bench.right.phaseOne();
        assertEquals(List.of(leftIdentity, rightIdentity), List.of(left.localIdentity(), left.remoteIdentity()));
        assertEquals(List.of(rightIdentity, leftIdentity), List.of(right.localIdentity(), right.remoteIdentity()));
        assertEquals(rsa ? IkeSa.Method.RSA_SIGNATURES : IkeSa.Method.PRE_SHARED_KEY, right.authentication());
        assertEquals(left.iv(), right.iv(), "quick modes are encrypted from the same block on");
        assertEquals(List.of(IkeBench.RIGHT, IkeBench.LEFT), List.of(left.peer(), right.peer()));
        assertTrue(left.initiator() && !right.initiator());
        assertEquals(left.established() + 8 * 3600 * VirtualTime.SECOND, left.until());
        assertEquals(0, bench.right.halfOpen() + bench.left.halfOpen());
        bench.folds();
    }

    /** Of two lifetimes the shorter one, at both ends, whoever proposed it. */
    @ParameterizedTest
    @CsvSource({"false, false", "false, true", "true, false", "true, true"})
    void theShorterLifetimeCounts(boolean leftShorter, boolean aggressive) {
        IkeBench bench = new IkeBench(side -> {
            if (aggressive) {
                side.aggressive();
            }
            side.lifetime = (side.name.equals(IkeBench.LEFT) == leftShorter ? 100 : 5000) * IkeBench.SECOND;
        });
        bench.connect();
        IkeSa right = bench.right.phaseOne();
        assertEquals(right.established() + 100 * IkeBench.SECOND, right.until(), "the responder knows both");
        assertEquals(bench.left.phaseOne().established() + 100 * IkeBench.SECOND, bench.left.phaseOne().until(), "the initiator is told (RFC 2407 section 4.6.3.1)");
        bench.run(101 * IkeBench.SECOND);
        assertEquals(List.of(), bench.left.phaseOnes(), "its end is told");
        assertEquals(List.of(), bench.right.phaseOnes());
        bench.agrees(1);    // recommendation Q: SA pairs do not end with it
        bench.carries();
    }

    /** A responder may say it in MM6, and nobody else but the responder of just this phase one. */
    @ParameterizedTest
    @CsvSource({"its, 100", "another protocol, 5000", "another DOI, 5000", "other cookies, 5000", "no cookies, 5000", "kilobytes, 5000", "longer, 5000", "of the initiator, 5000"})
    void theResponderTellsItsLifetimeInTheLastMessage(String what, long seconds) {
        IkeBench bench = new IkeBench(side -> side.lifetime = 5000 * IkeBench.SECOND);
        bench.hold();
        bench.left.ike.demands().start(IkeBench.RIGHT, List.of(), Optional.empty(), Optional.empty());
        bench.arrows("left MM1", "right MM2");
        Flight third = bench.arrow("left MM3");
        Flight fourth = bench.arrow("right MM4");
        Flight fifth = bench.next("left MM5");
        IsakmpSa sa = bench.left.secrets(1);
        Octets data = what.equals("kilobytes") ? Octets.hex("800b0002800c0064") : LifetimeData.ofPhaseOne((what.equals("longer") ? 9000 : 100) * IkeBench.SECOND);
        Octets spi = switch (what) {
            case "other cookies" -> Octets.zeros(16);
            case "no cookies" -> Octets.EMPTY;
            default -> sa.cookies();
        };
        Notification notification = new Notification(what.equals("another DOI") ? 2 : SecurityAssociation.IPSEC, what.equals("another protocol") ? SecurityProtocol.ESP : SecurityProtocol.ISAKMP,
                NotifyType.RESPONDER_LIFETIME, spi, data);
        UnaryOperator<List<Payload>> and = all -> {
            all.add(notification);
            return all;
        };
        if (what.equals("of the initiator")) {
            bench.deliver(Forge.fifth(sa, fifth, third, fourth, and));
            assertEquals(bench.right.phaseOne().established() + seconds * IkeBench.SECOND, bench.right.phaseOne().until());
            assertTrue(bench.right.decisions().contains(Reason.IKE_UNEXPECTED));
            return;
        }
        bench.deliver(fifth);
        bench.deliver(Forge.sixth(bench.right.secrets(1), fifth, bench.next("right MM6"), and));
        assertEquals(bench.left.phaseOne().established() + seconds * IkeBench.SECOND, bench.left.phaseOne().until());
        boolean about = !what.contains("other") && !what.equals("no cookies");
        assertEquals(about, !bench.left.decisions().contains(Reason.IKE_UNEXPECTED));
        bench.run(101 * IkeBench.SECOND);
        assertEquals(seconds == 100 ? 0 : 1, bench.left.phaseOnes().size());
    }

    /** RESPONDER-LIFETIME as the RFC's words have it: attributes with the numbers of the SA's own proposals. */
    @Test
    void lifetimesOnTheWire() {
        assertEquals("800b0001000c000400000064", LifetimeData.ofPhaseOne(100 * IkeBench.SECOND).toHex());
        assertEquals("800100010002000400000064", LifetimeData.of(new Lifespan(100 * IkeBench.SECOND, 0)).toHex());
        assertEquals(100 * IkeBench.SECOND, LifetimeData.secondsOfPhaseOne(Octets.hex("800b0001800c0064")));
        assertEquals(0, LifetimeData.secondsOfPhaseOne(Octets.hex("8001000180020064")));
        assertEquals(0, LifetimeData.secondsOfPhaseOne(Octets.hex("800b0002800c0064")), "kilobytes");
        assertEquals("800100020002000400000003", LifetimeData.of(new Lifespan(0, 3 * 1024)).toHex());
        assertEquals("800100010002000400000064800100020002000400000001", LifetimeData.of(new Lifespan(100 * IkeBench.SECOND, 5)).toHex());
        assertEquals(new Lifespan(100 * IkeBench.SECOND, 3 * 1024), LifetimeData.read(Octets.hex("800100028002000380010001800200648002ffff")));
        assertEquals(new Lifespan(0, 0), LifetimeData.read(Octets.hex("8001000180020064000200")), "the last one is cut off");
    }

    /** Domain names are compared without case (RFC 1035 section 2.3.3), of a mail address its host alone; it is one peer, however it writes its name. */
    @ParameterizedTest
    @CsvSource({"fqdn, LEFT.Lab, left.lab, true", "fqdn, left.lab, Left.LAB, true", "fqdn, left.lab, lest.lab, false", "mail, me@LEFT.lab, me@left.Lab, true",
        "mail, Me@left.lab, me@left.lab, false", "mail, LEFT.lab, left.lab, false", "key, LEFT.lab, left.lab, false"})
    void namesWithoutCase(String kind, String said, String expected, boolean same) {
        for (int way = 0; way < 4; way++) {
            boolean rsa = way % 2 == 1 && !kind.equals("key");
            boolean begins = way < 2;
            Consumer<Side> left = side -> {
                side.aggressive();
                if (rsa) {
                    Pki pki = Pki.make(List.of("ca"), List.of(CertificatePlan.usual(IkeBench.LEFT, "ca", List.of(kind.equals("mail") ? new SubjectName.Mail(expected) : new SubjectName.Dns(expected),
                            new SubjectName.Ip(side.address)), Side.EPOCH)), Side.EPOCH, RsaKeys.ofNames());
                    side.rsa(pki);
                }
                side.identity = Optional.of(identity(kind, said));
            };
            Consumer<Side> right = side -> {
                side.aggressive();
                if (rsa) {
                    side.rsa();
                }
                side.expected = List.of(identity(kind, expected));
            };
            IkeBench bench = new IkeBench(left, right);
            (begins ? bench.left : bench.right).order();
            bench.run(IkeBench.SECOND);
            assertEquals(same, bench.right.isEstablished(), () -> bench.right.drops().toString());
            assertEquals(same ? 2 : 0, bench.right.sas().size());
            assertEquals(same, PhaseOneProof.name(identity(kind, said)).equals(PhaseOneProof.name(identity(kind, expected))), "what rows are compared by");
        }
    }

    private static Identification identity(String kind, String name) {
        return switch (kind) {
            case "fqdn" -> Identification.fqdn(name);
            case "mail" -> Identification.userFqdn(name);
            default -> Identification.keyId(Octets.wrap(name.getBytes(StandardCharsets.US_ASCII)));
        };
    }

    /** Nothing is said of a lifetime: it lasts. */
    @Test
    void aPhaseOneWithoutALifetime() {
        IkeBench bench = new IkeBench(side -> side.lifetime = 0);
        bench.connect();
        assertEquals(0, bench.left.phaseOne().until());
        bench.run(100_000 * IkeBench.SECOND);
        assertTrue(bench.left.isEstablished() && bench.right.isEstablished());
    }

    @Test
    void anotherPreSharedKey() {
        IkeBench bench = new IkeBench(side -> side.key = Octets.hex(side.name.equals(IkeBench.LEFT) ? "00" : "01"));
        bench.left.order();
        bench.run(70 * IkeBench.SECOND);
        assertTrue(bench.right.drops().contains(Reason.IKE_UNREADABLE), () -> bench.right.drops().toString());
        assertEquals(List.of(), bench.left.phaseOnes());
        assertEquals(List.of(), bench.right.phaseOnes());
        bench.nothing();
    }

    @Test
    void anotherPreSharedKeyInAggressiveMode() {
        IkeBench bench = new IkeBench(side -> {
            side.aggressive();
            side.key = Octets.hex(side.name.equals(IkeBench.LEFT) ? "00" : "01");
        });
        bench.left.order();
        bench.run(70 * IkeBench.SECOND);
        assertTrue(bench.left.drops().contains(Reason.IKE_AUTHENTICATION_FAILED));
        assertEquals(List.of(), bench.left.phaseOnes());
        assertEquals(List.of(), bench.right.phaseOnes());
        bench.nothing();
    }

    /** Nothing that the other end would take is offered: it says so, in the clear, and that changes nothing. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void anotherSuite(boolean aggressive) {
        IkeBench bench = new IkeBench(side -> {
            if (aggressive) {
                side.aggressive();
            }
            side.suite = new IkeSuite(Side.FAST.cipher(), side.name.equals(IkeBench.LEFT) ? 16 : 32, Side.FAST.hash(), Side.FAST.group());
        });
        bench.left.order();
        bench.run(40 * IkeBench.SECOND);
        assertTrue(bench.right.drops().contains(Reason.IKE_NO_PROPOSAL));
        assertTrue(bench.left.drops().contains(Reason.IKE_UNAUTHENTICATED));
        assertEquals(List.of(), bench.left.phaseOnes());
        assertEquals(List.of(), bench.right.phaseOnes());
        bench.nothing();
        bench.folds();
    }

    /** The first phase one with a peer says so, a later one does not: the pairs of earlier ones stay. */
    @Test
    void initialContactIsSaidOnce() {
        IkeBench bench = new IkeBench(side -> {
            side.lifetime = 100 * IkeBench.SECOND;
            side.protections = 2;
        });
        bench.connect();
        assertTrue(bench.right.decisions().contains(Reason.IKE_NOTIFIED));
        bench.right.mark();
        bench.run(110 * IkeBench.SECOND);
        assertEquals(List.of(), bench.left.phaseOnes());
        bench.left.order(1);
        bench.run(IkeBench.SECOND);
        assertTrue(bench.left.isEstablished());
        bench.agrees(2);
        assertTrue(!bench.right.decisions().contains(Reason.IKE_NOTIFIED));
        bench.carries();
    }

    /** One end begins anew: what the other one has of earlier times goes. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void initialContactEndsWhatWasBefore(boolean aggressive) {
        IkeBench bench = new IkeBench(side -> {
            if (aggressive) {
                side.aggressive();
            }
        });
        bench.connect();
        // as if left had been switched off and on
        bench.fate(_ -> List.of());
        bench.left.ike.demands().delete(List.of(Side.REQUEST));
        bench.left.ike.demands().deletePhaseOne(IkeBench.RIGHT);
        bench.run(IkeBench.SECOND);
        bench.fate(List::of);
        assertEquals(1, bench.right.children().size());
        bench.connect();
        assertEquals(1, bench.right.phaseOnes().size());
        assertTrue(bench.right.changes().contains(Reason.IKE_REPLACED));
        bench.carries();
        bench.folds();
    }

    /** Who was told not to say so does not, and nothing goes. */
    @Test
    void withoutInitialContact() {
        IkeBench bench = new IkeBench(side -> side.initialContact = false);
        bench.connect();
        bench.fate(_ -> List.of());
        bench.left.ike.demands().delete(List.of(Side.REQUEST));
        bench.left.ike.demands().deletePhaseOne(IkeBench.RIGHT);
        bench.run(IkeBench.SECOND);
        bench.fate(List::of);
        bench.left.order();
        bench.run(IkeBench.SECOND);
        assertEquals(2, bench.right.children().size());
        assertEquals(2, bench.right.phaseOnes().size());
    }

    /** Phase ones with two peers at once, of which one is to be replaced: that one is, and the other one is not. */
    @Test
    void rekeyingWithOnePeerIsNothingToAnother() {
        IkeBench bench = new IkeBench(side -> side.others.add(side.entry("other", Optional.of(side.name.equals(IkeBench.LEFT) ? IkeBench.RIGHT_IP4 : IkeBench.LEFT_IP4),
                List.of(Identification.of(side.name.equals(IkeBench.LEFT) ? IkeBench.RIGHT_IP4 : IkeBench.LEFT_IP4)), side.key)));
        Demands demands = bench.left.ike.demands();
        for (String peer : List.of("other", IkeBench.RIGHT)) {
            demands.start(peer, List.of(), Optional.empty(), Optional.empty());
            bench.run(IkeBench.SECOND);
        }
        assertEquals(List.of("other", IkeBench.RIGHT), bench.left.phaseOnes().stream().map(IkeSa::peer).toList());
        demands.rekeyPhaseOne("nobody");
        bench.fate(flight -> flight.source().equals(IkeBench.LEFT_IP) ? List.of() : List.of(flight));
        demands.rekeyPhaseOne(IkeBench.RIGHT);
        demands.rekeyPhaseOne("other");
        bench.run(500 * VirtualTime.MILLISECOND);
        bench.fate(List::of);
        bench.run(5 * IkeBench.SECOND);
        for (BenchNode node : List.of(bench.left, bench.right)) {
            assertEquals(4, node.phaseOnes().size());
        }
        assertEquals(List.of(IkeSa.Phase.REPLACED, IkeSa.Phase.REPLACED, IkeSa.Phase.ESTABLISHED, IkeSa.Phase.ESTABLISHED),
                bench.left.phaseOnes().stream().map(IkeSa::phase).toList());
        bench.run(25 * IkeBench.SECOND);
        assertEquals(List.of(IkeBench.RIGHT, "other"), bench.left.phaseOnes().stream().map(IkeSa::peer).toList());
        assertEquals(2, bench.right.phaseOnes().size());
        bench.folds();
    }

    /** A new phase one takes over; the old one ends soon after, the SA pairs stay. */
    @Test
    void rekeying() {
        IkeBench bench = new IkeBench();
        bench.connect();
        int before = bench.sent.size();
        bench.left.ike.demands().rekeyPhaseOne(IkeBench.RIGHT);
        bench.run(IkeBench.SECOND);
        assertEquals(List.of("left MM1", "right MM2", "left MM3", "right MM4", "left MM5", "right MM6"), bench.log(before));
        assertEquals(List.of(IkeSa.Phase.REPLACED, IkeSa.Phase.ESTABLISHED), bench.left.phaseOnes().stream().map(IkeSa::phase).toList());
        bench.run(25 * IkeBench.SECOND);
        assertEquals(1, bench.left.phaseOnes().size());
        assertEquals(1, bench.right.phaseOnes().size());
        assertEquals(bench.left.phaseOne().cookies(), bench.right.phaseOne().cookies());
        bench.agrees(1);
        bench.carries();
        bench.left.rekey();
        bench.run(IkeBench.SECOND);
        assertEquals(2, bench.left.phaseOne().id());
        bench.run(5 * IkeBench.SECOND);
        bench.agrees(1);
        bench.carries();
        bench.folds();
    }

    /** The responder has shown who it is with MM6 and takes its phase one for established by then. */
    @Test
    void whomTheInitiatorRefusesHasNoPhaseOneLeft() {
        IkeBench bench = new IkeBench(side -> {
            side.rsa();
            side.expected = List.of(Identification.fqdn(side.name.equals(IkeBench.LEFT) ? "somebody.lab" : "left.lab"));
        });
        bench.left.order();
        bench.run(IkeBench.SECOND);
        assertEquals(1, bench.sent.stream().filter(flight -> flight.name().equals("MM6")).count());
        assertEquals(List.of(), bench.left.phaseOnes());
        assertEquals(List.of(), bench.right.phaseOnes());
        bench.folds();
    }
}
