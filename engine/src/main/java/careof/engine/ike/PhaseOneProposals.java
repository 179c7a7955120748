package careof.engine.ike;

import careof.engine.base.Octets;
import careof.engine.base.VirtualTime;
import careof.engine.crypto.DhGroup;
import careof.engine.crypto.IkeCipher;
import careof.engine.crypto.IkeHash;
import careof.engine.state.IkeSa;
import careof.engine.wire.isakmp.Attribute;
import careof.engine.wire.isakmp.NotifyType;
import careof.engine.wire.isakmp.PhaseOneAttribute;
import careof.engine.wire.isakmp.Proposal;
import careof.engine.wire.isakmp.SecurityAssociation;
import careof.engine.wire.isakmp.SecurityProtocol;
import careof.engine.wire.isakmp.Transform;
import careof.engine.wire.isakmp.TransformId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The SA payloads of phase one (RFC 2409 section 5 and appendix A). */
final class PhaseOneProposals {
    private PhaseOneProposals() {}

    /**
     * A transform that both ends can do.
     *
     * @param lifetime nanoseconds; 0: none is said
     */
    record Choice(Proposal proposal, Transform transform, IkeSuite suite, IkeSa.Method method, long lifetime) {
        /** The answer: what was proposed, and nothing else (RFC 2408 section 4.2). */
        SecurityAssociation answer() {
            return SecurityAssociation.of(new Proposal(proposal.number(), proposal.protocol(), proposal.spi(), List.of(transform)));
        }
    }

    /** What this node proposes to a peer: one transform. */
    static SecurityAssociation propose(IkePeer peer) {
        IkeSuite suite = peer.suite();
        List<Attribute> attributes = new ArrayList<>(List.of(
                Attribute.of(PhaseOneAttribute.ENCRYPTION, suite.cipher().number()),
                Attribute.of(PhaseOneAttribute.HASH, suite.hash().number()),
                Attribute.of(PhaseOneAttribute.AUTHENTICATION, number(peer.method())),
                Attribute.of(PhaseOneAttribute.GROUP, suite.group().number())));
        if (suite.cipher().isLengthNegotiated()) {
            attributes.add(Attribute.of(PhaseOneAttribute.KEY_LENGTH, 8L * suite.keyLength()));
        }
        if (peer.lifetime() > 0) {
            attributes.add(Attribute.of(PhaseOneAttribute.LIFE_TYPE, PhaseOneAttribute.SECONDS));
            attributes.add(Attribute.of(PhaseOneAttribute.LIFE_DURATION, peer.lifetime() / VirtualTime.SECOND));
        }
        return SecurityAssociation.of(new Proposal(1, SecurityProtocol.ISAKMP, Octets.EMPTY, List.of(new Transform(1, TransformId.KEY_IKE, attributes))));
    }

    private static int number(IkeSa.Method method) {
        return switch (method) {
            case PRE_SHARED_KEY -> PhaseOneAttribute.PRE_SHARED_KEY;
            case RSA_SIGNATURES -> PhaseOneAttribute.RSA_SIGNATURES;
            case UNKNOWN -> throw new IllegalArgumentException("no method is agreed");
        };
    }

    /** The first transform of an offer that one of some peers would propose as well, lifetimes apart. */
    static Optional<Choice> choose(SecurityAssociation offer, List<IkePeer> peers) {
        for (Proposal proposal : offer.proposals()) {
            for (Transform transform : proposal.transforms()) {
                Optional<Choice> choice = proposal.protocol() == SecurityProtocol.ISAKMP && transform.id() == TransformId.KEY_IKE
                        ? read(proposal, transform) : Optional.empty();
                if (choice.isPresent() && peers.stream().anyMatch(peer -> fits(choice.get(), peer))) {
                    return choice;
                }
            }
        }
        return Optional.empty();
    }

    /**
     * What the sender of an offer is told of which nothing is taken, see {@link NotifyType}: that it may try others, or that all transforms have attributes
     * that this node does not know or cannot read, or that contradict each other.
     */
    static int refusal(SecurityAssociation offer) {
        List<Transform> transforms = offer.proposals().stream().filter(proposal -> proposal.protocol() == SecurityProtocol.ISAKMP)
                .flatMap(proposal -> proposal.transforms().stream()).filter(transform -> transform.id() == TransformId.KEY_IKE).toList();
        boolean none = !transforms.isEmpty() && transforms.stream().noneMatch(PhaseOneProposals::isSupported);
        return none ? NotifyType.ATTRIBUTES_NOT_SUPPORTED : NotifyType.NO_PROPOSAL_CHOSEN;
    }

    private static boolean isSupported(Transform transform) {
        return !transform.contradictsItself(PhaseOneAttribute.LIFE_TYPE, PhaseOneAttribute.LIFE_DURATION)
                && transform.attributes().stream().allMatch(attribute -> attribute.longValue().isPresent() && isKnown(attribute.type()));
    }

    private static boolean isKnown(int type) {
        return switch (type) {
            case PhaseOneAttribute.ENCRYPTION, PhaseOneAttribute.HASH, PhaseOneAttribute.AUTHENTICATION, PhaseOneAttribute.GROUP, PhaseOneAttribute.GROUP_TYPE,
                PhaseOneAttribute.LIFE_TYPE, PhaseOneAttribute.LIFE_DURATION, PhaseOneAttribute.KEY_LENGTH -> true;
            default -> false;
        };
    }

    /** Whether a transform is what this node's configuration says for a peer. */
    static boolean fits(Choice choice, IkePeer peer) {
        return choice.suite.equals(peer.suite()) && choice.method == peer.method();
    }

    /** A transform as far as this node can do it; empty: it cannot, or there are attributes that it does not know. */
    private static Optional<Choice> read(Proposal proposal, Transform transform) {
        Optional<IkeCipher> cipher = Optional.empty();
        Optional<IkeHash> hash = Optional.empty();
        Optional<DhGroup> group = Optional.empty();
        IkeSa.Method method = IkeSa.Method.UNKNOWN;
        long bits = 0;
        boolean seconds = false;
        long lifetime = 0;
        if (!isSupported(transform)) {
            return Optional.empty();
        }
        for (Attribute attribute : transform.attributes()) {
            long value = attribute.longValue().orElseThrow();
            switch (attribute.type()) {
                case PhaseOneAttribute.ENCRYPTION -> cipher = IkeCipher.of((int) Math.min(value, Integer.MAX_VALUE));
                case PhaseOneAttribute.HASH -> hash = IkeHash.of((int) Math.min(value, Integer.MAX_VALUE));
                case PhaseOneAttribute.GROUP -> group = DhGroup.of((int) Math.min(value, Integer.MAX_VALUE));
                case PhaseOneAttribute.AUTHENTICATION -> method = value == PhaseOneAttribute.PRE_SHARED_KEY ? IkeSa.Method.PRE_SHARED_KEY
                        : value == PhaseOneAttribute.RSA_SIGNATURES ? IkeSa.Method.RSA_SIGNATURES : IkeSa.Method.UNKNOWN;
                case PhaseOneAttribute.KEY_LENGTH -> bits = value;
                case PhaseOneAttribute.LIFE_TYPE -> seconds = value == PhaseOneAttribute.SECONDS;
                case PhaseOneAttribute.LIFE_DURATION -> lifetime = seconds ? Lifetimes.nanos(value) : lifetime;
                case PhaseOneAttribute.GROUP_TYPE -> {
                    // the group's description says it, too
                }
                default -> throw new IllegalStateException("attribute " + attribute.type() + " is not known");
            }
        }
        if (cipher.isEmpty() || hash.isEmpty() || group.isEmpty() || method == IkeSa.Method.UNKNOWN) {
            return Optional.empty();
        }
        long octets = bits == 0 ? cipher.get().keyLengths().getFirst() : bits % 8 == 0 ? bits / 8 : 0;
        return cipher.get().keyLengths().stream().filter(length -> length == octets).findFirst().isEmpty() ? Optional.empty()
                : Optional.of(new Choice(proposal, transform, new IkeSuite(cipher.get(), (int) octets, hash.get(), group.get()), method, lifetime));
    }
}
