package careof.engine.metrics;

import careof.engine.state.ListEntry;
import careof.engine.trace.Reason;
import careof.engine.trace.TraceEvent;
import java.util.ArrayList;
import java.util.List;

/**
 * How a movement broke one direction of a flow.
 *
 * @param at    when the mobile end sent its home agent the first binding update after it, nanoseconds
 * @param lasts from then to the first arrival, nanoseconds
 * @param ended false: nothing arrived any more up to the end of the flow
 */
public record Outage(String flow, String direction, long at, long lasts, boolean ended) {
    /** Notes movements while a trace is read. */
    static final class Meter {
        private final List<Update> updates = new ArrayList<>();

        private record Update(String node, long at) {}

        void add(TraceEvent event) {
            if (event instanceof TraceEvent.Changed changed && changed.reason() == Reason.BINDING_UPDATE_SENT
                    && changed.now().orElse(null) instanceof ListEntry now && now.homeRegistration()
                    && changed.old().map(old -> !((ListEntry) old).careOf().equals(now.careOf())).orElse(true)) {
                updates.add(new Update(changed.node(), changed.at()));
            }
        }

        /** Of one direction of a flow, by time; a movement before the flow began, or after its end, breaks nothing. */
        List<Outage> of(FlowLog flow, long reached) {
            return updates.stream().filter(update -> (flow.from(update.node).isPresent() || flow.to(update.node).isPresent()) && flow.isOn(update.at))
                    .map(update -> {
                        FlowLog.Break found = flow.brokenSince(update.at, flow.to(update.node).isPresent(), reached);
                        return new Outage(flow.flow(), flow.direction(), update.at, found.lasts(), found.ended());
                    }).toList();
        }
    }
}
