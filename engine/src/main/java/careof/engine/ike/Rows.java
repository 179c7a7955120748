package careof.engine.ike;

import careof.engine.base.IpAddress;
import careof.engine.base.Octets;
import careof.engine.state.IkeSa;

/** A phase one's row with something changed. */
final class Rows {
    private Rows() {}

    static IkeSa step(IkeSa r, String step, int retransmissions) {
        return new IkeSa(r.id(), r.peer(), r.initiator(), r.exchange(), r.phase(), r.initiatorCookie(), r.responderCookie(), r.local(), r.remote(),
                r.localIdentity(), r.remoteIdentity(), r.authentication(), r.suite(), r.encryptionKey(), r.iv(), step, retransmissions, r.established(), r.until());
    }

    static IkeSa responder(IkeSa r, long cookie) {
        return new IkeSa(r.id(), r.peer(), r.initiator(), r.exchange(), r.phase(), r.initiatorCookie(), cookie, r.local(), r.remote(),
                r.localIdentity(), r.remoteIdentity(), r.authentication(), r.suite(), r.encryptionKey(), r.iv(), r.step(), r.retransmissions(), r.established(), r.until());
    }

    static IkeSa ends(IkeSa r, IpAddress local, IpAddress remote) {
        return new IkeSa(r.id(), r.peer(), r.initiator(), r.exchange(), r.phase(), r.initiatorCookie(), r.responderCookie(), local, remote,
                r.localIdentity(), r.remoteIdentity(), r.authentication(), r.suite(), r.encryptionKey(), r.iv(), r.step(), r.retransmissions(), r.established(), r.until());
    }

    static IkeSa agreed(IkeSa r, IkeSa.Method method, String suite) {
        return new IkeSa(r.id(), r.peer(), r.initiator(), r.exchange(), r.phase(), r.initiatorCookie(), r.responderCookie(), r.local(), r.remote(),
                r.localIdentity(), r.remoteIdentity(), method, suite, r.encryptionKey(), r.iv(), r.step(), r.retransmissions(), r.established(), r.until());
    }

    static IkeSa keys(IkeSa r, Octets encryptionKey, Octets iv) {
        return new IkeSa(r.id(), r.peer(), r.initiator(), r.exchange(), r.phase(), r.initiatorCookie(), r.responderCookie(), r.local(), r.remote(),
                r.localIdentity(), r.remoteIdentity(), r.authentication(), r.suite(), encryptionKey, iv, r.step(), r.retransmissions(), r.established(), r.until());
    }

    static IkeSa identities(IkeSa r, String peer, String localIdentity, String remoteIdentity) {
        return new IkeSa(r.id(), peer, r.initiator(), r.exchange(), r.phase(), r.initiatorCookie(), r.responderCookie(), r.local(), r.remote(),
                localIdentity, remoteIdentity, r.authentication(), r.suite(), r.encryptionKey(), r.iv(), r.step(), r.retransmissions(), r.established(), r.until());
    }

    static IkeSa phase(IkeSa r, IkeSa.Phase phase, long established, long until) {
        return new IkeSa(r.id(), r.peer(), r.initiator(), r.exchange(), phase, r.initiatorCookie(), r.responderCookie(), r.local(), r.remote(),
                r.localIdentity(), r.remoteIdentity(), r.authentication(), r.suite(), r.encryptionKey(), r.iv(), r.step(), r.retransmissions(), established, until);
    }
}
