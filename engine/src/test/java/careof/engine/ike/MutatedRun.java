package careof.engine.ike;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import careof.engine.base.OctetWriter;
import careof.engine.base.Octets;
import careof.engine.base.VirtualTime;
import careof.engine.crypto.DhGroup;
import careof.engine.crypto.IkeCipher;
import careof.engine.crypto.IkeHash;
import careof.engine.interop.IkeMutation;
import careof.engine.interop.IkeRun;
import careof.engine.pki.CertificatePlan;
import careof.engine.pki.Pki;
import careof.engine.pki.RsaKeys;
import careof.engine.pki.SubjectName;
import careof.engine.state.IkeExchange;
import careof.engine.state.IkeSa;
import careof.engine.state.Sa;
import careof.engine.trace.Detail;
import careof.engine.wire.isakmp.IsakmpHeader;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeSet;

/** Two nodes that do this and that for a while, and a wire that damages what passes; all of it follows from a seed. */
final class MutatedRun {
    private static final Pki PKI = Pki.make(List.of("ca"), List.of(small(IkeBench.LEFT, "2001:db8::1"), small(IkeBench.RIGHT, "2001:db8::2")), Side.EPOCH, RsaKeys.ofNames());
    private static final List<IkeRun> RECORDED = IkeRun.all();

    private final Random random;
    private final IkeBench bench;
    private final int often;
    /** Keys by what names them, an SA's protocol, SPI and destination, or a phase one's cookies, as either node ever had them. */
    private final Map<String, String> keys = new HashMap<>();
    /** SPIs by protocol that a node gave to its peer. */
    private final TreeSet<String> given = new TreeSet<>();
    private int mutations;
    private boolean established;

    private static CertificatePlan small(String name, String address) {
        CertificatePlan u = CertificatePlan.usual(name, "ca", List.of(SubjectName.parse("dns:" + name + ".lab"), SubjectName.parse("ip:" + address)), Side.EPOCH);
        return new CertificatePlan(u.name(), u.issuer(), u.subject(), u.names(), u.notBefore(), u.notAfter(), false, 1024, name, false);
    }

    MutatedRun(long seed) {
        random = new Random(seed);
        often = 2 + random.nextInt(8);
        boolean rsa = random.nextInt(4) == 0;
        boolean aggressive = random.nextInt(3) == 0;
        boolean aes = random.nextBoolean();
        IkeHash hash = IkeHash.values()[random.nextInt(3)];
        DhGroup group = random.nextInt(4) == 0 ? DhGroup.MODP_768 : DhGroup.ECP_256;
        boolean pfs = random.nextInt(3) == 0;
        boolean tunnel = random.nextBoolean();
        boolean ah = random.nextInt(4) == 0;
        bench = new IkeBench(side -> sides(side, rsa, aggressive, new IkeSuite(aes ? IkeCipher.AES_CBC : IkeCipher.TRIPLE_DES_CBC, aes ? 16 : 24, hash, group), pfs, tunnel, ah),
                side -> sides(side, rsa, aggressive, new IkeSuite(aes ? IkeCipher.AES_CBC : IkeCipher.TRIPLE_DES_CBC, aes ? 16 : 24, hash, group), pfs, tunnel, ah), Detail.SUMMARY);
        bench.fate(this::fate);
    }

    private static void sides(Side side, boolean rsa, boolean aggressive, IkeSuite suite, boolean pfs, boolean tunnel, boolean ah) {
        if (aggressive) {
            side.aggressive();
        }
        if (rsa) {
            side.rsa(PKI);
        }
        if (ah) {
            side.ah();
        }
        side.suite = suite;
        side.pfs = pfs ? Optional.of(suite.group()) : Optional.empty();
        side.mode = tunnel ? Sa.Mode.TUNNEL : Sa.Mode.TRANSPORT;
        side.probe = 20 * VirtualTime.SECOND;
        side.lifetimes = new Sa.Lifetimes(0, 100 * VirtualTime.SECOND, 0, 0);
    }

    int mutations() {
        return mutations;
    }

    /** Whether a pair was there before the damage ended. */
    int established() {
        return established ? 1 : 0;
    }

    void run() {
        (random.nextBoolean() ? bench.left : bench.right).order();
        for (int step = 0; step < 8; step++) {
            bench.run(random.nextLong(step < 2 ? VirtualTime.SECOND : 12 * VirtualTime.SECOND));
            look();
            act();
        }
        bench.run(2 * VirtualTime.SECOND);
        look();
        recovers();
    }

    private void act() {
        BenchNode node = random.nextBoolean() ? bench.left : bench.right;
        switch (random.nextInt(9)) {
            case 0, 1 -> node.order();
            case 2 -> node.rekey();
            case 3 -> node.ike.demands().rekeyPhaseOne(node.side.peer);
            case 4 -> node.ike.demands().delete(List.of(Side.REQUEST));
            case 5 -> node.ike.demands().deletePhaseOne(node.side.peer);
            case 6 -> node.ike.demands().probe(node.side.peer);
            case 7 -> node.say(0);
            default -> recorded(node);
        }
    }

    // Damage

    private List<Flight> fate(Flight flight) {
        look();
        if (random.nextInt(often) != 0) {
            return List.of(flight);
        }
        mutations++;
        Flight damaged = flight.with(IkeMutation.of(flight.message(), random));
        return switch (random.nextInt(6)) {
            case 0 -> List.of(damaged);
            case 1 -> List.of(damaged, flight);
            case 2 -> List.of(flight, damaged);
            case 3 -> List.of(damaged, damaged, flight);
            case 4 -> {
                mutations++;
                yield List.of(damaged, flight.with(IkeMutation.of(flight.message(), random)), flight);
            }
            default -> {
                Flight old = bench.sent.get(random.nextInt(bench.sent.size()));
                yield List.of(flight, old.with(IkeMutation.of(old.message(), random)));
            }
        };
    }

    /** What strongSwan once said, damaged and with cookies and message ids of this run. */
    private void recorded(BenchNode to) {
        IkeRun run = RECORDED.get(random.nextInt(RECORDED.size()));
        for (IkeRun.Message message : run.messages()) {
            Octets octets = random.nextInt(3) == 0 && !message.plain().isEmpty() ? message.plain() : message.octets();
            mutations++;
            bench.send(bench.forged(to, ours(to, IkeMutation.of(octets, random))));
        }
    }

    private Octets ours(BenchNode node, Octets message) {
        if (message.length() < IsakmpHeader.LENGTH || node.phaseOnes().isEmpty() || random.nextInt(4) == 0) {
            return message;
        }
        IkeSa sa = node.phaseOnes().get(random.nextInt(node.phaseOnes().size()));
        OctetWriter out = new OctetWriter(message.length()).u64(sa.initiatorCookie()).u64(random.nextInt(4) == 0 ? 0 : sa.responderCookie());
        List<IkeExchange> exchanges = node.all(IkeExchange.class);
        if (exchanges.isEmpty() || random.nextBoolean()) {
            return out.octets(message.from(16)).toOctets();
        }
        return out.octets(message.slice(16, 20)).u32(exchanges.getLast().messageId()).octets(message.from(24)).toOctets();
    }

    // What must hold

    private void look() {
        for (BenchNode node : List.of(bench.left, bench.right)) {
            node.all(Sa.class).stream().filter(sa -> sa.destination().equals(node.side.address)).forEach(sa -> given.add(name(sa)));
        }
        for (BenchNode node : List.of(bench.left, bench.right)) {
            assertTrue(node.phaseOnes().stream().filter(sa -> !sa.initiator() && sa.phase() == IkeSa.Phase.NEGOTIATING).count() <= HalfOpen.MOST_EACH, "half-open ones");
            assertTrue(node.all(IkeExchange.class).size() <= 200, "exchanges");
            assertTrue(node.ike.fragments().octets() <= Fragments.MOST_IN_ALL);
            for (IkeSa sa : node.phaseOnes()) {
                if (sa.phase() != IkeSa.Phase.NEGOTIATING) {
                    same("phase one " + sa.cookies(), sa.encryptionKey().toHex());
                }
            }
            for (Sa sa : node.all(Sa.class)) {
                assertTrue(given.contains(name(sa)), () -> "nobody gave " + name(sa));
                if (sa.phase() != Sa.Phase.LARVAL) {
                    same(name(sa), sa.mode() + " " + sa.selector() + " " + sa.encryptionKey().toHex() + " " + sa.authenticationKey().toHex());
                }
            }
            established |= !node.children().isEmpty();
        }
    }

    private static String name(Sa sa) {
        return sa.protocol() + " " + Sa.spi(sa.spi()) + " " + sa.destination();
    }

    private void same(String name, String value) {
        String before = keys.putIfAbsent(name, value);
        assertTrue(before == null || before.equals(value), () -> name + " has two sets of keys");
    }

    /** The damage ends: what is left of it is told and made up for, and there is one pair that carries. */
    private void recovers() {
        bench.fate(flight -> {
            look();
            return List.of(flight);
        });
        bench.run(80 * VirtualTime.SECOND);
        look();
        for (BenchNode node : List.of(bench.left, bench.right)) {
            node.ike.demands().delete(List.of(Side.REQUEST));
            node.ike.demands().deletePhaseOne(node.side.peer);
        }
        bench.run(60 * VirtualTime.SECOND);
        assertEquals(0, bench.left.halfOpen() + bench.right.halfOpen());
        bench.left.order();
        bench.run(2 * VirtualTime.SECOND);
        bench.agrees(1);
        bench.carries();
        List<String> rows = new ArrayList<>();
        for (BenchNode node : List.of(bench.left, bench.right)) {
            node.phaseOnes().forEach(sa -> rows.add(sa.cookies()));
        }
        assertEquals(2, rows.size());
        assertEquals(1, rows.stream().distinct().count());
    }
}
