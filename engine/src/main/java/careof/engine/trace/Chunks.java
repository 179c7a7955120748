package careof.engine.trace;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;

/**
 * Octets off the object heap, appended at one end and perhaps dropped at the other; an octet keeps its offset. One thread appends and drops. Any thread may read what it knows to be
 * there; what is dropped while it reads may read as anything, or throw a {@link RuntimeException}.
 */
final class Chunks {
    /** Octets claimed at a time: little, since a session keeps many runs. */
    static final int CHUNK = 1 << 19;

    /**
     * @param first number of the first chunk that is held
     */
    private record Held(long first, MemorySegment[] all) {
        MemorySegment at(long offset) {
            return all[(int) (offset / CHUNK - first)];
        }
    }

    private final Arena arena = Arena.ofAuto();
    private volatile Held held = new Held(0, new MemorySegment[0]);
    /** Dropped ones, which are taken again first. */
    private final Deque<MemorySegment> spare = new ArrayDeque<>();
    private long end;

    /** Where the next octet goes. */
    long end() {
        return end;
    }

    /** @throws IllegalStateException where there is no memory for them; then all is as before */
    void append(byte[] array, int length) {
        for (Held h = held; (h.first + h.all.length) * CHUNK < end + length; h = held) {
            MemorySegment[] all = Arrays.copyOf(h.all, h.all.length + 1);
            all[h.all.length] = spare.isEmpty() ? claim() : spare.pop();
            held = new Held(h.first, all);
        }
        for (int done = 0; done < length; ) {
            int count = (int) Math.min(length - done, CHUNK - end % CHUNK);
            MemorySegment.copy(array, done, held.at(end), ValueLayout.JAVA_BYTE, end % CHUNK, count);
            done += count;
            end += count;
        }
    }

    private MemorySegment claim() {
        try {
            return arena.allocate(CHUNK);
        } catch (OutOfMemoryError e) {
            throw new IllegalStateException("the trace takes " + (end >> 20) + " MiB and finds no memory for more; a summary trace takes less", e);
        }
    }

    /** Drops what is before an offset, as far as whole chunks are; they are written again at once. */
    void dropBefore(long offset) {
        Held h = held;
        int count = (int) Math.min(offset / CHUNK - h.first, h.all.length);
        if (count > 0) {
            held = new Held(h.first + count, Arrays.copyOfRange(h.all, count, h.all.length));
            spare.addAll(Arrays.asList(h.all).subList(0, count));
        }
    }

    int octetAt(long offset) {
        return held.at(offset).get(ValueLayout.JAVA_BYTE, offset % CHUNK) & 0xff;
    }

    void copy(long offset, byte[] target, int at, int length) {
        int done = 0;
        while (done < length) {
            int count = (int) Math.min(length - done, CHUNK - (offset + done) % CHUNK);
            MemorySegment.copy(held.at(offset + done), ValueLayout.JAVA_BYTE, (offset + done) % CHUNK, target, at + done, count);
            done += count;
        }
    }

    /** A number as {@link Encoder#unsigned} writes it. */
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

    /** Octets that a number from 0 takes. */
    static int unsignedSize(long value) {
        return Math.max(1, (70 - Long.numberOfLeadingZeros(value)) / 7);
    }
}
