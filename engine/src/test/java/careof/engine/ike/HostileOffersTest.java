package careof.engine.ike;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import careof.engine.base.OctetWriter;
import careof.engine.base.Octets;
import careof.engine.state.IkeSa;
import careof.engine.state.Sa;
import careof.engine.trace.Reason;
import careof.engine.wire.isakmp.Attribute;
import careof.engine.wire.isakmp.Payload;
import careof.engine.wire.isakmp.PhaseOneAttribute;
import careof.engine.wire.isakmp.Proposal;
import careof.engine.wire.isakmp.SecurityAssociation;
import careof.engine.wire.isakmp.SecurityProtocol;
import careof.engine.wire.isakmp.Transform;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What anybody may offer for a phase one, or answer to an offer: nothing but what both ends want is taken, and reading it costs no more than its octets. */
class HostileOffersTest {
    private static IkeBench bench(boolean aggressive) {
        IkeBench bench = new IkeBench(side -> {
            if (aggressive) {
                side.aggressive();
            }
        });
        bench.hold();
        bench.left.order();
        return bench;
    }

    private static Flight proposing(Flight flight, UnaryOperator<List<Proposal>> change) {
        return Forge.with(flight, all -> {
            all.replaceAll(payload -> payload instanceof SecurityAssociation sa ? new SecurityAssociation(change.apply(sa.proposals())) : payload);
            return all;
        });
    }

    private static UnaryOperator<List<Proposal>> attributes(UnaryOperator<List<Attribute>> change) {
        return all -> all.stream().map(p -> new Proposal(p.number(), p.protocol(), p.spi(),
                p.transforms().stream().map(t -> new Transform(t.number(), t.id(), change.apply(new ArrayList<>(t.attributes())))).toList())).toList();
    }

    private static UnaryOperator<List<Proposal>> and(Attribute more) {
        return attributes(all -> {
            all.add(more);
            return all;
        });
    }

    private static UnaryOperator<List<Proposal>> without(int type) {
        return attributes(all -> all.stream().filter(attribute -> attribute.type() != type).toList());
    }

    private static UnaryOperator<List<Proposal>> proposal(UnaryOperator<Proposal> change) {
        return all -> List.of(change.apply(all.getFirst()));
    }

    private static Octets ones(int length) {
        byte[] octets = new byte[length];
        Arrays.fill(octets, (byte) 0xff);
        return Octets.wrap(octets);
    }

    /** Offers of which nothing fits. */
    private static List<UnaryOperator<List<Proposal>>> offers() {
        List<UnaryOperator<List<Proposal>>> none = new ArrayList<>(List.of(
                _ -> List.of(),
                proposal(p -> new Proposal(1, p.protocol(), p.spi(), List.of())),
                proposal(p -> new Proposal(1, SecurityProtocol.ESP, p.spi(), p.transforms())),
                proposal(p -> new Proposal(1, 0, p.spi(), p.transforms())),
                proposal(p -> new Proposal(1, p.protocol(), p.spi(), List.of(new Transform(1, 7, p.transforms().getFirst().attributes())))),
                proposal(p -> new Proposal(1, p.protocol(), p.spi(), Collections.nCopies(200, new Transform(1, 1, List.of())))),
                attributes(_ -> List.of()),
                attributes(_ -> Collections.nCopies(64, Attribute.of(PhaseOneAttribute.GROUP, 1))),
                and(Attribute.of(999, 1)),
                and(Attribute.of(32767, Octets.zeros(10_000))),
                and(Attribute.of(PhaseOneAttribute.LIFE_DURATION, Octets.EMPTY)),
                and(Attribute.of(PhaseOneAttribute.LIFE_DURATION, ones(9))),
                and(Attribute.of(PhaseOneAttribute.KEY_LENGTH, 127)),
                and(Attribute.of(PhaseOneAttribute.KEY_LENGTH, ones(7))),
                and(Attribute.of(PhaseOneAttribute.ENCRYPTION, 1)),
                and(Attribute.of(PhaseOneAttribute.HASH, 0xffff_ffff_ffffL)),
                and(Attribute.of(PhaseOneAttribute.AUTHENTICATION, 4))));
        for (int type : new int[] {PhaseOneAttribute.ENCRYPTION, PhaseOneAttribute.HASH, PhaseOneAttribute.AUTHENTICATION, PhaseOneAttribute.GROUP}) {
            none.add(without(type));
        }
        return none;
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void offersOfWhichNothingFits(boolean aggressive) {
        IkeBench bench = bench(aggressive);
        Flight first = bench.next();
        for (UnaryOperator<List<Proposal>> offer : offers()) {
            refused(bench, proposing(first, offer), List.of(Reason.IKE_NO_PROPOSAL));
        }
        refused(bench, proposing(first, all -> Collections.nCopies(130, new Proposal(1, 1, Octets.EMPTY, Collections.nCopies(2, all.getFirst().transforms().getFirst())))),
                List.of(Reason.IKE_MALFORMED));
        refused(bench, proposing(first, attributes(_ -> Collections.nCopies(65, Attribute.of(1, 1)))), List.of(Reason.IKE_MALFORMED));
        refused(bench, Forge.without(first, SecurityAssociation.class), List.of(Reason.IKE_NO_PROPOSAL));
        refused(bench, Forge.with(first, new Payload.OtherAssociation(7, Octets.zeros(100))), List.of(Reason.IKE_NO_PROPOSAL));
        refused(bench, Forge.with(first, new Payload.OtherAssociation(1, new OctetWriter(8).u32(SecurityAssociation.SECRECY).u32(0).toOctets())), List.of(Reason.IKE_NO_PROPOSAL));
        honest(bench, first);
    }

    private static void refused(IkeBench bench, Flight forged, List<Reason> why) {
        bench.right.mark();
        bench.deliver(forged);
        assertEquals(why, bench.right.drops());
        assertEquals(List.of(), bench.right.phaseOnes());
    }

    private static void honest(IkeBench bench, Flight first) {
        bench.deliver(first);
        bench.release();
        bench.run(IkeBench.SECOND / 2);
        bench.agrees(1);
        bench.carries();
        bench.folds();
    }

    /** One that fits among many that do not, wherever it stands. */
    @Test
    void oneOfMany() {
        IkeBench bench = bench(false);
        Flight first = bench.next();
        Flight many = proposing(first, all -> {
            Transform right = all.getFirst().transforms().getFirst();
            List<Transform> transforms = new ArrayList<>(Collections.nCopies(100, new Transform(1, 1, List.of(Attribute.of(PhaseOneAttribute.HASH, 1)))));
            transforms.add(right);
            return List.of(new Proposal(1, SecurityProtocol.ESP, Octets.zeros(4), List.of(right)), new Proposal(2, SecurityProtocol.ISAKMP, Octets.zeros(8), transforms));
        });
        bench.deliver(many);
        assertEquals("MM2 sent", bench.right.step());
        SecurityAssociation answer = (SecurityAssociation) Forge.payloads(bench.next("right MM2")).getFirst();
        assertEquals(1, answer.proposals().size());
        assertEquals(2, answer.proposals().getFirst().number());
        assertEquals(1, answer.proposals().getFirst().transforms().size());
    }

    /** Lifetimes of any size are lifetimes, and a shorter one counts. */
    @ParameterizedTest
    @ValueSource(strings = {"00", "ffffffff", "00ffffffffffffff", "7fffffffffffffff", "0000000000000000000000000000002710"})
    void lifetimes(String hex) {
        IkeBench bench = bench(false);
        Flight first = bench.next();
        bench.deliver(proposing(first, attributes(all -> {
            all.removeIf(attribute -> attribute.type() == PhaseOneAttribute.LIFE_DURATION);
            all.add(Attribute.of(PhaseOneAttribute.LIFE_DURATION, Octets.hex(hex)));
            return all;
        })));
        assertEquals("MM2 sent", bench.right.step());
    }

    /** Answers that are not one of what was offered, and exactly one. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void answersThatWereNotOffered(boolean aggressive) {
        IkeBench bench = bench(aggressive);
        bench.deliver(bench.next());
        Flight second = bench.next();
        List<UnaryOperator<List<Proposal>>> all = new ArrayList<>(offers());
        all.add(list -> List.of(list.getFirst(), new Proposal(2, 1, Octets.EMPTY, list.getFirst().transforms())));
        all.add(proposal(p -> new Proposal(1, 1, p.spi(), Collections.nCopies(2, p.transforms().getFirst()))));
        IkeSa before = bench.left.phaseOne();
        for (UnaryOperator<List<Proposal>> answer : all) {
            bench.left.mark();
            bench.deliver(proposing(second, answer));
            assertEquals(List.of(Reason.IKE_NO_PROPOSAL), bench.left.drops());
            assertEquals(before.step(), bench.left.phaseOne().step());
            assertEquals(0, bench.left.phaseOne().responderCookie());
        }
        bench.left.mark();
        bench.deliver(Forge.without(second, SecurityAssociation.class));
        assertTrue(bench.left.drops().contains(Reason.IKE_NO_PROPOSAL));
        honest(bench, second);
        assertEquals(List.of(), bench.left.all(Sa.class).stream().filter(sa -> sa.phase() == Sa.Phase.LARVAL).toList());
    }
}
