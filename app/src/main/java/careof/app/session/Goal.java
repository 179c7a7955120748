package careof.app.session;

import careof.engine.query.Query;

/** Where running by itself is to stop; it goes as fast as it can towards one. */
sealed interface Goal {
    /** @param at virtual time, nanoseconds */
    record Time(long at) implements Goal {}

    record Event(long id) implements Goal {}

    record Next(StepKind kind, long after) implements Goal {}

    /** The first event after one that matches. */
    record Match(Query query, long after) implements Goal {}
}
