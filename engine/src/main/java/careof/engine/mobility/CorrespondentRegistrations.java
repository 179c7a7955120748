package careof.engine.mobility;

import careof.engine.base.Ip6Address;
import careof.engine.base.IpAddress;
import careof.engine.base.Octets;
import careof.engine.base.VirtualTime;
import careof.engine.stack.Inbound;
import careof.engine.stack.IpStack;
import careof.engine.stack.NodeEnv;
import careof.engine.state.ListEntry;
import careof.engine.state.ListEntry.Phase;
import careof.engine.state.ReturnRoutabilityEntry;
import careof.engine.trace.Reason;
import careof.engine.wire.mobility.BindingStatus;
import careof.engine.wire.mobility.MobilityHeader;
import careof.engine.wire.mobility.MobilityMessage;
import careof.engine.wire.mobility.MobilityMessage.BindingAcknowledgement;
import careof.engine.wire.mobility.MobilityMessage.BindingUpdate;
import java.util.List;
import java.util.Optional;

/**
 * A mobile node's registrations with correspondents (RFC 6275 sections 11.6 and 11.7.2), for each peer whose mode wants direct packets: binding
 * updates at once where an SA authenticates them (recommendation E1), else after return routability. Until the peer has acknowledged the
 * present care-of address, packets go through the home agent.
 */
final class CorrespondentRegistrations {
    /** After so long a peer that refused is asked again. */
    private static final long RETRY = 60 * VirtualTime.SECOND;
    private static final int MOST_DELETIONS = 6;

    private final MobileNode node;
    private final IpStack stack;
    private final NodeEnv env;
    private final PeerModes modes;
    private final ReturnRoutability tests;
    private final AuthenticatedUpdates authenticated;

    CorrespondentRegistrations(MobileNode node) {
        this.node = node;
        this.stack = node.stack();
        this.env = stack.env();
        this.modes = new PeerModes(node);
        this.authenticated = new AuthenticatedUpdates(node);
        this.tests = new ReturnRoutability(node, new ReturnRoutability.Listener() {
            @Override
            public void progressed(Ip6Address peer) {
                update(peer);
            }

            @Override
            public boolean stillWanted(Ip6Address peer, int tries) {
                ListEntry entry = node.list().get(peer);
                boolean given = entry != null && entry.phase() == Phase.DEREGISTERING && (entry.until() <= env.now() || tries >= MOST_DELETIONS);
                if (given) {
                    forget(peer, Reason.UPDATE_GIVEN_UP);
                }
                return !given;
            }
        });
    }

    PeerModes modes() {
        return modes;
    }

    ReturnRoutability tests() {
        return tests;
    }

    void setMode(Ip6Address peer, String name, MobileNode.PeerMode mode) {
        modes.set(peer, name, mode);
        ListEntry entry = node.list().get(peer);
        if (entry != null && entry.homeRegistration()) {
            return;
        }
        if (entry != null && !modes.wantsBinding(peer)) {
            delete(entry);
        } else if (node.careOf().isPresent() && modes.wantsBinding(peer) && !isDirect(peer) && (settled() || authenticated.areVouchedFor(peer))) {
            start(peer);
        }
    }

    /** Away, and the home agent holds a binding, so that home tests can pass. */
    private boolean settled() {
        return node.careOf().isPresent() && node.homeRegistration().tunnel().isPresent();
    }

    /** May packets go to this peer with a home address option: does it hold a binding to the present care-of address? */
    boolean isDirect(Ip6Address peer) {
        ListEntry entry = node.list().get(peer);
        return entry != null && modes.wantsDirect(peer) && node.careOf().isPresent() && entry.acknowledgedCareOf().equals(node.careOf())
                && entry.until() > env.now() && entry.phase() != Phase.REFUSED && entry.phase() != Phase.DEREGISTERING;
    }

    /** Whether a peer is sent binding updates that an SA authenticates. */
    boolean isToldUnderSa(IpAddress peer) {
        return peer instanceof Ip6Address to && modes.toRegisterWith().contains(to) && authenticated.moveTunnels(to);
    }

    /** A first binding update stayed without an answer: what is known of a peer that is mobile, too, is in doubt. */
    boolean isUnanswered(Ip6Address peer) {
        ListEntry entry = node.list().get(peer);
        return entry != null && entry.phase() == Phase.SENT && entry.retransmissions() > 0;
    }

    /** An answer from this peer is due. */
    boolean isAwaiting(ListEntry entry) {
        return entry.phase() == Phase.SENT || entry.phase() == Phase.DEREGISTERING || tests.isIncomplete(entry.peer());
    }

    /** The link is gone: nothing can be sent for now. */
    void suspend() {
        node.list().values().stream().filter(entry -> !entry.homeRegistration()).forEach(entry -> silence(entry.peer()));
    }

    private void silence(Ip6Address peer) {
        tests.silence(peer);
        env.timers().cancel(updateTimer(peer));
        env.timers().cancel(refreshTimer(peer));
    }

    private static String updateTimer(Ip6Address peer) {
        return "binding update " + peer;
    }

    private static String refreshTimer(Ip6Address peer) {
        return "refresh registration " + peer;
    }

    /** A new care-of address: this starts beside the home registration, tests where the tunnel that they need is there already. */
    void moved() {
        if (settled()) {
            resumeDeletions();
        }
        modes.toRegisterWith().stream().filter(peer -> !isDirect(peer) && (settled() || authenticated.areVouchedFor(peer))).forEach(this::start);
    }

    /** Deletions that the loss of the link cut short. */
    private void resumeDeletions() {
        node.list().values().stream().filter(entry -> !entry.homeRegistration() && entry.phase() == Phase.DEREGISTERING && !modes.wantsBinding(entry.peer())
                && !env.timers().isSet(updateTimer(entry.peer())) && !tests.isRunning(entry.peer())).forEach(this::delete);
    }

    /** The home agent holds the present care-of address: binding updates may go out. */
    void homeAccepted() {
        resumeDeletions();
        for (Ip6Address peer : modes.toRegisterWith()) {
            ListEntry entry = node.list().get(peer);
            ReturnRoutabilityEntry test = tests.get(peer);
            boolean running = entry != null && test != null && node.careOf().equals(Optional.of(test.careOf())) && tests.isRunning(peer);
            if (entry != null && (entry.phase() == Phase.SENT && node.careOf().equals(Optional.of(entry.careOf())) && env.timers().isSet(updateTimer(peer))
                    || entry.phase() == Phase.REFUSED && env.timers().isSet(refreshTimer(peer)) || running)) {
                continue;
            }
            if (isDirect(peer) && entry.phase() == Phase.ACKNOWLEDGED) {
                planRefresh(entry);
            } else {
                start(peer);
            }
        }
    }

    /** At home: bindings elsewhere are deleted, for which a home keygen token is enough (RFC 6275 section 11.6.1). */
    void returnHome() {
        node.list().values().stream().filter(entry -> !entry.homeRegistration()).forEach(this::delete);
    }

    /** Tells a peer where the node is: at once where an SA vouches for that, else return routability comes first. */
    private void start(Ip6Address peer) {
        if (node.careOf().isEmpty()) {
            return;
        }
        Ip6Address careOf = node.careOf().get();
        ListEntry old = node.list().get(peer);
        ListEntry now = old == null
                ? new ListEntry(peer, modes.name(peer), node.home(), careOf, node.freshSequence(), false, 0, 0, 0, Phase.PENDING, Optional.empty(), 0)
                : with(old, careOf, old.sequence(), old.until(), 0, Phase.PENDING, old.acknowledgedCareOf());
        env.timers().cancel(updateTimer(peer));
        env.timers().cancel(refreshTimer(peer));
        if (authenticated.areVouchedFor(peer)) {
            tests.silence(peer);
            transmit(now, 0);
            return;
        }
        tests.renew(peer, careOf);
        if (!isDirect(peer)) {
            node.list().put(peer, now, Reason.TEST_STARTED);
        }
        tests.ask(peer);
        update(peer);
    }

    /** Sends the binding update once all tokens that it needs are there. */
    private void update(Ip6Address peer) {
        ListEntry entry = node.list().get(peer);
        ReturnRoutabilityEntry test = tests.get(peer);
        if (entry == null || test.homeToken().isEmpty()) {
            return;
        }
        if (entry.phase() == Phase.DEREGISTERING
                || test.careOfToken().isPresent() && node.homeRegistration().isAccepted() && node.careOf().equals(Optional.of(test.careOf()))) {
            transmit(entry, 0);
        }
    }

    /** Units of a binding's lifetime: none may outlive the home registration (RFC 6275 section 11.7.2), one by tokens MAX_RR_BINDING_LIFETIME. */
    private int lifetime(boolean vouched) {
        long home = node.homeRegistration().until() - env.now();
        long most = vouched ? home > 0 ? home : Long.MAX_VALUE : Math.min(home, Times.MAX_RR_BINDING_LIFETIME);
        return Times.units(Math.min(most, node.settings().lifetime()));
    }

    private void transmit(ListEntry old, int retransmissions) {
        Ip6Address peer = old.peer();
        boolean deletes = old.phase() == Phase.DEREGISTERING;
        if (!deletes && node.careOf().isEmpty()) {
            return; // between two links; the next care-of address leads here again
        }
        boolean vouched = authenticated.areVouchedFor(peer);
        int units = deletes ? 0 : lifetime(vouched);
        if (!deletes && units == 0) {
            return; // the home registration is about to end; its refresh leads here again
        }
        if (!vouched && !tests.isFresh(peer, deletes)) {
            again(old); // the SA is gone, or not trusted any more
            return;
        }
        if (!node.limits().allowMessage("binding updates to " + peer)) {
            if (node.list().get(peer) == null) {
                node.list().put(peer, old, Reason.RATE_LIMIT);
            }
            env.timers().in(updateTimer(peer), Times.INITIAL_BINDACK_TIMEOUT, () -> node.list().find(peer).ifPresent(now -> transmit(now, retransmissions)));
            return;
        }
        Ip6Address careOf = deletes ? node.home() : node.careOf().get();
        int sequence = old.sequence() + 1 & 0xffff;
        long until = deletes || isDirect(peer) ? old.until() : 0;
        ListEntry now = new ListEntry(peer, old.peerName(), node.home(), careOf, sequence, false, until, 0, retransmissions,
                deletes ? Phase.DEREGISTERING : Phase.SENT, old.acknowledgedCareOf(), env.now());
        node.list().put(peer, now, retransmissions == 0 ? Reason.BINDING_UPDATE_SENT : Reason.BINDING_UPDATE_RETRANSMITTED);
        env.count("binding updates");
        BindingUpdate update = new BindingUpdate(sequence, true, false, false, false, units, List.of());
        authenticated.follow(peer, careOf, retransmissions > 0);
        MobilityHeader header = vouched ? authenticated.header(update, peer, careOf, deletes) : tests.authorized(peer, update, careOf, deletes);
        // A peer that is mobile may have moved, too: only the first try trusts its binding, the others go by its home address.
        Optional<Ip6Address> routing = retransmissions == 0 ? node.correspondent().routing(peer) : Optional.empty();
        stack.output().sendAsIs(Signalling.extended(Signalling.packet(node.home(), peer, header), node.careOf(), routing), env.packet(), true);
        env.timers().in(updateTimer(peer), Times.backOff(Times.INITIAL_BINDACK_TIMEOUT, retransmissions), () -> unanswered(peer));
    }

    private void unanswered(Ip6Address peer) {
        ListEntry entry = node.list().get(peer);
        boolean deletes = entry.phase() == Phase.DEREGISTERING;
        if (deletes && (entry.until() <= env.now() || entry.retransmissions() >= MOST_DELETIONS)) {
            forget(peer, Reason.UPDATE_GIVEN_UP);
        } else if (authenticated.areVouchedFor(peer) && !deletes && settled() && authenticated.doubt(peer, entry.retransmissions() + 1)) {
            again(entry);
        } else {
            transmit(entry, entry.retransmissions() + 1);
        }
    }

    /** Starts over, with new tokens where they are needed. */
    private void again(ListEntry entry) {
        if (entry.phase() == Phase.DEREGISTERING) {
            delete(entry);
        } else {
            start(entry.peer());
        }
    }

    private void forget(Ip6Address peer, Reason reason) {
        silence(peer);
        node.list().remove(peer, reason);
    }

    /** RFC 6275 section 11.7.3; the entry awaits an acknowledgement. */
    void acknowledged(Inbound in, BindingAcknowledgement message, Octets octets, ListEntry entry) {
        int status = message.status();
        boolean expired = tests.get(entry.peer()) != null && (status == BindingStatus.EXPIRED_HOME_NONCE_INDEX
                || status == BindingStatus.EXPIRED_CARE_OF_NONCE_INDEX || status == BindingStatus.EXPIRED_NONCES);
        boolean outOfWindow = status == BindingStatus.SEQUENCE_NUMBER_OUT_OF_WINDOW;
        if (!authenticated.vouchesFor(in, entry.peer()) && !expired && !tests.isAuthentic(message, octets, entry)) {
            node.acknowledgementIgnored(in, "authenticator is missing or wrong");
        } else if (!outOfWindow && !entry.outstanding(message.sequence())) {
            node.acknowledgementIgnored(in, "sequence number " + message.sequence() + " instead of " + entry.sequence());
        } else if (expired) {
            notAccepted(in, status);
            tests.drop(entry.peer(), status);
            again(entry);
        } else if (outOfWindow) {
            notAccepted(in, status);
            ListEntry corrected = with(entry, entry.careOf(), message.sequence(), entry.until(), 0, entry.phase(), entry.acknowledgedCareOf());
            node.list().put(entry.peer(), corrected, Reason.BINDING_NOT_ACCEPTED, BindingStatus.name(status));
            transmit(corrected, 0);
        } else if (!BindingStatus.isAccepted(status)) {
            notAccepted(in, status);
            refused(entry, Reason.BINDING_NOT_ACCEPTED, BindingStatus.name(status));
        } else if (entry.phase() == Phase.DEREGISTERING) {
            env.decided(in.packet(), Reason.BINDING_ACKNOWLEDGED);
            forget(entry.peer(), Reason.BINDING_ACKNOWLEDGED);
        } else {
            accepted(in, message, entry);
        }
    }

    private void notAccepted(Inbound in, int status) {
        env.decided(in.packet(), Reason.BINDING_NOT_ACCEPTED, BindingStatus.name(status));
    }

    private void accepted(Inbound in, BindingAcknowledgement message, ListEntry entry) {
        env.decided(in.packet(), Reason.BINDING_ACKNOWLEDGED);
        env.timers().cancel(updateTimer(entry.peer()));
        long granted = Math.min(message.lifetime() * Times.UNIT, node.settings().lifetime());
        ListEntry now = with(entry, entry.careOf(), entry.sequence(), entry.sentAt() + granted, entry.sentAt() + granted * 3 / 4, Phase.ACKNOWLEDGED,
                Optional.of(entry.careOf()));
        node.list().put(entry.peer(), now, Reason.BINDING_ACKNOWLEDGED);
        planRefresh(now);
        if (entry.retransmissions() > 0) {
            authenticated.answered(in, entry.peer());
        }
    }

    private void planRefresh(ListEntry entry) {
        if (entry.phase() == Phase.ACKNOWLEDGED && !env.timers().isSet(refreshTimer(entry.peer()))) {
            env.timers().set(refreshTimer(entry.peer()), entry.refreshAt(), () -> start(entry.peer()));
        }
    }

    /** The peer will not, or cannot: packets go through the home agent; after a while it is asked again. */
    void refused(ListEntry entry, Reason reason, String... args) {
        Ip6Address peer = entry.peer();
        silence(peer);
        node.list().put(peer, with(entry, entry.careOf(), entry.sequence(), 0, 0, Phase.REFUSED, Optional.empty()), reason, args);
        env.timers().in(refreshTimer(peer), RETRY, () -> {
            if (modes.wantsBinding(peer)) {
                start(peer);
            } else {
                forget(peer, Reason.UPDATE_GIVEN_UP);
            }
        });
    }

    /** The peer has no binding although it acknowledged one: through the home agent, and once more from the start. */
    void lost(ListEntry entry) {
        if (entry.phase() != Phase.ACKNOWLEDGED) {
            return; // a binding update is under way already
        }
        node.list().put(entry.peer(), with(entry, entry.careOf(), entry.sequence(), 0, 0, Phase.PENDING, Optional.empty()), Reason.BINDING_ERROR_RECEIVED,
                BindingStatus.errorName(BindingStatus.ERROR_UNKNOWN_BINDING), entry.peer().toString());
        if (modes.wantsBinding(entry.peer()) && (settled() || authenticated.areVouchedFor(entry.peer()))) {
            start(entry.peer());
        }
    }

    /** A peer that is mobile, too, tells a new care-of address: a binding update that went to the old one is sent again at once. */
    void peerMoved(Ip6Address peer) {
        ListEntry entry = node.list().get(peer);
        if (entry != null && entry.phase() == Phase.SENT && env.timers().isSet(updateTimer(peer))) {
            transmit(entry, 0);
        }
    }

    /** RFC 6275 section 11.7.4. */
    void refreshRequest(Inbound in) {
        ListEntry entry = node.list().get(in.source());
        if (entry == null || entry.homeRegistration() || !in.destination().equals(node.home())) {
            env.dropped(in.packet(), Reason.BINDING_UPDATE_IGNORED, "refresh request from " + in.source() + ", where no binding update went");
            return;
        }
        env.decided(in.packet(), Reason.REFRESH_REQUESTED);
        if (entry.phase() == Phase.ACKNOWLEDGED && modes.wantsBinding(entry.peer()) && (settled() || authenticated.areVouchedFor(entry.peer()))) {
            start(entry.peer());
        }
    }

    /** Takes a binding back; a home keygen token is enough. */
    private void delete(ListEntry entry) {
        Ip6Address peer = entry.peer();
        silence(peer);
        boolean mayHold = entry.phase() == Phase.SENT || entry.phase() == Phase.DEREGISTERING
                || entry.acknowledgedCareOf().isPresent() && entry.until() > env.now();
        boolean vouched = authenticated.areVouchedFor(peer);
        if (!mayHold || !vouched && tests.get(peer) == null) {
            forget(peer, Reason.UPDATE_GIVEN_UP);
            return;
        }
        // Of a binding update without an answer the end is not known: what was asked for at most.
        long until = entry.until() != 0 ? entry.until() : entry.sentAt() + node.settings().lifetime();
        ListEntry now = with(entry, node.home(), entry.sequence(), until, 0, Phase.DEREGISTERING, entry.acknowledgedCareOf());
        node.list().put(peer, now, Reason.BINDING_DELETED);
        if (vouched) {
            transmit(now, 0);
            return;
        }
        tests.renew(peer, tests.get(peer).careOf());
        if (tests.get(peer).homeToken().isEmpty()) {
            tests.sendHomeTestInit(peer);
        } else {
            update(peer);
        }
    }

    private static ListEntry with(ListEntry old, IpAddress careOf, int sequence, long until, long refreshAt, Phase phase, Optional<IpAddress> acknowledged) {
        return new ListEntry(old.peer(), old.peerName(), old.home(), careOf, sequence, false, until, refreshAt, 0, phase, acknowledged, old.sentAt());
    }
}
