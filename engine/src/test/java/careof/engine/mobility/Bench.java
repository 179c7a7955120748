package careof.engine.mobility;

import careof.engine.base.Ip6Address;
import careof.engine.base.MacAddress;
import careof.engine.base.Malformed;
import careof.engine.base.OctetWriter;
import careof.engine.base.Octets;
import careof.engine.base.Prefix;
import careof.engine.base.VirtualTime;
import careof.engine.net.Frame;
import careof.engine.net.Link;
import careof.engine.net.Port;
import careof.engine.policy.Policy;
import careof.engine.sim.Scheduler;
import careof.engine.stack.IpStack;
import careof.engine.stack.NodeEnv;
import careof.engine.state.AddressEntry;
import careof.engine.state.LinkState;
import careof.engine.state.Route;
import careof.engine.state.State;
import careof.engine.trace.Detail;
import careof.engine.trace.Reason;
import careof.engine.trace.Recorder;
import careof.engine.trace.TraceEvent;
import careof.engine.trace.TraceStore;
import careof.engine.wire.icmp.Icmp6Message;
import careof.engine.wire.icmp.NdOption;
import careof.engine.wire.ip.Ethernet;
import careof.engine.wire.ip.Ip6Header;
import careof.engine.wire.ip.Ip6Packet;
import careof.engine.wire.ip.IpProtocol;
import careof.engine.wire.ip.Udp;
import careof.engine.wire.mobility.MobilityHeader;
import careof.engine.wire.mobility.MobilityMessage;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * One node on one link, and at the other end a puppet: a router to all the world that the test speaks and listens through, octet for
 * octet.
 */
final class Bench {
    static final Ip6Address ROUTER = Ip6Address.parse("fe80::1");
    static final MacAddress ROUTER_MAC = new MacAddress(0x0200_0000_0001L);
    static final long MS = VirtualTime.MILLISECOND;
    static final long S = VirtualTime.SECOND;

    /** What came from the node. */
    record Heard(long at, Ip6Packet ip) {
        MobilityMessage message() {
            return header().message();
        }

        MobilityHeader header() {
            try {
                return MobilityHeader.parse(ip.payload(), ip.originalSource(), ip.finalDestination());
            } catch (Malformed e) {
                throw new AssertionError(e.getMessage() + " in " + ip, e);
            }
        }

        Icmp6Message icmp() {
            try {
                return Icmp6Message.parse(ip.payload(), ip.originalSource(), ip.finalDestination());
            } catch (Malformed e) {
                throw new AssertionError(e.getMessage() + " in " + ip, e);
            }
        }

        /** The packet within a tunnel. */
        Heard inner() {
            try {
                return new Heard(at, Ip6Packet.parse(ip.payload()));
            } catch (Malformed e) {
                throw new AssertionError(e.getMessage() + " in " + ip, e);
            }
        }
    }

    final Scheduler scheduler = new Scheduler();
    final TraceStore trace = new TraceStore(Detail.FULL);
    final Recorder recorder = new Recorder(trace, scheduler);
    final NodeEnv env;
    final IpStack stack;
    final Port port;
    final Link link;
    /** Addresses that the puppet does not answer for. */
    final Set<Ip6Address> silent = new LinkedHashSet<>();
    private final Port puppet;
    private final List<Heard> heard = new ArrayList<>();

    Bench(boolean forwards, long seed) {
        env = new NodeEnv("node", scheduler, recorder, Policy.ALL_ON, seed);
        stack = new IpStack(env, forwards, true);
        link = new Link(new LinkState("link", "", "", MS, 0, 0, false), 1500, 100, seed, scheduler, recorder);
        port = stack.addPort("p1", new MacAddress(0x0200_0000_0901L), false);
        puppet = new Port("puppet", "p1", ROUTER_MAC, true);
        puppet.owner(new Port.Owner() {
            @Override
            public void receive(Port at, Frame frame, Link from) {
                hear(frame);
            }

            @Override
            public void carrier(Port at) {}
        });
        puppet.attach(link, true);
    }

    /** A host or router with this address whose every packet goes to the puppet. */
    static Bench with(boolean forwards, Ip6Address address, long seed) {
        Bench bench = new Bench(forwards, seed);
        bench.stack.autoconfiguration().configure(bench.port, Ip6Address.linkLocal(bench.port.mac().interfaceId()), AddressEntry.Origin.LINK_LOCAL);
        bench.stack.autoconfiguration().configure(bench.port, address, AddressEntry.Origin.FIXED);
        bench.stack.routes().put(new Route(Prefix.ALL, "p1", Optional.of(ROUTER), 0, Route.Origin.STATIC), Reason.CONFIGURED);
        return bench;
    }

    /** A correspondent at this address. */
    static Bench correspondent(Ip6Address address, long seed) {
        Bench bench = with(false, address, seed);
        bench.correspondent = new CorrespondentNode(bench.stack);
        bench.stack.mobility(new MobilityRoles(bench.stack, bench.correspondent, Optional.empty(), Optional.empty()));
        bench.port.attach(bench.link, true);
        bench.run(S);
        return bench;
    }

    CorrespondentNode correspondent;

    private void hear(Frame frame) {
        try {
            Ip6Packet ip = Ip6Packet.parse(frame.octets().from(Ethernet.HEADER));
            // What a router passes on for others need not be right.
            if (ip.protocol() == IpProtocol.ICMP6 && ip.header().hopLimit() == 255) {
                Icmp6Message message = Icmp6Message.parse(ip.payload(), ip.originalSource(), ip.finalDestination());
                if (message instanceof Icmp6Message.NeighbourSolicitation m && !ip.source().isUnspecified() && !silent.contains(m.target())) {
                    NdOption mac = new NdOption.TargetLinkLayer(ROUTER_MAC);
                    say(m.target(), ip.source(), 255, new Icmp6Message.NeighbourAdvertisement(true, true, true, m.target(), List.of(mac)));
                }
            }
            heard.add(new Heard(scheduler.now(), ip));
        } catch (Malformed e) {
            throw new AssertionError("the node sent " + frame.octets() + ": " + e.getMessage(), e);
        }
    }

    /** Any octets as an IPv6 packet to the node. */
    void say(Octets packet) {
        OctetWriter frame = new OctetWriter();
        new Ethernet(port.mac(), ROUTER_MAC, Ethernet.IP6).emit(frame);
        puppet.link().transmit(puppet, new Frame(recorder.newPacket(), 0, true, frame.octets(packet).toOctets()));
    }

    void say(Ip6Packet packet) {
        say(packet.toOctets());
    }

    void say(Ip6Address from, Ip6Address to, int hopLimit, Icmp6Message message) {
        Octets body = message.toOctets(from, to);
        say(new Ip6Packet(new Ip6Header(0, 0, body.length(), IpProtocol.ICMP6, hopLimit, from, to), List.of(), IpProtocol.ICMP6, body));
    }

    void say(Ip6Address from, Ip6Address to, MobilityMessage message) {
        say(Signalling.packet(from, to, message));
    }

    /** With a home address option, from a care-of address. */
    void sayFromAway(Ip6Address home, Ip6Address careOf, Ip6Address to, MobilityHeader header) {
        say(Signalling.extended(Signalling.packet(home, to, header), Optional.of(careOf), Optional.empty()));
    }

    static Ip6Packet udp(Ip6Address from, Ip6Address to) {
        return Ip6Packet.of(from, to, IpProtocol.UDP, new Udp(4000, 4000, Octets.of(1, 2, 3, 4)).toOctets(from, to));
    }

    /** Lets time pass. */
    void run(long nanoseconds) {
        long until = scheduler.now() + nanoseconds;
        while (scheduler.runNext(until)) {
            // each turn runs one task
        }
        scheduler.advanceTo(until);
    }

    /** What came since the last call, without Neighbor Discovery; a little time passes first. */
    List<Heard> heard() {
        run(5 * MS);
        List<Heard> all = heard.stream().filter(h -> h.ip.protocol() != IpProtocol.ICMP6 || !Icmp6Message.isNeighbourDiscovery(h.ip.payload().at(0))).toList();
        heard.clear();
        return all;
    }

    /** All that came since the last call. */
    List<Heard> everything() {
        run(5 * MS);
        List<Heard> all = List.copyOf(heard);
        heard.clear();
        return all;
    }

    /** The one packet that came. */
    Heard one() {
        List<Heard> all = heard();
        if (all.size() != 1) {
            throw new AssertionError("expected one packet, came: " + all);
        }
        return all.getFirst();
    }

    <S extends State> List<S> rows(Class<S> kind) {
        List<S> rows = new ArrayList<>();
        env.rows((_, row) -> {
            if (kind.isInstance(row)) {
                rows.add(kind.cast(row));
            }
        });
        return rows;
    }

    int rowCount() {
        int[] count = {0};
        env.rows((_, _) -> count[0]++);
        return count[0];
    }

    /** The last drop's reason; the node said nothing about it. */
    Reason lastDropAfterSilence() {
        List<Heard> all = heard();
        if (!all.isEmpty()) {
            throw new AssertionError("expected silence, came: " + all);
        }
        return lastDrop();
    }

    /** The last drop's reason. */
    Reason lastDrop() {
        Reason last = null;
        var cursor = trace.from(1);
        while (cursor.hasNext()) {
            if (cursor.next() instanceof TraceEvent.Dropped dropped) {
                last = dropped.reason();
            }
        }
        return last;
    }
}
