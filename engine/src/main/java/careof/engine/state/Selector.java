package careof.engine.state;

import careof.engine.base.IpAddress;

/**
 * Which packets an SPD entry or an SA is for (RFC 4301 section 4.4.1.1). Addresses are those that upper layers see: home addresses, whatever a
 * home address option or a routing header says on the wire; of a tunnel the inner ones.
 *
 * <p>What stands for ports depends on the protocol: UDP and TCP have ports; ICMP has its type for the source port and its code for the
 * destination port; the Mobility Header has its type for the source port, the destination port is open.
 *
 * @param protocol as in the last next header field, or {@link #ANY_PROTOCOL}
 */
public record Selector(AddressRange source, AddressRange destination, int protocol, Ports sourcePorts, Ports destinationPorts) {
    /** Any protocol; the value of PF_KEY (IPSEC_PROTO_ANY). */
    public static final int ANY_PROTOCOL = 255;

    /**
     * @param low  0..65535
     * @param high 0..65535, not below {@code low}
     */
    public record Ports(int low, int high) {
        /** Open: also for packets in which no port is to be found, such as fragments. */
        public static final Ports ANY = new Ports(0, 0xffff);

        public Ports {
            if (low < 0 || high > 0xffff || low > high) {
                throw new IllegalArgumentException("no range of ports: " + low + " to " + high);
            }
        }

        public static Ports of(int port) {
            return new Ports(port, port);
        }

        public boolean contains(int port) {
            return low <= port && port <= high;
        }

        @Override
        public String toString() {
            return equals(ANY) ? "any" : low == high ? Integer.toString(low) : low + "-" + high;
        }
    }

    /** All packets between two sets of addresses. */
    public static Selector between(AddressRange source, AddressRange destination) {
        return new Selector(source, destination, ANY_PROTOCOL, Ports.ANY, Ports.ANY);
    }

    /**
     * Whether a packet is meant.
     *
     * @param sourcePort      or what stands for it; -1: the packet shows none
     * @param destinationPort the same
     */
    public boolean matches(IpAddress from, IpAddress to, int packetProtocol, int sourcePort, int destinationPort) {
        return (protocol == ANY_PROTOCOL || protocol == packetProtocol) && source.contains(from) && destination.contains(to)
                && matches(sourcePorts, sourcePort) && matches(destinationPorts, destinationPort);
    }

    private static boolean matches(Ports ports, int port) {
        return port < 0 ? ports.equals(Ports.ANY) : ports.contains(port);
    }

    /** The same traffic the other way. A type that stands for the source port stays where it is: both ways it is the packet's own. */
    public Selector reversed() {
        boolean typed = protocol == 1 || protocol == 58 || protocol == 135;
        return new Selector(destination, source, protocol, typed ? sourcePorts : destinationPorts, typed ? destinationPorts : sourcePorts);
    }

    @Override
    public String toString() {
        String what = protocol == ANY_PROTOCOL ? "" : " protocol " + protocol;
        String ports = sourcePorts.equals(Ports.ANY) && destinationPorts.equals(Ports.ANY) ? "" : " " + sourcePorts + " > " + destinationPorts;
        return source + " > " + destination + what + ports;
    }
}
