package careof.engine.state;

import careof.engine.base.Ip6Address;
import careof.engine.base.Prefix;
import java.util.Optional;

/**
 * A prefix learnt from router advertisements (RFC 4861 section 6.3.4).
 *
 * @param routerAddress the advertising router's global address, when its prefix option had the R bit (RFC 6275 section 7.2)
 */
public record OnLinkPrefix(String port, Prefix prefix, boolean autonomous, long preferredUntil, long validUntil, Optional<Ip6Address> routerAddress)
        implements State {
    @Override
    public String key() {
        return port + " " + prefix;
    }
}
