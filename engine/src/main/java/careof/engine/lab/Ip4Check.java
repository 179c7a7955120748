package careof.engine.lab;

import careof.engine.base.Ip4Address;
import careof.engine.base.Ip4Prefix;
import java.util.Optional;

/** What must hold for the IPv4 part of a lab. */
final class Ip4Check {
    private final LabCheck check;
    private final Lab lab;

    Ip4Check(LabCheck check, Lab lab) {
        this.check = check;
        this.lab = lab;
    }

    /** Whether a node has an IPv4 address somewhere. */
    static boolean hasAddress(LabNode node) {
        return node.ports().stream().anyMatch(port -> port.address4().isPresent()) || !node.careOf4().isEmpty()
                || node.home().flatMap(LabNode.Home::address4).isPresent();
    }

    /** Whether others can reach a node by IPv4: a mobile node at its home address. */
    static boolean isReachable(LabNode node) {
        return node.role() == LabNode.Role.MOBILE_NODE ? node.home().flatMap(LabNode.Home::address4).isPresent()
                : node.ports().stream().anyMatch(port -> port.address4().isPresent());
    }

    void all() {
        for (int i = 0; i < lab.links().size(); i++) {
            prefix("/links/" + i + "/prefix4", i);
        }
        for (int i = 0; i < lab.nodes().size(); i++) {
            node("/nodes/" + i, lab.nodes().get(i));
        }
        for (int i = 0; i < lab.traffic().size(); i++) {
            traffic("/traffic/" + i, lab.traffic().get(i));
        }
    }

    private void prefix(String at, int index) {
        lab.links().get(index).prefix4().ifPresent(prefix -> {
            if (!usable(prefix.address()) || prefix.length() < 8 || prefix.length() > 30) {
                check.error(at, prefix + " is no prefix for a link; expected a /8 to /30 such as 192.0.2.0/24");
            }
            for (int j = 0; j < index; j++) {
                LabLink other = lab.links().get(j);
                if (other.prefix4().map(p -> p.contains(prefix.address()) || prefix.contains(p.address())).orElse(false)
                        && !lab.sameSegment(lab.links().get(index).name(), other.name())) {
                    check.error(at, prefix + " overlaps with " + other.prefix4().get() + " of link \"" + other.name() + "\"; each link needs its own",
                            "/links/" + j + "/prefix4");
                    return;
                }
            }
        });
    }

    private static boolean usable(Ip4Address address) {
        int first = address.bits() >>> 24;
        return first != 0 && first != 127 && first < 224;
    }

    private void node(String at, LabNode node) {
        for (int i = 0; i < node.ports().size(); i++) {
            LabNode.Port port = node.ports().get(i);
            String portAt = at + "/ports/" + i + "/address4";
            port.address4().ifPresent(address -> address(portAt, address, port.link()));
        }
        node.home().ifPresent(home -> home.address4().ifPresent(address -> address(at + "/home/address4", address, home.link())));
        if (!node.careOf4().isEmpty() && node.role() != LabNode.Role.MOBILE_NODE) {
            check.error(at + "/careOf4", "only a mobile node has care-of addresses; a " + node.role().text() + " has an address4 at its port", at + "/role");
        }
        node.careOf4().forEach((link, address) -> {
            String careOfAt = at + "/careOf4/" + JsonTree.escape(link);
            check.link(careOfAt, link).ifPresent(_ -> address(careOfAt, address, link));
        });
    }

    private void address(String at, Ip4Address address, String linkName) {
        Optional<LabLink> link = lab.link(linkName);
        if (!usable(address)) {
            check.error(at, address + " is not a unicast address");
            return;
        }
        check.unique(at, address);
        link.ifPresent(on -> {
            String prefixAt = "/links/" + lab.links().indexOf(on) + "/prefix4";
            Optional<Ip4Prefix> prefix = on.prefix4();
            if (prefix.isEmpty()) {
                check.error(at, "link \"" + linkName + "\" has no IPv4 prefix; give it a prefix4 that holds " + address, prefixAt);
            } else if (!prefix.get().contains(address)) {
                check.error(at, address + " is not in " + prefix.get() + ", the IPv4 prefix of link \"" + linkName + "\"", prefixAt);
            } else if (address.equals(prefix.get().address()) || address.equals(prefix.get().last())) {
                check.error(at, address + " is the first or last of " + prefix.get() + ", which is no host's; choose another", prefixAt);
            }
        });
    }

    private void traffic(String at, LabTraffic traffic) {
        check.family(at + "/family", traffic.family());
        if (traffic.family() == 4) {
            for (String name : new String[] {traffic.from(), traffic.to()}) {
                lab.node(name).filter(node -> !isReachable(node))
                        .ifPresent(node -> check.error(at + "/family", "\"" + name + "\" has no IPv4 "
                                + (node.role() == LabNode.Role.MOBILE_NODE ? "home address" : "address") + "; give it an address4, or leave family out", "/nodes"));
            }
        }
    }
}
