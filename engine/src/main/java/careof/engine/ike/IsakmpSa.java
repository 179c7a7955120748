package careof.engine.ike;

import careof.engine.base.IpAddress;
import careof.engine.base.Octets;
import careof.engine.base.OctetWriter;
import careof.engine.crypto.IkeKeys;
import careof.engine.stack.Table;
import careof.engine.state.IkeSa;
import careof.engine.trace.Reason;
import careof.engine.wire.isakmp.Notification;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * A phase one as it lives: its row, and the secrets and bookkeeping that are nobody else's business. Its identity is that of its row.
 */
final class IsakmpSa {
    /** Octets of both cookies. */
    static final int COOKIES = 16;

    private final Table<Integer, IkeSa> table;
    private final Map<Long, QuickMode> quickModes = new LinkedHashMap<>(2);
    /** Message ids that were used under it: none comes twice (RFC 2409 section 5.5). */
    private final Set<Integer> used = new HashSet<>(4);
    private final IpAddress firstLocal;
    private final IpAddress firstRemote;
    private final long started;
    private IkeSa row;
    private int remotePort;
    private IkePeer peer;
    private IkeSuite suite;
    private IkeKeys keys;
    private PhaseOne negotiation;
    private Authorization authorization;
    private boolean begunAgain;
    private boolean answersProbes;
    private Liveness liveness;

    /**
     * @param started    nanoseconds
     * @param remotePort UDP port that the peer sends from
     * @param peer       null: not known yet
     */
    IsakmpSa(Table<Integer, IkeSa> table, IkeSa row, long started, int remotePort, IkePeer peer, Reason reason, String... args) {
        this.table = table;
        this.row = row;
        this.started = started;
        this.firstLocal = row.local();
        this.firstRemote = row.remote();
        this.remotePort = remotePort;
        this.peer = peer;
        table.put(row.id(), row, reason, args);
    }

    IkeSa row() {
        return row;
    }

    int id() {
        return row.id();
    }

    boolean isEstablished() {
        return row.phase() != IkeSa.Phase.NEGOTIATING;
    }

    /** Whether it was there before another one began: one that crossed it was not, and neither makes the other one old. */
    boolean isBefore(IsakmpSa newer) {
        return isEstablished() && row.established() < newer.started;
    }

    /** When it began, nanoseconds. */
    long started() {
        return started;
    }

    /** This node's address for the messages of phase one itself. */
    IpAddress firstLocal() {
        return firstLocal;
    }

    /** The peer's. */
    IpAddress firstRemote() {
        return firstRemote;
    }

    /** Whether something new may begin under it. */
    boolean isUsable() {
        return row.phase() == IkeSa.Phase.ESTABLISHED;
    }

    /** Changes its row. */
    void put(Reason reason, UnaryOperator<IkeSa> change, String... args) {
        row = change.apply(row);
        table.put(row.id(), row, reason, args);
    }

    /** It has sent or received a message. */
    void step(String step) {
        put(Reason.IKE_STEP, r -> Rows.step(r, step, 0), step);
    }

    /** Takes its row away. */
    void remove(Reason reason, String... args) {
        table.remove(row.id(), reason, args);
    }

    Octets initiatorCookie() {
        return cookie(row.initiatorCookie());
    }

    Octets responderCookie() {
        return cookie(row.responderCookie());
    }

    /** Both: its SPI. */
    Octets cookies() {
        return new OctetWriter(COOKIES).u64(row.initiatorCookie()).u64(row.responderCookie()).toOctets();
    }

    /** A notification about it, see {@link careof.engine.wire.isakmp.NotifyType}. */
    Notification notification(int type, Octets data) {
        return Notification.ofIsakmp(type, row.initiatorCookie(), row.responderCookie(), data);
    }

    private static Octets cookie(long bits) {
        return new OctetWriter(8).u64(bits).toOctets();
    }

    int remotePort() {
        return remotePort;
    }

    /** The peer is elsewhere now. */
    void moved(IpAddress local, IpAddress remote, int port, Reason reason, String... args) {
        remotePort = port;
        put(reason, r -> Rows.ends(r, local, remote), args);
    }

    /** Null: not known yet. */
    IkePeer peer() {
        return peer;
    }

    void peer(IkePeer known) {
        peer = known;
    }

    IkeSuite suite() {
        return suite;
    }

    /** The algorithms that both ends agreed on. */
    void agreed(IkeSuite agreed, IkeSa.Method method) {
        suite = agreed;
        put(Reason.IKE_STEP, r -> Rows.agreed(r, method, agreed.toString()), agreed.toString());
    }

    /** Null: there are none yet. */
    IkeKeys keys() {
        return keys;
    }

    /**
     * Its secrets are known.
     *
     * @param iv of the first message that is encrypted
     */
    void derived(IkeKeys derived, Octets iv) {
        keys = derived;
        Octets cipherKey = derived.cipherKey(suite.keyLength());
        put(Reason.IKE_STEP, r -> Rows.keys(r, cipherKey, iv), "keys derived");
    }

    Octets cipherKey() {
        return row.encryptionKey();
    }

    /** The last cipher block of phase one. */
    void chained(Octets lastBlock) {
        put(Reason.IKE_STEP, r -> Rows.keys(r, r.encryptionKey(), lastBlock), "IV");
    }

    /** Null: it is over. */
    PhaseOne negotiation() {
        return negotiation;
    }

    void negotiation(PhaseOne running) {
        negotiation = running;
    }

    /** What its peer may do; null: nothing yet. */
    Authorization authorization() {
        return authorization;
    }

    void authorized(Authorization granted) {
        authorization = granted;
        peer = granted.peer();
    }

    /** Whether quick modes that overtook the last message of this phase one have begun again; once is enough. */
    boolean hasBegunAgain() {
        return begunAgain;
    }

    void beginsAgain() {
        begunAgain = true;
    }

    /** Whether the peer says that it knows dead peer detection. */
    boolean answersProbes() {
        return answersProbes;
    }

    void knowsProbes() {
        answersProbes = true;
    }

    /** Null: nobody asks whether the peer is there. */
    Liveness liveness() {
        return liveness;
    }

    void liveness(Liveness watching) {
        liveness = watching;
    }

    /** Quick modes that run or are remembered, by message id. */
    Map<Long, QuickMode> quickModes() {
        return quickModes;
    }

    Optional<QuickMode> quickMode(long messageId) {
        return Optional.ofNullable(quickModes.get(messageId));
    }

    boolean isUsed(long messageId) {
        return used.contains((int) messageId);
    }

    void use(long messageId) {
        used.add((int) messageId);
    }

    int usedIds() {
        return used.size();
    }
}
