package careof.engine.metrics;

import careof.engine.lab.Expectation;
import careof.engine.lab.Lab;
import careof.engine.trace.TraceEvent;
import java.util.List;

/** Collects what a lab's expectations ask for while a trace is read. */
final class VerdictLog {
    private final Lab lab;
    private final List<Watch> watches;

    VerdictLog(Lab lab) {
        this.lab = lab;
        this.watches = lab.expect().stream().map(expectation -> watch(lab, expectation)).toList();
    }

    private static Watch watch(Lab lab, Expectation expectation) {
        return switch (expectation) {
            case Expectation.BindingHeld held -> new BindingWatch(held);
            case Expectation.Flow flow -> new FlowWatch(flow);
            case Expectation.Drops drops -> CountWatch.of(drops);
            case Expectation.Messages messages -> CountWatch.of(messages);
            case Expectation.Decisions decisions -> CountWatch.of(decisions);
            case Expectation.Changes changes -> CountWatch.of(changes);
            case Expectation.Events events -> CountWatch.of(events);
            case Expectation.HalfIs half -> new HalfWatch(lab, half);
            case Expectation.IkeHeld held -> new IkeWatch(held);
            case Expectation.Overhead overhead -> PacketWatch.of(overhead);
            case Expectation.Headers headers -> PacketWatch.of(headers);
            case Expectation.Outage outage -> new OutageWatch(outage);
            case Expectation.Signalling signalling -> new SignallingWatch(signalling);
            case Expectation.Operations operations -> new OperationsWatch(operations);
            case Expectation.Packets packets -> PacketWatch.of(packets);
        };
    }

    void add(TraceEvent event, Sight sight) {
        watches.forEach(watch -> watch.add(event, sight));
    }

    List<Verdict> results(List<FlowLog> flows, long reached) {
        Watch.Ending ending = new Watch.Ending(flows, reached, lab.until());
        return watches.stream().map(watch -> watch.result(ending)).toList();
    }
}
