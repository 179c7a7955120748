package careof.app.cli;

import careof.engine.base.AtomicFile;
import careof.engine.base.Octets;
import careof.engine.pki.Credential;
import careof.engine.pki.Pem;
import careof.engine.pki.Pki;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Option;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The files of authorities and certificates: {@code NAME.pem}, of an authority {@code NAME.crl.pem} too; with keys {@code NAME.key.pem}, and with a password
 * {@code NAME.p12} of each certificate that is no authority's. Whoever is not their owner cannot read those with keys.
 */
final class PkiFiles {
    @Option(names = "--password", paramLabel = "TEXT", description = "Also writes NAME.p12 (PKCS #12) of each certificate and its key, with this password.")
    private Optional<String> password = Optional.empty();

    @Option(names = "--force", description = "Writes over files that exist.")
    private boolean force;

    @Option(names = "--json", description = "Prints JSON.")
    private boolean json;

    private record Content(byte[] octets, boolean secret) {}

    /**
     * Writes all of them, or none where one exists.
     *
     * @param keys whether private keys are written
     */
    void write(Pki pki, Path folder, boolean keys, PrintWriter out) throws BadInput, IOException {
        if (password.isPresent() && !keys) {
            throw new BadInput("PKCS #12 files hold private keys; --private-keys writes them");
        }
        Map<Path, Content> files = new LinkedHashMap<>();
        for (Pki.Authority authority : pki.authorities().values()) {
            add(files, folder, authority.name(), Pem.CERTIFICATE, "", authority.certificate());
            add(files, folder, authority.name(), Pem.REVOCATION_LIST, ".crl", authority.revocations());
            if (keys) {
                add(files, folder, authority.name(), Pem.PRIVATE_KEY, ".key", Octets.wrap(authority.key().getEncoded()));
            }
        }
        for (Map.Entry<String, Credential> one : pki.credentials().entrySet()) {
            add(files, folder, one.getKey(), Pem.CERTIFICATE, "", one.getValue().certificate());
            if (keys) {
                add(files, folder, one.getKey(), Pem.PRIVATE_KEY, ".key", Octets.wrap(one.getValue().key().getEncoded()));
            }
            if (password.isPresent()) {
                files.put(folder.resolve(one.getKey() + ".p12"), new Content(pkcs12(one.getKey(), one.getValue(), password.get()), true));
            }
        }
        write(files, folder);
        print(files, out);
    }

    private static void add(Map<Path, Content> files, Path folder, String name, String label, String kind, Octets der) throws BadInput {
        Content content = new Content(new Pem(label, der).text().getBytes(StandardCharsets.US_ASCII), label.equals(Pem.PRIVATE_KEY));
        if (files.put(folder.resolve(name + kind + ".pem"), content) != null) {
            throw new BadInput("two have the name " + name);
        }
    }

    private void write(Map<Path, Content> files, Path folder) throws BadInput, IOException {
        for (Path file : files.keySet()) {
            if (Files.exists(file) && !force) {
                throw new BadInput(file + " exists; --force writes over it");
            }
        }
        Files.createDirectories(folder);
        for (Map.Entry<Path, Content> one : files.entrySet()) {
            AtomicFile.Content content = out -> out.write(one.getValue().octets());
            if (one.getValue().secret()) {
                AtomicFile.writeSecret(one.getKey(), content);
            } else {
                AtomicFile.write(one.getKey(), content);
            }
        }
    }

    private void print(Map<Path, Content> files, PrintWriter out) {
        if (json) {
            ObjectNode root = Json.object();
            ArrayNode written = root.putArray("written");
            files.keySet().forEach(file -> written.add(file.toString()));
            Json.print(out, root);
        } else {
            files.keySet().forEach(out::println);
        }
    }

    /** What {@link careof.engine.pki.CredentialFile} reads; salts are new each time. */
    private static byte[] pkcs12(String name, Credential credential, String password) throws IOException {
        try {
            CertificateFactory factory = CertificateFactory.getInstance("X.509");
            List<Certificate> chain = new ArrayList<>();
            for (Octets der : credential.chain()) {
                chain.add(factory.generateCertificate(new ByteArrayInputStream(der.toArray())));
            }
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            store.setKeyEntry(name, (PrivateKey) credential.key(), password.toCharArray(), chain.toArray(Certificate[]::new));
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            store.store(out, password.toCharArray());
            return out.toByteArray();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("the platform writes PKCS #12", e);
        }
    }
}
