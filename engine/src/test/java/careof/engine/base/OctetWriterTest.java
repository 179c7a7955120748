package careof.engine.base;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class OctetWriterTest {

    @Test
    void growsInTheMiddleOfAnyWrite() {
        for (var before = 0; before < 20; before++) {
            var writer = new OctetWriter(1).zeros(before).u8(0x101).u16(0x1_0203).octets(Octets.zeros(100)).u64(-2).zeros(3)
                    .address(Ip6Address.LOOPBACK);
            var octets = writer.toOctets();
            assertEquals(before + 1 + 2 + 100 + 8 + 3 + 16, octets.length());
            assertEquals(Octets.of(1, 2, 3), octets.slice(before, before + 3));
            assertEquals(0xfe, octets.at(before + 110));
            assertEquals(1, octets.at(octets.length() - 1));
        }
    }
}
