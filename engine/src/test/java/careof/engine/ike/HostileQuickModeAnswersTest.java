package careof.engine.ike;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import careof.engine.base.IpAddress;
import careof.engine.base.Octets;
import careof.engine.crypto.DhGroup;
import careof.engine.state.Sa;
import careof.engine.trace.Reason;
import careof.engine.wire.isakmp.Attribute;
import careof.engine.wire.isakmp.Identification;
import careof.engine.wire.isakmp.IpsecAttribute;
import careof.engine.wire.isakmp.Notification;
import careof.engine.wire.isakmp.NotifyType;
import careof.engine.wire.isakmp.Payload;
import careof.engine.wire.isakmp.Proposal;
import careof.engine.wire.isakmp.SecurityAssociation;
import careof.engine.wire.isakmp.SecurityProtocol;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** Answers of a peer that has gone bad to quick modes that are honest: what was not offered is not taken. */
class HostileQuickModeAnswersTest {
    private final BadPeer bad = new BadPeer(_ -> { });
    private final IkeBench bench = bad.bench;

    /** An answer that is not one of what was offered. */
    @Test
    void answersThatWereNotOffered() {
        List<Function<Proposal, List<Proposal>>> none = List.of(
                _ -> List.of(),
                p -> List.of(p, new Proposal(2, p.protocol(), p.spi(), p.transforms())),
                p -> List.of(new Proposal(1, p.protocol(), p.spi(), Collections.nCopies(2, p.transforms().getFirst()))),
                p -> List.of(new Proposal(1, p.protocol(), Octets.zeros(4), p.transforms())),
                p -> List.of(new Proposal(1, SecurityProtocol.AH, p.spi(), p.transforms())),
                p -> List.of(BadPeer.transforms(p, all -> BadPeer.with(all, Attribute.of(IpsecAttribute.GROUP, DhGroup.MODP_2048.number())))),
                p -> List.of(BadPeer.transforms(p, all -> BadPeer.with(all, Attribute.of(IpsecAttribute.EXTENDED_SEQUENCE_NUMBERS, 1)))));
        for (Function<Proposal, List<Proposal>> change : none) {
            bench.left.order();
            Flight first = bench.arrow("left QM1");
            Flight second = bench.next("right QM2");
            bench.left.mark();
            bench.deliver(second(first, second, answer -> new SecurityAssociation(change.apply(answer.proposals().getFirst()))));
            assertTrue(bench.left.drops().contains(Reason.IKE_NO_PROPOSAL), () -> bench.left.drops().toString());
            nothingComesOfIt();
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
            nothingComesOfIt();
        }
        bad.honest();
    }

    private void nothingComesOfIt() {
        assertEquals(List.of(), bench.left.all(Sa.class));
        bench.release();
        bench.run(40 * IkeBench.SECOND);
        assertEquals(List.of(), bench.right.all(Sa.class), "who is refused gives up");
        bench.hold();
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
        for (Octets data : List.of(Octets.EMPTY, Octets.zeros(3), BadPeer.ones(40), Octets.hex("800b0001000c000400000000"), Octets.hex("800b0001000cffff"), Octets.zeros(30_000))) {
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
