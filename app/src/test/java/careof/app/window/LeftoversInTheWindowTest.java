package careof.app.window;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import careof.app.session.Command;
import careof.app.session.Notice;
import careof.engine.live.Namespace;
import careof.engine.live.PortRequest;
import careof.engine.trace.Detail;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javafx.stage.Stage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.testfx.framework.junit5.Start;

/** What a run that was killed left on interfaces: the window offers to remove it, as far as a new run does not do so by itself. */
class LeftoversInTheWindowTest extends WindowTest {
    /** No process has this number. */
    private static final String MARK = "careof 999999999999 2001:db8:77::1/128";

    private final String namespace = "careof-left-" + ProcessHandle.current().pid();

    @Start
    void start(Stage stage) {
        open(stage);
    }

    @BeforeEach
    void make() throws Exception {
        assumeTrue(ip("netns", "add", namespace).isPresent(), "only root makes namespaces");
        assumeTrue(inside("tuntap", "add", "dev", "mine", "mode", "tun").isPresent() && inside("tuntap", "add", "dev", "other", "mode", "tun").isPresent()
                && inside("tuntap", "add", "dev", "third", "mode", "tun").isPresent(), "no TUN here");
        for (String device : List.of("mine", "other", "third")) {
            inside("link", "set", "dev", device, "alias", MARK);
        }
        inside("link", "set", "dev", "other", "up");
        inside("address", "add", "2001:db8:77::1/128", "dev", "other");
    }

    @AfterEach
    void remove() throws Exception {
        ip("netns", "del", namespace);
    }

    private static Optional<String> ip(String... arguments) throws Exception {
        var command = new ArrayList<>(List.of("ip"));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return process.waitFor() == 0 ? Optional.of(said) : Optional.empty();
    }

    private Optional<String> inside(String... arguments) throws Exception {
        var all = new ArrayList<>(List.of("-n", namespace));
        all.addAll(List.of(arguments));
        return ip(all.toArray(String[]::new));
    }

    private List<String> titles() {
        return fx(() -> window.notices().shown()).stream().map(Notice::title).toList();
    }

    /** What stood in the way is named, and is no answer any more once it is gone. */
    @Test
    void aRouteThatWasLeftStandsInTheWayUntilItIsRemoved() throws Exception {
        inside("-6", "route", "add", "2001:db8:1::/64", "dev", "other", "proto", "202");
        openSample("handover");
        var order = new Command.GoLive(List.of(new PortRequest.HostOnNode("mn", "mine", new Namespace(namespace), PortRequest.TUN_MTU)), Detail.SUMMARY);
        send(order);
        until(() -> titles().contains(Notice.NOT_LIVE));
        assertEquals(List.of("Left by runs that were killed", Notice.NOT_LIVE), titles());
        String why = fx(() -> window.notices().shown()).getLast().detail();
        assertTrue(why.startsWith("a run that was killed left a route to the lab's 2001:db8:1::/64") && why.endsWith("Remove what that run left, then go live again"), why);
        snapshot("live-left");
        robot.clickOn("Remove");
        until(() -> titles().contains("Removed"));
        assertEquals(List.of("Removed"), titles());
        send(order);
        await(s -> s.live().isPresent());
        send(new Command.EndLive());
        await(s -> s.live().isEmpty());
    }

    @Test
    void itIsRemovedOnRequest() throws Exception {
        openSample("handover");
        send(new Command.GoLive(List.of(new PortRequest.HostOnNode("mn", "mine", new Namespace(namespace), PortRequest.TUN_MTU)), Detail.SUMMARY));
        await(s -> s.live().isPresent());
        until(() -> !window.notices().shown().isEmpty());
        Notice told = window.notices().shown().getFirst();
        assertEquals("Left by runs that were killed", told.title());
        List<String> lines = told.detail().lines().toList();
        assertEquals(2, lines.size(), told.detail());
        assertTrue(lines.getFirst().startsWith("other in namespace " + namespace + ": set up by process 999999999999, which is gone"), told.detail());
        assertTrue(inside("-6", "address", "show", "dev", "other").orElseThrow().contains("2001:db8:77::1"));
        robot.clickOn("Remove");
        until(() -> window.notices().shown().stream().anyMatch(n -> n.title().equals("Removed")));
        assertFalse(inside("-6", "address", "show", "dev", "other").orElseThrow().contains("2001:db8:77::1"));
        assertFalse(inside("link", "show", "dev", "third").orElseThrow().contains("999999999999"));
        assertTrue(window.session().state().live().isPresent());
        send(new Command.EndLive());
        await(s -> s.live().isEmpty());
    }
}
