package careof.engine.interop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import careof.engine.base.Ip6Address;
import careof.engine.base.Prefix;
import careof.engine.base.Progress;
import careof.engine.lab.Action;
import careof.engine.lab.Lab;
import careof.engine.lab.LabFiles;
import careof.engine.lab.LabJson;
import careof.engine.live.Bridge;
import careof.engine.live.HostInterface;
import careof.engine.live.HostSetup;
import careof.engine.live.Leftovers;
import careof.engine.live.LiveRun;
import careof.engine.live.LiveThread;
import careof.engine.live.Namespace;
import careof.engine.live.PortRequest;
import careof.engine.live.Tun;
import careof.engine.metrics.Handover;
import careof.engine.metrics.RunMetrics;
import careof.engine.state.Binding;
import careof.engine.trace.Detail;
import careof.engine.trace.OutsidePort;
import careof.engine.trace.Recording;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The host's own programs talk through labs, from network namespaces that this test makes. Needs root. */
@Tag("interop")
class LiveHostsTest {
    private static final Ip6Address HOME = Ip6Address.parse("2001:db8:1::10");
    private static final Ip6Address CN = Ip6Address.parse("2001:db8:9::9");
    private static final List<Prefix> ROUTES = List.of(Prefix.parse("2001:db8::/32"));
    private static final int MTU = 1400;
    /** How long a cell takes at least until a node has a carrier, seconds. */
    private static final double ATTACHING = 0.03;

    @TempDir
    private Path folder;

    private NetworkNamespace mobile;
    private NetworkNamespace fixed;

    @BeforeEach
    void make() throws IOException {
        mobile = new NetworkNamespace();
        fixed = new NetworkNamespace();
    }

    @AfterEach
    void end() throws IOException {
        if (mobile != null) mobile.close();
        if (fixed != null) fixed.close();
    }

    private static Lab lab(String name) throws Exception {
        var lab = LabFiles.read(Path.of("../samples/" + name), List.of());
        return lab.withTraffic(List.of()).withActions(List.of()).withExpect(List.of());
    }

    private static HostInterface tun(String name, NetworkNamespace where, Ip6Address address) throws IOException {
        return HostInterface.open(Tun.Kind.TUN, name, where.namespace(), new HostSetup(Optional.of(address), 128, MTU, ROUTES));
    }

    private static boolean isBound(LiveRun live, String node, String link) {
        return live.run().rows().entrySet().stream().anyMatch(row -> row.getKey().node().equals(node)
                && row.getValue() instanceof Binding binding && binding.careOf().toString().startsWith(link));
    }

    private static String said(Process process) throws IOException {
        return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }

    /**
     * A TCP stream and pings of the host go on over three movements. How long each of these broke what went through the lab is in the recording, without its secrets too: a flow of
     * the lab's own, beside what the host says, has arrivals that can be told apart; the host's pings see the longest one, too.
     */
    @Test
    void tcpAndPingsSurviveThreeMovements() throws Exception {
        var lab = LabJson.read("live", """
                { "careof": 1, "name": "live", "seed": 1,
                  "links": [ { "name": "home", "kind": "wired", "prefix": "2001:db8:1::/64" }, { "name": "cell-a", "kind": "cell", "prefix": "2001:db8:2::/64" },
                             { "name": "cell-b", "kind": "cell", "prefix": "2001:db8:3::/64" }, { "name": "backbone", "kind": "wired", "prefix": "2001:db8:f::/64" },
                             { "name": "cn-link", "kind": "wired", "prefix": "2001:db8:9::/64" } ],
                  "nodes": [ { "name": "ha", "role": "home-agent", "ports": [ { "link": "home", "address": "2001:db8:1::1" }, { "link": "backbone" } ] },
                             { "name": "r", "role": "router", "ports": [ { "link": "cell-a" }, { "link": "cell-b" }, { "link": "backbone" } ] },
                             { "name": "rc", "role": "router", "ports": [ { "link": "cn-link" }, { "link": "backbone" } ] },
                             { "name": "cn", "role": "correspondent", "ports": [ { "link": "cn-link", "address": "2001:db8:9::9" } ] },
                             { "name": "mn", "role": "mobile-node", "at": "home", "home": { "link": "home", "address": "2001:db8:1::10", "agent": "ha" }, "modes": { "cn": "optimized" } } ],
                  "traffic": [ { "name": "meter", "kind": "udp", "from": "mn", "to": "cn", "both": true, "every": "20ms", "octets": 40, "start": "1s", "stop": "3600s" } ],
                  "until": "3600s" }""");
        var file = folder.resolve("recording");
        double silence;
        try (var live = new LiveThread(lab, Detail.SUMMARY, Optional.of(file))) {
            live.open(new OutsidePort.Host("tunm", "mn", HOME, MTU), tun("tunm", mobile, HOME));
            live.open(new OutsidePort.Host("tunc", "cn", CN, MTU), tun("tunc", fixed, CN));
            live.settled();
            var server = fixed.start("iperf3", "-s", "-1");
            assertTrue(mobile.run("ping", "-6", "-c", "3", CN.toString()).contains(" 0% packet loss"));
            var client = mobile.start("iperf3", "-6", "-c", CN.toString(), "-t", "16", "-i", "1", "-b", "20M");
            var pings = mobile.start("ping", "-6", "-D", "-i", "0.1", "-c", "150", CN.toString());
            for (var to : List.of("cell-a 2001:db8:2:", "cell-b 2001:db8:3:", "cell-a 2001:db8:2:")) {
                Thread.sleep(2000);
                var words = to.split(" ");
                live.apply(new Action.Move("mn", Optional.of(words[0])));
                assertTrue(live.until(run -> isBound(run, "cn", words[1])), () -> "no binding at " + to);
            }
            assertTrue(client.waitFor(60, TimeUnit.SECONDS));
            var report = said(client);
            assertEquals(0, client.exitValue(), report);
            assertTrue(report.contains("receiver"), report);
            assertTrue(pings.waitFor(60, TimeUnit.SECONDS));
            var statistics = said(pings);
            var received = Integer.parseInt(statistics.replaceFirst("(?s).*transmitted, (\\d+) received.*", "$1"));
            assertTrue(received >= 100 && received < 150, statistics);
            silence = silence(statistics);
            System.out.println("lost of 150 pings 100 ms apart over three movements: " + (150 - received) + "; " + report.lines().filter(line -> line.contains("receiver")).findFirst().orElse(""));
            server.waitFor(10, TimeUnit.SECONDS);
        }
        assertFalse(mobile.run("ip", "link", "show").contains("tunm"), "it went with the run");
        assertEquals(0, LiveThread.made(file), "the recording with its secrets comes out the same");

        var recording = Recording.read(file, Progress.NONE);
        var metrics = RunMetrics.of(recording.lab(), recording.trace(), recording.now(), Progress.NONE);
        var moves = metrics.handovers().stream().filter(handover -> !handover.from().isEmpty()).toList();
        assertEquals(List.of("cell-a", "cell-b", "cell-a"), moves.stream().map(Handover::to).toList());
        double longest = 0;
        for (var move : moves) {
            var peer = move.peers().stream().filter(p -> p.peer().equals("cn")).findFirst().orElseThrow();
            double out = (peer.firstOut().orElseThrow() - move.detach()) / 1e9;
            double in = (peer.firstIn().orElseThrow() - move.detach()) / 1e9;
            System.out.printf(Locale.ROOT, "to %s: outage %.3f s towards the correspondent, %.3f s back%n", move.to(), out, in);
            assertTrue(Math.min(out, in) > ATTACHING && Math.max(out, in) < 5, move::toString);
            longest = Math.max(longest, Math.max(out, in));
            System.out.println("  the mobile host heard nothing for " + text(peer.silentIn()) + ", the correspondent's for " + text(peer.silentOut()));
        }
        var first = moves.getFirst().peers().stream().filter(p -> p.peer().equals("cn")).findFirst().orElseThrow();
        assertTrue(first.silentIn().orElse(0L) > 0.5e9 && first.silentOut().orElse(0L) > 0.5e9, "what the hosts heard is in the recording, too: " + first);
        System.out.printf(Locale.ROOT, "the host's pings were silent for %.3f s at most%n", silence);
        assertTrue(silence > longest - 0.2, "the host saw what the lab saw");
    }

    private static String text(Optional<Long> nanoseconds) {
        return nanoseconds.map(time -> String.format(Locale.ROOT, "%.3f s", time / 1e9)).orElse("less than 0.1 s");
    }

    /** The longest time without an answer to pings, seconds. */
    private static double silence(String said) {
        var answers = said.lines().filter(line -> line.contains("icmp_seq")).map(line -> Double.valueOf(line.substring(1, line.indexOf(']')))).toList();
        return IntStream.range(1, answers.size()).mapToDouble(i -> answers.get(i) - answers.get(i - 1)).max().orElseThrow();
    }

    /** A TAP device, and a real interface joined by libpcap, are neighbours: they take addresses as the lab's routers advertise. */
    @Test
    void neighboursTakeAddressesAndTalk() throws Exception {
        mobile.run("ip", "link", "add", "v0", "type", "veth", "peer", "name", "v1", "netns", fixed.name());
        mobile.run("ip", "link", "set", "v0", "up");
        fixed.run("ip", "link", "set", "v1", "up");
        try (var live = new LiveThread(lab("optimized.json"), Detail.FULL)) {
            live.open(new OutsidePort.Segment("tap0", "home"), HostInterface.open(Tun.Kind.TAP, "tap0", mobile.namespace(), HostSetup.NONE));
            live.open(new OutsidePort.Segment("v0", "cn-link"), Bridge.open("v0", mobile.namespace(), Optional.of("ip6")));
            for (var place : List.of(mobile.name() + " tap0 2001:db8:1:", fixed.name() + " v1 2001:db8:9:")) {
                var words = place.split(" ");
                var where = words[0].equals(mobile.name()) ? mobile : fixed;
                assertTrue(live.until(_ -> {
                    try {
                        return where.run("ip", "-6", "addr", "show", "dev", words[1], "-tentative").contains(words[2]);
                    } catch (IOException e) {
                        throw new IllegalStateException(e);
                    }
                }), () -> "no address at " + place);
            }
            live.settled();
            assertTrue(mobile.run("ping", "-6", "-c", "3", "2001:db8:9::9").contains(" 0% packet loss"));
            assertTrue(fixed.run("ping", "-6", "-c", "3", "2001:db8:1::1").contains(" 0% packet loss"));
        }
    }

    /** A host that says nothing sends nothing: its kernel treats the node's upper layer as no link with neighbours. */
    @Test
    void aQuietHostIsQuiet() throws Exception {
        try (var live = new LiveThread(lab("optimized.json"), Detail.FULL)) {
            live.open(new OutsidePort.Host("tunm", "mn", HOME, MTU), tun("tunm", mobile, HOME));
            assertTrue(live.until(run -> run.run().now() > 6_000_000_000L));
            assertEquals(0L, live.ask(run -> run.ports().getFirst().in()).longValue());
        }
    }

    /** What may go wrong with devices has words, and ends nothing else. */
    @Test
    void devicesThatFail() throws Exception {
        try (var live = new LiveThread(lab("optimized.json"), Detail.FULL)) {
            live.open(new OutsidePort.Host("tunm", "mn", HOME, MTU), tun("tunm", mobile, HOME));
            var busy = assertThrows(IOException.class, () -> tun("tunm", mobile, HOME));
            assertTrue(busy.getMessage().contains("in use by another program"), busy.getMessage());
            mobile.run("ip", "link", "del", "tunm");
            assertTrue(live.until(run -> run.ports().isEmpty()));
            assertEquals(List.of(new LiveRun.Gone("tunm", "tunm is gone: somebody deleted it")), live.ask(LiveRun::gone));
            live.open(new OutsidePort.Host("tunm", "mn", HOME, MTU), tun("tunm", mobile, HOME));
            live.open(new OutsidePort.Host("tunc", "cn", CN, MTU), tun("tunc", fixed, CN));
            live.settled();
            assertTrue(mobile.run("ping", "-6", "-c", "1", CN.toString()).contains(" 0% packet loss"), "the lab lives on");
        }
        assertTrue(assertThrows(IOException.class, () -> HostInterface.open(Tun.Kind.TUN, "lo", mobile.namespace(), HostSetup.NONE)).getMessage().contains("lo exists and is no TUN device"));
        assertTrue(assertThrows(IOException.class, () -> HostInterface.open(Tun.Kind.TUN, "tun0", new Namespace("careof-none"), HostSetup.NONE)).getMessage().contains("ip netns add careof-none"));
        assertThrows(IOException.class, () -> HostInterface.open(Tun.Kind.TUN, "a-name-that-is-too-long", mobile.namespace(), HostSetup.NONE));
    }

    /** Where the machine has a route of its own to a prefix of the lab, that stays and the lab does not begin. */
    @Test
    void routesOfTheMachineStay() throws Exception {
        mobile.run("ip", "link", "add", "v0", "type", "veth", "peer", "name", "v1");
        mobile.run("ip", "link", "set", "v0", "up");
        for (var way : List.of("-6 route add 2001:db8::/32 dev v0", "-6 route add 2001:db8::/32 dev v0 metric 7", "address add 2001:db8:7::1/32 dev v0 nodad")) {
            mobile.run(("ip " + way).split(" "));
            var before = mobile.run("ip", "-6", "route");
            var refused = assertThrows(IOException.class, () -> tun("tunm", mobile, HOME)).getMessage();
            assertTrue(refused.startsWith("this machine has a route of its own to the lab's 2001:db8::/32 in namespace " + mobile.name() + " (2001:db8::/32 dev v0 "), refused);
            assertEquals(before, mobile.run("ip", "-6", "route"));
            mobile.run(("ip " + way.replace(" add ", " del ").replace(" nodad", "")).split(" "));
        }
        tun("tunm", mobile, HOME).close();
    }

    /** What is set on an interface, but for its queue's state. */
    private String link(String name) throws IOException {
        return mobile.run("ip", "-o", "link", "show", "dev", name).replaceAll(" (state|qdisc) [^ ]+|NO-CARRIER,|,LOWER_UP", "");
    }

    /** On a device that outlives the program, what was set goes with the run, and what a killed run left is found. */
    @Test
    void whatWasSetIsTakenBack() throws Exception {
        var there = List.<PortRequest>of(new PortRequest.HostOnNode("mn", "keep0", mobile.namespace(), PortRequest.TUN_MTU));
        mobile.run("ip", "tuntap", "add", "dev", "keep0", "mode", "tun");
        mobile.run("ip", "link", "set", "dev", "keep0", "mtu", "1333", "alias", "of somebody");
        var before = link("keep0");
        assertTrue(before.contains(" mtu 1333 ") && before.contains("alias of somebody"), before);
        var mark = "careof " + ProcessHandle.current().pid() + " " + HOME + "/128 mtu=1333 down was=of somebody";
        try (var device = tun("keep0", mobile, HOME)) {
            assertTrue(link("keep0").contains("alias " + mark), () -> mark);
            assertTrue(link("keep0").matches("(?s).* mtu " + MTU + " .*alias careof [0-9]+ " + HOME + "/128 mtu=1333.*"), link("keep0"));
            assertTrue(mobile.run("ip", "-6", "addr", "show", "dev", "keep0").contains(HOME + "/128"));
            assertTrue(Leftovers.find(there).texts().isEmpty(), "the process lives");
            assertEquals("keep0 in namespace " + mobile.name(), device.where());
        }
        assertFalse(mobile.run("ip", "-6", "addr", "show", "dev", "keep0").contains(HOME.toString()));
        assertFalse(mobile.run("ip", "-6", "route").contains("2001:db8::/32"));
        assertEquals(before, link("keep0"));

        mobile.run("ip", "link", "set", "dev", "keep0", "alias", "x".repeat(240));    // no room beside the mark, of what the kernel keeps
        tun("keep0", mobile, HOME).close();
        assertTrue(link("keep0").contains("alias " + "x".repeat(240)), "what is put back needs no mark while the program lives");
        mobile.run("ip", "link", "set", "dev", "keep0", "alias", "of somebody");

        mobile.run("ip", "link", "set", "dev", "keep0", "up");
        mobile.run("ip", "address", "add", HOME + "/128", "dev", "keep0", "nodad");
        mobile.run("ip", "-6", "route", "add", "2001:db8::/32", "dev", "keep0");
        tun("keep0", mobile, HOME).close();
        assertTrue(mobile.run("ip", "-6", "addr", "show", "dev", "keep0").contains(HOME + "/128"), "whose it is, stays");
        assertTrue(mobile.run("ip", "-6", "route").contains("2001:db8::/32"));
        mobile.run("ip", "address", "del", HOME + "/128", "dev", "keep0");
        mobile.run("ip", "-6", "route", "del", "2001:db8::/32", "dev", "keep0");

        var dead = new ProcessBuilder("true").start();
        dead.waitFor();
        mobile.run("ip", "link", "set", "dev", "keep0", "up", "mtu", "1400", "alias", mark.replaceFirst("[0-9]+", Long.toString(dead.pid())));
        mobile.run("ip", "address", "add", HOME + "/128", "dev", "keep0");
        mobile.run("ip", "-6", "route", "add", "2001:db8::/32", "dev", "keep0", "proto", "202");
        var found = Leftovers.find(there);
        assertEquals(1, found.texts().size());
        assertTrue(found.texts().getFirst().startsWith("keep0 in namespace " + mobile.name() + ": set up by process " + dead.pid()), found.texts().getFirst());
        var refused = assertThrows(IOException.class, () -> tun("tunm", mobile, HOME)).getMessage();
        assertTrue(refused.startsWith("a run that was killed left a route to the lab's 2001:db8::/32 in namespace " + mobile.name() + " (2001:db8::/32 dev keep0 "), refused);
        assertTrue(refused.endsWith("Remove what that run left, then go live again"), refused);
        found.remove();
        tun("tunm", mobile, HOME).close();
        assertTrue(Leftovers.find(there).texts().isEmpty());
        assertEquals(before, link("keep0"));
        assertFalse(mobile.run("ip", "-6", "addr", "show", "dev", "keep0").contains(HOME.toString()));
        assertFalse(mobile.run("ip", "-6", "route").contains("2001:db8::/32"));
    }
}
