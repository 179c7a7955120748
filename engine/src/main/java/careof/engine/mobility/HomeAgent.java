package careof.engine.mobility;

import careof.engine.base.Ip6Address;
import careof.engine.base.Prefix;
import careof.engine.net.Port;
import careof.engine.stack.IpStack;

/** A home agent's part (RFC 6275 section 10). */
public final class HomeAgent {
    public HomeAgent(IpStack stack, Port homePort, Prefix homePrefix, Ip6Address address) {}
}
