package careof.engine.ipsec;

import careof.engine.base.Malformed;
import careof.engine.base.OctetReader;
import careof.engine.base.OctetWriter;
import careof.engine.base.Octets;
import careof.engine.crypto.PacketMac;
import careof.engine.state.Sa;
import careof.engine.wire.ip.Ip4Packet;
import careof.engine.wire.ip.Ip6Packet;
import careof.engine.wire.ip.IpPacket;
import careof.engine.wire.ip.IpProtocol;
import careof.engine.wire.ipsec.AhHeader;

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
        OctetWriter headers = new OctetWriter(sealed.length() - protectedPart.length);
        switch (sealed) {
            case Ip6Packet ip -> ip.emitHeaders(headers);
            case Ip4Packet ip -> ip.header().emit(headers);
        }
        try {
            cover(AhCoverage.of(sealed, headers.toOctets()), protectedPart, sequence);
        } catch (Malformed e) {
            throw new IllegalArgumentException(e.getMessage());
        }
        mac.finish(protectedPart, AhHeader.FIXED);
        return sealed;
    }

    /**
     * Verifies a packet, by its octets as they came.
     *
     * @param octets   of the packet from its IP header on, in wire form; after its extension headers AH of this SA is next
     * @param sequence as the replay window infers it: its low half is what the header says
     */
    public Unwrapped open(Octets octets, long sequence) {
        AhHeader header;
        IpPacket packet;
        byte[] headers;
        try {
            packet = IpPacket.parse(octets);
            if (packet.protocol() != IpProtocol.AH) {
                return new Unwrapped.Broken("no AH, but " + IpProtocol.name(packet.protocol()));
            }
            header = AhHeader.parse(new OctetReader(packet.payload()));
            headers = AhCoverage.of(packet, octets.slice(0, packet.length() - packet.payload().length()));
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
}
