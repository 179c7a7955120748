package careof.engine.ike;

import careof.engine.base.OctetWriter;
import careof.engine.base.Octets;
import careof.engine.base.VirtualTime;
import careof.engine.stack.NodeEnv;
import careof.engine.wire.isakmp.Payload;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Pieces of messages (payload 132) until they are all there. Nothing authenticates a piece, so that a bounded number of octets is kept, for a bounded
 * time, and putting one to the others takes the same time however many there are. Peers use the same id for message after message.
 */
final class Fragments {
    /** Octets of one message. */
    static final int MOST = 32 * 1024;
    /** Octets of all that is unfinished on this node. */
    static final int MOST_IN_ALL = 512 * 1024;
    private static final int MOST_PIECES = 64;
    /** The others are to come within that time after the first one, nanoseconds. */
    private static final long PATIENCE = 15 * VirtualTime.SECOND;

    private final NodeEnv env;
    private final Map<Integer, Unfinished> unfinished = new HashMap<>();
    private int octets;

    private static final class Unfinished {
        private final int id;
        private final TreeMap<Integer, Octets> pieces = new TreeMap<>();
        private int last;
        private int octets;

        private Unfinished(int id) {
            this.id = id;
        }
    }

    Fragments(NodeEnv env) {
        this.env = env;
    }

    /** One more piece for a phase one; the whole message, once it is there. A piece that contradicts an earlier one begins another message. */
    Optional<Octets> add(IsakmpSa sa, Payload.Fragment piece) {
        int length = piece.data().length();
        Unfinished now = unfinished.get(sa.id());
        if (piece.number() == 0 || piece.number() > MOST_PIECES || length == 0 || length > MOST) {
            return Optional.empty();
        }
        if (now != null && piece.data().equals(now.pieces.get(piece.number()))) {
            return Optional.empty();
        }
        if (now != null && (piece.id() != now.id || now.pieces.containsKey(piece.number()) || now.octets + length > MOST)) {
            forget(sa);
            now = null;
        }
        if (octets + length > MOST_IN_ALL) {
            return Optional.empty();
        }
        if (now == null) {
            now = new Unfinished(piece.id());
            unfinished.put(sa.id(), now);
            env.timers().in(timer(sa), PATIENCE, () -> forget(sa));
        }
        now.pieces.put(piece.number(), piece.data());
        now.octets += length;
        octets += length;
        now.last = piece.isLast() ? piece.number() : now.last;
        if (now.last == 0 || now.pieces.size() != now.last || now.pieces.lastKey() != now.last) {
            return Optional.empty();
        }
        OctetWriter whole = new OctetWriter(now.octets);
        now.pieces.values().forEach(whole::octets);
        forget(sa);
        return Optional.of(whole.toOctets());
    }

    private static String timer(IsakmpSa sa) {
        return "fragments of phase one " + sa.id();
    }

    /** Nothing more is expected of a phase one. */
    void forget(IsakmpSa sa) {
        Unfinished gone = unfinished.remove(sa.id());
        if (gone != null) {
            octets -= gone.octets;
            env.timers().cancel(timer(sa));
        }
    }

    /** Octets that are kept now. */
    int octets() {
        return octets;
    }
}
