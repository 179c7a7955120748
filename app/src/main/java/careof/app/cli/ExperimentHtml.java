package careof.app.cli;

import careof.engine.base.VirtualTime;
import careof.engine.experiment.Comparison;
import careof.engine.experiment.Experiment;
import careof.engine.metrics.Ladder;
import careof.engine.policy.Recommendation;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.SequencedMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Experiments as one page that needs nothing else: no script, no other file; light or dark as the reader's browser is. */
public final class ExperimentHtml {
    private static final String TOKENS = "careof/assets/theme/tokens.css";
    private static final Pattern TOKEN = Pattern.compile("-careof-([a-z-]+): (#[0-9a-fA-F]{3,8});");

    private final StringBuilder page = new StringBuilder();

    private ExperimentHtml() {}

    /** The page's text, from all results in their order; {@code tables} by the names of their comparisons. */
    public static String page(List<Experiment.Result> results, SequencedMap<String, Comparison.Result> tables) {
        ExperimentHtml html = new ExperimentHtml();
        html.all(results, tables);
        return html.page.toString();
    }

    private void all(List<Experiment.Result> results, SequencedMap<String, Comparison.Result> tables) {
        long holding = results.stream().filter(Experiment.Result::holds).count() + tables.values().stream().filter(Comparison.Result::holds).count();
        page.append("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\"/>\n")
                .append("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>\n<title>Careof: experiments</title>\n<style>\n")
                .append(style()).append("</style>\n</head>\n<body>\n<h1>Experiments</h1>\n<p>Each lab runs twice from one seed, with a recommendation of ")
                .append("draft-dupont-ipsec-mipv6-00 on and off; all else is the same. What is claimed is checked from what the runs recorded. ")
                .append("Tables compare several variants of a lab. ").append(holding).append(" of ").append(results.size() + tables.size()).append(" hold.</p>\n<nav>");
        for (Experiment.Result result : results) {
            page.append("<a class=\"").append(word(result.holds())).append("\" href=\"#").append(result.experiment().letter()).append("\">")
                    .append(mark(result.holds())).append(' ').append(result.experiment().letter()).append("</a> ");
        }
        tables.forEach((name, table) -> page.append("<a class=\"").append(word(table.holds())).append("\" href=\"#").append(text(name)).append("\">")
                .append(mark(table.holds())).append(' ').append(text(name)).append("</a> "));
        page.append("</nav>\n");
        results.forEach(this::experiment);
        tables.forEach(this::table);
        page.append("</body>\n</html>\n");
    }

    private void experiment(Experiment.Result result) {
        Recommendation letter = result.experiment().letter();
        page.append("<section id=\"").append(letter).append("\">\n<h2><span class=\"letter\">").append(letter).append("</span> ").append(text(letter.title()))
                .append(" <span class=\"").append(word(result.holds())).append("\">").append(mark(result.holds())).append(result.holds() ? " holds" : " fails")
                .append("</span></h2>\n<p>").append(text(result.experiment().claim())).append("</p>\n<p class=\"muted\">Section ").append(letter.section())
                .append(" of the draft. ").append(text(ExperimentReport.settings(result))).append(".</p>\n");
        result.outcomes().forEach(this::outcome);
        page.append("</section>\n");
    }

    private void table(String name, Comparison.Result result) {
        page.append("<section id=\"").append(text(name)).append("\">\n<h2><span class=\"letter\">").append(text(name)).append("</span> ")
                .append(text(result.lab().name())).append(" <span class=\"").append(word(result.holds())).append("\">").append(mark(result.holds()))
                .append(result.holds() ? " holds" : " fails").append("</span></h2>\n<p>").append(text(result.comparison().claim()))
                .append("</p>\n<p class=\"muted\">").append(text(ComparisonReport.checked(result))).append(".</p>\n<table>\n");
        List<List<String>> rows = ComparisonReport.sheet(result).rows();
        for (int i = 0; i < rows.size(); i++) {
            page.append("<tr>");
            for (int j = 0; j < rows.get(i).size(); j++) {
                String cell = i == 0 || j == 0 ? "th" : "td";
                boolean fails = rows.get(i).get(j).endsWith("✗");
                page.append('<').append(cell).append(j == 0 ? "" : fails ? " class=\"number drop\"" : " class=\"number\"").append('>').append(text(rows.get(i).get(j)))
                        .append("</").append(cell).append('>');
            }
            page.append("</tr>\n");
        }
        page.append("</table>\n");
        List<String> failures = ComparisonReport.failures(result);
        if (!failures.isEmpty()) {
            page.append("<ul>\n");
            failures.forEach(line -> page.append("<li class=\"drop\">✗ ").append(text(line)).append("</li>\n"));
            page.append("</ul>\n");
        }
        page.append("</section>\n");
    }

    private void outcome(Experiment.Outcome outcome) {
        page.append("<h3>").append(text(ExperimentReport.name(outcome))).append("</h3>\n<table>\n<tr><th></th><th>on</th><th>off</th></tr>\n");
        for (ExperimentReport.Line line : ExperimentReport.lines(outcome)) {
            page.append("<tr><th>").append(text(line.what())).append("</th><td>").append(text(line.on())).append("</td><td>").append(text(line.off()))
                    .append("</td></tr>\n");
        }
        page.append("</table>\n<ul>\n");
        for (Experiment.Check check : outcome.checks()) {
            page.append("<li class=\"").append(word(check.holds())).append("\">").append(mark(check.holds())).append(" <b>").append(ExperimentReport.side(check))
                    .append("</b> ").append(text(check.expected())).append(" <span class=\"muted\">").append(text(ExperimentReport.seen(check)))
                    .append("</span></li>\n");
        }
        page.append("</ul>\n<div class=\"ladders\">\n");
        ladder("on", outcome.on(), outcome.divergence().map(careof.engine.experiment.Divergence::on).orElse(0L));
        ladder("off", outcome.off(), outcome.divergence().map(careof.engine.experiment.Divergence::off).orElse(0L));
        page.append("</div>\n");
    }

    private void ladder(String name, Experiment.Side side, long parts) {
        page.append("<figure><figcaption>").append(name).append("</figcaption>\n")
                .append(LadderSvg.of(Ladder.of(side.lab(), side.trace()), parts)).append("</figure>\n");
    }

    private static String word(boolean holds) {
        return holds ? "fine" : "drop";
    }

    private static String mark(boolean holds) {
        return holds ? "✓" : "✗";
    }

    static String text(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\"", "&quot;");
    }

    static String seconds(long nanos) {
        return VirtualTime.seconds(nanos);
    }

    /** The window's colours. */
    private static String style() {
        String tokens;
        try (InputStream in = ExperimentHtml.class.getClassLoader().getResourceAsStream(TOKENS)) {
            if (in == null) {
                throw new IllegalStateException("no " + TOKENS);
            }
            tokens = new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        int dark = tokens.indexOf(".root:dark");
        return ":root { color-scheme: light dark; " + variables(tokens.substring(0, dark)) + "}\n@media (prefers-color-scheme: dark) { :root { "
                + variables(tokens.substring(dark)) + "} }\n" + """
                body { background: var(--window); color: var(--text); font: 15px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 76rem; padding: 0 1rem; }
                section { background: var(--panel); border: 1px solid var(--line); border-radius: 10px; margin: 1.5rem 0; padding: 0.5rem 1.5rem 1.5rem; }
                nav a { border: 1px solid var(--line); border-radius: 6px; padding: 0.2rem 0.6rem; text-decoration: none; }
                .letter { background: var(--accent-soft); border-radius: 6px; color: var(--accent); padding: 0 0.5rem; }
                .fine { color: var(--fine-text); }
                .drop { color: var(--drop-text); }
                .muted { color: var(--muted); }
                table { border-collapse: collapse; }
                th, td { border-bottom: 1px solid var(--line); padding: 0.25rem 0.8rem; text-align: left; vertical-align: top; }
                .number { text-align: right; }
                ul { list-style: none; padding: 0; }
                li { margin: 0.15rem 0; }
                .ladders { display: flex; flex-wrap: wrap; gap: 1rem; }
                figure { background: var(--canvas); border: 1px solid var(--line); border-radius: 8px; flex: 1 1 30rem; margin: 0; overflow: auto; padding: 0.5rem; }
                svg { display: block; min-width: 30rem; width: 100%; }
                svg text { fill: var(--text); font: 11px system-ui, sans-serif; }
                svg .time { fill: var(--muted); font-family: ui-monospace, monospace; }
                svg .lane { stroke: var(--line); }
                svg .first { fill: var(--changed); }
                svg .mobility, svg .mobility-arrow { fill: var(--mobility); stroke: var(--mobility); }
                svg .data, svg .data-arrow { fill: var(--data); stroke: var(--data); }
                svg text.mobility-text { fill: var(--mobility-text); font-weight: 600; }
                svg text.data-text { fill: var(--data-text); font-weight: 600; }
                svg .cross { fill: none; stroke: var(--drop); stroke-width: 2; }
                svg text.drop-text { fill: var(--drop-text); }
                """;
    }

    private static String variables(String tokens) {
        StringBuilder text = new StringBuilder();
        Matcher matcher = TOKEN.matcher(tokens);
        while (matcher.find()) {
            text.append("--").append(matcher.group(1)).append(": ").append(matcher.group(2)).append("; ");
        }
        return text.toString();
    }
}
