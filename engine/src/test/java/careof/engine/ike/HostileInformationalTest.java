package careof.engine.ike;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import careof.engine.base.IpAddress;
import careof.engine.base.OctetWriter;
import careof.engine.base.Octets;
import careof.engine.state.Sa;
import careof.engine.trace.Reason;
import careof.engine.wire.isakmp.Identification;
import careof.engine.wire.isakmp.IsakmpHeader;
import careof.engine.wire.isakmp.Notification;
import careof.engine.wire.isakmp.NotifyType;
import careof.engine.wire.isakmp.Payload;
import careof.engine.wire.isakmp.SecurityAssociation;
import careof.engine.wire.isakmp.SecurityProtocol;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Informational messages that say what they must not say, or without the hash that says who says it (CVE-2019-10155). */
class HostileInformationalTest {
    private final IkeBench bench = new IkeBench();
    private long id = 0x6000_0000L;

    HostileInformationalTest() {
        bench.connect();
        bench.run(40 * IkeBench.SECOND);
    }

    private IsakmpSa sa() {
        return bench.left.secrets(1);
    }

    private static Payload deleteOf(int protocol, Octets... spis) {
        return new Payload.Delete(SecurityAssociation.IPSEC, protocol, spis.length == 0 ? 0 : spis[0].length(), List.of(spis));
    }

    private Payload deleteOfPair() {
        return deleteOf(SecurityProtocol.ESP, Forge.messageId(bench.left.children().getFirst().inboundSpi()));
    }

    private Payload deleteOfPhaseOne() {
        return deleteOf(SecurityProtocol.ISAKMP, new OctetWriter(16).octets(sa().initiatorCookie()).octets(sa().responderCookie()).toOctets());
    }

    private List<Object> state() {
        List<Object> rows = new ArrayList<>(bench.right.phaseOnes());
        rows.addAll(bench.right.all(Sa.class));
        rows.addAll(bench.right.children());
        return rows;
    }

    private void nothingChanges(Octets message, Reason reason) {
        nothingChanges(bench.forged(bench.right, message), reason);
    }

    private void nothingChanges(Flight flight, Reason reason) {
        List<Object> before = state();
        int sent = bench.sent.size();
        bench.right.mark();
        bench.deliver(flight);
        assertEquals(List.of(reason), bench.right.drops());
        bench.run(100_000_000);
        assertEquals(before, state());
        assertEquals(sent, bench.sent.size());
    }

    @Test
    void withoutTheHash() {
        int informational = IsakmpHeader.INFORMATIONAL;
        for (Payload what : List.of(deleteOfPair(), deleteOfPhaseOne(), Notification.ofIsakmp(NotifyType.INITIAL_CONTACT, 1, 2, Octets.EMPTY),
                Notification.ofIsakmp(NotifyType.R_U_THERE, 1, 2, Octets.zeros(4)))) {
            nothingChanges(Forge.bare(sa(), informational, ++id, List.of(what)), Reason.IKE_UNREADABLE);
            for (int length : new int[] {0, 1, 31, 32, 33}) {
                nothingChanges(Forge.secured(sa(), informational, ++id, new Payload.Hash(Octets.zeros(length)), List.of(what)), Reason.IKE_HASH_WRONG);
            }
            // the hash of one message before another one's payloads, or behind them
            Octets other = sa().suite().hash().prf(sa().keys().authentication(), Forge.messageId(id));
            nothingChanges(Forge.secured(sa(), informational, id, new Payload.Hash(other), List.of(what)), Reason.IKE_HASH_WRONG);
            nothingChanges(Forge.bare(sa(), informational, ++id, List.of(what, new Payload.Hash(other))), Reason.IKE_UNREADABLE);
        }
        bench.agrees(1);
        bench.carries();
    }

    @Test
    void changedOnTheWay() {
        Flight honest = bench.forged(bench.right, Forge.informational(sa(), ++id, deleteOfPair()));
        List<Object> before = state();
        for (int at = IsakmpHeader.LENGTH; at < honest.message().length(); at++) {
            bench.deliver(honest.flipped(at));
            assertEquals(before, state(), "octet " + at);
        }
        IsakmpHeader header = honest.isakmp().header();
        nothingChanges(honest.with(header.withMessageId(0)), Reason.IKE_UNEXPECTED);
        nothingChanges(honest.with(header.withMessageId(id + 1)), Reason.IKE_UNREADABLE);
        nothingChanges(honest.with(header.withResponderCookie(5)), Reason.IKE_NO_PHASE_ONE);
        nothingChanges(honest.with(header.withExchange(IsakmpHeader.QUICK_MODE)), Reason.IKE_UNEXPECTED);
        nothingChanges(honest.with(header.withFlags(IsakmpHeader.AUTH_ONLY)), Reason.IKE_MALFORMED);
        bench.deliver(honest);
        assertEquals(List.of(), bench.right.children(), "and the honest one is heard");
    }

    /** The same once more, also from elsewhere and long after. */
    @Test
    void replays() {
        bench.left.ike.demands().probe(IkeBench.RIGHT);
        bench.run(IkeBench.SECOND);
        Flight question = bench.sent.get(bench.sent.size() - 2);
        assertEquals("left INFO", question.toString());
        for (int i = 0; i < 3; i++) {
            nothingChanges(question, Reason.IKE_REPLAYED);
            nothingChanges(question.from(IpAddress.parse("2001:db8::66")), Reason.IKE_REPLAYED);
            bench.run(100 * IkeBench.SECOND);
        }
        // what this node sent itself, played back to it
        Flight answer = bench.sent.getLast();
        nothingChanges(new Flight(IkeBench.LEFT, "", question.link(), answer.destination(), answer.source(), 500, 500, answer.message()), Reason.IKE_REPLAYED);
    }

    /** Deletes with the right hash, of what is not there, is of somebody else, or has no form. */
    @Test
    void deletesOfNothing() {
        Random random = new Random(13);
        List<Payload> all = new ArrayList<>();
        for (int protocol : new int[] {0, SecurityProtocol.ISAKMP, SecurityProtocol.AH, SecurityProtocol.ESP, SecurityProtocol.IPCOMP, 255}) {
            for (int size : new int[] {1, 2, 4, 8, 15, 16, 17, 255}) {
                byte[] spi = new byte[size];
                random.nextBytes(spi);
                all.add(deleteOf(protocol, Octets.wrap(spi)));
                all.add(deleteOf(protocol, Octets.zeros(size), Octets.zeros(size)));
            }
            all.add(deleteOf(protocol));
        }
        // the SA towards the other end, which is not for it to delete
        all.add(deleteOf(SecurityProtocol.ESP, Forge.messageId(bench.left.children().getFirst().outboundSpi())));
        all.add(deleteOf(SecurityProtocol.AH, Forge.messageId(bench.left.children().getFirst().inboundSpi())));
        all.add(new Payload.Delete(1, SecurityProtocol.ESP, 4, Collections.nCopies(16_000, Octets.zeros(4))));
        List<Object> before = state();
        for (Payload one : all) {
            bench.deliver(bench.forged(bench.right, Forge.informational(sa(), ++id, one)));
            assertEquals(before, state());
        }
        // many in one message, the right one last, and again
        bench.deliver(bench.forged(bench.right, Forge.informational(sa(), ++id, deleteOf(SecurityProtocol.ESP, Octets.zeros(4)), deleteOfPair(), deleteOfPair())));
        assertEquals(List.of(), bench.right.children());
        bench.folds();
    }

    /** One peer does not delete what another one made, whatever SPI and cookies it names, nor by beginning anew. */
    @Test
    void anotherPeersPairsAndPhaseOnes() {
        // the left node is two peers here, of one name for each IP version
        IkeBench two = new IkeBench(side -> {
            IpAddress other = side.name.equals(IkeBench.LEFT) ? IkeBench.RIGHT_IP4 : IkeBench.LEFT_IP4;
            side.others.add(side.entry("other", Optional.of(other), List.of(Identification.of(other)), Octets.hex("0102")));
            side.expected = List.of(Identification.of(side.peerAddress));
        });
        two.connect();
        two.left.ike.demands().start("other", List.of(), Optional.empty(), Optional.empty());
        two.run(IkeBench.SECOND);
        IsakmpSa own = two.left.secrets(1);
        IsakmpSa other = two.left.secrets(2);
        assertEquals("other", two.right.phaseOne().peer());
        two.agrees(1);
        Octets cookies = new OctetWriter(16).octets(own.initiatorCookie()).octets(own.responderCookie()).toOctets();
        for (Payload what : List.of(deleteOf(SecurityProtocol.ISAKMP, cookies), deleteOf(SecurityProtocol.ESP, Forge.messageId(two.left.children().getFirst().inboundSpi())),
                Notification.ofIsakmp(NotifyType.INITIAL_CONTACT, other.row().initiatorCookie(), other.row().responderCookie(), Octets.EMPTY))) {
            two.right.mark();
            two.deliver(two.forged(two.right, IkeBench.LEFT_IP, Forge.informational(other, ++id, what)));    // found by its cookies, as recommendation R wants
            assertEquals(List.of(), two.right.drops());
            assertEquals(2, two.right.phaseOnes().size());
            two.agrees(1);
        }
        // what is its own, it may
        two.deliver(two.forged(two.right, IkeBench.LEFT_IP, Forge.informational(own, ++id, deleteOf(SecurityProtocol.ISAKMP, cookies))));
        assertEquals(1, two.right.phaseOnes().size());
        two.folds();
    }

    private Notification probe(int type, long doi, int protocol, Octets spi, Octets data) {
        return new Notification(doi, protocol, type, spi, data);
    }

    /** Questions whether the right node is there that are of no phase one, or of another one, are not answered (RFC 3706 sections 5.3 and 6.1). */
    @Test
    void questionsOfNothing() {
        Octets cookies = sa().cookies();
        Octets turned = new OctetWriter(16).octets(sa().responderCookie()).octets(sa().initiatorCookie()).toOctets();
        Octets sequence = Octets.zeros(4);
        int isakmp = SecurityProtocol.ISAKMP;
        int question = NotifyType.R_U_THERE;
        for (Notification honest : List.of(probe(question, 1, isakmp, cookies, sequence), probe(question, 0, isakmp, cookies, sequence), probe(question, 1, isakmp, Octets.EMPTY, sequence))) {
            int before = bench.sent.size();
            bench.deliver(bench.forged(bench.right, Forge.informational(sa(), ++id, honest)));
            assertEquals(List.of("right INFO"), bench.log(before));
        }
        for (Notification odd : List.of(probe(question, 2, isakmp, cookies, sequence), probe(question, 1, SecurityProtocol.ESP, cookies, sequence), probe(question, 1, 0, cookies, sequence),
                probe(question, 1, isakmp, turned, sequence), probe(question, 1, isakmp, cookies.slice(0, 8), sequence), probe(question, 1, isakmp, Octets.zeros(16), sequence),
                probe(question, 1, isakmp, cookies, Octets.EMPTY), probe(question, 1, isakmp, cookies, Octets.zeros(5)))) {
            int before = bench.sent.size();
            bench.right.mark();
            bench.deliver(bench.forged(bench.right, Forge.informational(sa(), ++id, odd)));
            assertEquals(List.of(), bench.log(before));
            assertEquals(List.of(Reason.IKE_UNEXPECTED), bench.right.decisions().stream().filter(Reason.IKE_UNEXPECTED::equals).toList());
        }
    }

    /** Nor are answers heard that are about something else. */
    @Test
    void answersOfNothing() {
        int answer = NotifyType.R_U_THERE_ACK;
        Octets sequence = Octets.zeros(4);
        for (Notification odd : List.of(probe(answer, 1, SecurityProtocol.ESP, sa().cookies(), sequence), probe(answer, 9, SecurityProtocol.ISAKMP, sa().cookies(), sequence),
                probe(answer, 1, SecurityProtocol.ISAKMP, Octets.zeros(16), sequence), probe(answer, 1, SecurityProtocol.ISAKMP, sa().cookies(), Octets.zeros(8)))) {
            bench.right.mark();
            bench.deliver(bench.forged(bench.right, Forge.informational(sa(), ++id, odd)));
            assertEquals(List.of(Reason.IKE_UNEXPECTED), bench.right.decisions().stream().filter(reason -> reason.name().startsWith("IKE_")).toList());
        }
    }

    /** What deletes, or says that a peer begins anew, is of IPsec's DOI, or of ISAKMP's where it is about a phase one (RFC 2408 sections 3.14 and 3.15). */
    @Test
    void anotherDoi() {
        Octets spi = Forge.messageId(bench.left.children().getFirst().inboundSpi());
        IsakmpSa sa = sa();
        List<Object> before = state();
        for (Payload odd : List.of(new Payload.Delete(0, SecurityProtocol.ESP, 4, List.of(spi)), new Payload.Delete(2, SecurityProtocol.ESP, 4, List.of(spi)),
                new Payload.Delete(2, SecurityProtocol.ISAKMP, 16, List.of(sa.cookies())), new Payload.Delete(1, SecurityProtocol.IPCOMP, 4, List.of(spi)),
                new Payload.Delete(1, SecurityProtocol.ISAKMP, 8, List.of(sa.initiatorCookie(), sa.responderCookie())))) {
            bench.right.mark();
            bench.deliver(bench.forged(bench.right, Forge.informational(sa, ++id, odd)));
            assertEquals(before, state());
            assertTrue(bench.right.decisions().contains(Reason.IKE_UNEXPECTED));
        }
        // an older pair of the same peer, which a new phase one with the right notification ends
        bench.left.ike.demands().rekeyPhaseOne(IkeBench.RIGHT);
        bench.run(IkeBench.SECOND);
        IsakmpSa newer = bench.left.secrets(2);
        int type = NotifyType.INITIAL_CONTACT;
        for (Notification odd : List.of(new Notification(0, SecurityProtocol.ISAKMP, type, newer.cookies(), Octets.EMPTY), new Notification(1, SecurityProtocol.ESP, type, newer.cookies(), Octets.EMPTY),
                new Notification(1, SecurityProtocol.ISAKMP, type, sa.cookies(), Octets.EMPTY), new Notification(1, SecurityProtocol.ISAKMP, type, Octets.EMPTY, Octets.EMPTY))) {
            bench.deliver(bench.forged(bench.right, Forge.informational(newer, ++id, odd)));
            assertEquals(1, bench.right.children().size());
        }
        bench.deliver(bench.forged(bench.right, Forge.informational(newer, ++id, new Notification(1, SecurityProtocol.ISAKMP, type, newer.cookies(), Octets.EMPTY))));
        assertEquals(0, bench.right.children().size());
        bench.deliver(bench.forged(bench.right, Forge.informational(newer, ++id, new Payload.Delete(0, SecurityProtocol.ISAKMP, 16, List.of(newer.cookies())))));
        assertTrue(!bench.right.isEstablished());
    }

    /** Notifications of every kind and length: those that are known do what they may, none fails. */
    @Test
    void notifications() {
        Random random = new Random(14);
        List<Object> before = state();
        for (int type : new int[] {0, 1, 9, 14, 18, 24, 30, 31, 8192, 16384, 24576, 24577, 24578, 32768, 36136, 36137, 40960, 65535}) {
            for (int length : new int[] {0, 1, 3, 4, 5, 1000}) {
                for (int spi : new int[] {0, 4, 16, 255}) {
                    Notification n = new Notification(random.nextInt(2), random.nextInt(6), type, Octets.zeros(spi), Octets.zeros(length));
                    bench.deliver(bench.forged(bench.right, Forge.informational(sa(), ++id, n)));
                }
            }
        }
        bench.deliver(bench.forged(bench.right, Forge.secured(sa(), IsakmpHeader.INFORMATIONAL, ++id,
                new ArrayList<>(Collections.nCopies(62, Notification.ofIsakmp(NotifyType.R_U_THERE, 1, 2, Octets.zeros(4)))))));
        assertEquals(before, state());
        bench.agrees(1);
        bench.carries();
        bench.folds();
    }

    /** Who begins anew loses what it had before, not what it has made since (RFC 2407 section 4.6.3.3). */
    @Test
    void initialContactIsAboutEarlierTimes() {
        bench.left.rekey();
        bench.run(10 * IkeBench.SECOND);
        bench.agrees(1);
        List<Object> before = state();
        bench.right.mark();
        bench.deliver(bench.forged(bench.right, Forge.informational(sa(), ++id,
                Notification.ofIsakmp(NotifyType.INITIAL_CONTACT, sa().row().initiatorCookie(), sa().row().responderCookie(), Octets.EMPTY))));
        assertEquals(List.of(), bench.right.drops());
        assertEquals(before, state());
        bench.agrees(1);
        bench.carries();
    }

    /** A peer that sends and sends: message ids are remembered up to a bound, at which the phase one ends rather than forget one. */
    @Test
    void messageIdsAreBounded() {
        Octets payload = Octets.zeros(4);
        for (int i = 0; i < 3; i++) {
            bench.deliver(bench.forged(bench.right, Forge.informational(sa(), ++id, Notification.ofIsakmp(40960, 1, 2, payload))));
        }
        IsakmpSa right = bench.right.secrets(1);
        for (long used = 1; right.usedIds() < Ike.MOST_MESSAGE_IDS - 1; used++) {
            right.use(used);
        }
        assertTrue(bench.right.isEstablished());
        bench.deliver(bench.forged(bench.right, Forge.informational(sa(), 0xffff_fff0L, Notification.ofIsakmp(40960, 1, 2, payload))));
        bench.run(IkeBench.SECOND);
        assertEquals(List.of(), bench.right.phaseOnes());
        assertEquals(List.of(), bench.left.phaseOnes(), "the other end is told");
        bench.agrees(1);
        bench.left.rekey();
        bench.run(10 * IkeBench.SECOND);
        bench.agrees(1);
        bench.carries();
        bench.folds();
    }
}
