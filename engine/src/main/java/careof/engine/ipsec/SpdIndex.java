package careof.engine.ipsec;

import careof.engine.base.Ip4Address;
import careof.engine.base.Ip4Prefix;
import careof.engine.base.Ip6Address;
import careof.engine.base.IpAddress;
import careof.engine.base.Prefix;
import careof.engine.state.AddressRange;
import careof.engine.state.Selector;
import careof.engine.state.SpdEntry;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The entries of one direction, found by what their selectors fix (tuple space search): entries of one {@link Shape} are in one hash table, so
 * a lookup costs as many hashes as there are shapes, of which a security policy has few, however many entries it has.
 *
 * <p>A range of addresses that is no prefix stands under the smallest prefix that holds it; of what is found by hash, the selector has the
 * last word.
 */
final class SpdIndex {
    /** The order in which entries are looked at. */
    static final Comparator<SpdEntry> ORDER = Comparator.comparingLong(SpdEntry::priority).thenComparingInt(SpdEntry::id);

    /** Which bits of a packet an entry fixes. */
    private record Shape(int sourceBits, int destinationBits, boolean ip6, boolean protocol, boolean sourcePort, boolean destinationPort) {}

    /** Values of these bits; 0 where a shape leaves it open. */
    private record Key(IpAddress source, IpAddress destination, int protocol, int sourcePort, int destinationPort) {
        @Override
        public int hashCode() {
            return new Mixed().and(source).and(destination).and(protocol).and((long) sourcePort << 32 | destinationPort & 0xffff_ffffL).hash();
        }
    }

    private final Map<Shape, Map<Key, List<SpdEntry>>> shapes = new LinkedHashMap<>();

    void add(SpdEntry entry) {
        Shape shape = shape(entry.selector());
        List<SpdEntry> list = shapes.computeIfAbsent(shape, _ -> new LinkedHashMap<>()).computeIfAbsent(key(shape, entry.selector()), _ -> new ArrayList<>(1));
        int at = Collections.binarySearch(list, entry, ORDER);
        list.add(-at - 1, entry);
    }

    void remove(SpdEntry entry) {
        Shape shape = shape(entry.selector());
        Key key = key(shape, entry.selector());
        Map<Key, List<SpdEntry>> table = shapes.get(shape);
        List<SpdEntry> list = table.get(key);
        list.remove(Collections.binarySearch(list, entry, ORDER));
        if (list.isEmpty()) {
            table.remove(key);
            if (table.isEmpty()) {
                shapes.remove(shape);
            }
        }
    }

    /** The first entry that matches, or null. */
    SpdEntry first(String port, Flow flow) {
        SpdEntry best = null;
        for (Map.Entry<Shape, Map<Key, List<SpdEntry>>> table : shapes.entrySet()) {
            Shape shape = table.getKey();
            if (shape.ip6 != flow.source() instanceof Ip6Address || shape.ip6 != flow.destination() instanceof Ip6Address) {
                continue;
            }
            for (SpdEntry entry : table.getValue().getOrDefault(key(shape, flow), List.of())) {
                if (best != null && ORDER.compare(best, entry) < 0) {
                    break;
                }
                if (matches(entry, port, flow)) {
                    best = entry;
                    break;
                }
            }
        }
        return best;
    }

    static boolean matches(SpdEntry entry, String port, Flow flow) {
        return (entry.port().isEmpty() || entry.port().equals(port))
                && entry.selector().matches(flow.source(), flow.destination(), flow.protocol(), flow.sourcePort(), flow.destinationPort());
    }

    Optional<SpdEntry> same(String port, Selector selector) {
        Shape shape = shape(selector);
        return shapes.getOrDefault(shape, Collections.emptyMap()).getOrDefault(key(shape, selector), List.of()).stream()
                .filter(entry -> entry.port().equals(port) && entry.selector().equals(selector)).findFirst();
    }

    private static Shape shape(Selector s) {
        return new Shape(commonBits(s.source()), commonBits(s.destination()), s.source().low() instanceof Ip6Address,
                s.protocol() != Selector.ANY_PROTOCOL, isSingle(s.sourcePorts()), isSingle(s.destinationPorts()));
    }

    private static boolean isSingle(Selector.Ports ports) {
        return ports.low() == ports.high();
    }

    private static Key key(Shape shape, Selector s) {
        return new Key(cut(s.source().low(), shape.sourceBits), cut(s.destination().low(), shape.destinationBits), shape.protocol ? s.protocol() : 0,
                shape.sourcePort ? s.sourcePorts().low() : 0, shape.destinationPort ? s.destinationPorts().low() : 0);
    }

    private static Key key(Shape shape, Flow flow) {
        return new Key(cut(flow.source(), shape.sourceBits), cut(flow.destination(), shape.destinationBits), shape.protocol ? flow.protocol() : 0,
                shape.sourcePort ? flow.sourcePort() : 0, shape.destinationPort ? flow.destinationPort() : 0);
    }

    /** The address with all but its first bits zero. */
    private static IpAddress cut(IpAddress address, int bits) {
        return switch (address) {
            case Ip6Address a -> bits == 128 ? a : new Prefix(a, bits).address();
            case Ip4Address a -> bits == 32 ? a : new Ip4Prefix(a, bits).address();
        };
    }

    /** How many first bits all addresses of a range share. */
    static int commonBits(AddressRange range) {
        return switch (range.low()) {
            case Ip6Address low -> {
                Ip6Address high = (Ip6Address) range.high();
                yield low.high() != high.high() ? Long.numberOfLeadingZeros(low.high() ^ high.high()) : 64 + Long.numberOfLeadingZeros(low.low() ^ high.low());
            }
            case Ip4Address low -> Integer.numberOfLeadingZeros(low.bits() ^ ((Ip4Address) range.high()).bits());
        };
    }
}
