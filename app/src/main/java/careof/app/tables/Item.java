package careof.app.tables;

import java.util.List;

/** A line of the tables pane. */
public sealed interface Item {
    /** The table that it belongs to. */
    String table();

    /**
     * A table's heading.
     *
     * @param changed some row of it has just changed
     */
    record Heading(String table, int rows, boolean open, boolean changed) implements Item {}

    /**
     * A row of a table.
     *
     * @param key     names the row within its table
     * @param main    what it is about
     * @param more    what else it holds; may be empty
     * @param tags    short words about its state
     * @param changed the last step changed it
     * @param event   the event that last changed it; 0: none
     * @param secrets shown only when asked for
     * @param links   to what it has to do with
     */
    record Entry(String table, String key, String main, String more, List<Tag> tags, boolean changed, long event, List<Secret> secrets, List<Link> links)
            implements Item {
        public Entry {
            tags = List.copyOf(tags);
            secrets = List.copyOf(secrets);
            links = List.copyOf(links);
        }

        /** One that leads nowhere. */
        public Entry(String table, String key, String main, String more, List<Tag> tags, boolean changed, long event, List<Secret> secrets) {
            this(table, key, main, more, tags, changed, event, secrets, List.of());
        }
    }

    /**
     * A key.
     *
     * @param what it is for
     * @param hex  its octets
     */
    record Secret(String what, String hex) {
        /** Neither in logs nor in tests' messages. */
        @Override
        public String toString() {
            return what + " key of " + hex.length() / 2 + " octets";
        }
    }

    /** A short word in a box. */
    record Tag(String text, Tone tone) {}

    /** How a word is coloured; the word itself says it too. */
    enum Tone { PLAIN, FINE, BUSY, BAD }
}
