package careof.editor.geometry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import careof.editor.Labs;
import careof.engine.lab.Lab;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GeometryTest {
    private static final Lab LAB = Labs.handover();
    private static final Geometry SHAPE = Geometry.of(LAB, AutoLayout.place(LAB, Placement.EMPTY), Map.of());

    @Test
    void aPathIsWalkedAtAnEvenPace() {
        Path path = Path.of(new Point2(0, 0), new Point2(0, 0), new Point2(30, 0), new Point2(30, 10));
        assertEquals(40, path.length());
        assertEquals(new Point2(0, 0), path.positionAt(-1));
        assertEquals(new Point2(20, 0), path.positionAt(0.5));
        assertEquals(new Point2(30, 5), path.positionAt(0.875));
        assertEquals(new Point2(30, 10), path.positionAt(1.5));
        assertEquals(5, path.distance(new Point2(10, -5)));
        assertEquals(new Point2(7, 7), Path.of(new Point2(7, 7)).positionAt(0.5));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void zoomingKeepsThePointUnderTheHandAndCoordinatesGoThereAndBack(long seed) {
        var random = new Random(seed);
        Viewport v = Viewport.IDENTITY;
        for (int i = 0; i < 200; i++) {
            double x = random.nextDouble() * 1000;
            double y = random.nextDouble() * 700;
            Point2 under = v.toCanvas(x, y);
            v = v.zoomedAt(x, y, random.nextDouble() * 6);
            assertTrue(v.zoom() >= Viewport.MIN_ZOOM && v.zoom() <= Viewport.MAX_ZOOM);
            Point2 again = v.toScreen(under);
            assertEquals(x, again.x(), 1e-6, "seed " + seed);
            assertEquals(y, again.y(), 1e-6, "seed " + seed);
        }
    }

    @Test
    void wiresReachTheirBarOrAntenna() {
        for (Geometry.Wire wire : SHAPE.wires()) {
            assertEquals(SHAPE.node(wire.node()), wire.path().start());
            switch (SHAPE.shapes().get(wire.link())) {
                case Geometry.Shape.Bar bar -> assertTrue(bar.bounds().contains(wire.path().end()), wire::toString);
                case Geometry.Shape.Cell cell -> assertEquals(cell.antenna(), wire.path().end());
            }
        }
        Path hop = SHAPE.between("ha", "backbone", "rb").orElseThrow();
        assertEquals(SHAPE.node("ha"), hop.start());
        assertEquals(SHAPE.node("rb"), hop.end());
        assertEquals(SHAPE.link("backbone"), SHAPE.findPortPath("ha", "backbone").orElseThrow().end());
        assertEquals(Optional.empty(), SHAPE.between("ha", "nothing", "rb"));
    }

    @Test
    void anAttachmentOfTheMomentReplacesTheLabs() {
        Geometry away = Geometry.of(LAB, SHAPE.placement(), Map.of("mn", "cell-a"));
        assertEquals(List.of("cell-a"), wiresOf(away, "mn").stream().map(Geometry.Wire::link).toList());
        assertTrue(wiresOf(away, "mn").getFirst().radio());
        assertEquals(List.of(), wiresOf(Geometry.of(LAB, SHAPE.placement(), Map.of("mn", "")), "mn"));
        assertEquals(List.of("home"), wiresOf(SHAPE, "mn").stream().map(Geometry.Wire::link).toList());
    }

    @Test
    void whatIsUnderThePointer() {
        assertEquals(new Hit.Node("ra"), SHAPE.at(SHAPE.node("ra").plus(10, 5), Optional.empty(), 6));
        Point2 ring = SHAPE.node("ra").plus(0, -33);
        assertEquals(new Hit.Handle("ra"), SHAPE.at(ring, Optional.of("ra"), 6));
        assertTrue(!(SHAPE.at(ring, Optional.empty(), 6) instanceof Hit.Handle), "the ring is there only while it shows");
        assertEquals(new Hit.Link("backbone"), SHAPE.at(SHAPE.link("backbone").plus(0, 3), Optional.empty(), 6));
        assertEquals(new Hit.Link("cell-a"), SHAPE.at(SHAPE.link("cell-a").plus(30, 60), Optional.empty(), 6));
        Geometry.Wire wire = wiresOf(SHAPE, "rc").stream().filter(w -> w.link().equals("backbone")).findFirst().orElseThrow();
        assertEquals(new Hit.Wire("rc", "backbone"), SHAPE.at(wire.path().positionAt(0.7), Optional.empty(), 6));
        assertInstanceOf(Hit.Nothing.class, SHAPE.at(new Point2(-5000, 0), Optional.empty(), 6));
    }

    @ParameterizedTest
    @ValueSource(strings = {"home", "cell-a", "cell-b", "backbone"})
    void whoComesToALinkStandsOnNobody(String link) {
        Placement placement = SHAPE.placement();
        Geometry g = SHAPE;
        for (int i = 0; i < 9; i++) {
            String guest = "guest" + i;
            Point2 p = g.landing(link, guest);
            placement.nodes().forEach((name, other) -> assertTrue(other.distance(p) >= 50, () -> guest + " stands on " + name));
            placement = placement.with(Map.of(guest, p), Map.of());
            g = Geometry.of(LAB, placement, Map.of());
        }
    }

    private static List<Geometry.Wire> wiresOf(Geometry g, String node) {
        return g.wires().stream().filter(w -> w.node().equals(node)).toList();
    }

    static List<Lab> labs() {
        return List.of(Labs.handover(), Labs.campus(1, 1), Labs.campus(3, 5), Labs.campus(12, 4), Labs.chain(1), Labs.chain(10), Lab.empty("nothing"));
    }

    @ParameterizedTest
    @org.junit.jupiter.params.provider.MethodSource("labs")
    void theAutomaticLayoutIsTheSameEachTimeAndNothingOverlaps(Lab lab) {
        Placement placement = AutoLayout.place(lab, Placement.EMPTY);
        assertEquals(placement, AutoLayout.place(lab, Placement.EMPTY));
        assertEquals(lab.nodes().size(), placement.nodes().size());
        assertEquals(lab.links().size(), placement.links().size());
        List<Point2> nodes = new ArrayList<>(placement.nodes().values());
        for (int i = 0; i < nodes.size(); i++) {
            for (int j = 0; j < i; j++) {
                assertTrue(nodes.get(i).distance(nodes.get(j)) >= 50, nodes.get(i) + " on " + nodes.get(j) + " in " + lab.name());
            }
        }
        List<Geometry.Shape> shapes = new ArrayList<>(Geometry.of(lab, placement, Map.of()).shapes().values());
        for (int i = 0; i < shapes.size(); i++) {
            for (int j = 0; j < i; j++) {
                assertTrue(!shapes.get(i).bounds().intersects(shapes.get(j).bounds()), shapes.get(i) + " on " + shapes.get(j) + " in " + lab.name());
            }
        }
    }

    @Test
    void whatHasAPlaceKeepsItAndTheRestStandsBesideIt() {
        Lab lab = LAB.withView(new Lab.View(new java.util.LinkedHashMap<>(Map.of("mn", new Lab.View.Point(120, 340))), new java.util.LinkedHashMap<>()));
        Placement drawn = AutoLayout.place(lab, Placement.EMPTY);
        assertEquals(new Point2(120, 340), drawn.nodes().get("mn"));
        assertTrue(drawn.nodes().get("ha").distance(drawn.nodes().get("mn")) < 500, "the rest comes to it");
        Placement whole = AutoLayout.place(LAB, Placement.EMPTY);
        assertEquals(LAB.withView(whole.toView()).view(), AutoLayout.place(LAB.withView(whole.toView()), Placement.EMPTY).toView());
    }

    @Test
    void aLargeLabFindsRoomForEveryNode() {
        Lab lab = Labs.campus(40, 10);
        var places = new java.util.ArrayList<>(AutoLayout.place(lab, Placement.EMPTY).nodes().values());
        assertEquals(lab.nodes().size(), places.size());
        for (int i = 0; i < places.size(); i++) {
            for (int j = 0; j < i; j++) {
                Point2 a = places.get(i);
                Point2 b = places.get(j);
                assertTrue(a.distance(b) >= 30, () -> a + " and " + b + " stand on each other");
            }
        }
    }
}
