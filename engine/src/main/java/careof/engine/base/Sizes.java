package careof.engine.base;

import java.util.Locale;

/** Numbers of octets and of other things, for people. */
public final class Sizes {
    private static final double MIB = 1 << 20;

    private Sizes() {}

    /** In mebibytes with one decimal: "1.5 MiB". */
    public static String mebibytes(long octets) {
        return String.format(Locale.ROOT, "%.1f MiB", octets / MIB);
    }

    /** So many of something: "1 packet", "1,200 packets". */
    public static String count(long number, String what) {
        return String.format(Locale.ROOT, "%,d %s%s", number, what, number == 1 ? "" : "s");
    }
}
