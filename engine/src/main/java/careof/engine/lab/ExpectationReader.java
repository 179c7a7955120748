package careof.engine.lab;

import careof.engine.base.Ip6Address;
import careof.engine.base.Prefix;
import careof.engine.lab.Expectation.Range;
import careof.engine.lab.Expectation.Span;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;

/** Reads expectations; see {@link LabReader}. */
final class ExpectationReader {
    private static final List<String> KINDS = List.of("binding", "flow", "drops", "messages", "decisions", "changes", "events", "half", "ike", "overhead", "headers", "outage",
            "signalling", "operations", "packets");

    /** Stands for a range that is not said yet. */
    static final String OPEN = "?";

    private final long until;
    private final boolean measures;

    /** @param until end of the run that they are about */
    ExpectationReader(long until) {
        this(until, false);
    }

    /** @param measures whether a "?" may stand for what is expected */
    ExpectationReader(long until, boolean measures) {
        this.until = until;
        this.measures = measures;
    }

    Expectation expectation(Fields expect) {
        Optional<String> one = LabReader.one(expect, "an expectation", KINDS);
        Expectation read = one.<Expectation>map(kind -> switch (kind) {
            case "binding" -> inside(expect, kind, "a binding expectation", this::binding);
            case "flow" -> flow(expect);
            case "drops" -> inside(expect, kind, "a drops expectation", (drops, when) ->
                    new Expectation.Drops(reason(drops), drops.text("node"), count(drops), when));
            case "messages" -> inside(expect, kind, "a messages expectation", (messages, when) ->
                    new Expectation.Messages(messages.need("message", messages.text("message"), "", "\"BU\""), messages.text("from"), count(messages), when));
            case "decisions" -> inside(expect, kind, "a decisions expectation", (decisions, when) ->
                    new Expectation.Decisions(reason(decisions), decisions.text("node"), decisions.text("entry"), count(decisions), when));
            case "changes" -> inside(expect, kind, "a changes expectation", (changes, when) ->
                    new Expectation.Changes(changes.need("row", changes.text("row"), "", "\"binding\""), changes.text("node"), changes.text("reason"),
                            count(changes), when));
            case "events" -> inside(expect, kind, "an events expectation", (events, when) ->
                    new Expectation.Events(events.need("match", events.text("match"), "", "\"reason == no-route and node == ha\""), events.text("says"),
                            events.text("node"), count(events), when));
            case "half" -> inside(expect, kind, "a half expectation", (half, when) ->
                    new Expectation.HalfIs(half.need("protection", half.text("protection"), "", "\"tunnel\""), direction(half),
                            half.need("is", half.word("is", List.of(Expectation.Half.values()), Expectation.Half::text), Expectation.Half.GOOD, "\"good\""),
                            when));
            case "ike" -> inside(expect, kind, "an IKE expectation", (ike, when) ->
                    new Expectation.IkeHeld(ike.need("at", ike.text("at"), "", "\"ha\""), ike.text("peer"), IkeReader.identity(ike, "identity"),
                            ike.need("established", ike.bool("established"), false, "true"),
                            ike.parsed("address", "an address, a prefix, or a range of addresses", LabSelector.Range::parse), when));
            case "overhead" -> inside(expect, kind, "an overhead expectation", (overhead, when) ->
                    new Expectation.Overhead(flowName(overhead), direction(overhead), link(overhead), range(overhead, "octets"), when));
            case "headers" -> inside(expect, kind, "a headers expectation", (headers, when) ->
                    new Expectation.Headers(flowName(headers), direction(headers), link(headers), range(headers, "dscp", false), range(headers, "hopLimit", false), when));
            case "outage" -> inside(expect, kind, "an outage expectation", (outage, when) ->
                    new Expectation.Outage(flowName(outage), direction(outage),
                            outage.need("lasts", range(outage, "lasts", true), Range.exactly(0), "{ \"atMost\": \"50ms\" }"), when));
            case "signalling" -> inside(expect, kind, "a signalling expectation", (signalling, when) ->
                    new Expectation.Signalling(range(signalling, "messages", false), range(signalling, "octets", false), when));
            case "operations" -> inside(expect, kind, "an operations expectation", (operations, when) ->
                    new Expectation.Operations(operations.need("operation", operations.word("operation", List.of(Expectation.Operation.values()),
                            Expectation.Operation::text), Expectation.Operation.RSA, "\"rsa\""), operations.text("node"), count(operations), when));
            default -> inside(expect, kind, "a packets expectation", (packets, when) ->
                    new Expectation.Packets(flowName(packets), direction(packets), link(packets), when));
        }).orElse(new Expectation.Drops("", Optional.empty(), Range.exactly(0), Span.whole(until)));
        if (one.isPresent()) {
            expect.end();
        }
        return read;
    }

    private Expectation inside(Fields expect, String kind, String what, BiFunction<Fields, Span, Expectation> read) {
        Span when = when(expect);
        return LabReader.read(expect, kind, what, fields -> read.apply(fields, when));
    }

    private Span when(Fields expect) {
        return new Span(expect.time("from").orElse(0L), expect.time("to").orElse(until));
    }

    private Expectation binding(Fields binding, Span when) {
        String at = binding.need("at", binding.text("at"), "", "\"cn\"");
        Ip6Address home = binding.need("home", binding.address("home"), Ip6Address.ANY, "\"2001:db8:1::10\"");
        boolean none = binding.value("careOf").orElse(null) instanceof JsonTree.Null;
        Optional<Prefix> careOf = none ? Optional.empty()
                : Optional.of(binding.need("careOf", binding.prefix("careOf"), Prefix.ALL, "\"2001:db8:3::/64\", or null for no binding"));
        return new Expectation.BindingHeld(at, home, careOf, when);
    }

    private Expectation flow(Fields expect) {
        return new Expectation.Flow(expect.text("flow").orElse(""), expect.text("direction"), range(expect, "lost", false),
                range(expect, "received", false), range(expect, "gap", true), range(expect, "delay", true), when(expect));
    }

    private static String reason(Fields fields) {
        return fields.need("reason", fields.text("reason"), "", "\"no-route\"");
    }

    private static String flowName(Fields fields) {
        return fields.need("flow", fields.text("flow"), "", "\"voice\"");
    }

    private static String direction(Fields fields) {
        return fields.need("direction", fields.text("direction"), "", "\"mn-cn\"");
    }

    private static String link(Fields fields) {
        return fields.need("link", fields.text("link"), "", "\"cell-a\"");
    }

    private Range count(Fields fields) {
        return range(fields, "count");
    }

    private Range range(Fields fields, String name) {
        return fields.need(name, range(fields, name, false), Range.exactly(0), "0, or { \"atMost\": 3 }");
    }

    /** A number, or {atLeast, atMost}. */
    private Optional<Range> range(Fields fields, String name, boolean times) {
        if (measures && fields.value(name).orElse(null) instanceof JsonTree.Text text && text.text().equals(OPEN)) {
            return Optional.of(Range.OPEN);
        }
        return given(fields, name, times);
    }

    static Optional<Range> given(Fields fields, String name, boolean times) {
        if (!(fields.value(name).orElse(null) instanceof JsonTree.Obj)) {
            return bound(fields, name, times).map(Range::exactly);
        }
        return fields.object(name, "a range").map(range -> {
            Range read = new Range(bound(range, "atLeast", times), bound(range, "atMost", times));
            range.end();
            return read;
        });
    }

    private static Optional<Long> bound(Fields fields, String name, boolean time) {
        return time ? fields.time(name) : fields.whole(name);
    }
}
