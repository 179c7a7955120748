package careof.engine.interop;

import careof.engine.base.Octets;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Phase one and all that followed between two strongSwan daemons, with what they derived: known answers for our own derivations, and real
 * messages for readers. {@link StrongSwanPairTest} tells how the files come about. All secrets were made for this.
 *
 * @param name     of the file
 * @param facts    named values: the suite, octets in hexadecimal
 * @param keymats  seed and keys of each SA, in the order of their making: first the one on which the responder of the quick mode receives
 * @param messages ISAKMP messages as UDP carried them
 */
public record IkeRun(String name, Map<String, String> facts, List<Keymat> keymats, List<Message> messages) {

    /** Names of the files with a run. */
    public static final List<String> NAMES = List.of("main-psk", "main-psk-ecp", "main-rsa", "aggressive-psk", "aggressive-rsa");

    /**
     * Keys of one SA.
     *
     * @param seed what goes into each block: the secret with perfect forward secrecy, protocol, SPI, nonces
     * @param keys key of the cipher, if any, then of the integrity algorithm
     */
    public record Keymat(Octets seed, Octets keys) {
    }

    /**
     * @param initiator true when phase one's initiator sent it
     * @param octets    from the ISAKMP header on
     * @param plain     of an encrypted message: itself in the clear, with its padding; of the last fragment: what all make; else empty
     */
    public record Message(boolean initiator, Octets octets, Octets plain) {
    }

    /** A named value. */
    public String fact(String key) {
        var value = facts.get(key);
        if (value == null) throw new AssertionError(name + " does not tell " + key);
        return value;
    }

    /** Named octets. */
    public Octets octets(String key) {
        return Octets.hex(fact(key));
    }

    /** The run of that name. */
    public static IkeRun read(String name) {
        var facts = new LinkedHashMap<String, String>();
        var keymats = new ArrayList<Keymat>();
        var messages = new ArrayList<Message>();
        for (var line : text(name).lines().toList()) {
            var words = line.split(" ");
            switch (words[0]) {
                case "#" -> {
                    // says where it comes from
                }
                case "keymat" -> keymats.add(new Keymat(Octets.hex(words[1]), Octets.hex(words[2])));
                case "initiator", "responder" -> messages.add(new Message(words[0].equals("initiator"), Octets.hex(words[1]),
                        words.length > 2 ? Octets.hex(words[2]) : Octets.EMPTY));
                default -> facts.put(words[0], line.substring(words[0].length() + 1));
            }
        }
        return new IkeRun(name, facts, List.copyOf(keymats), List.copyOf(messages));
    }

    /** All runs. */
    public static List<IkeRun> all() {
        return NAMES.stream().map(IkeRun::read).toList();
    }

    /** As {@link #read} takes it. */
    String toText() {
        var text = new StringBuilder("# strongSwan 5.9.8 with itself; the secrets were made for this\n");
        facts.forEach((key, value) -> text.append(key).append(' ').append(value).append('\n'));
        for (var keymat : keymats) text.append("keymat ").append(keymat.seed().toHex()).append(' ').append(keymat.keys().toHex()).append('\n');
        for (var message : messages) {
            text.append(message.initiator() ? "initiator " : "responder ").append(message.octets().toHex());
            if (!message.plain().isEmpty()) text.append(' ').append(message.plain().toHex());
            text.append('\n');
        }
        return text.toString();
    }

    private static String text(String name) {
        try (var stream = IkeRun.class.getResourceAsStream("ike/" + name + ".txt")) {
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
