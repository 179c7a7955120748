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
 * from it as a tree: routers, then their links, then the nodes there. Branches with cells hang below the spine, fixed networks
 * stand above it.
 */
public final class AutoLayout {
    private static final double ROW = 110;
    private static final double NODE_WIDTH = 140;
    private static final double WIRED_WIDTH = 170;
    private static final double CELL_WIDTH = 260;
    private static final double GAP_BETWEEN_PARTS = 120;
    /** Trees deeper than this are laid on their side, so that chains run from left to right. */
    private static final int DEEP = 7;

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
            for (Item item : missing) {
                Point2 p = computed.get(item);
                if (!mostlyNew) {
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
            int depth = spanningTree(root, placed);
            left = layPart(root, left, depth) + GAP_BETWEEN_PARTS;
        }
        var snapped = new LinkedHashMap<Item, Point2>();
        found.forEach((item, p) -> snapped.put(item, p.snapped(10)));
        return snapped;
    }

    private Item nextRoot(Set<Item> placed) {
        Item best = null;
        int bestScore = -1;
        for (LabLink link : lab.links()) {
            Item item = new Item(true, link.name());
            if (!placed.contains(item)) {
                long routers = linkNodes.get(link.name()).stream().filter(n -> lab.node(n).orElseThrow().role().forwards()).count();
                int score = (int) routers * 100 + linkNodes.get(link.name()).size() + (link.kind() == LabLink.Kind.WIRED ? 1 : 0);
                if (score > bestScore) {
                    best = item;
                    bestScore = score;
                }
            }
        }
        if (best == null) {
            best = lab.nodes().stream().map(n -> new Item(false, n.name())).filter(i -> !placed.contains(i)).findFirst().orElse(null);
        }
        return best;
    }

    /** Fills {@link #children} breadth first and gives the depth. */
    private int spanningTree(Item root, Set<Item> placed) {
        var queue = new ArrayDeque<Item>();
        var depth = new LinkedHashMap<Item, Integer>();
        queue.add(root);
        placed.add(root);
        depth.put(root, 0);
        int deepest = 0;
        while (!queue.isEmpty()) {
            Item item = queue.poll();
            deepest = Math.max(deepest, depth.get(item));
            List<Item> below = new ArrayList<>();
            for (String next : item.link ? linkNodes.get(item.name) : nodeLinks.get(item.name)) {
                Item child = new Item(!item.link, next);
                if (placed.add(child)) {
                    below.add(child);
                    queue.add(child);
                    depth.put(child, depth.get(item) + 1);
                }
            }
            children.put(item, below);
        }
        return deepest;
    }

    private double width(Item item) {
        Double known = widths.get(item);
        if (known != null) {
            return known;
        }
        double own = !item.link ? NODE_WIDTH
                : lab.link(item.name).orElseThrow().kind() == LabLink.Kind.CELL ? CELL_WIDTH : WIRED_WIDTH;
        double below = children.getOrDefault(item, List.of()).stream().mapToDouble(this::width).sum();
        widths.put(item, Math.max(own, below));
        return Math.max(own, below);
    }

    private boolean holdsCell(Item item) {
        return item.link && lab.link(item.name).orElseThrow().kind() == LabLink.Kind.CELL
                || children.getOrDefault(item, List.of()).stream().anyMatch(this::holdsCell);
    }

    /** Lays one connected part from x = left on; gives its right edge. */
    private double layPart(Item root, double left, int depth) {
        List<Item> branches = children.get(root);
        if (depth > DEEP) {
            // On its side: the deepest branches run left and right from the spine.
            List<Item> all = new ArrayList<>(branches);
            all.sort(Comparator.comparingInt(this::depthOf).reversed());
            List<Item> right = new ArrayList<>();
            List<Item> leftWards = new ArrayList<>();
            for (int i = 0; i < all.size(); i++) {
                (i % 2 == 0 ? right : leftWards).add(all.get(i));
            }
            double leftDepth = leftWards.stream().mapToInt(i -> depthOf(i) + 1).max().orElse(0) * ROW;
            Point2 origin = new Point2(left + leftDepth + NODE_WIDTH / 2, 0);
            found.put(root, origin);
            spread(right, origin, 1, true);
            spread(leftWards, origin, -1, true);
            double rightDepth = right.stream().mapToInt(i -> depthOf(i) + 1).max().orElse(0) * ROW;
            return origin.x() + rightDepth + NODE_WIDTH / 2;
        }
        List<Item> below = new ArrayList<>();
        List<Item> above = new ArrayList<>();
        for (Item branch : branches) {
            (holdsCell(branch) ? below : above).add(branch);
        }
        if (below.isEmpty() && above.size() > 3) {
            below.addAll(above.subList((above.size() + 1) / 2, above.size()));
            above.removeAll(below);
        } else if (above.isEmpty() && below.size() > 4) {
            above.addAll(below.subList((below.size() + 1) / 2, below.size()));
            below.removeAll(above);
        }
        double widest = Math.max(width(above), Math.max(width(below), WIRED_WIDTH));
        Point2 centre = new Point2(left + widest / 2, 0);
        found.put(root, centre);
        spread(above, centre, -1, false);
        spread(below, centre, 1, false);
        return left + widest;
    }

    private int depthOf(Item item) {
        return children.getOrDefault(item, List.of()).stream().mapToInt(c -> depthOf(c) + 1).max().orElse(0);
    }

    private double width(List<Item> items) {
        return items.stream().mapToDouble(this::width).sum();
    }

    /** Puts items side by side one row away from {@code parent}, each in the middle of its own subtree. */
    private void spread(List<Item> items, Point2 parent, int direction, boolean sideways) {
        // On its side a row needs height, not width: labels stand below, so rows can be closer.
        double scale = sideways ? 0.85 : 1;
        double x = (sideways ? parent.y() : parent.x()) - width(items) * scale / 2;
        for (Item item : items) {
            double middle = x + width(item) * scale / 2;
            double step = row(item);
            Point2 p = sideways ? new Point2(parent.x() + direction * step, middle) : new Point2(middle, parent.y() + direction * step);
            found.put(item, p);
            spread(children.getOrDefault(item, List.of()), p, direction, sideways);
            x += width(item) * scale;
        }
    }

    private double row(Item item) {
        boolean cell = item.link && lab.link(item.name).orElseThrow().kind() == LabLink.Kind.CELL;
        boolean mobile = !item.link && lab.node(item.name).orElseThrow().role() == LabNode.Role.MOBILE_NODE
                && lab.node(item.name).orElseThrow().at().flatMap(lab::link).map(l -> l.kind() == LabLink.Kind.CELL).orElse(false);
        return cell ? Geometry.CELL_RADIUS + 60 : mobile ? Geometry.CELL_RADIUS * 0.6 : ROW;
    }
}
