package careof.engine.node;

import careof.engine.base.Ip4Address;
import careof.engine.base.Ip4Prefix;
import careof.engine.base.Ip6Address;
import careof.engine.base.Octets;
import careof.engine.base.VirtualTime;
import careof.engine.attack.Attacker;
import careof.engine.attack.Bridge;
import careof.engine.ike.Demands;
import careof.engine.ike.Ike;
import careof.engine.ipsec.Ipsec;
import careof.engine.ipsec.MobilitySupport;
import careof.engine.ipsec.PfKey;
import careof.engine.ipsec.Sad;
import careof.engine.ipsec.SaMessages;
import careof.engine.ipsec.Spd;
import careof.engine.ipsec.SpdMessages;
import careof.engine.lab.Lab;
import careof.engine.lab.LabLink;
import careof.engine.lab.LabNode;
import careof.engine.mobility.CorrespondentNode;
import careof.engine.mobility.HomeAgent;
import careof.engine.mobility.HomeIp4;
import careof.engine.mobility.Ip4Configuration;
import careof.engine.mobility.MobileNode;
import careof.engine.mobility.MobilityRoles;
import careof.engine.net.Link;
import careof.engine.net.Port;
import careof.engine.sim.Scheduler;
import careof.engine.stack.Addresses;
import careof.engine.stack.Host;
import careof.engine.stack.IpStack;
import careof.engine.stack.NodeEnv;
import careof.engine.stack.RouterAdvertiser;
import careof.engine.state.AddressEntry;
import careof.engine.state.AddressEntry.Origin;
import careof.engine.state.AddressEntry.Phase;
import careof.engine.state.Ip4AddressEntry;
import careof.engine.state.Route;
import careof.engine.state.Sa;
import careof.engine.trace.Reason;
import careof.engine.trace.Recorder;
import careof.engine.traffic.FlowEnds;
import careof.engine.wire.icmp.Icmp6Message;
import careof.engine.wire.ip.Ip6Packet;
import careof.engine.wire.ip.IpProtocol;
import careof.engine.wire.pfkey.PfKeyError;
import careof.engine.wire.pfkey.PfKeyMessage;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.function.Consumer;

/**
 * A node of the lab. Every node has an {@link IpStack}; what its role adds:
 *
 * <table>
 * <caption>Roles</caption>
 * <tr><td>router</td><td>forwards, advertises the prefixes of its links</td></tr>
 * <tr><td>home agent</td><td>a router with {@link HomeAgent} on its home link, and a {@link CorrespondentNode}</td></tr>
 * <tr><td>correspondent</td><td>a host with {@link CorrespondentNode}</td></tr>
 * <tr><td>mobile node</td><td>a host with {@link MobileNode}, and a {@link CorrespondentNode} towards other mobile nodes</td></tr>
 * <tr><td>host, attacker</td><td>no mobility; an attacker's ports take every frame, and as a bridge it is not there for IP</td></tr>
 * </table>
 *
 * <p>A packet comes up by {@link careof.engine.stack.IpInput} and goes down by {@link careof.engine.stack.IpOutput};
 * both ask {@link MobilityRoles} where mobility decides.
 */
public final class Node {
    private static final int PING_IDENTIFIER = 0x7f00;

    /** MaxRtrAdvInterval's default (RFC 4861 section 6.2.1). */
    private static final long QUIET = 600 * VirtualTime.SECOND;

    private final LabNode lab;
    private final NodeEnv env;
    private final IpStack stack;
    private final Sad sad;
    private final PfKey.Socket keys;
    private final Optional<Ike> ike;
    private final Attacker attacker;
    private final FlowEnds flows;
    private final Optional<CorrespondentNode> correspondent;
    private final Optional<MobileNode> mobile;

    /**
     * Makes the node and attaches it to its links; nothing runs before that.
     *
     * @param secret of a run that meets the real world, see {@link NodeEnv}
     */
    public Node(Lab whole, LabNode lab, Plan plan, SecurityPlan security, IkePlan ike, Map<String, Link> links, Scheduler scheduler, Recorder recorder,
            Optional<Octets> secret) {
        this.lab = lab;
        this.env = new NodeEnv(lab.name(), scheduler, recorder, whole.policyOf(lab.name()), whole.seed(), secret);
        this.stack = new IpStack(env, lab.role().forwards(), lab.optimisticDad());
        Spd spd = new Spd(env);
        this.sad = new Sad(env);
        this.attacker = new Attacker(stack, protection -> whole.protection(protection).map(p -> outbound(SecurityPlan.requestIds(whole, p))).orElse(List.of()));
        Map<String, Port> attached = new LinkedHashMap<>();
        if (lab.bridge()) {
            Bridge bridge = new Bridge(attacker);
            for (Plan.PortPlan port : plan.ports(lab.name())) {
                attached.put(port.name(), new Port(lab.name(), port.name(), port.mac(), true));
                bridge.add(attached.get(port.name()));
            }
        } else {
            for (Plan.PortPlan port : plan.ports(lab.name())) {
                attached.put(port.name(), configure(port, plan));
            }
        }
        if (lab.role().forwards()) {
            plan.routes(lab.name()).forEach(route -> stack.routes().put(route, Reason.ROUTE_ADDED));
        }
        for (LabNode.StaticRoute route : lab.routes()) {
            staticRoute(route, plan);
        }
        PfKey pfKey = new PfKey(env, spd, sad, security.usesDes(lab.name()));
        stack.ipsec(new Ipsec(stack, spd, sad, pfKey));
        this.keys = pfKey.open();
        secure(security);
        this.ike = ike.settings(lab.name()).map(settings -> new Ike(stack, pfKey, settings));
        this.ike.ifPresent(Ike::start);
        this.correspondent = switch (lab.role()) {
            case MOBILE_NODE, CORRESPONDENT, HOME_AGENT -> Optional.of(new CorrespondentNode(stack));
            case ROUTER, HOST, ATTACKER -> Optional.empty();
        };
        Optional<HomeAgent> homeAgent = lab.role() == LabNode.Role.HOME_AGENT ? homeAgent(whole, plan) : Optional.empty();
        this.mobile = lab.home().filter(_ -> lab.role() == LabNode.Role.MOBILE_NODE).map(home -> mobileNode(whole, plan, home));
        correspondent.ifPresent(cn -> stack.mobility(new MobilityRoles(stack, cn, homeAgent, mobile)));
        correspondent.ifPresent(cn -> cn.cooperate(new MobilitySupport(spd, sad, pfKey), this.ike.map(Ike::demands)));
        this.flows = new FlowEnds(stack);
        for (Plan.PortPlan port : plan.ports(lab.name())) {
            port.link().ifPresent(link -> attached.get(port.name()).attach(links.get(link.name()), true));
        }
        if (lab.role().forwards()) {
            advertise(plan);
        }
    }

    public String name() {
        return lab.name();
    }

    public IpStack stack() {
        return stack;
    }

    public NodeEnv env() {
        return env;
    }

    public FlowEnds flows() {
        return flows;
    }

    /** Its key management, as users may order it; empty: there is none. */
    public Optional<Demands> keyManagement() {
        return ike.map(Ike::demands);
    }

    /**
     * A host becomes the upper layer of this node.
     *
     * @param address of the host, one of this node's
     * @param up      takes whole packets
     */
    public Host host(String host, Ip6Address address, Consumer<Octets> up) {
        return new Host(stack, host, address, up);
    }

    public Optional<MobileNode> mobile() {
        return mobile;
    }

    public Optional<CorrespondentNode> correspondent() {
        return correspondent;
    }

    /** The lab vouches for what it gives at the start: link-local and fixed addresses are in use at once. */
    private Port configure(Plan.PortPlan plan, Plan whole) {
        Port port = stack.addPort(plan.name(), plan.mac(), lab.role() == LabNode.Role.ATTACKER);
        stack.autoconfiguration().configure(port, Ip6Address.linkLocal(plan.mac().interfaceId()), Origin.LINK_LOCAL);
        plan.address().ifPresent(address -> {
            stack.autoconfiguration().configure(port, address, Origin.FIXED);
            plan.link().flatMap(LabLink::prefix).filter(_ -> !lab.role().forwards())
                    .ifPresent(prefix -> stack.routes().put(new Route(prefix, plan.name(), Optional.empty(), 0, Route.Origin.CONNECTED), Reason.CONFIGURED));
        });
        plan.address4().ifPresent(address -> configure4(plan, address, whole));
        if (lab.role() == LabNode.Role.ATTACKER) {
            port.owner(attacker.listening(stack));
        }
        return port;
    }

    private void configure4(Plan.PortPlan port, Ip4Address address, Plan whole) {
        LabLink link = port.link().orElseThrow();
        Ip4Prefix prefix = link.prefix4().orElseThrow();
        stack.addresses4().put(new Ip4AddressEntry(port.name(), address, prefix, Ip4AddressEntry.Origin.FIXED), Reason.CONFIGURED);
        if (!lab.role().forwards()) {
            stack.routes().put(new Route(prefix, port.name(), Optional.empty(), 0, Route.Origin.CONNECTED), Reason.CONFIGURED);
            whole.router4(link).ifPresent(router ->
                    stack.routes().put(new Route(Ip4Prefix.ALL, port.name(), Optional.of(router), 0, Route.Origin.DRAWING), Reason.ROUTE_ADDED));
        }
    }

    /** Keys by hand: this node's part of the plan, through its PF_KEY. */
    private void secure(SecurityPlan security) {
        security.entries(lab.name()).forEach(entry -> accepted(SpdMessages.add(entry)));
        security.sas(lab.name()).forEach(sa -> accepted(SaMessages.add(sa)));
    }

    private void accepted(PfKeyMessage request) {
        int errno = keys.request(request).errno();
        if (errno != 0) {
            throw new IllegalArgumentException(lab.name() + ": PF_KEY refuses " + PfKeyMessage.name(request.type()) + " with " + PfKeyError.name(errno));
        }
    }

    /** The SAs of transforms that send, in their order. */
    private List<Sa> outbound(List<Long> requestIds) {
        List<Sa> sas = new ArrayList<>();
        for (long request : requestIds) {
            sad.all().stream().filter(sa -> sa.requestId() == request && !stack.isOwn(sa.destination())).findFirst().ifPresent(sas::add);
        }
        return sas;
    }

    public Attacker attacker() {
        return attacker;
    }

    /**
     * Ends the SAs of a protection here, both ways, or gives them another lifetime; what is gone already stays so.
     *
     * @param requestIds of its transforms
     * @param lifetime   empty: they are deleted
     */
    public void changeSas(List<Long> requestIds, Optional<Sa.Lifetimes> lifetime) {
        for (Sa sa : sad.all()) {
            if (requestIds.contains(sa.requestId())) {
                keys.request(lifetime.map(limits -> SaMessages.update(sa.with(limits)))
                        .orElseGet(() -> SaMessages.delete(sa.protocol(), sa.spi(), sa.source(), sa.destination())));
            }
        }
    }

    private void staticRoute(LabNode.StaticRoute route, Plan plan) {
        String port = plan.ports(lab.name()).stream()
                .filter(p -> p.link().flatMap(LabLink::prefix).map(prefix -> prefix.contains(route.via())).orElse(false))
                .map(Plan.PortPlan::name).findFirst().orElse("p1");
        stack.routes().put(new Route(route.prefix(), port, Optional.of(route.via()), 0, Route.Origin.STATIC), Reason.CONFIGURED);
    }

    private Optional<HomeAgent> homeAgent(Lab whole, Plan plan) {
        return plan.homePort(lab.name()).map(port -> {
            HomeAgent agent = new HomeAgent(stack, stack.port(port.name()), port.link().flatMap(LabLink::prefix).orElseThrow(), port.address().orElseThrow());
            port.address4().ifPresent(address -> agent.serve(new HomeIp4(stack, stack.port(port.name()), address, homes4(whole, port.link().orElseThrow()))));
            return agent;
        });
    }

    /** IPv4 home addresses on a link, by IPv6 home address. */
    private static SequencedMap<Ip6Address, Ip4Address> homes4(Lab whole, LabLink link) {
        SequencedMap<Ip6Address, Ip4Address> homes = new LinkedHashMap<>();
        for (LabNode node : whole.nodes()) {
            node.home().filter(home -> home.link().equals(link.name())).ifPresent(home -> home.address4().ifPresent(address -> homes.put(home.address(), address)));
        }
        return homes;
    }

    /** What a mobile node is told of IPv4, as if by the administrators of the links that it visits. */
    private Ip4Configuration ip4(Lab whole, Plan plan, LabNode.Home home) {
        Optional<Ip4Configuration.Place> at = home.address4().flatMap(address -> place(whole, plan, home.link(), address));
        Optional<Ip4Address> agent = home.agent().flatMap(plan::homePort).flatMap(Plan.PortPlan::address4);
        SequencedMap<String, Ip4Configuration.Place> visited = new LinkedHashMap<>();
        lab.careOf4().forEach((link, address) -> place(whole, plan, link, address).ifPresent(place -> visited.put(link, place)));
        return new Ip4Configuration(at, agent, visited);
    }

    private static Optional<Ip4Configuration.Place> place(Lab whole, Plan plan, String name, Ip4Address address) {
        return whole.link(name).filter(link -> link.prefix4().isPresent())
                .map(link -> new Ip4Configuration.Place(address, link.prefix4().get(), plan.router4(link)));
    }

    private MobileNode mobileNode(Lab whole, Plan plan, LabNode.Home home) {
        Port port = stack.port("p1");
        boolean atHome = lab.at().filter(at -> whole.sameSegment(at, home.link())).isPresent();
        stack.addresses().put(new AddressEntry(atHome ? port.name() : Addresses.NOWHERE, home.address(), Phase.PREFERRED, Origin.HOME,
                Long.MAX_VALUE, Long.MAX_VALUE), Reason.CONFIGURED);
        List<MobileNode.Peer> peers = new ArrayList<>();
        lab.modes().forEach((peer, mode) -> plan.address(peer).ifPresent(address -> peers.add(new MobileNode.Peer(peer, address, mode(mode)))));
        Optional<Ip6Address> agent = home.agent().flatMap(name -> plan.homePort(name)).flatMap(Plan.PortPlan::address);
        return new MobileNode(stack, port,
                new MobileNode.Settings(home.address(), whole.link(home.link()).flatMap(LabLink::prefix).orElseThrow(), agent, lab.lifetime(), peers, ip4(whole, plan, home)));
    }

    /** The lab's word for a mode as mobility knows it. */
    public static MobileNode.PeerMode mode(LabNode.Mode mode) {
        return switch (mode) {
            case BIDIRECTIONAL -> MobileNode.PeerMode.BIDIRECTIONAL;
            case TRIANGULAR -> MobileNode.PeerMode.TRIANGULAR;
            case OPTIMIZED -> MobileNode.PeerMode.OPTIMIZED;
        };
    }

    private void advertise(Plan plan) {
        Optional<String> homePort = lab.role() == LabNode.Role.HOME_AGENT ? plan.homePort(lab.name()).map(Plan.PortPlan::name) : Optional.empty();
        for (Plan.PortPlan port : plan.ports(lab.name())) {
            if (port.address().isPresent() && port.link().flatMap(LabLink::prefix).isPresent()) {
                LabLink link = port.link().get();
                stack.advertiser().start(stack.port(port.name()), new RouterAdvertiser.Settings(link.prefix().get(), port.address().get(),
                        homePort.equals(Optional.of(port.name())), interval(link, plan)));
            }
        }
    }

    /** Between routers advertisements tell nobody anything; whoever comes there solicits. An interval that the lab chose stands. */
    private static long interval(LabLink link, Plan plan) {
        return plan.onlyRouters(link) && link.advertise() == LabLink.DEFAULT_ADVERTISE ? QUIET : link.advertise();
    }

    /**
     * Takes the first port off its link and, after a while, to another.
     *
     * @param to     null: nowhere
     * @param attach nanoseconds from arriving to carrier
     */
    public void move(Link to, long attach) {
        Port port = stack.ports().getFirst();
        String timer = "attach " + port.name();
        env.timers().cancel(timer);
        port.attach(null, false);
        if (to != null && attach == 0) {
            port.attach(to, true);
        } else if (to != null) {
            port.attach(to, false);
            env.timers().in(timer, attach, () -> port.attach(to, true));
        }
    }

    /** Sends one echo request with the address that this node prefers. */
    public void ping(Ip6Address to) {
        Route route = stack.routes().lookup(to);
        // Without any address it is tried all the same: the trace tells why nothing comes of it.
        Ip6Address from = stack.addresses().sourceFor(to, route == null ? "p1" : route.port()).orElse(Ip6Address.ANY);
        int sequence = (int) env.count("pings") & 0xffff;
        Icmp6Message request = new Icmp6Message.EchoRequest(PING_IDENTIFIER, sequence, Octets.wrap("careof ping by hand".getBytes(java.nio.charset.StandardCharsets.US_ASCII)));
        stack.output().send(Ip6Packet.of(from, to, IpProtocol.ICMP6, request.toOctets(from, to)), 0, true);
    }
}
