package careof.app.cli;

import careof.engine.base.VirtualTime;
import careof.engine.experiment.Comparison;
import careof.engine.lab.Expectation.Range;
import careof.engine.lab.LabComparison;
import careof.engine.metrics.Verdict;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongFunction;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** What came out of a comparison, for people and for machines. */
public final class ComparisonReport {
    private ComparisonReport() {}

    /**
     * The table, its longer side down: variants are rows, or columns where there are fewer of them than of measures.
     *
     * @param rows the first one heads the columns, the first cell of each heads its row; cells that do not hold end with "✗"
     */
    public record Sheet(List<List<String>> rows) {}

    /** The table of a result. */
    public static Sheet sheet(Comparison.Result result) {
        return sheet(result.comparison(), result.rows().stream().map(row -> row.cells().stream().map(cell -> cell.value() + (cell.holds() ? "" : " ✗")).toList()).toList());
    }

    /** What is claimed, each number in the place where the run of its variant will say it; nothing where nothing is claimed. */
    public static Sheet claims(LabComparison comparison) {
        return sheet(comparison, comparison.variants().stream().map(variant -> comparison.measures().stream()
                .map(measure -> variant.values().containsKey(measure.name()) ? claim(measure, variant.values().get(measure.name())) : "").toList()).toList());
    }

    private static String claim(LabComparison.Measure measure, Range range) {
        LongFunction<String> text = measure.isTime() ? VirtualTime::format : Long::toString;
        String least = range.atLeast().map(text::apply).orElse("");
        String most = range.atMost().map(text::apply).orElse("");
        return least.equals(most) ? least : most.isEmpty() ? "≥ " + least : least.isEmpty() ? "≤ " + most : least + " – " + most;
    }

    /** @param cells of each variant, one for each measure */
    private static Sheet sheet(LabComparison comparison, List<List<String>> cells) {
        List<List<String>> rows = new ArrayList<>();
        rows.add(row("", comparison.measures().stream().map(LabComparison.Measure::name).toList()));
        for (int i = 0; i < cells.size(); i++) {
            rows.add(row(comparison.variants().get(i).name(), cells.get(i)));
        }
        return new Sheet(rows.size() < rows.getFirst().size() ? turned(rows) : rows);
    }

    private static List<String> row(String name, List<String> cells) {
        List<String> row = new ArrayList<>(List.of(name));
        row.addAll(cells);
        return row;
    }

    private static List<List<String>> turned(List<List<String>> rows) {
        List<List<String>> turned = new ArrayList<>();
        for (int i = 0; i < rows.getFirst().size(); i++) {
            int column = i;
            turned.add(rows.stream().map(row -> row.get(column)).toList());
        }
        return turned;
    }

    /** What is claimed and does not hold, a line each. */
    public static List<String> failures(Comparison.Result result) {
        List<String> lines = new ArrayList<>();
        for (Comparison.Row row : result.rows()) {
            for (Verdict verdict : row.failed()) {
                lines.add(row.variant().name() + ": " + verdict.expected() + " (" + verdict.seen() + ")");
            }
        }
        return lines;
    }

    /** How many cells claim something, and what else is checked. */
    public static String checked(Comparison.Result result) {
        long claimed = result.rows().stream().flatMap(row -> row.cells().stream()).filter(Comparison.Cell::claimed).count();
        long others = result.rows().stream().mapToLong(row -> row.others().size()).sum();
        return claimed + " cells are checked" + (others == 0 ? "" : ", and " + others + " expectations beside") + "; seed " + result.lab().seed();
    }

    static void print(String name, Comparison.Result result, PrintWriter out) {
        out.println(name + " " + (result.holds() ? "HOLDS" : "FAILS") + ": " + result.lab().name());
        ExperimentReport.wrapped(result.comparison().claim()).forEach(line -> out.println("  " + line));
        out.println("  " + checked(result));
        out.println();
        Table table = new Table();
        sheet(result).rows().forEach(table::row);
        table.print(out);
        failures(result).forEach(line -> out.println("  FAILS  " + line));
        out.println();
    }

    static ObjectNode json(String name, Comparison.Result result) {
        ObjectNode root = Json.object();
        root.put("name", name).put("title", result.lab().name()).put("claim", result.comparison().claim()).put("holds", result.holds())
                .put("seed", result.lab().seed());
        ArrayNode measures = root.putArray("measures");
        result.comparison().measures().stream().map(LabComparison.Measure::name).forEach(measures::add);
        ArrayNode variants = root.putArray("variants");
        for (Comparison.Row row : result.rows()) {
            ObjectNode variant = variants.addObject();
            variant.put("name", row.variant().name()).put("holds", row.holds()).put("events", row.trace().size()).put("digest", row.trace().digest());
            ArrayNode off = variant.putArray("off");
            row.lab().policy().off().forEach(letter -> off.add(letter.name()));
            ArrayNode cells = variant.putArray("cells");
            row.cells().forEach(cell -> cells.addObject().put("measure", cell.measure().name()).put("value", cell.value()).put("seen", cell.verdict().seen())
                    .put("claimed", cell.claimed()).put("expected", cell.verdict().expected()).put("holds", cell.holds()));
            ArrayNode checks = variant.putArray("checks");
            row.others().forEach(verdict -> checks.addObject().put("holds", verdict.outcome() == Verdict.Outcome.HOLDS).put("expected", verdict.expected())
                    .put("seen", verdict.seen()));
        }
        return root;
    }
}
