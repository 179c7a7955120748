package careof.engine.trace;

import careof.engine.base.Malformed;
import careof.engine.base.Octets;
import careof.engine.trace.TraceEvent.Changed;
import careof.engine.trace.TraceEvent.Derived;
import careof.engine.trace.TraceEvent.FrameArrived;
import careof.engine.trace.TraceEvent.FrameSent;
import java.util.Arrays;
import java.util.List;

/**
 * Fills a trace with events in the form in which another one kept them. It believes nothing: what it has taken reads like what a run wrote, as far as one event refers to another.
 */
final class TraceLoader {
    /** Nanoseconds; later than any run lasts, and far from where sums overflow. */
    private static final long LATEST = Long.MAX_VALUE / 4;
    /** Octets; larger than what any link carries. */
    private static final int LARGEST_FRAME = 1 << 17;

    private final TraceStore trace;
    /** Where the forms of recent frames start, by their place modulo its length. */
    private final long[] recent = new long[1 << 13];

    /** @param trace holds nothing yet, and nobody else appends to it */
    TraceLoader(TraceStore trace) {
        this.trace = trace;
        Arrays.fill(recent, -1);
    }

    /** Takes the next names. */
    void names(List<String> names) throws Malformed {
        if (trace.names().count() + names.size() > Encoder.Names.MOST) {
            throw new Malformed("more than " + Encoder.Names.MOST + " names", 0);
        }
        names.forEach(trace.names()::add);
    }

    /**
     * Takes the next events.
     *
     * @param forms of whole events
     * @throws Malformed at the first that cannot be taken; those before it have been
     */
    void events(byte[] forms, int from) throws Malformed {
        int at = from;
        while (at < forms.length) {
            if (forms.length - at < TraceStore.PREFIX) {
                throw new Malformed("an event is cut off", at);
            }
            int length = TraceStore.PREFIX + ((forms[at] & 0xff) << 16 | (forms[at + 1] & 0xff) << 8 | forms[at + 2] & 0xff);
            if (forms.length - at < length) {
                throw new Malformed("an event is cut off", at);
            }
            byte[] form = Arrays.copyOfRange(forms, at, at + length);
            try {
                trace.keep(event(form), form, length);
            } catch (RuntimeException e) {    // whatever a constructor or an index said to octets that no run wrote
                throw new Malformed("event " + (trace.size() + 1) + " cannot be read: " + e.getMessage(), at);
            }
            at += length;
        }
    }

    private static void require(boolean holds, String what) {
        if (!holds) {
            throw new IllegalArgumentException(what);
        }
    }

    private TraceEvent event(byte[] form) {
        long id = trace.size() + 1;
        Decoder in = new Decoder(trace.names(), form, TraceStore.PREFIX);
        long since = in.unsigned();
        require(since >= 0 && since <= LATEST && trace.lastTime() + since <= LATEST, "its time is out of range");
        boolean[] framed = new boolean[1];
        TraceEvent event = EventCodec.read(in, id, trace.lastTime() + since, position -> {
            checkFrame(new Decoder(trace.names(), form, position), trace.octets() + position);
            framed[0] = true;
            return Octets.EMPTY;
        });
        require(framed[0] || in.left() == 0, "octets are left over");
        check(event);
        return event;
    }

    private void check(TraceEvent event) {
        before(event.cause(), event.id());
        packet(event.packet());
        switch (event) {
            case FrameSent e -> {
                require(e.packet() != 0, "it sends no packet");
                packet(e.parent());
                require(e.departs() >= e.at() && e.departs() <= LATEST, "it departs out of range");
                for (TraceEvent.Arrival arrival : e.arrivals()) {
                    require(arrival.at() >= e.at() && arrival.at() <= LATEST, "it arrives out of range");
                }
            }
            case FrameArrived e -> {
                before(e.sent(), e.id());
                require(e.sent() == 0 || trace.get(e.sent()) instanceof FrameSent, "event " + e.sent() + " sent nothing");
            }
            case Derived e -> packet(e.parent());
            case Changed e -> {
                before(e.previous(), e.id());
                require(e.old().isPresent() || e.now().isPresent(), "no row");
                require(e.old().isEmpty() || e.now().isEmpty() || e.old().get().getClass() == e.now().get().getClass() && e.old().get().key().equals(e.now().get().key()), "two rows");
                require(e.row().key() != null, "a row without a key");
            }
            default -> { }
        }
    }

    private static void before(long id, long event) {
        require(id >= 0 && id < event, "it refers to event " + id);
    }

    private static void packet(long packet) {
        require(packet >= 0 && packet <= SparseLongs.MOST, "packet " + packet);
    }

    /**
     * @param in       stands where the frame's form starts
     * @param position of that among all forms
     */
    private void checkFrame(Decoder in, long position) {
        long back = canonical(in);
        long shared = 0;
        if (back != 0) {
            shared = canonical(in);
            long base = position - back;
            require(back > 0 && base >= position - position % FrameForms.SPAN && isFrame(base), "its frame refers to none");
            require(shared >= 0 && shared <= sizeAt(base), "its frame shares more than there is");
            int links = 0;
            for (long at = base; trace.chunks().unsignedAt(at) != 0; at -= trace.chunks().unsignedAt(at)) {
                links++;
            }
            require(links < FrameForms.MOST_LINKS, "its frame refers too often");
        }
        int own = (int) canonical(in);
        require(own == in.left() && own + shared <= LARGEST_FRAME, "its frame is too long");
        recent[place(position)] = position;
    }

    /** Numbers of frames are read without looking at how long their form is. */
    private static long canonical(Decoder in) {
        int start = in.position();
        long value = in.unsigned();
        require(in.position() - start == Chunks.unsignedSize(value), "a number is not in its shortest form");
        return value;
    }

    private int place(long position) {
        return (int) (position * 0x9e37_79b9_7f4a_7c15L >>> 51);
    }

    private boolean isFrame(long position) {
        if (recent[place(position)] == position) {
            return true;
        }
        long id = trace.eventAt(position);
        if (id == 0) {
            return false;
        }
        long offset = trace.offsetOf(id);
        byte[] form = new byte[TraceStore.PREFIX + trace.lengthAt(offset)];
        trace.chunks().copy(offset, form, 0, form.length);
        Decoder in = new Decoder(trace.names(), form, TraceStore.PREFIX);
        in.unsigned();
        long[] found = {-1};
        EventCodec.read(in, id, 0, at -> {
            found[0] = offset + at;
            return Octets.EMPTY;
        });
        return found[0] == position;
    }

    /** Octets of the frame whose form starts there. */
    private long sizeAt(long position) {
        long back = trace.chunks().unsignedAt(position);
        long at = position + Chunks.unsignedSize(back);
        long shared = 0;
        if (back != 0) {
            shared = trace.chunks().unsignedAt(at);
            at += Chunks.unsignedSize(shared);
        }
        return shared + trace.chunks().unsignedAt(at);
    }
}
