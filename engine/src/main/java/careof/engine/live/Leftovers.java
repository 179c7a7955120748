package careof.engine.live;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** What runs that were killed left on interfaces that outlived them. */
public final class Leftovers {
    private final List<HostInterface.Leftover> found;

    private Leftovers(List<HostInterface.Leftover> found) {
        this.found = found;
    }

    /** Looks at all interfaces of this program's namespace, and of those of the ports that are asked for. */
    public static Leftovers find(List<PortRequest> requests) throws IOException {
        List<HostInterface.Leftover> found = new ArrayList<>();
        for (Namespace namespace : Stream.concat(Stream.of(Namespace.OWN), requests.stream().map(PortRequest::namespace)).distinct().toList()) {
            look(new IpCommand(namespace), found);
        }
        return new Leftovers(found);
    }

    private static void look(IpCommand ip, List<HostInterface.Leftover> found) throws IOException {
        for (String line : ip.run("-o", "link", "show").lines().toList()) {
            String[] words = line.split(":? +");
            if (words.length > 1) {
                HostInterface.Leftover.of(ip, words[1].replaceFirst("@.*", "")).ifPresent(found::add);
            }
        }
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
