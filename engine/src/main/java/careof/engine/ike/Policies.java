package careof.engine.ike;

import careof.engine.base.IpAddress;
import careof.engine.ipsec.PfKey;
import careof.engine.ipsec.SpdMessages;
import careof.engine.state.Sa;
import careof.engine.state.Selector;
import careof.engine.state.SpdEntry;
import careof.engine.wire.pfkey.PfKeyMessage;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The security policy as key management knows it from PF_KEY: which entries there are it heard once and keeps up with, what is in one it asks for when it
 * needs it, since the ends of tunnels change.
 */
final class Policies {
    /** What two identities say of an entry. */
    private record Key(SpdEntry.Direction direction, Selector selector) {}

    private final Map<Key, List<Integer>> ids = new LinkedHashMap<>();
    private PfKey.Socket socket;

    /** Reads all entries; to be called once. */
    void read(PfKey.Socket door) {
        socket = door;
        for (PfKeyMessage row : door.requestAll(PfKeyMessage.of(PfKeyMessage.X_SPDDUMP, PfKeyMessage.ANY_SA))) {
            SpdMessages.entry(row).ifPresent(this::keep);
        }
    }

    private void keep(SpdEntry entry) {
        if (entry.action() == SpdEntry.Action.PROTECT) {
            List<Integer> same = ids.computeIfAbsent(key(entry.direction(), entry.selector()), _ -> new ArrayList<>(1));
            if (!same.contains(entry.id())) {
                same.add(entry.id());
            }
        }
    }

    private static Key key(SpdEntry.Direction direction, Selector selector) {
        return new Key(direction, Selectors.negotiable(selector));
    }

    /** Something changed entries. */
    void changed(PfKeyMessage message) {
        switch (message.type()) {
            case PfKeyMessage.X_SPDADD, PfKeyMessage.X_SPDUPDATE -> SpdMessages.entry(message).ifPresent(this::keep);
            case PfKeyMessage.X_SPDFLUSH -> ids.clear();
            default -> {
                // what is gone shows when it is asked for
            }
        }
    }

    Optional<SpdEntry> get(int id) {
        return SpdMessages.entry(socket.request(SpdMessages.get(id)));
    }

    /** Entries that protect what a selector says, as far as identities can tell. */
    List<SpdEntry> find(SpdEntry.Direction direction, Selector selector) {
        return ids.getOrDefault(key(direction, selector), List.of()).stream().flatMap(id -> get(id).stream()).toList();
    }

    /** Outbound entries that ask for SAs with a request id. */
    List<SpdEntry> protecting(long requestId) {
        return ids.entrySet().stream().filter(e -> e.getKey().direction() == SpdEntry.Direction.OUT).flatMap(e -> e.getValue().stream()).flatMap(id -> get(id).stream())
                .filter(entry -> entry.templates().stream().anyMatch(t -> t.requestId() == requestId)).toList();
    }

    /** The entry for what comes back to an outbound one: the first that asks for the same SAs. */
    Optional<SpdEntry> inbound(SpdEntry out, long requestId) {
        return find(SpdEntry.Direction.IN, out.selector().reversed()).stream()
                .filter(in -> in.templates().stream().anyMatch(t -> t.requestId() == requestId)).findFirst();
    }

    /** Makes the tunnels of an entry with a request id end elsewhere. */
    void moveTunnel(SpdEntry entry, long requestId, IpAddress source, IpAddress destination) {
        List<SpdEntry.Template> templates = entry.templates().stream().map(t -> t.requestId() == requestId && t.mode() == Sa.Mode.TUNNEL
                ? new SpdEntry.Template(t.protocol(), t.mode(), source, destination, t.level(), t.requestId()) : t).toList();
        if (!templates.equals(entry.templates())) {
            socket.request(SpdMessages.update(new SpdEntry(entry.id(), entry.priority(), entry.direction(), entry.port(), entry.selector(), entry.action(), templates)));
        }
    }
}
