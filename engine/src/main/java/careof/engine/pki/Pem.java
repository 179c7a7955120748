package careof.engine.pki;

import careof.engine.base.Malformed;
import careof.engine.base.Octets;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/**
 * Structures as text (RFC 7468).
 *
 * @param label what it is, for instance {@code CERTIFICATE}
 * @param der   its octets
 */
public record Pem(String label, Octets der) {
    public static final String CERTIFICATE = "CERTIFICATE";
    public static final String REVOCATION_LIST = "X509 CRL";
    /** A private key of any algorithm, unencrypted (PKCS #8). */
    public static final String PRIVATE_KEY = "PRIVATE KEY";
    /** A private key of RSA, unencrypted (PKCS #1). */
    public static final String RSA_PRIVATE_KEY = "RSA PRIVATE KEY";
    private static final String BEGIN = "-----BEGIN ";
    private static final String END = "-----END ";
    private static final String DASHES = "-----";

    /** All structures of a text, in order; what stands between them is for people and left out. Positions of faults count lines from 1. */
    public static List<Pem> read(String text) throws Malformed {
        List<Pem> all = new ArrayList<>();
        String label = null;
        StringBuilder base64 = new StringBuilder();
        int number = 0;
        for (String line : text.split("\n")) {
            number++;
            String stripped = line.strip();
            if (label == null && stripped.startsWith(BEGIN) && stripped.endsWith(DASHES)) {
                label = stripped.substring(BEGIN.length(), stripped.length() - DASHES.length());
                base64.setLength(0);
            } else if (label != null && stripped.equals(END + label + DASHES)) {
                all.add(new Pem(label, decode(base64.toString(), number)));
                label = null;
            } else if (label != null) {
                base64.append(stripped);
            }
        }
        if (label != null) {
            throw new Malformed("\"" + BEGIN + Printable.text(label) + DASHES + "\" without its end", number);
        }
        return all;
    }

    private static Octets decode(String base64, int line) throws Malformed {
        try {
            return Octets.wrap(Base64.getDecoder().decode(base64));
        } catch (IllegalArgumentException e) {
            throw new Malformed("no Base64 before line " + line + ": " + e.getMessage(), line);
        }
    }

    /** The text form, with lines of 64 characters and a line feed at its end. */
    public String text() {
        String base64 = Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII)).encodeToString(der.toArray());
        return BEGIN + label + DASHES + "\n" + base64 + "\n" + END + label + DASHES + "\n";
    }
}
