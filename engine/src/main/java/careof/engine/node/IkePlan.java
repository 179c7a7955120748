package careof.engine.node;

import careof.engine.base.Ip6Address;
import careof.engine.base.IpAddress;
import careof.engine.base.Malformed;
import careof.engine.base.Octets;
import careof.engine.crypto.Encryption;
import careof.engine.ike.ChildSettings;
import careof.engine.ike.IkePeer;
import careof.engine.ike.IkeSettings;
import careof.engine.ike.IkeSuite;
import careof.engine.lab.IkeDefaults;
import careof.engine.lab.Lab;
import careof.engine.lab.LabChildIdentity;
import careof.engine.lab.LabIdentity;
import careof.engine.lab.LabIke;
import careof.engine.lab.LabIkePeer;
import careof.engine.lab.LabNode;
import careof.engine.lab.LabProtection;
import careof.engine.lab.LabSelector;
import careof.engine.pki.CertificateInfo;
import careof.engine.pki.Credential;
import careof.engine.pki.DistinguishedName;
import careof.engine.pki.Pki;
import careof.engine.pki.RsaKeys;
import careof.engine.state.AddressRange;
import careof.engine.state.IkeSa;
import careof.engine.state.Sa;
import careof.engine.wire.isakmp.Identification;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What follows from a lab for the key management of its nodes: identities, credentials, peers, and what SAs they make. */
public final class IkePlan {
    private static final int PRE_SHARED_KEY = 32;

    private final Lab lab;
    private final Plan plan;
    private final SecurityPlan security;
    private final Map<String, Credential> credentials = new LinkedHashMap<>();
    /** Empty: nobody signs. */
    private final Optional<Pki> pki;

    public IkePlan(Lab lab, Plan plan, SecurityPlan security) {
        this.lab = lab;
        this.plan = plan;
        this.security = security;
        boolean signs = lab.nodes().stream().filter(node -> IkeDefaults.usesIke(lab, node.name()))
                .anyMatch(node -> IkeDefaults.ike(lab, node.name()).peers().stream().anyMatch(peer -> peer.auth() == LabIkePeer.Auth.RSA));
        this.pki = signs ? Optional.of(LabCertificates.make(lab, plan, RsaKeys.ofNames())) : Optional.empty();
        pki.ifPresent(made -> credentials.putAll(LabCertificates.credentials(lab, made)));
    }

    /** A node's configuration; empty: it has no key management. */
    public Optional<IkeSettings> settings(String node) {
        if (!IkeDefaults.usesIke(lab, node)) {
            return Optional.empty();
        }
        LabIke ike = IkeDefaults.ike(lab, node);
        boolean signs = ike.peers().stream().anyMatch(peer -> peer.auth() == LabIkePeer.Auth.RSA);
        LabIkePeer.Auth auth = signs ? LabIkePeer.Auth.RSA : LabIkePeer.Auth.PSK;
        Optional<IpAddress> home = lab.node(node).flatMap(LabNode::home).map(LabNode.Home::address);
        LabIdentity own = IkeDefaults.identity(lab, node, auth);
        return Optional.of(new IkeSettings(lab.epoch(), home, own(node), identification(node, own),
                own instanceof LabIdentity.HomeAddress ? Optional.of(fallback(node)) : Optional.empty(),
                signs ? credential(ike, node) : Optional.empty(), pki.map(made -> LabCertificates.trusted(lab, made, node)).orElse(List.of()),
                pki.map(made -> LabCertificates.revocations(lab, made, node)).orElse(List.of()),
                ike.peers().stream().map(peer -> peer(node, peer)).toList(), children(node)));
    }

    private Optional<IpAddress> own(String node) {
        boolean agent = lab.nodes().stream().anyMatch(other -> security.isAgentOf(node, other.name()));
        Optional<Ip6Address> address = agent ? plan.homePort(node).flatMap(Plan.PortPlan::address) : plan.address(node);
        return address.map(one -> (IpAddress) one).or(() -> plan.address4(node));
    }

    private static Identification fallback(String node) {
        return Identification.fqdn(node + IkeDefaults.DOMAIN);
    }

    /** The certificate, with the key that signs: another one's makes an impostor. */
    private Optional<Credential> credential(LabIke ike, String node) {
        Credential own = credentials.get(IkeDefaults.certificate(lab, node));
        Credential signs = ike.key().map(credentials::get).orElse(own);
        return own == null || signs == null ? Optional.empty() : Optional.of(new Credential(own.chain(), signs.key()));
    }

    /** Empty: the address that transports IKE. */
    private Optional<Identification> identification(String node, LabIdentity identity) {
        return switch (identity) {
            case LabIdentity.Fqdn(String name) -> Optional.of(Identification.fqdn(name));
            case LabIdentity.Mail(String address) -> Optional.of(Identification.userFqdn(address));
            case LabIdentity.Dn(Optional<String> name) -> Optional.of(Identification.dn(name.map(text -> DistinguishedName.of(text).der())
                    .orElseGet(() -> subject(node))));
            case LabIdentity.Address(Optional<IpAddress> address) -> address.map(Identification::of);
            case LabIdentity.HomeAddress(Optional<IpAddress> address) -> address.or(() -> plan.address(node).map(home -> (IpAddress) home)).map(Identification::homeAddress);
            case LabIdentity.KeyId(Octets id) -> Optional.of(Identification.keyId(id));
            case LabIdentity.Any _ -> Optional.empty();
        };
    }

    private Octets subject(String node) {
        try {
            Credential credential = credentials.get(IkeDefaults.certificate(lab, node));
            return credential == null ? DistinguishedName.of("CN=" + node).der() : CertificateInfo.parse(credential.certificate()).subject().der();
        } catch (Malformed e) {
            throw new IllegalArgumentException("certificate of " + node + ": " + e.getMessage(), e);
        }
    }

    private IkePeer peer(String node, LabIkePeer given) {
        LabNode other = lab.node(given.peer()).orElseThrow();
        LabIkePeer.Proposal p = given.proposal();
        boolean mobile = given.constraints().mobile().orElse(other.role() == LabNode.Role.MOBILE_NODE);
        return new IkePeer(given.peer(), address(node, given.peer()), security.isAgentOf(given.peer(), node), identities(given), method(given.auth()),
                given.auth() == LabIkePeer.Auth.PSK ? preSharedKey(node, given) : Octets.EMPTY, exchange(given.exchange()),
                new IkeSuite(p.encryption(), p.keyLength(), p.hash(), p.group()), given.lifetime(), given.pfs(), addresses(given), mobile, homes(given, other),
                given.constraints().addressless() == LabIkePeer.Addressless.REFUSED, says(given.childIdentities()), given.dpd(), given.initialContact());
    }

    /** Where a peer is reached: a home agent on the home link of its mobile node. */
    private Optional<IpAddress> address(String node, String peer) {
        Optional<Ip6Address> address = security.isAgentOf(peer, node) ? plan.homePort(peer).flatMap(Plan.PortPlan::address) : plan.address(peer);
        return address.map(one -> (IpAddress) one);
    }

    /** What it may say to be: also what it has to say where it may not say that it has a home address (recommendation K). */
    private List<Identification> identities(LabIkePeer peer) {
        LabIdentity expected = IkeDefaults.expected(lab, peer);
        List<Identification> all = new ArrayList<>();
        switch (expected) {
            case LabIdentity.Any _ -> { }
            case LabIdentity.Address(Optional<IpAddress> address) when address.isEmpty() -> address(peer.peer(), peer.peer()).map(Identification::of).ifPresent(all::add);
            default -> identification(peer.peer(), expected).ifPresent(all::add);
        }
        if (expected instanceof LabIdentity.HomeAddress) {
            all.add(fallback(peer.peer()));
        }
        return all;
    }

    private static IkeSa.Method method(LabIkePeer.Auth auth) {
        return switch (auth) {
            case RSA -> IkeSa.Method.RSA_SIGNATURES;
            case PSK -> IkeSa.Method.PRE_SHARED_KEY;
        };
    }

    private static IkeSa.Exchange exchange(LabIkePeer.Exchange exchange) {
        return switch (exchange) {
            case MAIN -> IkeSa.Exchange.MAIN;
            case AGGRESSIVE -> IkeSa.Exchange.AGGRESSIVE;
        };
    }

    private static IkePeer.Addresses addresses(LabIkePeer peer) {
        return peer.addresses().map(one -> switch (one) {
            case HOME -> IkePeer.Addresses.HOME;
            case CARE_OF -> IkePeer.Addresses.CARE_OF;
        }).orElse(IkePeer.Addresses.BY_POLICY);
    }

    private Octets preSharedKey(String node, LabIkePeer peer) {
        if (peer.psk().isPresent()) {
            String text = peer.psk().get();
            return text.startsWith("0x") ? Octets.hex(text.substring(2)) : Octets.wrap(text.getBytes(StandardCharsets.UTF_8));
        }
        String pair = node.compareTo(peer.peer()) < 0 ? node + "\0" + peer.peer() : peer.peer() + "\0" + node;
        return new DerivedKeys(lab.seed()).key("pre-shared key\0" + pair, PRE_SHARED_KEY);
    }

    private List<AddressRange> homes(LabIkePeer given, LabNode other) {
        return given.constraints().homes().map(all -> all.stream().map(range -> new AddressRange(range.low(), range.high())).toList())
                .orElseGet(() -> address(other.name(), other.name()).map(AddressRange::of).map(List::of).orElse(List.of()));
    }

    private IkePeer.ChildIdentity says(LabChildIdentity said) {
        return switch (said) {
            case LabChildIdentity.Usual usual -> switch (usual) {
                case ADDRESSES -> IkePeer.ChildIdentity.SELECTORS;
                case NONE -> IkePeer.ChildIdentity.NONE;
            };
            case LabChildIdentity.Named _, LabChildIdentity.Within _ -> new IkePeer.ChildIdentity.Other(phaseTwo(said).orElseThrow());
        };
    }

    /** What an order says instead of a policy's addresses. */
    public Optional<Identification> phaseTwo(LabChildIdentity said) {
        return switch (said) {
            case LabChildIdentity.Usual _ -> Optional.empty();
            case LabChildIdentity.Named(LabIdentity identity) -> identification("", identity);
            case LabChildIdentity.Within(LabSelector.Range range) -> Optional.of(range.low().equals(range.high()) ? Identification.of(range.low())
                    : Identification.of(new Identification.Range(range.low(), range.high())));
        };
    }

    private List<ChildSettings> children(String node) {
        List<ChildSettings> children = new ArrayList<>();
        for (LabProtection given : lab.ipsec()) {
            boolean ours = given.first().equals(node) || given.second().equals(node);
            if (!ours || !given.isKeyedByIke()) {
                continue;
            }
            LabProtection protection = security.effective(given);
            for (int i = 0; i < protection.transforms().size(); i++) {
                LabProtection.Transform t = protection.transforms().get(i);
                boolean hides = i == protection.transforms().size() - 1 && protection.mayHide();
                children.add(new ChildSettings(SecurityPlan.requestId(lab, given, i), given.first().equals(node) ? given.second() : given.first(), SecurityPlan.protocol(t),
                        SecurityPlan.mode(t), t.encryption(), t.encryption() == Encryption.NONE ? 0 : t.keyLength(), t.authentication(), protection.extended(),
                        protection.window(), SecurityPlan.lifetimes(protection.usedLifetime()), hides ? new Sa.Hiding(protection.padding(), protection.dummies()) : Sa.Hiding.NONE));
            }
        }
        return children;
    }
}
