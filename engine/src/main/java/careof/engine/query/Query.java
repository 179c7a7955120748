package careof.engine.query;

import careof.engine.trace.TraceEvent;
import careof.engine.trace.TraceStore;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.function.BinaryOperator;

/**
 * A question to an event of a run, or to a packet of a capture: {@code node == mn and kind == dropped}, {@code protocol == BU}, {@code ipv6.dst == 2001:db8::/32 and not time < 5s}.
 *
 * <p>A comparison is a field, one of {@code == != < <= > >= ~} (the last: contains) and a value. Comparisons and free words are joined by
 * {@code and}, {@code or}, {@code not} (also {@code && || !}) and parentheses; side by side means {@code and}. A free word asks for that text
 * in the event's line; one of up to four characters for a whole word, so that {@code BA} does not find every "backbone"; a free word such
 * as {@code mipv6.hao} also for a packet with that field. Text compares without case, numbers (also
 * 0x...) and times as numbers, addresses as addresses, and an address against a prefix asks whether it lies within. A field with
 * several values matches if one of them does; {@code !=} is the opposite of {@code ==}.
 *
 * <p>Fields of events: {@link #fields()}; {@code arg.NAME} for a reason's arguments; {@code old.NAME} and {@code now.NAME} for a table row's
 * fields; anything else with a dot is a field of the packet concerned. Packets of captures have {@link #captureFields()} instead.
 */
public final class Query {
    private static final List<String> FIELDS = List.of("cause", "entry", "id", "key", "kind", "link", "node", "packet", "parent", "port", "protocol", "reason",
            "relation", "row", "section", "text", "time", "to");

    /** Free words of up to so many characters are names such as BU: they are looked for as whole words. */
    private static final int LONGEST_WHOLE_WORD = 4;

    /** What to do with a value. */
    enum Operator {
        EQUAL("=="),
        UNEQUAL("!="),
        LESS("<"),
        AT_MOST("<="),
        GREATER(">"),
        AT_LEAST(">="),
        CONTAINS("~");

        private final String sign;

        Operator(String sign) {
            this.sign = sign;
        }

        String sign() {
            return sign;
        }

        boolean orders() {
            return this == LESS || this == AT_MOST || this == GREATER || this == AT_LEAST;
        }
    }

    /** The parts of a query. */
    sealed interface Part {}

    record Everything() implements Part {}

    record And(Part left, Part right) implements Part {}

    record Or(Part left, Part right) implements Part {}

    record Not(Part part) implements Part {}

    record Compare(String field, Operator operator, Operand operand) implements Part {}

    /** @param text in lower case */
    record Word(String text, boolean mayBeField) implements Part {}

    private final String text;
    private final Part root;

    private Query(String text, Part root) {
        this.text = text;
        this.root = root;
    }

    /** Reads a query; a blank text matches everything. */
    public static Query parse(String text) throws QueryProblem {
        return new Query(text, new QueryParser(text, false).parse());
    }

    /** Reads a query about packets of a capture: with other fields, see {@link #captureFields}. */
    public static Query parseForCaptures(String text) throws QueryProblem {
        return new Query(text, new QueryParser(text, true).parse());
    }

    /**
     * A query with other values in its comparisons, for names and addresses that are no longer what they were; free words stay.
     *
     * @param change gets a field as comparisons know it and the value beside it, gives the new value
     */
    public static String replace(String text, BinaryOperator<String> change) throws QueryProblem {
        QueryParser parser = new QueryParser(text, false);
        parser.parse();
        return parser.replaced(change);
    }

    /** The names of events' own fields, in alphabetical order. */
    public static List<String> fields() {
        return FIELDS;
    }

    /** The names of captured packets' own fields, in alphabetical order. */
    public static List<String> captureFields() {
        return CapturedSubject.FIELDS;
    }

    /**
     * Whether an event matches.
     *
     * @param trace  that holds the event, for the packet it concerns
     * @param source what packets say
     */
    public boolean matches(TraceEvent event, TraceStore trace, FieldSource source) {
        return new Match(new EventSubject(event, trace), source).test(root);
    }

    /**
     * Whether a packet of a capture matches; of a query that {@link #parseForCaptures} read.
     *
     * @param source what packets say
     */
    public boolean matches(CapturedSubject packet, FieldSource source) {
        return new Match(packet, source).test(root);
    }

    /** As it was written. */
    @Override
    public String toString() {
        return text;
    }

    /** Something while it is asked. */
    private record Match(Subject subject, FieldSource source) {
        boolean test(Part part) {
            return switch (part) {
                case Everything _ -> true;
                case And(Part left, Part right) -> test(left) && test(right);
                case Or(Part left, Part right) -> test(left) || test(right);
                case Not(Part inner) -> !test(inner);
                case Compare(String field, Operator operator, Operand operand) -> compare(field, operator, operand);
                case Word(String word, boolean mayBeField) -> isIn(subject.line(), word)
                        || subject.packet().filter(p -> isIn(source.summary(p), word) || source.protocols(p).stream().anyMatch(word::equalsIgnoreCase)).isPresent()
                        || mayBeField && !values(word).isEmpty();
            };
        }

        private static boolean isIn(String line, String word) {
            String text = line.toLowerCase(Locale.ROOT);
            if (word.isEmpty() || word.length() > LONGEST_WHOLE_WORD) {
                return text.contains(word);
            }
            for (int i = text.indexOf(word); i >= 0; i = text.indexOf(word, i + 1)) {
                int end = i + word.length();
                if ((i == 0 || !Character.isLetterOrDigit(text.charAt(i - 1))) && (end == text.length() || !Character.isLetterOrDigit(text.charAt(end)))) {
                    return true;
                }
            }
            return false;
        }

        private boolean compare(String field, Operator operator, Operand operand) {
            if (operator == Operator.UNEQUAL) {
                return !compare(field, Operator.EQUAL, operand);
            }
            OptionalLong number = subject.number(field);
            return number.isPresent() ? operand.compare(number.getAsLong(), operator)
                    : values(field).stream().anyMatch(value -> operand.compare(value, operator));
        }

        private List<String> values(String field) {
            return switch (field) {
                case "text" -> subject.packet().map(p -> List.of(subject.line(), source.summary(p))).orElse(List.of(subject.line()));
                case "protocol" -> subject.packet().map(source::protocols).orElse(List.of());
                default -> subject.values(field).or(() -> subject.packet().map(p -> source.values(p, field))).orElse(List.of());
            };
        }
    }
}
