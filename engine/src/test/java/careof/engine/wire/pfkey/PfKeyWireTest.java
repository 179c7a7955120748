package careof.engine.wire.pfkey;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import careof.engine.base.IpAddress;
import careof.engine.base.Malformed;
import careof.engine.base.OctetWriter;
import careof.engine.base.Octets;
import careof.engine.wire.Arbitrary;
import careof.engine.wire.Laws;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PfKeyWireTest {
    private static final IpAddress US = IpAddress.parse("fd01::1");
    private static final IpAddress THEM = IpAddress.parse("fd01::2");
    private static final String US_SOCKET = "0a000000 00000000 fd010000000000000000000000000001 00000000";
    private static final String THEM_SOCKET = "0a000000 00000000 fd010000000000000000000000000002 00000000";

    /** What Linux 6.1 answered to an ADD of ESP with NULL encryption and HMAC-SHA1. */
    private static final Octets ADDED = Octets.hex("02030003 2500 0000 05000000 00000000"
            + "02000100 00001005 2001030b 00000000"
            + "0400030000000000" + "0000000000000000".repeat(3)
            + "0400040000000000" + "0000000000000000".repeat(3)
            + "0400020000000000 0000000000000000 4117066b00000000 0000000000000000"
            + "0500050000800000" + US_SOCKET + "00000000"
            + "0500060000800000" + THEM_SOCKET + "00000000"
            + "05000700ff000000 0a000000" + "00000000".repeat(7)
            + "04000800a0000000" + "0000000000000000".repeat(3)
            + "0200130001000000 0000000000000000");

    @Test
    void whatLinuxAnsweredIsRead() throws Malformed {
        PfKeyMessage added = PfKeyMessage.parse(ADDED);
        assertEquals(ADDED, added.toOctets());
        assertEquals(PfKeyMessage.ADD, added.type());
        assertEquals(PfKeyMessage.ESP, added.saType());
        assertEquals(5, added.sequence());
        assertEquals(new PfKeyExtension.Association(0x1005, 32, 1, 3, 11, 0), added.find(PfKeyExtension.Association.class).orElseThrow());
        assertEquals(new PfKeyExtension.Lifetime(PfKeyExtension.LIFETIME_CURRENT, 0, 0, 0x6b061741L, 0),
                added.find(PfKeyExtension.Lifetime.class, PfKeyExtension.LIFETIME_CURRENT).orElseThrow());
        assertEquals(THEM, added.address(PfKeyExtension.ADDRESS_DST).orElseThrow().socket().address());
        assertEquals(255, added.address(PfKeyExtension.ADDRESS_PROXY).orElseThrow().protocol());
        assertEquals(160, added.find(PfKeyExtension.Key.class, PfKeyExtension.KEY_AUTH).orElseThrow().bits());
        assertEquals(new PfKeyExtension.Sa2(PolicyExtension.TRANSPORT, 0, 0), added.find(PfKeyExtension.Sa2.class).orElseThrow());
    }

    private static void written(String hex, PfKeyExtension extension) throws Malformed {
        OctetWriter out = new OctetWriter();
        extension.emit(out);
        assertEquals(Octets.hex(hex), out.toOctets());
        assertEquals(extension, PfKeyExtension.parse(out.toOctets()));
    }

    /** Octets by hand from the structures of the headers: numbers of the host little-endian, SPIs, ports and addresses in network order. */
    @Test
    void layoutsAreThoseOfTheLinuxHeaders() throws Malformed {
        written("0200 0100 12345678 40 01 05 0c 00040000", new PfKeyExtension.Association(0x12345678L, 64, 1, 5, 12, 0x400));
        written("0400 0300 01000000 e803000000000000 3c00000000000000 0500000000000000",
                new PfKeyExtension.Lifetime(PfKeyExtension.LIFETIME_HARD, 1, 1000, 60, 5));
        written("0300 0500 11 20 0000 0200 01f4 c0000201 0000000000000000",
                new PfKeyExtension.Address(PfKeyExtension.ADDRESS_SRC, 17, 32, new SocketAddress(IpAddress.parse("192.0.2.1"), 500)));
        written("0500 0600 87 80 0000 0a00 0005 00000000 fd010000000000000000000000000002 00000000 00000000",
                new PfKeyExtension.Address(PfKeyExtension.ADDRESS_DST, 135, 128, new SocketAddress(THEM, 5)));
        written("0400 0800 a000 0000 0102030405060708090a0b0c0d0e0f1011121314 00000000",
                PfKeyExtension.Key.of(PfKeyExtension.KEY_AUTH, Octets.hex("0102030405060708090a0b0c0d0e0f1011121314")));
        written("0100 0900 0000 0000", PfKeyExtension.Key.of(PfKeyExtension.KEY_ENCRYPT, Octets.EMPTY));
        written("0300 0a00 0200 0000 0700000000000000 6d6e2e6578000000", new PfKeyExtension.Identity(10, 2, 7, Octets.hex("6d6e2e6578000000")));
        written("0200 1000 00010000 ffffff0f 00000000", new PfKeyExtension.SpiRange(0x100, 0xfffffff));
        written("0200 1300 02 000000 00000000 05000000", new PfKeyExtension.Sa2(PolicyExtension.TUNNEL, 0, 5));
        written("0100 1400 02 000000", new PfKeyExtension.NatType(2));
        written("0100 1500 1194 0000", new PfKeyExtension.NatPort(PfKeyExtension.X_NAT_T_SPORT, 4500));
        written("0800 1900 00000000" + US_SOCKET + THEM_SOCKET, new PfKeyExtension.KmAddress(new SocketAddress(US, 0), new SocketAddress(THEM, 0)));
        written("0200 0f00 00000000 0c 08 8000 0001 0000", new PfKeyExtension.Supported(15, List.of(new PfKeyExtension.Algorithm(12, 8, 128, 256))));
        written("0200 0280 65746830 3100000000000000", new PfKeyExtension.Interface("eth01"));
    }

    @Test
    void requestsCountOctetsAndTheirAddressesTouch() throws Malformed {
        PolicyExtension.Ends ends = new PolicyExtension.Ends(new SocketAddress(US, 0), new SocketAddress(THEM, 0));
        written("0d00 1200 0200 02 00 11000000 e8030000"
                + "1000 3300 01 02 0000 00000000 00000000"
                + "4800 3200 02 03 0000 05000000 00000000" + US_SOCKET + THEM_SOCKET,
                new PolicyExtension(PolicyExtension.IPSEC, PolicyExtension.OUTBOUND, 17, 1000, List.of(
                        new PolicyExtension.Request(51, PolicyExtension.TRANSPORT, 2, 0, Optional.empty()),
                        new PolicyExtension.Request(50, PolicyExtension.TUNNEL, 3, 5, Optional.of(ends)))));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void whatIsWrittenIsReadAgain(long seed) throws Malformed {
        Arbitrary any = new Arbitrary(seed);
        ArbitraryPfKey pfKey = new ArbitraryPfKey(any);
        for (int i = 0; i < 5000; i++) {
            PfKeyMessage message = pfKey.message();
            Octets octets = message.toOctets();
            assertEquals(message, PfKeyMessage.parse(octets));
            assertEquals(message.size(), octets.length());
            assertEquals(0, octets.length() % 8);
            PfKeyExtension extension = pfKey.extension(i % ArbitraryPfKey.KINDS);
            Laws.writtenThenRead(extension, PfKeyExtension::emit, in -> PfKeyExtension.parse(in.rest()));
            assertEquals(0, extension.size() % 8);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void badOctetsAreMalformedOrStable(long seed) {
        Arbitrary any = new Arbitrary(seed);
        ArbitraryPfKey pfKey = new ArbitraryPfKey(any);
        int read = 0;
        for (int i = 0; i < 20000; i++) {
            Octets octets = i % 8 == 0 ? any.octets(any.below(80)) : pfKey.damaged();
            if (octets.length() >= 16 && i % 2 == 0) {    // a right header, so that what follows is read
                octets = octets.slice(0, octets.length() & ~7);
                octets = new OctetWriter().octets(octets).patch8(0, 2).patch8(1, 1 + i % 24).patch8(4, octets.length() / 8).patch8(5, octets.length() / 8 >> 8)
                        .toOctets();
            }
            read += Laws.malformedOrStable(octets, PfKeyMessage::parse, PfKeyMessage::toOctets) ? 1 : 0;
        }
        assertTrue(read > 3000, "only " + read + " were readable: the property was hardly tested");
    }

    @Test
    void wrongLengthsNameTheirPlace() {
        at(4, ADDED.slice(0, ADDED.length() - 8));
        at(0, patched(0, 3));
        at(1, patched(1, 25));
        at(16, patched(16, 0));
        at(16, patched(16, 0xff));
        at(24, patched(16, 1));
        at(18, patched(18, 0));
        at(136, patched(136, 3));
        at(168, patched(170, 5));
    }

    private static Octets patched(int at, int value) {
        return new OctetWriter().octets(ADDED).patch8(at, value).toOctets();
    }

    private static void at(int offset, Octets octets) {
        Malformed thrown = assertThrows(Malformed.class, () -> PfKeyMessage.parse(octets));
        assertEquals(offset, thrown.at(), thrown.getMessage());
    }

    @Test
    void keysStaySecretInTexts() {
        PfKeyExtension.Key key = PfKeyExtension.Key.of(PfKeyExtension.KEY_AUTH, Octets.hex("c0ffee"));
        assertFalse((key + " " + PfKeyMessage.of(PfKeyMessage.ADD, PfKeyMessage.ESP, key)).contains("c0ffee"));
    }

    @Test
    void manyUnknownExtensionsOfOneTypeAreRefusedQuickly() {
        Octets one = Octets.hex("0100ff7700000000");
        OctetWriter out = new OctetWriter().octets(PfKeyMessage.of(PfKeyMessage.ADD, PfKeyMessage.ESP).toOctets()).octets(one).octets(one);
        assertThrows(Malformed.class, () -> PfKeyMessage.parse(out.patch8(4, 4).toOctets()));
    }
}
