package careof.app.window;

import careof.app.theme.Theme;
import careof.engine.base.AtomicFile;
import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;

/**
 * What the window remembers from one start to the next.
 *
 * @param calm   less motion than the desktop asks for
 * @param recent lab files opened or saved lately, newest first
 */
record Settings(Theme.Choice theme, boolean calm, List<Path> recent) {
    static final Settings DEFAULT = new Settings(Theme.Choice.SYSTEM, false, List.of());
    private static final int MOST_RECENT = 8;

    Settings {
        recent = List.copyOf(recent);
    }

    Settings withRecent(Path file) {
        List<Path> files = new ArrayList<>();
        files.add(file.toAbsolutePath().normalize());
        recent.stream().filter(f -> !f.equals(files.getFirst())).limit(MOST_RECENT - 1).forEach(files::add);
        return new Settings(theme, calm, files);
    }

    Settings withLook(Theme.Choice theme, boolean calm) {
        return new Settings(theme, calm, recent);
    }

    /** The defaults where the file is missing or says something else. */
    static Settings read(Path file) {
        try {
            Properties p = new Properties();
            p.load(new StringReader(Files.readString(file)));
            Theme.Choice theme = List.of(Theme.Choice.values()).stream().filter(c -> c.name().equals(p.getProperty("theme"))).findFirst()
                    .orElse(Theme.Choice.SYSTEM);
            List<Path> recent = new ArrayList<>();
            for (int i = 0; i < MOST_RECENT && p.getProperty("recent." + i) != null; i++) {
                recent.add(Path.of(p.getProperty("recent." + i)));
            }
            return new Settings(theme, Boolean.parseBoolean(p.getProperty("calm")), recent);
        } catch (IOException | IllegalArgumentException e) {
            return DEFAULT;
        }
    }

    void write(Path file) throws IOException {
        StringBuilder text = new StringBuilder();
        text.append("theme=").append(theme.name()).append('\n').append("calm=").append(calm).append('\n');
        for (int i = 0; i < recent.size(); i++) {
            text.append("recent.").append(i).append('=').append(recent.get(i).toString().replace("\\", "\\\\")).append('\n');
        }
        Files.createDirectories(file.getParent());
        AtomicFile.write(file, out -> out.write(text.toString().getBytes(StandardCharsets.UTF_8)));
    }
}
