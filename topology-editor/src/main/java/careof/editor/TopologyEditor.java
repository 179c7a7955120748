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
import careof.editor.gesture.Gestures;
import careof.editor.model.Decoration;
import careof.editor.model.EditorMode;
import careof.editor.model.LinkState;
import careof.editor.model.Naming;
import careof.editor.model.Problems;
import careof.editor.model.Selection;
import careof.editor.view.AttackCard;
import careof.editor.view.Board;
import careof.editor.view.Cards;
import careof.editor.view.IkeCard;
import careof.editor.view.Minimap;
import careof.editor.view.PaletteBar;
import careof.editor.view.PaletteItem;
import careof.editor.view.ProtectionCard;
import careof.editor.view.ZoomBar;
import careof.engine.lab.Action;
import careof.engine.lab.Attack;
import careof.engine.lab.Lab;
import careof.engine.lab.LabLink;
import careof.engine.lab.LabNode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
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
import javafx.scene.input.KeyCode;
import javafx.scene.input.KeyEvent;
import javafx.scene.layout.Region;

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
    private final Scenery scenery = new Scenery(this::effective);
    private final LabEdits edits = new LabEdits(this, scenery);
    private final Floating floating = new Floating(this, board, getChildren());
    private final EditorDesk desk = new EditorDesk(this, board, scenery, edits, floating);
    private final Gestures gestures = new Gestures(board, desk);
    private final Minimap minimap = new Minimap(board);
    private final ZoomBar zoomBar = new ZoomBar(board);
    private final PaletteBar palette = new PaletteBar(this, new Carrying(board, desk, gestures));

    private Predicate<LabCommand> onEditWhileRunning = _ -> false;
    private Function<Action.Ike, Optional<String>> orderCheck = _ -> Optional.empty();
    private Optional<String> whyNoActions = Optional.empty();
    private Optional<Consumer<String>> onCertificate = Optional.empty();
    private Runnable onUndo = this::undo;
    private Runnable onRedo = this::redo;

    private boolean fitPending = true;
    private final BooleanProperty minimapWanted = new SimpleBooleanProperty(this, "minimapVisible", true);

    public TopologyEditor() {
        getStyleClass().add("topology-editor");
        getStylesheets().add(TopologyEditor.class.getResource("editor.css").toExternalForm());
        setAccessibleRole(AccessibleRole.PARENT);
        setAccessibleText("Lab canvas");
        board.setFocusTraversable(true);
        board.setId("board");
        board.setAccessibleRole(AccessibleRole.PARENT);
        board.setAccessibleText("Canvas");
        getChildren().addAll(board, palette, minimap, zoomBar);
        getChildren().addAll(floating.layers());
        gestures.armedProperty().subscribe(palette::showArmed);
        gestures.setTip(floating::showTip);
        palette.visibleProperty().subscribe(this::requestLayout);
        minimapWanted.subscribe(this::requestLayout);
        addEventHandler(KeyEvent.KEY_PRESSED, new EditorKeys(this, board, desk, gestures, floating, zoomBar)::pressed);
        addEventHandler(KeyEvent.KEY_RELEASED, e -> {
            if (e.getCode() == KeyCode.SPACE) {
                gestures.setSpaceHeld(false);
            }
        });
        history.labProperty().subscribe((_, lab) -> labChanged(lab));
        mode.subscribe((_, _) -> refresh(true));
        attachments.addListener((MapChangeListener<String, String>) _ -> {
            if (mode.get() == EditorMode.RUNNING) {
                refresh(true);
            }
        });
        selection.subscribe(now -> {
            board.setSelection(now);
            minimap.setSelection(now);
            board.setAccessibleHelp(now.isEmpty() ? "nothing selected" : "selected: " + String.join(", ", now.nodes()) + " " + String.join(", ", now.links()));
        });
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

    /** Whether the palette is shown. */
    public BooleanProperty paletteVisibleProperty() {
        return palette.visibleProperty();
    }

    /** Whether the overview is shown, where there is room. */
    public BooleanProperty minimapVisibleProperty() {
        return minimapWanted;
    }

    /** Whether mobile nodes glide when they move; switch it off when stepping fast or when less motion is preferred. */
    public BooleanProperty motionProperty() {
        return motion;
    }

    // What the application is told.

    /** Called with what the user's hand wants done in the run: in {@link EditorMode#RUNNING} anything, before that a ping or an attack. */
    public void setOnAction(Consumer<Action> handler) {
        edits.setOnAction(handler);
    }

    /**
     * In {@link EditorMode#RUNNING}: the user asks for an edit of the lab. True: it is done at once. False: it is not; the application may
     * rewind and then {@link #execute} it itself.
     */
    public void setOnEditWhileRunning(Predicate<LabCommand> handler) {
        onEditWhileRunning = handler;
    }

    /** Asks why an order to a node's IKE cannot be done now; empty: it can. */
    public void setOrderCheck(Function<Action.Ike, Optional<String>> check) {
        orderCheck = check;
    }

    /** Why nothing can be done in the run that is shown, in a few words; empty: it can. */
    public void setWhyNoActions(Optional<String> why) {
        whyNoActions = why;
    }

    public Optional<String> whyNoActions() {
        return whyNoActions;
    }

    Optional<String> whyNot(Action.Ike order) {
        return orderCheck.apply(order);
    }

    /** Called with a node whose certificate the user wants to see. */
    public void setOnCertificate(Consumer<String> handler) {
        onCertificate = Optional.of(handler);
    }

    Optional<Consumer<String>> onCertificate() {
        return onCertificate;
    }

    /** What the keys and the menu of the canvas do for undo, where the application has more to take back than edits. */
    public void setOnUndo(Runnable undo) {
        onUndo = undo;
    }

    public void setOnRedo(Runnable redo) {
        onRedo = redo;
    }

    void askUndo() {
        onUndo.run();
    }

    void askRedo() {
        onRedo.run();
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
        // What was begun with the lab as it was is not to be done to another.
        if (gestures.isActive()) {
            gestures.cancel();
        }
        floating.closeCard();
        if (!history.isEditing()) {
            scenery.restart(lab);
            fitPending = true;
        }
        selection.set(selection.get().within(lab));
        refresh(false);
    }

    private Map<String, String> effective() {
        return mode.get() == EditorMode.RUNNING ? attachments : Map.of();
    }

    void refresh(boolean glide) {
        Lab lab = getLab();
        board.show(lab, scenery.of(lab, board.placement()), effective(), glide && motion.get());
        board.setProblems(mode.get() == EditorMode.EDITING ? Problems.ofNodes(lab) : Map.of());
        if (fitPending) {
            requestLayout();
        }
    }

    @Override
    protected void layoutChildren() {
        double w = getWidth();
        double h = getHeight();
        double left = palette.isVisible() ? PaletteBar.WIDTH : 0;
        palette.fitInto(h);
        palette.resizeRelocate(0, 0, PaletteBar.WIDTH, h);
        board.resizeRelocate(left, 0, Math.max(0, w - left), h);
        minimap.resizeRelocate(w - minimap.prefWidth(-1) - 14, h - minimap.prefHeight(-1) - 14, minimap.prefWidth(-1), minimap.prefHeight(-1));
        minimap.setRoom(minimapWanted.get() && w - left > 480 && h > 280);
        double zw = zoomBar.prefWidth(-1);
        double zh = zoomBar.prefHeight(-1);
        zoomBar.resizeRelocate(left + 14, h - 14 - zh, zw, zh);
        board.reserveCorner(minimap.hasRoom() ? Minimap.WIDTH + 22 : 0, minimap.hasRoom() ? Minimap.HEIGHT + 22 : 0);
        floating.layout(left, w, h);
        if (fitPending && w > 0) {
            fitPending = false;
            board.layout();
            board.fit();
        }
    }

    // What menus and keys do.

    /** Shows a short message at the bottom for a moment. */
    public void say(String message) {
        floating.say(message);
    }

    /** Opens the card with the properties of a node or link. */
    public void showProperties(Hit what) {
        floating.dismiss();
        switch (what) {
            case Hit.Node n -> getLab().node(n.name()).ifPresent(node -> floating.open(
                    closed -> Cards.node(getLab(), node, command -> edits.changeNode(node, command), closed), board.geometry().node(n.name())));
            case Hit.Link l -> getLab().link(l.name()).ifPresent(_ -> {
                LabLink now = edits.linkNow(l.name());
                floating.open(closed -> Cards.link(getLab(), now, (wish, name) -> edits.changeLink(now, wish, name), closed), board.geometry().link(l.name()));
            });
            case Hit.Handle h -> showProperties(new Hit.Node(h.node()));
            case Hit.Wire w -> showProperties(new Hit.Link(w.link()));
            case Hit.Nothing _ -> {}
        }
    }

    /** Opens the card of an attack; a node begins it when the user says so. */
    public void showAttack(String node, Attack.Kind kind) {
        floating.dismiss();
        getLab().node(node).ifPresent(n -> floating.open(
                closed -> AttackCard.of(getLab(), n, kind, attack -> edits.act(new Action.Attack(node, attack)), closed), board.geometry().node(node)));
    }

    /** Opens the card of a node's IKE. */
    public void showIke(String node) {
        floating.dismiss();
        getLab().node(node).ifPresent(n -> floating.open(
                closed -> IkeCard.settings(getLab(), n, command -> edits.change(command), closed), board.geometry().node(node)));
    }

    /** Opens the card of a node's IKE with a peer. */
    public void showIke(String node, String peer) {
        floating.dismiss();
        getLab().node(node).ifPresent(n -> floating.open(
                closed -> IkeCard.peer(getLab(), n, peer, command -> edits.change(command), closed), board.geometry().node(node)));
    }

    /** Opens the card of a protection beside one of its ends. */
    public void showProtection(String node, String protection) {
        floating.dismiss();
        getLab().protection(protection).ifPresent(p -> floating.open(
                closed -> ProtectionCard.of(getLab(), p, command -> edits.change(command), closed), board.geometry().node(node)));
    }

    /** Lets the user edit a name where it stands. */
    public void rename(Hit what) {
        floating.dismiss();
        switch (what) {
            case Hit.Node n -> editName(n.name(), board.geometry().node(n.name()).plus(0, Geometry.NODE_RADIUS + 12),
                    to -> new LabCommands.RenameNode(n.name(), to), Selection::node);
            case Hit.Link l -> editName(l.name(), switch (board.geometry().shapes().get(l.name())) {
                case Geometry.Shape.Bar b -> new Point2(b.labelX() + 50, b.centre().y() + (b.labelAbove() ? -24 : 16));
                case Geometry.Shape.Cell c -> c.centre().plus(0, c.flipped() ? -c.radius() - 26 : c.radius() + 12);
            }, to -> new LabCommands.RenameLink(l.name(), to), Selection::link);
            case Hit.Handle h -> rename(new Hit.Node(h.node()));
            case Hit.Wire w -> rename(new Hit.Link(w.link()));
            case Hit.Nothing _ -> {}
        }
    }

    private void editName(String name, Point2 at, Function<String, LabCommand> command, Function<String, Selection> select) {
        floating.editName(name, at, text -> Naming.problem(getLab(), name, text), to -> {
            if (edits.rename(command.apply(to))) {
                selection.set(select.apply(to));
            }
        });
    }

    /** Where a mobile node is at the time shown. */
    Optional<String> linkOf(LabNode mobile) {
        return Geometry.linksOf(mobile, effective()).stream().findFirst();
    }

    void add(PaletteItem item, Point2 at) {
        desk.add(item, at, false);
    }

    /** Lays everything out anew; can be undone. */
    public void arrange() {
        Placement fresh = AutoLayout.place(getLab().withView(Lab.View.EMPTY), Placement.EMPTY);
        execute(new LabCommands.Place("Arrange everything", fresh, Optional.empty()));
        board.fit();
    }

    /** Deletes what is selected, with everything that names it. */
    public void deleteSelection() {
        if (!selection.get().isEmpty()) {
            edits.delete(selection.get());
        }
    }

    public void selectAll() {
        selection.set(Selection.all(getLab()));
    }
}
