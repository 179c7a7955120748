package careof.engine.base;

import java.util.Locale;

/** Numbers of octets, for people. */
public final class Sizes {
    private static final double MIB = 1 << 20;

    private Sizes() {}

    /** In mebibytes with one decimal: "1.5 MiB". */
    public static String mebibytes(long octets) {
        return String.format(Locale.ROOT, "%.1f MiB", octets / MIB);
    }
}
