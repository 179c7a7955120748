package careof.engine.mobility;

import careof.engine.base.Ip4Address;
import careof.engine.base.Ip6Address;
import careof.engine.base.IpAddress;
import careof.engine.base.Malformed;
import careof.engine.base.Octets;
import careof.engine.stack.Carriage;
import careof.engine.stack.Inbound;
import careof.engine.stack.IpStack;
import careof.engine.stack.MobilityStages;
import careof.engine.stack.NodeEnv;
import careof.engine.stack.Verdict;
import careof.engine.state.Sa;
import careof.engine.trace.Reason;
import careof.engine.wire.icmp.Icmp6Message;
import careof.engine.wire.ip.Ip4Packet;
import careof.engine.wire.ip.Ip6Header;
import careof.engine.wire.ip.Ip6Packet;
import careof.engine.wire.ip.IpProtocol;
import careof.engine.wire.mobility.BindingStatus;
import careof.engine.wire.mobility.MobilityHeader;
import careof.engine.wire.mobility.MobilityMessage;
import java.util.List;
import java.util.Optional;

/**
 * The mobility roles of a node together: who is asked for what. Each node that knows mobility is a correspondent; it may be a home
 * agent or a mobile node besides.
 */
public final class MobilityRoles implements MobilityStages {
    private final IpStack stack;
    private final NodeEnv env;
    private final CorrespondentNode correspondent;
    private final Optional<HomeAgent> homeAgent;
    private final Optional<MobileNode> mobileNode;

    /** Joins the roles; {@link IpStack#mobility(MobilityStages)} is still to be called with the result. */
    public MobilityRoles(IpStack stack, CorrespondentNode correspondent, Optional<HomeAgent> homeAgent, Optional<MobileNode> mobileNode) {
        this.stack = stack;
        this.env = stack.env();
        this.correspondent = correspondent;
        this.homeAgent = homeAgent;
        this.mobileNode = mobileNode;
        homeAgent.ifPresent(agent -> agent.join(correspondent));
        mobileNode.ifPresent(mobile -> mobile.join(correspondent));
    }

    @Override
    public boolean understandsMobility() {
        return true;
    }

    @Override
    public Verdict homeAddressOption(Inbound packet, Ip6Address careOf) {
        return correspondent.homeAddressOption(packet, careOf);
    }

    @Override
    public Verdict type2Routing(Ip6Header header, Ip6Address home) {
        return mobileNode.isPresent() ? mobileNode.get().type2Routing(home) : Verdict.drop(Reason.RH2_INVALID, home + " is no home address of this node");
    }

    /** The binding cache says how to reach the destination, the binding update list how to send from the home address. */
    @Override
    public Carriage carry(Ip6Packet packet, List<Sa> sas) {
        boolean protectedTunnel = packet.protocol() == IpProtocol.ESP || packet.protocol() == IpProtocol.AH;
        Optional<Carriage.Tunnel> home = homeAgent.flatMap(agent -> agent.intercept(packet.destination()));
        if (home.isPresent() && (protectedTunnel || home.get().source() instanceof Ip4Address)) {
            return home.get(); // packets for others are in it, which never had a routing header; and there is none to an IPv4 care-of address
        }
        // Mobility messages that are sent this way go to home addresses; those that want a routing header bring it along.
        boolean doubtful = protectedTunnel && mobileNode.isPresent() && mobileNode.get().registrations().isUnanswered(packet.destination());
        Optional<Ip6Address> routing = packet.protocol() == IpProtocol.MOBILITY || doubtful ? Optional.empty() : correspondent.routing(packet.destination());
        Optional<Verdict.Drop> stranded = mobileNode.flatMap(MobileNode::stranded);
        if (stranded.isPresent()) {
            return new Carriage.Refused(stranded.get());
        }
        boolean away = mobileNode.isPresent() && mobileNode.get().isAway(packet.source());
        if ((away || routing.isPresent()) && packet.header().payloadLength() > Signalling.LONGEST) {
            return new Carriage.Refused(Verdict.drop(Reason.TOO_BIG, packet.length(), Ip6Header.LENGTH + Signalling.LONGEST));
        }
        if (away) {
            return mobileNode.get().carry(packet, routing, sas);
        }
        return routing.isPresent() ? new Carriage.Extended(Signalling.extended(packet, Optional.empty(), routing)) : Carriage.PLAIN;
    }

    @Override
    public Carriage carry(Ip4Packet packet) {
        return mobileNode.isPresent() ? mobileNode.get().carry(packet)
                : homeAgent.flatMap(agent -> agent.intercept(packet.destination())).<Carriage>map(tunnel -> tunnel).orElse(Carriage.PLAIN);
    }

    @Override
    public Optional<Carriage.Tunnel> intercept(IpAddress destination) {
        return homeAgent.isPresent() ? homeAgent.get().intercept(destination) : Optional.empty();
    }

    @Override
    public Verdict decapsulate(IpAddress remote, IpAddress source, IpAddress destination) {
        if (homeAgent.isPresent()) {
            return homeAgent.get().decapsulate(remote, source);
        } else if (mobileNode.isPresent()) {
            return mobileNode.get().decapsulate(remote, destination);
        }
        return Verdict.drop(Reason.TUNNEL_UNKNOWN, remote, source);
    }

    /** The checks of RFC 6275 section 9.2, then to whom the message is for. */
    @Override
    public void mobilityHeader(Inbound in) {
        Octets octets = in.ip().payload();
        int start = in.packet().octets().length() - octets.length();
        MobilityHeader header;
        try {
            header = MobilityHeader.parse(octets, in.source(), in.destination());
        } catch (Malformed e) {
            env.dropped(in.packet(), Reason.MH_INVALID, e.getMessage());
            if (e.at() == 1) {
                stack.errors().parameterProblem(in.packet(), Icmp6Message.ParameterProblem.HEADER_FIELD, start + 1);
            }
            return;
        }
        if (in.destination().isMulticast()) {
            env.dropped(in.packet(), Reason.MH_INVALID, "sent to a multicast address");
        } else if (header.message() instanceof MobilityMessage.Unknown unknown) {
            env.dropped(in.packet(), Reason.MH_UNKNOWN_TYPE, Integer.toString(unknown.type()));
            correspondent.bindingError(in, BindingStatus.ERROR_UNRECOGNIZED_TYPE);
        } else if (header.payloadProtocol() != IpProtocol.NONE) {
            env.dropped(in.packet(), Reason.MH_INVALID, "payload protocol is " + header.payloadProtocol());
            stack.errors().parameterProblem(in.packet(), Icmp6Message.ParameterProblem.HEADER_FIELD, start);
        } else {
            dispatch(in, header.message(), octets);
        }
    }

    private void dispatch(Inbound in, MobilityMessage message, Octets octets) {
        switch (message) {
            case MobilityMessage.HomeTestInit m -> correspondent.testInit(in, m);
            case MobilityMessage.CareOfTestInit m -> correspondent.testInit(in, m);
            case MobilityMessage.BindingUpdate m when !m.homeRegistration() -> correspondent.bindingUpdate(in, m, octets);
            case MobilityMessage.BindingUpdate m when homeAgent.isPresent() -> homeAgent.get().bindingUpdate(in, m);
            case MobilityMessage.BindingUpdate m -> correspondent.homeRegistrationRefused(in, m);
            default -> {
                if (mobileNode.isPresent()) {
                    mobileNode.get().mobilityMessage(in, message, octets);
                } else {
                    env.dropped(in.packet(), Reason.MH_NOT_FOR_ROLE, MobilityMessage.name(message.type()), homeAgent.isPresent() ? "home agent" : "correspondent");
                }
            }
        }
    }

    @Override
    public boolean icmp(Inbound packet, Icmp6Message message) {
        if (message instanceof Icmp6Message.DestinationUnreachable m && correspondent.unreachable(m.invoking())) {
            return true;
        }
        return homeAgent.isPresent() && homeAgent.get().icmp(packet, message) || mobileNode.isPresent() && mobileNode.get().icmp(packet, message);
    }
}
