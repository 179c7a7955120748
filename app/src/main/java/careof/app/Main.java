package careof.app;

import careof.app.cli.CareofCommand;

/** Where the process starts. */
public final class Main {
    private Main() {}

    public static void main(String[] args) {
        System.exit(CareofCommand.execute(args));
    }
}
