package careof.engine.ipsec;

import static careof.engine.ipsec.Door.*;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import careof.engine.base.IpAddress;
import careof.engine.state.AddressRange;
import careof.engine.state.Sa;
import careof.engine.state.SaUse;
import careof.engine.state.Selector;
import careof.engine.state.SpdEntry;
import careof.engine.wire.pfkey.PfKeyError;
import careof.engine.wire.pfkey.PfKeyMessage;
import careof.engine.wire.pfkey.PolicyExtension;
import careof.engine.wire.pfkey.PolicyExtension.Request;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** X_MIGRATE: what moves, what does not, and what is refused. */
class MigrateTest {
    private static final Selector OUT = Selector.between(AddressRange.of(HOME), AddressRange.ALL_IP6);

    private final Door door = new Door();
    private final SpdEntry entry = door.added(protect(SpdEntry.Direction.OUT, OUT, tunnel(CARE_OF, AGENT, 5)));
    private final Sa sa = door.added(with(sa(0x1001, Sa.Mode.TUNNEL, CARE_OF, AGENT), OUT, 5));

    private static PfKeyMessage migrate(SpdEntry entry, IpAddress oldSource, IpAddress oldDestination, IpAddress newSource, IpAddress newDestination) {
        return Migration.of(entry, oldSource, oldDestination, newSource, newDestination).orElseThrow().message();
    }

    @Test
    void policyAndSaFollowTheCareOfAddress() {
        door.sad.sent(sa, 41, 100);
        SaUse use = door.sad.use(sa);
        door.ok(migrate(entry, CARE_OF, AGENT, NEXT_CARE_OF, AGENT));
        SpdEntry.Template moved = door.spd.find(entry.id()).orElseThrow().templates().getFirst();
        assertEquals(NEXT_CARE_OF, moved.source());
        assertEquals(AGENT, moved.destination());
        assertEquals(5, moved.requestId());
        Sa after = door.sad.find(sa.id()).orElseThrow();
        assertEquals(NEXT_CARE_OF, after.source());
        assertEquals(sa.encryptionKey(), after.encryptionKey());
        assertEquals(sa.spi(), after.spi());
        assertEquals(use, door.sad.use(after));
        assertEquals(after, door.sad.outbound(moved, new Flow(HOME, PEER, 17, 1, 2)).orElseThrow());
    }

    @Test
    void anotherFamilyIsAnAddressToo() {
        IpAddress from = IpAddress.parse("192.0.2.10");
        IpAddress to = IpAddress.parse("198.51.100.1");
        door.ok(migrate(entry, CARE_OF, AGENT, from, to));
        assertEquals(sa.id(), door.sad.inbound(Sa.Protocol.ESP, 0x1001, to).orElseThrow().id());
        assertTrue(door.sad.inbound(Sa.Protocol.ESP, 0x1001, AGENT).isEmpty());
    }

    @Test
    void onlyTheSasOfThatPolicyMove() {
        Sa other = door.added(with(sa(0x1002, Sa.Mode.TUNNEL, CARE_OF, AGENT), OUT, 6));
        Sa elsewhere = door.added(with(sa(0x1003, Sa.Mode.TUNNEL, CARE_OF, PEER), OUT, 5));
        Sa back = door.added(with(sa(0x1004, Sa.Mode.TUNNEL, AGENT, CARE_OF), OUT.reversed(), 5));
        door.ok(migrate(entry, CARE_OF, AGENT, NEXT_CARE_OF, AGENT));
        for (Sa still : List.of(other, elsewhere, back)) {
            assertEquals(still, door.sad.find(still.id()).orElseThrow());
        }
    }

    @Test
    void requestIdZeroStandsForAnyButTheSelectorBounds() {
        SpdEntry.Template any = new SpdEntry.Template(Sa.Protocol.ESP, Sa.Mode.TUNNEL, CARE_OF, PEER, SpdEntry.Level.REQUIRE, 0);
        SpdEntry open = door.added(protect(SpdEntry.Direction.OUT, Selector.between(AddressRange.of(HOME), AddressRange.of(PEER)), any));
        Sa mine = door.added(with(sa(0x2001, Sa.Mode.TUNNEL, CARE_OF, PEER), OUT, 9));
        Sa foreign = door.added(with(sa(0x2002, Sa.Mode.TUNNEL, CARE_OF, PEER), Selector.between(AddressRange.of(AGENT), AddressRange.ALL_IP6), 9));
        door.ok(migrate(open, CARE_OF, PEER, NEXT_CARE_OF, PEER));
        assertEquals(NEXT_CARE_OF, door.sad.find(mine.id()).orElseThrow().source());
        assertEquals(CARE_OF, door.sad.find(foreign.id()).orElseThrow().source());
    }

    private static SpdEntry.Template transport(long requestId) {
        return new SpdEntry.Template(Sa.Protocol.ESP, Sa.Mode.TRANSPORT, HOME, HOME, requestId == 0 ? SpdEntry.Level.REQUIRE : SpdEntry.Level.UNIQUE, requestId);
    }

    /** At home a tunnel's outer addresses are those within it: only the request id tells which SA of transport mode is around it. */
    @Test
    void whatIsAroundATunnelMovesAndWhatIsWithinStays() {
        Selector ends = Selector.between(AddressRange.of(HOME), AddressRange.of(AGENT));
        SpdEntry nested = door.added(protect(SpdEntry.Direction.OUT, ends, transport(10), tunnel(HOME, AGENT, 11), transport(12), tunnel(PEER, AGENT, 13), transport(14)));
        Sa within = door.added(with(sa(0x3001, Sa.Mode.TRANSPORT, HOME, AGENT), ends, 10));
        Sa tunnel = door.added(with(sa(0x3002, Sa.Mode.TUNNEL, HOME, AGENT), ends, 11));
        Sa around = door.added(with(sa(0x3003, Sa.Mode.TRANSPORT, HOME, AGENT), ends, 12));
        Sa further = door.added(with(sa(0x3004, Sa.Mode.TRANSPORT, PEER, AGENT), Selector.between(AddressRange.of(PEER), AddressRange.of(AGENT)), 14));
        door.ok(migrate(nested, HOME, AGENT, CARE_OF, AGENT));
        // away, the policy's selector and that of the SA around have no address in common
        nested = door.spd.find(nested.id()).orElseThrow();
        door.ok(migrate(nested, CARE_OF, AGENT, NEXT_CARE_OF, AGENT));
        assertEquals(NEXT_CARE_OF, door.sad.find(tunnel.id()).orElseThrow().source());
        Sa moved = door.sad.find(around.id()).orElseThrow();
        assertEquals(NEXT_CARE_OF, moved.source());
        assertEquals(Selector.between(AddressRange.of(NEXT_CARE_OF), AddressRange.of(AGENT)), moved.selector());
        assertEquals(moved, door.sad.outbound(nested.templates().get(2), new Flow(NEXT_CARE_OF, AGENT, 50, Flow.OPAQUE, Flow.OPAQUE)).orElseThrow());
        assertEquals(within, door.sad.find(within.id()).orElseThrow());
        assertEquals(further, door.sad.find(further.id()).orElseThrow());
    }

    @Test
    void withoutARequestIdNothingInTransportModeMoves() {
        SpdEntry nested = door.added(protect(SpdEntry.Direction.OUT, Selector.between(AddressRange.of(HOME), AddressRange.of(AGENT)), tunnel(HOME, AGENT, 11), transport(0)));
        Sa either = door.added(sa(0x3001, Sa.Mode.TRANSPORT, HOME, AGENT));
        door.ok(migrate(nested, HOME, AGENT, CARE_OF, AGENT));
        assertEquals(either, door.sad.find(either.id()).orElseThrow());
    }

    @Test
    void theDirectionIsChecked() {
        PfKeyMessage good = migrate(entry, CARE_OF, AGENT, NEXT_CARE_OF, AGENT);
        for (int direction : new int[] {0, PolicyExtension.FORWARD, 4, 255}) {
            door.refused(PfKeyError.EINVAL, policy(good, direction, requests(good)));
        }
        door.refused(PfKeyError.ENOENT, policy(good, PolicyExtension.INBOUND, requests(good)));
    }

    @Test
    void whatMatchesNothingIsAnError() {
        PfKeyMessage good = migrate(entry, CARE_OF, AGENT, NEXT_CARE_OF, AGENT);
        SpdEntry other = protect(SpdEntry.Direction.OUT, Selector.between(AddressRange.of(PEER), AddressRange.ALL_IP6), tunnel(CARE_OF, AGENT, 5));
        door.refused(PfKeyError.ENOENT, migrate(other, CARE_OF, AGENT, NEXT_CARE_OF, AGENT));
        SpdEntry stale = protect(SpdEntry.Direction.OUT, OUT, tunnel(NEXT_CARE_OF, AGENT, 5));
        door.refused(PfKeyError.ENODATA, migrate(stale, NEXT_CARE_OF, AGENT, CARE_OF, AGENT));
        SpdEntry stranger = protect(SpdEntry.Direction.OUT, OUT, tunnel(CARE_OF, AGENT, 77));
        door.refused(PfKeyError.ENODATA, migrate(stranger, CARE_OF, AGENT, NEXT_CARE_OF, AGENT));
        door.ok(good);
        door.refused(PfKeyError.ENODATA, good);
    }

    @Test
    void contradictoryRequestsAreRefused() {
        PfKeyMessage good = migrate(entry, CARE_OF, AGENT, NEXT_CARE_OF, AGENT);
        Request old = requests(good).getFirst();
        Request now = requests(good).getLast();
        door.refused(PfKeyError.EINVAL, policy(good, PolicyExtension.OUTBOUND, List.of()));
        door.refused(PfKeyError.EINVAL, policy(good, PolicyExtension.OUTBOUND, List.of(old)));
        door.refused(PfKeyError.EINVAL, policy(good, PolicyExtension.OUTBOUND, List.of(old, now, old, now)));
        door.refused(PfKeyError.EINVAL, policy(good, PolicyExtension.OUTBOUND, List.of(old, new Request(51, now.mode(), 3, 5, now.ends()))));
        door.refused(PfKeyError.EINVAL, policy(good, PolicyExtension.OUTBOUND, List.of(old, new Request(50, PolicyExtension.TRANSPORT, 3, 5, now.ends()))));
        door.refused(PfKeyError.EINVAL, policy(good, PolicyExtension.OUTBOUND, List.of(old, new Request(50, now.mode(), 3, 6, now.ends()))));
        door.refused(PfKeyError.EINVAL, policy(good, PolicyExtension.OUTBOUND, List.of(old, new Request(50, now.mode(), 3, 5, java.util.Optional.empty()))));
        for (String end : new String[] {"::", "ff02::1"}) {
            door.refused(PfKeyError.EINVAL, migrate(entry, CARE_OF, AGENT, IpAddress.parse(end), AGENT));
            door.refused(PfKeyError.EINVAL, migrate(entry, CARE_OF, AGENT, NEXT_CARE_OF, IpAddress.parse(end)));
        }
        List<Request> many = new ArrayList<>();
        for (int i = 0; i <= SpdMessages.MOST_TEMPLATES; i++) {
            many.add(new Request(50, old.mode(), 3, 100 + i, old.ends()));
            many.add(new Request(50, old.mode(), 3, 100 + i, now.ends()));
        }
        door.refused(PfKeyError.EINVAL, policy(good, PolicyExtension.OUTBOUND, many));
    }

    @Test
    void anSpiInUseAtTheNewAddressStopsAllOfIt() {
        door.added(with(sa(0x1001, Sa.Mode.TUNNEL, HOME, PEER), OUT, 9));
        door.refused(PfKeyError.EEXIST, migrate(entry, CARE_OF, AGENT, CARE_OF, PEER));
    }

    private static List<Request> requests(PfKeyMessage m) {
        return m.find(PolicyExtension.class).orElseThrow().requests();
    }

    private static PfKeyMessage policy(PfKeyMessage m, int direction, List<Request> requests) {
        return m.withExtensions(m.extensions().stream().map(e -> e instanceof PolicyExtension p
                ? new PolicyExtension(p.policy(), direction, p.id(), p.priority(), requests) : e).toList());
    }
}
