package careof.engine.decode;

import careof.engine.base.Octets;
import java.util.List;
import java.util.function.Consumer;

/**
 * A field of a dissected frame.
 *
 * @param name         as in its RFC
 * @param value        for people; up to its first blank it is the bare value ("58 (ICMPv6)", "1800 s"), "" for a mere group
 * @param start        its first octet, from the start of {@code octets}
 * @param end          after its last octet; for bits within an octet the whole octet
 * @param children     in order of their octets
 * @param error        malformed octets, or a checksum that is wrong; {@code value} says what and why
 * @param abbreviation name for filters, in the style of Wireshark: "ipv6.dst"
 * @param octets       what {@code start} and {@code end} count in: the whole frame, or what ESP held once it was decrypted
 */
public record Field(String name, String value, int start, int end, List<Field> children, boolean error, String abbreviation, Octets octets) {

    /** {@code value} up to its first blank: what a filter compares. */
    public String bareValue() {
        int blank = value.indexOf(' ');
        return blank < 0 ? value : value.substring(0, blank);
    }

    /** Calls {@code visitor} with this field and all below it, from the outside in. */
    public void walk(Consumer<Field> visitor) {
        visitor.accept(this);
        for (Field child : children) {
            child.walk(visitor);
        }
    }

    /** Whether this field or one below it is an error. */
    public boolean anyError() {
        return error || children.stream().anyMatch(Field::anyError);
    }

    /** The innermost field that covers the octet at {@code offset} of this field's octets; this one if none below does. */
    public Field at(int offset) {
        for (Field child : children) {
            if (child.octets == octets && child.start <= offset && offset < child.end) {
                return child.at(offset);
            }
        }
        return this;
    }
}
