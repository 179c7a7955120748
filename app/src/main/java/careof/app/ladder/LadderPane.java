package careof.app.ladder;

import careof.app.packets.Kinds;
import careof.app.packets.Names;
import careof.app.session.Command;
import careof.app.session.Series;
import careof.app.session.Session;
import careof.app.session.SessionState;
import careof.app.theme.Palette;
import careof.app.theme.Theme;
import careof.engine.base.VirtualTime;
import careof.engine.decode.LinkType;
import careof.engine.decode.PacketSummary;
import careof.engine.decode.Summary;
import careof.engine.lab.LabNode;
import careof.engine.trace.TraceEvent.FrameSent;
import careof.engine.trace.TraceStore;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongConsumer;
import javafx.collections.FXCollections;
import javafx.collections.ObservableList;
import javafx.geometry.VPos;
import javafx.scene.canvas.Canvas;
import javafx.scene.canvas.GraphicsContext;
import javafx.scene.control.Label;
import javafx.scene.control.ListCell;
import javafx.scene.control.ListView;
import javafx.scene.input.KeyCode;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;
import javafx.scene.text.Font;
import javafx.scene.text.FontWeight;
import javafx.scene.text.TextAlignment;

/** Each signalling message between the nodes whose addresses its outer header bears, tunnels as two arrows; time goes down. */
public final class LadderPane extends VBox {
    private static final double ROW = 24;
    private static final double TIME = 86;
    private static final double RIGHT = 40;
    private static final double SCROLL_BAR = 12;

    private final Session session;
    private final Theme theme;
    private final LongConsumer onChosen;
    private final ObservableList<Long> legs = FXCollections.observableArrayList();
    private final ListView<Long> list = new ListView<>(legs);
    private final Canvas head = new Canvas(10, ROW);
    private final Names names = new Names();
    private final Set<String> seen = new LinkedHashSet<>();
    private List<String> lanes = List.of();
    private SessionState state;

    /** @param onChosen called with the event that sent a message when the user chooses it */
    public LadderPane(Session session, Theme theme, LongConsumer onChosen) {
        this.session = session;
        this.theme = theme;
        this.onChosen = onChosen;
        getStyleClass().add("ladder");
        list.setId("ladder");
        list.getStyleClass().add("edge-to-edge");
        list.setFixedCellSize(ROW);
        list.setCellFactory(_ -> new Cell());
        Label none = new Label("No signalling yet: let the mobile node move.");
        none.getStyleClass().add("placeholder");
        list.setPlaceholder(none);
        list.getSelectionModel().selectedItemProperty().subscribe(id -> {
            if (id != null) {
                onChosen.accept(id);
            }
        });
        list.setOnKeyPressed(e -> {
            if (e.getCode() == KeyCode.ENTER && list.getSelectionModel().getSelectedItem() != null) {
                session.send(new Command.Seek(list.getSelectionModel().getSelectedItem()));
            }
        });
        Region top = new Region() {
            {
                getChildren().add(head);
            }

            @Override
            protected void layoutChildren() {
                head.setWidth(getWidth());
                drawHead();
            }
        };
        top.setMinHeight(ROW);
        top.setMaxHeight(ROW);
        VBox.setVgrow(list, Priority.ALWAYS);
        getChildren().addAll(top, list);
        theme.paletteProperty().subscribe(_ -> {
            drawHead();
            list.refresh();
        });
    }

    /** Shows the messages up to the run's head, those after the cursor faint. */
    public void show(SessionState next) {
        boolean other = state == null || state.trace() != next.trace();
        boolean moved = state == null || state.cursor() != next.cursor();
        state = next;
        boolean renamed = names.learn(next);
        Series all = next.index().legs();
        if (other) {
            legs.clear();
            seen.clear();
        }
        List<Long> fresh = new ArrayList<>();
        for (int i = legs.size(); i < all.size(); i++) {
            fresh.add(all.get(i));
        }
        for (long id : fresh) {
            Leg leg = leg(next.trace(), id);
            seen.add(leg.from());
            leg.to().ifPresent(seen::add);
        }
        legs.addAll(fresh);
        if (other || renamed || !fresh.isEmpty()) {
            lanes = next.lab().nodes().stream().map(LabNode::name).filter(seen::contains).toList();
            drawHead();
            list.refresh();
        } else if (moved) {
            list.refresh();
        }
        if (moved && !legs.isEmpty()) {
            list.scrollTo(Math.max(0, all.upTo(next.cursor()) - 5));
        }
    }

    /** A message on its way from one node's address to another's. */
    private record Leg(FrameSent sent, PacketSummary summary, String from, Optional<String> to) {}

    private Leg leg(TraceStore trace, long event) {
        FrameSent sent = (FrameSent) trace.get(event);
        PacketSummary summary = Summary.of(sent.frame(), LinkType.ETHERNET, state.index().opener());
        return new Leg(sent, summary, sent.node(), names.node(summary.destination()));
    }

    /** Head and rows agree, whether a scroll bar shows or not. */
    private double x(String lane) {
        double width = Math.max(TIME + 100, list.getWidth() - SCROLL_BAR);
        int place = lanes.indexOf(lane);
        double step = (width - TIME - RIGHT) / Math.max(1, lanes.size() - 1);
        return lanes.size() == 1 ? (TIME + width) / 2 : TIME + 24 + place * (step - 24.0 / Math.max(1, lanes.size() - 1));
    }

    private void drawHead() {
        GraphicsContext g = head.getGraphicsContext2D();
        Palette p = theme.palette();
        g.setFill(p.color("panel"));
        g.fillRect(0, 0, head.getWidth(), ROW);
        g.setFont(Font.font("System", FontWeight.BOLD, 11.5));
        g.setTextAlign(TextAlignment.CENTER);
        g.setTextBaseline(VPos.CENTER);
        g.setFill(p.color("text"));
        for (String lane : lanes) {
            g.fillText(lane, x(lane), ROW / 2);
        }
        g.setStroke(p.color("line"));
        g.strokeLine(0, ROW - 0.5, head.getWidth(), ROW - 0.5);
    }

    private final class Cell extends ListCell<Long> {
        private final Canvas canvas = new Canvas(10, ROW);

        Cell() {
            getStyleClass().add("ladder-cell");
            setPrefWidth(0);
            widthProperty().subscribe(_ -> draw());
            selectedProperty().subscribe(_ -> draw());
            setOnMouseClicked(e -> {
                if (e.getClickCount() == 2 && getItem() != null) {
                    session.send(new Command.Seek(getItem()));
                }
            });
        }

        @Override
        protected void updateItem(Long id, boolean empty) {
            super.updateItem(id, empty);
            setGraphic(empty || id == null ? null : canvas);
            draw();
        }

        private void draw() {
            if (getItem() == null || isEmpty() || state == null) {
                return;
            }
            double width = getWidth();
            canvas.setWidth(width);
            GraphicsContext g = canvas.getGraphicsContext2D();
            Palette p = theme.palette();
            g.clearRect(0, 0, width, ROW);
            Leg leg = leg(state.trace(), getItem());
            g.setGlobalAlpha(getItem() > state.cursor() ? 0.4 : 1);
            g.setStroke(p.color("line"));
            g.setLineWidth(1);
            for (String lane : lanes) {
                double x = Math.round(x(lane)) + 0.5;
                g.strokeLine(x, 0, x, ROW);
            }
            g.setTextBaseline(VPos.CENTER);
            g.setTextAlign(TextAlignment.RIGHT);
            g.setFont(Font.font("Monospaced", 11));
            g.setFill(p.color("muted"));
            g.fillText(VirtualTime.seconds(leg.sent().at()), TIME - 12, ROW / 2);
            String token = Kinds.token(leg.summary().kind());
            double from = x(leg.from());
            double to = leg.to().map(LadderPane.this::x).orElse(Math.min(width - 8, from + 60));
            double way = Math.signum(to - from);
            g.setStroke(p.color(token));
            g.setFill(p.color(token));
            g.setLineWidth(1.8);
            if (leg.summary().rings() > 0) {
                // In a tunnel: a double line.
                g.strokeLine(from, ROW / 2 - 1.8, to - way * 6, ROW / 2 - 1.8);
                g.strokeLine(from, ROW / 2 + 1.8, to - way * 6, ROW / 2 + 1.8);
            } else {
                g.strokeLine(from, ROW / 2, to - way * 6, ROW / 2);
            }
            g.fillPolygon(new double[] {to, to - way * 8, to - way * 8}, new double[] {ROW / 2, ROW / 2 - 4.5, ROW / 2 + 4.5}, 3);
            g.setFont(Font.font("System", FontWeight.BOLD, 10.5));
            String text = leg.summary().label();
            double w = 12 + 6.8 * text.length();
            double middle = (from + to) / 2;
            g.fillRoundRect(middle - w / 2, ROW / 2 - 8, w, 16, 16, 16);
            g.setTextAlign(TextAlignment.CENTER);
            g.setFill(p.color(token + "-text"));
            g.fillText(text, middle, ROW / 2 + 0.5, w - 4);
            g.setGlobalAlpha(1);
        }
    }
}
