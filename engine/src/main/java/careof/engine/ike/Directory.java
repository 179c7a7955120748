package careof.engine.ike;

import careof.engine.base.IpAddress;
import careof.engine.state.AddressRange;
import careof.engine.state.IkeSa;
import careof.engine.wire.isakmp.Identification;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The peers and SA settings of a configuration by all that they are looked up by: a home agent has thousands. The first of several that fit counts. */
final class Directory {
    private record Offer(IkeSuite suite, IkeSa.Exchange exchange) {}

    private final Map<String, IkePeer> byName = new HashMap<>();
    /** By identities as they are compared. */
    private final Map<Identification, IkePeer> byIdentity = new HashMap<>();
    private final Map<IpAddress, IkePeer> keyByAddress = new HashMap<>();
    /** Of those who may say to be anybody. */
    private final Map<IpAddress, IkePeer> anyByAddress = new HashMap<>();
    private final Map<AddressRange, List<IkePeer>> mobiles = new HashMap<>();
    private final Map<Offer, IkePeer> signing = new LinkedHashMap<>();
    private final Map<Long, ChildSettings> children = new HashMap<>();
    private final Map<String, List<Long>> requests = new HashMap<>();
    private Optional<IkePeer> anybody = Optional.empty();
    private Optional<IkePeer> keyOfAnybody = Optional.empty();

    Directory(IkeSettings settings) {
        settings.peers().forEach(this::add);
        for (ChildSettings child : settings.children()) {
            children.putIfAbsent(child.requestId(), child);
            requests.computeIfAbsent(child.peer(), _ -> new ArrayList<>(2)).add(child.requestId());
        }
    }

    private void add(IkePeer peer) {
        byName.putIfAbsent(peer.name(), peer);
        peer.identities().forEach(identity -> byIdentity.putIfAbsent(identity.comparable(), peer));
        boolean key = peer.method() == IkeSa.Method.PRE_SHARED_KEY;
        if (peer.address().isPresent()) {
            if (peer.identities().isEmpty()) {
                anyByAddress.putIfAbsent(peer.address().get(), peer);
            }
            if (key) {
                keyByAddress.putIfAbsent(peer.address().get(), peer);
            }
        } else {
            anybody = anybody.isEmpty() && peer.identities().isEmpty() ? Optional.of(peer) : anybody;
            keyOfAnybody = keyOfAnybody.isEmpty() && key ? Optional.of(peer) : keyOfAnybody;
        }
        if (!key) {
            signing.putIfAbsent(new Offer(peer.suite(), peer.exchange()), peer);
        }
        if (peer.mobile()) {
            peer.homes().forEach(home -> mobiles.computeIfAbsent(home, _ -> new ArrayList<>(1)).add(peer));
        }
    }

    Optional<IkePeer> peer(String name) {
        return Optional.ofNullable(byName.get(name));
    }

    /** The entry for an identity, or else for an address where identities do not matter. */
    Optional<IkePeer> entry(Identification identity, IpAddress transport) {
        return Optional.ofNullable(byIdentity.get(identity.comparable())).or(() -> Optional.ofNullable(anyByAddress.get(transport))).or(() -> anybody);
    }

    /** Whose pre-shared key is used with an address: main mode knows no more of its peer when it needs the key. */
    Optional<IkePeer> keyFor(IpAddress transport) {
        return Optional.ofNullable(keyByAddress.get(transport)).or(() -> keyOfAnybody);
    }

    /** One peer that signs for each suite and exchange. */
    List<IkePeer> signing() {
        return List.copyOf(signing.values());
    }

    /** Mobile nodes with a home address. */
    List<IkePeer> mobiles(IpAddress home) {
        return mobiles.getOrDefault(AddressRange.of(home), List.of());
    }

    /** Request ids of all SAs that are made with a peer. */
    List<Long> requests(String peer) {
        return requests.getOrDefault(peer, List.of());
    }

    Optional<ChildSettings> child(long requestId) {
        return Optional.ofNullable(children.get(requestId));
    }
}
