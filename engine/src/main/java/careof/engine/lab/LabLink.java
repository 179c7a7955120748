package careof.engine.lab;

import careof.engine.base.Ip4Prefix;
import careof.engine.base.Prefix;
import java.util.Optional;

/**
 * A link that carries Ethernet frames among all ports attached to it.
 *
 * @param prefix    its IPv6 prefix, advertised by its routers
 * @param prefix4   its IPv4 prefix; without {@code prefix} the link carries IPv4 only
 * @param delay     propagation, nanoseconds
 * @param rate      bits per second of each sending port, 0: not limited
 * @param queue     frames that a sending port may hold while it is busy; more are dropped
 * @param loss      probability 0..1, drawn per frame and receiver
 * @param attach    of a cell: nanoseconds from arriving to carrier
 * @param mtu       largest IP packet in octets, at least 1280 (RFC 8200 section 5)
 * @param advertise greatest time between two router advertisements on it, nanoseconds
 * @param down      carries nothing from the start
 */
public record LabLink(
        String name,
        Kind kind,
        Optional<Prefix> prefix,
        Optional<Ip4Prefix> prefix4,
        long delay,
        long rate,
        int queue,
        double loss,
        long attach,
        int mtu,
        long advertise,
        boolean down) {

    public static final long DEFAULT_DELAY = 1_000_000;
    public static final int DEFAULT_QUEUE = 100;
    public static final int DEFAULT_MTU = 1500;
    public static final long DEFAULT_ADVERTISE = 1_000_000_000;
    /** Attachment delay of a cell that names none: 30 ms. */
    public static final long DEFAULT_ATTACH = 30_000_000;

    /** What a link is drawn as, and whether attaching takes time. */
    public enum Kind {
        WIRED("wired"),
        CELL("cell");

        private final String text;

        Kind(String text) {
            this.text = text;
        }

        /** The word in lab files. */
        public String text() {
            return text;
        }
    }

    /** A link with all defaults. */
    public static LabLink of(String name, Kind kind, Optional<Prefix> prefix) {
        return new LabLink(name, kind, prefix, Optional.empty(), DEFAULT_DELAY, 0, DEFAULT_QUEUE, 0,
                kind == Kind.CELL ? DEFAULT_ATTACH : 0, DEFAULT_MTU, DEFAULT_ADVERTISE, false);
    }

    public LabLink withName(String name) {
        return new LabLink(name, kind, prefix, prefix4, delay, rate, queue, loss, attach, mtu, advertise, down);
    }

    public LabLink withPrefix(Optional<Prefix> prefix) {
        return new LabLink(name, kind, prefix, prefix4, delay, rate, queue, loss, attach, mtu, advertise, down);
    }

    public LabLink withPrefix4(Optional<Ip4Prefix> prefix4) {
        return new LabLink(name, kind, prefix, prefix4, delay, rate, queue, loss, attach, mtu, advertise, down);
    }

    public LabLink withDelay(long delay) {
        return new LabLink(name, kind, prefix, prefix4, delay, rate, queue, loss, attach, mtu, advertise, down);
    }

    public LabLink withRate(long rate) {
        return new LabLink(name, kind, prefix, prefix4, delay, rate, queue, loss, attach, mtu, advertise, down);
    }

    public LabLink withLoss(double loss) {
        return new LabLink(name, kind, prefix, prefix4, delay, rate, queue, loss, attach, mtu, advertise, down);
    }

    public LabLink withDown(boolean down) {
        return new LabLink(name, kind, prefix, prefix4, delay, rate, queue, loss, attach, mtu, advertise, down);
    }
}
