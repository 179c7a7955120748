package careof.engine.stack;

import careof.engine.base.Octets;
import careof.engine.crypto.KeySource;
import careof.engine.policy.Policy;
import careof.engine.policy.Recommendation;
import careof.engine.sim.Rng;
import careof.engine.sim.Scheduler;
import careof.engine.state.Counter;
import careof.engine.state.State;
import careof.engine.state.Switches;
import careof.engine.trace.Reason;
import careof.engine.trace.Recorder;
import careof.engine.trace.StateFields;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;

/** What a node's parts share: name, clock, timers, randomness, policy and the trace. */
public final class NodeEnv {
    private final String node;
    private final Scheduler scheduler;
    private final Recorder recorder;
    private final Table<String, Switches> switches;
    private Policy policy;
    private final long seed;
    private final List<Table<?, ?>> tables = new ArrayList<>();
    private final Map<String, Rng> streams = new LinkedHashMap<>();
    private final Table<String, Counter> counters;
    private final Timers timers;
    private final KeySource keys;
    private final boolean secret;
    private long packet;

    public NodeEnv(String node, Scheduler scheduler, Recorder recorder, Policy policy, long seed) {
        this(node, scheduler, recorder, policy, seed, Optional.empty());
    }

    /**
     * @param seed   of jitter, and of keys where there is no secret
     * @param secret of a run that meets the real world: nothing that should surprise a peer follows from the seed
     */
    public NodeEnv(String node, Scheduler scheduler, Recorder recorder, Policy policy, long seed, Optional<Octets> secret) {
        this.node = node;
        this.scheduler = scheduler;
        this.recorder = recorder;
        this.seed = seed;
        this.keys = secret.map(octets -> KeySource.secret(octets, node)).orElseGet(() -> KeySource.seeded(seed, node));
        this.secret = secret.isPresent();
        this.counters = table();
        this.timers = new Timers(this, table());
        this.switches = table();
        policy(policy, Reason.CONFIGURED);
    }

    public String node() {
        return node;
    }

    /** Virtual nanoseconds. */
    public long now() {
        return scheduler.now();
    }

    public Policy policy() {
        return policy;
    }

    /** Follows other recommendations from now on. */
    public void policy(Policy policy, Reason reason) {
        this.policy = policy;
        String off = policy.off().stream().map(Recommendation::name).collect(Collectors.joining(" "));
        switches.put("", new Switches(off), reason);
    }

    public Timers timers() {
        return timers;
    }

    Scheduler scheduler() {
        return scheduler;
    }

    public Recorder recorder() {
        return recorder;
    }

    /** The packet that what happens now is about; 0: none. Changes of tables name it. */
    public long packet() {
        return packet;
    }

    /** Sets the packet that what happens next is about. */
    public void about(long packet) {
        this.packet = packet;
    }

    /** A new table, whose every change goes to the trace and whose rows count in the node's digest. */
    public <K, S extends State> Table<K, S> table() {
        Table<K, S> table = new Table<>(this);
        tables.add(table);
        return table;
    }

    /** Where this node's private values, nonces and cookies come from; each purpose is to be asked for once. */
    public KeySource keys() {
        return keys;
    }

    /** The next draw of a stream, uniform in {@code least} to {@code most}, both inclusive. */
    public long draw(String stream, long least, long most) {
        long ordinal = count("draws of " + stream);
        return secret ? least + Math.floorMod(bits(stream, ordinal), most - least + 1) : rng(stream).between(least, most, ordinal);
    }

    /** The next 64 bits of a stream. */
    public long bits(String stream) {
        return bits(stream, count("draws of " + stream));
    }

    /** 64 bits of a stream, by an ordinal of the caller's own, from 1: nothing is counted, so the caller must not use one twice. */
    public long bits(String stream, long ordinal) {
        return secret ? number(keys.octets("draw " + stream + " " + ordinal, Long.BYTES)) : rng(stream).bits(ordinal);
    }

    private static long number(Octets octets) {
        long number = 0;
        for (int i = 0; i < Long.BYTES; i++) {
            number = number << 8 | octets.at(i);
        }
        return number;
    }

    private Rng rng(String stream) {
        return streams.computeIfAbsent(stream, name -> new Rng(seed, node + " " + name));
    }

    /** Counts a named counter up and returns its new value; the first is 1. */
    public long count(String name) {
        Counter counter = counters.get(name);
        Counter next = new Counter(name, counter == null ? 1 : counter.value() + 1);
        counters.put(name, next, Reason.COUNTED);
        return next.value();
    }

    /** A named counter as it stands; 0 when it was never counted. */
    public long counter(String name) {
        Counter counter = counters.get(name);
        return counter == null ? 0 : counter.value();
    }

    /** Records that a stage let a packet pass, or answered it; returns the event. */
    public long decided(Packet about, Reason reason, String... args) {
        return recorder.records(about.significant()) ? recorder.decided(node, about.id(), reason, List.of(args), "") : 0;
    }

    /** Records that a packet ended here; returns the event. */
    public long dropped(Packet about, Reason reason, String... args) {
        return recorder.dropped(node, about.id(), reason, List.of(args), "", "", about.octets());
    }

    /** Records what a stage said of a packet, and the table row that decided it. */
    public void said(Packet about, Verdict verdict) {
        switch (verdict) {
            case Verdict.Pass pass -> {
                if (recorder.records(about.significant())) {
                    recorder.decided(node, about.id(), pass.reason(), pass.texts(), text(pass.entry()));
                }
            }
            case Verdict.Drop drop -> recorder.dropped(node, about.id(), drop.reason(), drop.texts(), text(drop.entry()), "", about.octets());
        }
    }

    private static String text(Optional<State> row) {
        return row.map(state -> StateFields.kind(state.getClass()) + " " + state.key()).orElse("");
    }

    /** Every row of every table, for the engine's digest. */
    public void rows(BiConsumer<String, State> rows) {
        tables.forEach(table -> table.values().forEach(row -> rows.accept(node, row)));
    }
}
