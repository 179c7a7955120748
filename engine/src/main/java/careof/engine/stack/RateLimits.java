package careof.engine.stack;

import careof.engine.state.RateLimit;
import careof.engine.trace.Reason;

/** Token buckets: how often something may be sent. Names must come from a bounded set. */
public final class RateLimits {
    private final NodeEnv env;
    private final Table<String, RateLimit> rows;

    public RateLimits(NodeEnv env) {
        this.env = env;
        this.rows = env.table();
    }

    /**
     * Takes a token if there is one.
     *
     * @param burst  tokens of a full bucket
     * @param refill nanoseconds for each new one
     */
    public boolean allow(String name, int burst, long refill) {
        RateLimit old = rows.get(name);
        long now = env.now();
        long tokens = old == null ? burst : Math.min(burst, old.tokens() + (now - old.at()) / refill);
        if (tokens == 0) {
            return false;
        }
        // A part of a token's time that has gone by is kept.
        long at = old == null || tokens == burst ? now : old.at() + (now - old.at()) / refill * refill;
        rows.put(name, new RateLimit(name, (int) tokens - 1, at), Reason.RATE_LIMIT);
        return true;
    }
}
