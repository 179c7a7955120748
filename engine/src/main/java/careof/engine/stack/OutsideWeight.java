package careof.engine.stack;

import careof.engine.base.Octets;
import careof.engine.wire.ip.Ethernet;
import careof.engine.wire.ip.Ip6Header;
import careof.engine.wire.ip.IpProtocol;
import careof.engine.wire.isakmp.IsakmpHeader;

/** What of the octets from outside a summary trace keeps: signalling, which is what can change a state; not data. */
public final class OutsideWeight {
    private static final int IP6_NEXT_HEADER = 6;
    private static final int UDP_SOURCE = Ip6Header.LENGTH;

    private OutsideWeight() {}

    /** Whether an IPv6 packet is signalling. */
    public static boolean ofPacket(Octets packet) {
        if (packet.length() < Ip6Header.LENGTH) {
            return true;
        }
        return switch (packet.at(IP6_NEXT_HEADER)) {
            case IpProtocol.TCP, IpProtocol.ESP, IpProtocol.AH, IpProtocol.IP6, IpProtocol.IP4, IpProtocol.FRAGMENT -> false;
            case IpProtocol.UDP -> packet.length() >= UDP_SOURCE + 4
                    && (packet.u16(UDP_SOURCE) == IsakmpHeader.PORT || packet.u16(UDP_SOURCE + 2) == IsakmpHeader.PORT);
            default -> true;
        };
    }

    /** Whether an Ethernet frame is signalling. */
    public static boolean ofFrame(Octets frame) {
        if (frame.length() < Ethernet.HEADER) {
            return true;
        }
        return switch (frame.u16(12)) {
            case Ethernet.IP6 -> ofPacket(frame.from(Ethernet.HEADER));
            case Ethernet.IP4 -> false;
            default -> true;
        };
    }
}
