package careof.app.cli;

import careof.engine.base.Malformed;
import careof.engine.base.Octets;
import careof.engine.pki.CertificateInfo;
import careof.engine.pki.CertificateText;
import careof.engine.pki.Credential;
import careof.engine.pki.CredentialFile;
import careof.engine.pki.Pem;
import careof.engine.pki.RevocationList;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.security.interfaces.RSAPrivateKey;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

@Command(name = "show", description = "Prints what certificates, revocation lists and PKCS #12 files say. Of private keys only their length is printed.")
final class PkiShowCommand implements Callable<Integer> {
    @Parameters(paramLabel = "FILE", arity = "1..*", description = "PEM, DER or PKCS #12 files.")
    private List<Path> files;

    @Option(names = "--password", paramLabel = "TEXT", description = "Opens PKCS #12 files.")
    private Optional<String> password = Optional.empty();

    @Option(names = "--json", description = "Prints JSON.")
    private boolean json;

    @Spec
    private CommandSpec spec;

    /** One thing in a file. */
    private record Thing(String what, SequencedMap<String, String> rows) {
        static Thing certificate(Octets der) throws Malformed {
            return new Thing("certificate", CertificateText.of(CertificateInfo.parse(der)));
        }

        static Thing revocations(Octets der) throws Malformed {
            return new Thing("revocation list", CertificateText.of(RevocationList.parse(der)));
        }

        static Thing key(RSAPrivateKey key) {
            SequencedMap<String, String> rows = new LinkedHashMap<>();
            rows.put("key", "RSA, " + key.getModulus().bitLength() + " bits");
            return new Thing("private key", rows);
        }
    }

    @Override
    public Integer call() throws BadInput, IOException {
        PrintWriter out = spec.commandLine().getOut();
        ObjectNode root = Json.object();
        ArrayNode all = root.putArray("files");
        for (Path file : files) {
            LabInput.exists(file);
            List<Thing> things;
            try {
                things = things(file);
            } catch (Malformed e) {
                throw new BadInput(file + ": " + e.getMessage());
            }
            if (json) {
                ArrayNode holds = all.addObject().put("file", file.toString()).putArray("holds");
                for (Thing thing : things) {
                    ObjectNode one = holds.addObject().put("what", thing.what());
                    thing.rows().forEach(one::put);
                }
            } else {
                things.forEach(thing -> print(out, file, thing));
            }
        }
        if (json) {
            Json.print(out, root);
        }
        return CareofCommand.HOLDS;
    }

    private static void print(PrintWriter out, Path file, Thing thing) {
        out.println(file + ": " + thing.what());
        int width = thing.rows().keySet().stream().mapToInt(String::length).max().orElse(0);
        thing.rows().forEach((label, value) -> out.println("  " + label + " ".repeat(width - label.length()) + "  " + value));
    }

    private List<Thing> things(Path file) throws IOException, Malformed {
        Octets content = CredentialFile.content(file);
        List<Thing> things = new ArrayList<>();
        if (CredentialFile.isPem(content)) {
            for (Pem pem : CredentialFile.pem(content)) {
                things.add(switch (pem.label()) {
                    case Pem.CERTIFICATE -> Thing.certificate(pem.der());
                    case Pem.REVOCATION_LIST -> Thing.revocations(pem.der());
                    default -> Thing.key(CredentialFile.privateKey(pem));
                });
            }
            return things;
        }
        try {
            return List.of(Thing.certificate(content));
        } catch (Malformed noCertificate) {
            try {
                return List.of(Thing.revocations(content));
            } catch (Malformed noList) {
                Credential credential = CredentialFile.read(file, password);
                for (Octets certificate : credential.chain()) {
                    things.add(Thing.certificate(certificate));
                }
                things.add(Thing.key(credential.key()));
                return things;
            }
        }
    }
}
