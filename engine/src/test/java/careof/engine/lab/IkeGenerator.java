package careof.engine.lab;

import careof.engine.base.Ip4Address;
import careof.engine.base.Ip6Address;
import careof.engine.base.Octets;
import careof.engine.base.Prefix;
import careof.engine.crypto.DhGroup;
import careof.engine.crypto.IkeCipher;
import careof.engine.crypto.IkeHash;
import careof.engine.pki.CertificatePlan;
import careof.engine.pki.Pki;
import careof.engine.pki.RsaKeys;
import careof.engine.pki.SubjectName;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.Supplier;

/** Random settings of IKE and certificates that are legal and use every field. */
final class IkeGenerator {
    private final Random random;

    IkeGenerator(Random random) {
        this.random = random;
    }

    private <T> T one(List<T> all) {
        return all.get(random.nextInt(all.size()));
    }

    private <T> Optional<T> maybe(Supplier<T> make) {
        return random.nextBoolean() ? Optional.of(make.get()) : Optional.empty();
    }

    LabPki pki() {
        List<String> authorities = new ArrayList<>(List.of("ca"));
        if (random.nextBoolean()) {
            authorities.addFirst("rogue-ca");
        }
        List<LabCertificate> certificates = new ArrayList<>();
        for (int i = random.nextInt(3); i > 0; i--) {
            certificates.add(certificate("cert-" + i, authorities));
        }
        List<LabPki.Root> roots = maybe(() -> new LabPki.Root("root", "certs/ca.pem", maybe(() -> "certs/crl.pem"))).stream().toList();
        return new LabPki(authorities, roots, certificates);
    }

    private LabCertificate certificate(String name, List<String> authorities) {
        if (random.nextInt(4) == 0) {
            LabCertificate of = LabCertificate.of(name);
            return new LabCertificate(name, of.issuer(), of.subject(), of.names(), of.from(), of.to(), of.revoked(), of.bits(), of.badSignature(),
                    Optional.of("certs/" + name + ".p12"), maybe(() -> "a \"secret\""));
        }
        List<SubjectName> names = new ArrayList<>(java.util.stream.Stream.of("dns:mn.lab", "mail:mn@lab", "ip:2001:db8:1::10", "ip:192.0.2.1", "dn:O=lab, CN=other")
                .map(SubjectName::parse).toList());
        java.util.Collections.shuffle(names, random);
        return new LabCertificate(name, maybe(() -> one(authorities)), maybe(() -> "O=lab, CN=" + name), names.subList(0, random.nextInt(4)),
                maybe(() -> Instant.ofEpochSecond(-random.nextInt(1000))), maybe(() -> Instant.ofEpochSecond(4_000_000_000L + random.nextInt(1000))),
                random.nextBoolean(), one(List.of(1024, 1040, 2048)), random.nextBoolean(), Optional.empty(), Optional.empty());
    }

    LabNode node(LabNode node, List<LabNode> nodes, LabPki pki) {
        if (node.role() == LabNode.Role.ATTACKER || random.nextBoolean()) {
            return node;
        }
        List<String> certificates = pki.certificates().stream().map(LabCertificate::name).toList();
        List<LabIkePeer> peers = new ArrayList<>();
        nodes.stream().filter(other -> other.role() != LabNode.Role.ATTACKER && !other.name().equals(node.name()) && random.nextBoolean())
                .forEach(other -> peers.add(peer(node, other)));
        return node.withIke(Optional.of(new LabIke(maybe(() -> identity(node.home().isPresent())),
                certificates.isEmpty() ? Optional.empty() : maybe(() -> one(certificates)), certificates.isEmpty() ? Optional.empty() : maybe(() -> one(certificates)),
                maybe(() -> pki.believable().subList(0, random.nextInt(2))), random.nextBoolean(), peers)));
    }

    private LabIdentity identity(boolean home) {
        return switch (random.nextInt(home ? 9 : 8)) {
            case 0 -> new LabIdentity.Fqdn("mn.lab");
            case 1 -> new LabIdentity.Mail("mn@lab");
            case 2 -> new LabIdentity.Dn(Optional.empty());
            case 3 -> new LabIdentity.Dn(Optional.of("CN=mn"));
            case 4 -> new LabIdentity.Address(Optional.empty());
            case 5 -> new LabIdentity.Address(Optional.of(random.nextBoolean() ? new Ip4Address(random.nextInt()) : new Ip6Address(random.nextLong(), 7)));
            case 6 -> new LabIdentity.HomeAddress(Optional.of(new Ip6Address(random.nextLong(), 7)));
            case 7 -> new LabIdentity.KeyId(octets());
            default -> new LabIdentity.HomeAddress(Optional.empty());
        };
    }

    private Octets octets() {
        byte[] octets = new byte[1 + random.nextInt(40)];
        random.nextBytes(octets);
        return Octets.wrap(octets);
    }

    private LabIkePeer peer(LabNode node, LabNode other) {
        boolean psk = random.nextBoolean();
        IkeCipher cipher = one(List.of(IkeCipher.values()));
        LabIkePeer.Proposal proposal = new LabIkePeer.Proposal(cipher, cipher == IkeCipher.AES_CBC ? one(List.of(0, 128, 192, 256)) : 0,
                one(List.of(IkeHash.values())), one(List.of(DhGroup.values())));
        LabIkePeer.Constraints constraints = new LabIkePeer.Constraints(maybe(random::nextBoolean), maybe(() -> List.of(range(), range()).subList(0, random.nextInt(3))),
                one(List.of(LabIkePeer.Addressless.values())));
        return new LabIkePeer(other.name(), maybe(() -> random.nextInt(5) == 0 ? new LabIdentity.Any() : identity(other.home().isPresent())),
                psk ? LabIkePeer.Auth.PSK : LabIkePeer.Auth.RSA, psk ? maybe(() -> random.nextBoolean() ? "0x" + octets().toHex() : "a \\ \"key\"") : Optional.empty(),
                one(List.of(LabIkePeer.Exchange.values())), proposal, (1 + random.nextInt(100_000)) * 1_000_000_000L, maybe(() -> one(List.of(DhGroup.values()))),
                node.role() == LabNode.Role.MOBILE_NODE ? maybe(() -> one(List.of(LabIkePeer.Addresses.values()))) : Optional.empty(), constraints,
                one(List.of(LabChildIdentity.Usual.ADDRESSES, LabChildIdentity.Usual.NONE, new LabChildIdentity.Named(new LabIdentity.Fqdn("mn.lab")))),
                random.nextBoolean() ? 0 : 1_000_000_000L + random.nextInt(1_000_000_000), random.nextBoolean());
    }

    private LabSelector.Range range() {
        Ip6Address address = new Ip6Address(0x20010db800000000L, random.nextInt(100));
        return random.nextBoolean() ? new LabSelector.Range(address, address) : LabSelector.Range.of(new Prefix(address, 64));
    }

    static Lab quickToRun(Lab lab) {
        String all = "for-all";
        List<LabCertificate> certificates = new ArrayList<>(lab.pki().certificates());
        certificates.add(new LabCertificate(all, Optional.empty(), Optional.empty(), List.of(), Optional.empty(), Optional.empty(), false, 1024, false,
                Optional.empty(), Optional.empty()));
        Pki files = Pki.make(List.of("outside"), List.of(CertificatePlan.usual(all, "outside", List.of(), lab.epoch())), lab.epoch(), RsaKeys.ofNames());
        LabMaterial material = new LabMaterial(new LinkedHashMap<>(), new LinkedHashMap<>());
        certificates.stream().filter(one -> one.file().isPresent()).forEach(one -> material.credentials().put(one.name(), files.credentials().get(all)));
        lab.pki().roots().forEach(root -> material.roots().put(root.name(), new LabMaterial.Root(files.trusted(), files.revocations())));
        return lab.withPki(new LabPki(lab.pki().authorities(), lab.pki().roots(), certificates)).withMaterial(material).withNodes(lab.nodes().stream()
                .map(node -> !IkeDefaults.usesIke(lab, node.name()) ? node : node.withIke(Optional.of(quick(IkeDefaults.ike(lab, node.name()), all)))).toList());
    }

    private static LabIke quick(LabIke ike, String certificate) {
        return ike.withCertificate(ike.certificate().or(() -> Optional.of(certificate))).withPeers(ike.peers().stream().map(peer -> peer
                .withProposal(new LabIkePeer.Proposal(peer.proposal().encryption(), peer.proposal().bits(), peer.proposal().hash(), DhGroup.MODP_768))
                .withPfs(peer.pfs().map(_ -> DhGroup.MODP_768))).toList());
    }

    /** An order between two that know each other. */
    Optional<Action> action(List<LabNode> nodes, List<LabProtection> ipsec) {
        List<LabProtection> keyed = ipsec.stream().filter(LabProtection::isKeyedByIke).toList();
        if (keyed.isEmpty()) {
            return Optional.empty();
        }
        LabProtection protection = one(keyed);
        Action.Ike.Order order = one(List.of(Action.Ike.Order.values()));
        boolean starts = order == Action.Ike.Order.START;
        return Optional.of(new Action.Ike(protection.first(), protection.second(), order,
                starts || order.isOfProtection() && random.nextBoolean() ? Optional.of(protection.name()) : Optional.empty(),
                starts ? maybe(this::side) : Optional.empty(), starts ? maybe(this::side) : Optional.empty(), starts ? maybe(() -> 135) : Optional.empty()));
    }

    private LabChildIdentity side() {
        return switch (random.nextInt(3)) {
            case 0 -> new LabChildIdentity.Named(new LabIdentity.Fqdn("mn.lab"));
            case 1 -> new LabChildIdentity.Named(new LabIdentity.KeyId(octets()));
            default -> new LabChildIdentity.Within(range());
        };
    }
}
