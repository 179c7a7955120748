package careof.engine.ipsec;

import careof.engine.base.VirtualTime;
import careof.engine.stack.NodeEnv;
import careof.engine.state.Sa;
import careof.engine.state.SaUse;
import careof.engine.trace.Reason;
import careof.engine.wire.pfkey.PfKeyExtension;
import careof.engine.wire.pfkey.PfKeyExtension.Lifetime;
import careof.engine.wire.pfkey.PfKeyMessage;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Ends SAs: at their soft lifetime they are dying and key management is told, at the hard one they go (RFC 4301 section 4.4.2.1, RFC 2367 section
 * 3.1.8). Time runs from the making of an SA. The packet that brings the octets to a limit is still carried. An SA without further sequence
 * numbers has come to its hard lifetime, too.
 */
final class SaLifetimes implements Sad.Limits {
    /** SPIs below are reserved (RFC 4303 section 2.1). */
    static final long LEAST_SPI = 256;
    /** How long an SPI is kept for an SA that does not come. */
    static final long LARVAL = 30 * VirtualTime.SECOND;
    private static final String DUMMIES = "dummies";

    private final NodeEnv env;
    private final Sad sad;
    private final Consumer<PfKeyMessage> tell;

    /**
     * @param tell what daemons are to hear
     */
    SaLifetimes(NodeEnv env, Sad sad, Consumer<PfKeyMessage> tell) {
        this.env = env;
        this.sad = sad;
        this.tell = tell;
    }

    /** The phase that an SA is in by its lifetimes now. */
    Sa.Phase phase(Sa sa, SaUse use) {
        Sa.Lifetimes limits = sa.lifetimes();
        if (reached(limits.hardTime(), env.now() - sa.created()) || reached(limits.hardOctets(), use.octets())) {
            return Sa.Phase.DEAD;
        }
        return reached(limits.softTime(), env.now() - sa.created()) || reached(limits.softOctets(), use.octets()) ? Sa.Phase.DYING : Sa.Phase.MATURE;
    }

    private static boolean reached(long limit, long now) {
        return limit != 0 && now >= limit;
    }

    /** Sets the timers of an SA that was made or got other lifetimes. */
    void watch(Sa sa) {
        forget(sa);
        if (sa.phase() == Sa.Phase.LARVAL) {
            env.timers().in(timer(sa, "larval"), LARVAL, () -> sad.find(sa.id()).ifPresent(s -> end(s, "larval")));
            return;
        }
        Sa.Lifetimes limits = sa.lifetimes();
        if (limits.softTime() != 0 && sa.phase() == Sa.Phase.MATURE) {
            env.timers().set(timer(sa, "soft"), sa.created() + limits.softTime(), () -> sad.find(sa.id()).ifPresent(s -> soften(s, "soft time")));
        }
        if (limits.hardTime() != 0) {
            env.timers().set(timer(sa, "hard"), sa.created() + limits.hardTime(), () -> sad.find(sa.id()).ifPresent(s -> end(s, "hard time")));
        }
        dummies(sa);
    }

    /** Takes the timers of an SA away. */
    void forget(Sa sa) {
        for (String what : List.of("larval", "soft", "hard", DUMMIES)) {
            env.timers().cancel(timer(sa, what));
        }
    }

    /** A packet that carries nothing, again and again, as long as the SA is mature (RFC 4303 section 2.6). */
    private void dummies(Sa sa) {
        if (sa.hiding().dummies() != 0 && sa.phase() == Sa.Phase.MATURE) {
            env.timers().in(timer(sa, DUMMIES), sa.hiding().dummies(), () -> sad.find(sa.id()).filter(s -> s.phase() == Sa.Phase.MATURE).ifPresent(s -> {
                dummies(s);
                sad.dummy(s);
            }));
        }
    }

    private static String timer(Sa sa, String what) {
        return "SA " + sa.id() + " " + what;
    }

    @Override
    public void used(Sa sa, SaUse use) {
        Sa.Lifetimes limits = sa.lifetimes();
        if (reached(limits.hardOctets(), use.octets())) {
            end(sad.find(sa.id()).orElseThrow(), "hard octets");
        } else if (reached(limits.softOctets(), use.octets())) {
            soften(sad.find(sa.id()).orElseThrow(), "soft octets");
        }
    }

    @Override
    public void exhausted(Sa sa) {
        sad.find(sa.id()).ifPresent(s -> end(s, Reason.IPSEC_SEQUENCE_OVERFLOW));
    }

    private void soften(Sa sa, String limit) {
        if (sa.phase() == Sa.Phase.MATURE) {
            Sa dying = with(sa, Sa.Phase.DYING);
            sad.put(dying, Reason.SA_EXPIRED, limit);
            expire(dying, PfKeyExtension.LIFETIME_SOFT);
        }
    }

    private void end(Sa sa, String limit) {
        end(sa, Reason.SA_EXPIRED, limit);
    }

    private void end(Sa sa, Reason reason, String... args) {
        forget(sa);
        Sa dead = with(sa, Sa.Phase.DEAD);
        sad.put(dead, reason, args);
        expire(dead, PfKeyExtension.LIFETIME_HARD);
        if (sad.find(sa.id()).isPresent()) {    // who was told may have deleted the pair, and this one with it
            sad.delete(dead, reason, args);
        }
    }

    private void expire(Sa sa, int which) {
        List<PfKeyExtension> e = new ArrayList<>();
        e.add(SaMessages.association(sa));
        e.add(SaMessages.current(sa, sad.use(sa)));
        Sa.Lifetimes limits = sa.lifetimes();
        e.add(which == PfKeyExtension.LIFETIME_HARD ? new Lifetime(which, 0, limits.hardOctets(), SaMessages.seconds(limits.hardTime()), 0)
                : new Lifetime(which, 0, limits.softOctets(), SaMessages.seconds(limits.softTime()), 0));
        e.add(SelectorMessages.address(PfKeyExtension.ADDRESS_SRC, sa.source()));
        e.add(SelectorMessages.address(PfKeyExtension.ADDRESS_DST, sa.destination()));
        tell.accept(PfKeyMessage.of(PfKeyMessage.EXPIRE, SaMessages.type(sa.protocol())).withExtensions(e));
    }

    static Sa with(Sa sa, Sa.Phase phase) {
        return new Sa(sa.id(), sa.spi(), sa.protocol(), sa.mode(), sa.source(), sa.destination(), sa.selector(), sa.encryption(), sa.encryptionKey(),
                sa.authentication(), sa.authenticationKey(), sa.extendedSequence(), sa.replayWindow(), sa.requestId(), sa.lifetimes(), sa.udp(), phase,
                sa.created(), sa.hiding());
    }
}
