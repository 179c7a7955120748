package careof.editor.model;

import careof.engine.lab.Lab;
import careof.engine.lab.LabLink;
import careof.engine.lab.LabNode;
import java.util.Optional;
import java.util.regex.Pattern;

/** Names of nodes and links: what is a good one, and the next free one. */
public final class Naming {
    /** Letters, digits, {@code . _ -}, beginning with a letter or digit, up to 63. */
    private static final Pattern GOOD = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,62}");

    private Naming() {}

    /** Why {@code wish} cannot be the name of something now called {@code old} (null: new); empty if it can. */
    public static Optional<String> problem(Lab lab, String old, String wish) {
        if (wish.equals(old)) {
            return Optional.empty();
        }
        if (wish.isBlank()) {
            return Optional.of("a name is needed");
        }
        if (!GOOD.matcher(wish).matches()) {
            return Optional.of("use letters, digits and . _ - (at most 63)");
        }
        return taken(lab, wish) ? Optional.of("there is already a \"" + wish + "\"") : Optional.empty();
    }

    private static boolean taken(Lab lab, String name) {
        return lab.node(name).isPresent() || lab.link(name).isPresent();
    }

    /** The next free name of a node: mn, mn2, mn3... */
    public static String next(Lab lab, LabNode.Role role) {
        String base = switch (role) {
            case MOBILE_NODE -> "mn";
            case CORRESPONDENT -> "cn";
            case HOME_AGENT -> "ha";
            case ROUTER -> "ra";
            case HOST -> "host";
            case ATTACKER -> "attacker";
        };
        return numbered(lab, base);
    }

    /** The next free name of a link: cell-a, cell-b... or link, link2... */
    public static String next(Lab lab, LabLink.Kind kind) {
        if (kind == LabLink.Kind.CELL) {
            for (char c = 'a'; c <= 'z'; c++) {
                if (!taken(lab, "cell-" + c)) {
                    return "cell-" + c;
                }
            }
            return numbered(lab, "cell");
        }
        return numbered(lab, "link");
    }

    private static String numbered(Lab lab, String base) {
        String name = base;
        for (int i = 2; taken(lab, name); i++) {
            name = base + i;
        }
        return name;
    }
}
