package careof.engine.metrics;

import careof.engine.base.IpAddress;
import careof.engine.lab.Expectation.HalfIs;
import careof.engine.lab.Lab;
import careof.engine.state.Sa;
import careof.engine.trace.TraceEvent;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** Watches one half of an SA pair. */
final class HalfWatch implements Watch, SaPairs.Tables {
    private final HalfIs half;
    private final SaPairs pairs;
    private final SortedMap<String, SortedMap<Integer, Sa>> sas = new TreeMap<>();
    private final SortedMap<String, SortedMap<String, IpAddress>> addresses = new TreeMap<>();
    private final Lasting lasting;

    HalfWatch(Lab lab, HalfIs half) {
        this.half = half;
        this.pairs = new SaPairs(lab);
        this.lasting = new Lasting(half.when(), this::look);
    }

    @Override
    public List<Sa> sas(String node) {
        return List.copyOf(sas.getOrDefault(node, new TreeMap<>()).values());
    }

    @Override
    public List<IpAddress> addresses(String node) {
        return List.copyOf(addresses.getOrDefault(node, new TreeMap<>()).values());
    }

    @Override
    public void add(TraceEvent event, Sight sight) {
        pairs.add(event);
        if (!(event instanceof TraceEvent.Changed changed)) {
            return;
        }
        Optional<IpAddress> address = SaPairs.address(changed.row());
        if (address.isEmpty() && !(changed.row() instanceof Sa)) {
            return;
        }
        lasting.changes(changed.at());
        if (changed.row() instanceof Sa sa) {
            put(sas.computeIfAbsent(changed.node(), _ -> new TreeMap<>()), sa.id(), changed.now().map(Sa.class::cast));
        } else {
            put(addresses.computeIfAbsent(changed.node(), _ -> new TreeMap<>()), changed.row().key(), changed.now().flatMap(SaPairs::address));
        }
    }

    private static <K, V> void put(SortedMap<K, V> rows, K key, Optional<? extends V> row) {
        if (row.isPresent()) {
            rows.put(key, row.get());
        } else {
            rows.remove(key);
        }
    }

    private Lasting.Look look() {
        Optional<SaPairs.Direction> now = pairs.pairs(this, Long.MAX_VALUE).stream().filter(pair -> pair.protection().equals(half.protection()))
                .flatMap(pair -> List.of(pair.there(), pair.back()).stream())
                .filter(direction -> half.direction().equals(direction.from() + "-" + direction.to())).findFirst();
        return new Lasting.Look(now.filter(direction -> direction.state() == half.state()).isPresent(),
                now.map(direction -> direction.state().text() + ": " + direction.why()).orElse("no such half"));
    }

    @Override
    public Verdict result(Ending ending) {
        return lasting.verdict(half, half.protection() + " " + half.direction() + " is " + half.state().text() + Watch.when(half.when(), ending.until()),
                ending.reached(), ending.covers(half.when().to()));
    }
}
