package careof.app.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;

class TerminalProgressTest {
    private static String shown(boolean terminal, long quiet) throws Exception {
        StringWriter text = new StringWriter();
        try (TerminalProgress progress = new TerminalProgress(new PrintWriter(text), terminal, quiet)) {
            progress.of("running").report(30, 200);
            progress.of("running").report(31, 200);
        }
        return text.toString();
    }

    @Test
    void oneLineOnATerminalThatIsWipedAtTheEnd() throws Exception {
        assertEquals("\r\033[Kcareof: running 15 %\r\033[K", shown(true, 0), "and not too often");
    }

    @Test
    void nothingElsewhereNorForShortWork() throws Exception {
        assertEquals("", shown(false, 0));
        assertEquals("", shown(true, Long.MAX_VALUE));
    }
}
