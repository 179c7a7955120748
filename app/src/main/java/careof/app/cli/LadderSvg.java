package careof.app.cli;

import careof.engine.metrics.Ladder;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** A ladder as inline SVG; colours come from the page around it. */
final class LadderSvg {
    private static final int ROW = 22;
    private static final int TIME = 74;
    private static final int LANE = 96;
    private static final int MARGIN = 40;
    /** Rows shown; more are counted only. */
    private static final int MOST = 90;

    private final Ladder ladder;
    private final StringBuilder svg = new StringBuilder();
    private int y = ROW;

    private LadderSvg(Ladder ladder) {
        this.ladder = ladder;
    }

    /** @param parts the event at which this run parts from the other, marked; 0: none */
    static String of(Ladder ladder, long parts) {
        LadderSvg picture = new LadderSvg(ladder);
        picture.draw(parts);
        return picture.svg.toString();
    }

    private int x(String lane) {
        return TIME + MARGIN + ladder.lanes().indexOf(lane) * LANE;
    }

    private void draw(long parts) {
        List<Ladder.Row> rows = ladder.rows().subList(0, Math.min(MOST, ladder.rows().size()));
        int more = ladder.rows().size() - rows.size();
        int width = TIME + 2 * MARGIN + Math.max(1, ladder.lanes().size()) * LANE + 160;
        int height = ROW * (rows.size() + 2 + (more > 0 ? 1 : 0));
        svg.append("<svg viewBox=\"0 0 ").append(width).append(' ').append(height).append("\" role=\"img\" aria-label=\"Message ladder\">\n");
        for (String lane : ladder.lanes()) {
            text(x(lane), 14, "middle", "", lane);
            line("lane", x(lane), ROW, x(lane), height - ROW / 2);
        }
        boolean marked = parts == 0;
        for (Ladder.Row row : rows) {
            y += ROW;
            if (!marked && row.event() >= parts) {
                marked = true;
                svg.append("<rect class=\"first\" x=\"0\" y=\"").append(y - ROW / 2).append("\" width=\"").append(width).append("\" height=\"").append(ROW)
                        .append("\"><title>The runs part here</title></rect>\n");
            }
            text(TIME - 8, y + 4, "end", "time", ExperimentHtml.seconds(row.at()));
            switch (row) {
                case Ladder.Arrow arrow -> arrow(arrow);
                case Ladder.Action action -> text(TIME + 8, y + 4, "start", "", action.text());
                case Ladder.Drop drop -> drop(drop);
            }
        }
        if (more > 0) {
            text(TIME + 8, y + ROW + 4, "start", "time", "and " + more + " more");
        }
        svg.append("</svg>");
    }

    private void arrow(Ladder.Arrow arrow) {
        String kind = arrow.data() ? "data" : "mobility";
        int from = x(arrow.from());
        Optional<Integer> known = arrow.to().filter(ladder.lanes()::contains).map(this::x).filter(x -> x != from);
        int to = known.orElse(from + LANE / 2);
        int way = Integer.signum(to - from);
        line(kind + "-arrow", from, y, to - 6 * way, y);
        svg.append(String.format(Locale.ROOT, "<path class=\"%s\" d=\"M%d %d l%d -4 v8 z\"/>%n", kind, to, y, -8 * way));
        int width = 14 + 7 * arrow.name().length();
        int middle = (from + to) / 2;
        svg.append(String.format(Locale.ROOT, "<rect class=\"%s\" x=\"%d\" y=\"%d\" width=\"%d\" height=\"15\" rx=\"7\"/>%n", kind, middle - width / 2, y - 8, width));
        text(middle, y + 4, "middle", kind + "-text", arrow.name());
        if (!arrow.around().isEmpty()) {
            text(Math.max(from, to) + 8, y + 4, "start", "time", String.join(" ", arrow.around()));
        }
    }

    private void drop(Ladder.Drop drop) {
        int at = ladder.lanes().contains(drop.node()) ? x(drop.node()) : TIME + MARGIN / 2;
        svg.append(String.format(Locale.ROOT, "<path class=\"cross\" d=\"M%d %d l8 8 m-8 0 l8 -8\"/>%n", at - 4, y - 4));
        text(at + 10, y + 4, "start", "drop-text", drop.name() + ": " + drop.text() + (drop.count() > 1 ? " (" + drop.count() + " times)" : ""));
    }

    private void line(String kind, int x1, int y1, int x2, int y2) {
        svg.append(String.format(Locale.ROOT, "<line class=\"%s\" x1=\"%d\" y1=\"%d\" x2=\"%d\" y2=\"%d\"/>%n", kind, x1, y1, x2, y2));
    }

    private void text(int x, int y, String anchor, String kind, String text) {
        svg.append("<text x=\"").append(x).append("\" y=\"").append(y).append("\" text-anchor=\"").append(anchor).append('"');
        if (!kind.isEmpty()) {
            svg.append(" class=\"").append(kind).append('"');
        }
        svg.append('>').append(ExperimentHtml.text(text)).append("</text>\n");
    }
}
