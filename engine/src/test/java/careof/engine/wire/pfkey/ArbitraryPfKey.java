package careof.engine.wire.pfkey;

import careof.engine.base.IpAddress;
import careof.engine.base.Octets;
import careof.engine.wire.Arbitrary;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Any legal PF_KEY message, from a seed. */
public final class ArbitraryPfKey {
    /** Number of kinds that {@link #extension(int)} knows. */
    static final int KINDS = 19;

    private final Arbitrary any;

    public ArbitraryPfKey(Arbitrary any) {
        this.any = any;
    }

    private SocketAddress socket(boolean ip6) {
        return new SocketAddress(ip6 ? any.ip6() : any.ip4(), any.u16());
    }

    private SocketAddress socket() {
        return socket(any.bool());
    }

    PolicyExtension.Request request() {
        boolean ip6 = any.bool();
        return new PolicyExtension.Request(any.u16(), any.u8(), any.u8(), any.u32(),
                any.bool() ? Optional.of(new PolicyExtension.Ends(socket(ip6), socket(ip6))) : Optional.empty());
    }

    private ProposalExtension.Limits limits() {
        return new ProposalExtension.Limits(any.u32(), any.u64(), any.u64(), any.u64());
    }

    PfKeyExtension extension(int kind) {
        return switch (kind) {
            case 0 -> new PfKeyExtension.Association(any.u32(), any.u8(), any.u8(), any.u8(), any.u8(), any.u32());
            case 1 -> new PfKeyExtension.Lifetime(2 + any.below(3), any.u32(), any.u64(), any.u64(), any.u64());
            case 2 -> new PfKeyExtension.Address(any.bool() ? 5 + any.below(3) : PfKeyExtension.X_NAT_T_OA, any.u8(), any.u8(), socket());
            case 3 -> {
                int bits = any.below(300);
                yield new PfKeyExtension.Key(8 + any.below(2), bits, any.octets((bits + 7) / 8));
            }
            case 4 -> new PfKeyExtension.Identity(10 + any.below(2), any.u16(), any.u64(), any.octets(8 * any.below(4)));
            case 5 -> new PfKeyExtension.Sensitivity(any.u32(), any.u8(), any.u8(), any.octets(8 * any.below(3)), any.octets(8 * any.below(3)));
            case 6 -> {
                List<PfKeyExtension.Algorithm> algorithms = new ArrayList<>();
                for (int i = any.below(4); i > 0; i--) {
                    algorithms.add(new PfKeyExtension.Algorithm(any.u8(), any.u8(), any.u16(), any.u16()));
                }
                yield new PfKeyExtension.Supported(14 + any.below(2), algorithms);
            }
            case 7 -> new PfKeyExtension.SpiRange(any.u32(), any.u32());
            case 8 -> new PfKeyExtension.Sa2(any.u8(), any.u32(), any.u32());
            case 9 -> new PfKeyExtension.NatType(any.u8());
            case 10 -> new PfKeyExtension.NatPort(21 + any.below(2), any.u16());
            case 11 -> {
                boolean ip6 = any.bool();
                yield new PfKeyExtension.KmAddress(socket(ip6), socket(ip6));
            }
            case 12 -> new PfKeyExtension.Interface("port" + any.below(100000));
            case 13 -> {
                List<ProposalExtension.Combination> combinations = new ArrayList<>();
                for (int i = any.below(3); i > 0; i--) {
                    combinations.add(new ProposalExtension.Combination(any.u8(), any.u8(), any.u16(), any.u16(), any.u16(), any.u16(), any.u16(), limits(),
                            limits()));
                }
                yield new ProposalExtension(any.u8(), combinations);
            }
            case 14, 15 -> {
                List<PolicyExtension.Request> requests = new ArrayList<>();
                for (int i = any.below(4); i > 0; i--) {
                    requests.add(request());
                }
                yield new PolicyExtension(any.u16(), any.u8(), any.u32(), any.u32(), requests);
            }
            case 16 -> {
                boolean ip6 = any.bool();
                IpAddress[] source = range(ip6);
                IpAddress[] destination = range(any.bool());
                int low = any.u16();
                int other = any.u16();
                yield new SelectorExtension(any.u8(), low, low + any.below(0x10000 - low), other, other + any.below(0x10000 - other), source[0], source[1],
                        destination[0], destination[1]);
            }
            case 17 -> new PfKeyExtension.Hiding(any.u32(), any.u32());
            default -> new PfKeyExtension.Unknown(List.of(17, 24, 26, 27, 1000, 0x8004, 0xffff).get(any.below(7)), any.octets(4 + 8 * any.below(4)));
        };
    }

    private IpAddress[] range(boolean ip6) {
        IpAddress one = ip6 ? any.ip6() : any.ip4();
        IpAddress other = ip6 ? any.ip6() : any.ip4();
        return one.compareTo(other) <= 0 ? new IpAddress[] {one, other} : new IpAddress[] {other, one};
    }

    /** At most one extension of each type. */
    public PfKeyMessage message() {
        List<PfKeyExtension> extensions = new ArrayList<>();
        for (int i = any.below(7); i > 0; i--) {
            PfKeyExtension extension = extension(any.below(KINDS));
            if (extensions.stream().noneMatch(e -> e.type() == extension.type())) {
                extensions.add(extension);
            }
        }
        return new PfKeyMessage(1 + any.below(PfKeyMessage.MAX), any.u8(), any.u8(), any.u32(), any.u32(), extensions);
    }

    /** The same, with a few octets changed. */
    public Octets damaged() {
        return any.mutated(message().toOctets());
    }
}
