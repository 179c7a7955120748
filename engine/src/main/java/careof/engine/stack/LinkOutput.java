package careof.engine.stack;

import careof.engine.base.MacAddress;
import careof.engine.base.Octets;
import careof.engine.net.Frame;
import careof.engine.net.Port;
import careof.engine.trace.Reason;
import careof.engine.wire.ip.Ethernet;

/** The last step down: a packet into an Ethernet frame and onto its link. */
final class LinkOutput {
    private LinkOutput() {}

    /**
     * Sends a packet to a link-layer address.
     *
     * @param hopLimit to write into an IPv6 packet; -1: leave it
     */
    static void transmit(NodeEnv env, Port port, MacAddress to, int etherType, Packet packet, int hopLimit) {
        byte[] frame = new byte[Ethernet.HEADER + packet.octets().length()];
        put(frame, 0, to);
        put(frame, 6, port.mac());
        frame[12] = (byte) (etherType >> 8);
        frame[13] = (byte) etherType;
        packet.octets().copyTo(frame, Ethernet.HEADER);
        if (hopLimit >= 0) {
            frame[Ethernet.HEADER + 7] = (byte) hopLimit;
        }
        if (port.link() == null || !port.carrier()) {
            env.dropped(packet, Reason.NO_CARRIER, port.name());
        } else {
            port.link().transmit(port, new Frame(packet.id(), packet.parent(), packet.significant(), Octets.wrap(frame)));
        }
    }

    private static void put(byte[] frame, int at, MacAddress mac) {
        for (int i = 0; i < 6; i++) {
            frame[at + i] = (byte) (mac.bits() >>> 40 - 8 * i);
        }
    }
}
