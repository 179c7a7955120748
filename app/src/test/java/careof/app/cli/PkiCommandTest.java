package careof.app.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import careof.engine.base.Octets;
import careof.engine.pki.CertificateInfo;
import careof.engine.pki.Chain;
import careof.engine.pki.Credential;
import careof.engine.pki.CredentialFile;
import careof.engine.pki.Verdict;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class PkiCommandTest {
    private static final String LAB = """
            { "careof": 1, "name": "keyed", "epoch": "2026-01-01T00:00:00Z",
              "links": [ { "name": "home", "kind": "wired", "prefix": "2001:db8:1::/64" } ],
              "nodes": [ { "name": "ha", "role": "home-agent", "ports": [ { "link": "home", "address": "2001:db8:1::1" } ] },
                         { "name": "cn", "role": "correspondent", "ports": [ { "link": "home", "address": "2001:db8:1::9" } ] } ],
              %s "until": "1s" }""";

    @TempDir
    private Path folder;

    private Octets der(String name) throws Exception {
        return CredentialFile.pem(CredentialFile.content(folder.resolve(name))).getFirst().der();
    }

    private Verdict verdict(String name, String authority) throws Exception {
        return Chain.verify(List.of(der(name + ".pem")), List.of(der(authority + ".pem")), List.of(der(authority + ".crl.pem")), Instant.now());
    }

    private Verdict.Why why(String name, String authority) throws Exception {
        return assertInstanceOf(Verdict.Refused.class, verdict(name, authority)).why();
    }

    @Test
    void makesWhatIsAskedFor() throws Exception {
        Cli cli = Cli.run("pki", "make", folder, "--ca", "ca", "--ca", "rogue", "--password", "secret",
                "--cert", "mn", "--san", "dns:mn.lab", "--san", "ip:2001:db8:1::10", "--subject", "O=Lab,CN=mn", "--bits", "1024",
                "--cert", "old", "--expired", "--key-of", "mn", "--bits", "1024", "--cert", "gone", "--revoked", "--bits", "1024",
                "--cert", "other", "--issuer", "rogue", "--bits", "1024", "--cert", "bad", "--bad-signature", "--bits", "1024",
                "--cert", "later", "--from", "2099-01-01T00:00:00Z", "--to", "2099-01-02T00:00:00Z", "--bits", "1024");
        assertEquals("", cli.err());
        assertEquals(0, cli.status());
        assertTrue(cli.out().startsWith(folder.resolve("ca.pem") + "\n" + folder.resolve("ca.crl.pem") + "\n" + folder.resolve("ca.key.pem") + "\n"), cli.out());
        assertEquals(3 * 2 + 3 * 6, cli.out().lines().count());
        CertificateInfo mn = assertInstanceOf(Verdict.Trusted.class, verdict("mn", "ca")).end();
        assertEquals("O=Lab,CN=mn", mn.subject().text());
        assertEquals(2, mn.extensions().names().size());
        assertEquals(Verdict.Why.EXPIRED, why("old", "ca"));
        assertEquals(Verdict.Why.REVOKED, why("gone", "ca"));
        assertEquals(Verdict.Why.UNKNOWN_AUTHORITY, why("other", "ca"));
        assertInstanceOf(Verdict.Trusted.class, verdict("other", "rogue"));
        assertEquals(Verdict.Why.BAD_SIGNATURE, why("bad", "ca"));
        assertEquals(Verdict.Why.NOT_YET_VALID, why("later", "ca"));
        Credential credential = CredentialFile.read(folder.resolve("mn.p12"), Optional.of("secret"));
        assertEquals(mn.der(), credential.certificate());
        assertEquals(credential.key(), CredentialFile.read(folder.resolve("mn.pem"), Optional.empty()).key());
        assertEquals(credential.key(), CredentialFile.read(folder.resolve("old.pem"), Optional.empty()).key());
        for (String secret : List.of("ca.key.pem", "mn.key.pem", "mn.p12")) {
            assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve(secret))), secret);
        }
    }

    @Test
    void keysAreNewEachTimeAndFilesAreNotOverwritten() throws Exception {
        assertEquals(0, Cli.run("pki", "make", folder, "--cert", "mn", "--bits", "1024").status());
        assertFalse(Files.exists(folder.resolve("mn.p12")), "without a password");
        String first = Files.readString(folder.resolve("mn.key.pem"));
        assertEquals(new Cli(2, "", "careof: " + folder.resolve("ca.pem") + " exists; --force writes over it\n"), Cli.run("pki", "make", folder, "--cert", "mn", "--bits", "1024"));
        assertEquals(first, Files.readString(folder.resolve("mn.key.pem")));
        Cli json = Cli.run("pki", "make", folder, "--cert", "mn", "--bits", "1024", "--force", "--json");
        assertEquals(0, json.status());
        assertEquals(5, JsonMapper.shared().readTree(json.out()).at("/written").size());
        assertNotEquals(first, Files.readString(folder.resolve("mn.key.pem")));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "--cert mn --san mn.lab                | certificate mn: not a name of a subject",
        "--cert mn --issuer who                | certificate mn is to be signed by who",
        "--cert mn --subject mn                | not a distinguished name",
        "--cert mn --from now                  | certificate mn: \"now\" is no instant",
        "--cert mn --to 2000-01-01T00:00:00Z   | never",
        "--cert mn --expired --to 2030-01-01T00:00:00Z | --expired or --to",
        "--cert mn --bits 100                  | 1024 to 8192",
        "--cert ../mn                          | is no name",
        "--ca a/b                              | is no name",
        "--cert ca --bits 1024                 | two have the name ca",
        "--expired                             | Missing required",
    })
    void badInput(String options, String message) {
        Object[] words = ("pki make " + folder.resolve("out") + " " + options).split(" ");
        Cli cli = Cli.run(words);
        assertEquals(2, cli.status());
        assertTrue(cli.err().contains(message), cli.err());
        assertFalse(Files.exists(folder.resolve("out")), "nothing is written");
    }

    @Test
    void certificatesOfALab() throws Exception {
        Path lab = Files.writeString(folder.resolve("lab.json"), LAB.formatted("""
                "pki": { "authorities": ["ca"], "certificates": [ { "name": "gone", "revoked": true, "bits": 1024 } ] },
                "ipsec": [ { "name": "all", "between": ["cn", "ha"], "traffic": "payload", "transforms": [ { "protocol": "esp", "mode": "transport", "encryption": "aes-cbc",
                    "authentication": "hmac-sha1-96" } ], "keying": "ike" } ],"""));
        assertEquals(0, Cli.run("pki", "from", lab, folder).status());
        assertTrue(Files.exists(folder.resolve("gone.pem")) && Files.exists(folder.resolve("cn.pem")) && Files.exists(folder.resolve("ha.pem")));
        assertFalse(Files.exists(folder.resolve("cn.key.pem")) || Files.exists(folder.resolve("ca.key.pem")), "keys are not asked for");
        assertEquals(2, Cli.run("pki", "from", lab, folder, "--force", "--password", "x").status(), "nor here");
        byte[] first = Files.readAllBytes(folder.resolve("cn.pem"));
        assertEquals(0, Cli.run("pki", "from", lab, folder, "--force", "--private-keys").status());
        assertEquals(Octets.wrap(first), Octets.wrap(Files.readAllBytes(folder.resolve("cn.pem"))), "the same each time");
        assertEquals(der("cn.pem"), CredentialFile.read(folder.resolve("cn.pem"), Optional.empty()).certificate());
        Path without = Files.writeString(folder.resolve("without.json"), LAB.formatted(""));
        assertTrue(Cli.run("pki", "from", without, folder).err().contains("asks for no certificates"));
    }

    @Test
    void shows() throws Exception {
        Cli.run("pki", "make", folder, "--password", "secret", "--cert", "mn", "--san", "dns:mn.lab", "--bits", "1024", "--cert", "gone", "--revoked", "--bits", "1024");
        String text = Cli.run("pki", "show", folder.resolve("mn.pem"), folder.resolve("ca.crl.pem"), folder.resolve("mn.key.pem")).out();
        assertTrue(text.contains("mn.pem: certificate\n  subject      CN=mn\n  issuer       CN=ca\n"), text);
        assertTrue(text.contains("  names        dns:mn.lab\n  key usage    digitalSignature\n"), text);
        assertTrue(text.contains("ca.crl.pem: revocation list\n  issuer     CN=ca\n"), text);
        assertTrue(text.contains("mn.key.pem: private key\n  key  RSA, 1024 bits\n"), text);
        Path binary = Files.write(folder.resolve("mn.der"), der("mn.pem").toArray());
        JsonNode json = JsonMapper.shared().readTree(Cli.run("pki", "show", "--json", "--password", "secret", binary, folder.resolve("mn.p12")).out());
        assertEquals("dns:mn.lab", json.at("/files/0/holds/0/names").stringValue());
        assertEquals("private key", json.at("/files/1/holds/1/what").stringValue());
        assertTrue(Cli.run("pki", "show", folder.resolve("mn.p12")).err().contains("needs its password"));
        assertTrue(Cli.run("pki", "show", folder.resolve("mn.p12"), "--password", "x").err().contains("does not open"));
        assertEquals(2, Cli.run("pki", "show", Files.writeString(folder.resolve("text"), "nothing")).status());
        assertTrue(Cli.run("pki", "show", folder.resolve("nowhere")).err().contains("no file"));
        assertEquals(2, Cli.run("pki").status());
    }
}
