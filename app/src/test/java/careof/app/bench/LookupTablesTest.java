package careof.app.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** The benchmark looks for what is there. */
class LookupTablesTest {

    @Test
    void everyLookupFindsSomething() {
        var tables = new LookupTables(1000);
        var others = 0;
        for (int i = 0; i < 40_000; i++) {
            others += tables.policyOfNewFlow().orElseThrow().priority() == 1000 ? 1 : 0;
            assertTrue(tables.policyOfKnownFlow().isPresent() && tables.inbound().isPresent());
            assertEquals("2001:db8::1", tables.outbound().orElseThrow().source().toString());
        }
        assertTrue(others > 39_000, "policies of their own, not the last one: " + others);
    }
}
