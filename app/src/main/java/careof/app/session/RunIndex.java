package careof.app.session;

import careof.engine.base.Progress;
import careof.engine.decode.KnownSas;
import careof.engine.decode.LinkType;
import careof.engine.decode.Opener;
import careof.engine.decode.PacketSummary;
import careof.engine.decode.Summary;
import careof.engine.lab.Lab;
import careof.engine.metrics.SaPairs;
import careof.engine.state.IkeSa;
import careof.engine.state.MovementState;
import careof.engine.trace.LabState;
import careof.engine.trace.TraceEvent;
import careof.engine.trace.TraceEvent.Changed;
import careof.engine.trace.TraceEvent.Dropped;
import careof.engine.trace.TraceEvent.FrameSent;
import careof.engine.trace.TraceStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;

/**
 * Where in a trace the things are that steps and the timeline look for. The worker feeds it as the trace grows; any thread may read.
 */
public final class RunIndex {
    private final TraceStore trace;
    private final TraceStore.Cursor events;
    private final Ids signalling = new Ids();
    private final Ids ike = new Ids();
    private final Ids legs = new Ids();
    private final Ids drops = new Ids();
    private final Ids actions = new Ids();
    private final Ids controls = new Ids();
    private final KnownSas sas = new KnownSas();
    private final SaPairs pairs;
    private final Map<String, Phase> open = new TreeMap<>();
    private volatile List<Phase> phases = List.of();
    /** Packets are made from each other at most this often: hop limits and tunnels end a chain. */
    private static final int LONGEST_CHAIN = 1024;
    /** Events between two reports of progress. */
    private static final int REPORT = 1 << 12;
    private final Lineage lineage = new Lineage();
    private final IkeTalks talks = new IkeTalks();
    /** First event that was kept when this forgot what went before. */
    private long forgotten = 1;

    /**
     * A time that a mobile node spent in one phase of movement.
     *
     * @param to nanoseconds; {@link Long#MAX_VALUE}: it still lasts
     */
    public record Phase(String node, MovementState.Phase phase, long from, long to) {}

    RunIndex(Lab lab, TraceStore trace) {
        this.trace = trace;
        this.pairs = new SaPairs(lab);
        this.events = trace.from(1);
    }

    /** Reads what the trace has got since the last call, and forgets what it has lost. */
    void catchUp() {
        try {
            catchUp(Progress.NONE);
        } catch (Progress.Cancelled e) {
            throw new IllegalStateException("nobody cancels this", e);
        }
    }

    /** The same, of a trace that may be long. */
    void catchUp(Progress progress) throws Progress.Cancelled {
        while (events.hasNext()) {
            TraceEvent event = events.next();
            if (event.id() % REPORT == 0) {
                progress.report(event.id(), trace.size());
            }
            lineage.add(event);
            sas.accept(event);
            pairs.add(event);
            switch (event) {
                case FrameSent e -> {
                    if (FrameKind.isSignalling(e.frame(), sas)) {
                        sort(e);
                    }
                }
                case Dropped e -> drops.add(e.id());
                case TraceEvent.Acted e -> actions.add(e.id());
                case Changed e when e.row() instanceof IkeSa -> talks.add(e);
                case Changed e when e.row() instanceof MovementState -> e.now().ifPresent(now -> moved(e, (MovementState) now));
                case TraceEvent.Control e -> controls.add(e.id());
                case Changed _, TraceEvent.Started _, TraceEvent.FrameArrived _, TraceEvent.Decided _, TraceEvent.Derived _ -> { }
            }
        }
        forget();
    }

    /** What it takes is as much as what is kept: so it waits until that is worth it. */
    private void forget() {
        LabState base = trace.base();
        long first = base.event() + 1;
        if (first - forgotten <= (trace.size() - first) / 4) {
            return;
        }
        forgotten = first;
        List.of(signalling, ike, legs, drops, actions, controls).forEach(ids -> ids.forget(first));
        lineage.forget(first);
        talks.forget(base);
        pairs.forget(first);
        sas.forget(base);
        phases = phases.stream().filter(phase -> phase.to() > base.time()).toList();
    }

    /** The SA pairs at a moment that has been read already; for the thread that feeds this. */
    List<SaPairs.Pair> pairs(LabState state) {
        return pairs.at(state);
    }

    /** Finds out whether a signalling frame is a new message, a new leg of one (into or out of a tunnel), or merely forwarded. */
    private void sort(FrameSent sent) {
        PacketSummary summary = Summary.of(sent.frame(), LinkType.ETHERNET, sas);
        boolean message = true;
        boolean leg = true;
        long packet = lineage.parentOf(sent.packet());
        for (int i = 0; packet != 0 && message && i < LONGEST_CHAIN; i++) {
            Optional<PacketSummary> before = trace.frameOf(packet).map(f -> Summary.of(f.frame(), LinkType.ETHERNET, sas))
                    .filter(summary::isSameMessage);
            if (before.isPresent()) {
                message = false;
                leg = !before.get().source().equals(summary.source()) || !before.get().destination().equals(summary.destination());
            }
            packet = lineage.parentOf(packet);
        }
        if (message) {
            signalling.add(sent.id());
            summary.isakmp().ifPresent(header -> {
                ike.add(sent.id());
                talks.add(header, sent.id());
            });
        }
        if (leg) {
            legs.add(sent.id());
        }
    }

    private void moved(Changed e, MovementState now) {
        Phase before = open.get(e.node());
        if (before != null && before.phase == now.phase()) {
            return;
        }
        List<Phase> all = new ArrayList<>(phases);
        if (before != null) {
            all.remove(before);
            if (e.at() > before.from) {
                all.add(new Phase(before.node, before.phase, before.from, e.at()));
            }
        }
        Phase next = new Phase(e.node(), now.phase(), e.at(), Long.MAX_VALUE);
        open.put(e.node(), next);
        all.add(next);
        phases = List.copyOf(all);
    }

    /** Those of the signalling frames that carry IKE. */
    public Series ike() {
        return ike;
    }

    /** Frames with mobility signalling or IKE where they originate, by event id. */
    public Series signalling() {
        return signalling;
    }

    /** The same frames where their outermost addresses are new: where they originate, enter and leave a tunnel. */
    public Series legs() {
        return legs;
    }

    /** Opens what AH and ESP protect with the keys that the run has shown so far. */
    public Opener opener() {
        return sas;
    }

    /** PF_KEY messages and those of IKE in the clear, by event id. */
    public Series controls() {
        return controls;
    }

    /** Packets that ended, by event id. */
    public Series drops() {
        return drops;
    }

    /** Actions of the lab file and of the user, by event id. */
    public Series actions() {
        return actions;
    }

    /** How each mobile node moved, in the order of the phases' ends; those that last come where they began. */
    public List<Phase> phases() {
        return phases;
    }

    /** What packets were made of, and where they ended. */
    public Lineage lineage() {
        return lineage;
    }

    /** Which frames carried which exchange of IKE. */
    public IkeTalks talks() {
        return talks;
    }

    /** The next event of a kind after the cursor, or the last before it; empty: the trace has none. */
    OptionalLong step(StepKind kind, long cursor, boolean forward) {
        return switch (kind) {
            case EVENT -> {
                long to = forward ? cursor + 1 : cursor - 1;
                yield to >= trace.first() - 1 && to <= trace.size() ? OptionalLong.of(to) : OptionalLong.empty();
            }
            case PACKET -> {
                long place = trace.framesUpTo(forward ? cursor : cursor - 1);
                yield forward
                        ? place < trace.frameCount() ? OptionalLong.of(trace.frameEvent(place)) : OptionalLong.empty()
                        : place > 0 ? kept(trace.frameEvent(place - 1)) : OptionalLong.empty();
            }
            case SIGNALLING -> step(signalling, cursor, forward);
            case DROP -> step(drops, cursor, forward);
        };
    }

    private OptionalLong step(Series ids, long cursor, boolean forward) {
        int place = ids.upTo(forward ? cursor : cursor - 1);
        return forward
                ? place < ids.size() ? OptionalLong.of(ids.get(place)) : OptionalLong.empty()
                : place > ids.first() ? kept(ids.get(place - 1)) : OptionalLong.empty();
    }

    private OptionalLong kept(long event) {
        return event >= trace.first() ? OptionalLong.of(event) : OptionalLong.empty();
    }
}
