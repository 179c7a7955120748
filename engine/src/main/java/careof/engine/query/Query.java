package careof.engine.query;

import careof.engine.base.VirtualTime;
import careof.engine.query.FieldSource.Packet;
import careof.engine.trace.StateFields;
import careof.engine.trace.TraceEvent;
import careof.engine.trace.TraceEvent.Acted;
import careof.engine.trace.TraceEvent.Arrival;
import careof.engine.trace.TraceEvent.Changed;
import careof.engine.trace.TraceEvent.Control;
import careof.engine.trace.TraceEvent.Decided;
import careof.engine.trace.TraceEvent.Derived;
import careof.engine.trace.TraceEvent.Dropped;
import careof.engine.trace.TraceEvent.FrameArrived;
import careof.engine.trace.TraceEvent.FrameSent;
import careof.engine.trace.TraceEvent.Started;
import careof.engine.trace.TraceStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.BinaryOperator;

/**
 * A question to an event: {@code node == mn and kind == dropped}, {@code protocol == BU}, {@code ipv6.dst == 2001:db8::/32 and not time < 5s}.
 *
 * <p>A comparison is a field, one of {@code == != < <= > >= ~} (the last: contains) and a value. Comparisons and free words are joined by
 * {@code and}, {@code or}, {@code not} (also {@code && || !}) and parentheses; side by side means {@code and}. A free word asks for that text
 * in the event's line; one of up to four characters for a whole word, so that {@code BA} does not find every "backbone"; a free word such
 * as {@code mipv6.hao} also for a packet with that field. Text compares without case, numbers (also
 * 0x...) and times as numbers, addresses as addresses, and an address against a prefix asks whether it lies within. A field with
 * several values matches if one of them does; {@code !=} is the opposite of {@code ==}.
 *
 * <p>Fields of events: {@link #fields()}; {@code arg.NAME} for a reason's arguments; {@code old.NAME} and {@code now.NAME} for a table row's
 * fields; anything else with a dot is a field of the packet concerned.
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
        return new Query(text, new QueryParser(text).parse());
    }

    /**
     * A query with other values in its comparisons, for names and addresses that are no longer what they were; free words stay.
     *
     * @param change gets a field as comparisons know it and the value beside it, gives the new value
     */
    public static String replace(String text, BinaryOperator<String> change) throws QueryProblem {
        QueryParser parser = new QueryParser(text);
        parser.parse();
        return parser.replaced(change);
    }

    /** The names of events' own fields, in alphabetical order. */
    public static List<String> fields() {
        return FIELDS;
    }

    /**
     * Whether an event matches.
     *
     * @param trace  that holds the event, for the packet it concerns
     * @param source what packets say
     */
    public boolean matches(TraceEvent event, TraceStore trace, FieldSource source) {
        return new Match(event, trace, source).test(root);
    }

    /** As it was written. */
    @Override
    public String toString() {
        return text;
    }

    /** One event while it is asked. */
    private static final class Match {
        private final TraceEvent event;
        private final TraceStore trace;
        private final FieldSource source;
        private Optional<Packet> packet;

        Match(TraceEvent event, TraceStore trace, FieldSource source) {
            this.event = event;
            this.trace = trace;
            this.source = source;
        }

        boolean test(Part part) {
            return switch (part) {
                case Everything _ -> true;
                case And(Part left, Part right) -> test(left) && test(right);
                case Or(Part left, Part right) -> test(left) || test(right);
                case Not(Part inner) -> !test(inner);
                case Compare(String field, Operator operator, Operand operand) -> compare(field, operator, operand);
                case Word(String word, boolean mayBeField) -> isIn(line(), word)
                        || packet().filter(p -> isIn(source.summary(p), word) || source.protocols(p).stream().anyMatch(word::equalsIgnoreCase)).isPresent()
                        || mayBeField && !dotted(word).isEmpty();
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
            return switch (field) {
                case "id" -> operand.compare(event.id(), operator);
                case "time" -> operand.compare(event.at(), operator);
                case "packet" -> operand.compare(event.packet(), operator);
                case "cause" -> operand.compare(event.cause(), operator);
                case "node" -> operand.compare(event.node(), operator);
                case "kind" -> operand.compare(event.kind(), operator);
                default -> values(field).stream().anyMatch(value -> operand.compare(value, operator));
            };
        }

        private List<String> values(String field) {
            return switch (field) {
                case "text" -> packet().map(p -> List.of(line(), source.summary(p))).orElse(List.of(line()));
                case "protocol" -> packet().map(source::protocols).orElse(List.of());
                case "parent" -> switch (event) {
                    case FrameSent e -> List.of(Long.toString(e.parent()));
                    case Derived e -> List.of(Long.toString(e.parent()));
                    default -> List.of();
                };
                case "link" -> switch (event) {
                    case FrameSent e -> List.of(e.link());
                    case FrameArrived e -> List.of(e.link());
                    case Dropped e -> e.link().isEmpty() ? List.of() : List.of(e.link());
                    default -> List.of();
                };
                case "port" -> switch (event) {
                    case FrameSent e -> List.of(e.port());
                    case FrameArrived e -> List.of(e.port());
                    default -> List.of();
                };
                case "to" -> event instanceof FrameSent e ? receivers(e) : List.of();
                case "relation" -> event instanceof Derived e ? List.of(e.relation().name()) : List.of();
                case "reason" -> reason().map(reason -> List.of(reason.reason.code())).orElse(List.of());
                case "section" -> reason().map(reason -> List.of(reason.reason.section())).orElse(List.of());
                case "entry" -> switch (event) {
                    case Decided e -> List.of(e.entry());
                    case Dropped e -> List.of(e.entry());
                    default -> List.of();
                };
                case "row" -> event instanceof Changed e ? List.of(StateFields.kind(e.row().getClass())) : List.of();
                case "key" -> event instanceof Changed e ? List.of(e.row().key()) : List.of();
                default -> dotted(field);
            };
        }

        private List<String> dotted(String field) {
            if (field.startsWith("arg.")) {
                return reason().map(reason -> reason.arg(field.substring(4))).orElse(List.of());
            }
            if (field.startsWith("old.") || field.startsWith("now.")) {
                return event instanceof Changed e ? (field.startsWith("old.") ? e.old() : e.now()).flatMap(row -> StateFields.text(row, field.substring(4)))
                        .map(List::of).orElse(List.of()) : List.of();
            }
            return packet().map(p -> source.values(p, field)).orElse(List.of());
        }

        /** "node/port" and "node" of each receiver. */
        private static List<String> receivers(FrameSent sent) {
            List<String> all = new ArrayList<>();
            for (Arrival arrival : sent.arrivals()) {
                all.add(arrival.to());
                all.add(arrival.to().substring(0, Math.max(0, arrival.to().lastIndexOf('/'))));
            }
            return all;
        }

        private record Given(careof.engine.trace.Reason reason, List<String> args) {
            List<String> arg(String name) {
                for (int i = 0; i < Math.min(reason.names().size(), args.size()); i++) {
                    if (reason.names().get(i).equalsIgnoreCase(name)) {
                        return List.of(args.get(i));
                    }
                }
                return List.of();
            }
        }

        private Optional<Given> reason() {
            return switch (event) {
                case Decided e -> Optional.of(new Given(e.reason(), e.args()));
                case Dropped e -> Optional.of(new Given(e.reason(), e.args()));
                case Changed e -> Optional.of(new Given(e.reason(), e.args()));
                default -> Optional.empty();
            };
        }

        /** The event in words, without its packet's. */
        private String line() {
            String start = VirtualTime.seconds(event.at()) + " " + event.node() + " " + event.kind() + " ";
            String what = switch (event) {
                case Started e -> e.lab();
                case Acted e -> e.text();
                case FrameSent e -> e.port() + " " + e.link();
                case FrameArrived e -> e.port() + " " + e.link();
                case Derived e -> e.relation().name();
                case Decided e -> e.entry() + " ";
                case Dropped e -> e.link() + " " + e.entry() + " ";
                case Changed e -> StateFields.kind(e.row().getClass()) + " " + e.row().key() + " ";
                case Control e -> e.channel() + " ";
            };
            return start + what + reason().map(given -> given.reason.code() + " " + given.reason.text(given.args)).orElse("");
        }

        private Optional<Packet> packet() {
            if (packet == null) {
                packet = switch (event) {
                    case FrameSent e -> Optional.of(new Packet(e.frame(), true));
                    case Dropped e when !e.octets().isEmpty() -> Optional.of(new Packet(e.octets(), false));
                    default -> event.packet() == 0 ? Optional.empty() : trace.frameOf(event.packet()).map(sent -> new Packet(sent.frame(), true));
                };
            }
            return packet;
        }
    }
}
