package careof.engine.ike;

import careof.engine.base.IpAddress;
import careof.engine.base.Octets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** A node's phase ones by all that they are looked up by, and how many of them nobody has authenticated. */
final class PhaseOneTable {
    private final TreeMap<Integer, IsakmpSa> sas = new TreeMap<>();
    /** By initiator's cookie: those whose responder has not answered, and what others began. */
    private final Map<Long, List<IsakmpSa>> byCookie = new LinkedHashMap<>();
    private final Map<String, TreeMap<Integer, IsakmpSa>> byPeer = new LinkedHashMap<>();
    private final HalfOpen halfOpen = new HalfOpen();

    /** Takes one up. What a peer began is half open until {@link #isAuthenticated}. */
    void add(IsakmpSa sa) {
        sas.put(sa.id(), sa);
        byCookie.computeIfAbsent(sa.row().initiatorCookie(), _ -> new ArrayList<>(1)).add(sa);
        if (!sa.row().initiator()) {
            halfOpen.add(sa);
        }
    }

    /** Its peer is known. */
    void isWith(IkePeer peer, IsakmpSa sa) {
        byPeer.computeIfAbsent(peer.name(), _ -> new TreeMap<>()).put(sa.id(), sa);
    }

    /** Both ends are authenticated. */
    void isAuthenticated(IsakmpSa sa) {
        halfOpen.remove(sa);
    }

    /** Those that others began and that are not authenticated. */
    HalfOpen halfOpen() {
        return halfOpen;
    }

    /** Lets one go; false: it was not there. */
    boolean remove(IsakmpSa sa) {
        if (sas.remove(sa.id()) == null) {
            return false;
        }
        halfOpen.remove(sa);
        List<IsakmpSa> same = byCookie.get(sa.row().initiatorCookie());
        same.remove(sa);
        if (same.isEmpty()) {
            byCookie.remove(sa.row().initiatorCookie());
        }
        if (sa.peer() != null && byPeer.containsKey(sa.peer().name())) {
            byPeer.get(sa.peer().name()).remove(sa.id());
            if (byPeer.get(sa.peer().name()).isEmpty()) {
                byPeer.remove(sa.peer().name());
            }
        }
        return true;
    }

    boolean contains(IsakmpSa sa) {
        return sas.containsKey(sa.id());
    }

    /** All there are now, the oldest first. */
    List<IsakmpSa> all() {
        return List.copyOf(sas.values());
    }

    Optional<IsakmpSa> find(int id) {
        return Optional.ofNullable(sas.get(id));
    }

    /** By both cookies. */
    Optional<IsakmpSa> find(long initiator, long responder) {
        return byCookie.getOrDefault(initiator, List.of()).stream().filter(sa -> sa.row().responderCookie() == responder && responder != 0).findFirst();
    }

    /** By the octets of both cookies. */
    Optional<IsakmpSa> find(Octets cookies) {
        if (cookies.length() != 16) {
            return Optional.empty();
        }
        return find(bits(cookies, 0), bits(cookies, 8));
    }

    private static long bits(Octets octets, int at) {
        long bits = 0;
        for (int i = 0; i < 8; i++) {
            bits = bits << 8 | octets.at(at + i);
        }
        return bits;
    }

    /** Before the responder's cookie is known: as initiator, or a first message of an address once more. */
    Optional<IsakmpSa> unanswered(long initiator, long responder, IpAddress from) {
        return byCookie.getOrDefault(initiator, List.of()).stream()
                .filter(sa -> sa.row().initiator() ? sa.row().responderCookie() == 0 : responder == 0 && sa.row().remote().equals(from)).findFirst();
    }

    /** Phase ones with a peer, the newest first: those that this node began and those that are established. */
    List<IsakmpSa> with(IkePeer peer) {
        TreeMap<Integer, IsakmpSa> all = byPeer.get(peer.name());
        return all == null ? List.of() : List.copyOf(all.descendingMap().values());
    }
}
