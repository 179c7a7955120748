package careof.engine.ike;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import careof.engine.base.Octets;
import careof.engine.base.VirtualTime;
import careof.engine.crypto.Authentication;
import careof.engine.crypto.DhGroup;
import careof.engine.crypto.Encryption;
import careof.engine.ipsec.SaMessages;
import careof.engine.policy.Recommendation;
import careof.engine.state.IkeChild;
import careof.engine.state.IkeExchange;
import careof.engine.state.IkeSa;
import careof.engine.state.Sa;
import careof.engine.state.Selector;
import careof.engine.trace.Reason;
import careof.engine.wire.isakmp.Identification;
import careof.engine.wire.isakmp.IsakmpHeader;
import careof.engine.wire.isakmp.Notification;
import careof.engine.wire.isakmp.NotifyType;
import careof.engine.wire.pfkey.PfKeyMessage;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Quick mode, arrow by arrow, and all kinds of SA pairs that it can make. */
class QuickModeTest {
    /*
     *   left                                        right
     *     QM1* HASH(1), SA, Ni [, KE] [, IDs]  -->          SA towards right is there
     *                                          <--  QM2* HASH(2), SA, Nr [, KE] [, IDs]
     *     (both SAs are there)
     *     QM3* HASH(3)                         -->          both SAs are there
     */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void arrows(boolean pfs) {
        IkeBench bench = new IkeBench(side -> side.pfs = pfs ? Optional.of(DhGroup.ECP_384) : Optional.empty());
        bench.left.ike.demands().start(IkeBench.RIGHT, List.of(), Optional.empty(), Optional.empty());
        bench.run(IkeBench.SECOND);
        assertTrue(bench.left.isEstablished() && bench.right.isEstablished());
        bench.nothing();
        bench.hold();
        bench.left.order();
        assertEquals(List.of(Sa.Phase.LARVAL), bench.left.all(Sa.class).stream().map(Sa::phase).toList());
        long id = header(bench.arrow("left QM1"), 0);
        assertEquals("QM2 sent", bench.right.quickStep());
        assertEquals(List.of(), bench.left.sas());
        assertEquals(1, bench.right.sas().size());
        assertEquals(IkeBench.RIGHT_IP, bench.right.sas().getFirst().destination());
        assertEquals(List.of(), bench.right.children());
        assertEquals(id, header(bench.arrow("right QM2"), id));
        assertEquals("QM3 sent", bench.left.quickStep());
        assertEquals(2, bench.left.sas().size());
        assertEquals(1, bench.left.children().size());
        assertEquals(1, bench.right.sas().size());
        header(bench.arrow("left QM3"), id);
        assertEquals("QM3 received", bench.right.quickStep());
        bench.agrees(1);
        IkeChild left = bench.left.children().getFirst();
        IkeChild right = bench.right.children().getFirst();
        assertTrue(left.initiator() && !right.initiator());
        assertEquals(List.of(id, id), List.of(left.messageId(), right.messageId()));
        assertEquals(left.selector(), right.selector().reversed());
        assertNotEquals(left.inboundSpi(), left.outboundSpi());
        bench.silence(5 * IkeBench.SECOND);
        bench.carries();
        // it is forgotten after a while
        bench.run(20 * IkeBench.SECOND);
        assertEquals(List.of(), bench.left.all(IkeExchange.class));
        assertEquals(List.of(), bench.right.all(IkeExchange.class));
        bench.folds();
    }

    private static long header(Flight flight, long id) {
        IsakmpHeader header = flight.isakmp().header();
        assertNotEquals(0, header.messageId());
        assertEquals(IsakmpHeader.ENCRYPTION, header.flags());
        assertEquals(id == 0 ? header.messageId() : id, header.messageId());
        return header.messageId();
    }

    @ParameterizedTest
    @CsvSource({"ESP, TRANSPORT, false", "ESP, TUNNEL, false", "ESP, TRANSPORT, true", "AH, TRANSPORT, false", "AH, TUNNEL, false", "AH, TRANSPORT, true", "AH, TUNNEL, true"})
    void protocolsAndModes(Sa.Protocol protocol, Sa.Mode mode, boolean extended) {
        IkeBench bench = new IkeBench(side -> {
            if (protocol == Sa.Protocol.AH) {
                side.ah();
            }
            side.mode = mode;
            side.extended = extended;
        });
        bench.connect();
        assertTrue(bench.left.sas().stream().allMatch(sa -> sa.protocol() == protocol && sa.mode() == mode && sa.extendedSequence() == extended));
        bench.carries();
        bench.folds();
    }

    @ParameterizedTest
    @CsvSource({"NULL, 0", "DES3_CBC, 24", "AES_CBC, 16", "AES_CBC, 24", "AES_CBC, 32", "AES_CTR, 20", "AES_CTR, 36"})
    void ciphers(Encryption encryption, int keyLength) {
        agreed(side -> {
            side.encryption = encryption;
            side.keyLength = keyLength;
        });
    }

    @ParameterizedTest
    @ValueSource(ints = {20, 28, 36})
    void aCombinedCipher(int keyLength) {
        agreed(side -> {
            side.encryption = Encryption.AES_GCM;
            side.keyLength = keyLength;
            side.authentication = Authentication.NULL;
        });
    }

    @ParameterizedTest
    @EnumSource(value = Authentication.class, mode = EnumSource.Mode.EXCLUDE, names = "NULL")
    void integrity(Authentication authentication) {
        agreed(side -> side.authentication = authentication);
        agreed(side -> {
            side.ah();
            side.authentication = authentication;
        });
    }

    private static void agreed(java.util.function.Consumer<Side> side) {
        IkeBench bench = new IkeBench(side);
        bench.connect();
        Sa sa = bench.left.sas().getFirst();
        assertEquals(bench.left.side.encryption, sa.encryption());
        assertEquals(bench.left.side.keyLength, sa.encryptionKey().length());
        assertEquals(bench.left.side.authentication, sa.authentication());
        bench.carries();
    }

    @Test
    void ip4() {
        for (Sa.Mode mode : Sa.Mode.values()) {
            IkeBench bench = new IkeBench(side -> {
                IkeBench.ip4(side);
                side.mode = mode;
            });
            bench.connect();
            assertEquals(IkeBench.LEFT_IP4, bench.left.phaseOne().local());
            bench.carries();
            bench.folds();
        }
    }

    /** What one end wants and the other does not have is refused, and nothing is left of it. */
    @ParameterizedTest
    @ValueSource(strings = {"cipher", "key", "integrity", "mode", "extended", "protocol", "group"})
    void whatTheOtherEndDoesNotWant(String what) {
        IkeBench bench = new IkeBench(_ -> { }, side -> {
            switch (what) {
                case "cipher" -> {
                    side.encryption = Encryption.DES3_CBC;
                    side.keyLength = 24;
                }
                case "key" -> side.keyLength = 32;
                case "integrity" -> side.authentication = Authentication.HMAC_MD5_96;
                case "mode" -> side.mode = Sa.Mode.TUNNEL;
                case "extended" -> side.extended = true;
                case "protocol" -> side.ah();
                default -> side.pfs = Optional.of(DhGroup.ECP_256);
            }
        });
        bench.left.order();
        bench.run(IkeBench.SECOND);
        assertTrue(bench.right.drops().contains(Reason.IKE_NO_PROPOSAL));
        assertTrue(bench.left.decisions().contains(Reason.IKE_REFUSED_BY_PEER));
        bench.nothing();
        assertTrue(bench.left.isEstablished() && bench.right.isEstablished());
        bench.folds();
    }

    /** A responder without a group of its own follows the initiator's. */
    @Test
    void perfectForwardSecrecyOfTheInitiatorAlone() {
        IkeBench bench = new IkeBench(side -> side.pfs = Optional.of(DhGroup.ECP_256), _ -> { });
        bench.connect();
        bench.carries();
    }

    /** Two quick modes at once, of which the second is refused: the first one is none the worse for it. */
    @Test
    void aRefusalIsForTheQuickModeThatItNames() {
        IkeBench bench = new IkeBench(side -> side.protections = 2, _ -> { });
        bench.left.ike.demands().start(IkeBench.RIGHT, List.of(), Optional.empty(), Optional.empty());
        bench.run(IkeBench.SECOND);
        bench.hold();
        bench.left.order(0);
        bench.left.order(1);
        bench.next("left QM1");
        bench.deliver(bench.next("left QM1"));
        bench.arrow("right INFO");
        bench.release();    // the first one was lost, it comes again
        bench.run(40 * IkeBench.SECOND);
        assertTrue(bench.left.decisions().contains(Reason.IKE_REFUSED_BY_PEER));
        bench.agrees(1);
        assertEquals(Side.REQUEST, bench.left.children().getFirst().requestId());
        bench.carries();
    }

    /*
     *   left            right
     *     MM5 -->
     *               <-- MM6        on its way for long
     *               <-- QM1        comes first: strongSwan makes up an IV for its message id, and remembers it
     *     MM6 arrives
     *               <-- QM1        once more, and as unreadable there
     *     PAYLOAD-MALFORMED -->
     *               <-- QM1        another message id
     */
    @Test
    void aQuickModeThatOvertookPhaseOneBeginsAgainOnce() {
        IkeBench bench = new IkeBench();
        bench.hold();
        bench.left.ike.demands().start(IkeBench.RIGHT, List.of(), Optional.empty(), Optional.empty());
        bench.arrows("left MM1", "right MM2", "left MM3", "right MM4", "left MM5");
        Flight last = bench.next("right MM6");
        bench.right.order();
        bench.deliver(bench.next("right QM1"));
        bench.deliver(last);
        Flight repeated = bench.next("right QM1");
        IsakmpSa sa = bench.left.secrets(bench.left.phaseOne().id());
        Notification malformed = sa.notification(NotifyType.PAYLOAD_MALFORMED, Octets.EMPTY);
        bench.deliver(bench.forged(bench.right, Forge.informational(sa, 1, malformed)));
        Flight another = bench.next("right QM1");
        assertNotEquals(repeated.isakmp().header().messageId(), another.isakmp().header().messageId());
        bench.deliver(bench.forged(bench.right, Forge.informational(sa, 2, malformed)));
        bench.silence(40 * IkeBench.SECOND);
        bench.nothing();

        bench.right.order();
        bench.release();
        bench.run(IkeBench.SECOND);
        bench.agrees(1);
        bench.carries();
        bench.folds();
    }

    /** Nobody has a policy for what is asked. */
    @Test
    void withoutAPolicy() {
        IkeBench bench = new IkeBench(side -> side.protections = 2, _ -> { });
        bench.left.order(1);
        bench.run(IkeBench.SECOND);
        assertTrue(bench.right.drops().contains(Reason.IKE_CHILD_NO_POLICY));
        bench.nothing();
    }

    /** Addresses of messages stand for identities, where recommendation L1 is off. */
    @Test
    void withoutIdentities() {
        IkeBench bench = new IkeBench(side -> side.off(Recommendation.L1));
        bench.left.order();
        bench.run(IkeBench.SECOND);
        // the policy is for one port, the pair for all that passes between the two: it belongs to no policy
        assertTrue(bench.right.decisions().contains(Reason.IKE_CHILD_IDENTITIES_IMPLIED));
        assertTrue(bench.right.drops().contains(Reason.IKE_CHILD_NO_POLICY));
        bench.nothing();
    }

    /** Identities other than the policy's: a range that the responder has no policy for. */
    @Test
    void withOtherIdentities() {
        IkeBench bench = new IkeBench();
        bench.left.ike.demands().start(IkeBench.RIGHT, List.of(Side.REQUEST), Optional.of(Identification.fqdn("left.lab")), Optional.empty());
        bench.run(IkeBench.SECOND);
        assertTrue(bench.right.drops().contains(Reason.IKE_CHILD_IDENTITY_NO_ADDRESS));
        bench.nothing();
    }

    /** The responder keeps SAs for a shorter time than it is offered, and says so (RFC 2407 section 4.6.3.1). */
    @ParameterizedTest
    @CsvSource({"1000, 300", "300, 1000", "0, 300", "300, 0"})
    void responderLifetime(long left, long right) {
        IkeBench bench = new IkeBench(side -> side.lifetimes = new Sa.Lifetimes(0, (side.name.equals(IkeBench.LEFT) ? left : right) * IkeBench.SECOND, 0, 0));
        bench.connect();
        for (BenchNode node : List.of(bench.left, bench.right)) {
            assertEquals(List.of(300 * IkeBench.SECOND, 300 * IkeBench.SECOND), node.sas().stream().map(sa -> sa.lifetimes().hardTime()).toList(), node.name);
        }
        Sa.Lifetimes initiators = bench.left.sas().getFirst().lifetimes();
        Sa.Lifetimes responders = bench.right.sas().getFirst().lifetimes();
        assertTrue(initiators.softTime() > 0 && initiators.softTime() < responders.softTime() && responders.softTime() < responders.hardTime(),
                () -> "the initiator makes the next pair: " + initiators + ", " + responders);
    }

    /** Of SAs whose lifetime nobody names both ends know how long they last (RFC 2407 section 4.5); one of octets alone has no end in time. */
    @ParameterizedTest
    @CsvSource({"0, 0, 0, 28800", "0, 0, 100000, 28800", "100000, 0, 0, 100000", "0, 1024, 0, 0"})
    void aLifetimeThatNobodyNames(long left, long leftOctets, long right, long seconds) {
        IkeBench bench = new IkeBench(side -> side.lifetimes = side.name.equals(IkeBench.LEFT) ? new Sa.Lifetimes(0, left * IkeBench.SECOND, 0, leftOctets)
                : new Sa.Lifetimes(0, right * IkeBench.SECOND, 0, 0));
        bench.connect();
        for (BenchNode node : List.of(bench.left, bench.right)) {
            assertEquals(List.of(seconds * IkeBench.SECOND, seconds * IkeBench.SECOND), node.sas().stream().map(sa -> sa.lifetimes().hardTime()).toList(), node.name);
        }
    }

    /** The same of octets, alone and beside seconds: what the responder cut, it tells. */
    @ParameterizedTest
    @CsvSource({"0, 8192, 0, 4096, 0", "0, 4096, 0, 8192, 0", "0, 0, 0, 4096, 28800", "1000, 8192, 300, 4096, 300", "1000, 4096, 300, 8192, 300", "300, 8192, 1000, 4096, 300"})
    void responderLifetimeOfOctets(long left, long leftOctets, long right, long rightOctets, long seconds) {
        IkeBench bench = new IkeBench(side -> side.lifetimes = side.name.equals(IkeBench.LEFT) ? new Sa.Lifetimes(0, left * IkeBench.SECOND, 0, leftOctets)
                : new Sa.Lifetimes(0, right * IkeBench.SECOND, 0, rightOctets));
        bench.connect();
        for (BenchNode node : List.of(bench.left, bench.right)) {
            for (Sa sa : node.sas()) {
                assertEquals(seconds * IkeBench.SECOND, sa.lifetimes().hardTime(), node.name);
                assertEquals(4096, sa.lifetimes().hardOctets(), node.name);
            }
        }
        boolean cut = left > right || leftOctets == 0 || leftOctets > rightOctets;
        assertEquals(cut, bench.left.decisions().contains(Reason.IKE_NOTIFIED));
    }

    /** Lifetimes of octets, and so short ones that no second is left to warn. */
    @ParameterizedTest
    @CsvSource({"0, 1024", "0, 1000000", "1, 0", "2, 0", "3, 2048", "4000000000, 0"})
    void lifetimes(long seconds, long octets) {
        IkeBench bench = new IkeBench(side -> side.lifetimes = new Sa.Lifetimes(0, seconds * VirtualTime.SECOND, 0, octets));
        bench.left.order();
        bench.run(100 * VirtualTime.MILLISECOND);
        bench.agrees(1);
        for (BenchNode node : List.of(bench.left, bench.right)) {
            for (Sa sa : node.sas()) {
                assertEquals(seconds * VirtualTime.SECOND, sa.lifetimes().hardTime());
                assertEquals(octets / 1024 * 1024, sa.lifetimes().hardOctets());
                assertTrue(sa.lifetimes().softTime() <= sa.lifetimes().hardTime() && sa.lifetimes().softOctets() <= sa.lifetimes().hardOctets());
            }
        }
        bench.carries();
        bench.run(10 * VirtualTime.SECOND);
        bench.folds();
    }

    /** Many pairs under one phase one, each with keys of its own. */
    @Test
    void manyPairs() {
        IkeBench bench = new IkeBench(side -> side.protections = 30);
        for (int i = 0; i < 30; i++) {
            bench.left.order(i);
        }
        bench.run(2 * IkeBench.SECOND);
        bench.agrees(30);
        assertEquals(1, bench.left.phaseOnes().size());
        assertEquals(60, bench.left.sas().stream().map(Sa::encryptionKey).distinct().count());
        assertEquals(60, bench.left.sas().stream().map(Sa::spi).distinct().count());
        bench.carries();
    }

    /** The kernel has no SPI to give, at either end: the quick mode is over at once, what comes for it is refused, and the next one finds all as it was. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void withoutAnSpi(boolean atResponder) {
        IkeBench bench = new IkeBench();
        bench.left.ike.demands().start(IkeBench.RIGHT, List.of(), Optional.empty(), Optional.empty());
        bench.run(IkeBench.SECOND);
        BenchNode poor = atResponder ? bench.right : bench.left;
        while (poor.door.request(SaMessages.getSpi(Sa.Protocol.AH, Sa.Mode.TRANSPORT, IkeBench.RIGHT_IP, IkeBench.LEFT_IP, 256, 100_000, 0)).errno() == 0) {
            // takes them all
        }
        int before = bench.sent.size();
        bench.left.order();
        bench.run(5 * IkeBench.SECOND);
        assertEquals(List.of(), bench.left.children());
        assertEquals(List.of(), bench.right.children());
        assertEquals(0, bench.left.sas().size() + bench.right.sas().size());
        assertEquals(atResponder ? List.of("left QM1", "right INFO") : List.of(), bench.log(before));
        if (!atResponder) {
            IkeExchange over = bench.left.all(IkeExchange.class).getLast();
            bench.left.mark();
            bench.deliver(bench.forged(bench.left, Forge.quick(bench.left.secrets(1), over.messageId(), List.of())));
            assertEquals(List.of(Reason.IKE_UNEXPECTED), bench.left.drops());
        }
        assertEquals(0, poor.door.request(PfKeyMessage.of(PfKeyMessage.FLUSH, PfKeyMessage.AH)).errno());
        bench.run(40 * IkeBench.SECOND);
        assertEquals(List.of(), bench.left.all(IkeExchange.class));
        bench.left.order();
        bench.run(IkeBench.SECOND);
        bench.agrees(1);
        bench.folds();
    }

    /** What was refused is not asked for again before its time is up (RFC 2367 section 3.1.6). */
    @Test
    void acquiredInVain() {
        IkeBench bench = new IkeBench(_ -> { }, side -> side.keyLength = 32);
        for (int i = 0; i < 29; i++) {
            bench.left.say(0);
            bench.run(IkeBench.SECOND);
        }
        assertEquals(1, bench.log(0).stream().filter("left QM1"::equals).count());
        bench.run(2 * IkeBench.SECOND);
        bench.left.say(0);
        bench.run(IkeBench.SECOND);
        assertEquals(2, bench.sent.stream().filter(flight -> flight.toString().equals("left QM1")).map(flight -> flight.isakmp().header().messageId()).distinct().count());
        bench.nothing();
    }

    /** A packet asks for its SA pair, and the next ones pass. */
    @Test
    void acquired() {
        IkeBench bench = new IkeBench();
        bench.left.say(0);
        bench.run(IkeBench.SECOND);
        bench.agrees(1);
        bench.carries();
        assertEquals(IkeSa.Phase.ESTABLISHED, bench.left.phaseOne().phase());
        // one need, one pair, however many packets
        IkeBench other = new IkeBench();
        for (int i = 0; i < 5; i++) {
            other.right.say(0);
        }
        other.run(IkeBench.SECOND);
        other.agrees(1);
        assertTrue(other.right.children().getFirst().initiator());
        Selector selector = other.right.children().getFirst().selector();
        assertEquals(Selector.Ports.of(Side.TRAFFIC), selector.sourcePorts());
    }
}
