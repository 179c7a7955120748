package careof.engine.ipsec;

import careof.engine.state.Sa;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;

/**
 * The transforms of a node's SAs, made at first use and kept while they are used. Only a cache: what it holds derives from the rows, and one
 * that was put out is made again. Whoever changes an SA's keys need not tell it.
 */
public final class Transforms {
    /** Kept at most; the one used longest ago goes first. */
    private static final int MOST = 4096;

    private final Map<Integer, EspTransform> esp = new Recent<>();
    private final Map<Integer, AhTransform> ah = new Recent<>();

    /** For an SA of ESP. */
    public EspTransform esp(Sa sa) {
        return of(sa, esp, EspTransform::sa, EspTransform::new);
    }

    /** For an SA of AH. */
    public AhTransform ah(Sa sa) {
        return of(sa, ah, AhTransform::sa, AhTransform::new);
    }

    private static <T> T of(Sa sa, Map<Integer, T> kept, Function<T, Sa> madeFor, Function<Sa, T> make) {
        T transform = kept.get(sa.id());
        if (transform == null || !isSame(madeFor.apply(transform), sa)) {
            transform = make.apply(sa);
            kept.put(sa.id(), transform);
        }
        return transform;
    }

    /** Whether all that a transform uses is the same. */
    private static boolean isSame(Sa a, Sa b) {
        return a == b || a.spi() == b.spi() && a.encryption() == b.encryption() && a.authentication() == b.authentication()
                && a.extendedSequence() == b.extendedSequence() && a.encryptionKey().equals(b.encryptionKey())
                && a.authenticationKey().equals(b.authenticationKey());
    }

    private static final class Recent<T> extends LinkedHashMap<Integer, T> {
        private Recent() {
            super(16, 0.75f, true);
        }

        @Override
        protected boolean removeEldestEntry(Map.Entry<Integer, T> eldest) {
            return size() > MOST;
        }
    }
}
