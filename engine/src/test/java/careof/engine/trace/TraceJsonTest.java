package careof.engine.trace;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import careof.engine.base.Ip6Address;
import careof.engine.base.Octets;
import careof.engine.base.Progress;
import careof.engine.base.VirtualTime;
import careof.engine.state.Binding;
import careof.engine.state.ReturnRoutabilityEntry;
import careof.engine.trace.TraceEvent.Arrival;
import careof.engine.trace.TraceEvent.Changed;
import careof.engine.trace.TraceEvent.Control;
import careof.engine.trace.TraceEvent.Dropped;
import careof.engine.trace.TraceEvent.FrameSent;
import careof.engine.wire.pfkey.PfKeyError;
import careof.engine.wire.pfkey.PfKeyExtension;
import careof.engine.wire.pfkey.PfKeyMessage;
import careof.engine.wire.pfkey.PolicyExtension;
import careof.engine.wire.pfkey.SocketAddress;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class TraceJsonTest {
    @TempDir
    Path folder;

    @Test
    void aDropIsAsTheDesignShowsIt() {
        assertEquals("{\"id\":412,\"t\":\"5.032114s\",\"node\":\"ha\",\"kind\":\"dropped\",\"packet\":201,\"cause\":409,\"reason\":\"hao-unverified\","
                + "\"args\":{\"home\":\"2001:db8:1::10\",\"careOf\":\"2001:db8:2::10\"},\"rule\":\"A\",\"section\":\"RFC 6275 section 9.3.1\"}",
                TraceJson.line(new Dropped(412, 5_032_114_000L, "ha", 409, 201, Reason.HAO_UNVERIFIED, List.of("2001:db8:1::10", "2001:db8:2::10"), "", "",
                        Octets.EMPTY)));
    }

    @Test
    void aFrameHasItsArrivalsAndOctets() {
        assertEquals("{\"id\":3,\"t\":\"1ms\",\"node\":\"mn\",\"kind\":\"sent\",\"packet\":2,\"parent\":1,\"cause\":2,\"port\":\"eth0\",\"link\":\"home\","
                + "\"ordinal\":9,\"departs\":\"1.5ms\",\"arrivals\":[{\"to\":\"ha/eth0\",\"t\":\"2ms\"}],\"octets\":\"00ff\"}",
                TraceJson.line(new FrameSent(3, 1_000_000, "mn", 2, 2, 1, "eth0", "home", 9, 1_500_000, List.of(new Arrival("ha/eth0", 2_000_000)),
                        Octets.of(0, 255))));
    }

    @Test
    void aRowIsAnObjectOldAndNow() {
        Ip6Address home = Ip6Address.parse("2001:db8:1::10");
        Binding old = new Binding(home, Ip6Address.parse("2001:db8:2::10"), 7, 60_000_000_000L, true, Binding.Protection.RETURN_ROUTABILITY);
        assertEquals("{\"id\":9,\"t\":\"1s\",\"node\":\"ha\",\"kind\":\"changed\",\"packet\":4,\"cause\":8,\"reason\":\"binding-deleted\","
                + "\"section\":\"RFC 6275 section 9.5.3\",\"row\":\"binding\",\"key\":\"2001:db8:1::10\",\"previous\":5,\"old\":{\"home\":\"2001:db8:1::10\","
                + "\"careOf\":\"2001:db8:2::10\",\"sequence\":7,\"until\":60000000000,\"homeRegistration\":true,\"protection\":\"return-routability\"}}",
                TraceJson.line(new Changed(9, 1_000_000_000, "ha", 8, 4, 5, Optional.of(old), Optional.empty(), Reason.BINDING_DELETED, List.of())));
        ReturnRoutabilityEntry nested = new ReturnRoutabilityEntry(home, home, home, 1, 2, Optional.of(new ReturnRoutabilityEntry.Token(3, 4, 5)),
                Optional.empty(), 1, 1);
        String line = TraceJson.line(new Changed(9, 0, "mn", 0, 0, 0, Optional.empty(), Optional.of(nested), Reason.HOME_TEST_RECEIVED, List.of()));
        assertTrue(line.contains("\"row\":\"return-routability-entry\""), line);
        assertTrue(line.contains("\"homeToken\":{\"nonceIndex\":3,\"token\":4,\"since\":5},\"homeTries\":1"), line);
        assertFalse(line.contains("careOfToken"), line);
    }

    private static SocketAddress at(String address) {
        return new SocketAddress(Ip6Address.parse(address), 0);
    }

    private static String control(boolean toKernel, Octets octets) {
        return TraceJson.line(new Control(7, 1_000_000_000, "cn", 6, 5, "pf-key", toKernel, octets));
    }

    @Test
    void aPfKeyMessageSaysWhatItIsAbout() {
        PfKeyMessage migrate = PfKeyMessage.of(PfKeyMessage.X_MIGRATE, PfKeyMessage.ANY_SA,
                new PfKeyExtension.Address(PfKeyExtension.ADDRESS_SRC, 135, 128, new SocketAddress(Ip6Address.parse("2001:db8:1::10"), 5)),
                new PfKeyExtension.Address(PfKeyExtension.ADDRESS_DST, 135, 0, at("::")),
                new PolicyExtension(PolicyExtension.IPSEC, PolicyExtension.INBOUND, 3, 0, List.of(
                        new PolicyExtension.Request(50, PolicyExtension.TUNNEL, 3, 9, Optional.of(new PolicyExtension.Ends(at("2001:db8:2::10"), at("2001:db8:9::9")))),
                        new PolicyExtension.Request(50, PolicyExtension.TUNNEL, 3, 9, Optional.of(new PolicyExtension.Ends(at("2001:db8:3::10"), at("2001:db8:9::9")))))))
                .withSequence(12);
        assertEquals("{\"id\":7,\"t\":\"1s\",\"node\":\"cn\",\"kind\":\"control\",\"packet\":5,\"cause\":6,\"channel\":\"pf-key\",\"to\":\"kernel\","
                + "\"message\":\"X_MIGRATE\",\"sequence\":12,\"source\":{\"address\":\"2001:db8:1::10\",\"protocol\":\"Mobility Header\",\"port\":5},"
                + "\"destination\":{\"address\":\"any\",\"protocol\":\"Mobility Header\"},\"policy\":{\"direction\":\"in\",\"action\":\"protect\",\"id\":3,"
                + "\"requests\":[{\"addresses\":\"old\",\"protocol\":\"ESP\",\"mode\":\"tunnel\",\"requestId\":9,\"source\":\"2001:db8:2::10\",\"destination\":\"2001:db8:9::9\"},"
                + "{\"addresses\":\"new\",\"protocol\":\"ESP\",\"mode\":\"tunnel\",\"requestId\":9,\"source\":\"2001:db8:3::10\",\"destination\":\"2001:db8:9::9\"}]},"
                + "\"extensions\":[\"ADDRESS_SRC\",\"ADDRESS_DST\",\"X_POLICY\"],\"octets\":\"" + migrate.toOctets().toHex() + "\"}", control(true, migrate.toOctets()));
        String refused = control(false, migrate.refused(PfKeyError.EINVAL).toOctets());
        assertTrue(refused.contains("\"to\":\"daemon\",\"message\":\"X_MIGRATE\",\"errno\":\"EINVAL\",\"sequence\":12,\"octets\""), refused);
    }

    @Test
    void keysAreInTheOctetsOfAPfKeyMessageOnly() {
        String key = "00112233445566778899aabbccddeeff";
        PfKeyMessage add = PfKeyMessage.of(PfKeyMessage.ADD, PfKeyMessage.ESP, new PfKeyExtension.Association(0x1001, 32, 1, 3, 12, 0),
                new PfKeyExtension.Sa2(PolicyExtension.TRANSPORT, 0, 4), PfKeyExtension.Key.of(PfKeyExtension.KEY_ENCRYPT, Octets.hex(key)));
        String line = control(true, add.toOctets());
        assertTrue(line.contains("\"message\":\"ADD\",\"satype\":\"ESP\",\"spi\":\"0x00001001\",\"mode\":\"transport\",\"requestId\":4,"
                + "\"extensions\":[\"SA\",\"X_SA2\",\"KEY_ENCRYPT\"],\"octets\""), line);
        assertEquals(line.indexOf(key), line.lastIndexOf(key), line);
        assertTrue(line.indexOf(key) > line.indexOf("\"octets\""), line);
    }

    @Test
    void octetsThatAreNoPfKeyMessageAreSaidToBeSo() {
        assertTrue(control(true, Octets.of(2, 3, 0)).endsWith("\"to\":\"kernel\","
                + "\"malformed\":\"the length in the base header is not that of the message, 3 octets\",\"octets\":\"020300\"}"));
    }

    @Test
    void everyLineOfAnyTraceIsOneEvent() throws Exception {
        TraceStore store = TraceStoreTest.store(new RandomEvents(3).events(5_000));
        Path file = folder.resolve("t.jsonl");
        assertEquals(5_000, TraceJson.write(store, file, Progress.NONE));
        JsonMapper mapper = new JsonMapper();
        List<String> lines = Files.readAllLines(file);
        assertEquals(5_000, lines.size());
        for (int i = 0; i < lines.size(); i++) {
            TraceEvent event = store.get(i + 1);
            JsonNode json = mapper.readTree(lines.get(i));
            assertEquals(lines.get(i), TraceJson.line(event));
            assertEquals(event.id(), json.get("id").longValue());
            assertEquals(event.at(), VirtualTime.parse(json.get("t").stringValue()));
            assertEquals(event.kind(), json.get("kind").stringValue());
            assertEquals(event.packet(), json.path("packet").asLong(0));
            assertEquals(event.cause(), json.path("cause").asLong(0));
            if (event instanceof FrameSent sent && !sent.frame().isEmpty()) {
                assertEquals(sent.frame(), Octets.hex(json.get("octets").stringValue()));
            }
        }
        ByteArrayOutputStream stream = new ByteArrayOutputStream();
        TraceJson.write(store, stream, Progress.NONE);
        assertEquals(Files.readString(file), stream.toString(StandardCharsets.UTF_8));
    }

    @Test
    void stoppedOrFailedItLeavesNoFile() throws Exception {
        TraceStore store = TraceStoreTest.store(new RandomEvents(4).events(10_000));
        Path file = folder.resolve("t.jsonl");
        assertThrows(Progress.Cancelled.class, () -> TraceJson.write(store, file, (done, _) -> done < 8_000));
        try (var files = Files.list(folder)) {
            assertEquals(0, files.count());
        }
        Path full = Path.of("/dev/full");
        if (Files.exists(full)) {
            String message = assertThrows(java.io.IOException.class, () -> TraceJson.write(store, full, Progress.NONE)).getMessage();
            assertEquals("cannot write /dev/full: No space left on device", message);
        }
    }
}
