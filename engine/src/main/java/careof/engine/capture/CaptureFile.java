package careof.engine.capture;

import careof.engine.base.AtomicFile;
import careof.engine.base.Malformed;
import careof.engine.base.Progress;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntUnaryOperator;

/**
 * A capture file as a table of packets. {@link #index} goes through the file once and keeps where each packet is, off the object heap, 20 octets a
 * packet; the octets stay in the file and are read when they are asked for. One thread indexes, any number may read what is indexed so far.
 *
 * <p>A file that is damaged or ends in the middle of a packet has the packets before that, and a {@link #fault}.
 */
public final class CaptureFile implements Closeable {
    /** More packets than this are left out: their table would take more memory than most machines have to spare. */
    private static final int MOST_PACKETS = 100_000_000;
    private static final int MOST_SECTIONS = 1 << 16;
    /** Packets between two reports of progress. */
    private static final int REPORT = 1 << 10;

    private static final int CHUNK = 1 << 16;
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED;
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED;
    /** Of a row: where the block begins; when the packet was seen; how long the block is. */
    private static final int AT = 8;
    private static final int LENGTH = 16;
    private static final int ROW = 20;

    private record Part(int first, CaptureSection section) {}

    private final Path path;
    private final FileChannel channel;
    private final CaptureReader reader;
    private final BasicFileAttributes opened;
    private final List<Part> parts = new ArrayList<>();
    private volatile MemorySegment[] chunks = {};
    private volatile int count;
    private volatile long position;
    private volatile boolean complete;
    private volatile Optional<String> fault = Optional.empty();

    private CaptureFile(Path path, FileChannel channel, CaptureReader reader, BasicFileAttributes opened) {
        this.path = path;
        this.channel = channel;
        this.reader = reader;
        this.opened = opened;
    }

    /**
     * Opens a file without reading more than its beginning.
     *
     * @throws IOException with a message for people when it cannot be read
     * @throws Malformed   when it is no capture file
     */
    public static CaptureFile open(Path path) throws IOException, Malformed {
        BasicFileAttributes attributes = Files.readAttributes(path, BasicFileAttributes.class);
        if (!attributes.isRegularFile()) {
            throw new IOException(path + " is no regular file");
        }
        FileChannel channel = FileChannel.open(path, StandardOpenOption.READ);
        try {
            return new CaptureFile(path, channel, new CaptureReader(Channels.newInputStream(channel)), attributes);
        } catch (IOException | Malformed | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    /** Whether a file begins as captures do, compressed ones too, or at least its name ends so. */
    public static boolean isCapture(Path path) {
        String name = path.getFileName() == null ? "" : path.getFileName().toString();
        if (name.endsWith(".pcap") || name.endsWith(".pcapng") || name.endsWith(".cap")) {
            return true;
        }
        if (!Files.isRegularFile(path)) {
            return false;
        }
        try (InputStream in = Files.newInputStream(path)) {
            return CaptureReader.isMagic(in.readNBytes(4));
        } catch (IOException e) {
            return false;
        }
    }

    public Path path() {
        return path;
    }

    /**
     * Finds the packets, up to the file's end or to where it is damaged. To be called once.
     *
     * @param progress hears of octets read; when it says stop, what is found so far stays
     * @throws IOException when reading fails
     */
    public void index(Progress progress) throws IOException {
        long size = channel.size();
        try {
            for (Optional<CapturedPacket> packet = reader.next(); packet.isPresent(); packet = reader.next()) {
                add(packet.get());
                if (count % REPORT == 0) {
                    position = reader.position();
                    progress.report(position, size);
                }
            }
            fault = reader.notes().stream().findFirst();
        } catch (Malformed e) {
            fault = Optional.of(e.getMessage());
        } finally {
            position = reader.position();
            complete = true;
        }
    }

    private void add(CapturedPacket packet) throws Malformed {
        int index = count;
        if (index == MOST_PACKETS) {
            throw CaptureSection.problem("only the first " + MOST_PACKETS + " packets are shown", packet.offset());
        }
        if (parts.isEmpty() || parts.getLast().section != reader.section()) {
            addPart(new Part(index, reader.section()), packet.offset());
        }
        if (index % CHUNK == 0) {
            MemorySegment[] more = Arrays.copyOf(chunks, chunks.length + 1);
            more[chunks.length] = Arena.ofAuto().allocate((long) CHUNK * ROW);
            chunks = more;
        }
        MemorySegment chunk = chunks[index / CHUNK];
        long row = (long) index % CHUNK * ROW;
        chunk.set(LONG, row, packet.offset());
        chunk.set(LONG, row + AT, packet.at());
        chunk.set(INT, row + LENGTH, (int) (reader.position() - packet.offset()));
        count = index + 1;
    }

    private synchronized void addPart(Part part, long at) throws Malformed {
        if (parts.size() == MOST_SECTIONS) {
            throw CaptureSection.problem("more than " + MOST_SECTIONS + " sections", at);
        }
        parts.add(part);
    }

    /** The section of a packet. */
    private synchronized CaptureSection section(int index) {
        int low = 0;
        int high = parts.size() - 1;
        while (low < high) {
            int middle = (low + high + 1) >>> 1;
            if (parts.get(middle).first <= index) {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        return parts.get(low).section;
    }

    /** How many packets are indexed so far. */
    public int count() {
        return count;
    }

    /** Whether {@link #index} has come to its end. */
    public boolean isComplete() {
        return complete;
    }

    /** How far the index has come, 0..1. */
    public double fraction() {
        return complete ? 1 : Math.clamp((double) position / Math.max(1, opened.size()), 0, 1);
    }

    /** Why the packets end before the file does, with the place; known when the index {@linkplain #isComplete is complete}. */
    public Optional<String> fault() {
        return fault;
    }

    /** When a packet was seen, nanoseconds since 1970-01-01 UTC; 0 when the file does not say. */
    public long at(int index) {
        return chunks[check(index) / CHUNK].get(LONG, (long) index % CHUNK * ROW + AT);
    }

    private int check(int index) {
        if (index < 0 || index >= count) {
            throw new IndexOutOfBoundsException(index);
        }
        return index;
    }

    /**
     * Reads a packet from the file.
     *
     * @param index from 0
     * @throws IOException with a message for people: it cannot be read, or the file is not what it was when it was indexed
     */
    public CapturedPacket read(int index) throws IOException {
        MemorySegment chunk = chunks[check(index) / CHUNK];
        long row = (long) index % CHUNK * ROW;
        long offset = chunk.get(LONG, row);
        int length = chunk.get(INT, row + LENGTH);
        CaptureSection section = section(index);
        ByteBuffer block = ByteBuffer.allocate(length).order(section.order());
        while (block.hasRemaining()) {
            if (channel.read(block, offset + block.position()) < 0) {
                throw changed(index);
            }
        }
        block.flip();
        CapturedPacket packet;
        try {
            packet = section.recordHeader() > 0 ? record(section, index, offset, block) : block(section, index, offset, block);
        } catch (Malformed e) {
            throw changed(index);
        }
        if (packet.at() != chunk.get(LONG, row + AT)) {
            throw changed(index);
        }
        return packet;
    }

    private static CapturedPacket record(CaptureSection section, int index, long offset, ByteBuffer block) throws Malformed {
        int header = section.recordHeader();
        if (CaptureSection.kept(block) != block.limit() - header) {
            throw CaptureSection.problem("another packet", offset);
        }
        return section.record(index + 1L, offset, block, block.slice(header, block.limit() - header));
    }

    private static CapturedPacket block(CaptureSection section, int index, long offset, ByteBuffer block) throws Malformed {
        int type = block.getInt(0);
        if (!CaptureSection.isPacket(type) || block.getInt(4) != block.limit()) {
            throw CaptureSection.problem("another block", offset);
        }
        return section.block(index + 1L, type, block.position(8).limit(block.limit() - 4), offset);
    }

    private IOException changed(int index) {
        return new IOException(path + ": packet " + (index + 1) + " is not where it was: the file has changed since it was opened");
    }

    /**
     * Writes some of the packets into a new pcapng file, with their interfaces and comments, times in nanoseconds.
     *
     * @param which from a place in the new file to one in this, both from 0
     * @param count how many
     * @throws IOException with a message for people; {@link Progress.Cancelled} passes as it is
     */
    public void copy(IntUnaryOperator which, int count, Path to, Progress progress) throws IOException {
        if (Files.exists(to) && Files.isSameFile(to, path)) {
            throw new IOException("cannot write " + to + ": it is the capture that is open");
        }
        AtomicFile.write(to, out -> {
            PcapngWriter writer = new PcapngWriter(out, "careof", "");
            Map<CaptureInterface, Integer> faces = new LinkedHashMap<>();
            for (int i = 0; i < count; i++) {
                CapturedPacket packet = read(which.applyAsInt(i));
                Integer face = faces.get(packet.on());
                if (face == null) {
                    face = writer.addInterface(packet.on());
                    faces.put(packet.on(), face);
                }
                writer.packet(face, packet);
                if (i % REPORT == 0) {
                    progress.report(i, count);
                }
            }
        });
    }

    /** Octets that the table of packets takes. */
    public long memory() {
        return (long) chunks.length * CHUNK * ROW;
    }

    /** What became of the file since it was opened, in words; empty: nothing. */
    public Optional<String> change() {
        try {
            BasicFileAttributes now = Files.readAttributes(path, BasicFileAttributes.class);
            boolean same = now.size() == opened.size() && now.lastModifiedTime().equals(opened.lastModifiedTime())
                    && (now.fileKey() == null || now.fileKey().equals(opened.fileKey()));
            return same ? Optional.empty() : Optional.of("the file has changed since it was opened");
        } catch (IOException e) {
            return Optional.of("the file is gone");
        }
    }

    /** Nothing can be read any more. */
    @Override
    public void close() throws IOException {
        reader.close();
        channel.close();
    }
}
