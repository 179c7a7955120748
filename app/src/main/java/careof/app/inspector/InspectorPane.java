package careof.app.inspector;

import careof.app.theme.Theme;
import careof.engine.base.Octets;
import careof.engine.capture.CapturedPacket;
import careof.engine.decode.CaptureDissector;
import careof.engine.decode.Dissector;
import careof.engine.decode.Field;
import careof.engine.decode.IsakmpDissector;
import careof.engine.decode.LinkType;
import careof.engine.decode.Opener;
import careof.engine.decode.PfKeyDissector;
import careof.engine.trace.TraceEvent.Control;
import careof.engine.trace.TraceEvent.FrameSent;
import careof.engine.wire.isakmp.Payload;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import javafx.css.PseudoClass;
import javafx.scene.control.ContextMenu;
import javafx.scene.control.Hyperlink;
import javafx.scene.control.Label;
import javafx.scene.control.MenuItem;
import javafx.scene.control.SplitPane;
import javafx.scene.control.ToggleButton;
import javafx.scene.control.TreeCell;
import javafx.scene.control.TreeItem;
import javafx.scene.control.TreeView;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.StackPane;
import javafx.scene.layout.VBox;

/** Fields and octets of one frame; choosing one lights up the other. */
public final class InspectorPane extends StackPane {
    private static final PseudoClass ERROR = PseudoClass.getPseudoClass("malformed");
    private static final PseudoClass HEADER = PseudoClass.getPseudoClass("header");

    private final TreeView<Field> tree = new TreeView<>();
    private final OctetsView octets;
    private final Label none = new Label("Select a packet in the list: its fields and its octets show here.");
    private final SplitPane split;
    /** What an encrypted message of IKE holds. */
    private static final String IKE = "isakmp.decrypted";
    private static final String CERTIFICATE = "isakmp.cert";
    /** Headers that the user has folded, by {@link #kind}: the next packet shows them folded too. */
    private final Set<String> folded = new TreeSet<>(Set.of(CaptureText.PACKET, "eth", "ipv6", Payload.name(Payload.KEY_EXCHANGE), Payload.name(Payload.IDENTIFICATION),
            Payload.name(Payload.CERTIFICATE), Payload.name(Payload.CERTIFICATE_REQUEST), Payload.name(Payload.HASH), Payload.name(Payload.SIGNATURE),
            Payload.name(Payload.NONCE), Payload.name(Payload.NOTIFICATION), Payload.name(Payload.VENDOR_ID)));
    private final HBox tabs = new HBox();
    /** What the octets view can show of this packet. */
    private List<Octets> buffers = List.of();
    private boolean building;
    private Consumer<String> onQuery = _ -> { };
    /** The frame that is shown; null: something else, or nothing. */
    private FrameSent frame;
    private final BiConsumer<FrameSent, Field> onCertificate;

    /** @param onCertificate called with a frame and the field of a certificate within when the user wants to see that */
    public InspectorPane(Theme theme, BiConsumer<FrameSent, Field> onCertificate) {
        this.onCertificate = onCertificate;
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
        MenuItem only = new MenuItem("Show only packets with this");
        only.setOnAction(_ -> selectedQuery().ifPresent(query -> onQuery.accept(query)));
        ContextMenu menu = new ContextMenu(only);
        menu.setOnShowing(_ -> only.setDisable(selectedQuery().isEmpty()));
        tree.setContextMenu(menu);
        tabs.getStyleClass().addAll("views", "octets-tabs");
        VBox right = new VBox(tabs, octets);
        VBox.setVgrow(octets, Priority.ALWAYS);
        split = new SplitPane(tree, right);
        split.setDividerPositions(0.44);
        none.getStyleClass().add("placeholder");
        none.setWrapText(true);
        getChildren().addAll(split, none);
        clear();
    }

    /** Shows nothing. */
    public void clear() {
        frame = null;
        split.setVisible(false);
        none.setVisible(true);
        tree.setRoot(null);
    }

    /**
     * @param frame  null: nothing
     * @param opener for what is protected
     */
    public void show(FrameSent frame, Opener opener) {
        if (frame == null) {
            clear();
        } else {
            this.frame = frame;
            show(Dissector.dissect(frame.frame(), LinkType.ETHERNET, opener));
        }
    }

    /** A packet of a capture file, with what the file says of it on top. */
    public void show(CapturedPacket packet, Opener opener) {
        frame = null;
        Field root = CaptureDissector.tree(packet, opener);
        List<Field> fields = new ArrayList<>(root.children());
        fields.addFirst(CaptureText.of(packet));
        show(new Field(root.name(), root.value(), root.start(), root.end(), fields, root.error(), root.abbreviation(), root.octets()));
    }

    /** A message between a daemon and the kernel, or one of IKE in the clear. */
    public void show(Control message) {
        frame = null;
        Field field = ControlText.isPfKey(message) ? PfKeyDissector.dissect(message.octets()) : IsakmpDissector.dissectPlain(message.octets());
        show(new Field("Message", "", 0, message.octets().length(), List.of(field), false, "", message.octets()));
    }

    private void show(Field root) {
        split.setVisible(true);
        none.setVisible(false);
        building = true;
        try {
            buffers = buffers(root);
            tabs.getChildren().setAll(buffers.stream().map(buffer -> tab(root, buffer)).toList());
            tabs.setVisible(buffers.size() > 1);
            tabs.setManaged(buffers.size() > 1);
            turnTo(root.octets());
            TreeItem<Field> top = item(root);
            top.setExpanded(true);
            tree.setRoot(top);
            TreeItem<Field> innermost = innermost(top);
            if (innermost != top) {
                innermost.setExpanded(true);
                // The innermost header says most; the one around it stays in sight.
                tree.scrollTo(Math.max(0, tree.getRow(innermost) - 2));
            }
        } finally {
            building = false;
        }
    }

    /** The last header, through what was decrypted. */
    private static TreeItem<Field> innermost(TreeItem<Field> top) {
        TreeItem<Field> last = top;
        while (true) {
            TreeItem<Field> outer = last;
            Optional<TreeItem<Field>> inner = outer.getChildren().stream().filter(i -> i.getValue().octets() != outer.getValue().octets()).findFirst();
            if (inner.isPresent()) {
                last.setExpanded(true);
                inner.get().setExpanded(true);
                last = lastHeader(inner.get());
            } else if (last == top && !top.getChildren().isEmpty()) {
                last = top.getChildren().getLast();
            } else {
                return last;
            }
        }
    }

    /** Of decrypted data: the last header in it; padding and what follows are no headers. Of IKE all payloads are of one rank. */
    private static TreeItem<Field> lastHeader(TreeItem<Field> decrypted) {
        if (decrypted.getValue().abbreviation().equals(IKE)) {
            return decrypted;
        }
        return decrypted.getChildren().stream().filter(i -> !i.getChildren().isEmpty()).reduce((_, second) -> second).orElse(decrypted);
    }

    /** The octets themselves, then what was decrypted, from the outside in. */
    private static List<Octets> buffers(Field root) {
        List<Octets> found = new ArrayList<>();
        root.walk(f -> {
            if (found.stream().noneMatch(o -> o == f.octets())) {
                found.add(f.octets());
            }
        });
        return found;
    }

    /** Whether these octets are of a message of IKE. */
    private static boolean isIke(Field root, Octets buffer) {
        boolean[] found = {false};
        root.walk(f -> found[0] |= f.octets() == buffer && f.abbreviation().equals(IKE));
        return found[0];
    }

    private ToggleButton tab(Field root, Octets buffer) {
        int place = indexOf(buffer);
        String decrypted = "Decrypted " + (isIke(root, buffer) ? "IKE" : "ESP") + (buffers.size() == 2 ? "" : " " + place);
        ToggleButton button = new ToggleButton(place == 0 ? "Packet" : decrypted);
        button.setId("octets-tab-" + place);
        button.setOnAction(_ -> {
            turnTo(buffer);
            tree.getSelectionModel().clearSelection();
        });
        return button;
    }

    private int indexOf(Octets buffer) {
        for (int i = 0; i < buffers.size(); i++) {
            if (buffers.get(i) == buffer) {
                return i;
            }
        }
        throw new IllegalArgumentException("octets of another packet");
    }

    /** Shows these octets. */
    private void turnTo(Octets buffer) {
        int place = indexOf(buffer);
        if (octets.shown() != buffer) {
            octets.show(buffer);
        }
        for (int i = 0; i < tabs.getChildren().size(); i++) {
            ((ToggleButton) tabs.getChildren().get(i)).setSelected(i == place);
        }
    }

    /** @param handler gets a query for packets with the field that the user chose */
    public void setOnQuery(Consumer<String> handler) {
        onQuery = handler;
    }

    /** A query for packets that have the selected field with its value, or the selected header. */
    private Optional<String> selectedQuery() {
        return Optional.ofNullable(tree.getSelectionModel().getSelectedItem()).map(TreeItem::getValue)
                .filter(field -> field.end() > field.start() && !field.abbreviation().startsWith("_"))
                .map(field -> !field.children().isEmpty() || field.value().isEmpty() ? field.abbreviation() : field.abbreviation() + " == \"" + field.bareValue() + "\"");
    }

    /** The names of all fields of what is shown. */
    public Set<String> names() {
        Set<String> names = new TreeSet<>();
        if (tree.getRoot() != null) {
            tree.getRoot().getValue().walk(field -> names.add(field.abbreviation()));
        }
        return names;
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
        item.setExpanded(field.anyError() || !folded.contains(kind(field)));
        item.expandedProperty().subscribe(open -> {
            if (!building && open) {
                folded.remove(kind(field));
            } else if (!building) {
                folded.add(kind(field));
            }
        });
        return item;
    }

    /** The certificate that a field is, or the payload of one holds. */
    private static Optional<Field> certificate(Field field) {
        return field.abbreviation().equals(CERTIFICATE) ? Optional.of(field)
                : field.children().stream().filter(child -> child.abbreviation().equals(CERTIFICATE)).findFirst();
    }

    /** Payloads of IKE have one abbreviation, whatever they are. */
    private static String kind(Field field) {
        return field.abbreviation().equals("isakmp.payload") ? field.name() : field.abbreviation();
    }

    private void light(TreeItem<Field> item) {
        Field field = item.getValue();
        TreeItem<Field> header = item;
        while (header.getParent() != null && header.getParent().getParent() != null && header.getParent().getValue().octets() == field.octets()
                && !isDecrypted(header.getParent())) {
            header = header.getParent();
        }
        turnTo(field.octets());
        octets.highlight(field.start(), field.end(), header.getValue().start(), header.getValue().end());
    }

    /** Whether a field is the whole of what some ESP held. */
    private static boolean isDecrypted(TreeItem<Field> item) {
        return item.getParent() != null && item.getParent().getValue().octets() != item.getValue().octets();
    }

    private void choose(int offset) {
        if (tree.getRoot() == null) {
            return;
        }
        Optional<TreeItem<Field>> found = at(tree.getRoot(), octets.shown(), offset);
        if (found.isEmpty() || found.get() == tree.getRoot()) {
            octets.highlight(offset, offset + 1, 0, 0);
            tree.getSelectionModel().clearSelection();
            return;
        }
        for (TreeItem<Field> up = found.get().getParent(); up != null; up = up.getParent()) {
            up.setExpanded(true);
        }
        int row = tree.getRow(found.get());
        tree.getSelectionModel().select(found.get());
        tree.scrollTo(Math.max(0, row - 3));
    }

    /** The innermost field of these octets at an offset. */
    private static Optional<TreeItem<Field>> at(TreeItem<Field> item, Octets buffer, int offset) {
        Field field = item.getValue();
        if (field.octets() == buffer && (offset < field.start() || field.end() <= offset)) {
            return Optional.empty();
        }
        for (TreeItem<Field> child : item.getChildren()) {
            Optional<TreeItem<Field>> found = at(child, buffer, offset);
            if (found.isPresent()) {
                return found;
            }
        }
        return field.octets() == buffer ? Optional.of(item) : Optional.empty();
    }

    private final class Cell extends TreeCell<Field> {
        private final Label name = new Label();
        private final Label value = new Label();
        private final Hyperlink view = new Hyperlink("View…");
        private final HBox line = new HBox(6, name, view, value);

        Cell() {
            name.getStyleClass().add("field-name");
            value.getStyleClass().add("field-value");
            name.setMinWidth(USE_PREF_SIZE);
            view.getStyleClass().addAll("entry-link", "view-certificate");
            view.setMinWidth(USE_PREF_SIZE);
            view.setOnAction(_ -> {
                view.setVisited(false);
                certificate(getItem()).ifPresent(field -> onCertificate.accept(frame, field));
            });
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
                boolean viewed = frame != null && certificate(field).isPresent();
                view.setVisible(viewed);
                view.setManaged(viewed);
                setGraphic(line);
            } else {
                setGraphic(null);
            }
        }
    }
}
