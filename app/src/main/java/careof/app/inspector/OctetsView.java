package careof.app.inspector;

import careof.app.theme.Palette;
import careof.app.theme.Theme;
import careof.engine.base.Octets;
import java.util.function.IntConsumer;
import javafx.geometry.Orientation;
import javafx.geometry.Point2D;
import javafx.geometry.VPos;
import javafx.scene.AccessibleRole;
import javafx.scene.canvas.Canvas;
import javafx.scene.canvas.GraphicsContext;
import javafx.scene.control.ScrollBar;
import javafx.scene.input.KeyEvent;
import javafx.scene.input.MouseEvent;
import javafx.scene.layout.Region;
import javafx.scene.text.Font;
import javafx.scene.text.Text;

/** Octets in hexadecimal and as characters, with a highlighted range; only visible lines are painted. */
public final class OctetsView extends Region {
    private static final double LINE = 17;
    private static final double PAD = 8;

    private final Theme theme;
    private final Canvas canvas = new Canvas();
    private final ScrollBar bar = new ScrollBar();
    private final Font font = Font.font("Monospaced", 11.5);
    private final double cell;
    private IntConsumer onChosen = _ -> { };
    private Octets octets = Octets.EMPTY;
    private int from;
    private int to;
    private int outerFrom;
    private int outerTo;
    private int perLine = 16;

    public OctetsView(Theme theme) {
        this.theme = theme;
        Text probe = new Text("0000000000");
        probe.setFont(font);
        cell = probe.getLayoutBounds().getWidth() / 10;
        getStyleClass().add("octets");
        setId("octets");
        setFocusTraversable(true);
        setAccessibleRole(AccessibleRole.TEXT_AREA);
        setAccessibleText("Octets");
        bar.setOrientation(Orientation.VERTICAL);
        bar.valueProperty().subscribe(_ -> draw());
        getChildren().addAll(canvas, bar);
        theme.follow(this, (view, _) -> view.draw());
        focusedProperty().subscribe(_ -> draw());
        canvas.setOnMousePressed(this::press);
        setOnScroll(e -> bar.setValue(Math.clamp(bar.getValue() - e.getDeltaY(), 0, bar.getMax())));
        setOnKeyPressed(this::key);
    }

    /** Called with an octet's offset when the user chooses it. */
    public void setOnChosen(IntConsumer handler) {
        onChosen = handler;
    }

    public void show(Octets octets) {
        this.octets = octets;
        from = to = outerFrom = outerTo = 0;
        bar.setValue(0);
        requestLayout();
        draw();
    }

    /** Highlights octets {@code from} (inclusive) to {@code to} (exclusive), and more softly those of the header around them. */
    public void highlight(int from, int to, int outerFrom, int outerTo) {
        this.from = from;
        this.to = to;
        this.outerFrom = outerFrom;
        this.outerTo = outerTo;
        if (to > from) {
            double top = from / perLine * LINE;
            if (top < bar.getValue() || top + LINE > bar.getValue() + getHeight() - PAD) {
                bar.setValue(Math.clamp(top - getHeight() / 3, 0, bar.getMax()));
            }
        }
        draw();
    }

    /** The octets shown. */
    public Octets shown() {
        return octets;
    }

    /** First highlighted octet. */
    public int highlightFrom() {
        return from;
    }

    /** After the last highlighted octet. */
    public int highlightTo() {
        return to;
    }

    private int digits() {
        return octets.length() > 0xffff ? 6 : 4;
    }

    private double hexX(int column) {
        return PAD + (digits() + 2 + 3 * column + (column >= perLine / 2 ? 1 : 0)) * cell;
    }

    private double charX(int column) {
        return PAD + (digits() + 2 + 3 * perLine + 2 + column) * cell;
    }

    /** The middle of an octet in this control, for tests and tips. */
    public Point2D middleOf(int offset) {
        return new Point2D(hexX(offset % perLine) + cell, PAD / 2 + offset / perLine * LINE + LINE / 2 - bar.getValue());
    }

    private void press(MouseEvent e) {
        requestFocus();
        int line = (int) ((e.getY() - PAD / 2 + bar.getValue()) / LINE);
        for (int column = 0; column < perLine; column++) {
            boolean hex = e.getX() >= hexX(column) - cell / 2 && e.getX() < hexX(column) + 2.5 * cell;
            boolean character = e.getX() >= charX(column) && e.getX() < charX(column) + cell;
            int offset = line * perLine + column;
            if ((hex || character) && offset >= 0 && offset < octets.length()) {
                onChosen.accept(offset);
                return;
            }
        }
    }

    private void key(KeyEvent e) {
        int by = switch (e.getCode()) {
            case LEFT -> -1;
            case RIGHT -> 1;
            case UP -> -perLine;
            case DOWN -> perLine;
            default -> 0;
        };
        if (by != 0 && !octets.isEmpty()) {
            int next = by == 1 ? Math.max(to, from + 1) : from + by;
            onChosen.accept(Math.clamp(next, 0, octets.length() - 1));
            e.consume();
        }
    }

    @Override
    protected void layoutChildren() {
        double barWidth = bar.prefWidth(-1);
        double width = getWidth() - barWidth;
        perLine = fits(16, width) ? 16 : 8;
        canvas.setWidth(Math.max(0, width));
        canvas.setHeight(getHeight());
        double content = (octets.length() + perLine - 1) / perLine * LINE + PAD;
        bar.setMax(Math.max(0, content - getHeight()));
        bar.setVisibleAmount(bar.getMax() == 0 ? 1 : bar.getMax() * getHeight() / Math.max(1, content));
        bar.setUnitIncrement(LINE);
        bar.setBlockIncrement(getHeight());
        bar.setVisible(bar.getMax() > 0);
        bar.setValue(Math.min(bar.getValue(), bar.getMax()));
        bar.resizeRelocate(width, 0, barWidth, getHeight());
        draw();
    }

    private boolean fits(int columns, double width) {
        return PAD + (digits() + 2 + 3 * columns + 2 + columns + 1) * cell <= width;
    }

    private void draw() {
        GraphicsContext g = canvas.getGraphicsContext2D();
        Palette p = theme.palette();
        g.setFill(p.color("panel"));
        g.fillRect(0, 0, canvas.getWidth(), canvas.getHeight());
        if (octets.isEmpty()) {
            return;
        }
        g.setFont(font);
        g.setTextBaseline(VPos.CENTER);
        int first = (int) (bar.getValue() / LINE);
        int last = Math.min((octets.length() - 1) / perLine, (int) ((bar.getValue() + getHeight()) / LINE));
        for (int line = first; line <= last; line++) {
            double y = PAD / 2 + line * LINE - bar.getValue();
            int start = line * perLine;
            int end = Math.min(octets.length(), start + perLine);
            band(g, p, "accent-soft", y, Math.max(start, outerFrom), Math.min(end, outerTo), 0.55);
            band(g, p, "accent", y, Math.max(start, from), Math.min(end, to), 1);
            g.setFill(p.color("faint"));
            g.fillText(String.format("%0" + digits() + "x", start), PAD, y + LINE / 2);
            for (int i = start; i < end; i++) {
                int octet = octets.at(i);
                boolean lit = i >= from && i < to;
                g.setFill(lit ? p.color(p.isDark() ? "window" : "panel") : octet == 0 ? p.color("faint") : p.color("text"));
                g.fillText(hex(octet), hexX(i - start), y + LINE / 2);
                g.setFill(lit ? p.color(p.isDark() ? "window" : "panel") : p.color("muted"));
                g.fillText(octet >= 0x20 && octet < 0x7f ? String.valueOf((char) octet) : "·", charX(i - start), y + LINE / 2);
            }
        }
    }

    private void band(GraphicsContext g, Palette p, String token, double y, int start, int end, double alpha) {
        if (end > start) {
            g.setFill(p.color(token));
            g.setGlobalAlpha(alpha);
            double x = hexX(start % perLine) - 0.4 * cell;
            g.fillRoundRect(x, y + 0.5, hexX((end - 1) % perLine) + 2.4 * cell - x, LINE - 1, 5, 5);
            double c = charX(start % perLine) - 0.5;
            g.fillRoundRect(c, y + 0.5, charX((end - 1) % perLine) + cell + 0.5 - c, LINE - 1, 4, 4);
            g.setGlobalAlpha(1);
        }
    }

    private static String hex(int octet) {
        return "" + Character.forDigit(octet >> 4, 16) + Character.forDigit(octet & 15, 16);
    }
}
