package careof.engine.lab;

import careof.engine.base.VirtualTime;
import careof.engine.policy.Recommendation;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;

/** Writes a lab as people write one: an element a line, first columns aligned, nothing that is a default. */
final class LabWriter {
    /** A longer line is broken between fields. */
    private static final int WIDTH = 140;
    /** Columns wider than this are not aligned. */
    private static final int COLUMN = 40;

    private LabWriter() {}

    static String write(Lab lab) {
        List<String> fields = new ArrayList<>();
        fields.add(field("careof", String.valueOf(Lab.VERSION)));
        fields.add(field("name", quote(lab.name())));
        add(fields, "about", lab.about(), "", LabWriter::quote);
        add(fields, "seed", lab.seed(), Lab.DEFAULT_SEED, String::valueOf);
        add(fields, "epoch", lab.epoch(), Lab.DEFAULT_EPOCH, epoch -> quote(epoch.toString()));
        add(fields, "policy", lab.policy(), Lab.LabPolicy.ALL_ON, LabWriter::policy);
        rows(fields, "links", lab.links(), LabWriter::link, 3);
        rows(fields, "nodes", lab.nodes(), LabWriter::node, 2);
        add(fields, "pki", lab.pki(), LabPki.DEFAULT, IkeWriter::pki);
        rows(fields, "ipsec", lab.ipsec(), ProtectionWriter::protection, 2);
        rows(fields, "traffic", lab.traffic(), (stream, row) -> traffic(stream, lab.until(), row), 2);
        rows(fields, "actions", lab.actions(), LabWriter::action, 1);
        add(fields, "until", lab.until(), Lab.DEFAULT_UNTIL, LabWriter::time);
        rows(fields, "expect", lab.expect(), (expectation, row) -> ExpectationWriter.row(expectation, lab.until(), row), 0);
        lab.experiment().ifPresent(experiment -> fields.add(field("experiment", ExperimentWriter.write(experiment, lab.until()))));
        lab.comparison().ifPresent(comparison -> fields.add(field("comparison", ComparisonWriter.write(comparison, lab.until()))));
        add(fields, "view", lab.view(), Lab.View.EMPTY, LabWriter::view);
        return "{\n  " + String.join(",\n  ", fields) + "\n}\n";
    }

    static <T> void add(List<String> fields, String name, T value, T byDefault, java.util.function.Function<T, String> write) {
        if (!value.equals(byDefault)) {
            fields.add(field(name, write.apply(value)));
        }
    }

    static <T> void add(List<String> fields, String name, Optional<T> value, java.util.function.Function<T, String> write) {
        value.ifPresent(present -> fields.add(field(name, write.apply(present))));
    }

    /** An array with an object a line, whose first {@code aligned} fields stand in columns. */
    static <T> void rows(List<String> fields, String name, List<T> elements, BiFunction<T, List<String>, List<String>> row, int aligned) {
        if (elements.isEmpty()) {
            return;
        }
        List<List<String>> rows = elements.stream().map(element -> row.apply(element, new ArrayList<>())).toList();
        int[] widths = new int[aligned];
        for (List<String> cells : rows) {
            for (int i = 0; i < Math.min(aligned, cells.size() - 1); i++) {
                widths[i] = Math.max(widths[i], Math.min(COLUMN, cells.get(i).length()));
            }
        }
        fields.add(field(name, "[\n    " + String.join(",\n    ", rows.stream().map(cells -> row(cells, widths)).toList()) + "\n  ]"));
    }

    private static String row(List<String> cells, int[] widths) {
        StringBuilder text = new StringBuilder("{ ");
        int start = 0;
        for (int i = 0; i < cells.size(); i++) {
            String cell = cells.get(i);
            if (i > 0 && text.length() - start + cell.length() > WIDTH) {
                text.setLength(text.toString().stripTrailing().length());
                start = text.length();
                text.append("\n      ");
            }
            text.append(cell);
            if (i < cells.size() - 1) {
                text.append(", ").repeat(' ', i < widths.length ? Math.max(0, widths[i] - cell.length()) : 0);
            }
        }
        return text.append(" }").toString();
    }

    static String field(String name, String value) {
        return quote(name) + ": " + value;
    }

    static String object(List<String> fields) {
        return fields.isEmpty() ? "{}" : "{ " + String.join(", ", fields) + " }";
    }

    static String array(List<String> elements) {
        return elements.isEmpty() ? "[]" : "[ " + String.join(", ", elements) + " ]";
    }

    static String policy(Lab.LabPolicy policy) {
        List<String> fields = new ArrayList<>();
        fields.add(field("off", letters(policy.off())));
        if (!policy.nodes().isEmpty()) {
            List<String> nodes = new ArrayList<>();
            policy.nodes().forEach((node, off) -> nodes.add(field(node, object(List.of(field("off", letters(off)))))));
            fields.add(field("nodes", object(nodes)));
        }
        return object(fields);
    }

    private static String letters(List<Recommendation> letters) {
        return "[" + String.join(", ", letters.stream().map(letter -> quote(letter.name())).toList()) + "]";
    }

    private static List<String> link(LabLink link, List<String> row) {
        LabLink defaults = LabLink.of(link.name(), link.kind(), link.prefix());
        row.add(field("name", quote(link.name())));
        row.add(field("kind", quote(link.kind().text())));
        add(row, "prefix", link.prefix(), prefix -> quote(prefix.toString()));
        add(row, "prefix4", link.prefix4(), prefix -> quote(prefix.toString()));
        add(row, "delay", link.delay(), defaults.delay(), LabWriter::time);
        add(row, "rate", link.rate(), defaults.rate(), LabWriter::rate);
        add(row, "queue", link.queue(), defaults.queue(), String::valueOf);
        add(row, "loss", link.loss(), defaults.loss(), LabWriter::number);
        add(row, "attach", link.attach(), defaults.attach(), LabWriter::time);
        add(row, "mtu", link.mtu(), defaults.mtu(), String::valueOf);
        add(row, "advertise", link.advertise(), defaults.advertise(), LabWriter::time);
        add(row, "down", link.down(), defaults.down(), String::valueOf);
        return row;
    }

    static List<String> node(LabNode node, List<String> row) {
        row.add(field("name", quote(node.name())));
        row.add(field("role", quote(node.role().text())));
        add(row, "ports", node.ports(), List.<LabNode.Port>of(), ports -> array(ports.stream().map(LabWriter::port).toList()));
        add(row, "at", node.at(), LabWriter::quote);
        add(row, "home", node.home(), LabWriter::home);
        if (!node.careOf4().isEmpty()) {
            List<String> links = new ArrayList<>();
            node.careOf4().forEach((link, address) -> links.add(field(link, quote(address.toString()))));
            row.add(field("careOf4", object(links)));
        }
        if (!node.modes().isEmpty()) {
            List<String> modes = new ArrayList<>();
            node.modes().forEach((peer, mode) -> modes.add(field(peer, quote(mode.text()))));
            row.add(field("modes", object(modes)));
        }
        add(row, "routes", node.routes(), List.<LabNode.StaticRoute>of(), routes -> array(routes.stream().map(LabWriter::route).toList()));
        add(row, "lifetime", node.lifetime(), LabNode.DEFAULT_LIFETIME, LabWriter::time);
        add(row, "optimisticDad", node.optimisticDad(), LabNode.of(node.name(), node.role()).optimisticDad(), String::valueOf);
        add(row, "bridge", node.bridge(), false, String::valueOf);
        add(row, "spd", node.spd(), List.<LabSpdEntry>of(), entries -> "[\n        "
                + String.join(",\n        ", entries.stream().map(ProtectionWriter::entry).toList()) + " ]");
        add(row, "ike", node.ike(), IkeWriter::ike);
        add(row, "outside", node.outside(), false, String::valueOf);
        return row;
    }

    private static String port(LabNode.Port port) {
        List<String> fields = new ArrayList<>();
        fields.add(field("link", quote(port.link())));
        add(fields, "address", port.address(), address -> quote(address.toString()));
        add(fields, "address4", port.address4(), address -> quote(address.toString()));
        return object(fields);
    }

    private static String home(LabNode.Home home) {
        List<String> fields = new ArrayList<>();
        fields.add(field("link", quote(home.link())));
        fields.add(field("address", quote(home.address().toString())));
        add(fields, "address4", home.address4(), address -> quote(address.toString()));
        add(fields, "agent", home.agent(), LabWriter::quote);
        return object(fields);
    }

    private static String route(LabNode.StaticRoute route) {
        return object(List.of(field("prefix", quote(route.prefix().toString())), field("via", quote(route.via().toString()))));
    }

    static List<String> traffic(LabTraffic traffic, long until, List<String> row) {
        row.add(field("name", quote(traffic.name())));
        row.add(field("kind", quote(traffic.kind().text())));
        row.add(field("from", quote(traffic.from())));
        row.add(field("to", quote(traffic.to())));
        add(row, "both", traffic.both(), false, String::valueOf);
        add(row, "every", traffic.every(), LabTraffic.DEFAULT_EVERY, LabWriter::time);
        add(row, "octets", traffic.octets(), LabTraffic.DEFAULT_OCTETS, String::valueOf);
        add(row, "start", traffic.start(), 0L, LabWriter::time);
        add(row, "stop", traffic.stop(), until, LabWriter::time);
        add(row, "family", traffic.family(), 6, String::valueOf);
        add(row, "dscp", traffic.dscp(), 0, String::valueOf);
        return row;
    }

    static String oneAction(TimedAction timed) {
        return object(action(timed, new ArrayList<>()));
    }

    static List<String> action(TimedAction timed, List<String> row) {
        row.add(field("at", time(timed.at())));
        List<String> fields = new ArrayList<>();
        String kind = switch (timed.action()) {
            case Action.Move(String node, Optional<String> to) -> {
                fields.add(field("node", quote(node)));
                add(fields, "to", to, LabWriter::quote);
                yield "move";
            }
            case Action.Link link -> {
                fields.add(field("name", quote(link.name())));
                add(fields, "from", link.from(), LabWriter::quote);
                add(fields, "to", link.to(), LabWriter::quote);
                add(fields, "loss", link.loss(), LabWriter::number);
                add(fields, "delay", link.delay(), LabWriter::time);
                add(fields, "rate", link.rate(), LabWriter::rate);
                add(fields, "down", link.down(), String::valueOf);
                yield "link";
            }
            case Action.SetMode(String node, String peer, LabNode.Mode mode) -> {
                fields.add(field("node", quote(node)));
                fields.add(field("peer", quote(peer)));
                fields.add(field("mode", quote(mode.text())));
                yield "mode";
            }
            case Action.Ping(String from, String to) -> {
                fields.add(field("from", quote(from)));
                fields.add(field("to", quote(to)));
                yield "ping";
            }
            case Action.SetPolicy(Optional<String> node, List<Recommendation> on, List<Recommendation> off) -> {
                add(fields, "node", node, LabWriter::quote);
                add(fields, "on", on, List.<Recommendation>of(), LabWriter::letters);
                add(fields, "off", off, List.<Recommendation>of(), LabWriter::letters);
                yield "policy";
            }
            case Action.ChangeSas sas -> {
                fields.add(field("node", quote(sas.node())));
                fields.add(field("protection", quote(sas.protection())));
                add(fields, "delete", sas.delete(), false, String::valueOf);
                add(fields, "lifetime", sas.lifetime(), ProtectionWriter::lifetime);
                yield "sa";
            }
            case Action.Ike ike -> {
                fields.addAll(IkeWriter.action(ike));
                yield "ike";
            }
            case Action.Attack(String node, Attack attack) -> {
                fields.add(field("node", quote(node)));
                List<String> values = new ArrayList<>();
                attack.values().forEach((parameter, value) -> {
                    if (!value.equals(parameter.byDefault())) {
                        String text = Attack.text(parameter, value);
                        boolean bare = parameter.type() == Attack.Type.NUMBER || parameter.type() == Attack.Type.YES_NO;
                        values.add(field(parameter.name(), bare ? text : quote(text)));
                    }
                });
                fields.add(field(attack.kind().text(), object(values)));
                yield "attack";
            }
        };
        row.add(field(kind, object(fields)));
        return row;
    }

    private static String view(Lab.View view) {
        List<String> parts = new ArrayList<>();
        points(parts, "nodes", view.nodes());
        points(parts, "links", view.links());
        return "{\n    " + String.join(",\n    ", parts) + "\n  }";
    }

    private static void points(List<String> parts, String name, java.util.Map<String, Lab.View.Point> points) {
        if (!points.isEmpty()) {
            List<String> cells = new ArrayList<>();
            points.forEach((key, point) -> cells.add(field(key, "[" + number(point.x()) + ", " + number(point.y()) + "]")));
            parts.add(field(name, row(cells, new int[0])));
        }
    }

    static String time(long nanos) {
        return quote(VirtualTime.format(nanos));
    }

    private static String rate(long bitsPerSecond) {
        return quote(Rate.format(bitsPerSecond));
    }

    /** Without an exponent where that stays short, and exact: the shortest decimal that reads back as the same number. */
    private static String number(double number) {
        BigDecimal exact = new BigDecimal(Double.toString(number)).stripTrailingZeros();
        return Math.abs(exact.scale()) > 12 ? exact.toString() : exact.toPlainString();
    }

    /** A JSON text; half a surrogate pair is escaped, since it would not survive UTF-8. */
    static String quote(String text) {
        StringBuilder quoted = new StringBuilder(text.length() + 2).append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                quoted.append('\\').append(c);
            } else if (c == '\n') {
                quoted.append("\\n");
            } else if (c == '\t') {
                quoted.append("\\t");
            } else if (c < ' ' || c == 0x7f || Character.isSurrogate(c) && !paired(text, i)) {
                quoted.append(String.format("\\u%04x", (int) c));
            } else {
                quoted.append(c);
            }
        }
        return quoted.append('"').toString();
    }

    private static boolean paired(String text, int at) {
        return Character.isHighSurrogate(text.charAt(at))
                ? at + 1 < text.length() && Character.isLowSurrogate(text.charAt(at + 1))
                : at > 0 && Character.isHighSurrogate(text.charAt(at - 1));
    }
}
