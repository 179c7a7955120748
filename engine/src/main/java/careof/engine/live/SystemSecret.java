package careof.engine.live;

import careof.engine.base.Octets;
import java.security.SecureRandom;

/** What a run that meets the real world draws all its keys, nonces and cookies from. */
public final class SystemSecret {
    private static final int LENGTH = 32;

    private SystemSecret() {}

    /** 32 octets that nobody can know. */
    public static Octets make() {
        byte[] octets = new byte[LENGTH];
        new SecureRandom().nextBytes(octets);
        return Octets.wrap(octets);
    }
}
