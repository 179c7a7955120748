package careof.app.ladder;

import careof.app.packets.Kinds;
import careof.app.packets.Names;
import careof.app.session.Command;
import careof.app.session.Ids;
import careof.app.session.Series;
import careof.app.session.Session;
import careof.app.session.SessionState;
import careof.app.theme.Palette;
import careof.app.theme.Theme;
import careof.engine.base.VirtualTime;
import careof.engine.decode.PacketSummary.Kind;
import careof.engine.lab.LabNode;
import careof.engine.trace.TraceEvent.FrameSent;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongConsumer;
import javafx.collections.FXCollections;
import javafx.collections.ObservableList;
import javafx.geometry.Pos;
import javafx.geometry.VPos;
import javafx.scene.canvas.Canvas;
import javafx.scene.canvas.GraphicsContext;
import javafx.scene.control.ComboBox;
import javafx.scene.control.Label;
import javafx.scene.control.ListCell;
import javafx.scene.control.ListView;
import javafx.scene.input.KeyCode;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.StackPane;
import javafx.scene.layout.VBox;
import javafx.scene.shape.ArcType;
import javafx.scene.text.Font;
import javafx.scene.text.FontWeight;
import javafx.scene.text.Text;
import javafx.scene.text.TextAlignment;

/**
 * Each signalling message between the nodes whose addresses its outer header bears, tunnels as two arrows; time goes down. A lock says that IKE
 * encrypts a message, a cross at the end of an arrow that somebody did not take it; what the chosen one says stands below.
 */
public final class LadderPane extends VBox {
    private static final double ROW = 24;
    private static final double TIME = 86;
    private static final double RIGHT = 40;
    private static final double SCROLL_BAR = 12;
    /** Of a lock in a pill, pixels. */
    private static final double LOCK = 12;
    /** Packets that a message may have been, on other links or in tunnels, before it is the one at hand. */
    private static final int LONGEST_WAY = 64;

    private final Session session;
    private final Theme theme;
    /** Every leg of the run with its kind, in the order of time, and those that are shown. */
    private final Map<Long, Kind> all = new LinkedHashMap<>();
    private final ObservableList<Long> legs = FXCollections.observableArrayList();
    private final ListView<Long> list = new ListView<>(legs);
    private final Canvas head = new Canvas(10, ROW);
    /** Tells how wide the text of a pill is. */
    private final Text measure = new Text();
    private final Label words = new Label();
    private final ComboBox<LadderChoice> choice = new ComboBox<>();
    private final Names names = new Names();
    private final Set<String> seen = new LinkedHashSet<>();
    /** Messages of the run that were looked at. */
    private int read;
    private LadderChoice shown = LadderChoice.ALL;
    private Series marked = new Ids();
    private List<String> lanes = List.of();
    private SessionState state;
    /** The message is chosen elsewhere, where it need not be told again. */
    private boolean following;

    /** @param onChosen called with the event that sent a message when the user chooses it */
    public LadderPane(Session session, Theme theme, LongConsumer onChosen) {
        this.session = session;
        this.theme = theme;
        getStyleClass().add("ladder");
        measure.setFont(Font.font("System", FontWeight.BOLD, 10.5));
        list.setId("ladder");
        list.getStyleClass().add("edge-to-edge");
        list.setFixedCellSize(ROW);
        list.setCellFactory(_ -> new Cell());
        Label none = new Label();
        none.textProperty().bind(choice.valueProperty().map(LadderChoice::none));
        none.getStyleClass().add("placeholder");
        list.setPlaceholder(none);
        list.getSelectionModel().selectedItemProperty().subscribe(id -> {
            describe(id);
            if (id != null && !following) {
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
        choice.setId("ladder-shown");
        choice.getItems().setAll(LadderChoice.values());
        choice.setValue(shown);
        choice.setAccessibleText("Which messages to show");
        choice.valueProperty().subscribe((_, which) -> showOnly(which));
        choice.setMaxSize(TIME + 6, ROW - 3);
        StackPane.setAlignment(choice, Pos.CENTER_LEFT);
        words.setId("ladder-words");
        words.getStyleClass().add("ladder-words");
        words.setWrapText(true);
        words.setMaxWidth(Double.MAX_VALUE);
        VBox.setVgrow(list, Priority.ALWAYS);
        getChildren().addAll(new StackPane(top, choice), list, words);
        theme.paletteProperty().subscribe(_ -> {
            drawHead();
            list.refresh();
        });
    }

    /** Shows the messages up to the run's head, those after the cursor faint. */
    public void show(SessionState next) {
        boolean other = state == null || state.trace() != next.trace();
        boolean moved = state == null || state.cursor() != next.cursor();
        if (other) {
            // As long as they are of the run before: rows paint themselves once more as they go.
            legs.clear();
            all.clear();
            seen.clear();
            read = 0;
            mark(new Ids());
        }
        state = next;
        boolean renamed = names.learn(next);
        Series series = next.index().legs();
        forget(next.trace().first());
        List<Long> fresh = new ArrayList<>();
        for (int i = Math.max(read, series.first()); i < series.size(); i++) {
            long id = series.get(i);
            leg(id).ifPresent(leg -> {
                all.put(id, leg.summary().kind());
                seen.add(leg.from());
                leg.to().ifPresent(seen::add);
                if (isShown(id)) {
                    fresh.add(id);
                }
            });
        }
        read = series.size();
        legs.addAll(fresh);
        if (other || renamed || !fresh.isEmpty()) {
            lanes = next.lab().nodes().stream().map(LabNode::name).filter(seen::contains).toList();
            drawHead();
            list.refresh();
        } else if (moved) {
            list.refresh();
        }
        if (moved) {
            reveal(next.cursor());
        }
    }

    /** Messages before this event are kept no longer. */
    private void forget(long first) {
        int gone = upTo(first - 1);
        if (gone > 0) {
            legs.remove(0, gone);
        }
        Iterator<Long> oldest = all.keySet().iterator();
        while (oldest.hasNext() && oldest.next() < first) {
            oldest.remove();
        }
    }

    /** How many of the messages shown are up to an event. */
    private int upTo(long event) {
        int place = Collections.binarySearch(legs, event);
        return place < 0 ? -place - 1 : place + 1;
    }

    private boolean isShown(long id) {
        return shown.shows(all.get(id), marked.has(id));
    }

    /** Scrolls to the last message up to an event. */
    private void reveal(long event) {
        int place = upTo(event);
        if (!legs.isEmpty()) {
            list.scrollTo(Math.max(0, place - 5));
        }
    }

    private void showOnly(LadderChoice which) {
        Long chosen = list.getSelectionModel().getSelectedItem();
        shown = which;
        // Not to have the list choose whatever stands in the same place.
        list.getSelectionModel().clearSelection();
        legs.setAll(all.keySet().stream().filter(this::isShown).toList());
        if (state != null) {
            reveal(state.cursor());
        }
        choose(chosen);
    }

    /** Chooses the message of a frame that is selected elsewhere, if it is shown: the one that was first sent, or the one that a router passed on. */
    public void select(FrameSent frame) {
        if (state == null || frame == null) {
            return;
        }
        long packet = frame.packet();
        Optional<FrameSent> origin = Optional.of(frame);
        for (int i = 0; i < LONGEST_WAY && packet != 0 && origin.filter(sent -> all.containsKey(sent.id())).isEmpty(); i++) {
            packet = state.index().lineage().parentOf(packet);
            origin = state.trace().frameOf(packet);
        }
        choose(origin.map(FrameSent::id).orElse(null));
    }

    private void choose(Long id) {
        int place = id == null ? -1 : legs.indexOf(id);
        if (place >= 0 && place != list.getSelectionModel().getSelectedIndex()) {
            following = true;
            list.getSelectionModel().clearAndSelect(place);
            following = false;
            list.scrollTo(Math.max(0, place - 3));
        }
    }

    /** Which messages to show; of one exchange those that are marked. */
    ComboBox<LadderChoice> choice() {
        return choice;
    }

    /** Marks the messages of these events, instead of those that are marked. */
    public void mark(Series events) {
        marked = events;
        if (shown == LadderChoice.EXCHANGE) {
            showOnly(LadderChoice.EXCHANGE);
        } else {
            list.refresh();
        }
    }

    /** The messages shown, by the events that sent them. */
    public ObservableList<Long> legs() {
        return FXCollections.unmodifiableObservableList(legs);
    }

    private Optional<Leg> leg(long event) {
        return Leg.of(state.trace(), state.index(), names, event);
    }

    private void describe(Long id) {
        words.setText(id == null ? "" : leg(id).map(leg -> leg.words(state.trace())).orElse(""));
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
            hoverProperty().subscribe(over -> describe(over && getItem() != null ? getItem() : list.getSelectionModel().getSelectedItem()));
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
            Optional<Leg> found = leg(getItem());
            if (found.isEmpty()) {
                return;
            }
            Leg leg = found.get();
            if (marked.has(getItem()) && !isSelected()) {
                g.setFill(p.color(Kinds.token(leg.summary().kind()) + "-soft"));
                g.fillRect(0, 0, width, ROW);
            }
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
            double from = x(leg.from());
            double to = leg.to().map(LadderPane.this::x).orElse(Math.min(width - 8, from + 60));
            arrow(g, p, leg, from, to);
            pill(g, p, leg, (from + to) / 2);
            g.setGlobalAlpha(1);
        }

        private void arrow(GraphicsContext g, Palette p, Leg leg, double from, double to) {
            String token = Kinds.token(leg.summary().kind());
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
            if (leg.end() != 0) {
                double x = to - way * 5;
                g.setStroke(p.color("drop"));
                g.setLineWidth(2);
                g.strokeLine(x - 4, ROW / 2 - 4, x + 4, ROW / 2 + 4);
                g.strokeLine(x - 4, ROW / 2 + 4, x + 4, ROW / 2 - 4);
            } else {
                g.fillPolygon(new double[] {to, to - way * 8, to - way * 8}, new double[] {ROW / 2, ROW / 2 - 4.5, ROW / 2 + 4.5}, 3);
            }
        }

        private void pill(GraphicsContext g, Palette p, Leg leg, double middle) {
            String token = Kinds.token(leg.summary().kind());
            g.setFont(measure.getFont());
            String text = leg.summary().label();
            double lock = leg.isEncrypted() ? LOCK : 0;
            measure.setText(text);
            double w = 14 + measure.getLayoutBounds().getWidth() + lock;
            g.setFill(p.color(token));
            g.fillRoundRect(middle - w / 2, ROW / 2 - 8, w, 16, 16, 16);
            g.setTextAlign(TextAlignment.CENTER);
            g.setFill(p.color(token + "-text"));
            g.fillText(text, middle + lock / 2, ROW / 2 + 0.5);
            if (lock > 0) {
                double x = middle - w / 2 + 9.5;
                g.fillRoundRect(x - 3.5, ROW / 2 - 1.2, 7, 5.2, 1.5, 1.5);
                g.setStroke(p.color(token + "-text"));
                g.setLineWidth(1.2);
                g.strokeArc(x - 2.2, ROW / 2 - 4.6, 4.4, 6, 0, 180, ArcType.OPEN);
            }
        }
    }
}
