package careof.app.inspector;

import careof.app.session.RunIndex;
import careof.engine.base.VirtualTime;
import careof.engine.decode.Opener;
import careof.engine.policy.Recommendation;
import careof.engine.trace.TraceEvent;
import careof.engine.trace.TraceStore;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;

/** What was decided about a packet, about those it was made from and about those that it goes on as, in order. */
public final class Trail {
    /** Packets followed back, after those that it goes on as. */
    private static final int MOST_ANCESTORS = 24;
    /** Packets that it goes on as. */
    private static final int MOST_ONWARD = 24;
    /** Events looked at for one packet: one that waited long has many of others between its own. */
    private static final int MOST_EVENTS = 200_000;

    private Trail() {}

    /** How a line ended. */
    public enum Kind { PASSED, DROPPED, MOVED, CHANGED }

    /**
     * @param event id
     * @param packet that it was about
     * @param rule   the recommendation whose question was answered
     * @param entry  the table row looked at, "kind key"; may be empty
     */
    public record Line(long event, long packet, String time, String node, Kind kind, String text, String section, Optional<Recommendation> rule, String entry) {}

    /** The trail of a packet up to the trace's present end; reads only. */
    public static List<Line> of(TraceStore trace, RunIndex index, long packet, BooleanSupplier cancelled) {
        List<Line> lines = new ArrayList<>();
        List<Long> onward = index.lineage().onward(packet);
        TreeSet<Long> todo = new TreeSet<>(onward.subList(0, Math.min(onward.size(), MOST_ONWARD)));
        TreeSet<Long> done = new TreeSet<>();
        int most = todo.size() + MOST_ANCESTORS;
        while (!todo.isEmpty() && done.size() < most && !cancelled.getAsBoolean()) {
            long next = todo.pollLast();
            done.add(next);
            long first = index.lineage().firstOf(next);
            if (first == 0) {
                continue;
            }
            long last = Math.min(index.lineage().lastOf(next), first + MOST_EVENTS);
            TraceStore.Cursor events = trace.from(first);
            boolean more = events.hasNext();
            while (more) {
                TraceEvent event = events.next();
                more = event.id() < last && events.hasNext();
                if (event.packet() == next) {
                    lines.add(line(event, trace, index.opener()));
                    parentOf(event).filter(p -> !done.contains(p)).ifPresent(todo::add);
                }
            }
        }
        lines.sort(Comparator.comparingLong(Line::event));
        return lines;
    }

    private static Optional<Long> parentOf(TraceEvent event) {
        long parent = switch (event) {
            case TraceEvent.Derived e -> e.parent();
            case TraceEvent.FrameSent e -> e.parent();
            default -> 0;
        };
        return parent == 0 ? Optional.empty() : Optional.of(parent);
    }

    private static Line line(TraceEvent e, TraceStore trace, Opener opener) {
        Kind kind = switch (e) {
            case TraceEvent.Dropped _ -> Kind.DROPPED;
            case TraceEvent.Decided _ -> Kind.PASSED;
            case TraceEvent.Changed _, TraceEvent.Control _ -> Kind.CHANGED;
            case TraceEvent.FrameSent _, TraceEvent.FrameArrived _, TraceEvent.Derived _, TraceEvent.Started _, TraceEvent.Acted _ -> Kind.MOVED;
        };
        String text = e instanceof TraceEvent.Control control ? ControlText.of(control, trace, opener).line() : EventText.of(e, opener);
        return new Line(e.id(), e.packet(), VirtualTime.seconds(e.at()), e.node(), kind, text, EventText.section(e), EventText.rule(e), EventText.entry(e));
    }
}
