package careof.engine.mobility;

import careof.engine.base.Ip6Address;
import careof.engine.base.Malformed;
import careof.engine.base.Octets;
import careof.engine.stack.Carriage;
import careof.engine.stack.Inbound;
import careof.engine.stack.IpStack;
import careof.engine.stack.NodeEnv;
import careof.engine.stack.Table;
import careof.engine.state.ListEntry;
import careof.engine.state.ListEntry.Phase;
import careof.engine.state.ModeEntry;
import careof.engine.state.ReturnRoutabilityEntry;
import careof.engine.state.ReturnRoutabilityEntry.Token;
import careof.engine.trace.Reason;
import careof.engine.wire.ip.Ip6Packet;
import careof.engine.wire.mobility.BindingStatus;
import careof.engine.wire.mobility.MobilityHeader;
import careof.engine.wire.mobility.MobilityMessage;
import careof.engine.wire.mobility.MobilityMessage.BindingAcknowledgement;
import careof.engine.wire.mobility.MobilityMessage.BindingUpdate;
import careof.engine.wire.mobility.MobilityMessage.CareOfTest;
import careof.engine.wire.mobility.MobilityMessage.CareOfTestInit;
import careof.engine.wire.mobility.MobilityMessage.HomeTest;
import careof.engine.wire.mobility.MobilityMessage.HomeTestInit;
import careof.engine.wire.mobility.MobilityOption;
import java.util.List;
import java.util.Optional;

/**
 * A mobile node's registrations with correspondents (RFC 6275 sections 11.6 and 11.7.2): return routability, then binding updates, for
 * each peer whose mode wants direct packets. Until the peer has acknowledged the present care-of address, packets go through
 * the home agent.
 */
final class CorrespondentRegistrations {
    /** After so long a peer that refused is asked again. */
    private static final long RETRY = 60 * careof.engine.base.VirtualTime.SECOND;
    private static final int MOST_DELETIONS = 6;

    private final MobileNode node;
    private final IpStack stack;
    private final NodeEnv env;
    private final Table<Ip6Address, ModeEntry> modes;
    private final Table<Ip6Address, ReturnRoutabilityEntry> tests;

    CorrespondentRegistrations(MobileNode node) {
        this.node = node;
        this.stack = node.stack();
        this.env = stack.env();
        this.modes = env.table();
        this.tests = env.table();
    }

    void setMode(Ip6Address peer, String name, MobileNode.PeerMode mode) {
        modes.put(peer, new ModeEntry(peer, name, mode.text()), Reason.MODE_SET, name.isEmpty() ? peer.toString() : name, mode.text());
        ListEntry entry = node.list().get(peer);
        if (entry != null && entry.homeRegistration()) {
            return;
        }
        if (mode == MobileNode.PeerMode.BIDIRECTIONAL && entry != null) {
            delete(entry);
        } else if (mode != MobileNode.PeerMode.BIDIRECTIONAL && settled() && !isDirect(peer)) {
            start(peer);
        }
    }

    /** Away, and the home agent holds a binding, so that home tests can pass. */
    private boolean settled() {
        return node.careOf().isPresent() && node.homeRegistration().tunnel().isPresent();
    }

    private boolean wantsDirect(Ip6Address peer) {
        ModeEntry mode = modes.get(peer);
        return mode != null && !mode.mode().equals(MobileNode.PeerMode.BIDIRECTIONAL.text());
    }

    /** Peers to register with; the home agent has its own registration. */
    private List<Ip6Address> peers() {
        Optional<Ip6Address> agent = node.homeRegistration().agent();
        return modes.values().stream().map(ModeEntry::peer).filter(this::wantsDirect).filter(peer -> !agent.equals(Optional.of(peer))).toList();
    }

    /** May packets go to this peer with a home address option: does it hold a binding to the present care-of address? */
    boolean isDirect(Ip6Address peer) {
        ListEntry entry = node.list().get(peer);
        return entry != null && wantsDirect(peer) && node.careOf().isPresent() && entry.acknowledgedCareOf().equals(node.careOf())
                && entry.until() > env.now() && entry.phase() != Phase.REFUSED && entry.phase() != Phase.DEREGISTERING;
    }

    /** An answer from this peer is due. */
    boolean isAwaiting(ListEntry entry) {
        ReturnRoutabilityEntry test = tests.get(entry.peer());
        boolean testing = test != null && (test.homeToken().isEmpty() || test.careOfToken().isEmpty());
        return entry.phase() == Phase.SENT || entry.phase() == Phase.DEREGISTERING || testing;
    }

    /** The link is gone: nothing can be sent for now. */
    void suspend() {
        for (ListEntry entry : node.list().values()) {
            if (!entry.homeRegistration()) {
                silence(entry.peer());
            }
        }
    }

    private void silence(Ip6Address peer) {
        env.timers().cancel(homeTimer(peer));
        env.timers().cancel(careOfTimer(peer));
        env.timers().cancel(updateTimer(peer));
        env.timers().cancel(refreshTimer(peer));
    }

    private static String homeTimer(Ip6Address peer) {
        return "home test " + peer;
    }

    private static String careOfTimer(Ip6Address peer) {
        return "care-of test " + peer;
    }

    private static String updateTimer(Ip6Address peer) {
        return "binding update " + peer;
    }

    private static String refreshTimer(Ip6Address peer) {
        return "refresh registration " + peer;
    }

    /** A new care-of address: the tests start beside the home registration where its tunnel is there already. */
    void moved() {
        if (settled()) {
            resumeDeletions();
            peers().stream().filter(peer -> !isDirect(peer)).forEach(this::start);
        }
    }

    /** Deletions that the loss of the link cut short. */
    private void resumeDeletions() {
        node.list().values().stream().filter(entry -> !entry.homeRegistration() && entry.phase() == Phase.DEREGISTERING && !wantsDirect(entry.peer())
                && !env.timers().isSet(updateTimer(entry.peer())) && !env.timers().isSet(homeTimer(entry.peer()))).forEach(this::delete);
    }

    /** The home agent holds the present care-of address: binding updates may go out. */
    void homeAccepted() {
        resumeDeletions();
        for (Ip6Address peer : peers()) {
            ListEntry entry = node.list().get(peer);
            ReturnRoutabilityEntry test = tests.get(peer);
            boolean running = entry != null && test != null && node.careOf().equals(Optional.of(test.careOf()))
                    && (env.timers().isSet(homeTimer(peer)) || env.timers().isSet(careOfTimer(peer)));
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

    private static Optional<Token> fresh(Optional<Token> token, long now) {
        return token.filter(t -> now - t.since() < Times.MAX_TOKEN_LIFETIME);
    }

    /** Starts return routability; tokens that are still good are used again (RFC 6275 section 5.2.7). */
    private void start(Ip6Address peer) {
        if (node.careOf().isEmpty()) {
            return;
        }
        Ip6Address careOf = node.careOf().get();
        test(peer, careOf);
        ListEntry old = node.list().get(peer);
        if (old == null) {
            node.list().put(peer, new ListEntry(peer, name(peer), node.home(), careOf, node.freshSequence(), false, 0, 0, 0, Phase.PENDING, Optional.empty(), 0),
                    Reason.TEST_STARTED);
        } else if (!isDirect(peer)) {
            node.list().put(peer, with(old, careOf, old.sequence(), old.until(), 0, Phase.PENDING, old.acknowledgedCareOf()), Reason.TEST_STARTED);
        }
        env.timers().cancel(updateTimer(peer));
        env.timers().cancel(refreshTimer(peer));
        ReturnRoutabilityEntry test = tests.get(peer);
        if (test.homeToken().isEmpty()) {
            sendHomeTestInit(peer);
        }
        if (test.careOfToken().isEmpty()) {
            sendCareOfTestInit(peer);
        }
        update(peer);
    }

    private String name(Ip6Address peer) {
        return modes.find(peer).map(ModeEntry::peerName).orElse("");
    }

    /** The row of a peer's tests, its tokens only those that are still good. */
    private void test(Ip6Address peer, Ip6Address careOf) {
        ReturnRoutabilityEntry old = tests.get(peer);
        Optional<Token> home = old == null ? Optional.empty() : fresh(old.homeToken(), env.now());
        Optional<Token> away = old == null || !old.careOf().equals(careOf) ? Optional.empty() : fresh(old.careOfToken(), env.now());
        tests.put(peer, new ReturnRoutabilityEntry(peer, node.home(), careOf, old == null ? 0 : old.homeCookie(), old == null ? 0 : old.careOfCookie(),
                home, away, 0, 0), Reason.TEST_STARTED);
    }

    /** Home Test Init: through the home agent, or from home (RFC 6275 sections 11.6.1 and 5.2.5). */
    private void sendHomeTestInit(Ip6Address peer) {
        ReturnRoutabilityEntry old = tests.get(peer);
        if (!node.limits().allowMessage("home test inits to " + peer)) {
            env.timers().in(homeTimer(peer), Times.INITIAL_BINDACK_TIMEOUT, () -> sendHomeTestInit(peer));
            return;
        }
        long cookie = env.bits("cookies");
        int tries = old.homeTries() + 1;
        tests.put(peer, new ReturnRoutabilityEntry(peer, node.home(), old.careOf(), cookie, old.careOfCookie(), old.homeToken(), old.careOfToken(), tries,
                old.careOfTries()), tries == 1 ? Reason.TEST_STARTED : Reason.TEST_RETRIED);
        Ip6Packet init = Signalling.packet(node.home(), peer, new HomeTestInit(cookie, List.of()));
        Optional<Carriage.Tunnel> tunnel = node.homeRegistration().tunnel();
        if (node.isAtHome()) {
            stack.output().sendAsIs(init, 0, true);
        } else if (tunnel.isPresent()) {
            stack.output().sendInTunnel(init, tunnel.get(), 0, true);
        }
        env.timers().in(homeTimer(peer), Times.backOff(Times.INITIAL_BINDACK_TIMEOUT, tries - 1), () -> homeTestUnanswered(peer));
    }

    private void homeTestUnanswered(Ip6Address peer) {
        ListEntry entry = node.list().get(peer);
        if (entry != null && entry.phase() == Phase.DEREGISTERING && (entry.until() <= env.now() || tests.get(peer).homeTries() >= MOST_DELETIONS)) {
            forget(peer, Reason.UPDATE_GIVEN_UP);
        } else {
            sendHomeTestInit(peer);
        }
    }

    /** Care-of Test Init: straight from the care-of address. */
    private void sendCareOfTestInit(Ip6Address peer) {
        ReturnRoutabilityEntry old = tests.get(peer);
        if (!node.limits().allowMessage("care-of test inits to " + peer)) {
            env.timers().in(careOfTimer(peer), Times.INITIAL_BINDACK_TIMEOUT, () -> sendCareOfTestInit(peer));
            return;
        }
        long cookie = env.bits("cookies");
        int tries = old.careOfTries() + 1;
        tests.put(peer, new ReturnRoutabilityEntry(peer, node.home(), old.careOf(), old.homeCookie(), cookie, old.homeToken(), old.careOfToken(),
                old.homeTries(), tries), tries == 1 ? Reason.TEST_STARTED : Reason.TEST_RETRIED);
        stack.output().sendAsIs(Signalling.packet(old.careOf(), peer, new CareOfTestInit(cookie, List.of())), 0, true);
        env.timers().in(careOfTimer(peer), Times.backOff(Times.INITIAL_BINDACK_TIMEOUT, tries - 1), () -> sendCareOfTestInit(peer));
    }

    /** RFC 6275 section 11.6.2. */
    void homeTest(Inbound in, HomeTest message) {
        Ip6Address peer = in.source();
        ReturnRoutabilityEntry test = tests.get(peer);
        if (test == null || test.homeToken().isPresent() || !env.timers().isSet(homeTimer(peer))) {
            ignored(in, "no home test is awaited from " + peer);
        } else if (!in.destination().equals(node.home()) || !in.tunnel().equals(node.isAtHome() ? Optional.empty() : node.homeRegistration().agent())) {
            ignored(in, "it did not come through the home agent");
        } else if (message.cookie() != test.homeCookie()) {
            ignored(in, "home init cookie is wrong");
        } else {
            env.decided(in.packet(), Reason.HOME_TEST_RECEIVED);
            env.timers().cancel(homeTimer(peer));
            tests.put(peer, new ReturnRoutabilityEntry(peer, test.home(), test.careOf(), test.homeCookie(), test.careOfCookie(),
                    Optional.of(new Token(message.nonceIndex(), message.keygenToken(), env.now())), test.careOfToken(), 0, test.careOfTries()),
                    Reason.HOME_TEST_RECEIVED);
            update(peer);
        }
    }

    /** RFC 6275 section 11.6.2. */
    void careOfTest(Inbound in, CareOfTest message) {
        Ip6Address peer = in.source();
        ReturnRoutabilityEntry test = tests.get(peer);
        if (test == null || test.careOfToken().isPresent() || !env.timers().isSet(careOfTimer(peer))) {
            ignored(in, "no care-of test is awaited from " + peer);
        } else if (!in.destination().equals(test.careOf())) {
            ignored(in, "it is not for care-of address " + test.careOf());
        } else if (message.cookie() != test.careOfCookie()) {
            ignored(in, "care-of init cookie is wrong");
        } else {
            env.decided(in.packet(), Reason.CARE_OF_TEST_RECEIVED);
            env.timers().cancel(careOfTimer(peer));
            tests.put(peer, new ReturnRoutabilityEntry(peer, test.home(), test.careOf(), test.homeCookie(), test.careOfCookie(), test.homeToken(),
                    Optional.of(new Token(message.nonceIndex(), message.keygenToken(), env.now())), test.homeTries(), 0), Reason.CARE_OF_TEST_RECEIVED);
            update(peer);
        }
    }

    private void ignored(Inbound in, String what) {
        env.dropped(in.packet(), Reason.TEST_IGNORED, what);
    }

    /** Sends the binding update once all that it needs is there. */
    private void update(Ip6Address peer) {
        ListEntry entry = node.list().get(peer);
        ReturnRoutabilityEntry test = tests.get(peer);
        if (entry == null || test.homeToken().isEmpty()) {
            return;
        }
        if (entry.phase() == Phase.DEREGISTERING) {
            transmit(entry, 0);
        } else if (test.careOfToken().isPresent() && node.homeRegistration().isAccepted() && node.careOf().equals(Optional.of(test.careOf()))) {
            transmit(entry, 0);
        }
    }

    /** Kbm of the present tokens. */
    private static Octets bindingKey(ReturnRoutabilityEntry test, boolean deletes) {
        long home = test.homeToken().orElseThrow().token();
        return deletes ? Tokens.bindingKey(home) : Tokens.bindingKey(home, test.careOfToken().orElseThrow().token());
    }

    private void transmit(ListEntry old, int retransmissions) {
        Ip6Address peer = old.peer();
        ReturnRoutabilityEntry test = tests.get(peer);
        boolean deletes = old.phase() == Phase.DEREGISTERING;
        long lifetime = Math.min(Math.min(Times.MAX_RR_BINDING_LIFETIME, node.settings().lifetime()), node.homeRegistration().until() - env.now());
        int units = deletes ? 0 : Times.units(lifetime);
        if (!deletes && units == 0) {
            return; // the home registration is about to end; its refresh leads here again
        }
        if (!node.limits().allowMessage("binding updates to " + peer)) {
            env.timers().in(updateTimer(peer), Times.INITIAL_BINDACK_TIMEOUT, () -> node.list().find(peer).ifPresent(now -> transmit(now, retransmissions)));
            return;
        }
        Ip6Address careOf = deletes ? node.home() : test.careOf();
        int sequence = old.sequence() + 1 & 0xffff;
        long until = deletes || isDirect(peer) ? old.until() : 0;
        ListEntry now = new ListEntry(peer, old.peerName(), node.home(), careOf, sequence, false, until, 0, retransmissions,
                deletes ? Phase.DEREGISTERING : Phase.SENT, old.acknowledgedCareOf(), env.now());
        node.list().put(peer, now, retransmissions == 0 ? Reason.BINDING_UPDATE_SENT : Reason.BINDING_UPDATE_RETRANSMITTED);
        env.count("binding updates");
        MobilityOption indices = new MobilityOption.NonceIndices(test.homeToken().orElseThrow().nonceIndex(),
                deletes ? 0 : test.careOfToken().orElseThrow().nonceIndex());
        MobilityHeader header = Signalling.authorized(new BindingUpdate(sequence, true, false, false, false, units, List.of(indices)),
                bindingKey(test, deletes), careOf, peer);
        // A peer that is mobile may have moved, too: only the first try trusts its binding, the others go by its home address.
        Optional<Ip6Address> routing = retransmissions == 0 ? node.correspondent().routing(peer) : Optional.empty();
        stack.output().sendAsIs(Signalling.extended(Signalling.packet(node.home(), peer, header), node.careOf(), routing), env.packet(), true);
        env.timers().in(updateTimer(peer), Times.backOff(Times.INITIAL_BINDACK_TIMEOUT, retransmissions), () -> unanswered(peer));
    }

    private void unanswered(Ip6Address peer) {
        ListEntry entry = node.list().get(peer);
        ReturnRoutabilityEntry test = tests.get(peer);
        boolean deletes = entry.phase() == Phase.DEREGISTERING;
        if (deletes && (entry.until() <= env.now() || entry.retransmissions() >= MOST_DELETIONS)) {
            forget(peer, Reason.UPDATE_GIVEN_UP);
        } else if (fresh(test.homeToken(), env.now()).isEmpty() || !deletes && fresh(test.careOfToken(), env.now()).isEmpty()) {
            again(entry);
        } else {
            transmit(entry, entry.retransmissions() + 1);
        }
    }

    /** Starts over with new tokens. */
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
        boolean expired = status == BindingStatus.EXPIRED_HOME_NONCE_INDEX || status == BindingStatus.EXPIRED_CARE_OF_NONCE_INDEX
                || status == BindingStatus.EXPIRED_NONCES;
        boolean outOfWindow = status == BindingStatus.SEQUENCE_NUMBER_OUT_OF_WINDOW;
        if (!expired && !isAuthentic(message, octets, entry)) {
            node.acknowledgementIgnored(in, "authenticator is missing or wrong");
        } else if (!outOfWindow && !entry.outstanding(message.sequence())) {
            node.acknowledgementIgnored(in, "sequence number " + message.sequence() + " instead of " + entry.sequence());
        } else if (expired) {
            notAccepted(in, status);
            dropTokens(entry.peer(), status);
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

    private boolean isAuthentic(BindingAcknowledgement message, Octets octets, ListEntry entry) {
        ReturnRoutabilityEntry test = tests.get(entry.peer());
        boolean deletes = entry.phase() == Phase.DEREGISTERING;
        if (test == null || test.homeToken().isEmpty() || !deletes && test.careOfToken().isEmpty()) {
            return false;
        }
        try {
            Octets signed = MobilityHeader.authenticatedPart(octets);
            Octets right = Tokens.authenticator(bindingKey(test, deletes), entry.careOf(), entry.peer(), signed);
            return message.option(MobilityOption.BindingAuthorizationData.class).map(data -> data.authenticator().equals(right)).orElse(false);
        } catch (Malformed e) {
            return false; // without the option, or not at the end
        }
    }

    private void dropTokens(Ip6Address peer, int status) {
        ReturnRoutabilityEntry old = tests.get(peer);
        tests.put(peer, new ReturnRoutabilityEntry(peer, old.home(), old.careOf(), old.homeCookie(), old.careOfCookie(),
                status == BindingStatus.EXPIRED_CARE_OF_NONCE_INDEX ? old.homeToken() : Optional.empty(),
                status == BindingStatus.EXPIRED_HOME_NONCE_INDEX ? old.careOfToken() : Optional.empty(), 0, 0),
                Reason.BINDING_NOT_ACCEPTED, BindingStatus.name(status));
    }

    private void accepted(Inbound in, BindingAcknowledgement message, ListEntry entry) {
        env.decided(in.packet(), Reason.BINDING_ACKNOWLEDGED);
        env.timers().cancel(updateTimer(entry.peer()));
        long granted = Math.min(message.lifetime() * Times.UNIT, Times.MAX_RR_BINDING_LIFETIME);
        ListEntry now = with(entry, entry.careOf(), entry.sequence(), entry.sentAt() + granted, entry.sentAt() + granted * 3 / 4, Phase.ACKNOWLEDGED,
                Optional.of(entry.careOf()));
        node.list().put(entry.peer(), now, Reason.BINDING_ACKNOWLEDGED);
        planRefresh(now);
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
            if (wantsDirect(peer)) {
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
        if (wantsDirect(entry.peer()) && settled()) {
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
        if (entry.phase() == Phase.ACKNOWLEDGED && wantsDirect(entry.peer()) && settled()) {
            start(entry.peer());
        }
    }

    /** Takes a binding back; only a home keygen token is needed. */
    private void delete(ListEntry entry) {
        Ip6Address peer = entry.peer();
        silence(peer);
        boolean mayHold = entry.phase() == Phase.SENT || entry.phase() == Phase.DEREGISTERING
                || entry.acknowledgedCareOf().isPresent() && entry.until() > env.now();
        if (!mayHold || tests.get(peer) == null) {
            forget(peer, Reason.UPDATE_GIVEN_UP);
            return;
        }
        // Of a binding update without an answer the end is not known: what was asked for at most.
        long until = entry.until() != 0 ? entry.until() : entry.sentAt() + Math.min(Times.MAX_RR_BINDING_LIFETIME, node.settings().lifetime());
        node.list().put(peer, with(entry, node.home(), entry.sequence(), until, 0, Phase.DEREGISTERING, entry.acknowledgedCareOf()), Reason.BINDING_DELETED);
        test(peer, tests.get(peer).careOf());
        if (tests.get(peer).homeToken().isEmpty()) {
            sendHomeTestInit(peer);
        } else {
            update(peer);
        }
    }

    private static ListEntry with(ListEntry old, Ip6Address careOf, int sequence, long until, long refreshAt, Phase phase, Optional<Ip6Address> acknowledged) {
        return new ListEntry(old.peer(), old.peerName(), old.home(), careOf, sequence, false, until, refreshAt, 0, phase, acknowledged, old.sentAt());
    }
}
