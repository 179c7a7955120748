package careof.engine.ike;

import careof.engine.base.Octets;
import careof.engine.base.VirtualTime;
import careof.engine.crypto.Authentication;
import careof.engine.crypto.DhGroup;
import careof.engine.state.Sa;
import careof.engine.wire.isakmp.Attribute;
import careof.engine.wire.isakmp.IpsecAttribute;
import careof.engine.wire.isakmp.NotifyType;
import careof.engine.wire.isakmp.Proposal;
import careof.engine.wire.isakmp.SecurityAssociation;
import careof.engine.wire.isakmp.SecurityProtocol;
import careof.engine.wire.isakmp.Transform;
import careof.engine.wire.isakmp.TransformId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The SA payloads of quick mode (RFC 2407 sections 4.4 and 4.5). */
final class ChildProposals {
    static final int SPI = 4;
    /** SPIs below are reserved (RFC 4303 section 2.1). */
    private static final long LEAST_SPI = 256;
    /** How long SAs last of whose lifetime an offer says nothing, neither in seconds nor in octets (RFC 2407 section 4.5). */
    static final Lifespan UNSPECIFIED = new Lifespan(28_800 * VirtualTime.SECOND, 0);

    private ChildProposals() {}

    /**
     * A transform that fits.
     *
     * @param spi      that its proposer receives on
     * @param lifespan {@link #UNSPECIFIED} where none of either kind is said
     * @param group    with perfect forward secrecy
     */
    record Choice(Proposal proposal, Transform transform, long spi, Lifespan lifespan, Optional<DhGroup> group) {
        /** The answer: what was proposed, with the answerer's SPI. */
        SecurityAssociation answer(long ownSpi) {
            return SecurityAssociation.of(new Proposal(proposal.number(), proposal.protocol(), ChildProposals.octets(ownSpi), List.of(transform)));
        }
    }

    static Octets octets(long spi) {
        return new careof.engine.base.OctetWriter(SPI).u32(spi).toOctets();
    }

    static int number(Sa.Protocol protocol) {
        return switch (protocol) {
            case ESP -> SecurityProtocol.ESP;
            case AH -> SecurityProtocol.AH;
        };
    }

    /** The protocol of a proposal; empty: none that makes SAs here. */
    static Optional<Sa.Protocol> protocol(int number) {
        return switch (number) {
            case SecurityProtocol.ESP -> Optional.of(Sa.Protocol.ESP);
            case SecurityProtocol.AH -> Optional.of(Sa.Protocol.AH);
            default -> Optional.empty();
        };
    }

    static SecurityAssociation propose(ChildSettings child, long spi, Optional<DhGroup> group) {
        List<Attribute> attributes = new ArrayList<>();
        if (child.lifetimes().hardTime() > 0) {
            attributes.add(Attribute.of(IpsecAttribute.LIFE_TYPE, IpsecAttribute.SECONDS));
            attributes.add(Attribute.of(IpsecAttribute.LIFE_DURATION, child.lifetimes().hardTime() / VirtualTime.SECOND));
        }
        if (child.lifetimes().hardOctets() > 0) {
            attributes.add(Attribute.of(IpsecAttribute.LIFE_TYPE, IpsecAttribute.KILOBYTES));
            attributes.add(Attribute.of(IpsecAttribute.LIFE_DURATION, Lifetimes.kilobytes(child.lifetimes().hardOctets())));
        }
        group.ifPresent(one -> attributes.add(Attribute.of(IpsecAttribute.GROUP, one.number())));
        attributes.add(Attribute.of(IpsecAttribute.ENCAPSULATION, encapsulation(child.mode())));
        if (child.authentication() != Authentication.NULL) {
            attributes.add(Attribute.of(IpsecAttribute.AUTHENTICATION, authentication(child.authentication())));
        }
        if (bits(child) > 0) {
            attributes.add(Attribute.of(IpsecAttribute.KEY_LENGTH, bits(child)));
        }
        if (child.extended()) {
            attributes.add(Attribute.of(IpsecAttribute.EXTENDED_SEQUENCE_NUMBERS, 1));
        }
        return SecurityAssociation.of(new Proposal(1, number(child.protocol()), octets(spi), List.of(new Transform(1, transform(child), attributes))));
    }

    /**
     * The first transform of an offer that is as this node's settings say; lifetimes may be any.
     *
     * @param wanted the group without which there is no perfect forward secrecy for this node; empty: it takes any group, or none
     */
    static Optional<Choice> choose(SecurityAssociation offer, ChildSettings child, Optional<DhGroup> wanted) {
        for (Proposal proposal : offer.proposals()) {
            boolean alone = offer.proposals().stream().filter(other -> other.number() == proposal.number()).count() == 1;
            if (!alone || proposal.protocol() != number(child.protocol()) || proposal.spi().length() != SPI) {
                continue;
            }
            long spi = (long) proposal.spi().u16(0) << 16 | proposal.spi().u16(2);
            for (Transform transform : proposal.transforms()) {
                Optional<Choice> choice = spi < LEAST_SPI || transform.id() != transform(child) ? Optional.empty() : read(proposal, transform, spi, child);
                if (choice.isPresent() && (wanted.isEmpty() || choice.get().group().equals(wanted))) {
                    return choice;
                }
            }
        }
        return Optional.empty();
    }

    private static Optional<Choice> read(Proposal proposal, Transform transform, long spi, ChildSettings child) {
        long lifeType = 0;
        long lifetime = 0;
        long octets = 0;
        long mode = 0;
        long authentication = 0;
        long bits = 0;
        boolean extended = false;
        Optional<DhGroup> group = Optional.empty();
        if (contradictsItself(transform) || !isSupported(transform)) {
            return Optional.empty();
        }
        for (Attribute attribute : transform.attributes()) {
            long value = attribute.longValue().orElseThrow();
            switch (attribute.type()) {
                case IpsecAttribute.LIFE_TYPE -> lifeType = value;
                case IpsecAttribute.LIFE_DURATION -> {
                    lifetime = lifeType == IpsecAttribute.SECONDS ? Lifetimes.nanos(value) : lifetime;
                    octets = lifeType == IpsecAttribute.KILOBYTES ? Lifetimes.octets(value) : octets;
                }
                case IpsecAttribute.GROUP -> group = group(value);
                case IpsecAttribute.ENCAPSULATION -> mode = value;
                case IpsecAttribute.AUTHENTICATION -> authentication = value;
                case IpsecAttribute.KEY_LENGTH -> bits = value;
                case IpsecAttribute.EXTENDED_SEQUENCE_NUMBERS -> extended = value == 1;
                default -> throw new IllegalStateException("attribute " + attribute.type() + " is not supported");
            }
        }
        long wantedAuthentication = child.authentication() == Authentication.NULL ? 0 : authentication(child.authentication());
        Lifespan said = new Lifespan(lifetime, octets);
        boolean length = bits == bits(child) || bits == 0 && bits(child) == 128;
        return mode == encapsulation(child.mode()) && authentication == wantedAuthentication && length && extended == child.extended()
                ? Optional.of(new Choice(proposal, transform, spi, said.isEndless() ? UNSPECIFIED : said, group)) : Optional.empty();
    }

    /** Whether nobody can tell what a transform is: an attribute stands in it with two values (RFC 2407 section 4.5.2). */
    private static boolean contradictsItself(Transform transform) {
        return transform.contradictsItself(IpsecAttribute.LIFE_TYPE, IpsecAttribute.LIFE_DURATION);
    }

    /** Whether this node knows all attributes of a transform and their values (RFC 2407 section 4.5.3), whatever it wants. */
    private static boolean isSupported(Transform transform) {
        return transform.attributes().stream()
                .allMatch(attribute -> attribute.longValue().isPresent() && isSupported(attribute.type(), attribute.longValue().getAsLong()));
    }

    private static boolean isSupported(int type, long value) {
        return switch (type) {
            case IpsecAttribute.LIFE_TYPE, IpsecAttribute.LIFE_DURATION, IpsecAttribute.KEY_LENGTH, IpsecAttribute.EXTENDED_SEQUENCE_NUMBERS -> true;
            case IpsecAttribute.GROUP -> group(value).isPresent();
            case IpsecAttribute.ENCAPSULATION -> value == IpsecAttribute.TUNNEL || value == IpsecAttribute.TRANSPORT;
            case IpsecAttribute.AUTHENTICATION -> value == IpsecAttribute.HMAC_MD5 || value == IpsecAttribute.HMAC_SHA || value == IpsecAttribute.HMAC_SHA2_256
                    || value == IpsecAttribute.AES_XCBC_MAC;
            default -> false;
        };
    }

    private static Optional<DhGroup> group(long value) {
        return DhGroup.of((int) Math.min(value, Integer.MAX_VALUE));
    }

    /** Whether a transform of an offer contradicts itself: then there is to be no SA at all (RFC 2407 section 4.5.2). */
    static boolean contradictsItself(SecurityAssociation offer) {
        return offer.proposals().stream().flatMap(proposal -> proposal.transforms().stream()).anyMatch(ChildProposals::contradictsItself);
    }

    /** What the sender of an offer is told of which nothing is taken, see {@link NotifyType}: that it may try others, or that no attributes are any good. */
    static int refusal(SecurityAssociation offer) {
        List<Transform> transforms = offer.proposals().stream().filter(proposal -> protocol(proposal.protocol()).isPresent())
                .flatMap(proposal -> proposal.transforms().stream()).toList();
        boolean none = !transforms.isEmpty() && transforms.stream().noneMatch(ChildProposals::isSupported);
        return none || contradictsItself(offer) ? NotifyType.ATTRIBUTES_NOT_SUPPORTED : NotifyType.NO_PROPOSAL_CHOSEN;
    }

    private static int encapsulation(Sa.Mode mode) {
        return switch (mode) {
            case TUNNEL -> IpsecAttribute.TUNNEL;
            case TRANSPORT -> IpsecAttribute.TRANSPORT;
        };
    }

    private static int transform(ChildSettings child) {
        return switch (child.encryption()) {
            case NONE -> switch (child.authentication()) {
                case HMAC_MD5_96 -> TransformId.AH_MD5;
                case HMAC_SHA1_96 -> TransformId.AH_SHA;
                case HMAC_SHA256_128 -> TransformId.AH_SHA2_256;
                case AES_XCBC_96 -> TransformId.AH_AES_XCBC_MAC;
                case NULL -> throw new IllegalArgumentException("AH without authentication");
            };
            case NULL -> TransformId.ESP_NULL;
            case DES_CBC -> TransformId.ESP_DES;
            case DES3_CBC -> TransformId.ESP_3DES;
            case AES_CBC -> TransformId.ESP_AES_CBC;
            case AES_CTR -> TransformId.ESP_AES_CTR;
            case AES_GCM -> TransformId.ESP_AES_GCM_16;
        };
    }

    private static int authentication(Authentication authentication) {
        return switch (authentication) {
            case HMAC_MD5_96 -> IpsecAttribute.HMAC_MD5;
            case HMAC_SHA1_96 -> IpsecAttribute.HMAC_SHA;
            case HMAC_SHA256_128 -> IpsecAttribute.HMAC_SHA2_256;
            case AES_XCBC_96 -> IpsecAttribute.AES_XCBC_MAC;
            case NULL -> throw new IllegalArgumentException("no authentication has no number");
        };
    }

    /** The key length that a proposal tells; 0: the algorithm has one only. */
    private static int bits(ChildSettings child) {
        return switch (child.encryption()) {
            case NONE, NULL, DES_CBC, DES3_CBC -> 0;
            case AES_CBC -> 8 * child.keyLength();
            case AES_CTR, AES_GCM -> 8 * (child.keyLength() - 4);    // without nonce or salt
        };
    }
}
