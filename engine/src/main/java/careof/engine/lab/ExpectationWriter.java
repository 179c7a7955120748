package careof.engine.lab;

import static careof.engine.lab.LabWriter.add;
import static careof.engine.lab.LabWriter.field;
import static careof.engine.lab.LabWriter.object;
import static careof.engine.lab.LabWriter.quote;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** Writes expectations; see {@link LabWriter}. */
final class ExpectationWriter {
    private ExpectationWriter() {}

    /** Adds an expectation's fields to a row; {@code until} is the default of its end. */
    static List<String> row(Expectation expectation, long until, List<String> row) {
        List<String> inside = new ArrayList<>();
        switch (expectation) {
            case Expectation.BindingHeld held -> {
                inside.add(field("at", quote(held.at())));
                inside.add(field("home", quote(held.home().toString())));
                inside.add(field("careOf", held.careOf().map(prefix -> quote(prefix.toString())).orElse("null")));
                row.add(field("binding", object(inside)));
            }
            case Expectation.Flow flow -> {
                row.add(field("flow", quote(flow.flow())));
                add(row, "direction", flow.direction(), LabWriter::quote);
                add(row, "lost", flow.lost(), ExpectationWriter::count);
                add(row, "received", flow.received(), ExpectationWriter::count);
                add(row, "gap", flow.gap(), ExpectationWriter::span);
                add(row, "delay", flow.delay(), ExpectationWriter::span);
            }
            case Expectation.Drops drops -> {
                inside.add(field("reason", quote(drops.reason())));
                add(inside, "node", drops.node(), LabWriter::quote);
                inside.add(field("count", count(drops.count())));
                row.add(field("drops", object(inside)));
            }
            case Expectation.Messages messages -> {
                inside.add(field("message", quote(messages.message())));
                add(inside, "from", messages.from(), LabWriter::quote);
                inside.add(field("count", count(messages.count())));
                row.add(field("messages", object(inside)));
            }
            case Expectation.Decisions decisions -> {
                inside.add(field("reason", quote(decisions.reason())));
                add(inside, "node", decisions.node(), LabWriter::quote);
                add(inside, "entry", decisions.entry(), LabWriter::quote);
                inside.add(field("count", count(decisions.count())));
                row.add(field("decisions", object(inside)));
            }
            case Expectation.Changes changes -> {
                inside.add(field("row", quote(changes.row())));
                add(inside, "node", changes.node(), LabWriter::quote);
                add(inside, "reason", changes.reason(), LabWriter::quote);
                inside.add(field("count", count(changes.count())));
                row.add(field("changes", object(inside)));
            }
            case Expectation.Events events -> {
                add(inside, "says", events.says(), LabWriter::quote);
                inside.add(field("match", quote(events.match())));
                add(inside, "node", events.node(), LabWriter::quote);
                inside.add(field("count", count(events.count())));
                row.add(field("events", object(inside)));
            }
            case Expectation.HalfIs half -> {
                inside.add(field("protection", quote(half.protection())));
                inside.add(field("direction", quote(half.direction())));
                inside.add(field("is", quote(half.state().text())));
                row.add(field("half", object(inside)));
            }
            case Expectation.IkeHeld held -> {
                inside.add(field("at", quote(held.at())));
                add(inside, "peer", held.peer(), LabWriter::quote);
                add(inside, "identity", held.identity(), identity -> quote(identity.text()));
                inside.add(field("established", String.valueOf(held.established())));
                add(inside, "address", held.address(), range -> quote(range.toString()));
                row.add(field("ike", object(inside)));
            }
            case Expectation.Headers headers -> {
                onLink(inside, headers.flow(), headers.direction(), headers.link());
                headers.dscp().ifPresent(range -> inside.add(field("dscp", count(range))));
                headers.hopLimit().ifPresent(range -> inside.add(field("hopLimit", count(range))));
                row.add(field("headers", object(inside)));
            }
            case Expectation.Overhead overhead -> {
                onLink(inside, overhead.flow(), overhead.direction(), overhead.link());
                inside.add(field("octets", count(overhead.octets())));
                row.add(field("overhead", object(inside)));
            }
            case Expectation.Outage outage -> {
                inside.add(field("flow", quote(outage.flow())));
                inside.add(field("direction", quote(outage.direction())));
                inside.add(field("lasts", span(outage.lasts())));
                row.add(field("outage", object(inside)));
            }
            case Expectation.Signalling signalling -> {
                add(inside, "messages", signalling.messages(), ExpectationWriter::count);
                add(inside, "octets", signalling.octets(), ExpectationWriter::count);
                row.add(field("signalling", object(inside)));
            }
            case Expectation.Operations operations -> {
                inside.add(field("operation", quote(operations.operation().text())));
                add(inside, "node", operations.node(), LabWriter::quote);
                inside.add(field("count", count(operations.count())));
                row.add(field("operations", object(inside)));
            }
            case Expectation.Packets packets -> {
                onLink(inside, packets.flow(), packets.direction(), packets.link());
                row.add(field("packets", object(inside)));
            }
        }
        add(row, "from", expectation.when().from(), 0L, LabWriter::time);
        add(row, "to", expectation.when().to(), until, LabWriter::time);
        return row;
    }

    private static void onLink(List<String> inside, String flow, String direction, String link) {
        inside.add(field("flow", quote(flow)));
        inside.add(field("direction", quote(direction)));
        inside.add(field("link", quote(link)));
    }

    static String count(Expectation.Range range) {
        return range(range, String::valueOf);
    }

    static String span(Expectation.Range range) {
        return range(range, LabWriter::time);
    }

    private static String range(Expectation.Range range, Function<Long, String> write) {
        if (range.equals(Expectation.Range.OPEN)) {
            return quote(ExpectationReader.OPEN);
        }
        if (range.atLeast().isPresent() && range.atLeast().equals(range.atMost())) {
            return write.apply(range.atLeast().get());
        }
        List<String> fields = new ArrayList<>();
        add(fields, "atLeast", range.atLeast(), write);
        add(fields, "atMost", range.atMost(), write);
        return object(fields);
    }
}
