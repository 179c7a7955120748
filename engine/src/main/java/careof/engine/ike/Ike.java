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
import careof.engine.stack.Verdict;
import careof.engine.state.IkeChild;
import careof.engine.state.IkeExchange;
import careof.engine.state.IkeSa;
import careof.engine.trace.Reason;
import careof.engine.wire.ip.Ip4Packet;
import careof.engine.wire.ip.Ip6Packet;
import careof.engine.wire.ip.IpProtocol;
import careof.engine.wire.ip.Udp;
import careof.engine.wire.isakmp.Identification;
import careof.engine.wire.isakmp.IsakmpHeader;
import careof.engine.wire.isakmp.IsakmpMessage;
import careof.engine.wire.isakmp.Notification;
import careof.engine.wire.isakmp.NotifyType;
import careof.engine.wire.isakmp.Payload;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A node's key management daemon: IKE version 1 on UDP port 500. Messages come in here and go to their exchange; ACQUIRE and EXPIRE of PF_KEY come in by
 * {@link Demands}. Nothing but an authenticated message changes what is established.
 *
 * <p>Before authentication a peer costs at most one row and one Diffie-Hellman computation; there are at most {@link #MOST_HALF_OPEN} of these at a time,
 * and {@link #MOST_HALF_OPEN_EACH} from one address.
 */
public final class Ike {
    /** UDP port of both ends. */
    public static final int PORT = IsakmpHeader.PORT;
    /** Phase ones that others began and that are not authenticated. */
    public static final int MOST_HALF_OPEN = 256;
    /** Of these, from one address. */
    public static final int MOST_HALF_OPEN_EACH = 8;
    /** An exchange that others began is to be over in that time, nanoseconds. */
    private static final long HALF_OPEN = 30 * VirtualTime.SECOND;
    /** What is over is remembered for so long, since its last message may be wanted once more; nanoseconds. */
    private static final long LINGER = 20 * VirtualTime.SECOND;
    /** Quick modes at a time under one phase one. */
    private static final int MOST_QUICK_MODES = 64;
    /** Message ids that a phase one remembers; after that it takes no more. */
    private static final int MOST_MESSAGE_IDS = 1 << 16;

    private final IpStack stack;
    private final NodeEnv env;
    private final IkeSettings settings;
    private final Table<Integer, IkeSa> table;
    private final Table<String, IkeExchange> exchanges;
    private final TreeMap<Integer, IsakmpSa> sas = new TreeMap<>();
    /** By initiator's cookie: those whose responder has not answered, and what others began. */
    private final Map<Long, List<IsakmpSa>> byCookie = new LinkedHashMap<>();
    private final Map<String, TreeMap<Integer, IsakmpSa>> byPeer = new LinkedHashMap<>();
    private final OwnCredentials credentials;
    private final Directory directory;
    private final PeerAuthorization authorization;
    private final Policies policies = new Policies();
    private final Fragments fragments;
    private final Children children;
    private final Informational informational;
    private final Demands demands;
    private final PfKey.Socket socket;
    /** By address: unfinished phase ones that somebody there began. */
    private final Map<IpAddress, Integer> halfOpenFrom = new HashMap<>();
    private int halfOpen;

    /** A daemon that listens; {@link #start} lets it begin. */
    public Ike(IpStack stack, PfKey pfKey, IkeSettings settings) {
        this.stack = stack;
        this.env = stack.env();
        this.settings = settings;
        this.table = env.table();
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
        try {
            message(in, datagram.sourcePort(), IsakmpMessage.parse(datagram.data()), false);
        } catch (Malformed e) {
            env.dropped(in.packet(), Reason.IKE_MALFORMED, e.getMessage(), Integer.toString(e.at()));
        }
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
        Optional<IsakmpSa> sa = find(header.initiatorCookie(), header.responderCookie()).or(() -> unanswered(header, in));
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

    private static boolean isBetween(IsakmpSa sa, Arrived in) {
        return sa.row().remote().equals(in.source()) && sa.row().local().equals(in.destination());
    }

    private void phaseOne(Arrived in, int port, IsakmpMessage message) {
        IsakmpHeader header = message.header();
        Optional<IsakmpSa> known = find(header.initiatorCookie(), header.responderCookie()).or(() -> unanswered(header, in));
        if (header.messageId() != 0) {
            env.dropped(in.packet(), Reason.IKE_UNEXPECTED, "a message of phase one", "its message id is not 0");
        } else if (known.isPresent() && isBetween(known.get(), in) && known.get().negotiation() != null && exchange(known.get()) == header.exchange()) {
            known.get().negotiation().receive(in, message);
        } else if (known.isPresent()) {
            env.dropped(in.packet(), Reason.IKE_UNEXPECTED, "a message of phase one", isBetween(known.get(), in) ? "this phase one is over" : "it is not from " + known.get().row().remote());
        } else if (header.responderCookie() != 0) {
            env.dropped(in.packet(), Reason.IKE_NO_PHASE_ONE, "a message of phase one", IkeSa.cookies(header.initiatorCookie(), header.responderCookie()));
        } else {
            begunByPeer(in, port, message);
        }
    }

    private static int exchange(IsakmpSa sa) {
        return switch (sa.row().exchange()) {
            case MAIN -> IsakmpHeader.IDENTITY_PROTECTION;
            case AGGRESSIVE -> IsakmpHeader.AGGRESSIVE;
        };
    }

    /** Before the responder's cookie is known: as initiator, or a first message once more. */
    private Optional<IsakmpSa> unanswered(IsakmpHeader header, Arrived in) {
        return byCookie.getOrDefault(header.initiatorCookie(), List.of()).stream()
                .filter(sa -> sa.row().initiator() ? sa.row().responderCookie() == 0 : header.responderCookie() == 0 && sa.row().remote().equals(in.source())).findFirst();
    }

    private void begunByPeer(Arrived in, int port, IsakmpMessage message) {
        int each = halfOpenFrom.getOrDefault(in.source(), 0);
        if (halfOpen >= MOST_HALF_OPEN || each >= MOST_HALF_OPEN_EACH) {
            env.dropped(in.packet(), Reason.IKE_HALF_OPEN_FULL, Integer.toString(halfOpen >= MOST_HALF_OPEN ? halfOpen : each), halfOpen >= MOST_HALF_OPEN ? "in all" : "from this address");
            return;
        }
        boolean main = message.header().exchange() == IsakmpHeader.IDENTITY_PROTECTION;
        int id = newId();
        long cookie = cookie(id);
        IkeSa row = new IkeSa(id, "", false, main ? IkeSa.Exchange.MAIN : IkeSa.Exchange.AGGRESSIVE, IkeSa.Phase.NEGOTIATING, message.header().initiatorCookie(), cookie,
                in.destination(), in.source(), "", "", IkeSa.Method.UNKNOWN, "", Octets.EMPTY, Octets.EMPTY, "", 0, 0, 0);
        IsakmpSa sa = new IsakmpSa(table, row, env.now(), port, null, Reason.IKE_STARTED, main ? "main mode" : "aggressive mode", in.source().toString());
        halfOpen(sa, 1);
        keep(sa);
        env.timers().in(halfOpenTimer(sa), HALF_OPEN, () -> abandon(sa, Verdict.drop(Reason.IKE_TIMED_OUT, sa.row().step())));
        sa.negotiation(main ? new MainMode(this, sa) : new AggressiveMode(this, sa));
        sa.negotiation().receive(in, message);
        if (sas.containsKey(id) && sa.row().step().isEmpty()) {
            forget(sa);    // its first message was no good
        }
    }

    /** One more, or one less. */
    private void halfOpen(IsakmpSa sa, int change) {
        halfOpen += change;
        halfOpenFrom.merge(sa.firstRemote(), change, (before, by) -> before + by == 0 ? null : before + by);
    }

    private static String halfOpenTimer(IsakmpSa sa) {
        return "half open " + sa.id();
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
        } else if (sa.quickModes().size() >= MOST_QUICK_MODES || sa.usedIds() >= MOST_MESSAGE_IDS) {
            env.dropped(in.packet(), Reason.IKE_UNEXPECTED, "a message of quick mode", "there are too many");
        } else {
            QuickMode mode = QuickMode.respond(this, sa, id, exchanges);
            sa.quickModes().put(id, mode);
            mode.receive(in, port, message);
        }
    }

    /** The phase one that protects a message: by its cookies, from whatever address it comes (recommendation R), or else between the same addresses. */
    private Optional<IsakmpSa> under(Arrived in, IsakmpMessage message, String what) {
        long initiator = message.header().initiatorCookie();
        long responder = message.header().responderCookie();
        Optional<IsakmpSa> sa = find(initiator, responder);
        if (sa.isEmpty()) {
            env.dropped(in.packet(), Reason.IKE_NO_PHASE_ONE, what, IkeSa.cookies(initiator, responder));
            return sa;
        }
        String known = sa.get().row().remote().toString();
        if (isBetween(sa.get(), in)) {
            return sa;
        } else if (reaches(sa.get(), in.destination(), in.source())) {
            env.decided(in.packet(), Reason.IKE_PHASE_ONE_FOUND, IkeSa.cookies(initiator, responder), known, in.source().toString());
            return sa;
        }
        env.dropped(in.packet(), Reason.IKE_PHASE_ONE_ELSEWHERE, IkeSa.cookies(initiator, responder), known, in.source().toString());
        return Optional.empty();
    }

    /** Whether a phase one is of use between two addresses. */
    private boolean reaches(IsakmpSa sa, IpAddress local, IpAddress remote) {
        return sa.row().local().equals(local) && sa.row().remote().equals(remote) || env.policy().findsPhaseOneByCookies();
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

    // Phase ones

    private int newId() {
        return (int) env.count("phase ones");
    }

    private long cookie(int id) {
        Octets drawn = env.keys().octets("phase one " + id + " cookie", 8);
        long cookie = 0;
        for (int i = 0; i < 8; i++) {
            cookie = cookie << 8 | drawn.at(i);
        }
        return cookie == 0 ? 1 : cookie;
    }

    private void keep(IsakmpSa sa) {
        sas.put(sa.id(), sa);
        byCookie.computeIfAbsent(sa.row().initiatorCookie(), _ -> new ArrayList<>(1)).add(sa);
    }

    Optional<IsakmpSa> find(long initiator, long responder) {
        return byCookie.getOrDefault(initiator, List.of()).stream().filter(sa -> sa.row().responderCookie() == responder && responder != 0).findFirst();
    }

    /** By the octets of both cookies. */
    Optional<IsakmpSa> find(Octets cookies) {
        if (cookies.length() != 16) {
            return Optional.empty();
        }
        return find(bits(cookies, 0), bits(cookies, 8));
    }

    private static long bits(Octets octets, int at) {
        long bits = 0;
        for (int i = 0; i < 8; i++) {
            bits = bits << 8 | octets.at(at + i);
        }
        return bits;
    }

    Optional<IsakmpSa> find(int id) {
        return Optional.ofNullable(sas.get(id));
    }

    /** Phase ones with a peer, the newest first: those that this node began and those that are established. */
    List<IsakmpSa> with(IkePeer peer) {
        TreeMap<Integer, IsakmpSa> all = byPeer.get(peer.name());
        return all == null ? List.of() : List.copyOf(all.descendingMap().values());
    }

    /** The newest phase one with a peer under which something new can begin from here. */
    Optional<IsakmpSa> usable(IkePeer peer) {
        return with(peer).stream().filter(sa -> sa.isUsable() && reaches(sa, localFor(sa), sa.row().remote())).findFirst();
    }

    boolean isNegotiating(IkePeer peer) {
        return with(peer).stream().anyMatch(sa -> !sa.isEstablished());
    }

    /** Begins a phase one; false: there is no address to do so. */
    boolean begin(IkePeer peer) {
        Optional<IpAddress> remote = peer.address();
        Optional<IpAddress> local = remote.flatMap(to -> localFor(peer, to)).filter(from -> from.getClass() == remote.get().getClass());
        if (local.isEmpty()) {
            env.recorder().decided(env.node(), env.packet(), Reason.IKE_NO_ADDRESS, List.of(peer.name()), "");
            return false;
        }
        settings.home().ifPresent(home -> env.recorder().decided(env.node(), env.packet(),
                home.equals(local.get()) ? Reason.IKE_USES_HOME_ADDRESS : Reason.IKE_USES_CARE_OF_ADDRESS, List.of(peer.name(), local.get().toString()), ""));
        int id = newId();
        IkeSa row = new IkeSa(id, peer.name(), true, peer.exchange(), IkeSa.Phase.NEGOTIATING, cookie(id), 0, local.get(), remote.get(), "", "", IkeSa.Method.UNKNOWN, "",
                Octets.EMPTY, Octets.EMPTY, "", 0, 0, 0);
        boolean main = peer.exchange() == IkeSa.Exchange.MAIN;
        IsakmpSa sa = new IsakmpSa(table, row, env.now(), PORT, peer, Reason.IKE_STARTED, main ? "main mode" : "aggressive mode", peer.name());
        keep(sa);
        isWith(peer, sa);
        sa.negotiation(main ? new MainMode(this, sa) : new AggressiveMode(this, sa));
        sa.negotiation().start();
        return true;
    }

    private void isWith(IkePeer peer, IsakmpSa sa) {
        byPeer.computeIfAbsent(peer.name(), _ -> new TreeMap<>()).put(sa.id(), sa);
    }

    /** Peers of whom one may be who makes an offer, from an address or under an identity that is told in the clear: one for each suite at least. */
    List<IkePeer> candidates(IkeSa.Exchange exchange, IpAddress from, Optional<Identification> identity) {
        List<IkePeer> all = new ArrayList<>();
        identity.map(id -> directory.entry(id, from)).orElseGet(() -> directory.keyFor(from)).ifPresent(all::add);
        if (credentials.hasCertificate()) {
            all.addAll(directory.signing());
        }
        all.removeIf(peer -> PeerAuthorization.isTooOpen(exchange, peer));
        return all;
    }

    /** The responder has told its cookie. */
    void answeredBy(IsakmpSa sa, long cookie) {
        sa.put(Reason.IKE_STEP, r -> Rows.responder(r, cookie), "cookie");
    }

    /** Whether this node had nothing to do with a phase one's peer before. */
    boolean isFirst(IsakmpSa sa) {
        return with(sa.peer()).stream().allMatch(other -> other == sa) && directory.requests(sa.peer().name()).stream().allMatch(id -> children.of(id).isEmpty());
    }

    /** Both ends are authenticated. */
    void established(Arrived in, IsakmpSa sa, long lifetime, List<Notification> notifications) {
        if (!sa.row().initiator()) {
            halfOpen(sa, -1);
        }
        env.timers().cancel(halfOpenTimer(sa));
        long until = lifetime == 0 ? 0 : env.now() + lifetime;
        sa.put(Reason.IKE_ESTABLISHED, r -> Rows.phase(r, IkeSa.Phase.ESTABLISHED, env.now(), until), sa.row().remoteIdentity());
        isWith(sa.peer(), sa);
        if (until > 0) {
            env.timers().set("phase one " + sa.id() + " expires", until, () -> end(sa, true, Reason.IKE_EXPIRED));
        }
        env.timers().in("phase one " + sa.id() + " over", LINGER, () -> sa.negotiation(null));
        if (sa.answersProbes()) {
            sa.liveness(new Liveness(this, sa, sa.peer().probe()));
        }
        for (Notification notification : notifications) {
            if (notification.notifyType() == NotifyType.INITIAL_CONTACT) {
                env.decided(in.packet(), Reason.IKE_NOTIFIED, "INITIAL-CONTACT");
                initialContact(sa);
            }
        }
        demands.established(sa);
    }

    /** The peer was heard in the protection of a phase one. */
    void heard(IsakmpSa sa) {
        if (sa.liveness() != null) {
            sa.liveness().heard();
        }
    }

    boolean isSamePeer(IsakmpSa one, IsakmpSa other) {
        return one.row().remoteIdentity().equals(other.row().remoteIdentity());
    }

    /** Whether an SA pair was made with the peer of a phase one. */
    boolean belongs(IkeChild child, IsakmpSa sa) {
        return child.with().equals(sa.row().remoteIdentity());
    }

    /** The peer has no other phase one and no SAs: what this node has of earlier times is of no use (RFC 2407 section 4.6.3.3). */
    void initialContact(IsakmpSa sa) {
        String why = "the peer begins anew";
        for (IkeChild child : children.with(sa.row().remoteIdentity())) {
            if (child.made() < sa.started()) {
                children.remove(child, Reason.IKE_REPLACED, why);
            }
        }
        for (IsakmpSa other : with(sa.peer())) {
            if (other.isBefore(sa) && isSamePeer(other, sa)) {
                end(other, false, Reason.IKE_REPLACED, why);
            }
        }
    }

    /** A newer phase one has come: nothing new begins under the others, which end soon. */
    void supersede(IsakmpSa newer) {
        for (IsakmpSa old : with(newer.peer())) {
            if (old.isBefore(newer) && old.isUsable()) {
                old.put(Reason.IKE_REPLACED, r -> Rows.phase(r, IkeSa.Phase.REPLACED, r.established(), r.until()), "a newer phase one");
                env.timers().in("phase one " + old.id() + " expires", LINGER, () -> end(old, true, Reason.IKE_REPLACED, "a newer phase one"));
            }
        }
    }

    /** A first message that led to nothing. */
    void declined(Arrived in, IsakmpSa sa, IsakmpMessage message, Reason reason, String why) {
        env.dropped(in.packet(), reason, why);
        notify(in, sa, reason == Reason.IKE_NO_PROPOSAL ? NotifyType.NO_PROPOSAL_CHOSEN : NotifyType.INVALID_ID_INFORMATION);
        forget(sa);
    }

    void notify(Arrived in, IsakmpSa sa, int type) {
        informational.notify(sa, in.destination(), in.source(), sa.remotePort(), type);
    }

    /** The peer is told that it is refused, and forgotten. */
    void refuse(IsakmpSa sa, int notification) {
        informational.notify(sa, sa.row().local(), sa.row().remote(), sa.remotePort(), notification);
        abandon(sa, Verdict.drop(Reason.IKE_AUTHENTICATION_FAILED, sa.row().remoteIdentity(), NotifyType.name(notification)));
    }

    /** The peer refuses something: a phase one that is not established ends, else the quick mode that it names, or the only one that runs. */
    void refusedByPeer(IsakmpSa sa, Notification notification, Verdict.Drop why) {
        if (!sa.isEstablished()) {
            abandon(sa, why);
            return;
        }
        List<QuickMode> running = sa.quickModes().values().stream().filter(mode -> mode.isInitiator() && !mode.isOver()).toList();
        boolean last = sa.row().initiator() == (sa.row().exchange() == IkeSa.Exchange.AGGRESSIVE);
        if (last && sa.negotiation() != null && isOfAuthentication(notification.notifyType(), running.isEmpty())) {
            end(sa, false, why.reason(), why.texts().toArray(String[]::new));    // it was this node's last message that is refused
            return;
        }
        List<QuickMode> named = sa.quickModes().values().stream().filter(mode -> mode.proposed(notification.protocol(), notification.spi())).toList();
        boolean names = notification.spi().length() == ChildProposals.SPI;
        List<QuickMode> meant = names ? named : running;
        if (meant.size() == 1) {
            meant.getFirst().refusedByPeer(why);
        }
    }

    /** @param alone no quick mode runs, whose identities might be meant */
    private static boolean isOfAuthentication(int type, boolean alone) {
        return switch (type) {
            case NotifyType.INVALID_ID_INFORMATION -> alone;
            case NotifyType.AUTHENTICATION_FAILED, NotifyType.INVALID_SIGNATURE, NotifyType.INVALID_CERTIFICATE, NotifyType.CERTIFICATE_UNAVAILABLE -> true;
            default -> false;
        };
    }

    /** Gives up a phase one that is not established. */
    void abandon(IsakmpSa sa, Verdict.Drop why) {
        IkePeer peer = sa.peer();
        boolean wanted = sa.row().initiator();
        remove(sa, why.reason(), why.texts().toArray(String[]::new));
        if (wanted) {
            demands.failed(peer);
        }
    }

    void forget(IsakmpSa sa) {
        remove(sa, Reason.IKE_STEP, "forgotten");
    }

    /** The peer does not answer any more. */
    void dead(IsakmpSa sa, int questions) {
        children.with(sa.row().remoteIdentity()).forEach(child -> children.remove(child, Reason.IKE_PEER_DEAD, Integer.toString(questions)));
        end(sa, false, Reason.IKE_PEER_DEAD, Integer.toString(questions));
    }

    /**
     * Ends an established phase one. Its SA pairs stay (recommendation Q), or go with it.
     *
     * @param tell whether the peer is told
     */
    void end(IsakmpSa sa, boolean tell, Reason reason, String... args) {
        if (!sas.containsKey(sa.id())) {
            return;
        }
        if (tell) {
            informational.deleted(sa);
        }
        if (!env.policy().keepsLifetimesApart()) {
            for (IkeChild child : children.with(sa.row().remoteIdentity())) {
                if (child.ikeSa() == sa.id()) {
                    children.remove(child, Reason.IKE_CHILD_ENDS_WITH_PHASE_ONE);
                }
            }
        }
        List<ChildNeed> unfinished = sa.quickModes().values().stream().filter(mode -> mode.isInitiator() && !mode.isOver() && mode.isUnderOld()).map(QuickMode::need).toList();
        remove(sa, reason, args);
        boolean another = switch (reason) {
            case IKE_EXPIRED, IKE_REPLACED, IKE_TIMED_OUT -> true;
            case IKE_DELETED -> !tell;
            default -> false;
        };
        if (another) {
            unfinished.forEach(demands::want);
        }
    }

    /** A peer does not answer under a phase one that it once had: the need for an SA pair is one for another phase one. */
    void unanswered(IsakmpSa sa, ChildNeed need, String step) {
        end(sa, true, Reason.IKE_TIMED_OUT, step);
        demands.want(need);
    }

    private void remove(IsakmpSa sa, Reason reason, String... args) {
        if (sas.remove(sa.id()) == null) {
            return;
        }
        if (!sa.row().initiator() && !sa.isEstablished()) {
            halfOpen(sa, -1);
        }
        List<IsakmpSa> same = byCookie.get(sa.row().initiatorCookie());
        same.remove(sa);
        if (same.isEmpty()) {
            byCookie.remove(sa.row().initiatorCookie());
        }
        if (sa.peer() != null && byPeer.containsKey(sa.peer().name())) {
            byPeer.get(sa.peer().name()).remove(sa.id());
            if (byPeer.get(sa.peer().name()).isEmpty()) {
                byPeer.remove(sa.peer().name());
            }
        }
        if (sa.negotiation() != null) {
            sa.negotiation().sent.stop();
        }
        if (sa.liveness() != null) {
            sa.liveness().stop();
        }
        fragments.forget(sa);
        for (QuickMode mode : List.copyOf(sa.quickModes().values())) {
            mode.cut(Verdict.drop(reason, (Object[]) args));
        }
        for (String timer : List.of(halfOpenTimer(sa), "phase one " + sa.id() + " expires", "phase one " + sa.id() + " over")) {
            env.timers().cancel(timer);
        }
        sa.remove(reason, args);
    }

    // Quick modes

    long newMessageId(IsakmpSa sa) {
        for (long ordinal = env.count("message ids"); ; ordinal = env.count("message ids")) {
            Octets drawn = env.keys().octets("message id " + ordinal, 4);
            long id = (long) drawn.u16(0) << 16 | drawn.u16(2);
            if (id != 0 && !sa.isUsed(id)) {
                sa.use(id);
                return id;
            }
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
        QuickMode mode = QuickMode.start(this, sa, id, exchanges, need, localFor(sa));
        sa.quickModes().put(id, mode);
    }

    /** This node has moved: what it began from an address that it uses no more for its peer begins anew, since answers would go there. */
    void beginAnew() {
        for (IsakmpSa sa : List.copyOf(sas.values())) {
            if (!sa.isEstablished() && sa.row().initiator() && !localFor(sa.peer(), sa.row().remote()).equals(Optional.of(sa.row().local()))) {
                remove(sa, Reason.IKE_BEGINS_ANEW, sa.row().local().toString());
                if (!begin(sa.peer())) {
                    demands.failed(sa.peer());
                }
            }
            for (QuickMode mode : List.copyOf(sa.quickModes().values())) {
                if (mode.isInitiator() && !mode.isOver() && !mode.local().equals(localFor(sa))) {
                    mode.withdraw(Verdict.drop(Reason.IKE_BEGINS_ANEW, mode.local()));
                    demands.want(mode.need());
                }
            }
        }
    }

    /** Whether the same SA pair is being made already. */
    boolean isMaking(ChildNeed need) {
        return directory.peer(need.settings().peer()).stream().flatMap(peer -> with(peer).stream()).flatMap(sa -> sa.quickModes().values().stream()).anyMatch(mode -> mode.isInitiator() && !mode.isOver() && mode.need().isSame(need));
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
