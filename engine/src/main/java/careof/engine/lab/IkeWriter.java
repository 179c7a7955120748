package careof.engine.lab;

import static careof.engine.lab.LabWriter.add;
import static careof.engine.lab.LabWriter.array;
import static careof.engine.lab.LabWriter.field;
import static careof.engine.lab.LabWriter.object;
import static careof.engine.lab.LabWriter.quote;

import careof.engine.crypto.DhGroup;
import careof.engine.pki.SubjectName;
import java.util.ArrayList;
import java.util.List;

/** Writes what {@link IkeReader} reads. */
final class IkeWriter {
    private IkeWriter() {}

    static String pki(LabPki pki) {
        List<String> fields = new ArrayList<>();
        add(fields, "authorities", pki.authorities(), LabPki.DEFAULT.authorities(), IkeWriter::texts);
        LabWriter.rows(fields, "roots", pki.roots(), IkeWriter::root, 1);
        LabWriter.rows(fields, "certificates", pki.certificates(), IkeWriter::certificate, 1);
        return "{\n    " + String.join(",\n    ", fields.stream().map(field -> field.replace("\n", "\n  ")).toList()) + "\n  }";
    }

    private static String texts(List<String> texts) {
        return array(texts.stream().map(LabWriter::quote).toList());
    }

    private static List<String> root(LabPki.Root root, List<String> row) {
        row.add(field("name", quote(root.name())));
        row.add(field("file", quote(root.file())));
        add(row, "crl", root.crl(), LabWriter::quote);
        return row;
    }

    private static List<String> certificate(LabCertificate certificate, List<String> row) {
        row.add(field("name", quote(certificate.name())));
        add(row, "issuer", certificate.issuer(), LabWriter::quote);
        add(row, "subject", certificate.subject(), LabWriter::quote);
        add(row, "names", certificate.names(), List.<SubjectName>of(), names -> texts(names.stream().map(SubjectName::text).toList()));
        add(row, "from", certificate.from(), instant -> quote(instant.toString()));
        add(row, "to", certificate.to(), instant -> quote(instant.toString()));
        add(row, "revoked", certificate.revoked(), false, String::valueOf);
        add(row, "bits", certificate.bits(), LabCertificate.DEFAULT_BITS, String::valueOf);
        add(row, "badSignature", certificate.badSignature(), false, String::valueOf);
        add(row, "file", certificate.file(), LabWriter::quote);
        add(row, "password", certificate.password(), LabWriter::quote);
        return row;
    }

    static String ike(LabIke ike) {
        List<String> fields = new ArrayList<>();
        add(fields, "identity", ike.identity(), identity -> quote(identity.text()));
        add(fields, "certificate", ike.certificate(), LabWriter::quote);
        add(fields, "key", ike.key(), LabWriter::quote);
        add(fields, "trust", ike.trust(), IkeWriter::texts);
        add(fields, "checkCrl", ike.checkCrl(), true, String::valueOf);
        add(fields, "peers", ike.peers(), List.<LabIkePeer>of(), peers -> "[\n        "
                + String.join(",\n        ", peers.stream().map(IkeWriter::peer).toList()) + " ]");
        return object(fields);
    }

    private static String peer(LabIkePeer peer) {
        List<String> fields = new ArrayList<>();
        LabIkePeer usual = LabIkePeer.of(peer.peer());
        fields.add(field("peer", quote(peer.peer())));
        add(fields, "identity", peer.identity(), identity -> quote(identity.text()));
        add(fields, "auth", peer.auth(), usual.auth(), auth -> quote(auth.text()));
        add(fields, "psk", peer.psk(), LabWriter::quote);
        add(fields, "exchange", peer.exchange(), usual.exchange(), exchange -> quote(exchange.text()));
        add(fields, "encryption", peer.proposal().encryption(), usual.proposal().encryption(), cipher -> quote(cipher.text()));
        add(fields, "bits", peer.proposal().bits(), usual.proposal().bits(), String::valueOf);
        add(fields, "hash", peer.proposal().hash(), usual.proposal().hash(), hash -> quote(hash.text()));
        add(fields, "group", peer.proposal().group(), usual.proposal().group(), group -> quote(group.text()));
        add(fields, "lifetime", peer.lifetime(), usual.lifetime(), LabWriter::time);
        add(fields, "pfs", peer.pfs().map(DhGroup::text), LabWriter::quote);
        add(fields, "addresses", peer.addresses(), addresses -> quote(addresses.text()));
        add(fields, "mobile", peer.constraints().mobile(), String::valueOf);
        add(fields, "homes", peer.constraints().homes(), homes -> texts(homes.stream().map(LabSelector.Range::toString).toList()));
        add(fields, "addressless", peer.constraints().addressless(), usual.constraints().addressless(), addressless -> quote(addressless.text()));
        add(fields, "childIdentities", peer.childIdentities(), usual.childIdentities(), identities -> quote(identities.text()));
        add(fields, "dpd", peer.dpd(), usual.dpd(), LabWriter::time);
        add(fields, "initialContact", peer.initialContact(), usual.initialContact(), String::valueOf);
        return object(fields);
    }

    static List<String> action(Action.Ike ike) {
        List<String> fields = new ArrayList<>();
        fields.add(field("node", quote(ike.node())));
        fields.add(field("peer", quote(ike.peer())));
        fields.add(field("do", quote(ike.order().text())));
        add(fields, "protection", ike.protection(), LabWriter::quote);
        add(fields, "local", ike.local(), identity -> quote(identity.text()));
        add(fields, "remote", ike.remote(), identity -> quote(identity.text()));
        add(fields, "protocol", ike.protocol(), protocol -> quote(LabSelector.protocol(protocol)));
        return fields;
    }
}
