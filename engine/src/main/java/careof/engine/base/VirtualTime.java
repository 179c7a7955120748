package careof.engine.base;

import java.math.BigDecimal;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Virtual time: nanoseconds since the start of a run, in a {@code long}; text as in lab files: "12.5s", "30ms". */
public final class VirtualTime {
    public static final long MICROSECOND = 1_000L;
    public static final long MILLISECOND = 1_000_000L;
    public static final long SECOND = 1_000_000_000L;

    private static final Pattern FORM = Pattern.compile("([0-9]{1,12}(?:\\.[0-9]{1,9})?) ?(ns|us|µs|ms|s|min|h)");

    private VirtualTime() {}

    /** Reads a time or duration, for instance "12.5s", "30ms", "250us", "2min"; result in nanoseconds, never negative. */
    public static long parse(String text) {
        Matcher form = FORM.matcher(text);
        if (!form.matches()) {
            throw new IllegalArgumentException("not a time such as \"12.5s\" or \"30ms\": \"" + text + "\"");
        }
        long unit = switch (form.group(2)) {
            case "ns" -> 1;
            case "us", "µs" -> MICROSECOND;
            case "ms" -> MILLISECOND;
            case "s" -> SECOND;
            case "min" -> 60 * SECOND;
            default -> 3600 * SECOND;
        };
        try {
            return new BigDecimal(form.group(1)).multiply(BigDecimal.valueOf(unit)).longValueExact();
        } catch (ArithmeticException e) {
            throw new IllegalArgumentException("a time needs whole nanoseconds and at most 292 years: \"" + text + "\"");
        }
    }

    /** The shortest text that reads back as the same time, in the largest unit of s, ms, us, ns that keeps it short. */
    public static String format(long nanos) {
        if (nanos == 0) {
            return "0s";
        }
        if (nanos >= SECOND || nanos <= -SECOND) {
            return plain(nanos, 9) + "s";
        }
        if (nanos % MICROSECOND == 0) {
            return plain(nanos, 6) + "ms";
        }
        return nanos + "ns";
    }

    /** Seconds with exactly six decimals: columns of a packet list. */
    public static String seconds(long nanos) {
        return BigDecimal.valueOf(nanos, 9).setScale(6, java.math.RoundingMode.DOWN).toPlainString();
    }

    private static String plain(long nanos, int scale) {
        return BigDecimal.valueOf(nanos, scale).stripTrailingZeros().toPlainString();
    }
}
