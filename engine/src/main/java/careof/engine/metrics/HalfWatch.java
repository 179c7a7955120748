package careof.engine.metrics;

import careof.engine.base.IpAddress;
import careof.engine.base.VirtualTime;
import careof.engine.lab.Expectation.HalfIs;
import careof.engine.lab.Lab;
import careof.engine.metrics.Verdict.Outcome;
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
    private long since;
    private String seen = "";
    private Optional<String> broken = Optional.empty();

    HalfWatch(Lab lab, HalfIs half) {
        this.half = half;
        this.pairs = new SaPairs(lab);
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
        // what was there up to now must have been right, wherever that lies in the interval
        judge(Math.max(since, half.when().from()), changed.at());
        since = changed.at();
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

    /** Judges what holds from one time until before another. */
    private void judge(long start, long before) {
        if (start >= before || start > half.when().to()) {
            return;
        }
        Optional<SaPairs.Direction> now = look();
        seen = text(now) + " since " + VirtualTime.format(since);
        if (now.filter(direction -> direction.state() == half.state()).isEmpty() && broken.isEmpty()) {
            broken = Optional.of("at " + VirtualTime.format(start) + " " + text(now));
        }
    }

    private Optional<SaPairs.Direction> look() {
        return pairs.pairs(this, Long.MAX_VALUE).stream().filter(pair -> pair.protection().equals(half.protection()))
                .flatMap(pair -> List.of(pair.there(), pair.back()).stream())
                .filter(direction -> half.direction().equals(direction.from() + "-" + direction.to())).findFirst();
    }

    private static String text(Optional<SaPairs.Direction> now) {
        return now.map(direction -> direction.state().text() + ": " + direction.why()).orElse("no such half");
    }

    @Override
    public Verdict result(Ending ending) {
        judge(Math.max(since, half.when().from()), Math.min(ending.reached(), half.when().to()) + 1);
        Outcome outcome = broken.isPresent() ? Outcome.FAILS : !ending.covers(half.when().to()) ? Outcome.OPEN : Outcome.HOLDS;
        return new Verdict(half, outcome, half.protection() + " " + half.direction() + " is " + half.state().text() + Watch.when(half.when(), ending.until()),
                broken.orElseGet(() -> outcome == Outcome.OPEN ? "the run has come to " + VirtualTime.format(ending.reached()) : seen));
    }
}
