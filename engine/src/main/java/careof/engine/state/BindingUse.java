package careof.engine.state;

import careof.engine.base.Ip6Address;

/** A binding has carried packets to its mobile node since its last binding update, so it is worth a refresh (RFC 6275 section 9.5.5). */
public record BindingUse(Ip6Address home) implements State {
    @Override
    public String key() {
        return home.toString();
    }
}
