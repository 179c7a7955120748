package careof.app;

import careof.app.cli.CareofCommand;
import careof.app.window.WorkbenchApp;
import java.util.Arrays;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;
import javafx.application.Application;

/**
 * Where the process starts: the window for no words or for "open", the command line for all others. It does not extend
 * {@link Application}, since the libraries are on the class path and not on the module path.
 */
public final class Main {
    /** Held, since an unreferenced logger forgets its level: JavaFX warns at each start that it is on the class path, as we want it. */
    private static final Logger JAVAFX = Logger.getLogger("javafx");

    private Main() {}

    public static void main(String[] args) {
        List<String> words = Arrays.asList(args);
        boolean help = words.contains("-h") || words.contains("--help");
        if (words.isEmpty() || words.getFirst().equals("open") && words.size() <= 2 && !help) {
            JAVAFX.setLevel(Level.SEVERE);
            Application.launch(WorkbenchApp.class, words.stream().skip(1).toArray(String[]::new));
        } else {
            System.exit(CareofCommand.execute(args));
        }
    }
}
