package careof.app.packets;

import careof.app.session.SessionState;
import careof.engine.base.Ip6Address;
import careof.engine.lab.LabNode;
import careof.engine.state.AddressEntry;
import careof.engine.trace.LabState.Row;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Whose addresses are whose, as far as the run has shown: a list of names reads faster than one of addresses. */
public final class Names {
    private final Map<String, String> names = new TreeMap<>();
    /** By interface identifier: what a node forms an address from on any link, also on links where the cursor never stood. */
    private final Map<Long, LabNode> byInterface = new TreeMap<>();
    private long run = -1;
    private long lastEvent = -1;

    /** Reads the addresses at the cursor; true when some are new. */
    public boolean learn(SessionState state) {
        boolean fresh = false;
        if (state.run() != run) {
            run = state.run();
            lastEvent = -1;
            names.clear();
            byInterface.clear();
            fresh = true;
        }
        if (state.cursor() == lastEvent) {
            return fresh;
        }
        lastEvent = state.cursor();
        for (LabNode node : state.lab().nodes()) {
            for (Row<AddressEntry> row : state.tables().rows(node.name(), AddressEntry.class)) {
                fresh |= names.put(row.state().address().toString(), name(node, row.state())) == null;
                if (row.state().address().isLinkLocal()) {
                    byInterface.put(row.state().address().low(), node);
                }
            }
            if (node.home().isPresent()) {
                fresh |= names.put(node.home().get().address().toString(), node.name() + " H@") == null;
            }
        }
        return fresh;
    }

    private static String name(LabNode node, AddressEntry entry) {
        if (entry.address().isLinkLocal()) {
            return node.name() + " link-local";
        }
        return node.role() != LabNode.Role.MOBILE_NODE ? node.name() : node.name() + (entry.origin() == AddressEntry.Origin.HOME ? " H@" : " Co@");
    }

    /** The node that has an address; empty: none is known. */
    public Optional<String> node(String address) {
        return name(address).map(name -> name.indexOf(' ') < 0 ? name : name.substring(0, name.indexOf(' ')));
    }

    private Optional<String> name(String address) {
        return Optional.ofNullable(names.get(address)).or(() -> formed(address));
    }

    private Optional<String> formed(String address) {
        return ip6(address).map(parsed -> byInterface.get(parsed.low()))
                .map(node -> node.role() == LabNode.Role.MOBILE_NODE ? node.name() + " Co@" : node.name());
    }

    /** Where a frame carries something else, its ends are Ethernet addresses. */
    private static Optional<Ip6Address> ip6(String address) {
        try {
            return address.indexOf(':') < 0 ? Optional.empty() : Optional.of(Ip6Address.parse(address));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** The name that goes with an address's text, else the text itself, short for groups that everybody knows. */
    public String of(String address) {
        return name(address).orElseGet(() -> address.equals(Ip6Address.ALL_NODES.toString()) ? "all nodes"
                : address.equals(Ip6Address.ALL_ROUTERS.toString()) ? "all routers"
                : address.startsWith("ff02::1:ff") ? "solicited " + address.substring("ff02::1:ff".length()) : address);
    }
}
