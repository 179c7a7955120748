package careof.engine.mobility;

import careof.engine.base.VirtualTime;
import careof.engine.stack.NodeEnv;
import careof.engine.stack.Table;
import careof.engine.state.RateLimit;
import careof.engine.trace.Reason;

/** Token buckets: how often something may be sent. Names must come from a bounded set. */
final class Limits {
    private final NodeEnv env;
    private final Table<String, RateLimit> rows;

    Limits(NodeEnv env) {
        this.env = env;
        this.rows = env.table();
    }

    /**
     * Takes a token if there is one.
     *
     * @param burst  tokens of a full bucket
     * @param refill nanoseconds for each new one
     */
    boolean allow(String name, int burst, long refill) {
        RateLimit old = rows.get(name);
        long now = env.now();
        long tokens = old == null ? burst : Math.min(burst, old.tokens() + (now - old.at()) / refill);
        if (tokens == 0) {
            return false;
        }
        long at = old == null || tokens == burst ? now : old.at() + (now - old.at()) / refill * refill;
        rows.put(name, new RateLimit(name, (int) tokens - 1, at), Reason.RATE_LIMIT);
        return true;
    }

    /** As MAX_UPDATE_RATE wants it: never more than three within any second (RFC 6275 section 11.8). */
    boolean allowMessage(String name) {
        return allow(name, 2, VirtualTime.SECOND);
    }
}
