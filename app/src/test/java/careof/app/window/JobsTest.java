package careof.app.window;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import careof.app.session.Background;
import careof.app.session.Command;
import careof.app.session.Notice;
import careof.engine.lab.Lab;
import careof.engine.live.PortRequest;
import careof.engine.trace.Detail;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.layout.HBox;
import javafx.stage.Stage;
import org.junit.jupiter.api.Test;
import org.testfx.framework.junit5.Start;

/** Work that takes long beside other work, and beside what the user does meanwhile. */
class JobsTest extends WindowTest {
    @Start
    void start(Stage stage) {
        open(stage);
    }

    private Background.Job waiting(CountDownLatch on, List<String> ends, String name) {
        return fx(() -> window.session().background().run(_ -> {
            on.await();
            return name;
        }, ends::add, e -> ends.add(name + " " + Notice.why(e))));
    }

    @Test
    void workThatEndsHidesNoOther() {
        StatusBar bar = fx(() -> new StatusBar(() -> { }));
        CountDownLatch first = new CountDownLatch(1);
        CountDownLatch second = new CountDownLatch(1);
        List<String> ends = new ArrayList<>();
        Background.Job one = waiting(first, ends, "one");
        Background.Job two = waiting(second, ends, "two");
        fx(() -> bar.watch("Long work", one, () -> ends.add("cancelled")));
        fx(() -> bar.watch("Short work", two));
        JobBar jobs = fx(() -> (JobBar) bar.getChildren().stream().filter(JobBar.class::isInstance).findFirst().orElseThrow());
        Label what = fx(() -> (Label) jobs.getChildren().getFirst());
        assertEquals("Short work", what.getText());
        second.countDown();
        until(() -> ends.contains("two"));
        assertEquals("Long work", what.getText());
        assertTrue(jobs.isVisible());
        fx(() -> ((Button) jobs.getChildren().getLast()).fire());
        assertFalse(jobs.isVisible());
        assertTrue(one.isCancelled());
        assertEquals(List.of("two", "cancelled"), ends);
        first.countDown();
    }

    @Test
    void workThatTakesTooMuchMemoryFails() {
        List<Exception> failed = new ArrayList<>();
        fx(() -> window.session().background().run(_ -> {
            throw new OutOfMemoryError("told for a test");
        }, _ -> { }, failed::add));
        until(() -> !failed.isEmpty());
        assertEquals("There is not enough memory for it.", Notice.why(failed.getFirst()));
    }

    private Path record() throws Exception {
        Path file = folder.resolve("run.careof");
        openSample("handover");
        try (var other = new DatagramSocket(0, InetAddress.getLoopbackAddress()); var probe = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            var port = PortRequest.SocketOnLink.of("home", "127.0.0.1:" + probe.getLocalPort(), "127.0.0.1:" + other.getLocalPort());
            probe.close();
            send(new Command.GoLive(List.of(port), Detail.FULL, Optional.of(new Command.Record(file, false))));
            await(s -> s.live().isPresent() && s.clock() > SECOND / 2);
            send(new Command.EndLive());
            await(s -> s.live().isEmpty());
        }
        return file;
    }

    @Test
    void aRecordingThatIsReadTakesNoOtherWorkAway() throws Exception {
        Path file = record();
        CountDownLatch busy = new CountDownLatch(1);
        List<String> ends = new ArrayList<>();
        waiting(busy, ends, "one");
        waiting(busy, ends, "two");
        fx(() -> window.documents().openAsking(file));
        fx(() -> window.document().adopt(Lab.empty("begun meanwhile"), Optional.empty()));
        busy.countDown();
        until(() -> window.notices().shown().stream().anyMatch(n -> n.title().equals("run.careof is read")));
        assertEquals("begun meanwhile", window.document().lab().name());
        robot.clickOn("Show it");
        await(s -> s.recorded().isPresent());
        fx(() -> window.documents().openAsking(file));
        var shown = window.session().state().run();
        await(s -> s.recorded().isPresent() && s.run() != shown);
    }

    /** Beside the work, and not over it. */
    @Test
    void aMessageIsAsWideAsOthersHoweverLongItIs() {
        String words = "this machine has a route of its own to the lab's 2001:db8:1::/64, which tun0 would have to replace. ".repeat(4);
        fx(() -> window.notices().show(new Notice(Notice.Level.ERROR, "Not live, and that has a title which is long, too, and goes on over two lines", words), new Notices.Offer("Open", () -> { })));
        settle();
        assertEquals(420, fx(() -> window.notices().getWidth()));
        var box = fx(() -> (HBox) window.notices().getChildren().getFirst());
        assertTrue(box.getHeight() > 160 && box.getHeight() < 400, "all of it is shown: " + box.getHeight());
        snapshot("notice-long");
    }
}
