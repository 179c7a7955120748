package careof.app.cli;

import careof.engine.pki.CertificatePlan;
import careof.engine.pki.Pki;
import careof.engine.pki.RsaKeys;
import careof.engine.pki.SubjectName;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(name = "make", description = {"Makes authorities and certificates with new random keys.", "",
    "Each --cert begins a certificate; the options behind it are about that one. For instance:",
    "  careof pki make certs --ca ca --cert mn --san dns:mn.lab --san ip:2001:db8:1::10 --cert old --expired"})
final class PkiMakeCommand implements Callable<Integer> {
    @Parameters(paramLabel = "FOLDER", description = "Where the files go.")
    private Path folder;

    @Option(names = "--ca", paramLabel = "NAME", description = "An authority; may be repeated. Without any there is one, ca.")
    private List<String> authorities = new ArrayList<>();

    @ArgGroup(exclusive = false, multiplicity = "0..*", heading = "%nOf each certificate:%n")
    private List<Wanted> certificates = new ArrayList<>();

    @Mixin
    private PkiFiles files;

    @Spec
    private CommandSpec spec;

    /** One certificate. */
    private static final class Wanted {
        @Option(names = "--cert", paramLabel = "NAME", required = true, description = "A certificate with a key of its own, in NAME.pem and NAME.key.pem.")
        private String name;

        @Option(names = "--subject", paramLabel = "DN", description = "Distinguished name, such as O=Lab,CN=mn; CN=NAME when left out.")
        private String subject;

        @Option(names = "--san", paramLabel = "NAME",
                description = "Alternative name: dns:mn.lab, mail:mn@lab, ip:2001:db8:1::10 or dn:CN=mn; may be repeated.")
        private List<String> names = new ArrayList<>();

        @Option(names = "--issuer", paramLabel = "NAME", description = "The authority that signs it; the first one when left out.")
        private String issuer;

        @Option(names = "--from", paramLabel = "INSTANT", description = "Valid from then, such as 2026-01-01T00:00:00Z; since yesterday when left out.")
        private String from;

        @Option(names = "--to", paramLabel = "INSTANT", description = "Valid until then; for a year when left out.")
        private String to;

        @Option(names = "--expired", description = "Valid until yesterday.")
        private boolean expired;

        @Option(names = "--revoked", description = "Its authority's revocation list names it.")
        private boolean revoked;

        @Option(names = "--bad-signature", description = "Its authority's signature is wrong.")
        private boolean badSignature;

        @Option(names = "--bits", paramLabel = "N", description = "Length of its RSA key, 1024 to 8192; 2048 when left out.")
        private int bits = CertificatePlan.USUAL_BITS;

        @Option(names = "--key-of", paramLabel = "NAME", description = "Has the key of that certificate instead of one of its own.")
        private String key;

        CertificatePlan plan(String usualIssuer, Instant now) throws BadInput {
            if (expired && to != null) {
                throw new BadInput("certificate " + name + ": --expired or --to, not both");
            }
            Instant end = expired ? now.minus(Duration.ofDays(1)) : to == null ? now.plus(Duration.ofDays(365)) : instant(to);
            Instant start = from != null ? instant(from) : now.minus(Duration.ofDays(expired ? 30 : 1));
            if (!start.isBefore(end)) {
                throw new BadInput("certificate " + name + ": valid from " + start + " until " + end + ": never");
            }
            List<SubjectName> read = new ArrayList<>();
            for (String text : names) {
                try {
                    read.add(SubjectName.parse(text));
                } catch (IllegalArgumentException e) {
                    throw new BadInput("certificate " + name + ": " + e.getMessage());
                }
            }
            if (bits < 1024 || bits > 8192) {
                throw new BadInput("certificate " + name + ": a key of 1024 to 8192 bits, not " + bits);
            }
            return new CertificatePlan(file(name), issuer == null ? usualIssuer : issuer, subject == null ? "CN=" + name : subject, read, start, end,
                    revoked, bits, key == null ? name : key, badSignature);
        }

        private Instant instant(String text) throws BadInput {
            try {
                return Instant.parse(text).truncatedTo(ChronoUnit.SECONDS);
            } catch (DateTimeParseException e) {
                throw new BadInput("certificate " + name + ": \"" + text + "\" is no instant such as 2026-01-01T00:00:00Z");
            }
        }
    }

    /** A name that is to be one of a file, too. */
    private static String file(String name) throws BadInput {
        if (!name.matches("[A-Za-z0-9_][A-Za-z0-9._-]{0,63}")) {
            throw new BadInput("\"" + name + "\" is no name of letters, digits, dots, hyphens and underscores");
        }
        return name;
    }

    @Override
    public Integer call() throws BadInput, IOException {
        Instant now = Instant.now().truncatedTo(ChronoUnit.SECONDS);
        List<String> names = authorities.isEmpty() ? List.of("ca") : authorities;
        for (String name : names) {
            file(name);
        }
        List<CertificatePlan> plans = new ArrayList<>();
        for (Wanted wanted : certificates) {
            plans.add(wanted.plan(names.getFirst(), now));
        }
        Pki pki;
        try {
            pki = Pki.make(names, plans, now, new RandomKeys());
        } catch (IllegalArgumentException e) {
            throw new BadInput(e.getMessage());
        }
        files.write(pki, folder, true, spec.commandLine().getOut());
        return CareofCommand.HOLDS;
    }

    /** New keys from the platform's random numbers, one for each name. */
    private static final class RandomKeys implements RsaKeys {
        private final Map<String, KeyPair> made = new LinkedHashMap<>();

        @Override
        public KeyPair key(String name, int bits) {
            return made.computeIfAbsent(bits + " " + name, _ -> {
                try {
                    KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
                    generator.initialize(bits);
                    return generator.generateKeyPair();
                } catch (GeneralSecurityException e) {
                    throw new IllegalStateException("every Java platform has RSA", e);
                }
            });
        }
    }
}
