package careof.app.timeline;

import careof.engine.base.VirtualTime;

/**
 * Maps virtual time to pixels and back.
 *
 * @param start virtual time at the left edge, nanoseconds
 * @param end   virtual time at the right edge, nanoseconds, more than {@code start}
 * @param left  pixel of {@code start}
 * @param right pixel of {@code end}
 */
public record TimeScale(long start, long end, double left, double right) {
    public TimeScale {
        end = Math.max(start + 1, end);
        right = Math.max(left + 1, right);
    }

    public double x(long time) {
        return left + (right - left) * Math.clamp((double) (time - start) / (end - start), 0, 1);
    }

    /** Time at a pixel, {@code start} to {@code end}. */
    public long time(double x) {
        return start + (long) (Math.clamp((x - left) / (right - left), 0, 1) * (end - start));
    }

    /** Distance of two labelled times: 1, 2 or 5 times a power of ten, with at least {@code pixels} between them. */
    public long tick(double pixels) {
        double least = (end - start) * pixels / (right - left);
        long unit = 1;
        while (unit * 10 <= least) {
            unit *= 10;
        }
        for (long factor : new long[] {1, 2, 5, 10}) {
            if (unit * factor >= least) {
                return unit * factor;
            }
        }
        return unit * 10;
    }

    /** A time as the axis shows it. */
    public static String label(long time) {
        return time == 0 ? "0 s" : VirtualTime.format(time).replaceFirst("(?<=\\d)(?=[a-zµ])", " ");
    }
}
