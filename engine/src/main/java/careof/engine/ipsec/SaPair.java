package careof.engine.ipsec;

import careof.engine.state.Sa;
import careof.engine.state.SpdEntry;
import java.util.Optional;

/**
 * What an outbound SPD entry's template has on a node: the SA that sends and its other half, which receives.
 *
 * @param out the SA that would be used now; empty: none
 * @param in  the newest with the same protocol, mode and request id between the same addresses the other way; empty: none
 */
public record SaPair(SpdEntry.Template template, Optional<Sa> out, Optional<Sa> in) {
    public boolean isWhole() {
        return out.isPresent() && in.isPresent();
    }
}
