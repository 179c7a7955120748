package careof.app.session;

/**
 * Something that the user should know, once.
 *
 * @param title  a few words
 * @param detail may be empty
 */
public record Notice(Level level, String title, String detail) {
    /** How bad it is. */
    public enum Level { INFO, SUCCESS, WARNING, ERROR }
}
