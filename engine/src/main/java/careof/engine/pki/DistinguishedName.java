package careof.engine.pki;

import careof.engine.base.Malformed;
import careof.engine.base.Octets;
import java.io.IOException;
import org.bouncycastle.asn1.x500.RDN;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.style.IETFUtils;

/**
 * A distinguished name: who a certificate is of, or from.
 *
 * @param text for people, as of RFC 4514 but with the parts in the order of the encoding, most general first by custom
 * @param der  its octets
 */
public record DistinguishedName(String text, Octets der) {
    private static final int MOST_TEXT = 1024;

    /** Reads text such as {@code "C=XX,CN=mn"}; an {@code IllegalArgumentException} names what is wrong. */
    public static DistinguishedName of(String text) {
        if (text.length() > MOST_TEXT) {
            throw new IllegalArgumentException("a distinguished name of more than " + MOST_TEXT + " characters");
        }
        try {
            X500Name name = new X500Name(text);
            return new DistinguishedName(name.toString(), Octets.wrap(name.getEncoded()));
        } catch (IllegalArgumentException | IOException e) {
            throw new IllegalArgumentException("not a distinguished name such as \"O=Lab,CN=mn\": \"" + Printable.text(text) + "\" ("
                    + e.getMessage() + ")", e);
        }
    }

    /** Reads an encoding. */
    public static DistinguishedName ofDer(Octets der) throws Malformed {
        return Der.read(der, X500Name::getInstance, DistinguishedName::of);
    }

    static DistinguishedName of(X500Name name) throws IOException {
        return new DistinguishedName(Printable.text(name.toString()), Octets.wrap(name.getEncoded("DER")));
    }

    /** Whether nobody is named. */
    public boolean isEmpty() {
        return der.length() <= 2;
    }

    /** Whether both are the same name: part by part in order, whatever their string types, case and runs of blanks (RFC 5280 section 7.1). */
    public boolean matches(DistinguishedName other) {
        if (der.equals(other.der)) {
            return true;
        }
        RDN[] mine = X500Name.getInstance(der.toArray()).getRDNs();
        RDN[] theirs = X500Name.getInstance(other.der.toArray()).getRDNs();
        if (mine.length != theirs.length) {
            return false;
        }
        for (int i = 0; i < mine.length; i++) {
            if (!IETFUtils.rDNAreEqual(mine[i], theirs[i])) {
                return false;
            }
        }
        return true;
    }
}
