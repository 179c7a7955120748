package careof.engine.trace;

import careof.engine.state.State;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;

/**
 * Every table of every node after one event; immutable.
 */
public final class LabState {
    private final long event;
    private final long time;
    private final PersistentMap<Key, Row<?>> rows;

    LabState(long event, long time, PersistentMap<Key, Row<?>> rows) {
        this.event = event;
        this.time = time;
        this.rows = rows;
    }

    /** Names a row. */
    public record Key(String node, int kind, String key) implements Comparable<Key> {
        public static Key of(String node, State state) {
            return new Key(node, StateCodec.kind(state.getClass()), state.key());
        }

        @Override
        public int compareTo(Key other) {
            int order = node.compareTo(other.node);
            return order != 0 ? order : kind != other.kind ? Integer.compare(kind, other.kind) : key.compareTo(other.key);
        }
    }

    /**
     * A row and the event that last changed it.
     */
    public record Row<S extends State>(S state, long event) {}

    /** The event after which this holds; 0: before the first. */
    public long event() {
        return event;
    }

    /** Virtual time of that event, nanoseconds. */
    public long time() {
        return time;
    }

    PersistentMap<Key, Row<?>> rows() {
        return rows;
    }

    /** Rows of one kind on one node (empty name: links), in the order of their keys. */
    @SuppressWarnings("unchecked")
    public <S extends State> List<Row<S>> rows(String node, Class<S> kind) {
        int number = StateCodec.kind(kind);
        List<Row<S>> found = new ArrayList<>();
        rows.forEach(new Key(node, number, ""), new Key(node, number + 1, ""), (_, row) -> found.add((Row<S>) row));
        return found;
    }

    /** What all rows hold, in the order of their keys. */
    public List<State> states() {
        List<State> found = new ArrayList<>();
        rows.forEach((_, row) -> found.add(row.state()));
        return found;
    }

    /** Names of nodes that have rows, also the empty one of links, each once and in their order. */
    public List<String> nodes() {
        List<String> found = new ArrayList<>();
        rows.forEach((key, _) -> {
            if (found.isEmpty() || !found.getLast().equals(key.node)) {
                found.add(key.node);
            }
        });
        return found;
    }

    @SuppressWarnings("unchecked")
    public <S extends State> Optional<Row<S>> row(String node, Class<S> kind, String key) {
        return Optional.ofNullable((Row<S>) rows.get(new Key(node, StateCodec.kind(kind), key)));
    }

    /** SHA-256 over all rows. */
    public String digest() {
        SortedMap<Key, State> all = new java.util.TreeMap<>();
        rows.forEach((key, row) -> all.put(key, row.state()));
        return digest(all);
    }

    /** The digest that a {@link LabState} with these rows has: for an engine that reads its own tables. */
    public static String digest(SortedMap<Key, State> rows) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            rows.forEach((key, state) -> digest.update((key.node() + "\n" + state + "\n").getBytes(StandardCharsets.UTF_8)));
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
