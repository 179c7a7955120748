package careof.engine.decode;

import careof.engine.base.IpAddress;
import careof.engine.base.Octets;
import careof.engine.crypto.IkeCipher;
import careof.engine.crypto.IkeHash;
import careof.engine.state.IkeExchange;
import careof.engine.state.IkeSa;
import careof.engine.trace.LabState;
import careof.engine.trace.Masking;
import careof.engine.wire.isakmp.IsakmpMessage;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The phase ones of a run, from the rows of its trace: keys, IVs and who began which exchange. */
final class KnownIke {
    /** Keys of one pair of cookies: two nodes that do not agree about a secret have two. */
    private static final int MOST_KEYS = 4;

    private record Cookies(long initiator, long responder) {}

    private record Place(String node, int id) {}

    /** The addresses of the end that began something, and those of the other. */
    private record Ends(Set<IpAddress> starter, Set<IpAddress> other) {
        Ends() {
            this(new LinkedHashSet<>(), new LinkedHashSet<>());
        }

        void add(boolean local, IkeSa sa) {
            starter.add(local ? sa.local() : sa.remote());
            other.add(local ? sa.remote() : sa.local());
        }

        Optional<Boolean> isStarter(IpAddress address) {
            boolean one = starter.contains(address);
            return one == other.contains(address) ? Optional.empty() : Optional.of(one);
        }

        /** Of an exchange: its starter may have moved since phase one, the other end answers from where it was sent to. */
        Optional<Boolean> isMovingStarter(IpAddress address) {
            return other.contains(address) ? isStarter(address) : Optional.of(true);
        }
    }

    private static final class PhaseOne {
        private final List<IkeKeyring> keys = new ArrayList<>();
        private final Ends ends = new Ends();
        private final Map<Long, Ends> exchanges = new LinkedHashMap<>();
        /** Event that told of it. */
        private long last;
    }

    private final Map<Cookies, PhaseOne> known = new LinkedHashMap<>();
    private final Map<Place, IkeSa> rows = new LinkedHashMap<>();

    void add(String node, IkeSa sa, long event) {
        rows.put(new Place(node, sa.id()), sa);
        PhaseOne phaseOne = known.computeIfAbsent(cookies(sa), _ -> new PhaseOne());
        phaseOne.ends.add(sa.initiator(), sa);
        phaseOne.last = event;
        keyring(phaseOne, sa).ifPresent(keys -> keys.learn(0, sa.iv()));
    }

    void add(String node, IkeExchange exchange, long event) {
        IkeSa sa = rows.get(new Place(node, exchange.ikeSa()));
        if (sa != null) {
            PhaseOne phaseOne = known.get(cookies(sa));
            phaseOne.last = event;
            phaseOne.exchanges.computeIfAbsent(exchange.messageId(), _ -> new Ends()).add(exchange.initiator(), sa);
            keyring(phaseOne, sa).ifPresent(keys -> keys.learn(exchange.messageId(), exchange.iv()));
        }
    }

    /** Forgets those that went before a trace's beginning. */
    void forget(LabState beginning) {
        rows.entrySet().removeIf(entry -> beginning.row(entry.getKey().node, IkeSa.class, entry.getValue().key()).isEmpty() && isOld(cookies(entry.getValue()), beginning));
        Set<Cookies> needed = new LinkedHashSet<>();
        rows.values().forEach(sa -> needed.add(cookies(sa)));
        known.keySet().removeIf(cookies -> !needed.contains(cookies) && isOld(cookies, beginning));
    }

    private boolean isOld(Cookies cookies, LabState beginning) {
        PhaseOne phaseOne = known.get(cookies);
        return phaseOne == null || phaseOne.last <= beginning.event();
    }

    private static Cookies cookies(IkeSa sa) {
        return new Cookies(sa.initiatorCookie(), sa.responderCookie());
    }

    private static Optional<IkeKeyring> keyring(PhaseOne phaseOne, IkeSa sa) {
        Optional<IkeCipher> cipher = cipher(sa);
        Optional<IkeHash> hash = hash(sa);
        if (cipher.isEmpty() || hash.isEmpty() || !cipher.get().keyLengths().contains(sa.encryptionKey().length()) || Masking.isMasked(sa.encryptionKey())) {
            return Optional.empty();
        }
        for (IkeKeyring keys : phaseOne.keys) {
            if (keys.isFor(cipher.get(), hash.get(), sa.encryptionKey())) {
                return Optional.of(keys);
            }
        }
        if (phaseOne.keys.size() == MOST_KEYS) {
            return Optional.empty();
        }
        phaseOne.keys.add(new IkeKeyring(cipher.get(), hash.get(), sa.encryptionKey()));
        return Optional.of(phaseOne.keys.getLast());
    }

    private static Optional<IkeCipher> cipher(IkeSa sa) {
        for (IkeCipher cipher : IkeCipher.values()) {
            if (sa.suite().startsWith(cipher.text())) {
                return Optional.of(cipher);
            }
        }
        return Optional.empty();
    }

    private static Optional<IkeHash> hash(IkeSa sa) {
        List<String> words = List.of(sa.suite().split(" "));
        for (IkeHash hash : IkeHash.values()) {
            if (words.contains(hash.text())) {
                return Optional.of(hash);
            }
        }
        return Optional.empty();
    }

    Opener.Ike isakmp(IsakmpMessage message, IpAddress source) {
        PhaseOne phaseOne = known.get(new Cookies(message.header().initiatorCookie(), message.header().responderCookie()));
        if (phaseOne == null) {
            return Opener.Ike.UNKNOWN;
        }
        long messageId = message.header().messageId();
        Ends exchange = phaseOne.exchanges.get(messageId);
        Optional<Octets> plain = Optional.empty();
        if (message.isEncrypted()) {
            for (IkeKeyring keys : phaseOne.keys) {
                plain = plain.or(() -> keys.open(message));
            }
        }
        return new Opener.Ike(plain, messageId == 0 ? phaseOne.ends.isStarter(source) : exchange == null ? Optional.empty() : exchange.isMovingStarter(source));
    }
}
