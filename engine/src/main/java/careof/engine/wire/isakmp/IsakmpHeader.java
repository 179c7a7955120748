package careof.engine.wire.isakmp;

import careof.engine.base.Malformed;
import careof.engine.base.OctetReader;
import careof.engine.base.OctetWriter;
import careof.engine.base.Octets;
import careof.engine.wire.Bits;

/**
 * The header of every ISAKMP message (RFC 2408 section 3.1).
 *
 * <pre>
 *    0   | initiator cookie (8)                                                          |
 *    8   | responder cookie (8), 0 in the first message                                  |
 *   16   | next payload (1) | version, major and minor (4 bits each) | exchange (1) | flags (1) |
 *   20   | message id (4), 0 in phase one                                                |
 *   24   | length (4)                                                                    |
 * </pre>
 *
 * @param nextPayload of the first payload, see {@link Payload}; the same in an encrypted message
 * @param version     {@link #VERSION}
 * @param exchange    see the constants
 * @param flags       {@link #ENCRYPTION}, {@link #COMMIT}, {@link #AUTH_ONLY}; others are carried, too
 * @param messageId   0..2^32-1
 * @param length      octets of the whole message, this header and padding of encryption included; 0..2^32-1
 */
public record IsakmpHeader(long initiatorCookie, long responderCookie, int nextPayload, int version, int exchange, int flags, long messageId,
        long length) {
    /** Octets. */
    public static final int LENGTH = 28;
    /** The UDP port of IKE. With NAT traversal it is 4500, see {@link careof.engine.wire.ipsec.UdpEncapsulation}. */
    public static final int PORT = 500;
    /** Major version 1, minor version 0. */
    public static final int VERSION = 0x10;

    public static final int BASE = 1;
    /** Main mode. */
    public static final int IDENTITY_PROTECTION = 2;
    public static final int AUTHENTICATION_ONLY = 3;
    public static final int AGGRESSIVE = 4;
    public static final int INFORMATIONAL = 5;
    /** Of mode config and XAUTH. */
    public static final int TRANSACTION = 6;
    public static final int QUICK_MODE = 32;
    public static final int NEW_GROUP_MODE = 33;

    /** All behind the header is encrypted. */
    public static final int ENCRYPTION = 1;
    /** The SA is not to be used before a CONNECTED notification. */
    public static final int COMMIT = 2;
    /** An informational message that is authenticated but not encrypted. */
    public static final int AUTH_ONLY = 4;

    public IsakmpHeader {
        Bits.fit(nextPayload, 8, "next payload");
        Bits.fit(version, 8, "version");
        Bits.fit(exchange, 8, "exchange type");
        Bits.fit(flags, 8, "flags");
        Bits.fit32(messageId, "message id");
        Bits.fit32(length, "length");
    }

    /** A header without flags whose next payload and length {@link IsakmpMessage#clear} fills in. */
    public static IsakmpHeader of(long initiatorCookie, long responderCookie, int exchange, long messageId) {
        return new IsakmpHeader(initiatorCookie, responderCookie, Payload.NONE, VERSION, exchange, 0, messageId, LENGTH);
    }

    /**
     * Reads the header at the start of {@code octets}, whatever follows: version and length are for the caller to judge.
     *
     * @throws Malformed only if there are fewer than {@link #LENGTH} octets
     */
    public static IsakmpHeader parse(Octets octets) throws Malformed {
        OctetReader in = new OctetReader(octets);
        return new IsakmpHeader(in.u64(), in.u64(), in.u8(), in.u8(), in.u8(), in.u8(), in.u32(), in.u32());
    }

    public void emit(OctetWriter out) {
        out.u64(initiatorCookie).u64(responderCookie).u8(nextPayload).u8(version).u8(exchange).u8(flags).u32(messageId).u32(length);
    }

    public Octets toOctets() {
        OctetWriter out = new OctetWriter(LENGTH);
        emit(out);
        return out.toOctets();
    }

    public int majorVersion() {
        return version >> 4;
    }

    public int minorVersion() {
        return version & 15;
    }

    public boolean has(int flag) {
        return (flags & flag) != 0;
    }

    public boolean isEncrypted() {
        return has(ENCRYPTION);
    }

    public IsakmpHeader withResponderCookie(long value) {
        return new IsakmpHeader(initiatorCookie, value, nextPayload, version, exchange, flags, messageId, length);
    }

    public IsakmpHeader withNextPayload(int value) {
        return new IsakmpHeader(initiatorCookie, responderCookie, value, version, exchange, flags, messageId, length);
    }

    public IsakmpHeader withExchange(int value) {
        return new IsakmpHeader(initiatorCookie, responderCookie, nextPayload, version, value, flags, messageId, length);
    }

    public IsakmpHeader withFlags(int value) {
        return new IsakmpHeader(initiatorCookie, responderCookie, nextPayload, version, exchange, value, messageId, length);
    }

    public IsakmpHeader withMessageId(long value) {
        return new IsakmpHeader(initiatorCookie, responderCookie, nextPayload, version, exchange, flags, value, length);
    }

    public IsakmpHeader withLength(long value) {
        return new IsakmpHeader(initiatorCookie, responderCookie, nextPayload, version, exchange, flags, messageId, value);
    }

    /** The name of an exchange type, as RFC 2409 speaks of it. */
    public static String exchangeName(int exchange) {
        return switch (exchange) {
            case 0 -> "none";
            case BASE -> "base";
            case IDENTITY_PROTECTION -> "main mode";
            case AUTHENTICATION_ONLY -> "authentication only";
            case AGGRESSIVE -> "aggressive mode";
            case INFORMATIONAL -> "informational";
            case TRANSACTION -> "transaction";
            case QUICK_MODE -> "quick mode";
            case NEW_GROUP_MODE -> "new group mode";
            default -> "exchange type " + exchange;
        };
    }
}
