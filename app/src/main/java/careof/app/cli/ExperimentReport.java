package careof.app.cli;

import careof.app.inspector.EventText;
import careof.engine.base.VirtualTime;
import careof.engine.decode.KnownSas;
import careof.engine.experiment.Divergence;
import careof.engine.experiment.Experiment;
import careof.engine.metrics.FlowResult;
import careof.engine.metrics.Outage;
import careof.engine.metrics.Overhead;
import careof.engine.metrics.Verdict;
import careof.engine.policy.Recommendation;
import careof.engine.trace.TraceEvent;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** What came out of an experiment, for people and for machines. */
final class ExperimentReport {
    private static final int WIDTH = 110;

    private ExperimentReport() {}

    /** What was observed on both sides, line by line. */
    record Line(String what, String on, String off) {}

    static void print(Experiment.Result result, PrintWriter out) {
        Recommendation letter = result.experiment().letter();
        out.println(letter + " " + (result.holds() ? "HOLDS" : "FAILS") + ": " + letter.title() + " (draft section " + letter.section() + ")");
        wrapped(result.experiment().claim()).forEach(line -> out.println("  " + line));
        out.println("  " + settings(result));
        for (Experiment.Outcome outcome : result.outcomes()) {
            out.println();
            out.println("  " + name(outcome) + ": " + (outcome.holds() ? "holds" : "FAILS"));
            for (Line line : lines(outcome)) {
                if (line.on.equals(line.off)) {
                    out.printf("    %-24s both %s%n", line.what, line.on);
                } else {
                    out.printf("    %-24s on   %s%n    %-24s off  %s%n", line.what, line.on.isEmpty() ? "-" : line.on, "", line.off.isEmpty() ? "-" : line.off);
                }
            }
            for (Experiment.Check check : outcome.checks()) {
                out.println("    " + (check.holds() ? "holds  " : "FAILS  ") + side(check) + ": " + check.expected() + " (" + seen(check) + ")");
            }
        }
        out.println();
    }

    static String name(Experiment.Outcome outcome) {
        return outcome.name().equals(Experiment.WHOLE) ? "the lab itself" : outcome.name();
    }

    static String side(Experiment.Check check) {
        return check.on().isEmpty() ? "off" : check.off().isEmpty() ? "on" : "both";
    }

    static String seen(Experiment.Check check) {
        String on = check.on().map(Verdict::seen).orElse("");
        String off = check.off().map(Verdict::seen).orElse("");
        return check.on().isEmpty() ? off : check.off().isEmpty() || on.equals(off) ? on : "on " + on + ", off " + off;
    }

    /** The other switches, which are the same in both runs. */
    static String settings(Experiment.Result result) {
        Map<String, String> own = new LinkedHashMap<>();
        result.lab().policy().nodes().forEach((node, off) -> own.put(node, off.isEmpty() ? "none" : join(off)));
        String at = result.experiment().at().isEmpty() ? "" : "switched at " + String.join(", ", result.experiment().at()) + "; ";
        return at + "off in both runs: " + (result.lab().policy().off().isEmpty() ? "none" : join(result.lab().policy().off()))
                + own.entrySet().stream().map(entry -> ", at " + entry.getKey() + " " + entry.getValue()).collect(Collectors.joining())
                + "; seed " + result.lab().seed();
    }

    private static String join(List<Recommendation> letters) {
        return letters.stream().map(Enum::name).collect(Collectors.joining(" "));
    }

    static List<Line> lines(Experiment.Outcome outcome) {
        List<Line> lines = new ArrayList<>();
        Map<String, FlowResult> on = flows(outcome.on());
        Map<String, FlowResult> off = flows(outcome.off());
        Map<String, FlowResult> all = new LinkedHashMap<>(on);
        all.putAll(off);
        all.keySet().forEach(flow -> {
            lines.add(new Line(flow + " delivered", delivered(on.get(flow)), delivered(off.get(flow))));
            each(lines, flow + " outage", outcome, side -> outage(side, flow));
            each(lines, flow + " overhead", outcome, side -> overhead(side, flow));
        });
        each(lines, "dropped", outcome, side -> side.metrics().drops().isEmpty() ? "none" : side.metrics().drops().entrySet().stream()
                .map(drop -> drop.getValue() + " " + drop.getKey().code()).collect(Collectors.joining(", ")));
        each(lines, "signalling", outcome, side -> side.metrics().signalling().toString());
        outcome.divergence().ifPresent(first -> lines.add(new Line("first difference", event(outcome.on(), first.on()), event(outcome.off(), first.off()))));
        return lines;
    }

    private static void each(List<Line> lines, String what, Experiment.Outcome outcome, Function<Experiment.Side, String> text) {
        String on = text.apply(outcome.on());
        String off = text.apply(outcome.off());
        if (!on.isEmpty() || !off.isEmpty()) {
            lines.add(new Line(what, on, off));
        }
    }

    private static Map<String, FlowResult> flows(Experiment.Side side) {
        Map<String, FlowResult> flows = new LinkedHashMap<>();
        side.metrics().flows().forEach(flow -> flows.put(flow.flow() + " " + flow.direction(), flow));
        return flows;
    }

    private static String delivered(FlowResult flow) {
        return flow == null ? "-" : flow.received() + " of " + flow.sent();
    }

    private static String outage(Experiment.Side side, String flow) {
        return side.metrics().outages().stream().filter(outage -> (outage.flow() + " " + outage.direction()).equals(flow))
                .map(ExperimentReport::text).collect(Collectors.joining(", "));
    }

    private static String text(Outage outage) {
        return millis(outage.lasts()) + " ms" + (outage.ended() ? "" : " to its end");
    }

    /** Where a packet is longest. */
    private static String overhead(Experiment.Side side, String flow) {
        return side.metrics().overheads().stream().filter(overhead -> (overhead.flow() + " " + overhead.direction()).equals(flow) && overhead.most() > 0)
                .map(ExperimentReport::text).collect(Collectors.joining(", "));
    }

    private static String text(Overhead overhead) {
        return (overhead.least() == overhead.most() ? "" : overhead.least() + " to ") + overhead.most() + " on " + overhead.link();
    }

    private static String millis(long nanos) {
        return String.format(Locale.ROOT, "%.1f", nanos / (double) VirtualTime.MILLISECOND);
    }

    /** An event in words; 0: the run had ended. */
    static String event(Experiment.Side side, long id) {
        if (id == 0) {
            return "nothing more";
        }
        TraceEvent event = side.trace().get(id);
        return "event " + id + " at " + VirtualTime.seconds(event.at()) + " s" + (event.node().isEmpty() ? "" : ", " + event.node()) + ": "
                + EventText.of(event, KnownSas.of(side.trace()));
    }

    static List<String> wrapped(String text) {
        List<String> lines = new ArrayList<>();
        StringBuilder line = new StringBuilder();
        for (String word : text.split(" ")) {
            if (!line.isEmpty() && line.length() + word.length() >= WIDTH) {
                lines.add(line.toString());
                line.setLength(0);
            }
            line.append(line.isEmpty() ? "" : " ").append(word);
        }
        lines.add(line.toString());
        return lines;
    }

    static ObjectNode json(Experiment.Result result) {
        Recommendation letter = result.experiment().letter();
        ObjectNode root = Json.object();
        root.put("letter", letter.name()).put("section", letter.section()).put("title", letter.title()).put("claim", result.experiment().claim())
                .put("holds", result.holds()).put("seed", result.lab().seed()).put("lab", result.lab().name());
        ArrayNode fixed = root.putArray("off");
        result.lab().policy().off().forEach(other -> fixed.add(other.name()));
        ArrayNode parts = root.putArray("parts");
        for (Experiment.Outcome outcome : result.outcomes()) {
            ObjectNode part = parts.addObject();
            part.put("name", outcome.name()).put("holds", outcome.holds());
            part.set("on", side(outcome.on(), outcome.divergence().map(Divergence::on)));
            part.set("off", side(outcome.off(), outcome.divergence().map(Divergence::off)));
            ArrayNode checks = part.putArray("checks");
            for (Experiment.Check check : outcome.checks()) {
                ObjectNode one = checks.addObject();
                one.put("side", side(check)).put("holds", check.holds()).put("expected", check.expected());
                check.on().ifPresent(verdict -> one.put("seenOn", verdict.seen()));
                check.off().ifPresent(verdict -> one.put("seenOff", verdict.seen()));
            }
        }
        return root;
    }

    private static ObjectNode side(Experiment.Side side, Optional<Long> parts) {
        ObjectNode node = Json.object();
        node.put("events", side.trace().size()).put("digest", side.trace().digest());
        parts.filter(event -> event > 0).ifPresent(event -> node.put("firstDifference", event));
        ArrayNode flows = node.putArray("flows");
        side.metrics().flows().forEach(flow -> flows.addObject().put("flow", flow.flow()).put("direction", flow.direction()).put("sent", flow.sent())
                .put("received", flow.received()).put("lost", flow.lost()));
        ObjectNode drops = node.putObject("drops");
        side.metrics().drops().forEach((reason, count) -> drops.put(reason.code(), count));
        ObjectNode signalling = node.putObject("signalling");
        signalling.put("messages", side.metrics().signalling().messages()).put("octets", side.metrics().signalling().octets());
        ObjectNode byMessage = signalling.putObject("byMessage");
        side.metrics().signalling().byMessage().forEach(byMessage::put);
        ArrayNode outages = node.putArray("outages");
        side.metrics().outages().forEach(outage -> outages.addObject().put("flow", outage.flow()).put("direction", outage.direction())
                .put("at", VirtualTime.format(outage.at())).put("lasts", VirtualTime.format(outage.lasts())).put("ended", outage.ended()));
        ArrayNode overheads = node.putArray("overheads");
        side.metrics().overheads().forEach(overhead -> overheads.addObject().put("flow", overhead.flow()).put("direction", overhead.direction())
                .put("link", overhead.link()).put("packets", overhead.packets()).put("least", overhead.least()).put("most", overhead.most()));
        return node;
    }
}
