package careof.engine.metrics;

import careof.engine.base.Progress;
import careof.engine.lab.Lab;
import careof.engine.state.FlowEnd;
import careof.engine.trace.Reason;
import careof.engine.trace.TraceEvent;
import careof.engine.trace.TraceStore;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a run amounted to.
 *
 * @param flows     each direction of each flow, in the order in which they began
 * @param handovers movements of all mobile nodes, by time
 * @param drops     number of packets dropped, by reason
 * @param verdicts  on the lab's expectations, in their order
 * @param signalling what mobility and IKE cost
 * @param outages   of each direction of each flow, one for each movement of an end
 * @param overheads of each direction of each flow on each link
 */
public record RunMetrics(List<FlowResult> flows, List<Handover> handovers, SortedMap<Reason, Long> drops, List<Verdict> verdicts,
        SignallingCost signalling, List<Outage> outages, List<Overhead> overheads) {
    /** Events between two reports of progress. */
    private static final int REPORT = 4096;

    /** Whether every expectation holds. */
    public boolean holds() {
        return verdicts.stream().allMatch(verdict -> verdict.outcome() == Verdict.Outcome.HOLDS);
    }

    /** The same, but nothing is said of the lab's expectations: for a trace that does not hold its beginning. */
    public RunMetrics withoutVerdicts() {
        return new RunMetrics(flows, handovers, drops, List.of(), signalling, outages, overheads);
    }

    /**
     * Reads a trace once.
     *
     * @param lab     what ran: names the nodes and says what is expected
     * @param reached virtual time that the run has come to, nanoseconds; at its end the lab's {@code until}
     */
    public static RunMetrics of(Lab lab, TraceStore trace, long reached, Progress progress) throws Progress.Cancelled {
        SortedMap<String, FlowLog> byKey = new TreeMap<>();
        List<FlowLog> flows = new ArrayList<>();
        SortedMap<Reason, Long> drops = new TreeMap<>();
        HandoverLog handovers = new HandoverLog(lab);
        VerdictLog verdicts = new VerdictLog(lab);
        Sight sight = new Sight(lab, trace);
        SignallingCost.Meter signalling = new SignallingCost.Meter();
        Outage.Meter outages = new Outage.Meter();
        Overhead.Meter overheads = new Overhead.Meter();
        TraceStore.Cursor cursor = trace.from(1);
        long size = trace.size();
        while (cursor.hasNext()) {
            TraceEvent event = cursor.next();
            if (event.id() % REPORT == 0) {
                progress.report(event.id(), size);
            }
            sight.add(event);
            signalling.add(event, sight);
            outages.add(event);
            overheads.add(event, sight);
            handovers.add(event, trace, sight);
            verdicts.add(event, sight);
            switch (event) {
                case TraceEvent.Dropped dropped -> drops.merge(dropped.reason(), 1L, Long::sum);
                case TraceEvent.Changed changed when changed.now().orElse(null) instanceof FlowEnd end -> {
                    FlowLog flow = byKey.get(end.flow() + " " + end.direction());
                    if (flow == null) {
                        flow = new FlowLog(end.flow(), end.direction());
                        byKey.put(end.flow() + " " + end.direction(), flow);
                        flows.add(flow);
                    }
                    flow.add(event.at(), end);
                }
                default -> {
                }
            }
        }
        List<FlowResult> results = flows.stream().map(flow -> flow.result(reached)).toList();
        return new RunMetrics(results, List.copyOf(handovers.results(flows, reached)), drops, verdicts.results(flows, reached),
                signalling.cost(), flows.stream().flatMap(flow -> outages.of(flow, reached).stream()).toList(), overheads.results());
    }
}
