package careof.app.interop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import careof.engine.base.Progress;
import careof.engine.capture.CaptureFile;
import careof.engine.capture.CapturedPacket;
import careof.engine.decode.GivenKeys;
import careof.engine.decode.PacketFields;
import careof.engine.query.FieldSource;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A capture and keys given for it: what we decrypt has the fields that tshark finds with the same keys in the same file. */
@Tag("interop")
@Timeout(300)
class ImportTsharkTest {
    private static final List<String> FIELDS = List.of("esp.spi", "esp.sequence", "ipv6.src", "ipv6.dst", "udp.srcport", "udp.dstport", "mip6.mhtype", "mip6.bu.seqnr",
            "icmpv6.type");

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"combined-tunnel-ha", "protected-registration-esp", "ike-registration"})
    void decryptedFieldsAreThoseOfTshark(String sample) throws Exception {
        Path capture = folder.resolve("capture.pcapng");
        Path profile = folder.resolve("profiles/careof");
        var run = CommandLine.careof("run", "../samples/" + sample + ".json", "--pcapng", capture.toString(), "--wireshark-profile", profile.toString());
        assertTrue(run.exit() < 2, run.output() + run.error());
        List<String> command = new ArrayList<>(List.of("env", "WIRESHARK_CONFIG_DIR=" + folder, "tshark", "-n", "-C", "careof", "-r", capture.toString(), "-Y", "esp",
                "-T", "fields", "-E", "separator=|", "-E", "aggregator=,", "-e", "frame.number"));
        FIELDS.forEach(field -> command.addAll(List.of("-e", field)));
        var told = CommandLine.run(command);
        assertEquals(0, told.exit(), told.error());

        GivenKeys keys = GivenKeys.read(GivenKeys.text(profile));
        PacketFields fields = new PacketFields(keys.opener());
        List<String> ours = new ArrayList<>();
        int inner = 0;
        try (CaptureFile file = CaptureFile.open(capture)) {
            file.index(Progress.NONE);
            for (int i = 0; i < file.count(); i++) {
                CapturedPacket packet = file.read(i);
                FieldSource.Packet octets = new FieldSource.Packet(packet.octets(), packet.on().linkType(), packet.isCut());
                if (!fields.values(octets, "esp.spi").isEmpty()) {
                    List<String> line = new ArrayList<>(List.of("" + packet.number()));
                    FIELDS.forEach(field -> line.add(String.join(",", fields.values(octets, field))));
                    ours.add(String.join("|", line));
                    inner += fields.values(octets, "udp.dstport").isEmpty() && fields.values(octets, "mip6.mhtype").isEmpty() ? 0 : 1;
                }
            }
        }
        assertTrue(inner > 3, "what is inside ESP is seen");
        assertEquals(told.output().strip(), String.join("\n", ours));
    }
}
