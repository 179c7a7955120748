package careof.editor;

import careof.editor.geometry.Point2;
import careof.engine.lab.Lab;
import careof.engine.lab.LabNode;
import javafx.geometry.Point2D;
import javafx.scene.Node;
import javafx.stage.Stage;

/** An editor with a lab, and where its things are. */
abstract class WithEditor extends FxTest {
    TopologyEditor editor;

    /** Shows it; to be called from a {@code @Start} method. */
    void open(Stage stage, Lab lab, double width, double height) {
        editor = new TopologyEditor();
        editor.setOwnColours(true);
        editor.motionProperty().set(false);
        editor.setLab(lab);
        show(stage, editor, width, height);
    }

    Node board() {
        return editor.lookup("#board");
    }

    /** Where a canvas point is on the screen. */
    Point2D screen(Point2 canvas) {
        return fx(() -> {
            Point2 p = editor.viewportProperty().get().toScreen(canvas);
            return board().localToScreen(p.x(), p.y());
        });
    }

    Point2 node(String name) {
        return fx(() -> editor.geometry().node(name));
    }

    Point2 link(String name) {
        return fx(() -> editor.geometry().link(name));
    }

    Lab lab() {
        return fx(() -> editor.getLab());
    }

    LabNode labNode(String name) {
        return lab().node(name).orElseThrow();
    }

    /** An empty place of the canvas. */
    Point2 nowhere() {
        return link("backbone").plus(0, 150);
    }
}
