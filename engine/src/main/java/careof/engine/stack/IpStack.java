package careof.engine.stack;

import careof.engine.base.Ip4Address;
import careof.engine.base.Ip6Address;
import careof.engine.base.IpAddress;
import careof.engine.base.MacAddress;
import careof.engine.base.Octets;
import careof.engine.net.Frame;
import careof.engine.net.Link;
import careof.engine.net.Port;
import careof.engine.state.PortState;
import careof.engine.state.Route;
import careof.engine.trace.Reason;
import careof.engine.trace.TraceEvent.Relation;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A node's IPv6 and IPv4, put together: which part does what is told by its name. Packets come up through {@link #input()} and go
 * down through {@link #output()}, those of IPv4 through {@link #output4()}.
 */
public final class IpStack implements Port.Owner {
    /** Told when carrier comes or goes on a port. */
    public interface CarrierListener {
        void carrier(Port port);
    }

    private final NodeEnv env;
    private final boolean forwards;
    private final Map<String, Port> ports = new LinkedHashMap<>();
    private final Table<String, PortState> portStates;
    private final Addresses addresses;
    private final Routes routes;
    private final IcmpErrors errors;
    private final PathMtus pathMtus;
    private final NeighbourDiscovery neighbours;
    private final DuplicateAddressDetection dad;
    private final Autoconfiguration autoconfiguration;
    private final RouterAdvertiser advertiser;
    private final Reassembler reassembler;
    private final IpOutput output;
    private final IpInput input;
    private final Upper upper;
    private final SecurityGate gate;
    private final Decapsulation decapsulation;
    private final Ip4Addresses addresses4;
    private final ArpCache arp;
    private final Icmp4Errors errors4;
    private final Ip4Output output4;
    private final Ip4Input input4;
    private final Upper4 upper4;
    private final List<CarrierListener> carrierListeners = new ArrayList<>();
    private MobilityStages mobility = MobilityStages.NONE;
    private IpsecStages ipsec = IpsecStages.NONE;
    private Port arrival;

    /**
     * @param forwards   a router: forwards packets, advertises prefixes, learns nothing from advertisements
     * @param optimistic uses addresses before duplicate address detection ends (RFC 4429)
     */
    public IpStack(NodeEnv env, boolean forwards, boolean optimistic) {
        this.env = env;
        this.forwards = forwards;
        this.portStates = env.table();
        this.addresses = new Addresses(env);
        this.routes = new Routes(env);
        this.errors = new IcmpErrors(this);
        this.pathMtus = new PathMtus(env);
        this.neighbours = new NeighbourDiscovery(this);
        this.dad = new DuplicateAddressDetection(this);
        this.autoconfiguration = new Autoconfiguration(this, optimistic);
        this.advertiser = new RouterAdvertiser(this);
        this.reassembler = new Reassembler(this);
        this.gate = new SecurityGate(this);
        this.output = new IpOutput(this);
        this.upper = new Upper(this);
        this.input = new IpInput(this);
        this.decapsulation = new Decapsulation(this);
        this.addresses4 = new Ip4Addresses(env);
        this.arp = new ArpCache(this);
        this.errors4 = new Icmp4Errors(this);
        this.output4 = new Ip4Output(this, output.ipsec());
        this.input4 = new Ip4Input(this);
        this.upper4 = new Upper4(this);
        if (forwards) {
            addresses.join(Ip6Address.ALL_ROUTERS);
        }
    }

    /** Installs the node's mobility role; once, before anything runs. */
    public void mobility(MobilityStages stages) {
        mobility = stages;
    }

    /** Installs the node's IPsec; once, before anything runs. */
    public void ipsec(IpsecStages stages) {
        ipsec = stages;
    }

    public IpsecStages ipsec() {
        return ipsec;
    }

    public MobilityStages mobility() {
        return mobility;
    }

    public NodeEnv env() {
        return env;
    }

    public boolean forwards() {
        return forwards;
    }

    public Addresses addresses() {
        return addresses;
    }

    public Routes routes() {
        return routes;
    }

    public IcmpErrors errors() {
        return errors;
    }

    public PathMtus pathMtus() {
        return pathMtus;
    }

    public NeighbourDiscovery neighbours() {
        return neighbours;
    }

    public DuplicateAddressDetection dad() {
        return dad;
    }

    public Autoconfiguration autoconfiguration() {
        return autoconfiguration;
    }

    public RouterAdvertiser advertiser() {
        return advertiser;
    }

    Reassembler reassembler() {
        return reassembler;
    }

    SecurityGate gate() {
        return gate;
    }

    public IpInput input() {
        return input;
    }

    public IpOutput output() {
        return output;
    }

    /** Where protocols above IP listen. */
    public Upper upper() {
        return upper;
    }

    /** Whether an address is one of this node's that it can use now. */
    public boolean isOwn(IpAddress address) {
        return switch (address) {
            case Ip6Address ip -> addresses.isLocal(ip, null);
            case Ip4Address ip -> addresses4.find(ip).isPresent();
        };
    }

    /** The source of a tunnel to an address: an address on the link over which it is reached, not one that is somewhere else now. */
    public Optional<IpAddress> tunnelSource(IpAddress remote) {
        Optional<String> port = Optional.ofNullable(routes.lookup(remote)).map(Route::port);
        return switch (remote) {
            case Ip6Address to -> port.flatMap(name -> addresses.sourceOn(name, to));
            case Ip4Address to -> port.flatMap(name -> addresses4.askerFor(to, name));
        };
    }

    /** Where tunnels of either IP version end. */
    public Decapsulation decapsulation() {
        return decapsulation;
    }

    public Ip4Addresses addresses4() {
        return addresses4;
    }

    /** The neighbours of IPv4. */
    public ArpCache arp() {
        return arp;
    }

    Icmp4Errors errors4() {
        return errors4;
    }

    public Ip4Input input4() {
        return input4;
    }

    public Ip4Output output4() {
        return output4;
    }

    /** Where protocols above IPv4 listen; UDP ports are those of {@link #upper()}. */
    public Upper4 upper4() {
        return upper4;
    }

    /** Where the frame came in that is being worked on; null: none is. */
    Port arrival() {
        return arrival;
    }

    public void onCarrier(CarrierListener listener) {
        carrierListeners.add(listener);
    }

    /** Adds a port, not attached yet. */
    public Port addPort(String name, MacAddress mac, boolean promiscuous) {
        Port port = new Port(env.node(), name, mac, promiscuous);
        port.owner(this);
        ports.put(name, port);
        portStates.put(name, new PortState(name, mac, "", false), Reason.CONFIGURED);
        return port;
    }

    /** A port by name, or null. */
    public Port port(String name) {
        return ports.get(name);
    }

    public List<Port> ports() {
        return List.copyOf(ports.values());
    }

    /** A fresh packet from this node. */
    public Packet packet(long parent, boolean significant, Octets octets) {
        return new Packet(env.recorder().newPacket(), parent, significant, octets);
    }

    /** A packet made from another, told to the trace. */
    public Packet derived(Packet from, Octets octets, Relation relation) {
        Packet made = packet(from.id(), from.significant(), octets);
        if (env.recorder().records(from.significant())) {
            env.recorder().derived(env.node(), made.id(), from.id(), relation);
        }
        return made;
    }

    /**
     * What a packet is once passed on.
     *
     * @param atOnce whether its frame goes out now and tells whose it is; else it has to wait, and the trace is told
     */
    Packet onward(Packet from, Octets octets, boolean atOnce) {
        return atOnce ? packet(from.id(), from.significant(), octets) : derived(from, octets, Relation.FORWARDED);
    }

    @Override
    public void receive(Port port, Frame frame, Link link) {
        env.about(frame.packet());
        arrival = port;
        input.frame(port, frame);
        arrival = null;
        env.about(0);
    }

    @Override
    public void carrier(Port port) {
        PortState old = portStates.get(port.name());
        String link = port.link() == null ? "" : port.link().name();
        boolean up = port.carrier();
        Reason reason = up ? Reason.ATTACHED : link.isEmpty() ? Reason.DETACHED : Reason.ATTACHING;
        portStates.put(port.name(), new PortState(port.name(), port.mac(), link, up), reason, link.isEmpty() ? old.link() : link);
        if (old.carrier() != up || !old.link().equals(link)) {
            if (old.carrier()) {
                neighbours.forget(port);
                arp.forget(port);
                autoconfiguration.detached(port);
            }
            if (up) {
                autoconfiguration.attached(port);
            }
            carrierListeners.forEach(listener -> listener.carrier(port));
        }
    }
}
