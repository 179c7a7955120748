package careof.engine.capture;

import careof.engine.base.Malformed;
import careof.engine.base.Octets;
import careof.engine.capture.CapturedPacket.Direction;
import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Reads capture files of any writer, packet by packet: pcap (micro- and nanoseconds, either byte order, and the variant with
 * longer record headers) and pcapng (any number of sections, interfaces, byte orders and time resolutions). Blocks that carry
 * no packets are skipped unread, however long. A file that ends within a packet gives all before it and a {@link #notes note}.
 *
 * <p>The forms are those of draft-ietf-opsawg-pcap and draft-ietf-opsawg-pcapng.
 */
public final class CaptureReader implements Closeable {
    /** Longest block or record that is read, octets; a longer one is a broken length field. */
    private static final int LONGEST = 1 << 24;
    private static final int MOST_INTERFACES = 1 << 16;
    private static final int MOST_NOTES = 100;

    private static final int SECTION = 0x0a0d0d0a;
    private static final int INTERFACE = 1;
    private static final int OLD_PACKET = 2;
    private static final int SIMPLE_PACKET = 3;
    private static final int ENHANCED_PACKET = 6;

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

    private final InputStream in;
    private final List<Source> sources = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();
    private final boolean pcapng;
    /** Of pcap: octets of a record's header. */
    private int recordHeader;
    private ByteOrder order;
    private long position;
    private long number;
    private boolean ended;

    /** Opens a file; an {@link IOException} when it cannot be read, {@link Malformed} when it is no capture file. */
    public static CaptureReader open(Path file) throws IOException, Malformed {
        InputStream in = Files.newInputStream(file);
        try {
            return new CaptureReader(in);
        } catch (IOException | Malformed | RuntimeException e) {
            in.close();
            throw e;
        }
    }

    /** Reads a stream from its start; it is closed with this reader. */
    public CaptureReader(InputStream stream) throws IOException, Malformed {
        in = new BufferedInputStream(stream, 1 << 16);
        byte[] magic = in.readNBytes(4);
        position = magic.length;
        if (magic.length < 4) {
            throw problem(magic.length == 0 ? "the file is empty" : "no capture file: only " + magic.length + " octets", 0);
        }
        int value = ByteBuffer.wrap(magic).getInt();
        pcapng = value == SECTION;
        if (pcapng) {
            section(0);
        } else {
            pcap(value);
        }
    }

    private void pcap(int magic) throws IOException, Malformed {
        int swapped = Integer.reverseBytes(magic);
        boolean big = magic == 0xa1b2c3d4 || magic == 0xa1b23c4d || magic == 0xa1b2cd34;
        boolean little = swapped == 0xa1b2c3d4 || swapped == 0xa1b23c4d || swapped == 0xa1b2cd34;
        if (!big && !little) {
            throw problem((magic >>> 16) == 0x1f8b ? "compressed with gzip: unpack it first"
                    : "no pcap or pcapng file: it starts with " + String.format("%08x", magic), 0);
        }
        order = big ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
        int kind = big ? magic : swapped;
        recordHeader = kind == 0xa1b2cd34 ? 24 : 16;
        ByteBuffer header = read(20);
        if (header == null) {
            throw problem("the file header has " + (position) + " of 24 octets", 0);
        }
        int major = header.getShort(0) & 0xffff;
        if (major != 2) {
            throw problem("pcap version " + major + " is unknown", 4);
        }
        int link = header.getInt(16);
        int fcs = (link & 1 << 26) != 0 ? 2 * (link >>> 28) : 0;
        sources.add(new Source(new CaptureInterface("", "", link & 0x03ffffff, Math.max(0, header.getInt(12))),
                BigInteger.valueOf(kind == 0xa1b23c4d ? 1_000_000_000 : 1_000_000), 0, fcs));
    }

    /** What was unusual but did not stop the reading, for people; complete once {@link #next} has come to the end. */
    public List<String> notes() {
        return List.copyOf(notes);
    }

    /** Octets read so far: progress against the file's size. */
    public long position() {
        return position;
    }

    /**
     * The next packet; empty at the end.
     *
     * @throws Malformed at octets that make no sense, with their place in the file in its message; nothing can be read from there on
     */
    public Optional<CapturedPacket> next() throws IOException, Malformed {
        if (ended) {
            return Optional.empty();
        }
        try {
            Optional<CapturedPacket> packet = pcapng ? nextBlock() : nextRecord();
            ended = packet.isEmpty();
            return packet;
        } catch (Malformed e) {
            ended = true;
            throw e;
        }
    }

    @Override
    public void close() throws IOException {
        in.close();
    }

    private Optional<CapturedPacket> nextRecord() throws IOException, Malformed {
        long start = position;
        ByteBuffer header = readOrEnd(recordHeader, start, true);
        if (header == null) {
            return Optional.empty();
        }
        Source source = sources.getFirst();
        long kept = header.getInt(8) & 0xffffffffL;
        long length = header.getInt(12) & 0xffffffffL;
        if (kept > LONGEST) {
            throw problem("a record of " + kept + " octets", start);
        }
        ByteBuffer body = readOrEnd((int) kept, start, false);
        if (body == null) {
            return Optional.empty();
        }
        long perSecond = source.ticksPerSecond.longValue();
        long at = (header.getInt(0) & 0xffffffffL) * 1_000_000_000 + (header.getInt(4) & 0xffffffffL) * (1_000_000_000 / perSecond);
        return Optional.of(packet(start, source, at, Direction.UNKNOWN, length, body, (int) kept, List.of()));
    }

    private CapturedPacket packet(long start, Source source, long at, Direction direction, long length, ByteBuffer from, int kept, List<String> comments) {
        byte[] octets = new byte[kept];
        from.get(octets);
        boolean whole = kept >= length;
        int fcs = whole && kept >= source.fcsOctets ? source.fcsOctets : 0;
        Octets all = Octets.wrap(octets).slice(0, kept - fcs);
        int was = (int) Math.min(Integer.MAX_VALUE, Math.max(kept, length) - fcs);
        return new CapturedPacket(++number, start, source.face, at, direction, was, all, comments);
    }

    private Optional<CapturedPacket> nextBlock() throws IOException, Malformed {
        while (true) {
            long start = position;
            ByteBuffer head = readOrEnd(4, start, true);
            if (head == null) {
                return Optional.empty();
            }
            int type = head.order(order).getInt(0);
            if (type == SECTION) {
                if (!section(start)) {
                    return Optional.empty();
                }
                continue;
            }
            ByteBuffer size = readOrEnd(4, start, false);
            if (size == null) {
                return Optional.empty();
            }
            long length = size.getInt(0) & 0xffffffffL;
            check(length, 12, start);
            switch (type) {
                case INTERFACE, OLD_PACKET, SIMPLE_PACKET, ENHANCED_PACKET -> {
                    ByteBuffer body = body(length, 8, start);
                    if (body == null) {
                        return Optional.empty();
                    }
                    if (type == INTERFACE) {
                        addInterface(body, start);
                    } else {
                        return Optional.of(packetBlock(type, body, start));
                    }
                }
                default -> {
                    if (!skip(length - 8, start)) {
                        return Optional.empty();
                    }
                }
            }
        }
    }

    /** Reads a section header after its type; false: the file ends in it. */
    private boolean section(long start) throws IOException, Malformed {
        ByteBuffer head = readOrEnd(8, start, false);
        if (head == null) {
            return false;
        }
        int magic = head.order(ByteOrder.BIG_ENDIAN).getInt(4);
        if (magic != 0x1a2b3c4d && magic != 0x4d3c2b1a) {
            throw problem("a section header without its byte-order magic", start);
        }
        order = magic == 0x1a2b3c4d ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
        long length = head.order(order).getInt(0) & 0xffffffffL;
        check(length, 28, start);
        ByteBuffer body = body(length, 12, start);
        if (body == null) {
            return false;
        }
        int major = body.getShort(0) & 0xffff;
        if (major != 1) {
            throw problem("pcapng version " + major + " is unknown", start);
        }
        sources.clear();
        return true;
    }

    /** The rest of a block after {@code done} octets, without the length at its end, which it checks; null: the file ends in it. */
    private ByteBuffer body(long length, int done, long start) throws IOException, Malformed {
        if (length > LONGEST) {
            throw problem("a block of " + length + " octets", start);
        }
        ByteBuffer body = readOrEnd((int) length - done, start, false);
        if (body == null) {
            return null;
        }
        int last = body.limit() - 4;
        if (body.getInt(last) != (int) length) {
            throw problem("a block says " + length + " octets at its start and " + (body.getInt(last) & 0xffffffffL) + " at its end", start);
        }
        return body.limit(last);
    }

    private void check(long length, int least, long start) throws Malformed {
        if (length < least || length % 4 != 0) {
            throw problem("a block length of " + length, start);
        }
    }

    private void addInterface(ByteBuffer body, long start) throws Malformed {
        if (sources.size() >= MOST_INTERFACES) {
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
        sources.add(new Source(new CaptureInterface(name, description, linkType, snap), ticks, offset, fcs));
    }

    private CapturedPacket packetBlock(int type, ByteBuffer body, long start) throws Malformed {
        int fixed = type == SIMPLE_PACKET ? 4 : 20;
        need(body, fixed, start);
        int which = switch (type) {
            case SIMPLE_PACKET -> 0;
            case OLD_PACKET -> body.getShort(0) & 0xffff;
            default -> body.getInt(0);
        };
        if (which < 0 || which >= sources.size()) {
            throw problem("a packet of interface " + (which & 0xffffffffL) + ", which the section has not described", start);
        }
        Source source = sources.get(which);
        if (type == SIMPLE_PACKET) {
            long length = body.getInt() & 0xffffffffL;
            int snap = source.face.snapLength() == 0 ? Integer.MAX_VALUE : source.face.snapLength();
            int kept = (int) Math.min(Math.min(length, snap), body.remaining());
            return packet(start, source, 0, Direction.UNKNOWN, length, body, kept, List.of());
        }
        long ticks = (body.getInt(4) & 0xffffffffL) << 32 | body.getInt(8) & 0xffffffffL;
        long kept = body.getInt(12) & 0xffffffffL;
        long length = body.getInt(16) & 0xffffffffL;
        body.position(fixed);
        need(body, kept, start);
        List<String> comments = new ArrayList<>();
        Direction direction = Direction.UNKNOWN;
        ByteBuffer rest = body.duplicate().order(order);
        rest.position((int) Math.min(body.limit(), fixed + (kept + 3) / 4 * 4));
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
        return packet(start, source, source.nanos(ticks), direction, length, body, (int) kept, comments);
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

    private List<Option> options(ByteBuffer body, long start) throws Malformed {
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

    private void need(ByteBuffer body, long octets, long start) throws Malformed {
        if (octets > body.remaining()) {
            throw problem("a field of " + octets + " octets in a block that has " + body.remaining() + " left", start);
        }
    }

    /** So many octets in the file's byte order, or null where it ends: a note unless that is between two packets. */
    private ByteBuffer readOrEnd(int count, long start, boolean mayEnd) throws IOException {
        ByteBuffer octets = read(count);
        if (octets == null && !(mayEnd && position == start)) {
            note("the file ends at octet " + position + ", within the block that starts at " + start);
        }
        return octets;
    }

    /** Grows with what is really there: a length field alone takes no memory. */
    private ByteBuffer read(int count) throws IOException {
        byte[] octets = in.readNBytes(count);
        position += octets.length;
        return octets.length < count ? null : ByteBuffer.wrap(octets).order(order == null ? ByteOrder.BIG_ENDIAN : order);
    }

    private boolean skip(long count, long start) throws IOException {
        long left = count;
        while (left > 0) {
            long skipped = in.skip(left);
            if (skipped == 0) {
                if (in.read() < 0) {
                    note("the file ends at octet " + position + ", within the block that starts at " + start);
                    return false;
                }
                skipped = 1;
            }
            left -= skipped;
            position += skipped;
        }
        return true;
    }

    private void note(String text) {
        if (notes.size() < MOST_NOTES) {
            notes.add(text);
        }
    }

    private static Malformed problem(String what, long at) {
        return new Malformed(what + " (octet " + at + " of the file)", (int) Math.min(at, Integer.MAX_VALUE));
    }

    private static BigInteger unsigned(long value) {
        return value >= 0 ? BigInteger.valueOf(value) : BigInteger.valueOf(value).add(BigInteger.ONE.shiftLeft(64));
    }
}
