package careof.app.cli;

import careof.app.bench.LivePath;
import careof.engine.live.Namespace;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

@Command(name = "live", description = "Real traffic through a live lab: TUN, mobile node, ESP tunnel with AES-128-GCM, home agent, TUN in another namespace; UDP packets of 1400 octets a second as fast as"
        + " nearly none are lost, and under a flood; TCP; the delay of an idle ping. Needs root, ip, ping and iperf3.")
final class BenchLiveCommand implements Callable<Integer> {
    private static final JsonMapper MAPPER = JsonMapper.builder().build();
    /** Octets of IPv6 and UDP headers. */
    private static final int HEADERS = 48;
    /** Share of packets that may be lost where a rate counts as carried. */
    private static final double MOST_LOST = 0.005;
    private static final int PINGS = 300;

    @Option(names = "--seconds", paramLabel = "N", defaultValue = "5", description = "Length of each measurement; default ${DEFAULT-VALUE}.")
    private int seconds;

    @Option(names = "--json", description = "Prints JSON.")
    private boolean json;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException, BadInput {
        if (seconds < 1 || seconds > 60) {
            throw new BadInput("--seconds: expected 1 to 60, not " + seconds);
        }
        PrintWriter out = spec.commandLine().getOut();
        String mobile = "careof-m" + ProcessHandle.current().pid();
        String agent = "careof-a" + ProcessHandle.current().pid();
        try {
            run("ip", "netns", "add", mobile);
            run("ip", "netns", "add", agent);
            spec.commandLine().getErr().println("measuring, about " + 14 * seconds + " s ...");
            try (LivePath path = new LivePath(new Namespace(mobile), new Namespace(agent))) {
                measure(out, mobile, agent);
            }
        } finally {
            quietly("ip", "netns", "del", mobile);
            quietly("ip", "netns", "del", agent);
        }
        return CareofCommand.HOLDS;
    }

    private void measure(PrintWriter out, String mobile, String agent) throws IOException {
        run("ip", "netns", "exec", mobile, "ping", "-6", "-c", "5", "-i", "0.2", LivePath.AGENT);
        iperf(mobile, agent, "-u", "-b", "300M", "-l", Integer.toString(LivePath.MTU - HEADERS));    // the compiler's turn
        double delay = pings(mobile);
        double flood = received(iperf(mobile, agent, "-u", "-b", "0", "-l", Integer.toString(LivePath.MTU - HEADERS)));
        double paced = 0;
        double low = 0.4 * flood;
        double high = 1.6 * flood;
        for (int i = 0; i < 6; i++) {
            double rate = (low + high) / 2;
            JsonNode sum = iperf(mobile, agent, "-u", "-b", Long.toString((long) (rate * (LivePath.MTU - HEADERS) * 8)), "-l", Integer.toString(LivePath.MTU - HEADERS));
            if (sum.get("lost_packets").doubleValue() <= MOST_LOST * sum.get("packets").doubleValue()) {
                low = rate;
                paced = Math.max(paced, received(sum));
            } else {
                high = rate;
            }
        }
        double tcp = iperf(mobile, agent).get("bits_per_second").doubleValue() / 1e6;
        if (json) {
            ObjectNode root = Json.object();
            root.put("udpPaced", Math.round(paced)).put("udpFlood", Math.round(flood)).put("tcpMegabits", Math.round(tcp)).put("pingMedianMillis", Math.round(delay * 1000) / 1000.0);
            Json.print(out, root);
        } else {
            out.printf(Locale.ROOT, "UDP, 1400 octets   %,.0f packets/s with nearly none lost, %,.0f under a flood%n", paced, flood);
            out.printf(Locale.ROOT, "TCP                %,.0f Mb/s%n", tcp);
            out.printf(Locale.ROOT, "idle ping          %.3f ms, median of %d%n", delay, PINGS);
        }
        out.flush();
    }

    private double received(JsonNode sum) {
        return (sum.get("packets").doubleValue() - sum.get("lost_packets").doubleValue()) / sum.get("seconds").doubleValue();
    }

    /** One turn of iperf3 from the mobile node's host to the home agent's; what its receiver counted. */
    private JsonNode iperf(String mobile, String agent, String... options) throws IOException {
        Process server = start("ip", "netns", "exec", agent, "iperf3", "-s", "-1", "-J");
        try {
            Thread.sleep(300);
            List<String> command = new ArrayList<>(List.of("ip", "netns", "exec", mobile, "iperf3", "-6", "-J", "-c", LivePath.AGENT, "-t", Integer.toString(seconds)));
            command.addAll(Arrays.asList(options));
            String said = run(command.toArray(String[]::new));
            JsonNode end = MAPPER.readTree(said.substring(said.indexOf('{'), said.lastIndexOf('}') + 1)).get("end");
            JsonNode sum = end.has("sum_received") ? end.get("sum_received") : end.get("sum");
            if (sum == null || sum.get("seconds") == null) {
                throw new IOException("iperf3 gives no result: " + end);
            }
            return sum;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        } finally {
            server.destroy();
        }
    }

    private static double pings(String mobile) throws IOException {
        double[] times = run("ip", "netns", "exec", mobile, "ping", "-6", "-c", Integer.toString(PINGS), "-i", "0.01", LivePath.AGENT).lines()
                .filter(line -> line.contains(" time=")).mapToDouble(line -> Double.parseDouble(line.replaceFirst(".* time=([0-9.]+) ms.*", "$1"))).sorted().toArray();
        return times[times.length / 2];
    }

    private static Process start(String... command) throws IOException {
        return new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
    }

    private static String run(String... command) throws IOException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        try {
            if (!process.waitFor(60, TimeUnit.SECONDS) || process.exitValue() != 0) {
                throw new IOException(String.join(" ", command) + ": " + said.strip());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
        return said;
    }

    private static void quietly(String... command) {
        try {
            run(command);
        } catch (IOException e) {
            // It was not made, or is gone.
        }
    }
}
