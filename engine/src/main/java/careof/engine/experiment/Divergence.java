package careof.engine.experiment;

import careof.engine.state.Switches;
import careof.engine.trace.TraceEvent;
import careof.engine.trace.TraceStore;
import java.util.Optional;

/**
 * Where two runs of one lab part: the first of their events, in order, that do not say the same. What only tells how the run was set up, the policy of
 * the nodes, does not count.
 *
 * @param on  event of the one run; 0: it has ended
 * @param off event of the other run; 0: it has ended
 */
public record Divergence(long on, long off) {
    /** The first difference; empty: there is none. */
    public static Optional<Divergence> of(TraceStore on, TraceStore off) {
        TraceStore.Cursor left = on.from(1);
        TraceStore.Cursor right = off.from(1);
        while (true) {
            TraceEvent a = next(left);
            TraceEvent b = next(right);
            if (a == null && b == null) {
                return Optional.empty();
            }
            if (a == null || b == null || !same(a, b)) {
                return Optional.of(new Divergence(a == null ? 0 : a.id(), b == null ? 0 : b.id()));
            }
        }
    }

    private static TraceEvent next(TraceStore.Cursor cursor) {
        while (cursor.hasNext()) {
            TraceEvent event = cursor.next();
            if (!(event instanceof TraceEvent.Changed changed && changed.row() instanceof Switches)) {
                return event;
            }
        }
        return null;
    }

    /** Ids, causes and references to rows by event may be shifted; all else counts. */
    private static boolean same(TraceEvent a, TraceEvent b) {
        return a.at() == b.at() && a.node().equals(b.node()) && switch (a) {
            case TraceEvent.Started _ -> b instanceof TraceEvent.Started;
            case TraceEvent.Acted x -> b instanceof TraceEvent.Acted y && x.text().equals(y.text());
            case TraceEvent.FrameSent x -> b instanceof TraceEvent.FrameSent y && x.link().equals(y.link()) && x.port().equals(y.port())
                    && x.arrivals().equals(y.arrivals()) && x.frame().equals(y.frame());
            case TraceEvent.FrameArrived x -> b instanceof TraceEvent.FrameArrived y && x.packet() == y.packet() && x.port().equals(y.port());
            case TraceEvent.Derived x -> b instanceof TraceEvent.Derived y && x.packet() == y.packet() && x.relation() == y.relation();
            case TraceEvent.Decided x -> b instanceof TraceEvent.Decided y && x.packet() == y.packet() && x.reason() == y.reason() && x.args().equals(y.args());
            case TraceEvent.Dropped x -> b instanceof TraceEvent.Dropped y && x.packet() == y.packet() && x.reason() == y.reason() && x.args().equals(y.args());
            case TraceEvent.Changed x -> b instanceof TraceEvent.Changed y && x.old().equals(y.old()) && x.now().equals(y.now()) && x.reason() == y.reason();
            case TraceEvent.Control x -> b instanceof TraceEvent.Control y && x.toKernel() == y.toKernel() && x.octets().equals(y.octets());
        };
    }
}
