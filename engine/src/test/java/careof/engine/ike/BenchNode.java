package careof.engine.ike;

import static org.junit.jupiter.api.Assertions.assertEquals;

import careof.engine.base.Ip4Address;
import careof.engine.base.Ip4Prefix;
import careof.engine.base.Ip6Address;
import careof.engine.base.MacAddress;
import careof.engine.base.Octets;
import careof.engine.base.Prefix;
import careof.engine.ipsec.Ipsec;
import careof.engine.ipsec.PfKey;
import careof.engine.ipsec.Sad;
import careof.engine.ipsec.Spd;
import careof.engine.ipsec.SpdMessages;
import careof.engine.net.Link;
import careof.engine.net.Port;
import careof.engine.stack.IpStack;
import careof.engine.stack.NodeEnv;
import careof.engine.state.AddressEntry;
import careof.engine.state.IkeChild;
import careof.engine.state.IkeExchange;
import careof.engine.state.IkeSa;
import careof.engine.state.Ip4AddressEntry;
import careof.engine.state.Route;
import careof.engine.state.Sa;
import careof.engine.state.State;
import careof.engine.trace.Reason;
import careof.engine.trace.TraceEvent;
import careof.engine.trace.TraceStore;
import careof.engine.wire.ip.Ip4Packet;
import careof.engine.wire.ip.Ip6Packet;
import careof.engine.wire.ip.IpProtocol;
import careof.engine.wire.ip.Udp;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** One end of an {@link IkeBench}: a node with IPsec, key management, and a UDP port that counts what comes under protection. */
final class BenchNode {
    final String name;
    final Side side;
    final NodeEnv env;
    final Ike ike;
    final PfKey.Socket door;
    private final IkeBench bench;
    private final IpStack stack;
    private final Port port;
    private long mark;
    private int heard;

    BenchNode(IkeBench bench, Side side, Link link, long seed, int mac) {
        this.bench = bench;
        this.side = side;
        this.name = side.name;
        this.env = new NodeEnv(name, bench.scheduler, bench.recorder, side.policy, seed);
        this.stack = new IpStack(env, false, false);
        Spd spd = new Spd(env);
        Sad sad = new Sad(env);
        PfKey pfKey = new PfKey(env, spd, sad, false);
        stack.ipsec(new Ipsec(stack, spd, sad, pfKey));
        this.door = pfKey.open();
        this.port = stack.addPort("p1", new MacAddress(0x0200_0000_0000L | mac), false);
        stack.autoconfiguration().configure(port, Ip6Address.linkLocal(port.mac().interfaceId()), AddressEntry.Origin.LINK_LOCAL);
        Ip6Address six = (Ip6Address) (name.equals(IkeBench.LEFT) ? IkeBench.LEFT_IP : IkeBench.RIGHT_IP);
        stack.autoconfiguration().configure(port, six, AddressEntry.Origin.FIXED);
        stack.routes().put(new Route(new Prefix(six, 64), "p1", Optional.empty(), 0, Route.Origin.CONNECTED), Reason.CONFIGURED);
        Ip4Address four = (Ip4Address) (name.equals(IkeBench.LEFT) ? IkeBench.LEFT_IP4 : IkeBench.RIGHT_IP4);
        stack.addresses4().put(new Ip4AddressEntry("p1", four, new Ip4Prefix(four, 24), Ip4AddressEntry.Origin.FIXED), Reason.CONFIGURED);
        stack.routes().put(new Route(new Ip4Prefix(four, 24), "p1", Optional.empty(), 0, Route.Origin.CONNECTED), Reason.CONFIGURED);
        port.attach(link, true);
        side.policies().forEach(entry -> assertEquals(0, door.request(SpdMessages.add(entry)).errno()));
        for (int i = 0; i < side.protections; i++) {
            stack.upper().listen(Side.TRAFFIC + i, (packet, _) -> heard += packet.sas().isEmpty() ? 0 : 1);
        }
        this.ike = new Ike(stack, pfKey, side.settings());
        ike.start();
    }

    MacAddress mac() {
        return port.mac();
    }

    // What it does

    /** Makes the SA pair of the first protection. */
    void order() {
        order(0);
    }

    /** Makes the SA pair of a protection. */
    void order(int protection) {
        ike.demands().start(side.peer, List.of(Side.REQUEST + protection), Optional.empty(), Optional.empty());
    }

    void rekey() {
        ike.demands().rekey(List.of(Side.REQUEST));
    }

    /** Sends one packet of a protection. */
    void say(int protection) {
        int port = Side.TRAFFIC + protection;
        boolean left = name.equals(IkeBench.LEFT);
        // Both ends listen on the protection's port; the left one's selector has any port on its own side.
        Udp udp = new Udp(port, port, Octets.zeros(left ? 20 : 30));
        switch (side.address) {
            case Ip6Address from -> stack.output().send(Ip6Packet.of(from, (Ip6Address) side.peerAddress, IpProtocol.UDP, udp.toOctets(from, side.peerAddress)), 0, true);
            case Ip4Address from -> stack.output4().send(Ip4Packet.of(from, (Ip4Address) side.peerAddress, IpProtocol.UDP, udp.toOctets(from, side.peerAddress)), 0, true);
        }
    }

    /** Packets that came under protection. */
    int heard() {
        return heard;
    }

    void forget() {
        heard = 0;
    }

    // What it holds

    /** A phase one with its secrets, by the id of its row. */
    IsakmpSa secrets(int id) {
        return ike.phaseOnes().table().find(id).orElseThrow();
    }

    <S extends State> List<S> all(Class<S> kind) {
        List<S> all = new ArrayList<>();
        env.rows((_, row) -> {
            if (kind.isInstance(row)) {
                all.add(kind.cast(row));
            }
        });
        return all;
    }

    List<IkeSa> phaseOnes() {
        return all(IkeSa.class);
    }

    /** The newest phase one. */
    IkeSa phaseOne() {
        return phaseOnes().getLast();
    }

    /** Where the newest phase one stands, "MM3 sent"; empty: there is none. */
    String step() {
        return phaseOnes().isEmpty() ? "" : phaseOne().step();
    }

    /** Where the newest quick mode stands. */
    String quickStep() {
        return all(IkeExchange.class).isEmpty() ? "" : all(IkeExchange.class).getLast().step();
    }

    boolean isEstablished() {
        return phaseOnes().stream().anyMatch(sa -> sa.phase() == IkeSa.Phase.ESTABLISHED);
    }

    /** Phase ones that are not established. */
    long halfOpen() {
        return phaseOnes().stream().filter(sa -> sa.phase() == IkeSa.Phase.NEGOTIATING).count();
    }

    List<IkeChild> children() {
        return all(IkeChild.class);
    }

    /** SAs that have keys. */
    List<Sa> sas() {
        return all(Sa.class).stream().filter(sa -> sa.phase() != Sa.Phase.LARVAL).toList();
    }

    /** What of those SAs must be the same at both ends. */
    List<String> keyed() {
        return sas().stream().map(sa -> "%s %08x %s %s %s %s %s %s %s %s".formatted(sa.protocol(), sa.spi(), sa.mode(), sa.source(), sa.destination(), sa.selector(),
                sa.encryption(), sa.encryptionKey().toHex(), sa.authenticationKey().toHex(), sa.extendedSequence())).sorted().toList();
    }

    // What it said

    /** From here on, drops and decisions count. */
    void mark() {
        mark = bench.trace.size();
    }

    List<Reason> drops() {
        List<Reason> reasons = new ArrayList<>();
        each(event -> {
            if (event instanceof TraceEvent.Dropped dropped) {
                reasons.add(dropped.reason());
            }
        });
        return reasons;
    }

    List<Reason> decisions() {
        List<Reason> reasons = new ArrayList<>();
        each(event -> {
            if (event instanceof TraceEvent.Decided decided) {
                reasons.add(decided.reason());
            }
        });
        return reasons;
    }

    /** Why rows changed. */
    List<Reason> changes() {
        List<Reason> reasons = new ArrayList<>();
        each(event -> {
            if (event instanceof TraceEvent.Changed changed) {
                reasons.add(changed.reason());
            }
        });
        return reasons;
    }

    private void each(java.util.function.Consumer<TraceEvent> what) {
        TraceStore.Cursor cursor = bench.trace.from(mark + 1);
        while (cursor.hasNext()) {
            TraceEvent event = cursor.next();
            if (event.node().equals(name)) {
                what.accept(event);
            }
        }
    }
}
