package careof.engine.ike;

import careof.engine.base.IpAddress;
import careof.engine.base.Octets;
import careof.engine.base.VirtualTime;
import careof.engine.stack.Arrived;
import careof.engine.stack.NodeEnv;
import careof.engine.stack.Table;
import careof.engine.stack.Verdict;
import careof.engine.state.IkeChild;
import careof.engine.state.IkeSa;
import careof.engine.trace.Reason;
import careof.engine.wire.isakmp.Identification;
import careof.engine.wire.isakmp.IsakmpHeader;
import careof.engine.wire.isakmp.IsakmpMessage;
import careof.engine.wire.isakmp.Notification;
import careof.engine.wire.isakmp.NotifyType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The phase ones of a node as they come and go: begun here or by a peer, established, superseded, refused, ended.
 *
 * <p>Before authentication a peer costs at most one row and one Diffie-Hellman computation; {@link HalfOpen} bounds how many
 * there are at a time.
 */
final class PhaseOnes {
    /** An exchange that others began is to be over in that time, nanoseconds. */
    private static final long HALF_OPEN = 30 * VirtualTime.SECOND;

    private final Ike ike;
    private final NodeEnv env;
    private final Table<Integer, IkeSa> rows;
    private final PhaseOneTable table = new PhaseOneTable();

    PhaseOnes(Ike ike) {
        this.ike = ike;
        this.env = ike.env();
        this.rows = env.table();
    }

    /** Those there are. */
    PhaseOneTable table() {
        return table;
    }

    // Begin

    /** Begins a phase one; false: there is no address to do so. */
    boolean begin(IkePeer peer) {
        Optional<IpAddress> remote = peer.address().map(ike.demands()::whereIs);
        Optional<IpAddress> local = remote.flatMap(to -> ike.localFor(peer, to)).filter(from -> from.getClass() == remote.get().getClass());
        if (local.isEmpty()) {
            env.recorder().decided(env.node(), env.packet(), Reason.IKE_NO_ADDRESS, List.of(peer.name()), "");
            return false;
        }
        ike.settings().home().ifPresent(home -> env.recorder().decided(env.node(), env.packet(),
                home.equals(local.get()) ? Reason.IKE_USES_HOME_ADDRESS : Reason.IKE_USES_CARE_OF_ADDRESS, List.of(peer.name(), local.get().toString()), ""));
        int id = newId();
        IkeSa row = new IkeSa(id, peer.name(), true, peer.exchange(), IkeSa.Phase.NEGOTIATING, cookie(id), 0, local.get(), remote.get(), "", "", IkeSa.Method.UNKNOWN, "",
                Octets.EMPTY, Octets.EMPTY, "", 0, 0, 0);
        boolean main = peer.exchange() == IkeSa.Exchange.MAIN;
        IsakmpSa sa = new IsakmpSa(rows, row, env.now(), Ike.PORT, peer, Reason.IKE_STARTED, main ? "main mode" : "aggressive mode", peer.name());
        table.add(sa);
        table.isWith(peer, sa);
        sa.negotiation(main ? new MainMode(ike, sa) : new AggressiveMode(ike, sa));
        sa.negotiation().start();
        return true;
    }

    /** A first message: a phase one that a peer begins, as long as there are not too many. */
    void begunByPeer(Arrived in, int port, IsakmpMessage message) {
        boolean main = message.header().exchange() == IsakmpHeader.IDENTITY_PROTECTION;
        IkeSa.Exchange exchange = main ? IkeSa.Exchange.MAIN : IkeSa.Exchange.AGGRESSIVE;
        Optional<HalfOpen.Full> full = table.halfOpen().full(exchange, in.source(), (oldest, limit) -> {
            String[] why = {Integer.toString(limit.count()), limit.limit() + ": the oldest makes room"};
            env.decided(in.packet(), Reason.IKE_HALF_OPEN_FULL, why);
            remove(oldest, Reason.IKE_HALF_OPEN_FULL, why);
        });
        if (full.isPresent()) {
            env.dropped(in.packet(), Reason.IKE_HALF_OPEN_FULL, Integer.toString(full.get().count()), full.get().limit());
            return;
        }
        int id = newId();
        long cookie = cookie(id);
        IkeSa row = new IkeSa(id, "", false, exchange, IkeSa.Phase.NEGOTIATING, message.header().initiatorCookie(), cookie,
                in.destination(), in.source(), "", "", IkeSa.Method.UNKNOWN, "", Octets.EMPTY, Octets.EMPTY, "", 0, 0, 0);
        IsakmpSa sa = new IsakmpSa(rows, row, env.now(), port, null, Reason.IKE_STARTED, main ? "main mode" : "aggressive mode", in.source().toString());
        table.add(sa);
        env.timers().in(halfOpenTimer(sa), HALF_OPEN, () -> abandon(sa, Verdict.drop(Reason.IKE_TIMED_OUT, sa.row().step())));
        sa.negotiation(main ? new MainMode(ike, sa) : new AggressiveMode(ike, sa));
        sa.negotiation().receive(in, message);
        if (table.contains(sa) && sa.row().step().isEmpty()) {
            forget(sa);    // its first message was no good
        }
    }

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

    private static String halfOpenTimer(IsakmpSa sa) {
        return "half open " + sa.id();
    }

    /** Peers of whom one may be who makes an offer, from an address or under an identity that is told in the clear: one for each suite at least. */
    List<IkePeer> candidates(IkeSa.Exchange exchange, IpAddress from, Optional<Identification> identity) {
        List<IkePeer> all = new ArrayList<>();
        identity.map(id -> ike.directory().entry(id, from)).orElseGet(() -> ike.directory().keyFor(from)).ifPresent(all::add);
        if (ike.credentials().hasCertificate()) {
            all.addAll(ike.directory().signing());
        }
        all.removeIf(peer -> PeerAuthorization.isTooOpen(exchange, peer));
        return all;
    }

    /** The responder has told its cookie. */
    void answeredBy(IsakmpSa sa, long cookie) {
        sa.put(Reason.IKE_STEP, r -> Rows.responder(r, cookie), "cookie");
    }

    // Which is of use

    /** The newest phase one with a peer under which something new can begin from here. */
    Optional<IsakmpSa> usable(IkePeer peer) {
        return table.with(peer).stream().filter(sa -> sa.isUsable() && reaches(sa, ike.localFor(sa), sa.row().remote())).findFirst();
    }

    /** Whether a phase one is of use between two addresses. */
    boolean reaches(IsakmpSa sa, IpAddress local, IpAddress remote) {
        return sa.row().local().equals(local) && sa.row().remote().equals(remote) || env.policy().findsPhaseOneByCookies();
    }

    boolean isNegotiating(IkePeer peer) {
        return table.with(peer).stream().anyMatch(sa -> !sa.isEstablished());
    }

    /** Whether this node had nothing to do with a phase one's peer before. */
    boolean isFirst(IsakmpSa sa) {
        return table.with(sa.peer()).stream().allMatch(other -> other == sa)
                && ike.directory().requests(sa.peer().name()).stream().allMatch(id -> ike.children().of(id).isEmpty());
    }

    boolean isSamePeer(IsakmpSa one, IsakmpSa other) {
        return one.row().remoteIdentity().equals(other.row().remoteIdentity());
    }

    // Live

    /** Both ends are authenticated. */
    void established(Arrived in, IsakmpSa sa, long lifetime, List<Notification> notifications) {
        table.isAuthenticated(sa);
        env.timers().cancel(halfOpenTimer(sa));
        long until = lifetime == 0 ? 0 : env.now() + lifetime;
        sa.put(Reason.IKE_ESTABLISHED, r -> Rows.phase(r, IkeSa.Phase.ESTABLISHED, env.now(), until), sa.row().remoteIdentity());
        table.isWith(sa.peer(), sa);
        endsAt(sa, until);
        env.timers().in("phase one " + sa.id() + " over", Ike.LINGER, () -> sa.negotiation(null));
        if (sa.answersProbes()) {
            sa.liveness(new Liveness(ike, sa, sa.peer().probe()));
        }
        for (Notification notification : notifications) {
            Optional<String> stray = Notices.stray(sa, notification);
            if (stray.isPresent()) {
                env.decided(in.packet(), Reason.IKE_UNEXPECTED, NotifyType.name(notification.notifyType()), stray.get());
            } else if (notification.notifyType() == NotifyType.INITIAL_CONTACT) {
                env.decided(in.packet(), Reason.IKE_NOTIFIED, "INITIAL-CONTACT");
                initialContact(sa);
            } else if (notification.notifyType() == NotifyType.RESPONDER_LIFETIME) {
                responderLifetime(in, sa, notification);
            }
        }
        ike.demands().established(sa);
    }

    /** @param until virtual time; 0: it has no end */
    private void endsAt(IsakmpSa sa, long until) {
        if (until > 0) {
            env.timers().set(expires(sa), until, () -> end(sa, true, Reason.IKE_EXPIRED));
        }
    }

    static String expires(IsakmpSa sa) {
        return "phase one " + sa.id() + " expires";
    }

    /** The responder keeps a phase one for a shorter time than it was offered (RFC 2407 section 4.6.3.1). */
    void responderLifetime(Arrived in, IsakmpSa sa, Notification notification) {
        if (!sa.row().initiator()) {
            env.decided(in.packet(), Reason.IKE_UNEXPECTED, "RESPONDER-LIFETIME", "it is the initiator who says so");
            return;
        }
        env.decided(in.packet(), Reason.IKE_NOTIFIED, "RESPONDER-LIFETIME");
        long lifetime = LifetimeData.secondsOfPhaseOne(notification.data());
        long until = sa.row().established() + lifetime;
        if (sa.isUsable() && lifetime > 0 && (sa.row().until() == 0 || until < sa.row().until())) {
            sa.put(Reason.IKE_NOTIFIED, r -> Rows.phase(r, r.phase(), r.established(), until), "RESPONDER-LIFETIME");
            endsAt(sa, Math.max(until, env.now()));
        }
    }

    /** The peer has no other phase one and no SAs: what this node has of earlier times is of no use (RFC 2407 section 4.6.3.3). */
    void initialContact(IsakmpSa sa) {
        String why = "the peer begins anew";
        for (IkeChild child : ike.children().with(sa.row().remoteIdentity())) {
            if (child.made() < sa.started()) {
                ike.children().remove(child, Reason.IKE_REPLACED, why);
            }
        }
        for (IsakmpSa other : table.with(sa.peer())) {
            if (other.isBefore(sa) && isSamePeer(other, sa)) {
                end(other, false, Reason.IKE_REPLACED, why);
            }
        }
    }

    /** A newer phase one has come: nothing new begins under the others, which end soon. */
    void supersede(IsakmpSa newer) {
        for (IsakmpSa old : table.with(newer.peer())) {
            if (old.isBefore(newer) && old.isUsable()) {
                old.put(Reason.IKE_REPLACED, r -> Rows.phase(r, IkeSa.Phase.REPLACED, r.established(), r.until()), "a newer phase one");
                env.timers().in(expires(old), Ike.LINGER, () -> end(old, true, Reason.IKE_REPLACED, "a newer phase one"));
            }
        }
    }

    /** This node has moved: what it began from an address that it uses no more for its peer begins anew, since answers would go there. */
    void beginAnew() {
        for (IsakmpSa sa : table.all()) {
            if (!sa.isEstablished() && sa.row().initiator() && !ike.localFor(sa.peer(), sa.row().remote()).equals(Optional.of(sa.row().local()))) {
                remove(sa, Reason.IKE_BEGINS_ANEW, sa.row().local().toString());
                if (!begin(sa.peer())) {
                    ike.demands().failed(sa.peer());
                }
            }
            for (QuickMode mode : List.copyOf(sa.quickModes().values())) {
                if (mode.isInitiator() && !mode.isOver() && !mode.local().equals(ike.localFor(sa))) {
                    mode.withdraw(Verdict.drop(Reason.IKE_BEGINS_ANEW, mode.local()));
                    ike.demands().want(mode.need());
                }
            }
        }
    }

    // End

    /** A first message that led to nothing; its sender is told why. */
    void declined(Arrived in, IsakmpSa sa, Verdict.Drop why, int notification) {
        env.said(in.packet(), why);
        notify(in, sa, notification);
        forget(sa);
    }

    private void notify(Arrived in, IsakmpSa sa, int type) {
        ike.informational().notify(sa, in.destination(), in.source(), sa.remotePort(), type);
    }

    /** The peer is told that it is refused, and forgotten. The responder of main mode has taken its phase one for established, and is told that it is gone. */
    void refuse(IsakmpSa sa, int notification) {
        ike.informational().notify(sa, sa.row().local(), sa.row().remote(), sa.remotePort(), notification);
        if (sa.row().initiator() && sa.row().exchange() == IkeSa.Exchange.MAIN) {
            ike.informational().deleted(sa);
        }
        abandon(sa, Verdict.drop(Reason.IKE_AUTHENTICATION_FAILED, sa.row().remoteIdentity(), NotifyType.name(notification)));
    }

    /** The peer refuses something: a phase one that is not established ends, else the quick mode that it names, or the only one that runs. */
    void refusedByPeer(IsakmpSa sa, Notification notification, Verdict.Drop why) {
        if (!sa.isEstablished()) {
            if (Notices.isOfPhaseOne(notification)) {
                abandon(sa, why);
            }
            return;
        }
        List<QuickMode> running = sa.quickModes().values().stream().filter(mode -> !mode.isOver()).toList();
        boolean last = sa.row().initiator() == (sa.row().exchange() == IkeSa.Exchange.AGGRESSIVE);
        if (last && sa.negotiation() != null && Notices.isOfPhaseOne(notification) && isOfAuthentication(notification.notifyType(), running.isEmpty())) {
            end(sa, false, why.reason(), why.texts().toArray(String[]::new));    // it was this node's last message that is refused
            return;
        }
        if (last && sa.negotiation() != null && notification.notifyType() == NotifyType.PAYLOAD_MALFORMED && !sa.hasBegunAgain()
                && running.stream().anyMatch(QuickMode::isInitiator)) {
            // They came there before this node's last message of phase one, which their IV follows from; repeated, they are as unreadable to who remembers a wrong one.
            sa.beginsAgain();
            for (QuickMode mode : running.stream().filter(QuickMode::isInitiator).toList()) {
                mode.withdraw(why);
                ike.demands().want(mode.need());
            }
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
            ike.demands().failed(peer);
        }
    }

    void forget(IsakmpSa sa) {
        remove(sa, Reason.IKE_STEP, "forgotten");
    }

    /** The peer does not answer any more. */
    void dead(IsakmpSa sa, int questions) {
        ike.children().with(sa.row().remoteIdentity()).forEach(child -> ike.children().remove(child, Reason.IKE_PEER_DEAD, Integer.toString(questions)));
        end(sa, false, Reason.IKE_PEER_DEAD, Integer.toString(questions));
    }

    /**
     * Ends an established phase one. Its SA pairs stay (recommendation Q), or go with it.
     *
     * @param tell whether the peer is told
     */
    void end(IsakmpSa sa, boolean tell, Reason reason, String... args) {
        if (!table.contains(sa)) {
            return;
        }
        if (tell) {
            ike.informational().deleted(sa);
        }
        if (!env.policy().keepsLifetimesApart()) {
            for (IkeChild child : ike.children().with(sa.row().remoteIdentity())) {
                if (child.ikeSa() == sa.id()) {
                    ike.children().remove(child, Reason.IKE_CHILD_ENDS_WITH_PHASE_ONE);
                }
            }
        }
        List<ChildNeed> unfinished = sa.quickModes().values().stream()
                .filter(mode -> mode.isInitiator() && !mode.isOver() && mode.isUnderOld()).map(QuickMode::need).toList();
        remove(sa, reason, args);
        boolean another = switch (reason) {
            case IKE_EXPIRED, IKE_REPLACED, IKE_TIMED_OUT -> true;
            case IKE_DELETED -> !tell;
            default -> false;
        };
        if (another) {
            unfinished.forEach(ike.demands()::want);
        }
    }

    /** A peer does not answer under a phase one that it once had: the need for an SA pair is one for another phase one. */
    void unanswered(IsakmpSa sa, ChildNeed need, String step) {
        end(sa, true, Reason.IKE_TIMED_OUT, step);
        ike.demands().want(need);
    }

    private void remove(IsakmpSa sa, Reason reason, String... args) {
        if (!table.remove(sa)) {
            return;
        }
        if (sa.negotiation() != null) {
            sa.negotiation().sent.stop();
        }
        if (sa.liveness() != null) {
            sa.liveness().stop();
        }
        ike.fragments().forget(sa);
        for (QuickMode mode : List.copyOf(sa.quickModes().values())) {
            mode.cut(Verdict.drop(reason, (Object[]) args));
        }
        for (String timer : List.of(halfOpenTimer(sa), expires(sa), "phase one " + sa.id() + " over")) {
            env.timers().cancel(timer);
        }
        sa.remove(reason, args);
    }
}
