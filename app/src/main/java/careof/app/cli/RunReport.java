package careof.app.cli;

import careof.engine.base.VirtualTime;
import careof.engine.lab.Lab;
import careof.engine.metrics.FlowResult;
import careof.engine.metrics.Handover;
import careof.engine.metrics.RunMetrics;
import careof.engine.metrics.Verdict;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Function;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The result of a run, for people and for machines.
 *
 * @param title   where the lab came from
 * @param seed    empty: not known
 * @param reached virtual time, nanoseconds
 * @param digest  of the trace; empty: not known
 * @param judged  whether it can be said that the lab's expectations hold
 */
record RunReport(Lab lab, String title, Optional<Long> seed, long reached, long events, String digest, RunMetrics metrics, boolean judged) {
    /** Movements side by side. */
    private static final int COLUMNS = 6;

    void print(PrintWriter out) {
        out.println(lab.name() + " (" + title + "): seed " + seed.map(String::valueOf).orElse("unknown") + ", " + VirtualTime.format(reached) + ", " + events + " events"
                + (digest.isEmpty() ? "" : ", digest " + digest.substring(0, 16)));
        handovers(out);
        flows(out);
        drops(out);
        expectations(out);
    }

    private void handovers(PrintWriter out) {
        List<Handover> all = metrics.handovers();
        for (int start = 0; start < all.size(); start += COLUMNS) {
            List<Handover> some = all.subList(start, Math.min(all.size(), start + COLUMNS));
            out.println();
            Table table = new Table();
            line(table, "Handover", some, h -> h.node() + " " + h.number());
            line(table, "from", some, h -> h.from().isEmpty() ? "(start)" : h.from());
            line(table, "to", some, h -> h.to().isEmpty() ? "(nowhere)" : h.to());
            line(table, "detach", some, h -> VirtualTime.format(h.detach()));
            time(table, "carrier", some, Handover::carrier);
            time(table, "router advertisement", some, Handover::advertisement);
            line(table, "care-of address", some, h -> since(h, h.usable()));
            line(table, "", some, h -> h.careOf().map(Object::toString).orElse(h.usable().isPresent() ? "at home" : "-"));
            time(table, "BU to home agent", some, Handover::homeUpdate);
            time(table, "BA from home agent", some, Handover::homeAcknowledgement);
            TreeSet<String> peers = new TreeSet<>();
            some.forEach(h -> h.peers().forEach(peer -> peers.add(peer.peer())));
            for (String peer : peers) {
                peer(table, peer, some);
            }
            table.print(out);
        }
        if (!all.isEmpty()) {
            out.println("  (times since the detach, in ms)");
        }
    }

    private static void peer(Table table, String peer, List<Handover> some) {
        boolean tests = some.stream().anyMatch(h -> of(h, peer).flatMap(Handover.Peer::homeTestInit).isPresent());
        if (tests) {
            peerTime(table, peer + ": HoTI", some, peer, Handover.Peer::homeTestInit);
            peerTime(table, peer + ": CoTI", some, peer, Handover.Peer::careOfTestInit);
            peerTime(table, peer + ": HoT", some, peer, Handover.Peer::homeTest);
            peerTime(table, peer + ": CoT", some, peer, Handover.Peer::careOfTest);
        }
        if (some.stream().anyMatch(h -> of(h, peer).flatMap(Handover.Peer::update).isPresent())) {
            peerTime(table, peer + ": BU", some, peer, Handover.Peer::update);
            peerTime(table, peer + ": BA", some, peer, Handover.Peer::acknowledgement);
        }
        peerTime(table, peer + ": first data out", some, peer, Handover.Peer::firstOut);
        peerTime(table, peer + ": first data in", some, peer, Handover.Peer::firstIn);
        silence(table, peer + ": hosts silent, out", some, peer, Handover.Peer::silentOut);
        silence(table, peer + ": hosts silent, in", some, peer, Handover.Peer::silentIn);
        line(table, peer + ": packets lost out", some, h -> of(h, peer).map(p -> String.valueOf(p.lostOut())).orElse("-"));
        line(table, peer + ": packets lost in", some, h -> of(h, peer).map(p -> String.valueOf(p.lostIn())).orElse("-"));
    }

    private static Optional<Handover.Peer> of(Handover handover, String peer) {
        return handover.peers().stream().filter(p -> p.peer().equals(peer)).findFirst();
    }

    private static void line(Table table, String name, List<Handover> some, Function<Handover, String> cell) {
        List<String> cells = new ArrayList<>();
        cells.add(name);
        some.forEach(handover -> cells.add(cell.apply(handover)));
        table.row(cells);
    }

    private static void time(Table table, String name, List<Handover> some, Function<Handover, Optional<Long>> time) {
        line(table, name, some, handover -> since(handover, time.apply(handover)));
    }

    private static void peerTime(Table table, String name, List<Handover> some, String peer, Function<Handover.Peer, Optional<Long>> time) {
        line(table, name, some, handover -> since(handover, of(handover, peer).flatMap(time)));
    }

    /** How long hosts of the outside heard nothing; nothing where there are none. */
    private static void silence(Table table, String name, List<Handover> some, String peer, Function<Handover.Peer, Optional<Long>> time) {
        if (some.stream().anyMatch(h -> of(h, peer).flatMap(time).isPresent())) {
            line(table, name, some, handover -> of(handover, peer).flatMap(time).map(RunReport::millis).orElse("-"));
        }
    }

    private static String since(Handover handover, Optional<Long> time) {
        return time.map(at -> millis(at - handover.detach())).orElse("-");
    }

    private static String millis(long nanos) {
        return String.format(Locale.ROOT, "%.1f", nanos / 1e6);
    }

    private void flows(PrintWriter out) {
        if (metrics.flows().isEmpty()) {
            return;
        }
        out.println();
        Table table = new Table();
        table.row("Flow", "sent", "received", "lost", "reordered", "delay min", "mean", "max", "longest gap (ms)");
        for (FlowResult flow : metrics.flows()) {
            table.row(flow.flow() + " " + flow.direction(), String.valueOf(flow.sent()), String.valueOf(flow.received()), String.valueOf(flow.lost()),
                    String.valueOf(flow.reordered()), millis(flow.minDelay()), millis(flow.meanDelay()), millis(flow.maxDelay()), millis(flow.gap()));
        }
        table.print(out);
    }

    private void drops(PrintWriter out) {
        if (metrics.drops().isEmpty()) {
            return;
        }
        out.println();
        Table table = new Table();
        table.row("Drops", "");
        metrics.drops().forEach((reason, count) -> table.row(reason.code(), String.valueOf(count)));
        table.print(out);
    }

    private void expectations(PrintWriter out) {
        if (metrics.verdicts().isEmpty()) {
            return;
        }
        out.println();
        out.println("  Expectations");
        for (Verdict verdict : metrics.verdicts()) {
            out.println("  " + switch (verdict.outcome()) {
                case HOLDS -> "holds  ";
                case FAILS -> "FAILS  ";
                case OPEN -> "open   ";
            } + verdict.expected() + " (" + verdict.seen() + ")");
        }
    }

    ObjectNode json() {
        ObjectNode root = Json.object();
        root.put("lab", lab.name()).put("file", title).put("seed", seed.orElse(null)).put("until", VirtualTime.format(reached)).put("events", events)
                .put("digest", digest).put("holds", judged ? metrics.holds() : null);
        ArrayNode handovers = root.putArray("handovers");
        metrics.handovers().forEach(handover -> handovers.add(json(handover)));
        ArrayNode flows = root.putArray("flows");
        for (FlowResult flow : metrics.flows()) {
            flows.addObject().put("flow", flow.flow()).put("direction", flow.direction()).put("sent", flow.sent()).put("received", flow.received())
                    .put("lost", flow.lost()).put("underWay", flow.underWay()).put("reordered", flow.reordered()).put("duplicates", flow.duplicates())
                    .put("minDelay", VirtualTime.format(flow.minDelay())).put("meanDelay", VirtualTime.format(flow.meanDelay()))
                    .put("maxDelay", VirtualTime.format(flow.maxDelay())).put("gap", VirtualTime.format(flow.gap()));
        }
        ObjectNode drops = root.putObject("drops");
        metrics.drops().forEach((reason, count) -> drops.put(reason.code(), count));
        ArrayNode expectations = root.putArray("expectations");
        for (Verdict verdict : metrics.verdicts()) {
            expectations.addObject().put("outcome", verdict.outcome().name().toLowerCase(Locale.ROOT)).put("expected", verdict.expected())
                    .put("seen", verdict.seen());
        }
        return root;
    }

    private static ObjectNode json(Handover handover) {
        ObjectNode node = Json.object();
        node.put("node", handover.node()).put("number", handover.number()).put("from", handover.from()).put("to", handover.to());
        node.put("detach", VirtualTime.format(handover.detach()));
        put(node, "carrier", handover.carrier());
        put(node, "routerAdvertisement", handover.advertisement());
        put(node, "careOfAddressUsable", handover.usable());
        handover.careOf().ifPresent(address -> node.put("careOf", address.toString()));
        put(node, "homeBindingUpdate", handover.homeUpdate());
        put(node, "homeBindingAcknowledgement", handover.homeAcknowledgement());
        ArrayNode peers = node.putArray("peers");
        for (Handover.Peer peer : handover.peers()) {
            ObjectNode one = peers.addObject();
            one.put("peer", peer.peer());
            put(one, "homeTestInit", peer.homeTestInit());
            put(one, "careOfTestInit", peer.careOfTestInit());
            put(one, "homeTest", peer.homeTest());
            put(one, "careOfTest", peer.careOfTest());
            put(one, "bindingUpdate", peer.update());
            put(one, "bindingAcknowledgement", peer.acknowledgement());
            put(one, "firstDataOut", peer.firstOut());
            put(one, "firstDataIn", peer.firstIn());
            put(one, "hostsSilentOut", peer.silentOut());
            put(one, "hostsSilentIn", peer.silentIn());
            one.put("lostOut", peer.lostOut()).put("lostIn", peer.lostIn());
        }
        return node;
    }

    private static void put(ObjectNode node, String name, Optional<Long> time) {
        time.ifPresent(at -> node.put(name, VirtualTime.format(at)));
    }
}
