package careof.engine.trace;

import careof.engine.base.Octets;
import careof.engine.state.State;
import careof.engine.trace.TraceEvent.Acted;
import careof.engine.trace.TraceEvent.Arrival;
import careof.engine.trace.TraceEvent.Changed;
import careof.engine.trace.TraceEvent.Control;
import careof.engine.trace.TraceEvent.Decided;
import careof.engine.trace.TraceEvent.Derived;
import careof.engine.trace.TraceEvent.Dropped;
import careof.engine.trace.TraceEvent.FrameArrived;
import careof.engine.trace.TraceEvent.FrameSent;
import careof.engine.trace.TraceEvent.Relation;
import careof.engine.trace.TraceEvent.Started;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
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
    /** Events between two entries of the index. */
    private static final int STRIDE = 16;
    /** Octets before each event that tell its length. */
    private static final int PREFIX = 3;
    private static final int LONGEST = (1 << 8 * PREFIX) - 1;
    /** Longest chain of frames that refer to each other; forwarding alone does not lengthen it. */
    private static final int MOST_LINKS = 12;
    /** A shorter common tail is not worth its reference. */
    private static final int LEAST_SHARED = 16;
    private static final int STARTED = 0;
    private static final int ACTED = 1;
    private static final int SENT = 2;
    private static final int ARRIVED = 3;
    private static final int DERIVED = 4;
    private static final int DECIDED = 5;
    private static final int DROPPED = 6;
    private static final int CHANGED = 7;
    private static final int CONTROL = 8;
    private static final Relation[] RELATIONS = Relation.values();
    private static final Reason[] REASONS = Reason.values();

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
    private final LongColumn sentBy = new LongColumn();
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
        writeBody(event);
        int length = encoder.length() - PREFIX;
        if (length > LONGEST) {
            throw new IllegalArgumentException("event " + id + " takes " + length + " octets");
        }
        for (int i = 0; i < PREFIX; i++) {
            encoder.array()[i] = (byte) (length >>> 8 * (PREFIX - 1 - i));
        }
        for (long needed = end + encoder.length(); chunks.length * (long) CHUNK < needed; ) {
            segment(chunks.length * (long) CHUNK);    // where there is no memory, the trace stays as it is
        }
        if ((id - 1) % STRIDE == 0) {
            offsets.set((id - 1) / STRIDE, end);
            times.set((id - 1) / STRIDE, lastAt);
        }
        lastAt = event.at();
        put(encoder.array(), encoder.length());
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

    private int lengthAt(long offset) {
        return octetAt(offset) << 16 | octetAt(offset + 1) << 8 | octetAt(offset + 2);
    }

    private void copy(long offset, byte[] target, int at, int length) {
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

    private long unsignedAt(long offset) {
        long value = 0;
        for (int shift = 0; ; shift += 7) {
            int octet = octetAt(offset++);
            value |= (octet & 0x7fL) << shift;
            if (octet < 0x80) {
                return value;
            }
        }
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
        return readBody(in, id, at, withFrame ? offset + PREFIX : NO_FRAME);
    }

    private static final long NO_FRAME = -1;

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
            TraceEvent event = kind == SENT || kind == ARRIVED || kind == CHANGED ? read(offset, next, at, false) : null;
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

    private void head(int kind, TraceEvent event) {
        encoder.octet(kind);
        encoder.name(event.node());
        encoder.reference(event.id(), event.cause());
    }

    private void writeBody(TraceEvent event) {
        switch (event) {
            case Started e -> {
                head(STARTED, e);
                encoder.text(e.lab());
                encoder.fixed64(e.seed());
            }
            case Acted e -> {
                head(ACTED, e);
                encoder.signed(e.input());
                encoder.text(e.text());
            }
            case Control e -> {
                head(CONTROL, e);
                encoder.unsigned(e.packet());
                encoder.name(e.channel());
                encoder.octet(e.toKernel() ? 1 : 0);
                encoder.octets(e.octets());
            }
            case FrameSent e -> {
                head(SENT, e);
                encoder.unsigned(e.packet());
                encoder.reference(e.packet(), e.parent());
                encoder.name(e.port());
                encoder.name(e.link());
                encoder.unsigned(e.ordinal());
                encoder.unsigned(e.departs() - e.at());
                encoder.unsigned(e.arrivals().size());
                for (Arrival arrival : e.arrivals()) {
                    encoder.name(arrival.to());
                    encoder.unsigned(arrival.at() - e.at());
                }
                writeFrame(e);
            }
            case FrameArrived e -> {
                head(ARRIVED, e);
                encoder.unsigned(e.packet());
                encoder.name(e.port());
                encoder.name(e.link());
                encoder.reference(e.id(), e.sent());
            }
            case Derived e -> {
                head(DERIVED, e);
                encoder.unsigned(e.packet());
                encoder.reference(e.packet(), e.parent());
                encoder.octet(e.relation().ordinal());
            }
            case Decided e -> {
                head(DECIDED, e);
                encoder.unsigned(e.packet());
                encoder.unsigned(e.reason().ordinal());
                encoder.texts(e.args());
                encoder.text(e.entry());
            }
            case Dropped e -> {
                head(DROPPED, e);
                encoder.unsigned(e.packet());
                encoder.unsigned(e.reason().ordinal());
                encoder.texts(e.args());
                encoder.text(e.entry());
                encoder.name(e.link());
                encoder.octets(e.octets());
            }
            case Changed e -> {
                head(CHANGED, e);
                encoder.unsigned(e.packet());
                encoder.reference(e.id(), e.previous());
                encoder.octet((e.old().isPresent() ? 1 : 0) | (e.now().isPresent() ? 2 : 0));
                e.old().ifPresent(state -> StateCodec.write(encoder, state));
                e.now().ifPresent(state -> StateCodec.write(encoder, state));
                encoder.unsigned(e.reason().ordinal());
                encoder.texts(e.args());
            }
        }
    }

    /**
     * @param body where the event's own octets start, {@link #NO_FRAME}: frames are not wanted
     */
    private TraceEvent readBody(Decoder in, long id, long at, long body) {
        int kind = in.octet();
        String node = in.name();
        long cause = in.reference(id);
        return switch (kind) {
            case STARTED -> new Started(id, at, node, cause, in.text(), in.fixed64());
            case ACTED -> new Acted(id, at, node, cause, (int) in.signed(), in.text());
            case CONTROL -> new Control(id, at, node, cause, in.unsigned(), in.name(), in.octet() == 1, in.octets());
            case SENT -> {
                long packet = in.unsigned();
                long parent = in.reference(packet);
                String port = in.name();
                String link = in.name();
                long ordinal = in.unsigned();
                long departs = at + in.unsigned();
                int count = (int) in.unsigned();
                List<Arrival> arrivals = new ArrayList<>(count);
                for (int i = 0; i < count; i++) {
                    arrivals.add(new Arrival(in.name(), at + in.unsigned()));
                }
                yield new FrameSent(id, at, node, cause, packet, parent, port, link, ordinal, departs, List.copyOf(arrivals),
                        body == NO_FRAME ? Octets.EMPTY : readFrame(body + in.position()));
            }
            case ARRIVED -> {
                long packet = in.unsigned();
                yield new FrameArrived(id, at, node, cause, packet, in.name(), in.name(), in.reference(id));
            }
            case DERIVED -> {
                long packet = in.unsigned();
                yield new Derived(id, at, node, cause, packet, in.reference(packet), RELATIONS[in.octet()]);
            }
            case DECIDED -> new Decided(id, at, node, cause, in.unsigned(), REASONS[(int) in.unsigned()], in.texts(), in.text());
            case DROPPED -> new Dropped(id, at, node, cause, in.unsigned(), REASONS[(int) in.unsigned()], in.texts(), in.text(), in.name(), in.octets());
            case CHANGED -> {
                long packet = in.unsigned();
                long previous = in.reference(id);
                int present = in.octet();
                Optional<State> old = (present & 1) != 0 ? Optional.of(StateCodec.read(in)) : Optional.empty();
                Optional<State> now = (present & 2) != 0 ? Optional.of(StateCodec.read(in)) : Optional.empty();
                yield new Changed(id, at, node, cause, packet, previous, old, now, REASONS[(int) in.unsigned()], in.texts());
            }
            default -> throw new IllegalStateException("event " + id + " has the unknown kind " + kind);
        };
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
            if (like.base >= 0 && shared <= like.shared) {
                base = like.base;
                links = like.links;
            } else if (like.links < MOST_LINKS) {
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
    private static int unsignedSize(long value) {
        return Math.max(1, (70 - Long.numberOfLeadingZeros(value)) / 7);
    }
}
