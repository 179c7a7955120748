package careof.engine.wire.pfkey;

import static careof.engine.wire.pfkey.PfKeyExtension.*;

import careof.engine.base.Malformed;
import careof.engine.base.OctetReader;
import careof.engine.base.OctetWriter;
import careof.engine.base.Octets;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** What follows length and type of each extension: writing and reading of the layouts drawn at {@link PfKeyExtension}. */
final class PfKeyExtensions {
    private static final List<String> NAMES = List.of("RESERVED", "SA", "LIFETIME_CURRENT", "LIFETIME_HARD", "LIFETIME_SOFT", "ADDRESS_SRC", "ADDRESS_DST",
            "ADDRESS_PROXY", "KEY_AUTH", "KEY_ENCRYPT", "IDENTITY_SRC", "IDENTITY_DST", "SENSITIVITY", "PROPOSAL", "SUPPORTED_AUTH", "SUPPORTED_ENCRYPT",
            "SPIRANGE", "X_KMPRIVATE", "X_POLICY", "X_SA2", "X_NAT_T_TYPE", "X_NAT_T_SPORT", "X_NAT_T_DPORT", "X_NAT_T_OA", "X_SEC_CTX", "X_KMADDRESS",
            "X_FILTER");

    private PfKeyExtensions() {}

    static String name(int type) {
        return type < NAMES.size() ? NAMES.get(type) : type == X_SELECTOR ? "X_SELECTOR" : type == X_INTERFACE ? "X_INTERFACE"
                : type == X_HIDING ? "X_HIDING" : "extension " + type;
    }

    static boolean isKnown(int type) {
        return type <= X_KMADDRESS && type != X_KMPRIVATE && type != X_SEC_CTX || type == X_SELECTOR || type == X_INTERFACE || type == X_HIDING;
    }

    static void emitBody(PfKeyExtension extension, OctetWriter out) {
        switch (extension) {
            case Association e -> {
                out.u32(e.spi()).u8(e.replayWindow()).u8(e.state()).u8(e.authentication()).u8(e.encryption());
                HostOrder.u32(out, e.flags());
            }
            case Lifetime e -> {
                HostOrder.u32(out, e.allocations());
                HostOrder.u64(out, e.octets());
                HostOrder.u64(out, e.addTime());
                HostOrder.u64(out, e.useTime());
            }
            case Address e -> {
                out.u8(e.protocol()).u8(e.prefixLength()).u16(0);
                e.socket().emit(out);
            }
            case Key e -> {
                HostOrder.u16(out, e.bits());
                out.u16(0).octets(e.key());
            }
            case Identity e -> {
                HostOrder.u16(out, e.identityType());
                out.u16(0);
                HostOrder.u64(out, e.id());
                out.octets(e.text());
            }
            case Sensitivity e -> {
                HostOrder.u32(out, e.domain());
                out.u8(e.level()).u8(e.bitmap().length() / 8).u8(e.integrityLevel()).u8(e.integrityBitmap().length() / 8).u32(0);
                out.octets(e.bitmap()).octets(e.integrityBitmap());
            }
            case Supported e -> {
                out.u32(0);
                for (Algorithm algorithm : e.algorithms()) {
                    out.u8(algorithm.id()).u8(algorithm.iv());
                    HostOrder.u16(out, algorithm.leastBits());
                    HostOrder.u16(out, algorithm.mostBits());
                    out.u16(0);
                }
            }
            case SpiRange e -> {
                HostOrder.u32(out, e.least());
                HostOrder.u32(out, e.most());
                out.u32(0);
            }
            case Sa2 e -> {
                out.u8(e.mode()).u24(0);
                HostOrder.u32(out, e.sequence());
                HostOrder.u32(out, e.requestId());
            }
            case NatType e -> out.u8(e.kind()).u24(0);
            case NatPort e -> out.u16(e.port()).u16(0);
            case KmAddress e -> {
                out.u32(0);
                e.local().emit(out);
                e.remote().emit(out);
            }
            case Interface e -> out.octets(e.octets());
            case Hiding e -> {
                HostOrder.u32(out, e.padding());
                HostOrder.u64(out, e.dummies());
            }
            case ProposalExtension e -> e.emitBody(out);
            case PolicyExtension e -> e.emitBody(out);
            case SelectorExtension e -> e.emitBody(out);
            case Unknown e -> out.octets(e.octets());
        }
    }

    static PfKeyExtension readBody(int type, OctetReader in) throws Malformed {
        return switch (type) {
            case 0 -> throw new Malformed("extension type 0 is reserved", 2);
            case SA -> new Association(in.u32(), in.u8(), in.u8(), in.u8(), in.u8(), HostOrder.u32(in));
            case LIFETIME_CURRENT, LIFETIME_HARD, LIFETIME_SOFT ->
                    new Lifetime(type, HostOrder.u32(in), HostOrder.u64(in), HostOrder.u64(in), HostOrder.u64(in));
            case ADDRESS_SRC, ADDRESS_DST, ADDRESS_PROXY, X_NAT_T_OA -> address(type, in);
            case KEY_AUTH, KEY_ENCRYPT -> {
                int bits = HostOrder.u16(in);
                in.skip(2);
                yield new Key(type, bits, in.octets((bits + 7) / 8));
            }
            case IDENTITY_SRC, IDENTITY_DST -> {
                int identityType = HostOrder.u16(in);
                in.skip(2);
                yield new Identity(type, identityType, HostOrder.u64(in), in.rest());
            }
            case SENSITIVITY -> sensitivity(in);
            case SUPPORTED_AUTH, SUPPORTED_ENCRYPT -> {
                in.skip(4);
                List<Algorithm> algorithms = new ArrayList<>();
                while (!in.atEnd()) {
                    algorithms.add(new Algorithm(in.u8(), in.u8(), HostOrder.u16(in), HostOrder.u16(in)));
                    in.skip(2);
                }
                yield new Supported(type, algorithms);
            }
            case SPIRANGE -> new SpiRange(HostOrder.u32(in), HostOrder.u32(in));
            case X_SA2 -> {
                int mode = in.u8();
                in.skip(3);
                yield new Sa2(mode, HostOrder.u32(in), HostOrder.u32(in));
            }
            case X_NAT_T_TYPE -> new NatType(in.u8());
            case X_NAT_T_SPORT, X_NAT_T_DPORT -> new NatPort(type, in.u16());
            case X_KMADDRESS -> {
                in.skip(4);
                SocketAddress[] pair = PolicyExtension.pair(in);
                yield new KmAddress(pair[0], pair[1]);
            }
            case X_INTERFACE -> named(in.rest());
            case X_HIDING -> new Hiding(HostOrder.u32(in), HostOrder.u64(in));
            case PROPOSAL -> ProposalExtension.readBody(in);
            case X_POLICY -> PolicyExtension.readBody(in);
            case X_SELECTOR -> SelectorExtension.readBody(in);
            default -> new Unknown(type, in.rest());
        };
    }

    private static Address address(int type, OctetReader in) throws Malformed {
        int protocol = in.u8();
        int prefixLength = in.u8();
        in.skip(2);
        return new Address(type, protocol, prefixLength, SocketAddress.parse(in));
    }

    private static Sensitivity sensitivity(OctetReader in) throws Malformed {
        long domain = HostOrder.u32(in);
        int level = in.u8();
        int words = in.u8();
        int integrityLevel = in.u8();
        int integrityWords = in.u8();
        in.skip(4);
        return new Sensitivity(domain, level, integrityLevel, in.octets(8 * words), in.octets(8 * integrityWords));
    }

    private static Interface named(Octets octets) throws Malformed {
        int length = 0;
        while (length < octets.length() && octets.at(length) != 0) {
            length++;
        }
        for (int i = length; i < octets.length(); i++) {
            if (octets.at(i) != 0) {
                throw new Malformed("octets after the name of a port", 4 + i);
            }
        }
        try {
            String name = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(octets.slice(0, length).toArray())).toString();
            return new Interface(name);
        } catch (CharacterCodingException | IllegalArgumentException e) {
            throw new Malformed("no name of a port", 4);
        }
    }
}
