package careof.app.window;

import careof.app.session.Session;
import careof.app.theme.Theme;
import careof.engine.capture.CaptureFile;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import javafx.animation.AnimationTimer;
import javafx.application.Application;
import javafx.application.Platform;
import javafx.scene.Scene;
import javafx.scene.image.Image;
import javafx.stage.Stage;

/**
 * Opens the window on a lab file, or on a sample when none is named; a capture file gets a window of its own. With the system property {@code careof.rehearsal} it
 * closes by itself, for the launcher, which records what a start needs.
 */
public final class WorkbenchApp extends Application {
    static final String FIRST_SAMPLE = "handover";

    @Override
    public void start(Stage stage) {
        Folders folders = Folders.ofUser();
        List<String> arguments = getParameters().getRaw();
        if (!arguments.isEmpty() && CaptureFile.isCapture(Path.of(arguments.getFirst()))) {
            Theme theme = new Theme();
            theme.choiceProperty().set(Settings.read(folders.settings()).theme());
            new Captures(folders, theme, Optional.empty()).open(stage, Path.of(arguments.getFirst()));
            return;
        }
        Workbench window = show(stage, folders, Settings.read(folders.settings()));
        afterFrames(2, () -> {
            if (arguments.isEmpty()) {
                window.documents().openSample(FIRST_SAMPLE);
            } else {
                window.documents().open(Path.of(arguments.getFirst()));
            }
            window.documents().offerLeftovers();
            if (Boolean.getBoolean("careof.rehearsal")) {
                afterFrames(40, Platform::exit);
            }
        });
    }

    /** Shows an empty window. */
    static Workbench show(Stage stage, Folders folders, Settings settings) {
        return show(stage, folders, settings, new Session());
    }

    static Workbench show(Stage stage, Folders folders, Settings settings, Session session) {
        Theme theme = new Theme();
        Workbench window = new Workbench(stage, session, theme, folders, settings);
        Scene scene = new Scene(window, 1280, 800);
        theme.dress(scene);
        stage.setScene(scene);
        stage.setMinWidth(1000);
        stage.setMinHeight(600);
        icon(stage);
        stage.show();
        return window;
    }

    static void icon(Stage stage) {
        stage.getIcons().add(new Image(WorkbenchApp.class.getResourceAsStream("/careof/assets/careof.png")));
    }

    /** What is read from files, and the engine, wait until the window is seen. */
    private static void afterFrames(int count, Runnable then) {
        new AnimationTimer() {
            private int frames;

            @Override
            public void handle(long now) {
                if (++frames == count) {
                    stop();
                    then.run();
                }
            }
        }.start();
    }
}
