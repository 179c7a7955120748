package careof.engine.capture;

import careof.engine.base.Malformed;
import careof.engine.base.Octets;
import careof.engine.capture.CapturedPacket.Direction;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * What of a capture file must be known to read a packet of it, wherever it is: the byte order and the interfaces of its section; a pcap file is one
 * section with one interface. One thread adds interfaces, several may read packets of those that are there.
 */
final class CaptureSection {
    static final int INTERFACE = 1;
    static final int OLD_PACKET = 2;
    static final int SIMPLE_PACKET = 3;
    static final int ENHANCED_PACKET = 6;

    private static final int MOST_INTERFACES = 1 << 16;

    private static final int COMMENT = 1;
    private static final int IF_NAME = 2;
    private static final int IF_DESCRIPTION = 3;
    private static final int IF_TSRESOL = 9;
    private static final int IF_FCSLEN = 13;
    private static final int IF_TSOFFSET = 14;
    private static final int FLAGS = 2;

    private static final BigInteger NANOS = BigInteger.valueOf(1_000_000_000);

    /** An interface with what its packets' reading needs. */
    private record Source(CaptureInterface face, BigInteger ticksPerSecond, long offsetSeconds, int fcsOctets) {
        /** Nanoseconds since 1970, cut to what a long holds. */
        long nanos(long ticks) {
            if (ticks >= 0 && ticksPerSecond.bitLength() < 31 && offsetSeconds == 0 && ticks / ticksPerSecond.intValue() < 9_000_000_000L) {
                int perSecond = ticksPerSecond.intValue();
                return ticks / perSecond * 1_000_000_000 + ticks % perSecond * 1_000_000_000 / perSecond;
            }
            BigInteger nanos = unsigned(ticks).multiply(NANOS).divide(ticksPerSecond).add(BigInteger.valueOf(offsetSeconds).multiply(NANOS));
            return nanos.bitLength() < 64 ? nanos.longValue() : nanos.signum() < 0 ? Long.MIN_VALUE : Long.MAX_VALUE;
        }
    }

    private final ByteOrder order;
    /** Of pcap: octets of a record's header; 0: the section is of a pcapng file. */
    private final int recordHeader;
    private final List<Source> sources = new ArrayList<>();

    private CaptureSection(ByteOrder order, int recordHeader) {
        this.order = order;
        this.recordHeader = recordHeader;
    }

    static CaptureSection pcapng(ByteOrder order) {
        return new CaptureSection(order, 0);
    }

    /**
     * A whole pcap file.
     *
     * @param link      the last word of its header: the link type, and how long frame check sequences are
     * @param perSecond how many units of time a second has
     */
    static CaptureSection pcap(ByteOrder order, int recordHeader, int link, int snap, int perSecond) {
        CaptureSection section = new CaptureSection(order, recordHeader);
        int fcs = (link & 1 << 26) != 0 ? 2 * (link >>> 28) : 0;
        section.sources.add(new Source(new CaptureInterface("", "", link & 0x03ffffff, Math.max(0, snap)), BigInteger.valueOf(perSecond), 0, fcs));
        return section;
    }

    ByteOrder order() {
        return order;
    }

    int recordHeader() {
        return recordHeader;
    }

    private synchronized void add(Source source) {
        sources.add(source);
    }

    private synchronized Source source(int which, long start) throws Malformed {
        if (which < 0 || which >= sources.size()) {
            throw problem("a packet of interface " + (which & 0xffffffffL) + ", which the section has not described", start);
        }
        return sources.get(which);
    }

    private synchronized int interfaces() {
        return sources.size();
    }

    /**
     * A packet of a pcap file.
     *
     * @param start of its header in the file
     * @param body  as many octets as the header says
     */
    CapturedPacket record(long number, long start, ByteBuffer header, ByteBuffer body) throws Malformed {
        Source source = source(0, start);
        long perSecond = source.ticksPerSecond.longValue();
        long at = (header.getInt(0) & 0xffffffffL) * 1_000_000_000 + (header.getInt(4) & 0xffffffffL) * (1_000_000_000 / perSecond);
        return packet(number, start, source, at, Direction.UNKNOWN, header.getInt(12) & 0xffffffffL, body, body.remaining(), List.of());
    }

    /** Octets that are kept of a packet, by a record's header. */
    static long kept(ByteBuffer header) {
        return header.getInt(8) & 0xffffffffL;
    }

    private static CapturedPacket packet(long number, long start, Source source, long at, Direction direction, long length, ByteBuffer from, int kept, List<String> comments) {
        byte[] octets = new byte[kept];
        from.get(octets);
        boolean whole = kept >= length;
        int fcs = whole && kept >= source.fcsOctets ? source.fcsOctets : 0;
        Octets all = Octets.wrap(octets).slice(0, kept - fcs);
        int was = (int) Math.min(Integer.MAX_VALUE, Math.max(kept, length) - fcs);
        return new CapturedPacket(number, start, source.face, at, direction, was, all, comments);
    }

    /**
     * Takes note of an interface.
     *
     * @param body  of its block, after type and length
     * @param start of its block in the file
     */
    void addInterface(ByteBuffer body, long start) throws Malformed {
        if (interfaces() >= MOST_INTERFACES) {
            throw problem("more than " + MOST_INTERFACES + " interfaces", start);
        }
        need(body, 8, start);
        int linkType = body.getShort() & 0xffff;
        body.getShort();
        int snap = Math.max(0, body.getInt());
        String name = "";
        String description = "";
        BigInteger ticks = BigInteger.valueOf(1_000_000);
        long offset = 0;
        int fcs = 0;
        for (Option option : options(body, start)) {
            switch (option.code) {
                case IF_NAME -> name = option.text();
                case IF_DESCRIPTION -> description = option.text();
                case IF_TSRESOL -> {
                    if (option.value.length == 1) {
                        int power = option.value[0] & 0x7f;
                        ticks = option.value[0] < 0 ? BigInteger.TWO.pow(power) : BigInteger.TEN.pow(power);
                    }
                }
                case IF_TSOFFSET -> offset = option.value.length == 8 ? ByteBuffer.wrap(option.value).order(order).getLong() : 0;
                case IF_FCSLEN -> fcs = option.value.length == 1 ? option.value[0] & 0xff : 0;
                default -> { }
            }
        }
        add(new Source(new CaptureInterface(name, description, linkType, snap), ticks, offset, fcs));
    }

    static boolean isPacket(int blockType) {
        return blockType == OLD_PACKET || blockType == SIMPLE_PACKET || blockType == ENHANCED_PACKET;
    }

    /**
     * A packet of a pcapng file.
     *
     * @param type  of its block
     * @param body  after type and length, without the length at its end
     * @param start of its block in the file
     */
    CapturedPacket block(long number, int type, ByteBuffer body, long start) throws Malformed {
        int fixed = type == SIMPLE_PACKET ? 4 : 20;
        need(body, fixed, start);
        Source source = source(switch (type) {
            case SIMPLE_PACKET -> 0;
            case OLD_PACKET -> body.getShort(body.position()) & 0xffff;
            default -> body.getInt(body.position());
        }, start);
        int at = body.position();
        if (type == SIMPLE_PACKET) {
            long length = body.getInt() & 0xffffffffL;
            int snap = source.face.snapLength() == 0 ? Integer.MAX_VALUE : source.face.snapLength();
            int kept = (int) Math.min(Math.min(length, snap), body.remaining());
            return packet(number, start, source, 0, Direction.UNKNOWN, length, body, kept, List.of());
        }
        long ticks = (body.getInt(at + 4) & 0xffffffffL) << 32 | body.getInt(at + 8) & 0xffffffffL;
        long kept = body.getInt(at + 12) & 0xffffffffL;
        long length = body.getInt(at + 16) & 0xffffffffL;
        body.position(at + fixed);
        need(body, kept, start);
        List<String> comments = new ArrayList<>();
        Direction direction = Direction.UNKNOWN;
        ByteBuffer rest = body.duplicate().order(order);
        rest.position((int) Math.min(body.limit(), at + fixed + (kept + 3) / 4 * 4));
        for (Option option : options(rest, start)) {
            if (option.code == COMMENT) {
                comments.add(option.text());
            } else if (option.code == FLAGS && option.value.length == 4) {
                direction = switch (ByteBuffer.wrap(option.value).order(order).getInt() & 3) {
                    case 1 -> Direction.INBOUND;
                    case 2 -> Direction.OUTBOUND;
                    default -> Direction.UNKNOWN;
                };
            }
        }
        return packet(number, start, source, source.nanos(ticks), direction, length, body, (int) kept, comments);
    }

    private record Option(int code, byte[] value) {
        String text() {
            int end = value.length;
            while (end > 0 && value[end - 1] == 0) {
                end--;
            }
            return new String(value, 0, end, StandardCharsets.UTF_8);
        }
    }

    private static List<Option> options(ByteBuffer body, long start) throws Malformed {
        if (body.remaining() < 4) {
            return List.of();
        }
        List<Option> options = new ArrayList<>();
        while (body.remaining() >= 4) {
            int code = body.getShort() & 0xffff;
            int length = body.getShort() & 0xffff;
            if (code == 0) {
                break;
            }
            need(body, length, start);
            byte[] value = new byte[length];
            body.get(value);
            body.position(Math.min(body.limit(), body.position() + (-length & 3)));
            options.add(new Option(code, value));
        }
        return options;
    }

    private static void need(ByteBuffer body, long octets, long start) throws Malformed {
        if (octets > body.remaining()) {
            throw problem("a field of " + octets + " octets in a block that has " + body.remaining() + " left", start);
        }
    }

    /** @param at octets from the file's start to what is wrong */
    static Malformed problem(String what, long at) {
        return new Malformed(what + " (octet " + at + " of the file)", (int) Math.min(at, Integer.MAX_VALUE));
    }

    private static BigInteger unsigned(long value) {
        return value >= 0 ? BigInteger.valueOf(value) : BigInteger.valueOf(value).add(BigInteger.ONE.shiftLeft(64));
    }
}
