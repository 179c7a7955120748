package careof.app.inspector;

import static org.junit.jupiter.api.Assertions.assertEquals;

import careof.engine.trace.TraceEvent.Started;
import org.junit.jupiter.api.Test;

/** Events in words. */
class EventTextTest {
    @Test
    void aSeedThatIsMaskedIsNotKnown() {
        assertEquals("run of \"lab\" with seed 0", EventText.of(new Started(1, 0, "", 0, "lab", 0)));
        assertEquals("run of \"lab\" with a seed that is not known", EventText.of(new Started(1, 0, "", 0, "lab", 0x6d61736b65646d61L)));
    }
}
