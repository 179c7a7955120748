package careof.engine.query;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import careof.engine.query.Steps.Unit;
import careof.engine.trace.Detail;
import careof.engine.trace.RandomEvents;
import careof.engine.trace.TraceEvent;
import careof.engine.trace.TraceEvent.Dropped;
import careof.engine.trace.TraceEvent.FrameSent;
import careof.engine.trace.TraceStore;
import java.util.List;
import java.util.OptionalLong;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StepsTest {
    private static final Steps.Classifier ODD = frame -> !frame.isEmpty() && frame.at(0) % 8 == 1;

    private static boolean stops(List<TraceEvent> events, TraceEvent event, Unit unit) {
        return switch (unit) {
            case EVENT -> true;
            case PACKET -> event instanceof FrameSent;
            case SIGNALLING -> event instanceof FrameSent sent && ODD.isSignalling(sent.frame())
                    && (sent.parent() == 0 || events.stream().noneMatch(e -> e instanceof FrameSent f && f.packet() == sent.parent()));
            case DROP -> event instanceof Dropped;
        };
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void leadToTheNearestSuchEvent(long seed) {
        List<TraceEvent> events = new RandomEvents(seed).events(1_500);
        TraceStore store = new TraceStore(Detail.FULL);
        Steps steps = new Steps(store, ODD);
        Random random = new Random(seed);
        int appended = 0;
        int checked = 0;
        while (appended < events.size()) {
            for (int n = random.nextInt(50); n >= 0 && appended < events.size(); n--) {
                store.append(events.get(appended++));
            }
            for (Unit unit : Unit.values()) {
                long cursor = random.nextLong(appended + 1);
                List<Long> stops = events.subList(0, appended).stream().filter(e -> stops(events.subList(0, (int) store.size()), e, unit)).map(TraceEvent::id).toList();
                OptionalLong next = stops.stream().mapToLong(id -> id).filter(id -> id > cursor).findFirst();
                OptionalLong previous = stops.stream().mapToLong(id -> id).filter(id -> id < cursor).reduce((_, b) -> b);
                assertEquals(next, steps.next(cursor, unit), unit + " after " + cursor);
                assertEquals(previous, steps.previous(cursor, unit), unit + " before " + cursor);
                next.ifPresent(id -> assertTrue(steps.stopsAt(store.get(id), unit)));
                checked++;
            }
        }
        assertTrue(checked > 100);
    }
}
