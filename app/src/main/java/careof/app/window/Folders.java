package careof.app.window;

import java.nio.file.Path;

/**
 * Where the window keeps its own files (XDG base directories).
 *
 * @param settings a file
 * @param autosave a folder
 */
record Folders(Path settings, Path autosave) {
    static Folders ofUser() {
        Path home = Path.of(System.getProperty("user.home"));
        Path config = folder("XDG_CONFIG_HOME", home.resolve(".config"));
        Path state = folder("XDG_STATE_HOME", home.resolve(".local").resolve("state"));
        return new Folders(config.resolve("careof").resolve("window.properties"), state.resolve("careof").resolve("autosave"));
    }

    private static Path folder(String variable, Path otherwise) {
        String value = System.getenv(variable);
        return value == null || value.isBlank() || !Path.of(value).isAbsolute() ? otherwise : Path.of(value);
    }
}
