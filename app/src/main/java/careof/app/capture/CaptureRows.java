package careof.app.capture;

import careof.app.packets.LazyRows;
import careof.app.session.Notice;
import careof.engine.capture.CaptureFile;
import careof.engine.decode.Opener;
import java.io.IOException;
import java.util.function.LongUnaryOperator;

/** The packets of a capture file, or those that a filter lets pass. */
public final class CaptureRows extends LazyRows<CaptureRow> {
    private LongUnaryOperator places = LongUnaryOperator.identity();

    /**
     * Shows another file or another choice of its packets.
     *
     * @param places from a place in the choice to the packet's place in the file, ascending, both from 0
     */
    void show(CaptureFile file, Opener opener, LongUnaryOperator newPlaces, int size) {
        places = newPlaces;
        replace(place -> row(file, opener, (int) newPlaces.applyAsLong(place)), 0, size);
    }

    /** More packets have come. */
    void grow(int size) {
        move(0, size);
    }

    private static CaptureRow row(CaptureFile file, Opener opener, int place) {
        try {
            return CaptureRow.of(file.read(place), file.at(0), opener);
        } catch (IOException e) {
            return CaptureRow.unreadable(place + 1L, Notice.why(e));
        }
    }

    private long number(int index) {
        return places.applyAsLong(place(index)) + 1;
    }

    /** The row of the packet with a number, or of the next one that is shown, or the last; -1: there are none. */
    public int nearest(long number) {
        int low = 0;
        int high = size();
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (number(middle) < number) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return Math.min(low, size() - 1);
    }

    @Override
    public int indexOf(Object row) {
        if (row instanceof CaptureRow r) {
            int index = nearest(r.number());
            return index >= 0 && number(index) == r.number() ? index : -1;
        }
        return -1;
    }
}
