package careof.engine.mobility;

import careof.engine.base.Ip6Address;
import careof.engine.base.IpAddress;
import careof.engine.base.Malformed;
import careof.engine.base.OctetWriter;
import careof.engine.base.Octets;
import careof.engine.base.VirtualTime;
import careof.engine.ike.Demands;
import careof.engine.ipsec.MobilitySupport;
import careof.engine.stack.Inbound;
import careof.engine.stack.IpStack;
import careof.engine.stack.NodeEnv;
import careof.engine.stack.Table;
import careof.engine.stack.Verdict;
import careof.engine.state.Binding;
import careof.engine.state.BindingUse;
import careof.engine.state.Nonce;
import careof.engine.state.Sa;
import careof.engine.state.ThroughHome;
import careof.engine.trace.Reason;
import careof.engine.wire.ip.Ip6Packet;
import careof.engine.wire.ip.IpProtocol;
import careof.engine.wire.mobility.BindingStatus;
import careof.engine.wire.mobility.MobilityHeader;
import careof.engine.wire.mobility.MobilityMessage;
import careof.engine.wire.mobility.MobilityMessage.BindingAcknowledgement;
import careof.engine.wire.mobility.MobilityMessage.BindingError;
import careof.engine.wire.mobility.MobilityMessage.BindingRefreshRequest;
import careof.engine.wire.mobility.MobilityMessage.BindingUpdate;
import careof.engine.wire.mobility.MobilityMessage.CareOfTest;
import careof.engine.wire.mobility.MobilityMessage.CareOfTestInit;
import careof.engine.wire.mobility.MobilityMessage.HomeTest;
import careof.engine.wire.mobility.MobilityMessage.HomeTestInit;
import careof.engine.wire.mobility.MobilityOption;
import java.util.List;
import java.util.Optional;

/**
 * A correspondent's part (RFC 6275 section 9): its binding cache, nonces and keygen tokens, and what it makes of home address
 * options. It keeps nothing about a mobile node before a binding update that an authenticator or an SA vouches for.
 */
public final class CorrespondentNode {
    /** A nonce makes tokens for so long; MAX_NONCE_LIFETIME less this is MAX_TOKEN_LIFETIME (RFC 6275 section 5.2.7). */
    private static final long NONCE_USE = Times.MAX_NONCE_LIFETIME - Times.MAX_TOKEN_LIFETIME;
    private static final int REFRESH_REQUESTS = 3;
    private static final int MOST_UNREACHABLE = 3;
    private static final long MOST_REFRESH_LEAD = 12 * VirtualTime.SECOND;

    private final IpStack stack;
    private final NodeEnv env;
    private final Octets nodeKey;
    private final BindingCache cache;
    private final Table<Integer, Nonce> nonces;
    private final Table<Ip6Address, ThroughHome> throughHome;
    private final Table<IpAddress, BindingUse> uses;
    private final Limits limits;
    private final Cooperation cooperation;
    private Optional<MobileNode> mobile = Optional.empty();

    public CorrespondentNode(IpStack stack) {
        this.stack = stack;
        this.env = stack.env();
        this.cache = new BindingCache(env);
        this.nonces = env.table();
        this.throughHome = env.table();
        this.uses = env.table();
        this.limits = new Limits(env);
        this.cooperation = new Cooperation(env);
        cache.onExpired(binding -> uses.remove(binding.home(), Reason.BINDING_EXPIRED));
        this.nodeKey = new OctetWriter(20).u64(env.bits("node key")).u64(env.bits("node key")).u32(env.bits("node key")).toOctets();
    }

    /** Joins the node's IPsec to all of its mobility roles; once, before anything runs. */
    public void cooperate(MobilitySupport ipsec, Optional<Demands> keyManagement) {
        cooperation.install(ipsec, keyManagement);
    }

    Cooperation cooperation() {
        return cooperation;
    }

    /** The node is mobile itself: what it sends from its home address goes that way. */
    void isMobile(MobileNode self) {
        mobile = Optional.of(self);
    }

    BindingCache cache() {
        return cache;
    }

    /**
     * Triangular routing (the draft's section 1): from now on packets to this mobile node go by way of its home agent, while its own
     * packets with a home address option are accepted as its binding allows.
     */
    public void answerThroughHome(Ip6Address home) {
        throughHome.put(home, new ThroughHome(home), Reason.MODE_SET, home.toString(), "triangular");
    }

    /** Ends {@link #answerThroughHome}. */
    public void answerDirectly(Ip6Address home) {
        throughHome.remove(home, Reason.MODE_SET, home.toString(), "direct");
    }

    /** The care-of address for a type 2 routing header to this destination; empty: it is no mobile node that is known to be away, or is at an IPv4 one. */
    Optional<Ip6Address> routing(Ip6Address destination) {
        Binding binding = cache.get(destination);
        if (binding == null || !(binding.careOf() instanceof Ip6Address careOf) || throughHome.get(destination) != null) {
            return Optional.empty();
        }
        if (!binding.homeRegistration() && uses.get(destination) == null) {
            uses.put(destination, new BindingUse(destination, 0), Reason.BINDING_USED);
        }
        return Optional.of(careOf);
    }

    /**
     * An error about a packet that a type 2 routing header took to a care-of address: several of them end the binding, so that packets go by
     * the home address again (RFC 6275 section 9.3.4).
     */
    boolean unreachable(Octets invoking) {
        try {
            Ip6Packet quoted = Ip6Packet.parse(invoking);
            Ip6Address home = quoted.finalDestination();
            Binding binding = cache.get(home);
            BindingUse use = uses.get(home);
            if (use == null || quoted.type2Routing().isEmpty() || !binding.careOf().equals(quoted.destination())) {
                return false;
            }
            if (use.unreachable() + 1 < MOST_UNREACHABLE) {
                uses.put(home, new BindingUse(home, use.unreachable() + 1), Reason.CARE_OF_UNREACHABLE, binding.careOf().toString());
            } else {
                env.timers().cancel("refresh " + home);
                uses.remove(home, Reason.CARE_OF_UNREACHABLE, binding.careOf().toString());
                cache.remove(home, Reason.CARE_OF_UNREACHABLE, Times.MAX_NONCE_LIFETIME);
            }
            return true;
        } catch (Malformed e) {
            return false; // too little is quoted to know which packet it is about
        }
    }

    /** RFC 6275 section 9.3.1, and recommendation A: IPsec has succeeded, so that an SA of the home address verifies it. It creates no binding. */
    Verdict homeAddressOption(Inbound in, Ip6Address careOf) {
        Ip6Address home = in.source();
        if (in.ip().protocol() == IpProtocol.MOBILITY) {
            return Verdict.pass(Reason.HAO_FOR_BINDING_UPDATE, home);
        }
        Optional<Sa> sa = Vouching.of(in.sas(), home);
        if (sa.isPresent() && env.policy().saVerifiesHomeAddress()) {
            return Verdict.pass(Reason.HAO_VERIFIED_BY_SA, home, sa.get()).by(sa.get());
        }
        Binding binding = cache.get(home);
        if (binding != null && binding.careOf().equals(careOf)) {
            return Verdict.pass(Reason.HAO_VERIFIED, home).by(binding);
        }
        bindingError(in, BindingStatus.ERROR_UNKNOWN_BINDING);
        return Verdict.drop(Reason.HAO_UNVERIFIED, home, careOf).by(binding);
    }

    /** Tells the sender, at its address on the wire, that something is wrong (RFC 6275 section 9.3.3). */
    void bindingError(Inbound in, int status) {
        if (in.destination().isMulticast() || in.source().isUnspecified()) {
            return;
        }
        if (!limits.allow("binding errors", 10, VirtualTime.SECOND / 10)) {
            env.decided(in.packet(), Reason.RATE_LIMIT);
            return;
        }
        Ip6Address home = in.careOf().isPresent() ? in.source() : Ip6Address.ANY;
        env.decided(in.packet(), Reason.BINDING_ERROR_SENT, BindingStatus.errorName(status));
        send(Signalling.packet(in.destination(), wireSource(in), new BindingError(status, home, List.of())), Optional.empty(), in.packet().id());
    }

    private static Ip6Address wireSource(Inbound in) {
        return in.careOf().orElse(in.source());
    }

    /**
     * Sends a message of this node.
     *
     * @param ip      in final form
     * @param routing where a type 2 routing header takes it
     */
    void send(Ip6Packet ip, Optional<Ip6Address> routing, long parent) {
        if (mobile.isPresent() && mobile.get().isAway(ip.source())) {
            mobile.get().sendAway(ip, routing, parent);
        } else {
            stack.output().sendAsIs(Signalling.extended(ip, Optional.empty(), routing), parent, true);
        }
    }

    /** RFC 6275 section 9.4: answers without keeping anything. */
    void testInit(Inbound in, MobilityMessage message) {
        if (in.careOf().isPresent() || !in.source().isRoutableUnicast()) {
            env.dropped(in.packet(), Reason.MH_INVALID, in.careOf().isPresent() ? "a test init with a home address option" : "source " + in.source());
            return;
        }
        Nonce nonce = currentNonce();
        MobilityMessage answer;
        if (message instanceof HomeTestInit init) {
            answer = new HomeTest(nonce.index(), init.cookie(), Tokens.keygen(nodeKey, in.source(), nonce.value(), Tokens.Kind.HOME), List.of());
        } else {
            long cookie = ((CareOfTestInit) message).cookie();
            answer = new CareOfTest(nonce.index(), cookie, Tokens.keygen(nodeKey, in.source(), nonce.value(), Tokens.Kind.CARE_OF), List.of());
        }
        env.decided(in.packet(), Reason.TEST_ANSWERED, MobilityMessage.name(message.type()));
        send(Signalling.packet(in.destination(), in.source(), answer), Optional.empty(), in.packet().id());
    }

    /** The nonce for new tokens; a new one when the last has been in use for 30 s. Old ones go when their time is up. */
    private Nonce currentNonce() {
        int index = (int) (env.counter("nonce") & 0xffff);
        Nonce current = nonces.get(index);
        if (current != null && env.now() - current.created() < NONCE_USE) {
            return current;
        }
        int next = (int) (env.count("nonce") & 0xffff);
        Nonce made = new Nonce(next, new OctetWriter(8).u64(env.bits("nonces")).toOctets(), env.now(), env.now() + Times.MAX_NONCE_LIFETIME);
        nonces.put(next, made, Reason.NONCE_MADE);
        env.timers().set("nonce " + next, made.until(), () -> nonces.remove(next, Reason.NONCE_EXPIRED));
        return made;
    }

    /** A home registration where there is no home agent (RFC 6275 section 10.3.1). */
    void homeRegistrationRefused(Inbound in, BindingUpdate update) {
        refuse(in, update, BindingStatus.HOME_REGISTRATION_NOT_SUPPORTED, Optional.empty(), in.source());
    }

    /**
     * A binding update for this node as a correspondent: without the H bit. An SA of the home address authenticates it (recommendation E1), else
     * nonce indices and authenticator have to (RFC 6275 section 9.5.1).
     *
     * @param octets the whole Mobility Header as it came
     */
    void bindingUpdate(Inbound in, BindingUpdate update, Octets octets) {
        Ip6Address home = in.source();
        Optional<Sa> sa = Vouching.ofRegistration(env.policy(), in.sas(), home);
        Ip6Address careOf = Vouching.careOf(in, update);
        boolean deletes = update.lifetime() == 0 || careOf.equals(home);
        Optional<MobilityOption.NonceIndices> indices = update.option(MobilityOption.NonceIndices.class);
        Optional<MobilityOption.BindingAuthorizationData> authorization = update.option(MobilityOption.BindingAuthorizationData.class);
        if (!home.isRoutableUnicast() || in.destination().isMulticast()) {
            ignore(in, "home address " + home);
            return;
        } else if (!deletes && !careOf.isRoutableUnicast()) {
            ignore(in, "care-of address " + careOf);
            return;
        } else if (sa.isPresent() && indices.isEmpty() && authorization.isEmpty()) {
            env.said(in.packet(), Verdict.pass(Reason.BINDING_UPDATE_AUTHENTICATED, sa.get()).by(sa.get()));
            authorized(in, update, careOf, Optional.empty(), true);
            return;
        }
        Octets signed;
        try {
            signed = MobilityHeader.authenticatedPart(octets);
        } catch (Malformed e) {
            ignore(in, e.getMessage());
            return;
        }
        if (indices.isEmpty() || authorization.isEmpty()) {
            ignore(in, indices.isEmpty() ? "no nonce indices" : "no authenticator");
            return;
        }
        Nonce homeNonce = nonces.get(indices.get().home());
        Nonce careOfNonce = nonces.get(indices.get().careOf());
        if (homeNonce == null || careOfNonce == null && !deletes) {
            int status = deletes || careOfNonce != null ? BindingStatus.EXPIRED_HOME_NONCE_INDEX
                    : homeNonce != null ? BindingStatus.EXPIRED_CARE_OF_NONCE_INDEX : BindingStatus.EXPIRED_NONCES;
            refuse(in, update, status, Optional.empty(), careOf);
            return;
        }
        long homeToken = Tokens.keygen(nodeKey, home, homeNonce.value(), Tokens.Kind.HOME);
        Octets key = deletes ? Tokens.bindingKey(homeToken)
                : Tokens.bindingKey(homeToken, Tokens.keygen(nodeKey, careOf, careOfNonce.value(), Tokens.Kind.CARE_OF));
        Ip6Address bound = deletes ? home : careOf;
        if (!Tokens.authenticator(key, bound, in.destination(), signed).equals(authorization.get().authenticator())) {
            ignore(in, "authenticator is wrong");
            return;
        }
        authorized(in, update, careOf, Optional.of(key), sa.isPresent());
    }

    /**
     * @param key           Kbm; empty: an SA authenticates the binding update, and will authenticate the answer
     * @param authenticated by an SA: tunnels follow; by return routability alone they never do
     */
    private void authorized(Inbound in, BindingUpdate update, Ip6Address careOf, Optional<Octets> key, boolean authenticated) {
        Ip6Address home = in.source();
        boolean deletes = update.lifetime() == 0 || careOf.equals(home);
        Ip6Address bound = deletes ? home : careOf;
        Binding old = cache.get(home);
        Optional<Integer> last = cache.lastSequence(home);
        if (old != null && old.homeRegistration()) {
            refuse(in, update, BindingStatus.REGISTRATION_TYPE_CHANGE_DISALLOWED, key, bound);
        } else if (last.isPresent() && !Times.newer(update.sequence(), last.get())) {
            refuse(in, update, BindingStatus.SEQUENCE_NUMBER_OUT_OF_WINDOW, key, bound);
        } else if (!deletes && old == null && cache.isFull()) {
            refuse(in, update, BindingStatus.INSUFFICIENT_RESOURCES, key, bound);
        } else {
            if (authenticated) {
                cooperation.follow(false, home, in.destination(), bound);
            }
            if (deletes) {
                delete(in, update, key);
            } else {
                register(in, update, careOf, key, old);
            }
        }
    }

    private void register(Inbound in, BindingUpdate update, Ip6Address careOf, Optional<Octets> key, Binding old) {
        int units = key.isPresent() ? Math.min(update.lifetime(), Times.units(Times.MAX_RR_BINDING_LIFETIME)) : update.lifetime();
        long until = env.now() + units * Times.UNIT;
        Reason reason = old == null ? Reason.BINDING_CREATED : Reason.BINDING_REFRESHED;
        env.decided(in.packet(), reason);
        Ip6Address home = in.source();
        uses.remove(home, reason);
        cache.put(new Binding(home, careOf, update.sequence(), until, false,
                key.isPresent() ? Binding.Protection.RETURN_ROUTABILITY : Binding.Protection.SECURITY_ASSOCIATION), reason);
        long lead = Math.min(MOST_REFRESH_LEAD, units * Times.UNIT / 8);
        refreshRequest(in.destination(), home, until, lead / REFRESH_REQUESTS, REFRESH_REQUESTS);
        if (update.acknowledge()) {
            acknowledge(in, new BindingAcknowledgement(BindingStatus.ACCEPTED, false, update.sequence(), units, List.of()), key, careOf);
        }
        if (old == null || !old.careOf().equals(careOf)) {
            mobile.ifPresent(self -> self.registrations().peerMoved(home));
        }
    }

    /** Asks for a refresh shortly before a binding ends, if it is in use, up to three times (RFC 6275 section 9.5.5). */
    private void refreshRequest(Ip6Address self, Ip6Address home, long until, long step, int left) {
        env.timers().set("refresh " + home, until - left * step, () -> {
            if (cache.get(home) == null || uses.get(home) == null) {
                return;
            }
            send(Signalling.packet(self, home, new BindingRefreshRequest(List.of())), Optional.empty(), 0);
            if (left > 1) {
                refreshRequest(self, home, until, step, left - 1);
            }
        });
    }

    private void delete(Inbound in, BindingUpdate update, Optional<Octets> key) {
        Ip6Address home = in.source();
        env.decided(in.packet(), Reason.BINDING_DELETED);
        env.timers().cancel("refresh " + home);
        uses.remove(home, Reason.BINDING_DELETED);
        cache.remove(home, Reason.BINDING_DELETED, 0);
        // The same nonces must not bring it back, and the sequence number tells an old binding update from a new one.
        cache.remember(home, update.sequence(), Times.MAX_NONCE_LIFETIME);
        if (update.acknowledge()) {
            acknowledge(in, new BindingAcknowledgement(BindingStatus.ACCEPTED, false, update.sequence(), 0, List.of()), key, home);
        }
    }

    private void ignore(Inbound in, String what) {
        env.dropped(in.packet(), Reason.BINDING_UPDATE_IGNORED, what);
    }

    /** A refusal is told even where no acknowledgement was asked for (RFC 6275 section 9.5.4). */
    private void refuse(Inbound in, BindingUpdate update, int status, Optional<Octets> key, Ip6Address careOf) {
        env.dropped(in.packet(), Reason.BINDING_REFUSED, BindingStatus.name(status));
        int sequence = status == BindingStatus.SEQUENCE_NUMBER_OUT_OF_WINDOW ? cache.lastSequence(in.source()).orElse(0) : update.sequence();
        acknowledge(in, new BindingAcknowledgement(status, false, sequence, 0, List.of()), key, careOf);
    }

    /** To the source on the wire, with a routing header if there was a home address option, whatever the binding cache says (RFC 6275 section 9.5.4). */
    private void acknowledge(Inbound in, BindingAcknowledgement message, Optional<Octets> key, Ip6Address careOf) {
        MobilityHeader header = key.isPresent() ? Signalling.authorized(message, key.get(), careOf, in.destination()) : MobilityHeader.of(message);
        send(Signalling.packet(in.destination(), in.source(), header), in.careOf(), in.packet().id());
    }
}
