package careof.engine.ike;

import careof.engine.base.Ip4Address;
import careof.engine.base.Ip6Address;
import careof.engine.base.IpAddress;
import careof.engine.base.Malformed;
import careof.engine.base.Octets;
import careof.engine.base.VirtualTime;
import careof.engine.ipsec.PfKey;
import careof.engine.stack.Arrived;
import careof.engine.stack.IpStack;
import careof.engine.stack.NodeEnv;
import careof.engine.stack.Table;
import careof.engine.state.IkeChild;
import careof.engine.state.IkeExchange;
import careof.engine.state.IkeSa;
import careof.engine.trace.Reason;
import careof.engine.wire.ip.Ip4Packet;
import careof.engine.wire.ip.Ip6Packet;
import careof.engine.wire.ip.IpProtocol;
import careof.engine.wire.ip.Udp;
import careof.engine.wire.isakmp.IsakmpHeader;
import careof.engine.wire.isakmp.IsakmpMessage;
import careof.engine.wire.isakmp.Payload;
import java.security.MessageDigest;
import java.util.Optional;

/**
 * A node's key management daemon: IKE version 1 on UDP port 500. Messages come in here and go to their exchange; ACQUIRE and EXPIRE of PF_KEY come in by
 * {@link Demands}. Nothing but an authenticated message changes what is established: see {@link PhaseOnes}.
 */
public final class Ike {
    /** UDP port of both ends. */
    public static final int PORT = IsakmpHeader.PORT;
    /** What is over is remembered for so long, since its last message may be wanted once more; nanoseconds. */
    static final long LINGER = 20 * VirtualTime.SECOND;
    /** Quick modes at a time under one phase one. */
    private static final int MOST_QUICK_MODES = 64;
    /** Message ids that a phase one remembers; after that it ends, and another one begins when it is needed. */
    static final int MOST_MESSAGE_IDS = 1 << 16;

    private final IpStack stack;
    private final NodeEnv env;
    private final IkeSettings settings;
    private final Table<String, IkeExchange> exchanges;
    private final OwnCredentials credentials;
    private final Directory directory;
    private final PeerAuthorization authorization;
    private final Policies policies = new Policies();
    private final Fragments fragments;
    private final Children children;
    private final Informational informational;
    private final PhaseOnes phaseOnes;
    private final Demands demands;
    private final PfKey.Socket socket;

    /** A daemon that listens; {@link #start} lets it begin. */
    public Ike(IpStack stack, PfKey pfKey, IkeSettings settings) {
        this.stack = stack;
        this.env = stack.env();
        this.settings = settings;
        this.phaseOnes = new PhaseOnes(this);
        this.exchanges = env.table();
        this.credentials = new OwnCredentials(env, settings);
        this.directory = new Directory(settings);
        this.authorization = new PeerAuthorization(env, settings, directory);
        this.children = new Children(env);
        this.fragments = new Fragments(env);
        this.informational = new Informational(this);
        this.demands = new Demands(this);
        this.socket = pfKey.open(demands::heard);
        children.open(socket);
        stack.upper().listen(PORT, this::datagram);
    }

    /** Reads the security policy and asks to be told what SAs are missing; once, after the policy is set. */
    public void start() {
        policies.read(socket);
        demands.register();
    }

    /** What users and mobility want of it. */
    public Demands demands() {
        return demands;
    }

    NodeEnv env() {
        return env;
    }

    IkeSettings settings() {
        return settings;
    }

    Directory directory() {
        return directory;
    }

    PfKey.Socket socket() {
        return socket;
    }

    Policies policies() {
        return policies;
    }

    Children children() {
        return children;
    }

    Fragments fragments() {
        return fragments;
    }

    Informational informational() {
        return informational;
    }

    PhaseOnes phaseOnes() {
        return phaseOnes;
    }

    OwnCredentials credentials() {
        return credentials;
    }

    PeerAuthorization authorization() {
        return authorization;
    }

    /** Whether two secrets are the same, in a time that does not tell where they differ. */
    static boolean same(Octets one, Octets other) {
        return MessageDigest.isEqual(one.toArray(), other.toArray());
    }

    // Messages that come

    private void datagram(Arrived in, Udp datagram) {
        if (isGroup(in.destination())) {
            env.dropped(in.packet(), Reason.IKE_UNEXPECTED, "a message", "it is for many: " + in.destination());
            return;
        }
        try {
            message(in, datagram.sourcePort(), IsakmpMessage.parse(datagram.data()), false);
        } catch (Malformed e) {
            env.dropped(in.packet(), Reason.IKE_MALFORMED, e.getMessage(), Integer.toString(e.at()));
        }
    }

    /** What is for many has no one end to answer from. */
    private boolean isGroup(IpAddress destination) {
        return switch (destination) {
            case Ip6Address address -> address.isMulticast();
            case Ip4Address address -> !stack.isOwn(address);    // broadcasts of a subnet look like any other address
        };
    }

    private void message(Arrived in, int port, IsakmpMessage message, boolean whole) throws Malformed {
        IsakmpHeader header = message.header();
        if (header.initiatorCookie() == 0) {
            throw new Malformed("the initiator's cookie is 0", 0);
        }
        if (header.nextPayload() == Payload.FRAGMENT && !message.isEncrypted() && !whole) {
            fragment(in, port, message);
            return;
        }
        switch (header.exchange()) {
            case IsakmpHeader.IDENTITY_PROTECTION, IsakmpHeader.AGGRESSIVE -> phaseOne(in, port, message);
            case IsakmpHeader.QUICK_MODE -> quickMode(in, port, message);
            case IsakmpHeader.INFORMATIONAL -> {
                if (message.isEncrypted()) {
                    under(in, message, "an informational message").ifPresent(sa -> informational.receive(in, port, sa, message));
                } else {
                    informational.clear(in, message);
                }
            }
            default -> env.dropped(in.packet(), Reason.IKE_UNEXPECTED, IsakmpHeader.exchangeName(header.exchange()), "this node does no such exchange");
        }
    }

    /** Only for a phase one that exists: before, nobody sends anything that long. The responder's first message may be, which tells its cookie. */
    private void fragment(Arrived in, int port, IsakmpMessage message) throws Malformed {
        Payload.Fragment piece = message.chain().find(Payload.Fragment.class).orElseThrow();
        IsakmpHeader header = message.header();
        Optional<IsakmpSa> sa = known(header, in);
        if (sa.isEmpty() || !isBetween(sa.get(), in)) {
            env.dropped(in.packet(), Reason.IKE_NO_PHASE_ONE, "a fragment", IkeSa.cookies(header.initiatorCookie(), header.responderCookie()));
            return;
        }
        env.decided(in.packet(), Reason.IKE_RECEIVED, "fragment " + piece.number(), sa.get().row().cookies());
        Optional<Octets> all = fragments.add(sa.get(), piece);
        if (all.isPresent()) {
            message(in, port, IsakmpMessage.parse(all.get()), true);
        }
    }

    /** The phase one of a header's cookies, or of the initiator's alone before the responder's is known. */
    private Optional<IsakmpSa> known(IsakmpHeader header, Arrived in) {
        PhaseOneTable table = phaseOnes.table();
        return table.find(header.initiatorCookie(), header.responderCookie()).or(() -> table.unanswered(header.initiatorCookie(), header.responderCookie(), in.source()));
    }

    private static boolean isBetween(IsakmpSa sa, Arrived in) {
        return sa.row().remote().equals(in.source()) && sa.row().local().equals(in.destination());
    }

    private void phaseOne(Arrived in, int port, IsakmpMessage message) {
        IsakmpHeader header = message.header();
        Optional<IsakmpSa> known = known(header, in);
        if (header.messageId() != 0) {
            env.dropped(in.packet(), Reason.IKE_UNEXPECTED, "a message of phase one", "its message id is not 0");
        } else if (known.isPresent() && isBetween(known.get(), in) && known.get().negotiation() != null && exchange(known.get()) == header.exchange()) {
            known.get().negotiation().receive(in, message);
        } else if (known.isPresent()) {
            env.dropped(in.packet(), Reason.IKE_UNEXPECTED, "a message of phase one", isBetween(known.get(), in) ? "this phase one is over" : "it is not from " + known.get().row().remote());
        } else if (header.responderCookie() != 0) {
            env.dropped(in.packet(), Reason.IKE_NO_PHASE_ONE, "a message of phase one", IkeSa.cookies(header.initiatorCookie(), header.responderCookie()));
        } else {
            phaseOnes.begunByPeer(in, port, message);
        }
    }

    private static int exchange(IsakmpSa sa) {
        return switch (sa.row().exchange()) {
            case MAIN -> IsakmpHeader.IDENTITY_PROTECTION;
            case AGGRESSIVE -> IsakmpHeader.AGGRESSIVE;
        };
    }

    private void quickMode(Arrived in, int port, IsakmpMessage message) {
        long id = message.header().messageId();
        Optional<IsakmpSa> found = message.isEncrypted() && id != 0 ? under(in, message, "a message of quick mode") : Optional.empty();
        if (!message.isEncrypted() || id == 0) {
            env.dropped(in.packet(), Reason.IKE_UNEXPECTED, "a message of quick mode", id == 0 ? "its message id is 0" : "it is not encrypted");
        }
        if (found.isEmpty()) {
            return;
        }
        IsakmpSa sa = found.get();
        Optional<QuickMode> running = sa.quickMode(id);
        if (running.isPresent()) {
            running.get().receive(in, port, message);
        } else if (sa.isUsed(id)) {
            env.dropped(in.packet(), Reason.IKE_REPLAYED, "%08x".formatted(id));
        } else if (!sa.isEstablished()) {
            env.dropped(in.packet(), Reason.IKE_UNEXPECTED, "a message of quick mode", "phase one is not established");
        } else if (sa.quickModes().size() >= MOST_QUICK_MODES) {
            env.dropped(in.packet(), Reason.IKE_UNEXPECTED, "a message of quick mode", "there are too many");
        } else {
            QuickMode mode = new QuickModeResponder(this, sa, id, exchanges);
            sa.quickModes().put(id, mode);
            mode.receive(in, port, message);
        }
    }

    /** The phase one that protects a message: by its cookies, from whatever address it comes (recommendation R), or else between the same addresses. */
    private Optional<IsakmpSa> under(Arrived in, IsakmpMessage message, String what) {
        long initiator = message.header().initiatorCookie();
        long responder = message.header().responderCookie();
        Optional<IsakmpSa> sa = phaseOnes.table().find(initiator, responder);
        if (sa.isEmpty()) {
            env.dropped(in.packet(), Reason.IKE_NO_PHASE_ONE, what, IkeSa.cookies(initiator, responder));
            return sa;
        }
        String known = sa.get().row().remote().toString();
        if (isBetween(sa.get(), in)) {
            return sa;
        } else if (phaseOnes.reaches(sa.get(), in.destination(), in.source())) {
            env.decided(in.packet(), Reason.IKE_PHASE_ONE_FOUND, IkeSa.cookies(initiator, responder), known, in.source().toString());
            return sa;
        }
        env.dropped(in.packet(), Reason.IKE_PHASE_ONE_ELSEWHERE, IkeSa.cookies(initiator, responder), known, in.source().toString());
        return Optional.empty();
    }

    // Messages that go

    /**
     * Sends a message.
     *
     * @param plain    of an encrypted one its form in the clear, for the trace; else empty
     * @param outright mobility has no say in how it travels
     */
    void transmit(IpAddress local, IpAddress remote, int port, Octets message, Octets plain, boolean outright) {
        Udp udp = new Udp(PORT, port, message);
        long parent = env.packet();
        long packet = switch (local) {
            case Ip6Address from when remote instanceof Ip6Address to -> {
                Ip6Packet ip = Ip6Packet.of(from, to, IpProtocol.UDP, udp.toOctets(from, to));
                yield outright ? stack.output().sendAsIs(ip, parent, true) : stack.output().send(ip, parent, true);
            }
            case Ip4Address from when remote instanceof Ip4Address to -> stack.output4().send(Ip4Packet.mayBeCut(from, to, IpProtocol.UDP, udp.toOctets(from, to)), parent, true);
            default -> throw new IllegalArgumentException("from " + local + " to " + remote);
        };
        if (!plain.isEmpty()) {
            env.recorder().control(env.node(), packet, "ike", true, plain);
        }
    }

    /** A message was decrypted: the trace has it in the clear. */
    void opened(Arrived in, IsakmpMessage plain) {
        env.recorder().control(env.node(), in.packet().id(), "ike", false, plain.toOctets());
    }

    /** With its home agent a mobile node that does not use its care-of address sends as if it were at home (recommendation P off). */
    boolean goesOutright(IsakmpSa sa, IpAddress local) {
        return sa.peer() != null && sa.peer().homeAgent() && settings.home().filter(local::equals).isPresent();
    }

    /** This node's address for messages to a peer; empty: it has none now. */
    Optional<IpAddress> localFor(IkePeer peer, IpAddress remote) {
        boolean careOf = switch (peer.addresses()) {
            case HOME -> false;
            case CARE_OF -> true;
            case BY_POLICY -> peer.homeAgent() ? env.policy().reachesHomeAgentFromCareOfAddress() : !env.policy().ignoresMobilityWithCorrespondents();
        };
        if (settings.home().isEmpty()) {
            return settings.address().filter(own -> own.getClass() == remote.getClass() && stack.isOwn(own)).or(() -> stack.tunnelSource(remote));
        }
        return careOf ? stack.tunnelSource(remote) : settings.home();
    }

    /** The same for a phase one; its own where there is none now. */
    IpAddress localFor(IsakmpSa sa) {
        return Optional.ofNullable(sa.peer()).flatMap(peer -> localFor(peer, sa.row().remote())).filter(local -> local.getClass() == sa.row().remote().getClass())
                .orElse(sa.row().local());
    }

    /** The peer was heard in the protection of a phase one. */
    void heard(IsakmpSa sa) {
        if (sa.liveness() != null) {
            sa.liveness().heard();
        }
    }

    /** Whether an SA pair was made with the peer of a phase one. */
    boolean belongs(IkeChild child, IsakmpSa sa) {
        return child.with().equals(sa.row().remoteIdentity());
    }

    // Quick modes

    long newMessageId(IsakmpSa sa) {
        for (long ordinal = env.count("message ids"); ; ordinal = env.count("message ids")) {
            Octets drawn = env.keys().octets("message id " + ordinal, 4);
            long id = (long) drawn.u16(0) << 16 | drawn.u16(2);
            if (id != 0 && !sa.isUsed(id)) {
                use(sa, id);
                return id;
            }
        }
    }

    /** A message id of an exchange under a phase one. Once there are too many to be remembered, replays could not be told any more: it ends. */
    void use(IsakmpSa sa, long messageId) {
        sa.use(messageId);
        if (sa.usedIds() == MOST_MESSAGE_IDS) {
            env.timers().in(PhaseOnes.expires(sa), 0, () -> phaseOnes.end(sa, true, Reason.IKE_REPLACED, "its message ids are used up"));
        }
    }

    /** For a message that nothing protects. */
    long clearMessageId() {
        Octets drawn = env.keys().octets("message id " + env.count("message ids"), 4);
        return Math.max(1, (long) drawn.u16(0) << 16 | drawn.u16(2));
    }

    /** Begins a quick mode. */
    void quickMode(IsakmpSa sa, ChildNeed need) {
        long id = newMessageId(sa);
        QuickModeInitiator mode = new QuickModeInitiator(this, sa, id, exchanges, need, localFor(sa));
        mode.begin();
        sa.quickModes().put(id, mode);
    }

    /** Whether the same SA pair is being made already. */
    boolean isMaking(ChildNeed need) {
        return directory.peer(need.settings().peer()).stream().flatMap(peer -> phaseOnes.table().with(peer).stream())
                .flatMap(sa -> sa.quickModes().values().stream())
                .anyMatch(mode -> mode.isInitiator() && !mode.isOver() && mode.need().isSame(need));
    }

    void linger(QuickMode mode) {
        env.timers().in(mode.overTimer(), LINGER, mode::forget);
    }

    void forget(QuickMode mode) {
        mode.forget();
    }

    /** An SA pair is there. */
    void succeeded(IkeChild child, ChildNeed need) {
        demands.succeeded(child, need);
    }

    void failed(ChildNeed need) {
        demands.failed(need);
    }
}
