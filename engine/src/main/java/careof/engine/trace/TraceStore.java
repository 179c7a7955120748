package careof.engine.trace;

import careof.engine.base.Octets;
import careof.engine.state.State;
import careof.engine.trace.TraceEvent.Acted;
import careof.engine.trace.TraceEvent.Arrival;
import careof.engine.trace.TraceEvent.Changed;
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
import java.util.Optional;

/**
 * All events of a run in a compact form off the object heap. One thread appends; any thread may read what
 * {@link #size()} says is there.
 *
 * <p>Each event is its length, the time since the event before it, its kind and its fields. A frame that ends in the same octets as
 * the frame of its parent packet (forwarding, encapsulation) is kept as its own head and a reference to that tail.
 */
public final class TraceStore {
    private static final int CHUNK = 1 << 22;
    /** Events between two entries of the index. */
    private static final int STRIDE = 16;
    /** Longest chain of frames that refer to each other. */
    private static final int MOST_LINKS = 12;
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

    /** The first event that put this packet on a link, if any did. */
    public Optional<FrameSent> frameOf(long packet) {
        long event = sentBy.get(packet);
        return event == 0 ? Optional.empty() : Optional.of((FrameSent) get(event));
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
        encoder.reset();
        encoder.unsigned(event.at() - lastAt);
        writeBody(event);
        if ((id - 1) % STRIDE == 0) {
            offsets.set((id - 1) / STRIDE, end);
            times.set((id - 1) / STRIDE, lastAt);
        }
        lastAt = event.at();
        int length = encoder.length();
        put((byte) (length >>> 16));
        put((byte) (length >>> 8));
        put((byte) length);
        putAll(encoder.array(), length);
        if (event instanceof FrameSent sent) {
            frames.set(frameCount, id);
            frameCount++;
            if (sentBy.get(sent.packet()) == 0) {
                sentBy.set(sent.packet(), id);
            }
        }
        size = id;
    }

    private void put(byte octet) {
        segment(end).set(ValueLayout.JAVA_BYTE, end % CHUNK, octet);
        end++;
    }

    private void putAll(byte[] array, int length) {
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
            all[chunk] = arena.allocate(CHUNK);
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

    private void copy(long offset, byte[] target) {
        int done = 0;
        while (done < target.length) {
            int count = (int) Math.min(target.length - done, CHUNK - (offset + done) % CHUNK);
            MemorySegment.copy(chunks[(int) ((offset + done) / CHUNK)], ValueLayout.JAVA_BYTE, (offset + done) % CHUNK, target, done, count);
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
            at += unsignedAt(offset + 3);
            if (i == id) {
                return new Place(offset, at);
            }
            offset += 3 + lengthAt(offset);
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
        return readBody(decoder(place), id, place.at);
    }

    private Decoder decoder(Place place) {
        byte[] body = new byte[lengthAt(place.offset)];
        copy(place.offset + 3, body);
        Decoder in = new Decoder(names, body);
        in.unsigned();
        return in;
    }

    /** A reader of consecutive events, cheaper than one {@link #get} for each. */
    public final class Cursor {
        private long next;
        private long offset;
        private long at;

        private Cursor(long first) {
            this.next = first;
            if (first <= size) {
                Place place = locate(first);
                offset = place.offset;
                at = place.at - unsignedAt(offset + 3);
            }
        }

        public boolean hasNext() {
            return next <= size;
        }

        public TraceEvent next() {
            if (offset == 0 && next > 1) {
                Place place = locate(next);
                offset = place.offset;
                at = place.at - unsignedAt(offset + 3);
            }
            at += unsignedAt(offset + 3);
            TraceEvent event = readBody(decoder(new Place(offset, at)), next, at);
            offset += 3 + lengthAt(offset);
            next++;
            return event;
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
                copy(offset, part);
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
        encoder.unsigned(event.cause() == 0 ? 0 : event.id() - event.cause());
    }

    private void writeBody(TraceEvent event) {
        switch (event) {
            case Started e -> {
                head(0, e);
                encoder.text(e.lab());
                encoder.fixed64(e.seed());
            }
            case Acted e -> {
                head(1, e);
                encoder.signed(e.input());
                encoder.text(e.text());
            }
            case FrameSent e -> {
                head(2, e);
                encoder.unsigned(e.packet());
                encoder.unsigned(e.parent() == 0 ? 0 : e.packet() - e.parent());
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
                head(3, e);
                encoder.unsigned(e.packet());
                encoder.name(e.port());
                encoder.name(e.link());
                encoder.unsigned(e.sent() == 0 ? 0 : e.id() - e.sent());
            }
            case Derived e -> {
                head(4, e);
                encoder.unsigned(e.packet());
                encoder.unsigned(e.parent());
                encoder.octet(e.relation().ordinal());
            }
            case Decided e -> {
                head(5, e);
                encoder.unsigned(e.packet());
                encoder.unsigned(e.reason().ordinal());
                encoder.texts(e.args());
                encoder.text(e.entry());
            }
            case Dropped e -> {
                head(6, e);
                encoder.unsigned(e.packet());
                encoder.unsigned(e.reason().ordinal());
                encoder.texts(e.args());
                encoder.text(e.entry());
                encoder.name(e.link());
                encoder.octets(e.octets());
            }
            case Changed e -> {
                head(7, e);
                encoder.unsigned(e.packet());
                encoder.unsigned(e.previous() == 0 ? 0 : e.id() - e.previous());
                encoder.octet((e.old().isPresent() ? 1 : 0) | (e.now().isPresent() ? 2 : 0));
                e.old().ifPresent(state -> StateCodec.write(encoder, state));
                e.now().ifPresent(state -> StateCodec.write(encoder, state));
                encoder.unsigned(e.reason().ordinal());
                encoder.texts(e.args());
            }
        }
    }

    private TraceEvent readBody(Decoder in, long id, long at) {
        int kind = in.octet();
        String node = in.name();
        long back = in.unsigned();
        long cause = back == 0 ? 0 : id - back;
        return switch (kind) {
            case 0 -> new Started(id, at, node, cause, in.text(), in.fixed64());
            case 1 -> new Acted(id, at, node, cause, (int) in.signed(), in.text());
            case 2 -> {
                long packet = in.unsigned();
                long parent = in.unsigned();
                String port = in.name();
                String link = in.name();
                long ordinal = in.unsigned();
                long departs = at + in.unsigned();
                int count = (int) in.unsigned();
                List<Arrival> arrivals = new ArrayList<>(count);
                for (int i = 0; i < count; i++) {
                    arrivals.add(new Arrival(in.name(), at + in.unsigned()));
                }
                yield new FrameSent(id, at, node, cause, packet, parent == 0 ? 0 : packet - parent, port, link, ordinal, departs, List.copyOf(arrivals),
                        readFrame(in, id));
            }
            case 3 -> {
                long packet = in.unsigned();
                String port = in.name();
                String link = in.name();
                long sent = in.unsigned();
                yield new FrameArrived(id, at, node, cause, packet, port, link, sent == 0 ? 0 : id - sent);
            }
            case 4 -> new Derived(id, at, node, cause, in.unsigned(), in.unsigned(), RELATIONS[in.octet()]);
            case 5 -> new Decided(id, at, node, cause, in.unsigned(), REASONS[(int) in.unsigned()], in.texts(), in.text());
            case 6 -> new Dropped(id, at, node, cause, in.unsigned(), REASONS[(int) in.unsigned()], in.texts(), in.text(), in.name(), in.octets());
            case 7 -> {
                long packet = in.unsigned();
                long previous = in.unsigned();
                int present = in.octet();
                Optional<State> old = (present & 1) != 0 ? Optional.of(StateCodec.read(in)) : Optional.empty();
                Optional<State> now = (present & 2) != 0 ? Optional.of(StateCodec.read(in)) : Optional.empty();
                yield new Changed(id, at, node, cause, packet, previous == 0 ? 0 : id - previous, old, now, REASONS[(int) in.unsigned()], in.texts());
            }
            default -> throw new IllegalStateException("event " + id + " has the unknown kind " + kind);
        };
    }

    /** The frame last kept, which a forwarded one most often resembles, so that it need not be read back. */
    private record Kept(long packet, long event, int links, Octets frame) {}

    private final Kept[] kept = new Kept[1 << 10];

    private void writeFrame(FrameSent e) {
        Octets frame = e.frame();
        Kept base = e.parent() == 0 ? null : kept[(int) (e.parent() % kept.length)];
        int shared = 0;
        int links = 0;
        if (base != null && base.packet == e.parent() && base.links < MOST_LINKS) {
            shared = commonTail(base.frame, frame);
        }
        if (shared >= 16) {
            links = base.links + 1;
            encoder.unsigned(e.id() - base.event);
            encoder.unsigned(shared);
            encoder.octets(frame.slice(0, frame.length() - shared));
        } else {
            encoder.unsigned(0);
            encoder.octets(frame);
        }
        kept[(int) (e.packet() % kept.length)] = new Kept(e.packet(), e.id(), links, frame);
    }

    private static int commonTail(Octets a, Octets b) {
        int most = Math.min(a.length(), b.length());
        int count = 0;
        while (count < most && a.at(a.length() - 1 - count) == b.at(b.length() - 1 - count)) {
            count++;
        }
        return count;
    }

    private Octets readFrame(Decoder in, long id) {
        long back = in.unsigned();
        if (back == 0) {
            return in.octets();
        }
        int shared = (int) in.unsigned();
        Octets head = in.octets();
        Octets base = ((FrameSent) get(id - back)).frame();
        byte[] whole = new byte[head.length() + shared];
        head.copyTo(whole, 0);
        base.from(base.length() - shared).copyTo(whole, head.length());
        return Octets.wrap(whole);
    }
}
