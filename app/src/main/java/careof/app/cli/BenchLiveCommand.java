package careof.app.cli;

import careof.app.bench.LibipsecPath;
import careof.app.bench.LivePath;
import careof.app.bench.TunnelMeasure;
import careof.app.bench.TunnelPath;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;
import tools.jackson.databind.node.ObjectNode;

@Command(name = "live", description = "Real traffic through a live lab: TUN, mobile node, ESP tunnel with AES-128-GCM, home agent, TUN in another namespace; UDP packets of 1400 octets a second as fast as"
        + " nearly none are lost, and under a flood; TCP; the delay of an idle ping. Beside it, in turn, the same through strongSwan's kernel-libipsec, where that is installed."
        + " Needs root, ip, ping and iperf3.")
final class BenchLiveCommand implements Callable<Integer> {
    @Mixin
    private BenchOptions options = new BenchOptions(3);

    @Spec
    private CommandSpec spec;

    /** What one tunnel came to. */
    private record Figures(String name, double paced, double flood, double tcp, double ping) {}

    @Override
    public Integer call() throws IOException, BadInput {
        int seconds = options.seconds();
        PrintWriter err = spec.commandLine().getErr();
        List<Figures> figures;
        try (LivePath own = new LivePath(); TunnelPath peer = peer(err)) {
            List<TunnelPath> paths = peer == null ? List.of(own) : List.of(own, peer);
            err.println("measuring, about " + 30 * seconds * paths.size() + " s ...");
            figures = measure(paths, seconds);
        }
        print(figures);
        return CareofCommand.HOLDS;
    }

    /** Null: there is none. */
    private static TunnelPath peer(PrintWriter err) {
        if (!LibipsecPath.isInstalled()) {
            err.println("careof: nothing to compare with; install as root on Debian: apt-get install " + LibipsecPath.PACKAGES);
            return null;
        }
        try {
            return new LibipsecPath();
        } catch (IOException e) {
            err.println("careof: nothing to compare with, since strongSwan does not make its tunnel; it needs the packages " + LibipsecPath.PACKAGES + ": " + e.getMessage());
            return null;
        }
    }

    /** Each measurement for each tunnel in turn, so that what else the machine does meets all alike. */
    private static List<Figures> measure(List<TunnelPath> paths, int seconds) throws IOException {
        List<TunnelMeasure> measures = new ArrayList<>();
        for (TunnelPath path : paths) {
            measures.add(new TunnelMeasure(path, seconds));
        }
        double[][] found = new double[paths.size()][3];
        for (TunnelMeasure measure : measures) {
            measure.warm();
        }
        for (int i = 0; i < paths.size(); i++) {
            found[i][0] = measures.get(i).ping();
        }
        for (int i = 0; i < paths.size(); i++) {
            found[i][1] = measures.get(i).flood();
        }
        for (boolean on = true; on; ) {
            on = false;
            for (TunnelMeasure measure : measures) {
                on |= measure.search();
            }
        }
        for (int turn = 0; turn < 2; turn++) {
            for (int i = 0; i < paths.size(); i++) {
                found[i][2] = Math.max(found[i][2], measures.get(i).tcp());
            }
        }
        List<Figures> figures = new ArrayList<>();
        for (int i = 0; i < paths.size(); i++) {
            figures.add(new Figures(paths.get(i).name(), measures.get(i).paced(), found[i][1], found[i][2], found[i][0]));
        }
        return figures;
    }

    private void print(List<Figures> figures) {
        PrintWriter out = spec.commandLine().getOut();
        Figures own = figures.getFirst();
        Optional<Figures> peer = figures.size() > 1 ? Optional.of(figures.getLast()) : Optional.empty();
        if (options.json()) {
            ObjectNode root = Json.object();
            put(root, own);
            peer.ifPresent(other -> {
                put(root.putObject("libipsec"), other);
                root.putObject("ratios").put("udpPaced", ratio(own.paced, other.paced)).put("udpFlood", ratio(own.flood, other.flood)).put("tcp", ratio(own.tcp, other.tcp));
            });
            Json.print(out, root);
        } else {
            out.printf(Locale.ROOT, "%-44s%16s%s%n", "", own.name, peer.map(other -> String.format(Locale.ROOT, "%18s   ratio", other.name)).orElse(""));
            line(out, "UDP, 1400 octets, under 1 % lost, packets/s", "%,.0f", own.paced, peer.map(Figures::paced));
            line(out, "UDP, 1400 octets, under a flood, packets/s", "%,.0f", own.flood, peer.map(Figures::flood));
            line(out, "TCP, Mb/s", "%,.0f", own.tcp, peer.map(Figures::tcp));
            line(out, "idle ping, median, ms", "%.3f", own.ping, peer.map(Figures::ping));
        }
        out.flush();
    }

    private static void line(PrintWriter out, String what, String form, double own, Optional<Double> peer) {
        out.printf(Locale.ROOT, "%-44s%16s%s%n", what, String.format(Locale.ROOT, form, own),
                peer.map(other -> String.format(Locale.ROOT, "%18s%8.2f", String.format(Locale.ROOT, form, other), ratio(own, other))).orElse(""));
    }

    private static void put(ObjectNode node, Figures figures) {
        node.put("udpPaced", Math.round(figures.paced)).put("udpFlood", Math.round(figures.flood)).put("tcpMegabits", Math.round(figures.tcp))
                .put("pingMedianMillis", Math.round(figures.ping * 1000) / 1000.0);
    }

    /** In hundredths; 0 where there is nothing to compare with. */
    private static double ratio(double own, double other) {
        return other == 0 ? 0 : Math.round(own / other * 100) / 100.0;
    }
}
