package careof.engine.ipsec;

import careof.engine.base.Octets;

/** What the octets of a packet with AH or ESP turned out to be, with the keys of an SA; whether it is a replay is another question. */
public sealed interface Unwrapped {
    /**
     * Verified, if the SA authenticates at all.
     *
     * @param nextHeader what {@code payload} is; 59: a dummy to hide the flow of traffic (RFC 4303 section 2.6)
     * @param payload    what was protected; of ESP in tunnel mode it may end with padding for the flow of traffic
     * @param clear      ESP: the whole header with all that was encrypted in the clear; AH: the header and its payload
     * @param start      where {@code payload} begins in {@code clear}
     * @param padding    octets after it
     */
    record Payload(int nextHeader, Octets payload, Octets clear, int start, int padding) implements Unwrapped {}

    /** The integrity check value is not that of these octets. */
    record BadIcv() implements Unwrapped {}

    /** Verified, but what was padded is not as RFC 4303 section 2.4 has it. */
    record BadPadding(String what) implements Unwrapped {}

    /** These octets cannot be of this SA. */
    record Broken(String what) implements Unwrapped {}
}
