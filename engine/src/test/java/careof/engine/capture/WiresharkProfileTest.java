package careof.engine.capture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import careof.engine.base.IpAddress;
import careof.engine.base.Octets;
import careof.engine.crypto.Authentication;
import careof.engine.crypto.Encryption;
import careof.engine.ipsec.Sas;
import careof.engine.state.IkeSa;
import careof.engine.state.Sa;
import careof.engine.state.State;
import careof.engine.trace.Detail;
import careof.engine.trace.Reason;
import careof.engine.trace.TraceEvent;
import careof.engine.trace.TraceStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WiresharkProfileTest {
    @TempDir
    Path directory;

    static TraceStore trace(List<? extends State> rows) {
        TraceStore trace = new TraceStore(Detail.FULL);
        long id = 0;
        for (State row : rows) {
            trace.append(new TraceEvent.Changed(++id, 0, "ha", 0, 0, 0, Optional.empty(), Optional.of(row), Reason.CONFIGURED, List.of()));
        }
        return trace;
    }

    @Test
    void aLineForEachSaOfEspOnceAndForItsOwnerAlone() throws IOException {
        Sa gcm = Sas.esp(0x1001, Encryption.AES_GCM, Octets.hex("11".repeat(20)), Authentication.NULL, Octets.EMPTY, false);
        Sa cbc = Sas.esp(0x1002, Encryption.AES_CBC, Octets.hex("22".repeat(16)), Authentication.HMAC_SHA1_96, Octets.hex("33".repeat(20)), false);
        Sa ah = Sas.ah(0x1003, Authentication.HMAC_SHA1_96, Octets.hex("33".repeat(20)), false);
        Path folder = directory.resolve("profiles/careof");
        Files.createDirectories(folder);
        Files.writeString(folder.resolve("esp_sa"), "old, and open to all");
        Files.setPosixFilePermissions(folder.resolve("esp_sa"), PosixFilePermissions.fromString("rw-r--r--"));
        WiresharkProfile.write(trace(List.of(gcm, cbc, ah, gcm)), folder);
        assertEquals(List.of(
                "\"IPv6\",\"*\",\"2001:db8:2::2\",\"0x00001001\",\"AES-GCM with 16 octet ICV [RFC4106]\",\"0x" + "11".repeat(20) + "\",\"NULL\",\"\"",
                "\"IPv6\",\"*\",\"2001:db8:2::2\",\"0x00001002\",\"AES-CBC [RFC3602]\",\"0x" + "22".repeat(16) + "\",\"HMAC-SHA-1-96 [RFC2404]\",\"0x"
                        + "33".repeat(20) + "\""), Files.readAllLines(folder.resolve("esp_sa")));
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve("esp_sa"))));
    }

    private static IkeSa phaseOne(long cookie, String key, String step) {
        return new IkeSa(1, "mn", false, IkeSa.Exchange.MAIN, IkeSa.Phase.NEGOTIATING, cookie, 5, IpAddress.parse("2001:db8::1"), IpAddress.parse("2001:db8::2"),
                "", "", IkeSa.Method.UNKNOWN, "", Octets.hex(key), Octets.EMPTY, step, 0, 0, 0);
    }

    @Test
    void aLineForEachPhaseOneThatHasAKey() throws IOException, SaTable.BadLine {
        String key = "00112233445566778899aabbccddeeff";
        WiresharkProfile.write(trace(List.of(phaseOne(7, "", "MM1 received"), phaseOne(7, key, "MM4 sent"), phaseOne(7, key, "MM6 sent"),
                phaseOne(-1, key.repeat(2), "MM4 sent"))), directory);
        Path table = directory.resolve("ikev1_decryption_table");
        assertEquals(List.of("0000000000000007," + key, "ffffffffffffffff," + key.repeat(2)), Files.readAllLines(table));
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(table)));
        assertEquals(Map.of(7L, Octets.hex(key), -1L, Octets.hex(key.repeat(2))), IkeTable.read("# a\n\n" + Files.readString(table)));
    }

    @Test
    void aLineOfAPhaseOneThatIsNotRightIsNamed() {
        for (String bad : List.of("7,00112233445566778899aabbccddeeff", "0000000000000007 00112233445566778899aabbccddeeff", "0000000000000007,0011223",
                "0000000000000007,001122", "0000000000000007,00112233445566778899aabbccddeeff,1")) {
            assertTrue(assertThrows(SaTable.BadLine.class, () -> IkeTable.read("# a\n" + bad)).getMessage().startsWith("line 2: "), bad);
        }
    }
}
