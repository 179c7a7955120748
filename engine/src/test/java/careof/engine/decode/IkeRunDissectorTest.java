package careof.engine.decode;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import careof.engine.base.Checksum;
import careof.engine.base.Ip6Address;
import careof.engine.base.IpAddress;
import careof.engine.base.Malformed;
import careof.engine.base.OctetWriter;
import careof.engine.base.Octets;
import careof.engine.interop.IkeMutation;
import careof.engine.interop.IkeRun;
import careof.engine.wire.ip.IpProtocol;
import careof.engine.wire.isakmp.IsakmpHeader;
import careof.engine.wire.isakmp.IsakmpMessage;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Messages of strongSwan, whole and damaged, in our dissector. */
class IkeRunDissectorTest {

    private static final Ip6Address A = Ip6Address.parse("fd01::a");
    private static final Ip6Address B = Ip6Address.parse("fd01::b");
    private static final int MUTATIONS = 50;

    static List<IkeRun> runs() {
        return IkeRun.all();
    }

    /** From cookie and key alone, through fragments of messages in the clear and of encrypted ones. */
    @ParameterizedTest
    @MethodSource("runs")
    void theKeyOpensAllMessages(IkeRun run) throws Malformed {
        var decryptor = decryptor(run);
        var opened = 0;
        for (var message : run.messages()) {
            var parsed = IsakmpMessage.parse(message.octets());
            var seen = decryptor.isakmp(parsed, source(message));
            assertEquals(parsed.isEncrypted() ? Optional.of(message.plain().from(IsakmpHeader.LENGTH)) : Optional.empty(), seen.plain());
            if (parsed.isEncrypted()) opened++;
        }
        assertTrue(opened >= 10, "opened: " + opened);
    }

    @ParameterizedTest
    @MethodSource("runs")
    void allFieldsAreTold(IkeRun run) throws Malformed {
        var decryptor = decryptor(run);
        for (var message : run.messages()) {
            var tree = Dissector.dissect(packet(message, message.octets()), LinkType.RAW_IP, decryptor);
            assertFalse(tree.anyError(), tree::toString);
            assertEquals(IsakmpHeader.parse(message.octets()).isEncrypted(), has(tree, "isakmp.decrypted"));
            assertEquals(has(tree, "isakmp.decrypted"), has(tree, "isakmp.padding"), "strongSwan always pads");
            assertFalse(has(tree, "isakmp.datapayload"), tree::toString);
        }
    }

    /** Neither in the clear nor as what a key opened is anything thrown. */
    @ParameterizedTest
    @MethodSource("runs")
    void damagedMessagesAreDissected(IkeRun run) {
        var random = new Random(run.name().hashCode());
        var damaged = 0;
        for (var message : run.messages()) {
            for (var i = 0; i < MUTATIONS; i++) {
                var clear = IkeMutation.of(message.plain().isEmpty() ? message.octets() : message.plain(), random);
                if (Dissector.dissect(packet(message, clear), LinkType.RAW_IP, decryptor(run)).anyError()) damaged++;
            }
        }
        assertTrue(damaged > MUTATIONS, "damaged: " + damaged);
    }

    private static boolean has(Field tree, String abbreviation) {
        var found = new ArrayList<Field>();
        tree.walk(field -> {
            if (field.abbreviation().equals(abbreviation)) found.add(field);
        });
        return !found.isEmpty();
    }

    private static IkeDecryptor decryptor(IkeRun run) {
        var octets = run.messages().getFirst().octets();
        var cookie = 0L;
        for (var i = 0; i < 8; i++) cookie = cookie << 8 | octets.at(i);
        return new IkeDecryptor(Map.of(cookie, run.octets("encryption-key-Ka")));
    }

    private static IpAddress source(IkeRun.Message message) {
        return message.initiator() ? A : B;
    }

    private static Octets packet(IkeRun.Message message, Octets isakmp) {
        var from = message.initiator() ? A : B;
        var to = message.initiator() ? B : A;
        var length = 8 + isakmp.length();
        var udp = new OctetWriter().u16(IsakmpHeader.PORT).u16(IsakmpHeader.PORT).u16(length).u16(0).octets(isakmp);
        udp.patch16(6, Checksum.ip6(from, to, IpProtocol.UDP, udp.toOctets()));
        return new OctetWriter().u32(0x6000_0000L).u16(length).u8(IpProtocol.UDP).u8(64).address(from).address(to).octets(udp.toOctets()).toOctets();
    }
}
