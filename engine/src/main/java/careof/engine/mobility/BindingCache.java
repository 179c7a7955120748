package careof.engine.mobility;

import careof.engine.base.IpAddress;
import careof.engine.stack.NodeEnv;
import careof.engine.stack.Table;
import careof.engine.state.Binding;
import careof.engine.state.DeletedBinding;
import careof.engine.trace.Reason;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** The binding cache (RFC 6275 section 9.1), bounded; it remembers the sequence numbers of bindings that went. */
final class BindingCache {
    /** A home agent may serve ten thousand mobile nodes. */
    static final int MOST = 16_384;

    private final NodeEnv env;
    private final Table<IpAddress, Binding> bindings;
    private final Table<IpAddress, DeletedBinding> deleted;
    private final List<Consumer<Binding>> expired = new ArrayList<>();

    BindingCache(NodeEnv env) {
        this.env = env;
        this.bindings = env.table();
        this.deleted = env.table();
    }

    /** Told of each binding whose lifetime ran out, after it went. */
    void onExpired(Consumer<Binding> listener) {
        expired.add(listener);
    }

    /** The binding of a home address; null: none. */
    Binding get(IpAddress home) {
        return bindings.get(home);
    }

    boolean isFull() {
        return bindings.size() >= MOST;
    }

    /** Adds or replaces a binding, until its lifetime ends. */
    void put(Binding binding, Reason reason) {
        IpAddress home = binding.home();
        deleted.remove(home, reason);
        env.timers().cancel(forget(home));
        bindings.put(home, binding, reason);
        env.timers().set("binding " + home, binding.until(), () -> {
            remove(home, Reason.BINDING_EXPIRED, binding.homeRegistration() ? 0 : Times.MAX_NONCE_LIFETIME);
            expired.forEach(listener -> listener.accept(binding));
        });
    }

    /**
     * Removes a binding.
     *
     * @param remember nanoseconds for which older binding updates stay refused
     */
    void remove(IpAddress home, Reason reason, long remember) {
        Binding old = bindings.get(home);
        if (old == null) {
            return;
        }
        env.timers().cancel("binding " + home);
        bindings.remove(home, reason);
        remember(home, old.sequence(), remember);
    }

    /** Refuses binding updates up to this sequence number for a while. */
    void remember(IpAddress home, int sequence, long time) {
        if (time == 0) {
            return;
        }
        if (deleted.size() >= MOST) {
            forgetNow(deleted.values().getFirst().home());
        }
        long until = env.now() + time;
        deleted.put(home, new DeletedBinding(home, sequence, until), Reason.BINDING_REMEMBERED);
        env.timers().set(forget(home), until, () -> forgetNow(home));
    }

    private void forgetNow(IpAddress home) {
        env.timers().cancel(forget(home));
        deleted.remove(home, Reason.BINDING_FORGOTTEN);
    }

    private static String forget(IpAddress home) {
        return "forget " + home;
    }

    /** The last sequence number of a home address that is known; empty: any will do. */
    Optional<Integer> lastSequence(IpAddress home) {
        Binding binding = bindings.get(home);
        return binding != null ? Optional.of(binding.sequence()) : deleted.find(home).map(DeletedBinding::sequence);
    }
}
