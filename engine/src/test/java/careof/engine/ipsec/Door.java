package careof.engine.ipsec;

import static org.junit.jupiter.api.Assertions.assertEquals;

import careof.engine.base.IpAddress;
import careof.engine.base.Octets;
import careof.engine.crypto.Authentication;
import careof.engine.crypto.Encryption;
import careof.engine.policy.Policy;
import careof.engine.sim.Scheduler;
import careof.engine.stack.NodeEnv;
import careof.engine.state.AddressRange;
import careof.engine.state.Sa;
import careof.engine.state.Selector;
import careof.engine.state.SpdEntry;
import careof.engine.trace.Detail;
import careof.engine.trace.Recorder;
import careof.engine.trace.TraceStore;
import careof.engine.wire.pfkey.PfKeyError;
import careof.engine.wire.pfkey.PfKeyMessage;
import careof.engine.wire.pfkey.PolicyExtension;
import java.util.ArrayList;
import java.util.List;

/** A node's SPD and SAD behind their door, with a clock; and rows to put there. */
final class Door {
    static final IpAddress HOME = IpAddress.parse("2001:db8:1::10");
    static final IpAddress CARE_OF = IpAddress.parse("2001:db8:9::10");
    static final IpAddress NEXT_CARE_OF = IpAddress.parse("2001:db8:8::10");
    static final IpAddress AGENT = IpAddress.parse("2001:db8:1::1");
    static final IpAddress PEER = IpAddress.parse("2001:db8:5::5");

    final Scheduler scheduler = new Scheduler();
    final TraceStore trace = new TraceStore(Detail.FULL);
    final Recorder recorder = new Recorder(trace, scheduler);
    final NodeEnv env = new NodeEnv("node", scheduler, recorder, Policy.ALL_ON, 7);
    final Spd spd = new Spd(env);
    final Sad sad = new Sad(env);
    final PfKey pfKey;
    final List<PfKeyMessage> heard = new ArrayList<>();
    final PfKey.Socket socket;

    Door() {
        this(false);
    }

    Door(boolean desAllowed) {
        pfKey = new PfKey(env, spd, sad, desAllowed);
        socket = pfKey.open(heard::add);
    }

    void until(long time) {
        while (scheduler.runNext(time)) {
            recorder.because(0);
        }
        scheduler.advanceTo(time);
    }

    /** An ESP SA with AES-CBC and HMAC-SHA1. */
    static Sa sa(long spi, Sa.Mode mode, IpAddress source, IpAddress destination) {
        Selector selector = mode == Sa.Mode.TRANSPORT ? Selector.between(AddressRange.of(source), AddressRange.of(destination))
                : Selector.between(AddressRange.ALL_IP6, AddressRange.ALL_IP6);
        return new Sa(0, spi, Sa.Protocol.ESP, mode, source, destination, selector, Encryption.AES_CBC, key(16), Authentication.HMAC_SHA1_96, key(20), false,
                32, 0, Sa.Lifetimes.NONE, Sa.UdpPorts.NONE, Sa.Phase.MATURE, 0);
    }

    static Sa named(Sa sa, long spi) {
        return new Sa(sa.id(), spi, sa.protocol(), sa.mode(), sa.source(), sa.destination(), sa.selector(), sa.encryption(), sa.encryptionKey(),
                sa.authentication(), sa.authenticationKey(), sa.extendedSequence(), sa.replayWindow(), sa.requestId(), sa.lifetimes(), sa.udp(), sa.phase(),
                sa.created());
    }

    static Sa with(Sa sa, Sa.Lifetimes lifetimes) {
        return new Sa(sa.id(), sa.spi(), sa.protocol(), sa.mode(), sa.source(), sa.destination(), sa.selector(), sa.encryption(), sa.encryptionKey(),
                sa.authentication(), sa.authenticationKey(), sa.extendedSequence(), sa.replayWindow(), sa.requestId(), lifetimes, sa.udp(), sa.phase(),
                sa.created());
    }

    static Sa with(Sa sa, Selector selector, long requestId) {
        return new Sa(sa.id(), sa.spi(), sa.protocol(), sa.mode(), sa.source(), sa.destination(), selector, sa.encryption(), sa.encryptionKey(),
                sa.authentication(), sa.authenticationKey(), sa.extendedSequence(), sa.replayWindow(), requestId, sa.lifetimes(), sa.udp(), sa.phase(),
                sa.created());
    }

    static Sa with(Sa sa, Sa.Protocol protocol, Encryption encryption, Octets encryptionKey, Authentication authentication, Octets authenticationKey) {
        return new Sa(sa.id(), sa.spi(), protocol, sa.mode(), sa.source(), sa.destination(), sa.selector(), encryption, encryptionKey, authentication,
                authenticationKey, sa.extendedSequence(), sa.replayWindow(), sa.requestId(), sa.lifetimes(), sa.udp(), sa.phase(), sa.created());
    }

    /** Octets that are no weak key. */
    static Octets key(int octets) {
        byte[] key = new byte[octets];
        for (int i = 0; i < octets; i++) {
            key[i] = (byte) (17 * i + 3);
        }
        return Octets.wrap(key);
    }

    static SpdEntry protect(SpdEntry.Direction direction, Selector selector, SpdEntry.Template... templates) {
        return new SpdEntry(0, 1000, direction, "", selector, SpdEntry.Action.PROTECT, List.of(templates));
    }

    static SpdEntry.Template tunnel(IpAddress source, IpAddress destination, long requestId) {
        return new SpdEntry.Template(Sa.Protocol.ESP, Sa.Mode.TUNNEL, source, destination, SpdEntry.Level.UNIQUE, requestId);
    }

    /** Sends a request that must succeed. */
    PfKeyMessage ok(PfKeyMessage request) {
        PfKeyMessage answer = socket.request(request);
        assertEquals("OK", PfKeyError.name(answer.errno()));
        return answer;
    }

    /** Sends a request that must be refused, and must not have changed a row. */
    void refused(int errno, PfKeyMessage request) {
        List<Object> before = rows();
        PfKeyMessage answer = socket.request(request);
        assertEquals(PfKeyError.name(errno), PfKeyError.name(answer.errno()));
        assertEquals(List.of(), answer.extensions());
        assertEquals(before, rows());
    }

    /** Policies, SAs and what moves with them. */
    List<Object> rows() {
        List<Object> rows = new ArrayList<>(spd.entries());
        for (Sa sa : sad.all()) {
            rows.add(List.of(sa.spi(), sa.phase(), sa.source(), sa.destination(), sa.lifetimes()));
            rows.add(sa);
            rows.add(sad.use(sa));
        }
        return rows;
    }

    Sa added(Sa sa) {
        ok(SaMessages.add(sa));
        return sad.inbound(sa.protocol(), sa.spi(), sa.destination()).orElseThrow();
    }

    SpdEntry added(SpdEntry entry) {
        return spd.find((int) ok(SpdMessages.add(entry)).find(PolicyExtension.class).orElseThrow().id()).orElseThrow();
    }
}
