package careof.engine.capture;

import careof.engine.base.Octets;
import careof.engine.crypto.IkeCipher;
import careof.engine.state.IkeSa;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Keys of phase ones of IKE as Wireshark's table {@code ikev1_decryption_table} has them, a line for each: the initiator's cookie and the key that
 * its messages are encrypted with, both in hexadecimal.
 *
 * <pre>
 *   0102030405060708,00112233445566778899aabbccddeeff
 * </pre>
 *
 * <p>Lines that are empty or start with {@code #} say nothing.
 */
public final class IkeTable {
    private static final Pattern LINE = Pattern.compile("\"?([0-9a-fA-F]{16})\"?\\s*,\\s*\"?((?:[0-9a-fA-F]{2})+)\"?");

    private IkeTable() {}

    /** The line of a phase one whose key is known. */
    static String line(IkeSa sa) {
        return "%016x,%s".formatted(sa.initiatorCookie(), sa.encryptionKey().toHex());
    }

    /**
     * Reads a table.
     *
     * @return keys by initiator cookie; of two with one cookie the first, as Wireshark takes it
     * @throws SaTable.BadLine the first line that cannot be read, with its number from 1
     */
    public static Map<Long, Octets> read(String text) throws SaTable.BadLine {
        Map<Long, Octets> keys = new LinkedHashMap<>();
        List<String> lines = text.lines().toList();
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i).strip();
            if (!line.isEmpty() && !line.startsWith("#")) {
                Matcher matcher = LINE.matcher(line);
                if (!matcher.matches()) {
                    throw new SaTable.BadLine(i + 1, "expected an initiator cookie of 16 hexadecimal digits, a comma and a key in hexadecimal");
                }
                Octets key = Octets.hex(matcher.group(2));
                if (!fits(key)) {
                    throw new SaTable.BadLine(i + 1, "no cipher of IKE takes a key of " + key.length() + " octets");
                }
                keys.putIfAbsent(Long.parseUnsignedLong(matcher.group(1), 16), key);
            }
        }
        return keys;
    }

    private static boolean fits(Octets key) {
        for (IkeCipher cipher : IkeCipher.values()) {
            if (cipher.keyLengths().contains(key.length())) {
                return true;
            }
        }
        return false;
    }
}
