package careof.engine.mobility;

import static careof.engine.mobility.Bench.MS;
import static careof.engine.mobility.Bench.S;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import careof.engine.base.Ip6Address;
import careof.engine.base.Octets;
import careof.engine.base.Prefix;
import careof.engine.state.Binding;
import careof.engine.state.HomeAgentEntry;
import careof.engine.state.PendingRegistration;
import careof.engine.state.ProxyEntry;
import careof.engine.state.Route;
import careof.engine.state.TunnelEntry;
import careof.engine.trace.Reason;
import careof.engine.wire.icmp.Icmp6Message;
import careof.engine.wire.icmp.Icmp6Message.NeighbourAdvertisement;
import careof.engine.wire.icmp.NdOption;
import careof.engine.wire.ip.Ip6Packet;
import careof.engine.wire.ip.IpProtocol;
import careof.engine.wire.mobility.BindingStatus;
import careof.engine.wire.mobility.MobilityHeader;
import careof.engine.wire.mobility.MobilityMessage.BindingAcknowledgement;
import careof.engine.wire.mobility.MobilityMessage.BindingUpdate;
import careof.engine.wire.mobility.MobilityOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** A home agent on its home link, against a puppet that plays everybody else. */
class HomeAgentTest {
    private static final Prefix PREFIX = Prefix.parse("2001:db8:1::/64");
    private static final Ip6Address HA = Ip6Address.parse("2001:db8:1::1");
    private static final Ip6Address HOME = Ip6Address.parse("2001:db8:1::10");
    private static final Ip6Address CARE_OF = Ip6Address.parse("2001:db8:2::10");
    private static final Ip6Address OTHER = Ip6Address.parse("2001:db8:3::10");
    private static final Ip6Address CN = Ip6Address.parse("2001:db8:9::9");

    private final Bench ha = bench();

    private static Bench bench() {
        Bench bench = Bench.with(true, HA, 4);
        CorrespondentNode correspondent = new CorrespondentNode(bench.stack);
        HomeAgent agent = new HomeAgent(bench.stack, bench.port, PREFIX, HA);
        bench.stack.mobility(new MobilityRoles(bench.stack, correspondent, Optional.of(agent), Optional.empty()));
        bench.silent.add(HOME);
        bench.port.attach(bench.link, true);
        bench.run(S);
        return bench;
    }

    private static MobilityHeader update(int sequence, int lifetime, MobilityOption... options) {
        return MobilityHeader.of(new BindingUpdate(sequence, true, true, false, false, lifetime, List.of(options)));
    }

    private BindingAcknowledgement answer(Ip6Address home, Ip6Address careOf, MobilityHeader update) {
        ha.sayFromAway(home, careOf, HA, update);
        Bench.Heard heard = ha.one();
        assertEquals(careOf, heard.ip().destination());
        assertEquals(home, heard.ip().type2Routing().orElseThrow().home());
        return (BindingAcknowledgement) heard.message();
    }

    private void register(int sequence) {
        ha.sayFromAway(HOME, CARE_OF, HA, update(sequence, 10, new MobilityOption.AlternateCareOfAddress(CARE_OF)));
        ha.run(S);
        assertEquals(BindingStatus.ACCEPTED, ((BindingAcknowledgement) ha.one().message()).status());
    }

    /** BU -> DAD for a second, then an advertisement that takes the address, BA. */
    @Test
    void aFirstRegistrationWaitsForDuplicateAddressDetection() {
        ha.everything();
        long start = ha.env.now();
        ha.sayFromAway(HOME, CARE_OF, HA, update(5, 10, new MobilityOption.AlternateCareOfAddress(CARE_OF)));
        ha.run(900 * MS);
        assertTrue(ha.rows(Binding.class).isEmpty());
        assertEquals(1, ha.rows(PendingRegistration.class).size());
        ha.run(200 * MS);
        List<Bench.Heard> all = ha.everything();
        Icmp6Message.NeighbourSolicitation dad = (Icmp6Message.NeighbourSolicitation) all.getFirst().icmp();
        assertEquals(HOME, dad.target());
        assertTrue(all.getFirst().ip().source().isUnspecified());
        NeighbourAdvertisement taken = (NeighbourAdvertisement) all.get(1).icmp();
        assertEquals(new NeighbourAdvertisement(false, false, true, HOME, List.of(new NdOption.TargetLinkLayer(ha.port.mac()))), taken);
        assertEquals(Ip6Address.ALL_NODES, all.get(1).ip().destination());
        Bench.Heard last = all.getLast();
        assertEquals(start + S, last.at(), 10 * MS);
        assertEquals(new BindingAcknowledgement(BindingStatus.ACCEPTED, false, 5, 10, ((BindingAcknowledgement) last.message()).options()), last.message());
        assertEquals(CARE_OF, last.ip().destination());
        Binding binding = ha.rows(Binding.class).getFirst();
        assertEquals(new Binding(HOME, CARE_OF, 5, binding.until(), true, Binding.Protection.NONE), binding);
        assertEquals(List.of(new TunnelEntry(HA, CARE_OF, HOME)), ha.rows(TunnelEntry.class));
        assertEquals(List.of(new ProxyEntry("p1", HOME)), ha.rows(ProxyEntry.class));
    }

    @Test
    void aNewerUpdateDuringDetectionReplacesTheOlder() {
        ha.sayFromAway(HOME, CARE_OF, HA, update(5, 10));
        ha.run(500 * MS);
        ha.sayFromAway(HOME, OTHER, HA, update(6, 10));
        ha.sayFromAway(HOME, CARE_OF, HA, update(5, 10));
        ha.run(600 * MS);
        Bench.Heard heard = ha.one();
        assertEquals(OTHER, heard.ip().destination());
        assertEquals(6, ((BindingAcknowledgement) heard.message()).sequence());
        assertEquals(OTHER, ha.rows(Binding.class).getFirst().careOf());
    }

    @Test
    void aTakenAddressIsRefused() {
        ha.sayFromAway(HOME, CARE_OF, HA, update(5, 10));
        ha.run(100 * MS);
        ha.say(HOME, Ip6Address.ALL_NODES, 255, new NeighbourAdvertisement(false, false, true, HOME, List.of(new NdOption.TargetLinkLayer(Bench.ROUTER_MAC))));
        Bench.Heard heard = ha.one();
        assertEquals(BindingStatus.DUPLICATE_ADDRESS_DETECTION_FAILED, ((BindingAcknowledgement) heard.message()).status());
        assertTrue(ha.rows(Binding.class).isEmpty());
        assertTrue(ha.rows(PendingRegistration.class).isEmpty());
        assertEquals(BindingStatus.DUPLICATE_ADDRESS_DETECTION_FAILED, answer(HA, CARE_OF, update(1, 10)).status(), "its own address");
    }

    @Test
    void eachRefusalHasItsStatus() {
        assertEquals(BindingStatus.NOT_HOME_SUBNET, answer(OTHER, CARE_OF, update(1, 10)).status());
        assertEquals(BindingStatus.NOT_HOME_AGENT, answer(HOME, CARE_OF, update(1, 0)).status());
        assertEquals(BindingStatus.INVALID_CARE_OF_ADDRESS,
                answer(HOME, CARE_OF, update(1, 10, new MobilityOption.AlternateCareOfAddress(Ip6Address.ALL_NODES))).status());
        register(100);
        BindingAcknowledgement old = answer(HOME, CARE_OF, update(100, 10));
        assertEquals(BindingStatus.SEQUENCE_NUMBER_OUT_OF_WINDOW, old.status());
        assertEquals(100, old.sequence());
        ha.sayFromAway(HOME, CARE_OF, HA, update(101, 10, new MobilityOption.NonceIndices(1, 1)));
        assertTrue(ha.heard().isEmpty());
        assertEquals(Reason.BINDING_UPDATE_IGNORED, ha.lastDrop());
        ha.say(HOME, HA, update(101, 10, new MobilityOption.AlternateCareOfAddress(CARE_OF)).message());
        assertTrue(ha.heard().isEmpty(), "a registration needs the home address option");
        assertEquals(100, ha.rows(Binding.class).getFirst().sequence());
    }

    @Test
    void aMoveIsAcceptedAtOnceAndBothTunnelsFollow() {
        register(1);
        assertEquals(BindingStatus.ACCEPTED, answer(HOME, OTHER, update(2, 10)).status());
        assertEquals(List.of(new TunnelEntry(HA, OTHER, HOME)), ha.rows(TunnelEntry.class));

        ha.say(Bench.udp(CN, HOME));
        Bench.Heard tunnelled = ha.one();
        assertEquals(HA, tunnelled.ip().source());
        assertEquals(OTHER, tunnelled.ip().destination());
        assertEquals(63, tunnelled.inner().ip().header().hopLimit());
        assertEquals(Bench.udp(CN, HOME).payload(), tunnelled.inner().ip().payload());

        Ip6Packet inner = Bench.udp(HOME, CN);
        ha.say(Ip6Packet.of(OTHER, HA, IpProtocol.IP6, inner.toOctets()));
        Bench.Heard out = ha.one();
        assertEquals(HOME, out.ip().source());
        assertEquals(CN, out.ip().destination());
        ha.say(Ip6Packet.of(CARE_OF, HA, IpProtocol.IP6, inner.toOctets()));
        assertTrue(ha.heard().isEmpty(), "from the old care-of address");
        assertEquals(Reason.TUNNEL_UNKNOWN, ha.lastDrop());
        ha.say(Ip6Packet.of(OTHER, HA, IpProtocol.IP6, Bench.udp(CN, OTHER).toOctets()));
        assertTrue(ha.heard().isEmpty(), "for another inner source");
    }

    /** What it forwarded to the home address before it knew better goes into the tunnel; a packet of its own, which has no tunnel's form, ends with a word. */
    @Test
    void whatWaitedForTheHomeAddressFollowsIt() {
        ha.stack.routes().put(new Route(PREFIX, "p1", Optional.empty(), 0, Route.Origin.CONNECTED), Reason.CONFIGURED);
        ha.say(Bench.udp(CN, HOME));
        ha.stack.output().send(Bench.udp(HA, HOME), 0, true);
        ha.sayFromAway(HOME, CARE_OF, HA, update(1, 10, new MobilityOption.AlternateCareOfAddress(CARE_OF)));
        ha.run(1100 * MS);
        List<Bench.Heard> tunnelled = ha.everything().stream().filter(heard -> heard.ip().protocol() == IpProtocol.IP6).toList();
        assertEquals(List.of(CARE_OF), tunnelled.stream().map(heard -> heard.ip().destination()).toList());
        assertEquals(63, tunnelled.getFirst().inner().ip().header().hopLimit());
        assertEquals(CN, tunnelled.getFirst().inner().ip().source());
        assertEquals(Reason.PROXY_STARTED, ha.lastDrop());
    }

    @Test
    void itDefendsTheHomeAddressAndItsOwnPacketsTakeTheRoutingHeader() {
        register(1);
        ha.say(Bench.ROUTER, HOME.solicitedNode(), 255, new Icmp6Message.NeighbourSolicitation(HOME, List.of(new NdOption.SourceLinkLayer(Bench.ROUTER_MAC))));
        NeighbourAdvertisement answer = (NeighbourAdvertisement) ha.everything().getLast().icmp();
        assertEquals(HOME, answer.target());
        assertEquals(List.of(new NdOption.TargetLinkLayer(ha.port.mac())), answer.options());
        assertFalse(answer.router());
        ha.say(Ip6Address.ANY, HOME.solicitedNode(), 255, new Icmp6Message.NeighbourSolicitation(HOME, List.of()));
        assertTrue(ha.everything().stream().anyMatch(h -> h.icmp() instanceof NeighbourAdvertisement a && a.target().equals(HOME)), "against duplicates");
        ha.say(Bench.ROUTER, HOME, 255, new Icmp6Message.NeighbourSolicitation(HOME, List.of()));
        List<Bench.Heard> probed = ha.everything();
        assertTrue(probed.stream().anyMatch(h -> h.icmp() instanceof NeighbourAdvertisement a && a.target().equals(HOME) && a.solicited()), "to a probe");
        assertTrue(probed.stream().noneMatch(h -> h.ip().protocol() == IpProtocol.IP6), "which does not go into the tunnel");
        ha.stack.output().send(Bench.udp(HA, HOME), 0, true);
        assertEquals(HOME, ha.one().ip().type2Routing().orElseThrow().home());
    }

    /** At home: BU without option, lifetime 0 -> BA to the home address itself. */
    @Test
    void aDeregistrationEndsDefenceAndTunnels() {
        register(1);
        ha.silent.clear();
        ha.say(HOME, HA, update(2, 0).message());
        Bench.Heard heard = ha.one();
        assertEquals(HOME, heard.ip().destination());
        assertTrue(heard.ip().extensions().isEmpty());
        assertEquals(new BindingAcknowledgement(0, false, 2, 0, ((BindingAcknowledgement) heard.message()).options()), heard.message());
        assertTrue(ha.rows(Binding.class).isEmpty());
        assertTrue(ha.rows(ProxyEntry.class).isEmpty());
        assertTrue(ha.rows(TunnelEntry.class).isEmpty());
        // A binding update that was overtaken (RFC 6275 section 10.3.2).
        assertEquals(BindingStatus.SEQUENCE_NUMBER_OUT_OF_WINDOW, answer(HOME, CARE_OF, update(1, 10)).status());
    }

    @Test
    void leavingDuringDetectionLeavesNothing() {
        ha.sayFromAway(HOME, CARE_OF, HA, update(5, 10));
        ha.run(300 * MS);
        ha.silent.clear();
        ha.say(HOME, HA, update(6, 0).message());
        assertEquals(BindingStatus.ACCEPTED, ((BindingAcknowledgement) ha.one().message()).status());
        ha.run(3 * S);
        assertTrue(ha.rows(Binding.class).isEmpty());
        assertTrue(ha.rows(ProxyEntry.class).isEmpty());
    }

    @Test
    void aRegistrationEndsWithItsLifetime() {
        register(1);
        ha.run(40 * S);
        assertTrue(ha.rows(Binding.class).isEmpty());
        assertTrue(ha.rows(ProxyEntry.class).isEmpty());
        assertTrue(ha.rows(TunnelEntry.class).isEmpty());
        ha.say(Ip6Packet.of(CARE_OF, HA, IpProtocol.IP6, Bench.udp(HOME, CN).toOctets()));
        assertTrue(ha.heard().isEmpty());
    }

    private void advertise(String linkLocal, String address, int preference, int lifetime) {
        ha.say(Ip6Address.parse(linkLocal), Ip6Address.ALL_NODES, 255, new Icmp6Message.RouterAdvertisement(64, false, false, true, 0, 100, 0, 0,
                List.of(new NdOption.PrefixInformation(64, true, true, true, 1000, 1000, Ip6Address.parse(address)), new NdOption.HomeAgentInformation(preference, lifetime))));
    }

    private List<Ip6Address> discovered(int identifier) {
        ha.say(CARE_OF, HomeAgent.anycast(PREFIX), 64, new Icmp6Message.HomeAgentDiscoveryRequest(identifier));
        Bench.Heard heard = ha.one();
        assertEquals(HA, heard.ip().source());
        assertEquals(CARE_OF, heard.ip().destination());
        Icmp6Message.HomeAgentDiscoveryReply reply = (Icmp6Message.HomeAgentDiscoveryReply) heard.icmp();
        assertEquals(identifier, reply.identifier());
        return reply.homeAgents();
    }

    @Test
    void discoveryListsAllHomeAgentsTheBestFirstAndEqualsAtRandom() {
        assertEquals("2001:db8:1:0:fdff:ffff:ffff:fffe", HomeAgent.anycast(PREFIX).toString());
        assertEquals(List.of(HA), discovered(77));
        advertise("fe80::2", "2001:db8:1::2", 10, 50);
        advertise("fe80::3", "2001:db8:1::3", 0, 50);
        Ip6Address best = Ip6Address.parse("2001:db8:1::2");
        Ip6Address equal = Ip6Address.parse("2001:db8:1::3");
        List<Ip6Address> seconds = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            List<Ip6Address> all = discovered(i);
            assertEquals(3, all.size());
            assertEquals(best, all.getFirst());
            seconds.add(all.get(1));
        }
        assertTrue(seconds.contains(HA) && seconds.contains(equal), "sometimes one, sometimes the other: " + seconds);
        advertise("fe80::2", "2001:db8:1::2", 10, 0);
        assertEquals(2, discovered(99).size(), "a lifetime of zero takes it off the list");
        ha.run(51 * S);
        assertEquals(List.of(HA), discovered(100));
        assertTrue(ha.rows(HomeAgentEntry.class).isEmpty());
    }

    @Test
    void prefixesAreToldToRegisteredMobileNodesOnly() {
        Ip6Packet asked = Ip6Packet.of(HOME, HA, IpProtocol.ICMP6, new Icmp6Message.MobilePrefixSolicitation(7).toOctets(HOME, HA));
        ha.say(Signalling.extended(asked, Optional.of(CARE_OF), Optional.empty()));
        assertEquals(IpProtocol.MOBILITY, ha.one().ip().protocol(), "a binding error");
        register(1);
        ha.say(Signalling.extended(asked, Optional.of(CARE_OF), Optional.empty()));
        Bench.Heard heard = ha.one();
        assertEquals(HOME, heard.ip().type2Routing().orElseThrow().home());
        Icmp6Message.MobilePrefixAdvertisement told = (Icmp6Message.MobilePrefixAdvertisement) heard.icmp();
        assertEquals(7, told.identifier());
        assertEquals(HA, ((NdOption.PrefixInformation) told.options().getFirst()).prefix());
    }

    @Test
    void aCorrespondentBindingCannotBecomeAHomeRegistrationNorTheOtherWayRound() {
        register(1);
        ha.say(Signalling.packet(CARE_OF, HA, new careof.engine.wire.mobility.MobilityMessage.CareOfTestInit(1, List.of())));
        var careOf = (careof.engine.wire.mobility.MobilityMessage.CareOfTest) ha.one().message();
        ha.say(Ip6Packet.of(CARE_OF, HA, IpProtocol.IP6,
                Signalling.packet(HOME, HA, new careof.engine.wire.mobility.MobilityMessage.HomeTestInit(2, List.of())).toOctets()));
        var home = (careof.engine.wire.mobility.MobilityMessage.HomeTest) ha.one().message();
        Octets key = Octets.wrap(Formulas.sha1(Formulas.bytes(home.keygenToken()), Formulas.bytes(careOf.keygenToken())));
        MobilityHeader update = Signalling.authorized(new BindingUpdate(2, true, false, false, false, 10,
                List.of(new MobilityOption.NonceIndices(home.nonceIndex(), careOf.nonceIndex()))), key, CARE_OF, HA);
        assertEquals(BindingStatus.REGISTRATION_TYPE_CHANGE_DISALLOWED, answer(HOME, CARE_OF, update).status());
        assertTrue(ha.rows(Binding.class).getFirst().homeRegistration());
    }

    @Test
    void aFloodOfRegistrationsIsBounded() {
        for (int i = 0; i < 500; i++) {
            ha.sayFromAway(new Ip6Address(HOME.high(), 0x5000 + i), CARE_OF, HA, update(1, 10));
        }
        List<Bench.Heard> all = ha.heard();
        assertEquals(64, ha.rows(PendingRegistration.class).size());
        assertTrue(all.stream().allMatch(h -> ((BindingAcknowledgement) h.message()).status() == BindingStatus.INSUFFICIENT_RESOURCES));
    }

    @Test
    void errorsAboutATunnelAreToldToWhoSentTheInnerPacket() {
        register(1);
        ha.say(Bench.udp(CN, HOME));
        Ip6Packet tunnelled = ha.one().ip();
        Icmp6Message error = new Icmp6Message.DestinationUnreachable(Icmp6Message.DestinationUnreachable.NO_ROUTE, tunnelled.toOctets());
        ha.say(Ip6Address.parse("2001:db8:2::1"), HA, 64, error);
        Bench.Heard heard = ha.one();
        assertEquals(CN, heard.ip().destination());
        Icmp6Message.DestinationUnreachable told = (Icmp6Message.DestinationUnreachable) heard.icmp();
        assertEquals(Icmp6Message.DestinationUnreachable.ADDRESS, told.code());
        assertEquals(tunnelled.payload(), told.invoking());
        Ip6Packet stranger = tunnelled.withHeader(tunnelled.header().withDestination(OTHER));
        ha.say(Ip6Address.parse("2001:db8:2::1"), HA, 64, new Icmp6Message.DestinationUnreachable(Icmp6Message.DestinationUnreachable.NO_ROUTE, stranger.toOctets()));
        assertTrue(ha.heard().isEmpty(), "about a tunnel that there is not");
    }
}
