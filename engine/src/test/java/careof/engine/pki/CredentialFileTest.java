package careof.engine.pki;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import careof.engine.base.Malformed;
import careof.engine.base.Octets;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CredentialFileTest {
    private static final Pki PKI = PkiTest.pki(PkiTest.MN, new CertificatePlan("ha", "ca", "CN=ha", List.of(), PkiTest.EPOCH, PkiTest.EPOCH.plusSeconds(9), false, 1024, "ha", false));
    private static final Credential MN = PKI.credentials().get("mn");

    @TempDir
    private Path folder;

    private static String pem(String label, Octets der) {
        return new Pem(label, der).text();
    }

    private static String key(Credential credential) {
        return pem(Pem.PRIVATE_KEY, Octets.wrap(credential.key().getEncoded()));
    }

    private Path file(String name, String content) throws IOException {
        return Files.writeString(folder.resolve(name), content);
    }

    @Test
    void pemWithItsKey() throws IOException, Malformed {
        Octets ca = PKI.authorities().get("ca").certificate();
        Credential read = CredentialFile.read(file("all.pem", "words before\r\n" + pem(Pem.CERTIFICATE, ca).replace("\n", "\r\n") + key(MN) + pem(Pem.CERTIFICATE, MN.certificate())),
                Optional.empty());
        assertEquals(List.of(MN.certificate(), ca), read.chain(), "its own first");
        assertEquals(MN.key(), read.key());
    }

    @Test
    void keyBesideThePem() throws IOException, Malformed {
        Path file = file("mn.pem", pem(Pem.CERTIFICATE, MN.certificate()));
        assertEquals("no private key", assertThrows(Malformed.class, () -> CredentialFile.read(file, Optional.empty())).getMessage());
        file("mn.key.pem", key(MN));
        assertEquals(MN, CredentialFile.read(file, Optional.empty()));
        file("mn.key.pem", key(PKI.credentials().get("ha")));
        assertEquals("no certificate for its private key", assertThrows(Malformed.class, () -> CredentialFile.read(file, Optional.empty())).getMessage());
    }

    @Test
    void whatIsNoCredential() throws IOException {
        for (String content : List.of("", "nothing", "-----BEGIN CERTIFICATE-----\nAAAA", "-----BEGIN CERTIFICATE-----\n!!!\n-----END CERTIFICATE-----\n",
                pem(Pem.CERTIFICATE, Octets.hex("3000")) + key(MN), pem(Pem.PRIVATE_KEY, Octets.hex("3000")), pem("ENCRYPTED PRIVATE KEY", Octets.EMPTY),
                pem("EC PRIVATE KEY", Octets.hex("3000")), pem(Pem.RSA_PRIVATE_KEY, Octets.hex("30030201")))) {
            Path file = file("bad.pem", content);
            Malformed malformed = assertThrows(Malformed.class, () -> CredentialFile.read(file, Optional.empty()), content);
            assertTrue(!malformed.getMessage().isEmpty());
        }
        Path large = Files.write(folder.resolve("large"), new byte[CredentialFile.MOST_OCTETS + 1]);
        assertThrows(Malformed.class, () -> CredentialFile.read(large, Optional.empty()));
        assertThrows(IOException.class, () -> CredentialFile.read(folder.resolve("nowhere"), Optional.empty()));
    }

    /** Nothing but {@link Malformed} comes of damaged files. */
    @Test
    void damagedFiles() throws Exception {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        store.setKeyEntry("mn", MN.key(), "x".toCharArray(), new Certificate[] {CertificateFactory.getInstance("X.509").generateCertificate(
                new ByteArrayInputStream(MN.certificate().toArray()))});
        ByteArrayOutputStream whole = new ByteArrayOutputStream();
        store.store(whole, "x".toCharArray());
        assertEquals(MN, CredentialFile.read(Files.write(folder.resolve("whole"), whole.toByteArray()), Optional.of("x")));
        byte[] pem = (pem(Pem.CERTIFICATE, MN.certificate()) + key(MN)).getBytes(StandardCharsets.US_ASCII);
        Random random = new Random(5);
        int read = 0;
        for (int i = 0; i < 600; i++) {
            byte[] damaged = i % 3 == 0 ? whole.toByteArray() : pem.clone();
            damaged[i % 3 == 0 ? random.nextInt(60) : random.nextInt(damaged.length)] ^= (byte) (1 << random.nextInt(7));
            try {
                CredentialFile.read(Files.write(folder.resolve("damaged"), damaged), Optional.of("x"));
                read++;
            } catch (Malformed e) {
                assertTrue(!e.getMessage().isEmpty());
            }
        }
        assertTrue(read < 500, read + " of 600 were read");
    }
}
