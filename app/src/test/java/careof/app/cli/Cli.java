package careof.app.cli;

import java.io.PrintWriter;
import java.io.StringWriter;

/** One run of the command line. */
record Cli(int status, String out, String err) {
    static Cli run(Object... args) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        String[] texts = new String[args.length];
        for (int i = 0; i < args.length; i++) {
            texts[i] = args[i].toString();
        }
        int status = CareofCommand.execute(new PrintWriter(out), new PrintWriter(err), texts);
        return new Cli(status, out.toString(), err.toString());
    }
}
