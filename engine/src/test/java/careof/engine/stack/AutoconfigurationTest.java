package careof.engine.stack;

import static careof.engine.stack.StackKit.MILLISECOND;
import static careof.engine.stack.StackKit.SECOND;
import static careof.engine.stack.StackKit.ip;
import static careof.engine.stack.StackKit.linkLocal;
import static careof.engine.stack.StackKit.mac;
import static careof.engine.stack.StackKit.udp;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import careof.engine.base.Ip6Address;
import careof.engine.base.MacAddress;
import careof.engine.base.Prefix;
import careof.engine.state.AddressEntry;
import careof.engine.state.AddressEntry.Phase;
import careof.engine.state.Route;
import careof.engine.trace.Reason;
import careof.engine.wire.icmp.Icmp6Message.NeighbourAdvertisement;
import careof.engine.wire.icmp.Icmp6Message.NeighbourSolicitation;
import careof.engine.wire.icmp.Icmp6Message.RouterAdvertisement;
import careof.engine.wire.icmp.Icmp6Message.RouterSolicitation;
import careof.engine.wire.icmp.NdOption;
import careof.engine.wire.icmp.NdOption.PrefixInformation;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** Duplicate address detection, router discovery, address lifetimes: a host A and a scripted router R. */
class AutoconfigurationTest {
    private static final Prefix PREFIX = Prefix.parse("2001:db8:7::/64");
    private static final Ip6Address FORMED = PREFIX.with(mac(1).interfaceId());
    private static final Ip6Address GROUP = FORMED.solicitedNode();
    private static final long DAY = 86_400;

    private final StackKit kit = new StackKit();
    private final StackKit.Probe r = kit.new Probe("wire", 0xa);

    /** A host that has nothing yet. */
    private IpStack bare(String name, int mac, boolean optimistic) {
        IpStack stack = new IpStack(kit.env(name), false, optimistic);
        stack.addPort("p1", mac(mac), false).attach(kit.link("wire"), true);
        return stack;
    }

    private void advertises(int routerLifetime, PrefixInformation... prefixes) {
        List<NdOption> options = new ArrayList<>(List.of(new NdOption.SourceLinkLayer(r.mac)));
        options.addAll(List.of(prefixes));
        r.say(MacAddress.multicast(Ip6Address.ALL_NODES), r.linkLocal(), Ip6Address.ALL_NODES,
                new RouterAdvertisement(64, false, false, false, 0, routerLifetime, 0, 0, options));
    }

    private static PrefixInformation prefix(long valid, long preferred) {
        return new PrefixInformation(64, true, true, false, valid, preferred, PREFIX.address());
    }

    private Optional<Phase> phase(IpStack stack, Ip6Address address) {
        return Optional.ofNullable(stack.addresses().get(address, "p1")).map(AddressEntry::phase);
    }

    @Test
    void fromNothingToAnAddress() {
        // 0 s   :: -> ff02::1:ffxx  NS for the link-local address    fe80:: is tentative
        IpStack a = bare("a", 1, false);
        kit.until(999 * MILLISECOND);
        var asked = r.said(NeighbourSolicitation.class);
        assertEquals(1, asked.size());
        assertTrue(asked.getFirst().packet().source().isUnspecified());
        assertEquals(linkLocal(1), asked.getFirst().message().target());
        assertEquals(linkLocal(1).solicitedNode(), asked.getFirst().packet().destination());
        assertEquals(List.of(), asked.getFirst().message().options(), "no address to answer to");
        assertEquals(Optional.of(Phase.TENTATIVE), phase(a, linkLocal(1)));
        // 1 s   nobody objected
        kit.until(SECOND);
        assertEquals(Optional.of(Phase.PREFERRED), phase(a, linkLocal(1)));
        r.forget();
        // R -> all  RA: 2001:db8:7::/64 for a day
        advertises(1800, prefix(DAY, DAY / 2));
        assertEquals(Optional.of(Phase.TENTATIVE), phase(a, FORMED));
        assertEquals(1, r.said(NeighbourSolicitation.class).size());
        kit.until(kit.scheduler.now() + SECOND);
        assertEquals(Optional.of(Phase.PREFERRED), phase(a, FORMED));
        assertEquals(Optional.of(r.linkLocal()), a.routes().lookup(ip("2001:db8:99::1")).via());
        assertEquals(Optional.empty(), a.routes().lookup(ip("2001:db8:7::1")).via());
        assertTrue(a.neighbours().get(a.port("p1"), r.linkLocal()).orElseThrow().router());
        // half a day later it is deprecated: still an address of ours, no choice for new talks
        kit.until(kit.scheduler.now() + DAY / 2 * SECOND);
        assertEquals(Optional.of(Phase.DEPRECATED), phase(a, FORMED));
        kit.until(kit.scheduler.now() + DAY / 2 * SECOND);
        assertEquals(Optional.empty(), phase(a, FORMED));
        assertEquals(List.of(), a.autoconfiguration().prefixes());
        assertEquals(List.of(), a.autoconfiguration().routers());
        assertEquals(List.of(), a.routes().all().stream().filter(route -> route.origin() == Route.Origin.ADVERTISED).toList());
    }

    @Test
    void twoThatWantTheSameAddressGetNone() {
        IpStack a = kit.host("a", "wire", 1);
        IpStack twin = kit.host("twin", "wire", 1);
        advertises(1800, prefix(DAY, DAY));
        kit.until(5 * SECOND);
        assertEquals(Optional.of(Phase.DUPLICATE), phase(a, FORMED));
        assertEquals(Optional.of(Phase.DUPLICATE), phase(twin, FORMED));
        assertEquals(2, r.said(NeighbourSolicitation.class).stream().filter(s -> s.message().target().equals(FORMED)).count());
    }

    @Test
    void whoHasTheAddressDefendsIt() {
        IpStack first = bare("first", 1, false);
        kit.until(2 * SECOND);
        r.forget();
        IpStack second = bare("second", 1, false);
        kit.until(4 * SECOND);
        var defended = r.said(NeighbourAdvertisement.class);
        assertEquals(1, defended.size());
        assertEquals(Ip6Address.ALL_NODES, defended.getFirst().packet().destination());
        assertEquals(new NeighbourAdvertisement(false, false, true, linkLocal(1), List.of(new NdOption.TargetLinkLayer(mac(1)))), defended.getFirst().message());
        assertEquals(Optional.of(Phase.PREFERRED), phase(first, linkLocal(1)));
        assertEquals(Optional.of(Phase.DUPLICATE), phase(second, linkLocal(1)));
    }

    /** Who asks in order to talk to a tentative address neither contests it nor gets an answer (RFC 4862 section 5.4.3). */
    @Test
    void aTentativeAddressIsNotAnsweredForAndNotContestedByResolution() {
        IpStack a = bare("a", 1, false);
        kit.settle();
        r.forget();
        r.say(MacAddress.multicast(linkLocal(1).solicitedNode()), r.linkLocal(), linkLocal(1).solicitedNode(),
                new NeighbourSolicitation(linkLocal(1), List.of(new NdOption.SourceLinkLayer(r.mac))));
        assertEquals(List.of(), r.heard);
        kit.until(2 * SECOND);
        assertEquals(Optional.of(Phase.PREFERRED), phase(a, linkLocal(1)));
    }

    /** A duplicate stays unused, whatever routers say of its prefix afterwards. */
    @Test
    void aDuplicateDoesNotComeBackByItsLifetime() {
        IpStack a = bare("a", 1, false);
        kit.until(2 * SECOND);
        advertises(1800, prefix(DAY, 20));
        r.say(MacAddress.multicast(GROUP), Ip6Address.ANY, GROUP, new NeighbourSolicitation(FORMED, List.of()));
        assertEquals(Optional.of(Phase.DUPLICATE), phase(a, FORMED));
        kit.until(10 * SECOND);
        advertises(1800, prefix(DAY, 30));
        kit.until(100 * SECOND);
        assertEquals(Optional.of(Phase.DUPLICATE), phase(a, FORMED));
        r.forget();
        r.say(MacAddress.multicast(GROUP), r.linkLocal(), GROUP, new NeighbourSolicitation(FORMED, List.of(new NdOption.SourceLinkLayer(r.mac))));
        assertEquals(List.of(), r.heard);
    }

    @Test
    void solicitationsOfAnotherTargetDoNotContest() {
        IpStack a = bare("a", 1, false);
        kit.settle();
        // same solicited-node group, another address
        Ip6Address other = new Ip6Address(FORMED.high(), linkLocal(1).low());
        r.say(MacAddress.multicast(other.solicitedNode()), Ip6Address.ANY, other.solicitedNode(), new NeighbourSolicitation(other, List.of()));
        // unspecified, with a source link-layer address, or not to the group: invalid (RFC 4861 section 7.1.1)
        Ip6Address mine = linkLocal(1);
        r.say(MacAddress.multicast(mine.solicitedNode()), Ip6Address.ANY, mine.solicitedNode(),
                new NeighbourSolicitation(mine, List.of(new NdOption.SourceLinkLayer(r.mac))));
        r.say(MacAddress.multicast(Ip6Address.ALL_NODES), Ip6Address.ANY, Ip6Address.ALL_NODES, new NeighbourSolicitation(mine, List.of()));
        assertEquals(2, kit.drops(Reason.ND_INVALID));
        kit.until(2 * SECOND);
        assertEquals(Optional.of(Phase.PREFERRED), phase(a, linkLocal(1)));
    }

    /** RFC 4429 section 3: used at once, with restraint. */
    @Test
    void optimisticAddresses() {
        IpStack a = bare("a", 1, true);
        kit.settle();
        // its router unknown, the link-local address stays tentative
        assertEquals(Optional.of(Phase.TENTATIVE), phase(a, linkLocal(1)));
        assertTrue(r.said(RouterSolicitation.class).stream().allMatch(s -> s.packet().source().isUnspecified() && s.message().options().isEmpty()));
        kit.until(100 * MILLISECOND);
        r.forget();
        advertises(1800, prefix(DAY, DAY));
        assertEquals(Optional.of(Phase.OPTIMISTIC), phase(a, FORMED));
        // a packet through the router, whose link-layer address came with the advertisement, leaves at once
        Ip6Address far = ip("2001:db8:99::1");
        assertEquals(Optional.of(FORMED), a.addresses().sourceFor(far, "p1"));
        a.output().send(udp(FORMED, far, 9, 1), 0, true);
        kit.settle();
        assertEquals(1, r.packets().stream().filter(p -> p.destination().equals(far)).count());
        // a packet to a neighbour leaves by the router, for no solicitation may come from an optimistic address
        Ip6Address near = PREFIX.with(0x99);
        a.output().send(udp(FORMED, near, 9, 1), 0, true);
        kit.until(kit.scheduler.now() + 500 * MILLISECOND);
        assertEquals(List.of(r.mac), r.heard.stream().filter(heard -> heard.packet().destination().equals(near)).map(StackKit.Heard::to).toList());
        assertEquals(1, kit.decisions(Reason.OPTIMISTIC_VIA_ROUTER));
        assertTrue(r.said(NeighbourSolicitation.class).stream().noneMatch(s -> s.message().target().equals(near)));
        // who asks by a unicast address gets an answer that overrides nothing
        r.forget();
        r.say(MacAddress.multicast(GROUP), r.linkLocal(), GROUP, new NeighbourSolicitation(FORMED, List.of(new NdOption.SourceLinkLayer(r.mac))));
        assertEquals(List.of(new NeighbourAdvertisement(false, true, false, FORMED, List.of(new NdOption.TargetLinkLayer(mac(1))))),
                r.said(NeighbourAdvertisement.class).stream().map(StackKit.Said::message).toList());
        // in the end it is preferred, asks for the neighbour, and overrides
        r.forget();
        kit.until(kit.scheduler.now() + 3 * SECOND);
        assertEquals(Optional.of(Phase.PREFERRED), phase(a, FORMED));
        a.output().send(udp(FORMED, near, 9, 1), 0, true);
        kit.settle();
        assertTrue(r.said(NeighbourSolicitation.class).stream().anyMatch(s -> s.message().target().equals(near) && s.packet().source().equals(linkLocal(1))));
        r.forget();
        r.say(MacAddress.multicast(GROUP), r.linkLocal(), GROUP, new NeighbourSolicitation(FORMED, List.of(new NdOption.SourceLinkLayer(r.mac))));
        assertTrue(r.said(NeighbourAdvertisement.class).getFirst().message().override());
    }

    /** RFC 4429 section 3.2: without a router that would pass it on, it waits until the address has passed; a neighbour that is known gets its own. */
    @Test
    void whatAnOptimisticAddressSendsToNeighboursWithoutARouter() {
        IpStack a = bare("a", 1, true);
        kit.until(100 * MILLISECOND);
        advertises(0, prefix(DAY, DAY));
        assertEquals(Optional.of(Phase.OPTIMISTIC), phase(a, FORMED));
        Ip6Address near = PREFIX.with(0x99);
        a.output().send(udp(FORMED, near, 9, 1), 0, true);
        kit.until(900 * MILLISECOND);
        assertEquals(1, kit.decisions(Reason.PACKET_QUEUED));
        assertTrue(r.said(NeighbourSolicitation.class).stream().noneMatch(s -> s.message().target().equals(near)));
        kit.until(1200 * MILLISECOND);
        assertTrue(r.said(NeighbourSolicitation.class).stream().anyMatch(s -> s.message().target().equals(near)));
    }

    @Test
    void anOptimisticAddressThatIsContestedIsGivenUpWithoutAWord() {
        IpStack a = bare("a", 1, true);
        kit.until(2 * SECOND);
        advertises(1800, prefix(DAY, DAY));
        assertEquals(Optional.of(Phase.OPTIMISTIC), phase(a, FORMED));
        r.forget();
        r.say(MacAddress.multicast(GROUP), Ip6Address.ANY, GROUP, new NeighbourSolicitation(FORMED, List.of()));
        assertEquals(Optional.of(Phase.DUPLICATE), phase(a, FORMED));
        assertEquals(List.of(), r.heard);
        assertEquals(Optional.of(linkLocal(1)), a.addresses().sourceFor(ip("2001:db8:99::1"), "p1"));
    }

    /** RFC 4862 section 5.5.3 (e): no single advertisement takes more than two hours' notice away. */
    @Test
    void theTwoHourRule() {
        IpStack a = bare("a", 1, false);
        kit.until(2 * SECOND);
        advertises(1800, prefix(10 * 7200, 10 * 7200));
        kit.until(4 * SECOND);
        // more than two hours left, one minute told: two hours
        advertises(1800, prefix(60, 60));
        assertEquals(2 * 3600, secondsLeft(a), 1);
        // an hour later, one minute told: ignored
        kit.until(kit.scheduler.now() + 3600 * SECOND);
        advertises(1800, prefix(60, 60));
        assertEquals(3600, secondsLeft(a), 2);
        // more than what is left is believed, and so is more than two hours
        advertises(1800, prefix(3700, 60));
        assertEquals(3700, secondsLeft(a), 120);
        advertises(1800, prefix(7300, 60));
        assertEquals(7300, secondsLeft(a), 1);
        // the preferred lifetime has no such rule
        kit.until(kit.scheduler.now() + 61 * SECOND);
        assertEquals(Optional.of(Phase.DEPRECATED), phase(a, FORMED));
        advertises(1800, prefix(7300, 100));
        assertEquals(Optional.of(Phase.PREFERRED), phase(a, FORMED));
        // for ever, and back
        advertises(1800, prefix(NdOption.INFINITY, NdOption.INFINITY));
        assertEquals(Long.MAX_VALUE, a.addresses().get(FORMED, "p1").validUntil());
        advertises(1800, prefix(0, 0));
        assertEquals(2 * 3600, secondsLeft(a), 1);
        kit.until(kit.scheduler.now() + 2 * 3600 * SECOND);
        assertEquals(Optional.empty(), phase(a, FORMED));
    }

    private long secondsLeft(IpStack stack) {
        return (stack.addresses().get(FORMED, "p1").validUntil() - kit.scheduler.now()) / SECOND;
    }

    @Test
    void prefixesThatAreIgnored() {
        IpStack a = bare("a", 1, false);
        kit.until(2 * SECOND);
        advertises(1800,
                new PrefixInformation(64, true, true, false, 100, 200, ip("2001:db8:1::")),    // preferred longer than valid
                new PrefixInformation(64, true, true, false, 100, 100, ip("fe80::")),
                new PrefixInformation(129, true, true, false, 100, 100, ip("2001:db8:2::")),
                new PrefixInformation(64, true, true, false, 100, 100, ip("ff05::")),
                new PrefixInformation(65, false, true, false, 100, 100, ip("2001:db8:3::")),    // no room for an identifier of 64 bits
                new PrefixInformation(64, true, false, false, 100, 100, ip("2001:db8:4::")),    // not for addresses
                new PrefixInformation(64, true, true, false, 0, 0, ip("2001:db8:5::")));
        assertEquals(List.of(linkLocal(1)), a.addresses().all().stream().map(AddressEntry::address).toList());
        assertEquals(Optional.empty(), a.routes().lookup(ip("2001:db8:4::1")).via(), "on-link all the same");
        assertEquals(Optional.of(r.linkLocal()), a.routes().lookup(ip("2001:db8:1::1")).via());
    }

    @Test
    void routersComeAndGo() {
        IpStack a = bare("a", 1, false);
        List<String> heard = new ArrayList<>();
        a.autoconfiguration().listen(new Autoconfiguration.Listener() {
            @Override
            public void advertised(careof.engine.net.Port port, Ip6Address router, RouterAdvertisement message) {
                heard.add("advertised");
            }

            @Override
            public void routerLost(careof.engine.net.Port port, Ip6Address router) {
                heard.add("lost " + router);
            }
        });
        kit.until(2 * SECOND);
        advertises(30);
        kit.until(20 * SECOND);
        advertises(30);
        kit.until(49 * SECOND);
        assertEquals(1, a.autoconfiguration().routers().size());
        kit.until(51 * SECOND);
        assertEquals(List.of(), a.autoconfiguration().routers());
        assertEquals(null, a.routes().lookup(ip("2001:db8:99::1")));
        advertises(30);
        advertises(0);
        assertEquals(List.of(), a.autoconfiguration().routers(), "a lifetime of 0: no default router any more");
        // says of itself that it is no router
        advertises(30);
        r.say(mac(1), r.linkLocal(), linkLocal(1), new NeighbourAdvertisement(false, false, true, r.linkLocal(), List.of()));
        assertEquals(List.of(), a.autoconfiguration().routers());
        // does not answer any more
        advertises(9000);
        a.output().send(udp(linkLocal(1), ip("2001:db8:99::1"), 9, 1), 0, true);
        kit.until(kit.scheduler.now() + 10 * SECOND);
        assertEquals(List.of(), a.autoconfiguration().routers());
        assertEquals(List.of("lost " + r.linkLocal(), "lost " + r.linkLocal(), "lost " + r.linkLocal(), "lost " + r.linkLocal()),
                heard.stream().filter(text -> text.startsWith("lost")).toList());
        // must be link-local, and from this link
        r.say(MacAddress.multicast(Ip6Address.ALL_NODES), ip("2001:db8::1"), Ip6Address.ALL_NODES,
                new RouterAdvertisement(64, false, false, false, 0, 30, 0, 0, List.of()));
        assertEquals(1, kit.drops(Reason.ND_INVALID));
        assertEquals(List.of(), a.autoconfiguration().routers());
    }

    /** At most three, four seconds apart, until a router that will route answers (RFC 4861 section 6.3.7). */
    @Test
    void solicitationsOfRouters() {
        bare("a", 1, false);
        kit.until(60 * SECOND);
        var asked = r.said(RouterSolicitation.class);
        assertEquals(LongStream.of(0, 4, 8).map(s -> s * SECOND).boxed().toList(), asked.stream().map(StackKit.Said::at).toList());
        assertEquals(List.of(Ip6Address.ANY, linkLocal(1), linkLocal(1)), asked.stream().map(s -> s.packet().source()).toList());
        assertEquals(List.of(0, 1, 1), asked.stream().map(s -> s.message().options().size()).toList());
        assertTrue(asked.stream().allMatch(s -> s.packet().destination().equals(Ip6Address.ALL_ROUTERS)));
    }

    @Test
    void anAnswerEndsTheSolicitationsUnlessItRoutesNothing() {
        bare("a", 1, false);
        kit.until(2 * SECOND);
        advertises(0);
        kit.until(5 * SECOND);
        assertEquals(2, r.said(RouterSolicitation.class).size());
        advertises(30);
        kit.until(60 * SECOND);
        assertEquals(2, r.said(RouterSolicitation.class).size());
    }

    /** A forger may not fill the tables without end. */
    @Test
    void prefixesAndRoutersAreBounded() {
        IpStack a = bare("a", 1, false);
        kit.until(2 * SECOND);
        for (int i = 0; i < 500; i++) {
            Ip6Address router = linkLocal(0x1000 + i);
            r.send(MacAddress.multicast(Ip6Address.ALL_NODES), StackKit.icmp(router, Ip6Address.ALL_NODES, 255,
                    new RouterAdvertisement(64, false, false, false, 0, 1800, 0, 0, List.of(new NdOption.SourceLinkLayer(r.mac),
                            new PrefixInformation(64, true, true, false, 1000, 1000, ip("2001:db8:" + Integer.toHexString(i + 1) + "::"))))));
        }
        kit.settle();
        assertEquals(16, a.autoconfiguration().routers().size());
        assertEquals(16, a.autoconfiguration().prefixes().size());
        assertEquals(17, a.addresses().all().size());
        assertEquals(32, a.routes().all().size());
    }

    /** What the lab gave a host stays, whatever is advertised of the same prefix. */
    @Test
    void configuredRoutesStay() {
        IpStack a = kit.host("a", "wire", 1);
        StackKit.own(a, "p1", "2001:db8:7::5");
        advertises(1800, prefix(DAY, DAY));
        advertises(1800, prefix(0, 0));
        assertEquals(Route.Origin.CONNECTED, a.routes().lookup(ip("2001:db8:7::9")).origin());
    }

    @Test
    void anotherLinkIsAnotherWorld() {
        IpStack a = bare("a", 1, false);
        kit.until(2 * SECOND);
        advertises(1800, prefix(DAY, DAY));
        kit.until(4 * SECOND);
        a.port("p1").attach(null, false);
        assertEquals(List.of(), a.addresses().all());
        assertEquals(List.of(), a.autoconfiguration().routers());
        assertEquals(List.of(), a.autoconfiguration().prefixes());
        assertEquals(List.of(), a.routes().all());
        a.port("p1").attach(kit.link("other"), true);
        kit.until(6 * SECOND);
        assertEquals(List.of(linkLocal(1)), a.addresses().all().stream().map(AddressEntry::address).toList());
    }

    // The router's side.

    private IpStack router(long interval) {
        IpStack router = kit.router("r");
        kit.plug(router, "p1", "wire", 5);
        StackKit.own(router, "p1", "2001:db8:7::1");
        router.advertiser().start(router.port("p1"), new RouterAdvertiser.Settings(PREFIX, ip("2001:db8:7::1"), false, interval));
        return router;
    }

    @Test
    void advertisementsComeAtTheirRate() {
        router(3 * SECOND);
        kit.until(60 * SECOND);
        var all = r.said(RouterAdvertisement.class);
        assertTrue(all.getFirst().at() <= 100 * MILLISECOND);
        for (int i = 1; i < all.size(); i++) {
            long gap = all.get(i).at() - all.get(i - 1).at();
            assertTrue(gap >= SECOND && gap <= 3 * SECOND, gap + " ns");
        }
        RouterAdvertisement message = all.getFirst().message();
        assertEquals(linkLocal(5), all.getFirst().packet().source());
        assertEquals(9, message.routerLifetime());
        assertEquals(Optional.of(1500L), message.option(NdOption.Mtu.class).map(NdOption.Mtu::mtu));
        assertEquals(Optional.of(3000L), message.option(NdOption.AdvertisementInterval.class).map(NdOption.AdvertisementInterval::interval));
        assertEquals(Optional.of(PREFIX.address()), message.option(PrefixInformation.class).map(PrefixInformation::prefix));
    }

    /** Every question is answered within half a second, but a flood of them makes no flood of answers. */
    @Test
    void solicitationsAreAnsweredSoonAndNotTooOften() {
        router(600 * SECOND);
        kit.until(10 * SECOND);
        r.forget();
        ask(Ip6Address.ANY);
        kit.until(kit.scheduler.now() + 500 * MILLISECOND);
        assertEquals(1, r.said(RouterAdvertisement.class).size());
        r.forget();
        for (int i = 0; i < 1000; i++) {
            ask(r.linkLocal());    // one each millisecond
        }
        kit.until(kit.scheduler.now() + 500 * MILLISECOND);
        var answers = r.said(RouterAdvertisement.class);
        assertTrue(answers.size() >= 8 && answers.size() <= 37, answers.size() + " answers");
        for (int i = 1; i < answers.size(); i++) {
            assertTrue(answers.get(i).at() - answers.get(i - 1).at() >= 30 * MILLISECOND);
        }
        // invalid: an address that is none cannot have a link-layer address (RFC 4861 section 6.1.1)
        r.forget();
        r.say(MacAddress.multicast(Ip6Address.ALL_ROUTERS), Ip6Address.ANY, Ip6Address.ALL_ROUTERS,
                new RouterSolicitation(List.of(new NdOption.SourceLinkLayer(r.mac))));
        kit.until(kit.scheduler.now() + 500 * MILLISECOND);
        assertEquals(List.of(), r.said(RouterAdvertisement.class));
    }

    private void ask(Ip6Address source) {
        r.say(MacAddress.multicast(Ip6Address.ALL_ROUTERS), source, Ip6Address.ALL_ROUTERS,
                new RouterSolicitation(source.isUnspecified() ? List.of() : List.of(new NdOption.SourceLinkLayer(r.mac))));
    }

    @Test
    void hostsAnswerNoSolicitationOfRouters() {
        kit.host("a", "wire", 1);
        r.forget();
        ask(r.linkLocal());
        kit.settle();
        assertEquals(List.of(), r.said(RouterAdvertisement.class));
        assertFalse(kit.decisions(Reason.NOT_LISTENING) == 0, "not in the group of all routers");
    }
}
