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
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A port to the outside that a user wants, and the device that is to be behind it. */
public sealed interface PortRequest {
    /** What is left for the headers of mobility and IPsec on a path of 1500 octets. */
    int TUN_MTU = 1400;
    /** Octets that each link of IPv6 carries (RFC 8200 section 5). */
    int LEAST_MTU = 1280;
    /** Octets that a TUN interface may be told to carry. */
    int MOST_MTU = 65_535;

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
    record NeighbourOnLink(String link, String name, Namespace namespace, Optional<Ip6Address> address, int length) implements PortRequest {
        private static final Pattern ADDRESS = Pattern.compile("([^/]+)/([0-9]{1,3})");

        /**
         * Reads how a user writes it.
         *
         * @param address ADDRESS/LENGTH, or nothing
         * @throws IllegalArgumentException that says what is wrong
         */
        public static NeighbourOnLink of(String link, String name, Namespace namespace, String address) {
            Matcher m = ADDRESS.matcher(address);
            if (address.isEmpty()) {
                return new NeighbourOnLink(link, name, namespace, Optional.empty(), 0);
            } else if (!m.matches()) {
                throw new IllegalArgumentException("the address of this machine has the length of its prefix, such as 2001:db8:1::99/64");
            } else if (Integer.parseInt(m.group(2)) > 128) {
                throw new IllegalArgumentException("a prefix length is 0 to 128");
            }
            return new NeighbourOnLink(link, name, namespace, Optional.of(Ip6Address.parse(m.group(1))), Integer.parseInt(m.group(2)));
        }
    }

    /**
     * A link goes on at another machine.
     *
     * @param session       number in datagrams for us
     * @param remoteSession number in datagrams for the other end
     */
    record SocketOnLink(String link, InetSocketAddress local, InetSocketAddress remote, int session, int remoteSession) implements PortRequest {
        private static final int SESSION = 17;
        private static final String NUMBER = "(0x[0-9a-fA-F]{1,8}|[0-9]{1,10})";
        private static final Pattern LOCAL = Pattern.compile("(?:(.+):)?([0-9]{1,5})");
        private static final Pattern REMOTE = Pattern.compile("(.+):([0-9]{1,5})(?:," + NUMBER + "/" + NUMBER + ")?");

        /**
         * Reads how a user writes it; names are looked up when the port is opened.
         *
         * @param local  [HOST:]PORT
         * @param remote HOST:PORT[,SESSION/SESSION]
         * @throws IllegalArgumentException that says what is wrong
         */
        public static SocketOnLink of(String link, String local, String remote) {
            Matcher here = LOCAL.matcher(local);
            Matcher there = REMOTE.matcher(remote);
            if (!here.matches()) {
                throw new IllegalArgumentException("a UDP port of this machine is wanted, such as 4001, not \"" + local + "\"");
            } else if (!there.matches()) {
                throw new IllegalArgumentException("the other machine's address or name and its UDP port are wanted, such as 192.0.2.7:4001");
            }
            InetSocketAddress at = here.group(1) == null ? new InetSocketAddress(port(here.group(2))) : InetSocketAddress.createUnresolved(here.group(1), port(here.group(2)));
            return new SocketOnLink(link, at, InetSocketAddress.createUnresolved(there.group(1), port(there.group(2))), session(there.group(3)), session(there.group(4)));
        }

        private static int port(String number) {
            int port = Integer.parseInt(number);
            if (port < 1 || port > 65_535) {
                throw new IllegalArgumentException("a UDP port is 1 to 65535, not " + number);
            }
            return port;
        }

        /** @param number null: the usual one */
        private static int session(String number) {
            long session = number == null ? SESSION : Long.decode(number);
            if (session < 1 || session > 0xffff_ffffL) {
                throw new IllegalArgumentException("a session is 1 to 4294967295, not " + number);
            }
            return (int) session;
        }

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

    /** Why these cannot be opened, as far as that shows before; empty: nothing speaks against it. */
    static Optional<String> problem(List<PortRequest> requests) {
        List<String> names = new ArrayList<>();
        List<Namespace> hosts = new ArrayList<>();
        for (PortRequest request : requests) {
            Optional<String> wrong = request instanceof SocketOnLink ? Optional.empty() : Tun.nameProblem(request.name()).or(request.namespace()::problem);
            if (wrong.isPresent()) {
                return wrong;
            } else if (names.contains(request.name())) {
                return Optional.of("two ports are called " + request.name() + "; each has a name of its own");
            }
            names.add(request.name());
            if (request instanceof HostOnNode host) {
                if (host.mtu() < LEAST_MTU || host.mtu() > MOST_MTU) {
                    return Optional.of("an MTU is " + LEAST_MTU + " to " + MOST_MTU + ", not " + host.mtu());
                } else if (hosts.contains(host.namespace())) {
                    return Optional.of("two TUN interfaces in one namespace would talk past the lab, since this machine delivers to its own addresses itself; put "
                            + host.name() + " into another one");
                }
                hosts.add(host.namespace());
            }
        }
        return Optional.empty();
    }

    /**
     * Opens all, or none.
     *
     * @throws IOException whose message tells what to do
     */
    static void open(List<PortRequest> requests, LiveRun live) throws IOException {
        Optional<String> wrong = problem(requests);
        if (wrong.isPresent()) {
            throw new IOException(wrong.get());
        }
        for (PortRequest request : requests) {
            Optional<String> other = request instanceof HostOnNode host ? HostInterface.other(new IpCommand(host.namespace()), host.name()) : Optional.empty();
            if (other.isPresent()) {
                throw new IOException("the TUN interface " + other.get() + " is there; two in one namespace would talk past the labs, since this machine delivers to its own"
                        + " addresses itself. Put " + request.name() + " into another one, or end that run");
            }
        }
        Lab lab = live.run().lab();
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
            case HostOnNode host -> new OutsidePort.Host(host.name(), host.node(), address(host, lab), host.mtu());
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
            case SocketOnLink socket -> new SocketLink(resolved(socket.local()), resolved(socket.remote()), socket.session(), socket.remoteSession());
            case InterfaceOnLink real -> Bridge.open(real.name(), real.namespace(), real.filter());
        };
    }

    private static InetSocketAddress resolved(InetSocketAddress named) throws IOException {
        InetSocketAddress found = named.isUnresolved() ? new InetSocketAddress(named.getHostString(), named.getPort()) : named;
        if (found.isUnresolved()) {
            throw new IOException("no address is known for \"" + named.getHostString() + "\"");
        }
        return found;
    }
}
