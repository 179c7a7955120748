package careof.app.cli;

import careof.engine.lab.LabException;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;
import picocli.CommandLine.UnmatchedArgumentException;
import tools.jackson.databind.node.ObjectNode;

/** The command line. Exit status: 0 holds, 1 an expectation failed, 2 bad input or usage. */
@Command(
        name = "careof",
        description = "A workbench for Mobile IPv6. Without arguments it opens its window.",
        subcommands = {OpenCommand.class, RunCommand.class, LiveCommand.class, ReplayCommand.class, CheckCommand.class, DecodeCommand.class, SamplesCommand.class, ExperimentCommand.class, PkiCommand.class, BenchCommand.class,
            CommandLine.HelpCommand.class},
        mixinStandardHelpOptions = true,
        version = "careof 0.1.0",
        scope = ScopeType.INHERIT,
        sortOptions = false,
        usageHelpAutoWidth = true,
        footer = {"", "Exit status: 0 all expectations hold, 1 one fails, 2 bad input or usage."})
public final class CareofCommand implements Runnable {
    public static final int HOLDS = 0;
    public static final int FAILS = 1;
    public static final int BAD_INPUT = 2;

    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "Which command?");
    }

    /** Runs one command line; what it prints goes to the two writers, which are flushed. */
    public static int execute(PrintWriter out, PrintWriter err, String... args) {
        if (args.length > 0 && Files.isRegularFile(Path.of(args[0]))) {
            err.println("careof: " + args[0] + " is a file; to draw it: careof open " + args[0] + ", to run it: careof run " + args[0]);
            err.flush();
            return BAD_INPUT;
        }
        CommandLine line = new CommandLine(new CareofCommand());
        line.setOut(out);
        line.setErr(err);
        // so that --policy -A needs no "="
        line.setAllowOptionsAsOptionParameters(true);
        line.registerConverter(Long.class, CareofCommand::wholeNumber);
        line.setParameterExceptionHandler((e, _) -> misused(e));
        line.setExecutionExceptionHandler((e, at, _) -> failed(e, at));
        int status = line.execute(args);
        out.flush();
        err.flush();
        return status;
    }

    /** Runs one command line on the process's own output. */
    public static int execute(String... args) {
        return execute(new PrintWriter(System.out, false, StandardCharsets.UTF_8), new PrintWriter(System.err, true, StandardCharsets.UTF_8), args);
    }

    private static long wholeNumber(String text) {
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException e) {
            throw new CommandLine.TypeConversionException("expected a whole number, not \"" + text + "\"");
        }
    }

    /** In few lines: all options would take what is wrong out of sight. */
    private static int misused(ParameterException e) {
        CommandLine at = e.getCommandLine();
        at.getErr().println("careof: " + e.getMessage());
        UnmatchedArgumentException.printSuggestions(e, at.getErr());
        at.getErr().println(at.getCommandSpec().qualifiedName() + " --help tells " + (at.getSubcommands().isEmpty() ? "the options" : "the commands"));
        return BAD_INPUT;
    }

    private static int failed(Exception e, CommandLine at) {
        if (at.getParseResult().hasMatchedOption("--json")) {
            ObjectNode root = Json.object();
            root.put("error", e instanceof IOException io ? BadInput.message(io) : String.valueOf(e.getMessage()));
            if (e instanceof LabException lab) {
                root.set("problems", Json.problems(lab.problems()));
            }
            Json.print(at.getOut(), root);
        }
        switch (e) {
            case LabException lab -> at.getErr().println(lab.getMessage());
            case BadInput bad -> at.getErr().println("careof: " + bad.getMessage());
            case IOException io -> at.getErr().println("careof: " + BadInput.message(io));
            default -> {
                at.getErr().println("careof: internal error, please report it with the command and its input: " + e);
                for (StackTraceElement frame : e.getStackTrace()) {
                    if (frame.getClassName().startsWith("careof.")) {
                        at.getErr().println("    at " + frame);
                    }
                }
            }
        }
        return BAD_INPUT;
    }
}
