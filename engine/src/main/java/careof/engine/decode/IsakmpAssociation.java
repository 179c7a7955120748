package careof.engine.decode;

import careof.engine.base.Malformed;
import careof.engine.base.Octets;
import careof.engine.wire.isakmp.Attribute;
import careof.engine.wire.isakmp.IpsecAttribute;
import careof.engine.wire.isakmp.Payload;
import careof.engine.wire.isakmp.PhaseOneAttribute;
import careof.engine.wire.isakmp.SecurityAssociation;
import careof.engine.wire.isakmp.SecurityProtocol;
import careof.engine.wire.isakmp.Transform;
import careof.engine.wire.isakmp.TransformId;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;

/** Security association payloads: proposals, transforms, attributes. */
final class IsakmpAssociation {
    private IsakmpAssociation() {}

    static void dissect(Node p, Cursor c) throws Malformed {
        long doi = IsakmpPayloads.doi(p, c, "isakmp.sa.doi");
        if (doi != SecurityAssociation.IPSEC) {
            p.value("for another domain");
            c.rest(p, "Situation and Proposals", "isakmp.datapayload");
            return;
        }
        long situation = c.number(p, 4, "Situation", "isakmp.sa.situation", v -> String.format("%08x", v)
                + ((v & SecurityAssociation.IDENTITY_ONLY) != 0 ? " identity only" : "") + ((v & SecurityAssociation.SECRECY) != 0 ? " secrecy" : "")
                + ((v & SecurityAssociation.INTEGRITY) != 0 ? " integrity" : ""));
        if (situation != SecurityAssociation.IDENTITY_ONLY) {
            c.rest(p, "Labels and Proposals", "isakmp.datapayload");
            return;
        }
        int seen = 0;
        boolean more = c.left() > 0;
        while (more) {
            int start = c.at();
            Node proposal = p.group("Proposal", "isakmp.proposal", start);
            more = IsakmpDissector.follows(proposal, c, Payload.PROPOSAL);
            seen += 1 + proposal(proposal, IsakmpDissector.body(proposal, c), SecurityAssociation.MOST_TRANSFORMS - seen);
            if (seen > SecurityAssociation.MOST_TRANSFORMS) {
                throw tooMany(start);
            }
        }
        end(c);
    }

    private static Malformed tooMany(int at) {
        return new Malformed("more than " + SecurityAssociation.MOST_TRANSFORMS + " proposals and transforms", at);
    }

    static void end(Cursor c) throws Malformed {
        if (c.left() > 0) {
            throw new Malformed(c.left() + " octets too many", c.at());
        }
    }

    /** Returns the number of transforms. */
    private static int proposal(Node p, Cursor c, int most) throws Malformed {
        int number = c.number(p, 1, "Proposal Number", "isakmp.prop.number");
        int protocol = c.peek(0);
        IsakmpPayloads.protocol(p, c, "isakmp.prop.protoid");
        int spiSize = c.number(p, 1, "SPI Size", "isakmp.spisize");
        int count = c.number(p, 1, "Number of Transforms", "isakmp.prop.transforms");
        p.value("number " + number + ", " + SecurityProtocol.name(protocol) + ", " + count + (count == 1 ? " transform" : " transforms"));
        if (count > most) {
            throw tooMany(c.at() - 1);
        }
        if (spiSize > 0) {
            c.raw(p, spiSize, "SPI", "isakmp.spi");
        }
        for (int i = 1; i <= count; i++) {
            int at = c.at();
            Node t = p.group("Transform", "isakmp.transform", at);
            if (IsakmpDissector.follows(t, c, Payload.TRANSFORM) != i < count) {
                throw new Malformed("transform " + i + " of " + count + " is wrong about whether another one follows", at);
            }
            transform(t, IsakmpDissector.body(t, c), protocol);
        }
        end(c);
        return count;
    }

    private static void transform(Node t, Cursor c, int protocol) throws Malformed {
        int number = c.number(t, 1, "Transform Number", "isakmp.trans.number");
        int id = (int) c.number(t, 1, "Transform ID", "isakmp.trans.id", v -> v + " (" + TransformId.name(protocol, (int) v) + ")");
        int at = c.at();
        String what = "number " + number + ", " + TransformId.name(protocol, id);
        t.value(what);
        c.reserved(t, 2, "isakmp");
        if (c.since(at).u16(0) != 0) {
            throw new Malformed("reserved octets of a transform are not zero", at);
        }
        boolean phaseOne = protocol == SecurityProtocol.ISAKMP;
        List<String> values = attributes(t, c, phaseOne, "isakmp.");
        t.value(what + (values.isEmpty() ? "" : ": " + String.join(", ", values)));
    }

    /** All attributes that are left; their values in words. */
    static List<String> attributes(Node in, Cursor c, boolean phaseOne, String prefix) throws Malformed {
        List<String> values = new ArrayList<>();
        for (int count = 0; c.left() > 0; count++) {
            if (count == Transform.MOST_ATTRIBUTES) {
                throw new Malformed("more than " + Transform.MOST_ATTRIBUTES + " attributes", c.at());
            }
            attribute(in, c, phaseOne, prefix + (phaseOne ? "ike.attr" : "ipsec.attr"), values);
        }
        return values;
    }

    private static void attribute(Node in, Cursor c, boolean phaseOne, String prefix, List<String> values) throws Malformed {
        int at = c.at();
        int first = (int) c.take(2);
        int type = first & 0x7fff;
        boolean isShort = first >>> 15 != 0;
        String name = phaseOne ? PhaseOneAttribute.name(type) : IpsecAttribute.name(type);
        Node a = in.group(name.substring(0, 1).toUpperCase(Locale.ROOT) + name.substring(1), prefix, at);
        a.leaf("Format", prefix + ".format", at, at + 1, isShort ? "1 (type and value)" : "0 (type, length and value)");
        a.leaf("Type", prefix + ".type", at, at + 2, type + " (" + name + ")");
        int length = isShort ? 2 : c.number(a, 2, "Length", prefix + ".length");
        int start = c.at();
        Octets value = c.part(length).ahead();
        a.leaf("Value", prefix + ".value", start, c.at(), value.slice(0, Math.min(value.length(), 64)).toHex());
        OptionalLong number = new Attribute(type, isShort, value).longValue();
        if (number.isEmpty()) {
            a.value(length + " octets");
            return;
        }
        long v = number.getAsLong();
        boolean kind = type == (phaseOne ? PhaseOneAttribute.LIFE_TYPE : IpsecAttribute.LIFE_TYPE);
        String words = phaseOne ? PhaseOneAttribute.valueName(type, v) : IpsecAttribute.valueName(type, v);
        a.value(words);
        String word = phaseOne ? phaseOneWord(type, length) : ipsecWord(type, length);
        if (!word.isEmpty()) {
            a.leaf("Meaning", prefix + "." + word, start, c.at(), words.equals(Long.toString(v)) ? words : v + " (" + words + ")");
        }
        if (!kind) {
            values.add(words.equals(Long.toString(v)) ? name + " " + words : words);
        }
    }

    private static String phaseOneWord(int type, int length) {
        return switch (type) {
            case PhaseOneAttribute.ENCRYPTION -> "encryption_algorithm";
            case PhaseOneAttribute.HASH -> "hash_algorithm";
            case PhaseOneAttribute.AUTHENTICATION -> "authentication_method";
            case PhaseOneAttribute.GROUP -> "group_description";
            case PhaseOneAttribute.GROUP_TYPE -> "group_type";
            case PhaseOneAttribute.LIFE_TYPE -> "life_type";
            case PhaseOneAttribute.LIFE_DURATION -> duration(length);
            case PhaseOneAttribute.KEY_LENGTH -> "key_length";
            default -> "";
        };
    }

    private static String ipsecWord(int type, int length) {
        return switch (type) {
            case IpsecAttribute.LIFE_TYPE -> "life_type";
            case IpsecAttribute.LIFE_DURATION -> duration(length);
            case IpsecAttribute.GROUP -> "group_description";
            case IpsecAttribute.ENCAPSULATION -> "encap_mode";
            case IpsecAttribute.AUTHENTICATION -> "auth_algorithm";
            case IpsecAttribute.KEY_LENGTH -> "key_length";
            case IpsecAttribute.KEY_ROUNDS -> "key_rounds";
            case IpsecAttribute.EXTENDED_SEQUENCE_NUMBERS -> "ext_seq_nbr";
            default -> "";
        };
    }

    /** Wireshark has a field for each width. */
    private static String duration(int length) {
        return length > 4 ? "life_duration64" : "life_duration";
    }
}
