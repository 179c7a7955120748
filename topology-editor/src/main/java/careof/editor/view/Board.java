package careof.editor.view;

import careof.editor.Overlay;
import careof.editor.geometry.Box;
import careof.editor.geometry.Geometry;
import careof.editor.geometry.Hit;
import careof.editor.geometry.Placement;
import careof.editor.geometry.Point2;
import careof.editor.geometry.Viewport;
import careof.editor.model.Decoration;
import careof.editor.model.LinkState;
import careof.editor.model.Selection;
import careof.engine.lab.Lab;
import careof.engine.lab.LabLink;
import careof.engine.lab.LabNode;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import javafx.animation.AnimationTimer;
import javafx.beans.property.ObjectProperty;
import javafx.beans.property.SimpleObjectProperty;
import javafx.css.CssMetaData;
import javafx.css.Styleable;
import javafx.css.StyleableProperty;
import javafx.css.StyleablePropertyFactory;
import javafx.scene.Group;
import javafx.scene.Node;
import javafx.scene.canvas.Canvas;
import javafx.scene.canvas.GraphicsContext;
import javafx.scene.layout.Region;
import javafx.scene.paint.Color;
import javafx.scene.shape.Polyline;
import javafx.scene.shape.Rectangle;
import javafx.scene.transform.Affine;

/** The drawing: everything of the canvas that can be seen, and where it is. It decides nothing. */
public final class Board extends Region {
    private static final double GRID = 20;
    private static final long GLIDE_NANOS = 200_000_000;
    private static final StyleablePropertyFactory<Board> STYLEABLES = new StyleablePropertyFactory<>(Region.getClassCssMetaData());

    private final Map<Ink, StyleableProperty<Color>> inks = new EnumMap<>(Ink.class);
    /** What {@link #fit} chose last. */
    private Viewport fitted;
    private final ObjectProperty<Viewport> viewport = new SimpleObjectProperty<>(this, "viewport", Viewport.IDENTITY);
    private final ObjectProperty<Geometry> geometry =
            new SimpleObjectProperty<>(this, "geometry", Geometry.of(Lab.empty(""), Placement.EMPTY, Map.of()));
    private final Affine world = new Affine();
    private final Canvas grid = new Canvas();
    private final Group cells = new Group();
    private final Group wires = new Group();
    private final Group bars = new Group();
    private final Group nodes = new Group();
    private final Group hints = new Group();
    private final Canvas below = new Canvas();
    private final Canvas above = new Canvas();
    private final Group worldBelow = new Group(cells, wires, bars);
    private final Group worldAbove = new Group(nodes);
    private final Group worldHints = new Group(hints);
    private final Map<String, NodeView> nodeViews = new LinkedHashMap<>();
    private final Map<String, LinkView> linkViews = new LinkedHashMap<>();
    private final Map<List<String>, Polyline> wireViews = new LinkedHashMap<>();
    private final List<Overlay> overlays = new ArrayList<>();
    private final Rectangle clip = new Rectangle();

    private Lab lab = Lab.empty("");
    private Placement placement = Placement.EMPTY;
    private Map<String, String> attachments = Map.of();
    private Map<String, LinkState> linkStates = Map.of();
    private Map<String, List<Decoration>> decorations = Map.of();
    private Map<String, String> problems = Map.of();
    private Selection selection = Selection.NONE;
    private Optional<String> ringed = Optional.empty();
    private Node dropTarget;
    private int detail = 2;

    private Placement glideFrom;
    private long glideStart;
    private double cornerWidth;
    private double cornerHeight;
    private boolean gridDirty = true;
    private boolean overlayDirty = true;
    private boolean pulsing;

    /** Runs only while something is to be painted or glides. */
    private final AnimationTimer pulse = new AnimationTimer() {
        @Override
        public void handle(long now) {
            if (glideFrom != null) {
                glide(now);
            }
            if (gridDirty) {
                paintGrid();
            }
            if (overlayDirty) {
                paintOverlays();
            }
            if (glideFrom == null && !gridDirty && !overlayDirty) {
                stop();
                pulsing = false;
            }
        }
    };

    public Board() {
        getStyleClass().add("board");
        for (Ink ink : Ink.values()) {
            String property = "-ink-" + ink.name().toLowerCase(Locale.ROOT).replace('_', '-');
            inks.put(ink, STYLEABLES.createStyleableColorProperty(this, property, property, b -> b.inks.get(ink), Color.GRAY));
            ((ObjectProperty<?>) inks.get(ink)).subscribe(() -> {
                gridDirty = true;
                requestOverlay();
            });
        }
        worldBelow.getTransforms().add(world);
        worldAbove.getTransforms().add(world);
        worldHints.getTransforms().add(world);
        for (Node layer : List.of(grid, worldBelow, below, worldAbove, above, worldHints)) {
            layer.setMouseTransparent(true);
            layer.setManaged(false);
            getChildren().add(layer);
        }
        for (Group group : List.of(worldBelow, worldAbove, worldHints)) {
            group.setManaged(true);
        }
        setClip(clip);
        widthProperty().subscribe(_ -> resized());
        heightProperty().subscribe(_ -> resized());
        viewport.subscribe(v -> {
            world.setToTransform(v.zoom(), 0, v.panX(), 0, v.zoom(), v.panY());
            setDetail(v.zoom() < 0.35 ? 0 : v.zoom() < 0.6 ? 1 : 2);
            gridDirty = true;
            requestOverlay();
        });
    }

    @Override
    public List<CssMetaData<? extends Styleable, ?>> getCssMetaData() {
        return STYLEABLES.getCssMetaData();
    }

    /** A theme colour. */
    public Color ink(Ink ink) {
        return inks.get(ink).getValue();
    }

    // What is shown.

    /**
     * Shows a lab.
     *
     * @param attachments as for {@link Geometry#of}
     * @param glide       whether nodes that stand elsewhere than before move there visibly
     */
    public void show(Lab newLab, Placement newPlacement, Map<String, String> newAttachments, boolean glide) {
        Placement from = geometry.get().placement();
        boolean moved = glide && !from.nodes().isEmpty() && !from.equals(newPlacement);
        lab = newLab;
        placement = newPlacement;
        attachments = Map.copyOf(newAttachments);
        syncViews();
        if (moved) {
            glideFrom = from;
            glideStart = 0;
            startPulse();
        } else {
            glideFrom = null;
            arrange(placement);
        }
    }

    /**
     * Draws some things elsewhere for the moment.
     *
     * @param attached mobile nodes with the link that they would be on
     */
    public void preview(Map<String, Point2> movedNodes, Map<String, Point2> movedLinks, Map<String, String> attached) {
        glideFrom = null;
        var attachedNow = new LinkedHashMap<>(attachments);
        attachedNow.putAll(attached);
        arrange(placement.with(movedNodes, movedLinks), attachedNow);
    }

    public void endPreview() {
        arrange(placement);
    }

    private void glide(long now) {
        if (glideStart == 0) {
            glideStart = now;
        }
        double t = Math.min(1, (now - glideStart) / (double) GLIDE_NANOS);
        if (t >= 1) {
            glideFrom = null;
            arrange(placement);
            return;
        }
        double eased = t * t * (3 - 2 * t);
        var between = new LinkedHashMap<String, Point2>();
        placement.nodes().forEach((name, to) -> {
            Point2 from = glideFrom.nodes().get(name);
            between.put(name, from == null ? to : from.towards(to, eased));
        });
        arrange(new Placement(between, placement.links()));
    }

    private void syncViews() {
        Set<String> names = new LinkedHashSet<>();
        for (LabNode node : lab.nodes()) {
            names.add(node.name());
            boolean away = node.role() == LabNode.Role.MOBILE_NODE && node.home().isPresent()
                    && !Geometry.linksOf(node, attachments).contains(node.home().get().link());
            NodeView view = nodeViews.get(node.name());
            if (view == null) {
                view = new NodeView(node);
                view.setDetail(detail);
                nodeViews.put(node.name(), view);
                nodes.getChildren().add(view);
            }
            view.update(node, away);
            view.decorate(decorations.getOrDefault(node.name(), List.of()));
        }
        nodeViews.entrySet().removeIf(e -> {
            boolean gone = !names.contains(e.getKey());
            if (gone) {
                nodes.getChildren().remove(e.getValue());
            }
            return gone;
        });
        showSelection();
        ringed.ifPresent(n -> showRing(Optional.of(n)));
    }

    private void arrange(Placement now) {
        arrange(now, attachments);
    }

    private void arrange(Placement now, Map<String, String> attachedNow) {
        Geometry g = Geometry.of(lab, now, attachedNow);
        now.nodes().forEach((name, p) -> {
            NodeView view = nodeViews.get(name);
            if (view != null) {
                view.moveTo(p);
            }
        });
        Set<String> links = new LinkedHashSet<>();
        for (LabLink link : lab.links()) {
            Geometry.Shape shape = g.shapes().get(link.name());
            if (shape != null) {
                links.add(link.name());
                Group layer = link.kind() == LabLink.Kind.CELL ? cells : bars;
                LinkView view = linkViews.get(link.name());
                if (view != null && view.getParent() != layer) {
                    ((Group) view.getParent()).getChildren().remove(view);
                    view = null;
                }
                if (view == null) {
                    view = new LinkView(link, shape);
                    view.setDetail(detail);
                    linkViews.put(link.name(), view);
                    layer.getChildren().add(view);
                    view.pseudoClassStateChanged(Glyphs.SELECTED, selection.links().contains(link.name()));
                }
                view.update(link, linkStates.get(link.name()));
                view.move(shape);
            }
        }
        linkViews.entrySet().removeIf(e -> {
            boolean gone = !links.contains(e.getKey());
            if (gone) {
                ((Group) e.getValue().getParent()).getChildren().remove(e.getValue());
            }
            return gone;
        });
        Set<List<String>> keys = new LinkedHashSet<>();
        for (Geometry.Wire wire : g.wires()) {
            List<String> key = List.of(wire.node(), wire.link());
            keys.add(key);
            Polyline line = wireViews.computeIfAbsent(key, _ -> {
                Polyline made = new Polyline();
                made.getStyleClass().add("wire");
                wires.getChildren().add(made);
                return made;
            });
            List<Double> points = new ArrayList<>();
            visible(wire, g).forEach(p -> {
                points.add(p.x());
                points.add(p.y());
            });
            if (!line.getPoints().equals(points)) {
                line.getPoints().setAll(points);
            }
            if (wire.radio() != line.getStyleClass().contains("radio")) {
                if (wire.radio()) {
                    line.getStyleClass().add("radio");
                } else {
                    line.getStyleClass().remove("radio");
                }
            }
            LinkState state = linkStates.get(wire.link());
            line.pseudoClassStateChanged(Glyphs.DOWN,
                    state != null ? state.down() : lab.link(wire.link()).map(LabLink::down).orElse(false));
            line.pseudoClassStateChanged(Glyphs.SELECTED, selection.links().contains(wire.link()));
        }
        wireViews.entrySet().removeIf(e -> {
            boolean gone = !keys.contains(e.getKey());
            if (gone) {
                wires.getChildren().remove(e.getValue());
            }
            return gone;
        });
        geometry.set(g);
        requestOverlay();
    }

    /** A wire ends at the rim of the antenna. */
    private static List<Point2> visible(Geometry.Wire wire, Geometry g) {
        Point2 from = wire.path().start();
        Point2 to = wire.path().end();
        double length = from.distance(to);
        return g.shapes().get(wire.link()) instanceof Geometry.Shape.Cell && length > 21
                ? List.of(from, to.towards(from, 21 / length)) : wire.path().points();
    }

    /** Short texts under nodes, by node name. */
    public void setDecorations(Map<String, List<Decoration>> wanted) {
        decorations = wanted;
        nodeViews.forEach((name, view) -> view.decorate(decorations.getOrDefault(name, List.of())));
    }

    /** Links that differ from the lab at the time shown, by name. */
    public void setLinkStates(Map<String, LinkState> wanted) {
        linkStates = wanted;
        arrange(geometry.get().placement());
    }

    public void setSelection(Selection wanted) {
        selection = wanted;
        showSelection();
    }

    private void showSelection() {
        nodeViews.forEach((name, view) -> view.pseudoClassStateChanged(Glyphs.SELECTED, selection.nodes().contains(name)));
        linkViews.forEach((name, view) -> view.pseudoClassStateChanged(Glyphs.SELECTED, selection.links().contains(name)));
        wireViews.forEach((key, line) -> line.pseudoClassStateChanged(Glyphs.SELECTED, selection.links().contains(key.get(1))));
    }

    /** Shows the ring with handles around a node, and around no other. */
    public void showRing(Optional<String> node) {
        ringed.map(nodeViews::get).ifPresent(v -> v.showRing(false));
        ringed = node;
        node.map(nodeViews::get).ifPresent(v -> {
            v.showRing(true);
            v.toFront();
        });
    }

    public Optional<String> ringed() {
        return ringed;
    }

    /** Marks what a drop would land on. */
    public void showDropTarget(Optional<Hit> target) {
        Node wanted = target.map(t -> switch (t) {
            case Hit.Node n -> (Node) nodeViews.get(n.name());
            case Hit.Link l -> linkViews.get(l.name());
            case Hit.Handle _, Hit.Wire _, Hit.Nothing _ -> null;
        }).orElse(null);
        if (wanted != dropTarget) {
            if (dropTarget != null) {
                dropTarget.pseudoClassStateChanged(Glyphs.DROP_TARGET, false);
            }
            dropTarget = wanted;
            if (wanted != null) {
                wanted.pseudoClassStateChanged(Glyphs.DROP_TARGET, true);
            }
        }
    }

    /** Shapes of the gesture under way, in canvas units. */
    public Group hints() {
        return hints;
    }

    private void setDetail(int level) {
        if (level != detail) {
            detail = level;
            nodeViews.values().forEach(v -> v.setDetail(level));
            linkViews.values().forEach(v -> v.setDetail(level));
        }
    }

    // Where it is.

    public ObjectProperty<Viewport> viewportProperty() {
        return viewport;
    }

    public Viewport viewport() {
        return viewport.get();
    }

    public ObjectProperty<Geometry> geometryProperty() {
        return geometry;
    }

    public Geometry geometry() {
        return geometry.get();
    }

    /** Where things stand when no preview is shown. */
    public Placement placement() {
        return placement;
    }

    public Hit hit(Point2 canvas) {
        return geometry.get().at(canvas, ringed, 6 / viewport.get().zoom());
    }

    boolean isMobile(String node) {
        return lab.node(node).filter(n -> n.role() == LabNode.Role.MOBILE_NODE).isPresent();
    }

    /** Marks nodes with errors; by name, with the message. */
    public void setProblems(Map<String, String> wrong) {
        problems = wrong;
        nodeViews.forEach((name, view) -> view.showProblem(problems.get(name)));
    }

    /** What is wrong with a node. */
    public Optional<String> problem(String node) {
        return Optional.ofNullable(problems.get(node));
    }

    /** Shows everything, no larger than life. */
    public void fit() {
        if (getWidth() > 0 && getHeight() > 0) {
            Box box = geometry.get().bounds();
            Viewport v = Viewport.fitting(box, getWidth(), getHeight(), 24, 1.25);
            Point2 corner = v.toCanvas(getWidth() - cornerWidth, getHeight() - cornerHeight);
            if (geometry.get().isDrawnIn(new Box(corner.x(), corner.y(), Math.max(corner.x(), box.maxX()), Math.max(corner.y(), box.maxY())))) {
                double above = v.toScreen(new Point2(box.minX(), box.minY())).y() - 12;
                v = v.panned(0, -Math.clamp(v.toScreen(new Point2(0, box.maxY())).y() - getHeight() + cornerHeight, 0, Math.max(0, above)));
            }
            fitted = v;
            viewport.set(v);
        }
    }

    /** A view that shows everything goes on doing so in another size; one that somebody chose stays. */
    private void resized() {
        if (viewport.get().equals(fitted)) {
            fit();
        }
    }

    /** What covers the bottom right corner: {@link #fit} leaves it free where there is room. */
    public void reserveCorner(double width, double height) {
        cornerWidth = width;
        cornerHeight = height;
    }

    public Box visible() {
        return viewport.get().visible(getWidth(), getHeight());
    }

    // Painting.

    public void addOverlay(Overlay overlay) {
        overlays.add(overlay);
        requestOverlay();
    }

    public void removeOverlay(Overlay overlay) {
        overlays.remove(overlay);
        requestOverlay();
    }

    public List<Overlay> overlays() {
        return overlays;
    }

    /** Has the overlays drawn at the next frame. */
    public void requestOverlay() {
        overlayDirty = true;
        startPulse();
    }

    private void startPulse() {
        if (!pulsing) {
            pulsing = true;
            pulse.start();
        }
    }

    private void paintOverlays() {
        overlayDirty = false;
        for (Canvas canvas : List.of(below, above)) {
            GraphicsContext g = canvas.getGraphicsContext2D();
            g.setTransform(new Affine());
            g.clearRect(0, 0, canvas.getWidth(), canvas.getHeight());
            for (Overlay overlay : overlays) {
                if (overlay.aboveNodes() == (canvas == above)) {
                    g.save();
                    g.setTransform(world);
                    overlay.draw(g, geometry.get(), viewport.get().zoom());
                    g.restore();
                }
            }
        }
    }

    private void paintGrid() {
        gridDirty = false;
        GraphicsContext g = grid.getGraphicsContext2D();
        g.clearRect(0, 0, grid.getWidth(), grid.getHeight());
        Viewport v = viewport.get();
        double step = GRID;
        while (step * v.zoom() < 14) {
            step *= 5;
        }
        double size = Math.clamp(1.6 * v.zoom(), 1.2, 2.4);
        g.setFill(ink(Ink.GRID));
        Box box = visible();
        for (double x = Math.floor(box.minX() / step) * step; x <= box.maxX(); x += step) {
            for (double y = Math.floor(box.minY() / step) * step; y <= box.maxY(); y += step) {
                g.fillOval(x * v.zoom() + v.panX() - size / 2, y * v.zoom() + v.panY() - size / 2, size, size);
            }
        }
    }

    @Override
    protected void layoutChildren() {
        double w = Math.ceil(getWidth());
        double h = Math.ceil(getHeight());
        if (grid.getWidth() != w || grid.getHeight() != h) {
            for (Canvas canvas : List.of(grid, below, above)) {
                canvas.setWidth(w);
                canvas.setHeight(h);
            }
            clip.setWidth(w);
            clip.setHeight(h);
            gridDirty = true;
            requestOverlay();
        }
    }
}
