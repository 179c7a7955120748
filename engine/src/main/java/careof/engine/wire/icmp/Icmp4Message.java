package careof.engine.wire.icmp;

import careof.engine.base.Checksum;
import careof.engine.base.Malformed;
import careof.engine.base.OctetReader;
import careof.engine.base.OctetWriter;
import careof.engine.base.Octets;
import careof.engine.wire.Bits;

/**
 * An ICMP message for IPv4 (RFC 792). Echo has code 0 whatever was read; unused fields are written as zero and not kept.
 *
 * <pre>
 *   0   | type | code | checksum          |
 *   4   | four octets, by type            |
 *   8   | data or the packet it is about  |
 * </pre>
 */
public sealed interface Icmp4Message {
    int ECHO_REPLY = 0;
    int DESTINATION_UNREACHABLE = 3;
    int ECHO_REQUEST = 8;
    int TIME_EXCEEDED = 11;
    int PARAMETER_PROBLEM = 12;

    /** Octets 4..7: identifier, sequence number. */
    record EchoRequest(int identifier, int sequence, Octets data) implements Icmp4Message {
        public EchoRequest {
            Bits.fit(identifier, 16, "identifier");
            Bits.fit(sequence, 16, "sequence number");
        }
    }

    /** Octets 4..7: identifier, sequence number. */
    record EchoReply(int identifier, int sequence, Octets data) implements Icmp4Message {
        public EchoReply {
            Bits.fit(identifier, 16, "identifier");
            Bits.fit(sequence, 16, "sequence number");
        }
    }

    /**
     * Octets 4..5 unused, 6..7 the MTU of the next link if code is 4 (RFC 1191 section 4).
     *
     * @param mtu octets; 0 for other codes and old routers
     */
    record DestinationUnreachable(int code, int mtu, Octets invoking) implements Icmp4Message {
        public DestinationUnreachable {
            Bits.fit(code, 8, "code");
            Bits.fit(mtu, 16, "MTU");
        }
    }

    /** Octets 4..7 unused. */
    record TimeExceeded(int code, Octets invoking) implements Icmp4Message {
        public TimeExceeded {
            Bits.fit(code, 8, "code");
        }
    }

    /**
     * Octet 4 the pointer, 5..7 unused.
     *
     * @param pointer octets from the start of the invoking packet to what is wrong
     */
    record ParameterProblem(int code, int pointer, Octets invoking) implements Icmp4Message {
        public ParameterProblem {
            Bits.fit(code, 8, "code");
            Bits.fit(pointer, 8, "pointer");
        }
    }

    /** Any other type; {@code body} is all after the checksum. */
    record Unknown(int type, int code, Octets body) implements Icmp4Message {
        public Unknown {
            Bits.fit(type, 8, "type");
            Bits.fit(code, 8, "code");
            switch (type) {
                case ECHO_REPLY, DESTINATION_UNREACHABLE, ECHO_REQUEST, TIME_EXCEEDED, PARAMETER_PROBLEM ->
                        throw new IllegalArgumentException("ICMP type " + type + " is known");
                default -> { }
            }
        }
    }

    /** Reads a whole message and checks its checksum. */
    static Icmp4Message parse(Octets message) throws Malformed {
        OctetReader in = new OctetReader(message);
        int type = in.u8();
        int code = in.u8();
        in.skip(2);
        if (Checksum.of(message) != 0) {
            throw new Malformed("ICMP checksum", 2);
        }
        return switch (type) {
            case ECHO_REQUEST -> new EchoRequest(in.u16(), in.u16(), in.rest());
            case ECHO_REPLY -> new EchoReply(in.u16(), in.u16(), in.rest());
            case DESTINATION_UNREACHABLE -> {
                in.skip(2);
                yield new DestinationUnreachable(code, in.u16(), in.rest());
            }
            case TIME_EXCEEDED -> {
                in.skip(4);
                yield new TimeExceeded(code, in.rest());
            }
            case PARAMETER_PROBLEM -> {
                int pointer = in.u8();
                in.skip(3);
                yield new ParameterProblem(code, pointer, in.rest());
            }
            default -> new Unknown(type, code, in.rest());
        };
    }

    default int type() {
        return switch (this) {
            case EchoRequest _ -> ECHO_REQUEST;
            case EchoReply _ -> ECHO_REPLY;
            case DestinationUnreachable _ -> DESTINATION_UNREACHABLE;
            case TimeExceeded _ -> TIME_EXCEEDED;
            case ParameterProblem _ -> PARAMETER_PROBLEM;
            case Unknown m -> m.type;
        };
    }

    /** The message with its checksum. */
    default Octets toOctets() {
        OctetWriter out = new OctetWriter();
        out.u8(type());
        switch (this) {
            case EchoRequest m -> out.u8(0).u16(0).u16(m.identifier).u16(m.sequence).octets(m.data);
            case EchoReply m -> out.u8(0).u16(0).u16(m.identifier).u16(m.sequence).octets(m.data);
            case DestinationUnreachable m -> out.u8(m.code).u16(0).u16(0).u16(m.mtu).octets(m.invoking);
            case TimeExceeded m -> out.u8(m.code).u16(0).u32(0).octets(m.invoking);
            case ParameterProblem m -> out.u8(m.code).u16(0).u8(m.pointer).zeros(3).octets(m.invoking);
            case Unknown m -> out.u8(m.code).u16(0).octets(m.body);
        }
        return out.patch16(2, Checksum.of(out.toOctets())).toOctets();
    }
}
