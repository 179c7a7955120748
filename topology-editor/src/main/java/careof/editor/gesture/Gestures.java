package careof.editor.gesture;

import careof.editor.Overlay;
import careof.editor.geometry.Geometry;
import careof.editor.geometry.Hit;
import careof.editor.geometry.Point2;
import careof.editor.geometry.Viewport;
import careof.editor.model.Selection;
import careof.editor.view.Board;
import careof.editor.view.PaletteItem;
import java.util.Optional;
import java.util.function.Consumer;
import javafx.beans.property.ObjectProperty;
import javafx.beans.property.SimpleObjectProperty;
import javafx.scene.Cursor;
import javafx.scene.input.MouseButton;
import javafx.scene.input.MouseEvent;
import javafx.scene.input.ScrollEvent;
import javafx.scene.input.ZoomEvent;

/** Turns mouse events over the board into one gesture at a time. */
public final class Gestures {
    /** Pixels that a press may wander before it is a drag. */
    private static final double THRESHOLD = 4;

    private final Board board;
    private final Desk desk;
    private final ObjectProperty<Optional<PaletteItem>> armed = new SimpleObjectProperty<>(this, "armed", Optional.empty());
    private Consumer<Optional<String>> tip = _ -> {};
    private Gesture active;
    private MouseEvent pressed;
    private Hit pressedOn = new Hit.Nothing();
    private boolean overOverlay;
    private boolean spaceHeld;

    public Gestures(Board board, Desk desk) {
        this.board = board;
        this.desk = desk;
        board.addEventHandler(MouseEvent.MOUSE_PRESSED, this::press);
        board.addEventHandler(MouseEvent.MOUSE_DRAGGED, this::drag);
        board.addEventHandler(MouseEvent.MOUSE_RELEASED, this::release);
        board.addEventHandler(MouseEvent.MOUSE_MOVED, this::hover);
        board.addEventHandler(MouseEvent.MOUSE_EXITED, _ -> {
            if (active == null) {
                board.showRing(Optional.empty());
            }
            tip.accept(Optional.empty());
        });
        board.addEventHandler(ScrollEvent.SCROLL, this::scroll);
        board.addEventHandler(ZoomEvent.ZOOM, e -> {
            zoomAt(e.getX(), e.getY(), e.getZoomFactor());
            e.consume();
        });
    }

    /** The palette item that the next click puts down. */
    public ObjectProperty<Optional<PaletteItem>> armedProperty() {
        return armed;
    }

    /** Where tips of overlays are shown. */
    public void setTip(Consumer<Optional<String>> show) {
        tip = show;
    }

    public void setSpaceHeld(boolean held) {
        spaceHeld = held;
        if (active == null) {
            board.setCursor(held ? Cursor.OPEN_HAND : null);
        }
    }

    public boolean isActive() {
        return active != null;
    }

    /** Begins a gesture that did not start on the board. */
    public void begin(Gesture gesture) {
        cancel();
        active = gesture;
    }

    /** Moves a gesture that did not start on the board, if it is still active. */
    public void feed(Gesture gesture, MouseEvent e) {
        if (active == gesture) {
            gesture.moved(pointer(e));
        }
    }

    /** Ends such a gesture with its effect, if it is still active. */
    public void finish(Gesture gesture, MouseEvent e) {
        if (active == gesture) {
            finish(gesture, pointer(e));
        }
    }

    /** Where the button goes up counts, whatever movements were told before: a busy machine tells fewer. */
    private void finish(Gesture gesture, Pointer p) {
        end();
        gesture.moved(p);
        gesture.done(p);
    }

    /** Ends the gesture, the pressed button or the armed palette item without effect; false if there is none. */
    public boolean cancel() {
        boolean any = active != null || armed.get().isPresent();
        if (active != null) {
            active.cancel();
            end();
        }
        pressed = null;
        armed.set(Optional.empty());
        return any;
    }

    private void end() {
        active = null;
        pressed = null;
        board.setCursor(spaceHeld ? Cursor.OPEN_HAND : null);
    }

    /** The pointer in board and canvas coordinates; events of other nodes are converted. */
    public Pointer pointer(MouseEvent e) {
        javafx.geometry.Point2D local = board.sceneToLocal(e.getSceneX(), e.getSceneY());
        return new Pointer(local.getX(), local.getY(), board.viewport().toCanvas(local.getX(), local.getY()),
                e.isAltDown(), e.isShiftDown() || e.isShortcutDown());
    }

    private void press(MouseEvent e) {
        board.requestFocus();
        tip.accept(Optional.empty());
        desk.dismiss();
        if (active != null) {
            return;
        }
        Pointer p = pointer(e);
        pressed = e;
        pressedOn = board.hit(p.at());
        if (e.getButton() != MouseButton.PRIMARY || spaceHeld) {
            e.consume();
            return;
        }
        if (armed.get().isPresent()) {
            PaletteItem item = armed.get().get();
            if (!e.isShiftDown()) {
                armed.set(Optional.empty());
            }
            pressed = null;
            desk.add(item, p.at(), p.free());
            e.consume();
            return;
        }
        overOverlay = isOverOverlay(p.at());
        if (overOverlay) {
            // A click is the overlay's, a drag is not: packets stand on nodes that one wants to move.
            e.consume();
            return;
        }
        Selection on = selectionOf(pressedOn);
        if (p.add() && !on.isEmpty()) {
            desk.select(desk.selection().toggled(on));
        } else if (!on.isEmpty() && !desk.selection().plus(on).equals(desk.selection())) {
            desk.select(on);
        }
        e.consume();
    }

    private static Selection selectionOf(Hit hit) {
        return switch (hit) {
            case Hit.Node n -> Selection.node(n.name());
            case Hit.Handle h -> Selection.node(h.node());
            case Hit.Link l -> Selection.link(l.name());
            case Hit.Wire w -> Selection.link(w.link());
            case Hit.Nothing _ -> Selection.NONE;
        };
    }

    private boolean isOverOverlay(Point2 at) {
        return board.overlays().stream().anyMatch(o -> o.tipAt(at, board.geometry(), board.viewport().zoom()).isPresent());
    }

    private boolean overlayTakes(Point2 at) {
        for (Overlay o : board.overlays().reversed()) {
            if (o.tipAt(at, board.geometry(), board.viewport().zoom()).isPresent()
                    && o.clickedAt(at, board.geometry(), board.viewport().zoom())) {
                return true;
            }
        }
        return false;
    }

    private void drag(MouseEvent e) {
        Pointer p = pointer(e);
        if (active == null && pressed != null && Math.hypot(e.getX() - pressed.getX(), e.getY() - pressed.getY()) >= THRESHOLD) {
            active = start(p);
        }
        if (active != null) {
            active.moved(p);
        }
        e.consume();
    }

    private Gesture start(Pointer p) {
        Point2 from = board.viewport().toCanvas(pressed.getX(), pressed.getY());
        if (pressed.getButton() != MouseButton.PRIMARY || spaceHeld) {
            board.setCursor(Cursor.CLOSED_HAND);
            return new PanGesture(board, pressed.getX(), pressed.getY());
        }
        boolean insideCell = pressedOn instanceof Hit.Link l && board.geometry().shapes().get(l.name()) instanceof Geometry.Shape.Cell;
        return switch (pressedOn) {
            case Hit.Handle h -> new WireGesture(board, desk, h.node(), p.at());
            case Hit.Link _ when insideCell && pressed.isShiftDown() -> new BandGesture(board, desk, from, true);
            case Hit.Node _, Hit.Link _ -> {
                board.setCursor(Cursor.MOVE);
                // A toggled click may have deselected it, an overlay may have lain on it: what is dragged is selected.
                Selection on = selectionOf(pressedOn);
                boolean joins = pressed.isShiftDown() || pressed.isShortcutDown() || desk.selection().plus(on).equals(desk.selection());
                desk.select(joins ? desk.selection().plus(on) : on);
                board.showRing(Optional.empty());
                yield new DragGesture(board, desk, pressedOn, from);
            }
            case Hit.Wire _, Hit.Nothing _ -> new BandGesture(board, desk, from, p.add());
        };
    }

    private void release(MouseEvent e) {
        Pointer p = pointer(e);
        if (active != null) {
            finish(active, p);
        } else if (pressed != null) {
            MouseButton button = pressed.getButton();
            pressed = null;
            if (button == MouseButton.SECONDARY) {
                Selection on = selectionOf(pressedOn);
                if (!on.isEmpty() && !desk.selection().plus(on).equals(desk.selection())) {
                    desk.select(on);
                }
                desk.showMenu(pressedOn, p.at(), e.getScreenX(), e.getScreenY());
            } else if (button == MouseButton.PRIMARY && !spaceHeld && overOverlay && overlayTakes(p.at())) {
                overOverlay = false;
            } else if (button == MouseButton.PRIMARY && e.getClickCount() == 2 && !spaceHeld && !p.add() && !selectionOf(pressedOn).isEmpty()) {
                desk.rename(pressedOn);
            } else if (button == MouseButton.PRIMARY && !spaceHeld && selectionOf(pressedOn).isEmpty() && !p.add()) {
                desk.select(Selection.NONE);
            } else if (button == MouseButton.PRIMARY && !spaceHeld && !p.add() && e.isStillSincePress()) {
                desk.select(selectionOf(pressedOn));
            }
        }
        hover(e);
        e.consume();
    }

    private void hover(MouseEvent e) {
        if (active != null) {
            return;
        }
        Pointer p = pointer(e);
        Hit hit = board.hit(p.at());
        board.showRing(armed.get().isPresent() || spaceHeld ? Optional.empty() : switch (hit) {
            case Hit.Node n -> Optional.of(n.name());
            case Hit.Handle h -> Optional.of(h.node());
            case Hit.Link _, Hit.Wire _, Hit.Nothing _ -> Optional.empty();
        });
        board.setCursor(spaceHeld ? Cursor.OPEN_HAND : armed.get().isPresent() ? Cursor.CROSSHAIR
                : hit instanceof Hit.Handle ? Cursor.CROSSHAIR : hit instanceof Hit.Node ? Cursor.HAND : null);
        Optional<String> text = Optional.empty();
        for (Overlay o : board.overlays().reversed()) {
            text = o.tipAt(p.at(), board.geometry(), board.viewport().zoom());
            if (text.isPresent()) {
                break;
            }
        }
        if (text.isEmpty() && hit instanceof Hit.Node n) {
            text = board.problem(n.name());
        }
        tip.accept(text);
    }

    private void scroll(ScrollEvent e) {
        if (e.isShortcutDown() || e.isControlDown()) {
            if (e.getDeltaY() != 0) {
                zoomAt(e.getX(), e.getY(), Math.pow(1.0025, e.getDeltaY()));
            }
        } else {
            board.viewportProperty().set(board.viewport().panned(
                    e.isShiftDown() && e.getDeltaX() == 0 ? e.getDeltaY() : e.getDeltaX(), e.isShiftDown() ? 0 : e.getDeltaY()));
        }
        e.consume();
    }

    private void zoomAt(double x, double y, double factor) {
        Viewport v = board.viewport();
        board.viewportProperty().set(v.zoomedAt(x, y, v.zoom() * factor));
    }
}
