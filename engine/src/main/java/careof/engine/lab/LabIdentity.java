package careof.engine.lab;

import careof.engine.base.IpAddress;
import careof.engine.base.Octets;
import careof.engine.pki.DistinguishedName;
import java.util.List;
import java.util.Optional;

/** Who somebody says to be in phase one of IKE (RFC 2407 section 4.6.2). */
public sealed interface LabIdentity {
    /** A domain name, taken as it is; nothing is looked up. */
    record Fqdn(String name) implements LabIdentity {}

    /** A mail address, which RFC 2407 calls a fully qualified user name. */
    record Mail(String address) implements LabIdentity {}

    /**
     * A distinguished name.
     *
     * @param name such as "O=lab,CN=mn", however it is written; empty: the subject of the node's own certificate
     */
    record Dn(Optional<String> name) implements LabIdentity {
        public Dn {
            name = name.map(text -> DistinguishedName.of(text).text());
        }
    }

    /** @param address empty: the one that transports IKE */
    record Address(Optional<IpAddress> address) implements LabIdentity {}

    /**
     * Recommendation K's Home Address Identity.
     *
     * @param address empty: the node's home address
     */
    record HomeAddress(Optional<IpAddress> address) implements LabIdentity {}

    /** @param id opaque, at least one octet */
    record KeyId(Octets id) implements LabIdentity {}

    /** Of a peer only: whatever it says. */
    record Any() implements LabIdentity {}

    /** What {@link #parse} reads, for messages. */
    String EXAMPLES = "\"fqdn:mn.lab\", \"mail:mn@lab\", \"dn\", \"dn:CN=mn\", \"address\", \"ip:2001:db8:1::10\", \"home-address\","
            + " \"home-address:2001:db8:1::10\" or \"key-id:0x0a0b\"";

    /** Words without a value. */
    List<String> WORDS = List.of("address", "home-address", "dn", "any");
    /** Words before a colon and a value. */
    List<String> PREFIXES = List.of("fqdn", "mail", "dn", "ip", "home-address", "key-id");

    /** Reads what {@link #text} writes; an {@code IllegalArgumentException} says what is wrong. */
    static LabIdentity parse(String text) {
        int colon = text.indexOf(':');
        String word = colon < 0 ? text : text.substring(0, colon);
        if (colon < 0) {
            return switch (word) {
                case "address" -> new Address(Optional.empty());
                case "home-address" -> new HomeAddress(Optional.empty());
                case "dn" -> new Dn(Optional.empty());
                case "any" -> new Any();
                default -> throw new IllegalArgumentException("expected " + EXAMPLES + ", not \"" + text + "\"" + Words.suggest(word, WORDS));
            };
        }
        String value = text.substring(colon + 1);
        if (PREFIXES.contains(word) && value.isBlank()) {
            throw new IllegalArgumentException("nothing after the colon of \"" + text + "\"; expected " + EXAMPLES);
        }
        return switch (word) {
            case "fqdn" -> new Fqdn(value);
            case "mail" -> new Mail(value);
            case "dn" -> new Dn(Optional.of(value));
            case "ip" -> new Address(Optional.of(IpAddress.parse(value)));
            case "home-address" -> new HomeAddress(Optional.of(IpAddress.parse(value)));
            case "key-id" -> new KeyId(hex(value, "a key id"));
            default -> throw new IllegalArgumentException("expected " + EXAMPLES + ", not \"" + text + "\"" + Words.suggest(word, PREFIXES));
        };
    }

    /** Octets after "0x". */
    static Octets hex(String text, String what) {
        if (!text.matches("0x([0-9a-fA-F]{2})+")) {
            throw new IllegalArgumentException("expected " + what + " in hexadecimal, 0x and two digits an octet, not \"" + text + "\"");
        }
        return Octets.hex(text.substring(2));
    }

    /** As it stands in lab files. */
    default String text() {
        return switch (this) {
            case Fqdn(String name) -> "fqdn:" + name;
            case Mail(String address) -> "mail:" + address;
            case Dn(Optional<String> name) -> name.map(one -> "dn:" + one).orElse("dn");
            case Address(Optional<IpAddress> address) -> address.map(one -> "ip:" + one).orElse("address");
            case HomeAddress(Optional<IpAddress> address) -> address.map(one -> "home-address:" + one).orElse("home-address");
            case KeyId(Octets id) -> "key-id:0x" + id.toHex();
            case Any _ -> "any";
        };
    }
}
