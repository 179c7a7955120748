package careof.editor.view;

import careof.editor.command.LabCommand;
import careof.editor.command.LabCommands;
import careof.editor.model.Problems;
import careof.engine.base.VirtualTime;
import careof.engine.crypto.DhGroup;
import careof.engine.crypto.IkeCipher;
import careof.engine.crypto.IkeHash;
import careof.engine.lab.IkeDefaults;
import careof.engine.lab.Lab;
import careof.engine.lab.LabChildIdentity;
import careof.engine.lab.LabIdentity;
import careof.engine.lab.LabIke;
import careof.engine.lab.LabIkePeer;
import careof.engine.lab.LabNode;
import careof.engine.lab.LabSelector;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;

/** The cards of a node's IKE: what it is, and whom it may authenticate. */
public final class IkeCard {
    public static final String ICON = "mdi2k-key-chain-variant";

    private IkeCard() {}

    /** The nodes that a node may have as peers. */
    public static List<String> candidates(Lab lab, LabNode node) {
        return node.role() == LabNode.Role.ATTACKER ? List.of()
                : lab.nodes().stream().filter(n -> n.role() != LabNode.Role.ATTACKER).map(LabNode::name).filter(n -> !n.equals(node.name())).toList();
    }

    /**
     * What a node says to be, and whom it believes.
     *
     * @param result gets the edit that makes it so
     */
    public static FormCard settings(Lab lab, LabNode node, Consumer<LabCommand> result, Consumer<FormCard> closed) {
        LabIke now = node.ike().orElse(LabIke.DEFAULT);
        var card = new FormCard(ICON, "IKE of " + node.name());
        Supplier<Optional<LabIdentity>> identity = card.text("identity", "Identity", now.identity().map(LabIdentity::text).orElse(""),
                IkeDefaults.identity(lab, node.name(), LabIkePeer.Auth.RSA).text(), blankOr(LabIdentity::parse));
        card.tip("identity", "fqdn:mn.lab, mail:mn@lab, dn, dn:CN=mn, address, ip:2001:db8::1, home-address or key-id:0x0a0b");
        List<Optional<String>> certificates = optional(List.copyOf(IkeDefaults.certificates(lab)));
        Supplier<Optional<String>> certificate = card.choice("certificate", "Certificate", certificates, now.certificate(),
                c -> c.orElse("its own, " + node.name()));
        Supplier<Optional<String>> key = card.choice("key", "Signs with key of", certificates, now.key(), c -> c.orElse("its certificate"));
        Supplier<Optional<List<String>>> trust = card.text("trust", "Believes", String.join(", ", now.trust().orElse(List.of())), "every authority",
                blankOr(IkeCard::words));
        Supplier<Boolean> checkCrl = card.tick("checkCrl", "Refuses revoked certificates", now.checkCrl());
        Supplier<LabCommand> wish = () -> {
            LabIke wanted = new LabIke(identity.get(), certificate.get(), key.get(), trust.get(), checkCrl.get(), now.peers());
            boolean said = node.ike().isPresent() || !wanted.equals(LabIke.DEFAULT);
            return new LabCommands.ChangeNode(node.withIke(said ? Optional.of(wanted) : Optional.empty()));
        };
        card.ready(() -> Problems.added(lab, wish.get().apply(lab)), () -> result.accept(wish.get()), closed);
        return card;
    }

    /**
     * How a node authenticates a peer.
     *
     * @param result gets the edit that makes it so
     */
    public static FormCard peer(Lab lab, LabNode node, String peer, Consumer<LabCommand> result, Consumer<FormCard> closed) {
        Optional<LabIkePeer> listed = IkeDefaults.ike(lab, node.name()).peer(peer);
        LabIkePeer now = listed.orElseGet(() -> LabIkePeer.of(peer));
        var card = new FormCard(ICON, "IKE of " + node.name() + " with " + peer);
        boolean keyed = lab.ipsec().stream().anyMatch(p -> p.isKeyedByIke() && List.of(p.first(), p.second()).containsAll(List.of(node.name(), peer)));
        Supplier<Boolean> may = keyed ? () -> true : card.tick("listed", peer + " may authenticate", true);
        Supplier<Optional<LabIdentity>> identity = card.text("identity", "It must say", now.identity().map(LabIdentity::text).orElse(""),
                IkeDefaults.expected(lab, LabIkePeer.of(peer).withAuth(now.auth(), now.psk())).text(), blankOr(LabIdentity::parse));
        card.tip("identity", "fqdn:mn.lab, dn:CN=mn, address, home-address and so on, or any");
        Supplier<Optional<LabIkePeer.Addresses>> addresses = node.role() != LabNode.Role.MOBILE_NODE ? now::addresses : card.choice("addresses", "IKE from",
                optional(List.of(LabIkePeer.Addresses.values())), now.addresses(), a -> a.map(one -> one.text() + " address").orElse("as O and P say"));
        Supplier<Optional<Boolean>> mobile = card.choice("mobile", "It is mobile", List.of(Optional.empty(), Optional.of(true), Optional.of(false)),
                now.constraints().mobile(), m -> m.map(yes -> yes ? "yes" : "no").orElse("by its role, " + (isMobile(lab, peer) ? "yes" : "no")));
        card.tip("mobile", "A mobile peer may have a Home Address Identity and use IKE from anywhere (recommendations I and K)");
        card.heading("Phase one");
        Supplier<LabIkePeer.Auth> auth = card.choice("auth", "Authentication", List.of(LabIkePeer.Auth.values()), now.auth(), IkeCard::words);
        Supplier<Optional<String>> psk = card.text("psk", "Pre-shared key", now.psk().orElse(""), "derived", blankOr(Function.identity()));
        Supplier<LabIkePeer.Exchange> exchange = card.choice("exchange", "Exchange", List.of(LabIkePeer.Exchange.values()), now.exchange(), e -> e.text() + " mode");
        Supplier<Cipher> cipher = card.choice("encryption", "Encryption", Cipher.all(), Cipher.of(now.proposal()), Cipher::text);
        Supplier<IkeHash> hash = card.choice("hash", "Hash", List.of(IkeHash.values()), now.proposal().hash(), IkeHash::text);
        Supplier<DhGroup> group = card.choice("group", "Group", List.of(DhGroup.values()), now.proposal().group(), DhGroup::text);
        Supplier<Long> lifetime = card.text("lifetime", "Lifetime", VirtualTime.format(now.lifetime()), "8h", VirtualTime::parse);
        Supplier<Long> dpd = card.text("dpd", "Asks when idle for", VirtualTime.format(now.dpd()), "0s: never", VirtualTime::parse);
        Supplier<Boolean> initialContact = card.tick("initialContact", "Sends initial contact", now.initialContact());
        card.tip("initialContact", "INITIAL-CONTACT: " + peer + " forgets the SAs that it had before with " + node.name());
        card.heading("Phase two");
        Supplier<Optional<DhGroup>> pfs = card.choice("pfs", "Forward secrecy", optional(List.of(DhGroup.values())), now.pfs(),
                g -> g.map(DhGroup::text).orElse("none"));
        Supplier<Optional<List<LabSelector.Range>>> homes = card.text("homes", "May ask for", now.constraints().homes().map(IkeCard::words).orElse(""),
                lab.node(peer).flatMap(LabNode::home).map(h -> h.address().toString()).orElse("its own address"), blankOr(IkeCard::ranges));
        Supplier<LabIkePeer.Addressless> addressless = card.choice("addressless", "Without address", List.of(LabIkePeer.Addressless.values()),
                now.constraints().addressless(), IkeCard::words);
        card.tip("addressless", "What becomes of " + peer + " if its certificate holds no address (recommendation J)");
        Supplier<LabChildIdentity> childIdentities = card.text("childIdentities", "Sends as identities", now.childIdentities().text(), "addresses",
                text -> text.isEmpty() ? LabChildIdentity.Usual.ADDRESSES : LabChildIdentity.parse(text));
        card.tip("childIdentities", "addresses, none, or a name such as fqdn:mn.lab (recommendations L1 and M)");
        Supplier<Boolean> both = card.tick("both", "Both ends alike", true);
        card.tip("both", "Authentication, exchange, algorithms and lifetimes are set at " + peer + ", too");
        Supplier<LabIkePeer> here = () -> now.withIdentity(identity.get()).withAuth(auth.get(), psk.get()).withExchange(exchange.get())
                .withProposal(cipher.get().with(hash.get(), group.get())).withLifetime(lifetime.get()).withPfs(pfs.get())
                .withAddresses(addresses.get()).withDpd(dpd.get())
                .withConstraints(new LabIkePeer.Constraints(mobile.get(), homes.get(), addressless.get())).withChildIdentities(childIdentities.get())
                .withInitialContact(initialContact.get());
        Supplier<LabCommand> wish = () -> {
            List<LabCommand> edits = new ArrayList<>();
            edits.add(new LabCommands.ChangeNode(may.get() ? listing(node, here.get()) : without(node, peer)));
            lab.node(peer).filter(_ -> may.get() && both.get()).map(other -> listing(other, alike(lab, other, node.name(), here.get())))
                    .ifPresent(other -> edits.add(new LabCommands.ChangeNode(other)));
            return new LabCommands.All("Change IKE of " + node.name(), edits);
        };
        card.ready(() -> Problems.added(lab, wish.get().apply(lab)), () -> result.accept(wish.get()), closed);
        return card;
    }

    /** The other end's view of a node, with what both must agree on. */
    private static LabIkePeer alike(Lab lab, LabNode other, String node, LabIkePeer there) {
        return IkeDefaults.ike(lab, other.name()).peer(node).orElseGet(() -> LabIkePeer.of(node)).withAuth(there.auth(), there.psk())
                .withExchange(there.exchange()).withProposal(there.proposal()).withLifetime(there.lifetime()).withPfs(there.pfs());
    }

    private static LabNode listing(LabNode node, LabIkePeer peer) {
        LabIke ike = node.ike().orElse(LabIke.DEFAULT);
        List<LabIkePeer> peers = new ArrayList<>(ike.peers());
        ike.peer(peer.peer()).ifPresentOrElse(old -> peers.set(peers.indexOf(old), peer), () -> peers.add(peer));
        return node.withIke(Optional.of(ike.withPeers(peers)));
    }

    private static LabNode without(LabNode node, String peer) {
        return node.withIke(node.ike().map(ike -> ike.withPeers(ike.peers().stream().filter(p -> !p.peer().equals(peer)).toList())));
    }

    /** A cipher with the length of its key. */
    private record Cipher(IkeCipher cipher, int octets) {
        static List<Cipher> all() {
            return Arrays.stream(IkeCipher.values()).flatMap(cipher -> cipher.keyLengths().stream().map(octets -> new Cipher(cipher, octets))).toList();
        }

        static Cipher of(LabIkePeer.Proposal proposal) {
            return new Cipher(proposal.encryption(), proposal.keyLength());
        }

        LabIkePeer.Proposal with(IkeHash hash, DhGroup group) {
            return new LabIkePeer.Proposal(cipher, octets == cipher.keyLengths().getFirst() ? 0 : octets * 8, hash, group);
        }

        String text() {
            return cipher.text() + (cipher.isLengthNegotiated() ? ", " + octets * 8 + " bits" : "");
        }
    }

    private static String words(LabIkePeer.Auth auth) {
        return switch (auth) {
            case RSA -> "RSA signatures";
            case PSK -> "pre-shared key";
        };
    }

    private static String words(LabIkePeer.Addressless addressless) {
        return switch (addressless) {
            case LISTED -> "may have what is listed";
            case REFUSED -> "is refused";
        };
    }

    private static boolean isMobile(Lab lab, String peer) {
        return lab.node(peer).filter(node -> node.role() == LabNode.Role.MOBILE_NODE).isPresent();
    }

    private static <T> List<Optional<T>> optional(List<T> all) {
        List<Optional<T>> choices = new ArrayList<>(List.of(Optional.empty()));
        all.forEach(one -> choices.add(Optional.of(one)));
        return choices;
    }

    private static <T> Function<String, Optional<T>> blankOr(Function<String, T> reader) {
        return text -> text.isEmpty() ? Optional.empty() : Optional.of(reader.apply(text));
    }

    private static List<String> words(String text) {
        return List.of(text.split("[\\s,]+"));
    }

    private static String words(List<LabSelector.Range> ranges) {
        return String.join(", ", ranges.stream().map(LabSelector.Range::toString).toList());
    }

    private static List<LabSelector.Range> ranges(String text) {
        return words(text).stream().map(LabSelector.Range::parse).toList();
    }
}
