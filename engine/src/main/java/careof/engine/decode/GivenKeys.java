package careof.engine.decode;

import careof.engine.base.Octets;
import careof.engine.capture.IkeTable;
import careof.engine.capture.SaTable;
import careof.engine.state.Sa;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Keys that a user has for a capture of somebody: tables as Wireshark's {@code esp_sa} and {@code ikev1_decryption_table}, and such of AH, see
 * {@link SaTable} and {@link IkeTable}. What a table is of its lines tell, so that one text may hold all.
 *
 * @param sas       of ESP and AH
 * @param phaseOnes keys of phase ones of IKE, by initiator cookie
 */
public record GivenKeys(List<Sa> sas, Map<Long, Octets> phaseOnes) {
    public static final GivenKeys NONE = new GivenKeys(List.of(), new LinkedHashMap<>());

    /** The names of tables in a profile's folder. */
    private static final List<String> TABLES = List.of("esp_sa", "ah_sa", "ikev1_decryption_table");
    private static final long LARGEST = 1 << 24;
    private static final Pattern IKE = Pattern.compile("\\s*\"?[0-9a-fA-F]+\"?\\s*,.*");
    private static final Pattern AH = Pattern.compile("\\s*(\"[^\"]*\"\\s*,\\s*){4}\"NONE\".*");
    private static final Pattern NOTHING = Pattern.compile("\\s*(#.*)?");

    public GivenKeys {
        sas = List.copyOf(sas);
        phaseOnes = Collections.unmodifiableMap(new LinkedHashMap<>(phaseOnes));
    }

    /**
     * Reads the lines of tables.
     *
     * @throws SaTable.BadLine a line that cannot be read, with its number from 1
     */
    public static GivenKeys read(String text) throws SaTable.BadLine {
        Predicate<String> ike = IKE.asMatchPredicate();
        Predicate<String> ah = AH.asMatchPredicate();
        List<Sa> sas = new ArrayList<>(SaTable.read(only(text, ike.or(ah).negate()), Sa.Protocol.ESP));
        sas.addAll(SaTable.read(only(text, ah), Sa.Protocol.AH));
        return new GivenKeys(sas, IkeTable.read(only(text, ike)));
    }

    /** The text with all other lines empty, so that those that stay keep their numbers. */
    private static String only(String text, Predicate<String> kind) {
        return text.lines().map(line -> kind.test(line) ? line : "").collect(Collectors.joining("\n"));
    }

    /**
     * The text of a table, or of all in the folder of a profile that {@link careof.engine.capture.WiresharkProfile} wrote or Wireshark has.
     *
     * @throws IOException with a message for people: file, and line if it cannot be read as keys
     */
    public static String text(Path path) throws IOException {
        if (!Files.isDirectory(path)) {
            return checked(path);
        }
        StringBuilder text = new StringBuilder();
        for (String table : TABLES) {
            Path file = path.resolve(table);
            if (Files.exists(file)) {
                text.append(checked(file));
                text.append(text.isEmpty() || text.charAt(text.length() - 1) == '\n' ? "" : "\n");
            }
        }
        if (text.isEmpty()) {
            throw new IOException(path + ": none of " + String.join(", ", TABLES) + " with keys is in this folder");
        }
        return text.toString();
    }

    private static String checked(Path file) throws IOException {
        if (Files.size(file) > LARGEST) {
            throw new IOException(file + ": too large for a table of keys");
        }
        try {
            String text = Files.readString(file);
            read(text);
            return text;
        } catch (SaTable.BadLine e) {
            throw new IOException(file + ": " + e.getMessage());
        } catch (CharacterCodingException e) {
            throw new IOException(file + ": no text");
        }
    }

    /** Whether a text says nothing but blanks and remarks. */
    public static boolean isBlank(String text) {
        return text.lines().allMatch(NOTHING.asMatchPredicate());
    }

    public boolean isEmpty() {
        return sas.isEmpty() && phaseOnes.isEmpty();
    }

    /** Of how many SAs: a line may stand for several {@link #sas}, of which the packets tell which is right. */
    public long associations() {
        return sas.stream().map(sa -> List.of(sa.protocol(), sa.spi(), sa.destination(), sa.encryptionKey(), sa.authenticationKey())).distinct().count();
    }

    /** Opens ESP and judges AH; messages of IKE stay closed. */
    public Opener openerOfPackets() {
        return sas.isEmpty() ? Opener.NONE : KnownSas.of(sas);
    }

    /** Opens all; must be shown all messages of IKE in their order, as {@link IkeDecryptor} says, before those can be read in any. */
    public Opener opener() {
        return phaseOnes.isEmpty() ? openerOfPackets() : new FirstOpener(openerOfPackets(), new IkeDecryptor(phaseOnes));
    }
}
