package careof.app.cli;

import careof.app.bench.IkeBenchmark;
import careof.app.bench.IkeCrowd;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tools.jackson.databind.node.ObjectNode;

@Command(name = "ike", description = "Main mode with RSA-2048 and MODP-2048 plus quick mode between two nodes, pairs a second of one core, and how much that "
        + "is of what the cryptography that they need takes by itself; octets of a home agent's state for each peer, and the memory that many take.")
final class BenchIkeCommand implements Callable<Integer> {
    private static final double LEAST_SHARE = 0.70;
    private static final long MOST_OCTETS = 512L << 20;
    private static final int KNOCKS = 250;

    @Mixin
    private BenchOptions options = new BenchOptions(3);

    @Option(names = "--peers", paramLabel = "N", defaultValue = "10000", description = "Peers of the home agent; default ${DEFAULT-VALUE}.")
    private int peers;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException, BadInput {
        int seconds = options.seconds();
        if (peers < 100 || peers > 100_000) {
            throw new BadInput("--peers: expected 100 to 100000, not " + peers);
        }
        PrintWriter out = spec.commandLine().getOut();
        spec.commandLine().getErr().println("measuring, about " + (20 * seconds + peers / 100) + " s ...");
        Map<String, Double> speeds = options.scores(IkeBenchmark.class);
        double share = speeds.get("pairs") / speeds.get("bare");
        IkeCrowd waiting = new IkeCrowd(KNOCKS);
        long halfOpen = growth(waiting, KNOCKS, IkeCrowd::knock) / KNOCKS;
        long before = used();
        IkeCrowd crowd = new IkeCrowd(peers);
        long configured = used() - before;
        long established = growth(crowd, peers, IkeCrowd::come);
        crowd.settle();
        long all = used() - before;
        boolean holds = share >= LEAST_SHARE && all < MOST_OCTETS;
        if (options.json()) {
            ObjectNode root = Json.object();
            root.put("pairsPerSecond", Math.round(speeds.get("pairs") * 10) / 10.0).put("barePerSecond", Math.round(speeds.get("bare") * 10) / 10.0)
                    .put("share", Math.round(share * 1000) / 1000.0).put("least", LEAST_SHARE).put("octetsHalfOpen", halfOpen).put("peers", peers)
                    .put("octetsEstablished", (all - configured) / peers).put("octetsConfigured", configured / peers).put("octetsOfAll", all).put("most", MOST_OCTETS)
                    .put("traceOctets", crowd.traceOctets());
            Json.print(out, root);
        } else {
            out.printf(Locale.ROOT, "main mode + quick mode    %,.1f pairs/s, bare %,.1f: %.0f%%, %s %.0f%%%n", speeds.get("pairs"), speeds.get("bare"), 100 * share,
                    share >= LEAST_SHARE ? "at least" : "not", 100 * LEAST_SHARE);
            out.printf(Locale.ROOT, "state of a home agent     %,d octets for a peer that is half open, %,d for an established one with its SA pair (%,d with what is only remembered for a while), "
                    + "%,d for its configuration and policy%n", halfOpen, (all - configured) / peers, established / peers, configured / peers);
            out.printf(Locale.ROOT, "%,d peers, %,d SAs      %,d MiB with the configuration and %,d MiB of trace, %s %,d MiB%n", peers, crowd.associations(), all >> 20,
                    crowd.traceOctets() >> 20, all < MOST_OCTETS ? "under" : "not under", MOST_OCTETS >> 20);
        }
        out.flush();
        return holds ? CareofCommand.HOLDS : CareofCommand.FAILS;
    }

    private static long growth(IkeCrowd crowd, int count, Consumer<IkeCrowd> each) {
        each.accept(crowd);
        long before = used();
        for (int i = 1; i < count; i++) {
            each.accept(crowd);
        }
        return used() - before;
    }

    /** Octets in use on the heap once what nobody needs is gone. */
    private static long used() {
        for (int i = 0; i < 3; i++) {
            System.gc();
        }
        Runtime runtime = Runtime.getRuntime();
        return runtime.totalMemory() - runtime.freeMemory();
    }
}
