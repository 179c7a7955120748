package careof.engine.wire.ipsec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import careof.engine.base.Malformed;
import careof.engine.base.OctetReader;
import careof.engine.base.OctetWriter;
import careof.engine.base.Octets;
import careof.engine.wire.Arbitrary;
import careof.engine.wire.Laws;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IpsecWireTest {
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void writtenThenRead(long seed) throws Malformed {
        Arbitrary any = new Arbitrary(seed);
        for (int i = 0; i < 200; i++) {
            Laws.writtenThenRead(any.esp(), EspHeader::emit, EspHeader::parse);
            Laws.writtenThenRead(any.ah(), AhHeader::emit, AhHeader::parse);
            UdpEncapsulation udp = any.udpEncapsulation();
            assertEquals(udp, UdpEncapsulation.parse(udp.toOctets()));
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void badOctetsAreMalformedOrStable(long seed) {
        Arbitrary any = new Arbitrary(seed);
        int stable = 0;
        for (int i = 0; i < 500; i++) {
            OctetWriter out = new OctetWriter();
            any.ah().emit(out);
            stable += Laws.malformedOrStable(any.mutated(out.toOctets()), octets -> AhHeader.parse(new OctetReader(octets)), IpsecWireTest::octets) ? 1 : 0;
            stable += Laws.malformedOrStable(any.mutated(any.udpEncapsulation().toOctets()), UdpEncapsulation::parse, UdpEncapsulation::toOctets) ? 1 : 0;
        }
        assertTrue(stable > 100);
    }

    private static Octets octets(AhHeader header) {
        OctetWriter out = new OctetWriter();
        header.emit(out);
        return out.toOctets();
    }

    /** Octet for octet as RFC 4302 section 2 draws it. */
    @Test
    void ahOnTheWire() throws Malformed {
        Octets octets = Octets.hex("3b04abcd" + "12345678" + "9abcdef0" + "0102030405060708090a0b0c");
        AhHeader header = AhHeader.parse(new OctetReader(octets));
        assertEquals(new AhHeader(59, 0xabcd, 0x12345678L, 0x9abcdef0L, Octets.hex("0102030405060708090a0b0c")), header);
        assertEquals(octets, octets(header));
        assertEquals(List.of(24, 24, 32, 28), List.of(AhHeader.length(12, true), AhHeader.length(12, false), AhHeader.length(16, true),
                AhHeader.length(16, false)));
        assertEquals("AH says 8 octets, 24 are left",
                assertThrows(Malformed.class, () -> AhHeader.parse(new OctetReader(Octets.hex("3b00" + octets.toHex().substring(4))))).getMessage());
        assertThrows(Malformed.class, () -> AhHeader.parse(new OctetReader(octets.slice(0, 23))));
        assertThrows(IllegalArgumentException.class, () -> new AhHeader(59, 0, 1, 1, Octets.zeros(13)));
    }

    @Test
    void udpTellsIkeFromEsp() throws Malformed {
        assertEquals(new UdpEncapsulation.Keepalive(), UdpEncapsulation.parse(Octets.of(0xff)));
        assertEquals(new UdpEncapsulation.Ike(Octets.hex("aabb")), UdpEncapsulation.parse(Octets.hex("00000000aabb")));
        assertEquals(new UdpEncapsulation.Esp(Octets.hex("0000000100000002cc")), UdpEncapsulation.parse(Octets.hex("0000000100000002cc")));
        assertThrows(Malformed.class, () -> UdpEncapsulation.parse(Octets.EMPTY));
        assertThrows(Malformed.class, () -> UdpEncapsulation.parse(Octets.hex("00000001000000")));
        assertThrows(IllegalArgumentException.class, () -> new UdpEncapsulation.Esp(Octets.zeros(8)));
    }
}
