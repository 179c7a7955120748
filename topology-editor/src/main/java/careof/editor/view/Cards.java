package careof.editor.view;

import careof.editor.command.LabCommand;
import careof.editor.command.LabCommands;
import careof.editor.model.Addressing;
import careof.editor.model.LinkFacts;
import careof.editor.model.Naming;
import careof.editor.model.Problems;
import careof.engine.base.Ip4Address;
import careof.engine.base.Ip4Prefix;
import careof.engine.base.Ip6Address;
import careof.engine.base.Prefix;
import careof.engine.base.VirtualTime;
import careof.engine.lab.Lab;
import careof.engine.lab.LabLink;
import careof.engine.lab.LabNode;
import careof.engine.lab.Rate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;

/** The cards with the properties of nodes and links. */
public final class Cards {
    private static final String NOWHERE = "";

    private Cards() {}

    /**
     * The properties of a link.
     *
     * @param now    the link as it is at the time shown
     * @param result gets the link as wished and its new name
     */
    public static FormCard link(Lab lab, LabLink now, BiConsumer<LabLink, String> result, Consumer<FormCard> closed) {
        var card = new FormCard(Glyphs.icon(now.kind()), Glyphs.words(now.kind()));
        Supplier<String> name = name(card, lab, now.name());
        Supplier<Optional<Prefix>> prefix = card.text("prefix", "Prefix", now.prefix().map(Object::toString).orElse(""), "none",
                blankOr(Prefix::parse));
        Supplier<Optional<Ip4Prefix>> prefix4 = card.text("prefix4", "IPv4 prefix", now.prefix4().map(Object::toString).orElse(""), "none",
                blankOr(Ip4Prefix::parse));
        Supplier<Long> delay = card.text("delay", "Delay", VirtualTime.format(now.delay()), "1ms", VirtualTime::parse);
        Supplier<Long> rate = card.text("rate", "Rate", now.rate() == 0 ? "" : Rate.format(now.rate()), "unlimited",
                t -> t.isEmpty() ? 0 : Rate.parse(t));
        Supplier<Double> loss = card.text("loss", "Loss", LinkFacts.percent(now.loss()), "0%", Cards::percent);
        Supplier<Integer> queue = card.text("queue", "Queue, frames", String.valueOf(now.queue()), "100", Cards::number);
        Supplier<Long> attach = now.kind() == LabLink.Kind.CELL
                ? card.text("attach", "Attach time", VirtualTime.format(now.attach()), "30ms", VirtualTime::parse) : () -> now.attach();
        Supplier<Integer> mtu = card.text("mtu", "MTU, octets", String.valueOf(now.mtu()), "1500", Cards::number);
        Supplier<Long> advertise = card.text("advertise", "Advertise every", VirtualTime.format(now.advertise()), "1s", VirtualTime::parse);
        Supplier<Boolean> down = card.tick("down", "Down: carries nothing", now.down());
        Supplier<LabLink> wish = () -> new LabLink(now.name(), now.kind(), prefix.get(), prefix4.get(), delay.get(), rate.get(), queue.get(), loss.get(),
                attach.get(), mtu.get(), advertise.get(), down.get());
        card.ready(() -> Problems.added(lab, new LabCommands.ChangeLink(wish.get()).apply(lab)), () -> result.accept(wish.get(), name.get()), closed);
        return card;
    }

    /**
     * The properties of a node.
     *
     * @param result gets the edit that makes them so
     */
    public static FormCard node(Lab lab, LabNode node, Consumer<LabCommand> result, Consumer<FormCard> closed) {
        var card = new FormCard(Glyphs.icon(node.role()), Glyphs.words(node.role()));
        Supplier<String> name = name(card, lab, node.name());
        Supplier<LabNode> wish = node.role() == LabNode.Role.MOBILE_NODE ? mobile(card, lab, node) : fixed(card, lab, node);
        card.ready(() -> Problems.added(lab, new LabCommands.ChangeNode(wish.get()).apply(lab)), () -> {
            List<LabCommand> edits = new ArrayList<>();
            edits.add(new LabCommands.ChangeNode(wish.get()));
            if (!name.get().equals(node.name())) {
                edits.add(new LabCommands.RenameNode(node.name(), name.get()));
            }
            result.accept(new LabCommands.All("Change " + node.name(), edits));
        }, closed);
        return card;
    }

    private static Supplier<LabNode> mobile(FormCard card, Lab lab, LabNode node) {
        List<String> links = new ArrayList<>();
        links.add(NOWHERE);
        lab.links().forEach(l -> links.add(l.name()));
        Function<String, String> words = l -> l.equals(NOWHERE) ? "nowhere" : l;
        Supplier<String> at = card.choice("at", "Starts on", links, node.at().orElse(NOWHERE), words);
        Optional<LabNode.Home> was = node.home().or(() -> Addressing.firstHome(lab));
        Supplier<String> homeLink = card.choice("link", "Home link", links, was.map(LabNode.Home::link).orElse(NOWHERE),
                l -> l.equals(NOWHERE) ? "none" : l);
        Supplier<Optional<Ip6Address>> address = card.text("address", "Home address",
                was.map(h -> h.address().toString()).orElse(""), "the next free one", blankOr(Ip6Address::parse));
        boolean any4 = lab.links().stream().anyMatch(l -> l.prefix4().isPresent());
        Supplier<Optional<Ip4Address>> address4 = !any4 ? () -> was.flatMap(LabNode.Home::address4)
                : card.text("address4", "Home address, IPv4", was.flatMap(LabNode.Home::address4).map(Object::toString).orElse(""), "none",
                        blankOr(Ip4Address::parse));
        List<String> agents = new ArrayList<>();
        agents.add(NOWHERE);
        lab.nodes().stream().filter(n -> n.role() == LabNode.Role.HOME_AGENT).forEach(n -> agents.add(n.name()));
        Supplier<String> agent = card.choice("agent", "Home agent", agents, was.flatMap(LabNode.Home::agent).orElse(NOWHERE),
                a -> a.equals(NOWHERE) ? "found by discovery" : a);
        Supplier<Long> lifetime = card.text("lifetime", "Binding lifetime", VirtualTime.format(node.lifetime()), "60s", VirtualTime::parse);
        Supplier<Boolean> optimistic = card.tick("optimisticDad", "Optimistic DAD (RFC 4429)", node.optimisticDad());
        Supplier<Boolean> outside = outside(card, node);
        Map<String, Supplier<Optional<Ip4Address>>> careOf4 = careOf4(card, lab, node);
        Map<String, Supplier<LabNode.Mode>> modes = new LinkedHashMap<>();
        List<LabNode> peers = lab.nodes().stream().filter(n -> !n.name().equals(node.name()))
                .filter(n -> n.role() == LabNode.Role.CORRESPONDENT || n.role() == LabNode.Role.MOBILE_NODE || node.modes().containsKey(n.name())).toList();
        if (!peers.isEmpty()) {
            card.heading("How it talks to");
            for (LabNode peer : peers) {
                modes.put(peer.name(), card.choice("mode-" + peer.name(), peer.name(), List.of(LabNode.Mode.values()),
                        node.modes().getOrDefault(peer.name(), LabNode.Mode.BIDIRECTIONAL), LabNode.Mode::text));
            }
        }
        return () -> {
            SequencedMap<String, LabNode.Mode> wanted = new LinkedHashMap<>();
            node.modes().forEach((peer, mode) -> wanted.put(peer, modes.containsKey(peer) ? modes.get(peer).get() : mode));
            modes.forEach((peer, mode) -> {
                if (mode.get() != LabNode.Mode.BIDIRECTIONAL || wanted.containsKey(peer)) {
                    wanted.put(peer, mode.get());
                }
            });
            Optional<LabNode.Home> home = homeLink.get().equals(NOWHERE) ? Optional.empty()
                    : address.get().or(() -> Addressing.freeHomeAddress(lab, homeLink.get()))
                            .map(a -> new LabNode.Home(homeLink.get(), a, address4.get(), optional(agent.get())));
            SequencedMap<String, Ip4Address> careOf = new LinkedHashMap<>();
            careOf4.forEach((link, value) -> value.get().ifPresent(a -> careOf.put(link, a)));
            return node.withAt(optional(at.get())).withHome(home).withCareOf4(careOf).withModes(wanted).withLifetime(lifetime.get()).withOptimisticDad(optimistic.get())
                    .withOutside(outside.get());
        };
    }

    private static Supplier<Boolean> outside(FormCard card, LabNode node) {
        return card.tick("outside", "Outside: another machine plays it, by live ports on its links", node.outside());
    }

    /** A field for each link that has an IPv4 prefix, and for those where an address is written already. */
    private static Map<String, Supplier<Optional<Ip4Address>>> careOf4(FormCard card, Lab lab, LabNode node) {
        Map<String, Supplier<Optional<Ip4Address>>> fields = new LinkedHashMap<>();
        List<String> links = new ArrayList<>(node.careOf4().keySet());
        lab.links().stream().filter(l -> l.prefix4().isPresent() && !links.contains(l.name())).forEach(l -> links.add(l.name()));
        if (!links.isEmpty()) {
            card.heading("IPv4 care-of address on");
        }
        links.forEach(l -> fields.put(l, card.text("careOf4-" + l, l, Optional.ofNullable(node.careOf4().get(l)).map(Object::toString).orElse(""), "none",
                blankOr(Ip4Address::parse))));
        return fields;
    }

    private static Optional<String> optional(String text) {
        return text.equals(NOWHERE) ? Optional.empty() : Optional.of(text);
    }

    private static Supplier<LabNode> fixed(FormCard card, Lab lab, LabNode node) {
        List<Supplier<LabNode.Port>> ports = new ArrayList<>();
        if (!node.ports().isEmpty()) {
            card.heading("Address on");
        }
        for (LabNode.Port port : node.ports()) {
            Supplier<Optional<Ip6Address>> address = card.text("port-" + port.link(), port.link(),
                    port.address().map(Object::toString).orElse(""), "automatic", blankOr(Ip6Address::parse));
            Supplier<Optional<Ip4Address>> address4 = port.address4().isEmpty() && lab.link(port.link()).flatMap(LabLink::prefix4).isEmpty() ? Optional::empty
                    : card.text("port4-" + port.link(), port.link() + ", IPv4", port.address4().map(Object::toString).orElse(""), "none", blankOr(Ip4Address::parse));
            ports.add(() -> new LabNode.Port(port.link(), address.get(), address4.get()));
        }
        Supplier<List<LabNode.StaticRoute>> routes = card.lines("routes", "Extra routes", String.join("\n",
                node.routes().stream().map(r -> r.prefix() + " via " + r.via()).toList()), "2001:db8:5::/64 via 2001:db8:1::1", Cards::routes);
        Supplier<Boolean> optimistic = card.tick("optimisticDad", "Optimistic DAD (RFC 4429)", node.optimisticDad());
        Supplier<Boolean> bridge = node.role() != LabNode.Role.ATTACKER ? node::bridge
                : card.tick("bridge", "Bridge: sits in the wire between its two ports", node.bridge());
        Supplier<Boolean> outside = outside(card, node);
        return () -> node.withPorts(ports.stream().map(Supplier::get).toList()).withRoutes(routes.get()).withOptimisticDad(optimistic.get())
                .withBridge(bridge.get()).withOutside(outside.get());
    }

    private static List<LabNode.StaticRoute> routes(String text) {
        return text.lines().filter(l -> !l.isBlank()).map(line -> {
            String[] words = line.strip().split("\\s+");
            if (words.length != 3 || !words[1].equals("via")) {
                throw new IllegalArgumentException("one route a line: prefix via address");
            }
            return new LabNode.StaticRoute(Prefix.parse(words[0]), Ip6Address.parse(words[2]));
        }).toList();
    }

    private static Supplier<String> name(FormCard card, Lab lab, String now) {
        return card.text("name", "Name", now, "", text -> {
            Naming.problem(lab, now, text).ifPresent(p -> {
                throw new IllegalArgumentException(p);
            });
            return text;
        });
    }

    private static <T> Function<String, Optional<T>> blankOr(Function<String, T> reader) {
        return text -> text.isEmpty() ? Optional.empty() : Optional.of(reader.apply(text));
    }

    private static int number(String text) {
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("a whole number");
        }
    }

    /** "1%" or "0.01", as a probability. */
    private static double percent(String text) {
        try {
            double value = text.endsWith("%") ? Double.parseDouble(text.substring(0, text.length() - 1).strip()) / 100
                    : text.isEmpty() ? 0 : Double.parseDouble(text);
            if (value >= 0 && value <= 1) {
                return value;
            }
        } catch (NumberFormatException e) {
            // falls through to the same words
        }
        throw new IllegalArgumentException("a loss from 0% to 100%");
    }
}
