package careof.app.capture;

import careof.app.inspector.InspectorPane;
import careof.app.packets.FilterField;
import careof.app.packets.PacketTable;
import careof.app.theme.Theme;
import careof.engine.decode.Field;
import careof.engine.query.Query;
import java.util.Optional;
import java.util.Set;
import javafx.animation.PauseTransition;
import javafx.collections.ListChangeListener;
import javafx.geometry.Orientation;
import javafx.scene.control.Label;
import javafx.scene.control.SplitPane;
import javafx.scene.control.TextField;
import javafx.scene.control.Tooltip;
import javafx.scene.control.TreeItem;
import javafx.scene.input.Clipboard;
import javafx.scene.input.ClipboardContent;
import javafx.scene.input.KeyCode;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;
import javafx.util.Duration;

/** A capture's packets with a filter, and the fields and octets of the one that is selected. */
public final class CapturePane extends SplitPane {
    private static final double NUMBER_FIELD = 84;
    /** So long the table takes to know its rows, at most. */
    private static final Duration LAID_OUT = Duration.millis(60);

    private final CaptureModel model;
    private final PacketTable<CaptureRow> table;
    private final FilterField filter;
    private final TextField number = new TextField();
    private final InspectorPane inspector;
    private final PauseTransition revealing = new PauseTransition(LAID_OUT);
    /** The packet that the user looks at, also while no row shows it. */
    private long selected = 1;
    /** The packet whose fields are shown; 0: none. */
    private long shown;
    /** The packet to go to when the list comes to it; 0: none. */
    private long awaited;

    public CapturePane(CaptureModel model, Theme theme) {
        this.model = model;
        inspector = new InspectorPane(theme, (_, _) -> { });
        table = new PacketTable<>(model.rows(), "");
        model.noneProperty().subscribe(table::sayWhileEmpty);
        filter = new FilterField("Filter ( / or Ctrl+F ), for instance  BU or BA   ipv6.dst == 2001:db8:2::/64   time > 2s and protocol == esp", Query::parseForCaptures,
                this::ask, table::requestFocus);
        filter.setNames(() -> {
            Set<String> names = inspector.names();
            names.addAll(Query.captureFields());
            return names;
        });
        inspector.setOnQuery(filter::ask);
        model.missingProperty().subscribe(what -> filter.note(Optional.of(what)));
        HBox.setHgrow(filter, Priority.ALWAYS);
        number.setId("number");
        number.setPromptText("Go to No");
        number.setTooltip(new Tooltip("The number of a packet, then Enter  (Ctrl+G)"));
        number.setPrefWidth(NUMBER_FIELD);
        number.setMinWidth(NUMBER_FIELD);
        number.setOnAction(_ -> goTo(number.getText()));
        number.setOnKeyPressed(e -> {
            if (e.getCode() == KeyCode.ESCAPE) {
                await(0);
                number.clear();
                table.requestFocus();
                e.consume();
            }
        });
        Label count = new Label();
        count.textProperty().bind(model.countedProperty());
        count.getStyleClass().add("pane-subtitle");
        count.setMinWidth(Region.USE_PREF_SIZE);
        HBox head = new HBox(8, filter, number, count);
        head.getStyleClass().add("pane-head");

        table.column("No", 72, r -> Long.toString(r.number()), "number");
        table.column("Time", 104, CaptureRow::seconds, "number");
        table.column("Interface", 84, CaptureRow::face, "");
        table.column("Protocol", 84, CaptureRow::protocol, "");
        table.column("Source", 176, r -> r.summary().source(), "");
        table.column("Destination", 176, r -> r.summary().destination(), "");
        table.column("Len", 52, r -> Integer.toString(r.length()), "number");
        table.lastColumn("Info", r -> r.summary().info());
        table.getSelectionModel().selectedItemProperty().subscribe(row -> {
            if (row != null) {
                if (row.number() != selected) {
                    await(0);
                }
                selected = row.number();
                if (shown != selected) {
                    show(row);
                }
            }
        });
        model.rows().addListener((ListChangeListener<CaptureRow>) change -> {
            boolean others = false;
            while (change.next()) {
                others |= change.wasRemoved();
            }
            chooseAgain();
            if (others) {
                revealing.playFromStart();    // what is in sight now is of the rows before
            }
        });
        model.countedProperty().subscribe((_, _) -> goOn());
        model.workProperty().subscribe((_, _) -> goOn());
        model.openerProperty().subscribe((_, _) -> showSelected());
        revealing.setOnFinished(_ -> table.reveal(Math.max(0, table.getSelectionModel().getSelectedIndex())));

        VBox packets = new VBox(head, filter.message(), table);
        packets.getStyleClass().add("packets");
        VBox.setVgrow(table, Priority.ALWAYS);
        setOrientation(Orientation.VERTICAL);
        getItems().addAll(packets, inspector);
        setDividerPositions(0.58);
    }

    private void show(CaptureRow row) {
        shown = row.number();
        model.packet(row).ifPresentOrElse(packet -> inspector.show(packet, model.openerProperty().get()), inspector::clear);
    }

    private void showSelected() {
        CaptureRow row = table.getSelectionModel().getSelectedItem();
        if (row != null) {
            show(row);
        }
    }

    /** Other rows, or more: the packet that was selected stays so when one of them shows it. */
    private void chooseAgain() {
        if (table.getSelectionModel().getSelectedItem() instanceof CaptureRow row && row.number() == selected) {
            return;
        }
        int index = model.rows().nearest(selected);
        if (index >= 0 && model.rows().get(index).number() == selected) {
            table.getSelectionModel().clearAndSelect(index);
            revealing.playFromStart();
        }
    }

    private void ask(Optional<Query> wanted) {
        await(0);
        model.ask(wanted);
    }

    /** Selects the packet with a number, or the next one that is shown: at once, or when the list comes to it. */
    private void goTo(String text) {
        if (text.strip().matches("[0-9]{1,9}")) {
            await(Long.parseLong(text.strip()));
            goOn();
        }
        number.selectAll();
    }

    /** @param packet its number; 0: none, which takes back what was said */
    private void await(long packet) {
        if (awaited != packet) {
            awaited = packet;
            filter.note(Optional.of(packet == 0 ? model.missingProperty().get() : "Goes to No " + packet + " as soon as the list comes to it."));
        }
    }

    /** The list may have come to the packet that is awaited, or to its end. */
    private void goOn() {
        if (awaited == 0) {
            return;
        }
        int index = model.rows().nearest(awaited);
        if (model.isLooking() && (index < 0 || model.rows().get(index).number() < awaited)) {
            return;
        }
        await(0);
        if (index >= 0) {
            table.choose(index);
            if (number.isFocused()) {
                table.requestFocus();
            }
        }
    }

    /**
     * Another file is shown.
     *
     * @param first the first packet of it is looked at, else the one with the same number as before
     */
    public void renew(boolean first) {
        await(0);
        selected = first ? 1 : selected;
        shown = 0;
        table.getSelectionModel().clearSelection();
        inspector.clear();
        chooseAgain();
    }

    /** Moves the selection, wherever the keyboard is. */
    public void moveSelection(int by) {
        int size = model.rows().size();
        if (size > 0) {
            int now = table.getSelectionModel().getSelectedIndex();
            table.choose(Math.clamp(now < 0 ? model.rows().nearest(selected) : now + by, 0, size - 1));
        }
    }

    /** Puts the keyboard into the list. */
    public void focusList() {
        table.requestFocus();
    }

    /** Puts the keyboard into the filter. */
    public void focusFilter() {
        filter.begin();
    }

    /** Puts the keyboard where the number of a packet is asked for. */
    public void focusNumber() {
        number.requestFocus();
        number.selectAll();
    }

    /** Copies the selected field where the keyboard is in the fields, else the selected packet's line. */
    public void copy() {
        text().ifPresent(text -> {
            ClipboardContent content = new ClipboardContent();
            content.putString(text);
            Clipboard.getSystemClipboard().setContent(content);
        });
    }

    private Optional<String> text() {
        TreeItem<Field> field = inspector.tree().getSelectionModel().getSelectedItem();
        if (inspector.tree().isFocused() && field != null) {
            return Optional.of(field.getValue().value().isEmpty() ? field.getValue().name() : field.getValue().name() + ": " + field.getValue().value());
        }
        return Optional.ofNullable(table.getSelectionModel().getSelectedItem()).map(CaptureRow::text);
    }

    // For tests.

    public PacketTable<CaptureRow> table() {
        return table;
    }

    public InspectorPane inspector() {
        return inspector;
    }

    public FilterField filter() {
        return filter;
    }
}
