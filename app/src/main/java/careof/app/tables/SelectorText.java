package careof.app.tables;

import careof.engine.state.Selector;
import careof.engine.state.Selector.Ports;
import careof.engine.wire.mobility.MobilityMessage;

/** Selectors in words: what stands for ports is named as its protocol names it (RFC 4301 section 4.4.1.1). */
public final class SelectorText {
    private SelectorText() {}

    /** Addresses, then what of the protocol: "2001:db8::1 → any, UDP ports 500 → 500". */
    static String of(Selector s) {
        String what = what(s.protocol(), s.sourcePorts(), s.destinationPorts());
        return s.source() + " → " + s.destination() + (what.isEmpty() ? "" : ", " + what);
    }

    /**
     * What of the protocol: "UDP ports 500 → 500", "ICMPv6 type 128 code 0", "Mobility Header HoTI…CoT"; empty: any protocol.
     *
     * @param protocol as in {@link Selector}
     */
    public static String what(int protocol, Ports source, Ports destination) {
        return switch (protocol) {
            case Selector.ANY_PROTOCOL -> "";
            case 1 -> "ICMP" + type(source, destination);
            case 4 -> "IPv4 in it";
            case 6 -> "TCP" + ports(source, destination);
            case 17 -> "UDP" + ports(source, destination);
            case 41 -> "IPv6 in it";
            case 47 -> "GRE";
            case 50 -> "ESP";
            case 51 -> "AH";
            case 58 -> "ICMPv6" + type(source, destination);
            case 135 -> mobility(source);
            default -> "protocol " + protocol + ports(source, destination);
        };
    }

    private static String ports(Ports source, Ports destination) {
        return source.equals(Ports.ANY) && destination.equals(Ports.ANY) ? "" : " ports " + source + " → " + destination;
    }

    private static String type(Ports type, Ports code) {
        return (type.equals(Ports.ANY) ? "" : " type " + type) + (code.equals(Ports.ANY) ? "" : " code " + code);
    }

    private static String mobility(Ports types) {
        return types.equals(Ports.ANY) ? "Mobility Header" : types.low() == types.high() ? MobilityMessage.name(types.low())
                : "Mobility Header " + MobilityMessage.shortName(types.low()) + "…" + MobilityMessage.shortName(types.high());
    }
}
