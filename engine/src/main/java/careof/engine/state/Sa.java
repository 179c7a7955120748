package careof.engine.state;

import careof.engine.base.IpAddress;
import careof.engine.base.Octets;
import careof.engine.crypto.Authentication;
import careof.engine.crypto.Encryption;

/**
 * A security association (RFC 4301 section 4.4.2.1), as PF_KEY sets it. What moves with each packet is in {@link SaUse}.
 *
 * @param id             of this row on this node, from 1: an SA keeps it when its addresses change
 * @param spi            256..2^32-1 (RFC 4303 section 2.1)
 * @param source         transport: of the packets, home address; tunnel: of the outer header
 * @param destination    the same
 * @param selector       which packets it may carry; tunnel: by inner addresses
 * @param encryptionKey  with salt or nonce
 * @param extendedSequence sequence numbers of 64 bits (RFC 4303 section 2.2.1)
 * @param replayWindow   packets, 1..64; 0: no check for replays
 * @param requestId      joins it to the SPD entries whose template has the same; 0: to any
 * @param lifetimes      when it ends
 * @param udp            in UDP (RFC 3948), its ports; both 0: not
 * @param created        nanoseconds
 * @param hiding         what hides how much it carries
 */
public record Sa(int id, long spi, Protocol protocol, Mode mode, IpAddress source, IpAddress destination, Selector selector, Encryption encryption,
        Octets encryptionKey, Authentication authentication, Octets authenticationKey, boolean extendedSequence, int replayWindow, long requestId,
        Lifetimes lifetimes, UdpPorts udp, Phase phase, long created, Hiding hiding) implements State {
    public enum Protocol {
        ESP(50),
        AH(51);

        private final int number;

        Protocol(int number) {
            this.number = number;
        }

        /** The IP protocol number. */
        public int number() {
            return number;
        }
    }

    public enum Mode {
        TRANSPORT,
        TUNNEL
    }

    /** How far it has come (RFC 2367 section 2.3.1 and 3.1). */
    public enum Phase {
        /** An SPI is reserved, keys are still to come. */
        LARVAL,
        /** In use. */
        MATURE,
        /** A soft lifetime ran out: still in use, a successor is to be made. */
        DYING,
        /** Its end; out of the table at once after. */
        DEAD
    }

    /**
     * Soft ones warn, hard ones end the SA; 0: none.
     *
     * @param softTime   nanoseconds from its making
     * @param hardTime   nanoseconds from its making
     * @param softOctets as RFC 4301 section 4.4.2.1 counts them
     */
    public record Lifetimes(long softTime, long hardTime, long softOctets, long hardOctets) {
        public static final Lifetimes NONE = new Lifetimes(0, 0, 0, 0);
    }

    /** 0 and 0: not in UDP. */
    public record UdpPorts(int source, int destination) {
        public static final UdpPorts NONE = new UdpPorts(0, 0);
    }

    /**
     * Traffic flow confidentiality of a tunnel of ESP (RFC 4303 sections 2.6 and 2.7).
     *
     * @param padding inner packets are padded up to so many octets, as far as the path carries them; 0: not
     * @param dummies nanoseconds from one packet that carries nothing to the next while the SA is mature; 0: none
     */
    public record Hiding(int padding, long dummies) {
        public static final Hiding NONE = new Hiding(0, 0);
        /** Dummies come no faster, nanoseconds. */
        public static final long LEAST_INTERVAL = 1_000_000;
        public static final int MOST_PADDING = 65_535;
    }

    /** One that hides nothing. */
    public Sa(int id, long spi, Protocol protocol, Mode mode, IpAddress source, IpAddress destination, Selector selector, Encryption encryption,
            Octets encryptionKey, Authentication authentication, Octets authenticationKey, boolean extendedSequence, int replayWindow, long requestId,
            Lifetimes lifetimes, UdpPorts udp, Phase phase, long created) {
        this(id, spi, protocol, mode, source, destination, selector, encryption, encryptionKey, authentication, authenticationKey, extendedSequence,
                replayWindow, requestId, lifetimes, udp, phase, created, Hiding.NONE);
    }

    /** The same, hiding how much it carries. */
    public Sa with(Hiding other) {
        return new Sa(id, spi, protocol, mode, source, destination, selector, encryption, encryptionKey, authentication, authenticationKey, extendedSequence,
                replayWindow, requestId, lifetimes, udp, phase, created, other);
    }

    /** The same with other lifetimes. */
    public Sa with(Lifetimes limits) {
        return new Sa(id, spi, protocol, mode, source, destination, selector, encryption, encryptionKey, authentication, authenticationKey, extendedSequence,
                replayWindow, requestId, limits, udp, phase, created, hiding);
    }

    /** Whether what comes through it is known to be from who holds the key. */
    public boolean authenticates() {
        return authentication != Authentication.NULL || encryption.isCombined();
    }

    @Override
    public String key() {
        return Integer.toString(id);
    }

    /** The SPI as people write it. */
    public static String spi(long spi) {
        return "0x%08x".formatted(spi);
    }

    /** Neither keys nor all the rest: what tells one SA from another. */
    @Override
    public String toString() {
        return protocol + " " + spi(spi) + " " + source + " > " + destination + " " + mode;
    }
}
