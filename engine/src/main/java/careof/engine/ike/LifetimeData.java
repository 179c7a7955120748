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

    /** Of SAs of IPsec, what is not 0. */
    static Octets of(Lifespan lifespan) {
        OctetWriter out = new OctetWriter(24);
        if (lifespan.time() > 0) {
            write(out, IpsecAttribute.LIFE_TYPE, IpsecAttribute.SECONDS, IpsecAttribute.LIFE_DURATION, lifespan.time() / VirtualTime.SECOND);
        }
        if (lifespan.octets() > 0) {
            write(out, IpsecAttribute.LIFE_TYPE, IpsecAttribute.KILOBYTES, IpsecAttribute.LIFE_DURATION, Lifetimes.kilobytes(lifespan.octets()));
        }
        return out.toOctets();
    }

    /**
     * Of a phase one.
     *
     * @param lifetime nanoseconds
     */
    static Octets ofPhaseOne(long lifetime) {
        OctetWriter out = new OctetWriter(12);
        write(out, PhaseOneAttribute.LIFE_TYPE, PhaseOneAttribute.SECONDS, PhaseOneAttribute.LIFE_DURATION, lifetime / VirtualTime.SECOND);
        return out.toOctets();
    }

    private static void write(OctetWriter out, int type, int kind, int duration, long number) {
        out.u16(SHORT | type).u16(kind).u16(duration).u16(LENGTH).u32(Math.min(number, 0xffff_ffffL));
    }

    /** What attributes of IPsec tell. */
    static Lifespan read(Octets data) {
        return read(data, IpsecAttribute.LIFE_TYPE, IpsecAttribute.LIFE_DURATION);
    }

    /** The lifetime of a phase one in seconds, in nanoseconds; 0: none. */
    static long secondsOfPhaseOne(Octets data) {
        return read(data, PhaseOneAttribute.LIFE_TYPE, PhaseOneAttribute.LIFE_DURATION).time();
    }

    /** Kinds have the same numbers in both phases. */
    private static Lifespan read(Octets data, int type, int duration) {
        OctetReader in = new OctetReader(data);
        Lifespan told = new Lifespan(0, 0);
        long kind = 0;
        try {
            while (!in.atEnd()) {
                Attribute attribute = Attribute.parse(in);
                long number = attribute.longValue().orElse(0);
                if (attribute.type() == type) {
                    kind = number;
                } else if (attribute.type() == duration) {
                    told = told.shorter(new Lifespan(kind == IpsecAttribute.SECONDS ? Lifetimes.nanos(number) : 0,
                            kind == IpsecAttribute.KILOBYTES ? Lifetimes.octets(number) : 0));
                }
            }
        } catch (Malformed e) {
            return new Lifespan(0, 0);    // says nothing that can be read
        }
        return told;
    }
}
