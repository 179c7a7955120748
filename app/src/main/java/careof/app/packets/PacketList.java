package careof.app.packets;

import careof.engine.decode.Opener;
import careof.engine.trace.TraceEvent;
import careof.engine.trace.TraceEvent.FrameSent;
import careof.engine.trace.TraceStore;
import java.util.Optional;
import java.util.function.LongUnaryOperator;

/** The frames of a trace, or those that a filter lets pass; they go where the trace loses its beginning. */
public final class PacketList extends LazyRows<PacketRow> {
    private TraceStore trace;
    private LongUnaryOperator places = LongUnaryOperator.identity();

    /**
     * Shows another trace or another choice of its frames.
     *
     * @param opener for what is protected
     * @param places from a place in the choice to the frame's place among all frames, both from 0
     * @param from   place in the choice of the first row
     * @param to     place after the last
     */
    public void show(TraceStore trace, Opener opener, LongUnaryOperator places, long from, long to) {
        this.trace = trace;
        this.places = places;
        replace(place -> row(trace, opener, places.applyAsLong(place)), from, to);
    }

    private static PacketRow row(TraceStore trace, Opener opener, long frame) {
        Optional<TraceEvent> sent = trace.find(trace.frameEvent(frame));
        return sent.isPresent() ? PacketRow.of(frame + 1, (FrameSent) sent.get(), opener)
                : PacketRow.gone(frame + 1, trace.frameEvent(frame), trace.base().time());
    }

    /** The event of a row; of one that is gone from the trace meanwhile, any that is. */
    public long event(int index) {
        return trace.frameEvent(places.applyAsLong(place(index)));
    }

    /** How many rows are events up to {@code event}. */
    public int upTo(long event) {
        int low = 0;
        int high = size();
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (event(middle) <= event) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    @Override
    public int indexOf(Object row) {
        if (row instanceof PacketRow r && size() > 0) {
            int index = upTo(r.sent().id()) - 1;
            return index >= 0 && event(index) == r.sent().id() ? index : -1;
        }
        return -1;
    }
}
