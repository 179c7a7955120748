package careof.engine.ike;

import careof.engine.base.IpAddress;
import careof.engine.base.Octets;
import careof.engine.base.VirtualTime;
import java.util.function.IntConsumer;

/**
 * The last message that one end of an exchange sent: again and again until it is answered, or once more since the peer asks once more (RFC 2408
 * section 5.1).
 */
final class Retransmission {
    /** Nanoseconds to the first repetition; each next one takes twice as long. */
    static final long FIRST = VirtualTime.SECOND;
    /** Repetitions before the peer is given up. */
    static final int MOST = 4;

    private final Ike ike;
    private final String timer;
    private final IntConsumer repeated;
    private final Runnable givenUp;
    private Octets message = Octets.EMPTY;
    private Octets plain = Octets.EMPTY;
    private IpAddress local;
    private IpAddress remote;
    private int port;
    private boolean outright;
    private int count;

    /**
     * @param timer    name of its timer on the node
     * @param repeated hears how often the message was repeated, from 1
     * @param givenUp  hears that there was no answer
     */
    Retransmission(Ike ike, String timer, IntConsumer repeated, Runnable givenUp) {
        this.ike = ike;
        this.timer = timer;
        this.repeated = repeated;
        this.givenUp = givenUp;
    }

    /**
     * Sends a message.
     *
     * @param plain   of an encrypted one its form in the clear; else empty
     * @param awaits  whether it wants an answer
     */
    void send(IsakmpSa sa, IpAddress from, IpAddress to, int toPort, Octets sent, Octets inClear, boolean awaits) {
        local = from;
        remote = to;
        port = toPort;
        outright = ike.goesOutright(sa, from);
        message = sent;
        plain = inClear;
        count = 0;
        transmit();
        if (awaits) {
            arm();
        } else {
            stop();
        }
    }

    private void transmit() {
        ike.transmit(local, remote, port, message, plain, outright);
    }

    private void arm() {
        ike.env().timers().in(timer, FIRST << count, () -> {
            if (count == MOST) {
                givenUp.run();
                return;
            }
            count++;
            repeated.accept(count);
            transmit();
            arm();
        });
    }

    /**
     * The peer sent the message once more to which this was the answer. Only the end without a timer of its own answers once more: if both did, one
     * message that the network doubled would double all that follow.
     *
     * @return whether the answer went once more
     */
    boolean repeat() {
        boolean repeats = !message.isEmpty() && !ike.env().timers().isSet(timer);
        if (repeats) {
            transmit();
        }
        return repeats;
    }

    /** The exchange's last message came, to which there is no answer: whoever repeats that one is owed nothing. */
    void finish() {
        stop();
        message = Octets.EMPTY;
        plain = Octets.EMPTY;
    }

    /** It is answered. */
    void stop() {
        ike.env().timers().cancel(timer);
    }
}
