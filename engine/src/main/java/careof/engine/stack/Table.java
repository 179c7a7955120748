package careof.engine.stack;

import careof.engine.state.State;
import careof.engine.trace.Reason;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A live table of a node: the engine works on it, and each change writes old row and new row to the trace.
 *
 * @param <K> what rows are looked up by; in a fixed relation to {@link State#key()}
 */
public final class Table<K, S extends State> {
    /** What a key stands for now, and the event that said so; it changes in place, since some change with each packet. */
    private static final class Row<S> {
        private S state;
        private long event;
    }

    private final NodeEnv env;
    private final Map<K, Row<S>> rows = new LinkedHashMap<>();

    Table(NodeEnv env) {
        this.env = env;
    }

    /** The row, or null. */
    public S get(K key) {
        Row<S> row = rows.get(key);
        return row == null ? null : row.state;
    }

    public Optional<S> find(K key) {
        return Optional.ofNullable(get(key));
    }

    public int size() {
        return rows.size();
    }

    /** The event that last changed the row, 0: there is none. */
    public long event(K key) {
        Row<S> row = rows.get(key);
        return row == null ? 0 : row.event;
    }

    /** All rows, in the order of their coming; a copy. */
    public List<S> values() {
        List<S> values = new ArrayList<>(rows.size());
        for (Row<S> row : rows.values()) {
            values.add(row.state);
        }
        return values;
    }

    /** Adds or changes a row; nothing happens when it is equal already. Returns the event that last changed the row. */
    public long put(K key, S state, Reason reason, String... args) {
        Row<S> old = rows.get(key);
        if (old != null && old.state.equals(state)) {
            return old.event;
        }
        assert old == null || old.state.key().equals(state.key()) : "row " + old.state.key() + " cannot become " + state.key();
        long event = env.recorder().changed(env.node(), env.packet(), old == null ? 0 : old.event, old == null ? Optional.empty() : Optional.of(old.state),
                Optional.of(state), reason, List.of(args));
        Row<S> row = old == null ? new Row<>() : old;
        row.state = state;
        row.event = event;
        if (old == null) {
            rows.put(key, row);
        }
        return event;
    }

    /** Removes a row; nothing happens when there is none. Returns the event, or 0. */
    public long remove(K key, Reason reason, String... args) {
        Row<S> old = rows.remove(key);
        return old == null ? 0 : env.recorder().changed(env.node(), env.packet(), old.event, Optional.of(old.state), Optional.empty(), reason, List.of(args));
    }
}
