package careof.app.session;

import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;

/**
 * Something that the user should know, once.
 *
 * @param title  a few words
 * @param detail may be empty
 */
public record Notice(Level level, String title, String detail) {
    /** How bad it is. */
    public enum Level { INFO, SUCCESS, WARNING, ERROR }

    /** What went wrong, in words; of exceptions that have none, their kind. */
    public static String why(Exception e) {
        return switch (e) {
            case NoSuchFileException _ -> "There is no such file.";
            case AccessDeniedException _ -> "It may not be read.";
            default -> e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
        };
    }
}
