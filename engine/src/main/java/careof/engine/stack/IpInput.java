package careof.engine.stack;

import careof.engine.base.Ip6Address;
import careof.engine.base.IpAddress;
import careof.engine.base.Malformed;
import careof.engine.base.OctetReader;
import careof.engine.base.Octets;
import careof.engine.net.Frame;
import careof.engine.net.Port;
import careof.engine.state.Sa;
import careof.engine.trace.Reason;
import careof.engine.trace.TraceEvent.Relation;
import careof.engine.wire.icmp.Icmp6Message;
import careof.engine.wire.ip.Ethernet;
import careof.engine.wire.ip.ExtensionHeader;
import careof.engine.wire.ip.Ip6Header;
import careof.engine.wire.ip.Ip6Option;
import careof.engine.wire.ip.Ip6Packet;
import careof.engine.wire.ip.IpProtocol;
import careof.engine.wire.ip.UnknownAction;
import java.util.List;
import java.util.Optional;

/**
 * A packet's way up: headers in their order, routing header and home address option to final form, reassembly, IPsec with
 * selectors on home addresses, the home address option's verdict, then mobility, local delivery or forwarding; a packet out of a
 * tunnel starts over.
 */
public final class IpInput {
    private final IpStack stack;
    private final NodeEnv env;

    IpInput(IpStack stack) {
        this.stack = stack;
        this.env = stack.env();
    }

    /** A frame at a port. */
    void frame(Port port, Frame frame) {
        Octets octets = frame.octets();
        if (octets.length() < Ethernet.HEADER) {
            env.dropped(new Packet(frame.packet(), 0, frame.significant(), octets), Reason.MALFORMED, "Ethernet header is cut short", "0");
            return;
        }
        Packet packet = new Packet(frame.packet(), frame.parent(), frame.significant(), octets.from(Ethernet.HEADER));
        int type = octets.u16(12);
        long to = (long) octets.u16(0) << 32 | (long) octets.u16(2) << 16 | octets.u16(4);
        boolean toAll = (to >>> 40 & 1) == 1;
        if (!toAll && to != port.mac().bits()) {
            env.decided(packet, Reason.OVERHEARD);
            return;
        }
        switch (type) {
            case Ethernet.IP6 -> {
                if (toAll && packet.octets().length() >= Ip6Header.LENGTH && packet.octets().at(24) != 0xff) {
                    env.dropped(packet, Reason.UNICAST_TO_ALL);    // or errors would multiply
                } else {
                    packet(port, packet, Optional.empty(), 0, List.of());
                }
            }
            case Ethernet.IP4 -> stack.input4().frame(port, packet, toAll);
            case Ethernet.ARP -> stack.arp().frame(port, packet);
            default -> env.dropped(packet, Reason.UNKNOWN_ETHER_TYPE, "0x%04x".formatted(type));
        }
    }

    /** A packet from this node to itself. */
    void looped(Packet packet) {
        packet(null, packet, Optional.empty(), 0, List.of());
    }

    /**
     * @param port   where it came in; null: from this node itself
     * @param tunnel far end of the tunnel that it came out of
     * @param depth  tunnels that it came out of so far
     * @param sas    that vouch for it
     */
    void packet(Port port, Packet packet, Optional<IpAddress> tunnel, int depth, List<Sa> sas) {
        try {
            Ip6Header header = Ip6Header.parse(new OctetReader(packet.octets()));
            if (header.destination().isUnspecified()) {
                env.dropped(packet, Reason.NOT_FOR_US, header.destination().toString());
            } else if (header.source().isMulticast() || port != null && (header.source().isLoopback() || header.destination().isLoopback())) {
                env.dropped(packet, Reason.BAD_SOURCE, header.source().toString());
            } else if (stack.addresses().isLocal(header.destination(), port) || isForProxy(port, packet, header)) {
                local(port, packet, Ip6Packet.parse(packet.octets()), tunnel, depth, sas);
            } else if (stack.forwards() && !header.destination().isMulticast() && !header.source().isUnspecified()) {
                forward(port, packet, header, sas);
            } else if (header.destination().isMulticast()) {
                env.decided(packet, Reason.NOT_LISTENING);
            } else {
                env.dropped(packet, Reason.NOT_FOR_US, header.destination().toString());
            }
        } catch (Malformed e) {
            env.dropped(packet, Reason.MALFORMED, e.getMessage(), Integer.toString(e.at()));
        }
    }

    /** Neighbor Discovery to an address that this node defends for another, such as a probe, goes no further (RFC 6275 section 10.4.1). */
    private boolean isForProxy(Port port, Packet packet, Ip6Header header) {
        return port != null && header.nextHeader() == IpProtocol.ICMP6 && packet.octets().length() > Ip6Header.LENGTH
                && Icmp6Message.isNeighbourDiscovery(packet.octets().at(Ip6Header.LENGTH)) && stack.neighbours().isProxied(port, header.destination());
    }

    private void forward(Port port, Packet packet, Ip6Header header, List<Sa> sas) throws Malformed {
        Packet exact = packet;
        int length = Ip6Header.LENGTH + header.payloadLength();
        if (length > packet.octets().length()) {
            throw new Malformed("payload length is " + header.payloadLength() + ", " + (packet.octets().length() - Ip6Header.LENGTH) + " octets are there", 4);
        } else if (length < packet.octets().length()) {
            exact = new Packet(packet.id(), packet.parent(), packet.significant(), packet.octets().slice(0, length));
        }
        if (header.nextHeader() == IpProtocol.HOP_BY_HOP) {
            // Only this header concerns a router; what is wrong further on is for the destination to find.
            ExtensionHeader first = ExtensionHeader.parse(IpProtocol.HOP_BY_HOP, new OctetReader(exact.octets().from(Ip6Header.LENGTH)));
            if (!options(exact, ((ExtensionHeader.HopByHop) first).options(), Ip6Header.LENGTH, header.destination(), false)) {
                return;
            }
        }
        if (isAdmitted(port, exact, sas)) {
            stack.output().forward(exact, header);
        }
    }

    /** Asks the security policy; a router shows it a packet as it finds it, however odd what follows the header is. */
    private boolean isAdmitted(Port port, Packet packet, List<Sa> sas) throws Malformed {
        return !stack.ipsec().isActive() || !stack.gate().refuses(packet, Ip6Packet.parsePassing(packet.octets()), port, sas);
    }

    /** A packet whose destination is this node: its headers in order. */
    private void local(Port port, Packet packet, Ip6Packet ip, Optional<IpAddress> tunnel, int depth, List<Sa> sas) throws Malformed {
        Optional<Ip6Address> careOf = Optional.empty();
        Optional<Ip6Address> routed = Optional.empty();
        Ip6Packet current = ip;
        int at = Ip6Header.LENGTH;
        boolean mobile = stack.mobility().understandsMobility();
        for (ExtensionHeader extension : ip.extensions()) {
            switch (extension) {
                case ExtensionHeader.HopByHop e -> {
                    if (!options(packet, e.options(), at, ip.destination(), false)) {
                        return;
                    }
                }
                case ExtensionHeader.DestinationOptions e -> {
                    if (!options(packet, e.options(), at, ip.destination(), mobile)) {
                        return;
                    }
                    Optional<Ip6Option.HomeAddress> home = e.homeAddress();
                    if (mobile && home.isPresent()) {
                        if (careOf.isPresent() || !home.get().address().isRoutableUnicast()) {
                            env.dropped(packet, Reason.HAO_INVALID, home.get().address().toString());
                            return;
                        }
                        careOf = Optional.of(current.source());
                        current = current.withHeader(current.header().withSource(home.get().address()));
                    }
                }
                case ExtensionHeader.Type2Routing e -> {
                    if (e.segmentsLeft() == 0) {
                        break;
                    }
                    if (!mobile) {
                        env.dropped(packet, Reason.UNKNOWN_ROUTING_TYPE, "2");
                        stack.errors().parameterProblem(packet, Icmp6Message.ParameterProblem.HEADER_FIELD, at + 2);
                        return;
                    }
                    if (e.segmentsLeft() != 1) {
                        env.dropped(packet, Reason.RH2_INVALID, "segments left is " + e.segmentsLeft());
                        return;
                    }
                    switch (stack.mobility().type2Routing(current.header(), e.home())) {
                        case Verdict.Drop drop -> {
                            env.said(packet, drop);
                            return;
                        }
                        case Verdict.Pass pass -> env.said(packet, pass);
                    }
                    routed = Optional.of(current.destination());
                    current = current.withHeader(current.header().withDestination(e.home()));
                }
                case ExtensionHeader.UnknownRouting e -> {
                    // With no segments left it asks for nothing, whatever its type (RFC 8200 section 4.4, RFC 5095 section 3).
                    if (e.segmentsLeft() > 0) {
                        if (e.type() == 0) {
                            env.dropped(packet, Reason.RH0);
                        } else {
                            env.dropped(packet, Reason.UNKNOWN_ROUTING_TYPE, Integer.toString(e.type()));
                        }
                        stack.errors().parameterProblem(packet, Icmp6Message.ParameterProblem.HEADER_FIELD, at + 2);
                        return;
                    }
                }
                case ExtensionHeader.Fragment fragment -> {
                    if (fragment.isWhole()) {
                        break;    // atomic: a packet of its own, whatever else is under way (RFC 6946 section 4)
                    }
                    Optional<Reassembler.Whole> whole = stack.reassembler().take(packet, current, sas);
                    if (whole.isEmpty()) {
                        return;
                    }
                    // What came before the fragment header is in final form already; what comes after it is still to be read.
                    env.about(whole.get().packet().id());
                    reassembled(new Inbound(whole.get().packet(), port, (Ip6Packet) whole.get().ip(), careOf, routed, tunnel, depth, sas));
                    return;
                }
            }
            at += extension.size();
        }
        deliver(new Inbound(packet, port, current, careOf, routed, tunnel, depth, sas));
    }

    private void reassembled(Inbound in) throws Malformed {
        if (IpProtocol.isExtension(in.ip().protocol())) {
            local(in.port(), in.packet(), Ip6Packet.parse(in.packet().octets()), in.tunnel(), in.depth(), in.sas());
        } else {
            deliver(in);
        }
    }

    /** The home address option's verdict, once IPsec is through with what it covers. */
    private boolean mayUseHomeAddress(Inbound in) {
        if (in.careOf().isEmpty()) {
            return true;
        }
        Verdict verdict = stack.mobility().homeAddressOption(in, in.careOf().get());
        env.said(in.packet(), verdict);
        return verdict instanceof Verdict.Pass;
    }

    /** A whole packet in final form. */
    private void deliver(Inbound in) throws Malformed {
        if (stack.ipsec().isActive()) {
            if (stack.ipsec().isProtected(in.ip())) {
                open(in);
                return;
            } else if (in.port() != null && stack.gate().refuses(in.packet(), in.ip(), in.port(), in.sas())) {
                return;
            }
        }
        if (!mayUseHomeAddress(in)) {
            return;
        }
        int protocol = in.ip().protocol();
        if ((protocol == IpProtocol.IP6 || protocol == IpProtocol.IP4) && stack.mobility().understandsMobility()) {
            stack.decapsulation().tunnelled(in);
        } else {
            stack.upper().deliver(in);
        }
    }

    /** Takes AH or ESP off, and goes on with what it covered. */
    private void open(Inbound in) throws Malformed {
        switch (stack.ipsec().open(in.packet(), in.ip(), in.wire(), in.sas())) {
            case IpsecStages.Opened.Ended _ -> {
                // says so itself
            }
            case IpsecStages.Opened.Tunnel tunnel -> {
                Inbound outer = in.opened(in.packet(), IpProtocol.NONE, Octets.EMPTY, tunnel.sa());
                if (mayUseHomeAddress(outer)) {
                    stack.decapsulation().startOver(in, stack.derived(in.packet(), tunnel.inner(), Relation.OPENED), in.wire().source(), outer.sas());
                }
            }
            case IpsecStages.Opened.Transport transport -> {
                Packet made = stack.derived(in.packet(), in.wire().exchanged(in.packet().octets(), transport.protocol(), transport.payload()), Relation.OPENED);
                env.about(made.id());
                Inbound opened = in.opened(made, transport.protocol(), transport.payload(), transport.sa());
                if (IpProtocol.isExtension(transport.protocol())) {
                    further(opened);
                } else {
                    deliver(opened);
                }
            }
        }
    }

    /** Extension headers that AH or ESP covered: nothing in them may change any more whose packet this is. */
    private void further(Inbound in) throws Malformed {
        Ip6Packet ip = Ip6Packet.parse(in.packet().octets());
        int at = Ip6Header.LENGTH;
        for (int i = 0; i < ip.extensions().size(); i++) {
            ExtensionHeader extension = ip.extensions().get(i);
            boolean good = i < in.ip().extensions().size() || switch (extension) {
                case ExtensionHeader.DestinationOptions e -> options(in.packet(), e.options(), at, ip.destination(), false);
                case ExtensionHeader.UnknownRouting e -> e.segmentsLeft() == 0 || misplaced(in.packet());
                case ExtensionHeader.Fragment e -> e.isWhole() || misplaced(in.packet());
                case ExtensionHeader.HopByHop _, ExtensionHeader.Type2Routing _ -> misplaced(in.packet());
            };
            if (!good) {
                return;
            }
            at += extension.size();
        }
        deliver(new Inbound(in.packet(), in.port(), ip.withHeader(in.ip().header()), in.careOf(), in.routed(), in.tunnel(), in.depth(), in.sas()));
    }

    private boolean misplaced(Packet packet) {
        env.dropped(packet, Reason.IPSEC_MALFORMED, "a header behind AH or ESP that belongs before it");
        return false;
    }

    /**
     * Looks at options that nobody here knows: their type says what is to happen (RFC 8200 section 4.2).
     *
     * @param at                 octets from the packet's start to the options header
     * @param knowsHomeAddress   otherwise a home address option is an unknown one
     * @return whether the packet goes on
     */
    private boolean options(Packet packet, Iterable<Ip6Option> options, int at, Ip6Address destination, boolean knowsHomeAddress) {
        int position = at + 2;
        for (Ip6Option option : options) {
            boolean unknown = option instanceof Ip6Option.Unknown || option instanceof Ip6Option.HomeAddress && !knowsHomeAddress;
            UnknownAction action = unknown ? UnknownAction.of(option.type()) : UnknownAction.SKIP;
            if (action != UnknownAction.SKIP) {
                env.dropped(packet, Reason.UNKNOWN_OPTION, "0x%02x".formatted(option.type()));
                if (action == UnknownAction.DISCARD_REPORT || action == UnknownAction.DISCARD_REPORT_UNLESS_MULTICAST && !destination.isMulticast()) {
                    stack.errors().parameterProblem(packet, Icmp6Message.ParameterProblem.OPTION, position);
                }
                return false;
            }
            position += option.size();
        }
        return true;
    }
}
