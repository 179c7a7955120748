package careof.engine.lab;

import careof.engine.base.VirtualTime;
import careof.engine.crypto.DhGroup;
import careof.engine.crypto.IkeCipher;
import careof.engine.crypto.IkeHash;
import java.util.List;
import java.util.Optional;

/**
 * One whom a node may authenticate by IKE: an entry of its peer authorization database.
 *
 * @param peer            a node: how it is reached, and what it is expected to be
 * @param identity        what it must say to be; empty: what that node's own settings say
 * @param psk             of {@link Auth#PSK}: a text, or octets in hexadecimal after 0x; empty: follows from the seed and both names
 * @param lifetime        of phase one, nanoseconds, whole seconds
 * @param pfs             of phase two: a further Diffie-Hellman exchange in this group; empty: none
 * @param addresses       of a mobile node: from which address it uses IKE; empty: as recommendations O and P say
 * @param childIdentities what is sent as phase two's identities
 * @param dpd             idle time after which the peer is asked whether it is there (RFC 3706), nanoseconds; 0: never
 * @param initialContact  whether it is told that nothing is left of earlier times (RFC 2407 section 4.6.3.3)
 */
public record LabIkePeer(String peer, Optional<LabIdentity> identity, Auth auth, Optional<String> psk, Exchange exchange, Proposal proposal, long lifetime,
        Optional<DhGroup> pfs, Optional<Addresses> addresses, Constraints constraints, LabChildIdentity childIdentities, long dpd, boolean initialContact) {
    /** 8 h. */
    public static final long DEFAULT_LIFETIME = 8 * 3600 * VirtualTime.SECOND;
    /** 30 s. */
    public static final long DEFAULT_DPD = 30 * VirtualTime.SECOND;

    /** With RSA signatures in main mode, and all defaults. */
    public static LabIkePeer of(String peer) {
        return new LabIkePeer(peer, Optional.empty(), Auth.RSA, Optional.empty(), Exchange.MAIN, Proposal.DEFAULT, DEFAULT_LIFETIME, Optional.empty(),
                Optional.empty(), Constraints.DEFAULT, LabChildIdentity.Usual.ADDRESSES, DEFAULT_DPD, true);
    }

    public LabIkePeer withPeer(String newPeer) {
        return new LabIkePeer(newPeer, identity, auth, psk, exchange, proposal, lifetime, pfs, addresses, constraints, childIdentities, dpd, initialContact);
    }

    public LabIkePeer withIdentity(Optional<LabIdentity> newIdentity) {
        return new LabIkePeer(peer, newIdentity, auth, psk, exchange, proposal, lifetime, pfs, addresses, constraints, childIdentities, dpd, initialContact);
    }

    /** Another way of authentication; {@code newPsk} only of a pre-shared key. */
    public LabIkePeer withAuth(Auth newAuth, Optional<String> newPsk) {
        return new LabIkePeer(peer, identity, newAuth, newPsk, exchange, proposal, lifetime, pfs, addresses, constraints, childIdentities, dpd, initialContact);
    }

    public LabIkePeer withExchange(Exchange newExchange) {
        return new LabIkePeer(peer, identity, auth, psk, newExchange, proposal, lifetime, pfs, addresses, constraints, childIdentities, dpd, initialContact);
    }

    public LabIkePeer withProposal(Proposal newProposal) {
        return new LabIkePeer(peer, identity, auth, psk, exchange, newProposal, lifetime, pfs, addresses, constraints, childIdentities, dpd, initialContact);
    }

    public LabIkePeer withLifetime(long newLifetime) {
        return new LabIkePeer(peer, identity, auth, psk, exchange, proposal, newLifetime, pfs, addresses, constraints, childIdentities, dpd, initialContact);
    }

    public LabIkePeer withPfs(Optional<DhGroup> newPfs) {
        return new LabIkePeer(peer, identity, auth, psk, exchange, proposal, lifetime, newPfs, addresses, constraints, childIdentities, dpd, initialContact);
    }

    public LabIkePeer withAddresses(Optional<Addresses> newAddresses) {
        return new LabIkePeer(peer, identity, auth, psk, exchange, proposal, lifetime, pfs, newAddresses, constraints, childIdentities, dpd, initialContact);
    }

    public LabIkePeer withConstraints(Constraints newConstraints) {
        return new LabIkePeer(peer, identity, auth, psk, exchange, proposal, lifetime, pfs, addresses, newConstraints, childIdentities, dpd, initialContact);
    }

    public LabIkePeer withChildIdentities(LabChildIdentity newChildIdentities) {
        return new LabIkePeer(peer, identity, auth, psk, exchange, proposal, lifetime, pfs, addresses, constraints, newChildIdentities, dpd, initialContact);
    }

    public LabIkePeer withDpd(long newDpd) {
        return new LabIkePeer(peer, identity, auth, psk, exchange, proposal, lifetime, pfs, addresses, constraints, childIdentities, newDpd, initialContact);
    }

    public LabIkePeer withInitialContact(boolean newInitialContact) {
        return new LabIkePeer(peer, identity, auth, psk, exchange, proposal, lifetime, pfs, addresses, constraints, childIdentities, dpd, newInitialContact);
    }

    /** How both prove who they are. */
    public enum Auth {
        /** RSA signatures with certificates (RFC 2409 section 5.1). */
        RSA("rsa"),
        /** A pre-shared key (RFC 2409 section 5.4). */
        PSK("psk");

        private final String text;

        Auth(String text) {
            this.text = text;
        }

        /** The word in lab files. */
        public String text() {
            return text;
        }
    }

    /** The exchange of phase one. */
    public enum Exchange {
        /** Six messages; identities are encrypted. */
        MAIN("main"),
        /** Three messages; identities are not encrypted. */
        AGGRESSIVE("aggressive");

        private final String text;

        Exchange(String text) {
            this.text = text;
        }

        /** The word in lab files. */
        public String text() {
            return text;
        }
    }

    /** From which address a mobile node uses IKE. */
    public enum Addresses {
        HOME("home"),
        CARE_OF("care-of");

        private final String text;

        Addresses(String text) {
            this.text = text;
        }

        /** The word in lab files. */
        public String text() {
            return text;
        }
    }

    /**
     * What is proposed for phase one, and accepted.
     *
     * @param bits of the cipher's key; 0: its shortest
     */
    public record Proposal(IkeCipher encryption, int bits, IkeHash hash, DhGroup group) {
        public static final Proposal DEFAULT = new Proposal(IkeCipher.AES_CBC, 0, IkeHash.SHA256, DhGroup.MODP_2048);

        /** Octets of the cipher's key. */
        public int keyLength() {
            return bits == 0 ? encryption.keyLengths().getFirst() : bits / 8;
        }

        /** Whether two mean the same. */
        boolean isSameAs(Proposal other) {
            return encryption == other.encryption && keyLength() == other.keyLength() && hash == other.hash && group == other.group;
        }
    }

    /**
     * What the peer may do once it is authenticated.
     *
     * @param mobile      whether it is a mobile node, which may have a Home Address Identity and use IKE from anywhere (recommendations I and K); empty:
     *                    by its role
     * @param homes       addresses that it may negotiate for (recommendations J and N); empty: of a mobile node its home addresses, else its own
     * @param addressless what a certificate without any address may do
     */
    public record Constraints(Optional<Boolean> mobile, Optional<List<LabSelector.Range>> homes, Addressless addressless) {
        public static final Constraints DEFAULT = new Constraints(Optional.empty(), Optional.empty(), Addressless.LISTED);

        public Constraints {
            homes = homes.map(List::copyOf);
        }
    }

    /** What becomes of a peer whose certificate holds no address (recommendation J). */
    public enum Addressless {
        /** It may negotiate for what is listed. */
        LISTED("listed"),
        REFUSED("refused");

        private final String text;

        Addressless(String text) {
            this.text = text;
        }

        /** The word in lab files. */
        public String text() {
            return text;
        }
    }
}
