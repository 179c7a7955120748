package careof.engine.wire.ip;

import careof.engine.base.Ip4Address;
import careof.engine.base.Malformed;
import careof.engine.base.OctetReader;
import careof.engine.base.OctetWriter;
import careof.engine.base.Octets;

/**
 * A whole IPv4 packet (RFC 791), or a fragment of one.
 *
 * @param header  its total length is set by this record
 * @param payload at most 65535 octets with the header
 */
public record Ip4Packet(Ip4Header header, Octets payload) implements IpPacket {
    public Ip4Packet {
        int length = header.length() + payload.length();
        if (header.totalLength() != length) {
            header = new Ip4Header(header.typeOfService(), length, header.identification(), header.dontFragment(), header.moreFragments(),
                    header.fragmentOffset(), header.timeToLive(), header.protocol(), header.source(), header.destination(), header.options());
        }
    }

    /** A packet without options that may not be fragmented; time to live 64. */
    public static Ip4Packet of(Ip4Address source, Ip4Address destination, int protocol, Octets payload) {
        return new Ip4Packet(Ip4Header.of(source, destination, protocol, payload.length()), payload);
    }

    /** Reads a packet; octets past its total length are ignored, the payload shares storage with {@code octets}. */
    public static Ip4Packet parse(Octets octets) throws Malformed {
        Ip4Header header = Ip4Header.parse(new OctetReader(octets));
        return new Ip4Packet(header, octets.slice(header.length(), header.totalLength()));
    }

    @Override
    public Ip4Address source() {
        return header.source();
    }

    @Override
    public Ip4Address destination() {
        return header.destination();
    }

    @Override
    public int protocol() {
        return header.protocol();
    }

    @Override
    public int length() {
        return header.totalLength();
    }

    @Override
    public int trafficClass() {
        return header.typeOfService();
    }

    @Override
    public int hopLimit() {
        return header.timeToLive();
    }

    @Override
    public Ip4Packet withPayload(int protocol, Octets value) {
        return new Ip4Packet(new Ip4Header(header.typeOfService(), header.length() + value.length(), header.identification(), header.dontFragment(),
                header.moreFragments(), header.fragmentOffset(), header.timeToLive(), protocol, header.source(), header.destination(), header.options()),
                value);
    }

    @Override
    public Octets toOctets() {
        OctetWriter out = new OctetWriter(length());
        header.emit(out);
        return out.octets(payload).toOctets();
    }
}
