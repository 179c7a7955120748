package careof.editor;

import careof.editor.geometry.Point2;
import careof.editor.view.Board;
import careof.editor.view.FormCard;
import careof.editor.view.NameField;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import javafx.animation.PauseTransition;
import javafx.collections.ObservableList;
import javafx.scene.Node;
import javafx.scene.control.ContextMenu;
import javafx.scene.control.Label;
import javafx.scene.input.MouseEvent;
import javafx.util.Duration;

/** What floats above the canvas: a tip, a short message, a menu, a card of properties, a name being edited. */
final class Floating {
    private final TopologyEditor editor;
    private final Board board;
    private final ObservableList<Node> children;
    private final Label toast = new Label();
    private final Label tip = new Label();
    private final PauseTransition toastTime = new PauseTransition(Duration.seconds(4));
    private ContextMenu menu;
    private FormCard card;
    private Point2 cardAt = Point2.ZERO;
    private NameField nameField;
    private double pointerX;
    private double pointerY;

    /** @param children of the editor */
    Floating(TopologyEditor editor, Board board, ObservableList<Node> children) {
        this.editor = editor;
        this.board = board;
        this.children = children;
        toast.getStyleClass().add("toast");
        toast.setId("toast");
        tip.getStyleClass().add("tip");
        for (Label floating : List.of(toast, tip)) {
            floating.setVisible(false);
            floating.setMouseTransparent(true);
        }
        toastTime.setOnFinished(_ -> toast.setVisible(false));
        editor.addEventFilter(MouseEvent.ANY, e -> {
            pointerX = e.getX();
            pointerY = e.getY();
        });
    }

    /** What lies above the canvas from the start. */
    List<Node> layers() {
        return List.of(tip, toast);
    }

    /**
     * Puts everything in its place.
     *
     * @param left where the canvas begins
     */
    void layout(double left, double w, double h) {
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
    }

    void showTip(Optional<String> text) {
        tip.setVisible(text.isPresent());
        text.ifPresent(t -> {
            tip.setText(t);
            tip.autosize();
            tip.relocate(Math.min(pointerX + 14, Math.max(0, editor.getWidth() - tip.getWidth() - 8)),
                    Math.min(pointerY + 18, Math.max(0, editor.getHeight() - tip.getHeight() - 8)));
        });
    }

    void say(String message) {
        toast.setText(message);
        toast.setVisible(true);
        toastTime.playFromStart();
        editor.requestLayout();
    }

    /** Whether a card or a menu is open. */
    boolean isOpen() {
        return card != null || isMenuOpen();
    }

    boolean isMenuOpen() {
        return menu != null && menu.isShowing();
    }

    void closeCard() {
        if (card != null) {
            card.close();
        }
    }

    void dismiss() {
        if (menu != null) {
            menu.hide();
            menu = null;
        }
        closeCard();
        if (nameField != null) {
            // Losing the focus takes the name.
            board.requestFocus();
        }
    }

    void show(ContextMenu shown, double screenX, double screenY) {
        menu = shown;
        menu.show(board, screenX, screenY);
    }

    /** @param make makes the card; is given what to call when the card is done */
    void open(Function<Consumer<FormCard>, FormCard> make, Point2 at) {
        card = make.apply(this::closed);
        cardAt = at;
        children.add(card);
        editor.requestLayout();
        card.focusFirst();
    }

    private void closed(FormCard which) {
        children.remove(which);
        if (card == which) {
            card = null;
        }
        board.requestFocus();
    }

    /**
     * Lets a name be edited.
     *
     * @param problem what is wrong with a name; empty: nothing
     */
    void editName(String name, Point2 at, Function<String, Optional<String>> problem, Consumer<String> taken) {
        Point2 screen = board.viewport().toScreen(at);
        NameField field = new NameField(name, problem, done -> {
            children.remove(nameField);
            nameField = null;
            board.requestFocus();
            done.ifPresent(taken);
        });
        nameField = field;
        children.add(field);
        field.applyCss();
        field.autosize();
        field.relocate(board.getLayoutX() + screen.x() - field.getWidth() / 2, screen.y() - field.getHeight() / 2);
        field.requestFocus();
        field.selectAll();
    }
}
