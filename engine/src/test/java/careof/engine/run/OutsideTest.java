package careof.engine.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import careof.engine.base.Ip6Address;
import careof.engine.base.MacAddress;
import careof.engine.base.OctetWriter;
import careof.engine.base.Octets;
import careof.engine.base.VirtualTime;
import careof.engine.base.Progress;
import careof.engine.lab.Action;
import careof.engine.lab.Lab;
import careof.engine.lab.LabFiles;
import careof.engine.metrics.Handover;
import careof.engine.metrics.RunMetrics;
import careof.engine.state.HostHearing;
import careof.engine.state.PortState;
import careof.engine.trace.Detail;
import careof.engine.trace.InputLog;
import careof.engine.trace.OutsidePort;
import careof.engine.trace.Reason;
import careof.engine.trace.TraceEvent;
import careof.engine.wire.icmp.Icmp6Message;
import careof.engine.wire.ip.Ethernet;
import careof.engine.wire.ip.ExtensionHeader;
import careof.engine.wire.ip.Ip6Header;
import careof.engine.wire.ip.Ip6Option;
import careof.engine.wire.ip.Ip6Packet;
import careof.engine.wire.ip.IpProtocol;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Ports to the outside: hosts upon nodes, segments on links, and runs made again from what came in. */
class OutsideTest {
    private static final Ip6Address HOME = Ip6Address.parse("2001:db8:1::10");
    private static final Ip6Address CN = Ip6Address.parse("2001:db8:9::9");
    private static final long SECOND = VirtualTime.SECOND;

    private final List<Octets> up = new ArrayList<>();

    private static Lab lab() throws Exception {
        return LabFiles.read(Path.of("../samples/optimized.json"), List.of()).withTraffic(List.of()).withExpect(List.of());
    }

    private static Octets secret(int fill) {
        byte[] octets = new byte[32];
        java.util.Arrays.fill(octets, (byte) fill);
        return Octets.wrap(octets);
    }

    private static Octets ping(Ip6Address from, Ip6Address to, int sequence) {
        return Ip6Packet.of(from, to, IpProtocol.ICMP6, new Icmp6Message.EchoRequest(0x1234, sequence, Octets.of(1, 2, 3)).toOctets(from, to)).toOctets();
    }

    private static List<Reason> drops(Simulation run) {
        List<Reason> found = new ArrayList<>();
        for (var events = run.trace().from(1); events.hasNext(); ) {
            if (events.next() instanceof TraceEvent.Dropped dropped && !dropped.node().isEmpty()) {
                found.add(dropped.reason());
            }
        }
        return found;
    }

    private static Octets frame(MacAddress to, MacAddress from, Ip6Packet packet) {
        OctetWriter out = new OctetWriter(Ethernet.HEADER + packet.length());
        new Ethernet(to, from, Ethernet.IP6).emit(out);
        packet.emit(out);
        return out.toOctets();
    }

    private Simulation withHost(Lab lab) {
        Simulation run = new Simulation(lab, Detail.FULL);
        run.attach(new OutsidePort.Host("tun0", "mn", HOME, 1400), up::add);
        return run;
    }

    @Test
    void aHostTalksThroughItsNodeWhereverThatIs() throws Exception {
        Simulation run = withHost(lab());
        for (int second = 2; second <= 8; second += 2) {
            run.runUntil(second * SECOND);
            run.arrive("tun0", ping(HOME, CN, second));
        }
        run.runUntil(9 * SECOND);
        assertEquals(3, up.size(), "at second 4 the node moves");
        for (Octets octets : up) {
            Ip6Packet answer = Ip6Packet.parse(octets);
            assertEquals(CN, answer.source());
            assertEquals(HOME, answer.destination());
            assertTrue(answer.extensions().isEmpty(), "the routing header is the node's affair");
            assertTrue(Icmp6Message.parse(answer.payload(), CN, HOME) instanceof Icmp6Message.EchoReply);
        }
        assertTrue(run.rows().values().stream().anyMatch(row -> row instanceof careof.engine.state.Binding b && b.careOf().toString().startsWith("2001:db8:2:")));
    }

    /** How long movements keep a host from hearing its peer is in the trace, and measured; packets that come as they should leave nothing there. */
    @Test
    void silencesOfAHostAreMeasured() throws Exception {
        Simulation run = new Simulation(lab(), Detail.SUMMARY);
        List<Long> times = new ArrayList<>();
        run.attach(new OutsidePort.Host("tun0", "mn", HOME, 1400), _ -> times.add(run.now()));
        long second = 7 * SECOND;
        for (int i = 0; i < 400; i++) {
            run.runUntil(2 * SECOND + i * (SECOND / 50));
            if (run.now() == second) {
                run.apply(new Action.Move("mn", Optional.empty()));
            } else if (run.now() == second + 2 * SECOND) {
                run.apply(new Action.Move("mn", Optional.of("home")));
            }
            run.arrive("tun0", ping(HOME, CN, i));
        }
        run.runUntil(11 * SECOND);
        long[] longest = new long[2];
        int silences = 0;
        for (int i = 1; i < times.size(); i++) {
            long silence = times.get(i) - times.get(i - 1);
            int movement = times.get(i) <= second ? 0 : 1;
            longest[movement] = Math.max(longest[movement], silence);
            silences += silence >= SECOND / 10 ? 1 : 0;
        }
        assertTrue(longest[0] > SECOND / 10 && longest[1] > longest[0], "at seconds 4 and 7 the node leaves its link");
        List<Handover> handovers = RunMetrics.of(run.lab(), run.trace(), run.now(), Progress.NONE).handovers();
        assertEquals(2, handovers.size());
        for (int i = 0; i < 2; i++) {
            Handover.Peer peer = handovers.get(i).peers().stream().filter(p -> p.peer().equals("cn")).findFirst().orElseThrow();
            assertEquals(Optional.of(longest[i]), peer.silentIn(), "movement " + (i + 1));
            assertEquals(Optional.empty(), peer.silentOut(), "no host is at the correspondent");
        }
        int rows = 0;
        for (var events = run.trace().from(1); events.hasNext(); ) {
            rows += events.next() instanceof TraceEvent.Changed changed && changed.row() instanceof HostHearing ? 1 : 0;
        }
        assertEquals(1 + silences, rows, "the first word, and the one after each silence");
        run.detach("tun0", "test");
        assertTrue(run.rows().values().stream().noneMatch(HostHearing.class::isInstance));
    }

    /** An attacker has many addresses: the table of what a host hears ends somewhere, and the host hears every one all the same. */
    @Test
    void aHostHearsMorePeersThanAreToldApart() throws Exception {
        Simulation run = withHost(lab());
        run.attach(new OutsidePort.Segment("tap0", "home"), _ -> { });
        run.runUntil(2 * SECOND);
        MacAddress node = run.rows().entrySet().stream().filter(row -> row.getKey().node().equals("mn") && row.getValue() instanceof PortState)
                .map(row -> ((PortState) row.getValue()).mac()).findFirst().orElseThrow();
        for (int i = 1; i <= 100; i++) {
            run.arrive("tap0", frame(node, new MacAddress(0x02aa_bbcc_ddeeL), Ip6Packet.parse(ping(Ip6Address.parse("2001:db8:77::" + i), HOME, i))));
        }
        run.runUntil(3 * SECOND);
        assertEquals(100, up.size());
        assertEquals(64, run.rows().values().stream().filter(HostHearing.class::isInstance).count());
    }

    @Test
    void theHostAnswersForItself() throws Exception {
        Simulation run = withHost(lab());
        run.runUntil(2 * SECOND);
        run.apply(new Action.Ping("cn", "mn"));
        run.runUntil(3 * SECOND);
        assertEquals(1, up.size());
        assertTrue(Icmp6Message.parse(Ip6Packet.parse(up.getFirst()).payload(), CN, HOME) instanceof Icmp6Message.EchoRequest);
        run.detach("tun0", "test");
        run.apply(new Action.Ping("cn", "mn"));
        run.runUntil(3 * SECOND + SECOND / 2);
        assertEquals(1, up.size(), "without a host the node answers");
        assertThrows(IllegalArgumentException.class, () -> run.attach(new OutsidePort.Host("mn", "mn", HOME, 1400), up::add));
        assertThrows(IllegalArgumentException.class, () -> run.attach(new OutsidePort.Host("tun0", "mn", CN, 1400), up::add));
        assertThrows(IllegalArgumentException.class, () -> run.attach(new OutsidePort.Segment("tap0", "nowhere"), up::add));
    }

    @Test
    void whatAHostMayNotSend() throws Exception {
        Simulation run = withHost(lab());
        run.runUntil(2 * SECOND);
        run.arrive("tun0", ping(Ip6Address.parse("2001:db8:1::11"), CN, 1));
        run.arrive("tun0", ping(HOME, Ip6Address.parse("ff02::2"), 1));
        Ip6Packet plain = Ip6Packet.parse(ping(HOME, CN, 1));
        run.arrive("tun0", plain.withExtensions(List.of(ExtensionHeader.DestinationOptions.of(new Ip6Option.HomeAddress(Ip6Address.parse("2001:db8:1::66"))))).toOctets());
        run.arrive("tun0", Octets.of(0x45, 0, 0, 20));
        run.runUntil(3 * SECOND);
        assertEquals(List.of(Reason.HOST_SOURCE, Reason.HOST_LINK_ONLY, Reason.HOST_MOBILITY, Reason.MALFORMED), drops(run));
        assertTrue(up.isEmpty());
    }

    @Test
    void aSegmentIsANeighbour() throws Exception {
        Simulation run = new Simulation(lab(), Detail.FULL);
        run.attach(new OutsidePort.Segment("tap0", "home"), up::add);
        run.runUntil(SECOND);
        Ip6Address own = Ip6Address.parse("2001:db8:1::77");
        MacAddress mac = new MacAddress(0x02aa_bbcc_ddeeL);
        Ip6Address group = Ip6Address.parse("ff02::1:ff00:1");
        Ip6Address agent = Ip6Address.parse("2001:db8:1::1");
        Octets solicitation = new Icmp6Message.NeighbourSolicitation(agent, List.of(new careof.engine.wire.icmp.NdOption.SourceLinkLayer(mac))).toOctets(own, group);
        Ip6Packet packet = new Ip6Packet(new Ip6Header(0, 0, solicitation.length(), IpProtocol.ICMP6, 255, own, group), List.of(), IpProtocol.ICMP6, solicitation);
        up.clear();
        run.arrive("tap0", frame(new MacAddress(0x3333_ff00_0001L), mac, packet));
        run.runUntil(SECOND + SECOND / 10);
        assertTrue(up.stream().anyMatch(frame -> frame.at(Ethernet.HEADER + 40) == Icmp6Message.NEIGHBOUR_ADVERTISEMENT), "the home agent answers");
        run.arrive("tap0", Octets.of(1, 2, 3));
        run.arrive("tap0", Octets.wrap(new byte[3000]));
        run.missed("tap0", 7, "test");
        run.arrive("elsewhere", Octets.EMPTY);
        assertEquals(List.of(Reason.MALFORMED, Reason.TOO_BIG), drops(run));
    }

    /** A run by the wall clock, from what came in and from the secret, comes out the same; with another secret it does not. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void aLiveRunIsMadeAgain(long seed) throws Exception {
        Lab lab = lab();
        Random random = new Random(seed);
        List<InputLog.Input> inputs = new ArrayList<>();
        Simulation run = Simulation.live(lab, Detail.FULL, secret(7));
        run.onInput(inputs::add);
        run.attach(new OutsidePort.Host("tun0", "mn", HOME, 1400), up::add);
        run.attach(new OutsidePort.Segment("tap0", "cn-link"), _ -> { });
        for (long at = SECOND / 2; at < 10 * SECOND; at += random.nextLong(SECOND / 4)) {
            run.runUntil(at);
            byte[] noise = new byte[random.nextInt(200)];
            random.nextBytes(noise);
            run.arrive(random.nextBoolean() ? "tun0" : "tap0", random.nextInt(3) == 0 ? Octets.wrap(noise) : ping(HOME, CN, 3));
        }
        run.apply(new Action.Move("mn", Optional.of("home")));
        run.detach("tap0", "test");
        run.run();
        assertFalse(run.canFork());
        assertTrue(run.inputs().inputs().isEmpty(), "of a live run inputs are not kept");
        Simulation again = Simulation.of(new InputLog(lab, Detail.FULL, inputs), secret(7));
        again.run();
        assertEquals(run.trace().digest(), again.trace().digest());
        assertEquals(inputs, again.inputs().inputs());
        assertTrue(again.fork(again.trace().size() / 2, () -> false, _ -> { }).isPresent());
        Simulation other = Simulation.of(new InputLog(lab, Detail.FULL, inputs), secret(8));
        other.run();
        assertNotEquals(run.trace().digest(), other.trace().digest());
    }

    @Test
    void aNodeOutsideDoesNotRun() throws Exception {
        Lab lab = lab();
        Lab without = lab.withNodes(lab.nodes().stream().map(node -> node.withOutside(node.name().equals("cn"))).toList());
        Simulation run = withHost(without);
        run.runUntil(2 * SECOND);
        run.arrive("tun0", ping(HOME, CN, 1));
        run.run();
        assertTrue(up.stream().noneMatch(octets -> octets.at(40) == Icmp6Message.ECHO_REPLY));
        assertTrue(run.rows().keySet().stream().noneMatch(key -> key.node().equals("cn")));
        assertThrows(IllegalArgumentException.class, () -> run.apply(new Action.Ping("cn", "mn")));
        run.apply(new Action.SetMode("mn", "cn", careof.engine.lab.LabNode.Mode.BIDIRECTIONAL));
    }
}
