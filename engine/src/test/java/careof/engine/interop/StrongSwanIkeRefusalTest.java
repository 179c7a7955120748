package careof.engine.interop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import careof.engine.interop.StrongSwanBench.Terms;
import careof.engine.state.IkeSa;
import careof.engine.trace.Reason;
import java.io.IOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What our IKE and strongSwan refuse each other, and what both say of it: nothing is established then on either side. */
@Tag("interop")
@Timeout(120)
class StrongSwanIkeRefusalTest {
    /** Of what we refuse, charon hears why, and then that it is deleted; its threads may take the second message first, and know nothing of the first any more. */
    private static final String DELETE = "received DELETE for IKE_SA";
    private static final int TRIES = 5;

    private static StrongSwanBench bench;

    @BeforeAll
    static void boot() throws Exception {
        bench = StrongSwanBench.ofPair();
    }

    @AfterAll
    static void stop() {
        if (bench != null) bench.close();
    }

    /** Where the key encrypts the identity, nobody can read what the other says, its refusal included. */
    @ParameterizedTest
    @CsvSource({
        "us,   main,       IKE_UNREADABLE,            could not decrypt payloads",
        "them, main,       IKE_UNREADABLE,            giving up after 1 retransmits",
        "us,   aggressive, IKE_AUTHENTICATION_FAILED, giving up after 1 retransmits",
        "them, aggressive, IKE_UNREADABLE,            calculated HASH does not match HASH payload"})
    void anotherKey(String initiator, String exchange, Reason ours, String theirs) throws Exception {
        var terms = new Terms("psk", exchange, "aes128-sha1-modp2048", "transport", "esp aes128-sha1");
        begin();
        bench.lab(terms.peer("another"), "", terms.protection() + " }", "");
        bench.peer.load(terms.withChild().text());
        order(initiator);
        assertTrue(bench.decides("us", ours, ""), () -> bench.why("us"));
        assertTrue(bench.logs(theirs), () -> bench.why("us"));
        assertEquals(0, bench.phaseOnes("us").stream().filter(sa -> sa.phase() == IkeSa.Phase.ESTABLISHED).count());
        assertTrue(bench.lists(sas -> !sas.contains("ESTABLISHED")), () -> bench.why("us"));
    }

    /** The two phrases of strongSwan are those of the responder and of the initiator. */
    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', value = {
        "we trust another authority   | CERTIFICATE_REFUSED       | trusted     | received INVALID_CERTIFICATE    | received INVALID_CERTIFICATE",
        "they trust another authority |                           |             | no issuer certificate found for | no issuer certificate found for",
        "theirs is expired            | CERTIFICATE_REFUSED       | valid until | received INVALID_CERTIFICATE    | received INVALID_CERTIFICATE",
        "ours is expired              |                           |             | subject certificate invalid     | subject certificate invalid",
        "theirs is revoked            | CERTIFICATE_REFUSED       | revoked at  | received INVALID_CERTIFICATE    | received INVALID_CERTIFICATE",
        "ours is revoked              |                           |             | certificate was revoked         | certificate was revoked",
        "we expect another name       | PEER_UNKNOWN              | ss.lab      | received INVALID_ID_INFORMATION | received INVALID_ID_INFORMATION",
        "they expect another name     |                           |             | no peer config found            | IDir .other.lab. does not match to .us.lab.",
        "ours is for another name     |                           |             | no trusted RSA public key found | no trusted RSA public key found",
        "theirs is for elsewhere      | CERTIFICATE_NOT_TRANSPORT | fd01::99    | received INVALID_CERTIFICATE    | received INVALID_CERTIFICATE"})
    void certificates(String what, String reason, String words, String asResponder, String asInitiator) throws Exception {
        var past = Instant.now().minus(1, ChronoUnit.HOURS).truncatedTo(ChronoUnit.SECONDS);
        var ofPeer = what.equals("we expect another name") ? ", \"identity\": \"fqdn:other.lab\"" : "";
        var ofUs = switch (what) {
            case "we trust another authority" -> ", \"trust\": [ \"other\" ]";
            case "they expect another name" -> ", \"identity\": \"fqdn:other.lab\"";
            default -> "";
        };
        var certificate = switch (what) {
            case "they trust another authority" -> certificate("us", "dns:us.lab", "fd01::1", ", \"issuer\": \"other\"");
            case "theirs is expired" -> certificate("ss", "dns:ss.lab", "fd01::2", ", \"to\": \"" + past + "\"");
            case "ours is expired" -> certificate("us", "dns:us.lab", "fd01::1", ", \"to\": \"" + past + "\"");
            case "theirs is revoked" -> certificate("ss", "dns:ss.lab", "fd01::2", ", \"revoked\": true");
            case "ours is revoked" -> certificate("us", "dns:us.lab", "fd01::1", ", \"revoked\": true");
            case "ours is for another name" -> certificate("us", "dns:other.lab", "fd01::1", "");
            case "theirs is for elsewhere" -> certificate("ss", "dns:ss.lab", "fd01::99", "");
            default -> "";
        };
        begin();
        for (var initiator : new String[] {"us", "them"}) {
            var said = initiator.equals("us") ? asResponder : asInitiator;
            int overtaken = 0;
            do {
                bench.lab(Terms.RSA.peer("") + ofPeer, ofUs, Terms.RSA.protection() + " }",
                        ", \"pki\": { \"authorities\": [ \"ca\", \"other\" ], \"certificates\": [ " + certificate + " ] }");
                bench.certify("ss");
                bench.peer.load(Terms.RSA.withChild().text());
                bench.peer.forget();
                order(initiator);
                if (reason != null) {
                    assertTrue(bench.decides("us", Reason.valueOf("IKE_" + reason), words), () -> initiator + "\n" + bench.why("us"));
                } else if (initiator.equals("us")) {
                    assertTrue(bench.decides("us", Reason.IKE_REFUSED_BY_PEER, "AUTHENTICATION-FAILED"), () -> bench.why("us"));
                } else {
                    assertTrue(bench.decides("us", Reason.IKE_DELETED, "the peer"), () -> bench.why("us"));
                }
                assertTrue(bench.logs(said + "\\|" + DELETE), () -> initiator + "\n" + bench.why("us"));
                assertTrue(bench.has("us", 0, 0), () -> initiator + "\n" + bench.why("us"));
                assertTrue(bench.lists(String::isEmpty), () -> initiator + "\n" + bench.why("us"));
            } while (!Pattern.compile(said).matcher(bench.log()).find() && ++overtaken < TRIES);
            assertTrue(overtaken < TRIES, () -> initiator + "\n" + bench.why("us"));
        }
    }

    /** Phase one is there, and remains. */
    @ParameterizedTest
    @CsvSource({
        "us,   proposal,  IKE_REFUSED_BY_PEER, NO-PROPOSAL-CHOSEN,     no matching proposal found",
        "them, proposal,  IKE_NO_PROPOSAL,     '',                     received NO_PROPOSAL_CHOSEN error notify",
        "us,   addresses, IKE_REFUSED_BY_PEER, INVALID-ID-INFORMATION, no matching CHILD_SA config found",
        "them, addresses, IKE_CHILD_NO_POLICY, '',                     received INVALID_ID_INFORMATION error notify"})
    void quickMode(String initiator, String what, Reason ours, String words, String theirs) throws Exception {
        begin();
        bench.lab(Terms.PSK);
        bench.peer.load(what.equals("proposal") ? Terms.PSK.config().child("c", "transport", "esp aes256-sha1").text()
                : Terms.PSK.config().child("c", "tunnel", "esp aes128-sha1", "local_ts = fd0b::/64", "remote_ts = fd0a::/64").text());
        order(initiator);
        assertTrue(bench.decides("us", ours, words), () -> bench.why("us"));
        assertTrue(bench.logs(theirs), () -> bench.why("us"));
        assertTrue(bench.has("us", 1, 0), () -> bench.why("us"));
    }

    private static String certificate(String name, String dns, String address, String more) {
        return "{ \"name\": \"" + name + "\", \"names\": [ \"" + dns + "\", \"ip:" + address + "\" ]" + more + " }";
    }

    private static void begin() throws IOException {
        bench.peer.start("i_dont_care_about_security_and_use_aggressive_mode_psk = yes\n retransmit_tries = 1");
    }

    private static void order(String initiator) throws IOException {
        if (initiator.equals("us")) {
            bench.start("us", "pair");
        } else {
            bench.initiate("c");
        }
    }
}
