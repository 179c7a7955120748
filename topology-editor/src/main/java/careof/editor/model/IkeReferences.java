package careof.editor.model;

import careof.engine.base.Ip6Address;
import careof.engine.base.IpAddress;
import careof.engine.lab.Action;
import careof.engine.lab.IkeDefaults;
import careof.engine.lab.Lab;
import careof.engine.lab.LabCertificate;
import careof.engine.lab.LabChildIdentity;
import careof.engine.lab.LabIdentity;
import careof.engine.lab.LabIke;
import careof.engine.lab.LabIkePeer;
import careof.engine.lab.LabNode;
import careof.engine.lab.LabPki;
import careof.engine.lab.LabSelector;
import careof.engine.pki.SubjectName;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * What IKE settings and certificates say of nodes and addresses. A certificate that a node has by its name alone, and the domain name that follows from
 * it, are renamed with the node.
 */
final class IkeReferences {
    private IkeReferences() {}

    /** Settings with each name of a node put through a function. */
    static LabIke renamed(Lab lab, LabIke ike, UnaryOperator<String> node) {
        UnaryOperator<String> certificate = name -> certificate(lab, name, node);
        List<LabIkePeer> peers = ike.peers().stream().map(p -> p.withPeer(node.apply(p.peer())).withIdentity(p.identity().map(i -> renamed(lab, i, node)))
                .withChildIdentities(renamed(lab, p.childIdentities(), node))).toList();
        return ike.withPeers(peers).withIdentity(ike.identity().map(i -> renamed(lab, i, node))).withCertificate(ike.certificate().map(certificate))
                .withKey(ike.key().map(certificate));
    }

    /** Certificates whose names follow from nodes' names, with these put through a function. */
    static LabPki renamed(Lab lab, UnaryOperator<String> node) {
        return new LabPki(lab.pki().authorities(), lab.pki().roots(), lab.pki().certificates().stream().map(c -> c.withName(certificate(lab, c.name(), node))
                .withNames(c.names().stream().map(n -> n instanceof SubjectName.Dns(String name) ? new SubjectName.Dns(domain(lab, name, node)) : n).toList()))
                .toList());
    }

    static Action.Ike renamed(Lab lab, Action.Ike i, UnaryOperator<String> node) {
        return new Action.Ike(node.apply(i.node()), node.apply(i.peer()), i.order(), i.protection(), i.local().map(c -> renamed(lab, c, node)),
                i.remote().map(c -> renamed(lab, c, node)), i.protocol());
    }

    static LabIdentity renamed(Lab lab, LabIdentity identity, UnaryOperator<String> node) {
        return identity instanceof LabIdentity.Fqdn(String name) ? new LabIdentity.Fqdn(domain(lab, name, node)) : identity;
    }

    private static LabChildIdentity renamed(Lab lab, LabChildIdentity child, UnaryOperator<String> node) {
        return child instanceof LabChildIdentity.Named(LabIdentity name) ? new LabChildIdentity.Named(renamed(lab, name, node)) : child;
    }

    private static String certificate(Lab lab, String name, UnaryOperator<String> node) {
        return lab.node(name).isPresent() && IkeDefaults.certificate(lab, name).equals(name) ? node.apply(name) : name;
    }

    private static String domain(Lab lab, String name, UnaryOperator<String> node) {
        String host = name.endsWith(IkeDefaults.DOMAIN) ? name.substring(0, name.length() - IkeDefaults.DOMAIN.length()) : "";
        return lab.node(host).isPresent() ? node.apply(host) + IkeDefaults.DOMAIN : name;
    }

    /** Settings without what names one of these nodes, or the certificate that it has by its name alone. */
    static LabIke without(Lab lab, LabIke ike, Set<String> nodes) {
        return ike.withPeers(ike.peers().stream().filter(p -> !nodes.contains(p.peer())).toList())
                .withCertificate(ike.certificate().filter(name -> !nodes.contains(name) || lab.pki().certificate(name).isPresent()))
                .withKey(ike.key().filter(name -> !nodes.contains(name) || lab.pki().certificate(name).isPresent()));
    }

    /** A node whose settings have each address put through a function. */
    static LabNode renumbered(LabNode node, UnaryOperator<Ip6Address> renumber) {
        return node.withIke(node.ike().map(ike -> ike.withIdentity(ike.identity().map(i -> renumbered(i, renumber)))
                .withPeers(ike.peers().stream().map(p -> p.withIdentity(p.identity().map(i -> renumbered(i, renumber)))
                        .withChildIdentities(renumbered(p.childIdentities(), renumber))
                        .withConstraints(new LabIkePeer.Constraints(p.constraints().mobile(),
                                p.constraints().homes().map(homes -> homes.stream().map(r -> renumbered(r, renumber)).toList()), p.constraints().addressless())))
                        .toList())));
    }

    /** Certificates with each address put through a function. */
    static LabPki renumbered(LabPki pki, UnaryOperator<Ip6Address> renumber) {
        List<LabCertificate> certificates = pki.certificates().stream().map(c -> c.withNames(c.names().stream()
                .map(n -> n instanceof SubjectName.Ip(IpAddress address) ? new SubjectName.Ip(renumbered(address, renumber)) : n).toList())).toList();
        return new LabPki(pki.authorities(), pki.roots(), certificates);
    }

    static Action.Ike renumbered(Action.Ike i, UnaryOperator<Ip6Address> renumber) {
        return new Action.Ike(i.node(), i.peer(), i.order(), i.protection(), i.local().map(c -> renumbered(c, renumber)),
                i.remote().map(c -> renumbered(c, renumber)), i.protocol());
    }

    private static LabChildIdentity renumbered(LabChildIdentity child, UnaryOperator<Ip6Address> renumber) {
        return switch (child) {
            case LabChildIdentity.Within(LabSelector.Range range) -> new LabChildIdentity.Within(renumbered(range, renumber));
            case LabChildIdentity.Named(LabIdentity identity) -> new LabChildIdentity.Named(renumbered(identity, renumber));
            case LabChildIdentity.Usual usual -> usual;
        };
    }

    static LabIdentity renumbered(LabIdentity identity, UnaryOperator<Ip6Address> renumber) {
        return switch (identity) {
            case LabIdentity.Address(Optional<IpAddress> address) -> new LabIdentity.Address(address.map(a -> renumbered(a, renumber)));
            case LabIdentity.HomeAddress(Optional<IpAddress> address) -> new LabIdentity.HomeAddress(address.map(a -> renumbered(a, renumber)));
            default -> identity;
        };
    }

    private static IpAddress renumbered(IpAddress address, UnaryOperator<Ip6Address> renumber) {
        return address instanceof Ip6Address ip6 ? renumber.apply(ip6) : address;
    }

    /** A range moves where all of it does. */
    static LabSelector.Range renumbered(LabSelector.Range range, UnaryOperator<Ip6Address> renumber) {
        if (range.low() instanceof Ip6Address low && range.high() instanceof Ip6Address high) {
            Ip6Address newLow = renumber.apply(low);
            Ip6Address newHigh = renumber.apply(high);
            return newLow.equals(low) || newHigh.equals(high) ? range : new LabSelector.Range(newLow, newHigh);
        }
        return range;
    }
}
