package careof.engine.query;

import careof.engine.query.FieldSource.Packet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** What a {@link Query} is asked of. */
sealed interface Subject permits EventSubject, CapturedSubject {
    /** The value of a field that is always a number; empty: it has no such field. */
    OptionalLong number(String field);

    /** The values of a field of its own; empty: it has no such field, perhaps its packet has. */
    Optional<List<String>> values(String field);

    /** It in words, without its packet's. */
    String line();

    /** The packet that it is about; empty: about none. */
    Optional<Packet> packet();
}
