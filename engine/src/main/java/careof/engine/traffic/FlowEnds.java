package careof.engine.traffic;

import careof.engine.base.Ip4Address;
import careof.engine.base.Ip6Address;
import careof.engine.base.Malformed;
import careof.engine.base.Octets;
import careof.engine.stack.Arrived;
import careof.engine.stack.Inbound;
import careof.engine.stack.IpStack;
import careof.engine.stack.NodeEnv;
import careof.engine.stack.Table;
import careof.engine.state.FlowEnd;
import careof.engine.trace.Reason;
import careof.engine.wire.icmp.Icmp4Message;
import careof.engine.wire.icmp.Icmp6Message;
import careof.engine.wire.ip.Ip4Packet;
import careof.engine.wire.ip.Ip6Packet;
import careof.engine.wire.ip.IpProtocol;
import careof.engine.wire.ip.Udp;
import java.util.LinkedHashMap;
import java.util.Map;

/** The flows that start or end at one node. */
public final class FlowEnds {
    private final IpStack stack;
    private final NodeEnv env;
    private final Table<Flow, FlowEnd> sent;
    private final Table<Flow, FlowEnd> received;
    private final Map<Integer, Flow> pings = new LinkedHashMap<>();

    public FlowEnds(IpStack stack) {
        this.stack = stack;
        this.env = stack.env();
        this.sent = env.table();
        this.received = env.table();
        stack.upper().listen(this::echoReply);
        stack.upper4().listen((packet, message) -> {
            if (message instanceof Icmp4Message.EchoReply reply) {
                answered(packet, reply.identifier(), reply.data());
            }
        });
    }

    /** Sends a flow from this node. */
    public void send(Flow flow) {
        if (flow.ping()) {
            pings.put(flow.number(), flow);
        }
        if (flow.start() < flow.stop()) {
            String timer = "flow " + flow.name() + " " + flow.direction();
            env.timers().set(timer, flow.start(), () -> next(flow, timer, 0));
        }
    }

    /** Receives a flow of datagrams at this node. */
    public void receive(Flow flow) {
        stack.upper().listen(flow.port(), (packet, datagram) -> arrived(flow, packet, datagram.data()));
    }

    private void next(Flow flow, String timer, long sequence) {
        long now = env.now();
        FlowEnd old = sent.get(flow);
        sent.put(flow, new FlowEnd(flow.name(), flow.direction(), true, old == null ? 1 : old.packets() + 1, sequence, sequence, 0, 0, 0, now, 0, 0),
                Reason.FLOW_SENT, Long.toString(sequence), flow.name());
        Octets data = new FlowHeader(sequence, now).data(flow.octets());
        int ping = (int) (sequence & 0xffff);
        Octets datagram = flow.ping() ? Octets.EMPTY : new Udp(flow.port(), flow.port(), data).toOctets(flow.from(), flow.to());
        switch (flow.from()) {
            case Ip6Address from -> {
                Ip6Address to = (Ip6Address) flow.to();
                Ip6Packet packet = flow.ping() ? Ip6Packet.of(from, to, IpProtocol.ICMP6, new Icmp6Message.EchoRequest(flow.number(), ping, data).toOctets(from, to))
                        : Ip6Packet.of(from, to, IpProtocol.UDP, datagram);
                stack.output().send(packet.withTrafficClass(flow.dscp() << 2), 0, false);
            }
            case Ip4Address from -> {
                Ip4Address to = (Ip4Address) flow.to();
                Ip4Packet packet = flow.ping() ? Ip4Packet.mayBeCut(from, to, IpProtocol.ICMP4, new Icmp4Message.EchoRequest(flow.number(), ping, data).toOctets())
                        : Ip4Packet.mayBeCut(from, to, IpProtocol.UDP, datagram);
                stack.output4().send(packet.withTrafficClass(flow.dscp() << 2), 0, false);
            }
        }
        if (now + flow.every() < flow.stop()) {
            env.timers().in(timer, flow.every(), () -> next(flow, timer, sequence + 1));
        }
    }

    private boolean echoReply(Inbound packet, Icmp6Message message) {
        return message instanceof Icmp6Message.EchoReply reply && answered(packet, reply.identifier(), reply.data());
    }

    private boolean answered(Arrived packet, int identifier, Octets data) {
        Flow flow = pings.get(identifier);
        if (flow == null || !flow.to().equals(packet.source())) {
            return false;
        }
        arrived(flow, packet, data);
        return true;
    }

    private void arrived(Flow flow, Arrived packet, Octets data) {
        FlowHeader header;
        try {
            header = FlowHeader.parse(data);
        } catch (Malformed e) {
            env.dropped(packet.packet(), Reason.MALFORMED, e.getMessage(), Integer.toString(e.at()));
            return;
        }
        FlowEnd old = received.get(flow);
        received.put(flow, counted(old, flow, header, env.now()), Reason.FLOW_RECEIVED, Long.toString(header.sequence()), flow.name());
    }

    /** The receiver's count after one more packet. A sequence number more than 63 behind the highest counts as new. */
    private static FlowEnd counted(FlowEnd old, Flow flow, FlowHeader header, long now) {
        long delay = now - header.sentAt();
        long sequence = header.sequence();
        if (old == null) {
            return new FlowEnd(flow.name(), flow.direction(), false, 1, sequence, sequence, 0, 0, delay, now, 0, 1);
        }
        long gap = Math.max(old.gap(), now - old.at());
        if (sequence > old.highest()) {
            long ahead = sequence - old.highest();
            long recent = (ahead > 63 ? 0 : old.recent() << ahead) | 1;
            return new FlowEnd(flow.name(), flow.direction(), false, old.packets() + 1, sequence, sequence, old.reordered(), old.duplicates(), delay, now, gap, recent);
        }
        long behind = old.highest() - sequence;
        boolean duplicate = behind <= 63 && (old.recent() >>> behind & 1) == 1;
        return new FlowEnd(flow.name(), flow.direction(), false, old.packets() + (duplicate ? 0 : 1), sequence, old.highest(),
                old.reordered() + (duplicate ? 0 : 1), old.duplicates() + (duplicate ? 1 : 0), delay, now, gap,
                behind <= 63 ? old.recent() | 1L << behind : old.recent());
    }
}
