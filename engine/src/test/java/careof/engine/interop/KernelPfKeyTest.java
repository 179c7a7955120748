package careof.engine.interop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import careof.engine.base.Malformed;
import careof.engine.base.OctetWriter;
import careof.engine.base.Octets;
import careof.engine.crypto.Encryption;
import careof.engine.ipsec.PfKeyCases;
import careof.engine.ipsec.SpdMessages;
import careof.engine.wire.pfkey.PfKeyError;
import careof.engine.wire.pfkey.PfKeyExtension;
import careof.engine.wire.pfkey.PfKeyMessage;
import careof.engine.wire.pfkey.PolicyExtension;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The same octets to our PF_KEY door and to a Linux kernel's: both say the same. */
@Tag("interop")
@Timeout(180)
class KernelPfKeyTest {
    private static UmlPeer peer;
    private static KernelKeySocket kernel;

    @BeforeAll
    static void boot() throws IOException {
        peer = new UmlPeer();
        kernel = new KernelKeySocket(peer);
    }

    @AfterAll
    static void stop() {
        if (peer != null) peer.close();
    }

    @Test
    void bothSayTheSame() throws IOException, Malformed {
        var ours = new PfKeyCases();
        var cases = ours.all();
        var theirs = kernel.exchange(List.copyOf(cases.values()));
        var index = 0;
        var wrong = new ArrayList<String>();
        for (var one : cases.entrySet()) {
            var said = theirs.get(index++);
            var we = PfKeyCases.said(parsed(ours.ask(one.getValue())));
            var they = PfKeyCases.said(theirAnswers(one.getValue(), said));
            if (!we.equals(they)) wrong.add(one.getKey() + "\n  we   " + we + "\n  they " + they);
        }
        assertTrue(wrong.isEmpty(), () -> String.join("\n", wrong));
    }

    @Test
    void itKnowsTheAlgorithmsThatWeRegister() throws IOException, Malformed {
        var register = PfKeyMessage.of(PfKeyMessage.REGISTER, PfKeyMessage.ESP).toOctets();
        var ours = parsed(new PfKeyCases().ask(register)).getFirst();
        var theirs = parsed(kernel.exchange(register).answers()).getFirst();
        for (var type : new int[] {PfKeyExtension.SUPPORTED_AUTH, PfKeyExtension.SUPPORTED_ENCRYPT}) {
            var known = new ArrayList<>(ours.find(PfKeyExtension.Supported.class, type).orElseThrow().algorithms());
            known.removeIf(algorithm -> algorithm.id() == Encryption.AES_GCM.pfKey());    // no combined modes in Linux's PF_KEY
            for (var one : known) {
                assertTrue(theirs.find(PfKeyExtension.Supported.class, type).orElseThrow().algorithms().stream().anyMatch(other -> other.id() == one.id()
                        && other.leastBits() <= one.leastBits() && one.mostBits() <= other.mostBits()), () -> "algorithm " + one);
            }
        }
    }

    /** By the ids that each of both gave. */
    @Test
    void policiesAreGotAndDeletedByTheirIds() throws IOException, Malformed {
        var add = new PfKeyCases().all().get("policy 3");
        var id = parsed(kernel.exchange(add).answers()).getFirst().find(PolicyExtension.class).orElseThrow().id();
        var get = SpdMessages.get((int) id).toOctets();
        var got = parsed(kernel.exchange(get).answers()).getFirst();
        assertEquals(0, got.errno());
        assertEquals(PfKeyMessage.parse(add).find(PolicyExtension.class).orElseThrow().requests(), got.find(PolicyExtension.class).orElseThrow().requests());
        assertEquals(0, parsed(kernel.exchange(SpdMessages.delete((int) id).toOctets()).answers()).getFirst().errno());
        assertEquals(PfKeyError.ENOENT, parsed(kernel.exchange(get).answers()).getFirst().errno());
    }

    private static List<PfKeyMessage> theirAnswers(Octets request, KernelKeySocket.Said said) throws Malformed {
        if (said.errno() != 0) {    // a message whose base header is refused has no answer but the error of its write
            var header = request.length() >= PfKeyMessage.HEADER ? PfKeyMessage.header(request) : new PfKeyMessage(0, 0, 0, 0, 0, List.of());
            return List.of(header.refused(said.errno()));
        }
        var answers = parsed(said.answers());
        boolean list = answers.getFirst().type() == PfKeyMessage.DUMP || answers.getFirst().type() == PfKeyMessage.X_SPDDUMP;
        return list ? answers : answers.subList(0, 1);    // it says some things to the asker and to all
    }

    private static List<PfKeyMessage> parsed(List<Octets> messages) throws Malformed {
        var all = new ArrayList<PfKeyMessage>();
        for (var message : messages) {
            if (message.at(2) != 0) {    // refused: of what type it was may be the trouble
                all.add(PfKeyMessage.header(message));
                continue;
            }
            var read = PfKeyMessage.parse(message);
            var written = new OctetWriter().octets(read.toOctets()).patch16(6, message.u16(6)).toOctets();    // policies: references
            if (read.type() == PfKeyMessage.X_MIGRATE) {    // Linux leaves in its padding what was in memory
                assertEquals(message.length(), written.length());
                assertEquals(read, PfKeyMessage.parse(written));
            } else {
                assertEquals(message, written, "written again as it was read");
            }
            all.add(read);
        }
        return all;
    }
}
