package careof.app.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import careof.engine.base.Octets;
import careof.engine.crypto.Encryption;
import careof.engine.wire.ip.Ip6Packet;
import careof.engine.wire.ip.IpProtocol;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What is measured is a whole tunnel packet, another one each time. */
class IpsecPipelineTest {
    @ParameterizedTest
    @EnumSource(value = Encryption.class, names = {"AES_GCM", "AES_CBC"})
    void eachPacketIsSealedAnew(Encryption encryption) throws Exception {
        IpsecPipeline pipeline = new IpsecPipeline(encryption);
        Octets first = pipeline.protect();
        Octets second = pipeline.protect();
        assertEquals(IpProtocol.ESP, Ip6Packet.parse(first).protocol());
        assertEquals(1, first.u16(40 + 6), "sequence number");
        assertEquals(2, second.u16(40 + 6));
        assertNotEquals(first.from(48), second.from(48));
    }

    @Test
    void thePacketsAreAsLongAsTheySay() {
        int icv = 16;
        int trailer = 4;    // 1400 octets and two more, to a multiple of four
        assertEquals(40 + 8 + 8 + IpsecPipeline.OCTETS + trailer + icv, new IpsecPipeline(Encryption.AES_GCM).protect().length());
    }
}
