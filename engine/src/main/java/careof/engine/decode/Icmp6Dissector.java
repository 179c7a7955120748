package careof.engine.decode;

import careof.engine.base.Ip6Address;
import careof.engine.base.Malformed;
import careof.engine.wire.icmp.Icmp6Message;
import careof.engine.wire.icmp.NdOption;
import careof.engine.wire.ip.IpProtocol;

/** ICMPv6 and Neighbor Discovery options. */
final class Icmp6Dissector {
    private Icmp6Dissector() {}

    static void dissect(Dissector d, Node parent, Cursor c, Pseudo pseudo, int depth) throws Malformed {
        Node n = d.open(parent, "Internet Control Message Protocol v6", "icmpv6", c);
        int start = c.at();
        int type = (int) c.number(n, 1, "Type", "icmpv6.type", v -> v + " (" + Icmp6Message.name((int) v) + ")");
        n.value(Icmp6Message.name(type));
        int code = (int) c.number(n, 1, "Code", "icmpv6.code", v -> v + code(type, (int) v));
        int found = (int) c.take(2);
        boolean judged = pseudo.judged() && pseudo.source() instanceof Ip6Address;
        Pseudo.verdict(n, "icmpv6", start + 2, found, judged ? pseudo.right(IpProtocol.ICMP6, c.since(start), 2) : 0,
                judged, false);
        if (code != 0 && Icmp6Message.isNeighbourDiscovery(type)) {
            throw new Malformed("Neighbor Discovery message of type " + type + " with code " + code, start + 1);
        }
        body(d, n, c, type, depth);
    }

    private static void body(Dissector d, Node n, Cursor c, int type, int depth) throws Malformed {
        switch (type) {
            case Icmp6Message.ECHO_REQUEST, Icmp6Message.ECHO_REPLY -> {
                c.number(n, 2, "Identifier", "icmpv6.echo.identifier");
                c.number(n, 2, "Sequence Number", "icmpv6.echo.sequence_number");
                c.rest(n, "Data", "data");
            }
            case Icmp6Message.DESTINATION_UNREACHABLE, Icmp6Message.TIME_EXCEEDED -> {
                c.reserved(n, 4, "icmpv6");
                d.quoted(n, c, depth);
            }
            case Icmp6Message.PACKET_TOO_BIG -> {
                c.number(n, 4, "MTU", "icmpv6.mtu", v -> v + " octets");
                d.quoted(n, c, depth);
            }
            case Icmp6Message.PARAMETER_PROBLEM -> {
                c.number(n, 4, "Pointer", "icmpv6.pointer", Long::toString);
                d.quoted(n, c, depth);
            }
            case Icmp6Message.ROUTER_SOLICITATION -> {
                c.reserved(n, 4, "icmpv6");
                options(d, n, c, depth);
            }
            case Icmp6Message.ROUTER_ADVERTISEMENT -> {
                c.number(n, 1, "Cur Hop Limit", "icmpv6.nd.ra.cur_hop_limit");
                int flags = c.peek(0);
                flag(n, c, flags, 0x80, "Managed address configuration (M)", "icmpv6.nd.ra.flag.m");
                flag(n, c, flags, 0x40, "Other configuration (O)", "icmpv6.nd.ra.flag.o");
                flag(n, c, flags, 0x20, "Home Agent (H)", "icmpv6.nd.ra.flag.h");
                n.leaf("Router Preference", "icmpv6.nd.ra.flag.prf", c.at(), c.at() + 1, Integer.toString(flags >>> 3 & 3));
                c.skip(1);
                c.number(n, 2, "Router Lifetime", "icmpv6.nd.ra.router_lifetime", v -> v + " s");
                c.number(n, 4, "Reachable Time", "icmpv6.nd.ra.reachable_time", v -> v + " ms");
                c.number(n, 4, "Retrans Timer", "icmpv6.nd.ra.retrans_timer", v -> v + " ms");
                options(d, n, c, depth);
            }
            case Icmp6Message.NEIGHBOUR_SOLICITATION -> {
                c.reserved(n, 4, "icmpv6");
                n.value("Neighbor Solicitation for " + c.ip6(n, "Target Address", "icmpv6.nd.ns.target_address"));
                options(d, n, c, depth);
            }
            case Icmp6Message.NEIGHBOUR_ADVERTISEMENT -> {
                int flags = c.peek(0);
                flag(n, c, flags, 0x80, "Router (R)", "icmpv6.nd.na.flag.r");
                flag(n, c, flags, 0x40, "Solicited (S)", "icmpv6.nd.na.flag.s");
                flag(n, c, flags, 0x20, "Override (O)", "icmpv6.nd.na.flag.o");
                c.skip(4);
                n.value("Neighbor Advertisement of " + c.ip6(n, "Target Address", "icmpv6.nd.na.target_address"));
                options(d, n, c, depth);
            }
            case Icmp6Message.REDIRECT -> {
                c.reserved(n, 4, "icmpv6");
                c.ip6(n, "Target Address", "icmpv6.rd.na.target_address");
                c.ip6(n, "Destination Address", "icmpv6.rd.na.destination_address");
                options(d, n, c, depth);
            }
            case Icmp6Message.HOME_AGENT_DISCOVERY_REQUEST, Icmp6Message.MOBILE_PREFIX_SOLICITATION -> {
                identifier(n, c);
                c.reserved(n, 2, "icmpv6");
                c.rest(n, "Trailing octets", "icmpv6.trailing");
            }
            case Icmp6Message.HOME_AGENT_DISCOVERY_REPLY -> {
                identifier(n, c);
                c.reserved(n, 2, "icmpv6");
                while (c.left() > 0) {
                    c.ip6(n, "Home Agent Address", "icmpv6.mip6.home_agent_address");
                }
            }
            case Icmp6Message.MOBILE_PREFIX_ADVERTISEMENT -> {
                identifier(n, c);
                int flags = c.peek(0);
                flag(n, c, flags, 0x80, "Managed address configuration (M)", "icmpv6.mip6.flag.m");
                flag(n, c, flags, 0x40, "Other configuration (O)", "icmpv6.mip6.flag.o");
                c.skip(2);
                options(d, n, c, depth);
            }
            default -> c.rest(n, "Body", "icmpv6.body");
        }
    }

    private static void identifier(Node n, Cursor c) throws Malformed {
        c.hex(n, 2, "Identifier", "icmpv6.mip6.identifier");
    }

    private static void flag(Node n, Cursor c, int flags, int mask, String name, String abbreviation) {
        n.leaf(name, abbreviation, c.at(), c.at() + 1, Dissector.flag(flags & mask));
    }

    private static void options(Dissector d, Node in, Cursor c, int depth) throws Malformed {
        while (c.left() > 0) {
            option(d, in, c, depth);
        }
    }

    private static void option(Dissector d, Node in, Cursor c, int depth) throws Malformed {
        int start = c.at();
        int type = c.peek(0);
        String name = switch (type) {
            case NdOption.SOURCE_LINK_LAYER -> "Source Link-Layer Address option";
            case NdOption.TARGET_LINK_LAYER -> "Target Link-Layer Address option";
            case NdOption.PREFIX_INFORMATION -> "Prefix Information option";
            case NdOption.REDIRECTED_HEADER -> "Redirected Header option";
            case NdOption.MTU -> "MTU option";
            case NdOption.ADVERTISEMENT_INTERVAL -> "Advertisement Interval option";
            case NdOption.HOME_AGENT_INFORMATION -> "Home Agent Information option";
            default -> "Option " + type;
        };
        Node n = in.group(name, "icmpv6.opt", start);
        c.number(n, 1, "Type", "icmpv6.opt.type");
        int size = 8 * (int) c.number(n, 1, "Length", "icmpv6.opt.length", v -> v + " (" + 8 * v + " octets)");
        if (size == 0) {
            throw new Malformed("Neighbor Discovery option of length 0", start + 1);
        }
        if (size - 2 > c.left()) {
            throw new Malformed("Neighbor Discovery option " + type + " runs " + (size - 2 - c.left()) + " octets past the message", start + 1);
        }
        int right = switch (type) {
            case NdOption.PREFIX_INFORMATION -> 32;
            case NdOption.SOURCE_LINK_LAYER, NdOption.TARGET_LINK_LAYER, NdOption.MTU, NdOption.ADVERTISEMENT_INTERVAL,
                 NdOption.HOME_AGENT_INFORMATION -> 8;
            default -> size;
        };
        if (size != right) {
            throw new Malformed("Neighbor Discovery option " + type + " takes " + right + " octets, not " + size, start + 1);
        }
        Cursor o = c.part(size - 2);
        switch (type) {
            case NdOption.SOURCE_LINK_LAYER, NdOption.TARGET_LINK_LAYER ->
                    n.value(o.mac(n, "Link-Layer Address", "icmpv6.opt.linkaddr").toString());
            case NdOption.PREFIX_INFORMATION -> {
                int length = o.number(n, 1, "Prefix Length", "icmpv6.opt.prefix.length");
                int flags = o.peek(0);
                flag(n, o, flags, 0x80, "On-link (L)", "icmpv6.opt.prefix.flag.l");
                flag(n, o, flags, 0x40, "Autonomous (A)", "icmpv6.opt.prefix.flag.a");
                flag(n, o, flags, 0x20, "Router Address (R)", "icmpv6.opt.prefix.flag.r");
                o.skip(1);
                o.number(n, 4, "Valid Lifetime", "icmpv6.opt.prefix.valid_lifetime", Icmp6Dissector::lifetime);
                o.number(n, 4, "Preferred Lifetime", "icmpv6.opt.prefix.preferred_lifetime", Icmp6Dissector::lifetime);
                o.reserved(n, 4, "icmpv6.opt");
                n.value(o.ip6(n, "Prefix", "icmpv6.opt.prefix") + "/" + length);
            }
            case NdOption.REDIRECTED_HEADER -> {
                o.reserved(n, 6, "icmpv6.opt");
                d.quoted(n, o, depth);
            }
            case NdOption.MTU -> {
                o.reserved(n, 2, "icmpv6.opt");
                o.number(n, 4, "MTU", "icmpv6.opt.mtu", v -> v + " octets");
            }
            case NdOption.ADVERTISEMENT_INTERVAL -> {
                o.reserved(n, 2, "icmpv6.opt");
                o.number(n, 4, "Advertisement Interval", "icmpv6.opt.advertisement_interval", v -> v + " ms");
            }
            case NdOption.HOME_AGENT_INFORMATION -> {
                o.reserved(n, 2, "icmpv6.opt");
                o.number(n, 2, "Home Agent Preference", "icmpv6.opt.home_agent_preference");
                o.number(n, 2, "Home Agent Lifetime", "icmpv6.opt.home_agent_lifetime", v -> v + " s");
            }
            default -> o.rest(n, "Data", "icmpv6.opt.data");
        }
    }

    private static String lifetime(long seconds) {
        return seconds == NdOption.INFINITY ? seconds + " (infinity)" : seconds + " s";
    }

    /** What a code means, in brackets, "" if nothing special. */
    static String code(int type, int code) {
        String name = switch (type) {
            case Icmp6Message.DESTINATION_UNREACHABLE -> switch (code) {
                case 0 -> "no route to destination";
                case 1 -> "administratively prohibited";
                case 2 -> "beyond scope of source address";
                case 3 -> "address unreachable";
                case 4 -> "port unreachable";
                case 5 -> "source address failed policy";
                case 6 -> "reject route to destination";
                default -> "";
            };
            case Icmp6Message.TIME_EXCEEDED -> switch (code) {
                case 0 -> "hop limit exceeded in transit";
                case 1 -> "fragment reassembly time exceeded";
                default -> "";
            };
            case Icmp6Message.PARAMETER_PROBLEM -> switch (code) {
                case 0 -> "erroneous header field";
                case 1 -> "unrecognized next header";
                case 2 -> "unrecognized option";
                default -> "";
            };
            default -> "";
        };
        return name.isEmpty() ? "" : " (" + name + ")";
    }
}
