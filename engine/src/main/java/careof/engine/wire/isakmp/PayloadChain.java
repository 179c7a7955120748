package careof.engine.wire.isakmp;

import careof.engine.base.Malformed;
import careof.engine.base.OctetReader;
import careof.engine.base.OctetWriter;
import careof.engine.base.Octets;
import careof.engine.wire.Bits;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The payloads of a message, each of which names the type of the next one (RFC 2408 section 3.2).
 *
 * <pre>
 *   0   | type of the next payload (1), 0: none | reserved (1), 0 | length (2), this header included |
 *   4   | body ...                                                                                   |
 * </pre>
 *
 * @param links   at most {@link #MOST}
 * @param padding what follows the last payload: of a decrypted message up to a block less an octet, its value free (RFC 2409 appendix B)
 */
public record PayloadChain(List<Link> links, Octets padding) {
    /** A message with more payloads than this is malformed: it would only keep its receiver busy. */
    public static final int MOST = 64;
    /** Octets of the generic header. */
    public static final int HEADER = 4;

    /**
     * One payload where it stood.
     *
     * @param offset of its generic header, in the octets that were read
     * @param whole  its octets as they came, generic header included
     */
    public record Link(int type, int offset, Octets whole, Payload payload) {
        /** The octets that hashes cover: without the generic header. */
        public Octets body() {
            return whole.from(HEADER);
        }
    }

    public PayloadChain {
        links = List.copyOf(links);
    }

    /**
     * Reads payloads until one names no next.
     *
     * @param firstType from the header of the message; 0: there is none and all octets are padding
     * @throws Malformed at the payload, or within it, that is none
     */
    public static PayloadChain parse(int firstType, Octets octets) throws Malformed {
        List<Link> links = new ArrayList<>();
        OctetReader in = new OctetReader(octets);
        int type = firstType;
        while (type != Payload.NONE) {
            int at = in.position();
            if (links.size() == MOST) {
                throw new Malformed("more than " + MOST + " payloads", at);
            }
            int next = in.u8();
            Octets whole = whole(in, octets, at);
            try {
                links.add(new Link(type, at, whole, PayloadReader.read(type, whole)));
            } catch (Malformed e) {
                throw new Malformed(Payload.name(type) + " payload: " + e.getMessage(), at + e.at());
            }
            type = next;
        }
        return new PayloadChain(links, in.rest());
    }

    /** Reads reserved octet, length and body of what starts at {@code at} and has been read up to the reserved octet; its octets from there on. */
    static Octets whole(OctetReader in, Octets octets, int at) throws Malformed {
        if (in.u8() != 0) {
            throw new Malformed("the reserved octet of a payload is not zero", at + 1);
        }
        int length = in.u16();
        if (length < HEADER || length - HEADER > in.remaining()) {
            throw new Malformed("a payload of " + length + " octets, " + (in.remaining() + HEADER) + " are left", at + 2);
        }
        in.skip(length - HEADER);
        return octets.slice(at, at + length);
    }

    /** The payloads in order. */
    public List<Payload> payloads() {
        return links.stream().map(Link::payload).toList();
    }

    /** The types in order. */
    public List<Integer> types() {
        return links.stream().map(Link::type).toList();
    }

    /** The first payload of a kind. */
    public <T extends Payload> Optional<T> find(Class<T> kind) {
        return links.stream().map(Link::payload).filter(kind::isInstance).map(kind::cast).findFirst();
    }

    /** All payloads of a kind, in order. */
    public <T extends Payload> List<T> all(Class<T> kind) {
        return links.stream().map(Link::payload).filter(kind::isInstance).map(kind::cast).toList();
    }

    /** Writes payloads behind each other, each naming the next. */
    public static Octets emit(List<Payload> payloads) {
        OctetWriter out = new OctetWriter(256);
        for (int i = 0; i < payloads.size(); i++) {
            Octets body = payloads.get(i).body();
            out.u8(i + 1 < payloads.size() ? payloads.get(i + 1).type() : Payload.NONE).u8(0);
            out.u16(Bits.fit(HEADER + body.length(), 16, "payload length")).octets(body);
        }
        return out.toOctets();
    }

    /** The type that a header names for these payloads. */
    public static int firstType(List<Payload> payloads) {
        return payloads.isEmpty() ? Payload.NONE : payloads.getFirst().type();
    }
}
