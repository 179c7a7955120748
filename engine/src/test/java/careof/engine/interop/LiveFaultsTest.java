package careof.engine.interop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import careof.engine.base.Ip6Address;
import careof.engine.base.Prefix;
import careof.engine.lab.Action;
import careof.engine.lab.LabFiles;
import careof.engine.lab.LabJson;
import careof.engine.live.HostInterface;
import careof.engine.live.HostSetup;
import careof.engine.live.LiveRun;
import careof.engine.live.LiveThread;
import careof.engine.live.Tun;
import careof.engine.state.FlowEnd;
import careof.engine.trace.Detail;
import careof.engine.trace.OutsidePort;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What the world outside does to a live run that should hurt nobody. Needs root but for the guest. */
@Tag("interop")
@Timeout(180)
class LiveFaultsTest {
    private static final Ip6Address HOME = Ip6Address.parse("2001:db8:1::10");
    private static final Ip6Address CN = Ip6Address.parse("2001:db8:9::9");
    private static final int MTU = 1400;
    private static final int PACKETS = 5_000;

    @TempDir
    private Path folder;

    private static long answers(LiveRun live, String node) {
        return live.run().rows().entrySet().stream().filter(row -> row.getKey().node().equals(node))
                .mapToLong(row -> row.getValue() instanceof FlowEnd end && !end.sending() ? end.packets() : 0).sum();
    }

    private static long in(LiveRun live, int port) {
        var counts = live.ports().get(port);
        return counts.in() + counts.missedIn();
    }

    /** Packets and frames of all sorts from a host and from a neighbour: all are admitted and counted, the lab goes on, and the recording replays. */
    @Test
    void hostileOctetsOfHostAndNeighbour() throws Exception {
        var lab = LabFiles.read(Path.of("../samples/optimized.json"), List.of()).withTraffic(List.of()).withActions(List.of()).withExpect(List.of());
        var script = folder.resolve("hostile.py");
        try (var text = getClass().getResourceAsStream("hostile.py")) {
            Files.copy(text, script);
        }
        var file = folder.resolve("recording");
        try (var mobile = new NetworkNamespace(); var fixed = new NetworkNamespace()) {
            try (var live = new LiveThread(lab, Detail.FULL, Optional.of(file))) {
                var routes = List.of(Prefix.parse("2001:db8::/32"));
                live.open(new OutsidePort.Host("tunm", "mn", HOME, MTU), HostInterface.open(Tun.Kind.TUN, "tunm", mobile.namespace(), new HostSetup(Optional.of(HOME), 128, MTU, routes)));
                live.open(new OutsidePort.Host("tunc", "cn", CN, MTU), HostInterface.open(Tun.Kind.TUN, "tunc", fixed.namespace(), new HostSetup(Optional.of(CN), 128, MTU, routes)));
                live.open(new OutsidePort.Segment("tap0", "home"), HostInterface.open(Tun.Kind.TAP, "tap0", mobile.namespace(), HostSetup.NONE));
                live.apply(new Action.Move("mn", Optional.of("cell-a")));
                assertTrue(mobile.run("ping", "-6", "-c", "5", "-I", "tunm", CN.toString()).contains(" received"));
                for (var where : List.of("0 tunm", "2 tap0")) {
                    var words = where.split(" ");
                    var port = Integer.parseInt(words[0]);
                    long before = live.ask(run -> in(run, port));
                    var said = mobile.run("python3", script.toString(), words[1], Integer.toString(PACKETS), "7", words[1].equals("tap0") ? "02:00:00:00:00:01" : "").strip();
                    var sent = Long.parseLong(said.replace("sent ", ""));
                    assertTrue(sent > PACKETS * 8 / 10, said);
                    assertTrue(live.until(run -> in(run, port) >= before + sent), () -> where + ": of " + said);
                }
                assertEquals(List.of(), live.ask(LiveRun::gone));
                assertTrue(mobile.run("ping", "-6", "-c", "5", "-I", "tunm", CN.toString()).contains(" 0% packet loss"), "the lab goes on");
            }
            assertFalse(mobile.run("ip", "link", "show").contains("tap0"), "it went with the run");
        }
        assertEquals(0, LiveThread.made(file), "with all that, a recording comes out the same");
    }

    /** A guest that is killed: its port says that nobody is there, everything else goes on. */
    @Test
    void aGuestThatIsKilled() throws Exception {
        var lab = LabJson.read("interop", """
                { "careof": 1, "name": "a guest that is killed", "seed": 1,
                  "links": [ { "name": "wire", "kind": "wired", "prefix": "fd01::/64" }, { "name": "inner", "kind": "wired", "prefix": "fd0a::/64" } ],
                  "nodes": [ { "name": "us", "role": "router", "ports": [ { "link": "wire", "address": "fd01::1" }, { "link": "inner", "address": "fd0a::1" } ] },
                             { "name": "in", "role": "host", "ports": [ { "link": "inner", "address": "fd0a::9" } ] },
                             { "name": "kernel", "role": "host", "outside": true, "ports": [ { "link": "wire", "address": "fd01::2" } ] } ],
                  "traffic": [ { "name": "out", "kind": "ping", "from": "us", "to": "kernel", "every": "100ms", "octets": 56, "stop": "600s" },
                               { "name": "in", "kind": "ping", "from": "in", "to": "us", "every": "100ms", "octets": 56, "stop": "600s" } ] }""");
        var file = folder.resolve("recording");
        try (var guest = new UmlPeer(); var live = new LiveThread(lab, Detail.SUMMARY, Optional.of(file))) {
            guest.run("ip addr add fd01::2/64 dev vec0 nodad");
            live.open(new OutsidePort.Segment("guest", "wire"), guest.device());
            assertTrue(live.until(run -> answers(run, "us") > 5), "the guest answers");
            assertFalse(live.ask(run -> run.ports().getFirst().where()).contains("nobody"));
            guest.kill();
            assertTrue(live.until(run -> run.ports().getFirst().where().endsWith("(nobody is there)")), "the port tells it");
            long then = live.ask(run -> answers(run, "in"));
            assertTrue(live.until(run -> answers(run, "in") > then + 10), "the rest of the lab goes on");
            assertEquals(List.of(), live.ask(LiveRun::gone));
        }
        assertEquals(0, LiveThread.made(file));
    }
}
