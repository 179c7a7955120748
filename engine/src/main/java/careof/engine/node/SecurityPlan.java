package careof.engine.node;

import careof.engine.base.IpAddress;
import careof.engine.base.Octets;
import careof.engine.crypto.Authentication;
import careof.engine.crypto.Encryption;
import careof.engine.lab.Lab;
import careof.engine.lab.LabNode;
import careof.engine.lab.LabProtection;
import careof.engine.lab.LabProtection.Mode;
import careof.engine.lab.LabProtection.Transform;
import careof.engine.lab.LabSelector;
import careof.engine.lab.LabSpdEntry;
import careof.engine.mobility.Cooperation;
import careof.engine.state.AddressRange;
import careof.engine.state.Sa;
import careof.engine.state.Selector;
import careof.engine.state.SpdEntry;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * What follows from a lab for the security policies and SAs of its nodes: for each protection entries both ways in the policies of both ends, and
 * an SA for each direction and transform at both ends, unless IKE is to make them.
 *
 * <p>At the start a tunnel ends where its mobile node will be: at home that is its home address, elsewhere the care-of address that it will make
 * there; where tunnels are not combined with mobility (recommendation B) it is the home address wherever it is.
 *
 * <p>The order of a node's entries: IKE passes; what the node's own list says; home test messages that are protected; signalling that is protected;
 * return routability passes (RFC 6275 section 5.2), as does other signalling where only payload is protected; the rest in the order of the lab; at
 * last what the node's own list puts there.
 */
public final class SecurityPlan {
    /** Priorities: lower comes first. */
    private static final int IKE = 10;
    private static final int OWN = 20;
    private static final int HOME_TEST = 30;
    private static final int SIGNALLING = 40;
    private static final int RETURN_ROUTABILITY = 50;
    private static final int OTHER_SIGNALLING = 55;
    private static final int PAYLOAD = 60;
    private static final int LAST = 90;

    /** Request ids of a protection's transforms follow each other. */
    private static final int REQUESTS = 8;

    private static final int UDP = 17;
    private static final int MOBILITY = 135;
    private static final Selector.Ports BINDING_UPDATE = Selector.Ports.of(5);
    private static final Selector.Ports BINDING_ACKNOWLEDGEMENT = Selector.Ports.of(6);
    private static final Selector.Ports BINDINGS = new Selector.Ports(5, 6);
    private static final Selector.Ports HOME_TEST_INIT = Selector.Ports.of(1);
    private static final Selector.Ports HOME_TEST_ANSWER = Selector.Ports.of(3);
    /** HoTI, CoTI, HoT and CoT. */
    private static final Selector.Ports ALL_TESTS = new Selector.Ports(1, 4);

    private final Lab lab;
    private final Plan plan;
    private final DerivedKeys derived;
    /** By protocol, receiver and SPI: taken. */
    private final Set<String> spis = new LinkedHashSet<>();
    private final Map<String, List<SpdEntry>> entries = new LinkedHashMap<>();
    private final Map<String, List<Sa>> sas = new LinkedHashMap<>();

    /** What a protection covers, from its first node to its second and back. */
    private record Cover(int priority, Selector there, Selector back) {}

    public SecurityPlan(Lab lab, Plan plan) {
        this.lab = lab;
        this.plan = plan;
        this.derived = new DerivedKeys(lab.seed());
        lab.nodes().forEach(node -> {
            entries.put(node.name(), new ArrayList<>());
            sas.put(node.name(), new ArrayList<>());
        });
        givenSpis();
        lab.nodes().stream().filter(this::isConcerned).forEach(this::always);
        for (LabProtection protection : lab.ipsec()) {
            protect(effective(protection));
        }
        lab.nodes().forEach(this::own);
        entries.replaceAll((_, all) -> inOrder(all));
    }

    /** A node's policy, in its order; ids are given when they are set. */
    public List<SpdEntry> entries(String node) {
        return List.copyOf(entries.get(node));
    }

    /** A node's SAs in the order of the lab; ids are given when they are set. */
    public List<Sa> sas(String node) {
        return List.copyOf(sas.get(node));
    }

    /** Whether a node has SAs that encrypt with DES: only where the lab asks for it by name. */
    public boolean usesDes(String node) {
        return sas.get(node).stream().anyMatch(sa -> sa.encryption() == Encryption.DES_CBC);
    }

    /** By priority, then as they came; of two for the same packets the second never rules, so it is left out. */
    private static List<SpdEntry> inOrder(List<SpdEntry> entries) {
        record Question(SpdEntry.Direction direction, String port, Selector selector) {}
        Set<Question> ruled = new LinkedHashSet<>();
        return entries.stream().sorted(Comparator.comparingLong(SpdEntry::priority))
                .filter(entry -> ruled.add(new Question(entry.direction(), entry.port(), entry.selector()))).toList();
    }

    /** The request ids of all transforms of a protection. */
    public static List<Long> requestIds(Lab lab, LabProtection protection) {
        return IntStream.range(0, protection.transforms().size()).mapToObj(i -> requestId(lab, protection, i)).toList();
    }

    /** The request id that joins a protection's transform, innermost 0, to its SAs. */
    public static long requestId(Lab lab, LabProtection protection, int transform) {
        int index = IntStream.range(0, lab.ipsec().size()).filter(i -> lab.ipsec().get(i).name().equals(protection.name())).findFirst().orElseThrow();
        return (index + 1L) * REQUESTS + transform;
    }

    private boolean isConcerned(LabNode node) {
        return !node.spd().isEmpty() || lab.ipsec().stream().anyMatch(p -> p.first().equals(node.name()) || p.second().equals(node.name()));
    }

    private void givenSpis() {
        for (LabProtection protection : lab.ipsec()) {
            protection.transforms().forEach(transform -> transform.keys().forEach(keys -> keys.spi().ifPresent(spi ->
                    spis.add(taken(transform, other(protection, keys.from()), spi)))));
        }
    }

    private static String taken(Transform transform, String receiver, long spi) {
        return transform.protocol() + " " + receiver + " " + spi;
    }

    private static String other(LabProtection protection, String node) {
        return node.equals(protection.first()) ? protection.second() : protection.first();
    }

    /** IKE's own messages pass, since there is no SA before them, and so does return routability, which must reach anybody. */
    private void always(LabNode node) {
        List<AddressRange> families = new ArrayList<>(List.of(AddressRange.ALL_IP6));
        if (plan.address4(node.name()).isPresent() || !node.careOf4().isEmpty()) {
            families.add(AddressRange.ALL_IP4);
        }
        for (AddressRange any : families) {
            for (int port : any.equals(AddressRange.ALL_IP4) ? new int[] {500, 4500, 4191} : new int[] {500, 4500}) {
                both(node.name(), IKE, new Selector(any, any, UDP, Selector.Ports.of(port), Selector.Ports.of(port)));
            }
        }
        both(node.name(), RETURN_ROUTABILITY, new Selector(AddressRange.ALL_IP6, AddressRange.ALL_IP6, MOBILITY, ALL_TESTS, Selector.Ports.ANY));
    }

    /** Passes both ways. */
    private void both(String node, int priority, Selector outbound) {
        add(node, priority, SpdEntry.Direction.OUT, "", outbound, SpdEntry.Action.BYPASS, List.of());
        add(node, priority, SpdEntry.Direction.IN, "", outbound.reversed(), SpdEntry.Action.BYPASS, List.of());
    }

    private void add(String node, int priority, SpdEntry.Direction direction, String port, Selector selector, SpdEntry.Action action,
            List<SpdEntry.Template> templates) {
        entries.get(node).add(new SpdEntry(0, priority, direction, port, selector, action, templates));
    }

    /**
     * A protection as it is set up. Between a mobile node and a correspondent, IKE makes SAs for the home address in transport mode, as the lab says
     * (recommendation O), or else a tunnel that ends at the care-of address.
     */
    LabProtection effective(LabProtection protection) {
        boolean tunnels = mobilesDoNotHide(protection, protection.first(), protection.second()) || mobilesDoNotHide(protection, protection.second(), protection.first());
        if (!protection.isKeyedByIke() || protection.isTunnel() || protection.family() != 6 || !tunnels) {
            return protection;
        }
        List<Transform> transforms = new ArrayList<>(protection.transforms());
        Transform last = transforms.removeLast();
        transforms.add(new Transform(last.protocol(), Mode.TUNNEL, last.encryption(), last.authentication(), last.bits(), last.outer(), last.keys()));
        return protection.withTransforms(transforms);
    }

    private boolean mobilesDoNotHide(LabProtection protection, String node, String peer) {
        return mobile(node) && !isAgentOf(peer, node) && !lab.policyOf(node).ignoresMobilityWithCorrespondents();
    }

    private void protect(LabProtection protection) {
        List<Cover> covers = covers(protection);
        for (Cover cover : covers) {
            protect(protection, protection.first(), cover.priority, cover.there, cover.back);
            protect(protection, protection.second(), cover.priority, cover.back, cover.there);
        }
        if (protection.traffic() == LabProtection.Usual.PAYLOAD && protection.family() == 6) {
            Cover payload = covers.getFirst();
            both(protection.first(), OTHER_SIGNALLING, mobility(payload.there, Selector.Ports.ANY));
            both(protection.second(), OTHER_SIGNALLING, mobility(payload.back, Selector.Ports.ANY));
        }
        if (protection.isKeyedByIke()) {
            return;
        }
        // what the SAs may carry: all that the entries cover
        Cover widest = covers.getLast();
        for (int i = 0; i < protection.transforms().size(); i++) {
            associate(protection, i, protection.first(), protection.second(), widest.there);
            associate(protection, i, protection.second(), protection.first(), widest.back);
        }
    }

    private void protect(LabProtection protection, String node, int priority, Selector out, Selector in) {
        add(node, priority, SpdEntry.Direction.OUT, "", out, SpdEntry.Action.PROTECT, templates(protection, node, other(protection, node)));
        add(node, priority, SpdEntry.Direction.IN, "", in, SpdEntry.Action.PROTECT, templates(protection, other(protection, node), node));
    }

    private List<SpdEntry.Template> templates(LabProtection protection, String from, String to) {
        List<SpdEntry.Template> templates = new ArrayList<>();
        for (int i = 0; i < protection.transforms().size(); i++) {
            Transform transform = protection.transforms().get(i);
            templates.add(new SpdEntry.Template(protocol(transform), mode(transform), end(protection, i, from), end(protection, i, to),
                    SpdEntry.Level.UNIQUE, requestId(lab, protection, i)));
        }
        return templates;
    }

    static Sa.Protocol protocol(Transform transform) {
        return switch (transform.protocol()) {
            case ESP -> Sa.Protocol.ESP;
            case AH -> Sa.Protocol.AH;
        };
    }

    static Sa.Mode mode(Transform transform) {
        return switch (transform.mode()) {
            case TRANSPORT -> Sa.Mode.TRANSPORT;
            case TUNNEL -> Sa.Mode.TUNNEL;
        };
    }

    /** Where a transform ends on a node: of a tunnel, and of what is around one, the outer address, else the node's own. */
    private IpAddress end(LabProtection protection, int index, String node) {
        Optional<Transform> tunnel = lastTunnel(protection, index + 1);
        if (tunnel.isPresent()) {
            return tunnel.get().outer() == 4 ? outer4(node) : outer6(protection, node);
        }
        return protection.family() == 6 ? address(protection, node) : address4(node);
    }

    /** The outermost tunnel among so many innermost transforms. */
    private static Optional<Transform> lastTunnel(LabProtection protection, int count) {
        return protection.transforms().subList(0, count).reversed().stream().filter(transform -> transform.mode() == Mode.TUNNEL).findFirst();
    }

    /** Combined with mobility, a tunnel ends where the mobile node will be first. */
    private IpAddress outer6(LabProtection protection, String node) {
        IpAddress home = address(protection, node);
        return plan.visited(node).map(visited -> Cooperation.mobileEnd(lab.policyOf(node), home, visited)).orElse(home);
    }

    /** The IPv6 address of an end: a home agent's on its home link, where its mobile node is the other end. */
    private IpAddress address(LabProtection protection, String node) {
        boolean agent = lab.node(node).orElseThrow().role() == LabNode.Role.HOME_AGENT && isAgentOf(node, other(protection, node));
        return (agent ? plan.homePort(node).flatMap(Plan.PortPlan::address) : plan.address(node)).orElseThrow(() ->
                new IllegalArgumentException("protection \"" + protection.name() + "\": node \"" + node + "\" has no address; attach it to a link with a prefix"));
    }

    private IpAddress address4(String node) {
        return plan.address4(node).orElseThrow(() -> new IllegalArgumentException("node \"" + node + "\" has no IPv4 address"));
    }

    private IpAddress outer4(String node) {
        LabNode lab4 = lab.node(node).orElseThrow();
        return lab4.at().flatMap(link -> Optional.<IpAddress>ofNullable(lab4.careOf4().get(link)))
                .or(() -> plan.address4(node))
                .orElseGet(() -> lab4.careOf4().isEmpty() ? address4(node) : lab4.careOf4().firstEntry().getValue());
    }

    /** Whether a node is the home agent of another, as far as the drawing tells. */
    boolean isAgentOf(String agent, String mobile) {
        return lab.node(mobile).flatMap(LabNode::home).map(home -> home.agent().map(agent::equals)
                .orElseGet(() -> lab.node(agent).orElseThrow().ports().stream().anyMatch(port -> port.link().equals(home.link())))).orElse(false);
    }

    /** What a protection covers; the last cover holds what its SAs carry. */
    private List<Cover> covers(LabProtection protection) {
        AddressRange first = own(protection, protection.first());
        AddressRange second = own(protection, protection.second());
        boolean agentSecond = isAgentOf(protection.second(), protection.first());
        boolean agentFirst = isAgentOf(protection.first(), protection.second());
        AddressRange any = protection.family() == 4 ? AddressRange.ALL_IP4 : AddressRange.ALL_IP6;
        boolean relayed = protection.isTunnel() && (agentFirst || agentSecond);
        AddressRange from = relayed && agentFirst ? any : first;
        AddressRange to = relayed && agentSecond ? any : second;
        Selector all = Selector.between(from, to);
        return switch (protection.traffic()) {
            case LabProtection.Usual.REGISTRATION -> {
                boolean bothMove = mobile(protection.first()) && mobile(protection.second());
                Selector.Ports there = bothMove ? BINDINGS : mobile(protection.first()) ? BINDING_UPDATE : BINDING_ACKNOWLEDGEMENT;
                Selector.Ports back = bothMove ? BINDINGS : mobile(protection.first()) ? BINDING_ACKNOWLEDGEMENT : BINDING_UPDATE;
                Selector between = Selector.between(first, second);
                yield List.of(new Cover(SIGNALLING, mobility(between, there), mobility(between.reversed(), back)));
            }
            case LabProtection.Usual.RETURN_ROUTABILITY -> List.of(homeTest(all, agentSecond));
            case LabProtection.Usual.PAYLOAD -> List.of(new Cover(PAYLOAD, all, all.reversed()));
            case LabProtection.Usual.ALL -> relayed ? List.of(homeTest(all, agentSecond), new Cover(PAYLOAD, all, all.reversed()))
                    : List.of(new Cover(PAYLOAD, all, all.reversed()));
            case LabProtection.Selected(LabSelector given) -> {
                Selector there = selector(given, first, second);
                yield List.of(new Cover(there.protocol() == MOBILITY ? SIGNALLING : PAYLOAD, there, there.reversed()));
            }
        };
    }

    /** HoTI from the mobile node through its home agent to anybody, HoT the other way. */
    private static Cover homeTest(Selector all, boolean agentSecond) {
        return new Cover(HOME_TEST, mobility(all, agentSecond ? HOME_TEST_INIT : HOME_TEST_ANSWER),
                mobility(all.reversed(), agentSecond ? HOME_TEST_ANSWER : HOME_TEST_INIT));
    }

    private static Selector mobility(Selector between, Selector.Ports types) {
        return new Selector(between.source(), between.destination(), MOBILITY, types, Selector.Ports.ANY);
    }

    private boolean mobile(String node) {
        return lab.node(node).orElseThrow().role() == LabNode.Role.MOBILE_NODE;
    }

    private AddressRange own(LabProtection protection, String node) {
        return AddressRange.of(protection.family() == 6 ? address(protection, node) : address4(node));
    }

    private static Selector selector(LabSelector given, AddressRange source, AddressRange destination) {
        return new Selector(given.source().map(SecurityPlan::range).orElse(source), given.destination().map(SecurityPlan::range).orElse(destination),
                given.protocol().orElse(Selector.ANY_PROTOCOL), ports(given.sourcePorts()), ports(given.destinationPorts()));
    }

    private static AddressRange range(LabSelector.Range range) {
        return new AddressRange(range.low(), range.high());
    }

    private static Selector.Ports ports(Optional<LabSelector.Ports> ports) {
        return ports.map(p -> new Selector.Ports(p.low(), p.high())).orElse(Selector.Ports.ANY);
    }

    /** The SA of one transform and direction, at both its ends. */
    private void associate(LabProtection protection, int index, String from, String to, Selector carried) {
        Transform transform = protection.transforms().get(index);
        Optional<LabProtection.Keys> given = transform.from(from);
        String purpose = protection.name() + "\0" + index + "\0" + from;
        long spi = given.flatMap(LabProtection.Keys::spi).orElseGet(() -> freeSpi(transform, to, purpose));
        Octets encryption = transform.encryption() == Encryption.NONE ? Octets.EMPTY
                : given.flatMap(LabProtection.Keys::encryption).orElseGet(() -> derived.key(purpose + "\0encryption", transform.keyLength()));
        Octets authentication = transform.authentication() == Authentication.NULL ? Octets.EMPTY
                : given.flatMap(LabProtection.Keys::authentication).orElseGet(() -> derived.key(purpose + "\0authentication", transform.authentication().key()));
        Sa sa = new Sa(0, spi, protocol(transform), mode(transform), end(protection, index, from), end(protection, index, to),
                carried(protection, index, carried, from, to), transform.encryption(), encryption, transform.authentication(), authentication,
                protection.extended(), protection.window(), requestId(lab, protection, index), lifetimes(protection.lifetime()), Sa.UdpPorts.NONE,
                Sa.Phase.MATURE, 0, index == protection.transforms().size() - 1 ? new Sa.Hiding(protection.padding(), protection.dummies()) : Sa.Hiding.NONE);
        sas.get(from).add(sa);
        sas.get(to).add(sa);
    }

    private long freeSpi(Transform transform, String to, String purpose) {
        for (int attempt = 0; ; attempt++) {
            long spi = derived.spi(purpose, attempt);
            if (spis.add(taken(transform, to, spi))) {
                return spi;
            }
        }
    }

    /** An outer transform carries what the inner ones made, AH or ESP: between the same ends, whatever the protocol. */
    private Selector carried(LabProtection protection, int index, Selector carried, String from, String to) {
        if (lastTunnel(protection, index).isPresent()) {
            return Selector.between(AddressRange.of(end(protection, index - 1, from)), AddressRange.of(end(protection, index - 1, to)));
        }
        return index == 0 ? carried : Selector.between(carried.source(), carried.destination());
    }

    /** The lab's lifetimes as an SA has them. */
    public static Sa.Lifetimes lifetimes(LabProtection.Lifetime lifetime) {
        return new Sa.Lifetimes(lifetime.soft(), lifetime.hard(), lifetime.softOctets(), lifetime.hardOctets());
    }

    /** The node's own list. */
    private void own(LabNode node) {
        for (LabSpdEntry entry : node.spd()) {
            boolean inbound = entry.direction() == LabSpdEntry.Direction.IN;
            Optional<LabProtection> with = entry.with().flatMap(lab::protection).map(this::effective);
            List<SpdEntry.Template> templates = with.map(p -> inbound ? templates(p, other(p, node.name()), node.name())
                    : templates(p, node.name(), other(p, node.name()))).orElse(List.of());
            for (AddressRange any : families(entry.selector())) {
                add(node.name(), entry.last() ? LAST : OWN, inbound ? SpdEntry.Direction.IN : SpdEntry.Direction.OUT, entry.port().orElse(""),
                        selector(entry.selector(), any, any), switch (entry.action()) {
                            case PROTECT -> SpdEntry.Action.PROTECT;
                            case BYPASS -> SpdEntry.Action.BYPASS;
                            case DISCARD -> SpdEntry.Action.DISCARD;
                        }, templates);
            }
        }
    }

    private static List<AddressRange> families(LabSelector selector) {
        return selector.source().or(selector::destination).map(range -> List.of(range.isIp4() ? AddressRange.ALL_IP4 : AddressRange.ALL_IP6))
                .orElse(List.of(AddressRange.ALL_IP6, AddressRange.ALL_IP4));
    }
}
