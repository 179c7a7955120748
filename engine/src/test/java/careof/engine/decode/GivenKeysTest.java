package careof.engine.decode;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import careof.engine.base.Octets;
import careof.engine.capture.SaTable;
import careof.engine.state.Sa;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GivenKeysTest {
    private static final String ESP = "\"IPv6\",\"*\",\"2001:db8::1\",\"0x1001\",\"NULL\",\"\",\"HMAC-SHA-1-96 [RFC2404]\",\"0x" + "01".repeat(20) + "\"";
    private static final String AH = "\"IPv6\",\"*\",\"2001:db8::1\",\"0x2001\",\"NONE\",\"\",\"HMAC-SHA-1-96 [RFC2404]\",\"0x" + "02".repeat(20) + "\"";
    private static final String IKE = "0102030405060708," + "03".repeat(16);

    @TempDir
    Path folder;

    @Test
    void linesOfAllKindsInOneText() throws Exception {
        GivenKeys keys = GivenKeys.read("# all\n" + AH + "\n\n" + IKE + "\n" + ESP + "\n");
        assertEquals(2, keys.associations());
        assertEquals(List.of(0x1001L), keys.sas().stream().filter(sa -> sa.protocol() == Sa.Protocol.ESP).map(Sa::spi).distinct().toList());
        assertEquals(List.of(0x2001L), keys.sas().stream().filter(sa -> sa.protocol() == Sa.Protocol.AH).map(Sa::spi).distinct().toList());
        assertEquals(Octets.hex("03".repeat(16)), keys.phaseOnes().get(0x0102030405060708L));
        assertTrue(GivenKeys.read("").isEmpty());
        assertTrue(GivenKeys.read(" \n# nothing").isEmpty());
    }

    private static String problem(String text) {
        return assertThrows(SaTable.BadLine.class, () -> GivenKeys.read(text)).getMessage();
    }

    @Test
    void badLinesHaveTheirNumbers() {
        assertTrue(problem(ESP + "\n" + AH + "\nhello").startsWith("line 3: expected 8 fields"));
        assertTrue(problem(IKE + "\n" + IKE + "4").startsWith("line 2: expected an initiator cookie"));
        assertEquals("line 2: expected an SPI such as 0x00001001, not \"x\"", problem("\n" + ESP.replace("0x1001", "x")));
        assertTrue(problem(ESP + "\n" + AH.replaceFirst("02020202", "0202")).startsWith("line 2: no \"HMAC-SHA-1-96 [RFC2404]\" takes a key of 18 octets"));
    }

    @Test
    void aFolderHasAllTablesThatAreThere() throws Exception {
        assertTrue(assertThrows(IOException.class, () -> GivenKeys.text(folder)).getMessage().contains("none of esp_sa, ah_sa, ikev1_decryption_table"));
        Files.writeString(folder.resolve("esp_sa"), ESP);
        Files.writeString(folder.resolve("ikev1_decryption_table"), IKE + "\n");
        Files.writeString(folder.resolve("preferences"), "gui.column: x");
        assertEquals(ESP + "\n" + IKE + "\n", GivenKeys.text(folder));
        Path bad = Files.writeString(folder.resolve("ah_sa"), AH + "\n" + "\"IPv6\"\n");
        assertTrue(assertThrows(IOException.class, () -> GivenKeys.text(folder)).getMessage().startsWith(bad + ": line 2: expected 8 fields"));
        Files.write(bad, new byte[] {(byte) 0xff, (byte) 0xfe, 0});
        assertEquals(bad + ": no text", assertThrows(IOException.class, () -> GivenKeys.text(bad)).getMessage());
    }

    @Test
    void anyTextIsKeysOrABadLine() {
        Random random = new Random(5);
        String pieces = ESP + AH + IKE + "\n\n\"\",,#0x";
        for (int i = 0; i < 5_000; i++) {
            StringBuilder text = new StringBuilder();
            for (int n = random.nextInt(6); n >= 0; n--) {
                int from = random.nextInt(pieces.length());
                text.append(pieces, from, Math.min(pieces.length(), from + random.nextInt(200)));
            }
            try {
                GivenKeys.read(text.toString());
            } catch (SaTable.BadLine e) {
                assertTrue(e.getMessage().startsWith("line "), e.getMessage());
            }
        }
    }
}
