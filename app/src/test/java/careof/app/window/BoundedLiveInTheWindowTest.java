package careof.app.window;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import careof.app.session.Command;
import careof.app.session.Flood;
import careof.app.session.Session;
import careof.app.session.SessionState;
import careof.engine.live.PortRequest;
import careof.engine.trace.Detail;
import careof.engine.trace.TraceStore;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BooleanSupplier;
import javafx.scene.control.TableView;
import javafx.scene.control.TextField;
import javafx.stage.Stage;
import org.junit.jupiter.api.Test;
import org.testfx.framework.junit5.Start;

/** The whole window while the beginning of a live run goes under its hands: every pane passes over what is gone. */
class BoundedLiveInTheWindowTest extends WindowTest {
    private static final long BOUND = TraceStore.LEAST_BOUND;

    private final List<Throwable> failures = new CopyOnWriteArrayList<>();
    private final Random random = new Random(1);

    @Start
    void start(Stage stage) {
        this.stage = stage;
        window = WorkbenchApp.show(stage, new Folders(folder.resolve("settings"), folder.resolve("autosave")), settings(), new Session(BOUND));
        Thread.currentThread().setUncaughtExceptionHandler((_, e) -> failures.add(e));
    }

    @Test
    void everyPanePassesOverWhatIsGone() throws Exception {
        openSample("protected-registration-esp");
        try (var other = new DatagramSocket(0, InetAddress.getLoopbackAddress()); var probe = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            int local = probe.getLocalPort();
            probe.close();
            var port = new PortRequest.SocketOnLink("home", new InetSocketAddress("127.0.0.1", local), new InetSocketAddress("127.0.0.1", other.getLocalPort()), 1, 2);
            TraceStore trace = after(new Command.GoLive(List.of(port), Detail.FULL), s -> s.live().isPresent() && s.clock() > SECOND).trace();
            Flood.send(other, local, () -> trace.octets() > BOUND / 2);
            // What the user looks at is at the beginning, which goes.
            after(new Command.Seek(400), s -> s.cursor() == 400);
            fx(() -> window.packets().selectEvent(trace.frameEvent(3)));
            fx(() -> robot.lookup("#packets").<TableView<?>>query().scrollTo(0));
            Flood.send(other, local, () -> trace.octets() > 2 * BOUND);
            for (String view : List.of("#view-ladder", "#view-daemons", "#view-packets")) {
                robot.clickOn(view);
            }
            TextField filter = robot.lookup("#filter").query();
            fx(() -> filter.setText("icmpv6"));
            Flood.send(other, local, () -> trace.octets() > 3 * BOUND);
            until(() -> window.packets().rows().size() > 0);
            fx(() -> filter.setText(""));
            SessionState pushed = await(s -> s.cursor() > 400);
            assertTrue(window.notices().shown().stream().anyMatch(n -> n.title().equals("The cursor moves on")) || !pushed.canGoBack());
            fx(() -> robot.lookup("#timeline").query().requestFocus());
            for (Command command : List.of(new Command.ToHead(), new Command.Rewind())) {
                Flood.send(other, local, new BooleanSupplier() {
                    private final long until = trace.octets() + BOUND / 2;

                    @Override
                    public boolean getAsBoolean() {
                        return trace.octets() > until;
                    }
                });
                send(command);
            }
            send(new Command.EndLive());
            SessionState ended = await(s -> s.live().isEmpty());
            after(new Command.Rewind(), s -> s.cursor() == trace.first() - 1);
            assertEquals(List.of(), failures);
            until(() -> window.packets().rows().size() == ended.trace().frameCount() - trace.framesUpTo(trace.first() - 1));
            assertTrue(fx(() -> window.packets().rows().event(0)) >= trace.first());
            assertTrue(fx(() -> window.packets().rows().get(0)).length() > 0);
            assertTrue(window.controls().events().stream().allMatch(id -> id >= trace.first()));
            assertTrue(window.ladder().legs().stream().allMatch(id -> id >= trace.first()));
            assertTrue(Files.size(snapshot("live-forgotten")) > 50_000);
        }
        assertEquals(List.of(), failures);
    }
}
