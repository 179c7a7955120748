package careof.engine.ipsec;

import static careof.engine.ipsec.Door.*;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import careof.engine.base.IpAddress;
import careof.engine.base.Malformed;
import careof.engine.base.Octets;
import careof.engine.base.VirtualTime;
import careof.engine.crypto.Authentication;
import careof.engine.crypto.Encryption;
import careof.engine.state.AddressRange;
import careof.engine.state.Sa;
import careof.engine.state.Selector;
import careof.engine.state.Selector.Ports;
import careof.engine.state.SpdEntry;
import careof.engine.trace.TraceEvent;
import careof.engine.trace.TraceStore;
import careof.engine.wire.Arbitrary;
import careof.engine.wire.pfkey.ArbitraryPfKey;
import careof.engine.wire.pfkey.PfKeyError;
import careof.engine.wire.pfkey.PfKeyExtension;
import careof.engine.wire.pfkey.PfKeyExtension.Association;
import careof.engine.wire.pfkey.PfKeyMessage;
import careof.engine.wire.pfkey.PolicyExtension;
import careof.engine.wire.pfkey.SelectorExtension;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The door: what comes in, what is answered, and each of its rules. {@code refused} also checks that no row changed. */
class PfKeyTest {
    private static final long SECOND = VirtualTime.SECOND;

    private final Door door = new Door();
    private final Sa sa = sa(0x1001, Sa.Mode.TRANSPORT, HOME, AGENT);

    private static PfKeyMessage add(Sa sa, PfKeyExtension... by) {
        PfKeyMessage m = SaMessages.add(sa);
        for (PfKeyExtension e : by) {
            m = m.withExtensions(m.extensions().stream().anyMatch(old -> old.type() == e.type()) ? PfKeyCases.replaced(m, e) : PfKeyCases.with(m, e));
        }
        return m;
    }

    private static PfKeyMessage lacks(PfKeyMessage m, int type) {
        return m.withExtensions(m.extensions().stream().filter(e -> e.type() != type).toList());
    }

    // SAs

    @Test
    void anSaIsAddedAsItWasAskedFor() {
        Sa[] asked = {sa, with(sa(0x1002, Sa.Mode.TUNNEL, CARE_OF, AGENT), new Sa.Lifetimes(50 * SECOND, 60 * SECOND, 1000, 2000)),
            with(sa(0x1003, Sa.Mode.TUNNEL, CARE_OF, AGENT), Selector.between(AddressRange.of(HOME), AddressRange.ALL_IP6), 7),
            with(sa(0x1004, Sa.Mode.TUNNEL, IpAddress.parse("192.0.2.1"), IpAddress.parse("192.0.2.2")),
                    Selector.between(AddressRange.of(HOME), AddressRange.ALL_IP6), 8),
            with(sa(0x1005, Sa.Mode.TUNNEL, CARE_OF, AGENT), new Selector(AddressRange.of(HOME), AddressRange.of(PEER), 17, new Ports(100, 200), Ports.of(0)), 0),
            with(sa(0x1006, Sa.Mode.TRANSPORT, HOME, AGENT), new Selector(AddressRange.of(HOME), AddressRange.of(AGENT), 135, Ports.of(5), Ports.ANY), 9),
            with(sa(0x1007, Sa.Mode.TRANSPORT, HOME, AGENT), new Selector(AddressRange.of(HOME), AddressRange.of(AGENT), 58, Ports.of(0), Ports.ANY), 9),
            with(sa(0x1008, Sa.Mode.TUNNEL, CARE_OF, AGENT), Selector.between(AddressRange.ALL_IP4, AddressRange.ALL_IP4), 9),
            with(sa(0x1009, Sa.Mode.TUNNEL, CARE_OF, AGENT), Selector.between(new AddressRange(HOME, PEER), AddressRange.ALL_IP6), 9)};
        for (Sa one : asked) {
            Sa added = door.added(one);
            assertEquals(with(SaLifetimes.with(one, Sa.Phase.MATURE), one.lifetimes()).selector(), added.selector());
            assertEquals(one.lifetimes(), added.lifetimes());
            assertEquals(SaMessages.add(one), SaMessages.add(added), "said the same way again");
            assertEquals(List.of(one.spi(), one.mode(), one.source(), one.destination(), one.requestId(), one.encryptionKey(), one.authenticationKey()),
                    List.of(added.spi(), added.mode(), added.source(), added.destination(), added.requestId(), added.encryptionKey(),
                            added.authenticationKey()));
        }
    }

    @Test
    void spisAreNotReservedOnesAndNotTwice() {
        door.refused(PfKeyError.EINVAL, SaMessages.add(named(sa, 0)));
        door.refused(PfKeyError.EINVAL, SaMessages.add(named(sa, 255)));
        door.added(named(sa, 256));
        door.refused(PfKeyError.EEXIST, SaMessages.add(named(sa, 256)));
        door.added(with(named(sa, 256), Sa.Protocol.AH, Encryption.NONE, Octets.EMPTY, Authentication.HMAC_SHA1_96, key(20)));
        door.added(named(sa(0, Sa.Mode.TRANSPORT, HOME, PEER), 256));
        door.ok(SaMessages.getSpi(Sa.Protocol.ESP, Sa.Mode.TRANSPORT, HOME, AGENT, 300, 300, 0));
        door.refused(PfKeyError.EEXIST, SaMessages.add(named(sa, 300)));
    }

    @Test
    void algorithmsThatMayNotBeAreRefused() {
        door.refused(PfKeyError.EINVAL, SaMessages.add(with(sa, Sa.Protocol.ESP, Encryption.DES_CBC, key(8), Authentication.HMAC_SHA1_96, key(20))));
        new Door(true).added(with(sa, Sa.Protocol.ESP, Encryption.DES_CBC, key(8), Authentication.HMAC_SHA1_96, key(20)));
        door.refused(PfKeyError.EINVAL, SaMessages.add(with(sa, Sa.Protocol.ESP, Encryption.NULL, Octets.EMPTY, Authentication.NULL, Octets.EMPTY)));
        door.refused(PfKeyError.EINVAL, SaMessages.add(with(sa, Sa.Protocol.AH, Encryption.NONE, Octets.EMPTY, Authentication.NULL, Octets.EMPTY)));
        door.refused(PfKeyError.EINVAL, SaMessages.add(with(sa, Sa.Protocol.ESP, Encryption.AES_CTR, key(20), Authentication.NULL, Octets.EMPTY)));
        door.refused(PfKeyError.EINVAL, SaMessages.add(with(sa, Sa.Protocol.ESP, Encryption.AES_GCM, key(20), Authentication.HMAC_SHA1_96, key(20))));
        door.refused(PfKeyError.EINVAL, add(sa, new Association(0x1001, 32, 1, 3, 0, 0)));
        door.refused(PfKeyError.ENOSYS, add(sa, new Association(0x1001, 32, 1, 3, 77, 0)));
        door.refused(PfKeyError.ENOSYS, add(sa, new Association(0x1001, 32, 1, 77, 12, 0)));
        PfKeyMessage ah = SaMessages.add(with(sa, Sa.Protocol.AH, Encryption.NONE, Octets.EMPTY, Authentication.HMAC_SHA1_96, key(20)));
        door.refused(PfKeyError.EINVAL, ah.withExtensions(PfKeyCases.replaced(ah, new Association(0x1001, 32, 1, 3, 12, 0))));
        door.refused(PfKeyError.EINVAL, new PfKeyMessage(PfKeyMessage.ADD, 0, 9, 1, 1, SaMessages.add(sa).extensions()));
        for (Encryption encryption : List.of(Encryption.AES_CBC, Encryption.AES_GCM)) {
            Authentication none = Authentication.NULL;
            door.added(with(named(sa, 0x2000 + encryption.ordinal()), Sa.Protocol.ESP, encryption, key(encryption.keyLengths().getFirst()), none, Octets.EMPTY));
        }
        PfKeyMessage kame = SaMessages.add(with(named(sa, 0x2100), Sa.Protocol.ESP, Encryption.AES_CBC, key(16), Authentication.NULL, Octets.EMPTY));
        door.ok(kame.withExtensions(PfKeyCases.replaced(kame, new Association(0x2100, 32, 1, 251, 12, 0))));
    }

    @Test
    void keysHaveTheirLengths() {
        for (Encryption encryption : List.of(Encryption.DES3_CBC, Encryption.AES_CBC, Encryption.AES_CTR, Encryption.NULL)) {
            for (int length : new int[] {0, 1, 8, 15, 16, 17, 20, 24, 28, 32, 36, 40}) {
                Sa one = with(named(sa, 0x100 + length + 1000L * encryption.ordinal()), Sa.Protocol.ESP, encryption, key(length), Authentication.HMAC_SHA1_96, key(20));
                if (encryption.keyLengths().contains(length)) {
                    door.added(one);
                } else {
                    door.refused(PfKeyError.EINVAL, SaMessages.add(one));
                }
            }
        }
        for (Authentication authentication : Authentication.values()) {
            door.refused(PfKeyError.EINVAL, SaMessages.add(with(sa, Sa.Protocol.ESP, Encryption.AES_CBC, key(16), authentication, key(authentication.key() + 1))));
        }
        door.refused(PfKeyError.EINVAL, add(sa, new PfKeyExtension.Key(PfKeyExtension.KEY_ENCRYPT, 127, key(16))));
        door.refused(PfKeyError.EINVAL, add(sa, new PfKeyExtension.Key(PfKeyExtension.KEY_AUTH, 159, key(20))));
        door.refused(PfKeyError.EINVAL, lacks(add(sa), PfKeyExtension.KEY_ENCRYPT));
        door.refused(PfKeyError.EINVAL, lacks(add(sa), PfKeyExtension.KEY_AUTH));
        PfKeyMessage nothing = SaMessages.add(with(sa, Sa.Protocol.ESP, Encryption.NULL, Octets.EMPTY, Authentication.HMAC_SHA1_96, key(20)));
        door.refused(PfKeyError.EINVAL, lacks(nothing, PfKeyExtension.KEY_ENCRYPT));
    }

    @ParameterizedTest
    @ValueSource(strings = {"0101010101010101", "0000000000000000", "fefefefefefefefe", "e0e0e0e0f1f1f1f1", "1f1f1f1f0e0e0e0e", "011f011f010e010e",
        "e001e001f101f101", "01fe01fe01fe01fe", "1fe01fe00ef10ef1", "fe1ffe1ffe0efe0e", "e0fee0fef1fef1fe"})
    void weakKeysAreRefused(String weak) {
        Octets key = Octets.hex(weak);
        new Door(true).refused(PfKeyError.EINVAL, SaMessages.add(with(sa, Sa.Protocol.ESP, Encryption.DES_CBC, key, Authentication.HMAC_SHA1_96, key(20))));
        for (String des3 : List.of(weak + "0123456789abcdeffedcba9876543210", "0123456789abcdef" + weak + "fedcba9876543210",
                "0123456789abcdeffedcba9876543210" + weak)) {
            door.refused(PfKeyError.EINVAL, SaMessages.add(with(sa, Sa.Protocol.ESP, Encryption.DES3_CBC, Octets.hex(des3), Authentication.HMAC_SHA1_96, key(20))));
        }
    }

    @Test
    void tripleDesThatIsOneDesIsRefused() {
        String one = "0123456789abcdef";
        String other = "fedcba9876543210";
        for (String weak : List.of(one + one + other, other + one + one, one + "0022446688aaccee" + other)) {    // the last but for its parity bits
            door.refused(PfKeyError.EINVAL, SaMessages.add(with(sa, Sa.Protocol.ESP, Encryption.DES3_CBC, Octets.hex(weak), Authentication.HMAC_SHA1_96, key(20))));
        }
        door.added(with(sa, Sa.Protocol.ESP, Encryption.DES3_CBC, Octets.hex(one + other + one), Authentication.HMAC_SHA1_96, key(20)));
    }

    @Test
    void whatAnSaCannotBeIsRefused() {
        for (int type : new int[] {PfKeyExtension.SA, PfKeyExtension.ADDRESS_SRC, PfKeyExtension.ADDRESS_DST}) {
            door.refused(PfKeyError.EINVAL, lacks(add(sa), type));
        }
        for (int state : new int[] {Association.LARVAL, Association.DYING, Association.DEAD, 9}) {
            door.refused(PfKeyError.EINVAL, add(sa, new Association(0x1001, 32, state, 3, 12, 0)));
        }
        door.refused(PfKeyError.EINVAL, add(sa, new Association(0x1001, 65, 1, 3, 12, 0)));
        door.refused(PfKeyError.EINVAL, add(sa, new Association(0x1001, 32, 1, 3, 12, 0x80000000L)));
        door.refused(PfKeyError.EINVAL, add(sa, new PfKeyExtension.Sa2(3, 0, 0)));
        door.refused(PfKeyError.EINVAL, add(sa, SelectorMessages.address(PfKeyExtension.ADDRESS_PROXY, PEER)));
        for (String end : new String[] {"::", "ff02::1", "192.0.2.1"}) {
            door.refused(PfKeyError.EINVAL, add(sa, SelectorMessages.address(PfKeyExtension.ADDRESS_DST, IpAddress.parse(end))));
            door.refused(PfKeyError.EINVAL, add(sa, SelectorMessages.address(PfKeyExtension.ADDRESS_SRC, IpAddress.parse(end))));
        }
        door.refused(PfKeyError.EINVAL, add(sa, new PfKeyExtension.NatType(2)));
        door.refused(PfKeyError.EINVAL, add(sa, new PfKeyExtension.NatType(1), new PfKeyExtension.NatPort(21, 4500), new PfKeyExtension.NatPort(22, 4500)));
        door.ok(add(sa, new PfKeyExtension.NatType(2), new PfKeyExtension.NatPort(21, 4500), new PfKeyExtension.NatPort(22, 4500)));
    }

    @Test
    void lifetimesComeInPairsOfTimesAndOctets() {
        PfKeyExtension hard = new PfKeyExtension.Lifetime(PfKeyExtension.LIFETIME_HARD, 0, 0, 60, 0);
        PfKeyExtension soft = new PfKeyExtension.Lifetime(PfKeyExtension.LIFETIME_SOFT, 0, 0, 50, 0);
        door.refused(PfKeyError.EINVAL, add(sa, hard));
        door.refused(PfKeyError.EINVAL, add(sa, soft));
        door.refused(PfKeyError.EINVAL, add(sa, hard, new PfKeyExtension.Lifetime(PfKeyExtension.LIFETIME_SOFT, 1, 0, 50, 0)));
        door.refused(PfKeyError.EINVAL, add(sa, hard, new PfKeyExtension.Lifetime(PfKeyExtension.LIFETIME_SOFT, 0, 0, 50, 1)));
        door.refused(PfKeyError.EINVAL, add(sa, hard, new PfKeyExtension.Lifetime(PfKeyExtension.LIFETIME_SOFT, 0, -1, 50, 0)));
        door.refused(PfKeyError.EINVAL, add(sa, hard, new PfKeyExtension.Lifetime(PfKeyExtension.LIFETIME_SOFT, 0, 0, Long.MAX_VALUE, 0)));
        door.ok(add(sa, hard, soft));
    }

    @Test
    void ofAnSaWithKeysOnlyLifetimesChange() {
        door.refused(PfKeyError.ESRCH, SaMessages.update(sa));
        Sa added = door.added(sa);
        for (Sa other : List.of(with(sa, Sa.Protocol.ESP, Encryption.AES_CBC, key(24), sa.authentication(), sa.authenticationKey()),
                with(sa, Sa.Protocol.ESP, Encryption.AES_CBC, sa.encryptionKey(), Authentication.HMAC_MD5_96, key(16)), with(sa, sa.selector(), 5),
                with(sa, new Selector(sa.selector().source(), sa.selector().destination(), 17, Ports.ANY, Ports.ANY), 0))) {
            door.refused(PfKeyError.EINVAL, SaMessages.update(other));
        }
        Sa.Lifetimes lifetimes = new Sa.Lifetimes(5 * SECOND, 6 * SECOND, 0, 0);
        door.ok(SaMessages.update(with(sa, lifetimes)));
        assertEquals(with(added, lifetimes), door.sad.find(added.id()).orElseThrow());
        door.until(7 * SECOND);
        assertTrue(door.sad.find(added.id()).isEmpty(), "the new lifetime rules");
    }

    @Test
    void aLifetimeThatIsOverIsRefusedAndALongerOneRejuvenates() {
        Sa.Lifetimes short_ = new Sa.Lifetimes(5 * SECOND, 60 * SECOND, 0, 0);
        Sa added = door.added(with(sa, short_));
        door.until(10 * SECOND);
        assertEquals(Sa.Phase.DYING, door.sad.find(added.id()).orElseThrow().phase());
        door.refused(PfKeyError.EINVAL, SaMessages.update(with(sa, new Sa.Lifetimes(5 * SECOND, 9 * SECOND, 0, 0))));
        door.ok(SaMessages.update(with(sa, new Sa.Lifetimes(20 * SECOND, 60 * SECOND, 0, 0))));
        assertEquals(Sa.Phase.MATURE, door.sad.find(added.id()).orElseThrow().phase());
        door.until(30 * SECOND);
        assertEquals(Sa.Phase.DYING, door.sad.find(added.id()).orElseThrow().phase());
    }

    @Test
    void sasAreNamedByTypeSpiSourceAndDestination() {
        door.added(sa);
        for (int type : new int[] {PfKeyMessage.GET, PfKeyMessage.DELETE}) {
            door.refused(PfKeyError.ESRCH, SaMessages.naming(type, Sa.Protocol.ESP, 0x1002, HOME, AGENT));
            door.refused(PfKeyError.ESRCH, SaMessages.naming(type, Sa.Protocol.AH, 0x1001, HOME, AGENT));
            door.refused(PfKeyError.ESRCH, SaMessages.naming(type, Sa.Protocol.ESP, 0x1001, HOME, PEER));
            door.refused(PfKeyError.ESRCH, SaMessages.naming(type, Sa.Protocol.ESP, 0x1001, PEER, AGENT));
            door.refused(PfKeyError.EINVAL, lacks(SaMessages.naming(type, Sa.Protocol.ESP, 0x1001, HOME, AGENT), PfKeyExtension.SA));
            door.refused(PfKeyError.EINVAL, new PfKeyMessage(type, 0, 77, 1, 1, SaMessages.get(Sa.Protocol.ESP, 0x1001, HOME, AGENT).extensions()));
        }
        PfKeyMessage got = door.ok(SaMessages.get(Sa.Protocol.ESP, 0x1001, HOME, AGENT));
        assertEquals(sa.encryptionKey(), got.find(PfKeyExtension.Key.class, PfKeyExtension.KEY_ENCRYPT).orElseThrow().key());
        door.ok(SaMessages.delete(Sa.Protocol.ESP, 0x1001, HOME, AGENT));
        assertEquals(0, door.sad.size());
        door.refused(PfKeyError.ESRCH, SaMessages.delete(Sa.Protocol.ESP, 0x1001, HOME, AGENT));
    }

    @Test
    void keysAreSaidOnlyToWhoAsksForThem() {
        for (PfKeyMessage answer : List.of(door.ok(SaMessages.add(sa)), door.ok(SaMessages.update(sa)), door.ok(SaMessages.delete(Sa.Protocol.ESP, 0x1001, HOME, AGENT)))) {
            assertTrue(answer.find(PfKeyExtension.Key.class).isEmpty(), () -> answer.toString());
        }
    }

    @Test
    void flushAndDumpKeepToTheirType() {
        Sa ah = with(named(sa, 0x1002), Sa.Protocol.AH, Encryption.NONE, Octets.EMPTY, Authentication.HMAC_SHA1_96, key(20));
        door.refused(PfKeyError.ENOENT, PfKeyMessage.of(PfKeyMessage.DUMP, PfKeyMessage.ANY_SA));
        door.added(sa);
        door.added(ah);
        door.added(named(sa, 0x1003));
        List<PfKeyMessage> all = door.socket.requestAll(PfKeyMessage.of(PfKeyMessage.DUMP, PfKeyMessage.ANY_SA));
        assertEquals(List.of(1L, 2L, 0L), all.stream().map(PfKeyMessage::sequence).toList());
        assertEquals(List.of(PfKeyMessage.ESP, PfKeyMessage.AH, PfKeyMessage.ESP), all.stream().map(PfKeyMessage::saType).toList());
        assertEquals(2, door.socket.requestAll(PfKeyMessage.of(PfKeyMessage.DUMP, PfKeyMessage.ESP)).size());
        door.refused(PfKeyError.EINVAL, PfKeyMessage.of(PfKeyMessage.DUMP, 7));
        door.refused(PfKeyError.EINVAL, PfKeyMessage.of(PfKeyMessage.FLUSH, 7));
        door.ok(PfKeyMessage.of(PfKeyMessage.FLUSH, PfKeyMessage.ESP));
        assertEquals(List.of(Sa.Protocol.AH), door.sad.all().stream().map(Sa::protocol).toList());
    }

    // SPIs, ACQUIRE, registration

    @Test
    void getSpiReservesOneOfItsRange() {
        for (int i = 0; i < 8; i++) {
            PfKeyMessage got = door.ok(SaMessages.getSpi(Sa.Protocol.ESP, Sa.Mode.TUNNEL, HOME, AGENT, 1000, 1007, 5));
            long spi = got.find(Association.class).orElseThrow().spi();
            assertTrue(spi >= 1000 && spi <= 1007);
            assertTrue(door.sad.inbound(Sa.Protocol.ESP, spi, AGENT).isEmpty(), "larval: opens nothing yet");
        }
        assertEquals(8, door.sad.size());
        door.refused(PfKeyError.EEXIST, SaMessages.getSpi(Sa.Protocol.ESP, Sa.Mode.TUNNEL, HOME, AGENT, 1000, 1007, 5));
        door.refused(PfKeyError.EINVAL, SaMessages.getSpi(Sa.Protocol.ESP, Sa.Mode.TUNNEL, HOME, AGENT, 255, 1007, 5));
        door.refused(PfKeyError.EINVAL, SaMessages.getSpi(Sa.Protocol.ESP, Sa.Mode.TUNNEL, HOME, AGENT, 1007, 1006, 5));
        door.refused(PfKeyError.EINVAL, lacks(SaMessages.getSpi(Sa.Protocol.ESP, Sa.Mode.TUNNEL, HOME, AGENT, 1000, 1007, 5), PfKeyExtension.ADDRESS_DST));
        door.ok(PfKeyMessage.of(PfKeyMessage.UPDATE, PfKeyMessage.ESP).withExtensions(SaMessages.add(named(sa, 1003)).extensions()));
        assertEquals(Sa.Phase.MATURE, door.sad.inbound(Sa.Protocol.ESP, 1003, AGENT).orElseThrow().phase());
        door.until(SaLifetimes.LARVAL);
        assertEquals(List.of(1003L), door.sad.all().stream().map(Sa::spi).toList(), "the others were not made in time");
    }

    @Test
    void aWholeRangeOfSpisIsFoundWithoutWalkingIt() {
        door.ok(lacks(SaMessages.getSpi(Sa.Protocol.ESP, Sa.Mode.TUNNEL, HOME, AGENT, 256, 0xffff_ffffL, 5), PfKeyExtension.SPIRANGE));
        door.ok(SaMessages.getSpi(Sa.Protocol.ESP, Sa.Mode.TUNNEL, HOME, AGENT, 256, 0xffff_ffffL, 5));
    }

    @Test
    void reservedSpisAreBounded() {
        for (int i = 0; i < PfKeySad.MOST_LARVAL; i++) {
            door.ok(SaMessages.getSpi(Sa.Protocol.ESP, Sa.Mode.TUNNEL, HOME, AGENT, 0x1000, 0xffff, 0));
        }
        door.refused(PfKeyError.ENOBUFS, SaMessages.getSpi(Sa.Protocol.ESP, Sa.Mode.TUNNEL, HOME, AGENT, 0x1000, 0xffff, 0));
    }

    private SpdEntry wanting() {
        return door.added(protect(SpdEntry.Direction.OUT, Selector.between(AddressRange.of(HOME), AddressRange.ALL_IP6), new SpdEntry.Template(Sa.Protocol.ESP,
                Sa.Mode.TRANSPORT, HOME, PEER, SpdEntry.Level.REQUIRE, 0)));
    }

    private static Flow to(int host) {
        return new Flow(HOME, IpAddress.parse("2001:db8:5::" + Integer.toHexString(host)), 17, 1000 + host, 53);
    }

    private long heard(int type) {
        return door.heard.stream().filter(m -> m.type() == type).count();
    }

    @Test
    void whoRegisteredIsAskedOnceForEachNeed() {
        SpdEntry entry = wanting();
        assertFalse(door.pfKey.acquire(entry, 0, to(1)), "nobody registered");
        door.ok(PfKeyMessage.of(PfKeyMessage.REGISTER, PfKeyMessage.AH));
        assertFalse(door.pfKey.acquire(entry, 0, to(1)), "nobody registered for ESP");
        PfKeyMessage registered = door.ok(PfKeyMessage.of(PfKeyMessage.REGISTER, PfKeyMessage.ESP));
        assertTrue(registered.find(PfKeyExtension.Supported.class, PfKeyExtension.SUPPORTED_ENCRYPT).orElseThrow().algorithms().stream()
                .noneMatch(algorithm -> algorithm.id() == Encryption.DES_CBC.pfKey()));
        door.refused(PfKeyError.EEXIST, PfKeyMessage.of(PfKeyMessage.REGISTER, PfKeyMessage.ESP));
        door.refused(PfKeyError.EINVAL, PfKeyMessage.of(PfKeyMessage.REGISTER, 10));
        for (int i = 0; i < 100; i++) {
            assertTrue(door.pfKey.acquire(entry, 0, new Flow(HOME, PEER, 17, i, 53)));
        }
        assertEquals(1, heard(PfKeyMessage.ACQUIRE));
        PfKeyMessage acquire = door.heard.getFirst();
        assertEquals(entry.id(), acquire.find(PolicyExtension.class).orElseThrow().id());
        assertEquals(PEER, acquire.address(PfKeyExtension.ADDRESS_DST).orElseThrow().socket().address());
        assertEquals(0, acquire.pid());
        door.until(Acquires.LIFETIME - 1);
        door.pfKey.acquire(entry, 0, to(5));
        assertEquals(1, heard(PfKeyMessage.ACQUIRE));
        door.until(Acquires.LIFETIME);
        door.pfKey.acquire(entry, 0, to(5));
        assertEquals(2, heard(PfKeyMessage.ACQUIRE), "its time was up");
        door.added(sa(0x7001, Sa.Mode.TRANSPORT, HOME, PEER));
        door.pfKey.acquire(entry, 0, to(5));
        assertEquals(3, heard(PfKeyMessage.ACQUIRE), "the need was met, so a new one is asked for at once");
    }

    @Test
    void aFailureOfKeyManagementIsNotAskedAgainAtOnce() {
        SpdEntry entry = wanting();
        door.ok(PfKeyMessage.of(PfKeyMessage.REGISTER, PfKeyMessage.ESP));
        door.pfKey.acquire(entry, 0, to(1));
        door.socket.request(door.heard.getFirst().refused(PfKeyError.ESRCH));
        door.pfKey.acquire(entry, 0, to(1));
        assertEquals(1, heard(PfKeyMessage.ACQUIRE));
        door.refused(PfKeyError.EOPNOTSUPP, door.heard.getFirst());
    }

    @Test
    void aFloodMakesABoundedNumberOfNeeds() {
        SpdEntry entry = wanting();
        door.ok(PfKeyMessage.of(PfKeyMessage.REGISTER, PfKeyMessage.ESP));
        for (int i = 1; i <= 10 * Acquires.MOST; i++) {
            assertEquals(i <= Acquires.MOST, door.pfKey.acquire(entry, 0, to(i)));
        }
        assertEquals(Acquires.MOST, heard(PfKeyMessage.ACQUIRE));
    }

    @Test
    void otherSocketsHearWhatChanged() {
        List<PfKeyMessage> other = new ArrayList<>();
        door.pfKey.open(other::add);
        door.ok(SaMessages.add(sa));
        door.refused(PfKeyError.EEXIST, SaMessages.add(sa));
        door.ok(SaMessages.get(Sa.Protocol.ESP, 0x1001, HOME, AGENT));
        assertEquals(List.of(PfKeyMessage.ADD), other.stream().map(PfKeyMessage::type).toList());
        assertTrue(door.heard.isEmpty());
    }

    // Policies

    @Test
    void aPolicyIsAddedAsItWasAskedFor() {
        AddressRange odd = new AddressRange(HOME, PEER);
        SpdEntry[] asked = {protect(SpdEntry.Direction.OUT, Selector.between(odd, AddressRange.ALL_IP6), tunnel(CARE_OF, AGENT, 5)),
            protect(SpdEntry.Direction.IN, new Selector(AddressRange.of(PEER), AddressRange.of(HOME), 135, Ports.of(5), Ports.ANY), tunnel(AGENT, CARE_OF, 5)),
            protect(SpdEntry.Direction.IN, new Selector(AddressRange.of(PEER), AddressRange.of(HOME), 135, Ports.of(0), Ports.ANY), tunnel(AGENT, CARE_OF, 5)),
            protect(SpdEntry.Direction.OUT, new Selector(AddressRange.of(PEER), AddressRange.of(HOME), 17, new Ports(1, 1023), Ports.of(53)), tunnel(AGENT, CARE_OF, 5)),
            new SpdEntry(0, 0xffff_ffffL, SpdEntry.Direction.IN, "p1", Selector.between(AddressRange.ALL_IP4, AddressRange.ALL_IP4), SpdEntry.Action.DISCARD, List.of()),
            new SpdEntry(0, 5, SpdEntry.Direction.IN, "", Selector.between(AddressRange.ALL_IP4, AddressRange.ALL_IP4), SpdEntry.Action.BYPASS, List.of())};
        for (SpdEntry one : asked) {
            SpdEntry added = door.added(one);
            assertEquals(new SpdEntry(added.id(), one.priority(), one.direction(), one.port(), one.selector(), one.action(), one.templates()), added);
            PfKeyMessage got = door.ok(SpdMessages.get(added.id()));
            assertEquals(SpdMessages.message(PfKeyMessage.X_SPDGET, added).extensions(), got.extensions());
            door.refused(PfKeyError.EEXIST, SpdMessages.add(one));
        }
    }

    @Test
    void anUpdateKeepsTheIdOfWhatItReplaces() {
        SpdEntry old = door.added(protect(SpdEntry.Direction.OUT, Selector.between(AddressRange.of(HOME), AddressRange.ALL_IP6), tunnel(CARE_OF, AGENT, 5)));
        door.ok(SpdMessages.update(new SpdEntry(0, 3, old.direction(), "", old.selector(), SpdEntry.Action.DISCARD, List.of())));
        assertEquals(List.of(new SpdEntry(old.id(), 3, old.direction(), "", old.selector(), SpdEntry.Action.DISCARD, List.of())), door.spd.entries());
    }

    @Test
    void policiesGoBySelectorOrById() {
        SpdEntry one = door.added(protect(SpdEntry.Direction.OUT, Selector.between(AddressRange.of(HOME), AddressRange.ALL_IP6), tunnel(CARE_OF, AGENT, 5)));
        PfKeyMessage delete = SpdMessages.message(PfKeyMessage.X_SPDDELETE, one);
        door.ok(delete);
        door.refused(PfKeyError.ENOENT, delete);
        SpdEntry other = door.added(one);
        assertTrue(other.id() > one.id(), "ids are not used again");
        door.refused(PfKeyError.ENOENT, SpdMessages.get(one.id()));
        door.refused(PfKeyError.ENOENT, SpdMessages.delete(one.id()));
        door.refused(PfKeyError.EINVAL, PfKeyMessage.of(PfKeyMessage.X_SPDGET, 0));
        door.ok(SpdMessages.delete(other.id()));
        assertEquals(0, door.spd.size());
        door.added(one);
        door.ok(PfKeyMessage.of(PfKeyMessage.X_SPDFLUSH, 0));
        door.refused(PfKeyError.ENOENT, PfKeyMessage.of(PfKeyMessage.X_SPDDUMP, 0));
    }

    @Test
    void whatAPolicyCannotBeIsRefused() {
        SpdEntry entry = protect(SpdEntry.Direction.OUT, Selector.between(AddressRange.of(HOME), AddressRange.ALL_IP6), tunnel(CARE_OF, AGENT, 5));
        PfKeyMessage good = SpdMessages.add(entry);
        PolicyExtension policy = good.find(PolicyExtension.class).orElseThrow();
        PolicyExtension.Request request = policy.requests().getFirst();
        for (int type : new int[] {PfKeyExtension.ADDRESS_SRC, PfKeyExtension.ADDRESS_DST, PfKeyExtension.X_POLICY}) {
            door.refused(PfKeyError.EINVAL, lacks(good, type));
        }
        List<PolicyExtension> bad = new ArrayList<>();
        for (int direction : new int[] {0, PolicyExtension.FORWARD, 4}) {
            bad.add(new PolicyExtension(2, direction, 0, 0, policy.requests()));
        }
        for (int action : new int[] {0, 1, 3, 4, 99}) {
            bad.add(new PolicyExtension(action, 2, 0, 0, policy.requests()));
        }
        bad.add(new PolicyExtension(2, 2, 0, 0, List.of()));
        for (PolicyExtension.Request one : List.of(new PolicyExtension.Request(108, 2, 3, 5, request.ends()), new PolicyExtension.Request(50, 0, 3, 5, request.ends()),
                new PolicyExtension.Request(50, 3, 3, 5, request.ends()), new PolicyExtension.Request(50, 2, 4, 5, request.ends()),
                new PolicyExtension.Request(50, 2, 1, 5, request.ends()), new PolicyExtension.Request(50, 2, 3, 5, java.util.Optional.empty()),
                new PolicyExtension.Request(50, 2, 3, 5, java.util.Optional.of(SpdMessages.ends(IpAddress.parse("::"), AGENT))))) {
            bad.add(new PolicyExtension(2, 2, 0, 0, List.of(one)));
        }
        for (PolicyExtension one : bad) {
            door.refused(PfKeyError.EINVAL, good.withExtensions(PfKeyCases.replaced(good, one)));
        }
        door.refused(PfKeyError.ELOOP, good.withExtensions(PfKeyCases.replaced(good, new PolicyExtension(2, 2, 0, 0, java.util.Collections.nCopies(7, request)))));
        door.refused(PfKeyError.EINVAL, good.withExtensions(PfKeyCases.replaced(good, SelectorMessages.address(PfKeyExtension.ADDRESS_DST, IpAddress.parse("192.0.2.1")))));
        door.refused(PfKeyError.EINVAL, good.withExtensions(PfKeyCases.replaced(good,
                SelectorMessages.address(PfKeyExtension.ADDRESS_DST, AddressRange.ALL_IP6, 17, 0))));
        door.refused(PfKeyError.EINVAL, good.withExtensions(PfKeyCases.with(good, new PfKeyExtension.Lifetime(PfKeyExtension.LIFETIME_HARD, 0, 0, 5, 0))));
        door.refused(PfKeyError.EINVAL, good.withExtensions(PfKeyCases.with(good, new SelectorExtension(17, 0, 65535, 0, 65535, AGENT, PEER, HOME, HOME))));
        door.ok(good);
    }

    @Test
    void onlyATunnelOfEspHidesHowMuchItCarries() {
        Sa tunnel = Door.sa(0x1001, Sa.Mode.TUNNEL, CARE_OF, AGENT).with(new Sa.Hiding(1280, 100_000_000));
        assertEquals(tunnel.hiding(), door.added(tunnel).hiding());
        Sa transport = Door.sa(0x1002, Sa.Mode.TRANSPORT, HOME, AGENT);
        door.refused(PfKeyError.EINVAL, SaMessages.add(transport.with(new Sa.Hiding(1280, 0))));
        door.refused(PfKeyError.EINVAL, SaMessages.add(tunnel.with(new Sa.Hiding(65_536, 0))));
        door.refused(PfKeyError.EINVAL, SaMessages.add(tunnel.with(new Sa.Hiding(0, 999_999))));
            }

    @Test
    void uniqueWithoutARequestIdGetsOne() {
        SpdEntry one = door.added(protect(SpdEntry.Direction.OUT, Selector.between(AddressRange.of(HOME), AddressRange.ALL_IP6), tunnel(CARE_OF, AGENT, 0),
                tunnel(CARE_OF, AGENT, 0)));
        List<Long> ids = one.templates().stream().map(SpdEntry.Template::requestId).toList();
        assertTrue(ids.stream().allMatch(id -> id > 0x3fff) && !ids.get(0).equals(ids.get(1)));
    }

    // Any message

    @Test
    void messagesThatAreNotForDaemonsAreRefused() {
        for (int type : new int[] {PfKeyMessage.EXPIRE, PfKeyMessage.X_PROMISC, PfKeyMessage.X_PCHANGE, PfKeyMessage.X_SPDACQUIRE, PfKeyMessage.X_SPDSETIDX,
            PfKeyMessage.X_SPDEXPIRE, PfKeyMessage.X_NEW_MAPPING}) {
            door.refused(PfKeyError.EOPNOTSUPP, PfKeyMessage.of(type, PfKeyMessage.ESP));
        }
    }

    @Test
    void badFormIsAnswered() {
        Octets good = new PfKeyMessage(PfKeyMessage.ADD, 0, PfKeyMessage.ESP, 7, 8, SaMessages.add(sa).extensions()).toOctets();
        said(PfKeyError.EMSGSIZE, Octets.EMPTY);
        said(PfKeyError.EMSGSIZE, good.slice(0, 15));
        said(PfKeyError.EMSGSIZE, good.slice(0, good.length() - 8));
        said(PfKeyError.EMSGSIZE, good.slice(0, good.length() - 1));
        for (Map.Entry<Integer, Integer> change : List.of(Map.entry(0, 1), Map.entry(1, 0), Map.entry(1, 25), Map.entry(6, 1), Map.entry(7, 1), Map.entry(16, 0),
                Map.entry(37, 129), Map.entry(40, 3), Map.entry(18, 0))) {
            said(PfKeyError.EINVAL, PfKeyCases.patched(good, change.getKey(), change.getValue()));
        }
        assertEquals(0, door.sad.size());
        said(0, good);
    }

    private void said(int errno, Octets octets) {
        Octets answer = door.socket.submit(octets).getFirst();
        assertEquals(PfKeyError.name(errno), PfKeyError.name(answer.at(2)), () -> "to " + octets);
        if (octets.length() >= 16) {
            assertEquals(octets.slice(8, 16), answer.slice(8, 16), "sequence and process id");
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void anyOctetsAreAnsweredAndChangeNothingUnlessTheyAreGood(long seed) throws Malformed {
        Arbitrary any = new Arbitrary(seed);
        ArbitraryPfKey pfKey = new ArbitraryPfKey(any);
        List<Octets> cases = List.copyOf(new PfKeyCases().all().values());
        int changed = 0;
        int refused = 0;
        for (int i = 0; i < 4000; i++) {
            Octets octets = switch (i % 4) {
                case 0 -> pfKey.damaged();
                case 1 -> pfKey.message().toOctets();
                case 2 -> cases.get(any.below(cases.size()));
                default -> any.mutated(cases.get(any.below(cases.size())));
            };
            List<Object> before = door.rows();
            for (Octets answer : door.socket.submit(octets)) {
                if (answer.at(2) != 0) {
                    refused++;
                    assertEquals(PfKeyMessage.HEADER, answer.length());
                    assertEquals(before, door.rows());
                } else {
                    PfKeyMessage.parse(answer);
                }
            }
            changed += before.equals(door.rows()) ? 0 : 1;
        }
        assertTrue(changed > 100 && refused > 1000, changed + " changed something, " + refused + " were refused");
    }

    @Test
    void theTraceHasBothWays() {
        door.ok(SaMessages.add(sa));
        door.refused(PfKeyError.EEXIST, SaMessages.add(sa));
        List<Boolean> ways = new ArrayList<>();
        List<Long> causes = new ArrayList<>();
        long control = 0;
        for (TraceStore.Cursor cursor = door.trace.from(1); cursor.hasNext();) {
            TraceEvent event = cursor.next();
            if (event instanceof TraceEvent.Control c) {
                assertEquals("pf-key", c.channel());
                ways.add(c.toKernel());
                control = control == 0 ? c.id() : control;
            } else if (event instanceof TraceEvent.Changed c && c.row() instanceof Sa) {
                causes.add(c.cause());
            }
        }
        assertEquals(List.of(true, false, true, false), ways);
        assertEquals(List.of(control), causes);
    }
}
