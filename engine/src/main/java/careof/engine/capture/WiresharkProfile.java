package careof.engine.capture;

import careof.engine.base.AtomicFile;
import careof.engine.state.IkeSa;
import careof.engine.state.Sa;
import careof.engine.state.State;
import careof.engine.trace.Masking;
import careof.engine.trace.TraceEvent;
import careof.engine.trace.TraceStore;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * A profile folder with which Wireshark and tshark (4.0) decrypt ESP and IKE of a run and judge the integrity check values of ESP: {@code esp_sa} has a
 * line for each SA, {@code ikev1_decryption_table} one for each phase one, {@code preferences} turns decryption on. Beside them {@code ah_sa} has the
 * SAs of AH, which Wireshark does not read. Put it into the folder "profiles" of Wireshark's configuration and choose it by its name.
 *
 * <p>Wireshark finds an SA by SPI and destination; behind a home address option or a type 2 routing header that is the home address, which is
 * what a transport mode SA has. Sources stay open: of a tunnel they move. What this Wireshark cannot do: AES-XCBC is not judged, and of
 * extended sequence numbers it does not know the high half, so that AES-GCM with them stays closed and others are not judged. It takes each
 * message of IKE for the one that follows the last it saw of that phase one: where a message comes twice, as in a capture of several links or one
 * with retransmissions, or where two exchanges are mixed, the first cipher block of some stays unreadable. A capture of one node is best.
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
        AtomicFile.writeSecret(folder.resolve("ikev1_decryption_table"), out -> out.write(phaseOnes(trace).getBytes(StandardCharsets.UTF_8)));
        AtomicFile.write(folder.resolve("preferences"), out -> out.write(PREFERENCES.getBytes(StandardCharsets.UTF_8)));
    }

    /** A line for each SA of a protocol and each destination that it ever had. */
    private static String table(TraceStore trace, Sa.Protocol protocol) {
        return table(trace, row -> row instanceof Sa sa && sa.protocol() == protocol && sa.phase() != Sa.Phase.LARVAL && !Masking.isMasked(sa)
                ? Optional.of(SaTable.line(sa)) : Optional.empty());
    }

    /** A line for each phase one that got as far as to have a key. */
    private static String phaseOnes(TraceStore trace) {
        return table(trace, row -> row instanceof IkeSa sa && !sa.encryptionKey().isEmpty() && !Masking.isMasked(sa.encryptionKey()) ? Optional.of(IkeTable.line(sa))
                : Optional.empty());
    }

    /** Each line once. */
    private static String table(TraceStore trace, Function<State, Optional<String>> line) {
        Set<String> lines = new LinkedHashSet<>();
        trace.base().states().forEach(row -> line.apply(row).ifPresent(lines::add));
        TraceStore.Cursor events = trace.from(1);
        while (events.hasNext()) {
            if (events.next() instanceof TraceEvent.Changed changed) {
                changed.now().flatMap(line).ifPresent(lines::add);
            }
        }
        StringBuilder table = new StringBuilder();
        lines.forEach(one -> table.append(one).append('\n'));
        return table.toString();
    }
}
