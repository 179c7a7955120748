package careof.app.bench;

import careof.engine.trace.Detail;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** Packet-hops a second of one core: how fast {@link ForwardChain} runs. One operation is one packet through one router. */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@Fork(value = 1, jvmArgs = {"-Xmx1g", "-XX:+UseSerialGC", "--enable-native-access=ALL-UNNAMED",
    "--sun-misc-unsafe-memory-access=allow"})
@Warmup(iterations = 4, time = 2)
@Measurement(iterations = 5, time = 2)
public class ForwardBenchmark {
    private static final int PACKETS = 500;

    @Param({"SUMMARY", "FULL"})
    private Detail detail;

    private ForwardChain chain;
    private long sent;

    /** A fresh trace for each iteration, so that its size does not depend on how many came before; the last one is collected. */
    @Setup(Level.Iteration)
    public void start() {
        chain = new ForwardChain(detail);
        chain.send(PACKETS);    // fills the chain: from now on as many arrive as are sent
        sent = PACKETS;
    }

    @Benchmark
    @OperationsPerInvocation(PACKETS * ForwardChain.ROUTERS)
    public void forward() {
        chain.send(PACKETS);
        sent += PACKETS;
    }

    /** Speed counts only if the packets arrived: all but those still under way. */
    @TearDown(Level.Iteration)
    public void check() {
        if (chain.drops() != 0 || chain.arrived() < sent - PACKETS) {
            throw new IllegalStateException(chain.arrived() + " of " + sent + " packets arrived, " + chain.drops() + " were dropped");
        }
    }
}
