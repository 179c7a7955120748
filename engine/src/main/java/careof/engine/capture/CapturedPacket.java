package careof.engine.capture;

import careof.engine.base.Octets;
import java.util.List;

/**
 * A packet of a capture file.
 *
 * @param number    its place in the file, from 1
 * @param offset    octets from the file's start to its block or record
 * @param on        where it was seen
 * @param at        nanoseconds since 1970-01-01 UTC; 0 when the file does not say
 * @param direction as the file says
 * @param length    octets it had when it was seen; more than {@code octets} holds if it was cut
 * @param octets    what was kept, without a frame check sequence
 * @param comments  of its writer or readers
 */
public record CapturedPacket(long number, long offset, CaptureInterface on, long at, Direction direction, int length, Octets octets, List<String> comments) {
    /** Which way it went through its interface. */
    public enum Direction { UNKNOWN, INBOUND, OUTBOUND }

    public CapturedPacket {
        comments = List.copyOf(comments);
    }

    /** Whether its end was not kept. */
    public boolean isCut() {
        return octets.length() < length;
    }
}
