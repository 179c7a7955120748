package careof.engine.mobility;

import static careof.engine.mobility.Bench.MS;
import static careof.engine.mobility.Bench.S;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import careof.engine.base.Ip6Address;
import careof.engine.base.Octets;
import careof.engine.base.Prefix;
import careof.engine.mobility.MobileNode.PeerMode;
import careof.engine.stack.Addresses;
import careof.engine.state.AddressEntry;
import careof.engine.state.HomeAgentEntry;
import careof.engine.state.ListEntry;
import careof.engine.state.ListEntry.Phase;
import careof.engine.state.MovementState;
import careof.engine.state.OnLinkPrefix;
import careof.engine.state.ReturnRoutabilityEntry;
import careof.engine.state.TunnelEntry;
import careof.engine.trace.Reason;
import careof.engine.wire.icmp.Icmp6Message;
import careof.engine.wire.icmp.NdOption;
import careof.engine.wire.ip.ExtensionHeader;
import careof.engine.wire.ip.Ip6Packet;
import careof.engine.wire.ip.IpProtocol;
import careof.engine.wire.mobility.BindingStatus;
import careof.engine.wire.mobility.MobilityHeader;
import careof.engine.wire.mobility.MobilityMessage.BindingAcknowledgement;
import careof.engine.wire.mobility.MobilityMessage.BindingError;
import careof.engine.wire.mobility.MobilityMessage.BindingRefreshRequest;
import careof.engine.wire.mobility.MobilityMessage.BindingUpdate;
import careof.engine.wire.mobility.MobilityMessage.CareOfTest;
import careof.engine.wire.mobility.MobilityMessage.CareOfTestInit;
import careof.engine.wire.mobility.MobilityMessage.HomeTest;
import careof.engine.wire.mobility.MobilityMessage.HomeTestInit;
import careof.engine.wire.mobility.MobilityOption;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** A mobile node, against a puppet that plays routers, home agents, correspondents and attackers. */
class MobileNodeTest {
    private static final Prefix HOME_PREFIX = Prefix.parse("2001:db8:1::/64");
    private static final Ip6Address HA = Ip6Address.parse("2001:db8:1::1");
    private static final Ip6Address HOME = Ip6Address.parse("2001:db8:1::10");
    private static final Ip6Address CN = Ip6Address.parse("2001:db8:9::9");
    private static final String AWAY = "2001:db8:2::";
    private static final String FARTHER = "2001:db8:3::";

    private Bench mn = new Bench(false, 8);
    private MobileNode node;

    MobileNodeTest() {
        this.node = make(Optional.of(HA), new MobileNode.Peer("cn", CN, PeerMode.BIDIRECTIONAL));
    }

    private MobileNode make(Optional<Ip6Address> agent, MobileNode.Peer... peers) {
        MobileNode made = new MobileNode(mn.stack, mn.port, new MobileNode.Settings(HOME, HOME_PREFIX, agent, 40 * S, List.of(peers)));
        mn.stack.mobility(new MobilityRoles(mn.stack, new CorrespondentNode(mn.stack), Optional.empty(), Optional.of(made)));
        return made;
    }

    private void advertise(String prefix, boolean routerAddress, long interval) {
        Ip6Address address = Ip6Address.parse(prefix.endsWith("::") ? prefix + (routerAddress ? "1" : "") : prefix);
        mn.say(Bench.ROUTER, Ip6Address.ALL_NODES, 255, new Icmp6Message.RouterAdvertisement(64, false, false, false, 0, 1800, 0, 0,
                List.of(new NdOption.SourceLinkLayer(Bench.ROUTER_MAC), new NdOption.PrefixInformation(64, true, true, routerAddress, 10000, 10000, address),
                        new NdOption.AdvertisementInterval(interval))));
        mn.run(5 * MS);
    }

    private void arrive(String prefix) {
        mn.port.attach(null, false);
        mn.heard();
        mn.port.attach(mn.link, true);
        mn.run(10 * MS);
        advertise(prefix, prefix.equals("2001:db8:1::"), 0);
    }

    private Ip6Address careOf() {
        return node.careOf().orElseThrow();
    }

    private MovementState.Phase phase() {
        return mn.rows(MovementState.class).getFirst().phase();
    }

    private ListEntry entry(Ip6Address peer) {
        return mn.rows(ListEntry.class).stream().filter(e -> e.peer().equals(peer)).findFirst().orElseThrow();
    }

    private void sayRouted(Ip6Address from, MobilityHeader header) {
        mn.say(Signalling.extended(Signalling.packet(from, HOME, header), Optional.empty(), Optional.of(careOf())));
    }

    private void sayTunnelled(Ip6Address agent, Ip6Packet inner) {
        mn.say(Ip6Packet.of(agent, careOf(), IpProtocol.IP6, inner.toOctets()));
    }

    private static MobilityHeader acknowledgement(int status, int sequence, int lifetime) {
        return MobilityHeader.of(new BindingAcknowledgement(status, false, sequence, lifetime, List.of()));
    }

    private static boolean isUpdate(Bench.Heard heard) {
        return heard.ip().protocol() == IpProtocol.MOBILITY && heard.message() instanceof BindingUpdate;
    }

    /** Away and registered with the home agent; prefix discovery is answered. */
    private BindingUpdate register(String prefix) {
        arrive(prefix);
        BindingUpdate update = (BindingUpdate) mn.heard().stream().filter(MobileNodeTest::isUpdate).findFirst().orElseThrow().message();
        sayRouted(HA, acknowledgement(0, update.sequence(), 10));
        mn.run(5 * MS);
        return update;
    }

    private void forgetPrefixDiscovery() {
        List<Bench.Heard> asked = mn.heard().stream().filter(h -> h.ip().protocol() == IpProtocol.ICMP6).toList();
        asked.stream().filter(h -> h.icmp() instanceof Icmp6Message.MobilePrefixSolicitation).forEach(h ->
                mn.say(Signalling.extended(Ip6Packet.of(HA, HOME, IpProtocol.ICMP6, new Icmp6Message.MobilePrefixAdvertisement(
                        ((Icmp6Message.MobilePrefixSolicitation) h.icmp()).identifier(), false, false,
                        List.of(new NdOption.PrefixInformation(64, true, true, true, 10000, 10000, HA))).toOctets(HA, HOME)), Optional.empty(), Optional.of(careOf()))));
        mn.heard();
    }

    /** RA -> BU from the new care-of address, again and again with back-off, each with a new sequence number. */
    @Test
    void itRegistersAndRetransmitsWithBackOff() {
        arrive(AWAY);
        mn.run(100 * S);
        List<Bench.Heard> updates = mn.heard().stream().filter(MobileNodeTest::isUpdate).toList();
        long[] waits = {1500, 3000, 6000, 12000, 24000, 32000};
        for (int i = 0; i < waits.length; i++) {
            assertEquals(waits[i] * MS, updates.get(i + 1).at() - updates.get(i).at(), "wait " + i);
            assertEquals(1, ((BindingUpdate) updates.get(i + 1).message()).sequence() - ((BindingUpdate) updates.get(i).message()).sequence());
        }
        Ip6Packet first = updates.getFirst().ip();
        assertEquals(careOf(), first.source());
        assertEquals(HOME, first.homeAddressOption().orElseThrow().address());
        assertEquals(HA, first.destination());
        BindingUpdate update = (BindingUpdate) updates.getFirst().message();
        assertTrue(update.acknowledge() && update.homeRegistration());
        assertEquals(10, update.lifetime());
        assertEquals(careOf(), update.option(MobilityOption.AlternateCareOfAddress.class).orElseThrow().address());
        assertEquals(Phase.SENT, entry(HA).phase());
    }

    @Test
    void packetsWaitForTheHomeAgentAndThenTakeTheTunnel() {
        arrive(AWAY);
        BindingUpdate update = (BindingUpdate) mn.one().message();
        mn.stack.output().send(Bench.udp(HOME, CN), 0, true);
        assertTrue(mn.heard().isEmpty());
        assertEquals(Reason.NO_HOME_REGISTRATION, mn.lastDrop());
        sayRouted(HA, acknowledgement(0, update.sequence(), 10));
        forgetPrefixDiscovery();
        mn.stack.output().send(Bench.udp(HOME, CN), 0, true);
        Bench.Heard heard = mn.one();
        assertEquals(careOf(), heard.ip().source());
        assertEquals(HA, heard.ip().destination());
        assertEquals(Bench.udp(HOME, CN), heard.inner().ip());
        assertEquals(List.of(new TunnelEntry(careOf(), HA, HOME)), mn.rows(TunnelEntry.class));
        mn.stack.output().send(Bench.udp(careOf(), CN), 0, true);
        assertEquals(CN, mn.one().ip().destination(), "the care-of address needs no mobility");
    }

    @Test
    void wrongAcknowledgementsAreIgnored() {
        arrive(AWAY);
        BindingUpdate update = (BindingUpdate) mn.one().message();
        sayRouted(HA, acknowledgement(0, update.sequence() + 1, 10));
        sayRouted(CN, acknowledgement(0, update.sequence(), 10));
        mn.say(HA, careOf(), acknowledgement(0, update.sequence(), 10).message());
        mn.run(10 * MS);
        assertEquals(Phase.SENT, entry(HA).phase());
        sayRouted(HA, acknowledgement(BindingStatus.SEQUENCE_NUMBER_OUT_OF_WINDOW, 40000, 0));
        BindingUpdate corrected = (BindingUpdate) mn.one().message();
        assertEquals(40001, corrected.sequence());
        sayRouted(HA, acknowledgement(0, 40001, 8));
        mn.run(5 * MS);
        assertEquals(Phase.ACKNOWLEDGED, entry(HA).phase());
        assertEquals(entry(HA).sentAt() + 32 * S, entry(HA).until(), "counted from the sending");
    }

    @Test
    void itRefreshesInTimeAndWhenAdvisedEarlier() {
        register(AWAY);
        forgetPrefixDiscovery();
        long sent = entry(HA).sentAt();
        mn.run(20 * S + 500 * MS);
        Bench.Heard refresh = mn.one();
        assertEquals(20 * S, refresh.at() - sent, 10 * MS);
        BindingUpdate update = (BindingUpdate) refresh.message();
        sayRouted(HA, MobilityHeader.of(new BindingAcknowledgement(0, false, update.sequence(), 10, List.of(new MobilityOption.BindingRefreshAdvice(2)))));
        mn.heard();
        sent = entry(HA).sentAt();
        mn.run(9 * S);
        assertEquals(8 * S, mn.heard().getFirst().at() - sent, 10 * MS);
    }

    @Test
    void refusalsEndTheRetransmissions() {
        arrive(AWAY);
        BindingUpdate update = (BindingUpdate) mn.one().message();
        sayRouted(HA, acknowledgement(BindingStatus.DUPLICATE_ADDRESS_DETECTION_FAILED, update.sequence(), 0));
        mn.run(200 * S);
        assertTrue(mn.heard().stream().noneMatch(MobileNodeTest::isUpdate));
        assertEquals(Phase.REFUSED, entry(HA).phase());
    }

    /** HoTI through the tunnel and CoTI beside it, then BU; the tokens of the puppet are any numbers. */
    private Bench.Heard testAndUpdate(long homeToken, long careOfToken) {
        node.setMode(CN, "cn", PeerMode.OPTIMIZED);
        List<Bench.Heard> inits = mn.heard();
        assertEquals(2, inits.size(), "both tests at once");
        HomeTestInit homeInit = (HomeTestInit) inits.getFirst().inner().message();
        CareOfTestInit careOfInit = (CareOfTestInit) inits.get(1).message();
        assertEquals(HA, inits.getFirst().ip().destination());
        assertEquals(HOME, inits.getFirst().inner().ip().source());
        assertEquals(careOf(), inits.get(1).ip().source());
        assertTrue(inits.get(1).ip().extensions().isEmpty());
        sayTunnelled(HA, Signalling.packet(CN, HOME, new HomeTest(5, homeInit.cookie(), homeToken, List.of())));
        assertTrue(mn.heard().isEmpty());
        mn.say(CN, careOf(), new CareOfTest(6, careOfInit.cookie(), careOfToken, List.of()));
        return mn.one();
    }

    private static Octets key(long homeToken, long careOfToken) {
        return Octets.wrap(Formulas.sha1(Formulas.bytes(homeToken), Formulas.bytes(careOfToken)));
    }

    private void optimized() {
        register(AWAY);
        forgetPrefixDiscovery();
        BindingUpdate update = (BindingUpdate) testAndUpdate(1111, 2222).message();
        sayRouted(CN, Signalling.authorized(new BindingAcknowledgement(0, false, update.sequence(), update.lifetime(), List.of()), key(1111, 2222), careOf(), CN));
        mn.run(5 * MS);
        assertEquals(Phase.ACKNOWLEDGED, entry(CN).phase());
    }

    @Test
    void returnRoutabilityLeadsToAnAuthenticBindingUpdateAndDirectPackets() {
        register(AWAY);
        forgetPrefixDiscovery();
        Bench.Heard heard = testAndUpdate(1111, 2222);
        BindingUpdate update = (BindingUpdate) heard.message();
        assertEquals(new MobilityOption.NonceIndices(5, 6), update.option(MobilityOption.NonceIndices.class).orElseThrow());
        assertEquals(Formulas.authenticator(key(1111, 2222).toArray(), careOf(), CN, heard.ip().payload()),
                update.option(MobilityOption.BindingAuthorizationData.class).orElseThrow().authenticator());
        assertEquals(HOME, heard.ip().homeAddressOption().orElseThrow().address());
        assertTrue(update.lifetime() <= 10 && update.lifetime() * 4 * S + mn.env.now() <= entry(HA).until() + 4 * S, "not beyond the home registration");

        mn.stack.output().send(Bench.udp(HOME, CN), 0, true);
        assertEquals(HA, mn.one().ip().destination(), "through the tunnel until it is acknowledged");
        BindingAcknowledgement ack = new BindingAcknowledgement(0, false, update.sequence(), 10, List.of());
        sayRouted(CN, MobilityHeader.of(ack));
        sayRouted(CN, Signalling.authorized(ack, key(1111, 3333), careOf(), CN));
        mn.run(5 * MS);
        assertEquals(Phase.SENT, entry(CN).phase(), "forged acknowledgements");
        sayRouted(CN, Signalling.authorized(ack, key(1111, 2222), careOf(), CN));
        mn.run(5 * MS);
        mn.stack.output().send(Bench.udp(HOME, CN), 0, true);
        Ip6Packet direct = mn.one().ip();
        assertEquals(CN, direct.destination());
        assertEquals(careOf(), direct.source());
        assertEquals(HOME, direct.homeAddressOption().orElseThrow().address());
        assertEquals(Bench.udp(HOME, CN).payload(), direct.payload(), "checksum over the home address");
    }

    @Test
    void testsThatDoNotFitAreIgnored() {
        register(AWAY);
        forgetPrefixDiscovery();
        node.setMode(CN, "cn", PeerMode.OPTIMIZED);
        List<Bench.Heard> inits = mn.heard();
        long homeCookie = ((HomeTestInit) inits.getFirst().inner().message()).cookie();
        long careOfCookie = ((CareOfTestInit) inits.get(1).message()).cookie();
        mn.say(CN, HOME, new HomeTest(5, homeCookie, 1, List.of()));
        sayTunnelled(HA, Signalling.packet(CN, HOME, new HomeTest(5, homeCookie + 1, 1, List.of())));
        sayTunnelled(CN, Signalling.packet(CN, HOME, new HomeTest(5, homeCookie, 1, List.of())));
        sayTunnelled(HA, Signalling.packet(HA, HOME, new HomeTest(5, homeCookie, 1, List.of())));
        mn.say(CN, careOf(), new CareOfTest(5, careOfCookie + 1, 1, List.of()));
        sayTunnelled(HA, Signalling.packet(CN, HOME, new CareOfTest(5, careOfCookie, 1, List.of())));
        mn.run(10 * MS);
        ReturnRoutabilityEntry test = mn.rows(ReturnRoutabilityEntry.class).getFirst();
        assertTrue(test.homeToken().isEmpty() && test.careOfToken().isEmpty(), test.toString());
    }

    @Test
    void testInitsAreRepeatedWithBackOffAndNewCookies() {
        register(AWAY);
        forgetPrefixDiscovery();
        node.setMode(CN, "cn", PeerMode.OPTIMIZED);
        long start = mn.env.now();
        mn.run(16 * S);
        List<Bench.Heard> inits = mn.heard().stream().filter(h -> h.ip().protocol() == IpProtocol.MOBILITY && h.message() instanceof CareOfTestInit).toList();
        assertEquals(List.of(0L, 1L, 3L, 7L, 15L), inits.stream().map(h -> (h.at() - start) / S).toList());
        assertEquals(5, inits.stream().map(h -> ((CareOfTestInit) h.message()).cookie()).distinct().count());
    }

    /** After a move the home token still holds: only the care-of address is tested. */
    @Test
    void aRecentHomeTokenIsUsedAgain() {
        optimized();
        Ip6Address before = careOf();
        arrive(FARTHER);
        assertNotEquals(before, careOf());
        List<Bench.Heard> said = mn.heard();
        assertEquals(2, said.size(), said.toString());
        BindingUpdate update = (BindingUpdate) said.getFirst().message();
        CareOfTestInit init = (CareOfTestInit) said.get(1).message();
        mn.say(CN, careOf(), new CareOfTest(7, init.cookie(), 4444, List.of()));
        assertTrue(mn.heard().isEmpty(), "not before the home agent agrees");
        mn.stack.output().send(Bench.udp(HOME, CN), 0, true);
        assertEquals(careOf(), mn.one().ip().source(), "the tunnel goes from the new care-of address at once");
        sayRouted(HA, acknowledgement(0, update.sequence(), 10));
        Bench.Heard heard = mn.one();
        BindingUpdate toCn = (BindingUpdate) heard.message();
        assertEquals(Formulas.authenticator(key(1111, 4444).toArray(), careOf(), CN, heard.ip().payload()),
                toCn.option(MobilityOption.BindingAuthorizationData.class).orElseThrow().authenticator());
    }

    @Test
    void expiredNoncesStartTheTestsAgain() {
        register(AWAY);
        forgetPrefixDiscovery();
        BindingUpdate update = (BindingUpdate) testAndUpdate(1, 2).message();
        sayRouted(CN, acknowledgement(BindingStatus.EXPIRED_CARE_OF_NONCE_INDEX, update.sequence(), 0));
        assertTrue(mn.one().message() instanceof CareOfTestInit, "only the one that expired");
    }

    @Test
    void aBindingErrorSendsPacketsThroughTheHomeAgentAndRegistersAgain() {
        optimized();
        mn.say(CN, careOf(), new BindingError(BindingStatus.ERROR_UNKNOWN_BINDING, CN, List.of()));
        mn.say(HA.equals(CN) ? CN : Ip6Address.parse("2001:db8:9::66"), careOf(), new BindingError(BindingStatus.ERROR_UNKNOWN_BINDING, HOME, List.of()));
        assertTrue(mn.heard().isEmpty());
        assertEquals(Phase.ACKNOWLEDGED, entry(CN).phase(), "about another home address, from a stranger");
        mn.say(CN, careOf(), new BindingError(BindingStatus.ERROR_UNKNOWN_BINDING, HOME, List.of()));
        assertTrue(mn.one().message() instanceof BindingUpdate, "its tokens are still good");
        mn.stack.output().send(Bench.udp(HOME, CN), 0, true);
        assertEquals(HA, mn.one().ip().destination());
    }

    @Test
    void aRefreshRequestIsFollowedByABindingUpdate() {
        optimized();
        sayTunnelled(HA, Signalling.packet(Ip6Address.parse("2001:db8:9::66"), HOME, new BindingRefreshRequest(List.of())));
        assertTrue(mn.heard().isEmpty(), "from where no binding update went");
        sayTunnelled(HA, Signalling.packet(CN, HOME, new BindingRefreshRequest(List.of())));
        assertTrue(mn.one().message() instanceof BindingUpdate);
        mn.stack.output().send(Bench.udp(HOME, CN), 0, true);
        assertEquals(CN, mn.one().ip().destination(), "direct meanwhile");
    }

    @Test
    void aPeerWithoutMobilityIsTalkedToThroughTheHomeAgent() {
        register(AWAY);
        forgetPrefixDiscovery();
        node.setMode(CN, "cn", PeerMode.OPTIMIZED);
        Bench.Heard init = mn.heard().get(1);
        mn.say(CN, careOf(), 64, new Icmp6Message.ParameterProblem(Icmp6Message.ParameterProblem.NEXT_HEADER, 6, init.ip().toOctets()));
        mn.run(10 * MS);
        assertEquals(Phase.REFUSED, entry(CN).phase());
        mn.run(50 * S);
        assertTrue(mn.heard().stream().noneMatch(h -> h.ip().destination().equals(CN)));
        mn.run(15 * S);
        assertTrue(mn.heard().stream().anyMatch(h -> h.ip().destination().equals(CN)), "asked again after a minute");
    }

    @Test
    void aModeThatGoesBackDeletesTheBinding() {
        optimized();
        node.setMode(CN, "cn", PeerMode.BIDIRECTIONAL);
        Bench.Heard heard = mn.one();
        BindingUpdate update = (BindingUpdate) heard.message();
        assertEquals(0, update.lifetime());
        assertEquals(Formulas.authenticator(Formulas.sha1(Formulas.bytes(1111L)), HOME, CN, heard.ip().payload()),
                update.option(MobilityOption.BindingAuthorizationData.class).orElseThrow().authenticator());
        mn.stack.output().send(Bench.udp(HOME, CN), 0, true);
        assertEquals(HA, mn.one().ip().destination());
        sayRouted(CN, Signalling.authorized(new BindingAcknowledgement(0, false, update.sequence(), 0, List.of()),
                Octets.wrap(Formulas.sha1(Formulas.bytes(1111L))), HOME, CN));
        mn.run(5 * MS);
        assertTrue(mn.rows(ListEntry.class).stream().noneMatch(e -> e.peer().equals(CN)));
    }

    /** RA of home -> BU from the home address to the home agent, BU to the correspondent; BA -> NA. */
    @Test
    void atHomeItTakesItsAddressAndItsBindingsBack() {
        optimized();
        arrive("2001:db8:1::");
        assertEquals(MovementState.Phase.AT_HOME, phase());
        List<Bench.Heard> said = mn.heard();
        assertEquals(2, said.size());
        BindingUpdate toAgent = (BindingUpdate) said.getFirst().message();
        assertEquals(new BindingUpdate(toAgent.sequence(), true, true, false, false, 0, toAgent.options()), toAgent);
        assertEquals(HOME, said.getFirst().ip().source());
        assertTrue(said.getFirst().ip().extensions().isEmpty());
        assertEquals(0, ((BindingUpdate) said.get(1).message()).lifetime());
        assertEquals(0, ((BindingUpdate) said.get(1).message()).option(MobilityOption.NonceIndices.class).orElseThrow().careOf());
        AddressEntry home = mn.rows(AddressEntry.class).stream().filter(e -> e.address().equals(HOME)).findFirst().orElseThrow();
        assertEquals("p1", home.port());
        mn.everything();
        mn.say(HA, HOME, acknowledgement(0, toAgent.sequence(), 0).message());
        Icmp6Message.NeighbourAdvertisement told = (Icmp6Message.NeighbourAdvertisement) mn.everything().getFirst().icmp();
        assertEquals(HOME, told.target());
        assertTrue(told.override() && !told.solicited());
        mn.stack.output().send(Bench.udp(HOME, CN), 0, true);
        assertEquals(Bench.udp(HOME, CN), mn.heard().getLast().ip(), "plain");
        assertTrue(mn.rows(TunnelEntry.class).isEmpty());
    }

    @Test
    void homeAfterTheBindingEndedMeansDuplicateAddressDetection() {
        register(AWAY);
        mn.port.attach(null, false);
        mn.run(50 * S);
        mn.everything();
        arrive("2001:db8:1::");
        mn.run(3 * S);
        List<Bench.Heard> said = mn.everything();
        assertTrue(said.stream().noneMatch(MobileNodeTest::isUpdate));
        assertTrue(said.stream().anyMatch(h -> h.ip().protocol() == IpProtocol.ICMP6 && h.ip().source().isUnspecified()
                && h.icmp() instanceof Icmp6Message.NeighbourSolicitation s && s.target().equals(HOME)));
        assertEquals(AddressEntry.Phase.PREFERRED, mn.stack.addresses().find(HOME).orElseThrow().phase());
        assertEquals("p1", mn.stack.addresses().find(HOME).orElseThrow().port());
    }

    @Test
    void withoutALinkTheHomeAddressIsNowhere() {
        optimized();
        mn.port.attach(null, false);
        assertEquals(MovementState.Phase.DETACHED, phase());
        assertEquals(Addresses.NOWHERE, mn.stack.addresses().find(HOME).orElseThrow().port());
        assertTrue(mn.rows(TunnelEntry.class).isEmpty());
        mn.run(100 * S);
        assertTrue(mn.heard().isEmpty());
    }

    @Test
    void onlyTheHomeAgentsTunnelAndOnlyRoutingHeadersToTheHomeAddressComeIn() {
        optimized();
        Icmp6Message echo = new Icmp6Message.EchoRequest(1, 1, Octets.EMPTY);
        Ip6Packet ping = Ip6Packet.of(CN, HOME, IpProtocol.ICMP6, echo.toOctets(CN, HOME));
        sayTunnelled(Ip6Address.parse("2001:db8:9::66"), ping);
        assertTrue(mn.heard().isEmpty());
        assertEquals(Reason.TUNNEL_UNKNOWN, mn.lastDrop());
        sayTunnelled(HA, ping);
        assertEquals(1, mn.heard().size());
        mn.say(Signalling.extended(ping, Optional.empty(), Optional.of(careOf())));
        assertEquals(1, mn.heard().size());
        Ip6Packet other = Signalling.extended(Bench.udp(CN, CN), Optional.empty(), Optional.of(careOf()));
        mn.say(other);
        assertTrue(mn.heard().isEmpty());
        assertEquals(Reason.RH2_INVALID, mn.lastDrop());
        mn.say(ping.withExtensions(List.of(new ExtensionHeader.Type2Routing(2, HOME))).withHeader(ping.header().withDestination(careOf())));
        assertTrue(mn.heard().isEmpty());
        assertEquals(Reason.RH2_INVALID, mn.lastDrop());
    }

    @Test
    void aQuietRouterIsAskedAndGivenUp() {
        arrive(AWAY);
        advertise(AWAY, false, 1000);
        mn.run(2 * S);
        assertEquals(MovementState.Phase.AWAY, phase());
        mn.silent.add(Bench.ROUTER);
        mn.run(5 * S);
        assertEquals(MovementState.Phase.SOLICITING, phase());
        assertTrue(node.careOf().isEmpty());
        advertise(AWAY, false, 1000);
        assertEquals(MovementState.Phase.AWAY, phase());
    }

    @Test
    void neverMoreThanThreeOfAKindWithinASecond() {
        for (int i = 0; i < 12; i++) {
            arrive(i % 2 == 0 ? AWAY : FARTHER);
            mn.run(20 * MS);
        }
        mn.run(10 * S);
        mn.heard();
        List<Long> times = new java.util.ArrayList<>();
        var cursor = mn.trace.from(1);
        while (cursor.hasNext()) {
            if (cursor.next() instanceof careof.engine.trace.TraceEvent.Changed c && (c.reason() == Reason.BINDING_UPDATE_SENT || c.reason() == Reason.BINDING_UPDATE_RETRANSMITTED)) {
                times.add(c.at());
            }
        }
        assertTrue(times.size() > 3);
        for (int i = 3; i < times.size(); i++) {
            assertTrue(times.get(i) - times.get(i - 3) >= S, "at " + times);
        }
        assertEquals(careOf(), entry(HA).careOf(), "the last care-of address is told in the end");
    }

    @Test
    void discoveryAsksWithBackOffAndTriesAllThatItFinds() {
        mn = new Bench(false, 8);
        node = make(Optional.empty());
        arrive(AWAY);
        mn.run(25 * S);
        List<Bench.Heard> asked = mn.heard();
        assertEquals(List.of(0L, 3L, 9L, 21L), asked.stream().map(h -> (h.at() - asked.getFirst().at()) / S).toList());
        assertEquals(HomeAgent.anycast(HOME_PREFIX), asked.getFirst().ip().destination());
        int identifier = ((Icmp6Message.HomeAgentDiscoveryRequest) asked.getFirst().icmp()).identifier();
        Ip6Address second = Ip6Address.parse("2001:db8:1::2");
        mn.say(HA, careOf(), 64, new Icmp6Message.HomeAgentDiscoveryReply(identifier + 1 & 0xffff, List.of(CN)));
        assertTrue(mn.heard().isEmpty());
        mn.say(HA, careOf(), 64, new Icmp6Message.HomeAgentDiscoveryReply(identifier, List.of(HA, second)));
        Bench.Heard update = mn.one();
        assertEquals(HA, update.ip().destination());
        assertEquals(2, mn.rows(HomeAgentEntry.class).size());
        mn.run(100 * S);
        assertTrue(mn.heard().stream().anyMatch(h -> h.ip().destination().equals(second)), "the next one when the first stays silent");
    }

    @Test
    void prefixDiscoveryTakesOnlyWhatItAskedFor() {
        register(AWAY);
        Bench.Heard asked = mn.heard().getFirst();
        Icmp6Message.MobilePrefixSolicitation solicitation = (Icmp6Message.MobilePrefixSolicitation) asked.icmp();
        assertEquals(HOME, asked.ip().homeAddressOption().orElseThrow().address());
        NdOption prefix = new NdOption.PrefixInformation(64, true, true, true, 1000, 500, HA);
        for (Icmp6Message wrong : List.of(new Icmp6Message.MobilePrefixAdvertisement(solicitation.identifier() ^ 1, false, false, List.of(prefix)))) {
            mn.say(Signalling.extended(Ip6Packet.of(HA, HOME, IpProtocol.ICMP6, wrong.toOctets(HA, HOME)), Optional.empty(), Optional.of(careOf())));
        }
        Icmp6Message right = new Icmp6Message.MobilePrefixAdvertisement(solicitation.identifier(), false, false, List.of(prefix));
        mn.say(Signalling.extended(Ip6Packet.of(CN, HOME, IpProtocol.ICMP6, right.toOctets(CN, HOME)), Optional.empty(), Optional.of(careOf())));
        sayTunnelled(HA, Ip6Packet.of(HA, HOME, IpProtocol.ICMP6, right.toOctets(HA, HOME)));
        mn.run(10 * MS);
        assertTrue(mn.rows(OnLinkPrefix.class).stream().noneMatch(p -> p.prefix().equals(HOME_PREFIX)));
        mn.say(Signalling.extended(Ip6Packet.of(HA, HOME, IpProtocol.ICMP6, right.toOctets(HA, HOME)), Optional.empty(), Optional.of(careOf())));
        mn.run(10 * MS);
        assertTrue(mn.rows(OnLinkPrefix.class).stream().anyMatch(p -> p.prefix().equals(HOME_PREFIX)));
        mn.run(1001 * S);
        assertFalse(mn.rows(OnLinkPrefix.class).stream().anyMatch(p -> p.prefix().equals(HOME_PREFIX)));
    }

    /** A router that claims to advertise each millisecond makes us ask for it no more often than RFC 6275 section 7.5 lets it speak. */
    @Test
    void aHastyIntervalIsNotBelieved() {
        arrive(AWAY);
        advertise(AWAY, false, 1);
        long due = mn.rows(careof.engine.state.TimerState.class).stream().filter(timer -> timer.name().equals("router quiet")).findFirst().orElseThrow().due();
        assertTrue(due - mn.stack.env().now() > 80 * MS, () -> "due in " + (due - mn.stack.env().now()) + " ns");
    }
}
