package careof.engine.trace;

import careof.engine.base.Octets;
import careof.engine.trace.TraceEvent.FrameSent;

/**
 * Frames as a trace keeps them. A frame that ends in the same octets as the frame of its parent packet (forwarding, encapsulation) is its own head and the distance to that tail:
 *
 * <pre>
 *   distance back to the form with that tail, 0: none | octets of the tail, unless none | octets of the head | head
 * </pre>
 */
final class FrameForms {
    /** No frame refers to one across a multiple of so many octets, so that what is older may go. */
    static final int SPAN = 8 * Chunks.CHUNK;
    /** Longest chain of frames that refer to each other; forwarding alone does not lengthen it. */
    static final int MOST_LINKS = 12;
    /** A shorter common tail is not worth its reference. */
    private static final int LEAST_SHARED = 16;
    /** Octets; larger than any frame. */
    private static final int LARGEST = 1 << 24;

    private final Chunks chunks;

    FrameForms(Chunks chunks) {
        this.chunks = chunks;
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

    /** @param position that the form will have */
    void write(Encoder encoder, FrameSent e, long position) {
        Octets frame = e.frame();
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

    Octets read(long position) {
        byte[] frame = null;
        int missing = 0;
        for (int links = 0; links <= MOST_LINKS; links++) {
            long at = position;
            long back = chunks.unsignedAt(at);
            at += Chunks.unsignedSize(back);
            int shared = 0;
            if (back != 0) {
                shared = (int) chunks.unsignedAt(at);
                at += Chunks.unsignedSize(shared);
            }
            int own = (int) chunks.unsignedAt(at);
            at += Chunks.unsignedSize(own);
            if (frame == null) {
                if (own < 0 || shared < 0 || own > LARGEST || shared > LARGEST) {
                    throw new IllegalStateException("a frame of " + own + " and " + shared + " octets");
                }
                frame = new byte[own + shared];
                missing = frame.length;
            }
            if (missing > shared) {
                int count = missing - shared;
                chunks.copy(at + own - count, frame, frame.length - missing, count);
                missing = shared;
            }
            if (back == 0) {
                return Octets.wrap(frame);
            }
            position -= back;
        }
        throw new IllegalStateException("a frame with too many references");
    }
}
