package careof.app.session;

import careof.engine.live.Leftovers;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Something that the user should know, once.
 *
 * @param title  a few words
 * @param detail may be empty
 * @param offer  what it offers to do about it; empty: nothing
 */
public record Notice(Level level, String title, String detail, Optional<Offer> offer) {
    /** Why a live run did not begin; goes when another attempt is made, or when what killed runs left is taken back. */
    public static final String NOT_LIVE = "Not live";

    public Notice(Level level, String title, String detail) {
        this(level, title, detail, Optional.empty());
    }

    /** What can be done about it. */
    public sealed interface Offer {
        /** A file that has been made is opened. */
        record Open(Path file) implements Offer {}

        /** What killed runs left on interfaces is taken back. */
        record TakeBack(Leftovers left) implements Offer {}
    }

    /** Whether it offers to open a file. */
    public boolean opens(Path file) {
        return offer.orElse(null) instanceof Offer.Open(Path offered) && offered.toAbsolutePath().normalize().equals(file.toAbsolutePath().normalize());
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
