package careof.engine.lab;

import careof.engine.base.Ip4Address;
import careof.engine.base.Ip4Prefix;
import careof.engine.base.Ip6Address;
import careof.engine.base.IpAddress;
import careof.engine.base.Prefix;
import java.util.List;
import java.util.Optional;

/**
 * Which packets are meant (RFC 4301 section 4.4.1.1); what is empty stands open. For ICMP the source ports are the type and the destination ports the
 * code; for the Mobility Header the source ports are its type.
 *
 * @param protocol 0..254
 */
public record LabSelector(Optional<Range> source, Optional<Range> destination, Optional<Integer> protocol, Optional<Ports> sourcePorts,
        Optional<Ports> destinationPorts) {
    public static final LabSelector ANY = new LabSelector(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());

    /** Protocols that have a word in lab files, by number. */
    private static final List<Integer> NUMBERS = List.of(1, 6, 17, 58, 135);
    private static final List<String> WORDS = List.of("icmp", "tcp", "udp", "icmp6", "mobility");

    /** A protocol as people write it; an {@code IllegalArgumentException} says what is wrong. */
    static int protocol(String text) {
        int index = WORDS.indexOf(text);
        if (index >= 0) {
            return NUMBERS.get(index);
        }
        if (text.matches("[0-9]{1,3}") && Integer.parseInt(text) <= 254) {
            return Integer.parseInt(text);
        }
        throw new IllegalArgumentException("expected " + Words.list(WORDS) + ", or a number from 0 to 254 in quotes, not \"" + text + "\""
                + Words.suggest(text, WORDS));
    }

    static String protocol(int number) {
        int index = NUMBERS.indexOf(number);
        return index >= 0 ? WORDS.get(index) : Integer.toString(number);
    }

    /** Addresses of one family, both ends included. */
    public record Range(IpAddress low, IpAddress high) {
        /** Reads an address, a prefix, or two addresses with a hyphen; an {@code IllegalArgumentException} says what is wrong. */
        public static Range parse(String text) {
            int hyphen = text.indexOf('-');
            if (hyphen >= 0) {
                Range range = new Range(IpAddress.parse(text.substring(0, hyphen)), IpAddress.parse(text.substring(hyphen + 1)));
                if (range.low.getClass() != range.high.getClass() || range.low.compareTo(range.high) > 0) {
                    throw new IllegalArgumentException("not a range of addresses, the lower one first: \"" + text + "\"");
                }
                return range;
            }
            if (text.indexOf('/') < 0) {
                IpAddress one = IpAddress.parse(text);
                return new Range(one, one);
            }
            return text.indexOf(':') >= 0 ? of(Prefix.parse(text)) : of(Ip4Prefix.parse(text));
        }

        static Range of(Prefix prefix) {
            Ip6Address low = prefix.address();
            int length = prefix.length();
            return new Range(low, new Ip6Address(low.high() | (length >= 64 ? 0 : -1L >>> length),
                    low.low() | (length <= 64 ? -1L : length == 128 ? 0 : -1L >>> length - 64)));
        }

        static Range of(Ip4Prefix prefix) {
            return new Range(prefix.address(), prefix.last());
        }

        public boolean isIp4() {
            return low instanceof Ip4Address;
        }

        @Override
        public String toString() {
            if (low.equals(high)) {
                return low.toString();
            }
            String prefix = low instanceof Ip6Address l && high instanceof Ip6Address h ? prefix(l, h) : prefix((Ip4Address) low, (Ip4Address) high);
            return prefix.isEmpty() ? low + "-" + high : prefix;
        }

        private String prefix(Ip6Address l, Ip6Address h) {
            int length = l.high() != h.high() ? Long.numberOfLeadingZeros(l.high() ^ h.high()) : 64 + Long.numberOfLeadingZeros(l.low() ^ h.low());
            Prefix prefix = new Prefix(l, length);
            return of(prefix).equals(this) ? prefix.toString() : "";
        }

        private String prefix(Ip4Address l, Ip4Address h) {
            Ip4Prefix prefix = new Ip4Prefix(l, Integer.numberOfLeadingZeros(l.bits() ^ h.bits()));
            return of(prefix).equals(this) ? prefix.toString() : "";
        }
    }

    /** Ports, or what stands for them, 0..65535, both included. */
    public record Ports(int low, int high) {
        /** Reads {@code 5000} or {@code 5000-5999}; an {@code IllegalArgumentException} says what is wrong. */
        public static Ports parse(String text) {
            if (text.matches("[0-9]{1,5}(-[0-9]{1,5})?")) {
                int hyphen = text.indexOf('-');
                int low = Integer.parseInt(hyphen < 0 ? text : text.substring(0, hyphen));
                int high = hyphen < 0 ? low : Integer.parseInt(text.substring(hyphen + 1));
                if (low <= high && high <= 0xffff) {
                    return new Ports(low, high);
                }
            }
            throw new IllegalArgumentException("expected a number such as \"5000\", or a range such as \"5000-5999\", up to 65535, not \"" + text + "\"");
        }

        @Override
        public String toString() {
            return low == high ? Integer.toString(low) : low + "-" + high;
        }
    }
}
