package careof.app.cli;

import careof.app.bench.ForwardBenchmark;
import careof.app.bench.ForwardChain;
import careof.app.bench.Hotspots;
import careof.app.bench.IpsecBenchmark;
import careof.app.bench.IpsecPipeline;
import careof.app.bench.LookupBenchmark;
import careof.app.bench.StepTimes;
import careof.engine.trace.Detail;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

@Command(name = "bench", description = "Measures how fast the engine is.", subcommands = {BenchCommand.Forward.class, BenchCommand.Step.class, BenchCommand.Ipsec.class, BenchCommand.IpsecLookup.class, BenchIkeCommand.class, BenchLiveCommand.class})
final class BenchCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        spec.commandLine().usage(spec.commandLine().getErr());
        return CareofCommand.BAD_INPUT;
    }

    @Command(name = "forward", description = "UDP over IPv6, 1000 octets, through a chain of 10 routers: packet-hops a second of one core, with "
            + "summary and with full trace; octets of trace for each packet; what takes the time.")
    static final class Forward implements Callable<Integer> {
        private static final int COUNTED = 2_000;
        private static final int HOTSPOTS = 8;

        @Mixin
        private BenchOptions options = new BenchOptions(2);

        @Spec
        private CommandSpec spec;

        @Override
        public Integer call() throws IOException, BadInput {
            int seconds = options.seconds();
            PrintWriter out = spec.commandLine().getOut();
            PrintWriter err = spec.commandLine().getErr();
            ArrayNode all = Json.array();
            for (Detail detail : List.of(Detail.SUMMARY, Detail.FULL)) {
                String name = detail.name().toLowerCase(Locale.ROOT);
                err.println("measuring with " + name + " trace, about " + 15 * seconds + " s ...");
                RunResult result = measure(detail, seconds);
                double speed = result.getPrimaryResult().getScore();
                double octets = octetsPerPacket(detail);
                List<Hotspots.Hotspot> hotspots = Hotspots.of(detail, Duration.ofSeconds(seconds), HOTSPOTS);
                if (options.json()) {
                    ObjectNode one = all.addObject();
                    one.put("trace", name).put("packetHopsPerSecond", Math.round(speed))
                            .put("error", Math.round(result.getPrimaryResult().getScoreError())).put("traceOctetsPerPacket", Math.round(octets));
                    ObjectNode time = one.putObject("time");
                    hotspots.forEach(hotspot -> time.put(hotspot.part(), Math.round(hotspot.share() * 1000) / 1000.0));
                } else {
                    out.printf(Locale.ROOT, "%-8s %,10.0f packet-hops/s (± %,.0f), %,.0f octets of trace for each packet%n", name, speed,
                            result.getPrimaryResult().getScoreError(), octets);
                    out.print("         time goes to");
                    hotspots.forEach(hotspot -> out.printf(Locale.ROOT, " %s %.0f%%", hotspot.part(), hotspot.share() * 100));
                    out.println();
                    out.flush();
                }
            }
            if (options.json()) {
                ObjectNode root = Json.object();
                root.put("routers", ForwardChain.ROUTERS).put("octets", ForwardChain.OCTETS).set("forward", all);
                Json.print(out, root);
            }
            return CareofCommand.HOLDS;
        }

        private RunResult measure(Detail detail, int seconds) throws IOException {
            var options = new OptionsBuilder().include(ForwardBenchmark.class.getName()).param("detail", detail.name())
                    .warmupTime(TimeValue.seconds(seconds)).measurementTime(TimeValue.seconds(seconds))
                    .shouldDoGC(true).verbosity(VerboseMode.SILENT).shouldFailOnError(true).build();
            try {
                return new Runner(options).runSingle();
            } catch (RunnerException e) {
                throw new IOException("the measurement failed: " + e.getMessage(), e);
            }
        }

        private static double octetsPerPacket(Detail detail) {
            ForwardChain chain = new ForwardChain(detail);
            chain.send(COUNTED);
            return (double) chain.traceOctets() / chain.arrived();
        }
    }

    @Command(name = "step", description = "A step forwards and back in a long run: the handover sample with a denser stream.")
    static final class Step implements Callable<Integer> {
        @Option(names = "--events", paramLabel = "N", defaultValue = "100000", description = "Length of the trace; default ${DEFAULT-VALUE}.")
        private long events;

        @Option(names = "--json", description = "Prints JSON.")
        private boolean json;

        @Spec
        private CommandSpec spec;

        @Override
        public Integer call() throws BadInput {
            if (events < 10_000 || events > 10_000_000) {
                throw new BadInput("--events: expected 10000 to 10000000, not " + events);
            }
            StepTimes times = new StepTimes(events);
            PrintWriter out = spec.commandLine().getOut();
            ObjectNode root = Json.object();
            root.put("events", times.events());
            for (int step : new int[] {1, -1}) {
                long[] sorted = times.measure(step);
                String way = step > 0 ? "forwards" : "back";
                long median = sorted[sorted.length / 2];
                long most = sorted[sorted.length - 1];
                if (json) {
                    root.putObject(way).put("medianMicroseconds", median / 1000.0).put("mostMicroseconds", most / 1000.0);
                } else {
                    out.printf(Locale.ROOT, "%-8s median %,.3f ms, most %,.3f ms, at %,d events%n", way, median / 1e6, most / 1e6, times.events());
                }
            }
            if (json) {
                Json.print(out, root);
            }
            out.flush();
            return CareofCommand.HOLDS;
        }
    }

    @Command(name = "ipsec", description = "ESP tunnel packets of 1400 octets a second of one core, from the security policy to the outer packet, "
            + "with a summary trace; and how much that is of what the platform's cryptography does alone.")
    static final class Ipsec implements Callable<Integer> {
        /** Names of methods of the benchmark without their ending, what they do, and the share that is asked for. */
        private record Suite(String name, String text, double least) {}

        private static final List<Suite> SUITES = List.of(new Suite("gcm", "AES-128-GCM", 0.60), new Suite("cbc", "AES-128-CBC + HMAC-SHA1", 0.70));

        @Mixin
        private BenchOptions options = new BenchOptions(2);

        @Spec
        private CommandSpec spec;

        @Override
        public Integer call() throws IOException, BadInput {
            int seconds = options.seconds();
            PrintWriter out = spec.commandLine().getOut();
            spec.commandLine().getErr().println("measuring, about " + 40 * seconds + " s ...");
            Map<String, Double> speeds = options.scores(IpsecBenchmark.class);
            ArrayNode all = Json.array();
            boolean holds = true;
            for (Suite suite : SUITES) {
                double pipeline = speeds.get(suite.name() + "Pipeline");
                double bare = speeds.get(suite.name() + "Bare");
                boolean enough = pipeline / bare >= suite.least();
                holds &= enough;
                if (options.json()) {
                    all.addObject().put("suite", suite.text()).put("packetsPerSecond", Math.round(pipeline)).put("barePerSecond", Math.round(bare))
                            .put("share", Math.round(pipeline / bare * 1000) / 1000.0).put("least", suite.least());
                } else {
                    out.printf(Locale.ROOT, "%-24s %,10.0f packets/s, bare %,10.0f: %.0f%%, %s %.0f%%%n", suite.text(), pipeline, bare, 100 * pipeline / bare,
                            enough ? "at least" : "not", 100 * suite.least());
                }
            }
            if (options.json()) {
                ObjectNode root = Json.object();
                root.put("octets", IpsecPipeline.OCTETS).set("ipsec", all);
                Json.print(out, root);
            }
            out.flush();
            return holds ? CareofCommand.HOLDS : CareofCommand.FAILS;
        }
    }

    @Command(name = "ipsec-lookup", description = "Nanoseconds of a lookup in tables of 10, 1,000 and 100,000 security policies and SAs, for packets of 256 "
            + "hosts spread over them, and how many times as long the largest takes as the smallest.")
    static final class IpsecLookup implements Callable<Integer> {
        /** Methods of the benchmark and what they look for. */
        private static final Map<String, String> LOOKUPS = new TreeMap<>(Map.ofEntries(Map.entry("policyOfNewFlow", "policy, new flow"),
                Map.entry("policyOfKnownFlow", "policy, known flow"), Map.entry("inbound", "SA of a packet that came"), Map.entry("outbound", "SA for a packet that leaves")));
        private static final List<String> SIZES = List.of("10", "1000", "100000");

        @Mixin
        private BenchOptions options = new BenchOptions(1);

        @Spec
        private CommandSpec spec;

        @Override
        public Integer call() throws IOException, BadInput {
            int seconds = options.seconds();
            PrintWriter out = spec.commandLine().getOut();
            spec.commandLine().getErr().println("measuring, about " + 80 * seconds + " s ...");
            Map<String, Double> times = options.scores(LookupBenchmark.class);
            ArrayNode all = Json.array();
            for (Map.Entry<String, String> lookup : LOOKUPS.entrySet()) {
                List<Double> nanos = SIZES.stream().map(size -> times.get(lookup.getKey() + " " + size)).toList();
                double ratio = nanos.getLast() / nanos.getFirst();
                if (options.json()) {
                    ObjectNode one = all.addObject().put("lookup", lookup.getValue());
                    ObjectNode each = one.putObject("nanoseconds");
                    for (int i = 0; i < SIZES.size(); i++) {
                        each.put(SIZES.get(i), Math.round(nanos.get(i)));
                    }
                    one.put("ratio", Math.round(ratio * 100) / 100.0);
                } else {
                    out.printf(Locale.ROOT, "%-28s %,6.0f ns of 10, %,6.0f ns of 1,000, %,6.0f ns of 100,000: %.1f times%n", lookup.getValue(), nanos.get(0),
                            nanos.get(1), nanos.get(2), ratio);
                }
            }
            if (options.json()) {
                ObjectNode root = Json.object();
                root.set("ipsecLookup", all);
                Json.print(out, root);
            }
            out.flush();
            return CareofCommand.HOLDS;
        }
    }
}
