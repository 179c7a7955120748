package careof.editor.geometry;

import careof.engine.lab.Lab;
import careof.engine.lab.LabLink;
import careof.engine.lab.LabNode;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Positions for what has none, the same on every machine. The link where most routers meet becomes the spine; everything else hangs
 * from it as a tree: routers, then their links, then the nodes there; below it, on both sides, or on its side, whichever fills a
 * window best.
 */
public final class AutoLayout {
    private static final double ROW = 105;
    private static final double NODE_WIDTH = 140;
    private static final double WIRED_WIDTH = 210;
    private static final double CELL_WIDTH = 270;
    private static final double GAP_BETWEEN_PARTS = 120;
    /** Width of the window to fill, for a height of one. */
    private static final double WINDOW = 1.75;

    private final Lab lab;
    private final Map<String, List<String>> linkNodes = new LinkedHashMap<>();
    private final Map<String, List<String>> nodeLinks = new LinkedHashMap<>();
    private final Map<Item, List<Item>> children = new LinkedHashMap<>();
    private final Map<Item, Double> widths = new LinkedHashMap<>();
    private final Map<Item, Point2> found = new LinkedHashMap<>();

    private record Item(boolean link, String name) {}

    private AutoLayout(Lab lab) {
        this.lab = lab;
        lab.links().forEach(l -> linkNodes.put(l.name(), new ArrayList<>()));
        for (LabNode node : lab.nodes()) {
            Set<String> links = new LinkedHashSet<>();
            node.ports().forEach(p -> links.add(p.link()));
            node.at().ifPresent(links::add);
            links.removeIf(l -> !linkNodes.containsKey(l));
            nodeLinks.put(node.name(), new ArrayList<>(links));
            links.forEach(l -> linkNodes.get(l).add(node.name()));
        }
    }

    /** Positions for the whole lab: those of its view, else those of {@code shown}, else computed ones. */
    public static Placement place(Lab lab, Placement shown) {
        var nodes = new LinkedHashMap<String, Point2>();
        var links = new LinkedHashMap<String, Point2>();
        List<Item> missing = new ArrayList<>();
        for (LabLink link : lab.links()) {
            Point2 p = Optional.ofNullable(lab.view().links().get(link.name())).map(v -> new Point2(v.x(), v.y()))
                    .orElse(shown.links().get(link.name()));
            links.put(link.name(), p);
            if (p == null) {
                missing.add(new Item(true, link.name()));
            }
        }
        for (LabNode node : lab.nodes()) {
            Point2 p = Optional.ofNullable(lab.view().nodes().get(node.name())).map(v -> new Point2(v.x(), v.y()))
                    .orElse(shown.nodes().get(node.name()));
            nodes.put(node.name(), p);
            if (p == null) {
                missing.add(new Item(false, node.name()));
            }
        }
        if (!missing.isEmpty()) {
            boolean mostlyNew = links.values().stream().allMatch(p -> p == null);
            Map<Item, Point2> computed = new AutoLayout(lab).compute();
            // A few nodes with places of their own draw the rest to them.
            Point2 shift = Point2.ZERO;
            int pinned = 0;
            for (var e : nodes.entrySet()) {
                if (e.getValue() != null) {
                    shift = shift.plus(e.getValue().minus(computed.get(new Item(false, e.getKey()))));
                    pinned++;
                }
            }
            shift = mostlyNew && pinned > 0 ? shift.times(1.0 / pinned).snapped(20) : Point2.ZERO;
            for (Item item : missing) {
                Point2 p = computed.get(item).plus(shift);
                if (!mostlyNew || pinned > 1) {
                    p = free(p, nodes, links);
                }
                (item.link ? links : nodes).put(item.name, p);
            }
        }
        return new Placement(nodes, links);
    }

    /** The first place at or right below of {@code wish} that nothing else takes. */
    private static Point2 free(Point2 wish, Map<String, Point2> nodes, Map<String, Point2> links) {
        Point2 p = wish;
        for (int tries = 0; tries < 200; tries++) {
            Point2 here = p;
            boolean taken = nodes.values().stream().anyMatch(q -> q != null && q.distance(here) < 70)
                    || links.values().stream().anyMatch(q -> q != null && q.distance(here) < 60);
            if (!taken) {
                return p;
            }
            p = tries % 2 == 0 ? p.plus(80, 0) : p.plus(-40, 60);
        }
        return p;
    }

    private Map<Item, Point2> compute() {
        Set<Item> placed = new LinkedHashSet<>();
        double left = 0;
        for (Item root = nextRoot(placed); root != null; root = nextRoot(placed)) {
            spanningTree(root, placed);
            left = layPart(root, left) + GAP_BETWEEN_PARTS;
        }
        var snapped = new LinkedHashMap<Item, Point2>();
        found.forEach((item, p) -> snapped.put(item, p.snapped(20)));
        return snapped;
    }

    private Item nextRoot(Set<Item> placed) {
        Item best = null;
        int bestScore = -1;
        int bestDepth = 0;
        for (LabLink link : lab.links()) {
            Item item = new Item(true, link.name());
            if (!placed.contains(item)) {
                long routers = linkNodes.get(link.name()).stream().filter(n -> lab.node(n).orElseThrow().role().forwards()).count();
                int score = (int) routers * 100 + linkNodes.get(link.name()).size() + (link.kind() == LabLink.Kind.WIRED ? 1 : 0);
                if (score >= bestScore) {
                    // Of equals the one in the middle.
                    spanningTree(item, new LinkedHashSet<>(placed));
                    int depth = depthOf(item);
                    if (score > bestScore || depth < bestDepth) {
                        best = item;
                        bestScore = score;
                        bestDepth = depth;
                    }
                }
            }
        }
        if (best == null) {
            best = lab.nodes().stream().map(n -> new Item(false, n.name())).filter(i -> !placed.contains(i)).findFirst().orElse(null);
        }
        return best;
    }

    /** Fills {@link #children}, breadth first. */
    private void spanningTree(Item root, Set<Item> placed) {
        var queue = new ArrayDeque<Item>();
        queue.add(root);
        placed.add(root);
        while (!queue.isEmpty()) {
            Item item = queue.poll();
            List<Item> below = new ArrayList<>();
            for (String next : item.link ? linkNodes.get(item.name) : nodeLinks.get(item.name)) {
                Item child = new Item(!item.link, next);
                if (placed.add(child)) {
                    below.add(child);
                    queue.add(child);
                }
            }
            children.put(item, below);
        }
    }

    private double width(Item item) {
        Double known = widths.get(item);
        if (known != null) {
            return known;
        }
        double own = !item.link ? NODE_WIDTH : isCell(item) ? CELL_WIDTH : WIRED_WIDTH;
        double below = children.getOrDefault(item, List.of()).stream().filter(c -> !standsIn(item, c)).mapToDouble(this::width).sum();
        widths.put(item, Math.max(own, below));
        return Math.max(own, below);
    }

    private boolean holdsCell(Item item) {
        return isCell(item) || children.getOrDefault(item, List.of()).stream().anyMatch(this::holdsCell);
    }

    /** Lays one connected part from x = left on, in the way that fits a window best; gives its right edge. */
    private double layPart(Item root, double left) {
        List<Item> branches = children.get(root);
        List<Item> cells = branches.stream().filter(this::holdsCell).toList();
        List<Item> fixed = branches.stream().filter(b -> !holdsCell(b)).toList();
        int half = (branches.size() + 1) / 2;
        List<Item> deepest = branches.stream().sorted(Comparator.comparingInt(this::depthOf).reversed()).toList();
        List<Item> even = new ArrayList<>();
        List<Item> odd = new ArrayList<>();
        for (int i = 0; i < deepest.size(); i++) {
            (i % 2 == 0 ? even : odd).add(deepest.get(i));
        }
        List<Map<Item, Point2>> ways = new ArrayList<>();
        ways.add(way(root, List.of(), branches, false));
        if (!cells.isEmpty() && !fixed.isEmpty()) {
            ways.add(way(root, fixed, cells, false));
        }
        ways.add(way(root, branches.subList(0, half), branches.subList(half, branches.size()), false));
        if (!branches.isEmpty()) {
            ways.add(way(root, List.of(), branches, true));
        }
        ways.add(way(root, odd, even, true));
        if (branches.size() >= 10) {
            ways.add(staggered(root, branches));
        }
        Map<Item, Point2> best = ways.stream().min(Comparator.comparingDouble(AutoLayout::misfit)).orElseThrow();
        Box box = bounds(best);
        best.forEach((item, p) -> found.put(item, p.plus(left - box.minX(), 0)));
        return left + box.width();
    }

    private Map<Item, Point2> way(Item root, List<Item> before, List<Item> after, boolean sideways) {
        Map<Item, Point2> way = new LinkedHashMap<>();
        way.put(root, Point2.ZERO);
        spread(way, before, Point2.ZERO, -1, sideways);
        spread(way, after, Point2.ZERO, 1, sideways);
        if (sideways && before.isEmpty() && after.stream().allMatch(b -> Math.abs(way.get(b).y()) > 70)) {
            way.put(root, new Point2(row(after.getFirst(), true), 0));
        }
        return way;
    }

    /** Two rows on either side of the spine; wires of the outer ones pass between the inner ones. */
    private Map<Item, Point2> staggered(Item root, List<Item> branches) {
        Map<Item, Point2> way = new LinkedHashMap<>();
        way.put(root, Point2.ZERO);
        double column = branches.stream().mapToDouble(this::width).max().orElse(0);
        int quarter = (branches.size() + 3) / 4;
        for (int row = 0; row < 4; row++) {
            List<Item> items = branches.subList(Math.min(branches.size(), row * quarter), Math.min(branches.size(), (row + 1) * quarter));
            int direction = row < 2 ? -1 : 1;
            boolean outer = row % 3 == 0;
            double far = 0;
            if (outer) {
                Map<Item, Point2> inner = new LinkedHashMap<>();
                spread(inner, branches, Point2.ZERO, direction, false);
                far = inner.isEmpty() ? 0 : bounds(inner).height() - 40;
            }
            for (int i = 0; i < items.size(); i++) {
                spread(way, List.of(items.get(i)), new Point2((i + (outer ? 0.5 : 0)) * column, direction * far), direction, false);
            }
        }
        double middle = (quarter - 0.5) * column / 2;
        way.put(root, new Point2(middle, 0));
        return way;
    }

    private static Box bounds(Map<Item, Point2> way) {
        return way.entrySet().stream().map(e -> e.getKey().link ? Box.around(e.getValue(), 110, 90) : Box.around(e.getValue(), 60, 50))
                .reduce(Box::union).orElseThrow();
    }

    /** How far from the proportions of a window, and how large: smaller is better. */
    private static double misfit(Map<Item, Point2> way) {
        Box box = bounds(way);
        return Math.max(box.width() / WINDOW, box.height());
    }

    private int depthOf(Item item) {
        return children.getOrDefault(item, List.of()).stream().mapToInt(c -> depthOf(c) + 1).max().orElse(0);
    }

    private double width(List<Item> items) {
        return items.stream().mapToDouble(this::width).sum();
    }

    /** Puts items side by side one row away from {@code parent}, each in the middle of its own subtree. */
    private void spread(Map<Item, Point2> way, List<Item> items, Point2 parent, int direction, boolean sideways) {
        double x = (sideways ? parent.y() : parent.x()) - width(items) / 2;
        for (Item item : items) {
            double middle = x + width(item) / 2;
            double step = row(item, sideways);
            Point2 p = sideways ? new Point2(parent.x() + direction * step, middle) : new Point2(middle, parent.y() + direction * step);
            way.put(item, p);
            List<Item> below = children.getOrDefault(item, List.of());
            List<Item> within = below.stream().filter(c -> standsIn(item, c)).toList();
            for (int i = 0; i < within.size(); i++) {
                way.put(within.get(i), p.plus(Geometry.cellPlace(i, !sideways && direction < 0)));
                spread(way, children.getOrDefault(within.get(i), List.of()), way.get(within.get(i)), direction, sideways);
            }
            spread(way, below.stream().filter(c -> !within.contains(c)).toList(), p, direction, sideways);
            x += width(item);
        }
    }

    private boolean isCell(Item item) {
        return item.link && lab.link(item.name).orElseThrow().kind() == LabLink.Kind.CELL;
    }

    private boolean standsIn(Item parent, Item child) {
        return isCell(parent) && lab.node(child.name).orElseThrow().role() == LabNode.Role.MOBILE_NODE;
    }

    private double row(Item item, boolean sideways) {
        return isCell(item) ? Geometry.CELL_RADIUS + (sideways ? 60 : 50) : sideways ? 140 : ROW;
    }
}
