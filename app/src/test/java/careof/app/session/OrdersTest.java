package careof.app.session;

import static org.junit.jupiter.api.Assertions.assertEquals;

import careof.engine.lab.Action;
import careof.engine.lab.Action.Ike.Order;
import careof.engine.run.Simulation;
import careof.engine.trace.Detail;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class OrdersTest {
    private static final long SECOND = 1_000_000_000L;

    private static Optional<String> whyNot(SessionState state, Order order) {
        Optional<String> protection = order.isOfProtection() ? Optional.of("registration") : Optional.empty();
        return Orders.whyNot(state, new Action.Ike("mn", "ha", order, protection, Optional.empty(), Optional.empty(), Optional.empty()));
    }

    @Test
    void nothingCanBeRenewedOrDeletedBeforeItIsThere() {
        SessionState state = Runs.at(new Simulation(Runs.ike(), Detail.FULL), 60_000_000);
        assertEquals(Optional.empty(), whyNot(state, Order.START));
        assertEquals(Optional.of("there are none"), whyNot(state, Order.REKEY));
        assertEquals(Optional.of("there are none"), whyNot(state, Order.DELETE));
        assertEquals(Optional.of("it is being made"), whyNot(state, Order.REKEY_PHASE_ONE));
        assertEquals(Optional.of("there is none"), whyNot(state, Order.DELETE_PHASE_ONE));
        assertEquals(Optional.of("no phase one"), whyNot(state, Order.PROBE));
    }

    @Test
    void whatIsThereCanBe() {
        SessionState state = Runs.at(new Simulation(Runs.ike(), Detail.FULL), 4 * SECOND);
        for (Order order : Order.values()) {
            assertEquals(Optional.empty(), whyNot(state, order), order.text());
        }
    }

    @Test
    void withoutALinkNothingBegins() {
        Simulation run = new Simulation(Runs.ike(), Detail.FULL);
        run.apply(new Action.Move("mn", Optional.empty()));
        SessionState state = Runs.at(run, SECOND / 100);
        assertEquals(Optional.of("no link"), whyNot(state, Order.START));
        assertEquals(Optional.of("no link"), whyNot(state, Order.REKEY_PHASE_ONE));
    }
}
