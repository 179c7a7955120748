package careof.engine.capture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import careof.engine.base.Ip4Address;
import careof.engine.base.Ip6Address;
import careof.engine.base.IpAddress;
import careof.engine.base.OctetWriter;
import careof.engine.base.Octets;
import careof.engine.crypto.Authentication;
import careof.engine.crypto.Encryption;
import careof.engine.decode.LinkType;
import careof.engine.ipsec.EspTransform;
import careof.engine.ipsec.Sas;
import careof.engine.state.Sa;
import careof.engine.wire.ip.ExtensionHeader;
import careof.engine.wire.ip.Ip4Packet;
import careof.engine.wire.ip.Ip6Option;
import careof.engine.wire.ip.Ip6Packet;
import careof.engine.wire.ip.IpPacket;
import careof.engine.wire.ip.IpProtocol;
import careof.engine.wire.ip.Udp;
import careof.engine.wire.mobility.MobilityHeader;
import careof.engine.wire.mobility.MobilityMessage;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** tshark with our profile decrypts every algorithm that it has, behind a home address option, behind a routing header, over IPv4, and judges its ICV. */
@Tag("interop")
class WiresharkProfileInteropTest {
    private static final Ip6Address CARE_OF = Ip6Address.parse("2001:db8:4::4");
    private static final Ip6Address HOME = Ip6Address.parse("2001:db8:3::3");
    private static final Ip6Address PEER = Ip6Address.parse("2001:db8:2::2");
    private static final Ip4Address A4 = Ip4Address.parse("192.0.2.1");
    private static final Ip4Address B4 = Ip4Address.parse("192.0.2.2");

    @TempDir
    Path directory;

    private final List<Sa> sas = new ArrayList<>();
    private final List<String> expected = new ArrayList<>();
    private final OctetWriter pcap = new OctetWriter().u32(0xa1b2c3d4L).u16(2).u16(4).u32(0).u32(0).u32(65535).u32(LinkType.RAW_IP.number());

    private static Sa to(IpAddress destination, Sa sa) {
        return new Sa(sa.id(), sa.spi(), sa.protocol(), sa.mode(), sa.source(), destination, sa.selector(), sa.encryption(), sa.encryptionKey(),
                sa.authentication(), sa.authenticationKey(), sa.extendedSequence(), sa.replayWindow(), 0, sa.lifetimes(), sa.udp(), sa.phase(), 0);
    }

    private void add(Sa sa, IpPacket plain, String what) {
        Octets sealed = new EspTransform(sa).seal(plain.protocol(), plain.payload(), 0, 7, n -> n * 0x9e3779b97f4a7c15L);
        Octets packet = plain.withPayload(IpProtocol.ESP, sealed).toOctets();
        pcap.u32(0).u32(0).u32(packet.length()).u32(packet.length()).octets(packet);
        sas.add(sa);
        boolean judged = sa.authenticates() && sa.authentication() != Authentication.AES_XCBC_96
                && !(sa.extendedSequence() && !sa.encryption().isCombined());
        boolean closed = sa.extendedSequence() && sa.encryption().isCombined();
        expected.add(sa.encryption() + " " + sa.authentication() + ": " + (closed ? "" : (judged ? "1 " : "") + what));
    }

    @Test
    void tsharkDecryptsAndJudges() throws Exception {
        Octets update = MobilityHeader.of(new MobilityMessage.BindingUpdate(77, true, true, false, false, 10, List.of())).toOctets(HOME, PEER);
        Ip6Packet home = Ip6Packet.of(CARE_OF, PEER, IpProtocol.MOBILITY, update)
                .withExtensions(List.of(ExtensionHeader.DestinationOptions.of(new Ip6Option.HomeAddress(HOME))));
        Ip6Packet routed = Ip6Packet.of(PEER, CARE_OF, IpProtocol.MOBILITY, MobilityHeader.of(new MobilityMessage.BindingUpdate(78, true, true, false,
                false, 10, List.of())).toOctets(PEER, HOME)).withExtensions(List.of(new ExtensionHeader.Type2Routing(1, HOME)));
        Ip4Packet four = Ip4Packet.of(A4, B4, IpProtocol.UDP, new Udp(1000, 2079, Octets.zeros(30)).toOctets(A4, B4));
        Ip4Packet tunnel = Ip4Packet.of(A4, B4, IpProtocol.IP6, Ip6Packet.of(HOME, PEER, IpProtocol.MOBILITY, MobilityHeader.of(
                new MobilityMessage.BindingUpdate(80, true, true, false, false, 10, List.of())).toOctets(HOME, PEER)).toOctets());
        for (Sa sa : Sas.allOfEsp(11)) {
            add(to(PEER, sa), home, "77");
            add(to(HOME, sa), routed, "78");
            add(to(B4, sa), four, "2079");
            add(to(B4, sa), tunnel, "80");
        }
        Path folder = directory.resolve("profiles/careof");
        WiresharkProfile.write(WiresharkProfileTest.trace(sas), folder);
        Path capture = Files.write(directory.resolve("esp.pcap"), pcap.toOctets().toArray());
        ProcessBuilder tshark = new ProcessBuilder("tshark", "-n", "-C", "careof", "-r", capture.toString(), "-T", "fields", "-E", "separator=|",
                "-e", "esp.icv_good", "-e", "mip6.bu.seqnr", "-e", "udp.dstport", "-e", "esp.icv_bad");
        tshark.environment().put("WIRESHARK_CONFIG_DIR", directory.toString());
        Process process = tshark.redirectError(directory.resolve("errors").toFile()).start();
        String[] lines = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).split("\n");
        int exit = process.waitFor();
        String errors = Files.readString(directory.resolve("errors"));
        assertTrue(exit == 0, errors);
        assertEquals(expected.size(), lines.length);
        List<String> found = new ArrayList<>();
        for (int i = 0; i < lines.length; i++) {
            String[] words = lines[i].split("\\|", -1);
            String good = words[0].equals("1") || words[0].equals("True") ? "1 " : "";
            String bad = words[3].equals("1") || words[3].equals("True") ? " bad" : "";
            Sa sa = sas.get(i);
            boolean closed = sa.extendedSequence() && sa.encryption().isCombined();
            found.add(sa.encryption() + " " + sa.authentication() + ": " + (closed ? "" : good + words[1] + words[2] + bad));
        }
        assertEquals(String.join("\n", expected), String.join("\n", found));
    }
}
