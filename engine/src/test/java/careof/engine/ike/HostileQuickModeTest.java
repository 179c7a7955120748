package careof.engine.ike;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import careof.engine.base.IpAddress;
import careof.engine.base.OctetWriter;
import careof.engine.base.Octets;
import careof.engine.state.IkeExchange;
import careof.engine.state.Sa;
import careof.engine.trace.Reason;
import careof.engine.wire.isakmp.IsakmpHeader;
import careof.engine.wire.isakmp.IsakmpMessage;
import careof.engine.wire.isakmp.Notification;
import careof.engine.wire.isakmp.NotifyType;
import careof.engine.wire.isakmp.Payload;
import careof.engine.wire.isakmp.SecurityProtocol;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Quick modes that are replayed, changed, made without the secrets, or too many: no SA comes of them, and none goes. */
class HostileQuickModeTest {
    private final BadPeer bad = new BadPeer(_ -> { });
    private final IkeBench bench = bad.bench;

    /** Whoever has not the secrets: wrong hash, none, in the wrong place, not encrypted, message id 0. */
    @Test
    void withoutTheSecrets() {
        IsakmpSa sa = bad.sa();
        int quick = IsakmpHeader.QUICK_MODE;
        for (Octets hash : List.of(Octets.EMPTY, Octets.zeros(32), Octets.zeros(31), Octets.zeros(33), Octets.zeros(1000))) {
            bad.refused(bad.first.with(Forge.secured(sa, quick, bad.id(), new Payload.Hash(hash), bad.payloads)), Reason.IKE_HASH_WRONG);
        }
        Flight right = bad.first(all -> all);
        long id = right.isakmp().header().messageId();
        List<Payload> payloads = Forge.opened(sa, right).payloads();
        List<Payload> late = new ArrayList<>(bad.payloads);
        late.add(payloads.getFirst());
        bad.refused(right.with(Forge.bare(sa, quick, id, bad.payloads)), Reason.IKE_UNREADABLE);
        bad.refused(right.with(Forge.bare(sa, quick, id, late)), Reason.IKE_UNREADABLE);
        bad.refused(right.with(Forge.bare(sa, quick, id, List.of())), Reason.IKE_UNREADABLE);
        // its hash is right, and there is one payload more behind, or one less
        List<Payload> more = new ArrayList<>(payloads);
        more.add(new Payload.VendorId(Octets.EMPTY));
        bad.refused(right.with(Forge.bare(sa, quick, id, more)), Reason.IKE_HASH_WRONG);
        bad.refused(right.with(Forge.bare(sa, quick, id, payloads.subList(0, payloads.size() - 1))), Reason.IKE_HASH_WRONG);
        IsakmpHeader header = right.isakmp().header();
        bad.refused(right.with(header.withMessageId(id + 0x100)), Reason.IKE_UNREADABLE);
        bad.refused(right.with(header.withMessageId(0)), Reason.IKE_UNEXPECTED);
        bad.refused(right.with(header.withFlags(0)), Reason.IKE_UNEXPECTED);
        bad.refused(right.with(header.withResponderCookie(header.responderCookie() ^ 1)), Reason.IKE_NO_PHASE_ONE);
        bad.refused(right.with(header.withResponderCookie(0)), Reason.IKE_NO_PHASE_ONE);
        for (int at = IsakmpHeader.LENGTH; at < right.message().length(); at++) {
            List<Object> before = BadPeer.state(bench.right);
            bench.deliver(right.flipped(at));
            assertEquals(before, BadPeer.state(bench.right), "octet " + at);
        }
        bad.honest();
    }

    /** Under a phase one that nobody has authenticated yet: with the secrets that anybody has who exchanged keys, or without any. */
    @ParameterizedTest
    @CsvSource({"false, 1", "false, 2", "false, 3", "false, 4", "true, 1", "true, 2"})
    void beforePhaseOneIsEstablished(boolean aggressive, int messages) {
        IkeBench early = new IkeBench(side -> {
            side.rsa();
            if (aggressive) {
                side.aggressive();
            }
        });
        early.hold();
        early.left.order();
        for (int i = 0; i < messages; i++) {
            early.deliver(early.next());
        }
        early.next();
        for (BenchNode node : List.of(early.left, early.right)) {
            if (node.isEstablished()) {
                continue;    // the initiator of aggressive mode is, after two
            }
            List<Octets> forged = new ArrayList<>();
            IsakmpSa sa = node.secrets(1);
            for (int exchange : new int[] {IsakmpHeader.QUICK_MODE, IsakmpHeader.INFORMATIONAL}) {
                IsakmpHeader header = IsakmpHeader.of(sa.row().initiatorCookie(), sa.row().responderCookie(), exchange, 5).withNextPayload(Payload.HASH);
                forged.add(IsakmpMessage.encrypted(header, Octets.zeros(64)).toOctets());
            }
            if (sa.keys() != null) {
                Octets cookies = new OctetWriter(16).octets(sa.initiatorCookie()).octets(sa.responderCookie()).toOctets();
                forged.add(Forge.quick(sa, 6, bad.payloads));
                forged.add(Forge.informational(sa, 7, new Payload.Delete(1, SecurityProtocol.ISAKMP, 16, List.of(cookies)),
                        new Notification(1, SecurityProtocol.ISAKMP, NotifyType.INITIAL_CONTACT, cookies, Octets.EMPTY)));
            }
            List<Object> before = BadPeer.state(node);
            for (Octets message : forged) {
                node.mark();
                early.deliver(early.forged(node, message));
                assertEquals(before, BadPeer.state(node));
                assertTrue(forged.indexOf(message) == 3 || node.drops().size() == 1, () -> forged.indexOf(message) + ": " + node.drops());
            }
        }
    }

    /** The answers, changed in every octet: nothing follows, and the right one is taken. */
    @ParameterizedTest
    @ValueSource(strings = {"right QM2", "left QM3"})
    void answersThatWereChanged(String which) {
        int before = bench.sent.size();
        bench.left.order();
        bench.arrow("left QM1");
        Flight honest = bench.next("right QM2");
        if (which.equals("left QM3")) {
            bench.deliver(honest);
            honest = bench.next("left QM3");
        }
        BenchNode receiver = which.startsWith("left") ? bench.right : bench.left;
        List<Object> rows = BadPeer.state(receiver);
        for (int at = IsakmpHeader.LENGTH; at < honest.message().length(); at++) {
            bench.deliver(honest.flipped(at));
            assertEquals(rows, BadPeer.state(receiver), "octet " + at);
        }
        bench.deliver(honest);
        bench.release();
        bench.run(500 * 1_000_000);
        bench.agrees(1);
        assertEquals(List.of("left QM1", "right QM2", "left QM3"), bench.log(before));
        bench.carries();
    }

    /** A quick mode that was recorded makes nothing once more, from wherever it comes, whatever became of the first one. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void replays(boolean deleted) {
        bench.left.order();
        Flight first = bench.arrow("left QM1");
        bench.arrow("right QM2");
        Flight third = bench.next("left QM3");
        bench.deliver(third);
        bench.release();
        if (deleted) {
            bench.left.ike.demands().delete(List.of(Side.REQUEST));
        }
        bench.run(40 * IkeBench.SECOND);
        List<Object> before = BadPeer.state(bench.right);
        int sent = bench.sent.size();
        for (Flight flight : List.of(first, third, first.from(IpAddress.parse("2001:db8::99")), third.from(IpAddress.parse("2001:db8::99")))) {
            bench.right.mark();
            bench.deliver(flight);
            assertEquals(List.of(Reason.IKE_REPLAYED), bench.right.drops());
            assertEquals(before, BadPeer.state(bench.right));
        }
        assertEquals(sent, bench.sent.size());
        bench.agrees(deleted ? 0 : 1);
    }

    /** More quick modes than are dealt with at a time: no more than so many rows and SPIs. */
    @Test
    void tooManyAtATime() {
        int answers = bench.sent.size();
        for (int i = 1; i <= 500; i++) {
            bench.send(bad.first(all -> all));
        }
        bench.run(IkeBench.SECOND);
        assertTrue(bench.right.all(IkeExchange.class).size() <= 64);
        assertTrue(bench.right.all(Sa.class).size() <= 64);
        assertTrue(bench.sent.size() - answers <= 3 * 64);
        bench.release();
        bench.run(80 * IkeBench.SECOND);
        assertEquals(List.of(), bench.right.all(IkeExchange.class));
        assertEquals(List.of(), bench.right.children());
        bad.honest();
    }
}
