package careof.engine.mobility;

import careof.engine.base.Ip6Address;
import careof.engine.stack.Carriage;
import careof.engine.stack.Inbound;
import careof.engine.stack.IpStack;
import careof.engine.stack.MobilityStages;
import careof.engine.stack.Verdict;
import careof.engine.trace.Reason;
import careof.engine.wire.icmp.Icmp6Message;
import careof.engine.wire.ip.Ip6Header;
import careof.engine.wire.ip.Ip6Packet;
import java.util.Optional;

/** The mobility roles of a node together. */
public final class MobilityRoles implements MobilityStages {
    public MobilityRoles(IpStack stack, CorrespondentNode correspondent, Optional<HomeAgent> homeAgent, Optional<MobileNode> mobileNode) {}

    @Override
    public boolean understandsMobility() {
        return true;
    }

    @Override
    public Verdict homeAddressOption(Inbound packet, Ip6Address careOf) {
        return Verdict.drop(Reason.HAO_UNVERIFIED, packet.source(), careOf);
    }

    @Override
    public Verdict type2Routing(Ip6Header header, Ip6Address home) {
        return Verdict.drop(Reason.RH2_INVALID, "no home address");
    }

    @Override
    public Carriage carry(Ip6Packet packet) {
        return Carriage.PLAIN;
    }

    @Override
    public Optional<Carriage.Tunnel> intercept(Ip6Header header) {
        return Optional.empty();
    }

    @Override
    public Verdict decapsulate(Ip6Header outer, Ip6Header inner) {
        return Verdict.drop(Reason.TUNNEL_UNKNOWN, outer.source(), inner.destination());
    }

    @Override
    public void mobilityHeader(Inbound packet) {}

    @Override
    public boolean icmp(Inbound packet, Icmp6Message message) {
        return false;
    }
}
