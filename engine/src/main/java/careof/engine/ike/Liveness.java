package careof.engine.ike;

import careof.engine.base.OctetWriter;
import careof.engine.base.VirtualTime;
import careof.engine.stack.NodeEnv;
import careof.engine.trace.Reason;
import careof.engine.wire.isakmp.NotifyType;
import java.util.List;

/** Dead peer detection (RFC 3706): a peer that has been silent is asked whether it is there; when it does not say so, all that was made with it goes. */
final class Liveness {
    /** Questions without an answer. */
    static final int MOST = 5;
    /** From one question to the next, nanoseconds. */
    private static final long AGAIN = 2 * VirtualTime.SECOND;

    private final Ike ike;
    private final NodeEnv env;
    private final IsakmpSa sa;
    private final long silence;
    private final String timer;
    private long sequence;
    private int asked;

    /** @param silence nanoseconds before a question; 0: only when somebody wants to know */
    Liveness(Ike ike, IsakmpSa sa, long silence) {
        this.ike = ike;
        this.env = ike.env();
        this.sa = sa;
        this.silence = silence;
        this.timer = "liveness " + sa.id();
        this.sequence = Math.floorMod(env.bits("R-U-THERE of " + sa.row().cookies(), 1), 0x7fff_ffffL);
        rest();
    }

    private void rest() {
        if (silence > 0) {
            env.timers().in(timer, silence, this::ask);
        } else {
            env.timers().cancel(timer);
        }
    }

    /** The peer was heard: it is there. */
    void heard() {
        asked = 0;
        rest();
    }

    /** Somebody wants to know: asks now, unless it is asking. */
    void wonder() {
        if (asked == 0) {
            ask();
        }
    }

    private void ask() {
        if (asked == MOST) {
            ike.phaseOnes().dead(sa, asked);
            return;
        }
        if (asked++ == 0) {
            sequence++;
        }
        env.recorder().decided(env.node(), 0, Reason.IKE_NOTIFIED, List.of("asks R-U-THERE, time " + asked), "");
        ike.informational().send(sa, sa.notification(NotifyType.R_U_THERE, new OctetWriter(4).u32(sequence).toOctets()));
        env.timers().in(timer, AGAIN, this::ask);
    }

    /** An answer; one to another question is none. */
    void answered(long number) {
        if (number == sequence) {
            heard();
        }
    }

    void stop() {
        env.timers().cancel(timer);
    }
}
