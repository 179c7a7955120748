package careof.engine.decode;

import careof.engine.base.Checksum;
import careof.engine.base.Ip4Address;
import careof.engine.base.Malformed;
import careof.engine.base.Octets;
import careof.engine.wire.icmp.Icmp4Message;
import careof.engine.wire.ip.IpProtocol;
import careof.engine.wire.ip.TcpHeader;
import careof.engine.wire.ipsec.UdpEncapsulation;
import careof.engine.wire.isakmp.IsakmpHeader;

/** UDP, TCP and ICMP for IPv4. */
final class TransportDissector {
    /** First octets of the data of our own traffic ("Cofl"); its layout is in {@code careof.engine.traffic.FlowHeader}. */
    static final long FLOW_MAGIC = 0x436f_666cL;
    static final int FLOW_LENGTH = 16;
    /** Mobile IPv6 over IPv4 (RFC 5555 section 4.1). */
    static final int MOBILE_PORT = 4191;

    private TransportDissector() {}

    static void udp(Dissector d, Node parent, Cursor c, Pseudo pseudo, int depth) throws Malformed {
        Node n = d.open(parent, "User Datagram Protocol", "udp", c);
        int start = c.at();
        int source = c.number(n, 2, "Source Port", "udp.srcport");
        int destination = c.number(n, 2, "Destination Port", "udp.dstport");
        n.value(source + " → " + destination);
        int length = c.number(n, 2, "Length", "udp.length");
        int found = (int) c.take(2);
        int there = c.end() - start;
        if (length < 8 || length > there && pseudo.whole()) {
            throw new Malformed("UDP length is " + length + ", " + there + " octets are there", start + 4);
        }
        boolean whole = pseudo.whole() && length <= there;
        Octets datagram = c.since(start).slice(0, Math.min(length, there));
        boolean four = pseudo.source() instanceof Ip4Address;
        if (found == 0 && !four && whole) {
            n.leaf("Checksum", "udp.checksum", start + 6, start + 8, "0x0000")
                    .error("Checksum verdict", "udp.checksum.status", start + 6, start + 8, "bad (absent, which IPv6 does not allow)");
        } else {
            Pseudo.verdict(n, "udp", start + 6, found, pseudo.right(IpProtocol.UDP, datagram, 6),
                    whole && pseudo.judged(), found == 0 && four);
        }
        Cursor data = c.part(datagram.length() - 8);
        if (pseudo.whole() && encapsulated(d, parent, data, pseudo, source, destination, depth)) {
            return;
        }
        if (isFlow(data.ahead())) {
            Node flow = d.open(parent, "Careof flow", "careof", data);
            data.hex(flow, 4, "Magic", "careof.magic");
            flow.value("packet " + data.number(flow, 4, "Sequence", "careof.seq", Long::toString));
            data.number(flow, 8, "Sent at", "careof.sent", v -> v + " ns");
        }
        data.rest(parent, "Data", "data");
    }

    /** ESP in UDP (RFC 3948), packets of Mobile IPv6 in UDP (RFC 5555 section 4.1), ISAKMP. */
    private static boolean encapsulated(Dissector d, Node parent, Cursor data, Pseudo pseudo, int source, int destination, int depth) throws Malformed {
        if (isPort(source, destination, MOBILE_PORT) && data.left() > 0 && (data.peek(0) >>> 4 == 6 || data.peek(0) >>> 4 == 4)) {
            d.inUdp(parent, data, pseudo, depth);
            return true;
        }
        if (isPort(source, destination, UdpEncapsulation.PORT) && data.left() > 0) {
            Node n = d.open(parent, "UDP Encapsulation of IPsec Packets", "udpencap", data);
            if (data.left() == 1 && data.peek(0) == 0xff) {
                data.raw(n, 1, "NAT-keepalive packet", "udpencap.nat_keepalive");
                return true;
            }
            if (data.peek(0) == 0 && data.peek(1) == 0 && data.peek(2) == 0 && data.peek(3) == 0) {
                data.raw(n, 4, "Non-ESP Marker", "udpencap.non_esp_marker");
                IsakmpDissector.dissect(d, parent, data, pseudo);
                return true;
            }
            IpsecDissector.esp(d, parent, data, pseudo, depth);
            return true;
        }
        if (isPort(source, destination, IsakmpHeader.PORT) && data.left() > 0) {
            IsakmpDissector.dissect(d, parent, data, pseudo);
            return true;
        }
        if (d.opener().isEsp(source, destination, data.ahead())) {
            IpsecDissector.esp(d, parent, data, pseudo, depth);
            return true;
        }
        return false;
    }

    private static boolean isPort(int source, int destination, int port) {
        return source == port || destination == port;
    }

    /** Whether a datagram's data is that of our own traffic. */
    static boolean isFlow(Octets data) {
        return data.length() >= FLOW_LENGTH && ((long) data.u16(0) << 16 | data.u16(2)) == FLOW_MAGIC;
    }

    static void tcp(Dissector d, Node parent, Cursor c, Pseudo pseudo) throws Malformed {
        Node n = d.open(parent, "Transmission Control Protocol", "tcp", c);
        int start = c.at();
        int source = c.number(n, 2, "Source Port", "tcp.srcport");
        int destination = c.number(n, 2, "Destination Port", "tcp.dstport");
        c.number(n, 4, "Sequence Number", "tcp.seq_raw", Long::toString);
        c.number(n, 4, "Acknowledgment Number", "tcp.ack_raw", Long::toString);
        int length = (c.peek(0) >>> 4) * 4;
        c.number(n, 1, "Data Offset", "tcp.hdr_len", v -> (v >>> 4) * 4 + " octets");
        int flags = (int) c.number(n, 1, "Flags", "tcp.flags", v -> String.format("0x%02x", v) + " (" + flags((int) v) + ")");
        n.value(source + " → " + destination + " " + flags(flags));
        c.number(n, 2, "Window", "tcp.window_size_value");
        int found = (int) c.take(2);
        if (length < TcpHeader.LENGTH) {
            throw new Malformed("TCP data offset is " + length + " octets", start + 12);
        }
        Pseudo.verdict(n, "tcp", start + 16, found, pseudo.right(IpProtocol.TCP, c.since(start), 16), pseudo.judged(), false);
        c.number(n, 2, "Urgent Pointer", "tcp.urgent_pointer");
        if (length - TcpHeader.LENGTH > c.left()) {
            throw new Malformed("TCP data offset is " + length + ", " + (TcpHeader.LENGTH + c.left()) + " octets are there", start + 12);
        }
        c.part(length - TcpHeader.LENGTH).rest(n, "Options", "tcp.options");
        c.rest(parent, "Data", "data");
    }

    static String flags(int flags) {
        String[] names = {"FIN", "SYN", "RST", "PSH", "ACK", "URG", "ECE", "CWR"};
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < names.length; i++) {
            if ((flags >>> i & 1) != 0) {
                text.append(text.isEmpty() ? "" : " ").append(names[i]);
            }
        }
        return text.toString();
    }

    static void icmp4(Dissector d, Node parent, Cursor c, Pseudo pseudo, int depth) throws Malformed {
        Node n = d.open(parent, "Internet Control Message Protocol", "icmp", c);
        int start = c.at();
        int type = (int) c.number(n, 1, "Type", "icmp.type", v -> v + name((int) v));
        c.number(n, 1, "Code", "icmp.code");
        n.value("type " + type + name(type));
        int found = (int) c.take(2);
        Octets message = c.since(start);
        Pseudo.verdict(n, "icmp", start + 2, found, Checksum.of(Pseudo.without(message, 2)), pseudo.whole(), false);
        switch (type) {
            case Icmp4Message.ECHO_REQUEST, Icmp4Message.ECHO_REPLY -> {
                c.number(n, 2, "Identifier", "icmp.ident");
                c.number(n, 2, "Sequence Number", "icmp.seq");
                c.rest(n, "Data", "data");
            }
            case Icmp4Message.DESTINATION_UNREACHABLE -> {
                c.reserved(n, 2, "icmp");
                c.number(n, 2, "Next-Hop MTU", "icmp.mtu");
                d.quoted(n, c, depth);
            }
            case Icmp4Message.TIME_EXCEEDED -> {
                c.reserved(n, 4, "icmp");
                d.quoted(n, c, depth);
            }
            case Icmp4Message.PARAMETER_PROBLEM -> {
                c.number(n, 1, "Pointer", "icmp.pointer");
                c.reserved(n, 3, "icmp");
                d.quoted(n, c, depth);
            }
            default -> c.rest(n, "Body", "icmp.body");
        }
    }

    private static String name(int type) {
        return switch (type) {
            case Icmp4Message.ECHO_REQUEST -> " (Echo)";
            case Icmp4Message.ECHO_REPLY -> " (Echo Reply)";
            case Icmp4Message.DESTINATION_UNREACHABLE -> " (Destination Unreachable)";
            case Icmp4Message.TIME_EXCEEDED -> " (Time Exceeded)";
            case Icmp4Message.PARAMETER_PROBLEM -> " (Parameter Problem)";
            default -> "";
        };
    }
}
