package careof.engine.mobility;

import careof.engine.base.VirtualTime;
import careof.engine.stack.NodeEnv;
import careof.engine.stack.RateLimits;

/** How often mobility may send something. Names must come from a bounded set. */
final class Limits {
    private final RateLimits buckets;

    Limits(NodeEnv env) {
        this.buckets = new RateLimits(env);
    }

    /** See {@link RateLimits#allow}. */
    boolean allow(String name, int burst, long refill) {
        return buckets.allow(name, burst, refill);
    }

    /** As MAX_UPDATE_RATE wants it: never more than three within any second (RFC 6275 section 11.8). */
    boolean allowMessage(String name) {
        return allow(name, 2, VirtualTime.SECOND);
    }
}
