package careof.engine.lab;

import careof.engine.base.Octets;
import careof.engine.base.VirtualTime;
import careof.engine.crypto.Authentication;
import careof.engine.crypto.Encryption;
import java.util.List;
import java.util.Optional;

/**
 * What protects some traffic between two nodes: entries in the security policy of both, and an SA for each direction and transform.
 *
 * @param name       unique among protections
 * @param first      a node
 * @param second     another node
 * @param traffic    what is protected
 * @param family     4 or 6: of the packets that are protected
 * @param transforms innermost first
 * @param window     packets of the replay window, 0..64; 0: replays are not noticed
 * @param extended   sequence numbers of 64 bits (RFC 4303 section 2.2.1)
 * @param padding    packets in the tunnel are padded up to so many octets (RFC 4303 section 2.7); 0: not
 * @param dummies    nanoseconds from one packet that carries nothing to the next (RFC 4303 section 2.6); 0: none
 * @param keying     where its SAs come from
 */
public record LabProtection(String name, String first, String second, Traffic traffic, int family, List<Transform> transforms, int window,
        boolean extended, Lifetime lifetime, int padding, long dummies,
        Keying keying) {
    public static final int DEFAULT_WINDOW = 64;

    public LabProtection {
        transforms = List.copyOf(transforms);
    }

    /** With one transform, derived keys, and all defaults. */
    public static LabProtection of(String name, String first, String second, Traffic traffic, Transform... transforms) {
        return new LabProtection(name, first, second, traffic, 6, List.of(transforms), DEFAULT_WINDOW, false, Lifetime.NONE, 0, 0, Keying.MANUAL);
    }

    public boolean isTunnel() {
        return transforms.stream().anyMatch(transform -> transform.mode() == Mode.TUNNEL);
    }

    public LabProtection withEnds(String newFirst, String newSecond) {
        return new LabProtection(name, newFirst, newSecond, traffic, family, transforms, window, extended, lifetime, padding, dummies, keying);
    }

    public LabProtection withHiding(int newPadding, long newDummies) {
        return new LabProtection(name, first, second, traffic, family, transforms, window, extended, lifetime, newPadding, newDummies, keying);
    }

    /** Whether what it makes may hide how much is carried: its last transform is a tunnel of ESP. */
    public boolean mayHide() {
        return !transforms.isEmpty() && transforms.getLast().protocol() == Protocol.ESP && transforms.getLast().mode() == Mode.TUNNEL;
    }

    public LabProtection withTransforms(List<Transform> newTransforms) {
        return new LabProtection(name, first, second, traffic, family, newTransforms, window, extended, lifetime, padding, dummies, keying);
    }

    public LabProtection withTraffic(Traffic newTraffic) {
        return new LabProtection(name, first, second, newTraffic, family, transforms, window, extended, lifetime, padding, dummies, keying);
    }

    public LabProtection withKeying(Keying newKeying) {
        return new LabProtection(name, first, second, traffic, family, transforms, window, extended, lifetime, padding, dummies, newKeying);
    }

    public LabProtection withLifetime(Lifetime newLifetime) {
        return new LabProtection(name, first, second, traffic, family, transforms, window, extended, newLifetime, padding, dummies, keying);
    }

    public boolean isKeyedByIke() {
        return keying == Keying.IKE;
    }

    /** The lifetime that its SAs have: what IKE makes ends, even where nothing is said. */
    public Lifetime usedLifetime() {
        return isKeyedByIke() && lifetime.equals(Lifetime.NONE) ? Lifetime.OF_IKE : lifetime;
    }

    /** Where SAs come from. */
    public enum Keying {
        /** They are there from the start, with keys that are given or derived. */
        MANUAL("manual"),
        /** They are made by IKE, when there is something to protect. */
        IKE("ike");

        private final String text;

        Keying(String text) {
            this.text = text;
        }

        /** The word in lab files. */
        public String text() {
            return text;
        }
    }

    /** What is protected. */
    public sealed interface Traffic {}

    /** What is protected, by the part it plays in Mobile IPv6. */
    public enum Usual implements Traffic {
        /** Binding updates and acknowledgements between the home address and the home agent (RFC 3776 section 4.1), or the other node. */
        REGISTRATION("registration"),
        /** Home test messages between the mobile node and its home agent (RFC 3776 section 4.2). */
        RETURN_ROUTABILITY("return-routability"),
        /**
         * Everything but mobility signalling. With a home agent, in a tunnel: what it relays; otherwise between the two nodes.
         */
        PAYLOAD("payload"),
        /** Everything, signalling of mobility too. */
        ALL("all");

        private final String text;

        Usual(String text) {
            this.text = text;
        }

        /** The word in lab files. */
        public String text() {
            return text;
        }
    }

    /** Protected is what a selector says, from the first node to the second; and the same the other way. */
    public record Selected(LabSelector selector) implements Traffic {}

    /** How a transform wraps packets. */
    public enum Mode {
        TRANSPORT("transport"),
        TUNNEL("tunnel");

        private final String text;

        Mode(String text) {
            this.text = text;
        }

        /** The word in lab files. */
        public String text() {
            return text;
        }
    }

    /** The security protocol. */
    public enum Protocol {
        ESP("esp"),
        AH("ah");

        private final String text;

        Protocol(String text) {
            this.text = text;
        }

        /** The word in lab files. */
        public String text() {
            return text;
        }
    }

    /**
     * One AH or ESP.
     *
     * @param encryption of AH: {@link Encryption#NONE}
     * @param bits       of the cipher's key, without nonce or salt; 0: its shortest
     * @param outer      of a tunnel: IP version of its ends, 4 or 6
     * @param keys       at most one for each direction; what is not given is derived from the lab's seed
     */
    public record Transform(Protocol protocol, Mode mode, Encryption encryption, Authentication authentication, int bits, int outer, List<Keys> keys) {
        public Transform {
            keys = List.copyOf(keys);
        }

        /** With derived keys. */
        public static Transform esp(Mode mode, Encryption encryption, Authentication authentication) {
            return new Transform(Protocol.ESP, mode, encryption, authentication, 0, 6, List.of());
        }

        /** With derived keys. */
        public static Transform ah(Mode mode, Authentication authentication) {
            return new Transform(Protocol.AH, mode, Encryption.NONE, authentication, 0, 6, List.of());
        }

        /** The same with derived keys. */
        public Transform withoutKeys() {
            return new Transform(protocol, mode, encryption, authentication, bits, outer, List.of());
        }

        /** Octets of the encryption key, with nonce or salt. */
        public int keyLength() {
            int shortest = encryption.keyLengths().getFirst();
            // AES alone has a choice; its nonce or salt stays whatever the key's length
            return bits == 0 ? shortest : shortest + (bits - 128) / 8;
        }

        /** The keys of packets that a node sends. */
        public Optional<Keys> from(String node) {
            return keys.stream().filter(one -> one.from().equals(node)).findFirst();
        }
    }

    /**
     * SPI and keys of one direction.
     *
     * @param from the node that sends these packets
     */
    public record Keys(String from, Optional<Long> spi, Optional<Octets> encryption, Optional<Octets> authentication) {}

    /**
     * When SAs end; 0: never.
     *
     * @param soft       nanoseconds, whole seconds; a warning
     * @param hard       nanoseconds, whole seconds; the end
     * @param softOctets protected octets
     * @param hardOctets protected octets
     */
    public record Lifetime(long soft, long hard, long softOctets, long hardOctets) {
        public static final Lifetime NONE = new Lifetime(0, 0, 0, 0);
        /** An hour, with a warning after four fifths of it. */
        public static final Lifetime OF_IKE = new Lifetime(2880 * VirtualTime.SECOND, 3600 * VirtualTime.SECOND, 0, 0);
    }
}
