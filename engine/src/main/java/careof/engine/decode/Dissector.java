package careof.engine.decode;

import careof.engine.base.Checksum;
import careof.engine.base.Ip4Address;
import careof.engine.base.Ip6Address;
import careof.engine.base.Malformed;
import careof.engine.base.Octets;
import careof.engine.wire.ip.Ethernet;
import careof.engine.wire.ip.Ip6Packet;
import careof.engine.wire.ip.IpProtocol;

/**
 * Turns any octets into a tree of fields with octet ranges. Headers are siblings below the frame, outermost first; a packet
 * quoted in an ICMP error is below that error. Unknown things are raw octets. At malformed octets the tree gets an error
 * field with the reason and ends. Nothing is ever thrown.
 */
public final class Dissector {
    /** Packets inside each other beyond this are not followed. */
    static final int MAX_DEPTH = 8;

    private final Node root;
    /** The header that an error found now belongs to. */
    private Node layer;

    private final Opener opener;
    private final boolean cut;

    private Dissector(Node root, Opener opener, boolean cut) {
        this.root = root;
        this.layer = root;
        this.opener = opener;
        this.cut = cut;
    }

    /** The tree of one frame as whoever has no keys sees it; its root covers the whole frame. */
    public static Field dissect(Octets frame, LinkType link) {
        return dissect(frame, link, Opener.NONE);
    }

    /** The same with what AH and ESP protect, judged and decrypted where keys are known: fields whose octets are not the frame's are below "esp.decrypted_data". */
    public static Field dissect(Octets frame, LinkType link, Opener opener) {
        return dissect(frame, link, opener, false);
    }

    /**
     * The same.
     *
     * @param cut whether the end of the frame was not kept, so that nothing is wrong with lengths beyond it
     */
    public static Field dissect(Octets frame, LinkType link, Opener opener, boolean cut) {
        Node root = Node.root("Frame", frame.length() + " octets", frame, "frame");
        Dissector dissector = new Dissector(root, opener, cut);
        Cursor cursor = new Cursor(frame, 0, frame.length());
        try {
            dissector.link(cursor, link);
        } catch (Malformed e) {
            dissector.malformed(e, frame.length());
        }
        return root.build();
    }

    private void malformed(Malformed e, int end) {
        if (cut) {
            layer.leaf("The rest was not kept", "frame.cut", Math.min(e.at(), end), end, e.getMessage());
            return;
        }
        layer.error("Malformed", "_ws.malformed", Math.min(e.at(), end), end, e.getMessage());
    }

    Opener opener() {
        return opener;
    }

    Node open(Node parent, String name, String abbreviation, Cursor c) {
        layer = parent.group(name, abbreviation, c.at());
        return layer;
    }

    private void link(Cursor c, LinkType link) throws Malformed {
        switch (link) {
            case ETHERNET -> {
                Node n = open(root, "Ethernet II", "eth", c);
                String destination = c.mac(n, "Destination", "eth.dst").toString();
                n.value(c.mac(n, "Source", "eth.src") + " → " + destination);
                network(c, (int) c.number(n, 2, "Type", "eth.type", Dissector::etherType));
            }
            case LINUX_SLL -> {
                Node n = open(root, "Linux cooked capture", "sll", c);
                c.number(n, 2, "Packet type", "sll.pkttype");
                c.number(n, 2, "Link-layer address type", "sll.hatype");
                c.number(n, 2, "Link-layer address length", "sll.halen");
                c.raw(n, 8, "Source", "sll.src");
                network(c, (int) c.number(n, 2, "Protocol", "sll.etype", Dissector::etherType));
            }
            case LINUX_SLL2 -> {
                Node n = open(root, "Linux cooked capture v2", "sll", c);
                int etherType = (int) c.number(n, 2, "Protocol", "sll.etype", Dissector::etherType);
                c.reserved(n, 2, "sll");
                c.number(n, 4, "Interface index", "sll.ifindex");
                c.number(n, 2, "Link-layer address type", "sll.hatype");
                c.number(n, 1, "Packet type", "sll.pkttype");
                c.number(n, 1, "Link-layer address length", "sll.halen");
                c.raw(n, 8, "Source", "sll.src");
                network(c, etherType);
            }
            case NULL, LOOP -> {
                Node n = open(root, "Loopback", "null", c);
                c.hex(n, 4, "Family", "null.family");
                ip(root, c, 0, cut);
            }
            case RAW_IP, IP4, IP6 -> ip(root, c, 0, cut);
            case UNKNOWN -> c.rest(root, "Data", "data");
        }
        c.rest(root, "Padding", "eth.padding");
    }

    private static String etherType(long type) {
        String hex = String.format("0x%04x", type);
        return switch ((int) type) {
            case Ethernet.IP6 -> hex + " (IPv6)";
            case Ethernet.IP4 -> hex + " (IPv4)";
            case Ethernet.ARP -> hex + " (ARP)";
            case Ethernet.VLAN, Ethernet.SERVICE_VLAN -> hex + " (VLAN)";
            default -> hex;
        };
    }

    private void network(Cursor c, int etherType) throws Malformed {
        int type = etherType;
        for (int tags = 0; Ethernet.isTag(type) && tags < MAX_DEPTH; tags++) {
            String prefix = type == Ethernet.VLAN ? "vlan" : "ieee8021ad";
            Node n = open(root, type == Ethernet.VLAN ? "802.1Q Virtual LAN" : "802.1ad Virtual LAN", prefix, c);
            int tag = (int) c.take(2);
            int at = c.at() - 2;
            n.leaf("Priority", prefix + ".priority", at, at + 1, Integer.toString(tag >>> 13));
            n.leaf("Drop Eligible", prefix + ".dei", at, at + 1, flag(tag & 0x1000));
            n.leaf("ID", prefix + ".id", at, at + 2, Integer.toString(tag & 0xfff));
            n.value("ID " + (tag & 0xfff));
            type = (int) c.number(n, 2, "Type", prefix + ".etype", Dissector::etherType);
        }
        switch (type) {
            case Ethernet.IP6 -> ip6(root, c, 0, cut);
            case Ethernet.IP4 -> ip4(root, c, 0, cut);
            case Ethernet.ARP -> arp(c);
            default -> c.rest(root, "Data", "data");
        }
    }

    /** Either version, told by its first four bits. */
    private void ip(Node parent, Cursor c, int depth, boolean quoted) throws Malformed {
        int version = c.peek(0) >>> 4;
        switch (version) {
            case 6 -> ip6(parent, c, depth, quoted);
            case 4 -> ip4(parent, c, depth, quoted);
            default -> throw new Malformed("IP version is " + version, c.at());
        }
    }

    private void arp(Cursor c) throws Malformed {
        Node n = open(root, "Address Resolution Protocol", "arp", c);
        long hardware = c.number(n, 2, "Hardware type", "arp.hw.type");
        long protocol = c.number(n, 2, "Protocol type", "arp.proto.type", Dissector::etherType);
        int hardwareSize = c.number(n, 1, "Hardware size", "arp.hw.size");
        int protocolSize = c.number(n, 1, "Protocol size", "arp.proto.size");
        c.number(n, 2, "Opcode", "arp.opcode", v -> v + (v == 1 ? " (request)" : v == 2 ? " (reply)" : ""));
        if (hardware != 1 || protocol != Ethernet.IP4 || hardwareSize != 6 || protocolSize != 4) {
            throw new Malformed("ARP for something else than IPv4 over Ethernet", c.at());
        }
        c.mac(n, "Sender MAC address", "arp.src.hw_mac");
        c.ip4(n, "Sender IP address", "arp.src.proto_ipv4");
        c.mac(n, "Target MAC address", "arp.dst.hw_mac");
        c.ip4(n, "Target IP address", "arp.dst.proto_ipv4");
    }

    private static void bound(int depth, Cursor c) throws Malformed {
        if (depth > MAX_DEPTH) {
            throw new Malformed("more than " + MAX_DEPTH + " packets inside each other", c.at());
        }
    }

    /** A packet quoted by an ICMP error: it may end anywhere, and its checksums cannot be judged. */
    void quoted(Node parent, Cursor c, int depth) throws Malformed {
        if (c.left() == 0) {
            return;
        }
        Node outer = layer;
        Node quote = parent.group("Invoking packet", "icmp.quoted", c.at());
        try {
            ip(quote, c, depth + 1, true);
        } catch (Malformed e) {
            quote.leaf("Ends here", "icmp.quoted.end", Math.min(e.at(), c.end()), c.end(), e.getMessage());
            c.skip(c.left());
        }
        quote.endsAt(c.end());
        c.skip(c.left());
        layer = outer;
    }

    private void ip6(Node parent, Cursor c, int depth, boolean quoted) throws Malformed {
        bound(depth, c);
        Node n = open(parent, "Internet Protocol Version 6", "ipv6", c);
        int start = c.at();
        long first = c.take(4);
        n.leaf("Version", "ipv6.version", start, start + 1, Long.toString(first >>> 28));
        n.leaf("Traffic Class", "ipv6.tclass", start, start + 2, String.format("0x%02x", first >>> 20 & 0xff));
        n.leaf("Flow Label", "ipv6.flow", start + 1, start + 4, String.format("0x%05x", first & 0xfffff));
        if (first >>> 28 != 6) {
            throw new Malformed("IP version is " + (first >>> 28) + ", not 6", start);
        }
        int length = c.number(n, 2, "Payload Length", "ipv6.plen");
        int protocol = protocol(n, c, "ipv6.nxt");
        c.number(n, 1, "Hop Limit", "ipv6.hlim");
        Ip6Address source = c.ip6(n, "Source Address", "ipv6.src");
        Ip6Address destination = c.ip6(n, "Destination Address", "ipv6.dst");
        n.value(source + " → " + destination);
        if (length > c.left() && !quoted) {
            throw new Malformed("payload length is " + length + ", " + c.left() + " octets are there", start + 4);
        }
        boolean whole = length <= c.left();
        Cursor payload = c.part(Math.min(length, c.left()));
        extensions(parent, payload, protocol, new Pseudo(source, destination, whole, whole ? payload.since(start) : Octets.EMPTY), depth);
    }

    /** Reads a next header number. */
    static int protocol(Node n, Cursor c, String abbreviation) throws Malformed {
        return (int) c.number(n, 1, "Next Header", abbreviation, Dissector::protocolText);
    }

    static String protocolText(long number) {
        return number + " (" + IpProtocol.name((int) number) + ")";
    }

    /** What ESP held: what is malformed there ends there. */
    void within(Node group, Cursor c, int protocol, Pseudo pseudo, int depth) {
        Node outer = layer;
        layer = group;
        try {
            extensions(group, c, protocol, pseudo, depth);
        } catch (Malformed e) {
            malformed(e, c.end());
        }
        layer = outer;
    }

    /** A packet of either version in a UDP datagram. */
    void inUdp(Node parent, Cursor c, Pseudo pseudo, int depth) throws Malformed {
        ip(parent, c, depth + 1, !pseudo.whole());
    }

    /** Extension headers, if there are any, and all that follows. */
    void extensions(Node parent, Cursor c, int protocol, Pseudo pseudo, int depth) throws Malformed {
        var seen = new ExtensionDissector.Seen();
        for (int count = 0; IpProtocol.isExtension(protocol); count++) {
            if (count == Ip6Packet.MAX_EXTENSIONS) {
                throw new Malformed("more than " + Ip6Packet.MAX_EXTENSIONS + " extension headers", c.at());
            }
            if (protocol == IpProtocol.HOP_BY_HOP && count > 0) {
                throw new Malformed("Hop-by-Hop Options are not the first extension header", c.at());
            }
            var extension = ExtensionDissector.dissect(this, parent, c, protocol, pseudo, seen);
            protocol = extension.next();
            pseudo = extension.pseudo();
            if (extension.piece()) {
                c.rest(parent, "Fragment data of " + IpProtocol.name(protocol), "ipv6.fragment.data");
                return;
            }
        }
        upper(parent, c, protocol, pseudo, depth);
    }

    private void ip4(Node parent, Cursor c, int depth, boolean quoted) throws Malformed {
        bound(depth, c);
        Node n = open(parent, "Internet Protocol Version 4", "ip", c);
        int start = c.at();
        int first = (int) c.take(1);
        n.leaf("Version", "ip.version", start, start + 1, Integer.toString(first >>> 4));
        int headerLength = (first & 15) * 4;
        n.leaf("Header Length", "ip.hdr_len", start, start + 1, headerLength + " octets");
        if (first >>> 4 != 4) {
            throw new Malformed("IP version is " + (first >>> 4) + ", not 4", start);
        }
        c.hex(n, 1, "Type of Service", "ip.dsfield");
        int total = c.number(n, 2, "Total Length", "ip.len");
        c.hex(n, 2, "Identification", "ip.id");
        int fragment = (int) c.take(2);
        int at = c.at() - 2;
        n.leaf("Don't Fragment", "ip.flags.df", at, at + 1, flag(fragment & 0x4000));
        n.leaf("More Fragments", "ip.flags.mf", at, at + 1, flag(fragment & 0x2000));
        n.leaf("Fragment Offset", "ip.frag_offset", at, at + 2, Integer.toString((fragment & 0x1fff) * 8));
        c.number(n, 1, "Time to Live", "ip.ttl");
        int protocol = (int) c.number(n, 1, "Protocol", "ip.proto", Dissector::protocolText);
        int sumAt = c.at();
        c.skip(2);
        if (headerLength < 20 || headerLength - 12 > c.left()) {
            throw new Malformed("IPv4 header length is " + headerLength + ", " + (c.left() + 12) + " octets are there", start);
        }
        Octets header = c.since(start).slice(0, headerLength);
        Pseudo.verdict(n, "ip", sumAt, header.u16(10), Checksum.of(Pseudo.without(header, 10)), true, false);
        Ip4Address source = c.ip4(n, "Source Address", "ip.src");
        Ip4Address destination = c.ip4(n, "Destination Address", "ip.dst");
        n.value(source + " → " + destination);
        if (headerLength > 20) {
            c.raw(n, headerLength - 20, "Options", "ip.options");
        }
        int length = total - headerLength;
        if (length < 0 || length > c.left() && !quoted) {
            throw new Malformed("IPv4 total length is " + total + ", " + (headerLength + c.left()) + " octets are there", start + 2);
        }
        boolean whole = length <= c.left();
        Cursor payload = c.part(Math.min(length, c.left()));
        if ((fragment & 0x3fff) != 0) {
            payload.rest(parent, "Fragment data of " + IpProtocol.name(protocol), "ip.fragment.data");
        } else {
            upper(parent, payload, protocol, new Pseudo(source, destination, whole, whole ? payload.since(start) : Octets.EMPTY), depth);
        }
    }

    static String flag(long bits) {
        return bits != 0 ? "1" : "0";
    }

    private void upper(Node parent, Cursor c, int protocol, Pseudo pseudo, int depth) throws Malformed {
        switch (protocol) {
            case IpProtocol.UDP -> TransportDissector.udp(this, parent, c, pseudo, depth);
            case IpProtocol.TCP -> TransportDissector.tcp(this, parent, c, pseudo);
            case IpProtocol.ICMP6 -> Icmp6Dissector.dissect(this, parent, c, pseudo, depth);
            case IpProtocol.ICMP4 -> TransportDissector.icmp4(this, parent, c, pseudo, depth);
            case IpProtocol.MOBILITY -> MobilityDissector.dissect(this, parent, c, pseudo);
            case IpProtocol.AH -> IpsecDissector.ah(this, parent, c, pseudo, depth);
            case IpProtocol.ESP -> IpsecDissector.esp(this, parent, c, pseudo, depth);
            case IpProtocol.IP6 -> ip6(parent, c, depth + 1, !pseudo.whole());
            case IpProtocol.IP4 -> ip4(parent, c, depth + 1, !pseudo.whole());
            default -> c.rest(parent, IpProtocol.name(protocol) + " data", "data");
        }
        c.rest(parent, "Trailing octets", "ip.trailing");
    }
}
