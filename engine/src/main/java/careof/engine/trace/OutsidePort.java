package careof.engine.trace;

import careof.engine.base.Ip6Address;

/** A place where octets of the real world enter and leave a lab. It belongs to the run and not to the lab: with another device behind it, or none, the run is the same. */
public sealed interface OutsidePort {
    /** Unique among a run's ports and its nodes: what traces call the other end. */
    String name();

    /**
     * A host that is the upper layer of a node: it sends and receives whole IPv6 packets with one of the node's addresses, which the node puts through its own
     * security policy and mobility.
     *
     * @param address the host's, one of the node: of a mobile node its home address
     * @param mtu     octets of the largest packet that the host sends, 1280 to 65,535
     */
    record Host(String name, String node, Ip6Address address, int mtu) implements OutsidePort {}

    /** An Ethernet segment that goes on outside: every frame of a link leaves by it, and what comes in is on that link. */
    record Segment(String name, String link) implements OutsidePort {}
}
