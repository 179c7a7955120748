package careof.app.tables;

import careof.app.session.Background;
import careof.app.session.Command;
import careof.app.session.Session;
import careof.app.session.SessionState;
import careof.app.tables.Item.Entry;
import careof.app.tables.Item.Heading;
import careof.engine.lab.IkeDefaults;
import careof.engine.metrics.RunMetrics;
import careof.engine.trace.TraceStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import javafx.collections.FXCollections;
import javafx.collections.ObservableList;
import javafx.css.PseudoClass;
import javafx.scene.control.Button;
import javafx.scene.control.Hyperlink;
import javafx.scene.control.Label;
import javafx.scene.control.ListCell;
import javafx.scene.control.ListView;
import javafx.scene.control.Tooltip;
import javafx.scene.input.Clipboard;
import javafx.scene.input.ClipboardContent;
import javafx.scene.input.KeyCode;
import javafx.scene.input.MouseButton;
import javafx.scene.layout.FlowPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;
import org.kordamp.ikonli.javafx.FontIcon;

/** The tables of what is selected, at the cursor; one list, a heading above each table, empty tables left out. */
public final class TablesPane extends VBox {
    private static final PseudoClass CHANGED = PseudoClass.getPseudoClass("changed");
    private static final PseudoClass HEADING = PseudoClass.getPseudoClass("heading");
    private static final PseudoClass OPEN = PseudoClass.getPseudoClass("open");

    private final ObservableList<Item> items = FXCollections.observableArrayList();
    private final ListView<Item> list = new ListView<>(items);
    private final Label title = new Label();
    private final Label role = new Label();
    private final Label placeholder = new Label();
    private final Set<String> folded = new TreeSet<>(Tables.FOLDED_AT_FIRST);
    /** Entries whose keys the user asked for, by {@link #secretOf}. */
    private final Set<String> revealed = new TreeSet<>();
    private Optional<String> node = Optional.empty();
    private Optional<String> link = Optional.empty();
    private final Session session;
    private SessionState state;
    private Optional<RunMetrics> metrics = Optional.empty();
    /** Of which trace, up to which event, {@link #metrics} tells or will tell. */
    private TraceStore measured;
    private long measuredUpTo;
    private Optional<Background.Job> measuring = Optional.empty();
    private final Consumer<Link> onLink;
    private final Button certificate;

    /**
     * @param session    for what takes a reading of the whole trace, and to move the cursor
     * @param onLink     called when the user follows a link
     * @param onSelected called with the exchange of IKE that the selected row has to do with; empty: none
     * @param onCertificate called with a node whose certificate the user wants to see
     */
    public TablesPane(Session session, Consumer<Link> onLink, Consumer<Optional<Link.Messages>> onSelected, Consumer<String> onCertificate) {
        this.session = session;
        this.onLink = onLink;
        getStyleClass().add("tables");
        title.getStyleClass().add("pane-title");
        role.getStyleClass().add("pane-subtitle");
        certificate = small("mdi2c-certificate-outline", "Certificate of this node", () -> node.ifPresent(onCertificate));
        certificate.setId("node-certificate");
        certificate.setVisible(false);
        Region space = new Region();
        HBox.setHgrow(space, Priority.ALWAYS);
        HBox head = new HBox(8, title, role, space, certificate);
        head.getStyleClass().add("pane-head");
        list.getStyleClass().addAll("tables-list", "edge-to-edge");
        list.setCellFactory(_ -> new Cell());
        placeholder.setWrapText(true);
        placeholder.getStyleClass().add("placeholder");
        list.setPlaceholder(placeholder);
        list.setId("tables");
        list.getSelectionModel().selectedItemProperty().subscribe((_, item) -> onSelected.accept(item instanceof Entry e
                ? e.links().stream().filter(Link.Messages.class::isInstance).map(Link.Messages.class::cast).findFirst() : Optional.empty()));
        list.setOnKeyPressed(e -> {
            if ((e.getCode() == KeyCode.ENTER || e.getCode() == KeyCode.SPACE)
                    && list.getSelectionModel().getSelectedItem() instanceof Heading heading) {
                fold(heading);
                e.consume();
            } else if (e.getCode() == KeyCode.ENTER) {
                go(list.getSelectionModel().getSelectedItem());
            }
        });
        VBox.setVgrow(list, Priority.ALWAYS);
        getChildren().addAll(head, list);
    }

    /** Says whose tables to show; both empty: the whole lab's. */
    public void select(Optional<String> node, Optional<String> link) {
        if (!node.equals(this.node)) {
            revealed.clear();
        }
        this.node = node;
        this.link = link;
        refresh();
    }

    public void show(SessionState state) {
        this.state = state;
        refresh();
    }

    /**
     * Opens a table of the selected node and selects a row of it, if the row is there at the cursor.
     *
     * @param entry "kind key" as in the trace
     */
    public void reveal(String entry) {
        if (!Tables.isShown(entry)) {
            return;
        }
        int blank = entry.indexOf(' ');
        String table = Tables.headingOf(entry.substring(0, blank)).orElseThrow();
        String key = entry.substring(blank + 1);
        folded.remove(table);
        refresh();
        for (int i = 0; i < items.size(); i++) {
            if (items.get(i) instanceof Entry e && e.table().equals(table) && e.key().equals(" " + key)) {
                list.getSelectionModel().select(i);
                // Twice: cells of several heights are where they are only once they were laid out.
                list.scrollTo(Math.max(0, i - 1));
                list.layout();
                list.scrollTo(Math.max(0, i - 1));
                return;
            }
        }
    }

    /** The lines shown. */
    public ObservableList<Item> items() {
        return FXCollections.unmodifiableObservableList(items);
    }

    private void refresh() {
        if (state == null) {
            return;
        }
        List<Item> next;
        certificate.setVisible(node.filter(name -> IkeDefaults.signs(state.lab(), name)).isPresent());
        if (node.isPresent()) {
            title.setText(node.get());
            role.setText(state.lab().node(node.get()).map(n -> n.role().text().replace('-', ' ')).orElse(""));
            next = Tables.ofNode(state.tables(), state.clock(), state.markFrom(), folded, node.get(), state.pairs());
        } else if (link.isPresent()) {
            title.setText(link.get());
            role.setText(state.lab().link(link.get()).map(l -> l.prefix().map(Object::toString).orElse(l.kind().text())).orElse(""));
            next = Tables.ofLink(state.tables(), state.clock(), state.markFrom(), folded, link.get());
        } else {
            title.setText(state.lab().name());
            role.setText("");
            measure();
            List<Item> all = new ArrayList<>(Tables.ofLab(state.tables(), state.clock(), state.markFrom(), folded, state.lab(), state.pairs()));
            TraceStore trace = state.trace();
            metrics.ifPresent(m -> all.addAll(Tables.ofRun(m, folded, trace::firstAt)));
            next = all;
        }
        placeholder.setText(state.lab().nodes().isEmpty() ? "Nothing runs yet. Drag nodes and links from the palette onto the canvas, or open a sample; the status bar tells what is missing."
                : "Nothing here at this moment of the run.");
        update(next);
    }

    /** Has the run's handovers and expectations read anew whenever it stands still at a new head. */
    private void measure() {
        SessionState now = state;
        if (now.trace() != measured) {
            metrics = Optional.empty();
        }
        if (now.running() || now.trace() == measured && now.head() == measuredUpTo || now.head() == now.start()) {
            return;
        }
        measured = now.trace();
        measuredUpTo = now.head();
        measuring.ifPresent(Background.Job::cancel);
        measuring = Optional.of(session.background().run(
                job -> RunMetrics.of(now.lab(), now.trace(), now.headTime(), (_, _) -> !job.isCancelled()), found -> {
                    // Of what is kept no longer nobody can say whether it was as expected; of a live run, with others' actions, nobody asks.
                    metrics = Optional.of(now.trace().first() > 1 || now.wasLive() ? found.withoutVerdicts() : found);
                    refresh();
                }, _ -> metrics = Optional.empty()));
    }

    /** Touches only lines that differ, so that scrolling and selection stay as they are. */
    private void update(List<Item> next) {
        if (next.size() != items.size()) {
            items.setAll(next);
            return;
        }
        for (int i = 0; i < next.size(); i++) {
            if (!next.get(i).equals(items.get(i))) {
                items.set(i, next.get(i));
            }
        }
    }

    /** To the event that last changed a row. */
    private void go(Item item) {
        if (item instanceof Entry entry && entry.event() > 0) {
            session.send(new Command.Seek(entry.event()));
        }
    }

    private void fold(Heading heading) {
        if (!folded.remove(heading.table())) {
            folded.add(heading.table());
        }
        refresh();
    }

    private String secretOf(Entry entry) {
        return node.orElse("") + "\n" + entry.table() + "\n" + entry.key();
    }

    /** A key: covered until asked for; the copy button copies it either way. */
    private HBox secret(Entry entry, Item.Secret secret) {
        boolean open = revealed.contains(secretOf(entry));
        Label what = new Label(secret.what() + " key");
        what.getStyleClass().add("detail");
        what.setMinWidth(Region.USE_PREF_SIZE);
        Label value = new Label(open ? secret.hex() : "••••••••••••");
        value.getStyleClass().addAll("mono", "secret");
        value.setMinWidth(0);
        Button eye = small(open ? "mdi2e-eye-off-outline" : "mdi2e-eye-outline", open ? "Hide the keys" : "Show the keys", () -> {
            if (!revealed.remove(secretOf(entry))) {
                revealed.add(secretOf(entry));
            }
            list.refresh();
        });
        Button copy = small("mdi2c-content-copy", "Copy the " + secret.what() + " key", () -> {
            ClipboardContent content = new ClipboardContent();
            content.putString(secret.hex());
            Clipboard.getSystemClipboard().setContent(content);
        });
        HBox line = new HBox(4, what, value, eye, copy);
        line.getStyleClass().add("row");
        return line;
    }

    private Hyperlink link(Link link) {
        Hyperlink words = new Hyperlink(link.text());
        words.getStyleClass().add("entry-link");
        words.setOnAction(_ -> {
            words.setVisited(false);
            onLink.accept(link);
        });
        return words;
    }

    private static Button small(String icon, String text, Runnable action) {
        Button button = new Button(null, new FontIcon(icon));
        button.getStyleClass().addAll("flat", "button-icon", "small-tool");
        button.setAccessibleText(text);
        button.setTooltip(new Tooltip(text));
        button.setOnAction(_ -> action.run());
        button.setMinWidth(Region.USE_PREF_SIZE);
        return button;
    }

    private final class Cell extends ListCell<Item> {
        private final Label main = new Label();
        private final Label more = new Label();
        private final HBox tags = new HBox(4);
        private final Label mark = new Label("●");
        private final VBox secrets = new VBox();
        private final FlowPane links = new FlowPane(10, 0);
        private final VBox entry;
        private final Label heading = new Label();
        private final Label count = new Label();
        private final HBox head;

        Cell() {
            getStyleClass().add("tables-cell");
            main.getStyleClass().add("mono");
            main.setMinWidth(0);
            more.getStyleClass().add("detail");
            more.setWrapText(true);
            more.setMinHeight(Region.USE_PREF_SIZE);
            // A cell's height is asked for without its padding and the scroll bar.
            more.maxWidthProperty().bind(list.widthProperty().subtract(36));
            mark.getStyleClass().add("mark");
            mark.setMinWidth(Region.USE_PREF_SIZE);
            tags.setMinWidth(Region.USE_PREF_SIZE);
            Region space = new Region();
            HBox.setHgrow(space, Priority.ALWAYS);
            HBox.setHgrow(main, Priority.SOMETIMES);
            HBox top = new HBox(6, main, mark, space, tags);
            top.getStyleClass().add("row");
            links.prefWrapLengthProperty().bind(list.widthProperty().subtract(36));
            links.maxWidthProperty().bind(list.widthProperty().subtract(36));
            links.setMinHeight(Region.USE_PREF_SIZE);
            entry = new VBox(1, top, more, links, secrets);
            heading.getStyleClass().add("heading");
            count.getStyleClass().add("count");
            Region chevron = new Region();
            chevron.getStyleClass().add("chevron");
            head = new HBox(6, chevron, heading, count);
            head.getStyleClass().add("row");
            setPrefWidth(0);
            setOnMouseClicked(e -> {
                if (e.getButton() == MouseButton.PRIMARY && getItem() instanceof Heading h) {
                    fold(h);
                } else if (e.getClickCount() == 2) {
                    go(getItem());
                }
            });
        }

        @Override
        protected void updateItem(Item item, boolean empty) {
            super.updateItem(item, empty);
            pseudoClassStateChanged(HEADING, item instanceof Heading);
            pseudoClassStateChanged(CHANGED, item instanceof Entry e ? e.changed() : item instanceof Heading h && h.changed() && !h.open());
            pseudoClassStateChanged(OPEN, item instanceof Heading h && h.open());
            if (empty || item == null) {
                setGraphic(null);
                return;
            }
            switch (item) {
                case Heading h -> {
                    heading.setText(h.table());
                    count.setText(Integer.toString(h.rows()));
                    setGraphic(head);
                }
                case Entry e -> {
                    main.setText(e.main());
                    more.setText(e.more());
                    more.setVisible(!e.more().isEmpty());
                    more.setManaged(!e.more().isEmpty());
                    mark.setVisible(e.changed());
                    mark.setManaged(e.changed());
                    tags.getChildren().setAll(e.tags().stream().map(t -> {
                        Label tag = new Label(t.text());
                        tag.getStyleClass().addAll("tag", t.tone().name().toLowerCase(Locale.ROOT));
                        return tag;
                    }).toList());
                    links.getChildren().setAll(e.links().stream().map(TablesPane.this::link).toList());
                    links.setVisible(!e.links().isEmpty());
                    links.setManaged(!e.links().isEmpty());
                    secrets.getChildren().setAll(e.secrets().stream().map(s -> secret(e, s)).toList());
                    setGraphic(entry);
                }
            }
        }
    }
}
