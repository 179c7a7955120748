package careof.engine.ike;

import careof.engine.base.IpAddress;
import careof.engine.state.IkeSa;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Predicate;

/**
 * Phase ones that others began and that are not authenticated: a bounded number, in all and from one address. Where there is no room, the oldest of main mode
 * whose initiator has not shown yet that it hears at its address makes some: a flood from addresses that are not its own shuts nobody out for longer than
 * two messages take. Aggressive mode computes all at its first message, so that it has but a part of the room, and nobody makes some for it there.
 */
final class HalfOpen {
    static final int MOST = 256;
    /** Of these, from one address. */
    static final int MOST_EACH = 8;
    /** Of these, in aggressive mode. */
    static final int MOST_AGGRESSIVE = 128;

    private final Map<Integer, IsakmpSa> all = new LinkedHashMap<>();
    private final Map<IpAddress, Integer> from = new HashMap<>();
    private int aggressive;

    /** So many there are already, by a limit. */
    record Full(int count, String limit) {}

    /**
     * Whether another one has room.
     *
     * @param ends ends the one that makes room, with {@link #remove} in its course
     * @return empty: it has
     */
    Optional<Full> full(IkeSa.Exchange exchange, IpAddress source, BiConsumer<IsakmpSa, Full> ends) {
        if (exchange == IkeSa.Exchange.AGGRESSIVE && aggressive >= MOST_AGGRESSIVE) {
            return Optional.of(new Full(aggressive, "in aggressive mode"));
        }
        Full each = new Full(from.getOrDefault(source, 0), "from this address");
        if (each.count >= MOST_EACH && !room(each, sa -> sa.firstRemote().equals(source), ends)) {
            return Optional.of(each);
        }
        Full whole = new Full(all.size(), "in all");
        return whole.count < MOST || room(whole, _ -> true, ends) ? Optional.empty() : Optional.of(whole);
    }

    private boolean room(Full limit, Predicate<IsakmpSa> where, BiConsumer<IsakmpSa, Full> ends) {
        Optional<IsakmpSa> oldest = all.values().stream().filter(sa -> sa.row().exchange() == IkeSa.Exchange.MAIN && sa.keys() == null && where.test(sa)).findFirst();
        oldest.ifPresent(sa -> ends.accept(sa, limit));
        return oldest.isPresent();
    }

    void add(IsakmpSa sa) {
        all.put(sa.id(), sa);
        from.merge(sa.firstRemote(), 1, Integer::sum);
        aggressive += sa.row().exchange() == IkeSa.Exchange.AGGRESSIVE ? 1 : 0;
    }

    /** It is authenticated, or gone; of others nothing happens. */
    void remove(IsakmpSa sa) {
        if (all.remove(sa.id()) != null) {
            from.merge(sa.firstRemote(), -1, (before, by) -> before + by == 0 ? null : before + by);
            aggressive -= sa.row().exchange() == IkeSa.Exchange.AGGRESSIVE ? 1 : 0;
        }
    }
}
