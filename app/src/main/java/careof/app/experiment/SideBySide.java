package careof.app.experiment;

import careof.app.inspector.ControlText;
import careof.app.inspector.EventText;
import careof.engine.base.VirtualTime;
import careof.engine.decode.KnownSas;
import careof.engine.decode.LinkType;
import careof.engine.decode.PacketSummary;
import careof.engine.decode.PacketSummary.Kind;
import careof.engine.decode.Summary;
import careof.engine.trace.TraceEvent;
import careof.engine.trace.TraceEvent.Control;
import careof.engine.trace.TraceEvent.Dropped;
import careof.engine.trace.TraceEvent.FrameSent;
import careof.engine.trace.TraceStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * Two runs of one lab as rows of a table: what both did stands in one row, what one alone did has nothing beside it. Runs of one seed do
 * the same at the same time until they part, so that equal times tell which events belong together.
 *
 * @param rows    in the order of time
 * @param parting index of the first row in which the runs differ; -1: they do not
 */
public record SideBySide(List<Row> rows, int parting) {
    /** Rows kept of each pair of runs. */
    private static final int MOST = 20_000;

    public SideBySide {
        rows = List.copyOf(rows);
    }

    /** @param same both runs did the same there */
    public record Row(Optional<Cell> on, Optional<Cell> off, boolean same) {}

    /**
     * What one run did.
     *
     * @param at    nanoseconds
     * @param kind  of the packet; empty: not a packet on a link
     * @param lost  a packet ended
     * @param words apart from the time and place
     */
    public record Cell(long event, long at, String place, Optional<Kind> kind, boolean lost, String words) {
        public String time() {
            return VirtualTime.seconds(at);
        }

        /** Whether the other run did this, too, whatever the numbers of events. */
        boolean isLike(Cell other) {
            return at == other.at && place.equals(other.place) && words.equals(other.words);
        }
    }

    /** Reads both runs; rows up to where it was cancelled. */
    public static SideBySide of(TraceStore on, TraceStore off, BooleanSupplier cancelled) {
        Reader left = new Reader(on);
        Reader right = new Reader(off);
        List<Row> rows = new ArrayList<>();
        int parting = -1;
        Optional<Cell> a = left.next();
        Optional<Cell> b = right.next();
        while ((a.isPresent() || b.isPresent()) && rows.size() < MOST && !cancelled.getAsBoolean()) {
            boolean same = a.isPresent() && b.isPresent() && a.get().isLike(b.get());
            boolean together = a.isPresent() && b.isPresent() && a.get().at == b.get().at && a.get().place.equals(b.get().place);
            boolean takeLeft = together || b.isEmpty() || a.isPresent() && a.get().at <= b.get().at;
            boolean takeRight = together || !takeLeft;
            if (!same && parting < 0) {
                parting = rows.size();
            }
            rows.add(new Row(takeLeft ? a : Optional.empty(), takeRight ? b : Optional.empty(), same));
            if (takeLeft) {
                a = left.next();
            }
            if (takeRight) {
                b = right.next();
            }
        }
        return new SideBySide(rows, parting);
    }

    /** Messages where they begin a leg of their way, losses, and messages to kernels; neither neighbours nor forwarding. */
    private static final class Reader {
        private final TraceStore trace;
        private final TraceStore.Cursor events;
        private final KnownSas sas = new KnownSas();

        Reader(TraceStore trace) {
            this.trace = trace;
            events = trace.from(1);
        }

        Optional<Cell> next() {
            while (events.hasNext()) {
                TraceEvent event = events.next();
                sas.accept(event);
                switch (event) {
                    case FrameSent s -> {
                        PacketSummary summary = Summary.of(s.frame(), LinkType.ETHERNET, sas);
                        if (summary.kind() != Kind.NEIGHBOUR_DISCOVERY && !isForwarded(s, summary)) {
                            return Optional.of(new Cell(s.id(), s.at(), s.node() + " → " + s.link(), Optional.of(summary.kind()), false,
                                    summary.label() + "  " + summary.info()));
                        }
                    }
                    case Dropped d -> {
                        String name = trace.frameOf(d.packet()).map(f -> Summary.of(f.frame(), LinkType.ETHERNET, sas).label() + "  ").orElse("");
                        return Optional.of(new Cell(d.id(), d.at(), d.node().isEmpty() ? d.link() : d.node(), Optional.empty(), true, name + EventText.of(d)));
                    }
                    case Control c when !ControlText.isPfKey(c) -> { }    // its packet is shown, and opened
                    case Control c -> {
                        return Optional.of(new Cell(c.id(), c.at(), c.node(), Optional.empty(), false, EventText.of(c)));
                    }
                    case TraceEvent.Derived _, TraceEvent.Started _, TraceEvent.Acted _, TraceEvent.FrameArrived _, TraceEvent.Decided _,
                        TraceEvent.Changed _ -> { }
                }
            }
            return Optional.empty();
        }

        private boolean isForwarded(FrameSent sent, PacketSummary summary) {
            return sent.parent() != 0 && trace.frameOf(sent.parent()).map(f -> Summary.of(f.frame(), LinkType.ETHERNET, sas))
                    .filter(before -> before.source().equals(summary.source()) && before.destination().equals(summary.destination())).isPresent();
        }
    }
}
