package careof.app.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import careof.app.Samples;
import careof.engine.lab.Action;
import careof.engine.lab.Lab;
import careof.engine.live.LiveLab;
import careof.engine.live.PortRequest;
import careof.engine.query.Query;
import careof.engine.trace.Detail;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

/** What a live run bears without an end. */
class LiveGoesOnTest extends WithWorker {
    private static PortRequest port(DatagramSocket other) throws Exception {
        try (var probe = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            return PortRequest.SocketOnLink.of("home", "127.0.0.1:" + probe.getLocalPort(), "127.0.0.1:" + other.getLocalPort());
        }
    }

    @Test
    void whatCannotBeDoneIsSaidAndTheLiveRunGoesOn() throws Exception {
        Lab sample = Samples.sample("handover").orElseThrow().lab();
        Lab lab = sample.withNodes(sample.nodes().stream().map(node -> node.withOutside(node.name().equals("cn"))).toList());
        after(new Command.Load(lab), s -> s.lab().equals(lab));
        after(new Command.Apply(new Action.Ping("cn", "mn")), _ -> !notices.isEmpty());
        assertEquals("Not done: ping from cn to mn", notices.getFirst().title(), notices::toString);
        assertEquals("Node \"cn\" is outside.", notices.getFirst().detail());
        try (var other = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            after(new Command.GoLive(List.of(port(other)), Detail.FULL), s -> s.live().isPresent());
            SessionState told = after(new Command.Apply(new Action.Ping("cn", "mn")), _ -> notices.size() == 2);
            SessionState later = after(new Command.SetSpeed(1), s -> s.headTime() > told.headTime() + SECOND / 5 || s.live().isEmpty());
            assertTrue(later.live().isPresent(), notices::toString);
            assertEquals(told.runs(), later.runs());
            after(new Command.UntilMatch(Query.parse("protocol == BU")), _ -> notices.size() == 3);
            after(new Command.UntilTime(1000 * SECOND), _ -> notices.size() == 4);
            assertEquals(List.of("What has happened in it can be filtered in the packet list.", "That has not happened yet."), notices.stream().skip(2).map(Notice::detail).toList());
        }
    }

    /** A pause shows the very moment at which the lab stands. */
    @Test
    void aPauseIsAtTheHead() throws Exception {
        Lab lab = Samples.sample("handover").orElseThrow().lab();
        after(new Command.Load(lab), s -> s.lab().equals(lab));
        try (var other = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            after(new Command.GoLive(List.of(port(other)), Detail.FULL), s -> s.live().isPresent());
            for (int i = 0; i < 20; i++) {
                SessionState paused = after(new Command.Pause(), s -> s.live().get().paused() && !s.running());
                assertEquals(paused.headTime(), paused.clock());
                assertTrue(paused.atHead());
                after(new Command.Play(), s -> s.running() && s.headTime() > paused.headTime() + SECOND / 50);
            }
        }
    }

    @Test
    void aWorkerThatLacksMemoryGoesOn() throws Exception {
        List<SessionState> states = new CopyOnWriteArrayList<>();
        Worker own = new Worker(next -> {
            states.add(next);
            if (states.size() == 1) {
                throw new OutOfMemoryError("told for a test");
            }
        }, notices::add, LiveLab.KEPT);
        Thread thread = new Thread(own);
        thread.start();
        own.send(new Command.Load(Samples.sample("handover").orElseThrow().lab()));
        long deadline = System.nanoTime() + 30 * SECOND;
        while (states.size() < 2 && System.nanoTime() < deadline) {
            Thread.sleep(2);
        }
        own.close();
        thread.join();
        assertEquals("The engine failed", notices.getFirst().title());
        assertTrue(states.size() >= 2, "it shows how things stand");
    }

    /** Who closes the window then waits for it: devices and the recording are to end well. */
    @Test
    void whileItsPortsAreOpenedALiveRunIsUnderWay() throws Exception {
        Worker[] own = new Worker[1];
        List<String> seen = new CopyOnWriteArrayList<>();
        own[0] = new Worker(next -> next.progress().ifPresent(p -> seen.add(p.what() + ", " + own[0].isLive())), notices::add, LiveLab.KEPT);
        Thread thread = new Thread(own[0]);
        thread.start();
        try (var other = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            own[0].send(new Command.Load(Samples.sample("handover").orElseThrow().lab()));
            own[0].send(new Command.GoLive(List.of(PortRequest.SocketOnLink.of("home", Integer.toString(other.getLocalPort()), "127.0.0.1:1")), Detail.FULL));
            long deadline = System.nanoTime() + 30 * SECOND;
            while (notices.isEmpty() && System.nanoTime() < deadline) {
                Thread.sleep(2);
            }
            assertEquals(List.of("Not live"), notices.stream().map(Notice::title).toList(), notices::toString);
            assertEquals(List.of("Opening ports, true"), seen);
        } finally {
            own[0].close();
            thread.join();
        }
        assertFalse(own[0].isLive());
    }
}
