package careof.engine.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import careof.engine.base.Progress;
import careof.engine.crypto.Authentication;
import careof.engine.crypto.Encryption;
import careof.engine.lab.Action;
import careof.engine.lab.Expectation;
import careof.engine.lab.Lab;
import careof.engine.lab.LabProtection;
import careof.engine.lab.LabProtection.Mode;
import careof.engine.lab.LabProtection.Transform;
import careof.engine.lab.LabProtection.Usual;
import careof.engine.lab.TimedAction;
import careof.engine.metrics.RunMetrics;
import careof.engine.metrics.Verdict;
import careof.engine.policy.Recommendation;
import careof.engine.state.Sa;
import careof.engine.state.SaUse;
import careof.engine.state.Switches;
import careof.engine.trace.Detail;
import careof.engine.trace.InputLogJson;
import careof.engine.trace.Reason;
import careof.engine.trace.TraceEvent;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Labs with protections, as they run. */
class ProtectedLabsTest {
    private static final long S = 1_000_000_000L;
    private static final Transform ESP = Transform.esp(Mode.TRANSPORT, Encryption.AES_CBC, Authentication.HMAC_SHA1_96);
    private static final Transform TUNNEL = Transform.esp(Mode.TUNNEL, Encryption.AES_GCM, Authentication.NULL);
    private static final Transform AH = Transform.ah(Mode.TRANSPORT, Authentication.HMAC_SHA256_128);

    private static Simulation run(Lab lab) {
        Simulation run = new Simulation(lab, Detail.FULL);
        run.run();
        return run;
    }

    private static List<String> drops(Simulation run) {
        List<String> drops = new ArrayList<>();
        for (long id = 1; id <= run.trace().size(); id++) {
            if (run.trace().get(id) instanceof TraceEvent.Dropped drop) {
                drops.add(drop.node() + " " + drop.reason() + " " + drop.reason().text(drop.args()));
            }
        }
        return drops;
    }

    private static <T> List<T> rows(Simulation run, String node, Class<T> kind) {
        return run.rows().entrySet().stream().filter(row -> row.getKey().node().equals(node)).map(row -> row.getValue())
                .filter(kind::isInstance).map(kind::cast).toList();
    }

    private static Lab lab(LabProtection... protections) throws Exception {
        return Samples.lab(Path.of("../samples/optimized.json")).withIpsec(List.of(protections));
    }

    /** All but what a handover costs in any case. */
    private static List<String> odd(Simulation run) {
        return drops(run).stream().filter(drop -> !drop.contains(Reason.NO_ROUTE.name()) && !drop.contains(Reason.NO_RECEIVER.name())
                && !drop.contains(Reason.NO_HOME_REGISTRATION.name()) && !drop.contains(Reason.NO_CARRIER.name())).toList();
    }

    @Test
    void registrationAndHomeTestGoUnderProtection() throws Exception {
        Simulation run = run(lab(LabProtection.of("bu", "mn", "ha", Usual.REGISTRATION, ESP), LabProtection.of("rr", "mn", "ha", Usual.RETURN_ROUTABILITY, TUNNEL)));
        assertEquals(List.of(), odd(run));
        List<SaUse> uses = rows(run, "mn", SaUse.class);
        assertEquals(List.of(1L, 1L, 1L, 1L), uses.stream().map(SaUse::packets).toList(), "BU, BA, HoTI, HoT");
        assertEquals(List.of(), RunMetrics.of(run.lab(), run.trace(), run.now(), Progress.NONE).verdicts().stream()
                .filter(verdict -> !(verdict.expectation() instanceof Expectation.Messages) && verdict.outcome() != Verdict.Outcome.HOLDS).toList());
    }

    @Test
    void policiesChangeWhileRunning() throws Exception {
        Lab lab = lab().withActions(List.of(
                new TimedAction(2 * S, new Action.SetPolicy(Optional.empty(), List.of(), List.of(Recommendation.A, Recommendation.F))),
                new TimedAction(3 * S, new Action.SetPolicy(Optional.of("cn"), List.of(Recommendation.A), List.of(Recommendation.C2)))));
        Simulation run = new Simulation(lab, Detail.FULL);
        run.runUntil(2 * S);
        assertEquals(List.of(new Switches("A F")), rows(run, "mn", Switches.class));
        run.runUntil(4 * S);
        assertEquals(List.of(new Switches("A F")), rows(run, "mn", Switches.class));
        assertEquals(List.of(new Switches("C2 F")), rows(run, "cn", Switches.class));
        run.apply(new Action.SetPolicy(Optional.of("mn"), List.of(Recommendation.A, Recommendation.F), List.of()));
        assertEquals(List.of(new Switches("")), rows(run, "mn", Switches.class));
        assertEquals(run.rows(), replayed(run).rows());
    }

    private static Simulation replayed(Simulation run) throws Exception {
        String log = InputLogJson.write(run.inputs(), Optional.empty());
        Simulation again = Simulation.of(InputLogJson.read("log", log).log());
        again.runUntil(run.now());
        return again;
    }

    @Test
    void sasAreDeletedAndAgeThroughPfKey() throws Exception {
        Simulation run = new Simulation(lab(LabProtection.of("p", "mn", "cn", Usual.PAYLOAD, ESP, AH), LabProtection.of("bu", "mn", "ha", Usual.REGISTRATION, ESP)),
                Detail.FULL);
        run.runUntil(3 * S);
        assertEquals(6, rows(run, "mn", Sa.class).size());
        run.apply(new Action.ChangeSas("mn", "p", false, Optional.of(new LabProtection.Lifetime(0, 5 * S, 0, 0))));
        assertEquals(4, rows(run, "mn", Sa.class).stream().filter(sa -> sa.lifetimes().hardTime() == 5 * S).count());
        assertEquals(0, rows(run, "cn", Sa.class).stream().filter(sa -> sa.lifetimes().hardTime() != 0).count());
        run.runUntil(6 * S);
        assertEquals(List.of("ESP", "ESP"), rows(run, "mn", Sa.class).stream().map(sa -> sa.protocol().name()).toList());
        run.apply(new Action.ChangeSas("cn", "p", true, Optional.empty()));
        assertEquals(0, rows(run, "cn", Sa.class).size());
        assertEquals(run.rows(), replayed(run).rows());
        assertTrue(drops(run).stream().anyMatch(drop -> drop.startsWith("mn SA_MISSING")), "what the policy protects is not sent without an SA");
    }
}
