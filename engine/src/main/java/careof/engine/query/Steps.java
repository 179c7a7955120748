package careof.engine.query;

import careof.engine.base.Octets;
import careof.engine.trace.TraceEvent;
import careof.engine.trace.TraceEvent.Dropped;
import careof.engine.trace.TraceEvent.FrameSent;
import careof.engine.trace.TraceStore;
import java.util.Arrays;
import java.util.OptionalLong;

/**
 * Where a step from an event leads, forwards or backwards. Looks at each event for its signalling once and remembers; not for use by two
 * threads at once.
 */
public final class Steps {
    /** What a step goes to. */
    public enum Unit {
        EVENT,
        /** A frame that is put on a link. */
        PACKET,
        /** A frame with a signalling message that is put on a link, not where it is merely forwarded. */
        SIGNALLING,
        DROP
    }

    /** Knows signalling when it sees it. */
    @FunctionalInterface
    public interface Classifier {
        /** Whether an Ethernet frame carries a signalling message. */
        boolean isSignalling(Octets frame);
    }

    private final TraceStore trace;
    private final Classifier classifier;
    /** Ids of signalling events among the first {@code scanned} frames. */
    private long[] signalling = new long[64];
    private int found;
    private long scanned;

    public Steps(TraceStore trace, Classifier classifier) {
        this.trace = trace;
        this.classifier = classifier;
    }

    /** Whether a run that steps by a unit stops at this event of the trace. */
    public boolean stopsAt(TraceEvent event, Unit unit) {
        return switch (unit) {
            case EVENT -> true;
            case PACKET -> event instanceof FrameSent;
            case SIGNALLING -> event instanceof FrameSent sent && isSignalling(sent);
            case DROP -> event instanceof Dropped;
        };
    }

    private boolean isSignalling(FrameSent sent) {
        return classifier.isSignalling(sent.frame()) && (sent.parent() == 0 || trace.frameOf(sent.parent()).isEmpty());
    }

    /** The first event after {@code cursor} that a step goes to; empty: the trace has none yet. */
    public OptionalLong next(long cursor, Unit unit) {
        return switch (unit) {
            case EVENT -> cursor < trace.size() ? OptionalLong.of(cursor + 1) : OptionalLong.empty();
            case PACKET -> {
                long index = trace.framesUpTo(cursor);
                yield index < trace.frameCount() ? OptionalLong.of(trace.frameEvent(index)) : OptionalLong.empty();
            }
            case SIGNALLING -> {
                int index = signallingUpTo(cursor);
                while (index == found && scanOne()) {
                    index = signallingUpTo(cursor);
                }
                yield index < found ? OptionalLong.of(signalling[index]) : OptionalLong.empty();
            }
            case DROP -> {
                long index = trace.dropsUpTo(cursor);
                yield index < trace.dropCount() ? OptionalLong.of(trace.dropEvent(index)) : OptionalLong.empty();
            }
        };
    }

    /** The last event before {@code cursor} that a step back goes to; empty: there is none. */
    public OptionalLong previous(long cursor, Unit unit) {
        return switch (unit) {
            case EVENT -> cursor > 1 ? OptionalLong.of(cursor - 1) : OptionalLong.empty();
            case PACKET -> {
                long index = trace.framesUpTo(cursor - 1);
                yield index > 0 ? OptionalLong.of(trace.frameEvent(index - 1)) : OptionalLong.empty();
            }
            case SIGNALLING -> {
                while (scanned < trace.frameCount() && trace.frameEvent(scanned) < cursor) {
                    scanOne();
                }
                int index = signallingUpTo(cursor - 1);
                yield index > 0 ? OptionalLong.of(signalling[index - 1]) : OptionalLong.empty();
            }
            case DROP -> {
                long index = trace.dropsUpTo(cursor - 1);
                yield index > 0 ? OptionalLong.of(trace.dropEvent(index - 1)) : OptionalLong.empty();
            }
        };
    }

    private int signallingUpTo(long id) {
        int place = Arrays.binarySearch(signalling, 0, found, id);
        return place >= 0 ? place + 1 : -place - 1;
    }

    /** Looks at the next frame; false: there is none. */
    private boolean scanOne() {
        if (scanned >= trace.frameCount()) {
            return false;
        }
        long id = trace.frameEvent(scanned++);
        if (isSignalling((FrameSent) trace.get(id))) {
            if (found == signalling.length) {
                signalling = Arrays.copyOf(signalling, 2 * found);
            }
            signalling[found++] = id;
        }
        return true;
    }
}
