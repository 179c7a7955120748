package careof.engine.ike;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import careof.engine.base.Octets;
import careof.engine.base.VirtualTime;
import careof.engine.state.Sa;
import careof.engine.trace.Reason;
import careof.engine.wire.isakmp.Attribute;
import careof.engine.wire.isakmp.Identification;
import careof.engine.wire.isakmp.Payload;
import careof.engine.wire.isakmp.Proposal;
import careof.engine.wire.isakmp.SecurityAssociation;
import careof.engine.wire.isakmp.Transform;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/** Two nodes with a phase one, and one that knows its secrets and sends quick modes of its own as if it were the left node. */
final class BadPeer {
    final IkeBench bench;
    final Flight first;
    final List<Payload> payloads;
    private long id = 0x5000_0000L;

    BadPeer(Consumer<Side> sides) {
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

    /** The same with another SPI. */
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

    /** What a node has of phase ones, SAs and pairs. */
    static List<Object> state(BenchNode node) {
        List<Object> rows = new ArrayList<>(node.phaseOnes());
        rows.addAll(node.all(Sa.class));
        rows.addAll(node.children());
        return rows;
    }

    /** Nothing but ones. */
    static Octets ones(int length) {
        byte[] octets = new byte[length];
        Arrays.fill(octets, (byte) 0xff);
        return Octets.wrap(octets);
    }

    /** One attribute more. */
    static List<Attribute> with(List<Attribute> all, Attribute more) {
        List<Attribute> longer = new ArrayList<>(all);
        longer.add(more);
        return longer;
    }

    /** The same with other attributes in each of its transforms. */
    static Proposal transforms(Proposal p, Function<List<Attribute>, List<Attribute>> change) {
        return new Proposal(p.number(), p.protocol(), p.spi(), p.transforms().stream().map(t -> new Transform(t.number(), t.id(), change.apply(t.attributes()))).toList());
    }
}
