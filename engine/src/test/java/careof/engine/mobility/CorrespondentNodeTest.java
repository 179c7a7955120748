package careof.engine.mobility;

import static careof.engine.mobility.Bench.MS;
import static careof.engine.mobility.Bench.S;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import careof.engine.base.Ip6Address;
import careof.engine.base.Octets;
import careof.engine.sim.Rng;
import careof.engine.state.Binding;
import careof.engine.state.DeletedBinding;
import careof.engine.state.Nonce;
import careof.engine.trace.Reason;
import careof.engine.wire.icmp.Icmp6Message;
import careof.engine.wire.ip.Ip6Packet;
import careof.engine.wire.ip.IpProtocol;
import careof.engine.wire.mobility.BindingStatus;
import careof.engine.wire.mobility.MobilityHeader;
import careof.engine.wire.mobility.MobilityMessage;
import careof.engine.wire.mobility.MobilityMessage.BindingAcknowledgement;
import careof.engine.wire.mobility.MobilityMessage.BindingError;
import careof.engine.wire.mobility.MobilityMessage.BindingRefreshRequest;
import careof.engine.wire.mobility.MobilityMessage.BindingUpdate;
import careof.engine.wire.mobility.MobilityMessage.CareOfTest;
import careof.engine.wire.mobility.MobilityMessage.CareOfTestInit;
import careof.engine.wire.mobility.MobilityMessage.HomeTest;
import careof.engine.wire.mobility.MobilityMessage.HomeTestInit;
import careof.engine.wire.mobility.MobilityOption;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** A correspondent, against a puppet that plays mobile nodes and attackers. */
class CorrespondentNodeTest {
    private static final long SEED = 3;
    private static final Ip6Address CN = Ip6Address.parse("2001:db8:9::9");
    private static final Ip6Address HOME = Ip6Address.parse("2001:db8:1::10");
    private static final Ip6Address CARE_OF = Ip6Address.parse("2001:db8:2::10");
    private static final Ip6Address OTHER = Ip6Address.parse("2001:db8:3::10");

    private final Bench cn = Bench.correspondent(CN, SEED);

    private HomeTest homeTest(Ip6Address home) {
        cn.say(home, CN, new HomeTestInit(11, List.of()));
        Bench.Heard heard = cn.one();
        assertEquals(home, heard.ip().destination());
        assertTrue(heard.ip().extensions().isEmpty(), "a test goes without a routing header");
        return (HomeTest) heard.message();
    }

    private CareOfTest careOfTest(Ip6Address careOf) {
        cn.say(careOf, CN, new CareOfTestInit(22, List.of()));
        Bench.Heard heard = cn.one();
        assertEquals(careOf, heard.ip().destination());
        return (CareOfTest) heard.message();
    }

    /** What a mobile node knows after both tests. */
    private record Tested(HomeTest home, CareOfTest careOf) {
        MobilityHeader update(int sequence, int lifetime, Ip6Address bound) {
            return update(sequence, lifetime, bound, true);
        }

        MobilityHeader update(int sequence, int lifetime, Ip6Address bound, boolean acknowledge) {
            Octets key = lifetime == 0 ? Octets.wrap(Formulas.sha1(Formulas.bytes(home.keygenToken())))
                    : Octets.wrap(Formulas.sha1(Formulas.bytes(home.keygenToken()), Formulas.bytes(careOf.keygenToken())));
            return Signalling.authorized(new BindingUpdate(sequence, acknowledge, false, false, false, lifetime,
                    List.of(new MobilityOption.NonceIndices(home.nonceIndex(), lifetime == 0 ? 0 : careOf.nonceIndex()))), key, bound, CN);
        }
    }

    private Tested tested() {
        return new Tested(homeTest(HOME), careOfTest(CARE_OF));
    }

    private BindingAcknowledgement acknowledged(MobilityHeader update) {
        cn.sayFromAway(HOME, CARE_OF, CN, update);
        Bench.Heard heard = cn.one();
        assertEquals(CARE_OF, heard.ip().destination());
        assertEquals(HOME, heard.ip().type2Routing().orElseThrow().home());
        return (BindingAcknowledgement) heard.message();
    }

    private List<Binding> bindings() {
        return cn.rows(Binding.class);
    }

    private Tested bound(int lifetime) {
        Tested tested = tested();
        assertEquals(BindingStatus.ACCEPTED, acknowledged(tested.update(7, lifetime, CARE_OF)).status());
        return tested;
    }

    @Test
    void tokensComeFromNodeKeyAndNonceAndNothingElseIsKept() {
        HomeTest home = homeTest(HOME);
        CareOfTest careOf = careOfTest(CARE_OF);
        Rng key = new Rng(SEED, "node node key");
        ByteBuffer nodeKey = ByteBuffer.allocate(20).putLong(key.bits(1)).putLong(key.bits(2)).putInt((int) key.bits(3));
        Nonce nonce = cn.rows(Nonce.class).getFirst();
        assertEquals(11, home.cookie());
        assertEquals(22, careOf.cookie());
        assertEquals(nonce.index(), home.nonceIndex());
        assertEquals(Formulas.keygen(nodeKey.array(), HOME, nonce.value().toArray(), 0), home.keygenToken());
        assertEquals(Formulas.keygen(nodeKey.array(), CARE_OF, nonce.value().toArray(), 1), careOf.keygenToken());
        int rows = cn.rowCount();
        for (int i = 0; i < 50; i++) {
            assertEquals(1, homeTest(new Ip6Address(HOME.high(), 1000 + i)).nonceIndex());
        }
        assertEquals(rows, cn.rowCount(), "a flood of test inits keeps nothing");
        assertTrue(bindings().isEmpty());
    }

    @Test
    void aTestInitWithAHomeAddressOptionIsIgnored() {
        cn.sayFromAway(HOME, CARE_OF, CN, MobilityHeader.of(new HomeTestInit(1, List.of())));
        assertTrue(cn.heard().isEmpty());
        assertEquals(Reason.MH_INVALID, cn.lastDrop());
    }

    @Test
    void noncesRotateEveryThirtySecondsAndAreGoodForTwoHundredAndForty() {
        long start = cn.env.now();
        int index = homeTest(HOME).nonceIndex();
        cn.run(29 * S);
        assertEquals(index, homeTest(HOME).nonceIndex());
        cn.run(S);
        assertEquals(index + 1, homeTest(HOME).nonceIndex());
        cn.run(start + 239 * S - cn.env.now());
        assertTrue(cn.rows(Nonce.class).stream().anyMatch(nonce -> nonce.index() == index));
        cn.run(2 * S);
        assertFalse(cn.rows(Nonce.class).stream().anyMatch(nonce -> nonce.index() == index));
    }

    /** MN: BU, with tokens -> CN: BA with authenticator, and a binding. */
    @Test
    void aBindingUpdateWithTheRightAuthenticatorMakesABinding() {
        Tested tested = tested();
        cn.sayFromAway(HOME, CARE_OF, CN, tested.update(7, 10, CARE_OF));
        Bench.Heard heard = cn.one();
        BindingAcknowledgement ack = (BindingAcknowledgement) heard.message();
        assertEquals(new BindingAcknowledgement(BindingStatus.ACCEPTED, false, 7, 10, ack.options()), ack);
        byte[] key = Formulas.sha1(Formulas.bytes(tested.home.keygenToken()), Formulas.bytes(tested.careOf.keygenToken()));
        assertEquals(Formulas.authenticator(key, CARE_OF, CN, heard.ip().payload()), ack.option(MobilityOption.BindingAuthorizationData.class).orElseThrow().authenticator());
        Binding binding = bindings().getFirst();
        assertEquals(new Binding(HOME, CARE_OF, 7, binding.until(), false, Binding.Protection.RETURN_ROUTABILITY), binding);
        cn.run(40 * S);
        assertTrue(bindings().isEmpty(), "ended with its lifetime");
    }

    /** The answer to the largest of packets, put together from fragments, has no room for a routing header. */
    @Test
    void whatHasNoRoomForARoutingHeaderIsTooBig() {
        bound(10);
        cn.stack.output().send(Ip6Packet.of(CN, HOME, IpProtocol.UDP, Octets.zeros(0xffff)), 0, true);
        assertTrue(cn.heard().isEmpty());
        assertEquals(Reason.TOO_BIG, cn.lastDrop());
    }

    @Test
    void packetsToTheHomeAddressTakeTheRoutingHeaderAndComeBackWithTheOption() {
        Ip6Packet toHome = Bench.udp(CN, HOME);
        cn.stack.output().send(toHome, 0, true);
        assertEquals(HOME, cn.one().ip().destination());
        bound(10);
        cn.stack.output().send(toHome, 0, true);
        Ip6Packet sent = cn.one().ip();
        assertEquals(CARE_OF, sent.destination());
        assertEquals(HOME, sent.finalDestination());
        cn.correspondent.answerThroughHome(HOME);
        cn.stack.output().send(toHome, 0, true);
        assertEquals(HOME, cn.one().ip().destination(), "triangular");
        cn.correspondent.answerDirectly(HOME);

        Icmp6Message echo = new Icmp6Message.EchoRequest(1, 2, Octets.EMPTY);
        Ip6Packet ping = Ip6Packet.of(HOME, CN, IpProtocol.ICMP6, echo.toOctets(HOME, CN));
        cn.say(Signalling.extended(ping, Optional.of(CARE_OF), Optional.empty()));
        assertEquals(CARE_OF, cn.one().ip().destination(), "answered the same way");
        cn.say(Signalling.extended(ping, Optional.of(OTHER), Optional.empty()));
        Bench.Heard error = cn.one();
        assertEquals(OTHER, error.ip().destination());
        assertEquals(new BindingError(BindingStatus.ERROR_UNKNOWN_BINDING, HOME, List.of()), error.message());
        assertEquals(Reason.HAO_UNVERIFIED, cn.lastDrop());
    }

    @Test
    void bindingErrorsAreLimited() {
        Ip6Packet forged = Signalling.extended(Bench.udp(HOME, CN), Optional.of(OTHER), Optional.empty());
        cn.say(forged);
        cn.one(); // resolves the router's address
        cn.run(S);
        int rows = cn.rowCount();
        for (int i = 0; i < 100; i++) {
            cn.say(forged);
        }
        assertEquals(10, cn.heard().size());
        cn.run(S);
        for (int i = 0; i < 100; i++) {
            cn.say(forged);
        }
        assertEquals(10, cn.heard().size());
        assertTrue(cn.rowCount() <= rows, "a flood keeps nothing");
    }

    @Test
    void replayedForgedAndOldBindingUpdatesAreRefused() {
        Tested tested = bound(10);
        BindingAcknowledgement replayed = acknowledged(tested.update(7, 10, CARE_OF));
        assertEquals(BindingStatus.SEQUENCE_NUMBER_OUT_OF_WINDOW, replayed.status());
        assertEquals(7, replayed.sequence());
        assertTrue(replayed.option(MobilityOption.BindingAuthorizationData.class).isPresent());

        // Any bit changed: nothing is said, nothing changes.
        Octets right = tested.update(8, 10, CARE_OF).toOctets(HOME, CN);
        Binding before = bindings().getFirst();
        for (int bit = 6 * 8; bit < right.length() * 8; bit++) {
            byte[] wrong = right.toArray();
            wrong[bit / 8] ^= (byte) (0x80 >> bit % 8);
            wrong[4] = wrong[5] = 0;
            int sum = careof.engine.base.Checksum.ip6(HOME, CN, IpProtocol.MOBILITY, Octets.wrap(wrong.clone()));
            wrong[4] = (byte) (sum >> 8);
            wrong[5] = (byte) sum;
            cn.say(Signalling.extended(Ip6Packet.of(HOME, CN, IpProtocol.MOBILITY, Octets.wrap(wrong)), Optional.of(CARE_OF), Optional.empty()));
            for (Bench.Heard heard : cn.heard()) {
                if (heard.message() instanceof BindingAcknowledgement ack) {
                    assertTrue(ack.status() >= BindingStatus.EXPIRED_HOME_NONCE_INDEX && ack.status() <= BindingStatus.EXPIRED_NONCES
                            || ack.status() == BindingStatus.HOME_REGISTRATION_NOT_SUPPORTED, "bit " + bit + ": " + ack);
                    assertTrue(ack.option(MobilityOption.BindingAuthorizationData.class).isEmpty());
                } else {
                    assertEquals(BindingStatus.ERROR_UNRECOGNIZED_TYPE, ((BindingError) heard.message()).status());
                }
            }
            assertEquals(List.of(before), bindings(), "bit " + bit);
        }
        // From elsewhere: the care-of token is not for that address.
        cn.sayFromAway(HOME, OTHER, CN, tested.update(8, 10, OTHER));
        assertTrue(cn.heard().isEmpty());
        // For another home address: the home token is not for that one.
        cn.sayFromAway(new Ip6Address(HOME.high(), 99), CARE_OF, CN, tested.update(8, 10, CARE_OF));
        assertTrue(cn.heard().isEmpty());
        assertEquals(List.of(before), bindings());
    }

    @Test
    void expiredNoncesAreToldApart() {
        Tested old = tested();
        cn.run(200 * S);
        Tested fresh = tested();
        assertNotEquals(old.home.nonceIndex(), fresh.home.nonceIndex());
        cn.run(45 * S);
        assertEquals(BindingStatus.EXPIRED_HOME_NONCE_INDEX, acknowledged(new Tested(old.home, fresh.careOf).update(1, 9, CARE_OF)).status());
        assertEquals(BindingStatus.EXPIRED_CARE_OF_NONCE_INDEX, acknowledged(new Tested(fresh.home, old.careOf).update(1, 9, CARE_OF)).status());
        BindingAcknowledgement both = acknowledged(old.update(1, 9, CARE_OF, false));
        assertEquals(BindingStatus.EXPIRED_NONCES, both.status(), "told although no acknowledgement was asked for");
        assertTrue(both.option(MobilityOption.BindingAuthorizationData.class).isEmpty());
        assertTrue(bindings().isEmpty());
        assertEquals(BindingStatus.ACCEPTED, acknowledged(fresh.update(1, 9, CARE_OF)).status());
    }

    @Test
    void lifetimesEndAtSevenMinutes() {
        assertEquals(105, acknowledged(tested().update(1, 1000, CARE_OF)).lifetime());
        assertEquals(cn.env.now() + 420 * S, bindings().getFirst().until(), 10 * MS);
    }

    @Test
    void withoutTheAcknowledgeBitNothingIsSaid() {
        cn.sayFromAway(HOME, CARE_OF, CN, tested().update(1, 10, CARE_OF, false));
        assertTrue(cn.heard().isEmpty());
        assertEquals(1, bindings().size());
    }

    /** At home, MN: BU with lifetime 0, home token only -> CN: BA; the same and older updates stay refused. */
    @Test
    void aDeletedBindingDoesNotComeBack() {
        Tested tested = bound(10);
        cn.say(HOME, CN, tested.update(9, 0, HOME).message());
        Bench.Heard heard = cn.one();
        assertTrue(heard.ip().extensions().isEmpty());
        assertEquals(HOME, heard.ip().destination());
        assertEquals(BindingStatus.ACCEPTED, ((BindingAcknowledgement) heard.message()).status());
        byte[] key = Formulas.sha1(Formulas.bytes(tested.home.keygenToken()));
        assertEquals(Formulas.authenticator(key, HOME, CN, heard.ip().payload()), heard.ip().payload().from(heard.ip().payload().length() - 12));
        assertTrue(bindings().isEmpty());
        BindingAcknowledgement again = acknowledged(tested.update(8, 10, CARE_OF));
        assertEquals(BindingStatus.SEQUENCE_NUMBER_OUT_OF_WINDOW, again.status());
        assertEquals(9, again.sequence());
        assertTrue(bindings().isEmpty());
        assertEquals(1, cn.rows(DeletedBinding.class).size());
        cn.run(241 * S);
        assertTrue(cn.rows(DeletedBinding.class).isEmpty());
    }

    @Test
    void anExpiredBindingDoesNotComeBackByAReplay() {
        Tested tested = bound(1);
        cn.run(5 * S);
        assertTrue(bindings().isEmpty());
        assertEquals(BindingStatus.SEQUENCE_NUMBER_OUT_OF_WINDOW, acknowledged(tested.update(7, 1, CARE_OF)).status());
    }

    @Test
    void aBindingInUseIsAskedToBeRefreshedBeforeItEnds() {
        Tested tested = bound(20);
        cn.run(79 * S);
        assertTrue(cn.heard().isEmpty(), "a binding that nobody uses just ends");
        acknowledged(tested.update(8, 20, CARE_OF));
        cn.stack.output().send(Bench.udp(CN, HOME), 0, true);
        cn.one();
        long until = bindings().getFirst().until();
        cn.run(until - cn.env.now() - 10 * S - 10 * MS);
        assertTrue(cn.heard().isEmpty());
        cn.run(100 * MS);
        Bench.Heard heard = cn.one();
        assertEquals(new BindingRefreshRequest(heard.message().options()), heard.message());
        assertEquals(HOME, heard.ip().destination(), "to the home address");
        cn.run(20 * S);
        assertEquals(2, cn.heard().size(), "and two more");
        assertTrue(bindings().isEmpty());
    }

    @Test
    void aHomeRegistrationIsNotSupportedHere() {
        cn.sayFromAway(HOME, CARE_OF, CN, MobilityHeader.of(new BindingUpdate(1, true, true, false, false, 10, List.of())));
        assertEquals(BindingStatus.HOME_REGISTRATION_NOT_SUPPORTED, ((BindingAcknowledgement) cn.one().message()).status());
        assertTrue(bindings().isEmpty());
    }

    @Test
    void aFullCacheRefusesNewOnesAndKeepsOldOnes() {
        CareOfTest careOf = careOfTest(CARE_OF);
        for (int i = 0; i < BindingCache.MOST + 3; i++) {
            Ip6Address home = new Ip6Address(HOME.high(), 0x1000 + i);
            cn.sayFromAway(home, CARE_OF, CN, new Tested(homeTest(home), careOf).update(1, 100, CARE_OF));
            int status = ((BindingAcknowledgement) cn.one().message()).status();
            assertEquals(i < BindingCache.MOST ? BindingStatus.ACCEPTED : BindingStatus.INSUFFICIENT_RESOURCES, status, "binding " + i);
        }
        assertEquals(BindingCache.MOST, bindings().size());
        Ip6Address first = new Ip6Address(HOME.high(), 0x1000);
        cn.sayFromAway(first, CARE_OF, CN, new Tested(homeTest(first), careOf).update(2, 100, CARE_OF));
        assertEquals(BindingStatus.ACCEPTED, ((BindingAcknowledgement) cn.one().message()).status(), "a refresh needs no room");
    }

    @Test
    void anAlternateCareOfAddressIsTheOneThatCounts() {
        Tested tested = new Tested(homeTest(HOME), careOfTest(OTHER));
        Octets key = Octets.wrap(Formulas.sha1(Formulas.bytes(tested.home.keygenToken()), Formulas.bytes(tested.careOf.keygenToken())));
        List<MobilityOption> options = List.of(new MobilityOption.AlternateCareOfAddress(OTHER),
                new MobilityOption.NonceIndices(tested.home.nonceIndex(), tested.careOf.nonceIndex()));
        cn.sayFromAway(HOME, CARE_OF, CN, Signalling.authorized(new BindingUpdate(1, true, false, false, false, 10, options), key, OTHER, CN));
        assertEquals(CARE_OF, cn.one().ip().destination(), "the acknowledgement goes to the source");
        assertEquals(OTHER, bindings().getFirst().careOf());
    }

    @Test
    void anUnreachableCareOfAddressEndsTheBindingAfterSeveralErrors() {
        bound(100);
        for (int i = 0; i < 3; i++) {
            assertEquals(1, bindings().size(), "after " + i);
            cn.stack.output().send(Bench.udp(CN, HOME), 0, true);
            Ip6Packet sent = cn.one().ip();
            assertEquals(CARE_OF, sent.destination());
            cn.say(Ip6Address.parse("2001:db8:2::1"), CN, 64, new Icmp6Message.DestinationUnreachable(Icmp6Message.DestinationUnreachable.ADDRESS, sent.toOctets()));
            cn.heard();
        }
        assertTrue(bindings().isEmpty());
    }

    @Test
    void brokenHeadersAreAnsweredAsRfc6275Section92Says() {
        Octets right = MobilityHeader.of(new HomeTestInit(1, List.of())).toOctets(HOME, CN);
        byte[] protocol = right.toArray();
        protocol[0] = 58;
        Bench.Heard problem = tell(protocol);
        assertEquals(40, ((Icmp6Message.ParameterProblem) problem.icmp()).pointer());
        byte[] shorter = right.slice(0, 8).toArray();
        shorter[1] = 0;
        problem = tell(shorter);
        assertEquals(41, ((Icmp6Message.ParameterProblem) problem.icmp()).pointer());
        byte[] type = right.toArray();
        type[2] = 77;
        assertEquals(new BindingError(BindingStatus.ERROR_UNRECOGNIZED_TYPE, Ip6Address.ANY, List.of()), tell(type).message());
        cn.say(HOME, CN, new BindingRefreshRequest(List.of()));
        assertTrue(cn.heard().isEmpty());
        assertEquals(Reason.MH_NOT_FOR_ROLE, cn.lastDrop());
        byte[] checksum = right.toArray();
        checksum[5] ^= 1;
        cn.say(Ip6Packet.of(HOME, CN, IpProtocol.MOBILITY, Octets.wrap(checksum)));
        assertTrue(cn.heard().isEmpty(), "a wrong checksum is not answered");
    }

    private Bench.Heard tell(byte[] header) {
        header[4] = header[5] = 0;
        int sum = careof.engine.base.Checksum.ip6(HOME, CN, IpProtocol.MOBILITY, Octets.wrap(header.clone()));
        header[4] = (byte) (sum >> 8);
        header[5] = (byte) sum;
        cn.say(Ip6Packet.of(HOME, CN, IpProtocol.MOBILITY, Octets.wrap(header)));
        return cn.one();
    }

    @Test
    void theSameSeedGivesTheSameTrace() {
        Bench other = Bench.correspondent(CN, SEED);
        for (Bench bench : List.of(cn, other)) {
            bench.say(HOME, CN, new HomeTestInit(1, List.of()));
            bench.run(S);
        }
        assertEquals(cn.trace.digest(), other.trace.digest());
    }
}
