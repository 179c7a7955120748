package careof.engine.ipsec;

import careof.engine.base.IpAddress;
import careof.engine.crypto.Authentication;
import careof.engine.crypto.Encryption;
import careof.engine.base.Octets;
import careof.engine.stack.NodeEnv;
import careof.engine.state.AddressRange;
import careof.engine.state.Sa;
import careof.engine.state.Selector;
import careof.engine.trace.Reason;
import careof.engine.wire.pfkey.PfKeyError;
import careof.engine.wire.pfkey.PfKeyExtension;
import careof.engine.wire.pfkey.PfKeyExtension.Association;
import careof.engine.wire.pfkey.PfKeyExtension.Sa2;
import careof.engine.wire.pfkey.PfKeyExtension.SpiRange;
import careof.engine.wire.pfkey.PfKeyMessage;
import java.util.List;
import java.util.Optional;

/** What PF_KEY messages do to the SAD (RFC 2367 section 3.1). */
final class PfKeySad {
    /** SPIs reserved at a time. */
    static final int MOST_LARVAL = 256;
    private static final long DEFAULT_MOST_SPI = 0x0fff_ffffL;
    /** Random draws before the range is searched. */
    private static final int DRAWS = 16;

    private final NodeEnv env;
    private final Spd spd;
    private final Sad sad;
    private final SaLifetimes lifetimes;
    private final Acquires acquires;
    private final boolean desAllowed;

    PfKeySad(NodeEnv env, Spd spd, Sad sad, SaLifetimes lifetimes, Acquires acquires, boolean desAllowed) {
        this.env = env;
        this.spd = spd;
        this.sad = sad;
        this.lifetimes = lifetimes;
        this.acquires = acquires;
        this.desAllowed = desAllowed;
    }

    List<PfKeyExtension> add(PfKeyMessage m) throws Refused {
        Sa sa = SaMessages.read(m, 0, env.now(), desAllowed);
        if (sad.get(sa.protocol(), sa.spi(), sa.destination()).isPresent()) {
            throw new Refused(PfKeyError.EEXIST, "SPI " + Sa.spi(sa.spi()) + " is in use for " + sa.destination());
        }
        return keep(renamed(sa, sad.newId(), sa.created(), Sa.Phase.MATURE));
    }

    List<PfKeyExtension> update(PfKeyMessage m) throws Refused {
        Sa old = find(m);
        Sa sa = SaMessages.read(m, old.id(), env.now(), desAllowed);
        if (old.phase() == Sa.Phase.LARVAL) {
            return keep(sa);
        }
        Sa now = renamed(sa, old.id(), old.created(), old.phase());
        if (!now.with(old.lifetimes()).equals(old)) {
            throw new Refused(PfKeyError.EINVAL, "of an SA with keys, only lifetimes change");
        }
        return keep(now);
    }

    private List<PfKeyExtension> keep(Sa sa) throws Refused {
        Sa.Phase phase = sad.find(sa.id()).isPresent() ? lifetimes.phase(sa, sad.use(sa)) : Sa.Phase.MATURE;
        if (phase == Sa.Phase.DEAD) {
            throw new Refused(PfKeyError.EINVAL, "the hard lifetime is over already");
        }
        Sa kept = SaLifetimes.with(sa, phase);
        sad.put(kept, Reason.PF_KEY);
        lifetimes.watch(kept);
        acquires.satisfied(kept, spd);
        return SaMessages.all(kept, Optional.empty(), false);
    }

    private static Sa renamed(Sa sa, int id, long created, Sa.Phase phase) {
        return new Sa(id, sa.spi(), sa.protocol(), sa.mode(), sa.source(), sa.destination(), sa.selector(), sa.encryption(), sa.encryptionKey(),
                sa.authentication(), sa.authenticationKey(), sa.extendedSequence(), sa.replayWindow(), sa.requestId(), sa.lifetimes(), sa.udp(), phase,
                created, sa.hiding());
    }

    /** The SA that a message names by SA type, SPI, source and destination. */
    private Sa find(PfKeyMessage m) throws Refused {
        Sa.Protocol protocol = SaMessages.protocol(m.saType());
        Association association = m.find(Association.class).orElseThrow(() -> new Refused(PfKeyError.EINVAL, "lacks SA"));
        IpAddress source = SelectorMessages.require(m, PfKeyExtension.ADDRESS_SRC).socket().address();
        IpAddress destination = SelectorMessages.require(m, PfKeyExtension.ADDRESS_DST).socket().address();
        return sad.get(protocol, association.spi(), destination).filter(sa -> sa.source().equals(source))
                .orElseThrow(() -> new Refused(PfKeyError.ESRCH, "no SA with SPI " + Sa.spi(association.spi()) + " from " + source + " to " + destination));
    }

    List<PfKeyExtension> get(PfKeyMessage m) throws Refused {
        Sa sa = find(m);
        return SaMessages.all(sa, Optional.of(sad.use(sa)), true);
    }

    List<PfKeyExtension> delete(PfKeyMessage m) throws Refused {
        Sa sa = find(m);
        remove(sa);
        return SaMessages.naming(m.type(), sa.protocol(), sa.spi(), sa.source(), sa.destination()).extensions();
    }

    private void remove(Sa sa) {
        lifetimes.forget(sa);
        sad.delete(sa, Reason.PF_KEY);
    }

    List<PfKeyExtension> flush(PfKeyMessage m) throws Refused {
        ofType(m.saType()).forEach(this::remove);
        return List.of();
    }

    /** A message for each SA. */
    List<PfKeyMessage> dump(PfKeyMessage m) throws Refused {
        return ofType(m.saType()).stream().map(sa -> new PfKeyMessage(m.type(), 0, SaMessages.type(sa.protocol()), 0, m.pid(),
                SaMessages.all(sa, Optional.of(sad.use(sa)), true))).toList();
    }

    private List<Sa> ofType(int saType) throws Refused {
        if (saType == PfKeyMessage.ANY_SA) {
            return sad.all();
        }
        Sa.Protocol protocol = SaMessages.protocol(saType);
        return sad.all().stream().filter(sa -> sa.protocol() == protocol).toList();
    }

    List<PfKeyExtension> getSpi(PfKeyMessage m) throws Refused {
        Sa.Protocol protocol = SaMessages.protocol(m.saType());
        var source = SaMessages.end(m, PfKeyExtension.ADDRESS_SRC);
        var destination = SaMessages.end(m, PfKeyExtension.ADDRESS_DST);
        SelectorMessages.sameFamily(source, destination);
        SpiRange range = m.find(SpiRange.class).orElse(new SpiRange(SaLifetimes.LEAST_SPI, DEFAULT_MOST_SPI));
        if (range.least() < SaLifetimes.LEAST_SPI || range.least() > range.most()) {
            throw new Refused(PfKeyError.EINVAL, "SPIs from " + range.least() + " to " + range.most());
        }
        Optional<Sa2> sa2 = m.find(Sa2.class);
        Sa.Mode mode = sa2.isPresent() ? SaMessages.mode(sa2.get().mode()) : Sa.Mode.TRANSPORT;
        if (sad.larval() >= MOST_LARVAL) {
            throw new Refused(PfKeyError.ENOBUFS, MOST_LARVAL + " SPIs are reserved already");
        }
        IpAddress from = source.socket().address();
        IpAddress to = destination.socket().address();
        long spi = free(protocol, to, range);
        Sa larval = new Sa(sad.newId(), spi, protocol, mode, from, to, Selector.between(AddressRange.of(from), AddressRange.of(to)), Encryption.NONE,
                Octets.EMPTY, Authentication.NULL, Octets.EMPTY, false, 0, sa2.map(Sa2::requestId).orElse(0L), Sa.Lifetimes.NONE, Sa.UdpPorts.NONE,
                Sa.Phase.LARVAL, env.now());
        sad.put(larval, Reason.SA_LARVAL);
        lifetimes.watch(larval);
        return List.of(SaMessages.association(larval), SelectorMessages.address(PfKeyExtension.ADDRESS_SRC, from),
                SelectorMessages.address(PfKeyExtension.ADDRESS_DST, to));
    }

    private long free(Sa.Protocol protocol, IpAddress destination, SpiRange range) throws Refused {
        for (int i = 0; i < DRAWS; i++) {
            long spi = env.draw("SPIs", range.least(), range.most());
            if (sad.get(protocol, spi, destination).isEmpty()) {
                return spi;
            }
        }
        for (long spi = range.least(); spi <= range.most(); spi++) {    // as many steps at most as there are SAs
            if (sad.get(protocol, spi, destination).isEmpty()) {
                return spi;
            }
        }
        throw new Refused(PfKeyError.EEXIST, "all SPIs from " + range.least() + " to " + range.most() + " are in use");
    }
}
