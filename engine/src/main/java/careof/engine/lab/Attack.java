package careof.engine.lab;

import careof.engine.base.Ip6Address;
import careof.engine.base.VirtualTime;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.function.Function;

/**
 * What an attacker does. {@link Kind} tells all that lab files, checks and dialogs need to know of each.
 *
 * <p>{@code match} says which frames are meant, by what anybody can see in them: words such as "BU", "ESP" or "udp", and comparisons such as
 * "ipv6.dst=2001:db8:1::1", all of which must hold; empty: every frame. A {@code count} of 0 is no limit.
 */
public sealed interface Attack {
    /** Writes another value into a field of frames that pass. */
    record Rewrite(String match, String field, String value, boolean fix, long count) implements Attack {}

    /** Takes frames off the wire. */
    record Drop(String match, long count) implements Attack {}

    /** Passes frames on later. */
    record Delay(String match, long by, long count) implements Attack {}

    /** Sends frames that it saw once more, as they were or with another source. */
    record Replay(String match, long after, long times, Optional<Ip6Address> source, long count) implements Attack {}

    /** Datagrams with a source that is not its own; with inner addresses in a tunnel. */
    record Forge(Ip6Address source, Ip6Address destination, Optional<Ip6Address> innerSource, Optional<Ip6Address> innerDestination, long port, long octets,
            long count, long every) implements Attack {}

    /** ESP or AH with an SPI that it knows and octets that it makes up. */
    record Inject(Ip6Address source, Ip6Address destination, long spi, long sequence, boolean ah, long octets, long count, long every) implements Attack {}

    /** Datagrams with somebody else's address in a home address option. */
    record SpoofHao(Ip6Address home, Ip6Address destination, Optional<Ip6Address> source, long port, long octets, long count, long every) implements Attack {}

    /** Binding updates for somebody else's home address. */
    record ForgeBu(Ip6Address home, Ip6Address destination, Optional<Ip6Address> careOf, long sequence, long lifetime, boolean register, boolean alternate,
            boolean guess, long count, long every) implements Attack {}

    /** Many packets from made-up sources. */
    record Flood(Ip6Address destination, String what, long octets, long count, long every) implements Attack {}

    /**
     * Messages of IKE that nothing protects.
     *
     * @param cookies of the phase one that they claim to be of, 16 octets as 0x and hexadecimal digits; empty: made-up ones
     */
    record ForgeIke(Ip6Address destination, Optional<Ip6Address> source, String what, Optional<String> cookies, long count, long every) implements Attack {}

    /** A node that holds the keys sends with an inner source that is not its own, through its own SA. */
    record ForgeInner(String protection, Ip6Address source, Ip6Address destination, long port, long octets, long count, long every) implements Attack {}

    /** Who can do it. */
    enum Place {
        /** An attacker that is a bridge in a wire. */
        ON_PATH,
        /** Any attacker with a port: it sees what its link carries. */
        LISTENING,
        /** An attacker with an address. */
        OFF_PATH,
        /** Any node that has the SAs. */
        KEY_HOLDER
    }

    /** What a parameter is. */
    enum Type {
        /** Which frames. */
        MATCH,
        /** A field's name as in the packet tree, such as "ipv6.src", or "octet:N", counted from the start of the IP packet. */
        FIELD,
        /** An address, a number, or hexadecimal digits after 0x. */
        VALUE,
        ADDRESS,
        /** A whole number. */
        NUMBER,
        /** Nanoseconds. */
        TIME,
        SPI,
        /** Both cookies of a phase one of IKE. */
        COOKIES,
        YES_NO,
        /** The name of a protection. */
        PROTECTION,
        /** One of a few words. */
        WORD
    }

    /**
     * @param byDefault null: it must be given; an empty Optional: it may be left out
     * @param least     of numbers and times
     * @param most      of numbers and times
     * @param words     of {@link Type#WORD}
     * @param about     for people
     */
    record Parameter(String name, Type type, Object byDefault, long least, long most, List<String> words, String about) {
        private static Parameter of(String name, Type type, Object byDefault, String about) {
            return new Parameter(name, type, byDefault, 0, 0, List.of(), about);
        }

        private static Parameter number(String name, long byDefault, long least, long most, String about) {
            return new Parameter(name, Type.NUMBER, byDefault, least, most, List.of(), about);
        }

        private static Parameter time(String name, long byDefault, long least, long most, String about) {
            return new Parameter(name, Type.TIME, byDefault, least, most, List.of(), about);
        }

        public boolean isRequired() {
            return byDefault == null;
        }
    }

    Parameter MATCH = Parameter.of("match", Type.MATCH, "", "Which frames: words such as BU, ESP, udp and comparisons such as ipv6.dst=2001:db8:1::1; empty: all.");
    Parameter FRAMES = Parameter.number("count", 1, 0, 1_000_000, "So many frames, then it stops; 0: no end.");
    Parameter DESTINATION = Parameter.of("destination", Type.ADDRESS, null, "Whom it is sent to.");
    Parameter PORT = Parameter.number("port", 9, 1, 65_535, "UDP port.");
    Parameter OCTETS = Parameter.number("octets", 64, 0, 1200, "Of data in each packet.");
    Parameter COUNT = Parameter.number("count", 1, 1, 100_000, "So many packets.");
    Parameter EVERY = Parameter.time("every", 100 * VirtualTime.MILLISECOND, VirtualTime.MICROSECOND, 3600 * VirtualTime.SECOND, "Time between two of them.");

    /** The kinds of attacks, with what each needs. */
    enum Kind {
        REWRITE("rewrite", "Rewrite a field on the way", Place.ON_PATH, Rewrite.class, MATCH,
                Parameter.of("field", Type.FIELD, null, "Name of the field as in the packet tree, or octet:N of the IP packet."),
                Parameter.of("value", Type.VALUE, null, "An address, a number, or 0x and hexadecimal digits."),
                Parameter.of("fix", Type.YES_NO, true, "Checksums are made right again."), FRAMES),
        DROP("drop", "Drop on the way", Place.ON_PATH, Drop.class, MATCH, FRAMES),
        DELAY("delay", "Delay on the way", Place.ON_PATH, Delay.class, MATCH,
                Parameter.time("by", VirtualTime.SECOND, 0, 3600 * VirtualTime.SECOND, "How long."), FRAMES),
        REPLAY("replay", "Replay", Place.LISTENING, Replay.class, MATCH,
                Parameter.time("after", VirtualTime.SECOND, 0, 3600 * VirtualTime.SECOND, "Time to the first repetition and between two of them."),
                Parameter.number("times", 1, 1, 1000, "Repetitions of each frame."),
                Parameter.of("source", Type.ADDRESS, Optional.empty(), "Source of the repetitions; without it, the frame's own."), FRAMES),
        FORGE("forge", "Forge a source", Place.OFF_PATH, Forge.class, Parameter.of("source", Type.ADDRESS, null, "The source that it claims."), DESTINATION,
                Parameter.of("innerSource", Type.ADDRESS, Optional.empty(), "Of a packet in a tunnel: its source."),
                Parameter.of("innerDestination", Type.ADDRESS, Optional.empty(), "Of a packet in a tunnel: its destination."), PORT, OCTETS, COUNT, EVERY),
        INJECT("inject", "Inject with a known SPI", Place.OFF_PATH, Inject.class, Parameter.of("source", Type.ADDRESS, null, "The source that it claims."),
                DESTINATION, Parameter.of("spi", Type.SPI, null, "The SPI."), Parameter.number("sequence", 1, 0, 0xffff_ffffL, "Sequence number of the first."),
                Parameter.of("ah", Type.YES_NO, false, "AH; else ESP."), OCTETS, COUNT, EVERY),
        SPOOF_HAO("spoof-hao", "Spoof a home address option", Place.OFF_PATH, SpoofHao.class,
                Parameter.of("home", Type.ADDRESS, null, "The home address that it claims."), DESTINATION,
                Parameter.of("source", Type.ADDRESS, Optional.empty(), "Source of the packet; without it, its own."), PORT, OCTETS, COUNT, EVERY),
        FORGE_BU("forge-bu", "Forge a binding update", Place.OFF_PATH, ForgeBu.class, Parameter.of("home", Type.ADDRESS, null, "Whose packets it wants."), DESTINATION,
                Parameter.of("careOf", Type.ADDRESS, Optional.empty(), "Where it wants them; without it, its own address."),
                Parameter.number("sequence", 1, 0, 65_535, "Sequence number of the first."),
                Parameter.time("lifetime", 60 * VirtualTime.SECOND, 0, 262_140 * VirtualTime.SECOND, "Of the binding, a multiple of 4s."),
                Parameter.of("register", Type.YES_NO, false, "As a home registration (H bit)."),
                Parameter.of("alternate", Type.YES_NO, false, "With an alternate care-of address option."),
                Parameter.of("guess", Type.YES_NO, false, "With nonce indices and a guessed authenticator."), COUNT, EVERY),
        FLOOD("flood", "Flood", Place.OFF_PATH, Flood.class, DESTINATION,
                new Parameter("what", Type.WORD, "udp", 0, 0, List.of("udp", "ping", "esp", "bu"), "Of what."), OCTETS,
                Parameter.number("count", 100, 1, 100_000, "So many packets."),
                Parameter.time("every", VirtualTime.MILLISECOND, VirtualTime.MICROSECOND, 3600 * VirtualTime.SECOND, "Time between two of them.")),
        FORGE_IKE("forge-ike", "Forge messages of IKE", Place.OFF_PATH, ForgeIke.class, DESTINATION,
                Parameter.of("source", Type.ADDRESS, Optional.empty(), "Source of the packets; without it, its own, of a cookie-flood made-up ones."),
                new Parameter("what", Type.WORD, "cookie-flood", 0, 0, List.of("cookie-flood", "delete", "notify", "malformed"),
                        "First messages of main mode; deletes of a phase one; notifications of initial contact; first messages that are damaged."),
                Parameter.of("cookies", Type.COOKIES, Optional.empty(),
                        "Both cookies of the phase one that is meant, 0x and 32 hexadecimal digits; without them, made-up ones."), COUNT, EVERY),
        FORGE_INNER("forge-inner", "Forge an inner source through an SA", Place.KEY_HOLDER, ForgeInner.class,
                Parameter.of("protection", Type.PROTECTION, null, "Whose SA carries it."), Parameter.of("source", Type.ADDRESS, null, "The inner source that it claims."),
                DESTINATION, PORT, OCTETS, COUNT, EVERY);

        private final String text;
        private final String title;
        private final Place place;
        private final Class<? extends Attack> record;
        private final List<Parameter> parameters;

        Kind(String text, String title, Place place, Class<? extends Attack> record, Parameter... parameters) {
            this.text = text;
            this.title = title;
            this.place = place;
            this.record = record;
            this.parameters = List.of(parameters);
        }

        /** The word in lab files. */
        public String text() {
            return text;
        }

        /** For menus. */
        public String title() {
            return title;
        }

        public Place place() {
            return place;
        }

        /** In the order of the record's components. */
        public List<Parameter> parameters() {
            return parameters;
        }

        /**
         * Makes an attack of this kind.
         *
         * @param value of a parameter, in the type of the record's component; empty: its default
         */
        public Attack make(Function<Parameter, Optional<Object>> value) {
            List<Object> values = new ArrayList<>();
            for (Parameter parameter : parameters) {
                Optional<Object> given = value.apply(parameter);
                boolean optional = parameter.byDefault instanceof Optional;
                values.add(optional ? given : given.orElse(parameter.byDefault));
            }
            try {
                return (Attack) record.getDeclaredConstructors()[0].newInstance(values.toArray());
            } catch (InstantiationException | IllegalAccessException | InvocationTargetException e) {
                throw new IllegalStateException(text + " cannot be made of " + values, e);
            }
        }
    }

    default Kind kind() {
        return switch (this) {
            case Rewrite _ -> Kind.REWRITE;
            case Drop _ -> Kind.DROP;
            case Delay _ -> Kind.DELAY;
            case Replay _ -> Kind.REPLAY;
            case Forge _ -> Kind.FORGE;
            case Inject _ -> Kind.INJECT;
            case SpoofHao _ -> Kind.SPOOF_HAO;
            case ForgeBu _ -> Kind.FORGE_BU;
            case Flood _ -> Kind.FLOOD;
            case ForgeIke _ -> Kind.FORGE_IKE;
            case ForgeInner _ -> Kind.FORGE_INNER;
        };
    }

    /** All values that are given, by parameter, in its order; those that may be left out and are, are not here. */
    default SequencedMap<Parameter, Object> values() {
        SequencedMap<Parameter, Object> values = new LinkedHashMap<>();
        RecordComponent[] components = getClass().getRecordComponents();
        try {
            for (int i = 0; i < components.length; i++) {
                Object value = components[i].getAccessor().invoke(this);
                if (!(value instanceof Optional<?> optional)) {
                    values.put(kind().parameters().get(i), value);
                } else if (optional.isPresent()) {
                    values.put(kind().parameters().get(i), optional.get());
                }
            }
        } catch (IllegalAccessException | InvocationTargetException e) {
            throw new IllegalStateException(e);
        }
        return values;
    }

    /** A value as it is written. */
    static String text(Parameter parameter, Object value) {
        return switch (parameter.type()) {
            case TIME -> VirtualTime.format((Long) value);
            case SPI -> "0x" + Long.toHexString((Long) value);
            default -> String.valueOf(value);
        };
    }

    /** In words, for instance "rewrite a field on the way: match BU, field ipv6.src, value 2001:db8::1". */
    default String text() {
        List<String> parts = new ArrayList<>();
        values().forEach((parameter, value) -> {
            if (!value.equals(parameter.byDefault())) {
                parts.add(parameter.name() + " " + text(parameter, value));
            }
        });
        String title = kind().title();
        return title.substring(0, 1).toLowerCase(java.util.Locale.ROOT) + title.substring(1) + (parts.isEmpty() ? "" : ": " + String.join(", ", parts));
    }
}
