package careof.app;

import careof.app.cli.CareofCommand;
import careof.app.window.WorkbenchApp;
import java.util.Arrays;
import java.util.List;
import javafx.application.Application;

/**
 * Where the process starts: the window for no words or for "open", the command line for all others. It does not extend
 * {@link Application}, since the libraries are on the class path and not on the module path.
 */
public final class Main {
    private Main() {}

    public static void main(String[] args) {
        List<String> words = Arrays.asList(args);
        boolean help = words.contains("-h") || words.contains("--help");
        if (words.isEmpty() || words.getFirst().equals("open") && words.size() <= 2 && !help) {
            Application.launch(WorkbenchApp.class, words.stream().skip(1).toArray(String[]::new));
        } else {
            System.exit(CareofCommand.execute(args));
        }
    }
}
