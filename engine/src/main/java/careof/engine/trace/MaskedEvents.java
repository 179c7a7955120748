package careof.engine.trace;

import java.util.Arrays;

/**
 * Reads a trace's events one after the other in the form in which they are kept, and masks what is secret in them: each form stays as long as it was, so that frames still find
 * the tails they share. Another thread may append meanwhile.
 */
final class MaskedEvents {
    private final TraceStore trace;
    /** The trace's names again: those belong to the thread that appends. */
    private final Encoder.Names names = new Encoder.Names();
    private final Encoder encoder = new Encoder(names);
    private long id;
    /** Of the next event. */
    private long offset;
    private byte[] form = new byte[4096];
    private int length;

    /** Begins with the first event. */
    MaskedEvents(TraceStore trace) {
        this.trace = trace;
    }

    /** The id of the event last read; 0: none. */
    long id() {
        return id;
    }

    /** Where the next event's form begins among all. */
    long offset() {
        return offset;
    }

    /** Octets of the event last read, in {@link #form()}. */
    int length() {
        return length;
    }

    byte[] form() {
        return form;
    }

    /**
     * Reads the next event, which must be there, as it is.
     *
     * @throws IndexOutOfBoundsException where it is kept no longer
     */
    void next() {
        trace.stillThere(id + 1);
        length = TraceStore.PREFIX + trace.lengthAt(offset);
        if (length > form.length) {
            form = new byte[Math.max(length, 2 * form.length)];
        }
        trace.chunks().copy(offset, form, 0, length);
        trace.stillThere(id + 1);
        offset += length;
        id++;
    }

    /** Masks the event that was read. */
    void mask() {
        Decoder in = new Decoder(trace.names(), form, TraceStore.PREFIX);
        in.unsigned();
        int start = in.position();
        if (!mayBeSecret(in)) {
            return;
        }
        TraceEvent event = EventCodec.read(new Decoder(trace.names(), Arrays.copyOf(form, length), start), id, 0, _ -> {
            throw new IllegalStateException("frames are not secret");
        });
        TraceEvent masked = Masking.of(event);
        if (masked == event) {
            return;
        }
        while (names.count() < trace.names().count()) {
            names.add(trace.names().name(names.count() + 1));
        }
        encoder.start(0);
        EventCodec.write(encoder, masked);
        if (encoder.length() != length - start) {
            throw new IllegalStateException("event " + id + " has " + (length - start) + " octets, masked " + encoder.length());
        }
        System.arraycopy(encoder.array(), 0, form, start, encoder.length());
    }

    private boolean mayBeSecret(Decoder in) {
        return switch (in.octet()) {
            case EventCodec.STARTED, EventCodec.CONTROL -> true;
            case EventCodec.CHANGED -> {
                in.name();
                in.reference(id);
                in.unsigned();
                in.reference(id);
                in.octet();
                yield Masking.isSecret(in.octet());
            }
            default -> false;
        };
    }
}
