package careof.app.inspector;

import careof.app.theme.Theme;
import careof.engine.base.Octets;
import careof.engine.decode.Dissector;
import careof.engine.decode.Field;
import careof.engine.decode.LinkType;
import careof.engine.trace.TraceEvent.Control;
import careof.engine.trace.TraceEvent.FrameSent;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import javafx.css.PseudoClass;
import javafx.scene.control.Label;
import javafx.scene.control.SplitPane;
import javafx.scene.control.TreeCell;
import javafx.scene.control.TreeItem;
import javafx.scene.control.TreeView;
import javafx.scene.layout.HBox;
import javafx.scene.layout.StackPane;

/** Fields and octets of one frame; choosing one lights up the other. */
public final class InspectorPane extends StackPane {
    private static final PseudoClass ERROR = PseudoClass.getPseudoClass("malformed");
    private static final PseudoClass HEADER = PseudoClass.getPseudoClass("header");

    private final TreeView<Field> tree = new TreeView<>();
    private final OctetsView octets;
    private final Label none = new Label("Select a packet in the list: its fields and its octets show here.");
    private final SplitPane split;
    /** Headers that the user has folded, by abbreviation: the next packet shows them folded too. */
    private final Set<String> folded = new TreeSet<>(Set.of("eth", "ipv6"));
    private boolean building;

    public InspectorPane(Theme theme) {
        getStyleClass().add("inspector");
        octets = new OctetsView(theme);
        octets.setOnChosen(this::choose);
        tree.setShowRoot(false);
        tree.setId("fields");
        tree.getStyleClass().addAll("dense", "edge-to-edge", "field-tree");
        tree.setFixedCellSize(21);
        tree.setCellFactory(_ -> new Cell());
        tree.getSelectionModel().selectedItemProperty().subscribe(item -> {
            if (item != null && !building) {
                light(item);
            }
        });
        split = new SplitPane(tree, octets);
        split.setDividerPositions(0.44);
        none.getStyleClass().add("placeholder");
        none.setWrapText(true);
        getChildren().addAll(split, none);
        show((FrameSent) null);
    }

    /** @param frame null: nothing */
    public void show(FrameSent frame) {
        if (frame == null) {
            split.setVisible(false);
            none.setVisible(true);
            tree.setRoot(null);
        } else {
            show(frame.frame(), Dissector.dissect(frame.frame(), LinkType.ETHERNET));
        }
    }

    /** A message between a daemon and the kernel. */
    public void show(Control message) {
        Field whole = new Field("PF_KEY", ControlText.of(message).name(), 0, message.octets().length(), List.of(), false, "pfkey", message.octets());
        show(message.octets(), new Field("Message", "", 0, message.octets().length(), List.of(whole), false, "", message.octets()));
    }

    /**
     * Shows any octets.
     *
     * @param root their fields
     */
    private void show(Octets shown, Field root) {
        split.setVisible(true);
        none.setVisible(false);
        building = true;
        try {
            octets.show(shown);
            TreeItem<Field> top = item(root);
            top.setExpanded(true);
            tree.setRoot(top);
            if (!top.getChildren().isEmpty()) {
                TreeItem<Field> innermost = top.getChildren().getLast();
                innermost.setExpanded(true);
                // The innermost header says most; the one around it stays in sight.
                tree.scrollTo(Math.max(0, tree.getRow(innermost) - 2));
            }
        } finally {
            building = false;
        }
    }

    /** Fields and their octets. */
    public TreeView<Field> tree() {
        return tree;
    }

    public OctetsView octets() {
        return octets;
    }

    private TreeItem<Field> item(Field field) {
        TreeItem<Field> item = new TreeItem<>(field);
        for (Field child : field.children()) {
            item.getChildren().add(item(child));
        }
        item.setExpanded(field.anyError() || !folded.contains(field.abbreviation()));
        item.expandedProperty().subscribe(open -> {
            if (!building && open) {
                folded.remove(field.abbreviation());
            } else if (!building) {
                folded.add(field.abbreviation());
            }
        });
        return item;
    }

    private void light(TreeItem<Field> item) {
        Field field = item.getValue();
        TreeItem<Field> header = item;
        while (header.getParent() != null && header.getParent().getParent() != null) {
            header = header.getParent();
        }
        octets.highlight(field.start(), field.end(), header.getValue().start(), header.getValue().end());
    }

    private void choose(int offset) {
        if (tree.getRoot() == null) {
            return;
        }
        TreeItem<Field> item = tree.getRoot();
        while (true) {
            TreeItem<Field> next = null;
            for (TreeItem<Field> child : item.getChildren()) {
                if (child.getValue().start() <= offset && offset < child.getValue().end()) {
                    next = child;
                    break;
                }
            }
            if (next == null) {
                break;
            }
            item.setExpanded(true);
            item = next;
        }
        if (item == tree.getRoot()) {
            octets.highlight(offset, offset + 1, 0, 0);
            tree.getSelectionModel().clearSelection();
            return;
        }
        int row = tree.getRow(item);
        tree.getSelectionModel().select(item);
        tree.scrollTo(Math.max(0, row - 3));
    }

    private static final class Cell extends TreeCell<Field> {
        private final Label name = new Label();
        private final Label value = new Label();
        private final HBox line = new HBox(6, name, value);

        Cell() {
            name.getStyleClass().add("field-name");
            value.getStyleClass().add("field-value");
            name.setMinWidth(USE_PREF_SIZE);
            // Long values end in dots rather than asking for a scroll bar.
            setPrefWidth(0);
            line.getStyleClass().add("row");
        }

        @Override
        protected void updateItem(Field field, boolean empty) {
            super.updateItem(field, empty);
            boolean shown = !empty && field != null;
            pseudoClassStateChanged(ERROR, shown && field.error());
            pseudoClassStateChanged(HEADER, shown && !field.children().isEmpty());
            if (shown) {
                name.setText(field.name());
                value.setText(field.value());
                setGraphic(line);
            } else {
                setGraphic(null);
            }
        }
    }
}
