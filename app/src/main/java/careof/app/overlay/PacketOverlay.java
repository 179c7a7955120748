package careof.app.overlay;

import careof.app.packets.Kinds;
import careof.app.theme.Palette;
import careof.editor.Overlay;
import careof.editor.geometry.Geometry;
import careof.editor.geometry.Path;
import careof.editor.geometry.Point2;
import careof.engine.decode.PacketSummary.Kind;
import careof.engine.decode.PacketSummary.Wrap;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongConsumer;
import java.util.function.Supplier;
import javafx.geometry.VPos;
import javafx.scene.canvas.GraphicsContext;
import javafx.scene.shape.ArcType;
import javafx.scene.text.Font;
import javafx.scene.text.FontWeight;
import javafx.scene.text.Text;
import javafx.scene.text.TextAlignment;

/**
 * Packets on their way: a pill with a short name, one ring around it for each outer header, AH and ESP, from the inside out. ESP fills its
 * ring and hangs a lock on it, AH has a double outline; a lock hangs on messages that IKE encrypts, too. A notch is a home address option (left) or a type 2 routing header (right).
 * They come out from under their node and go under the next.
 */
public final class PacketOverlay implements Overlay {
    private static final Font FONT = Font.font("System", FontWeight.BOLD, 10.5);
    private static final double HEIGHT = 17;
    /** Between two rings. */
    private static final double RING = 4;
    private static final int MOST_RINGS = 4;
    /** Below this zoom a packet is a dot. */
    private static final double DOTS = 0.45;
    /** With more packets than this in flight, data packets are dots too. */
    private static final int CROWD = 80;

    private final Supplier<Palette> palette;
    private final LongConsumer onClicked;
    private final Map<String, Double> widths = new LinkedHashMap<>();
    private List<Flight> flights = List.of();

    /** @param onClicked called with the event that sent a packet when the user clicks it */
    public PacketOverlay(Supplier<Palette> palette, LongConsumer onClicked) {
        this.palette = palette;
        this.onClicked = onClicked;
    }

    public void show(List<Flight> flights) {
        // Signalling is drawn last, above data.
        List<Flight> sorted = new ArrayList<>(flights);
        sorted.sort((a, b) -> Integer.compare(rank(a), rank(b)));
        this.flights = sorted;
    }

    private static int rank(Flight f) {
        return switch (f.summary().kind()) {
            case NEIGHBOUR_DISCOVERY, OTHER -> 0;
            case DATA -> 1;
            case ICMP_ERROR -> 2;
            case IKE, MOBILITY -> 3;
        };
    }

    private static Optional<Point2> place(Flight f, Geometry geometry) {
        return geometry.between(f.from(), f.link(), f.to()).map(path -> trimmed(path).positionAt(f.fraction()));
    }

    /** The way from edge to edge of the two nodes, so that packets do not hide beneath them. */
    private static Path trimmed(Path path) {
        double length = path.length();
        double cut = Math.min(Geometry.NODE_RADIUS + 2, length / 3);
        if (length < 4) {
            return path;
        }
        List<Point2> points = new ArrayList<>();
        points.add(path.positionAt(cut / length));
        double done = 0;
        for (int i = 1; i < path.points().size(); i++) {
            done += path.points().get(i - 1).distance(path.points().get(i));
            if (done > cut && done < length - cut) {
                points.add(path.points().get(i));
            }
        }
        points.add(path.positionAt(1 - cut / length));
        return new Path(points);
    }

    @Override
    public void draw(GraphicsContext g, Geometry geometry, double zoom) {
        Palette p = palette.get();
        g.setTextAlign(TextAlignment.CENTER);
        g.setTextBaseline(VPos.CENTER);
        double scale = 1 / Math.max(zoom, 0.6);
        for (Flight f : flights) {
            boolean dot = zoom < DOTS || flights.size() > CROWD && rank(f) < 2;
            place(f, geometry).ifPresent(at -> {
                if (dot) {
                    dot(g, p, f, at, 5 * scale);
                } else {
                    pill(g, p, f, at, scale);
                }
            });
        }
    }

    private static void dot(GraphicsContext g, Palette p, Flight f, Point2 at, double radius) {
        g.setFill(p.color(Kinds.token(f.summary().kind())));
        g.fillOval(at.x() - radius, at.y() - radius, 2 * radius, 2 * radius);
    }

    private double width(String text) {
        if (widths.size() > 2_000) {
            widths.clear();
        }
        return widths.computeIfAbsent(text, t -> {
            Text probe = new Text(t);
            probe.setFont(FONT);
            return Math.max(HEIGHT, probe.getLayoutBounds().getWidth() + 11);
        });
    }

    private void pill(GraphicsContext g, Palette p, Flight f, Point2 at, double scale) {
        String token = Kinds.token(f.summary().kind());
        String text = f.summary().shortName();
        double w = width(text);
        g.save();
        g.translate(at.x(), at.y());
        g.scale(scale, scale);
        double arc = f.summary().kind() == Kind.DATA ? 6 : HEIGHT;
        List<Wrap> wraps = f.summary().wraps().subList(0, Math.min(MOST_RINGS, f.summary().wraps().size()));
        int rings = wraps.size();
        for (int i = rings; i >= 1; i--) {
            ring(g, p, token, wraps.get(rings - i), w, RING * i, arc);
        }
        g.setFill(p.color(token));
        g.fillRoundRect(-w / 2, -HEIGHT / 2, w, HEIGHT, arc, arc);
        g.setStroke(p.color("canvas"));
        g.setLineWidth(rings == 0 ? 1.2 : 0);
        if (rings == 0) {
            g.strokeRoundRect(-w / 2 - 0.6, -HEIGHT / 2 - 0.6, w + 1.2, HEIGHT + 1.2, arc, arc);
        }
        g.setFill(p.color("text"));
        double edge = w / 2 + RING * rings;
        if (f.summary().homeAddressOption()) {
            g.fillPolygon(new double[] {-edge - 5, -edge + 2, -edge - 5}, new double[] {-4.5, 0, 4.5}, 3);
        }
        if (f.summary().routingHeader()) {
            g.fillPolygon(new double[] {edge + 5, edge - 2, edge + 5}, new double[] {-4.5, 0, 4.5}, 3);
        }
        g.setFill(p.color(token + "-text"));
        g.setFont(FONT);
        g.fillText(text, 0, 0.5);
        if (Kinds.isEncrypted(f.summary())) {
            lock(g, p, edge - 2, -HEIGHT / 2 - RING * rings + 1);
        }
        g.restore();
    }

    private static void ring(GraphicsContext g, Palette p, String token, Wrap wrap, double w, double out, double arc) {
        g.setFill(p.color(wrap == Wrap.ESP ? token + "-soft" : "canvas"));
        g.fillRoundRect(-w / 2 - out, -HEIGHT / 2 - out, w + 2 * out, HEIGHT + 2 * out, arc + 2 * out, arc + 2 * out);
        g.setStroke(p.color(wrap == Wrap.TUNNEL ? token : "text"));
        g.setLineWidth(switch (wrap) {
            case TUNNEL -> 1.6;
            case AH -> 0.9;
            case ESP -> 1.4;
        });
        g.strokeRoundRect(-w / 2 - out, -HEIGHT / 2 - out, w + 2 * out, HEIGHT + 2 * out, arc + 2 * out, arc + 2 * out);
        if (wrap == Wrap.AH) {
            double in = out - 2.2;
            g.strokeRoundRect(-w / 2 - in, -HEIGHT / 2 - in, w + 2 * in, HEIGHT + 2 * in, arc + 2 * in, arc + 2 * in);
        }
    }

    /** @param x of its middle */
    private static void lock(GraphicsContext g, Palette p, double x, double y) {
        g.setFill(p.color("canvas"));
        g.fillOval(x - 6.5, y - 6.5, 13, 13);
        g.setStroke(p.color("text"));
        g.setLineWidth(1.3);
        g.strokeArc(x - 2.4, y - 5, 4.8, 6, 0, 180, ArcType.OPEN);
        g.setFill(p.color("text"));
        g.fillRoundRect(x - 3.6, y - 1.6, 7.2, 5.4, 1.6, 1.6);
    }

    private Optional<Flight> flightAt(Point2 at, Geometry geometry, double zoom) {
        // What lies under a node is not in reach: the node is.
        if (geometry.nodeNear(at, Geometry.NODE_RADIUS + 2).isPresent()) {
            return Optional.empty();
        }
        double scale = 1 / Math.max(zoom, 0.6);
        return flights.reversed().stream().filter(f -> place(f, geometry).filter(c ->
                Math.abs(c.x() - at.x()) <= width(f.summary().shortName()) / 2 * scale + 4 && Math.abs(c.y() - at.y()) <= HEIGHT / 2 * scale + 4)
                .isPresent()).findFirst();
    }

    @Override
    public Optional<String> tipAt(Point2 at, Geometry geometry, double zoom) {
        return flightAt(at, geometry, zoom).map(f -> f.summary().label() + "  " + f.from() + " → " + f.to() + "\n" + f.summary().source() + " → "
                + f.summary().destination() + "\n" + f.summary().info());
    }

    @Override
    public boolean clickedAt(Point2 at, Geometry geometry, double zoom) {
        Optional<Flight> flight = flightAt(at, geometry, zoom);
        flight.ifPresent(f -> onClicked.accept(f.sent()));
        return flight.isPresent();
    }
}
