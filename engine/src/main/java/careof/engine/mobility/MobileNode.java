package careof.engine.mobility;

import careof.engine.base.Ip6Address;
import careof.engine.base.Prefix;
import careof.engine.net.Port;
import careof.engine.stack.IpStack;
import java.util.List;
import java.util.Optional;

/** A mobile node's part (RFC 6275 section 11). */
public final class MobileNode {
    /**
     * A mobile node's own configuration.
     *
     * @param homeAgent the home agent's address; empty: found by home agent address discovery
     * @param lifetime  of bindings to ask for, nanoseconds
     */
    public record Settings(Ip6Address home, Prefix homePrefix, Optional<Ip6Address> homeAgent, long lifetime, List<Peer> peers) {}

    /** How to talk to a peer; others: {@link PeerMode#BIDIRECTIONAL}. */
    public record Peer(String name, Ip6Address address, PeerMode mode) {}

    /** The three modes of the draft's section 1. */
    public enum PeerMode { BIDIRECTIONAL, TRIANGULAR, OPTIMIZED }

    public MobileNode(IpStack stack, Port port, Settings settings) {}

    /** Changes how to talk to a peer, from now on. */
    public void setMode(Ip6Address peer, String name, PeerMode mode) {}
}
