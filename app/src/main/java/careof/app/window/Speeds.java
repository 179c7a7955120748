package careof.app.window;

/** Speeds on a slider: from 1/100 to 100 on a logarithmic scale, and at its right end as fast as possible. */
final class Speeds {
    static final double LEAST = -2;
    static final double MOST = 2.4;
    private static final double FASTEST = 2.2;

    private Speeds() {}

    /** Virtual seconds per second at a place of the slider. */
    static double factor(double place) {
        if (place > FASTEST) {
            return Double.POSITIVE_INFINITY;
        }
        double clamped = Math.clamp(place, LEAST, 2);
        // Whole and half decades are easy to hit: 1, 3, 10...
        double nearest = Math.round(clamped * 2) / 2.0;
        return Math.pow(10, Math.abs(clamped - nearest) < 0.06 ? nearest : clamped);
    }

    /** The place of a speed. */
    static double place(double factor) {
        return Double.isInfinite(factor) ? MOST : Math.clamp(Math.log10(factor), LEAST, 2);
    }

    /** A speed in few letters: "1×", "1/10×", "max". */
    static String text(double factor) {
        if (Double.isInfinite(factor)) {
            return "max";
        }
        double rounded = factor >= 0.95 ? factor : 1 / factor;
        String number = rounded >= 9.5 ? Long.toString(Math.round(rounded)) : Double.toString(Math.round(rounded * 10) / 10.0).replaceFirst("\\.0$", "");
        return factor >= 0.95 ? number + "×" : "1/" + number + "×";
    }
}
