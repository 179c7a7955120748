package careof.engine.wire.isakmp;

import careof.engine.base.Ip4Address;
import careof.engine.base.Ip4Prefix;
import careof.engine.base.Ip6Address;
import careof.engine.base.IpAddress;
import careof.engine.base.IpPrefix;
import careof.engine.base.Malformed;
import careof.engine.base.OctetReader;
import careof.engine.base.OctetWriter;
import careof.engine.base.Octets;
import careof.engine.base.Prefix;
import careof.engine.wire.Bits;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * An identification payload (RFC 2408 section 3.8, RFC 2407 section 4.6.2): who a peer is in phase one, which packets an SA is for in phase two.
 *
 * <pre>
 *   0   | ID type (1) | protocol (1) | port (2) |
 *   4   | data, as the ID type says ...         |
 * </pre>
 *
 * <p>Data that does not fit its type, for instance an IPv4 address of five octets, is no error of the payload's form: {@link #range()} and
 * {@link #address()} are empty then, and the answer is INVALID-ID-INFORMATION.
 *
 * @param idType   see the constants
 * @param protocol of IP, 0: any; in phase one 0, or UDP with port 500
 * @param port     0: any
 * @param data     whatever the type wants; {@link #comparable} decides whether two identities are the same
 */
public record Identification(int idType, int protocol, int port, Octets data) implements Payload {
    public static final int IPV4_ADDR = 1;
    public static final int FQDN = 2;
    public static final int USER_FQDN = 3;
    public static final int IPV4_ADDR_SUBNET = 4;
    public static final int IPV6_ADDR = 5;
    public static final int IPV6_ADDR_SUBNET = 6;
    public static final int IPV4_ADDR_RANGE = 7;
    public static final int IPV6_ADDR_RANGE = 8;
    public static final int DER_ASN1_DN = 9;
    public static final int DER_ASN1_GN = 10;
    public static final int KEY_ID = 11;
    /**
     * Home Address Identity, recommendation K of the draft, of the private-use types (249 to 255): one IPv4 or IPv6 address that a mobile node
     * is known by wherever it is. Unlike an address of type 1 or 5 it is not compared with the address that packets come from.
     */
    public static final int HOME_ADDRESS = 250;

    /** All addresses of one family from {@code low} to {@code high}, both included. */
    public record Range(IpAddress low, IpAddress high) {}

    public Identification {
        Bits.fit(idType, 8, "ID type");
        Bits.fit(protocol, 8, "protocol");
        Bits.fit(port, 16, "port");
    }

    private static Identification of(int idType, Octets data) {
        return new Identification(idType, 0, 0, data);
    }

    public static Identification of(IpAddress address) {
        return of(address instanceof Ip4Address ? IPV4_ADDR : IPV6_ADDR, octets(address));
    }

    /** A subnet, of a whole length of address a subnet still: {@link #of(IpAddress)} is for one address. */
    public static Identification of(IpPrefix prefix) {
        return of(prefix instanceof Ip4Prefix ? IPV4_ADDR_SUBNET : IPV6_ADDR_SUBNET, octets(prefix.address(), mask(prefix)));
    }

    /** A range; both addresses are of one family. */
    public static Identification of(Range range) {
        return of(range.low instanceof Ip4Address ? IPV4_ADDR_RANGE : IPV6_ADDR_RANGE, octets(range.low, range.high));
    }

    /** @param name US-ASCII, for instance {@code mn.lab} */
    public static Identification fqdn(String name) {
        return of(FQDN, Octets.wrap(name.getBytes(StandardCharsets.US_ASCII)));
    }

    /** @param name US-ASCII, for instance {@code user@mn.lab} */
    public static Identification userFqdn(String name) {
        return of(USER_FQDN, Octets.wrap(name.getBytes(StandardCharsets.US_ASCII)));
    }

    /** @param der a distinguished name of X.500 */
    public static Identification dn(Octets der) {
        return of(DER_ASN1_DN, der);
    }

    public static Identification keyId(Octets id) {
        return of(KEY_ID, id);
    }

    /** The Home Address Identity, see {@link #HOME_ADDRESS}. */
    public static Identification homeAddress(IpAddress address) {
        return of(HOME_ADDRESS, octets(address));
    }

    public Identification withSelector(int newProtocol, int newPort) {
        return new Identification(idType, newProtocol, newPort, data);
    }

    /**
     * The form in which two identities are compared: of no protocol and port, and with small letters where case does not count, which are those of a domain
     * name (RFC 1035 section 2.3.3) and of a mail address's host.
     */
    public Identification comparable() {
        return switch (idType) {
            case FQDN -> of(idType, small(0));
            case USER_FQDN -> of(idType, small(lastAt() < 0 ? data.length() : lastAt()));
            default -> of(idType, data);
        };
    }

    private int lastAt() {
        int at = data.length() - 1;
        while (at >= 0 && data.at(at) != '@') {
            at--;
        }
        return at;
    }

    private Octets small(int from) {
        byte[] octets = data.toArray();
        for (int i = from; i < octets.length; i++) {
            octets[i] += octets[i] >= 'A' && octets[i] <= 'Z' ? 'a' - 'A' : 0;
        }
        return Octets.wrap(octets);
    }

    @Override
    public int type() {
        return IDENTIFICATION;
    }

    @Override
    public Octets body() {
        return new OctetWriter(4 + data.length()).u8(idType).u8(protocol).u16(port).octets(data).toOctets();
    }

    /** The one address that types {@link #IPV4_ADDR}, {@link #IPV6_ADDR} and {@link #HOME_ADDRESS} hold. */
    public Optional<IpAddress> address() {
        return switch (idType) {
            case IPV4_ADDR, IPV6_ADDR -> range().map(Range::low);
            case HOME_ADDRESS -> data.length() == 4 ? Optional.of(address(0, true)) : data.length() == 16 ? Optional.of(address(0, false))
                    : Optional.empty();
            default -> Optional.empty();
        };
    }

    /** The addresses that an address, a subnet or a range of them stands for; empty also if a mask has holes or a range ends before it begins. */
    public Optional<Range> range() {
        return switch (idType) {
            case IPV4_ADDR -> data.length() == 4 ? range(address(0, true), address(0, true)) : Optional.empty();
            case IPV6_ADDR -> data.length() == 16 ? range(address(0, false), address(0, false)) : Optional.empty();
            case IPV4_ADDR_RANGE -> data.length() == 8 ? range(address(0, true), address(4, true)) : Optional.empty();
            case IPV6_ADDR_RANGE -> data.length() == 32 ? range(address(0, false), address(16, false)) : Optional.empty();
            case IPV4_ADDR_SUBNET, IPV6_ADDR_SUBNET -> prefix().map(prefix -> new Range(prefix.address(), last(prefix)));
            default -> Optional.empty();
        };
    }

    /** The prefix that a subnet stands for; bits of the address that its mask leaves out are not kept. */
    public Optional<IpPrefix> prefix() {
        if (idType == IPV4_ADDR_SUBNET && data.length() == 8 && address(4, true) instanceof Ip4Address mask) {
            return prefix(address(0, true), mask, Integer.numberOfLeadingZeros(~mask.bits()));
        }
        if (idType == IPV6_ADDR_SUBNET && data.length() == 32 && address(16, false) instanceof Ip6Address mask) {
            int high = Long.numberOfLeadingZeros(~mask.high());
            return prefix(address(0, false), mask, high < 64 ? high : 64 + Long.numberOfLeadingZeros(~mask.low()));
        }
        return Optional.empty();
    }

    private static Optional<IpPrefix> prefix(IpAddress address, IpAddress mask, int length) {
        IpPrefix prefix = switch (address) {
            case Ip4Address ip4 -> new Ip4Prefix(ip4, length);
            case Ip6Address ip6 -> new Prefix(ip6, length);
        };
        return mask(prefix).equals(mask) ? Optional.of(prefix) : Optional.empty();
    }

    private static Optional<Range> range(IpAddress low, IpAddress high) {
        return low.compareTo(high) <= 0 ? Optional.of(new Range(low, high)) : Optional.empty();
    }

    private static IpAddress mask(IpPrefix prefix) {
        return switch (prefix) {
            case Ip4Prefix p -> new Ip4Prefix(Ip4Address.BROADCAST, p.length()).address();
            case Prefix p -> mask(p);
        };
    }

    private static Ip6Address mask(Prefix prefix) {
        return new Prefix(new Ip6Address(-1, -1), prefix.length()).address();
    }

    private static IpAddress last(IpPrefix prefix) {
        return switch (prefix) {
            case Ip4Prefix p -> p.last();
            case Prefix p -> new Ip6Address(p.address().high() | ~mask(p).high(), p.address().low() | ~mask(p).low());
        };
    }

    private static Octets octets(IpAddress... addresses) {
        OctetWriter out = new OctetWriter(32);
        for (IpAddress address : addresses) {
            out.address(address);
        }
        return out.toOctets();
    }

    private IpAddress address(int at, boolean ip4) {
        OctetReader in = new OctetReader(data.from(at));
        try {
            return ip4 ? in.ip4() : in.ip6();
        } catch (Malformed e) {
            throw new IllegalStateException("the length was looked at before", e);
        }
    }

    /**
     * For people: "ip:2001:db8::1", "ip:2001:db8::/64", "ip:2001:db8::1-2001:db8::9", "fqdn:mn.lab", "mail:user@mn.lab", "home-address:2001:db8::1",
     * else the type and octets. Two that differ may have one text: what cannot be printed is a question mark.
     */
    public String text() {
        return switch (idType) {
            case IPV4_ADDR, IPV6_ADDR -> address().map(address -> "ip:" + address).orElse(opaque());
            case IPV4_ADDR_SUBNET, IPV6_ADDR_SUBNET -> prefix().map(prefix -> "ip:" + prefix).orElse(opaque());
            case IPV4_ADDR_RANGE, IPV6_ADDR_RANGE -> range().map(range -> "ip:" + range.low + "-" + range.high).orElse(opaque());
            case HOME_ADDRESS -> address().map(address -> "home-address:" + address).orElse(opaque());
            case FQDN -> "fqdn:" + printable(data);
            case USER_FQDN -> "mail:" + printable(data);
            default -> opaque();
        };
    }

    private String opaque() {
        String kind = switch (idType) {
            case DER_ASN1_DN -> "dn";
            case DER_ASN1_GN -> "gn";
            case KEY_ID -> "key-id";
            default -> name(idType);
        };
        return kind + ":0x" + data.slice(0, Math.min(data.length(), 256)).toHex() + (data.length() > 256 ? "..." : "");
    }

    private static String printable(Octets octets) {
        String text = new String(octets.slice(0, Math.min(octets.length(), 256)).toArray(), StandardCharsets.ISO_8859_1);
        return text.replaceAll("[^ -~]", "?") + (octets.length() > 256 ? "..." : "");
    }

    /** The name of an ID type, as RFC 2407 has it. */
    public static String name(int idType) {
        return switch (idType) {
            case IPV4_ADDR -> "ID_IPV4_ADDR";
            case FQDN -> "ID_FQDN";
            case USER_FQDN -> "ID_USER_FQDN";
            case IPV4_ADDR_SUBNET -> "ID_IPV4_ADDR_SUBNET";
            case IPV6_ADDR -> "ID_IPV6_ADDR";
            case IPV6_ADDR_SUBNET -> "ID_IPV6_ADDR_SUBNET";
            case IPV4_ADDR_RANGE -> "ID_IPV4_ADDR_RANGE";
            case IPV6_ADDR_RANGE -> "ID_IPV6_ADDR_RANGE";
            case DER_ASN1_DN -> "ID_DER_ASN1_DN";
            case DER_ASN1_GN -> "ID_DER_ASN1_GN";
            case KEY_ID -> "ID_KEY_ID";
            case HOME_ADDRESS -> "ID_HOME_ADDRESS";
            default -> "ID type " + idType;
        };
    }
}
