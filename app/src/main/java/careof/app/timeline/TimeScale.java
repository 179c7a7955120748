package careof.app.timeline;

import careof.engine.base.VirtualTime;

/**
 * Maps virtual time to pixels and back.
 *
 * @param end   virtual time at the right edge, nanoseconds, more than 0
 * @param left  pixel of time 0
 * @param right pixel of {@code end}
 */
public record TimeScale(long end, double left, double right) {
    public TimeScale {
        end = Math.max(1, end);
        right = Math.max(left + 1, right);
    }

    public double x(long time) {
        return left + (right - left) * Math.clamp((double) time / end, 0, 1);
    }

    /** Time at a pixel, 0..{@code end}. */
    public long time(double x) {
        return (long) (Math.clamp((x - left) / (right - left), 0, 1) * end);
    }

    /** Distance of two labelled times: 1, 2 or 5 times a power of ten, with at least {@code pixels} between them. */
    public long tick(double pixels) {
        double least = end * pixels / (right - left);
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
