package careof.engine.lab;

import careof.engine.base.Malformed;
import careof.engine.base.Octets;
import careof.engine.pki.CertificateInfo;
import careof.engine.pki.Credential;
import careof.engine.pki.CredentialFile;
import careof.engine.pki.Pem;
import careof.engine.pki.RevocationList;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.function.BiConsumer;

/** Reads the files that a lab names, from the folder that it is in. */
final class MaterialReader {
    private final Path folder;
    private final BiConsumer<String, String> problem;

    /** @param problem gets the pointer of a field, and what is wrong */
    MaterialReader(Path folder, BiConsumer<String, String> problem) {
        this.folder = folder;
        this.problem = problem;
    }

    private interface Reading<T> {
        T read(Path file) throws IOException, Malformed;
    }

    LabMaterial read(LabPki pki) {
        SequencedMap<String, Credential> credentials = new LinkedHashMap<>();
        for (int i = 0; i < pki.certificates().size(); i++) {
            LabCertificate certificate = pki.certificates().get(i);
            String at = "/pki/certificates/" + i + "/file";
            certificate.file().flatMap(file -> read(at, file, path -> CredentialFile.read(path, certificate.password())))
                    .ifPresent(credential -> credentials.put(certificate.name(), credential));
        }
        SequencedMap<String, LabMaterial.Root> roots = new LinkedHashMap<>();
        for (int i = 0; i < pki.roots().size(); i++) {
            LabPki.Root root = pki.roots().get(i);
            String at = "/pki/roots/" + i;
            Optional<List<Octets>> certificates = read(at + "/file", root.file(), path -> all(path, Pem.CERTIFICATE, der -> CertificateInfo.parse(der).der()));
            Optional<List<Octets>> lists = root.crl().flatMap(file -> read(at + "/crl", file,
                    path -> all(path, Pem.REVOCATION_LIST, der -> RevocationList.parse(der).der())));
            certificates.ifPresent(found -> roots.put(root.name(), new LabMaterial.Root(found, lists.orElse(List.of()))));
        }
        return new LabMaterial(credentials, roots);
    }

    private <T> Optional<T> read(String at, String name, Reading<T> reading) {
        if (!PkiCheck.isInside(name)) {
            return Optional.empty();
        }
        Path file = folder.resolve(name);
        if (!Files.isRegularFile(file)) {
            problem.accept(at, "there is no file \"" + name + "\" beside the lab");
            return Optional.empty();
        }
        try {
            return Optional.of(reading.read(file));
        } catch (Malformed e) {
            problem.accept(at, "\"" + name + "\" is of no use: " + e.getMessage());
        } catch (IOException e) {
            problem.accept(at, "\"" + name + "\" cannot be read: " + e.getMessage());
        }
        return Optional.empty();
    }

    private interface Parse {
        Octets read(Octets der) throws Malformed;
    }

    /** All structures of one kind in a PEM file, or the one of a DER file. */
    private static List<Octets> all(Path file, String label, Parse parse) throws IOException, Malformed {
        Octets content = CredentialFile.content(file);
        List<Octets> all = new ArrayList<>();
        if (CredentialFile.isPem(content)) {
            for (Pem pem : CredentialFile.pem(content)) {
                if (pem.label().equals(label)) {
                    all.add(parse.read(pem.der()));
                }
            }
        } else {
            all.add(parse.read(content));
        }
        if (all.isEmpty()) {
            throw new Malformed("no " + label + " in it", 0);
        }
        return all;
    }
}
