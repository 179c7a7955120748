package careof.app.capture;

import static org.junit.jupiter.api.Assertions.assertEquals;

import careof.engine.base.Octets;
import careof.engine.base.Progress;
import careof.engine.capture.CaptureFile;
import careof.engine.capture.CapturedPacket;
import careof.engine.capture.PcapngWriter;
import careof.engine.decode.Opener;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CaptureRowsTest {
    @TempDir
    private Path folder;

    /** The exception that reading ends with has no message. */
    @Test
    void aPacketThatCannotBeReadAnyMoreIsARowThatSaysWhy() throws Exception {
        Path path = folder.resolve("one.pcapng");
        try (OutputStream out = Files.newOutputStream(path)) {
            PcapngWriter writer = new PcapngWriter(out, "test", "");
            writer.packet(writer.addInterface("mn/eth0", "", 1), 5, CapturedPacket.Direction.INBOUND, Octets.zeros(60), "");
        }
        CaptureRows rows = new CaptureRows();
        try (CaptureFile file = CaptureFile.open(path)) {
            file.index(Progress.NONE);
            rows.show(file, Opener.NONE, place -> place, file.count());
        }
        assertEquals(List.of("1\t0.000000\t\tunreadable\t\t\t0\tClosedChannelException"), rows.stream().map(CaptureRow::text).toList());
    }
}
