package careof.app.timeline;

import careof.app.session.Series;
import java.util.BitSet;
import java.util.function.LongUnaryOperator;

/** Which pixels of a timeline hold an event, found once for each event however often they are painted. */
final class Ticks {
    private final BitSet columns = new BitSet();
    private Series series;
    private TimeScale scale;
    private int done;

    /**
     * The pixels that hold at least one event of a series.
     *
     * @param timeOf virtual time of an event id
     */
    BitSet columns(Series wanted, TimeScale on, LongUnaryOperator timeOf) {
        if (series != wanted || !on.equals(scale)) {
            series = wanted;
            scale = on;
            done = 0;
            columns.clear();
        }
        int size = wanted.size();
        done = Math.max(done, wanted.first());
        while (done < size) {
            columns.set((int) Math.floor(on.x(timeOf.applyAsLong(wanted.get(done)))));
            done++;
        }
        return columns;
    }
}
