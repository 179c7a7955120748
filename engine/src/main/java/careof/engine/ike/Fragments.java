package careof.engine.ike;

import careof.engine.base.OctetWriter;
import careof.engine.base.Octets;
import careof.engine.wire.isakmp.IsakmpMessage;
import careof.engine.wire.isakmp.Payload;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Pieces of one message of a phase one (payload 132) until they are all there; a bounded number of octets, each kept once. Peers use the same id for
 * message after message, so another piece with a number that is there already begins another message.
 */
final class Fragments {
    private static final int MOST = 64;

    private final TreeMap<Integer, Octets> pieces = new TreeMap<>();
    private int id = -1;
    private int last;
    private int octets;

    /** One more piece; the whole message, once it is there. */
    Optional<Octets> add(Payload.Fragment piece) {
        Octets kept = pieces.get(piece.number());
        boolean another = kept != null && !kept.equals(piece.data());
        if (piece.id() != id || another || octets + piece.data().length() > IsakmpMessage.MAX) {
            pieces.clear();
            id = piece.id();
            last = 0;
            octets = 0;
        }
        if (piece.number() == 0 || piece.number() > MOST || piece.data().length() > IsakmpMessage.MAX || pieces.containsKey(piece.number())) {
            return Optional.empty();
        }
        pieces.put(piece.number(), piece.data());
        octets += piece.data().length();
        last = piece.isLast() ? piece.number() : last;
        if (last == 0 || pieces.size() != last || pieces.lastKey() != last) {
            return Optional.empty();
        }
        OctetWriter whole = new OctetWriter(octets);
        pieces.values().forEach(whole::octets);
        pieces.clear();
        id = -1;
        return Optional.of(whole.toOctets());
    }
}
