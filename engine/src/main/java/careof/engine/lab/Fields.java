package careof.engine.lab;

import careof.engine.base.Ip4Address;
import careof.engine.base.Ip4Prefix;
import careof.engine.base.Ip6Address;
import careof.engine.base.Prefix;
import careof.engine.base.VirtualTime;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.function.BiFunction;
import java.util.function.Function;

/**
 * The fields of one JSON object while it is read. Each field is asked for once, by its kind; {@link #end} then reports the fields that nobody
 * asked for. A wrong value is a problem and reads as if the field were missing, so that reading goes on and finds the rest.
 */
final class Fields {
    private static final JsonTree.Place NOWHERE = new JsonTree.Place("", 0, 0);

    private final String what;
    private final String pointer;
    private final JsonTree.Obj object;
    private final List<LabProblem> problems;
    private final SortedSet<String> broken;
    private final Set<String> known = new LinkedHashSet<>();

    /**
     * @param what     for messages: "a link"
     * @param broken   receives the pointers of fields that could not be read
     */
    Fields(String what, String pointer, JsonTree.Value value, List<LabProblem> problems, SortedSet<String> broken) {
        this.what = what;
        this.pointer = pointer;
        this.problems = problems;
        this.broken = broken;
        if (value instanceof JsonTree.Obj obj) {
            this.object = obj;
        } else {
            this.object = new JsonTree.Obj(NOWHERE, new java.util.LinkedHashMap<>());
            problem(pointer, value.place(), "expected an object { ... } with the fields of " + what + ", not " + JsonTree.describe(value));
        }
    }

    /** Whether there was an object to read at all. */
    boolean present() {
        return object.place() != NOWHERE;
    }

    boolean has(String name) {
        return object.members().containsKey(name);
    }

    Set<String> names() {
        return object.members().keySet();
    }

    String pointer(String name) {
        return pointer + "/" + JsonTree.escape(name);
    }

    /** Reports a problem with a field, or with the whole object for an empty name. */
    void wrong(String name, String message) {
        String at = name.isEmpty() ? pointer : pointer(name);
        problem(at, JsonTree.find(object, name.isEmpty() ? "" : "/" + JsonTree.escape(name)), message);
    }

    private void problem(String at, JsonTree.Place place, String message) {
        broken.add(at);
        problems.add(new LabProblem(LabProblem.Severity.ERROR, place.source(), place.line(), place.column(), at, message));
    }

    Optional<JsonTree.Value> value(String name) {
        known.add(name);
        JsonTree.Member member = object.members().get(name);
        return member == null ? Optional.empty() : Optional.of(member.value());
    }

    /** The field's value, or a stand-in and a problem where it is missing; a wrong value was reported already. */
    <T> T need(String name, Optional<T> value, T standIn, String example) {
        if (value.isEmpty() && present() && !has(name)) {
            wrong(name, "missing; " + what + " needs it, such as \"" + name + "\": " + example);
        }
        return value.orElse(standIn);
    }

    Optional<String> text(String name) {
        return value(name).flatMap(value -> text(pointer(name), value, "a text in quotes"));
    }

    /** An element of an array that must be a text. */
    Optional<String> text(String at, JsonTree.Value value) {
        return text(at, value, "a text in quotes");
    }

    Optional<String> text(String at, JsonTree.Value value, String expected) {
        if (value instanceof JsonTree.Text text) {
            return Optional.of(text.text());
        }
        problem(at, value.place(), "expected " + expected + ", not " + JsonTree.describe(value));
        return Optional.empty();
    }

    /** A text that a function reads; its {@code IllegalArgumentException} says what is wrong. */
    <T> Optional<T> parsed(String name, String expected, Function<String, T> parse) {
        return value(name).flatMap(value -> parsed(pointer(name), value, expected, parse));
    }

    /** An element of an array, read by a function as in {@link #parsed(String, String, Function)}. */
    <T> Optional<T> parsed(String at, JsonTree.Value value, String expected, Function<String, T> parse) {
        return text(at, value, expected).flatMap(text -> {
            try {
                return Optional.of(parse.apply(text));
            } catch (IllegalArgumentException e) {
                problem(at, value.place(), e.getMessage());
                return Optional.empty();
            }
        });
    }

    /** Nanoseconds. */
    Optional<Long> time(String name) {
        return parsed(name, "a time such as \"12.5s\" or \"30ms\"", VirtualTime::parse);
    }

    /** Bits per second. */
    Optional<Long> rate(String name) {
        return parsed(name, "a rate such as \"100Mbps\"", Rate::parse);
    }

    Optional<Ip6Address> address(String name) {
        return parsed(name, "an IPv6 address such as \"2001:db8:1::10\"", Ip6Address::parse);
    }

    Optional<Prefix> prefix(String name) {
        return parsed(name, "an IPv6 prefix such as \"2001:db8:1::/64\"", Prefix::parse);
    }

    Optional<Ip4Address> address4(String name) {
        return parsed(name, "an IPv4 address such as \"192.0.2.10\"", Ip4Address::parse);
    }

    Optional<Ip4Prefix> prefix4(String name) {
        return parsed(name, "an IPv4 prefix such as \"192.0.2.0/24\"", Ip4Prefix::parse);
    }

    /** One of a few words. */
    <T> Optional<T> word(String name, List<T> all, Function<T, String> text) {
        return value(name).flatMap(value -> word(pointer(name), value, all, text));
    }

    <T> Optional<T> word(String at, JsonTree.Value value, List<T> all, Function<T, String> text) {
        List<String> words = all.stream().map(text).toList();
        return parsed(at, value, "one of " + Words.list(words), found -> {
            int index = words.indexOf(found);
            if (index < 0) {
                throw new IllegalArgumentException("expected one of " + Words.list(words) + ", not \"" + found + "\"" + Words.suggest(found, words));
            }
            return all.get(index);
        });
    }

    Optional<Boolean> bool(String name) {
        return value(name).flatMap(value -> {
            if (value instanceof JsonTree.Bool bool) {
                return Optional.of(bool.value());
            }
            wrong(name, "expected true or false, not " + JsonTree.describe(value));
            return Optional.empty();
        });
    }

    Optional<Long> whole(String name) {
        return value(name).flatMap(value -> whole(name, value, Long.MIN_VALUE));
    }

    /** A whole number that fits an int, at least {@code least}. */
    Optional<Integer> whole(String name, int least) {
        return value(name).flatMap(value -> whole(name, value, least)).flatMap(number -> {
            if (number > Integer.MAX_VALUE) {
                wrong(name, "expected at most " + Integer.MAX_VALUE + ", not " + number);
                return Optional.empty();
            }
            return Optional.of(number.intValue());
        });
    }

    private Optional<Long> whole(String name, JsonTree.Value value, long least) {
        if (value instanceof JsonTree.Num num) {
            try {
                long number = num.number().longValueExact();
                if (number >= least) {
                    return Optional.of(number);
                }
                wrong(name, "expected a whole number of at least " + least + ", not " + number);
                return Optional.empty();
            } catch (ArithmeticException _) {
                // has a fraction or more than 64 bits: reported below
            }
        }
        wrong(name, "expected a whole number without quotes, not " + JsonTree.describe(value));
        return Optional.empty();
    }

    Optional<Double> number(String name) {
        return value(name).flatMap(value -> number(pointer(name), value));
    }

    private Optional<Double> number(String at, JsonTree.Value value) {
        if (value instanceof JsonTree.Num num) {
            double number = num.number().doubleValue();
            if (Double.isFinite(number)) {
                return Optional.of(number);
            }
        }
        problem(at, value.place(), "expected a number without quotes, not " + JsonTree.describe(value));
        return Optional.empty();
    }

    /** Two numbers in brackets. */
    Optional<Lab.View.Point> point(String name) {
        return value(name).flatMap(value -> {
            if (value instanceof JsonTree.Arr array && array.elements().size() == 2) {
                Optional<Double> x = number(pointer(name) + "/0", array.elements().get(0));
                Optional<Double> y = number(pointer(name) + "/1", array.elements().get(1));
                return x.flatMap(left -> y.map(top -> new Lab.View.Point(left, top)));
            }
            wrong(name, "expected two numbers [x, y], not " + JsonTree.describe(value));
            return Optional.empty();
        });
    }

    /** The elements of an array, each read with its own pointer; a missing field is an empty array. */
    <T> List<T> list(String name, BiFunction<String, JsonTree.Value, T> read) {
        List<T> all = new ArrayList<>();
        value(name).ifPresent(value -> {
            if (value instanceof JsonTree.Arr array) {
                for (JsonTree.Value element : array.elements()) {
                    all.add(read.apply(pointer(name) + "/" + all.size(), element));
                }
            } else {
                wrong(name, "expected an array [ ... ], not " + JsonTree.describe(value));
            }
        });
        return all;
    }

    /** As {@link #list}, but a missing field is not an empty array. */
    <T> Optional<List<T>> given(String name, BiFunction<String, JsonTree.Value, T> read) {
        List<T> all = list(name, read);
        return has(name) ? Optional.of(all) : Optional.empty();
    }

    /** Fields of an object inside this one; empty where there is none. */
    Optional<Fields> object(String name, String whatInside) {
        return value(name).map(value -> new Fields(whatInside, pointer(name), value, problems, broken));
    }

    /** Reports every field that nobody asked for. */
    void end() {
        for (var member : object.members().entrySet()) {
            if (!known.contains(member.getKey())) {
                problem(pointer(member.getKey()), member.getValue().key(), "unknown field" + Words.suggest(member.getKey(), known)
                        + "; the fields of " + what + " are " + String.join(", ", known));
            }
        }
    }
}
