package careof.engine.live;

import careof.engine.base.Ip6Address;
import careof.engine.base.Prefix;
import careof.engine.lab.Lab;
import careof.engine.lab.LabLink;
import careof.engine.node.Plan;
import careof.engine.trace.OutsidePort;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A port to the outside that a user wants, and the device that is to be behind it. */
public sealed interface PortRequest {
    /** What is left for the headers of mobility and IPsec on a path of 1500 octets. */
    int TUN_MTU = 1400;
    /** The session of a socket, ours and theirs, where none is told. */
    int SESSION = 17;

    /** Name of the port. */
    String name();

    /** Where its interface is. */
    Namespace namespace();

    /**
     * This machine is the upper layer of a node.
     *
     * @param name of the TUN interface
     * @param mtu  octets, 1280 to 65,535
     */
    record HostOnNode(String node, String name, Namespace namespace, int mtu) implements PortRequest {}

    /**
     * This machine is a neighbour on a link.
     *
     * @param name    of the TAP interface
     * @param address of this machine there; empty: as routers advertise
     * @param length  of its prefix
     */
    record NeighbourOnLink(String link, String name, Namespace namespace, Optional<Ip6Address> address, int length) implements PortRequest {}

    /**
     * A link goes on at another machine.
     *
     * @param session       number in datagrams for us
     * @param remoteSession number in datagrams for the other end
     */
    record SocketOnLink(String link, InetSocketAddress local, InetSocketAddress remote, int session, int remoteSession) implements PortRequest {
        @Override
        public String name() {
            return "udp" + local.getPort();
        }

        @Override
        public Namespace namespace() {
            return Namespace.OWN;
        }
    }

    /**
     * A link is joined to a real one.
     *
     * @param name   of the Ethernet interface
     * @param filter of libpcap: what comes in
     */
    record InterfaceOnLink(String link, String name, Namespace namespace, Optional<String> filter) implements PortRequest {}

    /**
     * Opens all, or none.
     *
     * @throws IOException whose message tells what to do
     */
    static void open(List<PortRequest> requests, LiveRun live) throws IOException {
        Lab lab = live.run().lab();
        List<String> hosts = new ArrayList<>();
        for (PortRequest request : requests) {
            if (request instanceof HostOnNode host) {
                if (hosts.contains(host.namespace().name())) {
                    throw new IOException("two TUN interfaces in one namespace would talk past the lab, since this machine delivers to its own addresses itself; put "
                            + host.name() + " into another one");
                }
                hosts.add(host.namespace().name());
                Optional<String> other = HostInterface.other(new IpCommand(host.namespace()), host.name());
                if (other.isPresent()) {
                    throw new IOException("the TUN interface " + other.get() + " is there; two in one namespace would talk past the labs, since this machine delivers to its own"
                            + " addresses itself. Put " + host.name() + " into another one, or end that run");
                }
            }
        }
        boolean open = false;
        try {
            for (PortRequest request : requests) {
                OutsidePort port = port(request, lab);
                live.run().check(port);
                live.open(port, device(request, lab));
            }
            open = true;
        } catch (IllegalArgumentException e) {
            throw new IOException(e.getMessage(), e);
        } finally {
            if (!open) {
                live.close();
            }
        }
    }

    private static OutsidePort port(PortRequest request, Lab lab) throws IOException {
        return switch (request) {
            case HostOnNode host -> {
                if (host.mtu() < 1280 || host.mtu() > 65_535) {
                    throw new IOException("an MTU is 1280 to 65535, not " + host.mtu());
                }
                yield new OutsidePort.Host(host.name(), host.node(), address(host, lab), host.mtu());
            }
            case NeighbourOnLink neighbour -> new OutsidePort.Segment(neighbour.name(), neighbour.link());
            case SocketOnLink socket -> new OutsidePort.Segment(socket.name(), socket.link());
            case InterfaceOnLink real -> new OutsidePort.Segment(real.name(), real.link());
        };
    }

    private static Ip6Address address(HostOnNode host, Lab lab) throws IOException {
        if (lab.node(host.node()).isEmpty()) {
            throw new IOException("no node \"" + host.node() + "\"");
        }
        return new Plan(lab).address(host.node()).orElseThrow(() -> new IOException("node \"" + host.node() + "\" has no address; attach it to a link with a prefix"));
    }

    private static Device device(PortRequest request, Lab lab) throws IOException {
        return switch (request) {
            case HostOnNode host -> {
                List<Prefix> routes = lab.links().stream().map(LabLink::prefix).flatMap(Optional::stream).distinct().toList();
                yield HostInterface.open(Tun.Kind.TUN, host.name(), host.namespace(), new HostSetup(Optional.of(address(host, lab)), 128, host.mtu(), routes));
            }
            case NeighbourOnLink neighbour -> HostInterface.open(Tun.Kind.TAP, neighbour.name(), neighbour.namespace(),
                    new HostSetup(neighbour.address(), neighbour.length(), 0, List.of()));
            case SocketOnLink socket -> new SocketLink(socket.local(), resolved(socket.remote()), socket.session(), socket.remoteSession());
            case InterfaceOnLink real -> Bridge.open(real.name(), real.namespace(), real.filter());
        };
    }

    private static InetSocketAddress resolved(InetSocketAddress remote) throws IOException {
        InetSocketAddress found = remote.isUnresolved() ? new InetSocketAddress(remote.getHostString(), remote.getPort()) : remote;
        if (found.isUnresolved()) {
            throw new IOException("no address is known for \"" + remote.getHostString() + "\"");
        }
        return found;
    }
}
