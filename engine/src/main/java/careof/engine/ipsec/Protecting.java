package careof.engine.ipsec;

import careof.engine.base.Ip4Address;
import careof.engine.base.Ip6Address;
import careof.engine.base.IpAddress;
import careof.engine.base.OctetWriter;
import careof.engine.base.Octets;
import careof.engine.stack.IpStack;
import careof.engine.stack.IpsecStages.Sealed;
import careof.engine.stack.NodeEnv;
import careof.engine.stack.Packet;
import careof.engine.stack.Verdict;
import careof.engine.state.Sa;
import careof.engine.trace.Reason;
import careof.engine.wire.ip.Ip4Packet;
import careof.engine.wire.ip.Ip6Packet;
import careof.engine.wire.ip.IpPacket;
import careof.engine.wire.ip.IpProtocol;
import careof.engine.wire.ip.Udp;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** Puts AH and ESP on (RFC 4302 section 3.3, RFC 4303 section 3.3), in transport mode and around tunnels. */
final class Protecting {
    /** Octets that the longest packet of either version may have with its headers. */
    private static final int LONGEST = 65_535;
    /** More than any SA adds: a shorter packet need not be looked at more closely. */
    private static final int MOST_OVERHEAD = 256;
    /** Octets of a packet that carries nothing, where others are not padded to some length. */
    private static final int DUMMY = 128;

    private final IpStack stack;
    private final NodeEnv env;
    private final Sad sad;
    private final Transforms transforms;
    /** Names of random streams by id of the SA. */
    private final Map<Integer, String> streams = new HashMap<>();

    Protecting(IpStack stack, Sad sad, Transforms transforms) {
        this.stack = stack;
        this.env = stack.env();
        this.sad = sad;
        this.transforms = transforms;
    }

    Optional<Sealed> transport(Packet packet, IpPacket wire, List<Sa> sas) {
        IpPacket current = wire;
        for (Sa sa : sas) {
            Optional<IpPacket> next = transport(packet, current, sa);
            if (next.isEmpty()) {
                return Optional.empty();
            }
            current = next.get();
        }
        return Optional.of(new Sealed(current, current.toOctets()));
    }

    private Optional<IpPacket> transport(Packet packet, IpPacket wire, Sa sa) {
        if (isPiece(wire)) {
            return refused(packet, Verdict.drop(Reason.IPSEC_FRAGMENT).by(sa));
        } else if (wire.length() + MOST_OVERHEAD > LONGEST && wire.length() + overhead(sa) > LONGEST) {
            return refused(packet, Verdict.drop(Reason.TOO_BIG, wire.length(), LONGEST - overhead(sa)).by(sa));
        }
        OptionalLong sequence = next(packet, sa);
        if (sequence.isEmpty()) {
            return Optional.empty();
        }
        long number = sequence.getAsLong();
        if (sa.protocol() == Sa.Protocol.AH) {
            IpPacket sealed = transforms.ah(sa).seal(wire, number);
            sent(packet, sa, number, sealed.length());
            return Optional.of(sealed);
        }
        EspTransform esp = transforms.esp(sa);
        Octets sealed = esp.seal(wire.protocol(), wire.payload(), 0, number, ivs(sa));
        sent(packet, sa, number, encrypted(esp, sealed.length()));
        return Optional.of(isInUdp(sa) ? wire.withPayload(IpProtocol.UDP, inUdp(sa, wire.source(), wire.destination(), sealed)) : wire.withPayload(IpProtocol.ESP, sealed));
    }

    /** A fragment has no upper layer that transport mode could cover. */
    private static boolean isPiece(IpPacket packet) {
        return switch (packet) {
            case Ip6Packet ip -> ip.fragment().isPresent() && !ip.fragment().get().isWhole();
            case Ip4Packet ip -> ip.header().moreFragments() || ip.header().fragmentOffset() > 0;
        };
    }

    /**
     * @param packet its octets are those of {@code inner}
     */
    Optional<Sealed> tunnel(Packet packet, IpPacket inner, List<Sa> sas) {
        int at = 0;
        while (sas.get(at).mode() == Sa.Mode.TRANSPORT) {
            at++;
        }
        Sealed within = new Sealed(inner, packet.octets());
        if (at > 0) {
            Optional<Sealed> covered = transport(packet, inner, sas.subList(0, at));
            if (covered.isEmpty()) {
                return covered;
            }
            within = covered.get();
        }
        Sa sa = sas.get(at);
        int padded = sa.hiding().padding() == 0 ? 0 : Math.min(sa.hiding().padding(), stack.output().roomWithin(sas));
        return tunnel(packet, within, sa, padded);
    }

    /** @param padded octets up to which the inner packet is to be padded; it may be longer */
    private Optional<Sealed> tunnel(Packet packet, Sealed inner, Sa sa, int padded) {
        IpAddress source = source(sa);
        if (!TunnelHeaders.fit(env.policy(), inner.packet(), source)) {
            return refused(packet, TunnelHeaders.misfit(inner.packet(), source).by(sa));
        } else if (inner.octets().length() + MOST_OVERHEAD > LONGEST && inner.octets().length() + overhead(sa) > LONGEST) {
            return refused(packet, Verdict.drop(Reason.TOO_BIG, inner.octets().length(), LONGEST - overhead(sa)).by(sa));
        }
        OptionalLong sequence = next(packet, sa);
        if (sequence.isEmpty()) {
            return Optional.empty();
        }
        long number = sequence.getAsLong();
        int protocol = inner.packet() instanceof Ip6Packet ? IpProtocol.IP6 : IpProtocol.IP4;
        Sealed sealed = switch (sa.protocol()) {
            case AH -> {
                IpPacket outer = transforms.ah(sa).seal(TunnelHeaders.outer(inner.packet(), source, sa.destination(), protocol, inner.octets(), number), number);
                sent(packet, sa, number, outer.length());
                yield new Sealed(outer, outer.toOctets());
            }
            case ESP -> {
                Sealed made = esp(inner, sa, source, protocol, Math.max(0, padded - inner.octets().length()), number);
                sent(packet, sa, number, encrypted(sa, made));
                yield made;
            }
        };
        return Optional.of(sealed);
    }

    /**
     * Sends a packet that carries nothing, as long as padded ones are (RFC 4303 section 2.6), if this node is who sends through the SA.
     *
     * @param sa of a tunnel of ESP
     */
    void dummy(Sa sa) {
        OptionalLong sequence = stack.isOwn(sa.source()) ? sad.next(sa) : OptionalLong.empty();
        if (sequence.isEmpty()) {
            return;
        }
        long number = sequence.getAsLong();
        int length = Math.min(sa.hiding().padding() == 0 ? DUMMY : sa.hiding().padding(), stack.output().roomWithin(List.of(sa)));
        IpPacket like = switch (sa.source()) {
            case Ip6Address from -> Ip6Packet.of(from, (Ip6Address) sa.destination(), IpProtocol.NONE, Octets.EMPTY);
            case Ip4Address from -> Ip4Packet.mayBeCut(from, (Ip4Address) sa.destination(), IpProtocol.NONE, Octets.EMPTY);
        };
        Sealed made = esp(new Sealed(like, Octets.zeros(length)), sa, sa.source(), IpProtocol.NONE, 0, number);
        Packet packet = stack.packet(0, false, made.octets());
        sent(packet, sa, number, encrypted(sa, made));
        stack.output().sendTunnelled(packet, made.packet(), List.of(sa));
    }

    /** The whole packet in one buffer: the inner one is copied once, and sealed where it stands. */
    private Sealed esp(Sealed inner, Sa sa, IpAddress source, int protocol, int flowPadding, long sequence) {
        EspTransform esp = transforms.esp(sa);
        int length = inner.octets().length();
        int head = TunnelHeaders.length(source);
        int udp = isInUdp(sa) ? Udp.HEADER : 0;
        int sealedLength = esp.sealedLength(length, flowPadding);
        byte[] buffer = new byte[head + udp + sealedLength];
        inner.octets().copyTo(buffer, head + udp + esp.payloadOffset());
        esp.sealInPlace(buffer, head + udp, length, protocol, flowPadding, sequence, ivs(sa));
        Octets all = Octets.wrap(buffer);
        Octets payload = all.from(head);
        if (udp > 0) {
            inUdp(sa, source, sa.destination(), all.from(head + udp)).slice(0, udp).copyTo(buffer, head);
        }
        IpPacket outer = TunnelHeaders.outer(inner.packet(), source, sa.destination(), udp > 0 ? IpProtocol.UDP : IpProtocol.ESP, payload, sequence);
        TunnelHeaders.emit(outer, buffer);
        return new Sealed(outer, all);
    }

    /** The datagram around ESP; IPv4 does without a checksum (RFC 3948 section 2.1). */
    private static Octets inUdp(Sa sa, IpAddress source, IpAddress destination, Octets esp) {
        if (source instanceof Ip6Address) {
            return new Udp(sa.udp().source(), sa.udp().destination(), esp).toOctets(source, destination);
        }
        return new OctetWriter(Udp.HEADER + esp.length()).u16(sa.udp().source()).u16(sa.udp().destination()).u16(Udp.HEADER + esp.length()).u16(0).octets(esp)
                .toOctets();
    }

    private static boolean isInUdp(Sa sa) {
        return !sa.udp().equals(Sa.UdpPorts.NONE);
    }

    /** The outer source: the SA's, or, once this node has left that address, the one with which it reaches the far end now. */
    private IpAddress source(Sa sa) {
        return stack.isOwn(sa.source()) ? sa.source() : stack.tunnelSource(sa.destination()).orElse(sa.source());
    }

    private OptionalLong next(Packet packet, Sa sa) {
        OptionalLong sequence = sad.next(sa);
        if (sequence.isEmpty()) {
            env.said(packet, Verdict.drop(Reason.IPSEC_SEQUENCE_OVERFLOW).by(sa));
        }
        return sequence;
    }

    private void sent(Packet packet, Sa sa, long sequence, int octets) {
        sad.sent(sa, sequence, octets);
        if (env.recorder().records(packet.significant())) {
            env.said(packet, Verdict.pass(Reason.IPSEC_APPLIED, sa, Long.toUnsignedString(sequence)).by(sa));
        }
    }

    /** Of the octets from ESP header to ICV those that are encrypted, which a lifetime counts. */
    private int encrypted(Sa sa, Sealed outer) {
        return encrypted(transforms.esp(sa), outer.octets().length() - TunnelHeaders.length(outer.packet().source()) - (isInUdp(sa) ? Udp.HEADER : 0));
    }

    private static int encrypted(EspTransform esp, int sealed) {
        return sealed - esp.payloadOffset() - esp.sa().encryption().icv() - esp.sa().authentication().icv();
    }

    private IvSource ivs(Sa sa) {
        return ordinal -> env.bits(streams.computeIfAbsent(sa.id(), id -> "iv " + id), ordinal);
    }

    /** Octets that an SA adds at most. */
    int overhead(Sa sa) {
        int outer = sa.mode() == Sa.Mode.TUNNEL ? TunnelHeaders.length(sa.destination()) : 0;
        int udp = isInUdp(sa) ? Udp.HEADER : 0;
        return outer + udp + switch (sa.protocol()) {
            case ESP -> transforms.esp(sa).sealedLength(0, 0) + 1;    // of nothing, two octets stand in the padding, and one may be too many
            case AH -> transforms.ah(sa).overhead(true);
        };
    }

    private <T> Optional<T> refused(Packet packet, Verdict why) {
        env.said(packet, why);
        return Optional.empty();
    }
}
