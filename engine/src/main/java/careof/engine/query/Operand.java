package careof.engine.query;

import careof.engine.base.Ip6Address;
import careof.engine.base.IpAddress;
import careof.engine.base.Prefix;
import careof.engine.base.VirtualTime;
import careof.engine.query.Query.Operator;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;

/**
 * The right side of a comparison, understood once in every way it can be.
 *
 * @param text in lower case
 */
record Operand(String text, Optional<Double> number, Optional<Long> whole, Optional<IpAddress> address, Optional<Prefix> prefix) {

    static Operand of(String text) {
        Optional<Long> whole = whole(text).or(() -> attempt(text, VirtualTime::parse));
        return new Operand(text.toLowerCase(Locale.ROOT), whole.map(Long::doubleValue).or(() -> fraction(text)), whole,
                attempt(text, IpAddress::parse), attempt(text, Prefix::parse));
    }

    private static <T> Optional<T> attempt(String text, Function<String, T> reader) {
        try {
            return Optional.of(reader.apply(text));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static Optional<Long> whole(String text) {
        if (text.isEmpty() || "0123456789-".indexOf(text.charAt(0)) < 0) {
            return Optional.empty();    // most values are words: no exception for them
        }
        return attempt(text, t -> t.startsWith("0x") || t.startsWith("0X") ? Long.parseUnsignedLong(t, 2, t.length(), 16) : Long.parseLong(t));
    }

    private static Optional<Double> fraction(String text) {
        return text.matches("-?[0-9]+\\.[0-9]+(E-?[0-9]+)?") ? Optional.of(Double.valueOf(text)) : Optional.empty();
    }

    boolean compare(long value, Operator operator) {
        if (operator == Operator.CONTAINS) {
            return Long.toString(value).contains(text);
        }
        return whole.isPresent() ? holds(Long.compare(value, whole.get()), operator) : number.isPresent() && holds(Double.compare(value, number.get()), operator);
    }

    boolean compare(String value, Operator operator) {
        if (operator == Operator.CONTAINS) {
            return value.toLowerCase(Locale.ROOT).contains(text);
        }
        if (value.equalsIgnoreCase(text)) {
            return holds(0, operator);
        }
        if (number.isPresent()) {
            Optional<Long> whole = whole(value);
            if (whole.isPresent()) {
                return compare(whole.get(), operator);
            }
            Optional<Double> fraction = fraction(value);
            return fraction.isPresent() && holds(Double.compare(fraction.get(), number.get()), operator);
        }
        if (operator != Operator.EQUAL) {
            return false;
        }
        if (address.isPresent()) {
            return looksLikeAddress(value) && attempt(value, IpAddress::parse).equals(address);
        }
        return prefix.isPresent() && (value.indexOf('/') >= 0 ? attempt(value, Prefix::parse).equals(prefix)
                : looksLikeAddress(value) && attempt(value, IpAddress::parse).filter(found -> found instanceof Ip6Address a && prefix.get().contains(a)).isPresent());
    }

    private static boolean looksLikeAddress(String value) {
        return value.indexOf(':') >= 0 || value.indexOf('.') >= 0;
    }

    private static boolean holds(int order, Operator operator) {
        return switch (operator) {
            case EQUAL -> order == 0;
            case UNEQUAL -> order != 0;
            case LESS -> order < 0;
            case AT_MOST -> order <= 0;
            case GREATER -> order > 0;
            case AT_LEAST -> order >= 0;
            case CONTAINS -> false;
        };
    }
}
