package careof.app.session;

import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Something that the user should know, once.
 *
 * @param title  a few words
 * @param detail may be empty
 * @param file   that has been made, which it offers to open; empty: none
 */
public record Notice(Level level, String title, String detail, Optional<Path> file) {
    /** Why a live run did not begin; goes when another attempt is made. */
    public static final String NOT_LIVE = "Not live";

    public Notice(Level level, String title, String detail) {
        this(level, title, detail, Optional.empty());
    }

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

    /** With a large letter and a full stop. */
    public static String sentence(String text) {
        return Character.toUpperCase(text.charAt(0)) + text.substring(1) + (text.endsWith(".") ? "" : ".");
    }
}
