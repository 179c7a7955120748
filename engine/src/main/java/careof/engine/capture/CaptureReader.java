package careof.engine.capture;

import careof.engine.base.Malformed;
import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
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
    private static final int MOST_NOTES = 100;

    private static final int SECTION = 0x0a0d0d0a;

    private final InputStream in;
    private final List<String> notes = new ArrayList<>();
    private final boolean pcapng;
    private CaptureSection section;
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
            throw CaptureSection.problem(magic.length == 0 ? "the file is empty" : "no capture file: only " + magic.length + " octets", 0);
        }
        int value = ByteBuffer.wrap(magic).getInt();
        pcapng = value == SECTION;
        if (pcapng) {
            section(0);
        } else {
            pcap(value);
        }
    }

    /** Whether a file that starts so is a capture, or a compressed file that may be one. */
    static boolean isMagic(byte[] start) {
        if (start.length < 4) {
            return false;
        }
        int magic = ByteBuffer.wrap(start).getInt();
        return magic == SECTION || isPcap(magic) || isPcap(Integer.reverseBytes(magic)) || isGzip(magic);
    }

    private static boolean isPcap(int magic) {
        return magic == 0xa1b2c3d4 || magic == 0xa1b23c4d || magic == 0xa1b2cd34;
    }

    private static boolean isGzip(int magic) {
        return magic >>> 16 == 0x1f8b;
    }

    private void pcap(int magic) throws IOException, Malformed {
        int swapped = Integer.reverseBytes(magic);
        boolean big = isPcap(magic);
        if (!big && !isPcap(swapped)) {
            throw CaptureSection.problem(isGzip(magic) ? "compressed with gzip: unpack it first"
                    : "no pcap or pcapng file: it starts with " + String.format("%08x", magic), 0);
        }
        ByteOrder order = big ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
        int kind = big ? magic : swapped;
        ByteBuffer header = read(20);
        if (header == null) {
            throw CaptureSection.problem("the file header has " + position + " of 24 octets", 0);
        }
        header.order(order);
        int major = header.getShort(0) & 0xffff;
        if (major != 2) {
            throw CaptureSection.problem("pcap version " + major + " is unknown", 4);
        }
        section = CaptureSection.pcap(order, kind == 0xa1b2cd34 ? 24 : 16, header.getInt(16), header.getInt(12), kind == 0xa1b23c4d ? 1_000_000_000 : 1_000_000);
    }

    /** That of the packet read last. */
    CaptureSection section() {
        return section;
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
        ByteBuffer header = readOrEnd(section.recordHeader(), start, true);
        if (header == null) {
            return Optional.empty();
        }
        long kept = CaptureSection.kept(header);
        if (kept > LONGEST) {
            throw CaptureSection.problem("a record of " + kept + " octets", start);
        }
        ByteBuffer body = readOrEnd((int) kept, start, false);
        return body == null ? Optional.empty() : Optional.of(section.record(++number, start, header, body));
    }

    private Optional<CapturedPacket> nextBlock() throws IOException, Malformed {
        while (true) {
            long start = position;
            ByteBuffer head = readOrEnd(4, start, true);
            if (head == null) {
                return Optional.empty();
            }
            int type = head.getInt(0);
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
            if (type != CaptureSection.INTERFACE && !CaptureSection.isPacket(type)) {
                if (!skip(length - 8, start)) {
                    return Optional.empty();
                }
                continue;
            }
            ByteBuffer body = body(length, 8, start);
            if (body == null) {
                return Optional.empty();
            }
            if (type != CaptureSection.INTERFACE) {
                return Optional.of(section.block(++number, type, body, start));
            }
            section.addInterface(body, start);
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
            throw CaptureSection.problem("a section header without its byte-order magic", start);
        }
        section = CaptureSection.pcapng(magic == 0x1a2b3c4d ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN);
        long length = head.order(section.order()).getInt(0) & 0xffffffffL;
        check(length, 28, start);
        ByteBuffer body = body(length, 12, start);
        if (body == null) {
            return false;
        }
        int major = body.getShort(0) & 0xffff;
        if (major != 1) {
            throw CaptureSection.problem("pcapng version " + major + " is unknown", start);
        }
        return true;
    }

    /** The rest of a block after {@code done} octets, without the length at its end, which it checks; null: the file ends in it. */
    private ByteBuffer body(long length, int done, long start) throws IOException, Malformed {
        if (length > LONGEST) {
            throw CaptureSection.problem("a block of " + length + " octets", start);
        }
        ByteBuffer body = readOrEnd((int) length - done, start, false);
        if (body == null) {
            return null;
        }
        int last = body.limit() - 4;
        if (body.getInt(last) != (int) length) {
            throw CaptureSection.problem("a block says " + length + " octets at its start and " + (body.getInt(last) & 0xffffffffL) + " at its end", start);
        }
        return body.limit(last);
    }

    private void check(long length, int least, long start) throws Malformed {
        if (length < least || length % 4 != 0) {
            throw CaptureSection.problem("a block length of " + length, start);
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
        return octets.length < count ? null : ByteBuffer.wrap(octets).order(section == null ? ByteOrder.BIG_ENDIAN : section.order());
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
}
