package careof.engine.ike;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import careof.engine.base.IpAddress;
import careof.engine.base.OctetWriter;
import careof.engine.base.Octets;
import careof.engine.base.VirtualTime;
import careof.engine.crypto.DhGroup;
import careof.engine.policy.Recommendation;
import careof.engine.state.Sa;
import careof.engine.trace.Reason;
import careof.engine.wire.isakmp.Attribute;
import careof.engine.wire.isakmp.Identification;
import careof.engine.wire.isakmp.IpsecAttribute;
import careof.engine.wire.isakmp.Payload;
import careof.engine.wire.isakmp.Proposal;
import careof.engine.wire.isakmp.SecurityProtocol;
import careof.engine.wire.isakmp.Transform;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** First messages of quick mode from a peer that has gone bad: what they offer may not be, and no SA comes of it. */
class HostileQuickModeOffersTest {
    private final BadPeer bad = new BadPeer(_ -> { });
    private final IkeBench bench = bad.bench;

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
            bad.refused(bad.proposing(p -> List.of(BadPeer.spi(p, spi))), Reason.IKE_NO_PROPOSAL);
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
        Flight first = bad.proposing(p -> List.of(BadPeer.spi(p, spi)));
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
                p -> List.of(BadPeer.transforms(p, _ -> List.of())),
                p -> List.of(BadPeer.transforms(p, all -> BadPeer.with(all, Attribute.of(99, 1)))),
                p -> List.of(BadPeer.transforms(p, all -> BadPeer.with(all, Attribute.of(32767, Octets.zeros(5000))))),
                p -> List.of(BadPeer.transforms(p, all -> BadPeer.with(all, Attribute.of(IpsecAttribute.LIFE_DURATION, Octets.EMPTY)))),
                p -> List.of(BadPeer.transforms(p, all -> BadPeer.with(all, Attribute.of(IpsecAttribute.LIFE_DURATION, BadPeer.ones(9))))),
                p -> List.of(BadPeer.transforms(p, all -> BadPeer.with(all, Attribute.of(IpsecAttribute.ENCAPSULATION, 3)))),
                p -> List.of(BadPeer.transforms(p, all -> BadPeer.with(all, Attribute.of(IpsecAttribute.AUTHENTICATION, 0xffff_ffffL)))),
                p -> List.of(BadPeer.transforms(p, all -> BadPeer.with(all, Attribute.of(IpsecAttribute.KEY_LENGTH, 1 << 20)))),
                p -> List.of(BadPeer.transforms(p, all -> BadPeer.with(all, Attribute.of(IpsecAttribute.GROUP, 77)))),
                p -> List.of(new Proposal(1, p.protocol(), p.spi(), List.of(new Transform(1, 255, p.transforms().getFirst().attributes())))),
                p -> List.of(new Proposal(1, p.protocol(), p.spi(), Collections.nCopies(200, new Transform(1, 3, p.transforms().getFirst().attributes())))));
        for (Function<Proposal, List<Proposal>> change : none) {
            bad.refused(bad.proposing(change), Reason.IKE_NO_PROPOSAL);
        }
        // more than is read at all
        bench.right.mark();
        bench.deliver(bad.proposing(p -> Collections.nCopies(120, new Proposal(1, p.protocol(), p.spi(), Collections.nCopies(3, p.transforms().getFirst())))));
        assertEquals(List.of(Reason.IKE_UNREADABLE), bench.right.drops());
        bench.deliver(bad.proposing(p -> List.of(BadPeer.transforms(p, _ -> Collections.nCopies(65, Attribute.of(1, 1))))));
        assertTrue(bench.right.drops().contains(Reason.IKE_UNREADABLE));
        bad.honest();
    }

    /** Lifetimes of any size are lifetimes: the pair lives as long as both want. */
    @ParameterizedTest
    @ValueSource(strings = {"00", "0000000000000000", "01", "ffffffff", "00ffffffffffffff", "7fffffffffffffff", "000000000000000000000000000000000000000001"})
    void lifetimes(String hex) {
        Flight forged = bad.proposing(p -> List.of(BadPeer.transforms(p, all -> {
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
        BadPeer open = new BadPeer(side -> side.off(Recommendation.M));
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
        BadPeer secret = new BadPeer(side -> side.pfs = alone ? Optional.empty() : Optional.of(group));
        int length = group.publicLength();
        for (Octets value : List.of(Octets.EMPTY, Octets.zeros(length), Octets.zeros(length - 1), BadPeer.ones(length), Octets.zeros(length + 1))) {
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
}
