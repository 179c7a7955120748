package careof.app.certificate;

import careof.engine.base.Octets;
import java.util.List;
import java.util.Optional;

/**
 * A certificate that somebody shows.
 *
 * @param title whose it is and where it was seen
 * @param chain the certificate, then others that came with it, DER
 * @param judge the node that is to believe it; empty: nobody that is known
 * @param at    virtual time of that, nanoseconds
 */
public record ShownCertificate(String title, List<Octets> chain, Optional<String> judge, long at) {
    public ShownCertificate {
        chain = List.copyOf(chain);
    }
}
