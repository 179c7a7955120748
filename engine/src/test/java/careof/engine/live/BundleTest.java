package careof.engine.live;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import careof.engine.base.Checksum;
import careof.engine.base.Ip6Address;
import careof.engine.base.OctetWriter;
import careof.engine.base.Octets;
import careof.engine.wire.ip.Ip6Packet;
import careof.engine.wire.ip.IpProtocol;
import careof.engine.wire.ip.Udp;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What goes to the host in one piece comes out as the same packets, octet for octet; what the host would make otherwise goes alone. */
class BundleTest {
    private static final Ip6Address FROM = Ip6Address.parse("2001:db8:1::10");
    private static final Ip6Address TO = Ip6Address.parse("2001:db8:1::1");
    private static final int ACK = 0x10;
    private static final int PUSH = 0x08;
    private static final int FIN = 0x01;

    private final Arena arena = Arena.ofAuto();
    private final MemorySegment buffer = arena.allocate(Offload.HEADER + 65_536);

    private static Octets udp(int port, Octets data) {
        return Ip6Packet.of(FROM, TO, IpProtocol.UDP, new Udp(port, 4001, data).toOctets(FROM, TO)).toOctets();
    }

    private static Octets tcp(int sequence, int acknowledged, int flags, int window, Octets data) {
        var segment = new OctetWriter(32 + data.length()).u16(4000).u16(4001).u32(sequence & 0xffff_ffffL).u32(acknowledged & 0xffff_ffffL).u8(8 << 4).u8(flags).u16(window).u16(0).u16(0)
                .octets(Octets.hex("0101080a 00000001 00000002")).octets(data).toOctets().toArray();
        Offload.put16(segment, Offload.TCP_CHECKSUM, Checksum.ip6(FROM, TO, IpProtocol.TCP, Octets.wrap(segment)));
        return Ip6Packet.of(FROM, TO, IpProtocol.TCP, Octets.wrap(segment)).toOctets();
    }

    private static Octets data(Random random, int length) {
        var octets = new byte[length];
        random.nextBytes(octets);
        return Octets.wrap(octets);
    }

    private static Octets damaged(Octets packet, int at) {
        var octets = packet.toArray();
        octets[at] ^= 1;
        return Octets.wrap(octets);
    }

    private Bundle bundle() {
        return new Bundle(buffer, true);
    }

    /** What the host would take out of one piece. */
    private List<Octets> cut(Bundle bundle) {
        var packets = new ArrayList<Octets>();
        Cutting.cut(buffer.asSlice(0, bundle.finish()), packets::add);
        return packets;
    }

    private void together(Octets... packets) {
        var bundle = bundle();
        for (var packet : packets) assertTrue(bundle.add(packet));
        assertEquals(List.of(packets), cut(bundle));
    }

    private void apart(Octets one, Octets other) {
        var bundle = bundle();
        assertTrue(bundle.add(one));
        assertFalse(bundle.add(other));
        assertEquals(List.of(one), cut(bundle));
    }

    @Test
    void consecutiveOctetsOfOneStreamGoTogether() {
        var random = new Random(1);
        together(tcp(-1300, 7, ACK, 500, data(random, 1300)), tcp(0, 7, ACK, 500, data(random, 1300)), tcp(1300, 7, ACK | PUSH, 500, data(random, 11)));
    }

    @Test
    void datagramsOfOneLengthGoTogetherAndAShorterOneIsTheLast() {
        var random = new Random(2);
        together(udp(1, data(random, 999)), udp(1, data(random, 999)), udp(1, data(random, 5)));
        var bundle = bundle();
        assertTrue(bundle.add(udp(1, data(random, 999))));
        assertTrue(bundle.add(udp(1, data(random, 5))));
        assertFalse(bundle.add(udp(1, data(random, 5))));
    }

    @Test
    void whatDiffersInMoreThanItsPlaceGoesAlone() {
        var data = Octets.zeros(100);
        var first = tcp(0, 7, ACK, 500, data);
        apart(first, tcp(101, 7, ACK, 500, data));
        apart(first, tcp(100, 8, ACK, 500, data));
        apart(first, tcp(100, 7, ACK | FIN, 500, data));
        apart(first, tcp(100, 7, ACK, 501, data));
        apart(first, tcp(100, 7, ACK, 500, Octets.zeros(101)));
        apart(first, tcp(100, 7, ACK, 500, Octets.EMPTY));
        apart(tcp(0, 7, ACK | PUSH, 500, data), tcp(100, 7, ACK, 500, data));
        apart(udp(1, data), udp(2, data));
        apart(udp(1, data), first);
        apart(udp(1, data), damaged(udp(1, data), 7));    // hop limit
    }

    /** The field 0 would mean that there is none (RFC 8200 section 8.1): such a sum is written as its other form. */
    @Test
    void aChecksumOfZeroStaysInItsOtherForm() {
        for (int last = 0; last < 0x10000; last++) {
            var packet = udp(1, Octets.of(1, 2, last >> 8, last & 0xff));
            if (packet.u16(40 + Offload.UDP_CHECKSUM) == 0xffff) {
                together(packet, packet);
                return;
            }
        }
        throw new AssertionError("one of all sums is 0");
    }

    @Test
    void aPieceHasNoMoreSegmentsThanEveryLinuxTakes() {
        var packet = udp(1, Octets.of(1));
        var bundle = bundle();
        for (int i = 0; i < 64; i++) assertTrue(bundle.add(packet));
        assertFalse(bundle.add(packet));
        assertEquals(Collections.nCopies(64, packet), cut(bundle));
    }

    @Test
    void aWrongChecksumStaysWrong() {
        var packet = udp(1, Octets.zeros(100));
        apart(packet, damaged(packet, 80));
        apart(damaged(packet, 80), packet);
        together(damaged(packet, 80));
    }

    @Test
    void oldKernelsGetDatagramsAlone() {
        var bundle = new Bundle(buffer, false);
        assertTrue(bundle.add(udp(1, Octets.zeros(9))));
        assertFalse(bundle.add(udp(1, Octets.zeros(9))));
    }

    @Test
    void whatIsNoPacketGoesAsItIs() {
        together(Octets.hex("45"));
        together(Octets.hex("60000000 0001 06 40"));
        together(damaged(udp(1, Octets.zeros(9)), 5));
    }

    @ParameterizedTest
    @ValueSource(longs = {3, 4, 5, 6, 7, 8})
    void everyRowOfPacketsComesOutAsItWentIn(long seed) {
        var random = new Random(seed);
        var sent = new ArrayList<Octets>();
        var sequence = random.nextInt();
        for (int i = 0; i < 2000; i++) {
            var length = random.nextInt(10) > 0 ? 1300 : random.nextInt(1301);
            if (random.nextInt(30) > 0 == (i / 200 % 2 == 0)) {
                var flags = ACK | (random.nextInt(9) == 0 ? PUSH : 0) | (random.nextInt(40) == 0 ? FIN : 0);
                sent.add(tcp(sequence, 7, flags, 500 + random.nextInt(40) / 39, data(random, length)));
                sequence += length;
            } else {
                sent.add(udp(1 + random.nextInt(20) / 19, data(random, length)));
            }
            if (random.nextInt(20) == 0) sent.set(i, damaged(sent.getLast(), random.nextInt(sent.getLast().length())));
        }
        var out = new ArrayList<Octets>();
        var bundle = bundle();
        var pieces = 0;
        for (var packet : sent) {
            if (!bundle.add(packet)) {
                out.addAll(cut(bundle));
                pieces++;
                assertTrue(bundle.add(packet));
            }
        }
        out.addAll(cut(bundle));
        assertEquals(sent, out);
        assertTrue(pieces < sent.size() / 2, pieces + " pieces");
    }
}
