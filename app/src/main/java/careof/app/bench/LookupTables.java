package careof.app.bench;

import careof.engine.base.Ip6Address;
import careof.engine.base.Octets;
import careof.engine.base.Prefix;
import careof.engine.crypto.Authentication;
import careof.engine.crypto.Encryption;
import careof.engine.ipsec.Flow;
import careof.engine.ipsec.PfKey;
import careof.engine.ipsec.SaMessages;
import careof.engine.ipsec.Sad;
import careof.engine.ipsec.Spd;
import careof.engine.ipsec.SpdMessages;
import careof.engine.policy.Policy;
import careof.engine.sim.Scheduler;
import careof.engine.stack.NodeEnv;
import careof.engine.state.AddressRange;
import careof.engine.state.Sa;
import careof.engine.state.Selector;
import careof.engine.state.SpdEntry;
import careof.engine.trace.Detail;
import careof.engine.trace.Recorder;
import careof.engine.trace.TraceStore;
import careof.engine.wire.pfkey.PfKeyMessage;
import java.util.List;
import java.util.Optional;

/**
 * A node with as many outbound security policies and as many SAs as asked for, each set by PF_KEY. Policies are for single hosts, prefixes of
 * 64 bits, single UDP ports and ranges of ports in turn, and one last catches all.
 */
public final class LookupTables {
    /** Packets in turn, more than a node remembers flows. */
    private static final int FLOWS = 1 << 15;
    /**
     * Hosts that packets go to, spread over the whole tables: what is talked to at a time. With all of a large table in turn, each packet would measure
     * how slow memory is that no cache of the processor holds, rather than how many steps a lookup takes.
     */
    private static final int HOSTS = 256;
    private static final Ip6Address HERE = Ip6Address.parse("2001:db8::1");
    private static final long NET = 0x20010db8_00010000L;

    private final Spd spd;
    private final Sad sad;
    private final int size;
    private final Flow[] flows = new Flow[FLOWS];
    private final SpdEntry.Template[] templates = new SpdEntry.Template[FLOWS];
    private final Flow[] between = new Flow[FLOWS];
    private int next;

    /** @param size of each table, at least 2 */
    public LookupTables(int size) {
        this.size = size;
        Scheduler scheduler = new Scheduler();
        NodeEnv env = new NodeEnv("node", scheduler, new Recorder(new TraceStore(Detail.SUMMARY), scheduler), Policy.ALL_ON, 1);
        spd = new Spd(env);
        sad = new Sad(env);
        PfKey.Socket socket = new PfKey(env, spd, sad, false).open();
        for (int i = 0; i < size; i++) {
            good(socket.request(SpdMessages.add(entry(i))));
            good(socket.request(SaMessages.add(sa(i))));
        }
        for (int i = 0; i < FLOWS; i++) {
            int one = Math.floorMod(i % HOSTS * 0x9e3779b1, size);
            flows[i] = new Flow(HERE, new Ip6Address(NET + one, 5), 17, 1024 + i % 50_000, port(one));
            templates[i] = new SpdEntry.Template(Sa.Protocol.ESP, Sa.Mode.TRANSPORT, Ip6Address.ANY, Ip6Address.ANY, SpdEntry.Level.REQUIRE, 0);
            between[i] = new Flow(HERE, new Ip6Address(NET + one, 5), 17, 1024 + i % 50_000, 53);
        }
    }

    private static void good(PfKeyMessage answer) {
        if (answer.errno() != 0) {
            throw new IllegalStateException(answer.toString());
        }
    }

    private static int port(int i) {
        return 1 + i % 60_000;
    }

    private SpdEntry entry(int i) {
        Ip6Address there = new Ip6Address(NET + i, 5);
        AddressRange from = AddressRange.of(HERE);
        Selector.Ports any = Selector.Ports.ANY;
        Selector selector = i == size - 1 ? Selector.between(AddressRange.ALL_IP6, AddressRange.ALL_IP6) : switch (i % 4) {
            case 0 -> Selector.between(from, AddressRange.of(there));
            case 1 -> Selector.between(from, AddressRange.of(new Prefix(there, 64)));
            case 2 -> new Selector(from, AddressRange.of(there), 17, any, Selector.Ports.of(port(i)));
            default -> new Selector(from, AddressRange.of(there), 17, any, new Selector.Ports(port(i), port(i) + 100));
        };
        return new SpdEntry(0, i == size - 1 ? 2000 : 1000, SpdEntry.Direction.OUT, "", selector, SpdEntry.Action.BYPASS, List.of());
    }

    private static Sa sa(int i) {
        Ip6Address there = new Ip6Address(NET + i, 5);
        return new Sa(0, 0x1000 + i, Sa.Protocol.ESP, Sa.Mode.TRANSPORT, HERE, there, Selector.between(AddressRange.of(HERE), AddressRange.of(there)),
                Encryption.NULL, Octets.EMPTY, Authentication.HMAC_SHA1_96, Octets.zeros(20), false, 32, 0, Sa.Lifetimes.NONE, Sa.UdpPorts.NONE,
                Sa.Phase.MATURE, 0);
    }

    private int turn() {
        next = next + 1 & FLOWS - 1;
        return next;
    }

    /** The policy for a packet whose flow is not remembered. */
    public Optional<SpdEntry> policyOfNewFlow() {
        return spd.lookup(SpdEntry.Direction.OUT, Optional.empty(), flows[turn()]);
    }

    /** The policy for a packet whose flow is remembered. */
    public Optional<SpdEntry> policyOfKnownFlow() {
        return spd.lookup(SpdEntry.Direction.OUT, Optional.empty(), flows[turn() & 15]);
    }

    /** The SA that a packet names which came. */
    public Optional<Sa> inbound() {
        Flow flow = flows[turn()];
        return sad.inbound(Sa.Protocol.ESP, 0x1000 + ((Ip6Address) flow.destination()).high() - NET, flow.destination());
    }

    /** The SA for a packet that leaves, whose flow is not remembered. */
    public Optional<Sa> outbound() {
        int i = turn();
        return sad.outbound(templates[i], between[i]);
    }
}
