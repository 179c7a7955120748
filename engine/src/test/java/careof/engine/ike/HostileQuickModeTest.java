package careof.engine.ike;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import careof.engine.base.IpAddress;
import careof.engine.base.OctetWriter;
import careof.engine.base.Octets;
import careof.engine.base.VirtualTime;
import careof.engine.crypto.DhGroup;
import careof.engine.policy.Recommendation;
import careof.engine.state.IkeExchange;
import careof.engine.state.Sa;
import careof.engine.trace.Reason;
import careof.engine.wire.isakmp.Attribute;
import careof.engine.wire.isakmp.Identification;
import careof.engine.wire.isakmp.IpsecAttribute;
import careof.engine.wire.isakmp.IsakmpHeader;
import careof.engine.wire.isakmp.IsakmpMessage;
import careof.engine.wire.isakmp.Notification;
import careof.engine.wire.isakmp.NotifyType;
import careof.engine.wire.isakmp.Payload;
import careof.engine.wire.isakmp.Proposal;
import careof.engine.wire.isakmp.SecurityAssociation;
import careof.engine.wire.isakmp.SecurityProtocol;
import careof.engine.wire.isakmp.Transform;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Quick modes that are replayed, made without the secrets, or made with them by a peer that has gone bad: no SA comes of them, and none goes. */
class HostileQuickModeTest {
    private final Bad bad = new Bad(_ -> { });
    private final IkeBench bench = bad.bench;

    /** Two nodes with a phase one, and one that knows its secrets and sends quick modes of its own as if it were the left node. */
    private static final class Bad {
        final IkeBench bench;
        final Flight first;
        final List<Payload> payloads;
        private long id = 0x5000_0000L;

        Bad(Consumer<Side> sides) {
            bench = new IkeBench(sides);
            bench.left.ike.demands().start(IkeBench.RIGHT, List.of(), Optional.empty(), Optional.empty());
            bench.run(IkeBench.SECOND);
            assertTrue(bench.right.isEstablished());
            bench.hold();
            bench.left.order();
            first = bench.arrow("left QM1");
            bench.arrows("right QM2", "left QM3");
            List<Payload> all = Forge.opened(sa(), first).payloads();
            payloads = all.subList(1, all.size());
            bench.left.ike.demands().delete(List.of(Side.REQUEST));
            bench.arrow("left INFO");
            bench.nothing();
        }

        /** The secrets. */
        IsakmpSa sa() {
            return bench.left.secrets(1);
        }

        long id() {
            return ++id;
        }

        /** A first message with its right hash. */
        Flight first(UnaryOperator<List<Payload>> change) {
            long of = id();
            List<Payload> all = new ArrayList<>(payloads);
            all.replaceAll(payload -> payload instanceof SecurityAssociation offer ? SecurityAssociation.of(spi(offer.proposals().getFirst(), Forge.messageId(of))) : payload);
            return bench.knows(first.with(Forge.quick(sa(), of, change.apply(all))));
        }

        static Proposal spi(Proposal p, Octets spi) {
            return new Proposal(p.number(), p.protocol(), spi, p.transforms());
        }

        Flight first(Payload instead) {
            return first(all -> {
                all.replaceAll(payload -> payload.type() == instead.type() ? instead : payload);
                return all;
            });
        }

        Flight without(Class<? extends Payload> kind) {
            return first(all -> {
                all.removeIf(kind::isInstance);
                return all;
            });
        }

        Flight proposing(Function<Proposal, List<Proposal>> change) {
            return first(all -> {
                all.replaceAll(payload -> payload instanceof SecurityAssociation offer ? new SecurityAssociation(change.apply(offer.proposals().getFirst())) : payload);
                return all;
            });
        }

        Flight identified(Identification... identities) {
            return first(all -> {
                all.removeIf(Identification.class::isInstance);
                all.addAll(List.of(identities));
                return all;
            });
        }

        /** The right node refuses a first message, with this reason, and keeps nothing of it. */
        void refused(Flight forged, Reason reason) {
            List<Object> before = state(bench.right);
            bench.right.mark();
            bench.deliver(forged);
            assertTrue(bench.right.drops().contains(reason), () -> bench.right.drops().toString());
            assertEquals(before, state(bench.right));
            bench.release();
            bench.run(100 * VirtualTime.MILLISECOND);
            bench.hold();
        }

        /** After all that, an honest quick mode makes its pair. */
        void honest() {
            bench.release();
            bench.run(60 * IkeBench.SECOND);
            bench.nothing();
            bench.left.order();
            bench.run(IkeBench.SECOND);
            bench.agrees(1);
            bench.carries();
            bench.folds();
        }
    }

    private static List<Object> state(BenchNode node) {
        List<Object> rows = new ArrayList<>(node.phaseOnes());
        rows.addAll(node.all(Sa.class));
        rows.addAll(node.children());
        return rows;
    }

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
            List<Object> before = state(bench.right);
            bench.deliver(right.flipped(at));
            assertEquals(before, state(bench.right), "octet " + at);
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
            List<Object> before = state(node);
            for (Octets message : forged) {
                node.mark();
                early.deliver(early.forged(node, message));
                assertEquals(before, state(node));
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
        List<Object> rows = state(receiver);
        for (int at = IsakmpHeader.LENGTH; at < honest.message().length(); at++) {
            bench.deliver(honest.flipped(at));
            assertEquals(rows, state(receiver), "octet " + at);
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
        List<Object> before = state(bench.right);
        int sent = bench.sent.size();
        for (Flight flight : List.of(first, third, first.from(IpAddress.parse("2001:db8::99")), third.from(IpAddress.parse("2001:db8::99")))) {
            bench.right.mark();
            bench.deliver(flight);
            assertEquals(List.of(Reason.IKE_REPLAYED), bench.right.drops());
            assertEquals(before, state(bench.right));
        }
        assertEquals(sent, bench.sent.size());
        bench.agrees(deleted ? 0 : 1);
    }

    @Test
    void nonces() {
        for (int length : new int[] {0, 1, 7, 257, 5000}) {
            bad.refused(bad.first(new Payload.Nonce(Octets.zeros(length))), Reason.IKE_CHILD_REFUSED);
        }
        bad.refused(bad.without(Payload.Nonce.class), Reason.IKE_CHILD_REFUSED);
        bad.honest();
    }

    /** SPIs that are reserved, of no length, of another one. */
    @Test
    void spis() {
        List<Octets> none = new ArrayList<>(List.of(Octets.EMPTY, Octets.of(1, 2), Octets.of(1, 2, 3), Octets.zeros(5), Octets.zeros(8), Octets.zeros(255)));
        for (long spi : new long[] {0, 1, 2, 255}) {
            none.add(new OctetWriter(4).u32(spi).toOctets());
        }
        for (Octets spi : none) {
            bad.refused(bad.proposing(p -> List.of(Bad.spi(p, spi))), Reason.IKE_NO_PROPOSAL);
        }
        bad.honest();
    }

    /** The SPI of another pair: there cannot be two SAs of one name, and the one that is there stays. */
    @Test
    void anSpiOfAnotherPair() {
        bench.left.order();
        bench.release();
        bench.run(IkeBench.SECOND);
        Octets spi = Forge.messageId(bench.left.children().getFirst().inboundSpi());
        bench.hold();
        List<String> before = bench.right.keyed();
        Flight first = bad.proposing(p -> List.of(Bad.spi(p, spi)));
        bench.deliver(first);
        Flight second = bench.next("right QM2");
        bench.deliver(Forge.third(bad.sa(), first, second));
        assertTrue(bench.right.drops().contains(Reason.IKE_CHILD_FAILED));
        assertEquals(before, bench.right.keyed());
        assertEquals(1, bench.right.children().size());
        bench.release();
        bench.run(40 * IkeBench.SECOND);
        bench.agrees(1);
        bench.carries();
        bench.folds();
    }

    /** Proposals and attributes by the hundred, of every kind that may not be. */
    @Test
    void proposals() {
        List<Function<Proposal, List<Proposal>>> none = List.of(
                _ -> List.of(),
                p -> List.of(new Proposal(1, p.protocol(), p.spi(), List.of())),
                p -> List.of(p, p),    // both or none, and there is no such bundle here
                p -> List.of(p, new Proposal(1, SecurityProtocol.AH, p.spi(), p.transforms())),
                p -> List.of(new Proposal(1, SecurityProtocol.ISAKMP, p.spi(), p.transforms())),
                p -> List.of(new Proposal(1, SecurityProtocol.IPCOMP, p.spi(), p.transforms())),
                p -> List.of(new Proposal(1, 0, p.spi(), p.transforms()), new Proposal(2, 200, p.spi(), p.transforms())),
                p -> List.of(transforms(p, _ -> List.of())),
                p -> List.of(transforms(p, all -> with(all, Attribute.of(99, 1)))),
                p -> List.of(transforms(p, all -> with(all, Attribute.of(32767, Octets.zeros(5000))))),
                p -> List.of(transforms(p, all -> with(all, Attribute.of(IpsecAttribute.LIFE_DURATION, Octets.EMPTY)))),
                p -> List.of(transforms(p, all -> with(all, Attribute.of(IpsecAttribute.LIFE_DURATION, ones(9))))),
                p -> List.of(transforms(p, all -> with(all, Attribute.of(IpsecAttribute.ENCAPSULATION, 3)))),
                p -> List.of(transforms(p, all -> with(all, Attribute.of(IpsecAttribute.AUTHENTICATION, 0xffff_ffffL)))),
                p -> List.of(transforms(p, all -> with(all, Attribute.of(IpsecAttribute.KEY_LENGTH, 1 << 20)))),
                p -> List.of(transforms(p, all -> with(all, Attribute.of(IpsecAttribute.GROUP, 77)))),
                p -> List.of(new Proposal(1, p.protocol(), p.spi(), List.of(new Transform(1, 255, p.transforms().getFirst().attributes())))),
                p -> List.of(new Proposal(1, p.protocol(), p.spi(), Collections.nCopies(200, new Transform(1, 3, p.transforms().getFirst().attributes())))));
        for (Function<Proposal, List<Proposal>> change : none) {
            bad.refused(bad.proposing(change), Reason.IKE_NO_PROPOSAL);
        }
        // more than is read at all
        bench.right.mark();
        bench.deliver(bad.proposing(p -> Collections.nCopies(120, new Proposal(1, p.protocol(), p.spi(), Collections.nCopies(3, p.transforms().getFirst())))));
        assertEquals(List.of(Reason.IKE_UNREADABLE), bench.right.drops());
        bench.deliver(bad.proposing(p -> List.of(transforms(p, _ -> Collections.nCopies(65, Attribute.of(1, 1))))));
        assertTrue(bench.right.drops().contains(Reason.IKE_UNREADABLE));
        bad.honest();
    }

    private static Octets ones(int length) {
        byte[] octets = new byte[length];
        Arrays.fill(octets, (byte) 0xff);
        return Octets.wrap(octets);
    }

    private static List<Attribute> with(List<Attribute> all, Attribute more) {
        List<Attribute> longer = new ArrayList<>(all);
        longer.add(more);
        return longer;
    }

    private static Proposal transforms(Proposal p, Function<List<Attribute>, List<Attribute>> change) {
        return new Proposal(p.number(), p.protocol(), p.spi(), p.transforms().stream().map(t -> new Transform(t.number(), t.id(), change.apply(t.attributes()))).toList());
    }

    /** Lifetimes of any size are lifetimes: the pair lives as long as both want. */
    @ParameterizedTest
    @ValueSource(strings = {"00", "0000000000000000", "01", "ffffffff", "00ffffffffffffff", "7fffffffffffffff", "000000000000000000000000000000000000000001"})
    void lifetimes(String hex) {
        Flight forged = bad.proposing(p -> List.of(transforms(p, all -> {
            List<Attribute> more = new ArrayList<>(all);
            more.add(Attribute.of(IpsecAttribute.LIFE_TYPE, IpsecAttribute.SECONDS));
            more.add(Attribute.of(IpsecAttribute.LIFE_DURATION, Octets.hex(hex)));
            more.add(Attribute.of(IpsecAttribute.LIFE_TYPE, IpsecAttribute.KILOBYTES));
            more.add(Attribute.of(IpsecAttribute.LIFE_DURATION, Octets.hex(hex)));
            return more;
        })));
        bench.deliver(forged);
        assertEquals(1, bench.right.sas().size());
        bench.release();
        bench.run(60 * IkeBench.SECOND);
        bench.folds();
    }

    @Test
    void identities() {
        Identification left = Identification.of(IkeBench.LEFT_IP).withSelector(17, 0);
        Identification right = Identification.of(IkeBench.RIGHT_IP).withSelector(17, Side.TRAFFIC);
        bad.refused(bad.identified(), Reason.IKE_CHILD_NO_POLICY);
        bad.refused(bad.identified(left), Reason.IKE_CHILD_REFUSED);
        bad.refused(bad.identified(left, right, right), Reason.IKE_CHILD_REFUSED);
        bad.refused(bad.identified(right, left), Reason.IKE_CHILD_NO_POLICY);
        bad.refused(bad.identified(left.withSelector(6, 0), right), Reason.IKE_CHILD_REFUSED);
        bad.refused(bad.identified(left, right.withSelector(17, 1)), Reason.IKE_CHILD_NO_POLICY);
        bad.refused(bad.identified(Identification.of(IpAddress.parse("2001:db8::77")).withSelector(17, 0), right), Reason.IKE_CHILD_NO_POLICY);
        bad.refused(bad.identified(Identification.of(IkeBench.LEFT_IP4), right), Reason.IKE_CHILD_NO_POLICY);
        Random random = new Random(11);
        for (int type = 0; type < 16; type++) {
            for (int length : new int[] {0, 1, 4, 8, 15, 16, 17, 32, 300}) {
                byte[] data = new byte[length];
                random.nextBytes(data);
                refused(bad.identified(new Identification(type, 17, 0, Octets.wrap(data)), right));
            }
        }
        bad.honest();
    }

    /** For whatever reason. */
    private void refused(Flight forged) {
        bench.right.mark();
        bench.deliver(forged);
        assertEquals(List.of(), bench.right.all(Sa.class));
        assertTrue(!bench.right.drops().isEmpty());
        bench.release();
        bench.run(100 * VirtualTime.MILLISECOND);
        bench.hold();
    }

    /** Recommendation M off takes identities that denote nobody: whatever they are, nothing fails, and no packet is carried. */
    @Test
    void identitiesOfNobody() {
        Bad open = new Bad(side -> side.off(Recommendation.M));
        Random random = new Random(12);
        int made = 0;
        for (int type = 0; type < 14; type++) {
            for (int length : new int[] {0, 4, 8, 16, 32}) {
                byte[] data = new byte[length];
                random.nextBytes(data);
                Identification odd = new Identification(type, random.nextInt(256), random.nextInt(65536), Octets.wrap(data));
                Identification other = random.nextBoolean() ? Identification.of(IkeBench.RIGHT_IP4) : Identification.of(IkeBench.RIGHT_IP);
                boolean swapped = random.nextBoolean();
                Flight first = open.identified(swapped ? other : odd, swapped ? odd : other);
                open.bench.deliver(first);
                Flight answer = open.bench.next();
                if (answer.name().equals("QM2")) {
                    open.bench.deliver(Forge.third(open.sa(), first, answer));
                    made++;
                }
                open.bench.release();
                open.bench.run(IkeBench.SECOND);
                open.bench.hold();
            }
        }
        assertTrue(made > 20, made + " pairs for nobody");
        assertEquals(made, open.bench.right.children().size());
        open.bench.right.ike.demands().delete(List.of(Side.REQUEST));
        open.honest();
    }

    /** Perfect forward secrecy: a public value that is none, one without a group, a group without one. */
    @ParameterizedTest
    @CsvSource({"ECP_256, false", "MODP_768, false", "ECP_256, true"})
    void publicValues(DhGroup group, boolean alone) {
        Bad secret = new Bad(side -> side.pfs = alone ? Optional.empty() : Optional.of(group));
        int length = group.publicLength();
        for (Octets value : List.of(Octets.EMPTY, Octets.zeros(length), Octets.zeros(length - 1), ones(length), Octets.zeros(length + 1))) {
            secret.refused(secret.first(all -> {
                all.removeIf(Payload.KeyExchange.class::isInstance);
                all.add(2, new Payload.KeyExchange(value));
                return all;
            }), Reason.IKE_BAD_KEY_EXCHANGE);
        }
        if (!alone) {
            secret.refused(secret.without(Payload.KeyExchange.class), Reason.IKE_BAD_KEY_EXCHANGE);
        }
        secret.honest();
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

    /** An answer that is not one of what was offered. */
    @Test
    void answersThatWereNotOffered() {
        List<Function<Proposal, List<Proposal>>> none = List.of(
                _ -> List.of(),
                p -> List.of(p, new Proposal(2, p.protocol(), p.spi(), p.transforms())),
                p -> List.of(new Proposal(1, p.protocol(), p.spi(), Collections.nCopies(2, p.transforms().getFirst()))),
                p -> List.of(new Proposal(1, p.protocol(), Octets.zeros(4), p.transforms())),
                p -> List.of(new Proposal(1, SecurityProtocol.AH, p.spi(), p.transforms())),
                p -> List.of(transforms(p, all -> with(all, Attribute.of(IpsecAttribute.GROUP, DhGroup.MODP_2048.number())))),
                p -> List.of(transforms(p, all -> with(all, Attribute.of(IpsecAttribute.EXTENDED_SEQUENCE_NUMBERS, 1)))));
        for (Function<Proposal, List<Proposal>> change : none) {
            bench.left.order();
            Flight first = bench.arrow("left QM1");
            Flight second = bench.next("right QM2");
            bench.left.mark();
            bench.deliver(second(first, second, answer -> new SecurityAssociation(change.apply(answer.proposals().getFirst()))));
            assertTrue(bench.left.drops().contains(Reason.IKE_NO_PROPOSAL), () -> bench.left.drops().toString());
            assertEquals(List.of(), bench.left.all(Sa.class));
            bench.release();
            bench.run(40 * IkeBench.SECOND);
            assertEquals(List.of(), bench.right.all(Sa.class), "who is refused gives up");
            bench.hold();
        }
        bad.honest();
    }

    /** An answer that is for somebody else, or for one end alone. */
    @Test
    void answersForOthers() {
        Identification other = Identification.of(IpAddress.parse("2001:db8::66"));
        List<UnaryOperator<List<Payload>>> changes = List.of(
                ids -> List.of(ids.getFirst(), other),
                ids -> List.of(other, ids.getLast()),
                ids -> List.of(ids.getLast(), ids.getFirst()),
                ids -> List.of(ids.getFirst()),
                ids -> List.of(ids.getFirst(), ids.getLast(), ids.getLast()));
        for (UnaryOperator<List<Payload>> change : changes) {
            bench.left.order();
            Flight first = bench.arrow("left QM1");
            Flight second = bench.next("right QM2");
            bench.left.mark();
            bench.deliver(Forge.second(bench.right.secrets(1), first, second, all -> {
                List<Payload> ids = all.stream().filter(Identification.class::isInstance).toList();
                List<Payload> changed = new ArrayList<>(all);
                changed.removeAll(ids);
                changed.addAll(change.apply(ids));
                return changed;
            }));
            assertEquals(List.of(Reason.IKE_CHILD_REFUSED), bench.left.drops());
            assertEquals(List.of(), bench.left.all(Sa.class));
            bench.release();
            bench.run(40 * IkeBench.SECOND);
            assertEquals(List.of(), bench.right.all(Sa.class), "who is refused gives up");
            bench.hold();
        }
        bad.honest();
    }

    private Flight second(Flight first, Flight second, Function<SecurityAssociation, SecurityAssociation> change) {
        return Forge.second(bench.right.secrets(1), first, second, all -> {
            all.replaceAll(payload -> payload instanceof SecurityAssociation answer ? change.apply(answer) : payload);
            return all;
        });
    }

    /** The left node hears of a lifetime in QM2, and how long its pair lasts then. */
    private Lifespan told(Function<Octets, Notification> notification) {
        bench.left.order();
        Flight first = bench.arrow("left QM1");
        Flight second = bench.next("right QM2");
        bench.deliver(Forge.second(bench.right.secrets(1), first, second, all -> {
            Proposal chosen = all.stream().filter(SecurityAssociation.class::isInstance).map(answer -> ((SecurityAssociation) answer).proposals().getFirst()).findFirst().orElseThrow();
            all.add(notification.apply(chosen.spi()));
            return all;
        }));
        List<Lifespan> spans = bench.left.sas().stream().map(sa -> new Lifespan(sa.lifetimes().hardTime(), sa.lifetimes().hardOctets())).distinct().toList();
        assertEquals(1, spans.size());
        bench.left.ike.demands().delete(List.of(Side.REQUEST));
        bench.release();
        bench.run(40 * IkeBench.SECOND);    // QM3 cannot be read, since it is encrypted after another QM2
        bench.nothing();
        bench.hold();
        return spans.getFirst();
    }

    /** Lifetimes of the responder that say nothing: the pair lives as long as was offered. */
    @Test
    void lifetimesOfResponders() {
        for (Octets data : List.of(Octets.EMPTY, Octets.zeros(3), ones(40), Octets.hex("800b0001000c000400000000"), Octets.hex("800b0001000cffff"), Octets.zeros(30_000))) {
            assertEquals(ChildProposals.UNSPECIFIED, told(spi -> new Notification(1, SecurityProtocol.ESP, NotifyType.RESPONDER_LIFETIME, spi, data)));
        }
        bad.honest();
    }

    /** A lifetime of the responder is about the SA that it answers, by its SPI or by the cookies (RFC 2407 section 4.6.3.1), or it is about nothing here. */
    @Test
    void lifetimesOfRespondersAreOfTheirSa() {
        Octets data = Octets.hex("800100010002000400000064" + "8001000280020007");
        Lifespan shorter = new Lifespan(100 * IkeBench.SECOND, 7 * 1024);
        Octets cookies = bad.sa().cookies();
        assertEquals(shorter, told(spi -> new Notification(1, SecurityProtocol.ESP, NotifyType.RESPONDER_LIFETIME, spi, data)));
        assertEquals(shorter, told(_ -> new Notification(1, SecurityProtocol.ESP, NotifyType.RESPONDER_LIFETIME, cookies, data)));
        bench.left.mark();
        List<Function<Octets, Notification>> others = List.of(
                spi -> new Notification(0, SecurityProtocol.ESP, NotifyType.RESPONDER_LIFETIME, spi, data),
                spi -> new Notification(2, SecurityProtocol.ESP, NotifyType.RESPONDER_LIFETIME, spi, data),
                spi -> new Notification(1, SecurityProtocol.AH, NotifyType.RESPONDER_LIFETIME, spi, data),
                spi -> new Notification(1, SecurityProtocol.ISAKMP, NotifyType.RESPONDER_LIFETIME, spi, data),
                _ -> new Notification(1, SecurityProtocol.ESP, NotifyType.RESPONDER_LIFETIME, Octets.EMPTY, data),
                _ -> new Notification(1, SecurityProtocol.ESP, NotifyType.RESPONDER_LIFETIME, Octets.zeros(4), data),
                _ -> new Notification(1, SecurityProtocol.ESP, NotifyType.RESPONDER_LIFETIME, cookies.slice(0, 8), data),
                spi -> new Notification(1, SecurityProtocol.ESP, NotifyType.REPLAY_STATUS, spi, data));
        for (Function<Octets, Notification> other : others) {
            assertEquals(ChildProposals.UNSPECIFIED, told(other));
        }
        assertEquals(others.size() - 1, bench.left.decisions().stream().filter(Reason.IKE_UNEXPECTED::equals).count());
        bad.honest();
    }
}
