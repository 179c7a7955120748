package careof.editor.view;

import careof.editor.model.Problems;
import careof.engine.base.Ip6Address;
import careof.engine.base.VirtualTime;
import careof.engine.lab.Action;
import careof.engine.lab.Attack;
import careof.engine.lab.Attack.Kind;
import careof.engine.lab.Attack.Parameter;
import careof.engine.lab.Lab;
import careof.engine.lab.LabNode;
import careof.engine.lab.LabProtection;
import careof.engine.lab.TimedAction;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** What an attack needs, as a card with a field for each parameter. */
public final class AttackCard {
    private AttackCard() {}

    /** The attacks that a node can begin. */
    public static List<Kind> kinds(Lab lab, LabNode node) {
        boolean attacker = node.role() == LabNode.Role.ATTACKER;
        boolean hasKeys = lab.ipsec().stream().anyMatch(p -> p.first().equals(node.name()) || p.second().equals(node.name()));
        return List.of(Kind.values()).stream().filter(kind -> switch (kind.place()) {
            case ON_PATH -> attacker && node.bridge();
            case LISTENING -> attacker;
            case OFF_PATH -> attacker && !node.bridge();
            case KEY_HOLDER -> hasKeys;
        }).toList();
    }

    /**
     * @param result gets the attack that the user wants
     * @param closed called when the card is done, either way
     */
    public static FormCard of(Lab lab, LabNode node, Kind kind, Consumer<Attack> result, Consumer<FormCard> closed) {
        var card = new FormCard(Glyphs.icon(LabNode.Role.ATTACKER), kind.title());
        card.applyText("Begin");
        Map<Parameter, Supplier<Optional<Object>>> values = new LinkedHashMap<>();
        kind.parameters().forEach(p -> values.put(p, field(card, lab, node, p)));
        Supplier<Attack> wish = () -> kind.make(p -> values.get(p).get());
        card.ready(() -> {
            List<TimedAction> actions = new ArrayList<>(lab.actions());
            actions.add(new TimedAction(0, new Action.Attack(node.name(), wish.get())));
            return Problems.added(lab, lab.withActions(actions));
        }, () -> result.accept(wish.get()), closed);
        return card;
    }

    private static Supplier<Optional<Object>> field(FormCard card, Lab lab, LabNode node, Parameter p) {
        String label = p.type() == Attack.Type.SPI ? "SPI" : label(p.name());
        Supplier<?> value = switch (p.type()) {
            case MATCH, FIELD, VALUE -> card.text(p.name(), label, p.isRequired() ? "" : String.valueOf(p.byDefault()), prompt(p), text -> needed(p, text));
            case ADDRESS -> card.text(p.name(), label, p.isRequired() ? likely(lab, p.name()) : "", p.isRequired() ? "2001:db8::1" : "none",
                    text -> text.isEmpty() && !p.isRequired() ? Optional.empty() : Ip6Address.parse(text));
            case COOKIES -> card.text(p.name(), label, "", "made-up ones", text -> text.isEmpty() ? Optional.empty() : text);
            case NUMBER -> card.text(p.name(), label, String.valueOf(p.byDefault()), "", AttackCard::whole);
            case TIME -> card.text(p.name(), label, VirtualTime.format((Long) p.byDefault()), "1s", VirtualTime::parse);
            case SPI -> card.text(p.name(), label, "", "0x00001001", AttackCard::spi);
            case YES_NO -> card.tick(p.name(), p.about().replaceFirst("\\.$", ""), Boolean.TRUE.equals(p.byDefault()));
            case PROTECTION -> {
                List<String> names = lab.ipsec().stream().filter(x -> x.first().equals(node.name()) || x.second().equals(node.name())).map(LabProtection::name).toList();
                yield card.choice(p.name(), label, names, names.getFirst(), n -> n);
            }
            case WORD -> card.choice(p.name(), label, p.words(), (String) p.byDefault(), w -> w);
        };
        card.tip(p.name(), p.about());
        return () -> value.get() instanceof Optional<?> none ? none.map(v -> (Object) v) : Optional.of(value.get());
    }

    private static String prompt(Parameter p) {
        return switch (p.type()) {
            case MATCH -> "every frame; or BU, ESP, udp …";
            case FIELD -> "ipv6.src";
            default -> "";
        };
    }

    private static String needed(Parameter p, String text) {
        if (text.isEmpty() && p.isRequired()) {
            throw new IllegalArgumentException("is needed");
        }
        return text;
    }

    private static long whole(String text) {
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("a whole number");
        }
    }

    private static long spi(String text) {
        try {
            return Long.decode(text);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("an SPI such as 0x00001001");
        }
    }

    /** A first guess: attackers are after mobile nodes, and tell lies to correspondents. */
    private static String likely(Lab lab, String name) {
        Optional<Ip6Address> home = lab.nodes().stream().flatMap(n -> n.home().stream()).map(LabNode.Home::address).findFirst();
        Optional<Ip6Address> peer = List.of(LabNode.Role.CORRESPONDENT, LabNode.Role.HOME_AGENT).stream()
                .flatMap(role -> lab.nodes().stream().filter(n -> n.role() == role)).flatMap(n -> n.ports().stream()).flatMap(p -> p.address().stream()).findFirst();
        return (name.equals("destination") ? peer : home).map(Object::toString).orElse("");
    }

    /** "innerSource" as people write it. */
    private static String label(String name) {
        String words = name.replaceAll("(?<=[a-z])(?=[A-Z])", " ").toLowerCase(java.util.Locale.ROOT);
        return words.substring(0, 1).toUpperCase(java.util.Locale.ROOT) + words.substring(1);
    }
}
