package careof.app.cli;

import careof.engine.decode.KnownSas;
import careof.engine.decode.PacketFields;
import careof.engine.query.Query;
import careof.engine.trace.LabState;
import careof.engine.trace.TraceEvent;
import careof.engine.trace.TraceStore;
import java.util.Optional;

/** Follows a trace to the first event that a query matches; protected packets are read with the keys that the trace tells. */
final class FirstMatch {
    private final TraceStore trace;
    private final Query query;
    private final KnownSas sas = new KnownSas();
    private final PacketFields fields = new PacketFields(sas);
    private final TraceStore.Cursor events;
    private LabState beginning;

    FirstMatch(TraceStore trace, Query query) {
        this.trace = trace;
        this.query = query;
        this.events = trace.from(1);
        this.beginning = trace.base();
    }

    /** The first match among what came since the last call; empty: none does. What a bounded trace no longer keeps is passed over. */
    Optional<TraceEvent> find() {
        while (events.hasNext()) {
            TraceEvent event = events.next();
            sas.accept(event);
            if (query.matches(event, trace, fields)) {
                return Optional.of(event);
            }
        }
        if (trace.base() != beginning) {
            beginning = trace.base();
            sas.forget(beginning);    // a run without an end has SAs without number
        }
        return Optional.empty();
    }
}
