package careof.engine.run;

import careof.engine.base.MacAddress;
import careof.engine.base.Octets;
import careof.engine.net.Link;
import careof.engine.net.Segment;
import careof.engine.node.Node;
import careof.engine.stack.Host;
import careof.engine.stack.OutsideWeight;
import careof.engine.trace.OutsidePort;
import careof.engine.trace.Reason;
import careof.engine.trace.Recorder;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** The ports of a run to the outside. What is behind them is no part of the run: octets leave, whoever takes them, and come as inputs. */
final class Outside {
    /** Locally administered, in a block that plans do not use; the last two octets are the port's number. */
    private static final long MACS = 0x02ca_0fff_0000L;

    private final Map<String, Link> links;
    private final Map<String, Node> nodes;
    private final Recorder recorder;
    private final Map<String, End> open = new LinkedHashMap<>();
    private final Map<String, Consumer<Octets>> takers = new LinkedHashMap<>();
    /** Of each port: what arrives next had waited. */
    private final Map<String, Backlog> backlogs = new LinkedHashMap<>();
    private int made;

    /** The lab's end of an open port. */
    private sealed interface End {}

    private record HostEnd(Host host) implements End {}

    private record SegmentEnd(Segment segment) implements End {}

    /** Why some arrivals come at one instant. */
    private static final class Backlog {
        private final long event;
        private long left;

        private Backlog(long event, long left) {
            this.event = event;
            this.left = left;
        }
    }

    Outside(Map<String, Link> links, Map<String, Node> nodes, Recorder recorder) {
        this.links = links;
        this.nodes = nodes;
        this.recorder = recorder;
    }

    boolean has(String port) {
        return open.containsKey(port);
    }

    /** Who takes what leaves by a port that is to be opened; without one, nobody does. */
    void connect(String port, Consumer<Octets> taker) {
        takers.put(port, taker);
    }

    /** Why a port cannot be opened, for a person to read; empty: it can. */
    Optional<String> problem(OutsidePort port) {
        if (has(port.name()) || nodes.containsKey(port.name())) {
            return Optional.of("\"" + port.name() + "\" is the name of a " + (has(port.name()) ? "port to the outside already" : "node; name the port otherwise"));
        }
        return switch (port) {
            case OutsidePort.Segment segment -> links.containsKey(segment.link()) ? Optional.empty() : Optional.of("no link \"" + segment.link() + "\"");
            case OutsidePort.Host host -> {
                Node node = nodes.get(host.node());
                if (node == null) {
                    yield Optional.of("no node \"" + host.node() + "\"");
                } else if (node.stack().upper().hasHost()) {
                    yield Optional.of("node \"" + host.node() + "\" has a host already");
                }
                yield node.stack().addresses().find(host.address()).isPresent() ? Optional.empty()
                        : Optional.of("node \"" + host.node() + "\" has no address " + host.address());
            }
        };
    }

    void attach(OutsidePort port, long input) {
        Optional<String> problem = problem(port);
        if (problem.isPresent()) {    // in a log that no run wrote
            recorder.acted("", input, port.name() + " is not opened: " + problem.get());
            return;
        }
        Consumer<Octets> taker = takers.getOrDefault(port.name(), _ -> { });
        switch (port) {
            case OutsidePort.Host host -> {
                recorder.because(recorder.acted(host.node(), input, "host " + host.name() + " is the upper layer of " + host.node() + " at " + host.address()));
                open.put(host.name(), new HostEnd(nodes.get(host.node()).host(host.name(), host.address(), taker)));
            }
            case OutsidePort.Segment segment -> {
                recorder.because(recorder.acted("", input, "link " + segment.link() + " goes on outside by " + segment.name()));
                open.put(segment.name(), new SegmentEnd(new Segment(segment.name(), new MacAddress(MACS + (++made & 0xffff)), links.get(segment.link()), recorder, taker)));
            }
        }
    }

    void detach(String port, String why, long input) {
        takers.remove(port);
        backlogs.remove(port);
        switch (open.remove(port)) {
            case null -> { }
            case HostEnd end -> end.host.leave();
            case SegmentEnd end -> end.segment.leave();
        }
        recorder.acted("", input, port + " is closed: " + why);
    }

    /** What becomes of those arrivals, queues that they find full for instance, has this for its cause. */
    void waited(String port, long count, long input) {
        if (has(port)) {
            backlogs.put(port, new Backlog(recorder.acted("", input, "after a pause: " + count + " that waited come by " + port + " at one instant, and queues may be too short for them"), count));
        }
    }

    void arrive(String port, Octets octets) {
        Backlog backlog = backlogs.get(port);
        if (backlog != null) {
            recorder.because(backlog.event);
            if (--backlog.left == 0) {
                backlogs.remove(port);
            }
        }
        switch (open.get(port)) {
            case null -> { }    // it was closed since
            case HostEnd end -> end.host.send(octets);
            case SegmentEnd end -> end.segment.arrive(octets, OutsideWeight.ofFrame(octets));
        }
    }

    void missed(String port, long count, String why) {
        recorder.dropped("", recorder.newPacket(), Reason.OUTSIDE_MISSED, List.of(Long.toString(count), port, why), "", "", Octets.EMPTY);
    }
}
