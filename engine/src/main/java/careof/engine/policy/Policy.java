package careof.engine.policy;

import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;

/**
 * Which recommendations a node follows; immutable. The engine asks it domain questions, added with the stage that asks
 * (IPsec and IKE come with theirs); only this class knows which letter answers.
 */
public final class Policy {
    /** Every recommendation on. */
    public static final Policy ALL_ON = new Policy(EnumSet.noneOf(Recommendation.class));

    private final Set<Recommendation> off;

    private Policy(Set<Recommendation> off) {
        this.off = Collections.unmodifiableSet(off);
    }

    /** All on but these. */
    public static Policy without(Iterable<Recommendation> off) {
        EnumSet<Recommendation> set = EnumSet.noneOf(Recommendation.class);
        off.forEach(set::add);
        return new Policy(set);
    }

    /** The recommendations that are off, in order. */
    public Set<Recommendation> off() {
        return off;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Policy p && p.off.equals(off);
    }

    @Override
    public int hashCode() {
        return off.hashCode();
    }

    @Override
    public String toString() {
        return off.isEmpty() ? "all on" : "off: " + off;
    }
}
