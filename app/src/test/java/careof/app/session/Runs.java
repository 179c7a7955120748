package careof.app.session;

import careof.app.Samples;
import careof.engine.decode.LinkType;
import careof.engine.decode.PacketSummary;
import careof.engine.decode.Summary;
import careof.engine.lab.Lab;
import careof.engine.lab.LabException;
import careof.engine.lab.LabJson;
import careof.engine.run.Simulation;
import careof.engine.trace.Detail;
import careof.engine.trace.LabState;
import careof.engine.trace.Projection;
import careof.engine.trace.TraceEvent.FrameSent;
import java.util.List;
import java.util.Optional;

/** States of sample runs, for tests that need no thread. */
public final class Runs {
    private Runs() {}

    /** A sample's run at a virtual time. */
    public static SessionState at(String sample, long time) {
        return at(new Simulation(Samples.sample(sample).orElseThrow().lab(), Detail.FULL), time);
    }

    /**
     * A lab whose mobile node boots abroad, in cell-a, and makes its SAs by IKE; at 10 s it moves to cell-b.
     *
     * @param mobile what more to say of the mobile node, each beginning with a comma
     */
    public static Lab ike(String... mobile) {
        String text = Samples.sample("protected-registration-esp").orElseThrow().text()
                .replace("\"traffic\": \"registration\"", "\"traffic\": \"registration\", \"keying\": \"ike\"")
                .replace("\"traffic\": \"return-routability\"", "\"traffic\": \"return-routability\", \"keying\": \"ike\"")
                .replace("\"at\": \"home\"", "\"at\": \"cell-a\"" + String.join("", mobile))
                .replace("{ \"at\": \"5s\",  \"move\": { \"node\": \"mn\", \"to\": \"cell-a\" } },", "");
        try {
            return LabJson.read("ike.json", text);
        } catch (LabException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
    }

    /** When the mobile node of the sample "handover" sends its second binding update to the correspondent, nanoseconds. */
    public static long secondUpdate() {
        Simulation simulation = new Simulation(Samples.sample("handover").orElseThrow().lab(), Detail.FULL);
        simulation.runUntil(12_000_000_000L);
        for (long id = simulation.trace().firstAt(10_000_000_000L); ; id++) {
            if (simulation.trace().get(id) instanceof FrameSent sent && sent.node().equals("mn")) {
                PacketSummary summary = Summary.of(sent.frame(), LinkType.ETHERNET);
                if (summary.shortName().equals("BU") && summary.destination().equals("2001:db8:9::9")) {
                    return sent.at();
                }
            }
        }
    }

    /** A run at a virtual time, to which it is brought. */
    public static SessionState at(Simulation simulation, long time) {
        simulation.runUntil(time);
        RunIndex index = new RunIndex(simulation.inputs().lab(), simulation.trace());
        index.catchUp();
        long head = simulation.trace().size();
        LabState tables = new Projection(simulation.trace()).at(head);
        return new SessionState(1, List.of(new SessionState.RunName(1, "First run")), simulation.inputs(), simulation.trace(), index, 0, head, time, head, time,
                false, false, 1, tables, index.pairs(tables), head - 1, simulation.nextTaskAt(), 0, Optional.empty(), true,
                Optional.empty(), Optional.empty());
    }
}
