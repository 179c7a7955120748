package careof.engine.wire.isakmp;

import careof.engine.base.IpAddress;
import careof.engine.base.Malformed;
import careof.engine.base.OctetReader;
import careof.engine.base.Octets;
import java.util.ArrayList;
import java.util.List;

/** Reads the body of one payload. Work and memory grow with its octets only, and no list grows past its limit. */
final class PayloadReader {
    private PayloadReader() {}

    /** Whether payloads of this type are looked into. */
    static boolean isRead(int type) {
        return switch (type) {
            case Payload.SECURITY_ASSOCIATION, Payload.KEY_EXCHANGE, Payload.IDENTIFICATION, Payload.CERTIFICATE, Payload.CERTIFICATE_REQUEST,
                    Payload.HASH, Payload.SIGNATURE, Payload.NONCE, Payload.NOTIFICATION, Payload.DELETE, Payload.VENDOR_ID, Payload.NAT_DISCOVERY,
                    Payload.NAT_ORIGINAL_ADDRESS, Payload.FRAGMENT -> true;
            default -> false;
        };
    }

    /**
     * @param whole the payload with its generic header
     * @throws Malformed with an offset from the start of the generic header
     */
    static Payload read(int type, Octets whole) throws Malformed {
        OctetReader in = new OctetReader(whole);
        in.skip(PayloadChain.HEADER);
        return switch (type) {
            case Payload.SECURITY_ASSOCIATION -> association(in, whole);
            case Payload.PROPOSAL, Payload.TRANSFORM -> throw new Malformed("stands outside of a Security Association", 0);
            case Payload.KEY_EXCHANGE -> new Payload.KeyExchange(in.rest());
            case Payload.IDENTIFICATION -> new Identification(in.u8(), in.u8(), in.u16(), in.rest());
            case Payload.CERTIFICATE -> new Payload.Certificate(in.u8(), in.rest());
            case Payload.CERTIFICATE_REQUEST -> new Payload.CertificateRequest(in.u8(), in.rest());
            case Payload.HASH -> new Payload.Hash(in.rest());
            case Payload.SIGNATURE -> new Payload.Signature(in.rest());
            case Payload.NONCE -> new Payload.Nonce(in.rest());
            case Payload.NOTIFICATION -> notification(in);
            case Payload.DELETE -> delete(in);
            case Payload.VENDOR_ID -> new Payload.VendorId(in.rest());
            case Payload.NAT_DISCOVERY -> new Payload.NatDiscovery(in.rest());
            case Payload.NAT_ORIGINAL_ADDRESS -> originalAddress(in);
            case Payload.FRAGMENT -> new Payload.Fragment(in.u16(), in.u8(), in.u8(), in.rest());
            default -> new Payload.Unknown(type, in.rest());
        };
    }

    private static Notification notification(OctetReader in) throws Malformed {
        long doi = in.u32();
        int protocol = in.u8();
        int spiSize = in.u8();
        int kind = in.u16();
        return new Notification(doi, protocol, kind, in.octets(spiSize), in.rest());
    }

    private static Payload.Delete delete(OctetReader in) throws Malformed {
        long doi = in.u32();
        int protocol = in.u8();
        int at = in.position();
        int size = in.u8();
        int count = in.u16();
        if (size == 0 && count > 0 || size * count != in.remaining()) {
            throw new Malformed(count + " SPIs of " + size + " octets, " + in.remaining() + " octets are there", at);
        }
        List<Octets> spis = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            spis.add(in.octets(size));
        }
        return new Payload.Delete(doi, protocol, size, spis);
    }

    private static Payload.NatOriginalAddress originalAddress(OctetReader in) throws Malformed {
        int at = in.position();
        int type = in.u8();
        if (in.u24() != 0) {
            throw new Malformed("reserved octets are not zero", at + 1);
        }
        IpAddress address = switch (type) {
            case Identification.IPV4_ADDR -> in.ip4();
            case Identification.IPV6_ADDR -> in.ip6();
            default -> throw new Malformed(Identification.name(type) + " is no single address", at);
        };
        end(in);
        return new Payload.NatOriginalAddress(address);
    }

    private static Payload association(OctetReader in, Octets whole) throws Malformed {
        long doi = in.u32();
        Octets data = whole.from(in.position());
        if (doi != SecurityAssociation.IPSEC || in.u32() != SecurityAssociation.IDENTITY_ONLY) {
            return new Payload.OtherAssociation(doi, data);
        }
        List<Proposal> proposals = new ArrayList<>();
        int transforms = 0;
        boolean more = !in.atEnd();
        while (more) {
            int at = in.position();
            more = follows(in.u8(), Payload.PROPOSAL, at);
            Octets octets = PayloadChain.whole(in, whole, at);
            Proposal proposal;
            try {
                proposal = proposal(octets, SecurityAssociation.MOST_TRANSFORMS - transforms);
            } catch (Malformed e) {
                throw new Malformed(e.getMessage(), at + e.at());
            }
            transforms += 1 + proposal.transforms().size();    // one for the proposal: without transforms it takes room, too
            if (transforms > SecurityAssociation.MOST_TRANSFORMS) {
                throw new Malformed("more than " + SecurityAssociation.MOST_TRANSFORMS + " proposals and transforms", at);
            }
            proposals.add(proposal);
        }
        end(in);
        return new SecurityAssociation(proposals);
    }

    private static Proposal proposal(Octets whole, int most) throws Malformed {
        OctetReader in = new OctetReader(whole);
        in.skip(PayloadChain.HEADER);
        int number = in.u8();
        int protocol = in.u8();
        int spiSize = in.u8();
        int count = in.u8();
        if (count > most) {
            throw new Malformed("more than " + SecurityAssociation.MOST_TRANSFORMS + " proposals and transforms", 7);
        }
        Octets spi = in.octets(spiSize);
        List<Transform> transforms = new ArrayList<>();
        for (int i = 1; i <= count; i++) {
            int at = in.position();
            if (follows(in.u8(), Payload.TRANSFORM, at) != i < count) {
                throw new Malformed("transform " + i + " of " + count + " is wrong about whether another one follows", at);
            }
            Octets octets = PayloadChain.whole(in, whole, at);
            try {
                transforms.add(transform(octets));
            } catch (Malformed e) {
                throw new Malformed(e.getMessage(), at + e.at());
            }
        }
        end(in);
        return new Proposal(number, protocol, spi, transforms);
    }

    private static Transform transform(Octets whole) throws Malformed {
        OctetReader in = new OctetReader(whole);
        in.skip(PayloadChain.HEADER);
        int number = in.u8();
        int id = in.u8();
        if (in.u16() != 0) {
            throw new Malformed("reserved octets of a transform are not zero", 6);
        }
        List<Attribute> attributes = new ArrayList<>();
        while (!in.atEnd()) {
            if (attributes.size() == Transform.MOST_ATTRIBUTES) {
                throw new Malformed("more than " + Transform.MOST_ATTRIBUTES + " attributes", in.position());
            }
            attributes.add(Attribute.parse(in));
        }
        return new Transform(number, id, attributes);
    }

    private static boolean follows(int next, int type, int at) throws Malformed {
        if (next != Payload.NONE && next != type) {
            throw new Malformed("a " + Payload.name(next) + " follows where only a " + Payload.name(type) + " may", at);
        }
        return next == type;
    }

    private static void end(OctetReader in) throws Malformed {
        if (!in.atEnd()) {
            throw new Malformed(in.remaining() + " octets too many", in.position());
        }
    }
}
