package careof.engine.traffic;

import careof.engine.base.IpAddress;
import careof.engine.lab.LabTraffic;

/**
 * One direction of a stream.
 *
 * @param name      as in the lab
 * @param direction "from-to", node names
 * @param number    1..65535: the ping identifier, and with 5000 added the UDP port; both directions share it
 * @param from     of the same IP version as {@code to}
 * @param every     nanoseconds between two packets
 * @param octets    of UDP data or echo data, at least {@link FlowHeader#LENGTH}
 * @param start     first packet, nanoseconds
 * @param stop      none are sent from then on
 * @param dscp      differentiated services code point, 0..63
 */
public record Flow(String name, String direction, int number, boolean ping, IpAddress from, IpAddress to, long every, int octets, long start, long stop, int dscp) {
    /** Best effort. */
    public Flow(String name, String direction, int number, boolean ping, IpAddress from, IpAddress to, long every, int octets, long start, long stop) {
        this(name, direction, number, ping, from, to, every, octets, start, stop, 0);
    }

    public int port() {
        return LabTraffic.PORTS + number;
    }
}
