package careof.engine.trace;

import careof.engine.base.Octets;
import careof.engine.state.State;
import careof.engine.trace.TraceEvent.Dropped;
import careof.engine.trace.TraceEvent.FrameSent;
import java.lang.invoke.VarHandle;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HexFormat;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.SortedMap;

/**
 * All events of a run in a compact form off the object heap. One thread appends; any thread may read what
 * {@link #size()} says is there.
 *
 * <p>Each event is its length, the time since the event before it, and its form, see {@link EventCodec} and {@link FrameForms}.
 *
 * <p>With a bound, its oldest events go: {@link #first} moves on, past states of all tables that the run hands over between two tasks. Ids, times and offsets stay. Chunks of what went
 * are written again at once; a reader looks at {@link #first} after it has read, and takes nothing for an event that went meanwhile.
 */
public final class TraceStore {
    /** Events between two entries of the index. */
    private static final int STRIDE = 16;
    /** Octets before each event that tell its length. */
    static final int PREFIX = 3;
    private static final int LONGEST = (1 << 8 * PREFIX) - 1;
    /** Octets: what is not older is kept whatever the bound is. */
    private static final long NEAR = 2L * FrameForms.SPAN;
    /** The least bound, octets. */
    public static final long LEAST_BOUND = 4 * NEAR;
    /** States at which a trace may begin, within its bound. */
    private static final int BASES = 16;

    private final Detail detail;
    private final Encoder.Names names = new Encoder.Names();
    private final Encoder encoder = new Encoder(names);
    /** Octets; 0: none. */
    private final long bound;
    private final Chunks chunks = new Chunks();
    private final FrameForms forms = new FrameForms(chunks);
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
    /** Written before anything that makes what is older unreadable. */
    private volatile LabState base = new LabState(0, 0, PersistentMap.empty());
    /** States at which the trace may begin when older events go, but for {@link #base}. */
    private final Deque<Base> bases = new ArrayDeque<>();
    private long baseEnd;

    /** @param end of the events before */
    private record Base(LabState state, long end) {}

    /** Keeps everything. */
    public TraceStore(Detail detail) {
        this.detail = detail;
        this.bound = 0;
    }

    /**
     * Keeps what comes last, see {@link #first}.
     *
     * @param bound octets, at least {@link #LEAST_BOUND}; at least nine tenths of it are kept once there are as many
     */
    public TraceStore(Detail detail, long bound) {
        if (bound < LEAST_BOUND) {
            throw new IllegalArgumentException("a bound of " + bound + " octets");
        }
        this.detail = detail;
        this.bound = bound;
    }

    public Detail detail() {
        return detail;
    }

    /** Number of events; also the id of the last one. */
    public long size() {
        return size;
    }

    /** Id of the first event that is kept, or will be: 1, unless this trace has a bound. Those before it are gone: to read one throws {@link IndexOutOfBoundsException}. */
    public long first() {
        return base.event() + 1;
    }

    /** The tables before the first event that is kept; its rows do not tell their last event. */
    public LabState base() {
        return base;
    }

    /** Octets that the events take, those that are gone as well; indexes not counted. */
    public long octets() {
        return chunks.end();
    }

    /** Number of {@link FrameSent} events. */
    public long frameCount() {
        return frameCount;
    }

    /** Id of the {@link FrameSent} event with the given place among all of them, from 0; of one that is gone, any id that is gone, or 0. */
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
        return event > known ? Optional.empty() : find(event).map(FrameSent.class::cast);
    }

    /** Whether a packet was put on a link not long ago: the same in every trace of a run, whatever its bound. */
    boolean isNear(long packet) {
        long event = sentBy.get(packet);
        return event >= first() && chunks.end() - locate(event).offset <= NEAR;
    }

    /** Id of the first event that is kept at or after a virtual time, {@code size() + 1} when there is none. */
    public long firstAt(long time) {
        while (true) {
            long first = first();
            try {
                return firstAt(time, first);
            } catch (IndexOutOfBoundsException e) {
                if (first == first()) {
                    throw e;
                }
            }
        }
    }

    private long firstAt(long time, long first) {
        long low = first;
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
        long at;
        try {
            at = locate(id).at;
        } catch (RuntimeException e) {
            stillThere(id);
            throw e;
        }
        stillThere(id);
        return at;
    }

    /** @throws IndexOutOfBoundsException where an event is gone by now: what was read of it before may be anything */
    void stillThere(long id) {
        VarHandle.acquireFence();
        if (id < first()) {
            throw new IndexOutOfBoundsException("event " + id + " is kept no longer");
        }
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
            forms.write(encoder, sent, chunks.end() + encoder.length());
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
        long offset = chunks.end();
        chunks.append(form, length);    // where there is no memory, the trace stays as it is
        if ((id - 1) % STRIDE == 0) {
            offsets.set((id - 1) / STRIDE, offset);
            times.set((id - 1) / STRIDE, lastAt);
        }
        lastAt = event.at();
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

    /** Whether it is time for {@link #base(SortedMap)}. */
    public boolean wantsBase() {
        return bound > 0 && chunks.end() - (bases.isEmpty() ? baseEnd : bases.getLast().end) >= bound / BASES;
    }

    /**
     * Learns all tables as they are after the last event, so that the trace may begin there one day; events beyond the bound go.
     *
     * @param rows of the engine itself
     */
    public void base(SortedMap<LabState.Key, State> rows) {
        PersistentMap<LabState.Key, LabState.Row<?>> map = PersistentMap.empty();
        for (Map.Entry<LabState.Key, State> row : rows.entrySet()) {
            map = map.with(row.getKey(), new LabState.Row<>(row.getValue(), 0));
        }
        bases.addLast(new Base(new LabState(size, lastAt, map), chunks.end()));
        while (chunks.end() - baseEnd > bound && chunks.end() - bases.getFirst().end >= NEAR) {
            begin(bases.removeFirst());
        }
    }

    private void begin(Base at) {
        base = at.state;
        baseEnd = at.end;
        VarHandle.fullFence();    // who reads what is written over what goes sees that it went
        long block = at.state.event() / STRIDE;
        chunks.dropBefore(Math.min(at.end - at.end % FrameForms.SPAN, offsets.get(block)));
        offsets.dropBefore(block);
        times.dropBefore(block);
        frames.dropBefore(framesUpTo(first() - 1));
        sentBy.dropBelow(first());
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
            at += chunks.unsignedAt(offset + PREFIX);
            if (i == id) {
                return new Place(offset, at);
            }
            offset += PREFIX + lengthAt(offset);
        }
    }

    /** Octets of the form of the event at an offset, without those that tell its length. */
    int lengthAt(long offset) {
        return chunks.octetAt(offset) << 16 | chunks.octetAt(offset + 1) << 8 | chunks.octetAt(offset + 2);
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
        return offset >= 0 && offset < chunks.end() && low <= size ? low : 0;
    }

    /** Offset of an event's form. */
    long offsetOf(long id) {
        return locate(id).offset;
    }

    /** Time of the last event, 0: there is none; for the thread that appends. */
    long lastTime() {
        return lastAt;
    }

    Chunks chunks() {
        return chunks;
    }

    Encoder.Names names() {
        return names;
    }

    /** The event with an id from {@link #first()} to {@link #size()}. */
    public TraceEvent get(long id) {
        TraceEvent event;
        try {
            Place place = locate(id);
            event = read(place.offset, id, place.at, true);
        } catch (RuntimeException e) {
            stillThere(id);
            throw e;
        }
        stillThere(id);
        return event;
    }

    /** The same; empty for an event that is gone, if only by now. */
    public Optional<TraceEvent> find(long id) {
        if (id < first()) {
            return Optional.empty();
        }
        try {
            return Optional.of(get(id));
        } catch (IndexOutOfBoundsException e) {
            if (id < first()) {
                return Optional.empty();
            }
            throw e;
        }
    }

    private TraceEvent read(long offset, long id, long at, boolean withFrame) {
        byte[] body = new byte[lengthAt(offset)];
        chunks.copy(offset + PREFIX, body, 0, body.length);
        Decoder in = new Decoder(names, body);
        in.unsigned();
        return EventCodec.read(in, id, at, position -> withFrame ? forms.read(offset + PREFIX + position) : Octets.EMPTY);
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
            return Math.max(next, first()) <= size;
        }

        public TraceEvent next() {
            return next(false);
        }

        /** The next event if it concerns {@link LabState}, frames without their octets; otherwise null, which costs almost nothing. */
        TraceEvent nextForState() {
            return next(true);
        }

        private TraceEvent next(boolean forState) {
            while (true) {
                if (next < first()) {
                    next = first();
                    offset = -1;
                }
                if (next > size) {
                    throw new NoSuchElementException("event " + next + " of " + size);
                }
                TraceEvent event;
                long after;
                try {
                    enter();
                    event = forState && !isOfState() ? null : read(offset, next, at, !forState);
                    after = offset + PREFIX + lengthAt(offset);
                } catch (RuntimeException e) {
                    if (next >= first()) {
                        throw e;
                    }
                    continue;    // it went while it was read
                }
                VarHandle.acquireFence();
                if (next >= first()) {
                    offset = after;
                    next++;
                    return event;
                }
            }
        }

        private void enter() {
            if (offset < 0) {
                Place place = locate(next);
                offset = place.offset;
                at = place.at - chunks.unsignedAt(offset + PREFIX);
            }
            at += chunks.unsignedAt(offset + PREFIX);
        }

        private boolean isOfState() {
            long position = offset + PREFIX;
            while (chunks.octetAt(position) >= 0x80) {
                position++;
            }
            int kind = chunks.octetAt(position + 1);
            return kind == EventCodec.SENT || kind == EventCodec.ARRIVED || kind == EventCodec.CHANGED;
        }

        /** Virtual time of the event last read, nanoseconds. */
        long time() {
            return at;
        }
    }

    /** Reads from event {@code first} on, or from the first that is kept; sees events appended later too. It passes over what goes before it was read. */
    public Cursor from(long first) {
        return new Cursor(first);
    }

    /**
     * SHA-256 over all events in their binary form and all names: equal for equal runs.
     *
     * @throws IllegalStateException where events are gone
     */
    public String digest() {
        if (first() > 1) {
            throw new IllegalStateException("the beginning of this trace is kept no longer");
        }
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            byte[] buffer = new byte[Chunks.CHUNK];
            long end = chunks.end();
            for (long offset = 0; offset < end; offset += buffer.length) {
                byte[] part = end - offset >= buffer.length ? buffer : new byte[(int) (end - offset)];
                chunks.copy(offset, part, 0, part.length);
                digest.update(part);
            }
            for (int i = 1; i <= names.count(); i++) {
                digest.update(names.name(i).getBytes(StandardCharsets.UTF_8));
                digest.update((byte) 0);
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
