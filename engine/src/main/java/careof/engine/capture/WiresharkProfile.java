package careof.engine.capture;

import careof.engine.base.AtomicFile;
import careof.engine.state.Sa;
import careof.engine.trace.TraceEvent;
import careof.engine.trace.TraceStore;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Set;

/**
 * A profile folder with which Wireshark and tshark (4.0) decrypt the ESP of a run and judge its integrity check values: {@code esp_sa} has a
 * line for each SA, {@code preferences} turns decryption on. Beside them {@code ah_sa} has the SAs of AH, which Wireshark does not read. Put it into the folder "profiles" of Wireshark's configuration and choose it by
 * its name.
 *
 * <p>Wireshark finds an SA by SPI and destination; behind a home address option or a type 2 routing header that is the home address, which is
 * what a transport mode SA has. Sources stay open: of a tunnel they move. What this Wireshark cannot do: AES-XCBC is not judged, and of
 * extended sequence numbers it does not know the high half, so that AES-GCM with them stays closed and others are not judged.
 */
public final class WiresharkProfile {
    private static final String PREFERENCES = """
            # Decrypts ESP with the keys in esp_sa and judges its ICVs
            esp.enable_encryption_decode: TRUE
            esp.enable_authentication_check: TRUE
            """;

    private WiresharkProfile() {}

    /**
     * Writes the folder, which is made if it is not there; only its owner may read the keys.
     *
     * @throws IOException with a message for people
     */
    public static void write(TraceStore trace, Path folder) throws IOException {
        Files.createDirectories(folder);
        for (Sa.Protocol protocol : Sa.Protocol.values()) {
            AtomicFile.writeSecret(folder.resolve(protocol.name().toLowerCase(Locale.ROOT) + "_sa"),
                    out -> out.write(table(trace, protocol).getBytes(StandardCharsets.UTF_8)));
        }
        AtomicFile.write(folder.resolve("preferences"), out -> out.write(PREFERENCES.getBytes(StandardCharsets.UTF_8)));
    }

    /** A line for each SA of a protocol and each destination that it ever had. */
    private static String table(TraceStore trace, Sa.Protocol protocol) {
        Set<String> lines = new LinkedHashSet<>();
        TraceStore.Cursor events = trace.from(1);
        while (events.hasNext()) {
            if (events.next() instanceof TraceEvent.Changed changed && changed.now().orElse(null) instanceof Sa sa
                    && sa.protocol() == protocol && sa.phase() != Sa.Phase.LARVAL) {
                lines.add(SaTable.line(sa));
            }
        }
        StringBuilder table = new StringBuilder();
        lines.forEach(line -> table.append(line).append('\n'));
        return table.toString();
    }
}
