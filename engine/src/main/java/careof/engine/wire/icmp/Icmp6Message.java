package careof.engine.wire.icmp;

import careof.engine.base.Checksum;
import careof.engine.base.Ip6Address;
import careof.engine.base.Malformed;
import careof.engine.base.OctetReader;
import careof.engine.base.OctetWriter;
import careof.engine.base.Octets;
import careof.engine.wire.Bits;
import careof.engine.wire.ip.IpProtocol;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * An ICMPv6 message (RFC 4443; Neighbor Discovery RFC 4861; home agent discovery and mobile prefixes RFC 6275 sections 6.5
 * to 6.8). Where a component {@code code} is missing the code is 0: Neighbor Discovery with another code is
 * {@link Malformed} (RFC 4861 sections 6.1, 7.1, 8.1), the others read any. Reserved bits are written as zero and not kept.
 *
 * <pre>
 *   0   | type | code | checksum |
 *   4   | by type ...            |
 * </pre>
 */
public sealed interface Icmp6Message {
    int DESTINATION_UNREACHABLE = 1;
    int PACKET_TOO_BIG = 2;
    int TIME_EXCEEDED = 3;
    int PARAMETER_PROBLEM = 4;
    int ECHO_REQUEST = 128;
    int ECHO_REPLY = 129;
    int ROUTER_SOLICITATION = 133;
    int ROUTER_ADVERTISEMENT = 134;
    int NEIGHBOUR_SOLICITATION = 135;
    int NEIGHBOUR_ADVERTISEMENT = 136;
    int REDIRECT = 137;
    int HOME_AGENT_DISCOVERY_REQUEST = 144;
    int HOME_AGENT_DISCOVERY_REPLY = 145;
    int MOBILE_PREFIX_SOLICITATION = 146;
    int MOBILE_PREFIX_ADVERTISEMENT = 147;

    /** RFC 4443 section 4.1: {@code | identifier (2) | sequence (2) | data |} */
    record EchoRequest(int identifier, int sequence, Octets data) implements Icmp6Message {
        public EchoRequest {
            Bits.fit(identifier, 16, "identifier");
            Bits.fit(sequence, 16, "sequence number");
        }
    }

    /** RFC 4443 section 4.2: {@code | identifier (2) | sequence (2) | data |} */
    record EchoReply(int identifier, int sequence, Octets data) implements Icmp6Message {
        public EchoReply {
            Bits.fit(identifier, 16, "identifier");
            Bits.fit(sequence, 16, "sequence number");
        }
    }

    /** RFC 4443 section 3.1: {@code | unused (4) | packet it is about |} */
    record DestinationUnreachable(int code, Octets invoking) implements Icmp6Message {
        public static final int NO_ROUTE = 0;
        public static final int PROHIBITED = 1;
        public static final int BEYOND_SCOPE = 2;
        public static final int ADDRESS = 3;
        public static final int PORT = 4;

        public DestinationUnreachable {
            Bits.fit(code, 8, "code");
        }
    }

    /**
     * RFC 4443 section 3.2: {@code | MTU (4) | packet it is about |}
     *
     * @param mtu octets, 0..2^32-1
     */
    record PacketTooBig(long mtu, Octets invoking) implements Icmp6Message {
        public PacketTooBig {
            Bits.fit32(mtu, "MTU");
        }
    }

    /** RFC 4443 section 3.3: {@code | unused (4) | packet it is about |} */
    record TimeExceeded(int code, Octets invoking) implements Icmp6Message {
        public static final int HOP_LIMIT = 0;
        public static final int REASSEMBLY = 1;

        public TimeExceeded {
            Bits.fit(code, 8, "code");
        }
    }

    /**
     * RFC 4443 section 3.4: {@code | pointer (4) | packet it is about |}
     *
     * @param pointer octets into the packet it is about, 0..2^32-1
     */
    record ParameterProblem(int code, long pointer, Octets invoking) implements Icmp6Message {
        public static final int HEADER_FIELD = 0;
        public static final int NEXT_HEADER = 1;
        public static final int OPTION = 2;
        /** RFC 7112: the first fragment does not hold all headers. */
        public static final int FIRST_FRAGMENT = 3;

        public ParameterProblem {
            Bits.fit(code, 8, "code");
            Bits.fit32(pointer, "pointer");
        }
    }

    /** RFC 4861 section 4.1: {@code | reserved (4) | options |} */
    record RouterSolicitation(List<NdOption> options) implements Icmp6Message {
        public RouterSolicitation {
            options = List.copyOf(options);
        }
    }

    /**
     * RFC 4861 section 4.2; H: RFC 6275 section 7.1; preference: RFC 4191 section 2.2.
     *
     * <pre>
     *    4   | hop limit | M O H preference (2), reserved (3) | router lifetime |
     *    8   | reachable time                                                   |
     *   12   | retransmission timer                                             |
     *   16   | options                                                          |
     * </pre>
     *
     * @param curHopLimit    0: unspecified
     * @param managed        M
     * @param other          O
     * @param homeAgent      H
     * @param preference     the two bits as they stand: 0 medium, 1 high, 3 low, 2 reserved
     * @param routerLifetime seconds, 0..65535; 0: not a default router
     * @param reachableTime  milliseconds, 0: unspecified
     * @param retransTimer   milliseconds, 0: unspecified
     */
    record RouterAdvertisement(int curHopLimit, boolean managed, boolean other, boolean homeAgent, int preference,
                               int routerLifetime, long reachableTime, long retransTimer, List<NdOption> options)
            implements Icmp6Message {
        public RouterAdvertisement {
            Bits.fit(curHopLimit, 8, "hop limit");
            Bits.fit(preference, 2, "router preference");
            Bits.fit(routerLifetime, 16, "router lifetime");
            Bits.fit32(reachableTime, "reachable time");
            Bits.fit32(retransTimer, "retransmission timer");
            options = List.copyOf(options);
        }
    }

    /** RFC 4861 section 4.3: {@code | reserved (4) | target (16) | options |} */
    record NeighbourSolicitation(Ip6Address target, List<NdOption> options) implements Icmp6Message {
        public NeighbourSolicitation {
            options = List.copyOf(options);
        }
    }

    /** RFC 4861 section 4.4: {@code | R S O, reserved | target (16) | options |} */
    record NeighbourAdvertisement(boolean router, boolean solicited, boolean override, Ip6Address target,
                                  List<NdOption> options) implements Icmp6Message {
        public NeighbourAdvertisement {
            options = List.copyOf(options);
        }
    }

    /** RFC 4861 section 4.5: {@code | reserved (4) | target (16) | destination (16) | options |} */
    record Redirect(Ip6Address target, Ip6Address destination, List<NdOption> options) implements Icmp6Message {
        public Redirect {
            options = List.copyOf(options);
        }
    }

    /** RFC 6275 section 6.5: {@code | identifier (2) | reserved (2) |} */
    record HomeAgentDiscoveryRequest(int identifier) implements Icmp6Message {
        public HomeAgentDiscoveryRequest {
            Bits.fit(identifier, 16, "identifier");
        }
    }

    /** RFC 6275 section 6.6: {@code | identifier (2) | reserved (2) | home agents, 16 octets each |} */
    record HomeAgentDiscoveryReply(int identifier, List<Ip6Address> homeAgents) implements Icmp6Message {
        public HomeAgentDiscoveryReply {
            Bits.fit(identifier, 16, "identifier");
            homeAgents = List.copyOf(homeAgents);
        }
    }

    /** RFC 6275 section 6.7: {@code | identifier (2) | reserved (2) |}; options, if any came, are not kept. */
    record MobilePrefixSolicitation(int identifier) implements Icmp6Message {
        public MobilePrefixSolicitation {
            Bits.fit(identifier, 16, "identifier");
        }
    }

    /** RFC 6275 section 6.8: {@code | identifier (2) | M O, reserved (2) | options |} */
    record MobilePrefixAdvertisement(int identifier, boolean managed, boolean other, List<NdOption> options)
            implements Icmp6Message {
        public MobilePrefixAdvertisement {
            Bits.fit(identifier, 16, "identifier");
            options = List.copyOf(options);
        }
    }

    /** Any other type; {@code body} is all after the checksum. */
    record Unknown(int type, int code, Octets body) implements Icmp6Message {
        public Unknown {
            Bits.fit(type, 8, "type");
            Bits.fit(code, 8, "code");
            if (isKnown(type)) {
                throw new IllegalArgumentException("ICMPv6 type " + type + " is known");
            }
        }
    }

    /** Whether this type has a record of its own here. */
    static boolean isKnown(int type) {
        return type >= DESTINATION_UNREACHABLE && type <= PARAMETER_PROBLEM || type == ECHO_REQUEST || type == ECHO_REPLY
                || isNeighbourDiscovery(type) || type >= HOME_AGENT_DISCOVERY_REQUEST && type <= MOBILE_PREFIX_ADVERTISEMENT;
    }

    /** Router and Neighbour Solicitation and Advertisement, Redirect: never forwarded, hop limit 255. */
    static boolean isNeighbourDiscovery(int type) {
        return type >= ROUTER_SOLICITATION && type <= REDIRECT;
    }

    /** The name of a type, for people. */
    static String name(int type) {
        return switch (type) {
            case DESTINATION_UNREACHABLE -> "Destination Unreachable";
            case PACKET_TOO_BIG -> "Packet Too Big";
            case TIME_EXCEEDED -> "Time Exceeded";
            case PARAMETER_PROBLEM -> "Parameter Problem";
            case ECHO_REQUEST -> "Echo Request";
            case ECHO_REPLY -> "Echo Reply";
            case ROUTER_SOLICITATION -> "Router Solicitation";
            case ROUTER_ADVERTISEMENT -> "Router Advertisement";
            case NEIGHBOUR_SOLICITATION -> "Neighbor Solicitation";
            case NEIGHBOUR_ADVERTISEMENT -> "Neighbor Advertisement";
            case REDIRECT -> "Redirect";
            case HOME_AGENT_DISCOVERY_REQUEST -> "Home Agent Address Discovery Request";
            case HOME_AGENT_DISCOVERY_REPLY -> "Home Agent Address Discovery Reply";
            case MOBILE_PREFIX_SOLICITATION -> "Mobile Prefix Solicitation";
            case MOBILE_PREFIX_ADVERTISEMENT -> "Mobile Prefix Advertisement";
            default -> "ICMPv6 type " + type;
        };
    }

    /** Whether the message reports an error (RFC 4443 section 2.1). */
    default boolean isError() {
        return type() < 128;
    }

    default int type() {
        return switch (this) {
            case DestinationUnreachable _ -> DESTINATION_UNREACHABLE;
            case PacketTooBig _ -> PACKET_TOO_BIG;
            case TimeExceeded _ -> TIME_EXCEEDED;
            case ParameterProblem _ -> PARAMETER_PROBLEM;
            case EchoRequest _ -> ECHO_REQUEST;
            case EchoReply _ -> ECHO_REPLY;
            case RouterSolicitation _ -> ROUTER_SOLICITATION;
            case RouterAdvertisement _ -> ROUTER_ADVERTISEMENT;
            case NeighbourSolicitation _ -> NEIGHBOUR_SOLICITATION;
            case NeighbourAdvertisement _ -> NEIGHBOUR_ADVERTISEMENT;
            case Redirect _ -> REDIRECT;
            case HomeAgentDiscoveryRequest _ -> HOME_AGENT_DISCOVERY_REQUEST;
            case HomeAgentDiscoveryReply _ -> HOME_AGENT_DISCOVERY_REPLY;
            case MobilePrefixSolicitation _ -> MOBILE_PREFIX_SOLICITATION;
            case MobilePrefixAdvertisement _ -> MOBILE_PREFIX_ADVERTISEMENT;
            case Unknown m -> m.type;
        };
    }

    /** The Neighbor Discovery options of this message; none for messages without. */
    default List<NdOption> ndOptions() {
        return switch (this) {
            case RouterSolicitation m -> m.options;
            case RouterAdvertisement m -> m.options;
            case NeighbourSolicitation m -> m.options;
            case NeighbourAdvertisement m -> m.options;
            case Redirect m -> m.options;
            case MobilePrefixAdvertisement m -> m.options;
            case DestinationUnreachable _, PacketTooBig _, TimeExceeded _, ParameterProblem _, EchoRequest _, EchoReply _,
                 HomeAgentDiscoveryRequest _, HomeAgentDiscoveryReply _, MobilePrefixSolicitation _, Unknown _ -> List.of();
        };
    }

    /** The first option of one kind. */
    default <T extends NdOption> Optional<T> option(Class<T> kind) {
        for (NdOption option : ndOptions()) {
            if (kind.isInstance(option)) {
                return Optional.of(kind.cast(option));
            }
        }
        return Optional.empty();
    }

    /**
     * Reads a whole message.
     *
     * @param source      of the pseudo-header: with a Home Address option the home address
     * @param destination of the pseudo-header: the final one
     * @throws Malformed also if the checksum is wrong, then at offset 2
     */
    static Icmp6Message parse(Octets message, Ip6Address source, Ip6Address destination) throws Malformed {
        OctetReader in = new OctetReader(message);
        int type = in.u8();
        int code = in.u8();
        in.skip(2);
        if (Checksum.ip6(source, destination, IpProtocol.ICMP6, message) != 0) {
            throw new Malformed("ICMPv6 checksum", 2);
        }
        if (code != 0 && isNeighbourDiscovery(type)) {
            throw new Malformed("Neighbor Discovery message of type " + type + " with code " + code, 1);
        }
        return switch (type) {
            case ECHO_REQUEST -> new EchoRequest(in.u16(), in.u16(), in.rest());
            case ECHO_REPLY -> new EchoReply(in.u16(), in.u16(), in.rest());
            case DESTINATION_UNREACHABLE -> {
                in.skip(4);
                yield new DestinationUnreachable(code, in.rest());
            }
            case PACKET_TOO_BIG -> new PacketTooBig(in.u32(), in.rest());
            case TIME_EXCEEDED -> {
                in.skip(4);
                yield new TimeExceeded(code, in.rest());
            }
            case PARAMETER_PROBLEM -> new ParameterProblem(code, in.u32(), in.rest());
            case ROUTER_SOLICITATION -> {
                in.skip(4);
                yield new RouterSolicitation(NdOption.parseAll(in));
            }
            case ROUTER_ADVERTISEMENT -> {
                int hopLimit = in.u8();
                int flags = in.u8();
                yield new RouterAdvertisement(hopLimit, (flags & 0x80) != 0, (flags & 0x40) != 0, (flags & 0x20) != 0,
                        flags >>> 3 & 3, in.u16(), in.u32(), in.u32(), NdOption.parseAll(in));
            }
            case NEIGHBOUR_SOLICITATION -> {
                in.skip(4);
                yield new NeighbourSolicitation(in.ip6(), NdOption.parseAll(in));
            }
            case NEIGHBOUR_ADVERTISEMENT -> {
                int flags = in.u8();
                in.skip(3);
                yield new NeighbourAdvertisement((flags & 0x80) != 0, (flags & 0x40) != 0, (flags & 0x20) != 0,
                        in.ip6(), NdOption.parseAll(in));
            }
            case REDIRECT -> {
                in.skip(4);
                yield new Redirect(in.ip6(), in.ip6(), NdOption.parseAll(in));
            }
            case HOME_AGENT_DISCOVERY_REQUEST -> {
                int identifier = in.u16();
                in.skip(2);
                yield new HomeAgentDiscoveryRequest(identifier);
            }
            case HOME_AGENT_DISCOVERY_REPLY -> {
                int identifier = in.u16();
                in.skip(2);
                List<Ip6Address> agents = new ArrayList<>();
                while (!in.atEnd()) {
                    agents.add(in.ip6());
                }
                yield new HomeAgentDiscoveryReply(identifier, agents);
            }
            case MOBILE_PREFIX_SOLICITATION -> {
                int identifier = in.u16();
                in.skip(2);
                yield new MobilePrefixSolicitation(identifier);
            }
            case MOBILE_PREFIX_ADVERTISEMENT -> {
                int identifier = in.u16();
                int flags = in.u16();
                yield new MobilePrefixAdvertisement(identifier, (flags & 0x8000) != 0, (flags & 0x4000) != 0,
                        NdOption.parseAll(in));
            }
            default -> new Unknown(type, code, in.rest());
        };
    }

    /** The message with its checksum; addresses as for {@link #parse}. */
    default Octets toOctets(Ip6Address source, Ip6Address destination) {
        OctetWriter out = new OctetWriter();
        int code = switch (this) {
            case DestinationUnreachable m -> m.code;
            case TimeExceeded m -> m.code;
            case ParameterProblem m -> m.code;
            case Unknown m -> m.code;
            case PacketTooBig _, EchoRequest _, EchoReply _, RouterSolicitation _, RouterAdvertisement _,
                 NeighbourSolicitation _, NeighbourAdvertisement _, Redirect _, HomeAgentDiscoveryRequest _,
                 HomeAgentDiscoveryReply _, MobilePrefixSolicitation _, MobilePrefixAdvertisement _ -> 0;
        };
        out.u8(type()).u8(code).u16(0);
        switch (this) {
            case EchoRequest m -> out.u16(m.identifier).u16(m.sequence).octets(m.data);
            case EchoReply m -> out.u16(m.identifier).u16(m.sequence).octets(m.data);
            case DestinationUnreachable m -> out.u32(0).octets(m.invoking);
            case PacketTooBig m -> out.u32(m.mtu).octets(m.invoking);
            case TimeExceeded m -> out.u32(0).octets(m.invoking);
            case ParameterProblem m -> out.u32(m.pointer).octets(m.invoking);
            case RouterSolicitation _ -> out.u32(0);
            case RouterAdvertisement m -> out.u8(m.curHopLimit)
                    .u8((m.managed ? 0x80 : 0) | (m.other ? 0x40 : 0) | (m.homeAgent ? 0x20 : 0) | m.preference << 3)
                    .u16(m.routerLifetime).u32(m.reachableTime).u32(m.retransTimer);
            case NeighbourSolicitation m -> out.u32(0).address(m.target);
            case NeighbourAdvertisement m -> out
                    .u8((m.router ? 0x80 : 0) | (m.solicited ? 0x40 : 0) | (m.override ? 0x20 : 0)).u24(0).address(m.target);
            case Redirect m -> out.u32(0).address(m.target).address(m.destination);
            case HomeAgentDiscoveryRequest m -> out.u16(m.identifier).u16(0);
            case HomeAgentDiscoveryReply m -> {
                out.u16(m.identifier).u16(0);
                m.homeAgents.forEach(out::address);
            }
            case MobilePrefixSolicitation m -> out.u16(m.identifier).u16(0);
            case MobilePrefixAdvertisement m -> out.u16(m.identifier).u16((m.managed ? 0x8000 : 0) | (m.other ? 0x4000 : 0));
            case Unknown m -> out.octets(m.body);
        }
        for (NdOption option : ndOptions()) {
            option.emit(out);
        }
        return out.patch16(2, Checksum.ip6(source, destination, IpProtocol.ICMP6, out.toOctets())).toOctets();
    }
}
