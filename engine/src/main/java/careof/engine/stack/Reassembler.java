package careof.engine.stack;

import careof.engine.base.IpAddress;
import careof.engine.base.Octets;
import careof.engine.base.VirtualTime;
import careof.engine.state.Reassembly;
import careof.engine.state.Sa;
import careof.engine.trace.Reason;
import careof.engine.trace.TraceEvent.Relation;
import careof.engine.wire.icmp.Icmp6Message;
import careof.engine.wire.ip.ExtensionHeader;
import careof.engine.wire.ip.Ip4Header;
import careof.engine.wire.ip.Ip4Packet;
import careof.engine.wire.ip.Ip6Header;
import careof.engine.wire.ip.Ip6Packet;
import careof.engine.wire.ip.IpPacket;
import careof.engine.wire.ip.IpProtocol;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Puts fragments together (RFC 8200 section 4.5, RFC 791 section 3.2): a bounded number of packets, of fragments each and of octets in all, for
 * 60 seconds; overlapping fragments end the whole packet (RFC 5722 section 4).
 */
final class Reassembler {
    private static final long TIMEOUT = 60 * VirtualTime.SECOND;
    private static final int MOST_PACKETS = 64;
    private static final int MOST_FRAGMENTS = 128;
    private static final int MOST_OCTETS = 1 << 20;
    private static final int MOST_PAYLOAD = 65_535;

    /**
     * Fragments that came through different SAs, or through none, never make one packet.
     *
     * @param protocol in IPv4; 0 in IPv6
     * @param sas      ids, joined by blanks
     */
    private record Key(IpAddress source, IpAddress destination, int protocol, long identification, String sas) {}

    private static final class Parts {
        private final TreeMap<Integer, Octets> pieces = new TreeMap<>();
        private Packet firstPacket;
        private IpPacket first;
        private Packet last;
        private int received;
        private int total = -1;
        private boolean refused;
    }

    private final IpStack stack;
    private final NodeEnv env;
    private final Table<Key, Reassembly> table;
    private final Map<Key, Parts> parts = new LinkedHashMap<>();
    private int octets;

    Reassembler(IpStack stack) {
        this.stack = stack;
        this.env = stack.env();
        this.table = env.table();
    }

    /** A whole packet and what the trace calls it, which holds the octets as they would have come whole. */
    record Whole(Packet packet, IpPacket ip) {}

    /**
     * Takes a fragment; the whole packet when this was the last one missing.
     *
     * @param ip  with its fragment header last, a true fragment
     * @param sas through which it came
     */
    Optional<Whole> take(Packet packet, Ip6Packet ip, List<Sa> sas) {
        ExtensionHeader.Fragment fragment = (ExtensionHeader.Fragment) ip.extensions().getLast();
        Octets body = ip.payload();
        Key key = new Key(ip.source(), ip.destination(), 0, fragment.identification(), through(sas));
        if (fragment.more() && body.length() % 8 != 0) {
            env.dropped(packet, Reason.FRAGMENT_BOUNDS, "length is no multiple of 8 octets");
            stack.errors().parameterProblem(packet, Icmp6Message.ParameterProblem.HEADER_FIELD, 4);
            return Optional.empty();
        }
        int end = fragment.offset() + body.length();
        int perFragment = ip.extensions().stream().mapToInt(ExtensionHeader::size).sum() - fragment.size();
        if (body.isEmpty() || end + perFragment > MOST_PAYLOAD) {
            env.dropped(packet, Reason.FRAGMENT_BOUNDS, body.isEmpty() ? "no octets" : "whole packet would be too long");
            if (!body.isEmpty()) {
                stack.errors().parameterProblem(packet, Icmp6Message.ParameterProblem.HEADER_FIELD, 40 + perFragment + 2);
            }
            return Optional.empty();
        }
        if (fragment.offset() == 0 && !hasAllHeaders(ip.protocol(), body)) {
            env.dropped(packet, Reason.FRAGMENT_BOUNDS, "first fragment without all headers");
            stack.errors().parameterProblem(packet, Icmp6Message.ParameterProblem.FIRST_FRAGMENT, 0);
            return Optional.empty();
        }
        return take(packet, ip, key, fragment.offset(), fragment.more());
    }

    private static String through(List<Sa> sas) {
        return sas.stream().map(Sa::key).collect(Collectors.joining(" "));
    }

    /**
     * Takes a fragment of IPv4 (RFC 791 section 3.2); overlaps end the packet as in IPv6, no honest sender makes them.
     *
     * @param sas through which it came
     */
    Optional<Whole> take(Packet packet, Ip4Packet ip, List<Sa> sas) {
        Ip4Header header = ip.header();
        int length = ip.payload().length();
        boolean more = header.moreFragments();
        int end = header.fragmentOffset() + length;
        if (length == 0 || more && length % 8 != 0 || header.length() + end > MOST_PAYLOAD) {
            env.dropped(packet, Reason.FRAGMENT_BOUNDS, length == 0 ? "no octets" : more && length % 8 != 0 ? "length is no multiple of 8 octets"
                    : "whole packet would be too long");
            return Optional.empty();
        }
        Key key = new Key(ip.source(), ip.destination(), ip.protocol(), header.identification(), through(sas));
        return take(packet, ip, key, header.fragmentOffset(), more);
    }

    /** @param ip the fragment */
    private Optional<Whole> take(Packet packet, IpPacket ip, Key key, int offset, boolean more) {
        Octets body = ip.payload();
        int end = offset + body.length();
        Parts held = parts.get(key);
        if (held == null) {
            if (parts.size() >= MOST_PACKETS || octets + body.length() > MOST_OCTETS) {
                env.dropped(packet, Reason.REASSEMBLY_FULL);
                return Optional.empty();
            }
            held = new Parts();
            parts.put(key, held);
            env.timers().in(timer(key), TIMEOUT, () -> expire(key));
        }
        if (held.refused) {
            env.dropped(packet, Reason.FRAGMENT_OVERLAP);
            return Optional.empty();
        }
        Octets same = held.pieces.get(offset);
        if (same != null && same.equals(body) && (more || held.total == end)) {
            // The network may duplicate packets: RFC 8200 section 4.5 allows to drop the copy and keep the rest.
            env.dropped(packet, Reason.FRAGMENT_DUPLICATE);
            return Optional.empty();
        }
        if (overlaps(held, offset, end) || !more && held.total >= 0 && held.total != end || held.total >= 0 && end > held.total
                || !more && !held.pieces.isEmpty() && held.pieces.lastEntry().getKey() >= end) {
            refuse(key, held, packet);
            return Optional.empty();
        }
        if (held.pieces.size() >= MOST_FRAGMENTS || octets + body.length() > MOST_OCTETS) {
            env.dropped(packet, Reason.REASSEMBLY_FULL);
            return Optional.empty();
        }
        held.pieces.put(offset, body);
        held.received += body.length();
        held.last = packet;
        octets += body.length();
        if (offset == 0) {
            held.first = ip;
            held.firstPacket = packet;
        }
        if (!more) {
            held.total = end;
        }
        if (held.received != held.total || held.first == null) {
            note(key, held);
            env.decided(packet, Reason.FRAGMENT_HELD);
            return Optional.empty();
        }
        return Optional.of(complete(key, held));
    }

    /** Whether a first fragment holds the headers up to and with the upper layer's, so that it can be judged alone (RFC 8200 section 4.5). */
    private static boolean hasAllHeaders(int protocol, Octets body) {
        int at = 0;
        int next = protocol;
        while (IpProtocol.isExtension(next)) {
            if (body.length() < at + 8) {
                return false;
            }
            int length = next == IpProtocol.FRAGMENT ? 8 : 8 + 8 * body.at(at + 1);
            next = body.at(at);
            at += length;
        }
        int upper = switch (next) {
            case IpProtocol.ICMP6, IpProtocol.UDP, IpProtocol.MOBILITY -> 8;
            case IpProtocol.TCP -> 20;
            case IpProtocol.IP6 -> Ip6Header.LENGTH;
            default -> 0;
        };
        return body.length() >= at + upper;
    }

    private void note(Key key, Parts held) {
        Reassembly old = table.get(key);
        table.put(key, new Reassembly(key.source, key.destination, key.protocol, key.identification, key.sas, held.pieces.size(), held.received, held.total,
                old == null ? env.now() + TIMEOUT : old.deadline()), Reason.FRAGMENT_HELD);
    }

    private static boolean overlaps(Parts held, int from, int to) {
        Map.Entry<Integer, Octets> before = held.pieces.floorEntry(from);
        Integer after = held.pieces.ceilingKey(from);
        return before != null && before.getKey() + before.getValue().length() > from || after != null && after < to;
    }

    /** Gives the packet up, and remembers that it did, so that late fragments do not start it again. */
    private void refuse(Key key, Parts held, Packet packet) {
        octets -= held.received;
        held.pieces.clear();
        held.received = 0;
        held.total = -1;
        held.refused = true;
        env.dropped(packet, Reason.FRAGMENT_OVERLAP);
        note(key, held);
    }

    private Whole complete(Key key, Parts held) {
        byte[] body = new byte[held.total];
        held.pieces.forEach((at, piece) -> piece.copyTo(body, at));
        int count = held.pieces.size();
        forget(key, Reason.REASSEMBLED, Integer.toString(count));
        IpPacket ip = switch (held.first) {
            case Ip6Packet first -> whole(first, Octets.wrap(body));
            case Ip4Packet first -> whole(first, Octets.wrap(body));
        };
        Packet made = stack.packet(held.last.id(), held.last.significant(), ip.exchanged(held.firstPacket.octets(), ip.protocol(), ip.payload()));
        if (env.recorder().records(made.significant())) {
            env.recorder().derived(env.node(), made.id(), held.last.id(), Relation.REASSEMBLED);
        }
        env.decided(made, Reason.REASSEMBLED, Integer.toString(count));
        return new Whole(made, ip);
    }

    private void forget(Key key, Reason reason, String... args) {
        Parts held = parts.remove(key);
        octets -= held.received;
        env.timers().cancel(timer(key));
        table.remove(key, reason, args);
    }

    private void expire(Key key) {
        Parts held = parts.get(key);
        forget(key, Reason.FRAGMENT_TIMEOUT);
        if (held.firstPacket != null && !held.refused) {
            env.dropped(held.firstPacket, Reason.FRAGMENT_TIMEOUT);
            switch (held.first) {
                case Ip6Packet _ -> stack.errors().timeExceeded(held.firstPacket, Icmp6Message.TimeExceeded.REASSEMBLY);
                case Ip4Packet _ -> stack.errors4().timeExceeded(held.firstPacket, Icmp4Errors.REASSEMBLY);
            }
        }
    }

    /** The packet without its fragment header. */
    private static Ip6Packet whole(Ip6Packet piece, Octets body) {
        List<ExtensionHeader> extensions = new ArrayList<>(piece.extensions());
        extensions.removeLast();
        return new Ip6Packet(piece.header(), extensions, piece.protocol(), body);
    }

    private static Ip4Packet whole(Ip4Packet piece, Octets body) {
        Ip4Header h = piece.header();
        return new Ip4Packet(new Ip4Header(h.typeOfService(), h.length() + body.length(), h.identification(), false, false, 0, h.timeToLive(), h.protocol(),
                h.source(), h.destination(), h.options()), body);
    }

    private static String timer(Key key) {
        return "reassembly " + key.source + " " + key.destination + " " + key.protocol + " " + key.identification + (key.sas.isEmpty() ? "" : " through " + key.sas);
    }
}
