package careof.engine.attack;

import careof.engine.base.Octets;
import careof.engine.decode.PacketFields;
import careof.engine.query.FieldSource;
import java.util.ArrayList;
import java.util.List;

/**
 * Which frames an attacker means, by what anybody can see in them without a key: words such as "BU", "ESP" and "!udp", comparisons such as
 * "ipv6.dst=2001:db8:1::1"; all must hold.
 */
final class Match {
    private final List<String> terms;
    private final PacketFields fields = new PacketFields();

    Match(String text) {
        this.terms = text.isBlank() ? List.of() : List.of(text.strip().split("\\s+"));
    }

    /** @param frame with its Ethernet header */
    boolean holds(Octets frame) {
        FieldSource.Packet packet = new FieldSource.Packet(frame, true);
        List<String> words = terms.isEmpty() ? List.of() : words(packet);
        return terms.stream().allMatch(term -> holds(packet, words, term));
    }

    private List<String> words(FieldSource.Packet packet) {
        List<String> words = new ArrayList<>();
        fields.protocols(packet).forEach(word -> words.add(word.toLowerCase(java.util.Locale.ROOT)));
        return words;
    }

    private boolean holds(FieldSource.Packet packet, List<String> words, String term) {
        int equals = term.indexOf('=');
        if (equals >= 0) {
            return fields.values(packet, term.substring(0, equals)).stream().anyMatch(term.substring(equals + 1)::equalsIgnoreCase);
        }
        return term.startsWith("!") ? !words.contains(term.substring(1).toLowerCase(java.util.Locale.ROOT)) : words.contains(term.toLowerCase(java.util.Locale.ROOT));
    }
}
