package careof.editor.model;

import careof.engine.lab.LabLink;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/**
 * A link as it is at the time shown, where that differs from the lab; what is empty is as in the lab.
 *
 * @param loss  probability 0..1
 * @param delay nanoseconds
 * @param rate  bits per second
 */
public record LinkState(boolean down, OptionalDouble loss, OptionalLong delay, OptionalLong rate) {
    /** Only up or down, the rest as in the lab. */
    public static LinkState down(boolean down) {
        return new LinkState(down, OptionalDouble.empty(), OptionalLong.empty(), OptionalLong.empty());
    }

    /** The link as it is now. */
    public LabLink applied(LabLink link) {
        return link.withDelay(delay.orElse(link.delay())).withRate(rate.orElse(link.rate())).withLoss(loss.orElse(link.loss())).withDown(down);
    }
}
