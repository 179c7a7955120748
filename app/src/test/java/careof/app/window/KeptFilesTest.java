package careof.app.window;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import careof.app.session.Command;
import careof.app.theme.Theme;
import careof.engine.lab.Lab;
import careof.engine.lab.LabFiles;
import careof.engine.query.QueryProblem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Settings, copies of unsaved work, and what people type into "run until". */
class KeptFilesTest {
    @TempDir
    Path folder;

    @Test
    void settingsComeBackAsTheyWere() throws Exception {
        Path file = folder.resolve("deep").resolve("window.properties");
        assertEquals(Settings.DEFAULT, Settings.read(file));
        Settings settings = new Settings(Theme.Choice.DARK, true, List.of());
        for (int i = 0; i < 12; i++) {
            settings = settings.withRecent(folder.resolve("lab " + i + ".json"));
        }
        settings = settings.withRecent(folder.resolve("lab 7.json"));
        assertEquals(8, settings.recent().size());
        assertEquals(folder.resolve("lab 7.json"), settings.recent().getFirst());
        settings.write(file);
        assertEquals(settings, Settings.read(file));
        Files.writeString(file, "theme=purple\nrecent.0=\u0000\n");
        assertEquals(Settings.DEFAULT.theme(), Settings.read(file).theme());
    }

    @Test
    void aCopyIsOfferedOnlyWhenItsProcessIsGone() throws Exception {
        Autosave autosave = new Autosave(folder.resolve("autosave"));
        assertEquals(Optional.empty(), autosave.leftBehind());
        autosave.keep(Lab.empty("Mine"));
        assertEquals(Optional.empty(), autosave.leftBehind(), "this process lives");
        Path dead = folder.resolve("autosave").resolve(Long.MAX_VALUE + ".json");
        LabFiles.save(dead, Lab.empty("Lost"));
        assertEquals(Optional.of(dead), autosave.leftBehind());
        autosave.forget();
        assertTrue(Files.exists(dead));
        assertFalse(Files.exists(folder.resolve("autosave").resolve(ProcessHandle.current().pid() + ".json")));
    }

    @Test
    void runUntilReadsTimesEventsAndQueries() throws Exception {
        assertEquals(new Command.UntilTime(12_500_000_000L), Dialogs.read(" 12.5s "));
        assertEquals(new Command.UntilTime(300_000_000L), Dialogs.read("300 ms"));
        assertEquals(new Command.UntilEvent(412), Dialogs.read("#412"));
        assertInstanceOf(Command.UntilMatch.class, Dialogs.read("protocol == BU"));
        assertThrows(QueryProblem.class, () -> Dialogs.read("node == ("));
    }
}
