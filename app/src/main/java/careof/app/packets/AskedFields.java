package careof.app.packets;

import careof.engine.decode.PacketFields;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/** The packets' fields that a query has asked for: one that no packet has is most often a name that is wrong. */
public final class AskedFields {
    private final SortedSet<String> found = new TreeSet<>();
    private final SortedSet<String> absent = new TreeSet<>();

    /** Takes in what further packets have been asked. */
    public void add(PacketFields asked) {
        found.addAll(asked.found());
        absent.addAll(asked.absent());
        absent.removeAll(found);
    }

    /** Says which fields none of the packets has; empty: each was found in one. */
    public Optional<String> missing() {
        return absent.isEmpty() ? Optional.empty()
                : Optional.of("None of the packets asked has a field " + String.join(" or ", absent) + ". Ctrl+Space offers names.");
    }
}
