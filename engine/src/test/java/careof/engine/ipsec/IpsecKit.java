package careof.engine.ipsec;

import static org.junit.jupiter.api.Assertions.assertEquals;

import careof.engine.base.Ip4Address;
import careof.engine.base.Ip4Prefix;
import careof.engine.base.Ip6Address;
import careof.engine.base.IpAddress;
import careof.engine.base.MacAddress;
import careof.engine.base.Malformed;
import careof.engine.base.OctetWriter;
import careof.engine.base.Octets;
import careof.engine.base.Prefix;
import careof.engine.base.VirtualTime;
import careof.engine.crypto.Authentication;
import careof.engine.crypto.Encryption;
import careof.engine.net.Frame;
import careof.engine.net.Link;
import careof.engine.net.Port;
import careof.engine.policy.Policy;
import careof.engine.sim.Scheduler;
import careof.engine.stack.Arrived;
import careof.engine.stack.IpStack;
import careof.engine.stack.NodeEnv;
import careof.engine.state.AddressEntry;
import careof.engine.state.AddressRange;
import careof.engine.state.Ip4AddressEntry;
import careof.engine.state.LinkState;
import careof.engine.state.Route;
import careof.engine.state.Sa;
import careof.engine.state.SaUse;
import careof.engine.state.Selector;
import careof.engine.state.SpdEntry;
import careof.engine.state.State;
import careof.engine.trace.Detail;
import careof.engine.trace.LabState;
import careof.engine.trace.Projection;
import careof.engine.trace.Reason;
import careof.engine.trace.Recorder;
import careof.engine.trace.TraceEvent;
import careof.engine.trace.TraceStore;
import careof.engine.wire.ip.Ethernet;
import careof.engine.wire.ip.Ip4Header;
import careof.engine.wire.ip.Ip4Packet;
import careof.engine.wire.ip.Ip6Packet;
import careof.engine.wire.ip.IpProtocol;
import careof.engine.wire.ip.Udp;
import careof.engine.wire.pfkey.PfKeyError;
import careof.engine.wire.pfkey.PfKeyMessage;
import careof.engine.wire.pfkey.PolicyExtension;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;

/** Nodes with IPsec on links without delay, and a tap on each link that hears all and says what a test wants. */
final class IpsecKit {
    static final int PORT = 4444;
    private static final long SEED = 11;

    final Scheduler scheduler = new Scheduler();
    final TraceStore trace = new TraceStore(Detail.FULL);
    final Recorder recorder = new Recorder(trace, scheduler);
    private final Map<String, Link> links = new LinkedHashMap<>();
    private final Map<String, Port> taps = new LinkedHashMap<>();
    private final List<Node> nodes = new ArrayList<>();
    private final Random keys = new Random(SEED);
    private long mark;
    private int macs;

    /** One transform between two nodes, as yet without keys and SPI. */
    record Layer(Sa.Protocol protocol, Sa.Mode mode, Encryption encryption, Authentication authentication, IpAddress source, IpAddress destination,
            boolean extended, int window, long requestId, Sa.UdpPorts udp) {
        static Layer esp(Encryption encryption, Authentication authentication) {
            return new Layer(Sa.Protocol.ESP, Sa.Mode.TRANSPORT, encryption, authentication, Ip6Address.ANY, Ip6Address.ANY, false, 64, 0, Sa.UdpPorts.NONE);
        }

        static Layer esp() {
            return esp(Encryption.AES_CBC, Authentication.HMAC_SHA1_96);
        }

        static Layer ah(Authentication authentication) {
            return new Layer(Sa.Protocol.AH, Sa.Mode.TRANSPORT, Encryption.NONE, authentication, Ip6Address.ANY, Ip6Address.ANY, false, 64, 0, Sa.UdpPorts.NONE);
        }

        static Layer ah() {
            return ah(Authentication.HMAC_SHA1_96);
        }

        Layer tunnel(IpAddress from, IpAddress to) {
            return new Layer(protocol, Sa.Mode.TUNNEL, encryption, authentication, from, to, extended, window, requestId, udp);
        }

        Layer request(long id) {
            return new Layer(protocol, mode, encryption, authentication, source, destination, extended, window, id, udp);
        }

        Layer inUdp() {
            return new Layer(protocol, mode, encryption, authentication, source, destination, extended, window, requestId, new Sa.UdpPorts(4500, 4500));
        }

        Layer withExtended() {
            return new Layer(protocol, mode, encryption, authentication, source, destination, true, window, requestId, udp);
        }

        Layer window(int packets) {
            return new Layer(protocol, mode, encryption, authentication, source, destination, extended, packets, requestId, udp);
        }

        SpdEntry.Template template(SpdEntry.Level level) {
            return new SpdEntry.Template(protocol, mode, source, destination, level, requestId);
        }
    }

    /** A node, and what came to its UDP port. */
    final class Node {
        final String name;
        final NodeEnv env;
        final IpStack stack;
        final Spd spd;
        final Sad sad;
        final List<Arrived> arrived = new ArrayList<>();
        final List<PfKeyMessage> heard = new ArrayList<>();
        final PfKey.Socket daemon;
        private long priority = 1000;

        private Node(String name, boolean forwards) {
            this.name = name;
            this.env = new NodeEnv(name, scheduler, recorder, Policy.ALL_ON, SEED);
            this.stack = new IpStack(env, forwards, false);
            this.spd = new Spd(env);
            this.sad = new Sad(env);
            PfKey pfKey = new PfKey(env, spd, sad, true);
            stack.ipsec(new Ipsec(stack, spd, sad, pfKey));
            this.daemon = pfKey.open(heard::add);
            stack.upper().listen(PORT, (packet, _) -> arrived.add(packet));
        }

        /** A port on a link, with an address and the route to its neighbours. */
        Node on(String link, String address) {
            return on(link, address, 1500);
        }

        Node on(String link, String address, int mtu) {
            MacAddress mac = new MacAddress(0x0200_0000_0000L + ++macs);
            String port = "p" + (stack.ports().size() + 1);
            Port made = stack.addPort(port, mac, false);
            stack.autoconfiguration().configure(made, Ip6Address.linkLocal(mac.interfaceId()), AddressEntry.Origin.LINK_LOCAL);
            made.attach(link(link, mtu), true);
            own(port, address);
            return this;
        }

        void own(String port, String address) {
            Ip6Address ip = ip(address);
            stack.autoconfiguration().configure(stack.port(port), ip, AddressEntry.Origin.FIXED);
            stack.routes().put(new Route(new Prefix(ip, 64), port, Optional.empty(), 0, Route.Origin.CONNECTED), Reason.CONFIGURED);
        }

        /** An IPv4 address beside what the port has. */
        Node on4(String port, String address) {
            Ip4Address ip = Ip4Address.parse(address);
            Ip4Prefix prefix = new Ip4Prefix(ip, 24);
            stack.addresses4().put(new Ip4AddressEntry(port, ip, prefix, Ip4AddressEntry.Origin.FIXED), Reason.CONFIGURED);
            stack.routes().put(new Route(prefix, port, Optional.empty(), 0, Route.Origin.CONNECTED), Reason.CONFIGURED);
            return this;
        }

        Node route4(String prefix, String port, String via) {
            stack.routes().put(new Route(Ip4Prefix.parse(prefix), port, Optional.of(Ip4Address.parse(via)), 1, Route.Origin.STATIC), Reason.CONFIGURED);
            return this;
        }

        Node route(String prefix, String port, String via) {
            stack.routes().put(new Route(Prefix.parse(prefix), port, Optional.of(ip(via)), 1, Route.Origin.STATIC), Reason.CONFIGURED);
            return this;
        }

        /** An entry after all there are. */
        SpdEntry policy(SpdEntry.Direction direction, Selector selector, SpdEntry.Action action, SpdEntry.Template... templates) {
            SpdEntry entry = new SpdEntry(0, ++priority, direction, "", selector, action, List.of(templates));
            return spd.find((int) ok(SpdMessages.add(entry)).find(PolicyExtension.class).orElseThrow().id()).orElseThrow();
        }

        Sa add(Sa sa) {
            ok(SaMessages.add(sa));
            return sad.inbound(sa.protocol(), sa.spi(), sa.destination()).orElseThrow();
        }

        PfKeyMessage ok(PfKeyMessage request) {
            PfKeyMessage answer = daemon.request(request);
            assertEquals("OK", PfKeyError.name(answer.errno()));
            return answer;
        }

        SaUse use(Sa sa) {
            return sad.use(sa);
        }

        /** The only SA of a protocol. */
        Sa sa(Sa.Protocol protocol) {
            List<Sa> found = sad.all().stream().filter(sa -> sa.protocol() == protocol).toList();
            assertEquals(1, found.size());
            return found.getFirst();
        }

        void send(Ip4Packet packet) {
            stack.output4().send(packet, 0, true);
            settle();
        }

        void send(Ip6Packet packet) {
            stack.output().send(packet, 0, true);
            settle();
        }

        List<State> rows() {
            List<State> rows = new ArrayList<>();
            env.rows((_, row) -> rows.add(row));
            return rows;
        }

        /** Rows of IPsec: what bad input must not touch. */
        List<State> ipsecRows() {
            return rows().stream().filter(row -> row instanceof Sa || row instanceof SaUse || row instanceof SpdEntry).toList();
        }
    }

    static Sa with(Sa s, Selector selector) {
        return new Sa(s.id(), s.spi(), s.protocol(), s.mode(), s.source(), s.destination(), selector, s.encryption(), s.encryptionKey(), s.authentication(),
                s.authenticationKey(), s.extendedSequence(), s.replayWindow(), s.requestId(), s.lifetimes(), s.udp(), s.phase(), s.created());
    }

    Node host(String name, String link, String address) {
        return node(name, false).on(link, address);
    }

    Node node(String name, boolean forwards) {
        Node node = new Node(name, forwards);
        nodes.add(node);
        return node;
    }

    private Link link(String name, int mtu) {
        return links.computeIfAbsent(name, n -> {
            Link link = new Link(new LinkState(n, "", "", 0, 0, 0, false), mtu, 100, SEED, scheduler, recorder);
            Port tap = new Port("tap-" + n, "p", new MacAddress(0x0200_0000_0100L + ++macs), true);
            tap.owner(new Port.Owner() {
                @Override
                public void receive(Port at, Frame frame, Link from) {
                    // the trace holds it
                }

                @Override
                public void carrier(Port at) {
                    // has no state
                }
            });
            tap.attach(link, true);
            taps.put(n, tap);
            return link;
        });
    }

    static Ip6Address ip(String text) {
        return Ip6Address.parse(text);
    }

    static AddressRange only(String address) {
        return AddressRange.of(IpAddress.parse(address));
    }

    static Selector any(String from, String to) {
        return Selector.between(only(from), only(to));
    }

    /** SAs on both nodes, and a policy that wants them: innermost layer first. */
    List<Sa> protect(Node from, Node to, Selector selector, Layer... layers) {
        List<Sa> sas = secure(from, to, selector, layers);
        SpdEntry.Template[] templates = templates(SpdEntry.Level.REQUIRE, layers);
        from.policy(SpdEntry.Direction.OUT, selector, SpdEntry.Action.PROTECT, templates);
        to.policy(SpdEntry.Direction.IN, selector, SpdEntry.Action.PROTECT, templates);
        return sas;
    }

    static SpdEntry.Template[] templates(SpdEntry.Level level, Layer... layers) {
        return List.of(layers).stream().map(layer -> layer.template(level)).toArray(SpdEntry.Template[]::new);
    }

    /** SAs on both nodes; gives those of the sender. */
    List<Sa> secure(Node from, Node to, Selector selector, Layer... layers) {
        List<Sa> made = new ArrayList<>();
        IpAddress source = selector.source().low();
        IpAddress destination = selector.destination().low();
        Selector covered = selector;
        for (Layer layer : layers) {
            boolean tunnel = layer.mode == Sa.Mode.TUNNEL;
            if (tunnel) {
                source = layer.source;
                destination = layer.destination;
            }
            int length = layer.encryption.keyLengths().getLast();
            Sa sa = new Sa(0, 0x1000 + keys.nextInt(1 << 24), layer.protocol, layer.mode, source, destination, covered, layer.encryption, octets(length),
                    layer.authentication, octets(layer.authentication.key()), layer.extended, layer.window, layer.requestId, Sa.Lifetimes.NONE, layer.udp,
                    Sa.Phase.MATURE, 0);
            made.add(from.add(sa));
            to.add(sa);
            if (tunnel) {
                covered = Selector.between(AddressRange.of(source), AddressRange.of(destination));
            }
        }
        return made;
    }

    Octets octets(int length) {
        byte[] array = new byte[length];
        keys.nextBytes(array);
        return Octets.wrap(array);
    }

    static Ip4Packet udp4(String from, String to, int octets, boolean whole) {
        Ip4Address source = Ip4Address.parse(from);
        Ip4Address destination = Ip4Address.parse(to);
        Octets datagram = new Udp(5555, PORT, Octets.zeros(octets)).toOctets(source, destination);
        return new Ip4Packet(new Ip4Header(0, Ip4Header.LENGTH + datagram.length(), 0, whole, false, 0, 64, IpProtocol.UDP, source, destination, Octets.EMPTY),
                datagram);
    }

    static Ip6Packet udp(String from, String to, int octets) {
        return udp(from, to, PORT, octets);
    }

    static Ip6Packet udp(String from, String to, int port, int octets) {
        byte[] data = new byte[octets];
        for (int i = 0; i < octets; i++) {
            data[i] = (byte) i;
        }
        return Ip6Packet.of(ip(from), ip(to), IpProtocol.UDP, new Udp(5555, port, Octets.wrap(data)).toOctets(ip(from), ip(to)));
    }

    void settle() {
        long until = scheduler.now() + VirtualTime.MILLISECOND;
        recorder.because(0);
        while (scheduler.runNext(until)) {
            recorder.because(0);
        }
        scheduler.advanceTo(until);
    }

    /** From here on {@link #drops} and {@link #wire} count. */
    void mark() {
        mark = trace.size();
    }

    private <T extends TraceEvent> List<T> events(Class<T> kind) {
        List<T> found = new ArrayList<>();
        TraceStore.Cursor cursor = trace.from(mark + 1);
        while (cursor.hasNext()) {
            TraceEvent event = cursor.next();
            if (kind.isInstance(event)) {
                found.add(kind.cast(event));
            }
        }
        return found;
    }

    List<TraceEvent.Dropped> drops() {
        return events(TraceEvent.Dropped.class);
    }

    List<Reason> dropReasons() {
        return drops().stream().map(TraceEvent.Dropped::reason).toList();
    }

    List<TraceEvent.Decided> decisions(Node node, Reason reason) {
        return events(TraceEvent.Decided.class).stream().filter(event -> event.node().equals(node.name) && event.reason() == reason).toList();
    }

    /** IPv4 packets on a link. */
    List<Ip4Packet> wire4(String link) {
        List<Ip4Packet> packets = new ArrayList<>();
        for (TraceEvent.FrameSent sent : events(TraceEvent.FrameSent.class)) {
            if (sent.link().equals(link) && sent.frame().u16(12) == Ethernet.IP4) {
                try {
                    packets.add(Ip4Packet.parse(sent.frame().from(Ethernet.HEADER)));
                } catch (Malformed e) {
                    throw new AssertionError(e);
                }
            }
        }
        return packets;
    }

    /** IPv6 packets on a link, those of Neighbor Discovery left out. */
    List<Ip6Packet> wire(String link) {
        List<Ip6Packet> packets = new ArrayList<>();
        for (TraceEvent.FrameSent sent : events(TraceEvent.FrameSent.class)) {
            if (sent.link().equals(link) && sent.frame().u16(12) == Ethernet.IP6) {
                try {
                    Ip6Packet packet = Ip6Packet.parse(sent.frame().from(Ethernet.HEADER));
                    if (packet.header().hopLimit() != 255) {
                        packets.add(packet);
                    }
                } catch (Malformed e) {
                    throw new AssertionError(e);
                }
            }
        }
        return packets;
    }

    /** Puts a packet on a link as if a neighbour had sent it to this port. */
    void say(String link, Port to, Octets packet) {
        Port tap = taps.get(link);
        OctetWriter frame = new OctetWriter();
        new Ethernet(to.mac(), tap.mac(), packet.at(0) >>> 4 == 4 ? Ethernet.IP4 : Ethernet.IP6).emit(frame);
        tap.link().transmit(tap, new Frame(recorder.newPacket(), 0, true, frame.octets(packet).toOctets()));
        settle();
    }

    void say(String link, Node to, Octets packet) {
        say(link, to.stack.ports().stream().filter(port -> port.link() == links.get(link)).findFirst().orElseThrow(), packet);
    }

    /** The trace tells of every row of every node, and of no others. */
    void folds() {
        LabState told = new Projection(trace).at(trace.size());
        SortedMap<LabState.Key, State> rows = new TreeMap<>();
        nodes.forEach(node -> node.env.rows((name, row) -> rows.put(LabState.Key.of(name, row), row)));
        links.values().forEach(link -> link.rows(row -> rows.put(LabState.Key.of("", row), row)));
        rows.forEach((key, row) -> assertEquals(Optional.of(row), told.row(key.node(), row.getClass(), key.key()).map(LabState.Row::state), key.toString()));
        assertEquals(LabState.digest(rows), told.digest());
    }
}
