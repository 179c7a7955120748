package careof.app.session;

import careof.engine.lab.Action;
import careof.engine.node.SecurityPlan;
import careof.engine.state.IkeChild;
import careof.engine.state.IkeSa;
import careof.engine.state.MovementState;
import careof.engine.trace.LabState.Row;
import java.util.List;
import java.util.Optional;

/** Which orders to IKE lead to something at the cursor. */
public final class Orders {
    private Orders() {}

    /** Why an order would change nothing; empty: it would. */
    public static Optional<String> whyNot(SessionState state, Action.Ike order) {
        List<IkeSa> phaseOnes = state.tables().rows(order.node(), IkeSa.class).stream().map(Row::state)
                .filter(sa -> sa.peer().equals(order.peer())).toList();
        boolean detached = state.tables().rows(order.node(), MovementState.class).stream()
                .anyMatch(row -> row.state().phase() == MovementState.Phase.DETACHED);
        boolean begun = phaseOnes.stream().anyMatch(sa -> sa.initiator() && sa.phase() == IkeSa.Phase.NEGOTIATING);
        boolean established = phaseOnes.stream().anyMatch(sa -> sa.phase() == IkeSa.Phase.ESTABLISHED);
        return switch (order.order()) {
            case START -> when(detached && !established, "no link");
            case REKEY, DELETE -> when(!hasPair(state, order), "there are none");
            case REKEY_PHASE_ONE -> when(detached, "no link").or(() -> when(begun, "it is being made"));
            case DELETE_PHASE_ONE -> when(phaseOnes.stream().allMatch(sa -> sa.phase() == IkeSa.Phase.NEGOTIATING), "there is none");
            case PROBE -> when(!established, "no phase one");
        };
    }

    private static Optional<String> when(boolean so, String why) {
        return so ? Optional.of(why) : Optional.empty();
    }

    private static boolean hasPair(SessionState state, Action.Ike order) {
        List<Long> requestIds = order.protection().flatMap(state.lab()::protection).map(p -> SecurityPlan.requestIds(state.lab(), p)).orElse(List.of());
        return state.tables().rows(order.node(), IkeChild.class).stream().anyMatch(row -> requestIds.contains(row.state().requestId()));
    }
}
