package careof.engine.lab;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** Lists and suggestions for messages. */
final class Words {
    private static final int SHOWN = 8;

    private Words() {}

    /** "a, b and c", "a, b, c, ... (12)", "none". */
    static String list(Collection<String> words) {
        List<String> all = new ArrayList<>(words);
        if (all.isEmpty()) {
            return "none";
        }
        if (all.size() > SHOWN) {
            return String.join(", ", all.subList(0, SHOWN)) + ", ... (" + all.size() + ")";
        }
        return all.size() == 1 ? all.getFirst()
                : String.join(", ", all.subList(0, all.size() - 1)) + " and " + all.getLast();
    }

    /** {@code  (did you mean "home"?)}, or nothing where no word is near. */
    static String suggest(String word, Collection<String> words) {
        return nearest(word, words).map(near -> " (did you mean \"" + near + "\"?)").orElse("");
    }

    private static Optional<String> nearest(String word, Collection<String> words) {
        String nearest = null;
        int least = Math.min(2, word.length() / 2);
        for (String other : words) {
            int distance = distance(word.toLowerCase(java.util.Locale.ROOT), other.toLowerCase(java.util.Locale.ROOT));
            if (distance < least || nearest == null && distance == least) {
                nearest = other;
                least = distance;
            }
        }
        return Optional.ofNullable(nearest);
    }

    /** Edit distance: letters inserted, removed or replaced. */
    private static int distance(String a, String b) {
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int above = row[j];
                row[j] = Math.min(Math.min(row[j - 1], above) + 1, diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1));
                diagonal = above;
            }
        }
        return row[b.length()];
    }
}
