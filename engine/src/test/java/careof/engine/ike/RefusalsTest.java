package careof.engine.ike;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import careof.engine.base.OctetWriter;
import careof.engine.base.Octets;
import careof.engine.crypto.DhGroup;
import careof.engine.state.Sa;
import careof.engine.trace.Reason;
import careof.engine.wire.isakmp.Attribute;
import careof.engine.wire.isakmp.IpsecAttribute;
import careof.engine.wire.isakmp.IsakmpHeader;
import careof.engine.wire.isakmp.Notification;
import careof.engine.wire.isakmp.NotifyType;
import careof.engine.wire.isakmp.Payload;
import careof.engine.wire.isakmp.PayloadChain;
import careof.engine.wire.isakmp.PhaseOneAttribute;
import careof.engine.wire.isakmp.Proposal;
import careof.engine.wire.isakmp.SecurityAssociation;
import careof.engine.wire.isakmp.Transform;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Offers and answers that are well-formed and yet not to be taken, and what their sender is told. */
class RefusalsTest {
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

    private static Notification said(Flight flight) {
        return Forge.payloads(flight).stream().filter(Notification.class::isInstance).map(Notification.class::cast).findFirst().orElseThrow();
    }

    private static Payload.OtherAssociation other(long doi) {
        return new Payload.OtherAssociation(doi, new OctetWriter(12).u32(SecurityAssociation.SECRECY).u32(1).u32(0).toOctets());
    }

    /** Another DOI, or a situation with labels of secrecy (RFC 2408 section 5.4, RFC 2407 section 4.2.2). */
    @ParameterizedTest
    @CsvSource({"MM1, 2", "MM1, 1", "MM1, 0", "AM1, 2", "AM1, 1"})
    void phaseOnesOfAnotherDoi(String message, long doi) {
        IkeBench bench = bench(message.equals("AM1"));
        bench.deliver(Forge.with(bench.next("left " + message), other(doi)));
        Notification told = said(bench.next("right INFO"));
        assertEquals(doi == SecurityAssociation.IPSEC ? NotifyType.SITUATION_NOT_SUPPORTED : NotifyType.DOI_NOT_SUPPORTED, told.notifyType());
        assertEquals(List.of(), bench.right.phaseOnes());
        assertEquals(List.of(Reason.IKE_NO_PROPOSAL), bench.right.drops());
    }

    /** The first message of quick mode with another offer and the right hash. */
    private static Flight quick(IsakmpSa sa, Flight first, Function<SecurityAssociation, Payload> change) {
        List<Payload> payloads = new ArrayList<>(Forge.opened(sa, first).payloads());
        payloads.removeFirst();
        payloads.replaceAll(payload -> payload instanceof SecurityAssociation offer ? change.apply(offer) : payload);
        return first.with(Forge.quick(sa, first.isakmp().header().messageId(), payloads));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2})
    void quickModesOfAnotherDoi(long doi) {
        IkeBench bench = bench(false);
        bench.arrows("left MM1", "right MM2", "left MM3", "right MM4", "left MM5", "right MM6");
        IsakmpSa sa = bench.left.ike.phaseOnes().table().find(1).orElseThrow();
        bench.deliver(quick(sa, bench.next("left QM1"), _ -> other(doi)));
        int told = Forge.opened(sa, bench.next("right INFO")).find(Notification.class).orElseThrow().notifyType();
        assertEquals(doi == SecurityAssociation.IPSEC ? NotifyType.SITUATION_NOT_SUPPORTED : NotifyType.DOI_NOT_SUPPORTED, told);
        assertEquals(List.of(), bench.right.sas());
        assertTrue(bench.right.isEstablished());
    }

    /** With an attribute before the others, so that the last one of its type is what was offered. */
    private static SecurityAssociation with(SecurityAssociation offer, Attribute more) {
        Proposal proposal = offer.proposals().getFirst();
        Transform transform = proposal.transforms().getFirst();
        List<Attribute> attributes = new ArrayList<>(transform.attributes());
        attributes.addFirst(more);
        return SecurityAssociation.of(new Proposal(proposal.number(), proposal.protocol(), proposal.spi(), List.of(new Transform(transform.number(), transform.id(), attributes))));
    }

    private static SecurityAssociation offer(List<Payload> payloads) {
        return payloads.stream().filter(SecurityAssociation.class::isInstance).map(SecurityAssociation.class::cast).findFirst().orElseThrow();
    }

    /** Attributes that contradict each other are no offer (RFC 2407 section 4.5.2); the same once more is. */
    @ParameterizedTest
    @CsvSource({"4, 19, true", "4, 14, false", "2, 4, true", "2, 2, false", "14, 128, true", "14, 256, false"})
    void attributesOfPhaseOne(int type, long value, boolean taken) {
        IkeBench bench = bench(false);
        Flight first = bench.next("left MM1");
        bench.deliver(Forge.with(first, with(offer(Forge.payloads(first)), Attribute.of(type, value))));
        assertEquals(taken ? List.of() : List.of(Reason.IKE_NO_PROPOSAL), bench.right.drops());
        Flight answer = bench.next(taken ? "right MM2" : "right INFO");
        assertTrue(taken || said(answer).notifyType() == NotifyType.ATTRIBUTES_NOT_SUPPORTED);
    }

    @ParameterizedTest
    @CsvSource({"4, 2, true", "4, 1, false", "5, 2, true", "5, 1, false", "1, 2, true", "2, 77, true"})
    void attributesOfQuickMode(int type, long value, boolean taken) {
        IkeBench bench = bench(false);
        bench.arrows("left MM1", "right MM2", "left MM3", "right MM4", "left MM5", "right MM6");
        IsakmpSa sa = bench.left.ike.phaseOnes().table().find(1).orElseThrow();
        bench.right.mark();
        bench.deliver(quick(sa, bench.next("left QM1"), offer -> with(offer, Attribute.of(type, value))));
        assertEquals(taken ? List.of() : List.of(Reason.IKE_NO_PROPOSAL), bench.right.drops());
        Flight answer = bench.next(taken ? "right QM2" : "right INFO");
        assertTrue(taken || Forge.opened(sa, answer).find(Notification.class).orElseThrow().notifyType() == NotifyType.ATTRIBUTES_NOT_SUPPORTED);
    }

    private static SecurityAssociation either(SecurityAssociation offer, SecurityAssociation other) {
        Proposal proposal = offer.proposals().getFirst();
        return SecurityAssociation.of(new Proposal(proposal.number(), proposal.protocol(), proposal.spi(),
                List.of(proposal.transforms().getFirst(), other.proposals().getFirst().transforms().getFirst())));
    }

    private static SecurityAssociation instead(SecurityAssociation offer, int type, long value) {
        Proposal proposal = offer.proposals().getFirst();
        Transform transform = proposal.transforms().getFirst();
        List<Attribute> attributes = new ArrayList<>(transform.attributes());
        attributes.removeIf(attribute -> attribute.type() == type);
        attributes.add(Attribute.of(type, value));
        return SecurityAssociation.of(new Proposal(proposal.number(), proposal.protocol(), proposal.spi(), List.of(new Transform(transform.number(), transform.id(), attributes))));
    }

    /** What this node cannot do at all is another refusal than what it does not want here (RFC 2407 section 4.5.3); a transform beside it may still be taken. */
    @ParameterizedTest
    @CsvSource({"3, 77, 13", "4, 3, 13", "5, 7, 13", "7, 1, 13", "99, 1, 13", "4, 1, 14", "5, 1, 14", "6, 256, 14", "11, 1, 14"})
    void whatCannotBeDoneAndWhatIsNotWanted(int type, long value, int told) {
        for (boolean alone : new boolean[] {true, false}) {
            IkeBench bench = bench(false);
            bench.arrows("left MM1", "right MM2", "left MM3", "right MM4", "left MM5", "right MM6");
            IsakmpSa sa = bench.left.secrets(1);
            bench.deliver(quick(sa, bench.next("left QM1"), offer -> alone ? instead(offer, type, value) : either(instead(offer, type, value), offer)));
            Flight answer = bench.next(alone ? "right INFO" : "right QM2");
            assertTrue(!alone || Forge.opened(sa, answer).find(Notification.class).orElseThrow().notifyType() == told);
        }
    }

    /** One quick mode makes one SA pair here (record 14): who offers two is told so, rather than given one of them. */
    @Test
    void twoPairsInOneQuickMode() {
        IkeBench bench = bench(false);
        bench.arrows("left MM1", "right MM2", "left MM3", "right MM4", "left MM5", "right MM6");
        IsakmpSa sa = bench.left.secrets(1);
        Flight first = bench.next("left QM1");
        List<Payload> payloads = new ArrayList<>(Forge.opened(sa, first).payloads());
        payloads.removeFirst();
        payloads.add(1, offer(payloads));
        bench.deliver(first.with(Forge.quick(sa, first.isakmp().header().messageId(), payloads)));
        assertEquals(NotifyType.NO_PROPOSAL_CHOSEN, Forge.opened(sa, bench.next("right INFO")).find(Notification.class).orElseThrow().notifyType());
        assertEquals(List.of(), bench.right.all(Sa.class));
    }

    /** A contradiction ends it all, whatever else is offered (RFC 2407 section 4.5.2). */
    @Test
    void aContradictionBesideWhatWouldFit() {
        IkeBench bench = bench(false);
        bench.arrows("left MM1", "right MM2", "left MM3", "right MM4", "left MM5", "right MM6");
        IsakmpSa sa = bench.left.secrets(1);
        bench.deliver(quick(sa, bench.next("left QM1"), offer -> either(offer, with(offer, Attribute.of(IpsecAttribute.AUTHENTICATION, 1)))));
        assertEquals(NotifyType.ATTRIBUTES_NOT_SUPPORTED, Forge.opened(sa, bench.next("right INFO")).find(Notification.class).orElseThrow().notifyType());
        assertEquals(List.of(), bench.right.sas());
    }

    /** In phase one it is unknown attributes; algorithms that this node does not have are ones to try others for. */
    @ParameterizedTest
    @CsvSource({"1, 6, 14", "2, 6, 14", "3, 2, 14", "4, 77, 14", "4, 14, 14", "13, 1, 13", "16, 1, 13", "999, 1, 13"})
    void whatCannotBeDoneInPhaseOne(int type, long value, int told) {
        IkeBench bench = bench(false);
        Flight first = bench.next("left MM1");
        bench.deliver(Forge.with(first, instead(offer(Forge.payloads(first)), type, value)));
        assertEquals(told, said(bench.next("right INFO")).notifyType());
    }

    /** The lifetime of one kind may come with that of the other, in any order, but not twice with two values. */
    @Test
    void lifetimesOfEachKindAreNoContradiction() {
        Attribute seconds = Attribute.of(IpsecAttribute.LIFE_TYPE, IpsecAttribute.SECONDS);
        Attribute kilobytes = Attribute.of(IpsecAttribute.LIFE_TYPE, IpsecAttribute.KILOBYTES);
        Attribute day = Attribute.of(IpsecAttribute.LIFE_DURATION, 86_400);
        Attribute lots = Attribute.of(IpsecAttribute.LIFE_DURATION, 100_000);
        assertTrue(!contradicts(seconds, day, kilobytes, lots));
        assertTrue(!contradicts(seconds, day, kilobytes, lots, seconds, Attribute.of(IpsecAttribute.LIFE_DURATION, Octets.hex("0000000000015180"))));
        assertTrue(contradicts(seconds, day, lots));
        assertTrue(contradicts(seconds, day, kilobytes, lots, seconds, lots));
        assertTrue(!new Transform(1, 1, List.of(Attribute.of(PhaseOneAttribute.LIFE_TYPE, 1), Attribute.of(PhaseOneAttribute.LIFE_DURATION, 1),
                Attribute.of(PhaseOneAttribute.LIFE_TYPE, 2), Attribute.of(PhaseOneAttribute.LIFE_DURATION, 2)))
                .contradictsItself(PhaseOneAttribute.LIFE_TYPE, PhaseOneAttribute.LIFE_DURATION));
    }

    private static boolean contradicts(Attribute... attributes) {
        return new Transform(1, 1, List.of(attributes)).contradictsItself(IpsecAttribute.LIFE_TYPE, IpsecAttribute.LIFE_DURATION);
    }

    /** The responder's answer must be what was offered (RFC 2408 section 4.2): no group that nobody spoke of, and one transform. */
    @ParameterizedTest
    @ValueSource(strings = {"honest", "group", "two proposals"})
    void answersThatWereNotOffered(String how) throws Exception {
        IkeBench bench = bench(false);
        bench.arrows("left MM1", "right MM2", "left MM3", "right MM4", "left MM5", "right MM6");
        IsakmpSa sa = bench.left.ike.phaseOnes().table().find(1).orElseThrow();
        Flight first = bench.arrow("left QM1");
        Flight second = bench.next("right QM2");
        Octets nonce = Forge.opened(sa, first).find(Payload.Nonce.class).orElseThrow().data();
        Octets iv = first.message().from(first.message().length() - 16);
        List<Payload> payloads = new ArrayList<>(SecuredMessage.open(sa.suite(), sa.cipherKey(), iv, second.isakmp()).chain().payloads());
        payloads.removeFirst();
        SecurityAssociation honest = offer(payloads);
        payloads.replaceAll(payload -> !(payload instanceof SecurityAssociation) ? payload : switch (how) {
            case "group" -> with(honest, Attribute.of(IpsecAttribute.GROUP, DhGroup.ECP_256.number()));
            case "two proposals" -> new SecurityAssociation(List.of(honest.proposals().getFirst(),
                    new Proposal(2, honest.proposals().getFirst().protocol(), honest.proposals().getFirst().spi(), honest.proposals().getFirst().transforms())));
            default -> payload;
        });
        IsakmpHeader header = second.isakmp().header();
        Octets hash = sa.suite().hash().prf(sa.keys().authentication(), Forge.messageId(header.messageId()), nonce, PayloadChain.emit(payloads));
        payloads.addFirst(new Payload.Hash(hash));
        bench.deliver(second.with(SecuredMessage.seal(sa.suite(), sa.cipherKey(), iv, header, payloads).wire().toOctets()));
        boolean taken = how.equals("honest");
        assertEquals(taken ? 2 : 0, bench.left.sas().size());
        assertEquals(taken ? List.of() : List.of(Reason.IKE_NO_PROPOSAL), bench.left.drops());
    }
}
