package careof.engine.trace;

import careof.engine.base.Octets;
import careof.engine.trace.TraceEvent.Dropped;
import careof.engine.trace.TraceEvent.FrameSent;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.NoSuchElementException;
import java.util.Optional;

/**
 * All events of a run in a compact form off the object heap. One thread appends; any thread may read what
 * {@link #size()} says is there.
 *
 * <p>Each event is its length, the time since the event before it, its kind and its fields. A frame that ends in the same octets as
 * the frame of its parent packet (forwarding, encapsulation) is kept as its own head and the distance to that tail.
 */
public final class TraceStore {
    /** Octets claimed at a time: little, since a session keeps many runs. */
    private static final int CHUNK = 1 << 19;
    /** No frame refers to one across a multiple of so many octets, so that what is older may go. */
    static final int SPAN = 8 * CHUNK;
    /** Events between two entries of the index. */
    private static final int STRIDE = 16;
    /** Octets before each event that tell its length. */
    static final int PREFIX = 3;
    private static final int LONGEST = (1 << 8 * PREFIX) - 1;
    /** Longest chain of frames that refer to each other; forwarding alone does not lengthen it. */
    static final int MOST_LINKS = 12;
    /** A shorter common tail is not worth its reference. */
    private static final int LEAST_SHARED = 16;

    private final Detail detail;
    private final Encoder.Names names = new Encoder.Names();
    private final Encoder encoder = new Encoder(names);
    private final Arena arena = Arena.ofAuto();
    private volatile MemorySegment[] chunks = new MemorySegment[0];
    private long end;
    private long lastAt;
    private final LongColumn offsets = new LongColumn();
    private final LongColumn times = new LongColumn();
    /** Ids of {@link FrameSent} events, by their order. */
    private final LongColumn frames = new LongColumn();
    /** Of each packet: id of its first {@link FrameSent} event. */
    private final SparseLongs sentBy = new SparseLongs();
    private volatile long frameCount;
    private volatile long dropCount;
    /** Written after all else of an event: what a reader has seen here, it sees everything of. */
    private volatile long size;

    public TraceStore(Detail detail) {
        this.detail = detail;
    }

    public Detail detail() {
        return detail;
    }

    /** Number of events; also the id of the last one. */
    public long size() {
        return size;
    }

    /** Octets that the events take, indexes not counted. */
    public long octets() {
        return end;
    }

    /** Number of {@link FrameSent} events. */
    public long frameCount() {
        return frameCount;
    }

    /** Id of the {@link FrameSent} event with the given place among all of them, from 0. */
    public long frameEvent(long index) {
        return frames.get(index);
    }

    /** Number of {@link FrameSent} events with an id up to {@code id}: where a cursor stands in the packet list. */
    public long framesUpTo(long id) {
        long low = 0;
        long high = frameCount;
        while (low < high) {
            long middle = (low + high) >>> 1;
            if (frames.get(middle) <= id) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    /** Number of {@link Dropped} events. */
    public long dropCount() {
        return dropCount;
    }

    /** The first event that put this packet on a link, if any did. */
    public Optional<FrameSent> frameOf(long packet) {
        long known = size;
        long event = sentBy.get(packet);
        return event == 0 || event > known ? Optional.empty() : Optional.of((FrameSent) get(event));
    }

    /** Id of the first event at or after a virtual time, {@code size() + 1} when there is none. */
    public long firstAt(long time) {
        long low = 1;
        long high = size + 1;
        while (low < high) {
            long middle = (low + high) >>> 1;
            if (timeOf(middle) < time) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    /** Virtual time of an event, nanoseconds. */
    public long timeOf(long id) {
        return locate(id).at;
    }

    /** Appends the next event; its id must be {@code size() + 1} and its time not before the last one's. */
    public void append(TraceEvent event) {
        long id = size + 1;
        if (event.id() != id || event.at() < lastAt) {
            throw new IllegalArgumentException("event " + event.id() + " does not follow " + size);
        }
        encoder.start(PREFIX);
        encoder.unsigned(event.at() - lastAt);
        EventCodec.write(encoder, event);
        if (event instanceof FrameSent sent) {
            writeFrame(sent);
        }
        int length = encoder.length() - PREFIX;
        if (length > LONGEST) {
            throw new IllegalArgumentException("event " + id + " takes " + length + " octets");
        }
        for (int i = 0; i < PREFIX; i++) {
            encoder.array()[i] = (byte) (length >>> 8 * (PREFIX - 1 - i));
        }
        keep(event, encoder.array(), encoder.length());
    }

    /**
     * Appends the next event, which has been looked at.
     *
     * @param form   as this store keeps it
     * @param length octets of the form
     */
    void keep(TraceEvent event, byte[] form, int length) {
        long id = event.id();
        for (long needed = end + length; chunks.length * (long) CHUNK < needed; ) {
            segment(chunks.length * (long) CHUNK);    // where there is no memory, the trace stays as it is
        }
        if ((id - 1) % STRIDE == 0) {
            offsets.set((id - 1) / STRIDE, end);
            times.set((id - 1) / STRIDE, lastAt);
        }
        lastAt = event.at();
        put(form, length);
        if (event instanceof FrameSent sent) {
            frames.set(frameCount, id);
            if (sentBy.get(sent.packet()) == 0) {
                sentBy.set(sent.packet(), id);
            }
        }
        size = id;
        if (event instanceof FrameSent) {
            frameCount++;
        } else if (event instanceof Dropped) {
            dropCount++;
        }
    }

    private void put(byte[] array, int length) {
        int done = 0;
        while (done < length) {
            int count = (int) Math.min(length - done, CHUNK - end % CHUNK);
            MemorySegment.copy(array, done, segment(end), ValueLayout.JAVA_BYTE, end % CHUNK, count);
            done += count;
            end += count;
        }
    }

    private MemorySegment segment(long offset) {
        int chunk = (int) (offset / CHUNK);
        MemorySegment[] all = chunks;
        if (chunk >= all.length) {
            all = Arrays.copyOf(all, chunk + 1);
            try {
                all[chunk] = arena.allocate(CHUNK);
            } catch (OutOfMemoryError e) {
                throw new IllegalStateException("the trace takes " + (end >> 20) + " MiB and finds no memory for more; a summary trace takes less", e);
            }
            chunks = all;
        }
        return all[chunk];
    }

    private int octetAt(long offset) {
        return chunks[(int) (offset / CHUNK)].get(ValueLayout.JAVA_BYTE, offset % CHUNK) & 0xff;
    }

    /** Octets of the form of the event at an offset, without those that tell its length. */
    int lengthAt(long offset) {
        return octetAt(offset) << 16 | octetAt(offset + 1) << 8 | octetAt(offset + 2);
    }

    /** Copies octets of forms that are there already. */
    void copy(long offset, byte[] target, int at, int length) {
        int done = 0;
        while (done < length) {
            int count = (int) Math.min(length - done, CHUNK - (offset + done) % CHUNK);
            MemorySegment.copy(chunks[(int) ((offset + done) / CHUNK)], ValueLayout.JAVA_BYTE, (offset + done) % CHUNK, target, at + done, count);
            done += count;
        }
    }

    /** Where an event stands: its offset (at its length) and its time. */
    private record Place(long offset, long at) {}

    private Place locate(long id) {
        if (id < 1 || id > size) {
            throw new IndexOutOfBoundsException("event " + id + " of " + size);
        }
        long block = (id - 1) / STRIDE;
        long offset = offsets.get(block);
        long at = times.get(block);
        for (long i = block * STRIDE + 1; ; i++) {
            at += unsignedAt(offset + PREFIX);
            if (i == id) {
                return new Place(offset, at);
            }
            offset += PREFIX + lengthAt(offset);
        }
    }

    long unsignedAt(long offset) {
        long value = 0;
        for (int shift = 0; ; shift += 7) {
            int octet = octetAt(offset++);
            value |= (octet & 0x7fL) << shift;
            if (octet < 0x80) {
                return value;
            }
        }
    }

    /** The event whose form holds the octet at an offset; 0: none does. */
    long eventAt(long offset) {
        long low = 1;
        long high = size;
        while (low < high) {
            long middle = (low + high + 1) >>> 1;
            if (locate(middle).offset <= offset) {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        return offset >= 0 && offset < end && low <= size ? low : 0;
    }

    /** Offset of an event's form. */
    long offsetOf(long id) {
        return locate(id).offset;
    }

    /** Time of the last event, 0: there is none; for the thread that appends. */
    long lastTime() {
        return lastAt;
    }

    Encoder.Names names() {
        return names;
    }

    /** The event with an id from 1 to {@link #size()}. */
    public TraceEvent get(long id) {
        Place place = locate(id);
        return read(place.offset, id, place.at, true);
    }

    private TraceEvent read(long offset, long id, long at, boolean withFrame) {
        byte[] body = new byte[lengthAt(offset)];
        copy(offset + PREFIX, body, 0, body.length);
        Decoder in = new Decoder(names, body);
        in.unsigned();
        return EventCodec.read(in, id, at, position -> withFrame ? readFrame(offset + PREFIX + position) : Octets.EMPTY);
    }

    /** A reader of consecutive events, cheaper than one {@link #get} for each. */
    public final class Cursor {
        private long next;
        /** Of event {@code next}; -1: not looked up yet. */
        private long offset = -1;
        /** Time of the event before it. */
        private long at;

        private Cursor(long first) {
            if (first < 1) {
                throw new IndexOutOfBoundsException("event " + first);
            }
            this.next = first;
        }

        public boolean hasNext() {
            return next <= size;
        }

        private void enter() {
            if (next > size) {
                throw new NoSuchElementException("event " + next + " of " + size);
            }
            if (offset < 0) {
                Place place = locate(next);
                offset = place.offset;
                at = place.at - unsignedAt(offset + PREFIX);
            }
            at += unsignedAt(offset + PREFIX);
        }

        private void leave() {
            offset += PREFIX + lengthAt(offset);
            next++;
        }

        public TraceEvent next() {
            enter();
            TraceEvent event = read(offset, next, at, true);
            leave();
            return event;
        }

        /** The next event if it concerns {@link LabState}, frames without their octets; otherwise null, which costs almost nothing. */
        TraceEvent nextForState() {
            enter();
            long position = offset + PREFIX;
            while (octetAt(position) >= 0x80) {
                position++;
            }
            int kind = octetAt(position + 1);
            TraceEvent event = kind == EventCodec.SENT || kind == EventCodec.ARRIVED || kind == EventCodec.CHANGED ? read(offset, next, at, false) : null;
            leave();
            return event;
        }

        /** Virtual time of the event last read, nanoseconds. */
        long time() {
            return at;
        }
    }

    /** Reads from event {@code first} on; sees events appended later too. */
    public Cursor from(long first) {
        return new Cursor(first);
    }

    /** SHA-256 over all events in their binary form and all names: equal for equal runs. */
    public String digest() {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            byte[] buffer = new byte[CHUNK];
            for (long offset = 0; offset < end; offset += CHUNK) {
                byte[] part = end - offset >= CHUNK ? buffer : new byte[(int) (end - offset)];
                copy(offset, part, 0, part.length);
                digest.update(part);
            }
            for (int i = 1; i <= names.count(); i++) {
                digest.update(names.name(i).getBytes(java.nio.charset.StandardCharsets.UTF_8));
                digest.update((byte) 0);
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /**
     * A frame as it was kept, which the next hop's most often resembles, so that it need not be read back.
     *
     * @param position where its form starts
     * @param base     where the form starts that it shares a tail with; -1: none
     * @param shared   octets of that tail
     * @param links    forms to read for the whole of it, less one
     */
    private record Kept(long packet, long position, long base, int shared, int links, Octets frame) {}

    private final Kept[] kept = new Kept[1 << 12];

    private Kept keptOf(long packet) {
        Kept found = kept[(int) (packet % kept.length)];
        return found != null && found.packet == packet ? found : null;
    }

    /** Distance to the form of the frame with the same tail and length of that tail, or 0 for none; then the octets before the tail. */
    private void writeFrame(FrameSent e) {
        Octets frame = e.frame();
        long position = end + encoder.length();
        Kept like = keptOf(e.parent() == 0 ? e.packet() : e.parent());
        int shared = like == null ? 0 : like.frame.commonTail(frame);
        long base = -1;
        int links = 0;
        if (shared >= LEAST_SHARED) {
            long span = position - position % SPAN;
            if (like.base >= span && shared <= like.shared) {
                base = like.base;
                links = like.links;
            } else if (like.position >= span && like.links < MOST_LINKS) {
                base = like.position;
                links = like.links + 1;
            }
        }
        if (base >= 0) {
            encoder.unsigned(position - base);
            encoder.unsigned(shared);
            encoder.octets(frame.slice(0, frame.length() - shared));
        } else {
            shared = 0;
            encoder.unsigned(0);
            encoder.octets(frame);
        }
        kept[(int) (e.packet() % kept.length)] = new Kept(e.packet(), position, base, shared, links, frame);
    }

    private Octets readFrame(long position) {
        byte[] frame = null;
        int missing = 0;
        while (true) {
            long at = position;
            long back = unsignedAt(at);
            at += unsignedSize(back);
            int shared = 0;
            if (back != 0) {
                shared = (int) unsignedAt(at);
                at += unsignedSize(shared);
            }
            int own = (int) unsignedAt(at);
            at += unsignedSize(own);
            if (frame == null) {
                frame = new byte[own + shared];
                missing = frame.length;
            }
            if (missing > shared) {
                int count = missing - shared;
                copy(at + own - count, frame, frame.length - missing, count);
                missing = shared;
            }
            if (back == 0) {
                return Octets.wrap(frame);
            }
            position -= back;
        }
    }

    /** Octets that a number from 0 takes. */
    static int unsignedSize(long value) {
        return Math.max(1, (70 - Long.numberOfLeadingZeros(value)) / 7);
    }
}
