package careof.app.cli;

import careof.engine.lab.Lab;
import careof.engine.lab.LabException;
import careof.engine.lab.LabFiles;
import careof.engine.node.LabCertificates;
import careof.engine.node.Plan;
import careof.engine.pki.Pki;
import careof.engine.pki.RsaKeys;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(name = "from", description = "Writes the certificates that a lab's nodes have. "
        + "Their keys follow from their names, so that anybody can make them: they are for labs.")
final class PkiFromCommand implements Callable<Integer> {
    @Parameters(paramLabel = "LAB", description = "A lab file.")
    private Path lab;

    @Parameters(paramLabel = "FOLDER", description = "Where the files go.")
    private Path folder;

    @Option(names = "--private-keys", description = "Writes private keys, too.")
    private boolean keys;

    @Mixin
    private PkiFiles files;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws BadInput, IOException, LabException {
        LabInput.exists(lab);
        Lab read = LabFiles.read(lab);
        Pki pki = LabCertificates.make(read, new Plan(read), RsaKeys.ofNames());
        if (pki.credentials().isEmpty()) {
            throw new BadInput(lab + " asks for no certificates: no node uses IKE and none are planned");
        }
        files.write(pki, folder, keys, spec.commandLine().getOut());
        return CareofCommand.HOLDS;
    }
}
