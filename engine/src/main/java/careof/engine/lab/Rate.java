package careof.engine.lab;

import java.math.BigDecimal;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Rates as lab files write them, "64kbps", "1.5Mbps", "unlimited"; as numbers bits per second, 0: not limited. */
public final class Rate {
    private static final Pattern FORM = Pattern.compile("([0-9]{1,15}(?:\\.[0-9]{1,9})?) ?(bps|kbps|Mbps|Gbps)");

    private Rate() {}

    /** Reads a rate; result in bits per second. */
    public static long parse(String text) {
        if (text.equals("unlimited")) {
            return 0;
        }
        Matcher form = FORM.matcher(text);
        if (!form.matches()) {
            throw new IllegalArgumentException("not a rate such as \"64kbps\", \"100Mbps\", \"1Gbps\" or \"unlimited\": \"" + text + "\"");
        }
        int power = switch (form.group(2)) {
            case "bps" -> 0;
            case "kbps" -> 3;
            case "Mbps" -> 6;
            default -> 9;
        };
        try {
            return new BigDecimal(form.group(1)).scaleByPowerOfTen(power).longValueExact();
        } catch (ArithmeticException e) {
            throw new IllegalArgumentException("a rate needs whole bits per second: \"" + text + "\"");
        }
    }

    /** A text that reads back as the same rate. */
    public static String format(long bitsPerSecond) {
        if (bitsPerSecond == 0) {
            return "unlimited";
        }
        int power = bitsPerSecond >= 1_000_000_000 ? 9 : bitsPerSecond >= 1_000_000 ? 6 : bitsPerSecond >= 1_000 ? 3 : 0;
        String unit = switch (power) {
            case 0 -> "bps";
            case 3 -> "kbps";
            case 6 -> "Mbps";
            default -> "Gbps";
        };
        return BigDecimal.valueOf(bitsPerSecond).scaleByPowerOfTen(-power).stripTrailingZeros().toPlainString() + unit;
    }
}
