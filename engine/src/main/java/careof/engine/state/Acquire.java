package careof.engine.state;

import careof.engine.base.IpAddress;

/**
 * Key management has been asked for an SA (RFC 2367 section 3.1.6); until it is there, or the time is up, nobody is asked again.
 *
 * @param sequence    of the ACQUIRE, which the answer repeats
 * @param policy      id of the SPD entry that needs it
 * @param template    index in the entry's templates
 * @param source      where the SA is to begin
 * @param destination where the SA is to end
 */
public record Acquire(long sequence, int policy, int template, IpAddress source, IpAddress destination) implements State {
    @Override
    public String key() {
        return Long.toString(sequence);
    }
}
