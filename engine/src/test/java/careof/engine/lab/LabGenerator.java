package careof.engine.lab;

import careof.engine.base.Ip6Address;
import careof.engine.base.Prefix;
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
    private final List<LabTraffic> traffic = new ArrayList<>();
    private int count;
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
        List<TimedAction> actions = new ArrayList<>();
        List<Expectation> expect = new ArrayList<>();
        if (nodes.size() > 1) {
            many(4, traffic, this::traffic);
            many(6, actions, () -> new TimedAction(time(until), action()));
            many(6, expect, this::expectation);
        }
        return new Lab(text(), text(), random.nextLong(), Instant.ofEpochSecond(random.nextInt(Integer.MAX_VALUE), random.nextInt(3) * 1_000L),
                policy(), links, nodes, traffic, actions, until, expect,
                new Lab.View(points(nodes.stream().map(LabNode::name).toList()), points(links.stream().map(LabLink::name).toList())));
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
        return new LabLink(name(), kind, Optional.of(Prefix.parse("2001:db8:" + Integer.toHexString(++count) + "::/64")), time(1_000_000_000), rate(),
                random.nextInt(1000), loss(), kind == LabLink.Kind.CELL ? time(1_000_000_000) : 0, 1280 + random.nextInt(9000),
                70_000_000 + time(1_000_000_000), random.nextBoolean());
    }

    private Ip6Address addressOn(LabLink link) {
        return link.prefix().orElseThrow().with(0x10000L + ++count);
    }

    private LabNode fixed(LabNode.Role role, LabLink first) {
        List<LabNode.Port> ports = new ArrayList<>();
        ports.add(new LabNode.Port(first.name(), maybe(() -> addressOn(first))));
        for (LabLink link : links) {
            if (link != first && random.nextInt(4) == 0) {
                ports.add(new LabNode.Port(link.name(), maybe(() -> addressOn(link))));
            }
        }
        List<LabNode.StaticRoute> routes = new ArrayList<>();
        many(3, routes, () -> new LabNode.StaticRoute(new Prefix(new Ip6Address(random.nextLong(), random.nextLong()), random.nextInt(129)),
                random.nextBoolean() ? addressOn(first) : Ip6Address.linkLocal(random.nextLong())));
        return new LabNode(name(), role, ports, Optional.empty(), Optional.empty(), new LinkedHashMap<>(), routes, LabNode.DEFAULT_LIFETIME,
                random.nextBoolean());
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
        return new LabNode(name(), LabNode.Role.MOBILE_NODE, List.of(), maybe(() -> one(links).name()),
                Optional.of(new LabNode.Home(link.name(), addressOn(link), maybe(() -> nodes.get(home).name()))), modes, List.of(),
                (1 + random.nextInt(65_535)) * 4_000_000_000L, random.nextBoolean());
    }

    private LabTraffic traffic() {
        LabTraffic.Kind kind = one(List.of(LabTraffic.Kind.values()));
        List<LabNode> ends = ends();
        long start = time(until - 1);
        return new LabTraffic(name(), kind, ends.get(0).name(), ends.get(1).name(), kind == LabTraffic.Kind.UDP && random.nextBoolean(),
                1000 + time(1_000_000_000), 16 + random.nextInt(64_000), start, random.nextBoolean() ? until : start + 1 + time(1_000_000_000));
    }

    private List<LabNode> ends() {
        int from = random.nextInt(nodes.size());
        int to = (from + 1 + random.nextInt(nodes.size() - 1)) % nodes.size();
        return List.of(nodes.get(from), nodes.get(to));
    }

    private LabNode anyMobile() {
        return one(nodes.stream().filter(node -> node.role() == LabNode.Role.MOBILE_NODE).toList());
    }

    private Action action() {
        LabNode mobile = anyMobile();
        return switch (random.nextInt(4)) {
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

    private Expectation.Range range(long most) {
        long least = random.nextLong(most);
        return switch (random.nextInt(4)) {
            case 0 -> Expectation.Range.exactly(least);
            case 1 -> new Expectation.Range(Optional.of(least), Optional.empty());
            case 2 -> new Expectation.Range(Optional.empty(), Optional.of(least));
            default -> new Expectation.Range(Optional.of(least), Optional.of(least + random.nextLong(most)));
        };
    }

    private Expectation expectation() {
        return switch (random.nextInt(4)) {
            case 0 -> {
                long from = time(until);
                yield new Expectation.BindingHeld(one(nodes).name(), anyMobile().home().orElseThrow().address(),
                        maybe(() -> new Prefix(new Ip6Address(random.nextLong(), random.nextLong()), random.nextInt(129))), from,
                        random.nextBoolean() ? until : from);
            }
            case 1 -> new Expectation.Drops(one(List.of("no-route", "rh0", "hop-limit")), maybe(() -> one(nodes).name()), range(1000));
            case 2 -> new Expectation.Messages(one(List.of("BU", "HoTI")), maybe(() -> one(nodes).name()), range(1000));
            default -> {
                if (traffic.isEmpty()) {
                    yield new Expectation.Drops("queue-full", Optional.empty(), range(5));
                }
                LabTraffic stream = one(traffic);
                yield new Expectation.Flow(stream.name(), maybe(() -> stream.from() + "-" + stream.to()), Optional.of(range(100)),
                        maybe(() -> range(100)), maybe(() -> range(10_000_000_000L)), maybe(() -> range(1_000_000_000L)));
            }
        };
    }

    private Lab.LabPolicy policy() {
        SequencedMap<String, List<Recommendation>> own = new LinkedHashMap<>();
        nodes.stream().filter(_ -> random.nextInt(3) == 0).forEach(node -> own.put(node.name(), letters()));
        return new Lab.LabPolicy(letters(), own);
    }

    private List<Recommendation> letters() {
        List<Recommendation> letters = new ArrayList<>(List.of(Recommendation.values()));
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
