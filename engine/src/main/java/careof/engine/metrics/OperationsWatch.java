package careof.engine.metrics;

import careof.engine.base.Malformed;
import careof.engine.decode.SeenIke;
import careof.engine.lab.Expectation.Operation;
import careof.engine.lab.Expectation.Operations;
import careof.engine.state.IkeSa;
import careof.engine.trace.TraceEvent;
import careof.engine.wire.isakmp.IsakmpHeader;
import careof.engine.wire.isakmp.Payload;
import java.util.SortedSet;
import java.util.TreeSet;

/** Counts operations of public-key cryptography by the steps of exchanges. */
final class OperationsWatch implements Watch {
    private final Operations operations;
    /** Messages of quick modes that were counted; they may be sent and arrive again. */
    private final SortedSet<String> counted = new TreeSet<>();
    private long count;

    OperationsWatch(Operations operations) {
        this.operations = operations;
    }

    @Override
    public void add(TraceEvent event, Sight sight) {
        if (!operations.when().contains(event.at()) || !operations.node().map(event.node()::equals).orElse(true)) {
            return;
        }
        switch (event) {
            case TraceEvent.Changed changed when changed.now().orElse(null) instanceof IkeSa now -> {
                if (changed.old().map(old -> !((IkeSa) old).step().equals(now.step())).orElse(true)) {
                    count += operations.operation() == Operation.RSA ? signatures(now) : exchangeValues(now.step());
                }
            }
            case TraceEvent.Control control when operations.operation() == Operation.DIFFIE_HELLMAN && control.channel().equals("ike") -> {
                if (hasValue(control) && counted.add(control.node() + control.toKernel() + control.octets())) {
                    count++;
                }
            }
            default -> {
            }
        }
    }

    /** Who sends these messages has signed what they say; who has taken them has looked at the signature. */
    private static int signatures(IkeSa sa) {
        return sa.authentication() != IkeSa.Method.RSA_SIGNATURES ? 0 : switch (sa.step()) {
            case "MM5 sent", "MM5 received", "MM6 sent", "MM6 received", "AM2 sent", "AM2 received", "AM3 sent", "AM3 received" -> 1;
            default -> 0;
        };
    }

    /** The initiator makes its public value first and the secret after the answer, the responder both at once. */
    private static int exchangeValues(String step) {
        return switch (step) {
            case "MM3 sent", "MM4 received", "AM1 sent", "AM2 received" -> 1;
            case "MM4 sent", "AM2 sent" -> 2;
            default -> 0;
        };
    }

    /** Of a quick mode's two such messages each end makes the value of the one and the secret from the other. */
    private static boolean hasValue(TraceEvent.Control control) {
        try {
            SeenIke seen = SeenIke.ofPlain(control.octets());
            return seen.message().header().exchange() == IsakmpHeader.QUICK_MODE
                    && seen.payloads().orElseThrow().types().contains(Payload.KEY_EXCHANGE);
        } catch (Malformed e) {
            return false;
        }
    }

    @Override
    public Verdict result(Ending ending) {
        String expected = switch (operations.operation()) {
            case RSA -> "RSA";
            case DIFFIE_HELLMAN -> "Diffie-Hellman";
        } + " operations" + operations.node().map(node -> " at " + node).orElse("") + ": " + Watch.text(operations.count(), String::valueOf)
                + Watch.when(operations.when(), ending.until());
        return new Verdict(operations, Watch.outcome(operations.count(), count, ending.covers(operations.when().to())), expected, Long.toString(count));
    }
}
