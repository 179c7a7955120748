package careof.engine.ike;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import careof.engine.base.Ip6Address;
import careof.engine.base.IpAddress;
import careof.engine.base.OctetWriter;
import careof.engine.base.Octets;
import careof.engine.crypto.DhGroup;
import careof.engine.crypto.IkeCipher;
import careof.engine.crypto.IkeHash;
import careof.engine.state.IkeExchange;
import careof.engine.state.Sa;
import careof.engine.trace.Reason;
import careof.engine.wire.isakmp.IsakmpHeader;
import careof.engine.wire.isakmp.IsakmpMessage;
import careof.engine.wire.isakmp.Notification;
import careof.engine.wire.isakmp.NotifyType;
import careof.engine.wire.isakmp.Payload;
import careof.engine.wire.isakmp.PayloadChain;
import careof.engine.wire.isakmp.SecurityAssociation;
import careof.engine.wire.isakmp.SecurityProtocol;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What anybody may send who is not authenticated: it is dropped, and the honest message behind it is taken as if nothing had been. */
class HostilePhaseOneTest {
    private static final IpAddress ELSEWHERE = IpAddress.parse("2001:db8::66");

    private static IkeBench bench(String message) {
        IkeBench bench = new IkeBench(side -> {
            if (message.startsWith("AM")) {
                side.aggressive();
            }
        });
        bench.hold();
        bench.left.order();
        return bench;
    }

    /** Plays the exchange up to a message, which is given before it arrives. */
    private static Flight until(IkeBench bench, String message) {
        while (true) {
            Flight next = bench.next();
            if (next.name().equals(message)) {
                return next;
            }
            bench.deliver(next);
        }
    }

    private static BenchNode receiver(IkeBench bench, Flight flight) {
        return flight.from().equals(IkeBench.LEFT) ? bench.right : bench.left;
    }

    /** The honest exchange goes on to its end, nobody repeats anything; what was answered to others is thrown away. */
    private static void goesOn(IkeBench bench, Flight honest) {
        bench.deliver(honest);
        bench.fate(flight -> flight.isakmp().header().exchange() == IsakmpHeader.INFORMATIONAL ? List.of() : List.of(flight));
        bench.release();
        bench.run(500 * 1_000_000);
        bench.agrees(1);
        assertEquals(List.of(), bench.sent.stream().filter(flight -> count(bench, flight) > 1).map(Flight::toString).toList(), "repeated");
        bench.carries();
        assertEquals(1, bench.left.phaseOnes().size());
        assertEquals(1, bench.right.phaseOnes().size());
        bench.folds();
    }

    private static long count(IkeBench bench, Flight flight) {
        return flight.name().equals("INFO") ? 1 : bench.sent.stream().filter(other -> other.toString().equals(flight.toString())).count();
    }

    private static Flight patched(Flight flight, int at, int... octets) {
        byte[] changed = flight.message().toArray();
        for (int i = 0; i < octets.length; i++) {
            changed[at + i] = (byte) octets[i];
        }
        return flight.with(Octets.wrap(changed));
    }

    /** A message with octets added or, where there are fewer than none, cut off, and a header that says so. */
    private static Flight longer(Flight flight, Octets more, int less) {
        Octets message = flight.message();
        Octets cut = message.slice(0, message.length() - less);
        Octets all = new OctetWriter(64).octets(cut).octets(more).toOctets();
        return lengthOf(flight.with(all));
    }

    private static Flight lengthOf(Flight flight) {
        int length = flight.message().length();
        return patched(flight, 24, length >>> 24, length >>> 16, length >>> 8, length);
    }

    /** Messages that are malformed, whatever their exchange. */
    private static Map<String, Flight> malformed(Flight honest) {
        Map<String, Flight> all = new LinkedHashMap<>();
        int length = honest.message().length();
        all.put("nothing", honest.with(Octets.EMPTY));
        all.put("one octet", honest.with(Octets.of(1)));
        all.put("half a header", honest.with(honest.message().slice(0, 20)));
        all.put("length 0", patched(honest, 24, 0, 0, 0, 0));
        all.put("length too short", patched(honest, 24, 0, 0, 0, 27));
        all.put("length too long", patched(honest, 24, 0xff, 0xff, 0xff, 0xff));
        all.put("version 2", patched(honest, 17, 0x20));
        all.put("version 0", patched(honest, 17, 0));
        all.put("no initiator cookie", patched(honest, 0, 0, 0, 0, 0, 0, 0, 0, 0));
        all.put("message id", patched(honest, 20, 0, 0, 0, 1));
        all.put("exchange 0", patched(honest, 18, 0));
        all.put("exchange 1", patched(honest, 18, 1));
        all.put("exchange 6", patched(honest, 18, 6));
        all.put("exchange 33", patched(honest, 18, 33));
        all.put("exchange 255", patched(honest, 18, 255));
        all.put("quick mode", patched(honest, 18, 32));
        all.put("informational", patched(honest, 18, 5));
        all.put("cut", longer(honest, Octets.EMPTY, 1));
        all.put("cut in two", longer(honest, Octets.EMPTY, (length - 28) / 2));
        all.put("header alone", longer(honest, Octets.EMPTY, length - 28));
        all.put("the other flag of encryption", patched(honest, 19, honest.isakmp().isEncrypted() ? 0 : 1));
        if (!honest.isakmp().isEncrypted()) {
            all.put("too long", longer(honest, Octets.zeros(4), 0));
            all.put("not zero behind", longer(honest, Octets.of(1), 0));
            all.put("reserved octet", patched(honest, 29, 1));
            all.put("payload length 0", patched(honest, 30, 0, 0));
            all.put("payload length 3", patched(honest, 30, 0, 3));
            all.put("payload length 65535", patched(honest, 30, 0xff, 0xff));
            all.put("a proposal as payload", patched(honest, 16, Payload.PROPOSAL));
            all.put("65 payloads", Forge.with(honest, payloads -> {
                List<Payload> many = new ArrayList<>(payloads);
                while (many.size() <= PayloadChain.MOST) {
                    many.add(new Payload.VendorId(Octets.EMPTY));
                }
                return many;
            }));
            all.put("one payload endless", longer(Forge.with(honest, _ -> List.of()), Octets.zeros(60_000), 0));
        } else {
            all.put("no whole block", longer(honest, Octets.zeros(1), 0));
        }
        return all;
    }

    @ParameterizedTest
    @ValueSource(strings = {"MM1", "MM2", "MM3", "MM4", "MM5", "MM6", "AM1", "AM2", "AM3", "QM1", "QM2", "QM3"})
    void malformedMessages(String message) {
        IkeBench bench = bench(message);
        Flight honest = until(bench, message);
        BenchNode receiver = receiver(bench, honest);
        malformed(honest).forEach((what, forged) -> {
            if (forged.message().equals(honest.message())) {
                return;    // this one is of that kind
            }
            List<Object> before = state(receiver);
            receiver.mark();
            bench.deliver(forged);
            assertEquals(1, receiver.drops().size(), what + " of " + message + ": " + receiver.drops());
            assertEquals(before, state(receiver), what + " of " + message);
        });
        goesOn(bench, honest);
    }

    /** Phase ones, exchanges and SAs. */
    private static List<Object> state(BenchNode node) {
        List<Object> rows = new ArrayList<>(node.phaseOnes());
        rows.addAll(node.all(IkeExchange.class));
        rows.addAll(node.all(Sa.class));
        rows.addAll(node.children());
        return rows;
    }

    /** Payloads that nobody knows are passed over: they decide nothing. */
    @ParameterizedTest
    @ValueSource(strings = {"MM1", "MM2", "MM3", "MM4", "AM2"})
    void unknownPayloadsArePassedOver(String message) {
        IkeBench bench = bench(message);
        Flight honest = until(bench, message);
        Flight more = honest;
        for (int type : new int[] {14, 15, 19, 22, 127, 128, 200, 255}) {
            more = Forge.and(more, new Payload.Unknown(type, Octets.zeros(type)));
        }
        goesOn(bench, more);
    }

    /**
     * The exception of record 14: whoever sees the last messages of main mode and is faster than they are can spoil the proof and leave the rest readable,
     * which ends the exchange as a wrong proof of the peer does. Nothing else comes of it, and the next exchange is as good as ever.
     */
    @ParameterizedTest
    @ValueSource(strings = {"MM5", "MM6"})
    void whoIsFasterCanSpoilAProof(String message) {
        IkeBench bench = bench(message);
        Flight honest = until(bench, message);
        BenchNode receiver = receiver(bench, honest);
        bench.deliver(honest.flipped(IsakmpHeader.LENGTH + 32));    // the third cipher block, which holds nothing but the hash
        assertTrue(receiver.drops().contains(Reason.IKE_AUTHENTICATION_FAILED));
        assertEquals(List.of(), receiver.phaseOnes());
        bench.release();
        bench.run(40 * IkeBench.SECOND);
        bench.nothing();
        assertTrue(!bench.left.isEstablished() && !bench.right.isEstablished());
        bench.connect();
        bench.carries();
    }

    /** Encrypted messages made without the keys, in every form that might pass for something: the honest one is read all the same. */
    @ParameterizedTest
    @CsvSource({"MM5, 0", "MM5, 5", "MM5, 8", "MM6, 0", "MM6, 5", "AM3, 0", "AM3, 8", "QM1, 0", "QM1, 8", "QM2, 0", "QM2, 8", "QM3, 0", "QM3, 8"})
    void noiseInsteadOfEncryption(String message, int nextPayload) {
        IkeBench bench = bench(message);
        Flight honest = until(bench, message);
        BenchNode receiver = receiver(bench, honest);
        List<Object> before = state(receiver);
        Random random = new Random(9);
        for (int blocks = 0; blocks < 12; blocks++) {
            byte[] octets = new byte[IsakmpHeader.LENGTH + 16 * blocks];
            random.nextBytes(octets);
            honest.message().slice(0, IsakmpHeader.LENGTH).copyTo(octets, 0);
            octets[16] = (byte) nextPayload;
            bench.deliver(lengthOf(honest.with(Octets.wrap(octets))));
        }
        assertEquals(before, state(receiver));
        goesOn(bench, honest);
    }

    @ParameterizedTest
    @EnumSource(value = DhGroup.class, names = {"MODP_768", "ECP_256", "ECP_384"})
    void publicValuesThatAreNone(DhGroup group) {
        for (String message : List.of("MM3", "MM4", "AM1", "AM2")) {
            IkeBench bench = new IkeBench(side -> {
                if (message.startsWith("AM")) {
                    side.aggressive();
                }
                side.suite = new IkeSuite(IkeCipher.AES_CBC, 16, IkeHash.SHA1, group);
            });
            bench.hold();
            bench.left.order();
            Flight honest = until(bench, message);
            BenchNode receiver = receiver(bench, honest);
            for (Octets value : none(group)) {
                receiver.mark();
                bench.deliver(Forge.with(honest, new Payload.KeyExchange(value)));
                assertEquals(List.of(Reason.IKE_BAD_KEY_EXCHANGE), receiver.drops(), message + " " + value.toHex());
            }
            receiver.mark();
            bench.deliver(Forge.without(honest, Payload.KeyExchange.class));
            assertEquals(List.of(Reason.IKE_BAD_KEY_EXCHANGE), receiver.drops());
            goesOn(bench, honest);
        }
    }

    private static List<Octets> none(DhGroup group) {
        int length = group.publicLength();
        List<Octets> none = new ArrayList<>(List.of(Octets.EMPTY, Octets.of(2), Octets.zeros(length - 1), Octets.zeros(length + 1), Octets.zeros(length), Octets.zeros(2000)));
        byte[] ones = new byte[length];
        Arrays.fill(ones, (byte) 0xff);
        none.add(Octets.wrap(ones));
        byte[] one = new byte[length];
        one[length - 1] = 1;
        none.add(Octets.wrap(one));
        if (group == DhGroup.MODP_768) {
            BigInteger p = new BigInteger("FFFFFFFFFFFFFFFFC90FDAA22168C234C4C6628B80DC1CD129024E088A67CC74020BBEA63B139B22514A08798E3404DDEF9519B3CD3A431B302B0A6DF25F1437"
                    + "4FE1356D6D51C245E485B576625E7EC6F44C42E9A63A3620FFFFFFFFFFFFFFFF", 16);    // RFC 2409 section 6.1
            for (BigInteger bad : List.of(p.subtract(BigInteger.ONE), p, p.add(BigInteger.ONE))) {
                none.add(Octets.hex(bad.toString(16)));
            }
        }
        return none;
    }

    @ParameterizedTest
    @ValueSource(strings = {"MM3", "MM4", "AM1", "AM2"})
    void nonces(String message) {
        IkeBench bench = bench(message);
        Flight honest = until(bench, message);
        BenchNode receiver = receiver(bench, honest);
        for (int length : new int[] {0, 1, 7, 257, 1000}) {
            receiver.mark();
            bench.deliver(Forge.with(honest, new Payload.Nonce(Octets.zeros(length))));
            assertEquals(List.of(Reason.IKE_BAD_KEY_EXCHANGE), receiver.drops(), length + " octets");
        }
        receiver.mark();
        bench.deliver(Forge.without(honest, Payload.Nonce.class));
        assertEquals(List.of(Reason.IKE_BAD_KEY_EXCHANGE), receiver.drops());
        goesOn(bench, honest);
    }

    /** From another address, to another exchange, with another cookie: it is not this phase one's. */
    @ParameterizedTest
    @ValueSource(strings = {"MM2", "MM3", "MM4", "MM5", "MM6", "AM2", "AM3"})
    void cookiesAndAddresses(String message) {
        IkeBench bench = bench(message);
        Flight honest = until(bench, message);
        BenchNode receiver = receiver(bench, honest);
        List<Object> before = state(receiver);
        IsakmpHeader header = honest.isakmp().header();
        List<Function<Flight, Flight>> changes = List.of(
                flight -> flight.from(ELSEWHERE),
                flight -> flight.from(receiver.side.address),
                flight -> patched(flight, 0, 1, 2, 3, 4, 5, 6, 7, 8),
                flight -> flight.with(header.withResponderCookie(0)),
                flight -> flight.with(header.withExchange(header.exchange() == IsakmpHeader.AGGRESSIVE ? IsakmpHeader.IDENTITY_PROTECTION : IsakmpHeader.AGGRESSIVE)));
        for (Function<Flight, Flight> change : changes) {
            bench.deliver(change.apply(honest));
            assertEquals(before, state(receiver), message + " " + changes.indexOf(change));
        }
        if (!List.of("MM2", "AM2").contains(message)) {    // those tell the responder's cookie
            bench.deliver(honest.with(header.withResponderCookie(header.responderCookie() ^ 1)));
            assertEquals(before, state(receiver));
        }
        goesOn(bench, honest);
    }

    /** Notifications and deletes in the clear, of every kind, at every step: nothing comes or goes. */
    @ParameterizedTest
    @ValueSource(strings = {"MM2", "MM4", "MM6", "AM2", "QM2", "QM3"})
    void unauthenticatedNotificationsAndDeletes(String message) {
        IkeBench bench = bench(message);
        Flight honest = until(bench, message);
        long initiator = bench.left.phaseOne().initiatorCookie();
        long responder = bench.right.phaseOne().responderCookie();
        for (BenchNode node : List.of(bench.left, bench.right)) {
            List<Object> before = state(node);
            for (Payload payload : saying(bench, initiator, responder)) {
                for (long cookie : new long[] {0, responder}) {
                    for (long id : new long[] {0, 77}) {
                        IsakmpHeader header = IsakmpHeader.of(initiator, cookie, IsakmpHeader.INFORMATIONAL, id);
                        bench.send(bench.forged(node, IsakmpMessage.clear(header, List.of(payload)).toOctets()));
                    }
                }
            }
            node.mark();
            bench.run(IkeBench.DELAY);
            assertEquals(before, state(node));
            assertTrue(node.drops().stream().allMatch(reason -> reason == Reason.IKE_UNAUTHENTICATED));
        }
        goesOn(bench, honest);
    }

    private static List<Payload> saying(IkeBench bench, long initiator, long responder) {
        List<Payload> all = new ArrayList<>();
        for (int type : new int[] {NotifyType.NO_PROPOSAL_CHOSEN, NotifyType.AUTHENTICATION_FAILED, NotifyType.INVALID_COOKIE, NotifyType.PAYLOAD_MALFORMED,
                NotifyType.INITIAL_CONTACT, NotifyType.R_U_THERE, NotifyType.R_U_THERE_ACK, 0, 65535}) {
            all.add(Notification.ofIsakmp(type, initiator, responder, Octets.EMPTY));
            all.add(new Notification(0, 200, type, Octets.EMPTY, Octets.zeros(100)));
        }
        Octets cookies = new OctetWriter(16).u64(initiator).u64(responder).toOctets();
        all.add(new Payload.Delete(SecurityAssociation.IPSEC, SecurityProtocol.ISAKMP, 16, List.of(cookies)));
        for (BenchNode node : List.of(bench.left, bench.right)) {
            node.all(Sa.class).forEach(sa -> all.add(new Payload.Delete(SecurityAssociation.IPSEC, SecurityProtocol.ESP, 4, List.of(Forge.messageId(sa.spi())))));
        }
        return all;
    }

    /** Nothing covers what stands beside the hash of AM2, where anybody on the path may have added it: it does not end what was before. */
    @Test
    void initialContactIsTakenInProtectionOnly() {
        IkeBench bench = new IkeBench(side -> {
            side.aggressive();
            side.lifetime = 60 * IkeBench.SECOND;
            side.protections = 2;
        });
        bench.connect();
        bench.run(70 * IkeBench.SECOND);
        bench.fate(flight -> flight.name().equals("AM2")
                ? List.of(Forge.and(flight, Notification.ofIsakmp(NotifyType.INITIAL_CONTACT, flight.isakmp().header().initiatorCookie(),
                        flight.isakmp().header().responderCookie(), Octets.EMPTY))) : List.of(flight));
        bench.left.order(1);
        bench.run(IkeBench.SECOND);
        assertTrue(bench.left.isEstablished());
        bench.agrees(2);
    }

    /** Where a message comes from and goes to may be any address: none of them makes a node fail or talk to itself. */
    @Test
    void strangeAddresses() {
        IkeBench bench = new IkeBench(Side::rsa);
        bench.hold();
        bench.left.order();
        Flight first = bench.next("left MM1");
        for (String from : List.of("::", "::1", "ff02::1", "2001:db8::2", "fe80::1", "::ffff:192.0.2.1", "2001:db8:ffff::1")) {
            bench.deliver(first.from(IpAddress.parse(from)));
        }
        for (String to : List.of("ff02::1", "ff02::1:ff00:2")) {
            bench.deliver(new Flight(first.from(), "", multicast(IpAddress.parse(to)), first.source(), IpAddress.parse(to), 500, 500, first.message()));
        }
        bench.deliver(first.fromPort(0));
        assertTrue(bench.sent.size() < 12);
        for (Flight flight : List.copyOf(bench.sent)) {
            assertTrue(!flight.destination().equals(flight.source()), flight::toString);
            assertTrue(List.of(IkeBench.LEFT_IP, IkeBench.RIGHT_IP).contains(flight.source()), () -> flight + " comes from " + flight.source());
            assertTrue(!isGroup(flight.destination()), () -> flight + " goes to " + flight.destination());
        }
        bench.run(40 * IkeBench.SECOND);
        assertEquals(0, bench.right.halfOpen());
        bench.folds();
    }

    private static boolean isGroup(IpAddress address) {
        return address instanceof Ip6Address six && (six.isMulticast() || six.isUnspecified());
    }

    private static Octets multicast(IpAddress to) {
        Octets address = new OctetWriter(16).address(to).toOctets();
        return new OctetWriter(14).u16(0x3333).octets(address.from(12)).octets(Octets.hex("020000000021")).u16(0x86dd).toOctets();
    }
}
