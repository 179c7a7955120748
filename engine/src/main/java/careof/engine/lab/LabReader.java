package careof.engine.lab;

import careof.engine.base.Ip4Address;
import careof.engine.base.Ip6Address;
import careof.engine.base.Prefix;
import careof.engine.policy.Recommendation;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Function;

/**
 * Builds a lab from its tree. What cannot be read is a problem and gets a stand-in, so that one reading finds all problems and every
 * element keeps its index; {@link #broken} names the stand-ins, and {@link LabCheck} then says nothing about them.
 */
final class LabReader {
    private static final String EXAMPLE_ADDRESS = "\"2001:db8:1::10\"";

    private final List<LabProblem> problems;
    private final SortedSet<String> broken = new TreeSet<>();
    private final ProtectionReader ipsecReader = new ProtectionReader(this);
    private final IkeReader ikeReader = new IkeReader(this);
    private long until;

    LabReader(List<LabProblem> problems) {
        this.problems = problems;
    }

    /** Pointers of fields that could not be read. */
    SortedSet<String> broken() {
        return broken;
    }

    Fields fields(String what, String pointer, JsonTree.Value value) {
        return new Fields(what, pointer, value, problems, broken);
    }

    Lab lab(JsonTree.Value root) {
        Fields lab = fields("a lab", "", root);
        lab.need("careof", lab.whole("careof"), (long) Lab.VERSION, String.valueOf(Lab.VERSION));
        lab.whole("careof").filter(version -> version != Lab.VERSION).ifPresent(version ->
                lab.wrong("careof", "this is version " + version + " of the file form; this program reads version " + Lab.VERSION));
        String name = lab.need("name", lab.text("name"), "", "\"My first handover\"");
        String about = lab.text("about").orElse("");
        long seed = lab.whole("seed").orElse(Lab.DEFAULT_SEED);
        Instant epoch = lab.parsed("epoch", "a time such as \"2026-01-01T00:00:00Z\"", LabReader::instant).orElse(Lab.DEFAULT_EPOCH);
        Lab.LabPolicy policy = lab.object("policy", "the policy").map(this::policy).orElse(Lab.LabPolicy.ALL_ON);
        List<LabLink> links = lab.list("links", this::link);
        List<LabNode> nodes = lab.list("nodes", this::node);
        // the end of the run is a default of traffic and expectations, so it is read before them
        until = lab.time("until").orElse(Lab.DEFAULT_UNTIL);
        LabPki pki = lab.object("pki", "the pki").map(ikeReader::pki).orElse(LabPki.DEFAULT);
        List<LabProtection> ipsec = lab.list("ipsec", ipsecReader::protection);
        List<LabTraffic> traffic = lab.list("traffic", this::traffic);
        List<TimedAction> actions = lab.list("actions", this::action);
        List<Expectation> expect = expectations(lab, "expect", until);
        Optional<LabExperiment> experiment = lab.object("experiment", "an experiment").map(this::experiment);
        Optional<LabComparison> comparison = lab.object("comparison", "a comparison").map(new ComparisonReader(this)::comparison);
        Lab.View view = lab.object("view", "the view").map(this::view).orElse(Lab.View.EMPTY);
        lab.end();
        return new Lab(name, about, seed, epoch, policy, links, nodes, pki, ipsec, traffic, actions, until, expect, experiment, comparison, view,
                LabMaterial.NONE);
    }

    static Instant instant(String text) {
        try {
            return Instant.parse(text);
        } catch (DateTimeException _) {
            throw new IllegalArgumentException("expected a time such as \"2026-01-01T00:00:00Z\", not \"" + text + "\"");
        }
    }

    private Lab.LabPolicy policy(Fields policy) {
        List<Recommendation> off = letters(policy, "off");
        SequencedMap<String, List<Recommendation>> nodes = new LinkedHashMap<>();
        policy.object("nodes", "the policy's nodes").ifPresent(byName -> {
            for (String node : byName.names()) {
                byName.object(node, "a node's policy").ifPresent(own -> {
                    nodes.put(node, letters(own, "off"));
                    own.end();
                });
            }
        });
        policy.end();
        return new Lab.LabPolicy(off, nodes);
    }

    private List<Recommendation> letters(Fields policy, String name) {
        return policy.list(name, (pointer, value) ->
                        policy.word(pointer, value, List.of(Recommendation.values()), Recommendation::name))
                .stream().flatMap(Optional::stream).toList();
    }

    private LabLink link(String pointer, JsonTree.Value value) {
        Fields link = fields("a link", pointer, value);
        String name = link.need("name", link.text("name"), "", "\"home\"");
        LabLink.Kind kind = link.need("kind", link.word("kind", List.of(LabLink.Kind.values()), LabLink.Kind::text),
                LabLink.Kind.WIRED, "\"wired\" or \"cell\"");
        LabLink defaults = LabLink.of(name, kind, link.prefix("prefix"));
        LabLink read = new LabLink(name, kind, defaults.prefix(),
                link.prefix4("prefix4"),
                link.time("delay").orElse(defaults.delay()),
                link.rate("rate").orElse(defaults.rate()),
                link.whole("queue", 0).orElse(defaults.queue()),
                link.number("loss").orElse(defaults.loss()),
                link.time("attach").orElse(defaults.attach()),
                link.whole("mtu", 0).orElse(defaults.mtu()),
                link.time("advertise").orElse(defaults.advertise()),
                link.bool("down").orElse(defaults.down()));
        link.end();
        return read;
    }

    private LabNode node(String pointer, JsonTree.Value value) {
        Fields node = fields("a node", pointer, value);
        String name = node.need("name", node.text("name"), "", "\"mn\"");
        LabNode.Role role = node.need("role", node.word("role", List.of(LabNode.Role.values()), LabNode.Role::text),
                LabNode.Role.HOST, "\"mobile-node\"");
        LabNode read = new LabNode(name, role,
                node.list("ports", this::port),
                node.text("at"),
                node.object("home", "a home").flatMap(this::home),
                node.object("careOf4", "the IPv4 care-of addresses").map(LabReader::careOf4).orElseGet(LinkedHashMap::new),
                node.object("modes", "the modes").map(this::modes).orElseGet(LinkedHashMap::new),
                node.list("routes", this::route),
                node.time("lifetime").orElse(LabNode.DEFAULT_LIFETIME),
                node.bool("optimisticDad").orElse(LabNode.of(name, role).optimisticDad()),
                node.bool("bridge").orElse(false),
                node.list("spd", ipsecReader::entry),
                node.object("ike", "the IKE settings").map(ikeReader::ike),
                node.bool("outside").orElse(false));
        node.end();
        return read;
    }

    private LabNode.Port port(String pointer, JsonTree.Value value) {
        Fields port = fields("a port", pointer, value);
        LabNode.Port read = new LabNode.Port(port.need("link", port.text("link"), "", "\"home\""), port.address("address"), port.address4("address4"));
        port.end();
        return read;
    }

    private Optional<LabNode.Home> home(Fields home) {
        String link = home.need("link", home.text("link"), "", "\"home\"");
        Ip6Address address = home.need("address", home.address("address"), Ip6Address.ANY, EXAMPLE_ADDRESS);
        Optional<Ip4Address> address4 = home.address4("address4");
        Optional<String> agent = home.text("agent");
        home.end();
        return home.present() ? Optional.of(new LabNode.Home(link, address, address4, agent)) : Optional.empty();
    }

    private static SequencedMap<String, Ip4Address> careOf4(Fields links) {
        SequencedMap<String, Ip4Address> all = new LinkedHashMap<>();
        for (String link : links.names()) {
            links.address4(link).ifPresent(address -> all.put(link, address));
        }
        return all;
    }

    private SequencedMap<String, LabNode.Mode> modes(Fields modes) {
        SequencedMap<String, LabNode.Mode> all = new LinkedHashMap<>();
        for (String peer : modes.names()) {
            mode(modes, peer).ifPresent(mode -> all.put(peer, mode));
        }
        return all;
    }

    private static Optional<LabNode.Mode> mode(Fields fields, String name) {
        return fields.word(name, List.of(LabNode.Mode.values()), LabNode.Mode::text);
    }

    private LabNode.StaticRoute route(String pointer, JsonTree.Value value) {
        Fields route = fields("a route", pointer, value);
        LabNode.StaticRoute read = new LabNode.StaticRoute(
                route.need("prefix", route.prefix("prefix"), Prefix.ALL, "\"2001:db8:9::/64\""),
                route.need("via", route.address("via"), Ip6Address.ANY, "\"2001:db8:1::1\""));
        route.end();
        return read;
    }

    private LabTraffic traffic(String pointer, JsonTree.Value value) {
        Fields traffic = fields("a traffic stream", pointer, value);
        LabTraffic read = new LabTraffic(
                traffic.need("name", traffic.text("name"), "", "\"voice\""),
                traffic.need("kind", traffic.word("kind", List.of(LabTraffic.Kind.values()), LabTraffic.Kind::text),
                        LabTraffic.Kind.UDP, "\"udp\" or \"ping\""),
                traffic.need("from", traffic.text("from"), "", "\"mn\""),
                traffic.need("to", traffic.text("to"), "", "\"cn\""),
                traffic.bool("both").orElse(false),
                traffic.time("every").orElse(LabTraffic.DEFAULT_EVERY),
                traffic.whole("octets", 0).orElse(LabTraffic.DEFAULT_OCTETS),
                traffic.time("start").orElse(0L),
                traffic.time("stop").orElse(until),
                traffic.whole("family", 0).orElse(6),
                traffic.whole("dscp", 0).orElse(0));
        traffic.end();
        return read;
    }

    private LabExperiment experiment(Fields experiment) {
        LabExperiment read = new LabExperiment(
                experiment.need("letter", experiment.word("letter", List.of(Recommendation.values()), Recommendation::name), Recommendation.A, "\"A\""),
                experiment.need("claim", experiment.text("claim"), "", "\"what is to be seen\""),
                texts(experiment, "at"),
                claims(experiment, until),
                experiment.list("parts", (pointer, value) -> part(fields("a part of an experiment", pointer, value), true)));
        experiment.end();
        return read;
    }

    /** @param claims whether it may say what is to be seen with the recommendation on and off */
    LabExperiment.Part part(Fields part, boolean claims) {
        long whole = until;
        Optional<Long> own = part.time("until");
        until = own.orElse(whole);
        LabExperiment.Part read = new LabExperiment.Part(
                part.need("name", part.text("name"), "", "\"replayed packets\""),
                part.object("policy", "the policy").map(this::policy),
                part.list("nodes", this::node),
                part.list("ipsec", ipsecReader::protection),
                part.list("traffic", this::traffic),
                part.has("actions") ? Optional.of(part.list("actions", this::action)) : Optional.empty(),
                own,
                expectations(part, "expect", until),
                claims ? claims(part, until) : LabExperiment.Claims.NONE);
        if (claims) {
            part.end();
        }
        until = whole;
        return read;
    }

    private LabExperiment.Claims claims(Fields fields, long end) {
        return new LabExperiment.Claims(expectations(fields, "on", end), expectations(fields, "off", end), expectations(fields, "same", end));
    }

    static List<String> texts(Fields fields, String name) {
        return fields.list(name, (pointer, value) -> fields.text(pointer, value)).stream().flatMap(Optional::stream).toList();
    }

    private List<Expectation> expectations(Fields fields, String name, long end) {
        ExpectationReader reader = new ExpectationReader(end);
        return fields.list(name, (pointer, value) -> reader.expectation(fields("an expectation", pointer, value)));
    }

    /** End of the run that is read, nanoseconds. */
    long until() {
        return until;
    }

    /** The one field among {@code kinds} that says what an action or expectation is. */
    static Optional<String> one(Fields fields, String what, List<String> kinds) {
        List<String> given = kinds.stream().filter(fields::has).toList();
        if (given.size() == 1) {
            return Optional.of(given.getFirst());
        }
        if (fields.present()) {
            fields.wrong("", what + " has exactly one of the fields " + Words.list(kinds)
                    + (given.isEmpty() ? "; this one has none of them" : "; this one has " + Words.list(given)));
        }
        return Optional.empty();
    }

    TimedAction action(String pointer, JsonTree.Value value) {
        Fields action = fields("an action", pointer, value);
        long at = action.need("at", action.time("at"), 0L, "\"5s\"");
        Optional<String> one = one(action, "an action", List.of("move", "link", "mode", "ping", "policy", "sa", "ike", "attack"));
        Action read = one
                .map(kind -> switch (kind) {
                    case "move" -> read(action, kind, "a move", this::move);
                    case "link" -> read(action, kind, "a link action", this::linkAction);
                    case "mode" -> read(action, kind, "a mode action", this::setMode);
                    case "ping" -> read(action, kind, "a ping", this::ping);
                    case "policy" -> read(action, kind, "a policy action", this::setPolicy);
                    case "sa" -> read(action, kind, "an action on SAs", this::changeSas);
                    case "ike" -> read(action, kind, "an IKE action", ikeReader::action);
                    default -> read(action, kind, "an attack", this::attack);
                })
                .orElse(new Action.Ping("", ""));
        if (one.isPresent()) {
            action.end();
        }
        return new TimedAction(at, read);
    }

    /** Reads an object whose fields decide what its owner is. */
    static <T> T read(Fields fields, String name, String what, Function<Fields, T> read) {
        Fields inside = fields.object(name, what).orElseThrow();
        T value = read.apply(inside);
        inside.end();
        return value;
    }

    private Action move(Fields move) {
        return new Action.Move(move.need("node", move.text("node"), "", "\"mn\""),
                move.value("to").orElse(null) instanceof JsonTree.Null ? Optional.empty() : move.text("to"));
    }

    private Action linkAction(Fields link) {
        return new Action.Link(link.need("name", link.text("name"), "", "\"cell-a\""), link.text("from"), link.text("to"),
                link.number("loss"), link.time("delay"), link.rate("rate"), link.bool("down"));
    }

    private Action setMode(Fields mode) {
        return new Action.SetMode(mode.need("node", mode.text("node"), "", "\"mn\""), mode.need("peer", mode.text("peer"), "", "\"cn\""),
                mode.need("mode", mode(mode, "mode"), LabNode.Mode.BIDIRECTIONAL, "\"optimized\""));
    }

    private Action ping(Fields ping) {
        return new Action.Ping(ping.need("from", ping.text("from"), "", "\"mn\""), ping.need("to", ping.text("to"), "", "\"cn\""));
    }

    private Action setPolicy(Fields policy) {
        return new Action.SetPolicy(policy.text("node"), letters(policy, "on"), letters(policy, "off"));
    }

    private Action changeSas(Fields sas) {
        return new Action.ChangeSas(sas.need("node", sas.text("node"), "", "\"cn\""),
                sas.need("protection", sas.text("protection"), "", "\"bu-ba\""),
                sas.bool("delete").orElse(false),
                sas.object("lifetime", "a lifetime").map(ProtectionReader::lifetime));
    }

    private Action attack(Fields fields) {
        String node = fields.need("node", fields.text("node"), "", "\"eve\"");
        List<String> kinds = Arrays.stream(Attack.Kind.values()).map(Attack.Kind::text).toList();
        Optional<Attack> attack = one(fields, "an attack", kinds).map(word -> {
            Attack.Kind kind = Attack.Kind.values()[kinds.indexOf(word)];
            return read(fields, word, "the attack " + word, inside -> kind.make(parameter -> value(inside, parameter)));
        });
        if (attack.isEmpty()) {
            kinds.forEach(fields::value);
        }
        return new Action.Attack(node, attack.orElse(new Attack.Drop("", 1)));
    }

    private static Optional<Object> value(Fields fields, Attack.Parameter parameter) {
        String name = parameter.name();
        Optional<Object> read = switch (parameter.type()) {
            case MATCH, FIELD, VALUE, COOKIES, PROTECTION, WORD -> fields.text(name).map(Object.class::cast);
            case ADDRESS -> fields.address(name).map(Object.class::cast);
            case NUMBER -> fields.whole(name).map(Object.class::cast);
            case TIME -> fields.time(name).map(Object.class::cast);
            case SPI -> fields.parsed(name, "an SPI such as \"0x1001\"", ProtectionReader::spi).map(Object.class::cast);
            case YES_NO -> fields.bool(name).map(Object.class::cast);
        };
        return parameter.isRequired() ? Optional.of(fields.need(name, read, standIn(parameter.type()), example(parameter.type()))) : read;
    }

    private static Object standIn(Attack.Type type) {
        return switch (type) {
            case MATCH, FIELD, VALUE, COOKIES, PROTECTION, WORD -> "";
            case ADDRESS -> Ip6Address.ANY;
            case NUMBER, TIME, SPI -> 0L;
            case YES_NO -> false;
        };
    }

    private static String example(Attack.Type type) {
        return switch (type) {
            case MATCH -> "\"BU\"";
            case FIELD -> "\"ipv6.src\"";
            case VALUE, ADDRESS -> EXAMPLE_ADDRESS;
            case NUMBER -> "1";
            case TIME -> "\"1s\"";
            case SPI -> "\"0x1001\"";
            case COOKIES -> "\"0x000102030405060708090a0b0c0d0e0f\"";
            case YES_NO -> "true";
            case PROTECTION -> "\"bu-ba\"";
            case WORD -> "\"udp\"";
        };
    }

    private Lab.View view(Fields view) {
        Lab.View read = new Lab.View(points(view, "nodes"), points(view, "links"));
        view.end();
        return read;
    }

    private SequencedMap<String, Lab.View.Point> points(Fields view, String name) {
        SequencedMap<String, Lab.View.Point> points = new LinkedHashMap<>();
        view.object(name, "the view's " + name).ifPresent(byName -> {
            List<String> names = new ArrayList<>(byName.names());
            names.forEach(one -> byName.point(one).ifPresent(point -> points.put(one, point)));
        });
        return points;
    }
}
