package careof.engine.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import careof.engine.base.Octets;
import careof.engine.trace.Detail;
import careof.engine.trace.TraceEvent.FrameSent;
import careof.engine.wire.SecondChecksum;
import java.nio.file.Path;
import java.util.TreeMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every checksum on every link of every sample, computed a second way from the bare octets: this walk over headers shares
 * nothing with the engine. (tshark has no verdict on the checksum of a Mobility Header.)
 */
class SampleChecksumsTest {
    private static final int ROUTING = 43;
    private static final int FRAGMENT = 44;
    private static final int DESTINATION_OPTIONS = 60;
    private static final int TUNNEL = 41;
    private static final int UDP = 17;
    private static final int ESP = 50;
    private static final int AH = 51;

    /** Checked packets, by protocol. */
    private final TreeMap<Integer, Integer> checked = new TreeMap<>();

    @ParameterizedTest
    @MethodSource("careof.engine.run.Samples#files")
    void eachChecksumIsRight(Path sample) throws Exception {
        Simulation simulation = new Simulation(Samples.lab(sample), Detail.FULL);
        simulation.run();
        for (long i = 0; i < simulation.trace().frameCount(); i++) {
            FrameSent sent = (FrameSent) simulation.trace().get(simulation.trace().frameEvent(i));
            switch (sent.frame().u16(12)) {
                case 0x86dd -> check(sent.frame().from(14), sent);
                case 0x0800 -> check4(sent.frame().from(14), sent);
                default -> assertEquals(0x0806, sent.frame().u16(12), sent::toString);    // ARP has no checksum
            }
        }
        // where IKE is refused nobody registers
        assertTrue(checked.getOrDefault(135, 0) + checked.getOrDefault(ESP, 0) + checked.getOrDefault(UDP, 0) > 0, "neither Mobility Header nor IKE in " + sample);
        assertTrue(checked.getOrDefault(58, 0) > 0, "no ICMPv6 in " + sample);
    }

    /** IPv4: its header's own, and the upper layer's, which UDP may leave out (RFC 768). */
    private void check4(Octets ip, FrameSent sent) {
        int header = 4 * (ip.at(0) & 15);
        assertTrue(SecondChecksum.sumsToZero(ip.slice(0, header).toHex()), sent::toString);
        Octets upper = ip.slice(header, ip.u16(2));
        if ((ip.u16(6) & 0x3fff) != 0) {
            return; // a part of a packet has no checksum of its own
        }
        switch (ip.at(9)) {
            case 17 -> assertTrue(upper.u16(6) == 0 || SecondChecksum.right(ip.slice(12, 16), ip.slice(16, 20), 17, upper), sent::toString);
            case 1 -> assertTrue(SecondChecksum.sumsToZero(upper.toHex()), sent::toString);
            case 4 -> check4(upper, sent);
            case 41 -> check(upper, sent);
            default -> { }
        }
    }

    private void check(Octets ip, FrameSent sent) {
        assertEquals(6, ip.at(0) >> 4, sent::toString);
        Octets source = ip.slice(8, 24);
        Octets destination = ip.slice(24, 40);
        int end = 40 + ip.u16(4);
        int protocol = ip.at(6);
        int at = 40;
        while (protocol == 0 || protocol == ROUTING || protocol == FRAGMENT || protocol == DESTINATION_OPTIONS) {
            if (protocol == FRAGMENT) {
                return; // a part of a packet has no checksum of its own
            }
            int length = 8 + 8 * ip.at(at + 1);
            if (protocol == ROUTING && ip.at(at + 2) == 2 && ip.at(at + 3) == 1) {
                destination = ip.slice(at + 8, at + 24);
            } else if (protocol == DESTINATION_OPTIONS) {
                for (int option = at + 2; option < at + length; option += ip.at(option) == 0 ? 1 : 2 + ip.at(option + 1)) {
                    if (ip.at(option) == 0xc9) {
                        source = ip.slice(option + 2, option + 18);
                    }
                }
            }
            protocol = ip.at(at);
            at += length;
        }
        Octets upper = ip.slice(at, end);
        if (protocol == AH) {
            protocol = ip.at(at);
            upper = upper.from((upper.at(1) + 2) * 4);
        }
        if (protocol == TUNNEL) {
            check(upper, sent);
        } else if (protocol == ESP) {
            checked.merge(ESP, 1, Integer::sum); // its contents are for those who have the keys
        } else if (protocol == 58 || protocol == 17 || protocol == 135) {
            assertTrue(SecondChecksum.right(source, destination, protocol, upper), sent::toString);
            checked.merge(protocol, 1, Integer::sum);
        }
    }
}
