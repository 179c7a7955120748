package careof.engine.lab;

import static careof.engine.lab.LabProblem.Severity.ERROR;
import static careof.engine.lab.LabProblem.Severity.WARNING;

import careof.engine.base.Ip6Address;
import careof.engine.base.IpAddress;
import careof.engine.base.Prefix;
import careof.engine.base.VirtualTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;

/** What must hold in a lab before it can run, beyond what its records can say. */
public final class LabCheck {
    /** Of names: they stand in expressions, in file names and in labels. */
    private static final String NAME = "[A-Za-z0-9][A-Za-z0-9._-]{0,62}";

    private static final long LONGEST_DELAY = 60 * VirtualTime.SECOND;
    private static final long FASTEST = 1_000_000_000_000L;
    private static final int LONGEST_QUEUE = 100_000;
    /** RFC 8200 section 5. */
    private static final int LEAST_MTU = 1280;
    private static final int MOST_MTU = 65_535;
    /** Bounds of MaxRtrAdvInterval: RFC 6275 section 7.5 below, RFC 4861 section 6.2.1 above. */
    private static final long LEAST_ADVERTISE = 70 * VirtualTime.MILLISECOND;
    private static final long MOST_ADVERTISE = 1800 * VirtualTime.SECOND;
    /** The unit of a binding lifetime, and what fits its 16 bits (RFC 6275 section 6.1.7). */
    private static final long LIFETIME_UNIT = 4 * VirtualTime.SECOND;
    private static final long MOST_LIFETIME = 65_535 * LIFETIME_UNIT;
    private static final int LEAST_OCTETS = 16;
    /** Leaves room for every header below the largest IPv6 payload. */
    private static final int MOST_OCTETS = 65_000;
    private static final Instant FIRST_EPOCH = Instant.EPOCH;
    /** Captures count nanoseconds since 1970 in 64 bits. */
    private static final Instant LAST_EPOCH = Instant.parse("2200-01-01T00:00:00Z");
    private static final double FARTHEST = 1_000_000;

    private final Lab lab;
    private final ProtectionCheck protections;
    private final AttackCheck attacks;
    private final IkeCheck ike;
    private final List<Finding> findings = new ArrayList<>();
    private final Map<String, LabLink> links = new LinkedHashMap<>();
    private final Map<String, LabNode> nodes = new LinkedHashMap<>();
    /** Fixed addresses and the fields that gave them. */
    private final Map<IpAddress, String> addresses = new LinkedHashMap<>();

    /**
     * A problem, before it has a line.
     *
     * @param because further fields that it rests on
     */
    record Finding(LabProblem.Severity severity, String pointer, String message, List<String> because) {
        /** Whether it says nothing new where these fields could not be read. */
        boolean follows(SortedSet<String> broken) {
            return broken.stream().anyMatch(bad -> near(bad, pointer) || because.stream().anyMatch(other -> near(bad, other)));
        }

        private static boolean near(String bad, String pointer) {
            return bad.equals(pointer) || bad.startsWith(pointer + "/") || pointer.startsWith(bad + "/");
        }
    }

    private LabCheck(Lab lab) {
        this.lab = lab;
        this.protections = new ProtectionCheck(this, lab);
        this.attacks = new AttackCheck(this, lab);
        this.ike = new IkeCheck(this, lab);
    }

    /** Errors and warnings, without lines; empty: the lab can run and looks well. */
    public static List<LabProblem> problems(Lab lab) {
        return findings(lab).stream().map(f -> new LabProblem(f.severity(), "", 0, 0, f.pointer(), f.message())).toList();
    }

    static List<Finding> findings(Lab lab) {
        return of(lab).findings;
    }

    /** A lab, checked. */
    static LabCheck of(Lab lab) {
        LabCheck check = new LabCheck(lab);
        check.all();
        return check;
    }

    List<Finding> findings() {
        return findings;
    }

    void error(String pointer, String message, String... because) {
        findings.add(new Finding(ERROR, pointer, message, List.of(because)));
    }

    void warning(String pointer, String message, String... because) {
        findings.add(new Finding(WARNING, pointer, message, List.of(because)));
    }

    private void all() {
        lab.links().forEach(link -> links.putIfAbsent(link.name(), link));
        lab.nodes().forEach(node -> nodes.putIfAbsent(node.name(), node));
        names("/links", "link", lab.links().stream().map(LabLink::name).toList());
        names("/nodes", "node", lab.nodes().stream().map(LabNode::name).toList());
        names("/traffic", "traffic stream", lab.traffic().stream().map(LabTraffic::name).toList());
        if (lab.until() <= 0) {
            error("/until", "the run ends before it starts; expected a time above zero");
        }
        if (lab.epoch().isBefore(FIRST_EPOCH) || lab.epoch().isAfter(LAST_EPOCH)) {
            error("/epoch", "expected a time from " + FIRST_EPOCH + " to " + LAST_EPOCH);
        }
        policy();
        for (int i = 0; i < lab.links().size(); i++) {
            link("/links/" + i, lab.links().get(i));
        }
        prefixes();
        for (int i = 0; i < lab.nodes().size(); i++) {
            node("/nodes/" + i, lab.nodes().get(i));
        }
        for (int i = 0; i < lab.traffic().size(); i++) {
            traffic("/traffic/" + i, lab.traffic().get(i));
        }
        for (int i = 0; i < lab.actions().size(); i++) {
            action("/actions/" + i, lab.actions().get(i));
        }
        new ExpectationCheck(this, lab).all("/expect", lab.expect());
        new Ip4Check(this, lab).all();
        protections.all();
        ike.all();
        lab.experiment().ifPresent(experiment -> new ExperimentCheck(this, lab).check(experiment));
        lab.comparison().ifPresent(comparison -> new ComparisonCheck(this, lab).check(comparison));
        points("/view/nodes", "node", lab.view().nodes(), nodes.keySet());
        points("/view/links", "link", lab.view().links(), links.keySet());
    }

    void names(String pointer, String what, List<String> names) {
        Map<String, Integer> seen = new LinkedHashMap<>();
        for (int i = 0; i < names.size(); i++) {
            String at = pointer + "/" + i + "/name";
            name(at, names.get(i));
            Integer first = seen.putIfAbsent(names.get(i), i);
            if (first != null) {
                error(at, "there is already a " + what + " \"" + names.get(i) + "\", " + new LabProblem(ERROR, "", 0, 0, pointer + "/" + first, "").field() + "; rename one");
            }
        }
    }

    void name(String at, String name) {
        if (!name.matches(NAME)) {
            error(at, "\"" + name + "\" is no name; names have 1 to 63 letters, digits, dots, hyphens or underscores, a letter or digit first");
        }
    }

    private void policy() {
        letters("/policy/off", lab.policy().off());
        lab.policy().nodes().forEach((name, off) -> {
            String at = "/policy/nodes/" + JsonTree.escape(name);
            node(at, name);
            letters(at + "/off", off);
        });
    }

    void letters(String pointer, List<?> letters) {
        for (int i = 0; i < letters.size(); i++) {
            if (letters.indexOf(letters.get(i)) < i) {
                error(pointer + "/" + i, letters.get(i) + " is in the list twice; keep one");
            }
        }
    }

    /** The node of a name, or a problem. */
    Optional<LabNode> node(String pointer, String name) {
        return named(pointer, "node", "/nodes", name, nodes);
    }

    /** The link of a name, or a problem. */
    Optional<LabLink> link(String pointer, String name) {
        return named(pointer, "link", "/links", name, links);
    }

    private <T> Optional<T> named(String pointer, String what, String elements, String name, Map<String, T> all) {
        T found = all.get(name);
        if (found == null) {
            // an element without a name may be the one that was meant: then its missing name is the problem
            String[] because = all.containsKey("") ? nameless(elements) : new String[0];
            error(pointer, "no " + what + " \"" + name + "\"; " + what + "s are " + Words.list(all.keySet()) + Words.suggest(name, all.keySet()), because);
        }
        return Optional.ofNullable(found);
    }

    private String[] nameless(String elements) {
        List<String> names = elements.equals("/links") ? lab.links().stream().map(LabLink::name).toList()
                : lab.nodes().stream().map(LabNode::name).toList();
        List<String> pointers = new ArrayList<>();
        for (int i = 0; i < names.size(); i++) {
            if (names.get(i).isEmpty()) {
                pointers.add(elements + "/" + i + "/name");
            }
        }
        return pointers.toArray(String[]::new);
    }

    private void link(String at, LabLink link) {
        link.prefix().ifPresent(prefix -> {
            if (!prefix.address().isRoutableUnicast()) {
                error(at + "/prefix", prefix + " is not global; expected a prefix such as 2001:db8:1::/64");
            } else if (prefix.length() != 64 && autoconfigured(link)) {
                error(at + "/prefix", "addresses are configured by nodes themselves on \"" + link.name() + "\", which needs a /64, not a /"
                        + prefix.length() + " (RFC 4862); or give each of its ports an address");
            }
        });
        span(at + "/delay", link.delay(), 0, LONGEST_DELAY);
        range(at + "/rate", link.rate(), 0, FASTEST, Rate::format);
        range(at + "/queue", link.queue(), 0, LONGEST_QUEUE, String::valueOf);
        loss(at + "/loss", link.loss());
        span(at + "/attach", link.attach(), 0, LONGEST_DELAY);
        if (link.kind() == LabLink.Kind.WIRED && link.attach() != 0) {
            error(at + "/attach", "a wired link attaches at once; leave the field out, or make it a cell");
        }
        range(at + "/mtu", link.mtu(), LEAST_MTU, MOST_MTU, String::valueOf);
        span(at + "/advertise", link.advertise(), LEAST_ADVERTISE, MOST_ADVERTISE);
    }

    /** Whether some node makes an address of its own on this link. */
    private boolean autoconfigured(LabLink link) {
        String name = link.name();
        return link.kind() == LabLink.Kind.CELL
                || lab.nodes().stream().anyMatch(node -> node.at().equals(Optional.of(name))
                        || node.home().map(home -> home.link().equals(name)).orElse(false)
                        || node.ports().stream().anyMatch(port -> port.link().equals(name) && port.address().isEmpty()))
                || lab.actions().stream().anyMatch(timed -> timed.action() instanceof Action.Move(String _, Optional<String> to)
                        && to.equals(Optional.of(name)));
    }

    private void prefixes() {
        for (int i = 0; i < lab.links().size(); i++) {
            Optional<Prefix> prefix = lab.links().get(i).prefix();
            for (int j = 0; j < i && prefix.isPresent(); j++) {
                LabLink other = lab.links().get(j);
                if (other.prefix().map(p -> overlap(p, prefix.get())).orElse(false) && !lab.sameSegment(lab.links().get(i).name(), other.name())) {
                    error("/links/" + i + "/prefix", prefix.get() + " overlaps with " + other.prefix().get() + " of link \"" + other.name()
                            + "\"; each link needs its own", "/links/" + j + "/prefix");
                    break;
                }
            }
        }
    }

    private static boolean overlap(Prefix a, Prefix b) {
        return a.contains(b.address()) || b.contains(a.address());
    }

    private void node(String at, LabNode node) {
        Set<String> onLinks = new HashSet<>();
        for (int i = 0; i < node.ports().size(); i++) {
            LabNode.Port port = node.ports().get(i);
            String portAt = at + "/ports/" + i;
            if (!onLinks.add(port.link())) {
                error(portAt + "/link", "\"" + node.name() + "\" has a port on \"" + port.link() + "\" already; keep one", at + "/ports");
            }
            Optional<LabLink> link = link(portAt + "/link", port.link());
            port.address().ifPresent(address -> address(portAt + "/address", address, port.link(), link));
        }
        if (node.role() == LabNode.Role.MOBILE_NODE) {
            mobile(at, node);
        } else {
            fixed(at, node);
        }
        attacks.bridge(at, node);
        for (int i = 0; i < node.routes().size(); i++) {
            Ip6Address via = node.routes().get(i).via();
            String viaAt = at + "/routes/" + i + "/via";
            if (via.isMulticast() || via.isUnspecified() || via.isLoopback()) {
                error(viaAt, via + " is no next hop; expected the address of a router on a link of \"" + node.name() + "\"");
            } else if (!via.isLinkLocal() && node.ports().stream().noneMatch(port -> links.containsKey(port.link())
                    && links.get(port.link()).prefix().map(prefix -> prefix.contains(via)).orElse(false))) {
                error(viaAt, via + " is on no link of \"" + node.name() + "\"", at + "/ports");
            }
        }
    }

    /** A configured address: of a known link, and of nobody else. */
    private void address(String at, Ip6Address address, String linkName, Optional<LabLink> link) {
        if (!address.isRoutableUnicast()) {
            error(at, address + " is not a global unicast address");
            return;
        }
        unique(at, address);
        link.ifPresent(on -> {
            String prefixAt = "/links/" + lab.links().indexOf(on) + "/prefix";
            if (on.prefix().isEmpty()) {
                error(at, "link \"" + linkName + "\" has no prefix; give it one that holds " + address, prefixAt);
            } else if (!on.prefix().get().contains(address)) {
                error(at, address + " is not in " + on.prefix().get() + ", the prefix of link \"" + linkName + "\"", prefixAt);
            }
        });
    }

    /** A protection of which this node is an end, or a problem. */
    void protectionOf(String at, String node, String name) {
        protections.protectionOf(at, node, name);
    }

    /** An identity as somebody says it: with its value. */
    void said(String at, LabIdentity identity) {
        ike.said(at, identity);
    }

    /** No two configured addresses are the same. */
    void unique(String at, IpAddress address) {
        String first = addresses.putIfAbsent(address, at);
        if (first != null) {
            error(at, address + " is given twice, first as " + new LabProblem(ERROR, "", 0, 0, first, "").field() + "; addresses are unique", first);
        }
    }

    /** An IP version. */
    void family(String at, int family) {
        if (family != 4 && family != 6) {
            error(at, "expected 4 or 6, not " + family);
        }
    }

    private void fixed(String at, LabNode node) {
        String role = "a " + node.role().text();
        node.at().ifPresent(_ -> error(at + "/at", "only a mobile node has this field; " + role + " is attached by its ports", at + "/role"));
        node.home().ifPresent(_ -> error(at + "/home", "only a mobile node has a home; remove it, or change the role", at + "/role"));
        if (!node.modes().isEmpty()) {
            error(at + "/modes", "only a mobile node has modes; name the mode at the mobile node, with this node as its peer", at + "/role");
        }
        if (node.lifetime() != LabNode.DEFAULT_LIFETIME) {
            error(at + "/lifetime", "only a mobile node asks for binding lifetimes", at + "/role");
        }
        if (node.ports().isEmpty()) {
            warning(at, "\"" + node.name() + "\" is attached to no link", at + "/ports");
        }
    }

    private void mobile(String at, LabNode node) {
        if (!node.ports().isEmpty()) {
            error(at + "/ports", "a mobile node has no fixed ports; say with \"at\" on which link it starts", at + "/role");
        }
        node.at().ifPresent(link -> stay(at + "/at", link));
        if (node.home().isEmpty()) {
            error(at, "a mobile node needs a home: \"home\": { \"link\": ..., \"address\": ..., \"agent\": ... }", at + "/home", at + "/role");
        }
        node.home().ifPresent(home -> home(at + "/home", home));
        node.modes().forEach((peer, mode) -> {
            peer(at + "/modes/" + JsonTree.escape(peer), node.name(), peer, mode);
        });
        if (node.lifetime() < LIFETIME_UNIT || node.lifetime() > MOST_LIFETIME || node.lifetime() % LIFETIME_UNIT != 0) {
            error(at + "/lifetime", "expected a multiple of 4s from 4s to " + VirtualTime.format(MOST_LIFETIME) + " (RFC 6275 section 6.1.7), not "
                    + VirtualTime.format(node.lifetime()));
        }
    }

    /** A link that a mobile node comes to. */
    private void stay(String at, String name) {
        link(at, name).filter(link -> lab.nodes().stream().noneMatch(node -> node.role().forwards() && on(node, name))).ifPresent(_ ->
                warning(at, "no router is on \"" + name + "\", so a mobile node finds no care-of address there", "/nodes"));
    }

    private void peer(String at, String node, String name, LabNode.Mode mode) {
        Optional<LabNode> peer = node(at, name);
        if (peer.isPresent() && name.equals(node)) {
            error(at, "a mobile node is no peer of its own");
        } else if (mode != LabNode.Mode.BIDIRECTIONAL) {
            peer.map(LabNode::role).filter(role -> role != LabNode.Role.CORRESPONDENT && role != LabNode.Role.MOBILE_NODE).ifPresent(role ->
                    warning(at, "\"" + name + "\" is a " + role.text() + ", which knows nothing of mobility; make it a correspondent, or the mode bidirectional",
                            "/nodes/" + lab.nodes().indexOf(peer.get()) + "/role"));
        }
    }

    private void home(String at, LabNode.Home home) {
        Optional<LabLink> link = link(at + "/link", home.link());
        address(at + "/address", home.address(), home.link(), link);
        Optional<LabNode> agent = home.agent().flatMap(name -> node(at + "/agent", name));
        agent.ifPresent(node -> {
            String nodeAt = "/nodes/" + lab.nodes().indexOf(node);
            if (node.role() != LabNode.Role.HOME_AGENT) {
                error(at + "/agent", "\"" + node.name() + "\" is a " + node.role().text() + ", not a home-agent", nodeAt + "/role");
            } else if (!on(node, home.link()) && node.ports().stream().allMatch(port -> links.containsKey(port.link()))) {
                error(at + "/agent", "\"" + node.name() + "\" has no port on the home link \"" + home.link() + "\"; it could not defend "
                        + home.address() + " there", nodeAt + "/ports", at + "/link");
            }
        });
        if (home.agent().isEmpty() && link.isPresent()
                && nodes.values().stream().noneMatch(node -> node.role() == LabNode.Role.HOME_AGENT && on(node, home.link()))) {
            warning(at, "no agent is named and no home agent is on \"" + home.link() + "\", so none will be found", "/nodes");
        }
    }

    /** On this link, or on one that a bridge joins to it. */
    private boolean on(LabNode node, String link) {
        return node.ports().stream().anyMatch(port -> lab.sameSegment(port.link(), link));
    }

    private void traffic(String at, LabTraffic traffic) {
        ends(at, traffic.from(), traffic.to());
        if (traffic.kind() == LabTraffic.Kind.PING && traffic.both()) {
            error(at + "/both", "a ping is answered anyway; \"both\" is for udp");
        }
        span(at + "/every", traffic.every(), VirtualTime.MICROSECOND, 3600 * VirtualTime.SECOND);
        range(at + "/octets", traffic.octets(), LEAST_OCTETS, MOST_OCTETS, String::valueOf);
        range(at + "/dscp", traffic.dscp(), 0, 63, String::valueOf);
        if (traffic.stop() <= traffic.start()) {
            error(at + "/stop", "the stream stops at " + VirtualTime.format(traffic.stop()) + " but starts at " + VirtualTime.format(traffic.start()),
                    at + "/start", "/until");
        } else if (traffic.start() >= lab.until()) {
            warning(at + "/start", "the run ends before, at " + VirtualTime.format(lab.until()), "/until");
        }
    }

    private void ends(String at, String from, String to) {
        node(at + "/from", from).ifPresent(node -> reachable(at + "/from", node));
        Optional<LabNode> target = node(at + "/to", to);
        target.ifPresent(node -> reachable(at + "/to", node));
        if (target.isPresent() && from.equals(to)) {
            error(at + "/to", "both ends are \"" + to + "\"; name another node");
        }
    }

    /** Traffic needs an address at either end. */
    private void reachable(String at, LabNode node) {
        boolean has = !node.bridge() && (node.home().isPresent() || node.ports().stream().anyMatch(port -> port.address().isPresent()
                || !links.containsKey(port.link()) || links.get(port.link()).prefix().isPresent()));
        if (!has && node.role() != LabNode.Role.MOBILE_NODE) {
            error(at, "\"" + node.name() + "\" has no address; " + (node.bridge() ? "it is a bridge" : "attach it to a link with a prefix"), "/nodes/" + lab.nodes().indexOf(node), "/links");
        }
    }

    private void action(String at, TimedAction timed) {
        if (timed.at() > lab.until()) {
            warning(at + "/at", "the run ends before, at " + VirtualTime.format(lab.until()), "/until");
        }
        switch (timed.action()) {
            case Action.Move(String node, Optional<String> to) -> {
                mobileOnly(at + "/move/node", node, "only mobile nodes move");
                to.ifPresent(link -> stay(at + "/move/to", link));
            }
            case Action.Link change -> linkAction(at + "/link", change);
            case Action.SetMode(String node, String peer, LabNode.Mode mode) -> {
                mobileOnly(at + "/mode/node", node, "only mobile nodes have modes");
                peer(at + "/mode/peer", node, peer, mode);
            }
            case Action.Ping(String from, String to) -> ends(at + "/ping", from, to);
            case Action.SetPolicy policy -> protections.action(at + "/policy", policy);
            case Action.ChangeSas sas -> protections.action(at + "/sa", sas);
            case Action.Ike order -> ike.action(at + "/ike", order);
            case Action.Attack attack -> attacks.action(at + "/attack", attack);
        }
    }

    private void mobileOnly(String at, String name, String why) {
        node(at, name).filter(node -> node.role() != LabNode.Role.MOBILE_NODE).ifPresent(node ->
                error(at, "\"" + name + "\" is a " + node.role().text() + "; " + why, "/nodes/" + lab.nodes().indexOf(node) + "/role"));
    }

    private void linkAction(String at, Action.Link change) {
        link(at + "/name", change.name());
        Optional<LabNode> from = change.from().flatMap(name -> mayBeOn(at + "/from", name, change.name()));
        Optional<LabNode> to = change.to().flatMap(name -> mayBeOn(at + "/to", name, change.name()));
        if (from.isPresent() && from.equals(to)) {
            error(at + "/to", "\"" + change.to().get() + "\" does not send to itself");
        }
        if (change.loss().isEmpty() && change.delay().isEmpty() && change.rate().isEmpty() && change.down().isEmpty()) {
            error(at, "changes nothing; give loss, delay, rate or down");
        }
        change.loss().ifPresent(loss -> loss(at + "/loss", loss));
        change.delay().ifPresent(delay -> span(at + "/delay", delay, 0, LONGEST_DELAY));
        change.rate().ifPresent(rate -> {
            range(at + "/rate", rate, 0, FASTEST, Rate::format);
            if (change.from().isPresent() || change.to().isPresent()) {
                error(at + "/rate", "a rate is for the whole link; leave out from and to");
            }
        });
    }

    /** A node that has a port on the link, or is mobile and may come. */
    private Optional<LabNode> mayBeOn(String at, String name, String link) {
        Optional<LabNode> node = node(at, name);
        node.filter(n -> n.role() != LabNode.Role.MOBILE_NODE && links.containsKey(link) && !on(n, link)).ifPresent(n ->
                error(at, "\"" + name + "\" has no port on \"" + link + "\"", "/nodes/" + lab.nodes().indexOf(n) + "/ports"));
        return node;
    }

    private void points(String at, String what, Map<String, Lab.View.Point> points, Set<String> names) {
        points.forEach((name, point) -> {
            String pointAt = at + "/" + JsonTree.escape(name);
            if (!names.contains(name)) {
                error(pointAt, "no " + what + " \"" + name + "\"; remove it, or rename it" + Words.suggest(name, names), "/" + what + "s");
            }
            // written so that NaN fails too
            if (!(Math.abs(point.x()) <= FARTHEST && Math.abs(point.y()) <= FARTHEST)) {
                error(pointAt, "a canvas reaches from -1000000 to 1000000");
            }
        });
    }

    private void loss(String at, double loss) {
        if (!(loss >= 0 && loss <= 1)) {
            error(at, "a loss is a probability from 0 to 1 (0.05 for 5 %), not " + loss);
        }
    }

    void span(String at, long nanos, long least, long most) {
        range(at, nanos, least, most, VirtualTime::format);
    }

    void range(String at, long value, long least, long most, java.util.function.LongFunction<String> text) {
        if (value < least || value > most) {
            error(at, "expected " + text.apply(least) + " to " + text.apply(most) + ", not " + text.apply(value));
        }
    }
}
