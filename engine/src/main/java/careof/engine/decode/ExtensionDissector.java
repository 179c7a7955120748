package careof.engine.decode;

import careof.engine.base.Ip6Address;
import careof.engine.base.Malformed;
import careof.engine.wire.ip.Ip6Option;
import careof.engine.wire.ip.IpProtocol;
import careof.engine.wire.ip.UnknownAction;

/** IPv6 extension headers. */
final class ExtensionDissector {
    private ExtensionDissector() {}

    /**
     * What a header means for what follows.
     *
     * @param next   the next header number
     * @param pseudo addresses for checksums from here on
     * @param piece  what follows is a piece of a fragmented packet
     */
    record Extension(int next, Pseudo pseudo, boolean piece) {}

    /** What may be in a packet once. */
    static final class Seen {
        private boolean homeAddress;
        private boolean type2;
    }

    static Extension dissect(Dissector d, Node parent, Cursor c, int protocol, Pseudo pseudo, Seen seen) throws Malformed {
        return switch (protocol) {
            case IpProtocol.FRAGMENT -> fragment(d, parent, c, pseudo);
            case IpProtocol.ROUTING -> routing(d, parent, c, pseudo, seen);
            case IpProtocol.HOP_BY_HOP -> options(d, parent, c, pseudo, seen, "Hop-by-Hop Options", "ipv6.hopopts");
            default -> options(d, parent, c, pseudo, seen, "Destination Options", "ipv6.dstopts");
        };
    }

    private static Extension fragment(Dissector d, Node parent, Cursor c, Pseudo pseudo) throws Malformed {
        Node n = d.open(parent, "Fragment Header", "ipv6.fraghdr", c);
        int next = Dissector.protocol(n, c, "ipv6.fraghdr.nxt");
        c.reserved(n, 1, "ipv6.fraghdr");
        int at = c.at();
        int field = (int) c.take(2);
        n.leaf("Fragment Offset", "ipv6.fraghdr.offset", at, at + 2, (field & 0xfff8) + " octets");
        n.leaf("More Fragments", "ipv6.fraghdr.more", at + 1, at + 2, Dissector.flag(field & 1));
        c.hex(n, 4, "Identification", "ipv6.fraghdr.ident");
        n.value("offset " + (field & 0xfff8) + ((field & 1) != 0 ? ", more to come" : ", the last"));
        boolean piece = (field & 0xfff9) != 0;
        return new Extension(next, pseudo, piece);
    }

    /** Reads next header and length; the cursor returned covers the rest of the header. */
    private static Cursor body(Node n, Cursor c, String prefix, int start) throws Malformed {
        long length = c.number(n, 1, "Hdr Ext Len", prefix + ".len", v -> v + " (" + (8 + 8 * v) + " octets)");
        int size = (int) (8 + 8 * length) - 2;
        if (size > c.left()) {
            throw new Malformed("header says " + (size + 2) + " octets, " + (c.left() + 2) + " are left", start + 1);
        }
        return c.part(size);
    }

    private static Extension routing(Dissector d, Node parent, Cursor c, Pseudo pseudo, Seen seen) throws Malformed {
        Node n = d.open(parent, "Routing Header", "ipv6.routing", c);
        int start = c.at();
        int next = Dissector.protocol(n, c, "ipv6.routing.nxt");
        Cursor body = body(n, c, "ipv6.routing", start);
        int type = (int) body.number(n, 1, "Routing Type", "ipv6.routing.type",
                v -> v + (v == 2 ? " (Mobile IPv6)" : v == 0 ? " (source route, refused)" : ""));
        int left = body.number(n, 1, "Segments Left", "ipv6.routing.segleft");
        if (type != 2) {
            n.value("type " + type);
            body.rest(n, "Type-specific Data", "ipv6.routing.data");
            return new Extension(next, left > 0 ? pseudo.to(null) : pseudo, false);
        }
        if (body.left() != 20) {
            throw new Malformed("routing header type 2 takes 24 octets, not " + (4 + body.left()), start + 1);
        }
        if (seen.type2) {
            throw new Malformed("more than one type 2 routing header", start);
        }
        seen.type2 = true;
        body.reserved(n, 4, "ipv6.routing");
        Ip6Address home = body.ip6(n, "Home Address", "ipv6.routing.mipv6.home_address");
        n.value("type 2, home address " + home);
        return new Extension(next, left > 0 ? pseudo.to(home) : pseudo, false);
    }

    private static Extension options(Dissector d, Node parent, Cursor c, Pseudo pseudo, Seen seen, String name, String prefix)
            throws Malformed {
        Node n = d.open(parent, name, prefix, c);
        int start = c.at();
        int next = Dissector.protocol(n, c, prefix + ".nxt");
        Cursor body = body(n, c, prefix, start);
        while (body.left() > 0) {
            Ip6Address home = option(n, body);
            if (home != null && prefix.equals("ipv6.dstopts")) {
                if (seen.homeAddress) {
                    throw new Malformed("more than one Home Address option", body.at() - 18);
                }
                seen.homeAddress = true;
                pseudo = pseudo.from(home);
                n.value("home address " + home);
            }
        }
        return new Extension(next, pseudo, false);
    }

    /** The address of a Home Address option, null for all others. */
    private static Ip6Address option(Node in, Cursor c) throws Malformed {
        int type = c.peek(0);
        int start = c.at();
        String name = switch (type) {
            case Ip6Option.PAD1 -> "Pad1";
            case Ip6Option.PADN -> "PadN";
            case Ip6Option.HOME_ADDRESS -> "Home Address option";
            case Ip6Option.TUNNEL_ENCAPSULATION_LIMIT -> "Tunnel Encapsulation Limit option";
            case Ip6Option.ROUTER_ALERT -> "Router Alert option";
            default -> null;
        };
        Node n = in.group(name == null ? "Option " + type : name, "ipv6.opt", start);
        c.hex(n, 1, "Option Type", "ipv6.opt.type");
        if (name == null) {
            n.leaf("Unknown to a receiver", "ipv6.opt.type.action", start, start + 1, switch (UnknownAction.of(type)) {
                case SKIP -> "skip";
                case DISCARD -> "discard the packet";
                case DISCARD_REPORT -> "discard the packet and report";
                case DISCARD_REPORT_UNLESS_MULTICAST -> "discard the packet and report unless multicast";
            });
        }
        if (type == Ip6Option.PAD1) {
            return null;
        }
        int length = c.number(n, 1, "Option Length", "ipv6.opt.length");
        if (length > c.left()) {
            throw new Malformed("option of type " + type + " runs " + (length - c.left()) + " octets past its header", start);
        }
        Cursor data = c.part(length);
        int right = switch (type) {
            case Ip6Option.HOME_ADDRESS -> 16;
            case Ip6Option.TUNNEL_ENCAPSULATION_LIMIT -> 1;
            case Ip6Option.ROUTER_ALERT -> 2;
            default -> length;
        };
        if (length != right) {
            throw new Malformed(name + " has length " + length + ", not " + right, start + 1);
        }
        Ip6Address home = null;
        switch (type) {
            case Ip6Option.PADN -> data.rest(n, "Padding", "ipv6.opt.padn");
            case Ip6Option.HOME_ADDRESS -> {
                home = data.ip6(n, "Home Address", "ipv6.opt.mipv6.home_address");
                n.value(home.toString());
            }
            case Ip6Option.TUNNEL_ENCAPSULATION_LIMIT -> data.number(n, 1, "Tunnel Encapsulation Limit", "ipv6.opt.tel");
            case Ip6Option.ROUTER_ALERT -> data.number(n, 2, "Router Alert", "ipv6.opt.router_alert");
            default -> data.rest(n, "Option Data", "ipv6.opt.unknown");
        }
        return home;
    }
}
