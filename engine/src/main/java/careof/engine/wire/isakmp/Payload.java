package careof.engine.wire.isakmp;

import careof.engine.base.IpAddress;
import careof.engine.base.Ip4Address;
import careof.engine.base.OctetWriter;
import careof.engine.base.Octets;
import careof.engine.wire.Bits;
import java.util.List;

/** A payload of an ISAKMP message (RFC 2408 sections 3.4 to 3.16). {@link PayloadChain} says how they follow each other. */
public sealed interface Payload permits SecurityAssociation, Identification, Notification, Payload.OtherAssociation, Payload.KeyExchange,
        Payload.Certificate, Payload.CertificateRequest, Payload.Hash, Payload.Signature, Payload.Nonce, Payload.Delete, Payload.VendorId,
        Payload.NatDiscovery, Payload.NatOriginalAddress, Payload.Fragment, Payload.Unknown {
    int NONE = 0;
    int SECURITY_ASSOCIATION = 1;
    /** Only within a security association. */
    int PROPOSAL = 2;
    /** Only within a proposal. */
    int TRANSFORM = 3;
    int KEY_EXCHANGE = 4;
    int IDENTIFICATION = 5;
    int CERTIFICATE = 6;
    int CERTIFICATE_REQUEST = 7;
    int HASH = 8;
    int SIGNATURE = 9;
    int NONCE = 10;
    int NOTIFICATION = 11;
    int DELETE = 12;
    int VENDOR_ID = 13;
    /** Attributes of mode config and XAUTH; not read. */
    int ATTRIBUTES = 14;
    /** RFC 3947. */
    int NAT_DISCOVERY = 20;
    int NAT_ORIGINAL_ADDRESS = 21;
    /** Private use: Cisco's, which strongSwan sends, too. */
    int FRAGMENT = 132;

    int type();

    /** The octets behind the generic header. */
    Octets body();

    /**
     * A security association payload (type 1) of which only the DOI can be read: it is not that of IPsec, or its situation has labels of
     * secrecy or integrity (RFC 2407 section 4.6.1). It is refused with DOI-NOT-SUPPORTED or SITUATION-NOT-SUPPORTED.
     *
     * @param doi  0..2^32-1
     * @param data from the situation on
     */
    record OtherAssociation(long doi, Octets data) implements Payload {
        public OtherAssociation {
            Bits.fit32(doi, "DOI");
            if (doi == SecurityAssociation.IPSEC
                    && (data.length() < 4 || SecurityAssociation.IDENTITY_ONLY == ((long) data.u16(0) << 16 | data.u16(2)))) {
                throw new IllegalArgumentException("an association for IPsec by identity alone, or without a situation");
            }
        }

        /** What its sender is told, see {@link NotifyType}. */
        public int refusal() {
            return doi == SecurityAssociation.IPSEC ? NotifyType.SITUATION_NOT_SUPPORTED : NotifyType.DOI_NOT_SUPPORTED;
        }

        @Override
        public int type() {
            return SECURITY_ASSOCIATION;
        }

        @Override
        public Octets body() {
            return new OctetWriter().u32(doi).octets(data).toOctets();
        }
    }

    /**
     * Key exchange (section 3.7): a public value of Diffie and Hellman.
     *
     * @param data of a MODP group as long as its prime, of an ECP group x and y
     */
    record KeyExchange(Octets data) implements Payload {
        @Override
        public int type() {
            return KEY_EXCHANGE;
        }

        @Override
        public Octets body() {
            return data;
        }
    }

    /**
     * Certificate (section 3.9): {@code | encoding (1) | data |}.
     *
     * @param data of {@link #X509_SIGNATURE} one certificate in DER
     */
    record Certificate(int encoding, Octets data) implements Payload {
        public static final int PKCS7 = 1;
        public static final int PGP = 2;
        public static final int DNS_KEY = 3;
        /** A certificate of X.509 whose key signs. */
        public static final int X509_SIGNATURE = 4;
        public static final int X509_KEY_EXCHANGE = 5;
        public static final int KERBEROS = 6;
        public static final int CRL = 7;
        public static final int ARL = 8;
        public static final int SPKI = 9;
        public static final int X509_ATTRIBUTE = 10;

        public Certificate {
            Bits.fit(encoding, 8, "certificate encoding");
        }

        @Override
        public int type() {
            return CERTIFICATE;
        }

        @Override
        public Octets body() {
            return new OctetWriter(1 + data.length()).u8(encoding).octets(data).toOctets();
        }

        /** The name of an encoding. */
        public static String name(int encoding) {
            return switch (encoding) {
                case 0 -> "none";
                case PKCS7 -> "PKCS #7 wrapped X.509";
                case PGP -> "PGP";
                case DNS_KEY -> "DNS signed key";
                case X509_SIGNATURE -> "X.509 for signature";
                case X509_KEY_EXCHANGE -> "X.509 for key exchange";
                case KERBEROS -> "Kerberos tokens";
                case CRL -> "CRL";
                case ARL -> "ARL";
                case SPKI -> "SPKI";
                case X509_ATTRIBUTE -> "X.509 attribute";
                default -> "encoding " + encoding;
            };
        }
    }

    /**
     * Certificate request (section 3.10): {@code | type (1) | authority |}.
     *
     * @param encoding  as of {@link Certificate}
     * @param authority the distinguished name of an acceptable one in DER; empty: any
     */
    record CertificateRequest(int encoding, Octets authority) implements Payload {
        public CertificateRequest {
            Bits.fit(encoding, 8, "certificate type");
        }

        @Override
        public int type() {
            return CERTIFICATE_REQUEST;
        }

        @Override
        public Octets body() {
            return new OctetWriter(1 + authority.length()).u8(encoding).octets(authority).toOctets();
        }
    }

    /** Hash (section 3.11). */
    record Hash(Octets data) implements Payload {
        @Override
        public int type() {
            return HASH;
        }

        @Override
        public Octets body() {
            return data;
        }
    }

    /** Signature (section 3.12). */
    record Signature(Octets data) implements Payload {
        @Override
        public int type() {
            return SIGNATURE;
        }

        @Override
        public Octets body() {
            return data;
        }
    }

    /**
     * Nonce (section 3.13).
     *
     * @param data 8 to 256 octets (RFC 2409 section 5); any length is read
     */
    record Nonce(Octets data) implements Payload {
        @Override
        public int type() {
            return NONCE;
        }

        @Override
        public Octets body() {
            return data;
        }
    }

    /**
     * Delete (section 3.15).
     *
     * <pre>
     *   0   | DOI (4)                                         |
     *   4   | protocol (1) | SPI size (1) | number of SPIs (2) |
     *   8   | SPIs ...                                        |
     * </pre>
     *
     * @param doi      0..2^32-1
     * @param protocol see {@link SecurityProtocol}
     * @param spiSize  octets of each SPI: 16, both cookies, of ISAKMP, 4 of AH and ESP; 0 only where there is no SPI
     */
    record Delete(long doi, int protocol, int spiSize, List<Octets> spis) implements Payload {
        public Delete {
            Bits.fit32(doi, "DOI");
            Bits.fit(protocol, 8, "protocol");
            Bits.fit(spiSize, 8, "SPI size");
            spis = List.copyOf(spis);
            for (Octets spi : spis) {
                if (spi.length() != spiSize || spiSize == 0) {
                    throw new IllegalArgumentException("an SPI of " + spi.length() + " octets where the size is " + spiSize);
                }
            }
        }

        @Override
        public int type() {
            return DELETE;
        }

        @Override
        public Octets body() {
            OctetWriter out = new OctetWriter(8 + spiSize * spis.size());
            out.u32(doi).u8(protocol).u8(spiSize).u16(Bits.fit(spis.size(), 16, "number of SPIs"));
            spis.forEach(out::octets);
            return out.toOctets();
        }
    }

    /** Vendor ID (section 3.16), see {@link VendorIds}. */
    record VendorId(Octets data) implements Payload {
        @Override
        public int type() {
            return VENDOR_ID;
        }

        @Override
        public Octets body() {
            return data;
        }
    }

    /** NAT discovery (RFC 3947 section 3.2): a hash of cookies, address and port of one end as that end sees them. */
    record NatDiscovery(Octets data) implements Payload {
        @Override
        public int type() {
            return NAT_DISCOVERY;
        }

        @Override
        public Octets body() {
            return data;
        }
    }

    /** NAT original address (RFC 3947 section 5.2): {@code | ID type (1), of one address | reserved (3) | address |}. */
    record NatOriginalAddress(IpAddress address) implements Payload {
        @Override
        public int type() {
            return NAT_ORIGINAL_ADDRESS;
        }

        @Override
        public Octets body() {
            return new OctetWriter().u8(address instanceof Ip4Address ? Identification.IPV4_ADDR : Identification.IPV6_ADDR).u24(0).address(address)
                    .toOctets();
        }
    }

    /**
     * A piece of a message that is too long for one datagram: {@code | fragment id (2) | number (1) | flags (1) | data |}, alone in its message. Put
     * together by number, the pieces of one id are a whole ISAKMP message with a header of its own.
     *
     * @param id     the same for all pieces of a message; strongSwan always takes 1
     * @param number 1..255
     * @param flags  {@link #LAST}
     */
    record Fragment(int id, int number, int flags, Octets data) implements Payload {
        /** Flag: there is no further one. */
        public static final int LAST = 1;

        public Fragment {
            Bits.fit(id, 16, "fragment id");
            Bits.fit(number, 8, "fragment number");
            Bits.fit(flags, 8, "fragment flags");
        }

        public boolean isLast() {
            return (flags & LAST) != 0;
        }

        @Override
        public int type() {
            return FRAGMENT;
        }

        @Override
        public Octets body() {
            return new OctetWriter(4 + data.length()).u16(id).u8(number).u8(flags).octets(data).toOctets();
        }
    }

    /**
     * A payload of any other type.
     *
     * @param type 1..255, none of those above
     */
    record Unknown(int type, Octets body) implements Payload {
        public Unknown {
            Bits.fit(type, 8, "payload type");
            if (type == NONE || PayloadReader.isRead(type)) {
                throw new IllegalArgumentException("payload type " + type + " is known");
            }
        }
    }

    /** The name of a type. */
    static String name(int type) {
        return switch (type) {
            case NONE -> "none";
            case SECURITY_ASSOCIATION -> "Security Association";
            case PROPOSAL -> "Proposal";
            case TRANSFORM -> "Transform";
            case KEY_EXCHANGE -> "Key Exchange";
            case IDENTIFICATION -> "Identification";
            case CERTIFICATE -> "Certificate";
            case CERTIFICATE_REQUEST -> "Certificate Request";
            case HASH -> "Hash";
            case SIGNATURE -> "Signature";
            case NONCE -> "Nonce";
            case NOTIFICATION -> "Notification";
            case DELETE -> "Delete";
            case VENDOR_ID -> "Vendor ID";
            case ATTRIBUTES -> "Attributes";
            case NAT_DISCOVERY -> "NAT Discovery";
            case NAT_ORIGINAL_ADDRESS -> "NAT Original Address";
            case FRAGMENT -> "Fragment";
            default -> "payload type " + type;
        };
    }
}
