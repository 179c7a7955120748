package careof.editor.model;

import careof.engine.base.Ip6Address;
import careof.engine.base.Prefix;
import careof.engine.lab.Action;
import careof.engine.lab.Attack;
import careof.engine.lab.Expectation;
import careof.engine.lab.Lab;
import careof.engine.lab.LabLink;
import careof.engine.lab.LabNode;
import careof.engine.lab.LabProtection;
import careof.engine.lab.LabSelector;
import careof.engine.lab.LabSpdEntry;
import careof.engine.lab.LabTraffic;
import careof.engine.lab.TimedAction;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** Everything in a lab that names a node, a link or a prefix: renamed, removed or renumbered along with it. */
public final class References {
    private References() {}

    /** A lab whose node {@code from} is called {@code to}, everywhere. */
    public static Lab renameNode(Lab lab, String from, String to) {
        return rewrite(lab, name -> name.equals(from) ? to : name, name -> name);
    }

    /** A lab whose link {@code from} is called {@code to}, everywhere. */
    public static Lab renameLink(Lab lab, String from, String to) {
        return rewrite(lab, name -> name, name -> name.equals(from) ? to : name);
    }

    /** A lab with every name of a node and of a link, wherever it stands, put through a function. */
    static Lab rewrite(Lab lab, UnaryOperator<String> node, UnaryOperator<String> link) {
        return rewrite(lab, lab, node, link);
    }

    /** @param whole the lab that this one is, or is a part of */
    private static Lab rewrite(Lab lab, Lab whole, UnaryOperator<String> node, UnaryOperator<String> link) {
        List<LabNode> nodes = lab.nodes().stream().map(n -> n.withName(node.apply(n.name()))
                .withPorts(n.ports().stream().map(p -> new LabNode.Port(link.apply(p.link()), p.address(), p.address4())).toList())
                .withAt(n.at().map(link))
                .withHome(n.home().map(h -> new LabNode.Home(link.apply(h.link()), h.address(), h.address4(), h.agent().map(node))))
                .withCareOf4(keys(n.careOf4(), link))
                .withModes(keys(n.modes(), node))
                .withIke(n.ike().map(i -> IkeReferences.renamed(whole, i, node)))).toList();
        List<LabTraffic> traffic = lab.traffic().stream().map(t -> t.withEnds(node.apply(t.from()), node.apply(t.to()))).toList();
        List<TimedAction> actions = lab.actions().stream().map(a -> new TimedAction(a.at(), switch (a.action()) {
            case Action.Move m -> new Action.Move(node.apply(m.node()), m.to().map(link));
            case Action.Link l -> new Action.Link(link.apply(l.name()), l.from().map(node), l.to().map(node), l.loss(), l.delay(), l.rate(), l.down());
            case Action.SetMode m -> new Action.SetMode(node.apply(m.node()), node.apply(m.peer()), m.mode());
            case Action.Ping p -> new Action.Ping(node.apply(p.from()), node.apply(p.to()));
            case Action.SetPolicy p -> new Action.SetPolicy(p.node().map(node), p.on(), p.off());
            case Action.ChangeSas s -> new Action.ChangeSas(node.apply(s.node()), s.protection(), s.delete(), s.lifetime());
            case Action.Ike i -> IkeReferences.renamed(whole, i, node);
            case Action.Attack x -> new Action.Attack(node.apply(x.node()), x.attack());
        })).toList();
        List<Expectation> expect = lab.expect().stream().map(e -> Expectations.renamed(lab, e, node, link)).toList();
        return lab.withNodes(nodes).withPki(IkeReferences.renamed(lab, node)).withLinks(lab.links().stream().map(l -> l.withName(link.apply(l.name()))).toList())
                .withIpsec(lab.ipsec().stream().map(p -> renamed(p, node)).toList()).withTraffic(traffic).withActions(actions).withExpect(expect)
                .withExperiment(lab.experiment().map(e -> Experiments.mapped(lab, e, part -> rewrite(part, whole, node, link),
                        (variant, all) -> all.stream().map(one -> Expectations.renamed(variant, one, node, link)).toList(),
                        names -> names.stream().map(node).toList())))
                .withComparison(lab.comparison().map(c -> Experiments.mapped(lab, c, part -> rewrite(part, whole, node, link),
                        (variant, all) -> all.stream().map(one -> Expectations.renamed(variant, one, node, link)).toList(),
                        names -> names.stream().map(node).toList())))
                .withView(new Lab.View(keys(lab.view().nodes(), node), keys(lab.view().links(), link)))
                .withPolicy(new Lab.LabPolicy(lab.policy().off(), keys(lab.policy().nodes(), node)));
    }

    private static LabProtection renamed(LabProtection protection, UnaryOperator<String> node) {
        return protection.withEnds(node.apply(protection.first()), node.apply(protection.second()))
                .withTransforms(protection.transforms().stream().map(t -> new LabProtection.Transform(t.protocol(), t.mode(), t.encryption(), t.authentication(),
                        t.bits(), t.outer(), t.keys().stream().map(k -> new LabProtection.Keys(node.apply(k.from()), k.spi(), k.encryption(), k.authentication()))
                        .toList())).toList());
    }

    private static <V> SequencedMap<String, V> keys(Map<String, V> map, UnaryOperator<String> rename) {
        var renamed = new LinkedHashMap<String, V>();
        map.forEach((k, v) -> renamed.put(rename.apply(k), v));
        return renamed;
    }

    private static <V> SequencedMap<String, V> without(Map<String, V> map, Set<String> gone) {
        var kept = new LinkedHashMap<>(map);
        kept.keySet().removeAll(gone);
        return kept;
    }

    /** A lab without these nodes and links, nor anything that names them. A home address dies with its node or its home link. */
    public static Lab remove(Lab lab, Set<String> nodes, Set<String> links) {
        return remove(lab, lab, nodes, links);
    }

    /** @param whole the lab that this one is, or is a part of */
    private static Lab remove(Lab lab, Lab whole, Set<String> nodes, Set<String> links) {
        Set<Ip6Address> deadHomes = new TreeSet<>();
        for (LabNode n : whole.nodes()) {
            n.home().filter(h -> nodes.contains(n.name()) || links.contains(h.link())).ifPresent(h -> deadHomes.add(h.address()));
        }
        List<Prefix> deadPrefixes = lab.links().stream().filter(l -> links.contains(l.name())).flatMap(l -> l.prefix().stream()).toList();
        List<LabProtection> ipsec = lab.ipsec().stream().filter(p -> !nodes.contains(p.first()) && !nodes.contains(p.second())).toList();
        Set<String> deadProtections = dead(lab.ipsec(), whole.ipsec(), LabProtection::name, p -> nodes.contains(p.first()) || nodes.contains(p.second()));
        List<LabNode> keptNodes = lab.nodes().stream().filter(n -> !nodes.contains(n.name())).map(n -> n
                .withPorts(n.ports().stream().filter(p -> !links.contains(p.link())).toList())
                .withAt(n.at().filter(l -> !links.contains(l)))
                .withHome(n.home().filter(h -> !links.contains(h.link()))
                        .map(h -> new LabNode.Home(h.link(), h.address(), h.address4(), h.agent().filter(a -> !nodes.contains(a)))))
                .withCareOf4(without(n.careOf4(), links))
                .withSpd(n.spd().stream().filter(entry -> entry.with().filter(deadProtections::contains).isEmpty()).toList())
                .withModes(without(n.modes(), nodes))
                .withIke(n.ike().map(i -> IkeReferences.without(whole, i, nodes)))).toList();
        List<LabTraffic> traffic = lab.traffic().stream().filter(t -> !nodes.contains(t.from()) && !nodes.contains(t.to())).toList();
        Set<String> deadFlows = dead(lab.traffic(), whole.traffic(), LabTraffic::name, t -> nodes.contains(t.from()) || nodes.contains(t.to()));
        List<TimedAction> actions = lab.actions().stream().filter(a -> switch (a.action()) {
            case Action.Move m -> !nodes.contains(m.node()) && m.to().filter(links::contains).isEmpty();
            case Action.Link l -> !links.contains(l.name()) && l.from().filter(nodes::contains).isEmpty() && l.to().filter(nodes::contains).isEmpty();
            case Action.SetMode m -> !nodes.contains(m.node()) && !nodes.contains(m.peer());
            case Action.Ping p -> !nodes.contains(p.from()) && !nodes.contains(p.to());
            case Action.SetPolicy p -> p.node().filter(nodes::contains).isEmpty();
            case Action.ChangeSas s -> !nodes.contains(s.node()) && !deadProtections.contains(s.protection());
            case Action.Ike i -> !nodes.contains(i.node()) && !nodes.contains(i.peer()) && i.protection().filter(deadProtections::contains).isEmpty();
            case Action.Attack x -> !nodes.contains(x.node()) && !(x.attack() instanceof Attack.ForgeInner inner && deadProtections.contains(inner.protection()));
        }).toList();
        List<Expectation> expect = lab.expect().stream().filter(e -> !Expectations.names(e, nodes, links, deadFlows) && !(e instanceof Expectation.BindingHeld b
                && (deadHomes.contains(b.home()) || b.careOf().filter(deadPrefixes::contains).isPresent()))).toList();
        return lab.withNodes(keptNodes).withLinks(lab.links().stream().filter(l -> !links.contains(l.name())).toList())
                .withIpsec(ipsec).withTraffic(traffic).withActions(actions).withExpect(expect)
                .withExperiment(lab.experiment().map(e -> Experiments.mapped(lab, e, part -> remove(part, whole, nodes, links),
                        (variant, all) -> remove(bare(variant, all), nodes, links).expect(), names -> names.stream().filter(name -> !nodes.contains(name)).toList())))
                .withComparison(lab.comparison().map(c -> Experiments.mapped(lab, c, part -> remove(part, whole, nodes, links),
                        (variant, all) -> remove(bare(variant, all), nodes, links).expect(), names -> names.stream()
                                .filter(name -> !nodes.contains(name) && !deadProtections.contains(name) && !deadFlows.contains(name)).toList()))
                        .filter(c -> !c.measures().isEmpty()))
                .withView(new Lab.View(without(lab.view().nodes(), nodes), without(lab.view().links(), links)))
                .withPolicy(new Lab.LabPolicy(lab.policy().off(), without(lab.policy().nodes(), nodes)));
    }

    /** The names that die of what is in a part of a lab and in the whole of it: what the one loses, the other may have. */
    private static <T> Set<String> dead(List<T> part, List<T> whole, Function<T, String> name, Predicate<T> dies) {
        Set<String> dead = new TreeSet<>();
        Stream.concat(part.stream(), whole.stream()).filter(dies).map(name).forEach(dead::add);
        Stream.concat(part.stream(), whole.stream()).filter(dies.negate()).map(name).forEach(dead::remove);
        return dead;
    }

    /**
     * A lab with this link changed. If its prefix changed, that of links which are one with it for IP changes, too; if it changed between two of equal
     * length, every address in it follows: ports, home addresses, next hops, expectations.
     */
    public static Lab replaceLink(Lab lab, LabLink changed) {
        return replaceLink(lab, changed, joined(lab, changed.name()));
    }

    /** The links that bridges make one with this one, itself among them. */
    private static Set<String> joined(Lab lab, String link) {
        Set<String> joined = new TreeSet<>(List.of(link));
        for (int before = 0; before < joined.size();) {
            before = joined.size();
            lab.nodes().stream().filter(LabNode::bridge).map(node -> node.ports().stream().map(LabNode.Port::link).toList())
                    .filter(links -> links.stream().anyMatch(joined::contains)).forEach(joined::addAll);
        }
        return joined;
    }

    private static Lab replaceLink(Lab lab, LabLink changed, Set<String> joined) {
        LabLink old = lab.link(changed.name()).orElseThrow(() -> new IllegalArgumentException("no link " + changed.name()));
        Lab replaced = lab.withLinks(lab.links().stream().map(l -> l.name().equals(changed.name()) ? changed
                : joined.contains(l.name()) && l.prefix().equals(old.prefix()) ? l.withPrefix(changed.prefix()) : l).toList());
        if (old.prefix().isEmpty() || changed.prefix().isEmpty() || old.prefix().equals(changed.prefix())
                || old.prefix().get().length() != changed.prefix().get().length()) {
            return replaced;
        }
        Prefix from = old.prefix().get();
        Prefix to = changed.prefix().get();
        UnaryOperator<Ip6Address> renumber = a -> from.contains(a) ? new Ip6Address(
                to.address().high() | a.high() ^ from.address().high(), to.address().low() | a.low() ^ from.address().low()) : a;
        UnaryOperator<Prefix> renumberPrefix = p -> p.length() >= from.length() && from.contains(p.address())
                ? new Prefix(renumber.apply(p.address()), p.length()) : p;
        List<LabNode> nodes = lab.nodes().stream().map(n -> IkeReferences.renumbered(n, renumber)
                .withPorts(n.ports().stream().map(p -> joined.contains(p.link()) ? new LabNode.Port(p.link(), p.address().map(renumber), p.address4()) : p).toList())
                .withHome(n.home().map(h -> new LabNode.Home(h.link(), renumber.apply(h.address()), h.address4(), h.agent())))
                .withRoutes(n.routes().stream().map(r -> new LabNode.StaticRoute(renumberPrefix.apply(r.prefix()), renumber.apply(r.via()))).toList())
                .withSpd(n.spd().stream().map(entry -> new LabSpdEntry(entry.direction(), entry.action(), entry.with(), entry.port(),
                        renumbered(entry.selector(), renumber), entry.last())).toList())).toList();
        List<Expectation> expect = lab.expect().stream().map(e -> switch (e) {
            case Expectation.BindingHeld b -> new Expectation.BindingHeld(b.at(), renumber.apply(b.home()), b.careOf().map(renumberPrefix), b.when());
            case Expectation.IkeHeld i -> new Expectation.IkeHeld(i.at(), i.peer(), i.identity().map(identity -> IkeReferences.renumbered(identity, renumber)),
                    i.established(), i.address().map(range -> IkeReferences.renumbered(range, renumber)), i.when());
            case Expectation.Events x -> new Expectation.Events(TextReferences.renumberedQuery(x.match(), renumber, renumberPrefix), x.says(), x.node(), x.count(), x.when());
            default -> e;
        }).toList();
        List<LabProtection> ipsec = lab.ipsec().stream().map(p -> p.traffic() instanceof LabProtection.Selected(LabSelector selector)
                ? p.withTraffic(new LabProtection.Selected(renumbered(selector, renumber))) : p).toList();
        List<TimedAction> actions = lab.actions().stream().map(a -> new TimedAction(a.at(), switch (a.action()) {
            case Action.Attack(String node, Attack attack) -> new Action.Attack(node, renumbered(attack, renumber, renumberPrefix));
            case Action.Ike ike -> IkeReferences.renumbered(ike, renumber);
            default -> a.action();
        })).toList();
        return replaced.withNodes(nodes).withPki(IkeReferences.renumbered(lab.pki(), renumber)).withIpsec(ipsec).withActions(actions).withExpect(expect)
                .withExperiment(lab.experiment().map(e -> Experiments.mapped(lab, e, part -> replaceLink(part.withLinks(lab.links()), changed, joined).withLinks(List.of()),
                        (variant, all) -> replaceLink(bare(variant, all), changed, joined).expect(), names -> names)))
                .withComparison(lab.comparison().map(c -> Experiments.mapped(lab, c, part -> replaceLink(part.withLinks(lab.links()), changed, joined).withLinks(List.of()),
                        (variant, all) -> replaceLink(bare(variant, all), changed, joined).expect(), names -> names)));
    }

    /** A lab that expects this and has no further runs. */
    private static Lab bare(Lab lab, List<Expectation> expect) {
        return lab.withExpect(expect).withExperiment(Optional.empty()).withComparison(Optional.empty());
    }

    private static Attack renumbered(Attack attack, UnaryOperator<Ip6Address> renumber, UnaryOperator<Prefix> prefix) {
        Map<Attack.Parameter, Object> values = attack.values();
        return attack.kind().make(parameter -> Optional.ofNullable(values.get(parameter)).map(value -> switch (value) {
            case Ip6Address address -> renumber.apply(address);
            case String text -> TextReferences.renumbered(text, renumber, prefix);
            default -> value;
        }));
    }

    private static LabSelector renumbered(LabSelector s, UnaryOperator<Ip6Address> renumber) {
        return new LabSelector(s.source().map(range -> IkeReferences.renumbered(range, renumber)),
                s.destination().map(range -> IkeReferences.renumbered(range, renumber)), s.protocol(), s.sourcePorts(), s.destinationPorts());
    }
}
