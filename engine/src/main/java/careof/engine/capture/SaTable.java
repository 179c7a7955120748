package careof.engine.capture;

import careof.engine.base.Ip6Address;
import careof.engine.base.IpAddress;
import careof.engine.base.Octets;
import careof.engine.crypto.Authentication;
import careof.engine.crypto.Encryption;
import careof.engine.state.AddressRange;
import careof.engine.state.Sa;
import careof.engine.state.Selector;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Keys of SAs as Wireshark's table {@code esp_sa} has them, a line for each SA, and in the same form those of AH, which Wireshark has no table
 * for:
 *
 * <pre>
 *   "IPv6","*","2001:db8::1","0x00001001","AES-CBC [RFC3602]","0x...","HMAC-SHA-1-96 [RFC2404]","0x..."
 * </pre>
 *
 * <p>The fields are IP version, source, destination, SPI, encryption, its key, authentication, its key. Addresses may be {@code *}. Mode and
 * selector are not in the table. Lines that are empty or start with {@code #} say nothing.
 */
public final class SaTable {
    private static final Pattern FIELD = Pattern.compile("\\G\\s*\"([^\"]*)\"\\s*(,|$)");
    private static final Pattern UNJUDGED = Pattern.compile("ANY ([0-9]{1,4}) bit authentication \\[no checking]");
    private static final int FIELDS = 8;
    private static final String NO_ENCRYPTION = "NONE";

    /** A line that cannot be read. */
    public static final class BadLine extends Exception {
        BadLine(int line, String what) {
            super("line " + line + ": " + what, null, false, false);
        }
    }

    private SaTable() {}

    /** The line of an SA. Where Wireshark has no name for how it authenticates, only the length of the ICV is told. */
    static String line(Sa sa) {
        return "\"%s\",\"*\",\"%s\",\"%s\",\"%s\",\"%s\",\"%s\",\"%s\"".formatted(sa.destination() instanceof Ip6Address ? "IPv6" : "IPv4",
                sa.destination(), Sa.spi(sa.spi()), name(sa.encryption()), hex(sa.encryptionKey()), authentication(sa), hex(sa.authenticationKey()));
    }

    private static String hex(Octets key) {
        return key.isEmpty() ? "" : "0x" + key.toHex();
    }

    private static String name(Encryption encryption) {
        return switch (encryption) {
            case NONE -> NO_ENCRYPTION;
            case NULL -> "NULL";
            case DES_CBC -> "DES-CBC [RFC2405]";
            case DES3_CBC -> "TripleDES-CBC [RFC2451]";
            case AES_CBC -> "AES-CBC [RFC3602]";
            case AES_CTR -> "AES-CTR [RFC3686]";
            case AES_GCM -> "AES-GCM with 16 octet ICV [RFC4106]";
        };
    }

    private static String authentication(Sa sa) {
        boolean unjudged = sa.authentication() == Authentication.AES_XCBC_96 || sa.extendedSequence() && sa.authentication() != Authentication.NULL;
        return unjudged ? "ANY " + 8 * sa.authentication().icv() + " bit authentication [no checking]" : name(sa.authentication());
    }

    private static String name(Authentication authentication) {
        return switch (authentication) {
            case NULL -> "NULL";
            case HMAC_MD5_96 -> "HMAC-MD5-96 [RFC2403]";
            case HMAC_SHA1_96 -> "HMAC-SHA-1-96 [RFC2404]";
            case HMAC_SHA256_128 -> "HMAC-SHA-256-128 [RFC4868]";
            case AES_XCBC_96 -> "AES-XCBC-MAC-96 [RFC3566]";
        };
    }

    /**
     * Reads a table. What a line leaves open, such as how long sequence numbers are, gives several SAs: their ICVs tell which it is.
     *
     * @param protocol of all lines
     * @throws BadLine the first line that cannot be read, with its number from 1
     */
    public static List<Sa> read(String text, Sa.Protocol protocol) throws BadLine {
        List<Sa> sas = new ArrayList<>();
        List<String> lines = text.lines().toList();
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i).strip();
            if (!line.isEmpty() && !line.startsWith("#")) {
                read(i + 1, line, protocol, sas);
            }
        }
        return sas;
    }

    private static void read(int number, String line, Sa.Protocol protocol, List<Sa> sas) throws BadLine {
        List<String> fields = new ArrayList<>();
        Matcher field = FIELD.matcher(line);
        int end = 0;
        while (field.find()) {
            fields.add(field.group(1));
            end = field.end();
        }
        if (fields.size() != FIELDS || end != line.length()) {
            throw new BadLine(number, "expected " + FIELDS + " fields in quotation marks, joined by commas: IP version, source, destination, SPI, encryption, key, "
                    + "authentication, key");
        }
        boolean ip6 = switch (fields.get(0)) {
            case "IPv6" -> true;
            case "IPv4" -> false;
            default -> throw new BadLine(number, "expected \"IPv4\" or \"IPv6\", not \"" + fields.get(0) + "\"");
        };
        IpAddress source = address(number, fields.get(1), ip6);
        IpAddress destination = address(number, fields.get(2), ip6);
        long spi = spi(number, fields.get(3));
        Encryption encryption = encryption(number, fields.get(4), protocol);
        Octets encryptionKey = key(number, fields.get(5));
        if (!encryption.keyLengths().contains(encryptionKey.length())) {
            throw new BadLine(number, name(encryption) + " takes a key of " + encryption.keyLengths() + " octets, not " + encryptionKey.length());
        }
        Octets authenticationKey = key(number, fields.get(7));
        List<Authentication> authentications = authentications(number, fields.get(6), authenticationKey);
        boolean named = !UNJUDGED.matcher(fields.get(6)).matches();
        for (Authentication authentication : authentications) {
            if (protocol == Sa.Protocol.AH && authentication == Authentication.NULL) {
                throw new BadLine(number, "AH does not do without authentication");
            }
            boolean open = protocol == Sa.Protocol.AH || !named || encryption.isCombined();
            for (boolean extended : open ? new boolean[] {false, true} : new boolean[] {false}) {
                Selector any = ip6 ? Selector.between(AddressRange.ALL_IP6, AddressRange.ALL_IP6) : Selector.between(AddressRange.ALL_IP4, AddressRange.ALL_IP4);
                sas.add(new Sa(sas.size() + 1, spi, protocol, Sa.Mode.TRANSPORT, source, destination, any, encryption, encryptionKey, authentication,
                        authenticationKey, extended, 0, 0, Sa.Lifetimes.NONE, Sa.UdpPorts.NONE, Sa.Phase.MATURE, 0));
            }
        }
    }

    private static IpAddress address(int number, String text, boolean ip6) throws BadLine {
        if (text.equals("*")) {
            return IpAddress.parse(ip6 ? "::" : "0.0.0.0");
        }
        try {
            IpAddress address = IpAddress.parse(text);
            if (address instanceof Ip6Address == ip6) {
                return address;
            }
        } catch (IllegalArgumentException e) {
            // said below
        }
        throw new BadLine(number, "expected an " + (ip6 ? "IPv6" : "IPv4") + " address or \"*\", not \"" + text + "\"");
    }

    private static long spi(int number, String text) throws BadLine {
        if (text.matches("0[xX][0-9a-fA-F]{1,8}")) {
            return Long.parseLong(text.substring(2), 16);
        } else if (text.matches("[0-9]{1,10}") && Long.parseLong(text) <= 0xffff_ffffL) {
            return Long.parseLong(text);
        }
        throw new BadLine(number, "expected an SPI such as 0x00001001, not \"" + text + "\"");
    }

    private static Octets key(int number, String text) throws BadLine {
        if (!text.matches("(0[xX]([0-9a-fA-F]{2})*)?")) {
            throw new BadLine(number, "expected a key such as 0x0123, two digits an octet, not \"" + text + "\"");
        }
        return text.isEmpty() ? Octets.EMPTY : Octets.hex(text.substring(2));
    }

    private static Encryption encryption(int number, String text, Sa.Protocol protocol) throws BadLine {
        for (Encryption encryption : Encryption.values()) {
            if (name(encryption).equals(text) && (encryption == Encryption.NONE) == (protocol == Sa.Protocol.AH)) {
                return encryption;
            }
        }
        throw new BadLine(number, protocol == Sa.Protocol.AH ? "AH encrypts nothing: expected \"" + NO_ENCRYPTION + "\", not \"" + text + "\""
                : "unknown encryption \"" + text + "\"");
    }

    /** Those that a name stands for; of one that only tells the ICV's length, all with that and with this key. */
    private static List<Authentication> authentications(int number, String text, Octets key) throws BadLine {
        Matcher unjudged = UNJUDGED.matcher(text);
        List<Authentication> found = new ArrayList<>();
        boolean known = unjudged.matches();
        int icv = known ? Integer.parseInt(unjudged.group(1)) / 8 : 0;
        for (Authentication authentication : Authentication.values()) {
            boolean named = name(authentication).equals(text);
            known |= named;
            if ((named || unjudged.matches() && authentication.icv() == icv) && authentication.key() == key.length()) {
                found.add(authentication);
            }
        }
        if (found.isEmpty()) {
            throw new BadLine(number, known ? "no \"" + text + "\" takes a key of " + key.length() + " octets" : "unknown authentication \"" + text + "\"");
        }
        return found;
    }
}
