package careof.engine.ipsec;

import java.util.LinkedHashMap;
import java.util.Map;

/** Answers that were found before, a bounded number of them; the longest unused goes first. Derived from tables: no state. */
final class Flows<K, V> {
    private static final int MOST = 4096;

    private final Map<K, V> answers = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
            return size() > MOST;
        }
    };

    private long forgotten;

    /** The answer, or null. */
    V get(K question) {
        return answers.get(question);
    }

    void put(K question, V answer) {
        answers.put(question, answer);
    }

    /** A table changed. */
    void forget() {
        answers.clear();
        forgotten++;
    }

    /** How often answers were forgotten: one that was kept elsewhere holds as long as this stays. */
    long forgotten() {
        return forgotten;
    }

    int size() {
        return answers.size();
    }
}
