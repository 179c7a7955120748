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
import careof.engine.state.ReturnRoutabilityEntry;
import careof.engine.state.ReturnRoutabilityEntry.Token;
import careof.engine.trace.Reason;
import careof.engine.wire.ip.Ip6Packet;
import careof.engine.wire.mobility.BindingStatus;
import careof.engine.wire.mobility.MobilityHeader;
import careof.engine.wire.mobility.MobilityMessage.BindingAcknowledgement;
import careof.engine.wire.mobility.MobilityMessage.BindingUpdate;
import careof.engine.wire.mobility.MobilityMessage.CareOfTest;
import careof.engine.wire.mobility.MobilityMessage.CareOfTestInit;
import careof.engine.wire.mobility.MobilityMessage.HomeTest;
import careof.engine.wire.mobility.MobilityMessage.HomeTestInit;
import careof.engine.wire.mobility.MobilityOption;
import java.util.List;
import java.util.Optional;

/** A mobile node's half of return routability (RFC 6275 sections 5.2.5 and 11.6): test inits until tests come, and what their tokens make. */
final class ReturnRoutability {
    /** Told of a peer's tests. */
    interface Listener {
        /** A token came. */
        void progressed(Ip6Address peer);

        /** A home test did not come; false: it is not to be asked for again. */
        boolean stillWanted(Ip6Address peer, int tries);
    }

    private final MobileNode node;
    private final IpStack stack;
    private final NodeEnv env;
    private final Listener listener;
    private final Table<Ip6Address, ReturnRoutabilityEntry> tests;

    ReturnRoutability(MobileNode node, Listener listener) {
        this.node = node;
        this.stack = node.stack();
        this.env = stack.env();
        this.listener = listener;
        this.tests = env.table();
    }

    /** The row of a peer; null: none was ever needed. */
    ReturnRoutabilityEntry get(Ip6Address peer) {
        return tests.get(peer);
    }

    /** A test is still to come. */
    boolean isRunning(Ip6Address peer) {
        return env.timers().isSet(homeTimer(peer)) || env.timers().isSet(careOfTimer(peer));
    }

    boolean isIncomplete(Ip6Address peer) {
        ReturnRoutabilityEntry test = tests.get(peer);
        return test != null && (test.homeToken().isEmpty() || test.careOfToken().isEmpty());
    }

    /** Are the tokens that a binding update needs still good? */
    boolean isFresh(Ip6Address peer, boolean deletes) {
        ReturnRoutabilityEntry test = tests.get(peer);
        return test != null && fresh(test.homeToken()).isPresent() && (deletes || fresh(test.careOfToken()).isPresent());
    }

    void silence(Ip6Address peer) {
        env.timers().cancel(homeTimer(peer));
        env.timers().cancel(careOfTimer(peer));
    }

    private static String homeTimer(Ip6Address peer) {
        return "home test " + peer;
    }

    private static String careOfTimer(Ip6Address peer) {
        return "care-of test " + peer;
    }

    private Optional<Token> fresh(Optional<Token> token) {
        return token.filter(t -> env.now() - t.since() < Times.MAX_TOKEN_LIFETIME);
    }

    /** The row of a peer's tests, its tokens only those that are still good: they are used again (RFC 6275 section 5.2.7). */
    void renew(Ip6Address peer, Ip6Address careOf) {
        ReturnRoutabilityEntry old = tests.get(peer);
        Optional<Token> home = old == null ? Optional.empty() : fresh(old.homeToken());
        Optional<Token> away = old == null || !old.careOf().equals(careOf) ? Optional.empty() : fresh(old.careOfToken());
        tests.put(peer, new ReturnRoutabilityEntry(peer, node.home(), careOf, old == null ? 0 : old.homeCookie(), old == null ? 0 : old.careOfCookie(),
                home, away, 0, 0), Reason.TEST_STARTED);
    }

    /** Asks for the tokens that are not there. */
    void ask(Ip6Address peer) {
        ReturnRoutabilityEntry test = tests.get(peer);
        if (test.homeToken().isEmpty()) {
            sendHomeTestInit(peer);
        }
        if (test.careOfToken().isEmpty()) {
            sendCareOfTestInit(peer);
        }
    }

    /** Home Test Init: through the home agent, or from home (RFC 6275 sections 11.6.1 and 5.2.5). */
    void sendHomeTestInit(Ip6Address peer) {
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
        env.timers().in(homeTimer(peer), Times.backOff(Times.INITIAL_BINDACK_TIMEOUT, tries - 1), () -> {
            if (listener.stillWanted(peer, tests.get(peer).homeTries())) {
                sendHomeTestInit(peer);
            }
        });
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
            listener.progressed(peer);
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
            listener.progressed(peer);
        }
    }

    private void ignored(Inbound in, String what) {
        env.dropped(in.packet(), Reason.TEST_IGNORED, what);
    }

    /** Kbm of the present tokens. */
    private Octets bindingKey(Ip6Address peer, boolean deletes) {
        ReturnRoutabilityEntry test = tests.get(peer);
        long home = test.homeToken().orElseThrow().token();
        return deletes ? Tokens.bindingKey(home) : Tokens.bindingKey(home, test.careOfToken().orElseThrow().token());
    }

    /**
     * A binding update with nonce indices and authenticator; the tokens for it are there.
     *
     * @param careOf that it is for; of a deletion the home address
     */
    MobilityHeader authorized(Ip6Address peer, BindingUpdate update, Ip6Address careOf, boolean deletes) {
        ReturnRoutabilityEntry test = tests.get(peer);
        MobilityOption indices = new MobilityOption.NonceIndices(test.homeToken().orElseThrow().nonceIndex(),
                deletes ? 0 : test.careOfToken().orElseThrow().nonceIndex());
        return Signalling.authorized(update.withOptions(List.of(indices)), bindingKey(peer, deletes), careOf, peer);
    }

    /** Does an acknowledgement come from who has the tokens' other half? */
    boolean isAuthentic(BindingAcknowledgement message, Octets octets, ListEntry entry) {
        ReturnRoutabilityEntry test = tests.get(entry.peer());
        boolean deletes = entry.phase() == ListEntry.Phase.DEREGISTERING;
        if (test == null || test.homeToken().isEmpty() || !deletes && test.careOfToken().isEmpty()) {
            return false;
        }
        try {
            Octets signed = MobilityHeader.authenticatedPart(octets);
            Octets right = Tokens.authenticator(bindingKey(entry.peer(), deletes), (Ip6Address) entry.careOf(), entry.peer(), signed);
            return message.option(MobilityOption.BindingAuthorizationData.class).map(data -> data.authenticator().equals(right)).orElse(false);
        } catch (Malformed e) {
            return false; // without the option, or not at the end
        }
    }

    /** The peer does not know the nonces of the tokens any more. */
    void drop(Ip6Address peer, int status) {
        ReturnRoutabilityEntry old = tests.get(peer);
        tests.put(peer, new ReturnRoutabilityEntry(peer, old.home(), old.careOf(), old.homeCookie(), old.careOfCookie(),
                status == BindingStatus.EXPIRED_CARE_OF_NONCE_INDEX ? old.homeToken() : Optional.empty(),
                status == BindingStatus.EXPIRED_HOME_NONCE_INDEX ? old.careOfToken() : Optional.empty(), 0, 0),
                Reason.BINDING_NOT_ACCEPTED, BindingStatus.name(status));
    }
}
