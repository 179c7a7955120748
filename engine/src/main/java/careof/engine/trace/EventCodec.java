package careof.engine.trace;

import careof.engine.base.Octets;
import careof.engine.state.State;
import careof.engine.trace.TraceEvent.Acted;
import careof.engine.trace.TraceEvent.Arrival;
import careof.engine.trace.TraceEvent.Changed;
import careof.engine.trace.TraceEvent.Control;
import careof.engine.trace.TraceEvent.Decided;
import careof.engine.trace.TraceEvent.Derived;
import careof.engine.trace.TraceEvent.Dropped;
import careof.engine.trace.TraceEvent.FrameArrived;
import careof.engine.trace.TraceEvent.FrameSent;
import careof.engine.trace.TraceEvent.Relation;
import careof.engine.trace.TraceEvent.Started;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The binary form of an event without its id, its time and, of {@link FrameSent}, its frame, which comes last and is its store's affair: its kind, its node, the distance to
 * its cause, and its fields.
 */
final class EventCodec {
    static final int STARTED = 0;
    static final int ACTED = 1;
    static final int SENT = 2;
    static final int ARRIVED = 3;
    static final int DERIVED = 4;
    static final int DECIDED = 5;
    static final int DROPPED = 6;
    static final int CHANGED = 7;
    static final int CONTROL = 8;
    private static final int MOST_HINTED = 64;
    private static final Relation[] RELATIONS = Relation.values();
    private static final Reason[] REASONS = Reason.values();

    private EventCodec() {}

    /** Where a frame comes from when its event is read. */
    interface Frames {
        /** @param position octets of the event's form before the frame's */
        Octets at(int position);
    }

    private static void head(Encoder encoder, int kind, TraceEvent event) {
        encoder.octet(kind);
        encoder.name(event.node());
        encoder.reference(event.id(), event.cause());
    }

    static void write(Encoder encoder, TraceEvent event) {
        switch (event) {
            case Started e -> {
                head(encoder, STARTED, e);
                encoder.text(e.lab());
                encoder.fixed64(e.seed());
            }
            case Acted e -> {
                head(encoder, ACTED, e);
                encoder.signed(e.input());
                encoder.text(e.text());
            }
            case Control e -> {
                head(encoder, CONTROL, e);
                encoder.unsigned(e.packet());
                encoder.name(e.channel());
                encoder.octet(e.toKernel() ? 1 : 0);
                encoder.octets(e.octets());
            }
            case FrameSent e -> {
                head(encoder, SENT, e);
                encoder.unsigned(e.packet());
                encoder.reference(e.packet(), e.parent());
                encoder.name(e.port());
                encoder.name(e.link());
                encoder.unsigned(e.ordinal());
                encoder.unsigned(e.departs() - e.at());
                encoder.unsigned(e.arrivals().size());
                for (Arrival arrival : e.arrivals()) {
                    encoder.name(arrival.to());
                    encoder.unsigned(arrival.at() - e.at());
                }
            }
            case FrameArrived e -> {
                head(encoder, ARRIVED, e);
                encoder.unsigned(e.packet());
                encoder.name(e.port());
                encoder.name(e.link());
                encoder.reference(e.id(), e.sent());
            }
            case Derived e -> {
                head(encoder, DERIVED, e);
                encoder.unsigned(e.packet());
                encoder.reference(e.packet(), e.parent());
                encoder.octet(e.relation().ordinal());
            }
            case Decided e -> {
                head(encoder, DECIDED, e);
                encoder.unsigned(e.packet());
                encoder.unsigned(e.reason().ordinal());
                encoder.texts(e.args());
                encoder.text(e.entry());
            }
            case Dropped e -> {
                head(encoder, DROPPED, e);
                encoder.unsigned(e.packet());
                encoder.unsigned(e.reason().ordinal());
                encoder.texts(e.args());
                encoder.text(e.entry());
                encoder.name(e.link());
                encoder.octets(e.octets());
            }
            case Changed e -> {
                head(encoder, CHANGED, e);
                encoder.unsigned(e.packet());
                encoder.reference(e.id(), e.previous());
                encoder.octet((e.old().isPresent() ? 1 : 0) | (e.now().isPresent() ? 2 : 0));
                e.old().ifPresent(state -> StateCodec.write(encoder, state));
                e.now().ifPresent(state -> StateCodec.write(encoder, state));
                encoder.unsigned(e.reason().ordinal());
                encoder.texts(e.args());
            }
        }
    }

    /**
     * Reads what {@link #write} wrote.
     *
     * @throws RuntimeException for other octets
     */
    static TraceEvent read(Decoder in, long id, long at, Frames frames) {
        int kind = in.octet();
        String node = in.name();
        long cause = in.reference(id);
        return switch (kind) {
            case STARTED -> new Started(id, at, node, cause, in.text(), in.fixed64());
            case ACTED -> new Acted(id, at, node, cause, in.signed(), in.text());
            case CONTROL -> new Control(id, at, node, cause, in.unsigned(), in.name(), in.octet() == 1, in.octets());
            case SENT -> {
                long packet = in.unsigned();
                long parent = in.reference(packet);
                String port = in.name();
                String link = in.name();
                long ordinal = in.unsigned();
                long departs = at + in.unsigned();
                int count = (int) in.unsigned();
                List<Arrival> arrivals = new ArrayList<>(Math.clamp(count, 0, MOST_HINTED));
                for (int i = 0; i < count; i++) {
                    arrivals.add(new Arrival(in.name(), at + in.unsigned()));
                }
                yield new FrameSent(id, at, node, cause, packet, parent, port, link, ordinal, departs, List.copyOf(arrivals),
                        frames.at(in.position()));
            }
            case ARRIVED -> {
                long packet = in.unsigned();
                yield new FrameArrived(id, at, node, cause, packet, in.name(), in.name(), in.reference(id));
            }
            case DERIVED -> {
                long packet = in.unsigned();
                yield new Derived(id, at, node, cause, packet, in.reference(packet), RELATIONS[in.octet()]);
            }
            case DECIDED -> new Decided(id, at, node, cause, in.unsigned(), REASONS[(int) in.unsigned()], in.texts(), in.text());
            case DROPPED -> new Dropped(id, at, node, cause, in.unsigned(), REASONS[(int) in.unsigned()], in.texts(), in.text(), in.name(), in.octets());
            case CHANGED -> {
                long packet = in.unsigned();
                long previous = in.reference(id);
                int present = in.octet();
                Optional<State> old = (present & 1) != 0 ? Optional.of(StateCodec.read(in)) : Optional.empty();
                Optional<State> now = (present & 2) != 0 ? Optional.of(StateCodec.read(in)) : Optional.empty();
                yield new Changed(id, at, node, cause, packet, previous, old, now, REASONS[(int) in.unsigned()], in.texts());
            }
            default -> throw new IllegalStateException("event " + id + " has the unknown kind " + kind);
        };
    }
}
