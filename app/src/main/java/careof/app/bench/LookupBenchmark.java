package careof.app.bench;

import careof.engine.state.Sa;
import careof.engine.state.SpdEntry;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** How long a lookup in SPD and SAD takes, by the number of their entries. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(value = 1, jvmArgs = {"-Xmx1g", "-XX:+UseSerialGC", "--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow"})
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 3, time = 1)
public class LookupBenchmark {
    @Param({"10", "1000", "100000"})
    private int entries;

    private LookupTables tables;

    @Setup(Level.Trial)
    public void fill() {
        tables = new LookupTables(entries);
    }

    @Benchmark
    public Optional<SpdEntry> policyOfNewFlow() {
        return tables.policyOfNewFlow();
    }

    @Benchmark
    public Optional<SpdEntry> policyOfKnownFlow() {
        return tables.policyOfKnownFlow();
    }

    @Benchmark
    public Optional<Sa> inbound() {
        return tables.inbound();
    }

    @Benchmark
    public Optional<Sa> outbound() {
        return tables.outbound();
    }
}
