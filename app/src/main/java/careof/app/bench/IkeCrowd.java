package careof.app.bench;

import careof.engine.base.Ip6Address;
import careof.engine.base.MacAddress;
import careof.engine.base.Octets;
import careof.engine.base.Prefix;
import careof.engine.base.VirtualTime;
import careof.engine.crypto.Authentication;
import careof.engine.crypto.DhGroup;
import careof.engine.crypto.Encryption;
import careof.engine.crypto.IkeCipher;
import careof.engine.crypto.IkeHash;
import careof.engine.ike.ChildSettings;
import careof.engine.ike.Ike;
import careof.engine.ike.IkePeer;
import careof.engine.ike.IkeSettings;
import careof.engine.ike.IkeSuite;
import careof.engine.ipsec.Ipsec;
import careof.engine.ipsec.PfKey;
import careof.engine.ipsec.Sad;
import careof.engine.ipsec.Spd;
import careof.engine.ipsec.SpdMessages;
import careof.engine.net.Link;
import careof.engine.net.Port;
import careof.engine.policy.Policy;
import careof.engine.sim.Scheduler;
import careof.engine.stack.IpStack;
import careof.engine.stack.NodeEnv;
import careof.engine.state.AddressEntry;
import careof.engine.state.AddressRange;
import careof.engine.state.IkeSa;
import careof.engine.state.LinkState;
import careof.engine.state.Route;
import careof.engine.state.Sa;
import careof.engine.state.Selector;
import careof.engine.state.SpdEntry;
import careof.engine.trace.Detail;
import careof.engine.trace.Reason;
import careof.engine.trace.Recorder;
import careof.engine.trace.TraceStore;
import careof.engine.wire.isakmp.Identification;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A home agent and a crowd of peers that come one after the other, each with a phase one and an SA pair, and leave nothing of their own behind: what
 * stays is the home agent's state for them. Pre-shared keys in the smallest group, so that thousands do not take an hour; the state is the same for all.
 */
public final class IkeCrowd {
    private static final Prefix LINK = Prefix.parse("2001:db8:1::/64");
    private static final Ip6Address AGENT = Ip6Address.parse("2001:db8:1::1");
    private static final long FIRST_REQUEST = 8;
    private static final long DELAY = VirtualTime.MILLISECOND;
    private static final long PATIENCE = 3 * VirtualTime.SECOND;
    /** From one peer to the next: a neighbour cache holds no more than a thousand that were reachable within the last 45 seconds. */
    private static final long GAP = 60 * VirtualTime.MILLISECOND;

    private final Scheduler scheduler = new Scheduler();
    private final TraceStore trace = new TraceStore(Detail.SUMMARY);
    private final Recorder recorder = new Recorder(trace, scheduler);
    private final Link link = new Link(new LinkState("wire", "", "", DELAY, 0, 0, false), 1500, 1000, 1, scheduler, recorder);
    private final Node agent;
    private int peers;

    /** A node with IPsec and key management. */
    private final class Node {
        private final IpStack stack;
        private final Sad sad;
        private final Port port;
        private final Ike ike;

        Node(String name, Scheduler timers, long mac, Ip6Address address, List<SpdEntry> policy, IkeSettings settings) {
            NodeEnv env = new NodeEnv(name, timers, recorder, Policy.ALL_ON, 1);
            stack = new IpStack(env, false, true);
            port = stack.addPort("p1", new MacAddress(mac), false);
            stack.autoconfiguration().configure(port, Ip6Address.linkLocal(port.mac().interfaceId()), AddressEntry.Origin.LINK_LOCAL);
            stack.autoconfiguration().configure(port, address, AddressEntry.Origin.FIXED);
            stack.routes().put(new Route(LINK, "p1", Optional.empty(), 0, Route.Origin.CONNECTED), Reason.CONFIGURED);
            Spd spd = new Spd(env);
            sad = new Sad(env);
            PfKey pfKey = new PfKey(env, spd, sad, false);
            stack.ipsec(new Ipsec(stack, spd, sad, pfKey));
            PfKey.Socket keys = pfKey.open();
            policy.forEach(entry -> keys.request(SpdMessages.add(entry)));
            ike = new Ike(stack, pfKey, settings);
            ike.start();
            port.attach(link, true);
        }
    }

    /** @param peers how many may come */
    public IkeCrowd(int peers) {
        List<SpdEntry> policy = new ArrayList<>();
        List<IkePeer> known = new ArrayList<>();
        List<ChildSettings> children = new ArrayList<>();
        for (int i = 0; i < peers; i++) {
            policy.addAll(policy(AGENT, address(i), request(i)));
            known.add(peer("peer " + i, address(i)));
            children.add(child("peer " + i, request(i)));
        }
        agent = new Node("agent", scheduler, 0x0200_0000_0001L, AGENT, policy, settings(AGENT, known, children));
    }

    private static Ip6Address address(int i) {
        return new Ip6Address(AGENT.high(), 0x1_0000L + i);
    }

    private static long request(int i) {
        return FIRST_REQUEST + i;
    }

    private static IkeSettings settings(Ip6Address own, List<IkePeer> peers, List<ChildSettings> children) {
        return new IkeSettings(Instant.EPOCH, Optional.empty(), Optional.of(own), Optional.empty(), Optional.empty(), Optional.empty(), List.of(), List.of(), peers, children);
    }

    private static IkePeer peer(String name, Ip6Address address) {
        return new IkePeer(name, Optional.of(address), false, List.of(Identification.of(address)), IkeSa.Method.PRE_SHARED_KEY, Octets.of(1, 2, 3, 4), IkeSa.Exchange.MAIN,
                new IkeSuite(IkeCipher.AES_CBC, 16, IkeHash.SHA1, DhGroup.MODP_768), 0, Optional.empty(), IkePeer.Addresses.BY_POLICY, false, List.of(AddressRange.of(address)),
                false, IkePeer.ChildIdentity.SELECTORS, 0, true);
    }

    private static ChildSettings child(String peer, long request) {
        return new ChildSettings(request, peer, Sa.Protocol.ESP, Sa.Mode.TRANSPORT, Encryption.AES_CBC, 16, Authentication.HMAC_SHA1_96, false, 64, Sa.Lifetimes.NONE, Sa.Hiding.NONE);
    }

    private static List<SpdEntry> policy(Ip6Address here, Ip6Address there, long request) {
        Selector out = new Selector(AddressRange.of(here), AddressRange.of(there), 135, Selector.Ports.ANY, Selector.Ports.ANY);
        SpdEntry.Template template = new SpdEntry.Template(Sa.Protocol.ESP, Sa.Mode.TRANSPORT, here, there, SpdEntry.Level.UNIQUE, request);
        return List.of(new SpdEntry(0, 40, SpdEntry.Direction.OUT, "", out, SpdEntry.Action.PROTECT, List.of(template)),
                new SpdEntry(0, 40, SpdEntry.Direction.IN, "", out.reversed(), SpdEntry.Action.PROTECT, List.of(template)));
    }

    /** The next peer comes, and has its SA pair when this is over. */
    public void come() {
        int before = agent.sad.size();
        Node peer = peer(scheduler);
        peer.ike.demands().start("agent", List.of(request(peers)), Optional.empty(), Optional.empty());
        long limit = scheduler.now() + PATIENCE;
        while (agent.sad.size() < before + 2 && scheduler.runNext(limit)) {
            // each turn runs one task
        }
        peer.port.attach(null, false);
        if (agent.sad.size() < before + 2) {
            throw new IllegalStateException("peer " + peers + " got no SA pair");
        }
        peers++;
        pass(GAP);
    }

    /** The next peer says that it would like to have a phase one, and is not heard of again: it has timers of its own, which go with it. */
    public void knock() {
        Scheduler own = new Scheduler();
        own.advanceTo(scheduler.now());
        Node peer = peer(own);
        peer.ike.demands().start("agent", List.of(), Optional.empty(), Optional.empty());
        while (own.runNext(own.now())) {
            // what is to be done at once
        }
        pass(3 * DELAY + DELAY / 2);    // a solicitation, its answer and the first message are there, the answer to that is on its way
        peer.port.attach(null, false);
        peers++;
        pass(GAP);
    }

    /** Lets all that is but remembered for a while be forgotten. */
    public void settle() {
        pass(60 * VirtualTime.SECOND);
    }

    private void pass(long time) {
        long limit = scheduler.now() + time;
        while (scheduler.runNext(limit)) {
            // each turn runs one task
        }
        scheduler.advanceTo(limit);
    }

    private Node peer(Scheduler timers) {
        Ip6Address address = address(peers);
        return new Node("peer", timers, 0x0200_0001_0000L + peers, address, policy(address, AGENT, request(peers)),
                settings(address, List.of(peer("agent", AGENT)), List.of(child("agent", request(peers)))));
    }

    /** Octets of the trace. */
    public long traceOctets() {
        return trace.octets();
    }

    /** Phase ones of the home agent, authenticated or not yet. */
    public int phaseOnes() {
        int[] found = {0};
        agent.stack.env().rows((_, row) -> found[0] += row instanceof IkeSa ? 1 : 0);
        return found[0];
    }

    /** SAs of the home agent. */
    public int associations() {
        return agent.sad.size();
    }
}
