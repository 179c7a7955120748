package careof.engine.state;

import careof.engine.base.Ip6Address;

/**
 * A binding has carried packets to its mobile node since its last binding update, so it is worth a refresh (RFC 6275 section 9.5.5).
 *
 * @param unreachable ICMPv6 errors that said that the care-of address cannot be reached (section 9.3.4)
 */
public record BindingUse(Ip6Address home, int unreachable) implements State {
    @Override
    public String key() {
        return home.toString();
    }
}
