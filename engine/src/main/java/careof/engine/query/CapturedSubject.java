package careof.engine.query;

import careof.engine.query.FieldSource.Packet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A packet of a capture, for {@link Query}. Its fields have the names that Wireshark gives them, too.
 *
 * @param number   its place in the capture, from 1
 * @param time     nanoseconds since the capture's first packet
 * @param face     the name of the interface that saw it; may be empty
 * @param length   octets that it had when it was seen
 * @param comments of its writer or readers
 */
public record CapturedSubject(long number, long time, String face, int length, List<String> comments, Packet seen) implements Subject {
    static final List<String> FIELDS = List.of("comment", "interface", "length", "number", "protocol", "text", "time");

    public CapturedSubject {
        comments = List.copyOf(comments);
    }

    @Override
    public OptionalLong number(String field) {
        return switch (field) {
            case "number", "frame.number" -> OptionalLong.of(number);
            case "time" -> OptionalLong.of(time);
            case "length", "frame.len" -> OptionalLong.of(length);
            default -> OptionalLong.empty();
        };
    }

    @Override
    public Optional<List<String>> values(String field) {
        return switch (field) {
            case "interface", "frame.interface_name" -> Optional.of(face.isEmpty() ? List.of() : List.of(face));
            case "comment", "frame.comment" -> Optional.of(comments);
            case "number", "frame.number", "time", "length", "frame.len" -> Optional.of(List.of(Long.toString(number(field).orElseThrow())));
            default -> Optional.empty();
        };
    }

    @Override
    public String line() {
        return face + " " + String.join(" ", comments);
    }

    @Override
    public Optional<Packet> packet() {
        return Optional.of(seen);
    }
}
