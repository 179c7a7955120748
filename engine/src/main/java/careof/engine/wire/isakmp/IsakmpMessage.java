package careof.engine.wire.isakmp;

import careof.engine.base.Malformed;
import careof.engine.base.OctetWriter;
import careof.engine.base.Octets;
import careof.engine.wire.ip.Udp;
import careof.engine.wire.ipsec.UdpEncapsulation;
import java.util.List;
import java.util.Optional;

/**
 * A whole ISAKMP message, the data of one UDP datagram of port 500 (RFC 2408 section 3): its header, and payloads or what they are encrypted to.
 *
 * @param header whose length is that of header and body
 * @param body   all behind the header, as it stands on the wire
 */
public record IsakmpMessage(IsakmpHeader header, Octets body) {
    /** Octets of the longest message, which the longest datagram of IPv4 and IPv6 holds. */
    public static final int MAX = 65535 - 8;

    public IsakmpMessage {
        if (header.length() != IsakmpHeader.LENGTH + body.length()) {
            throw new IllegalArgumentException("the header says " + header.length() + " octets, not " + (IsakmpHeader.LENGTH + body.length()));
        }
    }

    /** A message in the clear: next payload and length of {@code header} are filled in, its encryption flag is cleared. */
    public static IsakmpMessage clear(IsakmpHeader header, List<Payload> payloads) {
        Octets body = PayloadChain.emit(payloads);
        return new IsakmpMessage(header.withNextPayload(PayloadChain.firstType(payloads)).withFlags(header.flags() & ~IsakmpHeader.ENCRYPTION)
                .withLength(IsakmpHeader.LENGTH + body.length()), body);
    }

    /**
     * An encrypted message.
     *
     * @param header    its length is filled in, its encryption flag is set; the next payload is that of the first payload within
     * @param encrypted whole blocks of the cipher
     */
    public static IsakmpMessage encrypted(IsakmpHeader header, Octets encrypted) {
        return new IsakmpMessage(header.withFlags(header.flags() | IsakmpHeader.ENCRYPTION).withLength(IsakmpHeader.LENGTH + encrypted.length()),
                encrypted);
    }

    /**
     * Reads the header and checks what must hold before anything else (RFC 2408 section 5.2); payloads are read by {@link #chain()}.
     *
     * @throws Malformed at offset 17 if the major version is not 1 (INVALID-MAJOR-VERSION), at offset 24 if the length is not that of the octets
     *                   (UNEQUAL-PAYLOAD-LENGTHS), at the end if there is no whole header
     */
    public static IsakmpMessage parse(Octets udpPayload) throws Malformed {
        IsakmpHeader header = IsakmpHeader.parse(udpPayload);
        if (header.majorVersion() != 1) {
            throw new Malformed("major version " + header.majorVersion() + " of ISAKMP is not 1", 17);
        }
        if (header.length() != udpPayload.length()) {
            throw new Malformed("ISAKMP length is " + header.length() + ", " + udpPayload.length() + " octets are there", 24);
        }
        return new IsakmpMessage(header, udpPayload.from(IsakmpHeader.LENGTH));
    }

    /**
     * What should be an ISAKMP message in a whole UDP datagram: the data behind either port 500, or behind the marker of either port 4500
     * (RFC 3948 section 2.2).
     *
     * @param datagram from its header on
     */
    public static Optional<Octets> inUdp(Octets datagram) {
        if (datagram.length() < Udp.HEADER) {
            return Optional.empty();
        }
        Octets data = datagram.slice(Udp.HEADER, Math.clamp(datagram.u16(4), Udp.HEADER, datagram.length()));
        return inUdp(datagram.u16(0), datagram.u16(2), data);
    }

    /** The same of the data of a datagram between two ports. */
    public static Optional<Octets> inUdp(int source, int destination, Octets data) {
        if (source == IsakmpHeader.PORT || destination == IsakmpHeader.PORT) {
            return Optional.of(data);
        }
        boolean marked = (source == UdpEncapsulation.PORT || destination == UdpEncapsulation.PORT) && data.length() >= 4 && data.u16(0) == 0
                && data.u16(2) == 0;
        return marked ? Optional.of(data.from(4)) : Optional.empty();
    }

    public Octets toOctets() {
        OctetWriter out = new OctetWriter(IsakmpHeader.LENGTH + body.length());
        header.emit(out);
        return out.octets(body).toOctets();
    }

    public boolean isEncrypted() {
        return header.isEncrypted();
    }

    /**
     * The payloads of a message in the clear. Some daemons pad it to a multiple of 4 octets: up to three zeros may follow.
     *
     * @throws Malformed with offsets from the start of the header; of an encrypted message always
     */
    public PayloadChain chain() throws Malformed {
        if (isEncrypted()) {
            throw new Malformed("payloads are encrypted", IsakmpHeader.LENGTH);
        }
        PayloadChain chain;
        try {
            chain = PayloadChain.parse(header.nextPayload(), body);
        } catch (Malformed e) {
            throw new Malformed(e.getMessage(), IsakmpHeader.LENGTH + e.at());
        }
        Octets padding = chain.padding();
        if (!padding.equals(Octets.zeros(padding.length())) || padding.length() > 3) {
            throw new Malformed(padding.length() + " octets follow the last payload", (int) header.length() - padding.length());
        }
        return chain;
    }
}
