package careof.engine.pki;

import careof.engine.base.IpAddress;
import java.util.Locale;

/**
 * A name that a certificate gives its subject, or that a peer claims (RFC 4945 section 5.1.3.6). Its text form is a kind, a colon and the name
 * itself: {@code dns:mn.lab}, {@code mail:mn@lab}, {@code ip:2001:db8::1}, {@code dn:C=XX,CN=mn}.
 */
public sealed interface SubjectName {
    /** A host name; case does not count. */
    record Dns(String name) implements SubjectName {
        public Dns {
            graphic(name);
        }

        @Override
        public String text() {
            return "dns:" + name;
        }

        @Override
        public boolean matches(SubjectName other) {
            return other instanceof Dns dns && dns.name.equalsIgnoreCase(name);
        }
    }

    /** A mail address; case counts in its local part alone. */
    record Mail(String address) implements SubjectName {
        public Mail {
            graphic(address);
        }

        @Override
        public String text() {
            return "mail:" + address;
        }

        @Override
        public boolean matches(SubjectName other) {
            return other instanceof Mail mail && mail.comparable().equals(comparable());
        }

        private String comparable() {
            int at = address.lastIndexOf('@');
            return address.substring(0, at + 1) + address.substring(at + 1).toLowerCase(Locale.ROOT);
        }
    }

    /** An address, IPv6 or IPv4. */
    record Ip(IpAddress address) implements SubjectName {
        @Override
        public String text() {
            return "ip:" + address;
        }

        @Override
        public boolean matches(SubjectName other) {
            return equals(other);
        }
    }

    /** A distinguished name, in the octets that it came in. */
    record Directory(DistinguishedName name) implements SubjectName {
        @Override
        public String text() {
            return "dn:" + name.text();
        }

        @Override
        public boolean matches(SubjectName other) {
            return other instanceof Directory directory && name.matches(directory.name);
        }
    }

    /** The form that {@link #parse} reads. */
    String text();

    /** Whether both name the same subject, by the rules of their kind. */
    boolean matches(SubjectName other);

    /** Reads the text form; an {@code IllegalArgumentException} names what is wrong. */
    static SubjectName parse(String text) {
        int colon = text.indexOf(':');
        String name = text.substring(colon + 1);
        return switch (colon < 0 ? "" : text.substring(0, colon)) {
            case "dns" -> new Dns(name);
            case "mail" -> new Mail(name);
            case "ip" -> new Ip(IpAddress.parse(name));
            case "dn" -> new Directory(DistinguishedName.of(name));
            default -> throw new IllegalArgumentException("not a name of a subject: \"" + text + "\"; it starts with dns:, mail:, ip: or dn:");
        };
    }

    private static void graphic(String name) {
        if (name.isEmpty() || name.length() > 255 || !name.chars().allMatch(c -> c > ' ' && c < 127)) {
            throw new IllegalArgumentException("not a name of 1 to 255 graphic ASCII characters: \"" + Printable.text(name) + "\"");
        }
    }
}
