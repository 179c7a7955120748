package careof.engine.lab;

import careof.engine.base.Ip4Address;
import careof.engine.base.Ip4Prefix;
import careof.engine.base.Ip6Address;
import careof.engine.base.IpAddress;
import careof.engine.base.Octets;
import careof.engine.base.Prefix;
import careof.engine.crypto.Authentication;
import careof.engine.crypto.Encryption;
import careof.engine.policy.Recommendation;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.SequencedMap;
import java.util.function.Supplier;

/** Random labs that are legal and use every field. */
public final class LabGenerator {
    private static final String LETTERS = "abcXYZ059._-";
    private static final String TEXT = "aZ0 \"\\/\n\t\r\u0001\u007fé漢\ud83d\ude00\ud800\udc00\ud801{}[]:,";

    private final Random random;
    private final List<LabLink> links = new ArrayList<>();
    private final List<LabNode> nodes = new ArrayList<>();
    private LabPki pki = LabPki.DEFAULT;
    private final List<LabProtection> ipsec = new ArrayList<>();
    private final List<LabTraffic> traffic = new ArrayList<>();
    private int count;
    private int hosts;
    private long until;

    public LabGenerator(Random random) {
        this.random = random;
    }

    public Lab lab() {
        until = 1 + time(100_000_000_000L);
        for (int i = 1 + random.nextInt(6); i > 0; i--) {
            links.add(link());
        }
        for (LabLink link : links) {
            nodes.add(fixed(LabNode.Role.HOME_AGENT, link));
        }
        for (int i = random.nextInt(4); i > 0; i--) {
            nodes.add(fixed(one(List.of(LabNode.Role.CORRESPONDENT, LabNode.Role.HOST, LabNode.Role.ROUTER, LabNode.Role.ATTACKER)), one(links)));
        }
        for (int i = 1 + random.nextInt(3); i > 0; i--) {
            nodes.add(mobile());
        }
        if (random.nextInt(3) == 0) {
            bridge();
        }
        List<TimedAction> actions = new ArrayList<>();
        List<Expectation> expect = new ArrayList<>();
        if (nodes.size() > 1) {
            many(4, ipsec, this::protection);
            nodes.replaceAll(node -> node.withSpd(entries(node)));
            IkeGenerator ike = new IkeGenerator(random);
            pki = ike.pki();
            nodes.replaceAll(node -> ike.node(node, nodes, pki));
            many(4, traffic, this::traffic);
            many(6, actions, () -> new TimedAction(time(until), action()));
            many(6, expect, this::expectation);
        }
        nodes.replaceAll(node -> random.nextInt(15) == 0 ? node.withOutside(true) : node);
        Optional<LabExperiment> experiment = nodes.size() > 1 ? maybe(this::experiment) : Optional.empty();
        Optional<LabComparison> comparison = nodes.size() > 1 ? maybe(this::comparison) : Optional.empty();
        return new Lab(text(), text(), random.nextLong(), Instant.ofEpochSecond(random.nextInt(Integer.MAX_VALUE), random.nextInt(3) * 1_000L),
                policy(), links, nodes, pki, ipsec, traffic, actions, until, expect, experiment, comparison,
                new Lab.View(points(nodes.stream().map(LabNode::name).toList()), points(links.stream().map(LabLink::name).toList())), LabMaterial.NONE);
    }

    /** A lab with what its files would hold, in which nodes sign with a short key and use a small group: arithmetic would take most of a test's time. */
    public static Lab quickToRun(Lab lab) {
        return IkeGenerator.quickToRun(lab);
    }

    private <T> T one(List<T> all) {
        return all.get(random.nextInt(all.size()));
    }

    private <T> void many(int most, List<T> all, Supplier<T> make) {
        for (int i = random.nextInt(most); i > 0; i--) {
            all.add(make.get());
        }
    }

    private <T> Optional<T> maybe(Supplier<T> make) {
        return random.nextBoolean() ? Optional.of(make.get()) : Optional.empty();
    }

    private String name() {
        StringBuilder name = new StringBuilder("n" + count++);
        for (int i = random.nextInt(6); i > 0; i--) {
            name.append(LETTERS.charAt(random.nextInt(LETTERS.length())));
        }
        return name.toString();
    }

    private String text() {
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(12); i > 0; i--) {
            text.append(TEXT.charAt(random.nextInt(TEXT.length())));
        }
        return text.toString();
    }

    /** Anything up to {@code most}: round and odd values alike. */
    private long time(long most) {
        long unit = one(List.of(1L, 1_000L, 1_000_000L, 1_000_000_000L));
        return Math.min(most, random.nextLong(most / unit + 1) * unit);
    }

    private double loss() {
        return one(List.of(0.0, 1.0, 0.01, 1e-9, random.nextDouble()));
    }

    private long rate() {
        return random.nextLong(1_000_000) * one(List.of(1L, 1_000L, 1_000_000L));
    }

    private LabLink link() {
        LabLink.Kind kind = one(List.of(LabLink.Kind.values()));
        return new LabLink(name(), kind, Optional.of(Prefix.parse("2001:db8:" + Integer.toHexString(++count) + "::/64")), maybe(() -> Ip4Prefix.parse("10." + count / 256 + "." + count % 256 + ".0/24")), time(1_000_000_000), rate(),
                random.nextInt(1000), loss(), kind == LabLink.Kind.CELL ? time(1_000_000_000) : 0, 1280 + random.nextInt(9000),
                70_000_000 + time(1_000_000_000), random.nextBoolean());
    }

    private Ip6Address addressOn(LabLink link) {
        return link.prefix().orElseThrow().with(0x10000L + ++count);
    }

    private Optional<Ip4Address> address4On(LabLink link) {
        return link.prefix4().filter(_ -> hosts < 250 && random.nextBoolean()).map(prefix -> prefix.host(++hosts));
    }

    private LabNode fixed(LabNode.Role role, LabLink first) {
        List<LabNode.Port> ports = new ArrayList<>();
        ports.add(new LabNode.Port(first.name(), maybe(() -> addressOn(first)), address4On(first)));
        for (LabLink link : links) {
            if (link != first && random.nextInt(4) == 0) {
                ports.add(new LabNode.Port(link.name(), maybe(() -> addressOn(link)), address4On(link)));
            }
        }
        List<LabNode.StaticRoute> routes = new ArrayList<>();
        many(3, routes, () -> new LabNode.StaticRoute(new Prefix(new Ip6Address(random.nextLong(), random.nextLong()), random.nextInt(129)),
                random.nextBoolean() ? addressOn(first) : Ip6Address.linkLocal(random.nextLong())));
        return LabNode.of(name(), role).withPorts(ports).withRoutes(routes).withOptimisticDad(random.nextBoolean());
    }

    private LabNode mobile() {
        int home = random.nextInt(links.size());
        LabLink link = links.get(home);
        SequencedMap<String, LabNode.Mode> modes = new LinkedHashMap<>();
        for (LabNode peer : nodes) {
            if (random.nextBoolean()) {
                modes.put(peer.name(), one(List.of(LabNode.Mode.values())));
            }
        }
        SequencedMap<String, Ip4Address> careOf4 = new LinkedHashMap<>();
        links.forEach(one -> address4On(one).ifPresent(address -> careOf4.put(one.name(), address)));
        return LabNode.of(name(), LabNode.Role.MOBILE_NODE).withAt(maybe(() -> one(links).name()))
                .withHome(Optional.of(new LabNode.Home(link.name(), addressOn(link), address4On(link), maybe(() -> nodes.get(home).name()))))
                .withCareOf4(careOf4).withModes(modes).withLifetime((1 + random.nextInt(65_535)) * 4_000_000_000L).withOptimisticDad(random.nextBoolean());
    }

    private LabTraffic traffic() {
        LabTraffic.Kind kind = one(List.of(LabTraffic.Kind.values()));
        List<LabNode> ends = ends();
        long start = time(until - 1);
        return new LabTraffic(name(), kind, ends.get(0).name(), ends.get(1).name(), kind == LabTraffic.Kind.UDP && random.nextBoolean(),
                1000 + time(1_000_000_000), 16 + random.nextInt(64_000), start, random.nextBoolean() ? until : start + 1 + time(1_000_000_000),
                ends.stream().allMatch(Ip4Check::isReachable) && random.nextBoolean() ? 4 : 6, random.nextInt(64));
    }

    /** A second half of a link, with some node on it, and a bridge between both. */
    private void bridge() {
        LabLink near = one(links);
        LabLink far = near.withName(name());
        links.add(far);
        nodes.add(LabNode.of(name(), LabNode.Role.CORRESPONDENT).withPorts(List.of(new LabNode.Port(far.name(), Optional.empty()))));
        nodes.add(LabNode.of(name(), LabNode.Role.ATTACKER).withBridge(true)
                .withPorts(List.of(new LabNode.Port(near.name(), Optional.empty()), new LabNode.Port(far.name(), Optional.empty()))));
    }

    private LabProtection protection() {
        List<LabNode> ends = ends();
        boolean homePair = ends.stream().anyMatch(node -> node.role() == LabNode.Role.HOME_AGENT)
                && ends.stream().anyMatch(node -> node.role() == LabNode.Role.MOBILE_NODE);
        boolean mobile = ends.stream().anyMatch(node -> node.role() == LabNode.Role.MOBILE_NODE);
        boolean has4 = ends.stream().allMatch(Ip4Check::hasAddress);
        List<LabProtection.Transform> transforms = new ArrayList<>();
        for (int i = 1 + random.nextInt(3); i > 0; i--) {
            transforms.add(transform(ends.get(0).name(), ends.get(1).name(), has4));
        }
        boolean tunnel = transforms.stream().anyMatch(transform -> transform.mode() == LabProtection.Mode.TUNNEL);
        LabProtection.Traffic what = switch (random.nextInt(5)) {
            case 0 -> mobile ? LabProtection.Usual.REGISTRATION : LabProtection.Usual.ALL;
            case 1 -> homePair && tunnel ? LabProtection.Usual.RETURN_ROUTABILITY : LabProtection.Usual.ALL;
            case 2 -> LabProtection.Usual.PAYLOAD;
            default -> new LabProtection.Selected(selector(6));
        };
        boolean open = what == LabProtection.Usual.ALL || what == LabProtection.Usual.PAYLOAD;
        LabProtection plain = new LabProtection(name(), ends.get(0).name(), ends.get(1).name(), what, open && ends.stream().allMatch(Ip4Check::isReachable) && random.nextBoolean() ? 4 : 6, transforms,
                random.nextInt(65), random.nextBoolean(), random.nextBoolean() ? LabProtection.Lifetime.NONE : lifetime(), 0, 0, LabProtection.Keying.MANUAL);
        if (ends.stream().noneMatch(node -> node.role() == LabNode.Role.ATTACKER) && random.nextInt(3) == 0) {
            plain = plain.withKeying(LabProtection.Keying.IKE).withTransforms(plain.transforms().stream().map(LabProtection.Transform::withoutKeys).toList());
        }
        return plain.mayHide() && random.nextBoolean() ? plain.withHiding(random.nextInt(2000), random.nextBoolean() ? 0 : 10_000_000L + random.nextInt(1000) * 1_000_000L) : plain;
    }

    private LabProtection.Lifetime lifetime() {
        long hard = random.nextInt(1000) * 1_000_000_000L;
        return new LabProtection.Lifetime(hard == 0 ? 5_000_000_000L : random.nextLong(hard / 1_000_000_000L) * 1_000_000_000L, hard, random.nextInt(1000), random.nextBoolean() ? 0 : 1000 + count);
    }

    private LabProtection.Transform transform(String first, String second, boolean has4) {
        boolean ah = random.nextInt(3) == 0;
        LabProtection.Mode mode = one(List.of(LabProtection.Mode.values()));
        Authentication authentication = one(List.of(Authentication.values()).subList(1, Authentication.values().length));
        Encryption encryption = ah ? Encryption.NONE : one(List.of(Encryption.NULL, Encryption.DES3_CBC, Encryption.AES_CBC, Encryption.AES_CTR, Encryption.AES_GCM));
        if (encryption.isCombined()) {
            authentication = Authentication.NULL;
        }
        int bits = encryption.keyLengths().size() > 1 ? one(List.of(0, 128, 192, 256)) : 0;
        LabProtection.Transform plain = new LabProtection.Transform(ah ? LabProtection.Protocol.AH : LabProtection.Protocol.ESP, mode, encryption, authentication, bits,
                mode == LabProtection.Mode.TUNNEL && has4 && random.nextBoolean() ? 4 : 6, List.of());
        List<LabProtection.Keys> keys = new ArrayList<>();
        for (String from : List.of(first, second)) {
            if (random.nextBoolean()) {
                Authentication named = authentication;
                keys.add(new LabProtection.Keys(from, maybe(() -> 256L + ++count), plain.keyLength() == 0 ? Optional.empty() : maybe(() -> octets(plain.keyLength())),
                        named == Authentication.NULL ? Optional.empty() : maybe(() -> octets(named.key()))));
            }
        }
        return new LabProtection.Transform(plain.protocol(), mode, encryption, authentication, bits, plain.outer(), keys);
    }

    private Octets octets(int length) {
        byte[] octets = new byte[length];
        random.nextBytes(octets);
        return Octets.wrap(octets);
    }

    private LabSelector selector(int family) {
        int protocol = one(List.of(1, 6, 17, 58, 135, 47, 0));
        boolean ports = protocol != 47 && protocol != 0;
        return new LabSelector(maybe(() -> addresses(family)), maybe(() -> addresses(family)), ports ? Optional.of(protocol) : maybe(() -> protocol),
                ports ? maybe(this::ports) : Optional.empty(), ports && protocol != 135 ? maybe(this::ports) : Optional.empty());
    }

    private LabSelector.Ports ports() {
        int low = random.nextInt(65_536);
        return new LabSelector.Ports(low, random.nextBoolean() ? low : low + random.nextInt(65_536 - low));
    }

    private LabSelector.Range addresses(int family) {
        IpAddress a = family == 4 ? new Ip4Address(random.nextInt()) : new Ip6Address(random.nextLong(), random.nextLong());
        IpAddress b = family == 4 ? new Ip4Address(random.nextInt()) : new Ip6Address(random.nextLong(), random.nextLong());
        return switch (random.nextInt(3)) {
            case 0 -> new LabSelector.Range(a, a);
            case 1 -> family == 4 ? LabSelector.Range.of(new Ip4Prefix((Ip4Address) a, random.nextInt(33)))
                    : LabSelector.Range.of(new Prefix((Ip6Address) a, random.nextInt(129)));
            default -> a.compareTo(b) < 0 ? new LabSelector.Range(a, b) : new LabSelector.Range(b, a);
        };
    }

    private List<LabSpdEntry> entries(LabNode node) {
        List<LabSpdEntry> entries = new ArrayList<>();
        List<LabProtection> own = ipsec.stream().filter(p -> p.first().equals(node.name()) || p.second().equals(node.name())).toList();
        many(3, entries, () -> {
            LabSpdEntry.Action action = own.isEmpty() ? one(List.of(LabSpdEntry.Action.BYPASS, LabSpdEntry.Action.DISCARD)) : one(List.of(LabSpdEntry.Action.values()));
            return new LabSpdEntry(one(List.of(LabSpdEntry.Direction.values())), action,
                    action == LabSpdEntry.Action.PROTECT ? Optional.of(one(own).name()) : Optional.empty(), maybe(() -> "p1"), selector(one(List.of(4, 6))), random.nextBoolean());
        });
        return entries;
    }

    private List<LabNode> ends() {
        List<LabNode> able = nodes.stream().filter(node -> !node.bridge()).toList();
        int from = random.nextInt(able.size());
        int to = (from + 1 + random.nextInt(able.size() - 1)) % able.size();
        return List.of(able.get(from), able.get(to));
    }

    private LabNode anyMobile() {
        return one(nodes.stream().filter(node -> node.role() == LabNode.Role.MOBILE_NODE).toList());
    }

    private Action action() {
        LabNode mobile = anyMobile();
        return switch (random.nextInt(9)) {
            case 6, 8 -> attack();
            case 7 -> new IkeGenerator(random).action(nodes, ipsec).orElseGet(() -> new Action.Ping(nodes.getFirst().name(), mobile.name()));
            case 4 -> {
                List<Recommendation> letters = new ArrayList<>(letters());
                letters.add(Recommendation.A);
                List<Recommendation> different = letters.stream().distinct().toList();
                int on = random.nextInt(different.size() + 1);
                yield new Action.SetPolicy(maybe(mobile::name), different.subList(0, on), different.subList(on, different.size()));
            }
            case 5 -> {
                if (ipsec.isEmpty()) {
                    yield new Action.Ping(nodes.getFirst().name(), mobile.name());
                }
                LabProtection protection = one(ipsec);
                boolean delete = random.nextBoolean();
                yield new Action.ChangeSas(one(List.of(protection.first(), protection.second())), protection.name(), delete,
                        delete ? Optional.empty() : Optional.of(lifetime()));
            }
            case 0 -> new Action.Move(mobile.name(), maybe(() -> one(links).name()));
            case 1 -> new Action.Ping(mobile.name(), nodes.getFirst().name());
            case 2 -> new Action.SetMode(mobile.name(), nodes.getFirst().name(), one(List.of(LabNode.Mode.values())));
            default -> {
                Optional<String> from = maybe(mobile::name);
                yield new Action.Link(one(links).name(), from, Optional.empty(), Optional.of(loss()), maybe(() -> time(1_000_000_000)),
                        from.isPresent() ? Optional.empty() : maybe(this::rate), maybe(random::nextBoolean));
            }
        };
    }

    private Action attack() {
        Attack.Kind kind = one(List.of(Attack.Kind.values()));
        List<LabNode> able = nodes.stream().filter(node -> switch (kind.place()) {
            case ON_PATH -> node.bridge();
            case LISTENING -> node.role() == LabNode.Role.ATTACKER;
            case OFF_PATH -> node.role() == LabNode.Role.ATTACKER && !node.bridge();
            case KEY_HOLDER -> ipsec.stream().anyMatch(p -> p.first().equals(node.name()));
        }).toList();
        if (able.isEmpty()) {
            return new Action.Ping(nodes.getFirst().name(), anyMobile().name());
        }
        LabNode who = one(able);
        boolean inner = random.nextBoolean();
        return new Action.Attack(who.name(), kind.make(parameter -> {
            if (parameter.name().startsWith("inner")) {
                return inner ? Optional.of(addressOn(one(links))) : Optional.empty();
            }
            return parameter.isRequired() ? Optional.of(value(parameter, who)) : maybe(() -> value(parameter, who));
        }));
    }

    private Object value(Attack.Parameter parameter, LabNode who) {
        return switch (parameter.type()) {
            case MATCH -> one(List.of("", "BU", "ESP !udp", "ipv6.dst=2001:db8:1::1 udp"));
            case FIELD -> one(List.of("ipv6.src", "octet:7", "ipv6.opt.mipv6.home_address"));
            case VALUE -> one(List.of("2001:db8::77", "7", "0x0a0b"));
            case COOKIES -> "0x" + octets(16).toHex();
            case ADDRESS -> random.nextBoolean() ? addressOn(one(links)) : anyMobile().home().orElseThrow().address();
            case NUMBER -> Math.max(parameter.least(), Math.min(parameter.most(), random.nextLong(200)));
            case TIME -> parameter.name().equals("lifetime") ? random.nextInt(100) * 4_000_000_000L : Math.max(parameter.least(), time(1_000_000_000));
            case SPI -> (long) random.nextInt(Integer.MAX_VALUE);
            case YES_NO -> random.nextBoolean();
            case PROTECTION -> ipsec.stream().filter(p -> p.first().equals(who.name())).findFirst().orElseThrow().name();
            case WORD -> one(parameter.words());
        };
    }

    private Expectation.Range range(long most) {
        long least = random.nextLong(most);
        return switch (random.nextInt(4)) {
            case 0 -> Expectation.Range.exactly(least);
            case 1 -> new Expectation.Range(Optional.of(least), Optional.empty());
            case 2 -> new Expectation.Range(Optional.empty(), Optional.of(least));
            default -> new Expectation.Range(Optional.of(least), Optional.of(least + random.nextLong(most)));
        };
    }

    /** The last letter is never off. */
    private LabExperiment experiment() {
        List<LabExperiment.Part> parts = new ArrayList<>();
        many(4, parts, () -> part("part " + text(), claims()));
        return new LabExperiment(Recommendation.R, text(), maybe(() -> one(nodes).name()).stream().toList(), claims(), parts);
    }

    private LabExperiment.Part part(String name, LabExperiment.Claims claims) {
        List<TimedAction> actions = new ArrayList<>();
        many(3, actions, () -> new TimedAction(time(until), action()));
        return new LabExperiment.Part(name, maybe(this::policy), maybe(() -> one(nodes)).stream().toList(),
                ipsec.isEmpty() ? List.of() : List.of(one(ipsec)), traffic.isEmpty() ? List.of() : List.of(one(traffic)),
                random.nextBoolean() ? Optional.of(actions) : Optional.empty(), maybe(() -> until + 1 + time(1_000_000_000)), expectations(), claims);
    }

    private LabComparison comparison() {
        List<LabComparison.Measure> measures = new ArrayList<>(List.of(new LabComparison.Measure("a " + name(),
                new Expectation.Messages("BU", maybe(() -> one(nodes).name()), Expectation.Range.OPEN, span()))));
        if (random.nextBoolean()) {
            measures.add(new LabComparison.Measure("b " + name(), new Expectation.Operations(one(List.of(Expectation.Operation.values())), Optional.empty(),
                    Expectation.Range.OPEN, span())));
        }
        traffic.stream().findFirst().ifPresent(stream -> {
            String ends = stream.from() + "-" + stream.to();
            measures.add(new LabComparison.Measure("c", new Expectation.Flow(stream.name(), Optional.empty(), Optional.of(Expectation.Range.OPEN), Optional.empty(),
                    Optional.empty(), Optional.of(range(1_000_000_000L)), span())));
            measures.add(new LabComparison.Measure("d", new Expectation.Outage(stream.name(), ends, Expectation.Range.OPEN, span())));
        });
        // a stream that nothing else names may be left out
        List<String> spare = traffic.isEmpty() ? List.of() : List.of("spare");
        List<LabComparison.Variant> variants = new ArrayList<>();
        int count = 2 + random.nextInt(2);
        for (int i = 0; i < count; i++) {
            SequencedMap<String, Expectation.Range> values = new LinkedHashMap<>();
            measures.stream().filter(_ -> random.nextBoolean()).forEach(measure -> values.put(measure.name(), range(1000)));
            variants.add(new LabComparison.Variant(part("variant " + i + text(), LabExperiment.Claims.NONE), spare, values));
        }
        if (!traffic.isEmpty()) {
            LabTraffic like = traffic.getFirst();
            traffic.add(new LabTraffic("spare", like.kind(), like.from(), like.to(), like.both(), like.every(), like.octets(), like.start(), like.stop(),
                    like.family(), like.dscp()));
        }
        return new LabComparison(text(), measures, variants);
    }

    private LabExperiment.Claims claims() {
        return new LabExperiment.Claims(expectations(), expectations(), expectations());
    }

    private List<Expectation> expectations() {
        List<Expectation> all = new ArrayList<>();
        many(3, all, this::expectation);
        return all;
    }

    private Expectation.Span span() {
        long from = time(until);
        return new Expectation.Span(from, random.nextBoolean() ? until : from);
    }

    private Expectation expectation() {
        Optional<LabTraffic> flow = traffic.isEmpty() ? Optional.empty() : Optional.of(one(traffic));
        String ends = flow.map(stream -> stream.from() + "-" + stream.to()).orElse("");
        return switch (random.nextInt(flow.isEmpty() ? 10 : 15)) {
            case 0 -> new Expectation.BindingHeld(one(nodes).name(), anyMobile().home().orElseThrow().address(),
                    maybe(() -> new Prefix(new Ip6Address(random.nextLong(), random.nextLong()), random.nextInt(129))), span());
            case 1 -> new Expectation.Drops(one(List.of("no-route", "rh0", "hop-limit")), maybe(() -> one(nodes).name()), range(1000), span());
            case 2 -> new Expectation.Messages(one(List.of("BU", "HoTI")), maybe(() -> one(nodes).name()), range(1000), span());
            case 3 -> new Expectation.Decisions("hao-verified", maybe(() -> one(nodes).name()), maybe(() -> "binding"), range(1000), span());
            case 4 -> new Expectation.Changes("list-entry", maybe(() -> one(nodes).name()), maybe(() -> "moved"), range(1000), span());
            case 5 -> new Expectation.HalfIs(name(), nodes.getFirst().name() + "-" + nodes.getLast().name(), one(List.of(Expectation.Half.values())), span());
            case 6 -> new Expectation.Signalling(Optional.of(range(100)), maybe(() -> range(10_000)), span());
            case 7 -> new Expectation.IkeHeld(one(nodes).name(), maybe(() -> one(nodes).name()), maybe(() -> new LabIdentity.Fqdn("mn.lab")), random.nextBoolean(),
                    maybe(() -> addresses(6)), span());
            case 8 -> new Expectation.Events("kind == dropped and \"" + name() + "\"", maybe(this::name), maybe(() -> one(nodes).name()), range(1000), span());
            case 9 -> new Expectation.Operations(one(List.of(Expectation.Operation.values())), maybe(() -> one(nodes).name()), range(100), span());
            case 13 -> new Expectation.Overhead(flow.orElseThrow().name(), ends, one(links).name(), range(200), span());
            case 10 -> new Expectation.Outage(flow.orElseThrow().name(), ends, range(10_000_000_000L), span());
            case 12 -> new Expectation.Headers(flow.orElseThrow().name(), ends, one(links).name(), Optional.of(range(63)), maybe(() -> range(255)), span());
            case 11 -> new Expectation.Packets(flow.orElseThrow().name(), ends, one(links).name(), span());
            default -> new Expectation.Flow(flow.orElseThrow().name(), maybe(() -> ends), Optional.of(range(100)), maybe(() -> range(100)),
                    maybe(() -> range(10_000_000_000L)), maybe(() -> range(1_000_000_000L)), span());
        };
    }

    private Lab.LabPolicy policy() {
        SequencedMap<String, List<Recommendation>> own = new LinkedHashMap<>();
        nodes.stream().filter(_ -> random.nextInt(3) == 0).forEach(node -> own.put(node.name(), letters()));
        return new Lab.LabPolicy(letters(), own);
    }

    private List<Recommendation> letters() {
        List<Recommendation> letters = new ArrayList<>(List.of(Recommendation.values()));
        letters.remove(Recommendation.R);
        java.util.Collections.shuffle(letters, random);
        return List.copyOf(letters.subList(0, random.nextInt(4)));
    }

    private SequencedMap<String, Lab.View.Point> points(List<String> names) {
        SequencedMap<String, Lab.View.Point> points = new LinkedHashMap<>();
        names.stream().filter(_ -> random.nextBoolean()).forEach(name -> points.put(name,
                new Lab.View.Point(one(List.of(-0.0, 120.0, -33.5, random.nextDouble() * 1000)), random.nextGaussian() * 1e-3)));
        return points;
    }
}
