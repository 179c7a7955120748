package careof.engine.ike;

import careof.engine.base.IpAddress;
import careof.engine.stack.Arrived;
import careof.engine.stack.NodeEnv;
import careof.engine.stack.Verdict;
import careof.engine.state.AddressRange;
import careof.engine.state.Sa;
import careof.engine.state.Selector;
import careof.engine.state.SpdEntry;
import careof.engine.trace.Reason;
import careof.engine.wire.isakmp.Identification;
import careof.engine.wire.isakmp.NotifyType;
import careof.engine.wire.isakmp.SecurityAssociation;
import java.util.List;
import java.util.Optional;

/**
 * What a quick mode asks for, held against this node's policy (the draft's section 3.2, recommendations L1, M and N, and J): which policy entry it is for,
 * and whether its peer may have that.
 */
final class ChildAdmission {
    private final Ike ike;
    private final NodeEnv env;
    private final IsakmpSa sa;
    private final Arrived in;
    private final List<Identification> identities;
    private final SecurityAssociation offer;
    private ChildNeed need;
    private ChildProposals.Choice choice;
    private Optional<Selector> selectors = Optional.empty();

    /** @param notification what the peer is told */
    record Refusal(Verdict.Drop why, int notification) {}

    /** What an identity payload comes to: the addresses, if it denotes any. */
    private record Side(Identification identity, Optional<AddressRange> addresses) {}

    ChildAdmission(Ike ike, IsakmpSa sa, Arrived in, List<Identification> identities, SecurityAssociation offer) {
        this.ike = ike;
        this.env = ike.env();
        this.sa = sa;
        this.in = in;
        this.identities = identities;
        this.offer = offer;
    }

    ChildNeed need() {
        return need;
    }

    ChildProposals.Choice choice() {
        return choice;
    }

    /** What the SAs carry instead of what the policy says. */
    Optional<Selector> selectors() {
        return selectors;
    }

    /** The verdict; empty: it may go on, with {@link #need} and {@link #choice}. */
    Optional<Refusal> judge() {
        if (ChildProposals.contradictsItself(offer)) {
            return refuse(Verdict.drop(Reason.IKE_NO_PROPOSAL, "an attribute is offered with two values at once"), ChildProposals.refusal(offer));
        }
        if (identities.isEmpty()) {
            return withoutIdentities();
        }
        if (identities.size() != 2) {
            return refuse(Verdict.drop(Reason.IKE_CHILD_REFUSED, identities.size() + " identities, not two"), NotifyType.INVALID_ID_INFORMATION);
        }
        Side theirs = side(identities.getFirst());
        Side ours = side(identities.getLast());
        for (Side side : List.of(theirs, ours)) {
            if (side.addresses.isEmpty() && env.policy().phaseTwoIdentitiesAreAddresses()) {
                return refuse(Verdict.drop(Reason.IKE_CHILD_IDENTITY_NO_ADDRESS, side.identity.text()), NotifyType.INVALID_ID_INFORMATION);
            }
        }
        if (theirs.addresses.isEmpty() || ours.addresses.isEmpty()) {
            return forNobody(theirs, ours);
        }
        Selector asked = Selectors.between(ours.addresses.get(), ours.identity, theirs.addresses.get(), theirs.identity);
        if (theirs.identity.protocol() != ours.identity.protocol() && theirs.identity.protocol() != 0 && ours.identity.protocol() != 0) {
            return refuse(Verdict.drop(Reason.IKE_CHILD_REFUSED, "the two identities name two protocols"), NotifyType.INVALID_ID_INFORMATION);
        }
        return forSelector(asked, true);
    }

    private static Side side(Identification identity) {
        return new Side(identity, Selectors.addresses(identity));
    }

    /** Recommendation L1: without identities, addresses of messages say what it is for, which is no good where those change. */
    private Optional<Refusal> withoutIdentities() {
        boolean mayDiffer = sa.peer().mobile() || !in.source().equals(sa.firstRemote()) || !in.destination().equals(sa.firstLocal());
        if (mayDiffer && env.policy().identifiesPhaseTwo()) {
            return refuse(Verdict.drop(Reason.IKE_CHILD_WITHOUT_IDENTITIES), NotifyType.INVALID_ID_INFORMATION);
        }
        PeerAddresses peers = PeerAddresses.of(env.policy(), sa, in.destination(), in.source());
        Selector implied = Selector.between(AddressRange.of(peers.local()), AddressRange.of(peers.remote()));
        env.said(in.packet(), Verdict.pass(Reason.IKE_CHILD_IDENTITIES_IMPLIED, implied));
        return forSelector(implied, !mayDiffer);
    }

    /** Recommendation M off: what denotes no addresses is taken all the same, and no packet ever has them. */
    private Optional<Refusal> forNobody(Side theirs, Side ours) {
        return anyOf(Selectors.said(ours.identity, theirs.identity, in.source()), in.destination(), in.source());
    }

    private Optional<Refusal> forSelector(Selector asked, boolean policyNeeded) {
        List<SpdEntry> entries = ike.policies().find(SpdEntry.Direction.OUT, asked);
        if (entries.isEmpty()) {
            return policyNeeded ? refuse(Verdict.drop(Reason.IKE_CHILD_NO_POLICY, asked), NotifyType.INVALID_ID_INFORMATION)
                    : anyOf(asked, asked.source().low(), asked.destination().low());
        }
        Optional<Refusal> last = Optional.empty();
        for (SpdEntry entry : entries) {
            for (int i = 0; i < entry.templates().size(); i++) {
                Optional<ChildSettings> settings = ike.directory().child(entry.templates().get(i).requestId());
                Optional<ChildProposals.Choice> found = settings.flatMap(s -> ChildProposals.choose(offer, s, group()));
                if (found.isPresent()) {
                    last = mayHave(asked.destination(), settings.get());
                    if (last.isEmpty()) {
                        take(entry, i, settings.get(), found.get(), asked);
                        return last;
                    }
                }
            }
        }
        return last.isPresent() ? last
                : refuse(Verdict.drop(Reason.IKE_NO_PROPOSAL, "what is offered is not what the policy for " + asked + " wants"), ChildProposals.refusal(offer));
    }

    private Optional<careof.engine.crypto.DhGroup> group() {
        return sa.peer().group();
    }

    private void take(SpdEntry entry, int template, ChildSettings settings, ChildProposals.Choice found, Selector asked) {
        choice = found;
        boolean single = asked.source().isSingle() && asked.destination().isSingle();
        need = new ChildNeed(entry, template, settings, single ? asked.source().low() : in.destination(), single ? asked.destination().low() : in.source(),
                Optional.empty(), Optional.empty(), 0, 0);
    }

    /** For no policy in particular: what would be made for this peer. */
    private Optional<Refusal> anyOf(Selector asked, IpAddress local, IpAddress remote) {
        for (ChildSettings settings : ike.settings().children()) {
            Optional<ChildProposals.Choice> found = settings.peer().equals(sa.peer().name()) ? ChildProposals.choose(offer, settings, group())
                    : Optional.empty();
            if (found.isPresent()) {
                choice = found.get();
                selectors = Optional.of(asked);
                SpdEntry.Template template = new SpdEntry.Template(settings.protocol(), settings.mode(), local, remote, SpdEntry.Level.UNIQUE,
                        settings.requestId());
                SpdEntry none = new SpdEntry(0, 0, SpdEntry.Direction.OUT, "", asked, SpdEntry.Action.PROTECT, List.of(template));
                need = new ChildNeed(none, 0, settings, local, remote, Optional.empty(), Optional.empty(), 0, 0);
                return Optional.empty();
            }
        }
        return refuse(Verdict.drop(Reason.IKE_NO_PROPOSAL, "what is offered is nothing that is made for " + sa.peer().name()), ChildProposals.refusal(offer));
    }

    /** Recommendations J and N: whose addresses are these? */
    private Optional<Refusal> mayHave(AddressRange theirs, ChildSettings settings) {
        IkePeer peer = sa.peer();
        IpAddress transport = in.source();
        if (theirs.equals(AddressRange.of(transport))) {
            return Optional.empty();
        }
        if (settings.mode() == Sa.Mode.TRANSPORT && !env.policy().phaseOneAuthorizesHomeAddress()) {
            return not(theirs, "it does not transport IKE");
        }
        Optional<List<AddressRange>> homes = sa.authorization().homes();
        boolean its = homes.isEmpty() || homes.get().stream().anyMatch(home -> home.contains(theirs));
        boolean behind = peer.homeAgent() || !peer.mobile() && !theirs.isSingle();
        boolean trusted = !its && settings.mode() == Sa.Mode.TUNNEL && settings.peer().equals(peer.name()) && behind;
        if (!its && !trusted) {
            String held = Authorization.text(homes.get());
            return !sa.authorization().listed() ? not(theirs, "its certificate holds " + held)
                    : refuse(Verdict.drop(Reason.IKE_CHILD_NOT_LISTED, sa.row().remoteIdentity(), theirs, held), NotifyType.INVALID_ID_INFORMATION);
        }
        String because = trusted ? "the policy has it behind this peer" : sa.authorization().because();
        env.said(in.packet(), Verdict.pass(Reason.IKE_CHILD_FOR_HOME_ADDRESS, sa.row().remoteIdentity(), theirs, because));
        return Optional.empty();
    }

    private Optional<Refusal> not(AddressRange theirs, String why) {
        return refuse(Verdict.drop(Reason.IKE_CHILD_NOT_ITS_ADDRESS, sa.row().remoteIdentity(), theirs, why), NotifyType.INVALID_ID_INFORMATION);
    }

    private static Optional<Refusal> refuse(Verdict.Drop why, int notification) {
        return Optional.of(new Refusal(why, notification));
    }
}
