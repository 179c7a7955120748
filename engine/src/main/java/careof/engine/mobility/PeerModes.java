package careof.engine.mobility;

import careof.engine.base.Ip6Address;
import careof.engine.mobility.MobileNode.PeerMode;
import careof.engine.stack.Table;
import careof.engine.state.ModeEntry;
import careof.engine.state.Sa;
import careof.engine.trace.Reason;
import java.util.List;
import java.util.Optional;

/** How a mobile node means to talk to its peers, and what that asks for. */
final class PeerModes {
    private final MobileNode node;
    private final Table<Ip6Address, ModeEntry> modes;

    PeerModes(MobileNode node) {
        this.node = node;
        this.modes = node.stack().env().table();
    }

    void set(Ip6Address peer, String name, PeerMode mode) {
        modes.put(peer, new ModeEntry(peer, name, mode.text()), Reason.MODE_SET, name.isEmpty() ? peer.toString() : name, mode.text());
    }

    private boolean is(Ip6Address peer, PeerMode mode) {
        return modes.find(peer).filter(entry -> entry.mode().equals(mode.text())).isPresent();
    }

    boolean wantsDirect(Ip6Address peer) {
        return is(peer, PeerMode.OPTIMIZED) || is(peer, PeerMode.TRIANGULAR);
    }

    /** In triangular mode an SA that authenticates the data does instead of a binding. */
    boolean wantsBinding(Ip6Address peer) {
        return wantsDirect(peer) && !(is(peer, PeerMode.TRIANGULAR) && node.correspondent().cooperation().authenticatesData(node.home(), peer));
    }

    /** Triangular: is the home address option of a packet to this peer verifiable without a binding, by an SA (recommendation A)? */
    boolean isVerifiable(Ip6Address peer, List<Sa> sas) {
        return is(peer, PeerMode.TRIANGULAR) && Vouching.of(sas, node.home()).isPresent();
    }

    /** Peers to register with; the home agent has its own registration. */
    List<Ip6Address> toRegisterWith() {
        Optional<Ip6Address> agent = node.homeRegistration().agent();
        return modes.values().stream().map(ModeEntry::peer).filter(this::wantsBinding).filter(peer -> !agent.equals(Optional.of(peer))).toList();
    }

    /** What the lab calls a peer; may be empty. */
    String name(Ip6Address peer) {
        return modes.find(peer).map(ModeEntry::peerName).orElse("");
    }
}
