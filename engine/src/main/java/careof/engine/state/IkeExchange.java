package careof.engine.state;

import careof.engine.base.Octets;

/**
 * An exchange under the protection of a phase one, as long as it is remembered (RFC 2409 section 5.5 and 5.7).
 *
 * @param ikeSa     id of its phase one
 * @param messageId 32 bits, not 0
 * @param initiator whether this node began it
 * @param step      the message last sent or received, such as "QM1 sent"; "given up" where nothing came of it
 * @param retransmissions of that message
 * @param iv        last cipher block, with which the next message is encrypted (RFC 2409 appendix B)
 */
public record IkeExchange(int ikeSa, long messageId, Kind kind, boolean initiator, String step, int retransmissions, Octets iv) implements State {
    /** What it is for. */
    public enum Kind {
        QUICK,
        /** Dead peer detection's question, which wants an answer (RFC 3706). */
        PROBE
    }

    @Override
    public String key() {
        return ikeSa + "/" + "%08x".formatted(messageId);
    }
}
