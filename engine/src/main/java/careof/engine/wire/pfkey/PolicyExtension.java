package careof.engine.wire.pfkey;

import careof.engine.base.Malformed;
import careof.engine.base.OctetReader;
import careof.engine.base.OctetWriter;
import careof.engine.base.Octets;
import careof.engine.wire.Bits;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A policy of the SPD with its IPsec requests, innermost transform first (KAME; Linux headers pfkeyv2.h and ipsec.h). In a MIGRATE the
 * requests come in twos: with the old addresses, then with the new ones.
 *
 * <pre>
 *   0 | length (host, 2) | 18 (host, 2) | policy (host, 2) | direction (1) | reserved (1) |
 *   8 | id (host, 4)                    | priority (host, 4)                              |
 *  16 | requests ...
 * </pre>
 *
 * @param policy    {@link #DISCARD}, {@link #NONE} or {@link #IPSEC}
 * @param direction {@link #INBOUND} or {@link #OUTBOUND}; others are carried, too
 * @param id        32 bits; 0: not known yet
 * @param priority  32 bits, lower comes first
 */
public record PolicyExtension(int policy, int direction, long id, long priority, List<Request> requests) implements PfKeyExtension {
    public static final int DISCARD = 0;
    /** Nothing to apply: bypass. */
    public static final int NONE = 1;
    public static final int IPSEC = 2;
    public static final int INBOUND = 1;
    public static final int OUTBOUND = 2;
    /** Linux has a third direction for packets that it forwards; ours are INBOUND. */
    public static final int FORWARD = 3;
    public static final int ANY_MODE = 0;
    public static final int TRANSPORT = 1;
    public static final int TUNNEL = 2;

    /**
     * One transform. Its length counts octets, not units of 8; a pair of IPv6 addresses takes 56 octets, one of IPv4 takes 32.
     *
     * <pre>
     *   0 | length (host, 2)        | IP protocol (host, 2) | mode (1) | level (1) | reserved (2) |
     *   8 | request id (host, 4)    | reserved (4)                                                |
     *  16 | of a tunnel or in a MIGRATE: socket address of the source, then of the destination ...
     * </pre>
     *
     * @param protocol IP protocol, 50 or 51; others are carried, too
     * @param mode     see {@link PolicyExtension#TUNNEL}
     * @param level    0 default, 1 use, 2 require, 3 unique
     */
    public record Request(int protocol, int mode, int level, long requestId, Optional<Ends> ends) {
        static final int HEADER = 16;

        public Request {
            Bits.fit(protocol, 16, "protocol");
            Bits.fit(mode, 8, "mode");
            Bits.fit(level, 8, "level");
            Bits.fit32(requestId, "request id");
        }

        int size() {
            return HEADER + ends.map(e -> PfKeyExtension.align(2 * e.source.size())).orElse(0);
        }
    }

    /** Of a tunnel; both of one family. */
    public record Ends(SocketAddress source, SocketAddress destination) {
        public Ends {
            oneFamily(source, destination);
        }
    }

    public PolicyExtension {
        Bits.fit(policy, 16, "policy");
        Bits.fit(direction, 8, "direction");
        Bits.fit32(id, "policy id");
        Bits.fit32(priority, "priority");
        requests = List.copyOf(requests);
    }

    static void oneFamily(SocketAddress one, SocketAddress other) {
        if (!one.sameFamily(other)) {
            throw new IllegalArgumentException("addresses of two families: " + one.address() + ", " + other.address());
        }
    }

    static SocketAddress[] pair(OctetReader in) throws Malformed {
        int at = in.position();
        SocketAddress first = SocketAddress.parse(in);
        SocketAddress second = SocketAddress.parse(in);
        if (!first.sameFamily(second)) {
            throw new Malformed("a pair of addresses of two families", at);
        }
        return new SocketAddress[] {first, second};
    }

    int octetCount() {
        int size = 16;
        for (Request request : requests) {
            size += request.size();
        }
        return size;
    }

    void emitBody(OctetWriter out) {
        HostOrder.u16(out, policy);
        out.u8(direction).u8(0);
        HostOrder.u32(out, id);
        HostOrder.u32(out, priority);
        for (Request request : requests) {
            int end = out.length() + request.size();
            HostOrder.u16(out, request.size());
            HostOrder.u16(out, request.protocol);
            out.u8(request.mode).u8(request.level).u16(0);
            HostOrder.u32(out, request.requestId);
            out.u32(0);
            request.ends.ifPresent(ends -> {
                ends.source.emit(out);
                ends.destination.emit(out);
            });
            out.zeros(end - out.length());
        }
    }

    static PolicyExtension readBody(OctetReader in) throws Malformed {
        int policy = HostOrder.u16(in);
        int direction = in.u8();
        in.skip(1);
        long id = HostOrder.u32(in);
        long priority = HostOrder.u32(in);
        List<Request> requests = new ArrayList<>();
        while (!in.atEnd()) {
            int at = in.position();
            int length = HostOrder.u16(in);
            if (length < Request.HEADER || length % 8 != 0) {
                throw new Malformed("an IPsec request of " + length + " octets", at);
            }
            Octets body = in.octets(length - 2);
            try {
                requests.add(request(new OctetReader(body)));
            } catch (Malformed e) {
                throw new Malformed(e.getMessage(), at + 2 + e.at());
            }
            if (requests.getLast().size() != length) {
                throw new Malformed("an IPsec request has " + length + " octets, not " + requests.getLast().size(), at);
            }
        }
        return new PolicyExtension(policy, direction, id, priority, requests);
    }

    private static Request request(OctetReader in) throws Malformed {
        int protocol = HostOrder.u16(in);
        int mode = in.u8();
        int level = in.u8();
        in.skip(2);
        long requestId = HostOrder.u32(in);
        in.skip(4);
        if (in.atEnd()) {
            return new Request(protocol, mode, level, requestId, Optional.empty());
        }
        SocketAddress[] pair = pair(in);
        return new Request(protocol, mode, level, requestId, Optional.of(new Ends(pair[0], pair[1])));
    }
}
