package careof.engine.lab;

import static careof.engine.lab.LabWriter.add;
import static careof.engine.lab.LabWriter.array;
import static careof.engine.lab.LabWriter.field;
import static careof.engine.lab.LabWriter.object;
import static careof.engine.lab.LabWriter.quote;

import careof.engine.crypto.Authentication;
import careof.engine.crypto.Encryption;
import java.util.ArrayList;
import java.util.List;

/** Writes what {@link ProtectionReader} reads. */
final class ProtectionWriter {
    private ProtectionWriter() {}

    static List<String> protection(LabProtection protection, List<String> row) {
        row.add(field("name", quote(protection.name())));
        row.add(field("between", "[" + quote(protection.first()) + ", " + quote(protection.second()) + "]"));
        row.add(field("traffic", switch (protection.traffic()) {
            case LabProtection.Usual usual -> quote(usual.text());
            case LabProtection.Selected selected -> object(selector(selected.selector(), new ArrayList<>()));
        }));
        add(row, "family", protection.family(), 6, String::valueOf);
        row.add(field("transforms", array(protection.transforms().stream().map(ProtectionWriter::transform).toList())));
        add(row, "window", protection.window(), LabProtection.DEFAULT_WINDOW, String::valueOf);
        add(row, "extended", protection.extended(), false, String::valueOf);
        add(row, "lifetime", protection.lifetime(), LabProtection.Lifetime.NONE, ProtectionWriter::lifetime);
        add(row, "padding", protection.padding(), 0, String::valueOf);
        add(row, "dummies", protection.dummies(), 0L, LabWriter::time);
        add(row, "keying", protection.keying(), LabProtection.Keying.MANUAL, keying -> quote(keying.text()));
        return row;
    }

    private static List<String> selector(LabSelector selector, List<String> fields) {
        add(fields, "source", selector.source(), range -> quote(range.toString()));
        add(fields, "destination", selector.destination(), range -> quote(range.toString()));
        add(fields, "protocol", selector.protocol(), protocol -> quote(LabSelector.protocol(protocol)));
        add(fields, "sourcePorts", selector.sourcePorts(), ports -> quote(ports.toString()));
        add(fields, "destinationPorts", selector.destinationPorts(), ports -> quote(ports.toString()));
        return fields;
    }

    private static String transform(LabProtection.Transform transform) {
        List<String> fields = new ArrayList<>();
        fields.add(field("protocol", quote(transform.protocol().text())));
        fields.add(field("mode", quote(transform.mode().text())));
        Encryption usual = transform.protocol() == LabProtection.Protocol.AH ? Encryption.NONE : Encryption.NULL;
        add(fields, "encryption", transform.encryption(), usual, encryption -> quote(encryption.text()));
        add(fields, "authentication", transform.authentication(), Authentication.NULL, authentication -> quote(authentication.text()));
        add(fields, "bits", transform.bits(), 0, String::valueOf);
        add(fields, "outer", transform.outer(), 6, String::valueOf);
        add(fields, "keys", transform.keys(), List.<LabProtection.Keys>of(), keys -> "[\n        "
                + String.join(",\n        ", keys.stream().map(ProtectionWriter::keys).toList()) + " ]");
        return object(fields);
    }

    private static String keys(LabProtection.Keys keys) {
        List<String> fields = new ArrayList<>();
        fields.add(field("from", quote(keys.from())));
        add(fields, "spi", keys.spi(), spi -> quote("0x" + Long.toHexString(spi)));
        add(fields, "encryption", keys.encryption(), key -> quote(key.toHex()));
        add(fields, "authentication", keys.authentication(), key -> quote(key.toHex()));
        return object(fields);
    }

    static String lifetime(LabProtection.Lifetime lifetime) {
        List<String> fields = new ArrayList<>();
        add(fields, "soft", lifetime.soft(), 0L, LabWriter::time);
        add(fields, "hard", lifetime.hard(), 0L, LabWriter::time);
        add(fields, "softOctets", lifetime.softOctets(), 0L, String::valueOf);
        add(fields, "hardOctets", lifetime.hardOctets(), 0L, String::valueOf);
        return object(fields);
    }

    static String entry(LabSpdEntry entry) {
        List<String> fields = new ArrayList<>();
        fields.add(field("direction", quote(entry.direction().text())));
        fields.add(field("action", quote(entry.action().text())));
        add(fields, "with", entry.with(), LabWriter::quote);
        add(fields, "port", entry.port(), LabWriter::quote);
        selector(entry.selector(), fields);
        add(fields, "last", entry.last(), false, String::valueOf);
        return object(fields);
    }
}
