package careof.engine.trace;

import careof.engine.base.Octets;
import careof.engine.state.State;
import java.util.List;
import java.util.Optional;

/**
 * One thing that happened. Ids count from 1 without gaps; {@code at} is virtual nanoseconds; {@code node} is the lab's name
 * of the node (empty for links and the run itself); {@code cause} is the event that led to this one, 0: none;
 * {@code packet} is the packet concerned, 0: none.
 *
 * <p>The order of the permitted records is part of the trace's binary form: append new ones at the end.
 */
public sealed interface TraceEvent {
    long id();

    long at();

    String node();

    long cause();

    long packet();

    /** The word for this kind in JSON Lines. */
    default String kind() {
        return switch (this) {
            case Started _ -> "started";
            case Acted _ -> "acted";
            case FrameSent _ -> "sent";
            case FrameArrived _ -> "arrived";
            case Derived _ -> "derived";
            case Decided _ -> "decided";
            case Dropped _ -> "dropped";
            case Changed _ -> "changed";
            case Control _ -> "control";
        };
    }

    /** The run begins. */
    record Started(long id, long at, String node, long cause, String lab, long seed) implements TraceEvent {
        @Override
        public long packet() {
            return 0;
        }
    }

    /**
     * An action of the lab file or of the user took place.
     *
     * @param input its ordinal in the input log's user inputs; -1: the lab file's own
     * @param text  what was done, for people
     */
    record Acted(long id, long at, String node, long cause, long input, String text) implements TraceEvent {
        @Override
        public long packet() {
            return 0;
        }
    }

    /**
     * A port put a frame on its link.
     *
     * @param parent   packet that it was made from by forwarding, encapsulation, fragmentation...; 0: none
     * @param ordinal  of the frame among all that this port put on this link, from 1
     * @param departs  when its last bit leaves the port, nanoseconds
     * @param arrivals where and when it will arrive; receivers for whom it is lost are not among them
     * @param frame    the whole Ethernet frame, without frame check sequence
     */
    record FrameSent(long id, long at, String node, long cause, long packet, long parent, String port, String link, long ordinal, long departs,
            List<Arrival> arrivals, Octets frame) implements TraceEvent {}

    /**
     * @param to "node/port"
     * @param at nanoseconds
     */
    record Arrival(String to, long at) {}

    /**
     * A frame's way over a link ended at a port.
     *
     * @param sent the {@link FrameSent} event; 0 when the trace does not hold it
     */
    record FrameArrived(long id, long at, String node, long cause, long packet, String port, String link, long sent) implements TraceEvent {}

    /**
     * A packet was made from another.
     *
     * @param packet the new one
     * @param parent what it was made from
     */
    record Derived(long id, long at, String node, long cause, long packet, long parent, Relation relation) implements TraceEvent {}

    /**
     * A stage let a packet pass, or answered it, for a reason.
     *
     * @param args  values for the reason's placeholders, in their order
     * @param entry the table row it looked at, "kind key"; may be empty
     */
    record Decided(long id, long at, String node, long cause, long packet, Reason reason, List<String> args, String entry) implements TraceEvent {}

    /**
     * A packet ended here.
     *
     * @param args   values for the reason's placeholders, in their order
     * @param entry  the table row it looked at, "kind key"; may be empty
     * @param link   of a loss on a link; empty otherwise
     * @param octets the IP packet, when no {@link FrameSent} of late holds it; else empty
     */
    record Dropped(long id, long at, String node, long cause, long packet, Reason reason, List<String> args, String entry, String link, Octets octets)
            implements TraceEvent {}

    /**
     * A table row came, changed or went.
     *
     * @param previous the event that last changed the row; 0: none
     * @param old      empty: the row came
     * @param now      empty: the row went
     */
    record Changed(long id, long at, String node, long cause, long packet, long previous, Optional<State> old, Optional<State> now, Reason reason,
            List<String> args) implements TraceEvent {
        /** The row concerned, in its old or new form. */
        public State row() {
            return now.or(() -> old).orElseThrow();
        }
    }

    /**
     * A message between parts of one node that could be two programs: a daemon and the kernel over PF_KEY (RFC 2367).
     *
     * @param packet   that made it necessary, as an ACQUIRE's; 0: none
     * @param channel  "pf-key"; or "ike": an ISAKMP message in the clear that the packet holds encrypted
     * @param toKernel false: from the kernel to the daemon; of "ike": whether this node sent it
     * @param octets   the message
     */
    record Control(long id, long at, String node, long cause, long packet, String channel, boolean toKernel, Octets octets) implements TraceEvent {}

    /** How a packet came from another. */
    enum Relation {
        FORWARDED,
        ENCAPSULATED,
        DECAPSULATED,
        FRAGMENT,
        REASSEMBLED,
        /** Home address option and type 2 routing header brought to final form (received) or put in (sent). */
        EXTENDED,
        /** An answer: echo reply, error, acknowledgement. */
        ANSWER,
        /** AH or ESP put on. */
        PROTECTED,
        /** AH or ESP taken off. */
        OPENED
    }
}
