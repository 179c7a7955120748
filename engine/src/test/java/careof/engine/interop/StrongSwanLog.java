package careof.engine.interop;

import careof.engine.base.Octets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** What charon's log shows in hexadecimal: secrets, keys, hashes and what they are made of, in the order of their making. */
record StrongSwanLog(List<Entry> entries) {

    private static final Pattern START = Pattern.compile("\\d\\d\\[[A-Z]{3}] (.*) => (\\d+) bytes @ .*");
    private static final Pattern LINE = Pattern.compile("\\d\\d\\[[A-Z]{3}] +\\d+: ((?:[0-9A-F]{2} ){1,16}).*");

    record Entry(String name, Octets octets) {
    }

    static StrongSwanLog parse(String log) {
        var entries = new ArrayList<Entry>();
        var lines = log.lines().toList();
        for (var i = 0; i < lines.size(); i++) {
            var start = START.matcher(lines.get(i));
            if (!start.matches()) continue;
            var hex = new StringBuilder();
            while (i + 1 < lines.size()) {
                var line = LINE.matcher(lines.get(i + 1) + " ");
                if (!line.matches()) break;
                hex.append(line.group(1).replace(" ", ""));
                i++;
            }
            var octets = Octets.hex(hex.toString());
            if (octets.length() != Integer.parseInt(start.group(2))) throw new AssertionError("cut short in the log: " + start.group());
            entries.add(new Entry(start.group(1), octets));
        }
        return new StrongSwanLog(List.copyOf(entries));
    }

    /** All of that name. */
    List<Octets> all(String name) {
        return entries.stream().filter(e -> e.name().equals(name)).map(Entry::octets).toList();
    }

    /** The first of that name. */
    Octets first(String name) {
        return all(name).getFirst();
    }
}
