package careof.engine.decode;

import careof.engine.base.Malformed;
import careof.engine.base.Octets;
import careof.engine.wire.ip.IpProtocol;
import careof.engine.wire.isakmp.Identification;
import careof.engine.wire.isakmp.NotifyType;
import careof.engine.wire.isakmp.Payload;
import careof.engine.wire.isakmp.SecurityProtocol;
import careof.engine.wire.isakmp.VendorIds;

/** What is within the payloads of ISAKMP messages, but for associations; see {@link IsakmpAssociation}. */
final class IsakmpPayloads {
    private IsakmpPayloads() {}

    static void body(Node p, int type, Cursor c) throws Malformed {
        switch (type) {
            case Payload.SECURITY_ASSOCIATION -> IsakmpAssociation.dissect(p, c);
            case Payload.PROPOSAL, Payload.TRANSFORM -> throw new Malformed(Payload.name(type) + " payload: stands outside of a Security Association", c.at());
            case Payload.KEY_EXCHANGE -> opaque(p, c, "Key Exchange Data", "isakmp.key_exchange.data");
            case Payload.IDENTIFICATION -> identification(p, c);
            case Payload.CERTIFICATE -> {
                int encoding = (int) encoding(p, c, "Certificate Encoding", "isakmp.cert.encoding");
                p.value(Payload.Certificate.name(encoding));
                Octets data = c.ahead();
                int start = c.at();
                c.rest(p, "Certificate Data", "isakmp.cert.data");
                CertificateFields.add(p, encoding, data, start, c.at());
            }
            case Payload.CERTIFICATE_REQUEST -> {
                p.value(Payload.Certificate.name((int) encoding(p, c, "Certificate Type", "isakmp.certreq.type")) + ", of "
                        + (c.left() == 0 ? "any authority" : CertificateFields.name(c.ahead())));
                name(p, c, "Certificate Authority", "isakmp.ike.certreq.authority");
            }
            case Payload.HASH -> opaque(p, c, "Hash Data", "isakmp.hash");
            case Payload.SIGNATURE -> opaque(p, c, "Signature Data", "isakmp.sig");
            case Payload.NONCE -> opaque(p, c, "Nonce Data", "isakmp.nonce");
            case Payload.NOTIFICATION -> notification(p, c);
            case Payload.DELETE -> delete(p, c);
            case Payload.VENDOR_ID -> vendor(p, c);
            case Payload.NAT_DISCOVERY -> opaque(p, c, "Hash of Address and Port", "isakmp.ike.nat_hash");
            case Payload.NAT_ORIGINAL_ADDRESS -> originalAddress(p, c);
            case Payload.FRAGMENT -> {
                c.hex(p, 2, "Fragment ID", "isakmp.frag.packetid");
                int number = c.number(p, 1, "Fragment Number", "isakmp.frag.seq");
                int flags = c.number(p, 1, "Last Fragment", "isakmp.frag.last");
                p.value("piece " + number + ((flags & Payload.Fragment.LAST) != 0 ? ", the last" : ""));
                c.rest(p, "Fragment Data", "isakmp.frag.data");
            }
            default -> c.rest(p, "Data", "isakmp.datapayload");
        }
    }

    private static void opaque(Node p, Cursor c, String name, String abbreviation) throws Malformed {
        p.value(c.left() + " octets");
        c.rest(p, name, abbreviation);
    }

    private static long encoding(Node p, Cursor c, String name, String abbreviation) throws Malformed {
        return c.number(p, 1, name, abbreviation, v -> v + " (" + Payload.Certificate.name((int) v) + ")");
    }

    static void protocol(Node p, Cursor c, String abbreviation) throws Malformed {
        c.number(p, 1, "Protocol ID", abbreviation, v -> v + " (" + SecurityProtocol.name((int) v) + ")");
    }

    private static void identification(Node p, Cursor c) throws Malformed {
        int type = (int) c.number(p, 1, "ID Type", "isakmp.id.type", v -> v + " (" + Identification.name((int) v) + ")");
        int protocol = (int) c.number(p, 1, "Protocol", "isakmp.id.protoid", v -> v + (v == 0 ? " (any)" : " (" + IpProtocol.name((int) v) + ")"));
        int port = (int) c.number(p, 2, "Port", "isakmp.id.port", v -> v + (v == 0 ? " (any)" : ""));
        Identification id = new Identification(type, protocol, port, c.ahead());
        p.value(CertificateFields.text(id) + (protocol == 0 ? "" : ", " + IpProtocol.name(protocol)) + (port == 0 ? "" : " port " + port));
        switch (type) {
            case Identification.IPV4_ADDR, Identification.IPV6_ADDR, Identification.HOME_ADDRESS -> addresses(p, c, type, "Address");
            case Identification.IPV4_ADDR_SUBNET, Identification.IPV6_ADDR_SUBNET -> addresses(p, c, type, "Subnet", "Mask");
            case Identification.IPV4_ADDR_RANGE, Identification.IPV6_ADDR_RANGE -> addresses(p, c, type, "First Address", "Last Address");
            case Identification.FQDN -> text(p, c, "Domain Name", "isakmp.id.data.fqdn", id);
            case Identification.USER_FQDN -> text(p, c, "User Name", "isakmp.id.data.user_fqdn", id);
            case Identification.KEY_ID -> c.rest(p, "Key ID", "isakmp.id.data.key_id");
            case Identification.DER_ASN1_DN -> name(p, c, "Distinguished Name", "isakmp.id.dn");
            default -> c.rest(p, "Identification Data", "isakmp.id.octets");
        }
    }

    private static void name(Node p, Cursor c, String name, String abbreviation) throws Malformed {
        int start = c.at();
        String text = CertificateFields.name(c.ahead());
        if (c.left() > 0) {
            c.skip(c.left());
            p.leaf(name, abbreviation, start, c.at(), text);
        }
    }

    /** Addresses of the type's family; octets that are no such addresses stay as they are. */
    private static void addresses(Node p, Cursor c, int type, String... names) throws Malformed {
        boolean four = switch (type) {
            case Identification.IPV4_ADDR, Identification.IPV4_ADDR_SUBNET, Identification.IPV4_ADDR_RANGE -> true;
            case Identification.HOME_ADDRESS -> c.left() == 4;
            default -> false;
        };
        if (c.left() != names.length * (four ? 4 : 16)) {
            c.rest(p, "Identification Data", "isakmp.id.octets");
            return;
        }
        for (int i = 0; i < names.length; i++) {
            String word = "isakmp.id.data." + word(type, i == 0);
            if (four) {
                c.ip4(p, names[i], word);
            } else {
                c.ip6(p, names[i], word);
            }
        }
    }

    private static String word(int type, boolean first) {
        return switch (type) {
            case Identification.IPV4_ADDR -> "ipv4_addr";
            case Identification.IPV6_ADDR -> "ipv6_addr";
            case Identification.IPV4_ADDR_SUBNET -> first ? "ipv4_subnet" : "ipv4_mask";
            case Identification.IPV6_ADDR_SUBNET -> first ? "ipv6_subnet" : "ipv6_mask";
            case Identification.IPV4_ADDR_RANGE -> first ? "ipv4_range_start" : "ipv4_range_end";
            case Identification.IPV6_ADDR_RANGE -> first ? "ipv6_range_start" : "ipv6_range_end";
            default -> "home_address";
        };
    }

    private static void text(Node p, Cursor c, String name, String abbreviation, Identification id) throws Malformed {
        int start = c.at();
        c.skip(c.left());
        p.leaf(name, abbreviation, start, c.at(), id.text().substring(id.text().indexOf(':') + 1));
    }

    private static void notification(Node p, Cursor c) throws Malformed {
        doi(p, c, "isakmp.notify.doi");
        int protocol = c.peek(0);
        protocol(p, c, "isakmp.notify.protoid");
        int spiSize = c.number(p, 1, "SPI Size", "isakmp.spisize");
        int type = (int) c.number(p, 2, "Notify Message Type", "isakmp.notify.msgtype", v -> v + " (" + NotifyType.name((int) v) + ")");
        p.value(NotifyType.name(type) + " for " + SecurityProtocol.name(protocol));
        if (spiSize > 0) {
            c.raw(p, spiSize, "SPI", "isakmp.spi");
        }
        boolean probe = c.left() == 4 && (type == NotifyType.R_U_THERE || type == NotifyType.R_U_THERE_ACK);
        if (probe) {
            String word = type == NotifyType.R_U_THERE ? "are_you_there" : "are_you_there_ack";
            p.value(NotifyType.name(type) + " " + c.number(p, 4, "Sequence", "isakmp.notify.data.dpd." + word, Long::toString));
        } else if (type == NotifyType.RESPONDER_LIFETIME) {
            lifetime(p, c, protocol);
        } else {
            c.rest(p, "Notification Data", "isakmp.notify.data");
        }
    }

    /** What is no attributes is no error of the payload's form, but one here. */
    private static void lifetime(Node p, Cursor c, int protocol) throws Malformed {
        Cursor data = c.part(c.left());
        Node attributes = p.group("Notification Data", "isakmp.notify.data.resp_lifetime", data.at());
        attributes.endsAt(data.end());
        try {
            attributes.value(String.join(", ", IsakmpAssociation.attributes(attributes, data, protocol == SecurityProtocol.ISAKMP,
                    "isakmp.notify.data.resp_lifetime.")));
        } catch (Malformed e) {
            attributes.error("Malformed", "_ws.malformed", Math.min(e.at(), data.end()), data.end(), e.getMessage());
        }
    }

    static long doi(Node p, Cursor c, String abbreviation) throws Malformed {
        return c.number(p, 4, "Domain of Interpretation", abbreviation, v -> v + switch ((int) v) {
            case 0 -> " (ISAKMP)";
            case 1 -> " (IPsec)";
            default -> "";
        });
    }

    private static void delete(Node p, Cursor c) throws Malformed {
        doi(p, c, "isakmp.delete.doi");
        int protocol = c.peek(0);
        protocol(p, c, "isakmp.delete.protoid");
        int at = c.at();
        int size = c.number(p, 1, "SPI Size", "isakmp.spisize");
        int count = c.number(p, 2, "Number of SPIs", "isakmp.spinum");
        p.value(count + (count == 1 ? " SA of " : " SAs of ") + SecurityProtocol.name(protocol));
        if (size == 0 && count > 0 || size * count != c.left()) {
            throw new Malformed(count + " SPIs of " + size + " octets, " + c.left() + " octets are there", at);
        }
        for (int i = 0; i < count; i++) {
            c.raw(p, size, "SPI", "isakmp.delete.spi");
        }
    }

    private static void vendor(Node p, Cursor c) throws Malformed {
        Octets data = c.ahead();
        int start = c.at();
        c.rest(p, "Vendor ID", "isakmp.vid_bytes");
        VendorIds.name(data).ifPresent(name -> {
            p.value(name);
            p.leaf("Known as", "isakmp.vid_name", start, c.at(), name);
        });
    }

    private static void originalAddress(Node p, Cursor c) throws Malformed {
        int at = c.at();
        int type = (int) c.number(p, 1, "ID Type", "isakmp.id.type", v -> v + " (" + Identification.name((int) v) + ")");
        if (c.peek(0) != 0 || c.peek(1) != 0 || c.peek(2) != 0) {
            throw new Malformed("reserved octets are not zero", at + 1);
        }
        c.reserved(p, 3, "isakmp");
        switch (type) {
            case Identification.IPV4_ADDR -> p.value(c.ip4(p, "Address", "isakmp.ike.nat_original_address_ipv4").toString());
            case Identification.IPV6_ADDR -> p.value(c.ip6(p, "Address", "isakmp.ike.nat_original_address_ipv6").toString());
            default -> throw new Malformed(Identification.name(type) + " is no single address", at);
        }
        IsakmpAssociation.end(c);
    }
}
