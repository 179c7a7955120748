package careof.engine.lab;

import java.util.List;
import java.util.Optional;

/**
 * How a node uses IKE; see {@link IkeDefaults} for what follows where something is not said.
 *
 * @param identity    what it says to be; empty: a mobile node its home address, others with RSA signatures their domain name, with a pre-shared key their address
 * @param certificate name of a certificate; empty: the one that has the node's name
 * @param key         name of the certificate whose key signs; empty: its own, anything else makes an impostor
 * @param trust       authorities and roots whose certificates it believes; empty: all of the lab
 * @param checkCrl    whether it refuses what a revocation list holds
 * @param peers       whom it may authenticate, and how; a peer of a protection keyed by IKE that is not here has all defaults
 */
public record LabIke(Optional<LabIdentity> identity, Optional<String> certificate, Optional<String> key, Optional<List<String>> trust, boolean checkCrl,
        List<LabIkePeer> peers) {
    public static final LabIke DEFAULT = new LabIke(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), true, List.of());

    public LabIke {
        trust = trust.map(List::copyOf);
        peers = List.copyOf(peers);
    }

    public Optional<LabIkePeer> peer(String node) {
        return peers.stream().filter(one -> one.peer().equals(node)).findFirst();
    }

    public LabIke withIdentity(Optional<LabIdentity> newIdentity) {
        return new LabIke(newIdentity, certificate, key, trust, checkCrl, peers);
    }

    public LabIke withCertificate(Optional<String> newCertificate) {
        return new LabIke(identity, newCertificate, key, trust, checkCrl, peers);
    }

    public LabIke withKey(Optional<String> newKey) {
        return new LabIke(identity, certificate, newKey, trust, checkCrl, peers);
    }

    public LabIke withTrust(Optional<List<String>> newTrust) {
        return new LabIke(identity, certificate, key, newTrust, checkCrl, peers);
    }

    public LabIke withCheckCrl(boolean newCheckCrl) {
        return new LabIke(identity, certificate, key, trust, newCheckCrl, peers);
    }

    public LabIke withPeers(List<LabIkePeer> newPeers) {
        return new LabIke(identity, certificate, key, trust, checkCrl, newPeers);
    }
}
