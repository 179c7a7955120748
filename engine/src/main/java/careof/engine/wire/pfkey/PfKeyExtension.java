package careof.engine.wire.pfkey;

import careof.engine.base.Malformed;
import careof.engine.base.OctetReader;
import careof.engine.base.OctetWriter;
import careof.engine.base.Octets;
import careof.engine.wire.Bits;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * An extension of a PF_KEY message (RFC 2367 section 2.3 and the Linux header pfkeyv2.h). Reserved fields are written as zeros and what was
 * read is not kept.
 *
 * <pre>
 *   0 | length in 8 octets, itself included (host, 2) | type (host, 2) | ...
 * </pre>
 */
public sealed interface PfKeyExtension permits PfKeyExtension.Association, PfKeyExtension.Lifetime, PfKeyExtension.Address, PfKeyExtension.Key,
        PfKeyExtension.Identity, PfKeyExtension.Sensitivity, PfKeyExtension.Supported, PfKeyExtension.SpiRange, PfKeyExtension.Sa2,
        PfKeyExtension.NatType, PfKeyExtension.NatPort, PfKeyExtension.KmAddress, PfKeyExtension.Interface, PfKeyExtension.Hiding, PfKeyExtension.Unknown, ProposalExtension,
        PolicyExtension, SelectorExtension {
    int SA = 1;
    int LIFETIME_CURRENT = 2;
    int LIFETIME_HARD = 3;
    int LIFETIME_SOFT = 4;
    int ADDRESS_SRC = 5;
    int ADDRESS_DST = 6;
    int ADDRESS_PROXY = 7;
    int KEY_AUTH = 8;
    int KEY_ENCRYPT = 9;
    int IDENTITY_SRC = 10;
    int IDENTITY_DST = 11;
    int SENSITIVITY = 12;
    int PROPOSAL = 13;
    int SUPPORTED_AUTH = 14;
    int SUPPORTED_ENCRYPT = 15;
    int SPIRANGE = 16;
    int X_KMPRIVATE = 17;
    int X_POLICY = 18;
    int X_SA2 = 19;
    int X_NAT_T_TYPE = 20;
    int X_NAT_T_SPORT = 21;
    int X_NAT_T_DPORT = 22;
    int X_NAT_T_OA = 23;
    int X_SEC_CTX = 24;
    int X_KMADDRESS = 25;
    int X_FILTER = 26;
    /** Our own, see {@link SelectorExtension}; Linux ignores types above its own. */
    int X_SELECTOR = 0x8001;
    /** Our own, see {@link Interface}. */
    int X_INTERFACE = 0x8002;
    /** Our own, see {@link Hiding}. */
    int X_HIDING = 0x8003;

    /**
     * Association (RFC 2367 section 2.3.1).
     *
     * <pre>
     *   0 | 2 (host, 2) | 1 (host, 2) | SPI (network, 4)                                      |
     *   8 | replay window (1) | state (1) | authentication (1) | encryption (1) | flags (host, 4) |
     * </pre>
     *
     * @param spi            32 bits; 0: not known yet
     * @param replayWindow   packets; 0: no check
     * @param state          0 larval, 1 mature, 2 dying, 3 dead
     * @param authentication SADB_AALG number
     * @param encryption     SADB_EALG number
     * @param flags          see the constants
     */
    record Association(long spi, int replayWindow, int state, int authentication, int encryption, long flags) implements PfKeyExtension {
        public static final int LARVAL = 0;
        public static final int MATURE = 1;
        public static final int DYING = 2;
        public static final int DEAD = 3;
        /** Sequence numbers of 64 bits: the flag of FreeBSD; Linux has none in PF_KEY and ignores it. */
        public static final long EXTENDED_SEQUENCE = 0x400;

        public Association {
            Bits.fit32(spi, "SPI");
            Bits.fit(replayWindow, 8, "replay window");
            Bits.fit(state, 8, "state");
            Bits.fit(authentication, 8, "authentication algorithm");
            Bits.fit(encryption, 8, "encryption algorithm");
            Bits.fit32(flags, "flags");
        }
    }

    /**
     * Lifetime (RFC 2367 section 2.3.2): 0 is no limit, in the current one: not yet.
     *
     * <pre>
     *   0 | 4 (host, 2) | type (host, 2) | allocations (host, 4) |
     *   8 | octets (host, 8)                                     |
     *  16 | seconds from its making (host, 8)                    |
     *  24 | seconds from its first use (host, 8)                 |
     * </pre>
     *
     * @param type {@link #LIFETIME_CURRENT}, {@link #LIFETIME_HARD} or {@link #LIFETIME_SOFT}
     */
    record Lifetime(int type, long allocations, long octets, long addTime, long useTime) implements PfKeyExtension {
        public Lifetime {
            within(type, LIFETIME_CURRENT, LIFETIME_SOFT);
            Bits.fit32(allocations, "allocations");
        }
    }

    /**
     * Address (RFC 2367 section 2.3.3), padded to a multiple of 8 octets.
     *
     * <pre>
     *   0 | 3 or 5 (host, 2) | type (host, 2) | protocol (1) | prefix length (1) | reserved (2) |
     *   8 | socket address, see {@link SocketAddress} ...
     * </pre>
     *
     * @param type         {@link #ADDRESS_SRC}, {@link #ADDRESS_DST}, {@link #ADDRESS_PROXY} or {@link #X_NAT_T_OA}
     * @param protocol     of the upper layer; 255 (and in SAs 0): any
     * @param prefixLength bits of the address that count; more than it has is for the receiver to refuse, though Linux itself says so of the
     *                     proxy address of an IPv6-in-IPv4 SA, which it writes as IPv4
     */
    record Address(int type, int protocol, int prefixLength, SocketAddress socket) implements PfKeyExtension {
        public Address {
            if (type != X_NAT_T_OA) {
                within(type, ADDRESS_SRC, ADDRESS_PROXY);
            }
            Bits.fit(protocol, 8, "protocol");
            Bits.fit(prefixLength, 8, "prefix length");
        }
    }

    /**
     * Key (RFC 2367 section 2.3.4), padded to a multiple of 8 octets.
     *
     * <pre>
     *   0 | length (host, 2) | type (host, 2) | bits (host, 2) | reserved (2) | key ...
     * </pre>
     *
     * @param type {@link #KEY_AUTH} or {@link #KEY_ENCRYPT}
     * @param bits of the key, 0..65535
     * @param key  as many octets as these bits need
     */
    record Key(int type, int bits, Octets key) implements PfKeyExtension {
        public Key {
            within(type, KEY_AUTH, KEY_ENCRYPT);
            Bits.fit(bits, 16, "key bits");
            if (key.length() != (bits + 7) / 8) {
                throw new IllegalArgumentException(key.length() + " octets for a key of " + bits + " bits");
            }
        }

        public static Key of(int type, Octets key) {
            return new Key(type, 8 * key.length(), key);
        }

        /** Never the key. */
        @Override
        public String toString() {
            return name(type) + " of " + bits + " bits";
        }
    }

    /**
     * Identity (RFC 2367 section 2.3.5).
     *
     * <pre>
     *   0 | length (host, 2) | type (host, 2) | identity type (host, 2) | reserved (2) |
     *   8 | id (host, 8)                                                              |
     *  16 | text, zeros to a multiple of 8 octets ...
     * </pre>
     *
     * @param type         {@link #IDENTITY_SRC} or {@link #IDENTITY_DST}
     * @param identityType 1 prefix, 2 domain name, 3 mailbox
     * @param id           a user's number; 64 bits
     * @param text         with its closing zeros; a multiple of 8 octets
     */
    record Identity(int type, int identityType, long id, Octets text) implements PfKeyExtension {
        public Identity {
            within(type, IDENTITY_SRC, IDENTITY_DST);
            Bits.fit(identityType, 16, "identity type");
            aligned(text);
        }
    }

    /**
     * Sensitivity (RFC 2367 section 2.3.6).
     *
     * <pre>
     *   0 | length (host, 2) | 12 (host, 2) | domain (host, 4)                                          |
     *   8 | level (1) | words (1) | integrity level (1) | integrity words (1) | reserved (4)            |
     *  16 | bitmap, then integrity bitmap, in words of 8 octets ...
     * </pre>
     */
    record Sensitivity(long domain, int level, int integrityLevel, Octets bitmap, Octets integrityBitmap) implements PfKeyExtension {
        public Sensitivity {
            Bits.fit32(domain, "domain");
            Bits.fit(level, 8, "level");
            Bits.fit(integrityLevel, 8, "integrity level");
            aligned(bitmap);
            aligned(integrityBitmap);
            Bits.fit(bitmap.length() / 8, 8, "bitmap words");
            Bits.fit(integrityBitmap.length() / 8, 8, "integrity bitmap words");
        }
    }

    /**
     * Supported algorithms (RFC 2367 section 2.3.8).
     *
     * <pre>
     *   0 | length (host, 2) | type (host, 2) | reserved (4)                                                  |
     *   8 | algorithm (1) | IV octets (1) | least bits (host, 2) | most bits (host, 2) | reserved (2) | ...
     * </pre>
     *
     * @param type {@link #SUPPORTED_AUTH} or {@link #SUPPORTED_ENCRYPT}
     */
    record Supported(int type, List<Algorithm> algorithms) implements PfKeyExtension {
        public Supported {
            within(type, SUPPORTED_AUTH, SUPPORTED_ENCRYPT);
            algorithms = List.copyOf(algorithms);
        }
    }

    /**
     * @param id SADB_AALG or SADB_EALG number
     * @param iv octets of initialization vector
     */
    record Algorithm(int id, int iv, int leastBits, int mostBits) {
        public Algorithm {
            Bits.fit(id, 8, "algorithm");
            Bits.fit(iv, 8, "IV length");
            Bits.fit(leastBits, 16, "least bits");
            Bits.fit(mostBits, 16, "most bits");
        }
    }

    /**
     * SPI range (RFC 2367 section 2.3.9). Unlike an SPI in its association, both are in host order.
     *
     * <pre>
     *   0 | 2 (host, 2) | 16 (host, 2) | least (host, 4) |
     *   8 | most (host, 4)             | reserved (4)    |
     * </pre>
     */
    record SpiRange(long least, long most) implements PfKeyExtension {
        public SpiRange {
            Bits.fit32(least, "least SPI");
            Bits.fit32(most, "most SPI");
        }
    }

    /**
     * Mode and request id of an SA (KAME).
     *
     * <pre>
     *   0 | 2 (host, 2) | 19 (host, 2) | mode (1) | reserved (3) |
     *   8 | sequence (host, 4)         | request id (host, 4)    |
     * </pre>
     *
     * @param mode {@link PolicyExtension#TRANSPORT}, {@link PolicyExtension#TUNNEL} or {@link PolicyExtension#ANY_MODE}
     */
    record Sa2(int mode, long sequence, long requestId) implements PfKeyExtension {
        public Sa2 {
            Bits.fit(mode, 8, "mode");
            Bits.fit32(sequence, "sequence");
            Bits.fit32(requestId, "request id");
        }
    }

    /**
     * Kind of NAT traversal: {@code | 1 (host, 2) | 20 (host, 2) | kind (1) | reserved (3) |}.
     *
     * @param kind 2: ESP in UDP (RFC 3948)
     */
    record NatType(int kind) implements PfKeyExtension {
        public static final int ESP_IN_UDP = 2;

        public NatType {
            Bits.fit(kind, 8, "kind of NAT traversal");
        }
    }

    /**
     * Port of NAT traversal: {@code | 1 (host, 2) | type (host, 2) | port (network, 2) | reserved (2) |}.
     *
     * @param type {@link #X_NAT_T_SPORT} or {@link #X_NAT_T_DPORT}
     */
    record NatPort(int type, int port) implements PfKeyExtension {
        public NatPort {
            within(type, X_NAT_T_SPORT, X_NAT_T_DPORT);
            Bits.fit(port, 16, "port");
        }
    }

    /**
     * Addresses that key management is to use from now on, in a MIGRATE: local, then remote, of one family.
     *
     * <pre>
     *   0 | length (host, 2) | 25 (host, 2) | reserved (4) |
     *   8 | socket address, socket address, zeros to a multiple of 8 octets ...
     * </pre>
     */
    record KmAddress(SocketAddress local, SocketAddress remote) implements PfKeyExtension {
        public KmAddress {
            PolicyExtension.oneFamily(local, remote);
        }
    }

    /**
     * The port of this node that an SPD entry is for. Our own: PF_KEY has none, and a kernel ignores it.
     *
     * <pre>
     *   0 | length (host, 2) | 0x8002 (host, 2) | name, zeros to a multiple of 8 octets ...
     * </pre>
     *
     * @param name without zeros
     */
    record Interface(String name) implements PfKeyExtension {
        public Interface {
            if (name.isEmpty() || name.indexOf('\0') >= 0 || name.length() > 64) {
                throw new IllegalArgumentException("no name of a port: \"" + name + "\"");
            }
        }

        Octets octets() {
            return Octets.wrap(name.getBytes(StandardCharsets.UTF_8));
        }
    }

    /**
     * Traffic flow confidentiality of an SA (RFC 4303 sections 2.6 and 2.7). Our own: PF_KEY has none, and a kernel ignores it.
     *
     * <pre>
     *   0 | 2 (host, 2) | 0x8003 (host, 2) | padding, octets (host, 4)          |
     *   8 | dummies: nanoseconds from one to the next (host, 8)                 |
     * </pre>
     *
     * @param padding 0: none; 0..2^32-1
     * @param dummies 0: none; all 64 bits
     */
    record Hiding(long padding, long dummies) implements PfKeyExtension {
        public Hiding {
            Bits.fit32(padding, "padding");
        }
    }

    /**
     * Any other type, X_SEC_CTX, X_KMPRIVATE and X_FILTER among them.
     *
     * @param octets after length and type: 8n + 4
     */
    record Unknown(int type, Octets octets) implements PfKeyExtension {
        public Unknown {
            Bits.fit(type, 16, "extension type");
            if (octets.length() % 8 != 4) {
                throw new IllegalArgumentException("an extension of " + (4 + octets.length()) + " octets");
            }
            if (PfKeyExtensions.isKnown(type)) {
                throw new IllegalArgumentException("extension " + PfKeyExtension.name(type) + " is known");
            }
        }
    }

    default int type() {
        return switch (this) {
            case Association _ -> SA;
            case Lifetime e -> e.type;
            case Address e -> e.type;
            case Key e -> e.type;
            case Identity e -> e.type;
            case Sensitivity _ -> SENSITIVITY;
            case Supported e -> e.type;
            case SpiRange _ -> SPIRANGE;
            case Sa2 _ -> X_SA2;
            case NatType _ -> X_NAT_T_TYPE;
            case NatPort e -> e.type;
            case KmAddress _ -> X_KMADDRESS;
            case Interface _ -> X_INTERFACE;
            case Hiding _ -> X_HIDING;
            case ProposalExtension _ -> PROPOSAL;
            case PolicyExtension _ -> X_POLICY;
            case SelectorExtension _ -> X_SELECTOR;
            case Unknown e -> e.type;
        };
    }

    /** Octets in all, a multiple of 8. */
    default int size() {
        return switch (this) {
            case Association _, SpiRange _, Sa2 _, Hiding _ -> 16;
            case Lifetime _ -> 32;
            case Address e -> 8 + align(e.socket.size());
            case Key e -> 8 + align(e.key.length());
            case Identity e -> 16 + e.text.length();
            case Sensitivity e -> 16 + e.bitmap.length() + e.integrityBitmap.length();
            case Supported e -> 8 + 8 * e.algorithms.size();
            case NatType _, NatPort _ -> 8;
            case KmAddress e -> 8 + align(2 * e.local.size());
            case Interface e -> align(4 + e.octets().length());
            case ProposalExtension e -> e.octetCount();
            case PolicyExtension e -> e.octetCount();
            case SelectorExtension e -> e.octetCount();
            case Unknown e -> 4 + e.octets.length();
        };
    }

    default void emit(OctetWriter out) {
        int end = out.length() + size();
        HostOrder.u16(out, size() / 8);
        HostOrder.u16(out, type());
        PfKeyExtensions.emitBody(this, out);
        out.zeros(end - out.length());
    }

    /** Reads one extension, whole: its length field must be that of the octets. */
    static PfKeyExtension parse(Octets octets) throws Malformed {
        OctetReader in = new OctetReader(octets);
        if (HostOrder.u16(in) * 8 != octets.length()) {
            throw new Malformed("the length of the extension is not " + octets.length() + " octets", 0);
        }
        int type = HostOrder.u16(in);
        PfKeyExtension read = PfKeyExtensions.readBody(type, in);
        if (read.size() != octets.length()) {
            throw new Malformed("extension " + name(type) + " has " + octets.length() + " octets, not " + read.size(), 0);
        }
        return read;
    }

    /** As in RFC 2367 and the Linux header pfkeyv2.h, without SADB_EXT_. */
    static String name(int type) {
        return PfKeyExtensions.name(type);
    }

    /** The next multiple of 8. */
    static int align(int octets) {
        return octets + 7 & ~7;
    }

    private static void within(int type, int least, int most) {
        if (type < least || type > most) {
            throw new IllegalArgumentException("extension type " + type + " is not " + least + " to " + most);
        }
    }

    private static void aligned(Octets octets) {
        if (octets.length() % 8 != 0) {
            throw new IllegalArgumentException(octets.length() + " octets are no multiple of 8");
        }
    }
}
