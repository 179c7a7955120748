package careof.engine.stack;

import careof.engine.base.IpAddress;
import careof.engine.base.Prefix;
import careof.engine.state.Route;
import careof.engine.trace.Reason;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/** A node's routes of both IP versions: longest prefix, then lowest metric, then first come. */
public final class Routes {
    private static final int CACHED = 4096;
    private static final Route NONE = new Route(Prefix.ALL, "", java.util.Optional.empty(), 0, Route.Origin.STATIC);

    private final Table<String, Route> table;
    private List<Route> sorted = List.of();
    /** Answers that hold until the next change; not state, only speed. */
    private final Map<IpAddress, Route> cache = new HashMap<>();

    Routes(NodeEnv env) {
        this.table = env.table();
    }

    public void put(Route route, Reason reason) {
        table.put(route.key(), route, reason);
        changed();
    }

    /** Whether there is a route to the same prefix by the same way, wherever it came from. */
    boolean has(Route route) {
        return table.get(route.key()) != null;
    }

    /** Removes all routes that match. */
    public void removeIf(Predicate<Route> which, Reason reason, String... args) {
        for (Route route : table.values()) {
            if (which.test(route)) {
                table.remove(route.key(), reason, args);
            }
        }
        changed();
    }

    public List<Route> all() {
        return table.values();
    }

    private void changed() {
        List<Route> routes = new ArrayList<>(table.values());
        routes.sort(Comparator.comparingInt((Route route) -> -route.prefix().length()).thenComparingInt(Route::metric));
        sorted = routes;
        cache.clear();
    }

    /** The route to a destination, or null. */
    public Route lookup(IpAddress destination) {
        Route known = cache.get(destination);
        if (known == null) {
            known = NONE;
            for (Route route : sorted) {
                if (route.prefix().contains(destination)) {
                    known = route;
                    break;
                }
            }
            if (cache.size() >= CACHED) {
                cache.clear();
            }
            cache.put(destination, known);
        }
        return known == NONE ? null : known;
    }
}
