package careof.engine.stack;

import careof.engine.base.Ip6Address;
import careof.engine.base.MacAddress;
import careof.engine.base.Malformed;
import careof.engine.base.Octets;
import careof.engine.base.Prefix;
import careof.engine.base.VirtualTime;
import careof.engine.net.Frame;
import careof.engine.net.Link;
import careof.engine.net.Port;
import careof.engine.policy.Policy;
import careof.engine.sim.Scheduler;
import careof.engine.state.AddressEntry;
import careof.engine.state.LinkState;
import careof.engine.state.Neighbour;
import careof.engine.state.Route;
import careof.engine.trace.Detail;
import careof.engine.trace.Reason;
import careof.engine.trace.Recorder;
import careof.engine.trace.TraceEvent;
import careof.engine.trace.TraceStore;
import careof.engine.wire.icmp.Icmp6Message;
import careof.engine.wire.ip.Ethernet;
import careof.engine.wire.ip.Ip6Header;
import careof.engine.wire.ip.Ip6Packet;
import careof.engine.wire.ip.IpProtocol;
import careof.engine.wire.ip.Udp;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Stacks, links and a clock on a bench; {@link Probe}s hear every frame of a link and say whatever a test wants said. */
final class StackKit {
    static final long SECOND = VirtualTime.SECOND;
    static final long MILLISECOND = VirtualTime.MILLISECOND;
    private static final long SEED = 7;

    final Scheduler scheduler = new Scheduler();
    final TraceStore trace = new TraceStore(Detail.FULL);
    final Recorder recorder = new Recorder(trace, scheduler);
    private final Map<String, Link> links = new LinkedHashMap<>();
    private long mark;

    static Ip6Address ip(String text) {
        return Ip6Address.parse(text);
    }

    static MacAddress mac(int number) {
        return new MacAddress(0x0200_0000_0000L | number);
    }

    static Ip6Address linkLocal(int mac) {
        return Ip6Address.linkLocal(mac(mac).interfaceId());
    }

    /** A link without delay, made at its first mention. */
    Link link(String name) {
        return link(name, 1500);
    }

    Link link(String name, int mtu) {
        return links.computeIfAbsent(name, n -> new Link(new LinkState(n, "", "", 0, 0, 0, false), mtu, 100, SEED, scheduler, recorder));
    }

    NodeEnv env(String name) {
        return new NodeEnv(name, scheduler, recorder, Policy.ALL_ON, SEED);
    }

    /** A host whose one port has a link-local address that needs no detection. */
    IpStack host(String name, String link, int mac) {
        IpStack stack = new IpStack(env(name), false, false);
        plug(stack, "p1", link, mac);
        return stack;
    }

    IpStack router(String name) {
        return new IpStack(env(name), true, false);
    }

    /** A port with a link-local address, attached. */
    Port plug(IpStack stack, String name, String link, int mac) {
        Port port = stack.addPort(name, mac(mac), false);
        stack.autoconfiguration().configure(port, linkLocal(mac), AddressEntry.Origin.LINK_LOCAL);
        port.attach(link(link), true);
        return port;
    }

    /** A fixed address, and the route to its neighbours. */
    static void own(IpStack stack, String port, String address) {
        Ip6Address ip = ip(address);
        stack.autoconfiguration().configure(stack.port(port), ip, AddressEntry.Origin.FIXED);
        stack.routes().put(new Route(new Prefix(ip, 64), port, Optional.empty(), 0, Route.Origin.CONNECTED), Reason.CONFIGURED);
    }

    static void route(IpStack stack, String prefix, String port, Ip6Address via) {
        stack.routes().put(new Route(Prefix.parse(prefix), port, Optional.of(via), 1, Route.Origin.STATIC), Reason.CONFIGURED);
    }

    /** Lets everything happen up to a time, inclusive. */
    void until(long time) {
        recorder.because(0);
        while (scheduler.runNext(time)) {
            recorder.because(0);
        }
        scheduler.advanceTo(time);
    }

    /** Lets a little time go by: enough for links without delay. */
    void settle() {
        until(scheduler.now() + MILLISECOND);
    }

    static Ip6Packet udp(Ip6Address from, Ip6Address to, int port, int octets) {
        return Ip6Packet.of(from, to, IpProtocol.UDP, new Udp(4444, port, Octets.zeros(octets)).toOctets(from, to));
    }

    static Ip6Packet ping(Ip6Address from, Ip6Address to, int octets) {
        return icmp(from, to, 64, new Icmp6Message.EchoRequest(1, 1, Octets.zeros(octets)));
    }

    static Ip6Packet icmp(Ip6Address from, Ip6Address to, int hops, Icmp6Message message) {
        Octets body = message.toOctets(from, to);
        return new Ip6Packet(new Ip6Header(0, 0, body.length(), IpProtocol.ICMP6, hops, from, to), List.of(), IpProtocol.ICMP6, body);
    }

    /** Forgets the drops of setting up. */
    void mark() {
        mark = trace.size();
    }

    /** Drops since the mark. */
    List<TraceEvent.Dropped> drops() {
        List<TraceEvent.Dropped> drops = new ArrayList<>();
        TraceStore.Cursor cursor = trace.from(mark + 1);
        while (cursor.hasNext()) {
            if (cursor.next() instanceof TraceEvent.Dropped drop) {
                drops.add(drop);
            }
        }
        return drops;
    }

    List<Reason> dropReasons() {
        return drops().stream().map(TraceEvent.Dropped::reason).toList();
    }

    long drops(Reason reason) {
        return drops().stream().filter(drop -> drop.reason() == reason).count();
    }

    /** Decisions for one reason so far. */
    long decisions(Reason reason) {
        long count = 0;
        TraceStore.Cursor cursor = trace.from(1);
        while (cursor.hasNext()) {
            count += cursor.next() instanceof TraceEvent.Decided decided && decided.reason() == reason ? 1 : 0;
        }
        return count;
    }

    static Optional<Neighbour.Reachability> reachability(IpStack stack, Ip6Address neighbour) {
        return stack.neighbours().get(stack.ports().getFirst(), neighbour).map(Neighbour::reachability);
    }

    /** What a probe heard. */
    record Heard(long at, Octets frame) {
        Ip6Packet packet() {
            try {
                return Ip6Packet.parse(frame.from(Ethernet.HEADER));
            } catch (Malformed e) {
                throw new AssertionError(e);
            }
        }

        Optional<Icmp6Message> icmp() {
            Ip6Packet packet = packet();
            if (packet.protocol() != IpProtocol.ICMP6 || packet.fragment().isPresent()) {
                return Optional.empty();
            }
            try {
                return Optional.of(Icmp6Message.parse(packet.payload(), packet.source(), packet.finalDestination()));
            } catch (Malformed e) {
                throw new AssertionError(e);
            }
        }

        MacAddress to() {
            return new MacAddress((long) frame.u16(0) << 32 | (long) frame.u16(2) << 16 | frame.u16(4));
        }
    }

    /** A message that a probe heard. */
    record Said<T>(long at, Ip6Packet packet, T message, MacAddress to) {}

    /** A port that takes every frame of its link and answers none. */
    final class Probe {
        final List<Heard> heard = new ArrayList<>();
        final MacAddress mac;
        final Port port;

        Probe(String link, int number) {
            mac = mac(number);
            port = new Port("probe" + number, "p", mac, true);
            port.owner(new Port.Owner() {
                @Override
                public void receive(Port at, Frame frame, Link from) {
                    heard.add(new Heard(scheduler.now(), frame.octets()));
                }

                @Override
                public void carrier(Port at) {
                    // has no state
                }
            });
            port.attach(link(link), true);
        }

        Ip6Address linkLocal() {
            return Ip6Address.linkLocal(mac.interfaceId());
        }

        void send(Octets frame) {
            port.link().transmit(port, new Frame(recorder.newPacket(), 0, true, frame));
        }

        void send(MacAddress to, Ip6Packet packet) {
            send(to, packet.toOctets());
        }

        void send(MacAddress to, Octets packet) {
            send(Octets.wrap(frame(to, mac, packet)));
        }

        /** Says something, and lets it take effect. */
        void say(MacAddress to, Ip6Address source, Ip6Address destination, Icmp6Message message) {
            send(to, icmp(source, destination, 255, message));
            settle();
        }

        List<Ip6Packet> packets() {
            return heard.stream().map(Heard::packet).toList();
        }

        <T extends Icmp6Message> List<Said<T>> said(Class<T> kind) {
            List<Said<T>> said = new ArrayList<>();
            for (Heard one : heard) {
                one.icmp().filter(kind::isInstance).ifPresent(message -> said.add(new Said<>(one.at(), one.packet(), kind.cast(message), one.to())));
            }
            return said;
        }

        void forget() {
            heard.clear();
        }
    }

    static byte[] frame(MacAddress to, MacAddress from, Octets packet) {
        byte[] frame = new byte[Ethernet.HEADER + packet.length()];
        for (int i = 0; i < 6; i++) {
            frame[i] = (byte) (to.bits() >>> 40 - 8 * i);
            frame[6 + i] = (byte) (from.bits() >>> 40 - 8 * i);
        }
        frame[12] = (byte) (Ethernet.IP6 >> 8);
        frame[13] = (byte) Ethernet.IP6;
        packet.copyTo(frame, Ethernet.HEADER);
        return frame;
    }
}
