package careof.engine.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import careof.engine.base.Octets;
import careof.engine.ike.IkeSettings;
import careof.engine.lab.Lab;
import careof.engine.lab.LabException;
import careof.engine.lab.LabFiles;
import careof.engine.lab.LabJson;
import careof.engine.lab.LabMaterial;
import careof.engine.lab.LabProblem;
import careof.engine.pki.CertificatePlan;
import careof.engine.pki.Credential;
import careof.engine.pki.Pem;
import careof.engine.pki.Pki;
import careof.engine.pki.RsaKeys;
import careof.engine.trace.Detail;
import careof.engine.trace.InputLog;
import careof.engine.trace.InputLogJson;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Certificates, keys and authorities that a lab reads from files beside it. */
class LabMaterialTest {
    private static final Instant EPOCH = Instant.parse("2026-01-01T00:00:00Z");
    private static final Pki MADE = Pki.make(List.of("outside"), List.of(new CertificatePlan("x", "outside", "CN=x", List.of(), EPOCH, EPOCH.plusSeconds(9), true, 1024, "x", false)),
            EPOCH, RsaKeys.ofNames());
    private static final Credential X = MADE.credentials().get("x");
    private static final String LAB = """
            { "careof": 1, "name": "files",
              "links": [ { "name": "home", "kind": "wired", "prefix": "2001:db8:1::/64" } ],
              "nodes": [ { "name": "a", "role": "host", "ports": [ { "link": "home" } ], "ike": { "certificate": "mine", "trust": ["theirs"], "peers": [ { "peer": "b" } ] } },
                         { "name": "b", "role": "host", "ports": [ { "link": "home" } ], "ike": { "checkCrl": false } } ],
              "pki": {
                "roots": [ { "name": "theirs", "file": "certs/outside.pem", "crl": "certs/crl.der" } ],
                "certificates": [ { "name": "mine", "file": "certs/x.pem" } ]
              } }""";

    @TempDir
    private Path folder;

    @BeforeEach
    void files() throws IOException {
        Files.createDirectory(folder.resolve("certs"));
        Files.writeString(folder.resolve("certs/x.pem"), new Pem(Pem.CERTIFICATE, X.certificate()).text() + new Pem(Pem.PRIVATE_KEY, Octets.wrap(X.key().getEncoded())).text());
        Files.writeString(folder.resolve("certs/outside.pem"), new Pem(Pem.CERTIFICATE, MADE.authorities().get("outside").certificate()).text());
        Files.write(folder.resolve("certs/crl.der"), MADE.authorities().get("outside").revocations().toArray());
        Files.writeString(folder.resolve("lab.json"), LAB);
    }

    @Test
    void filesAreReadWithTheLab() throws Exception {
        Lab lab = LabFiles.read(folder.resolve("lab.json"));
        Pki pki = LabCertificates.make(lab, new Plan(lab), RsaKeys.ofNames());
        assertEquals(X, LabCertificates.credentials(lab, pki).get("mine"));
        assertEquals(List.of("b", "mine"), LabCertificates.credentials(lab, pki).keySet().stream().sorted().toList());
        assertEquals(MADE.trusted(), LabCertificates.trusted(lab, pki, "a"));
        assertEquals(MADE.revocations(), LabCertificates.revocations(lab, pki, "a"));
        assertEquals(List.of(pki.authorities().get("ca").certificate(), MADE.trusted().getFirst()), LabCertificates.trusted(lab, pki, "b"));
        assertEquals(List.of(), LabCertificates.revocations(lab, pki, "b"));
    }

    @Test
    void aNodeUsesThem() throws Exception {
        Lab lab = LabFiles.read(folder.resolve("lab.json"));
        Plan plan = new Plan(lab);
        IkeSettings a = new IkePlan(lab, plan, new SecurityPlan(lab, plan)).settings("a").orElseThrow();
        assertEquals(MADE.trusted(), a.authorities());
        assertEquals(X, a.credential().orElseThrow());
    }

    /** Neither a lab's text nor an input log holds a key; where the files are not at hand, a run says so. */
    @Test
    void noTextHoldsAKey() throws Exception {
        Lab lab = LabFiles.read(folder.resolve("lab.json"));
        String log = InputLogJson.write(new InputLog(lab, Detail.FULL, List.of()), Optional.empty());
        String secret = X.key().getPrivateExponent().toString(16).substring(0, 30);
        String encoded = HexFormat.of().formatHex(X.key().getEncoded());
        assertTrue(encoded.contains(secret), "what is looked for is in the key");
        for (String text : List.of(LabJson.write(lab), log, lab.toString())) {
            assertTrue(!text.contains(secret) && !text.contains(X.key().getPrivateExponent().toString()) && !text.contains("PRIVATE"), text);
        }
        Lab again = LabJson.read("again", LabJson.write(lab));
        assertEquals(lab, again.withMaterial(lab.material()));
        assertEquals(LabMaterial.NONE, again.material());
        Pki pki = LabCertificates.make(again, new Plan(again), RsaKeys.ofNames());
        assertEquals("certificate \"mine\" is in the file certs/x.pem, which was not read; open the lab from its folder",
                assertThrows(IllegalArgumentException.class, () -> LabCertificates.credentials(again, pki)).getMessage());
        assertThrows(IllegalArgumentException.class, () -> LabCertificates.trusted(again, pki, "a"));
        // a log finds the files where the lab did
        Path file = Files.writeString(folder.resolve("run.jsonl"), log);
        assertEquals(lab, InputLogJson.read(file).log().lab());
    }

    @Test
    void whatIsWrongWithAFileIsSaidAtItsLine() throws Exception {
        Files.writeString(folder.resolve("certs/x.pem"), new Pem(Pem.CERTIFICATE, X.certificate()).text());
        Files.delete(folder.resolve("certs/crl.der"));
        Files.writeString(folder.resolve("certs/outside.pem"), new Pem("OTHER", Octets.EMPTY).text());
        List<String> problems = List.of(
                "lab.json:6: pki.roots[0].file: \"certs/outside.pem\" is of no use: no CERTIFICATE in it",
                "lab.json:6: pki.roots[0].crl: there is no file \"certs/crl.der\" beside the lab",
                "lab.json:7: pki.certificates[0].file: \"certs/x.pem\" is of no use: no private key");
        LabException e = assertThrows(LabException.class, () -> LabFiles.read(folder.resolve("lab.json")));
        assertEquals(problems, e.problems().stream().map(LabProblem::toString).toList());
        // a draft opens all the same
        LabJson.Reading draft = LabFiles.readDraft(folder.resolve("lab.json"));
        assertEquals(problems, draft.problems().stream().map(LabProblem::toString).toList());
        assertEquals("files", draft.lab().name());
    }
}
