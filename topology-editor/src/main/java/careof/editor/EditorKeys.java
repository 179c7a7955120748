package careof.editor;

import careof.editor.geometry.Hit;
import careof.editor.geometry.Point2;
import careof.editor.gesture.Gestures;
import careof.editor.model.Selection;
import careof.editor.view.Board;
import careof.editor.view.ZoomBar;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import javafx.scene.control.TextInputControl;
import javafx.scene.input.KeyCode;
import javafx.scene.input.KeyEvent;

/** What keys do while the canvas has the keyboard. */
final class EditorKeys {
    private final TopologyEditor editor;
    private final Board board;
    private final EditorDesk desk;
    private final Gestures gestures;
    private final Floating floating;
    private final ZoomBar zoom;

    EditorKeys(TopologyEditor editor, Board board, EditorDesk desk, Gestures gestures, Floating floating, ZoomBar zoom) {
        this.editor = editor;
        this.board = board;
        this.desk = desk;
        this.gestures = gestures;
        this.floating = floating;
        this.zoom = zoom;
    }

    private Selection selection() {
        return editor.selectionProperty().get();
    }

    void pressed(KeyEvent e) {
        // A menu gets its keys first, and passes on those that it has no use for.
        if (e.getTarget() instanceof TextInputControl || floating.isMenuOpen() && e.getCode() != KeyCode.ESCAPE) {
            return;
        }
        boolean handled = true;
        if (e.isShortcutDown()) {
            switch (e.getCode()) {
                case Z -> {
                    if (e.isShiftDown()) {
                        editor.askRedo();
                    } else {
                        editor.askUndo();
                    }
                }
                case Y -> editor.askRedo();
                case A -> editor.selectAll();
                case PLUS, ADD, EQUALS -> zoom.zoom(1.25);
                case MINUS, SUBTRACT -> zoom.zoom(1 / 1.25);
                case DIGIT0, NUMPAD0 -> editor.fit();
                default -> handled = false;
            }
        } else {
            switch (e.getCode()) {
                case DELETE, BACK_SPACE -> editor.deleteSelection();
                case F2 -> selected().ifPresent(editor::rename);
                case ENTER -> selected().ifPresent(editor::showProperties);
                case ESCAPE -> handled = escape();
                case SPACE -> gestures.setSpaceHeld(true);
                case PLUS, ADD, EQUALS -> zoom.zoom(1.25);
                case MINUS, SUBTRACT -> zoom.zoom(1 / 1.25);
                case DIGIT0, NUMPAD0 -> zoom.zoom(1 / board.viewport().zoom());
                case F -> editor.fit();
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
        if (floating.isOpen()) {
            floating.dismiss();
            return true;
        }
        boolean any = !selection().isEmpty();
        editor.selectionProperty().set(Selection.NONE);
        return any;
    }

    private Optional<Hit> selected() {
        return selection().onlyNode().<Hit>map(Hit.Node::new).or(() -> selection().onlyLink().map(Hit.Link::new));
    }

    /** Arrow keys: a grid step, with Alt or Shift a single unit. */
    private boolean nudge(int dx, int dy, KeyEvent e) {
        double step = e.isAltDown() || e.isShiftDown() ? 1 : 20;
        var nodes = new LinkedHashMap<String, Point2>();
        var links = new LinkedHashMap<String, Point2>();
        selection().nodes().forEach(n -> nodes.put(n, board.placement().nodes().get(n).plus(dx * step, dy * step)));
        selection().links().forEach(l -> links.put(l, board.placement().links().get(l).plus(dx * step, dy * step)));
        if (nodes.isEmpty() && links.isEmpty()) {
            return false;
        }
        desk.place("Nudge", nodes, links, Optional.of("nudge " + selection().nodes() + selection().links()));
        return true;
    }

    /** Tab: the next node or link; false beyond the last, so that the focus can go on. */
    private boolean cycle(int step) {
        List<Selection> all = new ArrayList<>();
        editor.getLab().nodes().forEach(n -> all.add(Selection.node(n.name())));
        editor.getLab().links().forEach(l -> all.add(Selection.link(l.name())));
        int now = all.indexOf(selection());
        int next = now < 0 ? step > 0 ? 0 : all.size() - 1 : now + step;
        boolean within = next >= 0 && next < all.size();
        editor.selectionProperty().set(within ? all.get(next) : Selection.NONE);
        return within;
    }
}
