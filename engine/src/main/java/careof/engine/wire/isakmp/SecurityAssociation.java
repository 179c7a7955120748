package careof.engine.wire.isakmp;

import careof.engine.base.OctetWriter;
import careof.engine.base.Octets;
import java.util.List;

/**
 * A security association payload for IPsec (RFC 2408 section 3.4, RFC 2407 section 4.6.1): what an initiator offers, or the one proposal with one
 * transform that a responder chose. One of another kind is {@link Payload.OtherAssociation}.
 *
 * <pre>
 *   0   | DOI (4), 1: IPsec                  |
 *   4   | situation (4), 1: identity only    |
 *   8   | proposals, each naming the next ... |
 * </pre>
 *
 * @param proposals in order of preference; those of one number belong together
 */
public record SecurityAssociation(List<Proposal> proposals) implements Payload {
    /** DOI of IPsec. */
    public static final long IPSEC = 1;
    /** The situation SIT_IDENTITY_ONLY. */
    public static final long IDENTITY_ONLY = 1;
    public static final long SECRECY = 2;
    public static final long INTEGRITY = 4;
    /** One with more proposals and transforms, all counted, is malformed. */
    public static final int MOST_TRANSFORMS = 256;

    public SecurityAssociation {
        proposals = List.copyOf(proposals);
    }

    /** An association with one proposal. */
    public static SecurityAssociation of(Proposal proposal) {
        return new SecurityAssociation(List.of(proposal));
    }

    /** Whether it has the form of an answer: one proposal with one transform. */
    public boolean isOneTransform() {
        return proposals.size() == 1 && proposals.getFirst().transforms().size() == 1;
    }

    public long doi() {
        return IPSEC;
    }

    public long situation() {
        return IDENTITY_ONLY;
    }

    @Override
    public int type() {
        return SECURITY_ASSOCIATION;
    }

    @Override
    public Octets body() {
        OctetWriter out = new OctetWriter(128);
        out.u32(IPSEC).u32(IDENTITY_ONLY);
        for (int i = 0; i < proposals.size(); i++) {
            proposals.get(i).emit(out, i + 1 == proposals.size());
        }
        return out.toOctets();
    }
}
