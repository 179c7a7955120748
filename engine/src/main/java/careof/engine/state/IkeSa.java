package careof.engine.state;

import careof.engine.base.IpAddress;
import careof.engine.base.Octets;

/**
 * A phase one of IKE (RFC 2409 section 5): an ISAKMP SA, or what is on the way to one.
 *
 * @param id             of this row on this node, from 1
 * @param peer           what this node's configuration calls the other end; empty: not known yet
 * @param initiator      whether this node began it
 * @param initiatorCookie 64 bits; with the responder's the SPI of the ISAKMP SA
 * @param responderCookie 0: not known yet
 * @param local          this node's address for its messages
 * @param remote         the peer's, where it was last heard for sure
 * @param localIdentity  as "fqdn:mn.lab"; empty: not said yet
 * @param remoteIdentity the same
 * @param suite          agreed algorithms, such as "aes-cbc-128 sha256 modp-2048"; empty: not agreed yet
 * @param encryptionKey  what its messages are encrypted with (Ka of RFC 2409 appendix B); empty: not derived yet
 * @param iv             last cipher block of phase one, from which the IVs of other exchanges are made (RFC 2409 appendix B); empty: none yet
 * @param step           the message last sent or received, such as "MM3 sent"
 * @param retransmissions of that message
 * @param established    nanoseconds; 0: not yet
 * @param until          end of its lifetime, nanoseconds; 0: none
 */
public record IkeSa(int id, String peer, boolean initiator, Exchange exchange, Phase phase, long initiatorCookie, long responderCookie, IpAddress local,
        IpAddress remote, String localIdentity, String remoteIdentity, Method authentication, String suite, Octets encryptionKey, Octets iv, String step,
        int retransmissions, long established, long until) implements State {

    /** How it is made. */
    public enum Exchange {
        MAIN,
        AGGRESSIVE
    }

    /** How the ends authenticate each other. */
    public enum Method {
        /** Not agreed yet. */
        UNKNOWN,
        PRE_SHARED_KEY,
        RSA_SIGNATURES
    }

    /** How far it has come. */
    public enum Phase {
        /** Messages go to and fro; nobody is authenticated yet. */
        NEGOTIATING,
        /** Both ends are authenticated. */
        ESTABLISHED,
        /** Another one has taken its place: what runs ends, nothing new begins. */
        REPLACED
    }

    @Override
    public String key() {
        return Integer.toString(id);
    }

    /** The SPI of the ISAKMP SA as people write it. */
    public String cookies() {
        return cookies(initiatorCookie, responderCookie);
    }

    /** Two cookies as people write them. */
    public static String cookies(long initiator, long responder) {
        return "%016x:%016x".formatted(initiator, responder);
    }

    /** What tells one from another; no keys. */
    @Override
    public String toString() {
        return "phase one " + cookies() + " " + local + " - " + remote;
    }
}
