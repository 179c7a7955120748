package careof.engine.lab;

import careof.engine.base.VirtualTime;
import careof.engine.crypto.IkeCipher;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What must hold for the IKE settings of nodes, for protections that are keyed by IKE and for actions on IKE. */
final class IkeCheck {
    private static final long LONGEST_LIFE = 365 * 24 * 3600 * VirtualTime.SECOND;
    private static final long LEAST_DPD = VirtualTime.SECOND / 10;
    private static final long MOST_DPD = 3600 * VirtualTime.SECOND;
    /** Longer ones are nobody's; the field could hold more (RFC 2408 section 3.8). */
    private static final int LONGEST_IDENTITY = 255;

    private final LabCheck check;
    private final Lab lab;

    IkeCheck(LabCheck check, Lab lab) {
        this.check = check;
        this.lab = lab;
    }

    void all() {
        new PkiCheck(check, lab).all();
        for (int i = 0; i < lab.nodes().size(); i++) {
            LabNode node = lab.nodes().get(i);
            String at = "/nodes/" + i + "/ike";
            node.ike().ifPresent(ike -> ike(at, node, ike));
        }
        for (int i = 0; i < lab.ipsec().size(); i++) {
            if (lab.ipsec().get(i).isKeyedByIke()) {
                protection("/ipsec/" + i, lab.ipsec().get(i));
            }
        }
    }

    private void ike(String at, LabNode node, LabIke ike) {
        if (node.role() == LabNode.Role.ATTACKER) {
            check.error(at, "an attacker has no IKE of its own; make \"" + node.name() + "\" a host, which may lie about its identity, too", role(node));
        }
        ike.identity().ifPresent(identity -> {
            identity(at + "/identity", identity);
            if (identity instanceof LabIdentity.Any) {
                check.error(at + "/identity", "a node says something to be; \"any\" is for what it expects of a peer");
            }
            homeless(at + "/identity", node, identity);
        });
        ike.certificate().ifPresent(name -> certificate(at + "/certificate", name));
        ike.key().ifPresent(name -> certificate(at + "/key", name));
        ike.trust().ifPresent(trust -> {
            check.letters(at + "/trust", trust);
            for (int i = 0; i < trust.size(); i++) {
                new PkiCheck(check, lab).believable(at + "/trust/" + i, trust.get(i));
            }
        });
        List<String> seen = new ArrayList<>();
        for (int i = 0; i < ike.peers().size(); i++) {
            LabIkePeer peer = ike.peers().get(i);
            String peerAt = at + "/peers/" + i;
            if (seen.contains(peer.peer())) {
                check.error(peerAt + "/peer", "\"" + peer.peer() + "\" is a peer of \"" + node.name() + "\" already; keep one");
            }
            seen.add(peer.peer());
            peer(peerAt, node, peer);
        }
    }

    private void certificate(String at, String name) {
        if (!IkeDefaults.certificates(lab).contains(name)) {
            List<String> names = List.copyOf(IkeDefaults.certificates(lab));
            check.error(at, "no certificate \"" + name + "\"; certificates are " + Words.list(names) + Words.suggest(name, names)
                    + "; or add it to pki.certificates",
                    "/pki", "/nodes", "/ipsec");
        }
    }

    private void peer(String at, LabNode node, LabIkePeer peer) {
        Optional<LabNode> other = check.node(at + "/peer", peer.peer()).filter(found -> able(at + "/peer", node, found));
        peer.identity().ifPresent(identity -> {
            identity(at + "/identity", identity);
            other.ifPresent(found -> homeless(at + "/identity", found, identity));
        });
        psk(at, peer);
        proposal(at, peer.proposal());
        check.span(at + "/lifetime", peer.lifetime(), VirtualTime.SECOND, LONGEST_LIFE);
        if (peer.lifetime() % VirtualTime.SECOND != 0) {
            check.error(at + "/lifetime", "IKE counts whole seconds (RFC 2409 appendix A), not " + VirtualTime.format(peer.lifetime()));
        }
        if (peer.dpd() != 0) {
            check.span(at + "/dpd", peer.dpd(), LEAST_DPD, MOST_DPD);
        }
        if (peer.addresses().isPresent() && node.role() != LabNode.Role.MOBILE_NODE) {
            check.error(at + "/addresses", "only a mobile node has a home and a care-of address to use IKE from; leave the field out", role(node));
        }
        if (!(peer.childIdentities() instanceof LabChildIdentity.Usual)) {
            named(at + "/childIdentities", peer.childIdentities(), "\"addresses\", \"none\" or a name");
        }
        other.ifPresent(found -> {
            homes(at + "/homes", peer, found);
            agreement(at, node, peer);
        });
    }

    /** Whether a node may be a peer at all. */
    private boolean able(String at, LabNode node, LabNode peer) {
        if (peer.name().equals(node.name())) {
            check.error(at, "a node is no peer of its own; name another node");
        } else if (peer.role() == LabNode.Role.ATTACKER) {
            check.error(at, "\"" + peer.name() + "\" is an attacker, which has no IKE of its own; name another node, or make it a host", role(peer));
        } else {
            return true;
        }
        return false;
    }

    private void psk(String at, LabIkePeer peer) {
        peer.psk().ifPresent(psk -> {
            if (peer.auth() != LabIkePeer.Auth.PSK) {
                check.error(at + "/psk", "only for \"auth\": \"psk\"; leave the field out, or change auth", at + "/auth");
            } else if (psk.isEmpty()) {
                check.error(at + "/psk", "an empty key is none; give a text, or 0x and hexadecimal digits, or leave the field out");
            } else if (psk.startsWith("0x") && !psk.matches("0x([0-9a-fA-F]{2})+")) {
                check.error(at + "/psk", "expected a key in hexadecimal, 0x and two digits an octet, not \"" + psk + "\"");
            }
        });
        if (peer.auth() == LabIkePeer.Auth.PSK && peer.exchange() == LabIkePeer.Exchange.MAIN && lab.node(peer.peer()).isPresent()) {
            LabIdentity expected = IkeDefaults.expected(lab, peer);
            if (!(expected instanceof LabIdentity.Address) && !(expected instanceof LabIdentity.Any)) {
                check.warning(at + (peer.identity().isPresent() ? "/identity" : "/peer"), "in main mode a pre-shared key is chosen by the peer's address, before its"
                        + " identity \"" + expected.text() + "\" is known; make the exchange \"aggressive\", or the identity \"address\" (RFC 2409 section 5.4)",
                        "/nodes", at + "/exchange", at + "/auth");
            }
        }
    }

    private void proposal(String at, LabIkePeer.Proposal proposal) {
        IkeCipher cipher = proposal.encryption();
        if (proposal.bits() != 0 && (cipher.keyLengths().size() == 1 || proposal.bits() % 8 != 0 || !cipher.keyLengths().contains(proposal.bits() / 8))) {
            check.error(at + "/bits", cipher.keyLengths().size() == 1 ? "keys of " + cipher.text() + " have one length; leave the field out"
                    : "expected 128, 192 or 256, not " + proposal.bits(), at + "/encryption");
        }
    }

    /** What a mobile node may negotiate for lies where mobile nodes have their homes. */
    private void homes(String at, LabIkePeer peer, LabNode other) {
        List<LabSelector.Range> homes = peer.constraints().homes().orElse(List.of());
        Optional<LabLink> link = other.home().flatMap(home -> lab.link(home.link()));
        for (int i = 0; i < homes.size() && link.isPresent(); i++) {
            LabSelector.Range range = homes.get(i);
            Optional<LabSelector.Range> prefix = range.isIp4() ? link.get().prefix4().map(LabSelector.Range::of)
                    : link.get().prefix().map(LabSelector.Range::of);
            if (prefix.filter(all -> all.low().compareTo(range.low()) <= 0 && all.high().compareTo(range.high()) >= 0).isEmpty()) {
                check.warning(at + "/" + i, range + " is not in " + prefix.map(LabSelector.Range::toString).orElse("any prefix") + " of \"" + link.get().name()
                        + "\", the home link of \"" + other.name() + "\", so it is no home address of it", "/links", "/nodes");
            }
        }
    }

    /** Two that list each other must be able to agree; said at the later one of the file. */
    private void agreement(String at, LabNode node, LabIkePeer peer) {
        Optional<LabNode> other = lab.node(peer.peer()).filter(found -> lab.nodes().indexOf(found) < lab.nodes().indexOf(node));
        other.flatMap(LabNode::ike).flatMap(ike -> ike.peer(node.name())).ifPresent(back -> {
            String will = "; \"" + node.name() + "\" and \"" + peer.peer() + "\" will not agree";
            if (peer.auth() != back.auth()) {
                check.warning(at + "/auth", "\"" + peer.auth().text() + "\" here, but \"" + back.auth().text() + "\" at \"" + peer.peer() + "\"" + will, "/nodes");
            }
            if (peer.exchange() != back.exchange()) {
                check.warning(at + "/exchange", "\"" + peer.exchange().text() + "\" here, but \"" + back.exchange().text() + "\" at \"" + peer.peer() + "\"" + will,
                        "/nodes");
            }
            if (!peer.proposal().isSameAs(back.proposal())) {
                check.warning(at, "encryption, bits, hash or group are not the same at \"" + peer.peer() + "\"" + will, "/nodes");
            }
        });
    }

    void identity(String at, LabIdentity identity) {
        String wrong = switch (identity) {
            case LabIdentity.Fqdn(String name) when !name.matches("[A-Za-z0-9._-]{1," + LONGEST_IDENTITY + "}") ->
                    "\"" + name + "\" is no domain name such as mn.lab";
            case LabIdentity.Mail(String address) when !address.matches("[!-?A-~]{1,128}@[A-Za-z0-9._-]{1,126}") ->
                    "\"" + address + "\" is no mail address such as mn@lab";
            case LabIdentity.KeyId(var id) when id.length() > LONGEST_IDENTITY -> "a key id has at most " + LONGEST_IDENTITY + " octets, not " + id.length();
            default -> "";
        };
        if (!wrong.isEmpty()) {
            check.error(at, wrong);
        }
    }

    /** What IKE sees on the wire always has a value. */
    void said(String at, LabIdentity identity) {
        boolean whole = switch (identity) {
            case LabIdentity.Fqdn _, LabIdentity.Mail _, LabIdentity.KeyId _ -> true;
            case LabIdentity.Dn(Optional<String> name) -> name.isPresent();
            case LabIdentity.Address(var address) -> address.isPresent();
            case LabIdentity.HomeAddress(var address) -> address.isPresent();
            case LabIdentity.Any _ -> false;
        };
        if (!whole) {
            check.error(at, "expected an identity with its value, such as \"fqdn:mn.lab\" or \"ip:2001:db8:1::10\", not \"" + identity.text() + "\"");
        }
        identity(at, identity);
    }

    /** A home address that is to be filled in needs a home. */
    private void homeless(String at, LabNode node, LabIdentity identity) {
        if (identity instanceof LabIdentity.HomeAddress(var address) && address.isEmpty() && node.home().isEmpty()) {
            check.error(at, "\"" + node.name() + "\" has no home address; give it a home, or say which: \"home-address:2001:db8:1::10\"",
                    "/nodes/" + lab.nodes().indexOf(node) + "/home");
        }
    }

    private void protection(String at, LabProtection protection) {
        for (int i = 0; i < protection.transforms().size(); i++) {
            if (!protection.transforms().get(i).keys().isEmpty()) {
                check.error(at + "/transforms/" + i + "/keys", "IKE makes the keys of \"" + protection.name()
                        + "\"; leave them out, or make keying \"manual\"", at + "/keying");
            }
        }
        List<String> ends = List.of(protection.first(), protection.second());
        for (int i = 0; i < ends.size(); i++) {
            String endAt = at + "/between/" + i;
            lab.node(ends.get(i)).filter(node -> !node.bridge()).ifPresent(node -> {
                if (node.role() == LabNode.Role.ATTACKER) {
                    check.error(endAt, "\"" + node.name() + "\" is an attacker, which has no IKE of its own; make keying \"manual\", or make it a host",
                            role(node), at + "/keying");
                } else if (!hasIp6(node)) {
                    check.warning(endAt, "\"" + node.name() + "\" has no IPv6 address, by which IKE would reach it", "/nodes", "/links");
                }
            });
        }
    }

    private boolean hasIp6(LabNode node) {
        return node.home().isPresent() || node.ports().stream().anyMatch(port -> port.address().isPresent()
                || lab.link(port.link()).map(link -> link.prefix().isPresent()).orElse(true));
    }

    void action(String at, Action.Ike ike) {
        Optional<LabNode> node = check.node(at + "/node", ike.node());
        Optional<LabNode> peer = check.node(at + "/peer", ike.peer());
        if (node.isPresent() && peer.isPresent() && IkeDefaults.ike(lab, ike.node()).peer(ike.peer()).isEmpty()) {
            List<String> peers = IkeDefaults.ike(lab, ike.node()).peers().stream().map(LabIkePeer::peer).toList();
            check.error(at + "/peer", "\"" + ike.node() + "\" has no IKE peer \"" + ike.peer() + "\"; its peers are " + Words.list(peers)
                    + "; add it to its ike.peers, or key a protection between both by IKE", "/nodes", "/ipsec");
        }
        ike.protection().ifPresent(name -> protectionOf(at, ike, name));
        if (ike.order() != Action.Ike.Order.START || ike.protection().isEmpty()) {
            ike.local().ifPresent(_ -> onlyStart(at + "/local", at));
            ike.remote().ifPresent(_ -> onlyStart(at + "/remote", at));
            ike.protocol().ifPresent(_ -> onlyStart(at + "/protocol", at));
        }
        ike.local().ifPresent(identity -> side(at + "/local", identity));
        ike.remote().ifPresent(identity -> side(at + "/remote", identity));
    }

    /** An impostor may ask for what is another's; whom it asks must be an end. */
    private void protectionOf(String at, Action.Ike ike, String name) {
        if (!ike.order().isOfProtection()) {
            check.error(at + "/protection", "\"" + ike.order().text() + "\" is about the peer, whatever is protected; leave the field out", at + "/do");
            return;
        }
        check.protectionOf(at + "/protection", ike.peer(), name);
        if (ike.order() != Action.Ike.Order.START) {
            check.protectionOf(at + "/protection", ike.node(), name);
        }
        lab.protection(name).filter(protection -> !protection.isKeyedByIke()).ifPresent(protection -> check.error(at + "/protection",
                "the SAs of \"" + name + "\" are made by hand; give it \"keying\": \"ike\"", "/ipsec/" + lab.ipsec().indexOf(protection) + "/keying"));
    }

    private void onlyStart(String at, String action) {
        check.error(at, "only where \"do\" is \"start\" and a protection is named: it stands in the identities of its phase two",
                action + "/do", action + "/protection");
    }

    private void side(String at, LabChildIdentity identity) {
        if (!(identity instanceof LabChildIdentity.Within)) {
            named(at, identity, "an address, a prefix, a range, or a name");
        }
    }

    /** What stands in the place of addresses must say something by itself. */
    private void named(String at, LabChildIdentity identity, String expected) {
        boolean says = identity instanceof LabChildIdentity.Named(LabIdentity name) && switch (name) {
            case LabIdentity.Fqdn _, LabIdentity.Mail _, LabIdentity.KeyId _ -> true;
            case LabIdentity.Dn(Optional<String> dn) -> dn.isPresent();
            case LabIdentity.Address _, LabIdentity.HomeAddress _, LabIdentity.Any _ -> false;
        };
        if (!says) {
            check.error(at, "expected " + expected + " such as \"fqdn:mn.lab\", not \"" + identity.text() + "\"");
        } else if (identity instanceof LabChildIdentity.Named(LabIdentity name)) {
            identity(at, name);
        }
    }

    private String role(LabNode node) {
        return "/nodes/" + lab.nodes().indexOf(node) + "/role";
    }
}
