package careof.engine.decode;

import careof.engine.base.Ip6Address;
import careof.engine.base.Malformed;
import careof.engine.wire.ip.IpProtocol;
import careof.engine.wire.mobility.BindingStatus;
import careof.engine.wire.mobility.MobilityMessage;
import careof.engine.wire.mobility.MobilityOption;

/** The Mobility Header, its messages and options. */
final class MobilityDissector {
    private MobilityDissector() {}

    static void dissect(Dissector d, Node parent, Cursor c, Pseudo pseudo) throws Malformed {
        Node n = d.open(parent, "Mobility Header", "mip6", c);
        int start = c.at();
        int there = c.left();
        c.number(n, 1, "Payload Proto", "mip6.proto", v -> v + " (" + IpProtocol.name((int) v) + ")");
        int length = 8 + 8 * (int) c.number(n, 1, "Header Len", "mip6.hlen", v -> v + " (" + (8 + 8 * v) + " octets)");
        int type = (int) c.number(n, 1, "MH Type", "mip6.mhtype", v -> v + " (" + MobilityMessage.name((int) v) + ")");
        n.value(MobilityMessage.name(type));
        c.reserved(n, 1, "mip6");
        int found = (int) c.take(2);
        if (length != there && pseudo.whole() || length < there) {
            throw new Malformed("Mobility Header length is " + length + ", " + there + " octets are there", start + 1);
        }
        boolean judged = pseudo.judged() && pseudo.source() instanceof Ip6Address;
        Pseudo.verdict(n, "mip6", start + 4, found, judged ? pseudo.right(IpProtocol.MOBILITY, c.since(start), 4) : 0,
                judged, false);
        if (length < MobilityMessage.fixedLength(type)) {
            throw new Malformed("Mobility Header of " + length + " octets is too short for a " + MobilityMessage.name(type), start + 1);
        }
        message(n, c, type);
    }

    private static void message(Node n, Cursor c, int type) throws Malformed {
        switch (type) {
            case MobilityMessage.BINDING_REFRESH_REQUEST -> c.reserved(n, 2, "mip6");
            case MobilityMessage.HOME_TEST_INIT -> {
                c.reserved(n, 2, "mip6");
                c.hex(n, 8, "Home Init Cookie", "mip6.hoti.cookie");
            }
            case MobilityMessage.CARE_OF_TEST_INIT -> {
                c.reserved(n, 2, "mip6");
                c.hex(n, 8, "Care-of Init Cookie", "mip6.coti.cookie");
            }
            case MobilityMessage.HOME_TEST -> {
                c.number(n, 2, "Home Nonce Index", "mip6.hot.nindex");
                c.hex(n, 8, "Home Init Cookie", "mip6.hot.cookie");
                c.hex(n, 8, "Home Keygen Token", "mip6.hot.token");
            }
            case MobilityMessage.CARE_OF_TEST -> {
                c.number(n, 2, "Care-of Nonce Index", "mip6.cot.nindex");
                c.hex(n, 8, "Care-of Init Cookie", "mip6.cot.cookie");
                c.hex(n, 8, "Care-of Keygen Token", "mip6.cot.token");
            }
            case MobilityMessage.BINDING_UPDATE -> {
                c.number(n, 2, "Sequence #", "mip6.bu.seqnr");
                int flags = c.peek(0);
                flag(n, c, flags, 0x80, "Acknowledge (A)", "mip6.bu.a_flag");
                flag(n, c, flags, 0x40, "Home Registration (H)", "mip6.bu.h_flag");
                flag(n, c, flags, 0x20, "Link-Local Address Compatibility (L)", "mip6.bu.l_flag");
                flag(n, c, flags, 0x10, "Key Management Mobility Capability (K)", "mip6.bu.k_flag");
                c.skip(2);
                c.number(n, 2, "Lifetime", "mip6.bu.lifetime", MobilityDissector::lifetime);
            }
            case MobilityMessage.BINDING_ACKNOWLEDGEMENT -> {
                c.number(n, 1, "Status", "mip6.ba.status", v -> v + " (" + BindingStatus.name((int) v) + ")");
                flag(n, c, c.peek(0), 0x80, "Key Management Mobility Capability (K)", "mip6.ba.k_flag");
                c.skip(1);
                c.number(n, 2, "Sequence #", "mip6.ba.seqnr");
                c.number(n, 2, "Lifetime", "mip6.ba.lifetime", MobilityDissector::lifetime);
            }
            case MobilityMessage.BINDING_ERROR -> {
                c.number(n, 1, "Status", "mip6.be.status", v -> v + " (" + BindingStatus.errorName((int) v) + ")");
                c.reserved(n, 1, "mip6");
                c.ip6(n, "Home Address", "mip6.be.haddr");
            }
            default -> c.rest(n, "Message Data", "mip6.data");
        }
        while (c.left() > 0) {
            option(n, c);
        }
    }

    private static void flag(Node n, Cursor c, int flags, int mask, String name, String abbreviation) {
        n.leaf(name, abbreviation, c.at(), c.at() + 1, Dissector.flag(flags & mask));
    }

    private static String lifetime(long units) {
        return units + (units == MobilityMessage.INFINITE_LIFETIME ? " (infinite)" : " (" + units * MobilityMessage.LIFETIME_UNIT + " s)");
    }

    private static void option(Node in, Cursor c) throws Malformed {
        int start = c.at();
        int type = c.peek(0);
        String name = switch (type) {
            case MobilityOption.PAD1 -> "Pad1";
            case MobilityOption.PADN -> "PadN";
            case MobilityOption.BINDING_REFRESH_ADVICE -> "Binding Refresh Advice option";
            case MobilityOption.ALTERNATE_CARE_OF_ADDRESS -> "Alternate Care-of Address option";
            case MobilityOption.NONCE_INDICES -> "Nonce Indices option";
            case MobilityOption.BINDING_AUTHORIZATION_DATA -> "Binding Authorization Data option";
            case MobilityOption.IP4_HOME_ADDRESS -> "IPv4 Home Address option";
            case MobilityOption.IP4_ADDRESS_ACKNOWLEDGEMENT -> "IPv4 Address Acknowledgement option";
            case MobilityOption.NAT_DETECTION -> "NAT Detection option";
            case MobilityOption.IP4_CARE_OF_ADDRESS -> "IPv4 Care-of Address option";
            default -> "Option " + type;
        };
        Node n = in.group(name, "mip6.options", start);
        c.number(n, 1, "Option Type", "mip6.options.type");
        if (type == MobilityOption.PAD1) {
            return;
        }
        int length = c.number(n, 1, "Option Length", "mip6.options.length");
        if (length > c.left()) {
            throw new Malformed("mobility option " + type + " runs " + (length - c.left()) + " octets past the message", start);
        }
        int right = switch (type) {
            case MobilityOption.BINDING_REFRESH_ADVICE -> 2;
            case MobilityOption.ALTERNATE_CARE_OF_ADDRESS -> 16;
            case MobilityOption.NONCE_INDICES -> 4;
            case MobilityOption.IP4_HOME_ADDRESS, MobilityOption.IP4_ADDRESS_ACKNOWLEDGEMENT, MobilityOption.NAT_DETECTION, MobilityOption.IP4_CARE_OF_ADDRESS -> 6;
            default -> length;
        };
        if (length != right) {
            throw new Malformed("mobility option " + type + " has length " + length + ", not " + right, start + 1);
        }
        Cursor o = c.part(length);
        switch (type) {
            case MobilityOption.PADN -> o.rest(n, "Padding", "mip6.options.padn");
            case MobilityOption.BINDING_REFRESH_ADVICE ->
                    o.number(n, 2, "Refresh Interval", "mip6.bra.interval", MobilityDissector::lifetime);
            case MobilityOption.ALTERNATE_CARE_OF_ADDRESS ->
                    n.value(o.ip6(n, "Alternate Care-of Address", "mip6.acoa.acoa").toString());
            case MobilityOption.NONCE_INDICES -> {
                o.number(n, 2, "Home Nonce Index", "mip6.ni.hni");
                o.number(n, 2, "Care-of Nonce Index", "mip6.ni.cni");
            }
            case MobilityOption.BINDING_AUTHORIZATION_DATA -> o.rest(n, "Authenticator", "mip6.bad.auth");
            case MobilityOption.IP4_HOME_ADDRESS -> {
                int at = o.at();
                int bits = (int) o.take(2);
                n.leaf("Prefix Length", "mip6.ipv4ha.preflen", at, at + 1, Integer.toString(bits >>> 10));
                n.leaf("Mobile Network Prefix", "mip6.ipv4ha.p_flag", at, at + 1, Dissector.flag(bits & 0x200));
                n.value(o.ip4(n, "IPv4 Home Address", "mip6.ipv4ha.ha").toString());
            }
            case MobilityOption.IP4_ADDRESS_ACKNOWLEDGEMENT -> {
                o.number(n, 1, "Status", "mip6.ipv4aa.sts", v -> v + " (" + MobilityOption.Ip4AddressAcknowledgement.name((int) v) + ")");
                o.number(n, 1, "Prefix Length", "mip6.ipv4aa.preflen", v -> Long.toString(v >>> 2));
                n.value(o.ip4(n, "IPv4 Home Address", "mip6.ipv4aa.ha").toString());
            }
            case MobilityOption.NAT_DETECTION -> {
                int at = o.at();
                n.leaf("Force UDP Encapsulation", "mip6.natd.f_flag", at, at + 1, Dissector.flag(o.take(2) & 0x8000));
                o.number(n, 4, "Refresh Time", "mip6.natd.refresh_t", v -> v + (v == MobilityOption.NatDetection.NO_NAT ? " (no NAT)" : " s"));
            }
            case MobilityOption.IP4_CARE_OF_ADDRESS -> {
                o.reserved(n, 2, "mip6.ipv4coa");
                n.value(o.ip4(n, "IPv4 Care-of Address", "mip6.ipv4coa.addr").toString());
            }
            default -> o.rest(n, "Option Data", "mip6.options.data");
        }
    }
}
