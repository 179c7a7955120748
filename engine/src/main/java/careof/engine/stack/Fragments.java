package careof.engine.stack;

import careof.engine.base.Octets;
import careof.engine.trace.Reason;
import careof.engine.trace.TraceEvent.Relation;
import careof.engine.wire.ip.ExtensionHeader;
import careof.engine.wire.ip.Ip6Header;
import careof.engine.wire.ip.Ip6Packet;
import java.util.ArrayList;
import java.util.List;

/** Cuts packets of this node (RFC 8200 section 4.5). */
final class Fragments {
    private static final int HEADER = 8;

    private Fragments() {}

    /** The packet itself where it fits, else its fragments (RFC 8200 section 4.5). */
    static List<Packet> of(IpStack stack, Packet packet, Ip6Packet ip, int mtu) {
        if (packet.octets().length() <= mtu || ip.fragment().isPresent()) {
            return List.of(packet);
        }
        int head = Ip6Header.LENGTH + ip.extensions().stream().mapToInt(ExtensionHeader::size).sum();
        int room = (mtu - head - HEADER) / 8 * 8;
        Octets body = ip.payload();
        long identification = stack.env().count("fragment identification") & 0xffff_ffffL;
        List<Packet> pieces = new ArrayList<>();
        for (int at = 0; at < body.length(); at += room) {
            int end = Math.min(at + room, body.length());
            List<ExtensionHeader> extensions = new ArrayList<>(ip.extensions());
            extensions.add(new ExtensionHeader.Fragment(at, end < body.length(), identification));
            Ip6Packet piece = new Ip6Packet(ip.header(), extensions, ip.protocol(), body.slice(at, end));
            pieces.add(stack.derived(packet, piece.toOctets(), Relation.FRAGMENT));
        }
        stack.env().decided(packet, Reason.FRAGMENTED, Integer.toString(pieces.size()), Integer.toString(mtu));
        return pieces;
    }
}
