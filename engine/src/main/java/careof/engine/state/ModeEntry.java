package careof.engine.state;

import careof.engine.base.Ip6Address;

/** How a mobile node means to talk to a peer: the lab's word for the mode, as in its file. */
public record ModeEntry(Ip6Address peer, String peerName, String mode) implements State {
    @Override
    public String key() {
        return peer.toString();
    }
}
