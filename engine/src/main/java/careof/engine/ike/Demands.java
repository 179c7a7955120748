package careof.engine.ike;

import careof.engine.base.IpAddress;
import careof.engine.base.VirtualTime;
import careof.engine.ipsec.Migration;
import careof.engine.stack.NodeEnv;
import careof.engine.state.IkeChild;
import careof.engine.state.Sa;
import careof.engine.state.SpdEntry;
import careof.engine.trace.Reason;
import careof.engine.wire.isakmp.Identification;
import careof.engine.wire.pfkey.PfKeyError;
import careof.engine.wire.pfkey.PfKeyExtension;
import careof.engine.wire.pfkey.PfKeyMessage;
import careof.engine.wire.pfkey.PolicyExtension;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * What is wanted of key management: SA pairs that the security policy lacks (ACQUIRE), successors of those that end soon (EXPIRE), what a user orders, and
 * what a movement asks for. What has to wait for a phase one waits here.
 */
public final class Demands {
    /** SA pairs that wait for one peer. */
    private static final int MOST_WAITING = 32;
    /** A pair goes so long after its successor came, nanoseconds: packets that are on their way still find it. */
    private static final long OVERLAP = 2 * VirtualTime.SECOND;

    private final Ike ike;
    private final NodeEnv env;
    private final Map<String, List<ChildNeed>> waiting = new LinkedHashMap<>();
    /** Names of peers with whom the next phase one takes the place of those there are. */
    private final Set<String> replacing = new HashSet<>();
    /** Care-of addresses of mobile nodes by their home addresses, as bindings here tell. */
    private final Map<IpAddress, IpAddress> careOfs = new LinkedHashMap<>();

    Demands(Ike ike) {
        this.ike = ike;
        this.env = ike.env();
    }

    void register() {
        for (int saType : new int[] {PfKeyMessage.ESP, PfKeyMessage.AH}) {
            ike.socket().request(PfKeyMessage.of(PfKeyMessage.REGISTER, saType));
        }
    }

    // PF_KEY

    /** A message of the kernel, or what another daemon changed. */
    void heard(PfKeyMessage message) {
        switch (message.type()) {
            case PfKeyMessage.ACQUIRE -> acquire(message);
            case PfKeyMessage.EXPIRE -> expire(message);
            case PfKeyMessage.X_MIGRATE -> Migration.heard(message).ifPresent(ike.children()::migrated);
            case PfKeyMessage.DELETE -> pair(message).ifPresent(this::deleted);
            case PfKeyMessage.FLUSH -> ike.children().all().stream()
                    .filter(child -> message.saType() == PfKeyMessage.ANY_SA || message.saType() == type(child.protocol())).forEach(this::deleted);
            default -> ike.policies().changed(message);
        }
    }

    private void acquire(PfKeyMessage message) {
        Optional<IpAddress> source = address(message, PfKeyExtension.ADDRESS_SRC);
        Optional<IpAddress> destination = address(message, PfKeyExtension.ADDRESS_DST);
        Optional<SpdEntry> entry = message.find(PolicyExtension.class).flatMap(policy -> ike.policies().get((int) policy.id()));
        if (entry.isEmpty() || source.isEmpty() || destination.isEmpty()) {
            return;
        }
        int saType = message.saType();
        for (int i = 0; i < entry.get().templates().size(); i++) {
            SpdEntry.Template template = entry.get().templates().get(i);
            boolean between = template.mode() == Sa.Mode.TRANSPORT || template.source().equals(source.get()) && template.destination().equals(destination.get());
            Optional<ChildSettings> settings = ike.directory().child(template.requestId());
            if (type(template.protocol()) == saType && between && settings.isPresent()) {
                want(new ChildNeed(entry.get(), i, settings.get(), source.get(), destination.get(), Optional.empty(), Optional.empty(), message.sequence(), 0));
                return;
            }
        }
    }

    private static int type(Sa.Protocol protocol) {
        return switch (protocol) {
            case ESP -> PfKeyMessage.ESP;
            case AH -> PfKeyMessage.AH;
        };
    }

    private static Optional<IpAddress> address(PfKeyMessage message, int type) {
        return message.address(type).map(address -> address.socket().address());
    }

    /** The pair that an SA of a message belongs to. */
    private Optional<IkeChild> pair(PfKeyMessage message) {
        Optional<Long> spi = message.find(PfKeyExtension.Association.class).map(PfKeyExtension.Association::spi);
        Sa.Protocol protocol = message.saType() == PfKeyMessage.AH ? Sa.Protocol.AH : Sa.Protocol.ESP;
        Optional<IpAddress> destination = address(message, PfKeyExtension.ADDRESS_DST);
        return spi.flatMap(number -> ike.children().inbound(protocol, number).stream().filter(child -> destination.filter(child.local()::equals).isPresent()).findFirst()
                .or(() -> ike.children().outbound(protocol, number).stream().filter(child -> destination.filter(child.remote()::equals).isPresent()).findFirst()));
    }

    private void expire(PfKeyMessage message) {
        boolean hard = message.find(PfKeyExtension.Lifetime.class, PfKeyExtension.LIFETIME_HARD).isPresent();
        Optional<IkeChild> child = pair(message);
        if (child.isPresent() && hard) {
            ike.children().remove(child.get(), Reason.SA_EXPIRED, "hard lifetime");
        } else if (child.isPresent() && isNewest(child.get())) {
            rekey(child.get());
        }
    }

    /** Whether no successor is there yet. */
    private boolean isNewest(IkeChild child) {
        return ike.children().of(child.requestId()).stream().filter(other -> other.selector().equals(child.selector())).findFirst().filter(child::equals).isPresent();
    }

    private void rekey(IkeChild child) {
        Optional<ChildNeed> need = successor(child);
        if (!env.policy().keepsLifetimesApart()) {
            ike.phaseOnes().table().find(child.ikeSa()).filter(IsakmpSa::isEstablished).ifPresent(sa -> ike.phaseOnes().end(sa, true, Reason.IKE_PHASE_ONE_ENDS_WITH_CHILD));
        }
        need.ifPresent(this::want);
    }

    /** A pair like another one, for the policy as it is now. */
    private Optional<ChildNeed> successor(IkeChild child) {
        Optional<ChildSettings> settings = ike.directory().child(child.requestId());
        Optional<SpdEntry> entry = child.policy() == 0 ? Optional.empty() : ike.policies().get(child.policy());
        if (settings.isEmpty() || entry.isEmpty()) {
            return Optional.empty();
        }
        for (int i = 0; i < entry.get().templates().size(); i++) {
            if (entry.get().templates().get(i).requestId() == child.requestId()) {
                return Optional.of(new ChildNeed(entry.get(), i, settings.get(), child.local(), child.remote(), Optional.empty(), Optional.empty(), 0, child.id()));
            }
        }
        return Optional.empty();
    }

    /** Somebody else deleted an SA: the other half is of no use then, and the peer is to know. */
    private void deleted(IkeChild child) {
        tell(child);
        ike.children().remove(child, Reason.IKE_CHILD_DELETED, "this node");
    }

    private void tell(IkeChild child) {
        peer(child).flatMap(ike.phaseOnes()::usable).ifPresent(sa -> ike.informational().deleted(sa, child.protocol(), child.inboundSpi()));
    }

    // What is waited for

    /** An SA pair is to be made, under a phase one that may be still to come. */
    void want(ChildNeed need) {
        Optional<IkePeer> peer = ike.directory().peer(need.settings().peer());
        if (peer.isEmpty() || ike.isMaking(need)) {
            return;
        }
        Optional<IsakmpSa> sa = ike.phaseOnes().usable(peer.get());
        if (sa.isPresent()) {
            ike.quickMode(sa.get(), need);
            return;
        }
        List<ChildNeed> queue = waiting.computeIfAbsent(peer.get().name(), _ -> new ArrayList<>());
        if (queue.stream().anyMatch(need::isSame) || queue.size() >= MOST_WAITING) {
            return;
        }
        queue.add(need);
        beginIfWaiting(peer.get());
    }

    /** A phase one is there: what waited for it begins. */
    void established(IsakmpSa sa) {
        if (sa.row().initiator() && replacing.remove(sa.peer().name())) {
            ike.phaseOnes().supersede(sa);
        }
        Optional<IsakmpSa> usable = ike.phaseOnes().usable(sa.peer());
        if (usable.isEmpty()) {
            // the peer's own, to an address from which this node begins nothing, where phase ones are found by addresses (recommendation R off)
            beginIfWaiting(sa.peer());
            return;
        }
        List<ChildNeed> ready = waiting.remove(sa.peer().name());
        if (ready != null) {
            ready.forEach(need -> ike.quickMode(usable.get(), need));
        }
    }

    private void beginIfWaiting(IkePeer peer) {
        if (waiting.containsKey(peer.name()) && !ike.phaseOnes().isNegotiating(peer) && !ike.phaseOnes().begin(peer)) {
            failed(peer);
        }
    }

    /** There will be no phase one with a peer. */
    void failed(IkePeer peer) {
        replacing.remove(peer.name());
        List<ChildNeed> lost = waiting.remove(peer.name());
        if (lost != null) {
            lost.forEach(this::failed);
        }
    }

    /** An SA pair will not come: the kernel may ask again when its time is up (RFC 2367 section 3.1.6). */
    void failed(ChildNeed need) {
        if (need.acquire() != 0) {
            int saType = type(need.settings().protocol());
            ike.socket().request(new PfKeyMessage(PfKeyMessage.ACQUIRE, PfKeyError.ESRCH, saType, need.acquire(), 0, List.of()));
        }
    }

    /** An SA pair is there: what it replaces goes soon. */
    void succeeded(IkeChild child, ChildNeed need) {
        if (need.replaces() == 0) {
            return;
        }
        env.timers().in("SA pair " + need.replaces() + " replaced", OVERLAP, () -> ike.children().find(need.replaces()).ifPresent(old -> {
            tell(old);
            ike.children().remove(old, Reason.IKE_CHILD_REKEYED);
        }));
    }

    // What users want

    /**
     * Makes the SA pairs of request ids with a peer, those that are there already once more.
     *
     * @param local    stands for this node's identity in quick mode; empty: what the policy says
     * @param remote   stands for the peer's
     */
    public void start(String peer, List<Long> requestIds, Optional<Identification> local, Optional<Identification> remote) {
        if (requestIds.isEmpty()) {
            ike.directory().peer(peer).filter(p -> ike.phaseOnes().usable(p).isEmpty() && !ike.phaseOnes().isNegotiating(p)).ifPresent(ike.phaseOnes()::begin);
        }
        for (long requestId : requestIds) {
            ike.directory().child(requestId).ifPresent(settings -> ike.policies().protecting(requestId).forEach(entry -> {
                for (int i = 0; i < entry.templates().size(); i++) {
                    if (entry.templates().get(i).requestId() == requestId) {
                        want(new ChildNeed(entry, i, settings, entry.selector().source().low(), entry.selector().destination().low(), local, remote, 0, 0));
                    }
                }
            }));
        }
    }

    /** Makes successors of the SA pairs of request ids. */
    public void rekey(List<Long> requestIds) {
        requestIds.forEach(id -> ike.children().of(id).stream().filter(this::isNewest).toList().forEach(this::rekey));
    }

    /** Makes a new phase one with a peer; the present one ends soon after. */
    public void rekeyPhaseOne(String peer) {
        ike.directory().peer(peer).filter(p -> ike.phaseOnes().isNegotiating(p) || ike.phaseOnes().begin(p)).ifPresent(p -> replacing.add(p.name()));
    }

    /** Deletes the SA pairs of request ids, and tells the peer. */
    public void delete(List<Long> requestIds) {
        requestIds.forEach(id -> ike.children().of(id).forEach(this::deleted));
    }

    /** Deletes the phase ones with a peer, and tells it. */
    public void deletePhaseOne(String peer) {
        ike.directory().peer(peer).map(ike.phaseOnes().table()::with).orElse(List.of()).stream().filter(IsakmpSa::isEstablished)
                .forEach(sa -> ike.phaseOnes().end(sa, true, Reason.IKE_DELETED, "this node"));
    }

    /** Asks a peer whether it is there. */
    public void probe(String peer) {
        ike.directory().peer(peer).flatMap(ike.phaseOnes()::usable).map(IsakmpSa::liveness).ifPresent(Liveness::wonder);
    }

    // What mobility wants

    /**
     * This mobile node has another address: what it began from where it was begins anew, and tunnels that end there are made anew, unless mobility's
     * signalling moves them (recommendation F).
     *
     * @param to       where it is now
     * @param followed whether mobility's signalling moves the tunnels with the peer that has an address
     */
    public void moved(IpAddress to, Predicate<IpAddress> followed) {
        ike.phaseOnes().beginAnew();
        for (IkeChild child : ike.children().all()) {
            boolean follows = env.policy().signallingMigratesSas() && peer(child).flatMap(IkePeer::address).filter(followed).isPresent();
            if (child.mode() == Sa.Mode.TUNNEL && !follows && !child.local().equals(to) && isNewest(child) && isOverCareOf(child)) {
                env.recorder().decided(env.node(), env.packet(), Reason.IKE_CHILD_MOVED, List.of(child.local().toString()), "");
                successor(child).ifPresent(this::want);
            }
        }
    }

    /** Whether a pair's quick mode would go over the care-of address now. */
    private boolean isOverCareOf(IkeChild child) {
        return peer(child).flatMap(peer -> ike.localFor(peer, child.remote())).filter(local -> !ike.settings().home().equals(Optional.of(local))
                || !child.local().equals(local)).isPresent();
    }

    private Optional<IkePeer> peer(IkeChild child) {
        return ike.directory().child(child.requestId()).flatMap(settings -> ike.directory().peer(settings.peer()));
    }

    /** Whether phase ones follow bindings here: what the key management mobility capability bit says (RFC 6275 section 11.7.1). */
    public boolean followsBindings() {
        return env.policy().phaseOneFollowsBinding();
    }

    /** A peer's binding moved: phase ones that are over its care-of address are, too, and new ones begin there. */
    public void peerMoved(IpAddress home, IpAddress careOf) {
        if (careOf.equals(home)) {
            careOfs.remove(home);
        } else {
            careOfs.put(home, careOf);
        }
        for (IkePeer peer : ike.directory().mobiles(home)) {
            ike.phaseOnes().table().with(peer).stream().filter(sa -> sa.isEstablished() && !sa.row().remote().equals(careOf))
                    .forEach(sa -> sa.moved(sa.row().local(), careOf, sa.remotePort(), Reason.IKE_FOLLOWED_BINDING, careOf.toString()));
        }
    }

    /** Where a node is: of a mobile one with a binding here its care-of address, else what is its address anyway. */
    IpAddress whereIs(IpAddress address) {
        return careOfs.getOrDefault(address, address);
    }

    /** This mobile node's binding at its home agent moved. */
    public void ownMoved(IpAddress agent, IpAddress careOf) {
        for (IkePeer peer : ike.settings().peers()) {
            if (peer.homeAgent() && peer.address().equals(Optional.of(agent))) {
                ike.phaseOnes().table().with(peer).stream().filter(sa -> sa.isEstablished() && ike.localFor(sa).equals(careOf) && !sa.row().local().equals(careOf))
                        .forEach(sa -> sa.moved(careOf, sa.row().remote(), sa.remotePort(), Reason.IKE_FOLLOWED_BINDING, careOf.toString()));
            }
        }
    }
}
