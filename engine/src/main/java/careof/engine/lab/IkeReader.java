package careof.engine.lab;

import careof.engine.base.Ip6Address;
import careof.engine.crypto.DhGroup;
import careof.engine.crypto.IkeCipher;
import careof.engine.crypto.IkeHash;
import careof.engine.pki.SubjectName;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads what a lab says of IKE and of certificates. */
final class IkeReader {
    private static final String CHILD = "\"addresses\", \"none\", or a name such as \"fqdn:mn.lab\"";
    private static final String ADDRESSES = "an address, a prefix, or a range of addresses";
    private static final SubjectName NOBODY = new SubjectName.Dns("-");
    private static final LabSelector.Range NOWHERE = new LabSelector.Range(Ip6Address.ANY, Ip6Address.ANY);
    /** Stands for no group among the words of {@code pfs}. */
    private static final String NO_GROUP = "none";

    private final LabReader reader;

    IkeReader(LabReader reader) {
        this.reader = reader;
    }

    LabPki pki(Fields fields) {
        LabPki read = new LabPki(fields.given("authorities", (at, value) -> fields.text(at, value).orElse("")).orElse(LabPki.DEFAULT.authorities()),
                fields.list("roots", this::root), fields.list("certificates", this::certificate));
        fields.end();
        return read;
    }

    private LabPki.Root root(String pointer, JsonTree.Value value) {
        Fields fields = reader.fields("a root", pointer, value);
        LabPki.Root read = new LabPki.Root(fields.need("name", fields.text("name"), "", "\"my-ca\""),
                fields.need("file", fields.text("file"), "", "\"certs/ca.pem\""), fields.text("crl"));
        fields.end();
        return read;
    }

    private LabCertificate certificate(String pointer, JsonTree.Value value) {
        Fields fields = reader.fields("a certificate", pointer, value);
        LabCertificate read = new LabCertificate(fields.need("name", fields.text("name"), "", "\"mn\""),
                fields.text("issuer"),
                fields.text("subject"),
                fields.list("names", (at, name) -> fields.parsed(at, name, "a name such as \"dns:mn.lab\"", SubjectName::parse).orElse(NOBODY)),
                instant(fields, "from"),
                instant(fields, "to"),
                fields.bool("revoked").orElse(false),
                fields.whole("bits", 0).orElse(LabCertificate.DEFAULT_BITS),
                fields.bool("badSignature").orElse(false),
                fields.text("file"),
                fields.text("password"));
        fields.end();
        return read;
    }

    private static Optional<Instant> instant(Fields fields, String name) {
        return fields.parsed(name, "a time such as \"2026-01-01T00:00:00Z\"", LabReader::instant);
    }

    LabIke ike(Fields fields) {
        LabIke read = new LabIke(identity(fields, "identity"),
                fields.text("certificate"),
                fields.text("key"),
                fields.given("trust", (at, value) -> fields.text(at, value).orElse("")),
                fields.bool("checkCrl").orElse(true),
                fields.list("peers", this::peer));
        fields.end();
        return read;
    }

    static Optional<LabIdentity> identity(Fields fields, String name) {
        return fields.parsed(name, "an identity such as \"fqdn:mn.lab\"", LabIdentity::parse);
    }

    private LabIkePeer peer(String pointer, JsonTree.Value value) {
        Fields fields = reader.fields("an IKE peer", pointer, value);
        LabIkePeer read = new LabIkePeer(fields.need("peer", fields.text("peer"), "", "\"ha\""),
                identity(fields, "identity"),
                fields.word("auth", List.of(LabIkePeer.Auth.values()), LabIkePeer.Auth::text).orElse(LabIkePeer.Auth.RSA),
                fields.text("psk"),
                fields.word("exchange", List.of(LabIkePeer.Exchange.values()), LabIkePeer.Exchange::text).orElse(LabIkePeer.Exchange.MAIN),
                proposal(fields),
                fields.time("lifetime").orElse(LabIkePeer.DEFAULT_LIFETIME),
                pfs(fields),
                fields.word("addresses", List.of(LabIkePeer.Addresses.values()), LabIkePeer.Addresses::text),
                constraints(fields),
                fields.parsed("childIdentities", CHILD, LabChildIdentity::parse).orElse(LabChildIdentity.Usual.ADDRESSES),
                fields.time("dpd").orElse(LabIkePeer.DEFAULT_DPD),
                fields.bool("initialContact").orElse(true));
        fields.end();
        return read;
    }

    private static LabIkePeer.Constraints constraints(Fields fields) {
        return new LabIkePeer.Constraints(fields.bool("mobile"),
                fields.given("homes", (at, value) -> fields.parsed(at, value, ADDRESSES, LabSelector.Range::parse).orElse(NOWHERE)),
                fields.word("addressless", List.of(LabIkePeer.Addressless.values()), LabIkePeer.Addressless::text).orElse(LabIkePeer.Addressless.LISTED));
    }

    private static LabIkePeer.Proposal proposal(Fields fields) {
        LabIkePeer.Proposal usual = LabIkePeer.Proposal.DEFAULT;
        return new LabIkePeer.Proposal(fields.word("encryption", List.of(IkeCipher.values()), IkeCipher::text).orElse(usual.encryption()),
                fields.whole("bits", 0).orElse(usual.bits()),
                fields.word("hash", List.of(IkeHash.values()), IkeHash::text).orElse(usual.hash()),
                fields.word("group", List.of(DhGroup.values()), DhGroup::text).orElse(usual.group()));
    }

    private static Optional<DhGroup> pfs(Fields fields) {
        List<Optional<DhGroup>> choices = new ArrayList<>(List.of(Optional.empty()));
        for (DhGroup group : DhGroup.values()) {
            choices.add(Optional.of(group));
        }
        return fields.word("pfs", choices, group -> group.map(DhGroup::text).orElse(NO_GROUP)).orElse(Optional.empty());
    }

    Action action(Fields fields) {
        return new Action.Ike(fields.need("node", fields.text("node"), "", "\"mn\""),
                fields.need("peer", fields.text("peer"), "", "\"ha\""),
                fields.need("do", fields.word("do", List.of(Action.Ike.Order.values()), Action.Ike.Order::text), Action.Ike.Order.START, "\"start\""),
                fields.text("protection"),
                fields.parsed("local", ADDRESSES + ", or a name such as \"fqdn:mn.lab\"", LabChildIdentity::parse),
                fields.parsed("remote", ADDRESSES + ", or a name such as \"fqdn:mn.lab\"", LabChildIdentity::parse),
                fields.parsed("protocol", "a protocol such as \"udp\"", LabSelector::protocol));
    }

    static LabProtection.Keying keying(Fields fields) {
        return fields.word("keying", List.of(LabProtection.Keying.values()), LabProtection.Keying::text).orElse(LabProtection.Keying.MANUAL);
    }
}
