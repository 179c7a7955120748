package careof.engine.metrics;

import careof.engine.base.Ip6Address;
import careof.engine.base.MacAddress;
import careof.engine.base.OctetWriter;
import careof.engine.base.Octets;
import careof.engine.state.Binding;
import careof.engine.state.FlowEnd;
import careof.engine.state.ListEntry;
import careof.engine.state.PortState;
import careof.engine.state.State;
import careof.engine.trace.Detail;
import careof.engine.trace.Reason;
import careof.engine.trace.TraceEvent;
import careof.engine.trace.TraceStore;
import careof.engine.wire.ip.Ethernet;
import careof.engine.wire.ip.Ip6Packet;
import careof.engine.wire.ip.IpProtocol;
import careof.engine.wire.mobility.MobilityHeader;
import careof.engine.wire.mobility.MobilityMessage;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A trace written by hand; times in milliseconds, never backwards. */
final class TraceBuilder {
    static final long MS = 1_000_000;

    final TraceStore trace = new TraceStore(Detail.FULL);
    private final Map<String, State> rows = new LinkedHashMap<>();
    private final Map<String, long[]> counts = new LinkedHashMap<>();
    private long packets;

    private long id() {
        return trace.size() + 1;
    }

    TraceBuilder change(long at, String node, State now) {
        String key = node + " " + now.getClass() + " " + now.key();
        trace.append(new TraceEvent.Changed(id(), at * MS, node, 0, 0, 0, Optional.ofNullable(rows.put(key, now)), Optional.of(now), Reason.CONFIGURED, List.of()));
        return this;
    }

    TraceBuilder remove(long at, String node, State row) {
        State old = rows.remove(node + " " + row.getClass() + " " + row.key());
        trace.append(new TraceEvent.Changed(id(), at * MS, node, 0, 0, 0, Optional.of(old), Optional.empty(), Reason.CONFIGURED, List.of()));
        return this;
    }

    TraceBuilder port(long at, String node, String link, boolean carrier) {
        return change(at, node, new PortState("p1", new MacAddress(2), link, carrier));
    }

    TraceBuilder sent(long at, String flow, String direction, long sequence) {
        return flow(at, flow, direction, sequence, true);
    }

    TraceBuilder arrived(long at, String flow, String direction, long sequence) {
        return flow(at, flow, direction, sequence, false);
    }

    private TraceBuilder flow(long at, String flow, String direction, long sequence, boolean sending) {
        long[] count = counts.computeIfAbsent(flow + direction + sending, _ -> new long[1]);
        return change(at, "x", new FlowEnd(flow, direction, sending, ++count[0], sequence, sequence, 0, 0, 0, at * MS, 0, 0));
    }

    TraceBuilder bind(long at, String node, String home, String careOf) {
        return change(at, node, binding(home, careOf));
    }

    static Binding binding(String home, String careOf) {
        return new Binding(Ip6Address.parse(home), Ip6Address.parse(careOf), 1, Long.MAX_VALUE, false, Binding.Protection.NONE);
    }

    /** A mobile node accepts its home agent's acknowledgement. */
    TraceBuilder acknowledged(long at, String node, String agent, String home) {
        ListEntry entry = new ListEntry(Ip6Address.parse(agent), "", Ip6Address.parse(home), Ip6Address.parse(home), 1, true, 0, 0, 0,
                ListEntry.Phase.ACKNOWLEDGED, Optional.empty(), 0);
        trace.append(new TraceEvent.Changed(id(), at * MS, node, 0, 0, 0, Optional.empty(), Optional.of(entry), Reason.BINDING_ACKNOWLEDGED, List.of()));
        return this;
    }

    TraceBuilder drop(long at, String node, Reason reason) {
        trace.append(new TraceEvent.Dropped(id(), at * MS, node, 0, ++packets, reason, List.of(), "", "", Octets.EMPTY));
        return this;
    }

    /** Sends a new packet; returns its id. */
    long send(long at, String node, Octets frame) {
        return send(at, node, ++packets, 0, frame);
    }

    /** Sends a packet made from another. */
    long forward(long at, String node, long parent, Octets frame) {
        return send(at, node, ++packets, parent, frame);
    }

    /** A packet made from another without being sent itself. */
    long derive(long at, String node, long parent) {
        trace.append(new TraceEvent.Derived(id(), at * MS, node, 0, ++packets, parent, TraceEvent.Relation.DECAPSULATED));
        return packets;
    }

    private long send(long at, String node, long packet, long parent, Octets frame) {
        trace.append(new TraceEvent.FrameSent(id(), at * MS, node, 0, packet, parent, "p1", "l", 1, at * MS, List.of(), frame));
        return packet;
    }

    /** The last frame arrives. */
    TraceBuilder arrive(long at, String node) {
        trace.append(new TraceEvent.FrameArrived(id(), at * MS, node, 0, packets, "p1", "l", trace.frameOf(packets).orElseThrow().id()));
        return this;
    }

    static Octets frame(String from, String to, MobilityMessage message) {
        Ip6Address source = Ip6Address.parse(from);
        Ip6Address destination = Ip6Address.parse(to);
        return frame(Ip6Packet.of(source, destination, IpProtocol.MOBILITY, MobilityHeader.of(message).toOctets(source, destination)));
    }

    static Octets tunnel(String from, String to, Octets frame) {
        return frame(Ip6Packet.of(Ip6Address.parse(from), Ip6Address.parse(to), IpProtocol.IP6, frame.slice(Ethernet.HEADER, frame.length())));
    }

    private static Octets frame(Ip6Packet packet) {
        OctetWriter out = new OctetWriter(100);
        new Ethernet(new MacAddress(4), new MacAddress(2), Ethernet.IP6).emit(out);
        packet.emit(out);
        return out.toOctets();
    }
}
