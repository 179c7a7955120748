package careof.editor.view;

import careof.editor.geometry.Geometry;
import careof.editor.model.Addressing;
import careof.editor.model.LinkState;
import careof.engine.base.VirtualTime;
import careof.engine.lab.LabLink;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import javafx.geometry.Pos;
import javafx.scene.AccessibleRole;
import javafx.scene.control.Label;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;
import javafx.scene.shape.Circle;
import javafx.scene.shape.Rectangle;
import org.kordamp.ikonli.javafx.FontIcon;

/** A link: the bar of a wired segment or the disc of a cell, with its label. In canvas coordinates. */
final class LinkView extends Region {
    private final Label name = new Label();
    private final Label prefix = new Label();
    private final Label facts = new Label();
    private final HBox head = new HBox(name, prefix);
    private final VBox texts = new VBox(head, facts);
    private final Rectangle bar = new Rectangle();
    private final Circle fill = new Circle(Geometry.CELL_RADIUS);
    private final Circle inner = new Circle(Geometry.CELL_RADIUS * 0.55);
    private final Circle edge = new Circle(Geometry.CELL_RADIUS);
    private final Circle mast = new Circle(21);
    private final FontIcon antenna = new FontIcon(Glyphs.icon(LabLink.Kind.CELL));
    private final Label cross = new Label("down");
    private LabLink link;
    private LinkState state;
    private Geometry.Shape shape;

    LinkView(LabLink link, Geometry.Shape shape) {
        getStyleClass().addAll("lab-link", link.kind().text());
        name.getStyleClass().add("name");
        prefix.getStyleClass().add("prefix");
        facts.getStyleClass().add("facts");
        texts.getStyleClass().add("texts");
        head.getStyleClass().add("head");
        head.setAlignment(Pos.BASELINE_LEFT);
        bar.getStyleClass().add("bar");
        bar.setHeight(Geometry.BAR_THICKNESS);
        bar.setArcWidth(Geometry.BAR_THICKNESS);
        bar.setArcHeight(Geometry.BAR_THICKNESS);
        fill.getStyleClass().add("fill");
        inner.getStyleClass().add("inner");
        edge.getStyleClass().add("edge");
        mast.getStyleClass().add("mast");
        antenna.getStyleClass().add("antenna");
        cross.getStyleClass().add("down-mark");
        cross.setVisible(false);
        if (link.kind() == LabLink.Kind.CELL) {
            getChildren().addAll(fill, inner, edge, mast, antenna, texts, cross);
            texts.setAlignment(Pos.TOP_CENTER);
            head.setAlignment(Pos.BASELINE_CENTER);
        } else {
            getChildren().addAll(bar, texts, cross);
        }
        setMouseTransparent(true);
        setAccessibleRole(AccessibleRole.NODE);
        update(link, null);
        move(shape);
    }

    /** @param now what differs from the lab at the time shown; null: nothing */
    void update(LabLink changed, LinkState now) {
        if (changed.equals(link) && java.util.Objects.equals(now, state)) {
            return;
        }
        link = changed;
        state = now;
        boolean down = now == null ? changed.down() : now.down();
        double loss = now == null ? changed.loss() : now.loss().orElse(changed.loss());
        pseudoClassStateChanged(Glyphs.DOWN, down);
        cross.setVisible(down);
        name.setText(changed.name());
        prefix.setText(changed.prefix().map(Object::toString).orElse("no prefix"));
        List<String> facts = new ArrayList<>();
        if (changed.delay() != LabLink.DEFAULT_DELAY) {
            facts.add(VirtualTime.format(changed.delay()));
        }
        if (changed.rate() != 0) {
            facts.add(Addressing.rate(changed.rate()));
        }
        if (loss > 0) {
            facts.add("loss " + percent(loss));
        }
        this.facts.setText(String.join(" · ", facts));
        this.facts.setVisible(!facts.isEmpty());
        this.facts.setManaged(!facts.isEmpty());
        setId("link-" + changed.name());
        setAccessibleText(Glyphs.words(changed.kind()) + " " + changed.name() + ", " + prefix.getText() + (down ? ", down" : ""));
    }

    private static String percent(double probability) {
        String text = String.format(Locale.ROOT, "%.2f", probability * 100);
        return text.replaceAll("\\.?0+$", "") + "%";
    }

    void move(Geometry.Shape to) {
        if (to.equals(shape)) {
            return;
        }
        boolean relabel = !(shape instanceof Geometry.Shape.Bar a && to instanceof Geometry.Shape.Bar b && a.labelAbove() == b.labelAbove())
                && !(shape instanceof Geometry.Shape.Cell);
        shape = to;
        setTranslateX(to.centre().x());
        setTranslateY(to.centre().y());
        if (to instanceof Geometry.Shape.Bar b) {
            bar.setX(b.left() - b.centre().x());
            bar.setY(-Geometry.BAR_THICKNESS / 2);
            bar.setWidth(b.right() - b.left());
            texts.setTranslateX(b.left() - b.centre().x());
        }
        if (relabel) {
            requestLayout();
        }
    }

    /** 2 everything, 1 name only, 0 shape only. */
    void setDetail(int level) {
        texts.setVisible(level > 0);
        prefix.setVisible(level > 1);
        facts.setOpacity(level > 1 ? 1 : 0);
    }

    @Override
    protected void layoutChildren() {
        double width = Math.ceil(texts.prefWidth(-1));
        double height = Math.ceil(texts.prefHeight(width));
        if (shape instanceof Geometry.Shape.Bar b) {
            texts.resizeRelocate(2, b.labelAbove() ? -height - 6 : 6, width, height);
        } else {
            texts.resizeRelocate(-width / 2, Geometry.CELL_RADIUS + 4, width, height);
            antenna.relocate(-antenna.prefWidth(-1) / 2, -antenna.prefHeight(-1) / 2);
        }
        double w = Math.ceil(cross.prefWidth(-1));
        double h = Math.ceil(cross.prefHeight(-1));
        cross.resizeRelocate(-w / 2, shape instanceof Geometry.Shape.Bar ? -h / 2 : 26, w, h);
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
