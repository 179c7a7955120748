package careof.engine.mobility;

import static careof.engine.mobility.Bench.MS;
import static careof.engine.mobility.Bench.S;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import careof.engine.base.Checksum;
import careof.engine.base.Ip4Address;
import careof.engine.base.Ip6Address;
import careof.engine.base.Octets;
import careof.engine.base.Prefix;
import careof.engine.state.Binding;
import careof.engine.state.ListEntry;
import careof.engine.state.PendingRegistration;
import careof.engine.state.TunnelEntry;
import careof.engine.wire.icmp.Icmp6Message;
import careof.engine.wire.icmp.NdOption;
import careof.engine.wire.ip.ExtensionHeader;
import careof.engine.wire.ip.Ip6Option;
import careof.engine.wire.ip.Ip6Packet;
import careof.engine.wire.ip.IpProtocol;
import careof.engine.wire.mobility.MobilityHeader;
import careof.engine.wire.mobility.MobilityMessage;
import careof.engine.wire.mobility.MobilityMessage.BindingAcknowledgement;
import careof.engine.wire.mobility.MobilityOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Random Mobility Headers, options, routing headers, tunnels and ICMPv6 messages, with right checksums, at each role: no exception, no
 * binding, a bounded number of rows, and every packet with a verdict.
 */
class HostileMobilityTest {
    private static final long SEED = 77;
    private static final Ip6Address SELF = Ip6Address.parse("2001:db8:1::1");
    private static final Ip6Address HOME = Ip6Address.parse("2001:db8:1::10");
    private static final Ip6Address CN = Ip6Address.parse("2001:db8:9::9");
    private static final Prefix PREFIX = Prefix.parse("2001:db8:1::/64");

    private final Random random = new Random(SEED);

    private Ip6Address any(Ip6Address... likely) {
        int which = random.nextInt(likely.length + 3);
        return which < likely.length ? likely[which] : which == likely.length ? new Ip6Address(0x2001_0db8_0002_0000L, random.nextInt(200))
                : which == likely.length + 1 ? new Ip6Address(PREFIX.address().high(), random.nextInt(200)) : new Ip6Address(random.nextLong(), random.nextLong());
    }

    private Octets octets(int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return Octets.wrap(bytes);
    }

    private MobilityOption option(Ip6Address... likely) {
        return switch (random.nextInt(8)) {
            case 0 -> new MobilityOption.AlternateCareOfAddress(any(likely));
            case 1 -> new MobilityOption.NonceIndices(random.nextInt(4), random.nextInt(4));
            case 2 -> new MobilityOption.BindingAuthorizationData(octets(random.nextBoolean() ? 12 : random.nextInt(30)));
            case 3 -> new MobilityOption.BindingRefreshAdvice(random.nextInt(65536));
            case 4 -> new MobilityOption.Unknown(33 + random.nextInt(223), octets(random.nextInt(40)));
            case 5 -> new MobilityOption.Ip4HomeAddress(random.nextInt(64), random.nextBoolean(), new Ip4Address(random.nextInt()));
            case 6 -> new MobilityOption.Ip4CareOfAddress(new Ip4Address(random.nextInt()));
            default -> new MobilityOption.PadN(random.nextInt(10));
        };
    }

    /** A legal header with random contents, or that with octets changed, cut or made longer. */
    private Octets mobilityHeader(Ip6Address source, Ip6Address destination, int sequence, Ip6Address... likely) {
        List<MobilityOption> options = new ArrayList<>();
        for (int i = random.nextInt(4); i > 0; i--) {
            options.add(option(likely));
        }
        MobilityMessage message = switch (random.nextInt(9)) {
            case 0 -> new MobilityMessage.BindingRefreshRequest(options);
            case 1 -> new MobilityMessage.HomeTestInit(random.nextLong(), options);
            case 2 -> new MobilityMessage.CareOfTestInit(random.nextLong(), options);
            case 3 -> new MobilityMessage.HomeTest(random.nextInt(4), random.nextLong(), random.nextLong(), options);
            case 4 -> new MobilityMessage.CareOfTest(random.nextInt(4), random.nextLong(), random.nextLong(), options);
            // No H bit: a home registration needs no authentication as long as there is no IPsec.
            case 5 -> new MobilityMessage.BindingUpdate(random.nextInt(65536), random.nextBoolean(), false, random.nextBoolean(), random.nextBoolean(),
                    random.nextInt(5), options);
            case 6 -> new BindingAcknowledgement(random.nextBoolean() ? random.nextInt(3) : random.nextInt(256), random.nextBoolean(),
                    random.nextBoolean() ? random.nextInt(65536) : sequence, random.nextInt(100), options);
            case 7 -> new MobilityMessage.BindingError(random.nextInt(4), any(likely), options);
            default -> new MobilityMessage.Unknown(8 + random.nextInt(248), octets(2 + 8 * random.nextInt(5)));
        };
        byte[] bytes = MobilityHeader.of(message).toOctets(source, destination).toArray();
        int harm = random.nextInt(4);
        if (harm == 0) {
            bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
        } else if (harm == 1) {
            bytes = java.util.Arrays.copyOf(bytes, random.nextInt(bytes.length + 20));
        }
        if (bytes.length > 10 && bytes[2] == MobilityMessage.BINDING_UPDATE) {
            bytes[8] &= (byte) ~0x40;
        }
        if (bytes.length > 5 && random.nextInt(10) > 0) {
            bytes[4] = bytes[5] = 0;
            int sum = Checksum.ip6(source, destination, IpProtocol.MOBILITY, Octets.wrap(bytes.clone()));
            bytes[4] = (byte) (sum >> 8);
            bytes[5] = (byte) sum;
        }
        return Octets.wrap(bytes);
    }

    private Octets icmp(Ip6Address source, Ip6Address destination, Ip6Address... likely) {
        Icmp6Message message = switch (random.nextInt(7)) {
            case 0 -> new Icmp6Message.HomeAgentDiscoveryRequest(random.nextInt(65536));
            case 1 -> new Icmp6Message.HomeAgentDiscoveryReply(random.nextInt(65536), List.of(any(likely), any(likely)));
            case 2 -> new Icmp6Message.MobilePrefixSolicitation(random.nextInt(65536));
            case 3 -> new Icmp6Message.MobilePrefixAdvertisement(random.nextInt(65536), false, false,
                    List.of(new NdOption.PrefixInformation(random.nextInt(256), true, true, random.nextBoolean(), random.nextInt(100), random.nextInt(100), any(likely))));
            case 4 -> new Icmp6Message.ParameterProblem(random.nextInt(3), random.nextInt(100), octets(random.nextInt(100)));
            case 5 -> new Icmp6Message.DestinationUnreachable(random.nextInt(5), wire(0, 1, likely));
            default -> new Icmp6Message.ParameterProblem(1, 40, wire(0, 1, likely));
        };
        return message.toOctets(source, destination);
    }

    /** A whole packet in wire form. */
    private Octets wire(int sequence, int depth, Ip6Address... likely) {
        Ip6Address source = any(likely);
        Ip6Address destination = likely[random.nextInt(likely.length)];
        Ip6Packet packet = switch (random.nextInt(depth > 2 ? 2 : 3)) {
            case 0 -> Ip6Packet.of(source, destination, IpProtocol.MOBILITY, mobilityHeader(source, destination, sequence, likely));
            case 1 -> depth > 0 ? Bench.udp(source, destination) : Ip6Packet.of(source, destination, IpProtocol.ICMP6, icmp(source, destination, likely));
            default -> Ip6Packet.of(source, destination, IpProtocol.IP6, random.nextInt(5) == 0 ? octets(random.nextInt(60)) : wire(sequence, depth + 1, likely));
        };
        packet = Signalling.extended(packet, random.nextInt(3) == 0 ? Optional.of(any(likely)) : Optional.empty(),
                random.nextInt(3) == 0 ? Optional.of(likely[random.nextInt(likely.length)]) : Optional.empty());
        if (random.nextInt(10) == 0) {
            List<ExtensionHeader> extensions = new ArrayList<>(packet.extensions());
            extensions.add(switch (random.nextInt(packet.type2Routing().isPresent() ? 2 : 3)) {
                case 0 -> ExtensionHeader.DestinationOptions.of(new Ip6Option.Unknown(0x1e | random.nextInt(4) << 6, octets(random.nextInt(20))));
                case 1 -> new ExtensionHeader.UnknownRouting(0, random.nextInt(3), octets(4 + 8 * random.nextInt(3)));
                default -> new ExtensionHeader.Type2Routing(random.nextInt(4), any(likely));
            });
            packet = packet.withExtensions(extensions);
        }
        return packet.toOctets();
    }

    private void flood(Bench bench, int count, Ip6Address... likely) {
        for (int i = 0; i < count; i++) {
            int sequence = bench.rows(ListEntry.class).stream().map(ListEntry::sequence).findFirst().orElse(0);
            bench.say(wire(sequence, 0, likely));
            if (i % 20 == 0) {
                bench.run(2 * MS);
            }
            if (i % 500 == 0) {
                bench.run(S);
                bench.heard();
            }
        }
        bench.run(S);
        bench.heard();
    }

    @Test
    void atACorrespondent() {
        Bench cn = Bench.correspondent(CN, SEED);
        int before = cn.rowCount();
        flood(cn, 8000, CN, HOME);
        assertTrue(cn.rows(Binding.class).isEmpty());
        assertTrue(cn.rowCount() - before < 300, "rows: " + before + " -> " + cn.rowCount());
    }

    @Test
    void atAHomeAgent() {
        Bench ha = Bench.with(true, SELF, SEED);
        ha.stack.mobility(new MobilityRoles(ha.stack, new CorrespondentNode(ha.stack), Optional.of(new HomeAgent(ha.stack, ha.port, PREFIX, SELF)), Optional.empty()));
        ha.port.attach(ha.link, true);
        ha.run(S);
        flood(ha, 8000, SELF, HomeAgent.anycast(PREFIX), HOME);
        assertTrue(ha.rows(Binding.class).isEmpty(), ha.rows(Binding.class).toString());
        assertTrue(ha.rows(PendingRegistration.class).isEmpty());
        assertTrue(ha.rows(TunnelEntry.class).isEmpty());
    }

    @Test
    void atAMobileNode() {
        Bench mn = new Bench(false, SEED);
        MobileNode node = new MobileNode(mn.stack, mn.port, new MobileNode.Settings(HOME, PREFIX, Optional.of(SELF), 40 * S,
                List.of(new MobileNode.Peer("cn", CN, MobileNode.PeerMode.OPTIMIZED))));
        mn.stack.mobility(new MobilityRoles(mn.stack, new CorrespondentNode(mn.stack), Optional.empty(), Optional.of(node)));
        mn.port.attach(mn.link, true);
        mn.run(10 * MS);
        mn.say(Bench.ROUTER, Ip6Address.ALL_NODES, 255, new Icmp6Message.RouterAdvertisement(64, false, false, false, 0, 1800, 0, 0,
                List.of(new NdOption.SourceLinkLayer(Bench.ROUTER_MAC),
                        new NdOption.PrefixInformation(64, true, true, false, 100000, 100000, Ip6Address.parse("2001:db8:2::")))));
        mn.run(10 * MS);
        Ip6Address careOf = node.careOf().orElseThrow();
        flood(mn, 8000, careOf, HOME, SELF, CN);
        assertTrue(mn.rows(Binding.class).isEmpty());
        assertTrue(mn.rows(ListEntry.class).size() <= 2, mn.rows(ListEntry.class).toString());
        assertEquals(Optional.of(careOf), node.careOf());
        // It still works: the next acknowledgement is taken.
        mn.run(40 * S);
        mn.heard();
        mn.run(40 * S);
        MobilityMessage.BindingUpdate update = (MobilityMessage.BindingUpdate) mn.heard().stream()
                .filter(h -> h.ip().protocol() == IpProtocol.MOBILITY && h.message() instanceof MobilityMessage.BindingUpdate u && u.homeRegistration())
                .toList().getLast().message();
        mn.say(Signalling.extended(Signalling.packet(SELF, HOME, MobilityHeader.of(new BindingAcknowledgement(0, false, update.sequence(), 10, List.of()))),
                Optional.empty(), Optional.of(careOf)));
        mn.run(10 * MS);
        assertEquals(ListEntry.Phase.ACKNOWLEDGED, mn.rows(ListEntry.class).stream().filter(ListEntry::homeRegistration).findFirst().orElseThrow().phase());
    }
}
