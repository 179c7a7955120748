package careof.engine.lab;

import careof.engine.base.Ip6Address;
import careof.engine.base.VirtualTime;
import java.util.Optional;

/** What must hold for attacks, and for bridges. */
final class AttackCheck {
    /** Of a name of a protocol or message, or of a field and its value. */
    private static final String TERM = "!?[A-Za-z0-9?-]+|[A-Za-z0-9_-]+(\\.[A-Za-z0-9_-]+)+=[^\\s=]+";
    private static final String FIELD = "octet:[0-9]{1,5}|[A-Za-z0-9_-]+(\\.[A-Za-z0-9_-]+)+";

    private final LabCheck check;
    private final Lab lab;

    AttackCheck(LabCheck check, Lab lab) {
        this.check = check;
        this.lab = lab;
    }

    void action(String at, Action.Attack action) {
        Attack attack = action.attack();
        String inside = at + "/" + attack.kind().text();
        Optional<LabNode> node = check.node(at + "/node", action.node());
        node.ifPresent(who -> place(at + "/node", who, attack.kind()));
        attack.values().forEach((parameter, value) -> value(inside + "/" + parameter.name(), action, parameter, value));
        switch (attack) {
            case Attack.Forge forge -> {
                if (forge.innerSource().isPresent() != forge.innerDestination().isPresent()) {
                    check.error(inside, "an inner packet has two addresses; give both innerSource and innerDestination, or none",
                            inside + "/innerSource", inside + "/innerDestination");
                }
            }
            case Attack.ForgeBu bu -> {
                if (bu.lifetime() % (4 * VirtualTime.SECOND) != 0) {
                    check.error(inside + "/lifetime", "expected a multiple of 4s (RFC 6275 section 6.1.7), not " + VirtualTime.format(bu.lifetime()));
                }
            }
            case Attack.Inject inject -> {
                if (inject.sequence() + inject.count() - 1 > 0xffff_ffffL) {
                    check.error(inside + "/sequence", "so many packets go beyond the largest sequence number", inside + "/count");
                }
            }
            default -> { }
        }
    }

    private void place(String at, LabNode node, Attack.Kind kind) {
        String nodeAt = "/nodes/" + lab.nodes().indexOf(node);
        boolean attacker = node.role() == LabNode.Role.ATTACKER;
        String name = "\"" + node.name() + "\"";
        switch (kind.place()) {
            case ON_PATH -> {
                if (!node.bridge()) {
                    check.error(at, name + " is not in the way of any packet; only an attacker with \"bridge\": true and two ports can " + kind.text(), nodeAt);
                }
            }
            case LISTENING -> {
                if (!attacker) {
                    check.error(at, name + " is a " + node.role().text() + "; only an attacker can " + kind.text(), nodeAt + "/role");
                }
            }
            case OFF_PATH -> {
                if (!attacker || node.bridge()) {
                    check.error(at, name + " is " + (node.bridge() ? "a bridge, which has no address" : "a " + node.role().text())
                            + "; only an attacker with an address can " + kind.text(), nodeAt);
                }
            }
            case KEY_HOLDER -> { }
        }
    }

    private void value(String at, Action.Attack action, Attack.Parameter parameter, Object value) {
        switch (parameter.type()) {
            case MATCH -> match(at, (String) value);
            case FIELD -> {
                if (!((String) value).matches(FIELD)) {
                    check.error(at, "\"" + value + "\" is no field; expected a name such as \"ipv6.src\", or \"octet:N\"");
                }
            }
            case VALUE -> {
                if (!((String) value).matches("[0-9]{1,19}|0x([0-9a-fA-F]{2})+|[0-9a-fA-F:.]+")) {
                    check.error(at, "\"" + value + "\" is no value; expected an address, a number, or 0x and hexadecimal digits");
                }
            }
            case COOKIES -> {
                if (!((String) value).matches("0x[0-9a-fA-F]{32}")) {
                    check.error(at, "expected both cookies, 0x and 32 hexadecimal digits, not \"" + value + "\"");
                }
            }
            case ADDRESS -> {
                if (((Ip6Address) value).isMulticast() && !parameter.name().toLowerCase(java.util.Locale.ROOT).endsWith("destination")
                        || ((Ip6Address) value).isUnspecified()) {
                    check.error(at, value + " is no unicast address");
                }
            }
            case NUMBER -> check.range(at, (Long) value, parameter.least(), parameter.most(), String::valueOf);
            case TIME -> check.span(at, (Long) value, parameter.least(), parameter.most());
            case SPI -> check.range(at, (Long) value, 0, 0xffff_ffffL, number -> "0x" + Long.toHexString(number));
            case YES_NO -> { }
            case PROTECTION -> check.protectionOf(at, action.node(), (String) value);
            case WORD -> {
                if (!parameter.words().contains((String) value)) {
                    check.error(at, "expected one of " + Words.list(parameter.words()) + ", not \"" + value + "\"" + Words.suggest((String) value, parameter.words()));
                }
            }
        }
    }

    private void match(String at, String match) {
        for (String term : match.isBlank() ? new String[0] : match.strip().split("\\s+")) {
            if (!term.matches(TERM)) {
                check.error(at, "\"" + term + "\" says nothing of a frame; expected words such as BU, ESP or !udp, and comparisons such as ipv6.dst=2001:db8:1::1");
            }
        }
    }

    /** Bridges: two ports on two links that carry the same prefixes, since they are one link for IP. */
    void bridge(String at, LabNode node) {
        if (!node.bridge()) {
            return;
        }
        if (node.role() != LabNode.Role.ATTACKER) {
            check.error(at + "/bridge", "only an attacker is a bridge; a " + node.role().text() + " is not", at + "/role");
        }
        if (node.ports().size() != 2) {
            check.error(at + "/ports", "a bridge has two ports, one on each of two links; \"" + node.name() + "\" has " + node.ports().size(), at + "/bridge");
            return;
        }
        for (int i = 0; i < 2; i++) {
            LabNode.Port port = node.ports().get(i);
            if (port.address().isPresent() || port.address4().isPresent()) {
                check.error(at + "/ports/" + i, "a bridge has no addresses; leave address and address4 out", at + "/bridge");
            }
        }
        Optional<LabLink> one = lab.link(node.ports().get(0).link());
        Optional<LabLink> other = lab.link(node.ports().get(1).link());
        if (one.isPresent() && other.isPresent() && (!one.get().prefix().equals(other.get().prefix()) || !one.get().prefix4().equals(other.get().prefix4()))) {
            check.error(at + "/bridge", "for IP both sides of a bridge are one link; give \"" + one.get().name() + "\" and \"" + other.get().name()
                    + "\" the same prefix and prefix4", at + "/ports", "/links");
        }
    }
}
