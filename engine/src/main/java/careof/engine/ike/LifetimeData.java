package careof.engine.ike;

import careof.engine.base.Malformed;
import careof.engine.base.OctetReader;
import careof.engine.base.OctetWriter;
import careof.engine.base.Octets;
import careof.engine.base.VirtualTime;
import careof.engine.wire.isakmp.Attribute;
import careof.engine.wire.isakmp.IpsecAttribute;

/** What RESPONDER-LIFETIME carries: attributes of a lifetime (RFC 2407 section 4.6.3.1). */
final class LifetimeData {
    /** Of the variable length of an attribute. */
    private static final int LENGTH = 4;
    private static final int SHORT = 0x8000;

    private LifetimeData() {}

    /** @param lifetime nanoseconds */
    static Octets ofSeconds(long lifetime) {
        return new OctetWriter(12).u16(SHORT | IpsecAttribute.LIFE_TYPE).u16(IpsecAttribute.SECONDS)
                .u16(IpsecAttribute.LIFE_DURATION).u16(LENGTH).u32(Math.min(lifetime / VirtualTime.SECOND, 0xffff_ffffL)).toOctets();
    }

    /** The lifetime in seconds that attributes tell, in nanoseconds; 0: none. */
    static long seconds(Octets data) {
        OctetReader in = new OctetReader(data);
        boolean seconds = false;
        try {
            while (!in.atEnd()) {
                Attribute attribute = Attribute.parse(in);
                if (attribute.type() == IpsecAttribute.LIFE_TYPE) {
                    seconds = attribute.longValue().orElse(0) == IpsecAttribute.SECONDS;
                } else if (attribute.type() == IpsecAttribute.LIFE_DURATION && seconds) {
                    return Lifetimes.nanos(Math.max(0, attribute.longValue().orElse(0)));
                }
            }
        } catch (Malformed e) {
            return 0;    // says nothing that can be read
        }
        return 0;
    }
}
