package careof.app.bench;

/** A tunnel between two hosts in network namespaces, whatever makes it. */
public interface TunnelPath extends AutoCloseable {
    /** Octets of the packets that hosts send at most. */
    int MTU = 1400;

    /** Who makes the tunnel. */
    String name();

    /** Namespace of the host that sends. */
    String sender();

    /** Namespace of the host that receives. */
    String receiver();

    /** IPv6 address of the host that receives. */
    String destination();

    /** Undoes all that was set up. */
    @Override
    void close();
}
