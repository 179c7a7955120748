package careof.app.ladder;

import careof.app.inspector.EventText;
import careof.app.packets.Names;
import careof.app.session.RunIndex;
import careof.engine.base.VirtualTime;
import careof.engine.decode.LinkType;
import careof.engine.decode.PacketSummary;
import careof.engine.decode.Summary;
import careof.engine.policy.Recommendation;
import careof.engine.trace.TraceEvent;
import careof.engine.trace.TraceEvent.FrameSent;
import careof.engine.trace.TraceStore;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A message on its way from one node's address to another's.
 *
 * @param to  whose address it goes to; empty: nobody's that is known
 * @param end the event that ended it on its way or where it was to go; 0: none so far
 */
record Leg(FrameSent sent, PacketSummary summary, String from, Optional<String> to, long end) {
    /** Empty: the trace keeps it no longer. */
    static Optional<Leg> of(TraceStore trace, RunIndex index, Names names, long event) {
        return trace.find(event).map(FrameSent.class::cast).map(sent -> {
            PacketSummary summary = Summary.of(sent.frame(), LinkType.ETHERNET, index.opener());
            return new Leg(sent, summary, sent.node(), names.node(summary.destination()), index.lineage().endOf(sent.packet()));
        });
    }

    /** Whether it travels encrypted by IKE. */
    boolean isEncrypted() {
        return summary.isakmp().filter(header -> header.isEncrypted()).isPresent();
    }

    /** Who sent it to whom and when, who did not take it and why, and what it says. */
    String words(TraceStore trace) {
        String who = summary.label() + "  " + from + " → " + to.orElse(summary.destination()) + " at " + VirtualTime.seconds(sent.at()) + " s"
                + (isEncrypted() ? ", encrypted" : "");
        return who + trace.find(end).map(event -> "\n✕ " + fate(event)).orElse("") + "\n" + summary.info();
    }

    private static String fate(TraceEvent end) {
        String rule = Stream.of(EventText.rule(end).map(Recommendation::name).orElse(""), EventText.section(end)).filter(word -> !word.isEmpty())
                .collect(Collectors.joining(", "));
        return (end.node().isEmpty() ? "on its way" : "at " + end.node()) + " " + EventText.of(end) + (rule.isEmpty() ? "" : " (" + rule + ")");
    }
}
