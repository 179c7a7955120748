package careof.app.cli;

import careof.engine.base.Ip6Address;
import careof.engine.base.Prefix;
import careof.engine.lab.Lab;
import careof.engine.lab.LabLink;
import careof.engine.live.Bridge;
import careof.engine.live.Device;
import careof.engine.live.HostInterface;
import careof.engine.live.HostSetup;
import careof.engine.live.LiveRun;
import careof.engine.live.Namespace;
import careof.engine.live.SocketLink;
import careof.engine.live.Tun;
import careof.engine.node.Plan;
import careof.engine.trace.OutsidePort;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.Option;

/** The ports to the outside that a command line asks for. */
final class LivePorts {
    /** What is left for the headers of mobility and IPsec on a path of 1500 octets. */
    private static final int TUN_MTU = 1400;
    private static final Pattern TUN = Pattern.compile("([^=]+)=([^@=]+)(?:@([^@=]+))?");
    private static final Pattern TAP = Pattern.compile("([^=]+)=([^@=,]+)(?:@([^@=,]+))?(?:,([0-9a-fA-F:.]+)/([0-9]{1,3}))?");
    private static final Pattern BRIDGE = Pattern.compile("([^=]+)=([^@=,]+)(?:@([^@=,]+))?(?:,(.+))?");
    private static final Pattern SOCKET = Pattern.compile("([^=]+)=(?:(.+):)?([0-9]{1,5})-(.+):([0-9]{1,5})(?:,(0x[0-9a-fA-F]{1,8}|[0-9]{1,10})/(0x[0-9a-fA-F]{1,8}|[0-9]{1,10}))?");

    @Option(names = "--tun", paramLabel = "NODE=NAME[@NETNS]", description = "Makes this machine the upper layer of a node: TUN interface NAME gets the node's address, a mobile node's home address,"
            + " in a network namespace if one is named.")
    private List<String> tuns = new ArrayList<>();

    @Option(names = "--tap", paramLabel = "LINK=NAME[@NETNS][,ADDRESS/LENGTH]", description = "Makes this machine a neighbour on a link, by TAP interface NAME. Without an address it takes one as the"
            + " link's router advertises.")
    private List<String> taps = new ArrayList<>();

    @Option(names = "--socket", paramLabel = "LINK=[HOST:]PORT-HOST:PORT[,SESSION/SESSION]", description = "Goes on with a link over UDP in L2TPv3 framing, from this machine's port to another's: user-mode-linux, QEMU or"
            + " another Careof. Sessions, ours and theirs, are 17/17 unless told.")
    private List<String> sockets = new ArrayList<>();

    @Option(names = "--bridge", paramLabel = "LINK=INTERFACE[@NETNS][,FILTER]", description = "Joins a link to a real Ethernet interface, by libpcap; FILTER in its language says what comes in, such as \"ip6\".")
    private List<String> bridges = new ArrayList<>();

    @Option(names = "--mtu", paramLabel = "N", description = "MTU of TUN interfaces, 1280 to 65535; default " + TUN_MTU + ".")
    private int mtu = TUN_MTU;

    boolean isEmpty() {
        return tuns.isEmpty() && taps.isEmpty() && sockets.isEmpty() && bridges.isEmpty();
    }

    /** Opens all, or says which could not be. */
    void open(Lab lab, LiveRun live) throws IOException, BadInput {
        if (mtu < 1280 || mtu > 65_535) {
            throw new BadInput("--mtu: expected 1280 to 65535, not " + mtu);
        }
        Plan plan = new Plan(lab);
        Set<String> namespaces = new LinkedHashSet<>();
        for (String text : tuns) {
            Matcher m = match(TUN, text, "--tun", "mn=tun0 or mn=tun0@blue");
            if (lab.node(m.group(1)).isEmpty()) {
                throw new BadInput("--tun " + text + ": no node \"" + m.group(1) + "\"");
            }
            Ip6Address address = plan.address(m.group(1)).orElseThrow(() -> new BadInput("--tun " + text + ": node \"" + m.group(1) + "\" has no address; attach it to a link with a prefix"));
            Namespace namespace = namespace(m.group(3));
            if (!namespaces.add(namespace.name())) {
                throw new BadInput("--tun " + text + ": two TUN interfaces in one namespace would talk past the lab, since this machine delivers to its own addresses itself; put one into a namespace: "
                        + m.group(1) + "=" + m.group(2) + "@NETNS");
            }
            List<Prefix> routes = lab.links().stream().map(LabLink::prefix).flatMap(Optional::stream).distinct().toList();
            open(live, new OutsidePort.Host(m.group(2), m.group(1), address, mtu),
                    () -> HostInterface.open(Tun.Kind.TUN, m.group(2), namespace, new HostSetup(Optional.of(address), 128, mtu, routes)));
        }
        for (String text : taps) {
            Matcher m = match(TAP, text, "--tap", "home=tap0 or home=tap0@blue,2001:db8:1::99/64");
            int length = m.group(5) == null ? 0 : Integer.parseInt(m.group(5));
            HostSetup setup = new HostSetup(m.group(4) == null ? Optional.empty() : Optional.of(address(text, m.group(4))), length, 0, List.of());
            open(live, new OutsidePort.Segment(m.group(2), m.group(1)), () -> HostInterface.open(Tun.Kind.TAP, m.group(2), namespace(m.group(3)), setup));
        }
        for (String text : sockets) {
            Matcher m = match(SOCKET, text, "--socket", "wire=4001-192.0.2.7:4001");
            InetSocketAddress local = m.group(2) == null ? new InetSocketAddress(port(text, m.group(3))) : new InetSocketAddress(m.group(2), port(text, m.group(3)));
            InetSocketAddress remote = new InetSocketAddress(m.group(4), port(text, m.group(5)));
            if (remote.isUnresolved() || local.isUnresolved()) {
                throw new BadInput("--socket " + text + ": no machine \"" + (remote.isUnresolved() ? m.group(4) : m.group(2)) + "\" is known");
            }
            int ours = m.group(6) == null ? 17 : session(text, m.group(6));
            int theirs = m.group(7) == null ? 17 : session(text, m.group(7));
            open(live, new OutsidePort.Segment("udp" + m.group(3), m.group(1)), () -> new SocketLink(local, remote, ours, theirs));
        }
        for (String text : bridges) {
            Matcher m = match(BRIDGE, text, "--bridge", "home=eth1 or home=eth1,ip6");
            open(live, new OutsidePort.Segment(m.group(2), m.group(1)), () -> Bridge.open(m.group(2), namespace(m.group(3)), Optional.ofNullable(m.group(4))));
        }
    }

    private interface Opening {
        Device open() throws IOException;
    }

    private static void open(LiveRun live, OutsidePort port, Opening opening) throws IOException, BadInput {
        try {
            live.run().check(port);
            live.open(port, opening.open());
        } catch (IllegalArgumentException e) {
            throw new BadInput(port.name() + ": " + e.getMessage());
        }
    }

    private static Matcher match(Pattern pattern, String text, String option, String example) throws BadInput {
        Matcher m = pattern.matcher(text);
        if (!m.matches()) {
            throw new BadInput(option + " " + text + ": expected something like " + example);
        }
        return m;
    }

    private static Namespace namespace(String name) {
        return name == null ? Namespace.OWN : new Namespace(name);
    }

    private static Ip6Address address(String text, String address) throws BadInput {
        try {
            return Ip6Address.parse(address);
        } catch (IllegalArgumentException e) {
            throw new BadInput("--tap " + text + ": " + e.getMessage());
        }
    }

    private static int port(String text, String number) throws BadInput {
        int port = Integer.parseInt(number);
        if (port < 1 || port > 65_535) {
            throw new BadInput("--socket " + text + ": a UDP port is 1 to 65535, not " + number);
        }
        return port;
    }

    private static int session(String text, String number) throws BadInput {
        long session = Long.decode(number);
        if (session < 1 || session > 0xffff_ffffL) {
            throw new BadInput("--socket " + text + ": a session is 1 to 4294967295, not " + number);
        }
        return (int) session;
    }
}
