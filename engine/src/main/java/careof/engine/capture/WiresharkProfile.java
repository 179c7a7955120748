package careof.engine.capture;

import careof.engine.base.AtomicFile;
import careof.engine.base.Ip6Address;
import careof.engine.base.Octets;
import careof.engine.crypto.Authentication;
import careof.engine.crypto.Encryption;
import careof.engine.state.Sa;
import careof.engine.trace.TraceEvent;
import careof.engine.trace.TraceStore;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * A profile folder with which Wireshark and tshark (4.0) decrypt the ESP of a run and judge its integrity check values: {@code esp_sa} has a
 * line for each SA, {@code preferences} turns decryption on. Put it into the folder "profiles" of Wireshark's configuration and choose it by
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
        StringBuilder table = new StringBuilder();
        for (String line : associations(trace)) {
            table.append(line).append('\n');
        }
        AtomicFile.writeSecret(folder.resolve("esp_sa"), out -> out.write(table.toString().getBytes(StandardCharsets.UTF_8)));
        AtomicFile.write(folder.resolve("preferences"), out -> out.write(PREFERENCES.getBytes(StandardCharsets.UTF_8)));
    }

    /** A line for each SA of ESP and each destination that it ever had. */
    private static Set<String> associations(TraceStore trace) {
        Set<String> lines = new LinkedHashSet<>();
        TraceStore.Cursor events = trace.from(1);
        while (events.hasNext()) {
            if (events.next() instanceof TraceEvent.Changed changed && changed.now().orElse(null) instanceof Sa sa
                    && sa.protocol() == Sa.Protocol.ESP && sa.phase() != Sa.Phase.LARVAL) {
                lines.add(line(sa));
            }
        }
        return lines;
    }

    private static String line(Sa sa) {
        return "\"%s\",\"*\",\"%s\",\"%s\",\"%s\",\"%s\",\"%s\",\"%s\"".formatted(sa.destination() instanceof Ip6Address ? "IPv6" : "IPv4",
                sa.destination(), Sa.spi(sa.spi()), name(sa.encryption()), hex(sa.encryptionKey()), authentication(sa), hex(sa.authenticationKey()));
    }

    private static String hex(Octets key) {
        return key.isEmpty() ? "" : "0x" + key.toHex();
    }

    private static String name(Encryption encryption) {
        return switch (encryption) {
            case NONE -> throw new IllegalArgumentException("an SA of ESP without encryption algorithm");
            case NULL -> "NULL";
            case DES_CBC -> "DES-CBC [RFC2405]";
            case DES3_CBC -> "TripleDES-CBC [RFC2451]";
            case AES_CBC -> "AES-CBC [RFC3602]";
            case AES_CTR -> "AES-CTR [RFC3686]";
            case AES_GCM -> "AES-GCM with 16 octet ICV [RFC4106]";
        };
    }

    private static String authentication(Sa sa) {
        Authentication authentication = sa.authentication();
        if (sa.extendedSequence() && authentication != Authentication.NULL) {
            return unjudged(authentication);
        }
        return switch (authentication) {
            case NULL -> "NULL";
            case HMAC_MD5_96 -> "HMAC-MD5-96 [RFC2403]";
            case HMAC_SHA1_96 -> "HMAC-SHA-1-96 [RFC2404]";
            case HMAC_SHA256_128 -> "HMAC-SHA-256-128 [RFC4868]";
            case AES_XCBC_96 -> unjudged(authentication);
        };
    }

    private static String unjudged(Authentication authentication) {
        return "ANY " + 8 * authentication.icv() + " bit authentication [no checking]";
    }
}
