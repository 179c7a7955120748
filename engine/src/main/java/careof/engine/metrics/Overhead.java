package careof.engine.metrics;

import careof.engine.trace.TraceEvent;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * How much longer than plain ones the packets of one direction of a flow are on a link.
 *
 * @param packets that were seen there
 * @param least   octets
 * @param most    octets
 */
public record Overhead(String flow, String direction, String link, long packets, int least, int most) {
    private Overhead and(int octets) {
        return new Overhead(flow, direction, link, packets + 1, Math.min(least, octets), Math.max(most, octets));
    }

    /** Measures while a trace is read. */
    static final class Meter {
        private final SortedMap<String, Overhead> all = new TreeMap<>();

        void add(TraceEvent event, Sight sight) {
            if (event instanceof TraceEvent.FrameSent sent) {
                Optional<Sight.Look> look = sight.look(sent);
                look.flatMap(sight::flow).ifPresent(flow -> all.merge(flow.name() + " " + flow.direction() + " " + sent.link(),
                        new Overhead(flow.name(), flow.direction(), sent.link(), 1, look.get().overhead(), look.get().overhead()),
                        (old, now) -> old.and(now.least)));
            }
        }

        List<Overhead> results() {
            return List.copyOf(all.values());
        }
    }
}
