package careof.engine.wire.pfkey;

import careof.engine.base.Malformed;
import careof.engine.base.OctetReader;
import careof.engine.base.OctetWriter;
import careof.engine.wire.Bits;
import java.util.ArrayList;
import java.util.List;

/**
 * What an ACQUIRE asks for, best first (RFC 2367 section 2.3.7).
 *
 * <pre>
 *   0 | length (host, 2) | 13 (host, 2) | replay window (1) | reserved (3) |
 *   8 | combinations, 72 octets each ...
 * </pre>
 *
 * @param replayWindow packets
 */
public record ProposalExtension(int replayWindow, List<Combination> combinations) implements PfKeyExtension {
    /**
     * Algorithms and lifetimes that go together; bits of 0: none such.
     *
     * <pre>
     *   0 | authentication (1) | encryption (1) | flags (host, 2) | least bits (host, 2) | most bits (host, 2) | of authentication
     *   8 | least bits (host, 2) | most bits (host, 2)            | reserved (4)                               | of encryption
     *  16 | soft allocations (host, 4) | hard (host, 4)           |
     *  24 | soft octets (host, 8)      | hard (host, 8)           |
     *  40 | soft seconds (host, 8)     | hard (host, 8)           | from the making
     *  56 | soft seconds (host, 8)     | hard (host, 8)           | from the first use
     * </pre>
     */
    public record Combination(int authentication, int encryption, int flags, int authenticationLeast, int authenticationMost, int encryptionLeast,
            int encryptionMost, Limits soft, Limits hard) {
        static final int SIZE = 72;

        public Combination {
            Bits.fit(authentication, 8, "authentication algorithm");
            Bits.fit(encryption, 8, "encryption algorithm");
            Bits.fit(flags, 16, "flags");
            Bits.fit(authenticationLeast, 16, "least bits");
            Bits.fit(authenticationMost, 16, "most bits");
            Bits.fit(encryptionLeast, 16, "least bits");
            Bits.fit(encryptionMost, 16, "most bits");
        }
    }

    /** As in {@link PfKeyExtension.Lifetime}. */
    public record Limits(long allocations, long octets, long addTime, long useTime) {
        public static final Limits NONE = new Limits(0, 0, 0, 0);

        public Limits {
            Bits.fit32(allocations, "allocations");
        }
    }

    public ProposalExtension {
        Bits.fit(replayWindow, 8, "replay window");
        combinations = List.copyOf(combinations);
    }

    int octetCount() {
        return 8 + Combination.SIZE * combinations.size();
    }

    void emitBody(OctetWriter out) {
        out.u8(replayWindow).u24(0);
        for (Combination c : combinations) {
            out.u8(c.authentication).u8(c.encryption);
            HostOrder.u16(out, c.flags);
            HostOrder.u16(out, c.authenticationLeast);
            HostOrder.u16(out, c.authenticationMost);
            HostOrder.u16(out, c.encryptionLeast);
            HostOrder.u16(out, c.encryptionMost);
            out.u32(0);
            HostOrder.u32(out, c.soft.allocations);
            HostOrder.u32(out, c.hard.allocations);
            HostOrder.u64(out, c.soft.octets);
            HostOrder.u64(out, c.hard.octets);
            HostOrder.u64(out, c.soft.addTime);
            HostOrder.u64(out, c.hard.addTime);
            HostOrder.u64(out, c.soft.useTime);
            HostOrder.u64(out, c.hard.useTime);
        }
    }

    static ProposalExtension readBody(OctetReader in) throws Malformed {
        int replayWindow = in.u8();
        in.skip(3);
        List<Combination> combinations = new ArrayList<>();
        while (!in.atEnd()) {
            combinations.add(combination(in));
        }
        return new ProposalExtension(replayWindow, combinations);
    }

    private static Combination combination(OctetReader in) throws Malformed {
        int authentication = in.u8();
        int encryption = in.u8();
        int flags = HostOrder.u16(in);
        int authenticationLeast = HostOrder.u16(in);
        int authenticationMost = HostOrder.u16(in);
        int encryptionLeast = HostOrder.u16(in);
        int encryptionMost = HostOrder.u16(in);
        in.skip(4);
        long softAllocations = HostOrder.u32(in);
        long hardAllocations = HostOrder.u32(in);
        long softOctets = HostOrder.u64(in);
        long hardOctets = HostOrder.u64(in);
        long softAdd = HostOrder.u64(in);
        long hardAdd = HostOrder.u64(in);
        return new Combination(authentication, encryption, flags, authenticationLeast, authenticationMost, encryptionLeast, encryptionMost,
                new Limits(softAllocations, softOctets, softAdd, HostOrder.u64(in)), new Limits(hardAllocations, hardOctets, hardAdd, HostOrder.u64(in)));
    }
}
