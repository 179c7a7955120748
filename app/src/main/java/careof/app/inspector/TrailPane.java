package careof.app.inspector;

import careof.app.session.Background;
import careof.app.session.Command;
import careof.app.session.Notice;
import careof.app.session.Session;
import careof.app.session.SessionState;
import careof.app.tables.Tables;
import careof.engine.decode.LinkType;
import careof.engine.decode.Summary;
import careof.engine.trace.TraceEvent.FrameSent;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.BiConsumer;
import javafx.collections.FXCollections;
import javafx.collections.ObservableList;
import javafx.css.PseudoClass;
import javafx.scene.Node;
import javafx.scene.control.Hyperlink;
import javafx.scene.control.Label;
import javafx.scene.control.ListCell;
import javafx.scene.control.ListView;
import javafx.scene.control.Tooltip;
import javafx.scene.input.KeyCode;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;

/** The decisions about the selected packet; a double click moves the cursor to one. */
public final class TrailPane extends VBox {
    private static final PseudoClass FUTURE = PseudoClass.getPseudoClass("future");
    private static final PseudoClass HERE = PseudoClass.getPseudoClass("here");

    private final Session session;
    private final BiConsumer<String, String> onEntry;
    private final ObservableList<Trail.Line> lines = FXCollections.observableArrayList();
    private final ListView<Trail.Line> list = new ListView<>(lines);
    private final Label about = new Label();
    private Optional<Background.Job> job = Optional.empty();
    private FrameSent frame;
    private SessionState state;
    private long shownUpTo;

    /** @param onEntry called with a node and one of its table rows, "kind key", when the user asks to see that row */
    public TrailPane(Session session, BiConsumer<String, String> onEntry) {
        this.session = session;
        this.onEntry = onEntry;
        getStyleClass().add("trail");
        Label title = new Label("Decisions");
        title.getStyleClass().add("pane-title");
        about.getStyleClass().add("pane-subtitle");
        HBox head = new HBox(8, title, about);
        head.getStyleClass().add("pane-head");
        list.setId("trail");
        list.getStyleClass().add("edge-to-edge");
        list.setCellFactory(_ -> new Cell());
        Label none = new Label("Select a packet to see what each node decided about it, and which section ruled.");
        none.setWrapText(true);
        none.getStyleClass().add("placeholder");
        list.setPlaceholder(none);
        list.setOnKeyPressed(e -> {
            if (e.getCode() == KeyCode.ENTER) {
                go(list.getSelectionModel().getSelectedItem());
            }
        });
        VBox.setVgrow(list, Priority.ALWAYS);
        getChildren().addAll(head, list);
    }

    private void go(Trail.Line line) {
        if (line != null) {
            session.send(new Command.Seek(line.event()));
        }
    }

    /** @param frame null: nothing */
    public void select(FrameSent frame) {
        this.frame = frame;
        shownUpTo = 0;
        if (frame == null) {
            job.ifPresent(Background.Job::cancel);
            lines.clear();
            about.setText("");
        } else {
            read();
        }
    }

    public void show(SessionState next) {
        boolean moved = state == null || state.cursor() != next.cursor();
        state = next;
        if (frame != null && next.index().lineage().lastOfAll(frame.packet()) > shownUpTo) {
            read();
        } else if (moved && !lines.isEmpty()) {
            list.refresh();
        }
    }

    private void read() {
        if (state == null) {
            return;
        }
        FrameSent wanted = frame;
        SessionState from = state;
        shownUpTo = from.index().lineage().lastOfAll(wanted.packet());
        job.ifPresent(Background.Job::cancel);
        job = Optional.of(session.background().run(j -> Trail.of(from.trace(), from.index(), wanted.packet(), j::isCancelled), this::set,
                e -> about.setText(Notice.why(e))));
        about.setText(Summary.of(wanted.frame(), LinkType.ETHERNET, from.index().opener()).label() + ", packet " + wanted.packet());
    }

    /** Twice: cells of several heights are where they are only once they were laid out. */
    private void reveal(int place) {
        list.scrollTo(place);
        list.layout();
        list.scrollTo(place);
    }

    private void set(List<Trail.Line> next) {
        if (!next.equals(lines)) {
            lines.setAll(next);
        }
        if (frame == null) {
            return;
        }
        // What ended it says most; else it begins where the frame was sent.
        int here = -1;
        int end = -1;
        for (int i = 0; i < lines.size(); i++) {
            here = lines.get(i).event() == frame.id() ? i : here;
            end = here >= 0 && lines.get(i).kind() == Trail.Kind.DROPPED ? i : end;
        }
        if (end >= 0) {
            list.getSelectionModel().clearAndSelect(end);
            reveal(end);
        } else if (here >= 0) {
            reveal(Math.max(0, here - 2));
        }
    }

    private final class Cell extends ListCell<Trail.Line> {
        private final Label sign = new Label();
        private final Label node = new Label();
        private final Label time = new Label();
        private final Label text = new Label();
        private final Label section = new Label();
        private final Label rule = new Label();
        private final Hyperlink entry = new Hyperlink();
        private final VBox body;

        Cell() {
            getStyleClass().add("trail-cell");
            setPrefWidth(0);
            sign.getStyleClass().add("sign");
            sign.setMinWidth(14);
            node.getStyleClass().add("node");
            time.getStyleClass().add("time");
            section.getStyleClass().add("section");
            section.setMinWidth(0);
            text.setWrapText(true);
            text.setMinHeight(Region.USE_PREF_SIZE);
            // A cell's height is asked for without its padding and the scroll bar.
            text.maxWidthProperty().bind(list.widthProperty().subtract(34));
            Region space = new Region();
            HBox.setHgrow(space, Priority.ALWAYS);
            rule.getStyleClass().add("rule");
            rule.setMinWidth(Region.USE_PREF_SIZE);
            entry.getStyleClass().add("entry-link");
            entry.setMinWidth(0);
            entry.setOnAction(_ -> onEntry.accept(getItem().node(), getItem().entry()));
            HBox top = new HBox(5, sign, node, rule, section, entry, space, time);
            time.setMinWidth(Region.USE_PREF_SIZE);
            node.setMinWidth(Region.USE_PREF_SIZE);
            top.getStyleClass().add("row");
            body = new VBox(1, top, text);
            setOnMouseClicked(e -> {
                if (e.getClickCount() == 2) {
                    go(getItem());
                }
            });
        }

        private static void shown(Node part, boolean shown) {
            part.setVisible(shown);
            part.setManaged(shown);
        }

        @Override
        protected void updateItem(Trail.Line line, boolean empty) {
            super.updateItem(line, empty);
            getStyleClass().removeAll("dropped", "passed", "moved", "changed");
            if (empty || line == null) {
                setGraphic(null);
                pseudoClassStateChanged(FUTURE, false);
                pseudoClassStateChanged(HERE, false);
                return;
            }
            getStyleClass().add(line.kind().name().toLowerCase(Locale.ROOT));
            sign.setText(switch (line.kind()) {
                case PASSED -> "✓";
                case DROPPED -> "✕";
                case MOVED -> "→";
                case CHANGED -> "●";
            });
            node.setText(line.node().isEmpty() ? "link" : line.node());
            time.setText(line.time());
            text.setText(line.text());
            section.setText(line.section());
            shown(rule, line.rule().isPresent());
            line.rule().ifPresent(r -> {
                rule.setText(r.name());
                rule.setTooltip(new Tooltip(r + "  " + r.title() + "\ndraft section " + r.section()));
            });
            boolean row = Tables.isShown(line.entry());
            shown(entry, row);
            entry.setText(row ? line.entry().replace('-', ' ') : "");
            entry.setVisited(false);
            pseudoClassStateChanged(FUTURE, state != null && line.event() > state.cursor());
            pseudoClassStateChanged(HERE, state != null && line.event() == state.cursor());
            setGraphic(body);
        }
    }
}
