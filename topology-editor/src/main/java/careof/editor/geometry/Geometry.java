package careof.editor.geometry;

import careof.editor.model.LinkFacts;
import careof.engine.lab.Lab;
import careof.engine.lab.LabLink;
import careof.engine.lab.LabNode;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;

/**
 * The shape of a drawn lab: where nodes, segments, cells and wires are, in canvas units; immutable. A wired link is a horizontal bar
 * to which nodes drop vertically; a cell is a disc around its antenna.
 */
public final class Geometry {
    public static final double NODE_RADIUS = 25;
    /** The ring where wires start lies between the glyph and this distance from the node's centre. */
    public static final double HANDLE_RADIUS = 39;
    public static final double CELL_RADIUS = 110;
    /** A cell's antenna stands this far above its centre, so that there is room below it for mobile nodes with their labels. */
    public static final double MAST = 54;
    public static final double BAR_THICKNESS = 7;
    private static final double BAR_HALF_MIN = 48;
    private static final double BAR_OVERHANG = 26;
    /** A node closer in height to a bar than this joins at the bar's end instead of from above or below. */
    private static final double BESIDE = 44;
    /** Places for mobile nodes in a cell, relative to its centre, the best first; the antenna is above. */
    private static final List<Point2> PLACES = List.of(new Point2(0, 20), new Point2(-60, 0), new Point2(60, 0), new Point2(-40, 80),
            new Point2(40, 80), new Point2(-60, -60), new Point2(60, -60));
    /** The same for a cell whose antenna is below. */
    private static final List<Point2> PLACES_ABOVE = List.of(new Point2(0, -60), new Point2(-60, -60), new Point2(60, -60), new Point2(-60, 20),
            new Point2(60, 20));

    /** A link's drawn outline. */
    public sealed interface Shape {
        Point2 centre();

        Box bounds();

        /**
         * @param labelX     where its label begins, so that no wire crosses it
         * @param labelAbove whether the label is above the bar
         */
        record Bar(Point2 centre, double left, double right, double labelX, boolean labelAbove) implements Shape {
            @Override
            public Box bounds() {
                return new Box(left, centre.y() - BAR_THICKNESS / 2, right, centre.y() + BAR_THICKNESS / 2);
            }
        }

        /** @param flipped the antenna is below the centre, since its routers are */
        record Cell(Point2 centre, double radius, boolean flipped) implements Shape {
            public Point2 antenna() {
                return centre.plus(0, flipped ? MAST : -MAST);
            }

            @Override
            public Box bounds() {
                return Box.around(centre, radius, radius);
            }
        }
    }

    /**
     * A node's attachment as drawn.
     *
     * @param path  from the node's centre to the bar or antenna
     * @param radio drawn dashed: a mobile node in a cell
     */
    public record Wire(String node, String link, Path path, boolean radio) {}

    private final Placement placement;
    private final SequencedMap<String, Shape> shapes = new LinkedHashMap<>();
    private final List<Wire> wires = new ArrayList<>();

    private Geometry(Placement placement) {
        this.placement = placement;
    }

    /**
     * @param attachments where mobile nodes are now, by node name, an empty string for nowhere; those not named are where the lab starts them
     */
    public static Geometry of(Lab lab, Placement placement, Map<String, String> attachments) {
        Geometry g = new Geometry(placement);
        Map<String, List<LabNode>> attached = new LinkedHashMap<>();
        lab.links().forEach(l -> attached.put(l.name(), new ArrayList<>()));
        for (LabNode node : lab.nodes()) {
            for (String link : linksOf(node, attachments)) {
                if (attached.containsKey(link) && placement.nodes().containsKey(node.name())) {
                    attached.get(link).add(node);
                }
            }
        }
        for (LabLink link : lab.links()) {
            Point2 centre = placement.links().get(link.name());
            if (centre != null) {
                List<Point2> points = attached.get(link.name()).stream().map(n -> placement.nodes().get(n.name())).toList();
                Shape shape = link.kind() == LabLink.Kind.CELL
                        ? new Shape.Cell(centre, CELL_RADIUS, flipped(centre, attached.get(link.name()), placement)) : bar(centre, points, labelWidth(link));
                g.shapes.put(link.name(), shape);
                for (LabNode node : attached.get(link.name())) {
                    Path path = Path.of(placement.nodes().get(node.name()), tap(shape, placement.nodes().get(node.name())));
                    boolean radio = node.role() == LabNode.Role.MOBILE_NODE && link.kind() == LabLink.Kind.CELL;
                    g.wires.add(new Wire(node.name(), link.name(), path, radio));
                }
            }
        }
        return g;
    }

    /** Links that a node is on: its ports', or for a mobile node where it is now. */
    public static List<String> linksOf(LabNode node, Map<String, String> attachments) {
        if (node.role() != LabNode.Role.MOBILE_NODE) {
            return node.ports().stream().map(LabNode.Port::link).distinct().toList();
        }
        String now = attachments.get(node.name());
        return now == null ? node.at().map(List::of).orElse(List.of()) : now.isEmpty() ? List.of() : List.of(now);
    }

    /** Roughly how wide a link's label is drawn. */
    private static double labelWidth(LabLink link) {
        String facts = LinkFacts.text(link);
        double head = link.name().length() * 7.5 + (facts.isEmpty() ? 0 : 6 + facts.length() * 6);
        return Math.max(head, link.prefix().map(p -> p.toString().length() * 6.4).orElse(60.0));
    }

    private static Shape.Bar bar(Point2 centre, List<Point2> nodes, double labelWidth) {
        double left = centre.x() - BAR_HALF_MIN;
        double right = centre.x() + BAR_HALF_MIN;
        for (Point2 p : nodes) {
            if (Math.abs(p.y() - centre.y()) >= BESIDE) {
                left = Math.min(left, p.x() - BAR_OVERHANG);
                right = Math.max(right, p.x() + BAR_OVERHANG);
            }
        }
        // The label goes between two wires, below if possible, else beyond the last wire.
        for (boolean above : new boolean[] {false, true}) {
            double[] taps = nodes.stream().filter(p -> Math.abs(p.y() - centre.y()) >= BESIDE && p.y() < centre.y() == above)
                    .mapToDouble(Point2::x).sorted().toArray();
            double from = left;
            for (double tap : taps) {
                if (tap - from >= labelWidth + 14) {
                    return new Shape.Bar(centre, left, right, from + (from == left ? 0 : 7), above);
                }
                from = tap;
            }
            if (taps.length == 0 || above || right + 60 - from >= labelWidth + 14) {
                return new Shape.Bar(centre, left, right, from + (taps.length == 0 ? 0 : 7), above);
            }
        }
        throw new AssertionError("the last place above always does");
    }

    private static boolean flipped(Point2 centre, List<LabNode> nodes, Placement placement) {
        return nodes.stream().filter(n -> n.role() != LabNode.Role.MOBILE_NODE)
                .mapToDouble(n -> placement.nodes().get(n.name()).y() - centre.y()).average().orElse(0) > 60;
    }

    private static Point2 tap(Shape shape, Point2 node) {
        return switch (shape) {
            case Shape.Cell cell -> cell.antenna();
            case Shape.Bar bar -> new Point2(Math.clamp(node.x(), bar.left(), bar.right()), bar.centre().y());
        };
    }

    public Placement placement() {
        return placement;
    }

    /** Centre of a node; null if there is none of that name. */
    public Point2 node(String name) {
        return placement.nodes().get(name);
    }

    /** Centre of a link; null if there is none of that name. */
    public Point2 link(String name) {
        return placement.links().get(name);
    }

    public SequencedMap<String, Shape> shapes() {
        return Collections.unmodifiableSequencedMap(shapes);
    }

    public List<Wire> wires() {
        return Collections.unmodifiableList(wires);
    }

    /**
     * The way from a node to the middle of a link: along its wire, then along the bar; in a cell to the antenna. For a node that is not attached there, the straight
     * way, as packets in flight outlive an attachment; empty if either does not exist.
     */
    public Optional<Path> findPortPath(String node, String link) {
        Point2 from = node(node);
        Shape shape = shapes.get(link);
        if (from == null || shape == null) {
            return Optional.empty();
        }
        return Optional.of(switch (shape) {
            case Shape.Bar bar -> Path.of(from, tap(bar, from), bar.centre());
            case Shape.Cell cell -> Path.of(from, cell.antenna());
        });
    }

    /** The way of a frame from one node over a link to another: wire, along the bar or over the antenna, wire; empty if one does not exist. */
    public Optional<Path> between(String from, String link, String to) {
        Point2 a = node(from);
        Point2 b = node(to);
        Shape shape = shapes.get(link);
        return a == null || b == null || shape == null ? Optional.empty() : Optional.of(Path.of(a, tap(shape, a), tap(shape, b), b));
    }

    /** Encloses everything drawn; a small box around the origin when nothing is. */
    public Box bounds() {
        Box all = null;
        for (Point2 p : placement.nodes().values()) {
            Box b = new Box(p.x() - 60, p.y() - 40, p.x() + 60, p.y() + 70);
            all = all == null ? b : all.union(b);
        }
        for (Shape shape : shapes.values()) {
            Box b = shape.bounds().grown(shape instanceof Shape.Cell ? 16 : 24);
            if (shape instanceof Shape.Cell cell) {
                // The label.
                b = cell.flipped() ? b.union(new Box(b.minX(), b.minY() - 26, b.maxX(), b.minY())) : b.union(new Box(b.minX(), b.maxY(), b.maxX(), b.maxY() + 26));
            }
            all = all == null ? b : all.union(b);
        }
        return all == null ? Box.around(Point2.ZERO, 200, 150) : all;
    }

    /**
     * What is at a point. Nodes win over links, links over wires, later ones over earlier.
     *
     * @param handles the node whose ring shows, if any
     * @param slack   tolerance for thin things, canvas units
     */
    public Hit at(Point2 p, Optional<String> handles, double slack) {
        if (handles.isPresent() && node(handles.get()) != null) {
            double d = node(handles.get()).distance(p);
            if (d > NODE_RADIUS && d <= HANDLE_RADIUS + slack / 2) {
                return new Hit.Handle(handles.get());
            }
        }
        for (String name : placement.nodes().reversed().keySet()) {
            Point2 c = placement.nodes().get(name);
            if (c.distance(p) <= NODE_RADIUS + 2 || new Box(c.x() - 40, c.y() + NODE_RADIUS, c.x() + 40, c.y() + NODE_RADIUS + 20).contains(p)) {
                return new Hit.Node(name);
            }
        }
        for (var e : shapes.reversed().entrySet()) {
            if (e.getValue() instanceof Shape.Bar bar && bar.bounds().grown(slack).contains(p)) {
                return new Hit.Link(e.getKey());
            }
        }
        for (Wire wire : wires.reversed()) {
            if (wire.path().distance(p) <= slack) {
                return new Hit.Wire(wire.node(), wire.link());
            }
        }
        for (var e : shapes.reversed().entrySet()) {
            if (e.getValue() instanceof Shape.Cell cell && cell.centre().distance(p) <= cell.radius()) {
                return new Hit.Link(e.getKey());
            }
        }
        return new Hit.Nothing();
    }

    /** The link on which something dropped at a point lands: a bar within reach, else the nearest cell around the point. */
    public Optional<String> linkAround(Point2 p, double reach) {
        String best = null;
        double bestDistance = Double.MAX_VALUE;
        for (var e : shapes.entrySet()) {
            double d = switch (e.getValue()) {
                case Shape.Bar bar -> bar.bounds().grown(reach).contains(p) ? Math.abs(p.y() - bar.centre().y()) : Double.MAX_VALUE;
                // A bar within reach was aimed at; a cell is merely large.
                case Shape.Cell cell -> cell.centre().distance(p) <= cell.radius() ? 1000 + cell.centre().distance(p) : Double.MAX_VALUE;
            };
            if (d < bestDistance) {
                best = e.getKey();
                bestDistance = d;
            }
        }
        return Optional.ofNullable(best);
    }

    /** The link that a point is on or beside: a bar within reach, the cell around it, else the nearest cell whose edge is within reach. */
    public Optional<String> linkNear(Point2 p, double reach) {
        return linkAround(p, reach).or(() -> shapes.keySet().stream().filter(link -> distanceToCell(link, p) <= reach)
                .min(Comparator.comparingDouble(link -> distanceToCell(link, p))));
    }

    /** How far outside a cell a point is; negative: within; infinite: the link is no cell. */
    public double distanceToCell(String link, Point2 p) {
        return shapes.get(link) instanceof Shape.Cell cell ? cell.centre().distance(p) - cell.radius() : Double.POSITIVE_INFINITY;
    }

    /** The node nearest to a point within a distance. */
    public Optional<String> nodeNear(Point2 p, double within) {
        return placement.nodes().entrySet().stream().filter(e -> e.getValue().distance(p) <= within)
                .min(Comparator.comparingDouble(e -> e.getValue().distance(p))).map(Map.Entry::getKey);
    }

    /** Whether a node, a link or a label of one reaches into a box. */
    public boolean isDrawnIn(Box box) {
        return placement.nodes().values().stream().anyMatch(p -> new Box(p.x() - 40, p.y() - 28, p.x() + 40, p.y() + 60).intersects(box))
                || shapes.values().stream().anyMatch(s -> s.bounds().grown(30).intersects(box));
    }

    /** Nodes whose centre is within a box, in lab order. */
    public List<String> nodesIn(Box box) {
        return placement.nodes().entrySet().stream().filter(e -> box.contains(e.getValue())).map(Map.Entry::getKey).toList();
    }

    /** Links that lie wholly within a box, in lab order. */
    public List<String> linksIn(Box box) {
        return shapes.entrySet().stream()
                .filter(e -> box.contains(new Point2(e.getValue().bounds().minX(), e.getValue().bounds().minY()))
                        && box.contains(new Point2(e.getValue().bounds().maxX(), e.getValue().bounds().maxY())))
                .map(Map.Entry::getKey).toList();
    }

    /** The i-th place for a mobile node in a cell, relative to its centre: first within, then in rings around it. */
    static Point2 cellPlace(int i, boolean flipped) {
        List<Point2> places = flipped ? PLACES_ABOVE : PLACES;
        if (i < places.size()) {
            return places.get(i);
        }
        int ring = (i - places.size()) / 12;
        // From the side away from the routers.
        double angle = (flipped ? -Math.PI / 2 : Math.PI / 2) + (i - places.size()) % 12 * Math.PI / 6;
        double r = CELL_RADIUS + 50 + ring * 64;
        return new Point2(Math.cos(angle) * r, Math.sin(angle) * r);
    }

    /** Where a node that comes to a link without the user's hand stands. */
    public Point2 landing(String link, String mover) {
        return switch (shapes.get(link)) {
            case Shape.Cell cell -> landing(link, cell.centre().plus(cellPlace(0, cell.flipped())), mover);
            case Shape.Bar bar -> landing(link, new Point2((bar.left() + bar.right()) / 2, bar.centre().y() + 80), mover);
        };
    }

    /**
     * Where a node that comes to a link stands, near {@code wish}: in a cell within its disc but off the antenna, at a bar beside it; never
     * on top of another node.
     *
     * @param mover not counted as being in the way
     */
    public Point2 landing(String link, Point2 wish, String mover) {
        Shape shape = shapes.get(link);
        if (shape == null) {
            return wish;
        }
        List<Point2> candidates = new ArrayList<>();
        switch (shape) {
            case Shape.Cell cell -> {
                if (wish.distance(cell.antenna()) >= 50 && wish.distance(cell.centre()) <= cell.radius()) {
                    candidates.add(wish);
                }
                for (int i = 0; i < 60; i++) {
                    candidates.add(cell.centre().plus(cellPlace(i, cell.flipped())));
                }
            }
            case Shape.Bar bar -> {
                if (Math.abs(wish.y() - bar.centre().y()) >= 60) {
                    candidates.add(wish);
                }
                double side = wish.y() < bar.centre().y() ? -1 : 1;
                for (int i = 0; i < 12; i++) {
                    for (double s : new double[] {side, -side}) {
                        candidates.add(new Point2(wish.x() + (i % 2 == 0 ? 1 : -1) * ((i + 1) / 2) * 70, bar.centre().y() + s * 80));
                    }
                }
            }
        }
        return candidates.stream().filter(c -> placement.nodes().entrySet().stream()
                        .allMatch(e -> e.getKey().equals(mover) || e.getValue().distance(c) >= 56))
                .findFirst().orElse(candidates.getFirst());
    }
}
