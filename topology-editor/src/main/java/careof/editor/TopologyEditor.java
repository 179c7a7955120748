package careof.editor;

import careof.editor.command.History;
import careof.editor.command.LabCommand;
import careof.editor.command.LabCommands;
import careof.editor.geometry.AutoLayout;
import careof.editor.geometry.Geometry;
import careof.editor.geometry.Hit;
import careof.editor.geometry.Placement;
import careof.editor.geometry.Point2;
import careof.editor.geometry.Viewport;
import careof.editor.gesture.Desk;
import careof.editor.gesture.Gestures;
import careof.editor.gesture.PaletteGesture;
import careof.editor.gesture.PaletteItem;
import careof.editor.model.Addressing;
import careof.editor.model.Decoration;
import careof.editor.model.EditorMode;
import careof.editor.model.LinkState;
import careof.editor.model.Naming;
import careof.editor.model.Selection;
import careof.editor.view.Board;
import careof.editor.view.Ink;
import careof.engine.lab.Action;
import careof.engine.lab.Lab;
import careof.engine.lab.LabLink;
import careof.engine.lab.LabNode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Predicate;
import javafx.beans.property.BooleanProperty;
import javafx.beans.property.ObjectProperty;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.SimpleBooleanProperty;
import javafx.beans.property.SimpleObjectProperty;
import javafx.collections.FXCollections;
import javafx.collections.MapChangeListener;
import javafx.collections.ObservableMap;
import javafx.css.PseudoClass;
import javafx.scene.AccessibleRole;
import javafx.scene.layout.Region;
import javafx.scene.paint.Color;

/**
 * A canvas that draws and edits a lab. It knows no simulation: while one runs, the application says where mobile nodes are
 * ({@link #attachmentsProperty}), what nodes and links show ({@link #decorationsProperty}, {@link #linkStatesProperty}), draws
 * packets as an {@link Overlay}, and is told what the user's hand asks for ({@link #setOnMove}, {@link #setOnLinkAction} ...).
 *
 * <p>Colours are the looked-up colours {@code -careof-*} of the application's theme; without one, {@link #setOwnColours}.
 * All methods belong to the JavaFX thread.
 */
public final class TopologyEditor extends Region {
    private final History history = new History();
    private final Board board = new Board();
    private final ObjectProperty<Selection> selection = new SimpleObjectProperty<>(this, "selection", Selection.NONE);
    private final ObjectProperty<EditorMode> mode = new SimpleObjectProperty<>(this, "mode", EditorMode.EDITING);
    private final ObservableMap<String, String> attachments = FXCollections.observableMap(new LinkedHashMap<>());
    private final ObjectProperty<Map<String, List<Decoration>>> decorations = new SimpleObjectProperty<>(this, "decorations", Map.of());
    private final ObjectProperty<Map<String, LinkState>> linkStates = new SimpleObjectProperty<>(this, "linkStates", Map.of());
    private final BooleanProperty motion = new SimpleBooleanProperty(this, "motion", true);
    private final Gestures gestures;

    private BiConsumer<String, Optional<String>> onMove = (_, _) -> {};
    private Consumer<Action.Link> onLinkAction = _ -> {};
    private Consumer<Action.SetMode> onSetMode = _ -> {};
    private BiConsumer<String, String> onPing = (_, _) -> {};
    private Predicate<LabCommand> onEditWhileRunning = _ -> false;

    /** Where everything stands by the lab alone. */
    private Placement base = Placement.EMPTY;
    /** Where a mobile node stands while it is on a link other than the lab's, relative to that link's centre. */
    private final Map<Spot, Point2> parked = new LinkedHashMap<>();
    private boolean fitPending = true;

    private record Spot(String node, String link) {}

    public TopologyEditor() {
        getStyleClass().add("topology-editor");
        getStylesheets().add(TopologyEditor.class.getResource("editor.css").toExternalForm());
        setAccessibleRole(AccessibleRole.PARENT);
        setAccessibleText("Lab canvas");
        board.setFocusTraversable(true);
        board.setAccessibleText("Canvas");
        getChildren().add(board);
        gestures = new Gestures(board, new EditorDesk());
        history.labProperty().subscribe((_, lab) -> labChanged(lab));
        mode.subscribe((_, _) -> refresh(true));
        attachments.addListener((MapChangeListener<String, String>) _ -> {
            if (mode.get() == EditorMode.RUNNING) {
                refresh(true);
            }
        });
        selection.subscribe(board::setSelection);
        decorations.subscribe(board::setDecorations);
        linkStates.subscribe(board::setLinkStates);
        labChanged(history.labProperty().get());
    }

    // The lab and its history.

    /** The lab shown. Setting it begins a new history and shows all of it; edits go through {@link #execute}. */
    public ObjectProperty<Lab> labProperty() {
        return history.labProperty();
    }

    public Lab getLab() {
        return history.labProperty().get();
    }

    public void setLab(Lab lab) {
        history.labProperty().set(lab);
    }

    public History history() {
        return history;
    }

    /**
     * Does an edit, so that it can be undone. While running, one that changes more than positions is first offered to
     * {@link #setOnEditWhileRunning}.
     *
     * @return whether it was done
     */
    public boolean execute(LabCommand command) {
        return allowed(command) && history.execute(command);
    }

    /** Takes the last edit back, under the same condition as {@link #execute}. */
    public boolean undo() {
        return history.nextUndo().filter(this::allowed).isPresent() && history.undo();
    }

    public boolean redo() {
        return history.nextRedo().filter(this::allowed).isPresent() && history.redo();
    }

    private boolean allowed(LabCommand command) {
        return mode.get() == EditorMode.EDITING || command.drawingOnly() || onEditWhileRunning.test(command);
    }

    // What the application says.

    /** Whether the user's hand edits the lab or acts in a run. */
    public ObjectProperty<EditorMode> modeProperty() {
        return mode;
    }

    /** Where mobile nodes are at the time shown: node name to link name, "" for nowhere. Counts in {@link EditorMode#RUNNING} only. */
    public ObservableMap<String, String> attachmentsProperty() {
        return attachments;
    }

    /** Short texts under nodes, by node name. Set a new map for a change. */
    public ObjectProperty<Map<String, List<Decoration>>> decorationsProperty() {
        return decorations;
    }

    /** Links that differ from the lab at the time shown, by name. Set a new map for a change. */
    public ObjectProperty<Map<String, LinkState>> linkStatesProperty() {
        return linkStates;
    }

    public ObjectProperty<Selection> selectionProperty() {
        return selection;
    }

    /** Whether mobile nodes glide when they move; switch it off when stepping fast or when less motion is preferred. */
    public BooleanProperty motionProperty() {
        return motion;
    }

    // What the application is told.

    /** In {@link EditorMode#RUNNING}: a mobile node was dragged to a link (empty: taken off its link). */
    public void setOnMove(BiConsumer<String, Optional<String>> handler) {
        onMove = handler;
    }

    /** In {@link EditorMode#RUNNING}: a link is to change: down, up, loss, delay, rate. */
    public void setOnLinkAction(Consumer<Action.Link> handler) {
        onLinkAction = handler;
    }

    /** In {@link EditorMode#RUNNING}: a mobile node is to talk otherwise to a peer. */
    public void setOnSetMode(Consumer<Action.SetMode> handler) {
        onSetMode = handler;
    }

    /** The user asked for one echo request, from the first node to the second; in either mode. */
    public void setOnPing(BiConsumer<String, String> handler) {
        onPing = handler;
    }

    /**
     * In {@link EditorMode#RUNNING}: the user asks for an edit of the lab. True: it is done at once. False: it is not; the application may
     * rewind and then {@link #execute} it itself.
     */
    public void setOnEditWhileRunning(Predicate<LabCommand> handler) {
        onEditWhileRunning = handler;
    }

    // Drawing.

    public void addOverlay(Overlay overlay) {
        board.addOverlay(overlay);
    }

    public void removeOverlay(Overlay overlay) {
        board.removeOverlay(overlay);
    }

    /** Has the overlays drawn at the next frame. */
    public void requestOverlay() {
        board.requestOverlay();
    }

    /** Where everything is drawn now; a new value whenever something moves. */
    public ReadOnlyObjectProperty<Geometry> geometryProperty() {
        return board.geometryProperty();
    }

    public Geometry geometry() {
        return board.geometry();
    }

    public ObjectProperty<Viewport> viewportProperty() {
        return board.viewportProperty();
    }

    /** A colour of the theme, for overlays. */
    public Color ink(Ink ink) {
        return board.ink(ink);
    }

    /** Shows the whole lab. */
    public void fit() {
        board.fit();
    }

    /** Uses built-in colours instead of the application's theme; {@code :dark} is then a pseudo-class of this control ({@link #setDark}). */
    public void setOwnColours(boolean own) {
        getStyleClass().remove("standalone");
        if (own) {
            getStyleClass().add("standalone");
        }
    }

    public void setDark(boolean dark) {
        pseudoClassStateChanged(PseudoClass.getPseudoClass("dark"), dark);
    }

    // Inner workings.

    private void labChanged(Lab lab) {
        if (!history.isEditing()) {
            base = Placement.EMPTY;
            parked.clear();
            fitPending = true;
        }
        selection.set(selection.get().within(lab));
        refresh(false);
    }

    private Map<String, String> effective() {
        return mode.get() == EditorMode.RUNNING ? attachments : Map.of();
    }

    private void refresh(boolean glide) {
        Lab lab = getLab();
        base = AutoLayout.place(lab, base);
        board.show(lab, drawn(lab), effective(), glide && motion.get());
        if (fitPending) {
            fitPending = getWidth() == 0;
            board.fit();
        }
    }

    /** {@link #base}, with mobile nodes that are elsewhere now near where they are. */
    private Placement drawn(Lab lab) {
        Placement drawn = base;
        for (LabNode node : lab.nodes()) {
            String now = effective().get(node.name());
            if (node.role() != LabNode.Role.MOBILE_NODE || now == null || now.equals(node.at().orElse(""))) {
                continue;
            }
            Point2 p;
            if (lab.link(now).isEmpty()) {
                // Nowhere: it stays where it was seen last.
                p = board.placement().nodes().getOrDefault(node.name(), base.nodes().get(node.name()));
            } else {
                Point2 centre = base.links().get(now);
                Placement soFar = drawn;
                p = centre.plus(parked.computeIfAbsent(new Spot(node.name(), now), _ -> {
                    Geometry g = Geometry.of(lab, soFar, effective());
                    return g.landing(now, node.name()).minus(centre);
                }));
            }
            drawn = drawn.with(Map.of(node.name(), p), Map.of());
        }
        return drawn;
    }

    @Override
    protected void layoutChildren() {
        board.resizeRelocate(0, 0, getWidth(), getHeight());
        if (fitPending && getWidth() > 0) {
            fitPending = false;
            board.fit();
        }
    }

    /** What gestures may do. */
    private final class EditorDesk implements Desk {
        @Override
        public Lab lab() {
            return getLab();
        }

        @Override
        public EditorMode mode() {
            return mode.get();
        }

        @Override
        public Optional<String> linkOf(LabNode mobile) {
            return Geometry.linksOf(mobile, effective()).stream().findFirst();
        }

        @Override
        public Selection selection() {
            return selection.get();
        }

        @Override
        public void select(Selection wanted) {
            selection.set(wanted);
        }

        @Override
        public void execute(LabCommand command) {
            TopologyEditor.this.execute(command);
        }

        @Override
        public void place(String what, Map<String, Point2> nodes, Map<String, Point2> links, Optional<String> mergeKey) {
            var own = new LinkedHashMap<>(nodes);
            // A mobile node away from its place in the lab moves in this run's picture only.
            for (String name : nodes.keySet()) {
                LabNode node = getLab().node(name).orElseThrow();
                String now = effective().get(name);
                if (node.role() == LabNode.Role.MOBILE_NODE && now != null && !now.equals(node.at().orElse(""))) {
                    own.remove(name);
                    Point2 centre = links.getOrDefault(now, base.links().get(now));
                    if (centre != null) {
                        parked.put(new Spot(name, now), nodes.get(name).minus(centre));
                    }
                }
            }
            Placement wanted = base.with(own, links);
            if (wanted.equals(base) || !TopologyEditor.this.execute(new LabCommands.Place(what, wanted, mergeKey))) {
                refresh(false);
            }
        }

        @Override
        public void moveMobile(String node, String link, Point2 dropped) {
            Point2 p = board.geometry().landing(link, dropped, node);
            if (mode.get() == EditorMode.RUNNING) {
                parked.put(new Spot(node, link), p.minus(base.links().get(link)));
                onMove.accept(node, Optional.of(link));
            } else {
                TopologyEditor.this.execute(new LabCommands.Attach(node, link, base.with(Map.of(node, p), Map.of())));
            }
        }

        @Override
        public void connect(String node, String link) {
            LabNode n = getLab().node(node).orElseThrow();
            if (n.role() == LabNode.Role.MOBILE_NODE) {
                if (linkOf(n).equals(Optional.of(link))) {
                    say(node + " is on " + link + " already");
                } else {
                    moveMobile(node, link, board.geometry().node(node));
                }
            } else if (n.ports().stream().anyMatch(p -> p.link().equals(link))) {
                say(node + " has a port on " + link + " already");
            } else {
                TopologyEditor.this.execute(new LabCommands.Attach(node, link, base));
            }
        }

        @Override
        public void join(String a, String b) {
            String name = Naming.next(getLab(), LabLink.Kind.WIRED);
            LabLink link = LabLink.of(name, LabLink.Kind.WIRED, Optional.of(Addressing.nextPrefix(getLab())));
            Point2 middle = board.geometry().node(a).towards(board.geometry().node(b), 0.5).snapped(20);
            if (TopologyEditor.this.execute(new LabCommands.Join(a, b, link, base.with(Map.of(), Map.of(name, middle))))) {
                select(Selection.link(name));
            }
        }

        @Override
        public void say(String message) {}

        @Override
        public void showMenu(Hit on, Point2 at, double screenX, double screenY) {}

        @Override
        public void rename(Hit what) {}

        @Override
        public void add(PaletteItem item, Point2 at, boolean free) {
            Point2 p = free ? at : at.snapped(20);
            switch (item) {
                case PaletteItem.OfLink l -> {
                    String name = Naming.next(getLab(), l.kind());
                    LabLink link = LabLink.of(name, l.kind(), Optional.of(Addressing.nextPrefix(getLab())));
                    if (TopologyEditor.this.execute(new LabCommands.AddLink(link, base.with(Map.of(), Map.of(name, p))))) {
                        select(Selection.link(name));
                    }
                }
                case PaletteItem.OfNode n -> {
                    String name = Naming.next(getLab(), n.role());
                    Optional<String> link = board.geometry().linkAround(at, 26);
                    Point2 place = link.map(on -> board.geometry().landing(on, p, name)).orElse(p);
                    if (TopologyEditor.this.execute(new LabCommands.AddNode(LabNode.of(name, n.role()),
                            base.with(Map.of(name, place), Map.of()), link))) {
                        select(Selection.node(name));
                    }
                }
            }
        }
    }

    /** Begins carrying a palette item; the palette feeds the pointer. */
    PaletteGesture carry(PaletteItem item) {
        PaletteGesture gesture = new PaletteGesture(board, new EditorDesk(), item);
        gestures.begin(gesture);
        return gesture;
    }
}
