package careof.engine.decode;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import careof.engine.base.IpAddress;
import careof.engine.base.Malformed;
import careof.engine.base.OctetWriter;
import careof.engine.base.Octets;
import careof.engine.wire.Arbitrary;
import careof.engine.wire.pfkey.ArbitraryPfKey;
import careof.engine.wire.pfkey.PfKeyExtension;
import careof.engine.wire.pfkey.PfKeyMessage;
import careof.engine.wire.pfkey.PolicyExtension;
import careof.engine.wire.pfkey.SocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PfKeyDissectorTest {
    private static final SocketAddress US = new SocketAddress(IpAddress.parse("2001:db8::1"), 0);
    private static final SocketAddress THEM = new SocketAddress(IpAddress.parse("2001:db8::2"), 0);

    private static List<String> values(Field root, String abbreviation) {
        List<String> values = new ArrayList<>();
        root.walk(field -> {
            if (field.abbreviation().equals(abbreviation)) {
                values.add(field.value());
            }
        });
        return values;
    }

    @Test
    void fieldsHaveTheirNamesAndValues() {
        PolicyExtension policy = new PolicyExtension(PolicyExtension.IPSEC, PolicyExtension.OUTBOUND, 17, 1000,
                List.of(new PolicyExtension.Request(50, PolicyExtension.TUNNEL, 3, 0x01020304, Optional.of(new PolicyExtension.Ends(US, THEM)))));
        Field tree = PfKeyDissector.dissect(PfKeyMessage.of(PfKeyMessage.X_SPDADD, 0,
                new PfKeyExtension.Address(PfKeyExtension.ADDRESS_SRC, 135, 128, new SocketAddress(US.address(), 5)), policy).toOctets());
        assertFalse(tree.anyError());
        assertEquals("X_SPDADD", tree.value());
        assertEquals(List.of("135 (Mobility Header)"), values(tree, "pfkey.address.proto"));
        assertEquals("5", values(tree, "pfkey.sockaddr.port").getFirst());
        assertEquals(List.of("16909060"), values(tree, "pfkey.reqid"));
        assertEquals(List.of("2 (out)"), values(tree, "pfkey.policy.dir"));
        assertEquals(List.of("2001:db8::1 → 2001:db8::2"), values(tree, "pfkey.request"));
        Field added = PfKeyDissector.dissect(PfKeyMessage.of(PfKeyMessage.ADD, PfKeyMessage.ESP, new PfKeyExtension.Association(0x1001, 32, 1, 3, 12, 0x400)).toOctets());
        assertEquals(List.of("0x00001001"), values(added, "pfkey.sa.spi"));
        assertEquals(List.of("12 (aes-cbc)"), values(added, "pfkey.sa.encrypt"));
        assertEquals(List.of("3 (hmac-sha1-96)"), values(added, "pfkey.sa.auth"));
        assertEquals(List.of("0x00000400 (64-bit sequence numbers)"), values(added, "pfkey.sa.flags"));
    }

    /** Whatever the codec reads, the tree has no error, and its leaves cover every octet. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void whatIsGoodHasNoErrorAndNoGap(long seed) {
        ArbitraryPfKey pfKey = new ArbitraryPfKey(new Arbitrary(seed));
        for (int i = 0; i < 3000; i++) {
            Octets octets = pfKey.message().toOctets();
            Field tree = PfKeyDissector.dissect(octets);
            assertFalse(tree.anyError(), () -> octets + " " + tree);
            boolean[] covered = new boolean[octets.length()];
            tree.walk(field -> {
                for (int at = field.start(); field.children().isEmpty() && at < field.end(); at++) {
                    covered[at] = true;
                }
            });
            for (int at = 0; at < covered.length; at++) {
                int gap = at;
                assertTrue(covered[at], () -> "octet " + gap + " of " + octets);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void anyOctetsAreATreeWithinTheirOctets(long seed) {
        Arbitrary any = new Arbitrary(seed);
        ArbitraryPfKey pfKey = new ArbitraryPfKey(any);
        int errors = 0;
        for (int i = 0; i < 10000; i++) {
            Octets octets = i % 4 == 0 ? any.octets(any.below(100)) : pfKey.damaged();
            Field tree = PfKeyDissector.dissect(octets);
            within(tree, 0, octets.length());
            boolean read;
            try {
                PfKeyMessage.parse(octets);
                read = true;
            } catch (Malformed e) {
                read = false;
            }
            assertFalse(read && tree.anyError(), () -> "the codec reads " + octets);
            errors += tree.anyError() ? 1 : 0;
        }
        assertTrue(errors > 2000 && errors < 9999);
    }

    private static void within(Field field, int start, int end) {
        assertTrue(start <= field.start() && field.start() <= field.end() && field.end() <= end, () -> field + " not within " + start + "-" + end);
        field.children().forEach(child -> within(child, start, end));
    }

    @Test
    void aMessageFullOfExtensionsIsCutShort() {
        OctetWriter out = new OctetWriter().octets(PfKeyMessage.of(PfKeyMessage.ADD, 0).toOctets());
        for (int i = 0; i < 60000; i++) {
            out.octets(Octets.hex("0100ff7700000000"));
        }
        Field tree = PfKeyDissector.dissect(out.patch8(4, 60002 & 0xff).patch8(5, 60002 >> 8).toOctets());
        assertTrue(tree.anyError() && tree.children().size() < 1000);
    }
}
