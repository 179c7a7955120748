package careof.engine.lab;

import careof.engine.base.Octets;
import careof.engine.crypto.Authentication;
import careof.engine.crypto.Encryption;
import java.util.List;

/** Reads what a lab says of IPsec: protections and entries of security policies. */
final class ProtectionReader {
    private static final List<Encryption> ENCRYPTIONS = java.util.Arrays.stream(Encryption.values()).filter(one -> one != Encryption.NONE).toList();

    private final LabReader reader;

    ProtectionReader(LabReader reader) {
        this.reader = reader;
    }

    LabProtection protection(String pointer, JsonTree.Value value) {
        Fields fields = reader.fields("a protection", pointer, value);
        String name = fields.need("name", fields.text("name"), "", "\"bu-ba\"");
        List<String> between = fields.list("between", (at, node) -> fields.text(at, node, "a node's name").orElse(""));
        if (fields.present() && between.size() != 2) {
            fields.wrong("between", "expected two nodes, such as \"between\": [\"mn\", \"ha\"]");
        }
        LabProtection read = new LabProtection(name, between.size() == 2 ? between.get(0) : "", between.size() == 2 ? between.get(1) : "",
                traffic(fields),
                fields.whole("family", 0).orElse(6),
                fields.list("transforms", this::transform),
                fields.whole("window", 0).orElse(LabProtection.DEFAULT_WINDOW),
                fields.bool("extended").orElse(false),
                fields.object("lifetime", "a lifetime").map(ProtectionReader::lifetime).orElse(LabProtection.Lifetime.NONE),
                fields.whole("padding", 0).orElse(0),
                fields.time("dummies").orElse(0L),
                IkeReader.keying(fields));
        fields.end();
        return read;
    }

    private static LabProtection.Traffic traffic(Fields fields) {
        if (fields.value("traffic").orElse(null) instanceof JsonTree.Obj) {
            Fields inside = fields.object("traffic", "a selector").orElseThrow();
            LabSelector selector = selector(inside);
            inside.end();
            return new LabProtection.Selected(selector);
        }
        return fields.need("traffic", fields.word("traffic", List.of(LabProtection.Usual.values()), LabProtection.Usual::text),
                LabProtection.Usual.ALL, "\"registration\", \"return-routability\", \"payload\", \"all\" or a selector { ... }");
    }

    /** The fields of a selector, in whatever object they stand. */
    private static LabSelector selector(Fields fields) {
        return new LabSelector(
                fields.parsed("source", "an address, a prefix, or a range of addresses", LabSelector.Range::parse),
                fields.parsed("destination", "an address, a prefix, or a range of addresses", LabSelector.Range::parse),
                fields.parsed("protocol", "a protocol such as \"udp\"", LabSelector::protocol),
                fields.parsed("sourcePorts", "ports such as \"5000\" or \"5000-5999\"", LabSelector.Ports::parse),
                fields.parsed("destinationPorts", "ports such as \"5000\" or \"5000-5999\"", LabSelector.Ports::parse));
    }

    private LabProtection.Transform transform(String pointer, JsonTree.Value value) {
        Fields fields = reader.fields("a transform", pointer, value);
        LabProtection.Protocol protocol = fields.need("protocol",
                fields.word("protocol", List.of(LabProtection.Protocol.values()), LabProtection.Protocol::text), LabProtection.Protocol.ESP, "\"esp\" or \"ah\"");
        LabProtection.Mode mode = fields.need("mode", fields.word("mode", List.of(LabProtection.Mode.values()), LabProtection.Mode::text),
                LabProtection.Mode.TRANSPORT, "\"transport\" or \"tunnel\"");
        LabProtection.Transform read = new LabProtection.Transform(protocol, mode,
                fields.word("encryption", ENCRYPTIONS, Encryption::text).orElse(protocol == LabProtection.Protocol.AH ? Encryption.NONE : Encryption.NULL),
                fields.word("authentication", List.of(Authentication.values()), Authentication::text).orElse(Authentication.NULL),
                fields.whole("bits", 0).orElse(0),
                fields.whole("outer", 0).orElse(6),
                fields.list("keys", this::keys));
        fields.end();
        return read;
    }

    private LabProtection.Keys keys(String pointer, JsonTree.Value value) {
        Fields fields = reader.fields("keys", pointer, value);
        LabProtection.Keys read = new LabProtection.Keys(fields.need("from", fields.text("from"), "", "\"mn\""),
                fields.parsed("spi", "an SPI such as \"0x1001\"", ProtectionReader::spi),
                fields.parsed("encryption", "a key in hexadecimal", ProtectionReader::key),
                fields.parsed("authentication", "a key in hexadecimal", ProtectionReader::key));
        fields.end();
        return read;
    }

    static long spi(String text) {
        if (!text.matches("0x[0-9a-fA-F]{1,8}")) {
            throw new IllegalArgumentException("expected an SPI such as \"0x1001\", not \"" + text + "\"");
        }
        return Long.parseLong(text.substring(2), 16);
    }

    private static Octets key(String text) {
        if (!text.matches("([0-9a-fA-F]{2})*")) {
            throw new IllegalArgumentException("expected a key in hexadecimal, two digits an octet, not \"" + text + "\"");
        }
        return Octets.hex(text);
    }

    static LabProtection.Lifetime lifetime(Fields fields) {
        LabProtection.Lifetime read = new LabProtection.Lifetime(fields.time("soft").orElse(0L), fields.time("hard").orElse(0L),
                fields.whole("softOctets").orElse(0L), fields.whole("hardOctets").orElse(0L));
        fields.end();
        return read;
    }

    LabSpdEntry entry(String pointer, JsonTree.Value value) {
        Fields fields = reader.fields("an entry of a security policy", pointer, value);
        LabSpdEntry read = new LabSpdEntry(
                fields.need("direction", fields.word("direction", List.of(LabSpdEntry.Direction.values()), LabSpdEntry.Direction::text),
                        LabSpdEntry.Direction.OUT, "\"in\" or \"out\""),
                fields.need("action", fields.word("action", List.of(LabSpdEntry.Action.values()), LabSpdEntry.Action::text),
                        LabSpdEntry.Action.BYPASS, "\"bypass\", \"discard\" or \"protect\""),
                fields.text("with"),
                fields.text("port"),
                selector(fields),
                fields.bool("last").orElse(false));
        fields.end();
        return read;
    }
}
