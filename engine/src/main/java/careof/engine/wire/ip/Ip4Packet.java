package careof.engine.wire.ip;

import careof.engine.base.Ip4Address;
import careof.engine.base.Malformed;
import careof.engine.base.OctetReader;
import careof.engine.base.OctetWriter;
import careof.engine.base.Octets;
import java.util.ArrayList;
import java.util.List;

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

    /** The same, but routers may cut it; its identification is still to be set. */
    public static Ip4Packet mayBeCut(Ip4Address source, Ip4Address destination, int protocol, Octets payload) {
        Ip4Header h = Ip4Header.of(source, destination, protocol, payload.length());
        return new Ip4Packet(new Ip4Header(0, h.totalLength(), 0, false, false, 0, h.timeToLive(), protocol, source, destination, Octets.EMPTY), payload);
    }

    /** The same with other DSCP and ECN, 8 bits. */
    public Ip4Packet withTrafficClass(int value) {
        return value == trafficClass() ? this : new Ip4Packet(new Ip4Header(value, header.totalLength(), header.identification(), header.dontFragment(),
                header.moreFragments(), header.fragmentOffset(), header.timeToLive(), header.protocol(), header.source(), header.destination(), header.options()), payload);
    }

    /** Reads a packet; octets past its total length are ignored, the payload shares storage with {@code octets}. */
    public static Ip4Packet parse(Octets octets) throws Malformed {
        Ip4Header header = Ip4Header.parse(new OctetReader(octets));
        return new Ip4Packet(header, octets.slice(header.length(), header.totalLength()));
    }

    public Ip4Packet withIdentification(int value) {
        Ip4Header h = header;
        return new Ip4Packet(new Ip4Header(h.typeOfService(), h.totalLength(), value, h.dontFragment(), h.moreFragments(), h.fragmentOffset(), h.timeToLive(),
                h.protocol(), h.source(), h.destination(), h.options()), payload);
    }

    public Ip4Packet withTimeToLive(int value) {
        Ip4Header h = header;
        return new Ip4Packet(new Ip4Header(h.typeOfService(), h.totalLength(), h.identification(), h.dontFragment(), h.moreFragments(), h.fragmentOffset(), value,
                h.protocol(), h.source(), h.destination(), h.options()), payload);
    }

    /**
     * Its fragments (RFC 791 section 3.2); it may be one itself. Options without the copied flag stay with the first.
     *
     * @param mtu octets of each at most, 68 or more
     */
    public List<Ip4Packet> fragments(int mtu) {
        List<Ip4Packet> pieces = new ArrayList<>();
        Octets options = header.options();
        for (int at = 0; at < payload.length(); ) {
            int end = Math.min(payload.length(), at + (mtu - Ip4Header.LENGTH - options.length()) / 8 * 8);
            Ip4Header h = new Ip4Header(header.typeOfService(), Ip4Header.LENGTH + options.length() + end - at, header.identification(), false,
                    end < payload.length() || header.moreFragments(), header.fragmentOffset() + at, header.timeToLive(), header.protocol(), header.source(),
                    header.destination(), options);
            pieces.add(new Ip4Packet(h, payload.slice(at, end)));
            options = header.copiedOptions();
            at = end;
        }
        return pieces;
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
