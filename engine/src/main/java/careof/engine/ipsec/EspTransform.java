package careof.engine.ipsec;

import careof.engine.base.Octets;
import careof.engine.crypto.Encryption;
import careof.engine.crypto.PacketCipher;
import careof.engine.crypto.PacketMac;
import careof.engine.state.Sa;
import careof.engine.wire.ip.IpProtocol;
import careof.engine.wire.ipsec.EspHeader;

/**
 * ESP of one SA (RFC 4303): octets in, octets out. It knows no table; what it keeps derives from the SA's keys, so a second one for the same
 * SA does the same. For one thread.
 *
 * <p>{@link #seal(int, Octets, int, long, IvSource)} is the plain way. The fast one lays a packet out once: make a buffer with room for the
 * headers before and {@link #sealedLength} octets, put the payload {@link #payloadOffset} octets into these, and {@link #sealInPlace}.
 */
public final class EspTransform {
    private final Sa sa;
    private final PacketCipher cipher;
    private final PacketMac mac;
    private final int unit;
    private final int icv;
    /** Scratch for {@link #also(byte[], int, long)}. */
    private final byte[] also;

    /**
     * @param sa of ESP, with keys of the right lengths
     */
    public EspTransform(Sa sa) {
        if (sa.protocol() != Sa.Protocol.ESP) {
            throw new IllegalArgumentException("not an SA of ESP: " + sa);
        }
        this.sa = sa;
        this.cipher = new PacketCipher(sa.encryption(), sa.encryptionKey());
        this.mac = PacketMac.of(sa.authentication(), sa.authenticationKey());
        this.unit = Math.max(4, sa.encryption().block());
        this.icv = sa.encryption().icv() + mac.length();
        this.also = new byte[sa.extendedSequence() ? 12 : 8];
    }

    /** The SA as it was when this was made; its addresses may have changed since. */
    public Sa sa() {
        return sa;
    }

    /** Octets from the ESP header to the payload: header and IV. */
    public int payloadOffset() {
        return EspHeader.LENGTH + sa.encryption().iv();
    }

    /**
     * Octets that a payload takes once sealed, from the ESP header to the end of the ICV.
     *
     * @param length      of the payload
     * @param flowPadding octets that hide the length (RFC 4303 section 2.7), only where the payload tells its own length: in tunnel mode
     */
    public int sealedLength(int length, int flowPadding) {
        int encrypted = (length + flowPadding + EspHeader.TRAILER + unit - 1) / unit * unit;
        return payloadOffset() + encrypted + icv;
    }

    /** Seals a payload; the result starts with the ESP header. */
    public Octets seal(int nextHeader, Octets payload, int flowPadding, long sequence, IvSource ivs) {
        byte[] packet = new byte[sealedLength(payload.length(), flowPadding)];
        payload.copyTo(packet, payloadOffset());
        sealInPlace(packet, 0, payload.length(), nextHeader, flowPadding, sequence, ivs);
        return Octets.wrap(packet);
    }

    /** A packet that carries nothing and is thrown away where it arrives (RFC 4303 section 2.6), as long as one with {@code length} octets. */
    public Octets dummy(int length, long sequence, IvSource ivs) {
        return seal(IpProtocol.NONE, Octets.zeros(length), 0, sequence, ivs);
    }

    /**
     * Seals where the payload stands.
     *
     * @param buffer      holds {@link #sealedLength} octets from {@code at}; the payload stands {@link #payloadOffset} octets further on, all
     *                    after it is zero
     * @param at          of the ESP header
     * @param length      of the payload, octets
     * @param nextHeader  what the payload is
     * @param flowPadding see {@link #sealedLength}
     * @param sequence    1 and up; all 64 bits where they are extended, else below 2^32
     */
    public void sealInPlace(byte[] buffer, int at, int length, int nextHeader, int flowPadding, long sequence, IvSource ivs) {
        put32(buffer, at, sa.spi());
        put32(buffer, at + 4, sequence);
        int iv = at + EspHeader.LENGTH;
        initialize(buffer, iv, sequence, ivs);
        int start = at + payloadOffset();
        int end = at + sealedLength(length, flowPadding) - icv;
        int padding = end - start - length - flowPadding - EspHeader.TRAILER;
        for (int i = 1; i <= padding; i++) {
            buffer[end - EspHeader.TRAILER - padding - 1 + i] = (byte) i;
        }
        buffer[end - 2] = (byte) padding;
        buffer[end - 1] = (byte) nextHeader;
        cipher.encrypt(buffer, iv, start, end, also(buffer, at, sequence));
        if (mac.length() > 0) {
            mac.update(buffer, at, end);
            high(sequence);
            mac.finish(buffer, end);
        }
    }

    /** CBC wants what nobody can foretell (RFC 3602 section 3), the others what never comes twice (RFC 3686 section 3.1, RFC 4106 section 3.1). */
    private void initialize(byte[] buffer, int iv, long sequence, IvSource ivs) {
        switch (sa.encryption()) {
            case NONE, NULL -> { }
            case DES_CBC, DES3_CBC -> put64(buffer, iv, ivs.bits(2 * sequence - 1));
            case AES_CBC -> {
                put64(buffer, iv, ivs.bits(2 * sequence - 1));
                put64(buffer, iv + 8, ivs.bits(2 * sequence));
            }
            case AES_CTR, AES_GCM -> put64(buffer, iv, sequence);
        }
    }

    /** What AES-GCM authenticates besides (RFC 4106 section 5): SPI and sequence number, with its high half where it is extended. */
    private byte[] also(byte[] packet, int at, long sequence) {
        if (sa.encryption() == Encryption.AES_GCM) {
            System.arraycopy(packet, at, also, 0, 4);
            if (sa.extendedSequence()) {
                put32(also, 4, sequence >>> 32);
            }
            System.arraycopy(packet, at + 4, also, also.length - 4, 4);
        }
        return also;
    }

    /** The high half of an extended sequence number goes into the ICV, though not on the wire (RFC 4303 section 2.2.1). */
    private void high(long sequence) {
        if (sa.extendedSequence()) {
            byte[] half = new byte[4];
            put32(half, 0, sequence >>> 32);
            mac.update(half, 0, 4);
        }
    }

    /**
     * Opens what {@link #seal} made, if it is for this SA: verifies first, decrypts then.
     *
     * @param esp      from the ESP header to the end of the packet
     * @param sequence as the replay window infers it: its low half is what the header says
     */
    public Unwrapped open(Octets esp, long sequence) {
        int start = payloadOffset();
        int end = esp.length() - icv;
        int encrypted = end - start;
        if (encrypted < EspHeader.TRAILER) {
            return new Unwrapped.Broken("ESP of " + esp.length() + " octets, this SA takes at least " + (start + EspHeader.TRAILER + icv));
        }
        if (encrypted % unit != 0) {
            return new Unwrapped.Broken("what is encrypted takes " + encrypted + " octets, no multiple of " + unit);
        }
        byte[] packet = esp.toArray();
        if (mac.length() > 0) {
            mac.update(packet, 0, end);
            high(sequence);
            if (!mac.verify(packet, end)) {
                return new Unwrapped.BadIcv();
            }
        }
        if (!cipher.decrypt(packet, EspHeader.LENGTH, start, end, also(packet, 0, sequence))) {
            return new Unwrapped.BadIcv();
        }
        int padding = packet[end - 2] & 0xff;
        int stop = end - EspHeader.TRAILER - padding;
        if (stop < start) {
            return new Unwrapped.BadPadding(padding + " octets of padding in " + encrypted);
        }
        for (int i = 1; i <= padding; i++) {
            if (packet[stop + i - 1] != (byte) i) {
                return new Unwrapped.BadPadding("octet " + i + " of the padding is " + (packet[stop + i - 1] & 0xff));
            }
        }
        Octets clear = Octets.wrap(packet);
        return new Unwrapped.Payload(packet[end - 1] & 0xff, clear.slice(start, stop), clear, start, padding);
    }

    private static void put32(byte[] target, int at, long value) {
        for (int i = 0; i < 4; i++) {
            target[at + i] = (byte) (value >>> 24 - 8 * i);
        }
    }

    private static void put64(byte[] target, int at, long value) {
        put32(target, at, value >>> 32);
        put32(target, at + 4, value);
    }
}
