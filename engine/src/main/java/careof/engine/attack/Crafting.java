package careof.engine.attack;

import careof.engine.base.Ip6Address;
import careof.engine.base.OctetWriter;
import careof.engine.base.Octets;
import careof.engine.base.VirtualTime;
import careof.engine.lab.Attack;
import careof.engine.stack.NodeEnv;
import careof.engine.wire.icmp.Icmp6Message;
import careof.engine.wire.ip.ExtensionHeader;
import careof.engine.wire.ip.Ip6Option;
import careof.engine.wire.ip.Ip6Packet;
import careof.engine.wire.ip.IpProtocol;
import careof.engine.wire.ip.Udp;
import careof.engine.wire.ipsec.AhHeader;
import careof.engine.wire.ipsec.EspHeader;
import careof.engine.wire.mobility.MobilityHeader;
import careof.engine.wire.mobility.MobilityMessage;
import careof.engine.wire.mobility.MobilityOption;
import java.util.ArrayList;
import java.util.List;

/** Packets that an attacker makes up. What it cannot know, it draws. */
final class Crafting {
    private static final int FLOOD_PORT = 9;
    private static final int FLOOD_IDENTIFIER = 0x666;
    private static final int ICV = 12;
    /** Units of 4 s. */
    private static final int FLOOD_LIFETIME = 15;

    private final NodeEnv env;

    Crafting(NodeEnv env) {
        this.env = env;
    }

    Ip6Packet forge(Attack.Forge forge) {
        if (forge.innerSource().isEmpty() || forge.innerDestination().isEmpty()) {
            return datagram(forge.source(), forge.destination(), (int) forge.port(), (int) forge.octets());
        }
        Ip6Packet inner = datagram(forge.innerSource().get(), forge.innerDestination().get(), (int) forge.port(), (int) forge.octets());
        return Ip6Packet.of(forge.source(), forge.destination(), IpProtocol.IP6, inner.toOctets());
    }

    static Ip6Packet datagram(Ip6Address source, Ip6Address destination, int port, int octets) {
        return Ip6Packet.of(source, destination, IpProtocol.UDP, new Udp(port, port, Octets.zeros(octets)).toOctets(source, destination));
    }

    /** @param number of the packet, from 0 */
    Ip6Packet inject(Attack.Inject inject, long number) {
        Ip6Packet plain = datagram(inject.source(), inject.destination(), FLOOD_PORT, (int) inject.octets());
        return inject.ah() ? ah(plain, inject.spi(), inject.sequence() + number) : esp(inject.source(), inject.destination(), inject.spi(),
                inject.sequence() + number, (int) inject.octets());
    }

    private Ip6Packet ah(Ip6Packet plain, long spi, long sequence) {
        OctetWriter out = new OctetWriter(64 + plain.payload().length());
        new AhHeader(plain.protocol(), 0, spi, sequence, random(ICV)).emit(out);
        return plain.withPayload(IpProtocol.AH, out.octets(plain.payload()).toOctets());
    }

    /** As long as ESP with an IV, a trailer and an ICV would be. */
    private Ip6Packet esp(Ip6Address source, Ip6Address destination, long spi, long sequence, int octets) {
        OctetWriter out = new OctetWriter(64 + octets);
        new EspHeader(spi, sequence).emit(out);
        int sealed = 16 + Math.ceilDiv(octets + 10, 16) * 16;
        return Ip6Packet.of(source, destination, IpProtocol.ESP, out.octets(random(sealed + ICV)).toOctets());
    }

    private Octets random(int length) {
        OctetWriter out = new OctetWriter(length + 8);
        while (out.length() < length) {
            out.u64(env.bits("attack"));
        }
        return out.toOctets().slice(0, length);
    }

    /** @param own source of the packet where the attack names none */
    Ip6Packet spoofHao(Attack.SpoofHao spoof, Ip6Address own) {
        Ip6Packet plain = datagram(spoof.home(), spoof.destination(), (int) spoof.port(), (int) spoof.octets());
        return withHomeAddress(plain, spoof.source().orElse(own));
    }

    /** The wire form of a packet from a home address (RFC 6275 section 11.3.1). */
    private static Ip6Packet withHomeAddress(Ip6Packet plain, Ip6Address careOf) {
        return plain.withExtensions(List.of(ExtensionHeader.DestinationOptions.of(new Ip6Option.HomeAddress(plain.source()))))
                .withHeader(plain.header().withSource(careOf));
    }

    Ip6Packet forgeBu(Attack.ForgeBu forged, Ip6Address own, long number) {
        Ip6Address careOf = forged.careOf().orElse(own);
        List<MobilityOption> options = new ArrayList<>();
        if (forged.alternate()) {
            options.add(new MobilityOption.AlternateCareOfAddress(careOf));
        }
        if (forged.guess()) {
            options.add(new MobilityOption.NonceIndices(1, 1));
            options.add(new MobilityOption.BindingAuthorizationData(random(MobilityOption.BindingAuthorizationData.AUTHENTICATOR)));
        }
        return update(forged.home(), forged.destination(), careOf, new MobilityMessage.BindingUpdate((int) (forged.sequence() + number) & 0xffff, true,
                forged.register(), false, false, (int) (forged.lifetime() / (4 * VirtualTime.SECOND)), options));
    }

    private static Ip6Packet update(Ip6Address home, Ip6Address destination, Ip6Address careOf, MobilityMessage message) {
        return withHomeAddress(Ip6Packet.of(home, destination, IpProtocol.MOBILITY, MobilityHeader.of(message).toOctets(home, destination)), careOf);
    }

    /** @param own whose prefix the made-up sources have */
    Ip6Packet flood(Attack.Flood flood, Ip6Address own, long number) {
        Ip6Address source = new Ip6Address(own.high(), env.bits("attack"));
        Ip6Address to = flood.destination();
        int octets = (int) flood.octets();
        return switch (flood.what()) {
            case "ping" -> Ip6Packet.of(source, to, IpProtocol.ICMP6,
                    new Icmp6Message.EchoRequest(FLOOD_IDENTIFIER, (int) number & 0xffff, Octets.zeros(octets)).toOctets(source, to));
            case "esp" -> esp(source, to, 0x100 + (env.bits("attack") & 0x7fff_ffffL), 1 + number, octets);
            case "bu" -> update(source, to, source, new MobilityMessage.BindingUpdate((int) number & 0xffff, true, false, false, false, FLOOD_LIFETIME, List.of()));
            default -> datagram(source, to, FLOOD_PORT, octets);
        };
    }
}
