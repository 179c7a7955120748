package careof.engine.ipsec;

import careof.engine.state.Sa;
import careof.engine.state.SpdEntry;
import careof.engine.wire.ip.IpProtocol;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** What reasons say of policies and packets. */
final class Words {
    private Words() {}

    /** What a policy wants, innermost first: "ESP transport within AH tunnel". */
    static String transforms(List<SpdEntry.Template> templates) {
        return templates.stream().map(template -> transform(template.protocol(), template.mode())).collect(Collectors.joining(" within "));
    }

    /**
     * How a packet came.
     *
     * @param sas outermost first
     */
    static String protection(List<Sa> sas) {
        return sas.isEmpty() ? "unprotected"
                : sas.reversed().stream().map(sa -> transform(sa.protocol(), sa.mode())).collect(Collectors.joining(" within ", "under ", ""));
    }

    private static String transform(Sa.Protocol protocol, Sa.Mode mode) {
        return protocol + " " + mode.name().toLowerCase(Locale.ROOT);
    }

    static String packet(Flow flow) {
        String ports = flow.sourcePort() < 0 ? "" : flow.destinationPort() < 0 ? " type " + flow.sourcePort() : " " + flow.sourcePort() + " > " + flow.destinationPort();
        return flow.source() + " > " + flow.destination() + " " + IpProtocol.name(flow.protocol()) + ports;
    }
}
