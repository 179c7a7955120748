package careof.engine.metrics;

import careof.engine.trace.TraceEvent;
import careof.engine.trace.TraceStore;
import careof.engine.wire.MessageName;
import java.util.Arrays;

/** Tells whether a frame is the first of its message: not forwarded, not taken out of a tunnel, not a part of what was sent before. */
final class Origins {
    /** A packet is made from another at most this often: hop limits and tunnels end a chain. */
    private static final int LONGEST_CHAIN = 1024;

    private final TraceStore trace;
    private long[] parents = new long[1024];
    private TraceEvent.FrameSent last;
    private String lastName = "";

    Origins(TraceStore trace) {
        this.trace = trace;
    }

    void add(TraceEvent event) {
        switch (event) {
            case TraceEvent.Derived derived -> parent(derived.packet(), derived.parent());
            case TraceEvent.FrameSent sent -> parent(sent.packet(), sent.parent());
            default -> {
            }
        }
    }

    private void parent(long packet, long parent) {
        if (packet >= parents.length) {
            parents = Arrays.copyOf(parents, Math.toIntExact(Math.max(packet + 1, parents.length * 2L)));
        }
        if (parent != 0) {
            parents[(int) packet] = parent;
        }
    }

    boolean originates(TraceEvent.FrameSent sent, String message) {
        if (sent != last) {
            last = sent;
            lastName = MessageName.of(sent.frame()).name();
        }
        if (!lastName.equals(message) || trace.frameOf(sent.packet()).map(TraceEvent.FrameSent::id).orElse(sent.id()) != sent.id()) {
            return false;
        }
        long packet = sent.parent() != 0 ? sent.parent() : parents[(int) sent.packet()];
        for (int i = 0; packet != 0 && i < LONGEST_CHAIN; i++) {
            if (trace.frameOf(packet).map(frame -> MessageName.of(frame.frame()).name().equals(message)).orElse(false)) {
                return false;
            }
            packet = parents[(int) packet];
        }
        return true;
    }
}
