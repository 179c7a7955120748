package careof.engine.pki;

import java.util.LinkedHashMap;
import java.util.SequencedMap;
import java.util.stream.Collectors;

/** Certificates and revocation lists in words: labels and values, in the order to show them. */
public final class CertificateText {
    private CertificateText() {}

    /** What a certificate says; what it does not say is left out. */
    public static SequencedMap<String, String> of(CertificateInfo info) {
        Extensions extensions = info.extensions();
        SequencedMap<String, String> rows = new LinkedHashMap<>();
        rows.put("subject", name(info.subject()));
        rows.put("issuer", name(info.issuer()));
        rows.put("serial", info.serialText());
        rows.put("valid from", info.notBefore().toString());
        rows.put("valid until", info.notAfter().toString());
        rows.put("key", info.key().algorithm() + (info.key().bits() > 0 ? ", " + info.key().bits() + " bits" : "")
                + (info.key().rsa().isEmpty() ? " (its signatures are not taken)" : ""));
        add(rows, "names", extensions.names().stream().map(SubjectName::text).collect(Collectors.joining(", ")));
        add(rows, "other names", String.join(", ", extensions.otherNames()));
        extensions.usage().ifPresent(usage -> rows.put("key usage", usage.stream().map(Usage::text).collect(Collectors.joining(", "))));
        extensions.purposes().ifPresent(purposes -> rows.put("purposes", purposes.stream().map(CertificateText::purpose).collect(Collectors.joining(", "))));
        extensions.authority().ifPresent(authority -> rows.put("authority", !authority ? "no" : extensions.pathLength().isEmpty() ? "yes"
                : "yes, with at most " + extensions.pathLength().getAsInt() + " authorities below it"));
        add(rows, "revocation lists", String.join(", ", extensions.revocationLists()));
        add(rows, "unknown critical extensions", String.join(", ", extensions.unknown()));
        rows.put("signature", info.signed().algorithm() + (info.signed().isKnown() ? "" : " (not taken)"));
        rows.put("SHA-256", info.fingerprint().toHex());
        return rows;
    }

    /** What a revocation list says. */
    public static SequencedMap<String, String> of(RevocationList list) {
        SequencedMap<String, String> rows = new LinkedHashMap<>();
        rows.put("issuer", name(list.issuer()));
        rows.put("of", list.thisUpdate().toString());
        list.nextUpdate().ifPresent(next -> rows.put("next due", next.toString()));
        rows.put("revoked", list.entries().isEmpty() ? "none" : list.entries().stream()
                .map(entry -> CertificateInfo.serialText(entry.serial()) + " since " + entry.since()).collect(Collectors.joining(", ")));
        add(rows, "unknown critical extensions", String.join(", ", list.unknown()));
        rows.put("signature", list.signed().algorithm() + (list.signed().isKnown() ? "" : " (not taken)"));
        return rows;
    }

    private static String name(DistinguishedName name) {
        return name.isEmpty() ? "(no name)" : name.text();
    }

    private static void add(SequencedMap<String, String> rows, String label, String value) {
        if (!value.isEmpty()) {
            rows.put(label, value);
        }
    }

    /** Key purposes by name, where IKE or this time's software knows them. */
    private static String purpose(String id) {
        return switch (id) {
            case "2.5.29.37.0" -> "anyExtendedKeyUsage";
            case "1.3.6.1.5.5.7.3.1" -> "serverAuth";
            case "1.3.6.1.5.5.7.3.2" -> "clientAuth";
            case "1.3.6.1.5.5.7.3.5" -> "ipsecEndSystem";
            case "1.3.6.1.5.5.7.3.6" -> "ipsecTunnel";
            case "1.3.6.1.5.5.7.3.7" -> "ipsecUser";
            case "1.3.6.1.5.5.7.3.17" -> "ipsecIKE";
            default -> id;
        };
    }
}
