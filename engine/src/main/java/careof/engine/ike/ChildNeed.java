package careof.engine.ike;

import careof.engine.base.IpAddress;
import careof.engine.state.SpdEntry;
import careof.engine.wire.isakmp.Identification;
import java.util.Optional;

/**
 * An SA pair that is to be made.
 *
 * @param out         the outbound policy entry that needs it
 * @param template    index in its templates
 * @param local       this node's end of the SAs, where no tunnel's end says otherwise
 * @param remote      the peer's end
 * @param saysLocal   instead of what the policy says
 * @param saysRemote  instead of what the policy says
 * @param acquire     sequence of the ACQUIRE that asked for it; 0: none did
 * @param replaces    id of the SA pair whose place it takes; 0: none
 */
record ChildNeed(SpdEntry out, int template, ChildSettings settings, IpAddress local, IpAddress remote, Optional<Identification> saysLocal,
        Optional<Identification> saysRemote, long acquire, int replaces) {
    /** Whether both ask for the same. */
    boolean isSame(ChildNeed other) {
        return out.id() == other.out.id() && template == other.template && local.equals(other.local) && remote.equals(other.remote)
                && saysLocal.equals(other.saysLocal) && saysRemote.equals(other.saysRemote);
    }

    SpdEntry.Template wanted() {
        return out.templates().get(template);
    }
}
