package careof.app.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What goes through a tunnel, measured with the hosts' own programs: iperf3 and ping. */
public final class TunnelMeasure {
    /** Share of packets that may be lost at a rate that counts as carried. */
    private static final double MOST_LOST = 0.01;
    /** Octets of IPv6 and UDP headers. */
    private static final int HEADERS = 48;
    private static final int PAYLOAD = TunnelPath.MTU - HEADERS;
    /** Octets of the sockets' buffers: a receiver that has to wait for a processor loses packets that the tunnel carried. */
    private static final long LARGEST_BUFFER = 4 << 20;
    private static final int PINGS = 300;

    private final TunnelPath path;
    private final int seconds;
    private final String buffer;
    private final RateSearch search = new RateSearch();

    /** @param seconds length of each turn */
    public TunnelMeasure(TunnelPath path, int seconds) throws IOException {
        this.path = path;
        this.seconds = seconds;
        this.buffer = Long.toString(Math.min(LARGEST_BUFFER, Math.min(limit("rmem_max"), limit("wmem_max"))));
    }

    /** Octets that a socket's buffer may have. */
    static long limit(String name) throws IOException {
        // Such a file gives all it has to the first reading, and Files.readString begins with one octet.
        try (BufferedReader reader = Files.newBufferedReader(Path.of("/proc/sys/net/core", name))) {
            return Long.parseLong(reader.readLine().strip());
        }
    }

    /** Packets a second. */
    private static double rate(JsonNode sum, double packets) {
        return packets / sum.get("seconds").doubleValue();
    }

    /** Some traffic that nobody counts: neighbours are found, code is compiled. */
    public void warm() throws IOException {
        Programs.run("ip", "netns", "exec", path.sender(), "ping", "-6", "-c", "5", "-i", "0.2", path.destination());
        for (int i = 0; i < 2; i++) {
            udp(25_000);
            iperf();
        }
    }

    /** Packets a second that arrive where as many are sent as go. */
    public double flood() throws IOException {
        JsonNode sum = udp(0);
        return rate(sum, arrived(sum));
    }

    /**
     * Tries the next rate on the way to the largest that is carried.
     *
     * @return false: the search is over
     */
    public boolean search() throws IOException {
        if (search.isOver()) {
            return false;
        }
        JsonNode sum = udp(search.next());
        search.tried(sum.get("lost_packets").doubleValue() < MOST_LOST * sum.get("packets").doubleValue(), rate(sum, arrived(sum)));
        return !search.isOver();
    }

    /** Packets a second that arrived at the largest rate that was carried. */
    public double paced() {
        return search.best();
    }

    /** Mb/s that one TCP connection carries. */
    public double tcp() throws IOException {
        return iperf().get("bits_per_second").doubleValue() / 1e6;
    }

    /** Median round-trip time of pings, milliseconds. */
    public double ping() throws IOException {
        double[] times = Programs.run("ip", "netns", "exec", path.sender(), "ping", "-6", "-c", Integer.toString(PINGS), "-i", "0.01", path.destination()).lines()
                .filter(line -> line.contains(" time=")).mapToDouble(line -> Double.parseDouble(line.replaceFirst(".* time=([0-9.]+) ms.*", "$1"))).sorted().toArray();
        return times[times.length / 2];
    }

    private static double arrived(JsonNode sum) {
        return sum.get("packets").doubleValue() - sum.get("lost_packets").doubleValue();
    }

    /** @param rate packets a second; 0: as many as go */
    private JsonNode udp(double rate) throws IOException {
        return iperf("-u", "-w", buffer, "-b", Long.toString((long) (rate * PAYLOAD * Byte.SIZE)), "-l", Integer.toString(PAYLOAD));
    }

    /** One turn of iperf3; what its receiver counted. */
    private JsonNode iperf(String... options) throws IOException {
        Process server = Programs.start(Map.of(), "ip", "netns", "exec", path.receiver(), "iperf3", "-s", "-1");
        try {
            Programs.pause(300);
            List<String> command = new ArrayList<>(List.of("ip", "netns", "exec", path.sender(), "iperf3", "-6", "-J", "-c", path.destination(), "-t", Integer.toString(seconds)));
            command.addAll(Arrays.asList(options));
            String said = Programs.run(command.toArray(String[]::new));
            JsonNode end = JsonMapper.shared().readTree(said.substring(said.indexOf('{'), said.lastIndexOf('}') + 1).getBytes(StandardCharsets.UTF_8)).get("end");
            JsonNode sum = end.has("sum_received") ? end.get("sum_received") : end.get("sum");
            if (sum == null || sum.get("seconds") == null) {
                throw new IOException("iperf3 gives no result: " + end);
            }
            return sum;
        } finally {
            Programs.end(server);
        }
    }
}
