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
import careof.editor.model.Addressing;
import careof.editor.model.Decoration;
import careof.editor.model.EditorMode;
import careof.editor.model.LinkState;
import careof.editor.model.Naming;
import careof.editor.model.Problems;
import careof.editor.model.Selection;
import careof.editor.view.Board;
import careof.editor.view.Cards;
import careof.editor.view.FormCard;
import careof.editor.view.Minimap;
import careof.editor.view.NameField;
import careof.editor.view.PaletteBar;
import careof.editor.view.PaletteItem;
import careof.editor.view.ZoomBar;
import careof.engine.lab.Action;
import careof.engine.lab.Lab;
import careof.engine.lab.LabLink;
import careof.engine.lab.LabNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import javafx.animation.PauseTransition;
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
import javafx.scene.control.ContextMenu;
import javafx.scene.control.Label;
import javafx.scene.control.TextInputControl;
import javafx.scene.input.KeyCode;
import javafx.scene.input.KeyEvent;
import javafx.scene.input.MouseEvent;
import javafx.scene.layout.Region;
import javafx.util.Duration;

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
    private final EditorDesk desk = new EditorDesk();
    private final Gestures gestures = new Gestures(board, desk);
    private final Minimap minimap = new Minimap(board);
    private final ZoomBar zoomBar = new ZoomBar(board);
    private final PaletteBar palette = new PaletteBar(this, new Carrying());
    private final Label toast = new Label();
    private final Label tip = new Label();
    private final PauseTransition toastTime = new PauseTransition(Duration.seconds(4));
    private final Menus menus = new Menus(this);
    private ContextMenu menu;
    private FormCard card;
    private Point2 cardAt = Point2.ZERO;
    private NameField nameField;

    private BiConsumer<String, Optional<String>> onMove = (_, _) -> {};
    private Consumer<Action.Link> onLinkAction = _ -> {};
    private Consumer<Action.SetMode> onSetMode = _ -> {};
    private BiConsumer<String, String> onPing = (_, _) -> {};
    private Predicate<LabCommand> onEditWhileRunning = _ -> false;
    private Runnable onUndo = this::undo;
    private Runnable onRedo = this::redo;

    /** Where everything stood when the lab was set: what has no place in the file stays there, undone moves come back there. */
    private Placement origin = Placement.EMPTY;
    /** Where everything stands by the lab alone. */
    private Placement base = Placement.EMPTY;
    /** Where a mobile node stands while it is on a link other than the lab's, relative to that link's centre. */
    private final Map<Spot, Point2> parked = new LinkedHashMap<>();
    private boolean fitPending = true;
    private double pointerX;
    private double pointerY;
    private final BooleanProperty minimapWanted = new SimpleBooleanProperty(this, "minimapVisible", true);

    private record Spot(String node, String link) {}

    public TopologyEditor() {
        getStyleClass().add("topology-editor");
        getStylesheets().add(TopologyEditor.class.getResource("editor.css").toExternalForm());
        setAccessibleRole(AccessibleRole.PARENT);
        setAccessibleText("Lab canvas");
        board.setFocusTraversable(true);
        board.setId("board");
        board.setAccessibleRole(AccessibleRole.PARENT);
        board.setAccessibleText("Canvas");
        toast.getStyleClass().add("toast");
        toast.setId("toast");
        tip.getStyleClass().add("tip");
        for (Label floating : List.of(toast, tip)) {
            floating.setVisible(false);
            floating.setMouseTransparent(true);
        }
        toastTime.setOnFinished(_ -> toast.setVisible(false));
        getChildren().addAll(board, palette, minimap, zoomBar, tip, toast);
        gestures.armedProperty().subscribe(palette::showArmed);
        gestures.setTip(this::showTip);
        addEventFilter(MouseEvent.ANY, e -> {
            pointerX = e.getX();
            pointerY = e.getY();
        });
        palette.visibleProperty().subscribe(this::requestLayout);
        minimapWanted.subscribe(this::requestLayout);
        addEventHandler(KeyEvent.KEY_PRESSED, this::key);
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
        if (card != null) {
            card.close();
        }
        if (!history.isEditing()) {
            origin = AutoLayout.place(lab, Placement.EMPTY);
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
        base = AutoLayout.place(lab, origin);
        board.show(lab, drawn(lab), effective(), glide && motion.get());
        board.setProblems(mode.get() == EditorMode.EDITING ? Problems.ofNodes(lab) : Map.of());
        if (fitPending) {
            requestLayout();
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
        double tw = Math.min(toast.prefWidth(-1), w - left - 40);
        toast.resizeRelocate(left + (w - left - tw) / 2, h - 46, tw, toast.prefHeight(tw));
        tip.autosize();
        if (card != null) {
            double cw = Math.min(card.prefWidth(-1), w - left - 16);
            double ch = Math.min(card.prefHeight(cw), h - 16);
            Point2 screen = board.viewport().toScreen(cardAt);
            // Beside its thing, on the side with more room.
            double x = left + screen.x() + (screen.x() < (w - left) / 2 ? 50 : -50 - cw);
            card.resizeRelocate(Math.clamp(x, left + 8, Math.max(left + 8, w - cw - 8)), Math.clamp(screen.y() - 60, 8, Math.max(8, h - ch - 8)), cw, ch);
        }
        if (nameField != null) {
            nameField.autosize();
        }
        if (fitPending && w > 0) {
            fitPending = false;
            board.layout();
            board.fit();
        }
    }

    // Things that float above the canvas.

    private void showTip(Optional<String> text) {
        tip.setVisible(text.isPresent());
        text.ifPresent(t -> {
            tip.setText(t);
            tip.autosize();
            tip.relocate(Math.min(pointerX + 14, Math.max(0, getWidth() - tip.getWidth() - 8)),
                    Math.min(pointerY + 18, Math.max(0, getHeight() - tip.getHeight() - 8)));
        });
    }

    /** Shows a short message at the bottom for a moment. */
    public void say(String message) {
        toast.setText(message);
        toast.setVisible(true);
        toastTime.playFromStart();
        requestLayout();
    }

    private void dismiss() {
        if (menu != null) {
            menu.hide();
            menu = null;
        }
        if (card != null) {
            card.close();
        }
        if (nameField != null) {
            // Losing the focus takes the name.
            board.requestFocus();
        }
    }

    /** Opens the card with the properties of a node or link. */
    public void showProperties(Hit what) {
        dismiss();
        switch (what) {
            case Hit.Node n -> getLab().node(n.name()).ifPresent(node ->
                    open(Cards.node(getLab(), node, command -> applyNode(node, command), this::closed), board.geometry().node(n.name())));
            case Hit.Link l -> getLab().link(l.name()).ifPresent(_ -> {
                LabLink now = linkNow(l.name());
                open(Cards.link(getLab(), now, (wish, name) -> applyLink(now, wish, name), this::closed), board.geometry().link(l.name()));
            });
            case Hit.Handle h -> showProperties(new Hit.Node(h.node()));
            case Hit.Wire w -> showProperties(new Hit.Link(w.link()));
            case Hit.Nothing _ -> {}
        }
    }

    private void open(FormCard opened, Point2 at) {
        card = opened;
        cardAt = at;
        getChildren().add(card);
        requestLayout();
        card.focusFirst();
    }

    private void closed(FormCard which) {
        getChildren().remove(which);
        if (card == which) {
            card = null;
        }
        board.requestFocus();
    }

    private void applyNode(LabNode before, LabCommand command) {
        if (mode.get() == EditorMode.RUNNING && command instanceof LabCommands.All all
                && all.commands().size() == 1 && all.commands().getFirst() instanceof LabCommands.ChangeNode change
                && change.node().withModes(before.modes()).equals(before)) {
            // Only modes changed: that is something to do in the run.
            change.node().modes().forEach((peer, m) -> {
                if (before.modes().getOrDefault(peer, LabNode.Mode.BIDIRECTIONAL) != m) {
                    onSetMode.accept(new Action.SetMode(before.name(), peer, m));
                }
            });
            return;
        }
        if (!command.apply(getLab()).equals(getLab())) {
            execute(pinned(command));
        }
    }

    private void applyLink(LabLink now, LabLink wish, String name) {
        LabLink lab = getLab().link(now.name()).orElseThrow();
        LabLink edited = wish;
        if (mode.get() == EditorMode.RUNNING) {
            var action = new Action.Link(now.name(), Optional.empty(), Optional.empty(), changed(now.loss(), wish.loss()),
                    changed(now.delay(), wish.delay()), changed(now.rate(), wish.rate()), changed(now.down(), wish.down()));
            if (action.loss().isPresent() || action.delay().isPresent() || action.rate().isPresent() || action.down().isPresent()) {
                onLinkAction.accept(action);
            }
            edited = wish.withDelay(lab.delay()).withRate(lab.rate()).withLoss(lab.loss()).withDown(lab.down());
        }
        List<LabCommand> edits = new ArrayList<>();
        if (!edited.equals(lab)) {
            edits.add(new LabCommands.ChangeLink(edited));
        }
        if (!name.equals(now.name())) {
            edits.add(new LabCommands.RenameLink(now.name(), name));
        }
        if (!edits.isEmpty()) {
            execute(pinned(new LabCommands.All("Change " + now.name(), edits)));
        }
    }

    private static <T> Optional<T> changed(T from, T to) {
        return from.equals(to) ? Optional.empty() : Optional.of(to);
    }

    /** Lets the user edit a name where it stands. */
    public void rename(Hit what) {
        dismiss();
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
        Point2 screen = board.viewport().toScreen(at);
        NameField field = new NameField(name, text -> Naming.problem(getLab(), name, text), taken -> {
            getChildren().remove(nameField);
            nameField = null;
            board.requestFocus();
            taken.ifPresent(to -> {
                if (execute(pinned(command.apply(to)))) {
                    selection.set(select.apply(to));
                }
            });
        });
        nameField = field;
        getChildren().add(field);
        field.applyCss();
        field.autosize();
        field.relocate(board.getLayoutX() + screen.x() - field.getWidth() / 2, screen.y() - field.getHeight() / 2);
        field.requestFocus();
        field.selectAll();
    }

    // What menus and keys do.

    Optional<String> linkOf(LabNode mobile) {
        return Geometry.linksOf(mobile, effective()).stream().findFirst();
    }

    /** A link as it is at the time shown. */
    LabLink linkNow(String name) {
        LabLink link = getLab().link(name).orElseThrow();
        LinkState state = mode.get() == EditorMode.RUNNING ? linkStates.get().get(name) : null;
        return state == null ? link : state.applied(link);
    }

    /** Brings a mobile node to a link, or off its link. */
    void bring(String node, Optional<String> link) {
        LabNode mobile = getLab().node(node).orElseThrow();
        if (linkOf(mobile).equals(link)) {
            return;
        }
        if (mode.get() == EditorMode.RUNNING) {
            onMove.accept(node, link);
        } else if (link.isPresent()) {
            Point2 p = board.geometry().landing(link.get(), node);
            execute(new LabCommands.Attach(node, link.get(), base.with(Map.of(node, p), Map.of())));
        } else {
            execute(new LabCommands.Detach(node, linkOf(mobile).orElseThrow()));
        }
    }

    void setMode(String node, String peer, LabNode.Mode wanted) {
        if (mode.get() == EditorMode.RUNNING) {
            onSetMode.accept(new Action.SetMode(node, peer, wanted));
        } else {
            LabNode before = getLab().node(node).orElseThrow();
            var modes = new LinkedHashMap<>(before.modes());
            modes.put(peer, wanted);
            execute(new LabCommands.ChangeNode(before.withModes(modes)));
        }
    }

    void ping(String from, String to) {
        onPing.accept(from, to);
    }

    void act(Action.Link action) {
        onLinkAction.accept(action);
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
            delete(selection.get());
        }
    }

    void delete(Selection what) {
        execute(pinned(new LabCommands.Remove(what)));
    }

    /** An edit that first writes down where everything stands, so that nothing jumps because of it. */
    private LabCommand pinned(LabCommand command) {
        return new LabCommands.All(command.name(), List.of(new LabCommands.Place("", base, Optional.empty()), command));
    }

    public void selectAll() {
        selection.set(Selection.all(getLab()));
    }

    private void key(KeyEvent e) {
        if (e.getTarget() instanceof TextInputControl) {
            return;
        }
        boolean handled = true;
        if (e.isShortcutDown()) {
            switch (e.getCode()) {
                case Z -> {
                    if (e.isShiftDown()) {
                        askRedo();
                    } else {
                        askUndo();
                    }
                }
                case Y -> askRedo();
                case A -> selectAll();
                case PLUS, ADD, EQUALS -> zoomBar.zoom(1.25);
                case MINUS, SUBTRACT -> zoomBar.zoom(1 / 1.25);
                case DIGIT0, NUMPAD0 -> fit();
                default -> handled = false;
            }
        } else {
            switch (e.getCode()) {
                case DELETE, BACK_SPACE -> deleteSelection();
                case F2 -> selected().ifPresent(this::rename);
                case ENTER -> selected().ifPresent(this::showProperties);
                case ESCAPE -> handled = escape();
                case SPACE -> gestures.setSpaceHeld(true);
                case PLUS, ADD, EQUALS -> zoomBar.zoom(1.25);
                case MINUS, SUBTRACT -> zoomBar.zoom(1 / 1.25);
                case DIGIT0, NUMPAD0 -> zoomBar.zoom(1 / board.viewport().zoom());
                case F -> fit();
                case LEFT -> handled = nudge(-1, 0, e);
                case RIGHT -> handled = nudge(1, 0, e);
                case UP -> handled = nudge(0, -1, e);
                case DOWN -> handled = nudge(0, 1, e);
                case TAB -> handled = e.getTarget() == board && cycle(e.isShiftDown() ? -1 : 1);
                case CONTEXT_MENU -> selected().ifPresent(hit -> {
                    Point2 at = hit instanceof Hit.Node n ? board.geometry().node(n.name()) : board.geometry().link(((Hit.Link) hit).name());
                    var screen = board.localToScreen(board.viewport().toScreen(at).x(), board.viewport().toScreen(at).y());
                    desk.showMenu(hit, at, screen.getX(), screen.getY());
                });
                default -> handled = false;
            }
        }
        if (handled) {
            e.consume();
        }
    }

    private boolean escape() {
        if (gestures.cancel()) {
            return true;
        }
        if (card != null || menu != null && menu.isShowing()) {
            dismiss();
            return true;
        }
        boolean any = !selection.get().isEmpty();
        selection.set(Selection.NONE);
        return any;
    }

    private Optional<Hit> selected() {
        return selection.get().onlyNode().<Hit>map(Hit.Node::new).or(() -> selection.get().onlyLink().map(Hit.Link::new));
    }

    /** Arrow keys: a grid step, with Alt or Shift a single unit. */
    private boolean nudge(int dx, int dy, KeyEvent e) {
        double step = e.isAltDown() || e.isShiftDown() ? 1 : 20;
        var nodes = new LinkedHashMap<String, Point2>();
        var links = new LinkedHashMap<String, Point2>();
        selection.get().nodes().forEach(n -> nodes.put(n, board.placement().nodes().get(n).plus(dx * step, dy * step)));
        selection.get().links().forEach(l -> links.put(l, board.placement().links().get(l).plus(dx * step, dy * step)));
        if (nodes.isEmpty() && links.isEmpty()) {
            return false;
        }
        desk.place("Nudge", nodes, links, Optional.of("nudge " + selection.get().nodes() + selection.get().links()));
        return true;
    }

    /** Tab: the next node or link; false beyond the last, so that the focus can go on. */
    private boolean cycle(int step) {
        List<Selection> all = new ArrayList<>();
        getLab().nodes().forEach(n -> all.add(Selection.node(n.name())));
        getLab().links().forEach(l -> all.add(Selection.link(l.name())));
        int now = all.indexOf(selection.get());
        int next = now < 0 ? step > 0 ? 0 : all.size() - 1 : now + step;
        boolean within = next >= 0 && next < all.size();
        selection.set(within ? all.get(next) : Selection.NONE);
        return within;
    }

    /** What gestures may do. */
    private final class EditorDesk implements Desk {
        @Override
        public Lab lab() {
            return getLab();
        }

        @Override
        public Optional<String> linkOf(LabNode mobile) {
            return TopologyEditor.this.linkOf(mobile);
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
            if (wanted.equals(base) || !execute(new LabCommands.Place(what, wanted, mergeKey))) {
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
                execute(new LabCommands.Attach(node, link, base.with(Map.of(node, p), Map.of())));
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
                execute(new LabCommands.Attach(node, link, base));
            }
        }

        @Override
        public void join(String a, String b) {
            String name = Naming.next(getLab(), LabLink.Kind.WIRED);
            LabLink link = LabLink.of(name, LabLink.Kind.WIRED, Optional.of(Addressing.nextPrefix(getLab())));
            Point2 middle = board.geometry().node(a).towards(board.geometry().node(b), 0.5).snapped(20);
            if (execute(new LabCommands.Join(a, b, link, base.with(Map.of(), Map.of(name, middle))))) {
                select(Selection.link(name));
            }
        }

        @Override
        public void say(String message) {
            TopologyEditor.this.say(message);
        }

        @Override
        public void showMenu(Hit on, Point2 at, double screenX, double screenY) {
            dismiss();
            menu = menus.on(on, at);
            menu.show(board, screenX, screenY);
        }

        @Override
        public void rename(Hit what) {
            TopologyEditor.this.rename(what);
        }

        @Override
        public void dismiss() {
            TopologyEditor.this.dismiss();
        }

        @Override
        public void add(PaletteItem item, Point2 at, boolean free) {
            Point2 p = free ? at : at.snapped(20);
            switch (item) {
                case PaletteItem.OfLink l -> {
                    String name = Naming.next(getLab(), l.kind());
                    LabLink link = LabLink.of(name, l.kind(), Optional.of(Addressing.nextPrefix(getLab())));
                    if (execute(new LabCommands.AddLink(link, base.with(Map.of(), Map.of(name, p))))) {
                        select(Selection.link(name));
                    }
                }
                case PaletteItem.OfNode n -> {
                    String name = Naming.next(getLab(), n.role());
                    Optional<String> link = board.geometry().linkAround(at, 26);
                    Point2 place = link.map(on -> board.geometry().landing(on, p, name)).orElse(p);
                    if (execute(new LabCommands.AddNode(LabNode.of(name, n.role()),
                            base.with(Map.of(name, place), Map.of()), link))) {
                        select(Selection.node(name));
                    }
                }
            }
        }
    }

    /** What the palette may do. */
    private final class Carrying implements PaletteBar.Carrier {
        private PaletteGesture gesture;

        @Override
        public void carry(PaletteItem item, MouseEvent e, boolean begins) {
            if (begins) {
                dismiss();
                gesture = new PaletteGesture(board, desk, item);
                gestures.begin(gesture);
            }
            gestures.feed(gesture, e);
        }

        @Override
        public void drop(MouseEvent e) {
            gestures.finish(gesture, e);
            board.requestFocus();
        }

        @Override
        public void arm(PaletteItem item) {
            var armed = gestures.armedProperty();
            armed.set(armed.get().equals(Optional.of(item)) ? Optional.empty() : Optional.of(item));
            board.requestFocus();
        }

        @Override
        public void put(PaletteItem item) {
            desk.add(item, board.visible().centre(), false);
        }
    }
}
