package careof.engine.metrics;

import careof.engine.trace.TraceEvent;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What signalling cost: messages of mobility and of IKE, counted once where they originate.
 *
 * @param byMessage number of messages, by short name
 * @param octets    of their outermost IP packets there
 */
public record SignallingCost(SortedMap<String, Long> byMessage, long octets) {
    public long messages() {
        return byMessage.values().stream().mapToLong(Long::longValue).sum();
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        byMessage.forEach((name, count) -> text.append(text.isEmpty() ? "" : ", ").append(count).append(' ').append(name));
        return messages() + (messages() == 1 ? " message, " : " messages, ") + octets + " octets" + (text.isEmpty() ? "" : " (" + text + ")");
    }

    /** Counts while a trace is read. */
    static final class Meter {
        private final SortedMap<String, Long> byMessage = new TreeMap<>();
        /** Packets that were cut into fragments, whose first was counted as a message. */
        private final Set<Long> counted = new LinkedHashSet<>();
        private long octets;

        void add(TraceEvent event, Sight sight) {
            if (event instanceof TraceEvent.FrameSent sent) {
                String name = sight.name(sent);
                long cut = sight.cut(sent);
                boolean starts = Sight.isSignalling(name) && sight.originates(sent, name);
                if (starts) {
                    byMessage.merge(name, 1L, Long::sum);
                }
                if (starts && cut != 0) {
                    counted.add(cut);
                }
                if (starts || cut != 0 && counted.contains(cut)) {
                    octets += sight.look(sent).map(Sight.Look::length).orElse(0);
                }
            }
        }

        SignallingCost cost() {
            return new SignallingCost(java.util.Collections.unmodifiableSortedMap(new TreeMap<>(byMessage)), octets);
        }
    }
}
