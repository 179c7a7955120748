package careof.engine.policy;

import java.util.Collection;
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

    /** The same with changes. */
    public Policy with(Collection<Recommendation> on, Collection<Recommendation> nowOff) {
        EnumSet<Recommendation> set = EnumSet.noneOf(Recommendation.class);
        set.addAll(off);
        set.removeAll(on);
        set.addAll(nowOff);
        return new Policy(set);
    }

    /** A: whether an SA that authenticates verifies a home address option, so that no binding is needed for it. */
    public boolean saVerifiesHomeAddress() {
        return isOn(Recommendation.A);
    }

    /** B: whether an IPsec tunnel ends at the care-of address itself; else at the home address, and mobility adds its own headers around. */
    public boolean combinesTunnels() {
        return isOn(Recommendation.B);
    }

    /** C1: whether, after a tunnel's end, the inner source is compared with the SA's selector; else the outer one is. */
    public boolean checksInnerSource() {
        return isOn(Recommendation.C1);
    }

    /** C2: whether a tunnel's outer source must stay what it was when the SA was set up. */
    public boolean pinsOuterSource() {
        return !isOn(Recommendation.C2);
    }

    /** D: whether a tunnel may carry one IP version in the other. */
    public boolean tunnelsAcrossFamilies() {
        return isOn(Recommendation.D);
    }

    /** E1: whether a binding update is authenticated by the SA that it came through. */
    public boolean saAuthenticatesBindingUpdate() {
        return isOn(Recommendation.E1);
    }

    /** E2: whether a binding update under ESP tells its care-of address within what is authenticated. */
    public boolean tellsCareOfAddressInside() {
        return isOn(Recommendation.E2);
    }

    /** F: whether mobility signalling moves the addresses of SAs. */
    public boolean signallingMigratesSas() {
        return isOn(Recommendation.F);
    }

    private boolean isOn(Recommendation recommendation) {
        return !off.contains(recommendation);
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
