package careof.engine.capture;

import careof.engine.base.AtomicFile;
import careof.engine.base.Progress;
import careof.engine.capture.CapturedPacket.Direction;
import careof.engine.lab.Lab;
import careof.engine.state.PortState;
import careof.engine.trace.Detail;
import careof.engine.trace.Reason;
import careof.engine.trace.TraceEvent;
import careof.engine.trace.TraceEvent.Arrival;
import careof.engine.trace.TraceEvent.Changed;
import careof.engine.trace.TraceEvent.Decided;
import careof.engine.trace.TraceEvent.Derived;
import careof.engine.trace.TraceEvent.Dropped;
import careof.engine.trace.TraceEvent.FrameArrived;
import careof.engine.trace.TraceEvent.FrameSent;
import careof.engine.trace.TraceStore;
import java.io.IOException;
import java.io.OutputStream;
import java.math.BigInteger;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Writes the frames of a trace as pcapng: an interface for each node's port, lab epoch plus virtual time, and with each packet
 * its event, packet id and what became of it at its receivers. Reads the trace once, from front to end; what it holds in memory is bounded.
 */
public final class CaptureExport {
    /** Frames that may wait for their fate; with more on their way, the oldest are written as such. */
    private static final int MOST_WAITING = 8192;
    private static final int MOST_OUTCOMES = 8;
    private static final int MOST_REASONS = 6;
    /** Events between two reports of progress. */
    private static final int REPORT = 4096;
    /** Link type of Ethernet in capture files. */
    private static final int ETHERNET = 1;

    /** Which frames. */
    public sealed interface Selection {
        /** Each frame once, at its sender's port. */
        record All() implements Selection {}

        /** Each frame that leaves or reaches one node, at that node's ports. */
        record Node(String name) implements Selection {}

        /** Each frame on one link once, at its sender's port. */
        record Link(String name) implements Selection {}
    }

    /** What became of a frame. */
    private static final class Fate {
        private final FrameSent sent;
        /** When nothing more is expected to happen to it at its receivers, nanoseconds. */
        private final long until;
        private int lost;
        private String loss = "";
        private final Map<String, List<String>> reasons = new LinkedHashMap<>();
        /** Packets that lead here. */
        private final List<Long> packets = new ArrayList<>(2);

        Fate(FrameSent sent) {
            this.sent = sent;
            long last = sent.at();
            for (Arrival arrival : sent.arrivals()) {
                last = Math.max(last, arrival.at());
            }
            until = last;
        }

        void add(String node, String reason) {
            List<String> at = reasons.get(node);
            if (at != null && at.size() < MOST_REASONS) {
                at.add(reason);
            }
        }
    }

    /** A packet block to be written once its fate is known. */
    private record Waiting(Fate fate, int on, long at, long event, Direction direction, String node) {}

    private final TraceStore trace;
    private final Selection selection;
    private final PcapngWriter writer;
    private final BigInteger epoch;
    private final Map<String, Integer> interfaces = new LinkedHashMap<>();
    private final ArrayDeque<Waiting> waiting = new ArrayDeque<>();
    /** By the event that sent them. */
    private final LinkedHashMap<Long, Fate> fates = new LinkedHashMap<>();
    /** The last fate of a packet, or of one taken out of it where it arrived. */
    private final Map<Long, Fate> byPacket = new LinkedHashMap<>();
    private long written;

    private CaptureExport(TraceStore trace, Lab lab, Selection selection, OutputStream out) throws IOException {
        this.trace = trace;
        this.selection = selection;
        Instant start = lab.epoch();
        this.epoch = BigInteger.valueOf(start.getEpochSecond()).multiply(BigInteger.valueOf(1_000_000_000)).add(BigInteger.valueOf(start.getNano()));
        String what = switch (selection) {
            case Selection.All _ -> "all links";
            case Selection.Node(String name) -> "node " + name;
            case Selection.Link(String name) -> "link " + name;
        };
        String summary = trace.detail() == Detail.SUMMARY ? "; summary trace: signalling only" : "";
        this.writer = new PcapngWriter(out, "Careof", "lab " + lab.name() + ", seed " + lab.seed() + ", " + what + summary);
    }

    /**
     * Writes a capture file, whole or not at all.
     *
     * @param progress hears events read of all events
     * @return packets written
     * @throws IOException for a person to read; {@link Progress.Cancelled} when the listener stopped it
     */
    public static long write(TraceStore trace, Lab lab, Path target, Selection selection, Progress progress) throws IOException {
        long[] written = new long[1];
        AtomicFile.write(target, out -> written[0] = write(trace, lab, out, selection, progress));
        return written[0];
    }

    /** Writes a capture to a stream. */
    public static long write(TraceStore trace, Lab lab, OutputStream out, Selection selection, Progress progress) throws IOException {
        CaptureExport export = new CaptureExport(trace, lab, selection, out);
        long size = trace.size();
        TraceStore.Cursor cursor = trace.from(1);
        boolean more = cursor.hasNext();
        while (more) {
            TraceEvent event = cursor.next();
            if (event.id() % REPORT == 0) {
                progress.report(Math.min(event.id(), size), size);
            }
            export.read(event);
            more = event.id() < size && cursor.hasNext();
        }
        while (!export.waiting.isEmpty()) {
            export.writeFirst();
        }
        progress.report(size, size);
        return export.written;
    }

    private void read(TraceEvent event) throws IOException {
        while (!waiting.isEmpty() && (waiting.getFirst().fate.until < event.at() || waiting.size() > MOST_WAITING)) {
            writeFirst();
        }
        forget(event.at());
        switch (event) {
            case FrameSent e -> sent(e);
            case FrameArrived e -> arrived(e);
            case Decided e -> outcome(e.packet(), e.node(), e.reason().code());
            case Dropped e -> dropped(e);
            case Derived e -> {
                Fate fate = byPacket.get(e.parent());
                if (fate != null && fate.reasons.containsKey(e.node())) {
                    follow(e.packet(), fate);
                }
            }
            case Changed e -> {
                if (e.row() instanceof PortState port && wanted(e.node(), port)) {
                    on(e.node() + "/" + port.port());
                }
            }
            case TraceEvent.Started _, TraceEvent.Acted _, TraceEvent.Control _ -> { }
        }
    }

    private boolean wanted(String node, PortState port) {
        return switch (selection) {
            case Selection.All _ -> true;
            case Selection.Node(String name) -> node.equals(name);
            case Selection.Link(String name) -> port.link().equals(name);
        };
    }

    private int on(String port) throws IOException {
        Integer number = interfaces.get(port);
        if (number == null) {
            number = writer.addInterface(port, "", ETHERNET);
            interfaces.put(port, number);
        }
        return number;
    }

    private void sent(FrameSent e) throws IOException {
        boolean here = switch (selection) {
            case Selection.All _ -> true;
            case Selection.Node(String name) -> e.node().equals(name);
            case Selection.Link(String name) -> e.link().equals(name);
        };
        boolean concerns = here || selection instanceof Selection.Node(String name)
                && e.arrivals().stream().anyMatch(arrival -> arrival.to().startsWith(name + "/"));
        if (!concerns) {
            return;
        }
        Fate fate = new Fate(e);
        fates.put(e.id(), fate);
        follow(e.packet(), fate);
        if (here) {
            waiting.add(new Waiting(fate, on(e.node() + "/" + e.port()), e.at(), e.id(), Direction.OUTBOUND, ""));
        }
    }

    private void arrived(FrameArrived e) throws IOException {
        Fate fate = fates.get(e.sent());
        boolean here = selection instanceof Selection.Node(String name) && e.node().equals(name);
        Optional<TraceEvent> sent = fate == null && here ? trace.find(e.sent()) : Optional.empty();
        if (sent.isPresent()) {    // so long on its way that it was forgotten
            fate = new Fate((FrameSent) sent.get());
            fates.put(e.sent(), fate);
        }
        if (fate == null) {
            return;
        }
        fate.reasons.putIfAbsent(e.node(), new ArrayList<>(2));
        follow(e.packet(), fate);
        if (here) {
            waiting.add(new Waiting(fate, on(e.node() + "/" + e.port()), e.at(), e.id(), Direction.INBOUND, e.node()));
        }
    }

    private void outcome(long packet, String node, String reason) {
        Fate fate = byPacket.get(packet);
        if (fate != null) {
            fate.add(node, reason);
        }
    }

    private void dropped(Dropped e) {
        String why = "dropped, " + why(e.reason(), e.args());
        Fate sent = fates.get(e.cause());
        if (e.node().isEmpty() && sent != null) {
            sent.lost++;
            sent.loss = why(e.reason(), e.args());
        } else {
            outcome(e.packet(), e.node(), why);
        }
    }

    private static String why(Reason reason, List<String> args) {
        return reason.code() + " (" + reason.text(args) + (reason.section().isEmpty() ? "" : "; " + reason.section()) + ")";
    }

    private void forget(long now) {
        Iterator<Fate> oldest = fates.values().iterator();
        while (oldest.hasNext()) {
            Fate fate = oldest.next();
            if (fate.until >= now && fates.size() <= MOST_WAITING) {
                return;
            }
            oldest.remove();
            fate.packets.forEach(packet -> byPacket.remove(packet, fate));
        }
    }

    private void follow(long packet, Fate fate) {
        if (byPacket.put(packet, fate) != fate) {
            fate.packets.add(packet);
        }
    }

    private void writeFirst() throws IOException {
        Waiting first = waiting.removeFirst();
        Fate fate = first.fate;
        StringBuilder text = new StringBuilder(96).append("event ").append(first.event).append(", packet ").append(fate.sent.packet());
        if (fate.sent.parent() != 0) {
            text.append(" from packet ").append(fate.sent.parent());
        }
        text.append(", link ").append(fate.sent.link());
        if (first.node.isEmpty()) {
            verdicts(fate, text);
        } else {
            verdict(first.node, fate, text);
        }
        long at = epoch.add(BigInteger.valueOf(first.at)).longValue();
        writer.packet(first.on, at, first.direction, fate.sent.frame(), text.toString());
        written++;
    }

    private static void verdicts(Fate fate, StringBuilder text) {
        if (fate.lost > 0) {
            text.append("; lost for ").append(fate.lost).append(fate.lost == 1 ? " receiver, " : " receivers, ").append(fate.loss);
        } else if (fate.sent.arrivals().isEmpty()) {
            text.append("; no receiver");
        }
        int shown = 0;
        for (Arrival arrival : fate.sent.arrivals()) {
            if (shown++ == MOST_OUTCOMES) {
                text.append("; ").append(fate.sent.arrivals().size() - MOST_OUTCOMES).append(" more receivers");
                return;
            }
            verdict(arrival.to().substring(0, arrival.to().lastIndexOf('/')), fate, text);
        }
    }

    private static void verdict(String node, Fate fate, StringBuilder text) {
        List<String> reasons = fate.reasons.get(node);
        text.append("; ").append(node).append(": ")
                .append(reasons == null ? "on its way" : reasons.isEmpty() ? "received" : String.join(", ", reasons));
    }
}
