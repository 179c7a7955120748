package careof.engine.wire.pfkey;

import careof.engine.base.Malformed;
import careof.engine.base.OctetReader;
import careof.engine.base.OctetWriter;
import careof.engine.base.Octets;
import careof.engine.wire.Bits;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;

/**
 * A message between a key management daemon and the kernel (RFC 2367 section 2.1).
 *
 * <pre>
 *   0 | version 2 (1) | type (1) | errno (1) | SA type (1) | length in 8 octets (host, 2) | reserved (2) |    Linux counts references there
 *   8 | sequence (host, 4)                                 | process id (host, 4)                        |
 *  16 | extensions, each a multiple of 8 octets ...
 * </pre>
 *
 * @param type       of message, see the constants
 * @param errno      0, or why it was refused, see {@link PfKeyError}
 * @param saType     {@link #ESP}, {@link #AH} or {@link #ANY_SA}; others are carried, too
 * @param sequence   of the request, which its answer repeats; 32 bits
 * @param pid        of the daemon, 0: the kernel; 32 bits
 * @param extensions at most one of each type
 */
public record PfKeyMessage(int type, int errno, int saType, long sequence, long pid, List<PfKeyExtension> extensions) {
    public static final int VERSION = 2;
    /** Octets of the base header. */
    public static final int HEADER = 16;

    public static final int GETSPI = 1;
    public static final int UPDATE = 2;
    public static final int ADD = 3;
    public static final int DELETE = 4;
    public static final int GET = 5;
    public static final int ACQUIRE = 6;
    public static final int REGISTER = 7;
    public static final int EXPIRE = 8;
    public static final int FLUSH = 9;
    public static final int DUMP = 10;
    public static final int X_PROMISC = 11;
    public static final int X_PCHANGE = 12;
    public static final int X_SPDUPDATE = 13;
    public static final int X_SPDADD = 14;
    public static final int X_SPDDELETE = 15;
    public static final int X_SPDGET = 16;
    public static final int X_SPDACQUIRE = 17;
    public static final int X_SPDDUMP = 18;
    public static final int X_SPDFLUSH = 19;
    public static final int X_SPDSETIDX = 20;
    public static final int X_SPDEXPIRE = 21;
    public static final int X_SPDDELETE2 = 22;
    public static final int X_NEW_MAPPING = 23;
    public static final int X_MIGRATE = 24;
    /** The highest type of message. */
    public static final int MAX = 24;

    /** Of no type in particular. */
    public static final int ANY_SA = 0;
    public static final int AH = 2;
    public static final int ESP = 3;
    /** The highest type of SA. */
    public static final int MAX_SA = 9;

    private static final List<String> NAMES = List.of("RESERVED", "GETSPI", "UPDATE", "ADD", "DELETE", "GET", "ACQUIRE", "REGISTER", "EXPIRE", "FLUSH",
            "DUMP", "X_PROMISC", "X_PCHANGE", "X_SPDUPDATE", "X_SPDADD", "X_SPDDELETE", "X_SPDGET", "X_SPDACQUIRE", "X_SPDDUMP", "X_SPDFLUSH",
            "X_SPDSETIDX", "X_SPDEXPIRE", "X_SPDDELETE2", "X_NEW_MAPPING", "X_MIGRATE");

    public PfKeyMessage {
        Bits.fit(type, 8, "message type");
        Bits.fit(errno, 8, "errno");
        Bits.fit(saType, 8, "SA type");
        Bits.fit32(sequence, "sequence");
        Bits.fit32(pid, "process id");
        extensions = List.copyOf(extensions);
    }

    /** A request of a daemon. */
    public static PfKeyMessage of(int type, int saType, PfKeyExtension... extensions) {
        return new PfKeyMessage(type, 0, saType, 0, 0, List.of(extensions));
    }

    /** As in RFC 2367 and the Linux header pfkeyv2.h, without SADB_. */
    public static String name(int type) {
        return type < NAMES.size() ? NAMES.get(type) : "message type " + type;
    }

    public PfKeyMessage withExtensions(List<PfKeyExtension> value) {
        return new PfKeyMessage(type, errno, saType, sequence, pid, value);
    }

    public PfKeyMessage withSequence(long value) {
        return new PfKeyMessage(type, errno, saType, value, pid, extensions);
    }

    /** The answer that refuses this: its base header alone. */
    public PfKeyMessage refused(int why) {
        return new PfKeyMessage(type, why, saType, sequence, pid, List.of());
    }

    /** The extension of a kind that has one type only, for instance an association. */
    public <T extends PfKeyExtension> Optional<T> find(Class<T> kind) {
        for (PfKeyExtension extension : extensions) {
            if (kind.isInstance(extension)) {
                return Optional.of(kind.cast(extension));
            }
        }
        return Optional.empty();
    }

    /** The extension of a kind that has several types. */
    public <T extends PfKeyExtension> Optional<T> find(Class<T> kind, int extensionType) {
        for (PfKeyExtension extension : extensions) {
            if (extension.type() == extensionType && kind.isInstance(extension)) {
                return Optional.of(kind.cast(extension));
            }
        }
        return Optional.empty();
    }

    /** The address extension of a type. */
    public Optional<PfKeyExtension.Address> address(int extensionType) {
        return find(PfKeyExtension.Address.class, extensionType);
    }

    /** Octets in all. */
    public int size() {
        int size = HEADER;
        for (PfKeyExtension extension : extensions) {
            size += extension.size();
        }
        return size;
    }

    public Octets toOctets() {
        int size = size();
        OctetWriter out = new OctetWriter(size);
        out.u8(VERSION).u8(type).u8(errno).u8(saType);
        HostOrder.u16(out, size / 8);
        out.u16(0);
        HostOrder.u32(out, sequence);
        HostOrder.u32(out, pid);
        for (PfKeyExtension extension : extensions) {
            extension.emit(out);
        }
        return out.toOctets();
    }

    /** Whether there is a base header whose length is that of the octets; otherwise a kernel says EMSGSIZE. */
    public static boolean isWhole(Octets octets) {
        return octets.length() >= HEADER && octets.length() % 8 == 0 && (octets.at(4) | octets.at(5) << 8) == octets.length() / 8;
    }

    /** Reads the base header alone, for an answer to octets that are no message beyond it; 16 octets must be there. */
    public static PfKeyMessage header(Octets octets) {
        OctetReader in = new OctetReader(octets);
        try {
            in.skip(1);
            int type = in.u8();
            int errno = in.u8();
            int saType = in.u8();
            in.skip(4);
            return new PfKeyMessage(type, errno, saType, HostOrder.u32(in), HostOrder.u32(in), List.of());
        } catch (Malformed e) {
            throw new IllegalArgumentException("no base header", e);
        }
    }

    /** Reads a message; nothing may follow it. An extension that comes twice is malformed, an unknown one is kept as it is. */
    public static PfKeyMessage parse(Octets octets) throws Malformed {
        if (!isWhole(octets)) {
            throw new Malformed("the length in the base header is not that of the message, " + octets.length() + " octets", 4);
        }
        if (octets.at(0) != VERSION) {
            throw new Malformed("version " + octets.at(0) + " is not 2", 0);
        }
        if (octets.at(1) == 0 || octets.at(1) > MAX) {
            throw new Malformed("message type " + octets.at(1) + " is not 1 to " + MAX, 1);
        }
        PfKeyMessage header = header(octets);
        List<PfKeyExtension> extensions = new ArrayList<>();
        BitSet seen = new BitSet();
        int at = HEADER;
        while (at < octets.length()) {
            int units = octets.at(at) | octets.at(at + 1) << 8;
            if (units == 0 || units * 8 > octets.length() - at) {
                throw new Malformed("an extension of " + units * 8 + " octets, " + (octets.length() - at) + " are left", at);
            }
            PfKeyExtension extension;
            try {
                extension = PfKeyExtension.parse(octets.slice(at, at + units * 8));
            } catch (Malformed e) {
                throw new Malformed(e.getMessage(), at + e.at());
            }
            if (seen.get(extension.type())) {
                throw new Malformed("extension " + PfKeyExtension.name(extension.type()) + " comes twice", at);
            }
            seen.set(extension.type());
            extensions.add(extension);
            at += units * 8;
        }
        return header.withExtensions(extensions);
    }

    /** Neither keys nor all the rest. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(name(type));
        if (errno != 0) {
            text.append(' ').append(PfKeyError.name(errno));
        }
        extensions.forEach(extension -> text.append(' ').append(PfKeyExtension.name(extension.type())));
        return text.toString();
    }
}
