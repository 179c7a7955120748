package careof.editor;

import careof.editor.gesture.Gestures;
import careof.editor.gesture.PaletteGesture;
import careof.editor.view.Board;
import careof.editor.view.PaletteBar;
import careof.editor.view.PaletteItem;
import java.util.Optional;
import javafx.scene.input.MouseEvent;

/** What the palette may do. */
final class Carrying implements PaletteBar.Carrier {
    private final Board board;
    private final EditorDesk desk;
    private final Gestures gestures;

    Carrying(Board board, EditorDesk desk, Gestures gestures) {
        this.board = board;
        this.desk = desk;
        this.gestures = gestures;
    }

    private PaletteGesture gesture;

    @Override
    public void carry(PaletteItem item, MouseEvent e, boolean begins) {
        if (begins) {
            desk.dismiss();
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
