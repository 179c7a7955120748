package careof.engine.mobility;

import careof.engine.base.VirtualTime;
import careof.engine.wire.mobility.MobilityMessage;

/** Protocol constants of RFC 6275 sections 12 and 13, nanoseconds. */
final class Times {
    static final int DHAAD_RETRIES = 4;
    static final long INITIAL_BINDACK_TIMEOUT = VirtualTime.SECOND;
    /** A first registration waits for the home agent's duplicate address detection. */
    static final long INITIAL_BINDACK_TIMEOUT_FIRST_REG = 1500 * VirtualTime.MILLISECOND;
    static final long INITIAL_DHAAD_TIMEOUT = 3 * VirtualTime.SECOND;
    static final long INITIAL_SOLICIT_TIMER = 3 * VirtualTime.SECOND;
    static final long MAX_BINDACK_TIMEOUT = 32 * VirtualTime.SECOND;
    static final long MAX_DELETE_BCE_TIMEOUT = 10 * VirtualTime.SECOND;
    static final long MAX_NONCE_LIFETIME = 240 * VirtualTime.SECOND;
    static final long MAX_TOKEN_LIFETIME = 210 * VirtualTime.SECOND;
    static final long MAX_RR_BINDING_LIFETIME = 420 * VirtualTime.SECOND;
    /** A lifetime field's unit. */
    static final long UNIT = MobilityMessage.LIFETIME_UNIT * VirtualTime.SECOND;

    private Times() {}

    /** The waiting time after so many transmissions that went unanswered before: doubled each time, up to the maximum. */
    static long backOff(long initial, int before) {
        return Math.min(MAX_BINDACK_TIMEOUT, initial << Math.min(before, 16));
    }

    /** A duration as a lifetime field, rounded down. */
    static int units(long nanoseconds) {
        return (int) Math.clamp(nanoseconds / UNIT, 0, MobilityMessage.INFINITE_LIFETIME - 1);
    }

    /** Is a sequence number newer than another, modulo 2^16 (RFC 6275 section 9.5.1)? */
    static boolean newer(int sequence, int than) {
        int ahead = sequence - than & 0xffff;
        return ahead > 0 && ahead < 0x8000;
    }
}
