package careof.editor.view;

import careof.editor.geometry.Geometry;
import careof.editor.model.LinkFacts;
import careof.editor.model.LinkState;
import careof.engine.lab.LabLink;
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
    private final Label family = new Label("IPv4 only");
    private final HBox head = new HBox(name, family, facts);
    private final VBox texts = new VBox(head, prefix);
    private final Rectangle bar = new Rectangle();
    private final Circle fill = new Circle(Geometry.CELL_RADIUS);
    private final Circle inner = new Circle(Geometry.CELL_RADIUS - Geometry.MAST);
    private final Circle edge = new Circle(Geometry.CELL_RADIUS);
    private final Circle mast = new Circle(20);
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
        family.getStyleClass().add("family");
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
        LabLink seen = now == null ? changed : now.applied(changed);
        pseudoClassStateChanged(Glyphs.DOWN, down);
        cross.setVisible(down);
        name.setText(changed.name());
        prefix.setText(LinkFacts.prefixes(changed));
        boolean only4 = changed.prefix().isEmpty() && changed.prefix4().isPresent();
        family.setVisible(only4);
        family.setManaged(only4);
        String text = LinkFacts.text(seen);
        facts.setText(text);
        facts.setManaged(!text.isEmpty());
        setId("link-" + changed.name());
        setAccessibleText(Glyphs.words(changed.kind()) + " " + changed.name() + ", " + prefix.getText() + (down ? ", down" : ""));
    }

    void move(Geometry.Shape to) {
        if (to.equals(shape)) {
            return;
        }
        boolean rearrange = switch (to) {
            case Geometry.Shape.Bar b -> !(shape instanceof Geometry.Shape.Bar was) || was.labelAbove() != b.labelAbove();
            case Geometry.Shape.Cell c -> !(shape instanceof Geometry.Shape.Cell was) || was.flipped() != c.flipped();
        };
        shape = to;
        setTranslateX(to.centre().x());
        setTranslateY(to.centre().y());
        switch (to) {
            case Geometry.Shape.Bar b -> {
                bar.setX(b.left() - b.centre().x());
                bar.setY(-Geometry.BAR_THICKNESS / 2);
                bar.setWidth(b.right() - b.left());
                texts.setTranslateX(b.labelX() - b.centre().x());
            }
            case Geometry.Shape.Cell c -> {
                double y = c.antenna().y() - c.centre().y();
                inner.setCenterY(y);
                mast.setCenterY(y);
                pseudoClassStateChanged(Glyphs.FLIPPED, c.flipped());
            }
        }
        if (rearrange) {
            requestLayout();
        }
    }

    /** 2 everything, 1 name only, 0 shape only. */
    void setDetail(int level) {
        texts.setVisible(level > 0);
        prefix.setVisible(level > 1);
        family.setOpacity(level > 1 ? 1 : 0);
        facts.setVisible(level > 1);
    }

    @Override
    protected void layoutChildren() {
        double width = Math.ceil(texts.prefWidth(-1));
        double height = Math.ceil(texts.prefHeight(width));
        double w = Math.ceil(cross.prefWidth(-1));
        double h = Math.ceil(cross.prefHeight(-1));
        switch (shape) {
            case Geometry.Shape.Bar b -> {
                texts.resizeRelocate(2, b.labelAbove() ? -height - 5 : 5, width, height);
                cross.resizeRelocate(-w / 2, -h / 2, w, h);
            }
            case Geometry.Shape.Cell c -> {
                double y = c.antenna().y() - c.centre().y();
                texts.resizeRelocate(-width / 2, c.flipped() ? -Geometry.CELL_RADIUS - 4 - height : Geometry.CELL_RADIUS + 4, width, height);
                antenna.relocate(-antenna.prefWidth(-1) / 2, y - antenna.prefHeight(-1) / 2);
                cross.resizeRelocate(-w / 2, c.flipped() ? y - 26 - h : y + 24, w, h);
            }
        }
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
