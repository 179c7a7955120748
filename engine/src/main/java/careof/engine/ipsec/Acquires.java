package careof.engine.ipsec;

import careof.engine.base.IpAddress;
import careof.engine.base.VirtualTime;
import careof.engine.stack.NodeEnv;
import careof.engine.stack.Table;
import careof.engine.state.Acquire;
import careof.engine.state.Sa;
import careof.engine.state.SpdEntry;
import careof.engine.trace.Reason;
import careof.engine.wire.pfkey.PfKeyExtension;
import careof.engine.wire.pfkey.PfKeyMessage;
import careof.engine.wire.pfkey.PolicyExtension;
import java.util.List;
import java.util.function.Consumer;

/**
 * What key management has been asked for. Each need is asked for once in {@link #LIFETIME}, and a bounded number of needs at a time, so that a
 * flood of packets makes neither messages nor state.
 */
final class Acquires {
    /** Needs at a time. */
    static final int MOST = 64;
    /** After that, the next packet asks again. */
    static final long LIFETIME = 30 * VirtualTime.SECOND;
    private static final int REPLAY_WINDOW = 64;

    private final NodeEnv env;
    private final Table<Long, Acquire> waiting;

    Acquires(NodeEnv env) {
        this.env = env;
        this.waiting = env.table();
    }

    /** Asks, unless it has been asked; false: too much has been asked for already. */
    boolean ask(SpdEntry entry, int index, Flow flow, Consumer<PfKeyMessage> tell) {
        SpdEntry.Template template = entry.templates().get(index);
        boolean tunnel = template.mode() == Sa.Mode.TUNNEL;
        IpAddress source = tunnel ? template.source() : flow.source();
        IpAddress destination = tunnel ? template.destination() : flow.destination();
        for (Acquire asked : waiting.values()) {
            if (asked.policy() == entry.id() && asked.template() == index && asked.source().equals(source) && asked.destination().equals(destination)) {
                return true;
            }
        }
        if (waiting.size() >= MOST) {
            return false;
        }
        long sequence = env.count("acquires");
        waiting.put(sequence, new Acquire(sequence, entry.id(), index, source, destination), Reason.SA_ACQUIRED);
        env.timers().in(timer(sequence), LIFETIME, () -> waiting.remove(sequence, Reason.TIMER_FIRED));
        tell.accept(PfKeyMessage.of(PfKeyMessage.ACQUIRE, SaMessages.type(template.protocol()),
                SelectorMessages.address(PfKeyExtension.ADDRESS_SRC, source), SelectorMessages.address(PfKeyExtension.ADDRESS_DST, destination),
                Algorithms.proposal(template.protocol(), REPLAY_WINDOW),
                new PolicyExtension(PolicyExtension.IPSEC, SpdMessages.direction(entry.direction()), entry.id(), entry.priority(), List.of()))
                .withSequence(sequence));
        return true;
    }

    /** An SA came: who asked for one between these addresses need not wait any more. */
    void satisfied(Sa sa, Spd spd) {
        for (Acquire asked : waiting.values()) {
            boolean fits = asked.source().equals(sa.source()) && asked.destination().equals(sa.destination());
            if (fits && spd.find(asked.policy()).map(entry -> isFor(entry.templates().get(asked.template()), sa)).orElse(true)) {
                env.timers().cancel(timer(asked.sequence()));
                waiting.remove(asked.sequence(), Reason.PF_KEY);
            }
        }
    }

    private static boolean isFor(SpdEntry.Template template, Sa sa) {
        return template.protocol() == sa.protocol() && template.mode() == sa.mode() && (template.requestId() == 0 || template.requestId() == sa.requestId()
                || sa.requestId() == 0 && template.level() != SpdEntry.Level.UNIQUE);
    }

    private static String timer(long sequence) {
        return "acquire " + sequence;
    }
}
