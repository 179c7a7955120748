package careof.app.packets;

import careof.app.session.Background;
import careof.app.session.Command;
import careof.app.session.Ids;
import careof.app.session.Notice;
import careof.app.session.Series;
import careof.app.session.Session;
import careof.app.session.SessionState;
import careof.engine.base.Sizes;
import careof.engine.decode.Opener;
import careof.engine.decode.PacketFields;
import careof.engine.query.Query;
import careof.engine.trace.TraceEvent;
import careof.engine.trace.TraceEvent.FrameSent;
import careof.engine.trace.TraceStore;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongUnaryOperator;
import java.util.function.Supplier;
import javafx.beans.property.LongProperty;
import javafx.beans.property.ObjectProperty;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.beans.property.SimpleLongProperty;
import javafx.beans.property.SimpleObjectProperty;
import javafx.beans.property.SimpleStringProperty;
import javafx.beans.property.StringProperty;
import javafx.beans.value.ObservableValue;
import javafx.css.PseudoClass;
import javafx.scene.Node;
import javafx.scene.control.Label;
import javafx.scene.control.ToggleButton;
import javafx.scene.control.ToggleGroup;
import javafx.scene.input.KeyCode;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.StackPane;
import javafx.scene.layout.VBox;

/** The packet list with its filter. */
public final class PacketsPane extends VBox {
    private static final PseudoClass FUTURE = PseudoClass.getPseudoClass("future");
    private static final PseudoClass CURSOR = PseudoClass.getPseudoClass("cursor");
    private static final PseudoClass MARKED = PseudoClass.getPseudoClass("marked");
    /** Frames that a filter looks at between two reports. */
    private static final int SLICE = 5_000;
    private static final String NONE_YET = "No packets yet: press play.";
    /** Wall time between two scrolls while playing, nanoseconds: scrolling is what costs most. */
    private static final long SCROLL = 120_000_000;

    private final Session session;
    private final PacketList rows = new PacketList();
    private final PacketTable<PacketRow> table = new PacketTable<>(rows, NONE_YET);
    private final FilterField filter = new FilterField("Filter, for instance  BU or BA   node == mn   ipv6.dst == 2001:db8:2::/64", Query::parse, this::ask,
            table::requestFocus);
    private final Label count = new Label();
    private final HBox views = new HBox();
    private final ToggleGroup choice = new ToggleGroup();
    private final StackPane body = new StackPane();
    private final LongProperty cursor = new SimpleLongProperty();
    private final LongProperty cursorFrame = new SimpleLongProperty();
    private final ObjectProperty<Series> marked = new SimpleObjectProperty<>(new Ids());
    private final ReadOnlyObjectWrapper<FrameSent> selected = new ReadOnlyObjectWrapper<>(this, "selected");
    private final Names names = new Names();
    /** How many packets there are. */
    private final StringProperty counted = new SimpleStringProperty("");
    private SessionState state;
    private long revealed;

    // The filter, and how far it has come.
    private Optional<Query> query = Optional.empty();
    private Ids matches = new Ids();
    private AskedFields asked = new AskedFields();
    private long scanned;
    private Optional<Background.Job> scan = Optional.empty();

    public PacketsPane(Session session) {
        this.session = session;
        getStyleClass().add("packets");
        HBox.setHgrow(filter, Priority.ALWAYS);
        count.getStyleClass().add("pane-subtitle");
        count.setMinWidth(Region.USE_PREF_SIZE);
        HBox head = new HBox(8, views, filter, count);
        views.getStyleClass().add("views");
        views.setMinWidth(Region.USE_PREF_SIZE);
        head.getStyleClass().add("pane-head");

        table.column("No", 50, r -> Long.toString(r.number()), "number");
        table.column("Time", 80, PacketRow::time, "number");
        table.column("From → link", 98, PacketRow::place, "");
        table.column("Protocol", 72, PacketRow::protocol, "");
        table.column("Source", 78, r -> names.of(r.summary().source()), "");
        table.column("Destination", 80, r -> names.of(r.summary().destination()), "");
        table.column("Len", 44, r -> Integer.toString(r.length()), "number");
        table.lastColumn("Info", r -> r.summary().info());
        table.setRowFactory(_ -> new Row());
        table.getSelectionModel().selectedItemProperty().subscribe(row -> {
            if (row != null) {
                selected.set(row.sent());
            }
        });
        table.setOnKeyPressed(e -> {
            if (e.getCode() == KeyCode.ENTER && selected.get() != null) {
                session.send(new Command.Seek(selected.get().id()));
                e.consume();
            }
        });
        VBox.setVgrow(body, Priority.ALWAYS);
        getChildren().addAll(head, filter.message(), body);
        addView("Packets", table);
    }

    /** Adds another way to look at the packets, chosen by a button beside the filter. */
    public void addView(String name, Node view) {
        addView(name, view, counted, true);
    }

    /**
     * Adds a view of something else than packets, for which the filter is not.
     *
     * @param summary stands at the right end while the view is shown: how much there is
     */
    public void addView(String name, Node view, ObservableValue<String> summary) {
        addView(name, view, summary, false);
    }

    private void addView(String name, Node view, ObservableValue<String> summary, boolean filtered) {
        ToggleButton button = new ToggleButton(name);
        button.setToggleGroup(choice);
        button.setMnemonicParsing(false);
        button.setId("view-" + name.toLowerCase(Locale.ROOT));
        view.setVisible(choice.getSelectedToggle() == null);
        button.setSelected(choice.getSelectedToggle() == null);
        // A click on the chosen one leaves it chosen.
        button.setOnAction(_ -> button.setSelected(true));
        button.selectedProperty().subscribe(shown -> {
            view.setVisible(shown);
            if (shown) {
                filter.setVisible(filtered);
                count.textProperty().bind(summary);
            }
        });
        views.getChildren().add(button);
        body.getChildren().add(view);
    }

    /** The frame that the user looks at; null: none. */
    public ReadOnlyObjectProperty<FrameSent> selectedProperty() {
        return selected.getReadOnlyProperty();
    }

    /** Puts the keyboard into the filter. */
    public void focusFilter() {
        if (!filter.isVisible()) {
            choice.getToggles().getFirst().setSelected(true);
        }
        filter.begin();
    }

    /**
     * Shows only packets that match.
     *
     * @param text of a query
     */
    public void ask(String text) {
        choice.getToggles().getFirst().setSelected(true);
        filter.ask(text);
    }

    /** @param source of the names of packets' fields, which the filter completes beside those of events */
    public void setFieldNames(Supplier<Set<String>> source) {
        filter.setNames(() -> {
            Set<String> names = source.get();
            names.addAll(Query.fields());
            return names;
        });
    }

    /** Moves the selection, wherever the keyboard is. */
    public void moveSelection(int by) {
        if (!rows.isEmpty()) {
            int now = table.getSelectionModel().getSelectedIndex();
            table.choose(Math.clamp(now < 0 ? rows.upTo(cursor.get()) - 1 : now + by, 0, rows.size() - 1));
        }
    }

    /** Selects the frame that an event put on its link, in the list if the filter lets it pass. */
    public void selectEvent(long event) {
        if (has(event)) {
            table.choose(rows.upTo(event) - 1);
        } else if (state.trace().find(event).orElse(null) instanceof FrameSent sent) {
            table.getSelectionModel().clearSelection();
            selected.set(sent);
        }
    }

    private boolean has(long event) {
        int index = rows.upTo(event) - 1;
        return index >= 0 && rows.event(index) == event;
    }

    /** Marks the frames of these events, instead of those that are marked. */
    public void mark(Series events) {
        marked.set(events);
    }

    /** Whether the filter still looks at frames. */
    public boolean isScanning() {
        return scan.isPresent();
    }

    /** The list as the table shows it. */
    public PacketList rows() {
        return rows;
    }

    public void show(SessionState next) {
        boolean other = state == null || state.trace() != next.trace();
        boolean stepped = state != null && !other && state.cursor() != next.cursor() && !next.running();
        boolean moved = state == null || other || state.cursor() != next.cursor() || state.running() && !next.running();
        state = next;
        if (names.learn(next)) {
            table.refresh();
        }
        if (other) {
            selected.set(null);
            table.getSelectionModel().clearSelection();
            mark(new Ids());
            restart();
        } else if (query.isEmpty()) {
            rows.move(firstFrame(), next.trace().frameCount());
        } else {
            scanOn();
        }
        cursor.set(next.cursor());
        if (moved) {
            int place = rows.upTo(next.cursor()) - 1;
            cursorFrame.set(place < 0 ? 0 : rows.event(place));
            if (stepped) {
                followStep(place);
            } else if (!next.running() || System.nanoTime() - revealed > SCROLL) {
                revealed = System.nanoTime();
                table.reveal(Math.max(0, place));
            }
        }
        long all = next.trace().frameCount() - firstFrame();
        counted.set(query.isEmpty() ? Sizes.count(rows.size(), "packet")
                : String.format(Locale.ROOT, "%,d of %,d", rows.size(), all) + (scan.isPresent() ? " …" : ""));
        table.sayWhileEmpty(query.isEmpty() || all == 0 ? NONE_YET : FilterField.noneMatches(scan.isEmpty() && !next.running()));
    }

    /** After a step the packet that it was about is selected. */
    private void followStep(int place) {
        long packet = state.event().map(TraceEvent::packet).orElse(0L);
        if (packet != 0 && place >= 0) {
            int found = place;
            for (int i = place; i >= Math.max(0, place - 200); i--) {
                if (rows.get(i).sent().packet() == packet) {
                    found = i;
                    table.choose(found);
                    return;
                }
            }
        }
        table.reveal(Math.max(0, place));
    }

    // The filter.

    private void ask(Optional<Query> wanted) {
        query = wanted;
        if (state != null) {
            restart();
            show(state);
        }
    }

    private void restart() {
        scan.ifPresent(Background.Job::cancel);
        scan = Optional.empty();
        matches = new Ids();
        asked = new AskedFields();
        filter.note(Optional.empty());
        scanned = 0;
        if (query.isEmpty()) {
            rows.show(state.trace(), state.index().opener(), LongUnaryOperator.identity(), firstFrame(), state.trace().frameCount());
        } else {
            Ids found = matches;
            rows.show(state.trace(), state.index().opener(), i -> found.get((int) i), 0, 0);
            scanOn();
        }
    }

    /** Place among all frames of the first that the trace keeps. */
    private long firstFrame() {
        return state.trace().framesUpTo(state.trace().first() - 1);
    }

    /** Looks at further frames, slice by slice, away from the window's thread. */
    private void scanOn() {
        TraceStore trace = state.trace();
        if (scan.isPresent()) {
            return;
        }
        rows.move(matches.upTo(firstFrame() - 1), matches.size());
        if (scanned >= trace.frameCount()) {
            return;
        }
        Query wanted = query.orElseThrow();
        Opener opener = state.index().opener();
        Ids found = matches;
        long first = firstFrame();
        long from = Math.max(scanned, first);
        long to = Math.min(trace.frameCount(), from + SLICE);
        PacketFields fields = new PacketFields(opener);
        scan = Optional.of(session.background().run(job -> {
            found.forget(first);
            for (long i = from; i < to && !job.isCancelled(); i++) {
                Optional<TraceEvent> event = trace.find(trace.frameEvent(i));
                if (event.isPresent() && wanted.matches(event.get(), trace, fields)) {
                    found.add(i);
                }
            }
            return to;
        }, done -> {
            scan = Optional.empty();
            scanned = done;
            asked.add(fields);
            if (scanned >= state.trace().frameCount()) {
                filter.note(asked.missing());
            }
            show(state);
        }, e -> filter.problem(Optional.of(Notice.why(e)))));
    }

    private final class Row extends PacketTable.Row<PacketRow> {
        Row() {
            cursor.subscribe(this::mark);
            cursorFrame.subscribe(this::mark);
            marked.subscribe(this::mark);
            setOnMouseClicked(e -> {
                if (e.getClickCount() == 2 && getItem() != null) {
                    session.send(new Command.Seek(getItem().sent().id()));
                }
            });
        }

        @Override
        protected void updateItem(PacketRow row, boolean empty) {
            super.updateItem(row, empty);
            mark();
        }

        private void mark() {
            PacketRow row = getItem();
            pseudoClassStateChanged(FUTURE, row != null && row.sent().id() > cursor.get());
            pseudoClassStateChanged(CURSOR, row != null && row.sent().id() == cursorFrame.get());
            pseudoClassStateChanged(MARKED, row != null && marked.get().has(row.sent().id()));
        }
    }
}
