package careof.engine.lab;

import careof.engine.base.IpAddress;
import careof.engine.pki.CertificatePlan;
import careof.engine.pki.SubjectName;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.SequencedSet;
import java.util.function.Function;

/** What follows for IKE where a lab says nothing. */
public final class IkeDefaults {
    /** Domain of the names that nodes have where no other is given. */
    public static final String DOMAIN = ".lab";

    private static final Duration BEFORE = Duration.ofDays(1);
    private static final Duration AFTER = Duration.ofDays(365);

    private IkeDefaults() {}

    /** Whether a node uses IKE: it has settings for it, or is an end of a protection that is keyed by it. */
    public static boolean usesIke(Lab lab, String node) {
        return lab.node(node).flatMap(LabNode::ike).isPresent() || !keyedWith(lab, node).isEmpty();
    }

    /** Whether a node uses signatures with some peer, so that it has a certificate to show. */
    public static boolean signs(Lab lab, String node) {
        return usesIke(lab, node) && ike(lab, node).peers().stream().anyMatch(peer -> peer.auth() == LabIkePeer.Auth.RSA);
    }

    /** A node's settings with all its peers; the others stay as they are given. */
    public static LabIke ike(Lab lab, String node) {
        LabIke given = lab.node(node).flatMap(LabNode::ike).orElse(LabIke.DEFAULT);
        List<LabIkePeer> peers = new ArrayList<>(given.peers());
        keyedWith(lab, node).stream().filter(other -> given.peer(other).isEmpty()).forEach(other -> peers.add(implied(lab, node, other)));
        return given.withPeers(peers);
    }

    /** The nodes with which it has protections that are keyed by IKE. */
    private static SequencedSet<String> keyedWith(Lab lab, String node) {
        SequencedSet<String> others = new LinkedHashSet<>();
        for (LabProtection protection : lab.ipsec()) {
            if (protection.isKeyedByIke() && protection.first().equals(node)) {
                others.add(protection.second());
            } else if (protection.isKeyedByIke() && protection.second().equals(node)) {
                others.add(protection.first());
            }
        }
        return others;
    }

    /** What both must agree on is as the other end says it, where that one says it. */
    private static LabIkePeer implied(Lab lab, String node, String other) {
        LabIkePeer usual = LabIkePeer.of(other);
        return lab.node(other).flatMap(LabNode::ike).flatMap(ike -> ike.peer(node))
                .map(there -> usual.withAuth(there.auth(), there.psk()).withExchange(there.exchange()).withProposal(there.proposal())
                        .withLifetime(there.lifetime()).withPfs(there.pfs()).withDpd(there.dpd()))
                .orElse(usual);
    }

    /** What a node says to be, towards a peer: a mobile node its home address, which is right wherever it is (recommendation K). */
    public static LabIdentity identity(Lab lab, String node, LabIkePeer.Auth auth) {
        return lab.node(node).flatMap(LabNode::ike).flatMap(LabIke::identity).orElseGet(() -> lab.node(node).flatMap(LabNode::home).isPresent()
                ? new LabIdentity.HomeAddress(Optional.empty()) : switch (auth) {
                    case RSA -> new LabIdentity.Fqdn(node + DOMAIN);
                    case PSK -> new LabIdentity.Address(Optional.empty());
                });
    }

    /** What a peer must say to be; a name of its own certificate's subject or of its home address is filled in. */
    public static LabIdentity expected(Lab lab, LabIkePeer peer) {
        LabIdentity said = peer.identity().orElseGet(() -> identity(lab, peer.peer(), peer.auth()));
        return switch (said) {
            case LabIdentity.Dn(Optional<String> name) when name.isEmpty() -> new LabIdentity.Dn(Optional.of(subject(lab, peer.peer())));
            case LabIdentity.HomeAddress(Optional<IpAddress> address) when address.isEmpty() ->
                    new LabIdentity.HomeAddress(lab.node(peer.peer()).flatMap(LabNode::home).map(LabNode.Home::address));
            default -> said;
        };
    }

    /** The subject of a node's certificate; of one that is read from a file it is not known here, and is as if the certificate were made. */
    private static String subject(Lab lab, String node) {
        String name = certificate(lab, node);
        return lab.pki().certificate(name).flatMap(LabCertificate::subject).orElse("CN=" + name);
    }

    /** The names of the authorities and roots that a node believes. */
    public static List<String> trusted(Lab lab, String node) {
        return lab.node(node).flatMap(LabNode::ike).flatMap(LabIke::trust).orElse(lab.pki().believable());
    }

    /** The name of a node's certificate. */
    public static String certificate(Lab lab, String node) {
        return lab.node(node).flatMap(LabNode::ike).flatMap(LabIke::certificate).orElse(node);
    }

    /** The names of all certificates that a lab has, those included that nodes have without a word. */
    public static SequencedSet<String> certificates(Lab lab) {
        SequencedSet<String> names = new LinkedHashSet<>();
        lab.pki().certificates().forEach(certificate -> names.add(certificate.name()));
        lab.nodes().stream().map(LabNode::name).filter(node -> usesIke(lab, node) && certificate(lab, node).equals(node)).forEach(names::add);
        return names;
    }

    /**
     * The certificates that are to be made for a lab: all but those that are read from files.
     *
     * @param addresses of a node, to stand in the certificate that it has without a word: of a mobile node its home address
     */
    public static List<CertificatePlan> plans(Lab lab, Function<String, List<IpAddress>> addresses) {
        return certificates(lab).stream().map(name -> lab.pki().certificate(name).orElseGet(() -> unspoken(name, addresses.apply(name))))
                .filter(certificate -> certificate.file().isEmpty()).map(certificate -> plan(lab, certificate)).toList();
    }

    private static LabCertificate unspoken(String node, List<IpAddress> addresses) {
        List<SubjectName> names = new ArrayList<>(List.of(new SubjectName.Dns(node + DOMAIN)));
        addresses.forEach(address -> names.add(new SubjectName.Ip(address)));
        return LabCertificate.of(node).withNames(names);
    }

    /** A certificate that is made, with every field filled in. */
    static CertificatePlan plan(Lab lab, LabCertificate given) {
        return new CertificatePlan(given.name(), given.issuer().orElseGet(() -> lab.pki().authorities().isEmpty() ? "" : lab.pki().authorities().getFirst()),
                given.subject().orElse("CN=" + given.name()), given.names(), given.from().orElse(lab.epoch().minus(BEFORE)),
                given.to().orElse(lab.epoch().plus(AFTER)), given.revoked(), given.bits(), given.name(), given.badSignature());
    }
}
