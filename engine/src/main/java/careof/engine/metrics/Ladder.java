package careof.engine.metrics;

import careof.engine.lab.Lab;
import careof.engine.lab.LabNode;
import careof.engine.trace.Reason;
import careof.engine.trace.TraceEvent;
import careof.engine.trace.TraceStore;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What a run amounted to as a ladder: signalling messages where they originate, actions, the first packet of each kind of drop, the first packets of
 * flows as they come to be wrapped. Time goes down.
 *
 * @param lanes nodes that take part, in the order of the lab
 */
public record Ladder(List<String> lanes, List<Row> rows) {
    /** One line; {@code event} names it in the trace, {@code at} is nanoseconds. */
    public sealed interface Row {
        long event();

        long at();
    }

    /**
     * A message.
     *
     * @param to     the node that it is for; empty: it is nobody's
     * @param around what is around it, outermost first: "HAO", "RH2", "ESP", "AH", "tunnel"
     * @param data   a flow's, not signalling
     */
    public record Arrow(long event, long at, String from, Optional<String> to, String name, List<String> around, boolean data) implements Row {}

    /** Something that was done from outside. */
    public record Action(long event, long at, String text) implements Row {}

    /**
     * Packets that ended at a node, or on a link for an empty one.
     *
     * @param count in the whole run, for this reason
     * @param text  of the first
     */
    public record Drop(long event, long at, String node, String name, Reason reason, String text, long count) implements Row {}

    private record Place(String node, Reason reason) {}

    /** Reads a run. */
    public static Ladder of(Lab lab, TraceStore trace) {
        Sight sight = new Sight(lab, trace);
        List<Row> rows = new ArrayList<>();
        Map<Place, Integer> drops = new LinkedHashMap<>();
        Set<String> wrapped = new LinkedHashSet<>();
        TraceStore.Cursor cursor = trace.from(1);
        while (cursor.hasNext()) {
            TraceEvent event = cursor.next();
            sight.add(event);
            switch (event) {
                case TraceEvent.Acted acted -> rows.add(new Action(acted.id(), acted.at(), acted.text()));
                case TraceEvent.FrameSent sent -> arrow(sight, sent, wrapped).ifPresent(rows::add);
                case TraceEvent.Dropped dropped -> {
                    Place place = new Place(dropped.node(), dropped.reason());
                    Integer first = drops.putIfAbsent(place, rows.size());
                    if (first == null) {
                        String name = trace.frameOf(dropped.packet()).map(sight::name).orElse("packet");
                        rows.add(new Drop(dropped.id(), dropped.at(), dropped.node(), name, dropped.reason(), dropped.reason().text(dropped.args()), 1));
                    } else {
                        Drop drop = (Drop) rows.get(first);
                        rows.set(first, new Drop(drop.event, drop.at, drop.node, drop.name, drop.reason, drop.text, drop.count + 1));
                    }
                }
                case TraceEvent.Started _, TraceEvent.FrameArrived _, TraceEvent.Derived _, TraceEvent.Decided _, TraceEvent.Changed _,
                    TraceEvent.Control _ -> {
                }
            }
        }
        Set<String> seen = new LinkedHashSet<>();
        for (Row row : rows) {
            switch (row) {
                case Arrow arrow -> {
                    seen.add(arrow.from);
                    arrow.to.ifPresent(seen::add);
                }
                case Drop drop -> seen.add(drop.node);
                case Action _ -> {
                }
            }
        }
        return new Ladder(lab.nodes().stream().map(LabNode::name).filter(seen::contains).toList(), List.copyOf(rows));
    }

    private static Optional<Arrow> arrow(Sight sight, TraceEvent.FrameSent sent, Set<String> wrapped) {
        String name = sight.name(sent);
        Optional<Sight.Look> look = sight.look(sent);
        if (look.isEmpty()) {
            return Optional.empty();
        }
        Optional<String> to = sight.owner(look.get().plain().destination());
        if (Sight.isSignalling(name)) {
            return sight.originates(sent, name) ? Optional.of(new Arrow(sent.id(), sent.at(), sent.node(), to, name, look.get().around(), false)) : Optional.empty();
        }
        return sight.flow(look.get()).filter(flow -> wrapped.add(flow + sent.node() + look.get().around()))
                .map(flow -> new Arrow(sent.id(), sent.at(), sent.node(), to, flow.name(), look.get().around(), true));
    }
}
