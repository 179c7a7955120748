package careof.app.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

@Command(name = "pki",
        description = "Makes authorities, certificates and revocation lists for labs and for other IKE implementations, and shows what is in files.",
        subcommands = {PkiMakeCommand.class, PkiFromCommand.class, PkiShowCommand.class})
final class PkiCommand implements Runnable {
    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "make, from or show?");
    }
}
