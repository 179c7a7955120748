package careof.engine.wire.ip;

import careof.engine.base.Ip6Address;
import careof.engine.base.Malformed;
import careof.engine.base.OctetReader;
import careof.engine.base.OctetWriter;
import careof.engine.base.Octets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A whole IPv6 packet (RFC 8200): header, extension headers, and what they carry.
 *
 * <p>The chain ends at the first number that is no extension header here; AH and ESP end it too and stay in the payload.
 * It also ends at a Fragment header of a true fragment (offset not 0, or more to come): what follows is then a piece of
 * something, {@code protocol} says of what.
 *
 * @param header     its payload length and next header are set by this record from the other components
 * @param extensions at most {@link #MAX_EXTENSIONS}; Hop-by-Hop only as the first, at most one Home Address option and one
 *                   type 2 routing header
 * @param protocol   what {@code payload} is, see {@link IpProtocol}
 * @param payload    octets after the last extension header
 */
public record Ip6Packet(Ip6Header header, List<ExtensionHeader> extensions, int protocol, Octets payload) implements IpPacket {
    /** A longer chain is refused: nothing legal needs it, and reading must be bounded. */
    public static final int MAX_EXTENSIONS = 16;
    /** Hop limit of {@link #of}. */
    public static final int DEFAULT_HOP_LIMIT = 64;

    public Ip6Packet {
        extensions = List.copyOf(extensions);
        if (extensions.size() > MAX_EXTENSIONS) {
            throw new IllegalArgumentException("more than " + MAX_EXTENSIONS + " extension headers");
        }
        int length = payload.length();
        for (int i = 0; i < extensions.size(); i++) {
            ExtensionHeader extension = extensions.get(i);
            length += extension.size();
            if (i > 0 && extension instanceof ExtensionHeader.HopByHop) {
                throw new IllegalArgumentException("Hop-by-Hop Options come first or not at all");
            }
        }
        String contradiction = contradiction(extensions);
        if (contradiction != null) {
            throw new IllegalArgumentException(contradiction);
        }
        int next = extensions.isEmpty() ? protocol : extensions.getFirst().protocol();
        if (header.payloadLength() != length || header.nextHeader() != next) {
            header = header.withPayload(length, next);
        }
    }

    /** A packet without extension headers, hop limit {@link #DEFAULT_HOP_LIMIT}. */
    public static Ip6Packet of(Ip6Address source, Ip6Address destination, int protocol, Octets payload) {
        return new Ip6Packet(new Ip6Header(0, 0, payload.length(), protocol, DEFAULT_HOP_LIMIT, source, destination),
                List.of(), protocol, payload);
    }

    /**
     * Reads a packet; octets past its payload length (padding of a short Ethernet frame) are ignored, the payload shares
     * storage with {@code octets}.
     */
    public static Ip6Packet parse(Octets octets) throws Malformed {
        OctetReader whole = new OctetReader(octets);
        Ip6Header header = Ip6Header.parse(whole);
        if (header.payloadLength() > whole.remaining()) {
            throw new Malformed("payload length is " + header.payloadLength() + ", " + whole.remaining() + " octets are there", 4);
        }
        int protocol = header.nextHeader();
        if (!IpProtocol.isExtension(protocol)) {
            return new Ip6Packet(header, List.of(), protocol, whole.octets(header.payloadLength()));
        }
        Octets packet = octets.slice(0, Ip6Header.LENGTH + header.payloadLength());
        OctetReader in = new OctetReader(packet);
        in.skip(Ip6Header.LENGTH);
        List<ExtensionHeader> extensions = new ArrayList<>(2);
        boolean piece = false;
        while (!piece && IpProtocol.isExtension(protocol)) {
            int at = in.position();
            if (extensions.size() == MAX_EXTENSIONS) {
                throw new Malformed("more than " + MAX_EXTENSIONS + " extension headers", at);
            }
            if (protocol == IpProtocol.HOP_BY_HOP && !extensions.isEmpty()) {
                throw new Malformed("Hop-by-Hop Options are not the first extension header", at);
            }
            ExtensionHeader extension = ExtensionHeader.parse(protocol, in);
            extensions.add(extension);
            protocol = packet.at(at);
            piece = extension instanceof ExtensionHeader.Fragment f && !f.isWhole();
        }
        String contradiction = contradiction(extensions);
        if (contradiction != null) {
            throw new Malformed(contradiction, Ip6Header.LENGTH);
        }
        return new Ip6Packet(header, extensions, protocol, in.rest());
    }

    /**
     * Reads a packet as far as it can be read: for one that is on its way to another, whose headers after the first are none of a router's
     * business. What cannot be read is payload.
     *
     * @throws Malformed the IPv6 header itself is not right
     */
    public static Ip6Packet parsePassing(Octets octets) throws Malformed {
        try {
            return parse(octets);
        } catch (Malformed e) {
            OctetReader in = new OctetReader(octets);
            Ip6Header header = Ip6Header.parse(in);
            return new Ip6Packet(header, List.of(), header.nextHeader(), in.octets(header.payloadLength()));
        }
    }

    /** What leaves open whose packet this is (RFC 6275 sections 6.3 and 6.4), null if nothing does. */
    private static String contradiction(List<ExtensionHeader> extensions) {
        int homes = 0;
        int routes = 0;
        for (ExtensionHeader extension : extensions) {
            if (extension instanceof ExtensionHeader.Type2Routing) {
                routes++;
            } else if (extension instanceof ExtensionHeader.DestinationOptions options) {
                for (Ip6Option option : options.options()) {
                    homes += option instanceof Ip6Option.HomeAddress ? 1 : 0;
                }
            }
        }
        return homes > 1 ? "more than one Home Address option" : routes > 1 ? "more than one type 2 routing header" : null;
    }

    /** Writes the whole packet. */
    public void emit(OctetWriter out) {
        emitHeaders(out);
        out.octets(payload);
    }

    /** Writes all before the payload. */
    public void emitHeaders(OctetWriter out) {
        header.emit(out);
        for (int i = 0; i < extensions.size(); i++) {
            extensions.get(i).emit(out, i + 1 < extensions.size() ? extensions.get(i + 1).protocol() : protocol);
        }
    }

    @Override
    public Octets toOctets() {
        OctetWriter out = new OctetWriter(length());
        emit(out);
        return out.toOctets();
    }

    /** Octets of the whole packet. */
    @Override
    public int length() {
        return Ip6Header.LENGTH + header.payloadLength();
    }

    @Override
    public Ip6Address source() {
        return header.source();
    }

    @Override
    public Ip6Address destination() {
        return header.destination();
    }

    @Override
    public int trafficClass() {
        return header.trafficClass();
    }

    @Override
    public int hopLimit() {
        return header.hopLimit();
    }

    /** The same with other DSCP and ECN, 8 bits. */
    public Ip6Packet withTrafficClass(int value) {
        return value == trafficClass() ? this
                : withHeader(new Ip6Header(value, header.flowLabel(), header.payloadLength(), header.nextHeader(), header.hopLimit(), header.source(), header.destination()));
    }

    public Ip6Packet withHeader(Ip6Header value) {
        return new Ip6Packet(value, extensions, protocol, payload);
    }

    public Ip6Packet withExtensions(List<ExtensionHeader> value) {
        return new Ip6Packet(header, value, protocol, payload);
    }

    @Override
    public Ip6Packet withPayload(int newProtocol, Octets value) {
        return new Ip6Packet(header, extensions, newProtocol, value);
    }

    /** The first Home Address option of any Destination Options header. */
    public Optional<Ip6Option.HomeAddress> homeAddressOption() {
        for (ExtensionHeader extension : extensions) {
            if (extension instanceof ExtensionHeader.DestinationOptions options && options.homeAddress().isPresent()) {
                return options.homeAddress();
            }
        }
        return Optional.empty();
    }

    public Optional<ExtensionHeader.Type2Routing> type2Routing() {
        return first(ExtensionHeader.Type2Routing.class);
    }

    public Optional<ExtensionHeader.Fragment> fragment() {
        return first(ExtensionHeader.Fragment.class);
    }

    private <T extends ExtensionHeader> Optional<T> first(Class<T> kind) {
        for (ExtensionHeader extension : extensions) {
            if (kind.isInstance(extension)) {
                return Optional.of(kind.cast(extension));
            }
        }
        return Optional.empty();
    }

    /** Destination for the pseudo-header: the home address of a type 2 routing header still under way (RFC 6275 section 6.4). */
    public Ip6Address finalDestination() {
        if (extensions.isEmpty()) {
            return header.destination();
        }
        Optional<ExtensionHeader.Type2Routing> routing = type2Routing();
        return routing.isPresent() && routing.get().segmentsLeft() > 0 ? routing.get().home() : header.destination();
    }

    /**
     * Source for the pseudo-header: the home address of a Home Address option, since upper layers see the packet as from
     * there (RFC 6275 sections 6.1.1 and 11.3.1); the source field without one.
     */
    public Ip6Address originalSource() {
        if (extensions.isEmpty()) {
            return header.source();
        }
        Optional<Ip6Option.HomeAddress> home = homeAddressOption();
        return home.isPresent() ? home.get().address() : header.source();
    }
}
