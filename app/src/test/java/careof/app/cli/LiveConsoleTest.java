package careof.app.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;

class LiveConsoleTest {
    private static String said(boolean typed, boolean terminal) {
        StringWriter text = new StringWriter();
        LiveConsole console = new LiveConsole(new PrintWriter(text), typed, terminal);
        console.show("1.0 s");
        console.say("1.2 s: paused");
        console.show("1.2 s (paused)");
        return text.toString();
    }

    @Test
    void nothingIsWipedWhereSomebodyTypes() {
        assertEquals("1.2 s: paused\n", said(true, true));
        assertEquals("1.2 s: paused\n", said(true, false));
    }

    @Test
    void howItGoesStandsInOneLineOfATerminalWhereNobodyTypes() {
        assertEquals("\r\033[K1.0 s\r\033[K1.2 s: paused\n\r\033[K1.2 s (paused)", said(false, true));
    }

    @Test
    void whereThereIsNoTerminalOnlyWhatStaysIsSaid() {
        assertEquals("1.2 s: paused\n", said(false, false));
    }

    @Test
    void onlyWhoTypesIsGreeted() {
        StringWriter text = new StringWriter();
        new LiveConsole(new PrintWriter(text), false, true).greet();
        assertEquals("", text.toString());
        new LiveConsole(new PrintWriter(text), true, true).greet();
        assertEquals(1, text.toString().lines().count());
    }
}
