package careof.engine.decode;

import static careof.engine.wire.pfkey.PfKeyExtension.*;

import careof.engine.base.Malformed;
import careof.engine.base.Octets;
import careof.engine.crypto.Authentication;
import careof.engine.crypto.Encryption;
import careof.engine.wire.ip.IpProtocol;
import careof.engine.wire.pfkey.PfKeyError;
import careof.engine.wire.pfkey.PfKeyExtension;
import careof.engine.wire.pfkey.PfKeyMessage;
import careof.engine.wire.pfkey.PolicyExtension;
import java.util.function.LongFunction;

/**
 * PF_KEY messages as trees of fields. They are in the byte order of their host, here always little-endian. What cannot be read is an error
 * field where the tree ends; nothing is ever thrown.
 */
public final class PfKeyDissector {
    /** Extensions beyond are not followed: a message of half a megabyte could hold 65,000. */
    private static final int MOST_EXTENSIONS = 256;
    private static final int INET = 2;
    private static final int INET6 = 10;

    private PfKeyDissector() {}

    /** The tree of one message; its root covers all octets. */
    public static Field dissect(Octets message) {
        Node root = Node.root("PF_KEY", message.length() + " octets", message, "pfkey");
        Cursor c = new Cursor(message, 0, message.length());
        try {
            header(root, c);
            for (int count = 0; c.left() > 0; count++) {
                if (count == MOST_EXTENSIONS) {
                    throw new Malformed("more than " + MOST_EXTENSIONS + " extensions", c.at());
                }
                extension(root, c);
            }
        } catch (Malformed e) {
            root.error("Malformed", "_ws.malformed", Math.min(e.at(), message.length()), message.length(), e.getMessage());
        }
        return root.build();
    }

    /** A number of the host, one to eight octets. */
    private static long host(Node in, Cursor c, int count, String name, String abbreviation, LongFunction<String> text) throws Malformed {
        int start = c.at();
        long value = Long.reverseBytes(c.take(count)) >>> 64 - 8 * count;
        in.leaf(name, abbreviation, start, c.at(), text.apply(value));
        return value;
    }

    private static long host(Node in, Cursor c, int count, String name, String abbreviation) throws Malformed {
        return host(in, c, count, name, abbreviation, Long::toUnsignedString);
    }

    private static void header(Node root, Cursor c) throws Malformed {
        int there = c.left();
        c.number(root, 1, "Version", "pfkey.version");
        int type = (int) c.number(root, 1, "Type", "pfkey.type", v -> v + " (" + PfKeyMessage.name((int) v) + ")");
        int errno = (int) c.number(root, 1, "Error", "pfkey.errno", v -> v + " (" + PfKeyError.name((int) v) + ")");
        root.value(PfKeyMessage.name(type) + (errno == 0 ? "" : ", " + PfKeyError.name(errno)));
        c.number(root, 1, "SA Type", "pfkey.satype", v -> v + switch ((int) v) {
            case PfKeyMessage.ESP -> " (ESP)";
            case PfKeyMessage.AH -> " (AH)";
            default -> "";
        });
        long length = 8 * host(root, c, 2, "Length", "pfkey.len", v -> v + " (" + 8 * v + " octets)");
        c.reserved(root, 2, "pfkey");
        host(root, c, 4, "Sequence", "pfkey.seq");
        host(root, c, 4, "Process Id", "pfkey.pid", v -> v + (v == 0 ? " (kernel)" : ""));
        if (length != there) {
            throw new Malformed("the length is " + length + " octets, " + there + " are there", 4);
        }
    }

    private static void extension(Node root, Cursor c) throws Malformed {
        int start = c.at();
        Node n = root.group(PfKeyExtension.name(c.peek(2) | c.peek(3) << 8), "pfkey.ext", start);
        int length = 8 * (int) host(n, c, 2, "Length", "pfkey.ext.len", v -> v + " (" + 8 * v + " octets)");
        int type = (int) host(n, c, 2, "Type", "pfkey.ext.type", v -> v + " (" + PfKeyExtension.name((int) v) + ")");
        if (length < 8 || length - 4 > c.left()) {
            throw new Malformed("an extension of " + length + " octets, " + (c.left() + 4) + " are left", start);
        }
        Cursor e = c.part(length - 4);
        n.endsAt(c.at());
        switch (type) {
            case SA -> association(n, e);
            case LIFETIME_CURRENT, LIFETIME_HARD, LIFETIME_SOFT -> {
                host(n, e, 4, "Allocations", "pfkey.lifetime.allocations");
                host(n, e, 8, "Octets", "pfkey.lifetime.bytes");
                host(n, e, 8, type == LIFETIME_CURRENT ? "Made" : "From Its Making", "pfkey.lifetime.addtime", v -> Long.toUnsignedString(v) + " s");
                host(n, e, 8, type == LIFETIME_CURRENT ? "Used" : "From Its First Use", "pfkey.lifetime.usetime", v -> Long.toUnsignedString(v) + " s");
            }
            case ADDRESS_SRC, ADDRESS_DST, ADDRESS_PROXY, X_NAT_T_OA -> {
                protocol(n, e);
                int bits = e.number(n, 1, "Prefix Length", "pfkey.address.prefixlen");
                e.reserved(n, 2, "pfkey");
                n.value(socket(n, e) + "/" + bits);
            }
            case KEY_AUTH, KEY_ENCRYPT -> {
                int bits = (int) host(n, e, 2, "Bits", "pfkey.key.bits");
                e.reserved(n, 2, "pfkey");
                e.raw(n, (bits + 7) / 8, "Key", "pfkey.key");
                n.value(bits + " bits");
            }
            case IDENTITY_SRC, IDENTITY_DST -> {
                host(n, e, 2, "Identity Type", "pfkey.ident.type");
                e.reserved(n, 2, "pfkey");
                host(n, e, 8, "Id", "pfkey.ident.id");
                e.rest(n, "Identity", "pfkey.ident");
            }
            case SPIRANGE -> {
                host(n, e, 4, "Least SPI", "pfkey.spirange.min", v -> String.format("0x%08x", v));
                host(n, e, 4, "Most SPI", "pfkey.spirange.max", v -> String.format("0x%08x", v));
                e.reserved(n, 4, "pfkey");
            }
            case X_SA2 -> {
                mode(n, e);
                e.reserved(n, 3, "pfkey");
                host(n, e, 4, "Sequence", "pfkey.sa2.sequence");
                host(n, e, 4, "Request Id", "pfkey.reqid");
            }
            case X_NAT_T_TYPE -> {
                e.number(n, 1, "Kind", "pfkey.natt.type", v -> v + (v == 2 ? " (ESP in UDP)" : ""));
                e.reserved(n, 3, "pfkey");
            }
            case X_NAT_T_SPORT, X_NAT_T_DPORT -> {
                e.number(n, 2, "Port", "pfkey.natt.port");
                e.reserved(n, 2, "pfkey");
            }
            case SUPPORTED_AUTH, SUPPORTED_ENCRYPT -> supported(n, e, type);
            case PROPOSAL -> proposal(n, e);
            case X_POLICY -> policy(n, e);
            case X_KMADDRESS -> {
                e.reserved(n, 4, "pfkey");
                n.value(socket(n, e) + " → " + socket(n, e));
            }
            case X_SELECTOR -> selector(n, e);
            case X_INTERFACE -> e.rest(n, "Port", "pfkey.interface");
            case X_HIDING -> {
                host(n, e, 4, "Padding up to, octets", "pfkey.hiding.padding");
                host(n, e, 8, "A dummy packet each, ns", "pfkey.hiding.dummies");
            }
            default -> e.rest(n, "Data", "pfkey.ext.data");
        }
        e.rest(n, "Padding", "pfkey.padding");
    }

    private static void association(Node n, Cursor e) throws Malformed {
        n.value(String.format("0x%08x", e.hex(n, 4, "SPI", "pfkey.sa.spi")));
        e.number(n, 1, "Replay Window", "pfkey.sa.replay");
        e.number(n, 1, "State", "pfkey.sa.state", v -> v + switch ((int) v) {
            case Association.LARVAL -> " (larval)";
            case Association.MATURE -> " (mature)";
            case Association.DYING -> " (dying)";
            case Association.DEAD -> " (dead)";
            default -> "";
        });
        algorithm(n, e, true, "pfkey.sa.auth");
        algorithm(n, e, false, "pfkey.sa.encrypt");
        host(n, e, 4, "Flags", "pfkey.sa.flags", v -> String.format("0x%08x", v) + ((v & Association.EXTENDED_SEQUENCE) != 0 ? " (64-bit sequence numbers)" : ""));
    }

    private static void algorithm(Node n, Cursor e, boolean authentication, String abbreviation) throws Malformed {
        e.number(n, 1, authentication ? "Authentication" : "Encryption", abbreviation, v -> v + name(authentication, (int) v));
    }

    private static String name(boolean authentication, int number) {
        if (authentication) {
            for (Authentication a : Authentication.values()) {
                if (a.pfKey() == number) {
                    return " (" + a.text() + ")";
                }
            }
        } else {
            for (Encryption a : Encryption.values()) {
                if (a.pfKey() == number) {
                    return " (" + a.text() + ")";
                }
            }
        }
        return "";
    }

    private static void protocol(Node n, Cursor e) throws Malformed {
        e.number(n, 1, "Protocol", "pfkey.address.proto", v -> v + (v == 255 || v == 0 ? " (any)" : " (" + IpProtocol.name((int) v) + ")"));
    }

    private static void mode(Node n, Cursor e) throws Malformed {
        e.number(n, 1, "Mode", "pfkey.mode", v -> v + switch ((int) v) {
            case PolicyExtension.ANY_MODE -> " (any)";
            case PolicyExtension.TRANSPORT -> " (transport)";
            case PolicyExtension.TUNNEL -> " (tunnel)";
            default -> "";
        });
    }

    /** A socket address; gives its address. */
    private static String socket(Node n, Cursor e) throws Malformed {
        int at = e.at();
        int family = (int) host(n, e, 2, "Family", "pfkey.sockaddr.family", v -> v + (v == INET6 ? " (IPv6)" : v == INET ? " (IPv4)" : ""));
        if (family != INET && family != INET6) {
            throw new Malformed("address family " + family + " is neither IPv4 (2) nor IPv6 (10)", at);
        }
        e.number(n, 2, "Port or Type", "pfkey.sockaddr.port");
        if (family == INET) {
            String address = e.ip4(n, "Address", "pfkey.sockaddr.addr").toString();
            e.reserved(n, 8, "pfkey");
            return address;
        }
        e.reserved(n, 4, "pfkey");
        String address = e.ip6(n, "Address", "pfkey.sockaddr.addr").toString();
        e.reserved(n, 4, "pfkey");
        return address;
    }

    private static void supported(Node n, Cursor e, int type) throws Malformed {
        e.reserved(n, 4, "pfkey");
        while (e.left() > 0) {
            Node a = n.group("Algorithm", "pfkey.alg", e.at());
            algorithm(a, e, type == SUPPORTED_AUTH, "pfkey.alg.id");
            e.number(a, 1, "IV Length", "pfkey.alg.ivlen");
            host(a, e, 2, "Least Bits", "pfkey.alg.minbits");
            host(a, e, 2, "Most Bits", "pfkey.alg.maxbits");
            e.reserved(a, 2, "pfkey");
        }
    }

    private static void proposal(Node n, Cursor e) throws Malformed {
        e.number(n, 1, "Replay Window", "pfkey.prop.replay");
        e.reserved(n, 3, "pfkey");
        while (e.left() > 0) {
            Node c = n.group("Combination", "pfkey.comb", e.at());
            algorithm(c, e, true, "pfkey.comb.auth");
            algorithm(c, e, false, "pfkey.comb.encrypt");
            host(c, e, 2, "Flags", "pfkey.comb.flags");
            for (String what : new String[] {"Authentication, Least Bits", "Authentication, Most Bits", "Encryption, Least Bits", "Encryption, Most Bits"}) {
                host(c, e, 2, what, "pfkey.comb.bits");
            }
            e.reserved(c, 4, "pfkey");
            host(c, e, 4, "Soft Allocations", "pfkey.comb.allocations");
            host(c, e, 4, "Hard Allocations", "pfkey.comb.allocations");
            for (String what : new String[] {"Soft Octets", "Hard Octets", "Soft Seconds", "Hard Seconds", "Soft Seconds of Use", "Hard Seconds of Use"}) {
                host(c, e, 8, what, "pfkey.comb.lifetime");
            }
        }
    }

    private static void policy(Node n, Cursor e) throws Malformed {
        host(n, e, 2, "Policy", "pfkey.policy.type", v -> v + switch ((int) v) {
            case PolicyExtension.DISCARD -> " (discard)";
            case PolicyExtension.NONE -> " (bypass)";
            case PolicyExtension.IPSEC -> " (protect)";
            default -> "";
        });
        e.number(n, 1, "Direction", "pfkey.policy.dir", v -> v + switch ((int) v) {
            case PolicyExtension.INBOUND -> " (in)";
            case PolicyExtension.OUTBOUND -> " (out)";
            case PolicyExtension.FORWARD -> " (forward)";
            default -> "";
        });
        e.reserved(n, 1, "pfkey");
        n.value("policy " + host(n, e, 4, "Policy Id", "pfkey.policy.id"));
        host(n, e, 4, "Priority", "pfkey.policy.priority");
        while (e.left() > 0) {
            int start = e.at();
            Node r = n.group("IPsec Request", "pfkey.request", start);
            int length = (int) host(r, e, 2, "Length", "pfkey.request.len", v -> v + " octets");
            if (length < 16 || length - 2 > e.left()) {
                throw new Malformed("an IPsec request of " + length + " octets, " + (e.left() + 2) + " are left", start);
            }
            Cursor q = e.part(length - 2);
            r.endsAt(e.at());
            r.value(IpProtocol.name((int) host(r, q, 2, "Protocol", "pfkey.request.proto", v -> v + " (" + IpProtocol.name((int) v) + ")")));
            mode(r, q);
            q.number(r, 1, "Level", "pfkey.request.level", v -> v + switch ((int) v) {
                case 0 -> " (default)";
                case 1 -> " (use)";
                case 2 -> " (require)";
                case 3 -> " (unique)";
                default -> "";
            });
            q.reserved(r, 2, "pfkey");
            host(r, q, 4, "Request Id", "pfkey.reqid");
            q.reserved(r, 4, "pfkey");
            if (q.left() > 0) {
                r.value(socket(r, q) + " → " + socket(r, q));
            }
            q.rest(r, "Padding", "pfkey.padding");
        }
    }

    private static void selector(Node n, Cursor e) throws Malformed {
        protocol(n, e);
        e.reserved(n, 3, "pfkey");
        for (String what : new String[] {"Source Port, Low", "Source Port, High", "Destination Port, Low", "Destination Port, High"}) {
            e.number(n, 2, what, "pfkey.selector.port");
        }
        n.value(socket(n, e) + "-" + socket(n, e) + " → " + socket(n, e) + "-" + socket(n, e));
    }
}
