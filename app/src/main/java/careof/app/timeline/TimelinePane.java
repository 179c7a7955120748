package careof.app.timeline;

import careof.app.session.Command;
import careof.app.session.RunIndex;
import careof.app.session.RunIndex.Phase;
import careof.app.session.Series;
import careof.app.session.Session;
import careof.app.session.SessionState;
import careof.app.session.StepKind;
import careof.app.theme.Palette;
import careof.app.theme.Theme;
import careof.engine.base.VirtualTime;
import careof.engine.live.LiveLab;
import careof.engine.state.MovementState;
import careof.engine.trace.TraceEvent;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import javafx.geometry.VPos;
import javafx.scene.AccessibleRole;
import javafx.scene.Cursor;
import javafx.scene.canvas.Canvas;
import javafx.scene.canvas.GraphicsContext;
import javafx.scene.control.Tooltip;
import javafx.scene.input.KeyEvent;
import javafx.scene.input.MouseButton;
import javafx.scene.input.MouseEvent;
import javafx.scene.layout.Region;
import javafx.scene.paint.Color;
import javafx.scene.text.Font;
import javafx.scene.text.TextAlignment;

/** The whole run from left to right; dragging moves the cursor. */
public final class TimelinePane extends Region {
    private static final double LEFT = 88;
    private static final double RIGHT = 18;
    /** Of the cursor's time and of a tick's, pixels. */
    private static final double LABEL = 74;
    private static final double TICK_LABEL = 34;
    private static final double AXIS = 17;
    private static final double LANE = 13;
    private static final double GAP = 4;
    /** Mobile nodes that get a lane of their own. */
    private static final int MOST_LANES = 3;

    private final Session session;
    private final Theme theme;
    private final Function<TraceEvent, String> words;
    private final Canvas canvas = new Canvas();
    private final Tooltip tip = new Tooltip();
    private final Ticks signalling = new Ticks();
    private final Ticks ike = new Ticks();
    private final Ticks drops = new Ticks();
    private SessionState state;
    private List<String> lanes = List.of();
    private boolean scrubbing;
    private long scrubTime;

    /** @param words says what an event is, in one line */
    public TimelinePane(Session session, Theme theme, Function<TraceEvent, String> words) {
        this.session = session;
        this.theme = theme;
        this.words = words;
        getStyleClass().add("timeline");
        setId("timeline");
        setFocusTraversable(true);
        setAccessibleRole(AccessibleRole.SLIDER);
        setAccessibleText("Timeline; left and right arrows step by event, with Shift by signalling message");
        setCursor(Cursor.CROSSHAIR);
        getChildren().add(canvas);
        theme.paletteProperty().subscribe(_ -> draw());
        setOnMousePressed(e -> {
            requestFocus();
            scrub(e);
        });
        setOnMouseDragged(this::scrub);
        setOnMouseReleased(_ -> {
            scrubbing = false;
            draw();
        });
        setOnMouseMoved(this::showTip);
        setOnMouseExited(_ -> tip.hide());
        setOnKeyPressed(this::key);
    }

    public void show(SessionState state) {
        this.state = state;
        List<String> now = state.index().phases().stream().map(Phase::node).distinct().sorted().limit(MOST_LANES).toList();
        if (!now.equals(lanes)) {
            lanes = now;
            requestLayout();
        }
        draw();
    }

    private void scrub(MouseEvent e) {
        if (state == null || e.getButton() != MouseButton.PRIMARY) {
            return;
        }
        scrubbing = true;
        scrubTime = Math.min(scale().time(e.getX()), state.headTime());
        session.send(new Command.SeekTime(scrubTime));
        draw();
        e.consume();
    }

    private void key(KeyEvent e) {
        StepKind kind = e.isShiftDown() ? StepKind.SIGNALLING : StepKind.EVENT;
        switch (e.getCode()) {
            case LEFT -> session.send(new Command.Step(kind, false));
            case RIGHT -> session.send(new Command.Step(kind, true));
            case HOME -> session.send(new Command.Rewind());
            case END -> session.send(new Command.ToHead());
            default -> {
                return;
            }
        }
        e.consume();
    }

    private void showTip(MouseEvent e) {
        if (state == null || e.getX() < LEFT - 4) {
            tip.hide();
            return;
        }
        long time = scale().time(e.getX());
        String text = VirtualTime.seconds(time) + " s";
        long slack = scale().time(LEFT + 3) - scale().start();
        Series ids = near(state.index().drops(), time, slack) >= 0 ? state.index().drops() : state.index().signalling();
        int place = near(ids, time, slack);
        Optional<TraceEvent> found = place < 0 ? Optional.empty() : state.trace().find(ids.get(place));
        if (found.isPresent()) {
            TraceEvent event = found.get();
            text += "\n" + (event.node().isEmpty() ? "" : event.node() + ": ") + words.apply(event);
        }
        tip.setText(text);
        tip.show(this, e.getScreenX() + 12, e.getScreenY() - 48);
    }

    /** Place of the event nearest to a time and at most {@code slack} away; -1: none. */
    private int near(Series ids, long time, long slack) {
        int place = ids.upTo(state.trace().firstAt(time) - 1);
        int best = -1;
        long distance = slack + 1;
        for (int i = Math.max(ids.first(), place - 1); i <= Math.min(place, ids.size() - 1); i++) {
            long d = Math.abs(state.timeOf(ids.get(i)) - time);
            if (d < distance) {
                best = i;
                distance = d;
            }
        }
        return best;
    }

    /** So that the scale stands still most of the time: the next of 10, 20, 40 ... seconds. */
    private static long roundedUp(long time) {
        long end = 10 * VirtualTime.SECOND;
        while (end < time) {
            end *= 2;
        }
        return end;
    }

    private TimeScale scale() {
        long start = state.trace().base().time();
        long end = LiveLab.isEndless(state.lab()) ? start + roundedUp(state.headTime() - start) : Math.max(state.lab().until(), state.headTime());
        return new TimeScale(start, end, LEFT, getWidth() - RIGHT);
    }

    @Override
    protected void layoutChildren() {
        canvas.setWidth(getWidth());
        canvas.setHeight(getHeight());
        draw();
    }

    private void draw() {
        GraphicsContext g = canvas.getGraphicsContext2D();
        Palette p = theme.palette();
        g.setFill(p.color("panel"));
        g.fillRect(0, 0, getWidth(), getHeight());
        if (state == null || getWidth() < LEFT + RIGHT + 10) {
            return;
        }
        TimeScale scale = scale();
        double bottom = getHeight() - AXIS;
        g.setFont(Font.font(10.5));
        g.setTextBaseline(VPos.CENTER);

        double top = GAP + 1;
        double ticksTop = top + Math.max(1, lanes.size()) * (LANE + GAP);

        g.setFill(p.color("raised"));
        g.fillRoundRect(scale.left(), top, scale.right() - scale.left(), bottom - top, 6, 6);
        axis(g, p, scale, top, bottom);
        for (int i = 0; i < lanes.size(); i++) {
            lane(g, p, scale, lanes.get(i), top + i * (LANE + GAP));
        }
        g.setFill(p.color("muted"));
        g.setTextAlign(TextAlignment.RIGHT);
        double half = Math.max(8, (bottom - ticksTop - 2) / 2);
        g.fillText("signalling", LEFT - 8, ticksTop + half / 2, LEFT - 12);
        g.fillText("drops", LEFT - 8, ticksTop + half + half / 2, LEFT - 12);
        ticks(g, signalling.columns(state.index().signalling(), scale, state::timeOf), p.color("mobility"), ticksTop, half - 1);
        // Those of IKE hang lower, for eyes that do not tell the colours.
        ticks(g, ike.columns(state.index().ike(), scale, state::timeOf), p.color("raised"), ticksTop, (half - 1) / 2);
        ticks(g, ike.columns(state.index().ike(), scale, state::timeOf), p.color("ike"), ticksTop + (half - 1) / 2, (half - 1) / 2);
        ticks(g, drops.columns(state.index().drops(), scale, state::timeOf), p.color("drop"), ticksTop + half, half - 1);
        actions(g, p, scale, top, bottom);

        double head = scale.x(state.headTime());
        g.setFill(p.color("window").deriveColor(0, 1, 1, 0.55));
        g.fillRect(head, top, scale.right() - head, bottom - top);

        double x = cursorX(scale);
        g.setStroke(p.color("accent"));
        g.setLineWidth(1.5);
        g.strokeLine(x, top - 2, x, bottom + 2);
        g.setFill(p.color("accent"));
        g.fillPolygon(new double[] {x - 5, x + 5, x}, new double[] {top - 4, top - 4, top + 3}, 3);
        cursorLabel(g, p, labelMiddle(scale), bottom);
    }

    private double cursorX(TimeScale scale) {
        return Math.round(scale.x(scrubbing ? scrubTime : state.clock())) + 0.5;
    }

    /** Where the cursor's time stands: below the cursor, as far as the ends allow. */
    private double labelMiddle(TimeScale scale) {
        return Math.clamp(cursorX(scale), scale.left() + LABEL / 2 - 8, scale.right() - LABEL / 2 + 8);
    }

    private void cursorLabel(GraphicsContext g, Palette p, double middle, double bottom) {
        String text = VirtualTime.seconds(scrubbing ? scrubTime : state.clock()) + " s";
        g.setFill(p.color("accent"));
        g.fillRoundRect(middle - LABEL / 2, bottom + 2, LABEL, 14, 7, 7);
        g.setFill(p.isDark() ? p.color("window") : Color.WHITE);
        g.setTextAlign(TextAlignment.CENTER);
        g.fillText(text, middle, bottom + 9, LABEL - 6);
    }

    private void axis(GraphicsContext g, Palette p, TimeScale scale, double top, double bottom) {
        long tick = scale.tick(70);
        g.setTextAlign(TextAlignment.CENTER);
        g.setLineWidth(1);
        for (long t = Math.ceilDiv(scale.start(), tick) * tick; t <= scale.end(); t += tick) {
            double x = Math.round(scale.x(t)) + 0.5;
            g.setStroke(p.color("line"));
            g.strokeLine(x, top, x, bottom + 2);
            // Not half of a label beside the cursor's.
            if (Math.abs(x - labelMiddle(scale)) > LABEL / 2 + TICK_LABEL / 2) {
                g.setFill(p.color("faint"));
                g.fillText(TimeScale.label(t), x, bottom + 9);
            }
        }
    }

    private void lane(GraphicsContext g, Palette p, TimeScale scale, String node, double y) {
        g.setFill(p.color("muted"));
        g.setTextAlign(TextAlignment.RIGHT);
        g.fillText(node, LEFT - 8, y + LANE / 2, LEFT - 12);
        g.setTextAlign(TextAlignment.LEFT);
        for (Phase phase : state.index().phases()) {
            if (!phase.node().equals(node)) {
                continue;
            }
            double from = scale.x(phase.from());
            double to = scale.x(Math.min(phase.to(), state.headTime()));
            double width = Math.max(2, to - from - 1);
            String fill = switch (phase.phase()) {
                case DETACHED -> "drop";
                case SOLICITING, CONFIGURING -> "mobility";
                case AT_HOME -> "fine-soft";
                case AWAY -> "data-soft";
            };
            g.setFill(p.color(fill));
            g.fillRoundRect(from, y, width, LANE, 4, 4);
            String text = switch (phase.phase()) {
                case DETACHED -> "no link";
                case SOLICITING -> "looks for a router";
                case CONFIGURING -> "checks its address";
                case AT_HOME -> "at home";
                case AWAY -> "away";
            };
            if (width > 8 + 6 * text.length()) {
                g.setFill(p.color(phase.phase() == MovementState.Phase.AT_HOME ? "fine-text" : "muted"));
                g.fillText(text, from + 6, y + LANE / 2, width - 8);
            }
        }
    }

    /** One line for each pixel that holds an event, however many there are. */
    private void ticks(GraphicsContext g, BitSet columns, Color color, double y, double height) {
        g.setFill(color);
        for (int x = columns.nextSetBit(0); x >= 0; x = columns.nextSetBit(x + 1)) {
            g.fillRect(x, y, 1.6, height);
        }
    }

    private void actions(GraphicsContext g, Palette p, TimeScale scale, double top, double bottom) {
        g.setStroke(p.color("muted"));
        g.setLineWidth(1);
        g.setLineDashes(2, 3);
        RunIndex index = state.index();
        for (int i = index.actions().first(); i < index.actions().size(); i++) {
            double x = Math.round(scale.x(state.timeOf(index.actions().get(i)))) + 0.5;
            g.strokeLine(x, top, x, bottom);
        }
        g.setLineDashes((double[]) null);
    }

    @Override
    protected double computePrefHeight(double width) {
        return 66 + Math.max(0, lanes.size() - 1) * (LANE + GAP);
    }

    @Override
    protected double computeMinHeight(double width) {
        return computePrefHeight(width);
    }
}
