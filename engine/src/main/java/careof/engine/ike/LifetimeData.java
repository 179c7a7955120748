package careof.engine.ike;

import careof.engine.base.Malformed;
import careof.engine.base.OctetReader;
import careof.engine.base.OctetWriter;
import careof.engine.base.Octets;
import careof.engine.base.VirtualTime;
import careof.engine.wire.isakmp.Attribute;
import careof.engine.wire.isakmp.IpsecAttribute;
import careof.engine.wire.isakmp.PhaseOneAttribute;

/**
 * What RESPONDER-LIFETIME carries: attributes of a lifetime (RFC 2407 section 4.6.3.1), with the numbers that they have in the proposals of the SA that it
 * is of.
 */
final class LifetimeData {
    /** Of the variable length of an attribute. */
    private static final int LENGTH = 4;
    private static final int SHORT = 0x8000;

    private LifetimeData() {}

    /**
     * Of SAs of IPsec.
     *
     * @param lifetime nanoseconds
     */
    static Octets ofSeconds(long lifetime) {
        return ofSeconds(lifetime, IpsecAttribute.LIFE_TYPE, IpsecAttribute.LIFE_DURATION);
    }

    /**
     * Of a phase one.
     *
     * @param lifetime nanoseconds
     */
    static Octets ofPhaseOne(long lifetime) {
        return ofSeconds(lifetime, PhaseOneAttribute.LIFE_TYPE, PhaseOneAttribute.LIFE_DURATION);
    }

    private static Octets ofSeconds(long lifetime, int type, int duration) {
        return new OctetWriter(12).u16(SHORT | type).u16(IpsecAttribute.SECONDS)
                .u16(duration).u16(LENGTH).u32(Math.min(lifetime / VirtualTime.SECOND, 0xffff_ffffL)).toOctets();
    }

    /** The lifetime in seconds that attributes of IPsec tell, in nanoseconds; 0: none. */
    static long seconds(Octets data) {
        return seconds(data, IpsecAttribute.LIFE_TYPE, IpsecAttribute.LIFE_DURATION);
    }

    /** The lifetime of a phase one in seconds, in nanoseconds; 0: none. */
    static long secondsOfPhaseOne(Octets data) {
        return seconds(data, PhaseOneAttribute.LIFE_TYPE, PhaseOneAttribute.LIFE_DURATION);
    }

    private static long seconds(Octets data, int type, int duration) {
        OctetReader in = new OctetReader(data);
        boolean seconds = false;
        try {
            while (!in.atEnd()) {
                Attribute attribute = Attribute.parse(in);
                if (attribute.type() == type) {
                    seconds = attribute.longValue().orElse(0) == IpsecAttribute.SECONDS;
                } else if (attribute.type() == duration && seconds) {
                    return Lifetimes.nanos(Math.max(0, attribute.longValue().orElse(0)));
                }
            }
        } catch (Malformed e) {
            return 0;    // says nothing that can be read
        }
        return 0;
    }
}
