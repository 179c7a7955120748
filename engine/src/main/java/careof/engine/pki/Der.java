package careof.engine.pki;

import careof.engine.base.Malformed;
import careof.engine.base.OctetReader;
import careof.engine.base.Octets;
import java.io.IOException;
import java.util.function.Function;
import org.bouncycastle.asn1.ASN1Primitive;

/**
 * The door for encoded structures from outside: their tags and lengths are walked before a library builds objects of them, so that neither
 * depth nor lengths that lie reach it.
 */
final class Der {
    private static final int MOST_DEPTH = 24;
    private static final int MOST_ELEMENTS = 20_000;

    private Der() {}

    /** Makes a value out of a structure; whatever it throws means octets that are not what they should be. */
    @FunctionalInterface
    interface Maker<S, T> {
        T make(S structure) throws IOException, Malformed;
    }

    /** Reads one structure, with nothing behind it. */
    static <S, T> T read(Octets der, Function<Object, S> structure, Maker<S, T> maker) throws Malformed {
        check(der);
        try {
            return maker.make(structure.apply(ASN1Primitive.fromByteArray(der.toArray())));
        } catch (IOException | RuntimeException e) {    // the library tells of hostile octets in all kinds of unchecked ways
            throw new Malformed("not the structure it should be: " + Printable.text(String.valueOf(e.getMessage())), 0);
        }
    }

    /** Whether there is one element with definite lengths all the way down, not too deep and not too many. */
    static void check(Octets der) throws Malformed {
        int[] left = {MOST_ELEMENTS};
        OctetReader reader = new OctetReader(der);
        element(reader, 0, left);
        if (!reader.atEnd()) {
            throw new Malformed(reader.remaining() + " octets behind the structure", reader.position());
        }
    }

    /** The octets of the first element within one that {@link #check} has walked. */
    static Octets firstPart(Octets der) throws Malformed {
        OctetReader outer = new OctetReader(der);
        outer.u8();
        Octets content = outer.octets(length(outer, 0));
        OctetReader first = new OctetReader(content);
        first.u8();
        first.skip(length(first, 0));
        return content.slice(0, first.position());
    }

    private static void element(OctetReader reader, int depth, int[] left) throws Malformed {
        int at = reader.position();
        if (depth > MOST_DEPTH || --left[0] < 0) {
            throw new Malformed("more than " + (depth > MOST_DEPTH ? MOST_DEPTH + " levels" : MOST_ELEMENTS + " elements"), at);
        }
        int tag = reader.u8();
        if ((tag & 0x1f) == 0x1f) {
            throw new Malformed("a tag of several octets", at);
        }
        int length = length(reader, at);
        Octets content = reader.octets(length);
        if ((tag & 0x20) != 0) {
            OctetReader inner = new OctetReader(content);
            while (!inner.atEnd()) {
                element(inner, depth + 1, left);
            }
        }
    }

    private static int length(OctetReader reader, int at) throws Malformed {
        int first = reader.u8();
        int length = switch (first) {
            case 0x81 -> reader.u8();
            case 0x82 -> reader.u16();
            case 0x83 -> reader.u24();
            default -> first;
        };
        int least = switch (first) {
            case 0x81 -> 0x80;
            case 0x82 -> 0x100;
            case 0x83 -> 0x10000;
            default -> 0;
        };
        if (first == 0x80 || first > 0x83 || length < least) {
            throw new Malformed("a length that DER does not have", at);
        }
        return length;
    }
}
