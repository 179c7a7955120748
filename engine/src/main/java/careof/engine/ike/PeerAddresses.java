package careof.engine.ike;

import careof.engine.base.IpAddress;
import careof.engine.policy.Policy;

/**
 * The addresses that both ends have in a phase two, where nothing else says them: where tunnels end, and what is meant without identities
 * (recommendation L2).
 *
 * @param because which these are, a few words
 */
record PeerAddresses(IpAddress local, IpAddress remote, String because) {
    /** Those that transport the phase two's messages, which are given, or else those that its phase one began with. */
    static PeerAddresses of(Policy policy, IsakmpSa phaseOne, IpAddress local, IpAddress remote) {
        return policy.phaseTwoHasItsOwnAddresses() ? new PeerAddresses(local, remote, "the addresses of phase two")
                : new PeerAddresses(phaseOne.firstLocal(), phaseOne.firstRemote(), "the addresses of phase one");
    }
}
