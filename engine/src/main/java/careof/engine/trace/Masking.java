package careof.engine.trace;

import careof.engine.base.Octets;
import careof.engine.lab.Lab;
import careof.engine.lab.LabCertificate;
import careof.engine.lab.LabMaterial;
import careof.engine.lab.LabNode;
import careof.engine.lab.LabPki;
import careof.engine.lab.LabProtection;
import careof.engine.state.IkeSa;
import careof.engine.state.Nonce;
import careof.engine.state.ReturnRoutabilityEntry;
import careof.engine.state.Sa;
import careof.engine.state.State;
import careof.engine.trace.TraceEvent.Changed;
import careof.engine.trace.TraceEvent.Control;
import careof.engine.trace.TraceEvent.Started;
import careof.engine.wire.pfkey.PfKeyExtension;
import careof.engine.wire.pfkey.PfKeyMessage;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Takes keys out of events and labs, and whatever keys follow from; all else stays, in a form that is as long as before. Octets that were secret say "masked" instead. What crossed a
 * link is no secret: frames stay as they are.
 */
public final class Masking {
    /** What a masked lab has for its seed, from which keys may follow. */
    private static final long LAB_SEED = 0;
    private static final byte[] WORD = "masked".getBytes(StandardCharsets.US_ASCII);
    /** What its run's first event has: a number that says so itself. */
    private static final long SEED = ByteBuffer.wrap(mask(Octets.zeros(Long.BYTES)).toArray()).getLong();
    private static final int SA = StateCodec.kind(Sa.class);
    private static final int IKE_SA = StateCodec.kind(IkeSa.class);
    private static final int NONCE = StateCodec.kind(Nonce.class);
    private static final int TOKENS = StateCodec.kind(ReturnRoutabilityEntry.class);
    /** Octets of an extension of PF_KEY before a key. */
    private static final int KEY_HEADER = 8;

    private Masking() {}

    /** Whether this stands where a key was. */
    public static boolean isMasked(Octets key) {
        return !key.isEmpty() && key.equals(mask(key));
    }

    /** Whether an SA's keys are not known. */
    public static boolean isMasked(Sa sa) {
        return isMasked(sa.encryptionKey()) || isMasked(sa.authenticationKey());
    }

    /** Whether a run's seed is not known. */
    public static boolean isMasked(Started event) {
        return event.seed() == SEED;
    }

    private static Octets mask(Octets key) {
        byte[] mask = new byte[key.length()];
        mask(mask, 0, mask.length);
        return Octets.wrap(mask);
    }

    private static void mask(byte[] octets, int from, int to) {
        for (int i = from; i < to; i++) {
            octets[i] = WORD[(i - from) % WORD.length];
        }
    }

    /** Whether rows of a kind hold anything secret, see {@link StateCodec#kind}. */
    static boolean isSecret(int kind) {
        return kind == SA || kind == IKE_SA || kind == NONCE || kind == TOKENS;
    }

    /** The event itself where nothing in it is secret. */
    static TraceEvent of(TraceEvent event) {
        return switch (event) {
            case Started e -> new Started(e.id(), e.at(), e.node(), e.cause(), e.lab(), SEED);
            case Control e when e.channel().equals(PfKeyFields.CHANNEL) ->
                    new Control(e.id(), e.at(), e.node(), e.cause(), e.packet(), e.channel(), e.toKernel(), pfKey(e.octets()));
            case Changed e when isSecret(StateCodec.kind(e.row().getClass())) ->
                    new Changed(e.id(), e.at(), e.node(), e.cause(), e.packet(), e.previous(), e.old().map(Masking::of), e.now().map(Masking::of), e.reason(), e.args());
            default -> event;
        };
    }

    private static State of(State row) {
        return switch (row) {
            case Sa s -> new Sa(s.id(), s.spi(), s.protocol(), s.mode(), s.source(), s.destination(), s.selector(), s.encryption(), mask(s.encryptionKey()),
                    s.authentication(), mask(s.authenticationKey()), s.extendedSequence(), s.replayWindow(), s.requestId(), s.lifetimes(), s.udp(), s.phase(), s.created(),
                    s.hiding());
            case IkeSa s -> new IkeSa(s.id(), s.peer(), s.initiator(), s.exchange(), s.phase(), s.initiatorCookie(), s.responderCookie(), s.local(), s.remote(),
                    s.localIdentity(), s.remoteIdentity(), s.authentication(), s.suite(), mask(s.encryptionKey()), s.iv(), s.step(), s.retransmissions(), s.established(),
                    s.until());
            case Nonce n -> new Nonce(n.index(), mask(n.value()), n.created(), n.until());
            case ReturnRoutabilityEntry e -> new ReturnRoutabilityEntry(e.peer(), e.home(), e.careOf(), e.homeCookie(), e.careOfCookie(), e.homeToken().map(Masking::of),
                    e.careOfToken().map(Masking::of), e.homeTries(), e.careOfTries());
            default -> row;
        };
    }

    /** Another number whose form is as long. */
    private static ReturnRoutabilityEntry.Token of(ReturnRoutabilityEntry.Token token) {
        long unsigned = token.token() << 1 ^ token.token() >> 63;
        int size = Chunks.unsignedSize(unsigned);
        long other = size == 1 ? 0 : 1L << 7 * (size - 1);
        return new ReturnRoutabilityEntry.Token(token.nonceIndex(), other >>> 1 ^ -(other & 1), token.since());
    }

    /** Keys in a message of PF_KEY; from where it is none on, everything. Its numbers are in host order, which is little-endian. */
    private static Octets pfKey(Octets message) {
        byte[] octets = message.toArray();
        int at = Math.min(PfKeyMessage.HEADER, octets.length);
        while (octets.length - at >= KEY_HEADER) {
            int end = at + 8 * littleEndian(message, at);
            int type = littleEndian(message, at + 2);
            if (end == at || end > octets.length) {
                break;
            }
            if (type == PfKeyExtension.KEY_AUTH || type == PfKeyExtension.KEY_ENCRYPT) {
                mask(octets, at + KEY_HEADER, end);
            }
            at = end;
        }
        mask(octets, at, octets.length);
        return Octets.wrap(octets);
    }

    private static int littleEndian(Octets octets, int at) {
        return octets.at(at) | octets.at(at + 1) << 8;
    }

    /** A lab without keys, passwords and its seed, and without what was read from files; it can be looked at, but its run would be another one. */
    public static Lab of(Lab lab) {
        return lab.withSeed(LAB_SEED).withMaterial(LabMaterial.NONE).withNodes(lab.nodes().stream().map(Masking::of).toList())
                .withIpsec(lab.ipsec().stream().map(Masking::of).toList()).withPki(of(lab.pki()))
                .withExperiment(Optional.empty()).withComparison(Optional.empty());    // they may set keys
    }

    private static LabNode of(LabNode node) {
        return node.ike().isEmpty() ? node : node.withIke(node.ike().map(ike -> ike.withPeers(ike.peers().stream()
                .map(peer -> peer.withAuth(peer.auth(), Optional.empty())).toList())));
    }

    private static LabProtection of(LabProtection protection) {
        List<LabProtection.Transform> transforms = new ArrayList<>();
        for (LabProtection.Transform t : protection.transforms()) {
            transforms.add(new LabProtection.Transform(t.protocol(), t.mode(), t.encryption(), t.authentication(), t.bits(), t.outer(),
                    t.keys().stream().map(keys -> new LabProtection.Keys(keys.from(), keys.spi(), Optional.empty(), Optional.empty())).toList()));
        }
        return protection.withTransforms(transforms);
    }

    private static LabPki of(LabPki pki) {
        return new LabPki(pki.authorities(), pki.roots(), pki.certificates().stream().map(c -> new LabCertificate(c.name(), c.issuer(), c.subject(), c.names(), c.from(), c.to(),
                c.revoked(), c.bits(), c.badSignature(), c.file(), Optional.empty())).toList());
    }
}
