package careof.engine.trace;

import careof.engine.base.Malformed;
import careof.engine.base.Octets;
import careof.engine.lab.Lab;
import careof.engine.lab.LabException;
import careof.engine.lab.LabJson;
import careof.engine.lab.LabMaterial;
import careof.engine.pki.Credential;
import careof.engine.pki.CredentialFile;
import careof.engine.pki.Pem;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SequencedMap;

/**
 * What makes a recorded run again, beside its recording: with it, every key of the run can be had.
 *
 * @param secret of the run, 32 octets
 * @param lab    whole, with its keys and what it read from files
 */
public record RecordingSecrets(Octets secret, Lab lab) {
    private static final int SECRET = 32;
    private static final EnumSet<PosixFilePermission> OWNER = EnumSet.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);
    private static final int MOST = 1 << 16;

    public RecordingSecrets {
        if (secret.length() != SECRET) {
            throw new IllegalArgumentException("a secret of " + secret.length() + " octets");
        }
    }

    /** Where the secrets of a recording are, if it has any: {@code run.careof.secret} for {@code run.careof}. */
    public static Path beside(Path recording) {
        return recording.resolveSibling(recording.getFileName() + ".secret");
    }

    /** By which a recording knows its secrets, and which tells nothing about them: SHA-256 over all of them. */
    Octets check() {
        return check(payload());
    }

    private static Octets check(Octets payload) {
        try {
            return Octets.wrap(MessageDigest.getInstance("SHA-256").digest(payload.toArray()));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    private Octets payload() {
        Encoder out = new Encoder(new Encoder.Names());
        out.start(0);
        out.octets(secret);
        out.text(LabJson.write(lab));
        out.unsigned(lab.material().credentials().size());
        for (Map.Entry<String, Credential> entry : lab.material().credentials().entrySet()) {
            out.text(entry.getKey());
            write(out, entry.getValue().chain());
            out.octets(Octets.wrap(entry.getValue().key().getEncoded()));
        }
        out.unsigned(lab.material().roots().size());
        for (Map.Entry<String, LabMaterial.Root> entry : lab.material().roots().entrySet()) {
            out.text(entry.getKey());
            write(out, entry.getValue().certificates());
            write(out, entry.getValue().revocations());
        }
        return Octets.wrap(Arrays.copyOf(out.array(), out.length()));
    }

    private static void write(Encoder out, List<Octets> all) {
        out.unsigned(all.size());
        all.forEach(out::octets);
    }

    /**
     * Writes the file, which must not be there yet; from its first octet on nobody but its owner may read it.
     *
     * @throws FileAlreadyExistsException where it is there
     */
    public void write(Path file) throws IOException {
        boolean posix = FileSystems.getDefault().supportedFileAttributeViews().contains("posix");
        FileAttribute<?>[] attributes = posix ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(OWNER)} : new FileAttribute<?>[0];
        try (FileChannel channel = FileChannel.open(file, EnumSet.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), attributes)) {
            RecordSink sink = new RecordSink(channel, RecordingForm.SECRETS_MAGIC);
            Octets payload = payload();
            sink.begin().raw(payload.toArray(), 0, payload.length());
            sink.end(RecordingForm.SECRETS);
            channel.force(true);
        }
    }

    /**
     * Reads a file that {@link #write} wrote for a recording.
     *
     * @throws Malformed where it is none, or another recording's
     */
    static RecordingSecrets read(Path file, Octets check) throws IOException, Malformed {
        try (RecordSource source = new RecordSource(file, RecordingForm.SECRETS_MAGIC, "these are no secrets of a recording")) {
            RecordSource.Part part = source.next();
            if (part == null || part.type() != RecordingForm.SECRETS) {
                throw new Malformed("the secrets in " + file.getFileName() + " are damaged", 0);
            }
            if (!check(Octets.wrap(part.payload())).equals(check)) {
                throw new Malformed("the secrets in " + file.getFileName() + " are those of another recording", 0);
            }
            return parse(new Decoder(new Encoder.Names(), part.payload()));
        } catch (LabException e) {
            throw new Malformed("the lab in " + file.getFileName() + ": " + e.getMessage(), 0);
        } catch (RuntimeException e) {    // whatever a decoder said to octets that nobody wrote
            throw new Malformed("the secrets in " + file.getFileName() + " cannot be read: " + e.getMessage(), 0);
        }
    }

    private static RecordingSecrets parse(Decoder in) throws LabException, Malformed {
        Octets secret = in.octets();
        Lab lab = LabJson.read("the recorded lab", in.text());
        SequencedMap<String, Credential> credentials = new LinkedHashMap<>();
        for (int left = count(in); left > 0; left--) {
            String name = in.text();
            List<Octets> chain = all(in);
            credentials.put(name, new Credential(chain, CredentialFile.privateKey(new Pem(Pem.PRIVATE_KEY, in.octets()))));
        }
        SequencedMap<String, LabMaterial.Root> roots = new LinkedHashMap<>();
        for (int left = count(in); left > 0; left--) {
            roots.put(in.text(), new LabMaterial.Root(all(in), all(in)));
        }
        return new RecordingSecrets(secret, lab.withMaterial(new LabMaterial(credentials, roots)));
    }

    private static int count(Decoder in) {
        return Objects.checkIndex((int) in.unsigned(), MOST);
    }

    private static List<Octets> all(Decoder in) {
        List<Octets> all = new ArrayList<>();
        for (int left = count(in); left > 0; left--) {
            all.add(in.octets());
        }
        return all;
    }
}
