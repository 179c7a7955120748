package careof.app.window;

import careof.app.session.Background;
import careof.app.session.Notice;
import careof.app.theme.Theme;
import java.nio.file.Path;
import java.util.List;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;

/** The window's settings as they are now: the theme begins as they say, and each change of them is written to their file, away from the window's thread. */
final class KeptSettings {
    private final Path file;
    private final Theme theme;
    private final Background background;
    private final Notices notices;
    private final ReadOnlyObjectWrapper<List<Path>> recent;
    private Settings settings;

    /** @param settings as they were read from the file */
    KeptSettings(Settings settings, Path file, Theme theme, Background background, Notices notices) {
        this.settings = settings;
        this.file = file;
        this.theme = theme;
        this.background = background;
        this.notices = notices;
        recent = new ReadOnlyObjectWrapper<>(this, "recent", settings.recent());
        theme.choiceProperty().set(settings.theme());
        if (settings.calm()) {
            theme.calmProperty().set(true);
        }
        theme.choiceProperty().subscribe((_, _) -> write());
        theme.calmProperty().subscribe((_, _) -> write());
    }

    /** The files opened or saved lately, newest first. */
    ReadOnlyObjectProperty<List<Path>> recentProperty() {
        return recent.getReadOnlyProperty();
    }

    /** A file was opened or saved. */
    void remember(Path opened) {
        settings = settings.withRecent(opened);
        recent.set(settings.recent());
        write();
    }

    private void write() {
        settings = settings.withLook(theme.choiceProperty().get(), theme.calmProperty().get());
        Settings now = settings;
        background.run(_ -> {
            now.write(file);
            return now;
        }, _ -> { }, e -> notices.show(new Notice(Notice.Level.WARNING, "Settings are not kept", Notice.why(e))));
    }
}
