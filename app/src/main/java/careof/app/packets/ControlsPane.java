package careof.app.packets;

import careof.app.inspector.ControlText;
import careof.app.session.Command;
import careof.app.session.Series;
import careof.app.session.Session;
import careof.app.session.SessionState;
import careof.engine.base.VirtualTime;
import careof.engine.decode.Opener;
import careof.engine.trace.TraceEvent.Control;
import careof.engine.trace.TraceStore;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;
import javafx.beans.binding.Bindings;
import javafx.beans.value.ObservableValue;
import javafx.collections.FXCollections;
import javafx.collections.ObservableList;
import javafx.css.PseudoClass;
import javafx.scene.control.Label;
import javafx.scene.control.ListCell;
import javafx.scene.control.ListView;
import javafx.scene.input.KeyCode;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Region;
import javafx.scene.layout.StackPane;

/** The PF_KEY messages of all nodes, and those of IKE as they are in the clear, in the order of time; a double click moves the cursor to one. */
public final class ControlsPane extends StackPane {
    private static final PseudoClass FUTURE = PseudoClass.getPseudoClass("future");

    private final Session session;
    private final ObservableList<Long> events = FXCollections.observableArrayList();
    private final ListView<Long> list = new ListView<>(events);
    private TraceStore trace;
    private Opener opener = Opener.NONE;
    private long cursor;
    /** Messages of the run that were looked at. */
    private int read;

    /** @param onChosen called with a message when the user chooses it */
    public ControlsPane(Session session, Consumer<Control> onChosen) {
        this.session = session;
        getStyleClass().add("controls");
        list.setId("controls");
        list.getStyleClass().add("edge-to-edge");
        list.setFixedCellSize(22);
        list.setCellFactory(_ -> new Cell());
        Label none = new Label("No messages of PF_KEY or IKE: this lab protects nothing by IPsec.");
        none.getStyleClass().add("placeholder");
        list.setPlaceholder(none);
        list.getSelectionModel().selectedItemProperty().subscribe(id -> {
            if (id != null) {
                control(id).ifPresent(onChosen);
            }
        });
        list.setOnKeyPressed(e -> {
            if (e.getCode() == KeyCode.ENTER) {
                go(list.getSelectionModel().getSelectedItem());
            }
        });
        getChildren().add(list);
        visibleProperty().subscribe(shown -> {
            if (shown) {
                reveal();
            }
        });
    }

    private Optional<Control> control(long event) {
        return trace.find(event).map(Control.class::cast);
    }

    private void go(Long event) {
        if (event != null) {
            session.send(new Command.Seek(event));
        }
    }

    /** Shows the messages up to the run's head, those after the cursor faint. */
    public void show(SessionState state) {
        boolean other = trace != state.trace();
        boolean moved = cursor != state.cursor();
        trace = state.trace();
        cursor = state.cursor();
        opener = state.index().opener();
        Series all = state.index().controls();
        if (other) {
            events.clear();
            read = 0;
        }
        int gone = upTo(trace.first() - 1);
        if (gone > 0) {
            events.remove(0, gone);
        }
        List<Long> fresh = new ArrayList<>();
        for (int i = Math.max(read, all.first()); i < all.size(); i++) {
            fresh.add(all.get(i));
        }
        read = all.size();
        events.addAll(fresh);
        if (moved && !other) {
            list.refresh();
        }
        if (moved) {
            reveal();
        }
    }

    /** How many of the messages shown are up to an event. */
    private int upTo(long event) {
        int place = Collections.binarySearch(events, event);
        return place < 0 ? -place - 1 : place + 1;
    }

    /** Scrolls to the last message up to the cursor. */
    private void reveal() {
        int place = upTo(cursor);
        if (!events.isEmpty()) {
            list.scrollTo(Math.max(0, place - 5));
        }
    }

    /** How many messages are shown, in words. */
    public ObservableValue<String> summary() {
        return Bindings.size(events).map(n -> n.intValue() == 1 ? "1 message" : String.format(Locale.ROOT, "%,d messages", n.intValue()));
    }

    /** Event ids of the messages shown. */
    public ObservableList<Long> events() {
        return FXCollections.unmodifiableObservableList(events);
    }

    /** The list itself, to choose from. */
    public ListView<Long> list() {
        return list;
    }

    private final class Cell extends ListCell<Long> {
        private final Label time = new Label();
        private final Label node = new Label();
        private final Label way = new Label();
        private final Label name = new Label();
        private final Label info = new Label();
        private final HBox row = new HBox(8, time, node, way, name, info);

        Cell() {
            getStyleClass().add("control-cell");
            row.getStyleClass().add("row");
            time.getStyleClass().add("time");
            node.getStyleClass().add("node");
            name.getStyleClass().add("name");
            info.getStyleClass().add("detail");
            fixed(time, 76);
            fixed(node, 64);
            fixed(way, 14);
            fixed(name, 104);
            info.setMinWidth(0);
            setPrefWidth(0);
            setOnMouseClicked(e -> {
                if (e.getClickCount() == 2) {
                    go(getItem());
                }
            });
        }

        private static void fixed(Region part, double width) {
            part.setMinWidth(width);
            part.setPrefWidth(width);
        }

        @Override
        protected void updateItem(Long event, boolean empty) {
            super.updateItem(event, empty);
            getStyleClass().remove("dropped");
            if (empty || event == null) {
                setGraphic(null);
                return;
            }
            Optional<Control> found = control(event);
            if (found.isEmpty()) {
                setGraphic(null);
                return;
            }
            Control control = found.get();
            ControlText text = ControlText.of(control, trace, opener);
            time.setText(VirtualTime.seconds(control.at()));
            node.setText(control.node());
            way.setText(text.leaves() ? "▸" : "◂");
            way.setAccessibleText(text.way());
            name.setText(text.name());
            info.setText(text.info());
            if (text.refused()) {
                getStyleClass().add("dropped");
            }
            pseudoClassStateChanged(FUTURE, event > cursor);
            setGraphic(row);
        }
    }
}
