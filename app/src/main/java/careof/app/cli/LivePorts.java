package careof.app.cli;

import careof.engine.live.Namespace;
import careof.engine.live.PortRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.Option;

/** The ports to the outside that a command line asks for. */
final class LivePorts {
    private static final Pattern TUN = Pattern.compile("([^=]+)=([^@=]+)(?:@([^@=]+))?");
    private static final Pattern TAP = Pattern.compile("([^=]+)=([^@=,]+)(?:@([^@=,]+))?(?:,(.+))?");
    private static final Pattern BRIDGE = Pattern.compile("([^=]+)=([^@=,]+)(?:@([^@=,]+))?(?:,(.+))?");
    private static final Pattern SOCKET = Pattern.compile("([^=]+)=((?:.+:)?[0-9]{1,5})-(.+)");

    @Option(names = "--tun", paramLabel = "NODE=NAME[@NETNS]", description = "Makes this machine the upper layer of a node: TUN interface NAME gets the node's address, a mobile node's home address,"
            + " in a network namespace if one is named.")
    private List<String> tuns = new ArrayList<>();

    @Option(names = "--tap", paramLabel = "LINK=NAME[@NETNS][,ADDRESS/LENGTH]", description = "Makes this machine a neighbour on a link, by TAP interface NAME. Without an address it takes one as the"
            + " link's router advertises.")
    private List<String> taps = new ArrayList<>();

    @Option(names = "--socket", paramLabel = "LINK=[HOST:]PORT-HOST:PORT[,SESSION/SESSION]", description = "Goes on with a link over UDP in L2TPv3 framing, from this machine's port to another's:"
            + " user-mode-linux, QEMU or another Careof. Sessions, ours and theirs, are 17/17 unless told.")
    private List<String> sockets = new ArrayList<>();

    @Option(names = "--bridge", paramLabel = "LINK=INTERFACE[@NETNS][,FILTER]", description = "Joins a link to a real Ethernet interface, by libpcap; FILTER in its language says what comes in,"
            + " such as \"ip6\".")
    private List<String> bridges = new ArrayList<>();

    @Option(names = "--mtu", paramLabel = "N", description = "MTU of TUN interfaces, 1280 to 65535; default ${DEFAULT-VALUE}.")
    private int mtu = PortRequest.TUN_MTU;

    /** All, in the order of the options. */
    List<PortRequest> requests() throws BadInput {
        List<PortRequest> requests = new ArrayList<>();
        for (String text : tuns) {
            Matcher m = match(TUN, text, "--tun", "mn=tun0 or mn=tun0@blue");
            requests.add(new PortRequest.HostOnNode(m.group(1), m.group(2), namespace(m.group(3)), mtu));
        }
        for (String text : taps) {
            Matcher m = match(TAP, text, "--tap", "home=tap0 or home=tap0@blue,2001:db8:1::99/64");
            requests.add(read("--tap " + text, () -> PortRequest.NeighbourOnLink.of(m.group(1), m.group(2), namespace(m.group(3)), m.group(4) == null ? "" : m.group(4))));
        }
        for (String text : sockets) {
            Matcher m = match(SOCKET, text, "--socket", "wire=4001-192.0.2.7:4001");
            requests.add(read("--socket " + text, () -> PortRequest.SocketOnLink.of(m.group(1), m.group(2), m.group(3))));
        }
        for (String text : bridges) {
            Matcher m = match(BRIDGE, text, "--bridge", "home=eth1 or home=eth1,ip6");
            requests.add(new PortRequest.InterfaceOnLink(m.group(1), m.group(2), namespace(m.group(3)), Optional.ofNullable(m.group(4))));
        }
        if (requests.isEmpty()) {
            throw new BadInput("nothing of this machine is to be a port of the lab; name something with --tun, --tap, --socket or --bridge");
        }
        return requests;
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

    private static PortRequest read(String option, Supplier<PortRequest> request) throws BadInput {
        try {
            return request.get();
        } catch (IllegalArgumentException e) {
            throw new BadInput(option + ": " + e.getMessage());
        }
    }
}
