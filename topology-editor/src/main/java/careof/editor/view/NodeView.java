package careof.editor.view;

import careof.editor.geometry.Geometry;
import careof.editor.geometry.Point2;
import careof.editor.model.Decoration;
import careof.engine.lab.LabNode;
import java.util.List;
import javafx.geometry.Pos;
import javafx.scene.AccessibleRole;
import javafx.scene.Group;
import javafx.scene.control.Label;
import javafx.scene.layout.Region;
import javafx.scene.layout.StackPane;
import javafx.scene.layout.VBox;
import javafx.scene.shape.Circle;
import org.kordamp.ikonli.javafx.FontIcon;

/** A node: a tile with its role's icon, its name, short texts below; a ring with handles while hovered. The origin is the tile's centre. */
final class NodeView extends Region {
    private static final double TILE = 48;

    private final StackPane tile = new StackPane();
    private final FontIcon icon = new FontIcon();
    private final Label name = new Label();
    private final VBox texts = new VBox(name);
    private final Group ring = new Group();
    private final Label problem = new Label("!");
    private List<Decoration> decorations = List.of();
    private LabNode node;
    private int detail = 2;

    NodeView(LabNode node) {
        getStyleClass().add("lab-node");
        tile.getStyleClass().add("tile");
        icon.getStyleClass().add("role-icon");
        tile.getChildren().add(icon);
        tile.resizeRelocate(-TILE / 2, -TILE / 2, TILE, TILE);
        name.getStyleClass().add("name");
        texts.getStyleClass().add("texts");
        texts.setAlignment(Pos.TOP_CENTER);
        double r = (Geometry.NODE_RADIUS + Geometry.HANDLE_RADIUS) / 2 + 1;
        Circle circle = new Circle(r);
        circle.getStyleClass().add("ring");
        ring.getChildren().add(circle);
        // None below: the name is there.
        for (int i = 0; i < 3; i++) {
            Circle dot = new Circle(Math.cos(i * Math.PI / 2) * r, -Math.sin(i * Math.PI / 2) * r, 4.5);
            dot.getStyleClass().add("handle");
            ring.getChildren().add(dot);
        }
        ring.setVisible(false);
        problem.getStyleClass().add("problem");
        problem.setVisible(false);
        getChildren().addAll(ring, tile, texts, problem);
        setMouseTransparent(true);
        setAccessibleRole(AccessibleRole.NODE);
        update(node, false);
    }

    /** @param away a mobile node that is not on its home link now */
    void update(LabNode changed, boolean away) {
        pseudoClassStateChanged(Glyphs.AWAY, away);
        if (changed.equals(node)) {
            return;
        }
        if (node == null || node.role() != changed.role()) {
            icon.setIconLiteral(Glyphs.icon(changed.role()));
            for (LabNode.Role role : LabNode.Role.values()) {
                getStyleClass().remove(role.text());
            }
            getStyleClass().add(changed.role().text());
            pseudoClassStateChanged(Glyphs.MOBILE, changed.role() == LabNode.Role.MOBILE_NODE);
        }
        node = changed;
        name.setText(changed.name());
        setId("node-" + changed.name());
        setAccessibleText(Glyphs.words(changed.role()) + " " + changed.name());
    }

    void decorate(List<Decoration> wanted) {
        if (wanted.equals(decorations)) {
            return;
        }
        decorations = List.copyOf(wanted);
        texts.getChildren().setAll(name);
        for (Decoration d : decorations) {
            Label label = new Label(d.text());
            label.getStyleClass().setAll("label", "decoration", d.kind().name().toLowerCase(java.util.Locale.ROOT));
            label.setVisible(detail > 1);
            texts.getChildren().add(label);
        }
        pseudoClassStateChanged(Glyphs.STALE, decorations.stream().anyMatch(d -> d.kind() == Decoration.Kind.STALE));
    }

    /** Marks the node as wrong; null: it is not. */
    void showProblem(String message) {
        problem.setVisible(message != null);
        setAccessibleHelp(message);
    }

    /** 2 everything, 1 glyph and name, 0 glyph only. */
    void setDetail(int level) {
        if (level != detail) {
            detail = level;
            name.setVisible(level > 0);
            texts.getChildren().stream().filter(c -> c != name).forEach(c -> c.setVisible(level > 1));
        }
    }

    void moveTo(Point2 p) {
        setTranslateX(p.x());
        setTranslateY(p.y());
    }

    void showRing(boolean show) {
        ring.setVisible(show);
        pseudoClassStateChanged(Glyphs.HOVERED, show);
    }

    @Override
    protected void layoutChildren() {
        tile.resizeRelocate(-TILE / 2, -TILE / 2, TILE, TILE);
        double width = Math.ceil(texts.prefWidth(-1));
        texts.resizeRelocate(-width / 2, TILE / 2 + 3, width, Math.ceil(texts.prefHeight(width)));
        problem.resizeRelocate(TILE / 2 - 11, -TILE / 2 - 5, 17, 17);
    }

    @Override
    protected double computePrefWidth(double height) {
        return 0;
    }

    @Override
    protected double computePrefHeight(double width) {
        return 0;
    }
}
