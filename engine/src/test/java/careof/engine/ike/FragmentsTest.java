package careof.engine.ike;

import static org.junit.jupiter.api.Assertions.assertEquals;

import careof.engine.base.Octets;
import careof.engine.wire.isakmp.Payload;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Pieces of messages; what strongSwan sends in pieces has one and the same id in every message. */
class FragmentsTest {

    private final Fragments fragments = new Fragments();

    @Test
    void piecesComeInAnyOrderAndAnyNumberOfTimes() {
        assertEquals(Optional.empty(), add(1, 3, true, "cc"));
        assertEquals(Optional.empty(), add(1, 1, false, "aa"));
        assertEquals(Optional.empty(), add(1, 1, false, "aa"));
        assertEquals(Optional.of(Octets.hex("aabbcc")), add(1, 2, false, "bb"));
    }

    @Test
    void whatIsLeftOfOneMessageIsNoPartOfTheNext() {
        assertEquals(Optional.empty(), add(1, 1, false, "aa"));
        assertEquals(Optional.of(Octets.hex("aabb")), add(1, 2, true, "bb"));
        assertEquals(Optional.empty(), add(1, 1, false, "aa"), "once more, late");
        assertEquals(Optional.empty(), add(1, 1, false, "a1"));
        assertEquals(Optional.of(Octets.hex("a1b1")), add(1, 2, true, "b1"));
        assertEquals(Optional.empty(), add(1, 1, false, "aa"));
        assertEquals(Optional.empty(), add(2, 2, true, "b2"), "another id");
        assertEquals(Optional.of(Octets.hex("a2b2")), add(2, 1, false, "a2"));
    }

    private Optional<Octets> add(int id, int number, boolean last, String data) {
        return fragments.add(new Payload.Fragment(id, number, last ? Payload.Fragment.LAST : 0, Octets.hex(data)));
    }
}
