package careof.app.window;

import careof.app.theme.Theme;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import javafx.stage.Stage;

/** The windows of captures, and the way from them to that of a lab, which need not be there. */
final class Captures {
    private final Folders folders;
    private final Theme theme;
    private Optional<Workbench> lab;

    /** @param lab the window beside which captures open; empty: there is none yet */
    Captures(Folders folders, Theme theme, Optional<Workbench> lab) {
        this.folders = folders;
        this.theme = theme;
        this.lab = lab;
    }

    /** Opens a capture in a window of its own. */
    CaptureWindow open(Stage stage, Path file) {
        return CaptureWindow.open(stage, theme, this, file);
    }

    /** A capture was opened. */
    void remember(Path file) {
        if (openLab().isPresent()) {
            openLab().get().documents().remember(file);
            return;
        }
        try {
            Settings.read(folders.settings()).withRecent(file).write(folders.settings());
        } catch (IOException e) {
            // a list of recent files is not worth a message over a capture
        }
    }

    private Optional<Workbench> openLab() {
        return lab.filter(Workbench::isOpen);
    }

    /** Opens a file that is no capture. */
    void openLab(Path file) {
        workbench().documents().openAsking(file);
    }

    /** Brings the window with the lab to the front. */
    void showLab() {
        boolean fresh = openLab().isEmpty();
        Workbench window = workbench();
        if (fresh) {
            window.documents().openSample(WorkbenchApp.FIRST_SAMPLE);
        }
    }

    private Workbench workbench() {
        if (openLab().isEmpty()) {
            lab = Optional.of(WorkbenchApp.show(new Stage(), folders, Settings.read(folders.settings())));
        }
        lab.get().toFrontOfAll();
        return lab.get();
    }
}
