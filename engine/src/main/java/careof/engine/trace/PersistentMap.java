package careof.engine.trace;

import java.util.function.BiConsumer;

/**
 * An immutable sorted map: each change makes a new map that shares almost all of the old one (an AVL tree with copied
 * paths). So a keyframe costs nothing but a reference.
 *
 * @param <K> keys, in their natural order
 */
final class PersistentMap<K extends Comparable<K>, V> {
    private static final PersistentMap<?, ?> EMPTY = new PersistentMap<String, Object>(null);

    private record Node<K, V>(K key, V value, Node<K, V> left, Node<K, V> right, int height, int size) {}

    private final Node<K, V> root;

    private PersistentMap(Node<K, V> root) {
        this.root = root;
    }

    @SuppressWarnings("unchecked")
    static <K extends Comparable<K>, V> PersistentMap<K, V> empty() {
        return (PersistentMap<K, V>) EMPTY;
    }

    /** Longest way from the root, in nodes. */
    int depth() {
        return height(root);
    }

    int size() {
        return size(root);
    }

    /** The value, or null. */
    V get(K key) {
        Node<K, V> node = root;
        while (node != null) {
            int order = key.compareTo(node.key);
            if (order == 0) {
                return node.value;
            }
            node = order < 0 ? node.left : node.right;
        }
        return null;
    }

    PersistentMap<K, V> with(K key, V value) {
        return new PersistentMap<>(put(root, key, value));
    }

    PersistentMap<K, V> without(K key) {
        return get(key) == null ? this : new PersistentMap<>(remove(root, key));
    }

    /** All entries with {@code from <= key < to}, in order. */
    void forEach(K from, K to, BiConsumer<K, V> action) {
        forEach(root, from, to, action);
    }

    void forEach(BiConsumer<K, V> action) {
        forEach(root, null, null, action);
    }

    private static <K extends Comparable<K>, V> void forEach(Node<K, V> node, K from, K to, BiConsumer<K, V> action) {
        if (node == null) {
            return;
        }
        boolean notBelow = from == null || node.key.compareTo(from) >= 0;
        boolean below = to == null || node.key.compareTo(to) < 0;
        if (notBelow) {
            forEach(node.left, from, to, action);
        }
        if (notBelow && below) {
            action.accept(node.key, node.value);
        }
        if (below) {
            forEach(node.right, from, to, action);
        }
    }

    private static int height(Node<?, ?> node) {
        return node == null ? 0 : node.height;
    }

    private static int size(Node<?, ?> node) {
        return node == null ? 0 : node.size;
    }

    private static <K, V> Node<K, V> node(K key, V value, Node<K, V> left, Node<K, V> right) {
        return new Node<>(key, value, left, right, 1 + Math.max(height(left), height(right)), 1 + size(left) + size(right));
    }

    private static <K extends Comparable<K>, V> Node<K, V> put(Node<K, V> node, K key, V value) {
        if (node == null) {
            return node(key, value, null, null);
        }
        int order = key.compareTo(node.key);
        return order == 0 ? node(key, value, node.left, node.right)
                : order < 0 ? balance(node.key, node.value, put(node.left, key, value), node.right)
                : balance(node.key, node.value, node.left, put(node.right, key, value));
    }

    private static <K extends Comparable<K>, V> Node<K, V> remove(Node<K, V> node, K key) {
        int order = key.compareTo(node.key);
        if (order < 0) {
            return balance(node.key, node.value, remove(node.left, key), node.right);
        } else if (order > 0) {
            return balance(node.key, node.value, node.left, remove(node.right, key));
        } else if (node.left == null) {
            return node.right;
        } else if (node.right == null) {
            return node.left;
        }
        Node<K, V> next = node.right;
        while (next.left != null) {
            next = next.left;
        }
        return balance(next.key, next.value, node.left, remove(node.right, next.key));
    }

    private static <K, V> Node<K, V> balance(K key, V value, Node<K, V> left, Node<K, V> right) {
        int lean = height(left) - height(right);
        if (lean > 1) {
            return height(left.left) >= height(left.right)
                    ? node(left.key, left.value, left.left, node(key, value, left.right, right))
                    : node(left.right.key, left.right.value, node(left.key, left.value, left.left, left.right.left),
                            node(key, value, left.right.right, right));
        } else if (lean < -1) {
            return height(right.right) >= height(right.left)
                    ? node(right.key, right.value, node(key, value, left, right.left), right.right)
                    : node(right.left.key, right.left.value, node(key, value, left, right.left.left),
                            node(right.key, right.value, right.left.right, right.right));
        }
        return node(key, value, left, right);
    }
}
