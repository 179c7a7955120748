package careof.engine.live;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** What runs that were killed left on the interfaces of a namespace. */
public final class Leftovers {
    private final List<HostInterface.Leftover> found;

    private Leftovers(List<HostInterface.Leftover> found) {
        this.found = found;
    }

    /** Looks at all interfaces. */
    public static Leftovers find(Namespace namespace) throws IOException {
        IpCommand ip = new IpCommand(namespace);
        List<HostInterface.Leftover> found = new ArrayList<>();
        for (String line : ip.run("-o", "link", "show").lines().toList()) {
            String[] words = line.split(":? +");
            if (words.length > 1) {
                HostInterface.Leftover.of(ip, words[1].replaceFirst("@.*", "")).ifPresent(found::add);
            }
        }
        return new Leftovers(found);
    }

    /** One for each interface, for a person to read. */
    public List<String> texts() {
        return found.stream().map(HostInterface.Leftover::toString).toList();
    }

    /** Takes all of it back. */
    public void remove() {
        found.forEach(HostInterface.Leftover::remove);
    }
}
