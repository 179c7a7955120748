package careof.engine.ike;

import careof.engine.base.IpAddress;
import careof.engine.base.Octets;
import careof.engine.base.VirtualTime;
import careof.engine.crypto.Authentication;
import careof.engine.crypto.DhGroup;
import careof.engine.crypto.Encryption;
import careof.engine.crypto.IkeCipher;
import careof.engine.crypto.IkeHash;
import careof.engine.pki.CertificatePlan;
import careof.engine.pki.Credential;
import careof.engine.pki.Pki;
import careof.engine.pki.RsaKeys;
import careof.engine.pki.SubjectName;
import careof.engine.policy.Policy;
import careof.engine.policy.Recommendation;
import careof.engine.state.AddressRange;
import careof.engine.state.IkeSa;
import careof.engine.state.Sa;
import careof.engine.state.Selector;
import careof.engine.state.SpdEntry;
import careof.engine.wire.ip.IpProtocol;
import careof.engine.wire.isakmp.Identification;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * How one node of an {@link IkeBench} is set up; a test changes what it is about before the bench is made. As it is: main mode with a pre-shared key in
 * a group that computes fast, ESP in transport mode for UDP to port 4444 of the right node and what comes back from there.
 */
final class Side {
    static final Instant EPOCH = Instant.parse("2026-01-01T00:00:00Z");
    static final IkeSuite FAST = new IkeSuite(IkeCipher.AES_CBC, 16, IkeHash.SHA256, DhGroup.ECP_256);
    static final int TRAFFIC = 4444;
    /** Of the first protection; the others count up. */
    static final long REQUEST = 1;

    final String name;
    final String peer;
    IpAddress address;
    IpAddress peerAddress;
    Policy policy = Policy.ALL_ON;
    // as it is known
    Optional<Identification> identity = Optional.empty();
    IkeSa.Method method = IkeSa.Method.PRE_SHARED_KEY;
    Optional<Credential> credential = Optional.empty();
    List<Octets> authorities = List.of();
    List<Octets> revocations = List.of();
    // its peer
    Octets key = Octets.hex("00112233445566778899aabbccddeeff");
    IkeSa.Exchange exchange = IkeSa.Exchange.MAIN;
    IkeSuite suite = FAST;
    long lifetime = 8 * 3600 * VirtualTime.SECOND;
    Optional<DhGroup> pfs = Optional.empty();
    List<Identification> expected = List.of();
    boolean mobile;
    List<AddressRange> homes = List.of();
    boolean addresslessRefused;
    IkePeer.ChildIdentity says = IkePeer.ChildIdentity.SELECTORS;
    long probe;
    boolean initialContact = true;
    /** Peers besides, which come first where there is a choice. */
    final List<IkePeer> others = new ArrayList<>();
    // its protections
    Sa.Protocol protocol = Sa.Protocol.ESP;
    Sa.Mode mode = Sa.Mode.TRANSPORT;
    Encryption encryption = Encryption.AES_CBC;
    int keyLength = 16;
    Authentication authentication = Authentication.HMAC_SHA1_96;
    boolean extended;
    Sa.Lifetimes lifetimes = Sa.Lifetimes.NONE;
    /** Protections: one for each port from {@link #TRAFFIC} on. */
    int protections = 1;

    Side(String name, String peer, IpAddress address, IpAddress peerAddress) {
        this.name = name;
        this.peer = peer;
        this.address = address;
        this.peerAddress = peerAddress;
    }

    Side off(Recommendation... recommendations) {
        policy = Policy.without(List.of(recommendations));
        return this;
    }

    /** RSA signatures with a certificate of the one authority that both trust; names are those of node and address. */
    Side rsa() {
        return rsa(Pki.make(List.of("ca"), List.of(certificate()), EPOCH, RsaKeys.ofNames()));
    }

    /** The same of another PKI that has certificates for its name. */
    Side rsa(Pki pki) {
        method = IkeSa.Method.RSA_SIGNATURES;
        identity = Optional.of(Identification.fqdn(name + ".lab"));
        expected = List.of(Identification.fqdn(peer + ".lab"));
        credential = Optional.of(pki.credentials().get(name));
        authorities = pki.trusted();
        revocations = pki.revocations();
        return this;
    }

    CertificatePlan certificate() {
        return CertificatePlan.usual(name, "ca", List.of(new SubjectName.Dns(name + ".lab"), new SubjectName.Ip(address)), EPOCH);
    }

    /** Aggressive mode, in which a pre-shared key is found by name. */
    Side aggressive() {
        exchange = IkeSa.Exchange.AGGRESSIVE;
        identity = Optional.of(Identification.fqdn(name + ".lab"));
        expected = List.of(Identification.fqdn(peer + ".lab"));
        return this;
    }

    Side ah() {
        protocol = Sa.Protocol.AH;
        encryption = Encryption.NONE;
        keyLength = 0;
        return this;
    }

    IkePeer entry() {
        return entry(peer, Optional.of(peerAddress), expected, key);
    }

    IkePeer entry(String called, Optional<IpAddress> at, List<Identification> identities, Octets preSharedKey) {
        return new IkePeer(called, at, false, identities, method, method == IkeSa.Method.PRE_SHARED_KEY ? preSharedKey : Octets.EMPTY, exchange, suite, lifetime, pfs,
                IkePeer.Addresses.BY_POLICY, mobile, homes, addresslessRefused, says, probe, initialContact);
    }

    IkeSettings settings() {
        List<IkePeer> peers = new ArrayList<>(others);
        peers.add(entry());
        List<ChildSettings> children = new ArrayList<>();
        for (int i = 0; i < protections; i++) {
            children.add(new ChildSettings(REQUEST + i, peer, protocol, mode, encryption, keyLength, authentication, extended, 64, lifetimes, Sa.Hiding.NONE));
        }
        return new IkeSettings(EPOCH, Optional.empty(), Optional.of(address), identity, Optional.empty(), credential, authorities, revocations, peers, children);
    }

    /** What its protections carry away. */
    Selector selector(int protection) {
        boolean left = name.equals(IkeBench.LEFT);
        Selector.Ports port = Selector.Ports.of(TRAFFIC + protection);
        return new Selector(AddressRange.of(address), AddressRange.of(peerAddress), IpProtocol.UDP, left ? Selector.Ports.ANY : port, left ? port : Selector.Ports.ANY);
    }

    /** Both ways of all its protections. */
    List<SpdEntry> policies() {
        List<SpdEntry> entries = new ArrayList<>();
        for (int i = 0; i < protections; i++) {
            entries.add(entry(SpdEntry.Direction.OUT, selector(i), address, peerAddress, REQUEST + i));
            entries.add(entry(SpdEntry.Direction.IN, selector(i).reversed(), peerAddress, address, REQUEST + i));
        }
        return entries;
    }

    private SpdEntry entry(SpdEntry.Direction direction, Selector selector, IpAddress from, IpAddress to, long request) {
        return new SpdEntry(0, 1000, direction, "", selector, SpdEntry.Action.PROTECT,
                List.of(new SpdEntry.Template(protocol, mode, from, to, SpdEntry.Level.UNIQUE, request)));
    }
}
