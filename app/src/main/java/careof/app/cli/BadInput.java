package careof.app.cli;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;

/** Input that a command cannot work with; the message is all that a person needs. */
final class BadInput extends Exception {
    BadInput(String message) {
        super(message, null, false, false);
    }

    /** What went wrong with a file, in words: the exceptions of the platform often carry only its name. */
    static String message(IOException e) {
        return switch (e) {
            case NoSuchFileException missing -> "no file " + missing.getFile();
            case AccessDeniedException denied -> "no permission for " + denied.getFile();
            case FileAlreadyExistsException exists -> exists.getFile() + " exists already";
            case FileSystemException other when other.getReason() != null -> other.getFile() + ": " + other.getReason();
            default -> e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
        };
    }
}
