package careof.app.session;

import static org.junit.jupiter.api.Assertions.assertEquals;

import careof.engine.base.Malformed;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import org.junit.jupiter.api.Test;

class NoticeTest {
    @Test
    void whatWentWrongIsInWordsAlsoWhereTheExceptionHasNone() {
        assertEquals("There is no such file.", Notice.why(new NoSuchFileException("/a/b")));
        assertEquals("It may not be read.", Notice.why(new AccessDeniedException("/a/b")));
        assertEquals("no space left", Notice.why(new IOException("no space left")));
        assertEquals("runs past its end", Notice.why(new Malformed("runs past its end", 4)));
        assertEquals("ClosedChannelException", Notice.why(new ClosedChannelException()));
    }
}
