package careof.engine.policy;

import java.util.Collection;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;

/**
 * Which recommendations a node follows; immutable. The engine asks it domain questions, added with the stage that asks
 *; only this class knows which letter answers.
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

    /** G: whether the phase one identity must be the certificate's subject or an alternative one. */
    public boolean identityMustBeInCertificate() {
        return isOn(Recommendation.G);
    }

    /** H: whether an address as identity must be the one that transports IKE. */
    public boolean identityMustBeTransportAddress() {
        return isOn(Recommendation.H);
    }

    /** I: whether, of a certificate with addresses, one must be the address that transports IKE. */
    public boolean certificateMustHoldTransportAddress() {
        return isOn(Recommendation.I);
    }

    /** J: whether a certificate without any address is bound to what is listed for its subject. */
    public boolean constrainsAddresslessCertificates() {
        return isOn(Recommendation.J);
    }

    /** K: whether this node sends and understands home address identities. */
    public boolean knowsHomeAddressIdentity() {
        return isOn(Recommendation.K);
    }

    /** L1: whether a phase two carries identities, where its addresses may differ from phase one's. */
    public boolean identifiesPhaseTwo() {
        return isOn(Recommendation.L1);
    }

    /** L2: whether the addresses of both peers in a phase two are those that transport it; else those of phase one. */
    public boolean phaseTwoHasItsOwnAddresses() {
        return isOn(Recommendation.L2);
    }

    /** M: whether phase two identities must denote sets of addresses. */
    public boolean phaseTwoIdentitiesAreAddresses() {
        return isOn(Recommendation.M);
    }

    /** N: whether phase one can authorize a transport SA pair for an address that does not transport IKE. */
    public boolean phaseOneAuthorizesHomeAddress() {
        return isOn(Recommendation.N);
    }

    /** O: whether a mobile node uses its home address for IKE and SAs with a correspondent, in transport mode. */
    public boolean ignoresMobilityWithCorrespondents() {
        return isOn(Recommendation.O);
    }

    /** P: whether IKE with the home agent goes over the care-of address. */
    public boolean reachesHomeAgentFromCareOfAddress() {
        return isOn(Recommendation.P);
    }

    /** Q: whether phase one's lifetime and those of its SA pairs have nothing to do with each other. */
    public boolean keepsLifetimesApart() {
        return isOn(Recommendation.Q);
    }

    /** R: whether a message's phase one is found by its cookies, from whatever address it comes. */
    public boolean findsPhaseOneByCookies() {
        return isOn(Recommendation.R);
    }

    /** F and R: whether phase one follows a binding update, as its SAs do (RFC 6275 section 6.1.7, K bit). */
    public boolean phaseOneFollowsBinding() {
        return isOn(Recommendation.F) && isOn(Recommendation.R);
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
