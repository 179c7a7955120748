package careof.editor;

import static org.junit.jupiter.api.Assertions.assertTrue;

import careof.editor.geometry.Hit;
import careof.editor.model.Decoration;
import careof.editor.model.EditorMode;
import careof.editor.model.LinkState;
import careof.editor.model.Selection;
import careof.engine.lab.Lab;
import careof.engine.lab.LabFiles;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import javafx.geometry.Point2D;
import javafx.scene.input.KeyCode;
import javafx.scene.input.MouseButton;
import javafx.stage.Stage;
import org.junit.jupiter.api.Test;
import org.testfx.framework.junit5.Start;

/** Pictures to look at, light and dark, in target/snapshots. */
class CanvasSnapshotTest extends WithEditor {
    @Start
    void start(Stage stage) {
        open(stage, Labs.handover(), 1000, 640);
    }

    @Test
    void light() throws Exception {
        fx(() -> editor.selectionProperty().set(Selection.node("ra")));
        assertTrue(Files.size(snapshot(editor, "editor-light")) > 10_000);
    }

    @Test
    void darkWhileRunning() throws Exception {
        fx(() -> {
            editor.setDark(true);
            editor.modeProperty().set(EditorMode.RUNNING);
            editor.attachmentsProperty().put("mn", "cell-a");
            editor.decorationsProperty().set(Map.of("mn", List.of(
                    new Decoration(Decoration.Kind.BADGE, "H@ …1::10"), new Decoration(Decoration.Kind.LABEL, "Co@ …2::a8:1ff:fe02:3"),
                    new Decoration(Decoration.Kind.WARNING, "unprotected"))));
        });
        assertTrue(Files.size(snapshot(editor, "editor-dark")) > 10_000);
    }

    @Test
    void families() throws Exception {
        fx(() -> editor.setLab(Labs.families()));
        assertTrue(Files.size(snapshot(editor, "editor-families")) > 10_000);
    }

    @Test
    void campus() throws Exception {
        fx(() -> editor.setLab(Labs.campus(8, 3)));
        assertTrue(Files.size(snapshot(editor, "editor-campus")) > 10_000);
    }

    @Test
    void chain() throws Exception {
        fx(() -> editor.setLab(Labs.chain(6)));
        assertTrue(Files.size(snapshot(editor, "editor-chain")) > 10_000);
    }

    @Test
    void cards() throws Exception {
        fx(() -> {
            editor.selectionProperty().set(Selection.node("mn"));
            editor.showProperties(new Hit.Node("mn"));
        });
        assertTrue(Files.size(snapshot(editor, "editor-card-node")) > 10_000);
        fx(() -> {
            editor.setDark(true);
            editor.showProperties(new Hit.Link("cell-a"));
            editor.say("Let go over a link or another node to wire ra");
        });
        assertTrue(Files.size(snapshot(editor, "editor-card-link-dark")) > 10_000);
    }

    @Test
    void securityCards() throws Exception {
        for (boolean dark : new boolean[] {false, true}) {
            String end = dark ? "-dark" : "";
            fx(() -> {
                editor.setDark(dark);
                editor.setLab(Labs.secured());
                editor.showIke("mn");
            });
            assertTrue(Files.size(snapshot(editor, "editor-card-ike" + end)) > 10_000);
            fx(() -> editor.showIke("mn", "ha"));
            assertTrue(Files.size(snapshot(editor, "editor-card-ike-peer" + end)) > 10_000);
            fx(() -> editor.showProtection("mn", "bu-ba"));
            assertTrue(Files.size(snapshot(editor, "editor-card-protection" + end)) > 10_000);
        }
    }

    @Test
    void samples() throws Exception {
        try (var files = Files.list(Path.of("../samples"))) {
            for (Path file : files.filter(f -> f.toString().endsWith(".json")).sorted().toList()) {
                Lab lab = LabFiles.read(file);
                fx(() -> {
                    stage.setHeight(420);
                    stage.setWidth(930);
                    editor.setLab(lab);
                });
                assertTrue(Files.size(snapshot(editor, "sample-" + file.getFileName().toString().replace(".json", ""))) > 10_000);
            }
        }
    }

    @Test
    void gestures() throws Exception {
        fx(() -> editor.setDark(true));
        settle();
        Point2D mn = at("mn");
        robot.moveTo(at("ra"));
        snapshot(editor, "gesture-hover");
        robot.moveTo(mn).press(MouseButton.PRIMARY).moveTo(mn.interpolate(cell("cell-b"), 0.5)).moveTo(cell("cell-b"));
        assertTrue(Files.size(snapshot(editor, "gesture-drop")) > 10_000);
        robot.type(KeyCode.ESCAPE).release(MouseButton.PRIMARY);
        robot.moveTo(at("rc")).moveTo(at("rc").add(0, -30)).press(MouseButton.PRIMARY).moveTo(at("rb").add(-60, 0)).moveTo(at("rb"));
        assertTrue(Files.size(snapshot(editor, "gesture-wire")) > 10_000);
        robot.type(KeyCode.ESCAPE).release(MouseButton.PRIMARY);
        Point2D palette = centre(editor.lookup("#palette-cell"));
        robot.moveTo(palette).press(MouseButton.PRIMARY).moveTo(at("rb").add(100, 20)).moveTo(at("rb").add(160, 60));
        assertTrue(Files.size(snapshot(editor, "gesture-palette")) > 10_000);
        robot.type(KeyCode.ESCAPE).release(MouseButton.PRIMARY);
        Point2D corner = at("rb").add(-80, -60);
        robot.moveTo(corner).press(MouseButton.PRIMARY).moveTo(at("ra").add(40, 40));
        assertTrue(Files.size(snapshot(editor, "gesture-band")) > 10_000);
        robot.release(MouseButton.PRIMARY);
        fx(() -> {
            editor.modeProperty().set(careof.editor.model.EditorMode.RUNNING);
            editor.linkStatesProperty().set(Map.of("cell-b", LinkState.down(true), "home", LinkState.down(true)));
        });
        robot.rightClickOn(cell("cell-b"));
        snapshot(editor, "gesture-down");
        robot.type(KeyCode.ESCAPE);
        robot.doubleClickOn(at("cn"));
        snapshot(editor, "gesture-rename");
    }

    private Point2D at(String node) {
        return screen(node(node));
    }

    private Point2D cell(String link) {
        return screen(link(link).plus(20, 40));
    }
}
