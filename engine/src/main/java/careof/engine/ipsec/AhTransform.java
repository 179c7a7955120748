package careof.engine.ipsec;

import careof.engine.base.Ip6Address;
import careof.engine.base.Malformed;
import careof.engine.base.OctetReader;
import careof.engine.base.OctetWriter;
import careof.engine.base.Octets;
import careof.engine.crypto.PacketMac;
import careof.engine.state.Sa;
import careof.engine.wire.ip.ExtensionHeader;
import careof.engine.wire.ip.Ip4Header;
import careof.engine.wire.ip.Ip4Packet;
import careof.engine.wire.ip.Ip6Header;
import careof.engine.wire.ip.Ip6Option;
import careof.engine.wire.ip.Ip6Packet;
import careof.engine.wire.ip.IpPacket;
import careof.engine.wire.ip.IpProtocol;
import careof.engine.wire.ipsec.AhHeader;
import java.util.ArrayList;
import java.util.List;

/**
 * AH of one SA (RFC 4302): packets in wire form in, packets in wire form out. It knows no table; what it keeps derives from the SA's key. For
 * one thread.
 *
 * <p>The integrity check value covers the packet as it is when it has come to its final destination (RFC 4302 section 3.3.3.1, RFC 6275
 * sections 6.3 and 6.4): the home address is the source and the care-of address stands in the Home Address option; the home address is the
 * destination, the care-of address stands in the type 2 routing header and no segment is left. What changes on the way counts as zero.
 */
public final class AhTransform {
    /** Padding that a receiver takes between ICV and payload: enough for a header that is a multiple of 8 octets. */
    private static final int MOST_PADDING = 7;

    private final Sa sa;
    private final PacketMac mac;

    /**
     * @param sa of AH, with a key of the right length
     */
    public AhTransform(Sa sa) {
        if (sa.protocol() != Sa.Protocol.AH || !sa.authenticates()) {
            throw new IllegalArgumentException("not an SA of AH: " + sa);
        }
        this.sa = sa;
        this.mac = PacketMac.of(sa.authentication(), sa.authenticationKey());
    }

    /** The SA as it was when this was made; its addresses may have changed since. */
    public Sa sa() {
        return sa;
    }

    /** Octets that AH adds to a packet. */
    public int overhead(boolean ip6) {
        return AhHeader.length(mac.length(), ip6);
    }

    /**
     * Puts AH between the headers of a packet and its payload. In tunnel mode the packet is the outer one, with the inner as its payload.
     *
     * @param packet   in wire form, no fragment
     * @param sequence 1 and up; all 64 bits where they are extended, else below 2^32
     */
    public IpPacket seal(IpPacket packet, long sequence) {
        boolean ip6 = packet instanceof Ip6Packet;
        Octets padded = Octets.zeros(overhead(ip6) - AhHeader.FIXED);
        OctetWriter out = new OctetWriter(AhHeader.FIXED + padded.length() + packet.payload().length());
        new AhHeader(packet.protocol(), 0, sa.spi(), sequence & 0xffff_ffffL, padded).emit(out);
        byte[] protectedPart = out.octets(packet.payload()).toOctets().toArray();
        IpPacket sealed = packet.withPayload(IpProtocol.AH, Octets.wrap(protectedPart));    // the array is filled in before anyone reads it
        byte[] headers;
        try {
            headers = headers(sealed);
        } catch (Malformed e) {
            throw new IllegalArgumentException(e.getMessage());
        }
        cover(headers, protectedPart, sequence);
        mac.finish(protectedPart, AhHeader.FIXED);
        return sealed;
    }

    /**
     * Verifies a packet.
     *
     * @param packet   in wire form, its payload starts with AH of this SA
     * @param sequence as the replay window infers it: its low half is what the header says
     */
    public Unwrapped open(IpPacket packet, long sequence) {
        AhHeader header;
        byte[] headers;
        try {
            header = AhHeader.parse(new OctetReader(packet.payload()));
            headers = headers(packet);
        } catch (Malformed e) {
            return new Unwrapped.Broken(e.getMessage());
        }
        int padding = header.icv().length() - mac.length();
        if (padding < 0 || padding > MOST_PADDING) {
            return new Unwrapped.Broken("AH with an ICV of " + header.icv().length() + " octets, this SA's takes " + mac.length());
        }
        byte[] covered = packet.payload().toArray();
        byte[] found = header.icv().toArray();
        System.arraycopy(new byte[mac.length()], 0, covered, AhHeader.FIXED, mac.length());
        cover(headers, covered, sequence);
        if (!mac.verify(found, 0)) {
            return new Unwrapped.BadIcv();
        }
        return new Unwrapped.Payload(header.nextHeader(), packet.payload().from(header.length()), packet.payload(), header.length(), 0);
    }

    private void cover(byte[] headers, byte[] rest, long sequence) {
        mac.update(headers, 0, headers.length);
        mac.update(rest, 0, rest.length);
        if (sa.extendedSequence()) {    // the high half counts, though it is not on the wire (RFC 4302 section 2.5.1)
            byte[] half = new OctetWriter(4).u32(sequence >>> 32).toOctets().toArray();
            mac.update(half, 0, 4);
        }
    }

    /** The headers before AH as the ICV covers them. */
    private static byte[] headers(IpPacket packet) throws Malformed {
        return switch (packet) {
            case Ip6Packet p -> headers(p);
            case Ip4Packet p -> headers(p);
        };
    }

    private static byte[] headers(Ip6Packet packet) throws Malformed {
        Ip6Address source = packet.originalSource();
        Ip6Address destination = packet.finalDestination();
        List<ExtensionHeader> extensions = new ArrayList<>(packet.extensions().size());
        for (ExtensionHeader extension : packet.extensions()) {
            switch (extension) {
                case ExtensionHeader.HopByHop h -> extensions.add(new ExtensionHeader.HopByHop(options(h.options(), packet.source())));
                case ExtensionHeader.DestinationOptions h ->
                        extensions.add(new ExtensionHeader.DestinationOptions(options(h.options(), packet.source())));
                case ExtensionHeader.Type2Routing h ->
                        extensions.add(h.segmentsLeft() > 0 ? new ExtensionHeader.Type2Routing(0, packet.destination()) : h);
                case ExtensionHeader.UnknownRouting h -> {
                    if (h.segmentsLeft() > 0) {
                        throw new Malformed("AH behind a routing header of type " + h.type() + " under way", Ip6Header.LENGTH);
                    }
                    extensions.add(h);
                }
                case ExtensionHeader.Fragment h -> {    // one around a whole packet does not count (RFC 4302 appendix A2)
                    if (!h.isWhole()) {
                        throw new Malformed("AH in a fragment", Ip6Header.LENGTH);
                    }
                }
            }
        }
        Ip6Packet covered = new Ip6Packet(new Ip6Header(0, 0, 0, 0, 0, source, destination), extensions, packet.protocol(), packet.payload());
        OctetWriter out = new OctetWriter(covered.length() - packet.payload().length());
        covered.emitHeaders(out);
        return out.toOctets().toArray();
    }

    /** What an option's type marks as changing on the way is zero (RFC 8200 section 4.2, RFC 4302 section 3.3.3.1.2.2). */
    private static List<Ip6Option> options(List<Ip6Option> options, Ip6Address wireSource) {
        List<Ip6Option> covered = new ArrayList<>(options.size());
        for (Ip6Option option : options) {
            covered.add(switch (option) {
                case Ip6Option.HomeAddress _ -> new Ip6Option.HomeAddress(wireSource);
                case Ip6Option.Unknown o when (o.type() & 0x20) != 0 -> new Ip6Option.Unknown(o.type(), Octets.zeros(o.data().length()));
                default -> option;
            });
        }
        return covered;
    }

    private static byte[] headers(Ip4Packet packet) throws Malformed {
        Ip4Header h = packet.header();
        if (h.moreFragments() || h.fragmentOffset() > 0) {
            throw new Malformed("AH in a fragment", 6);
        }
        Ip4Header covered = new Ip4Header(0, h.totalLength(), h.identification(), false, false, 0, 0, h.protocol(), h.source(), h.destination(),
                options(h.options()));
        OctetWriter out = new OctetWriter(h.length());
        covered.emit(out);
        return out.patch16(10, 0).toOctets().toArray();
    }

    /** An option that may change on the way is zero as a whole (RFC 4302 section 3.3.3.1.1.2 and appendix A1). */
    private static Octets options(Octets options) throws Malformed {
        byte[] covered = options.toArray();
        int at = 0;
        while (at < covered.length) {
            int type = covered[at] & 0xff;
            if (type == 0) {
                break;
            }
            int length = type == 1 ? 1 : at + 1 < covered.length ? covered[at + 1] & 0xff : 0;
            if (type != 1 && length < 2 || at + length > covered.length) {
                throw new Malformed("IPv4 option of type " + type + " has length " + length, Ip4Header.LENGTH + at);
            }
            boolean immutable = switch (type) {
                case 1, 0x82, 0x85, 0x86, 0x94, 0x95 -> true;    // no operation, three of security, router alert, multi-destination delivery
                default -> false;
            };
            if (!immutable) {
                java.util.Arrays.fill(covered, at, at + length, (byte) 0);
            }
            at += length;
        }
        return Octets.wrap(covered);
    }
}
