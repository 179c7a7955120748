package careof.editor.model;

import careof.engine.base.Ip6Address;
import careof.engine.base.Prefix;
import careof.engine.lab.Lab;
import careof.engine.lab.LabLink;
import careof.engine.lab.LabNode;
import java.util.Optional;
import java.util.TreeSet;

/** Addresses that the editor chooses: documentation prefixes (RFC 3849) for links, low interface identifiers for home addresses. */
public final class Addressing {
    private static final long DOCUMENTATION = 0x2001_0db8L << 32;

    private Addressing() {}

    /** The lowest free 2001:db8:N::/64, N from 1. */
    public static Prefix nextPrefix(Lab lab) {
        for (long n = 1; ; n++) {
            Prefix prefix = new Prefix(new Ip6Address(DOCUMENTATION | n << 16, 0), 64);
            if (lab.links().stream().flatMap(l -> l.prefix().stream()).noneMatch(p -> overlap(p, prefix))) {
                return prefix;
            }
        }
    }

    public static boolean overlap(Prefix a, Prefix b) {
        return a.contains(b.address()) || b.contains(a.address());
    }

    /** The lowest free address with interface identifier 10 hexadecimal or more on a link with a /64; empty without one. */
    public static Optional<Ip6Address> freeHomeAddress(Lab lab, String link) {
        Optional<Prefix> prefix = lab.link(link).flatMap(LabLink::prefix).filter(p -> p.length() == 64);
        if (prefix.isEmpty()) {
            return Optional.empty();
        }
        var taken = new TreeSet<Ip6Address>();
        for (LabNode node : lab.nodes()) {
            node.ports().forEach(p -> p.address().ifPresent(taken::add));
            node.home().ifPresent(h -> taken.add(h.address()));
        }
        long id = 0x10;
        while (taken.contains(prefix.get().with(id))) {
            id++;
        }
        return Optional.of(prefix.get().with(id));
    }

    /** A home for a new mobile node: the first link with a prefix and a home agent on it. */
    public static Optional<LabNode.Home> firstHome(Lab lab) {
        for (LabLink link : lab.links()) {
            Optional<LabNode> agent = lab.nodes().stream().filter(n -> n.role() == LabNode.Role.HOME_AGENT)
                    .filter(n -> n.ports().stream().findFirst().filter(p -> p.link().equals(link.name())).isPresent()).findFirst();
            Optional<Ip6Address> address = freeHomeAddress(lab, link.name());
            if (agent.isPresent() && address.isPresent()) {
                return Optional.of(new LabNode.Home(link.name(), address.get(), Optional.of(agent.get().name())));
            }
        }
        return Optional.empty();
    }
}
