package careof.engine.wire.isakmp;

import careof.engine.base.OctetWriter;
import careof.engine.wire.Bits;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A transform within a proposal (RFC 2408 section 3.6).
 *
 * <pre>
 *   0   | 3, 0 in the last one (1) | reserved (1) | length (2)    |
 *   4   | number (1)               | id (1)       | reserved (2)  |
 *   8   | attributes ...                                          |
 * </pre>
 *
 * @param number     0..255, another one for each transform of a proposal
 * @param id         see {@link TransformId}
 * @param attributes in the order they are written
 */
public record Transform(int number, int id, List<Attribute> attributes) {
    /** One with more attributes is malformed. */
    public static final int MOST_ATTRIBUTES = 64;

    public Transform {
        Bits.fit(number, 8, "transform number");
        Bits.fit(id, 8, "transform id");
        attributes = List.copyOf(attributes);
    }

    /** The first attribute of a type. */
    public Optional<Attribute> attribute(int type) {
        return attributes.stream().filter(attribute -> attribute.type() == type).findFirst();
    }

    /**
     * Whether an attribute stands in it with two values (RFC 2407 section 4.5.2), of which nobody can tell which one holds. There may be a lifetime
     * of each kind.
     *
     * @param lifeType     the attribute that tells the kind of the lifetimes that follow
     * @param lifeDuration the attribute that holds one
     */
    public boolean contradictsItself(int lifeType, int lifeDuration) {
        Map<Long, OptionalLong> values = new HashMap<>();
        long kind = 0;
        for (Attribute attribute : attributes) {
            OptionalLong value = attribute.longValue();
            if (attribute.type() == lifeType) {
                kind = value.orElse(0);
                continue;
            }
            long what = attribute.type() == lifeDuration ? kind << 16 | attribute.type() : attribute.type();
            OptionalLong before = values.putIfAbsent(what, value);
            if (before != null && !before.equals(value)) {
                return true;
            }
        }
        return false;
    }

    void emit(OctetWriter out, boolean last) {
        int at = out.length();
        out.u8(last ? Payload.NONE : Payload.TRANSFORM).u8(0).u16(0).u8(number).u8(id).u16(0);
        attributes.forEach(attribute -> attribute.emit(out));
        out.patch16(at + 2, Bits.fit(out.length() - at, 16, "transform length"));
    }
}
