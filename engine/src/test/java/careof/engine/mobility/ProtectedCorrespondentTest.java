package careof.engine.mobility;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import careof.engine.base.Ip6Address;
import careof.engine.base.IpAddress;
import careof.engine.base.Octets;
import careof.engine.crypto.Authentication;
import careof.engine.crypto.Encryption;
import careof.engine.ipsec.Ipsec;
import careof.engine.ipsec.MobilitySupport;
import careof.engine.ipsec.PfKey;
import careof.engine.ipsec.SaMessages;
import careof.engine.ipsec.Sad;
import careof.engine.ipsec.Spd;
import careof.engine.ipsec.SpdMessages;
import careof.engine.ipsec.Transforms;
import careof.engine.ipsec.Unwrapped;
import careof.engine.policy.Policy;
import careof.engine.policy.Recommendation;
import careof.engine.state.AddressRange;
import careof.engine.state.Binding;
import careof.engine.state.Sa;
import careof.engine.state.Selector;
import careof.engine.state.SpdEntry;
import careof.engine.trace.Reason;
import careof.engine.wire.ip.Ip6Packet;
import careof.engine.wire.ip.IpProtocol;
import careof.engine.wire.mobility.BindingStatus;
import careof.engine.wire.mobility.MobilityHeader;
import careof.engine.wire.mobility.MobilityMessage;
import careof.engine.wire.mobility.MobilityMessage.BindingAcknowledgement;
import careof.engine.wire.mobility.MobilityMessage.BindingError;
import careof.engine.wire.mobility.MobilityMessage.BindingUpdate;
import careof.engine.wire.mobility.MobilityOption;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A correspondent under IPsec, against a puppet that has the keys of one mobile node, or has not: recommendations A, E1, E2 and F, and their controls. */
class ProtectedCorrespondentTest {
    private static final Ip6Address CN = Ip6Address.parse("2001:db8:9::9");
    private static final Ip6Address HOME = Ip6Address.parse("2001:db8:1::10");
    private static final Ip6Address VICTIM = Ip6Address.parse("2001:db8:1::66");
    private static final Ip6Address CARE_OF = Ip6Address.parse("2001:db8:2::10");
    private static final Ip6Address ATTACKER = Ip6Address.parse("2001:db8:3::66");
    private static final Octets KEY_16 = Octets.wrap(new byte[16]);
    private static final Octets KEY_20 = Octets.wrap(new byte[20]);

    private final Bench cn = Bench.correspondent(CN, 3);
    private final Transforms transforms = new Transforms();
    private final Sad sad = new Sad(cn.env);
    private PfKey.Socket keys;
    private long sequence;

    private static Sa sa(Sa.Protocol protocol, Sa.Mode mode, long spi, IpAddress source, IpAddress destination, Selector selector, Authentication authentication) {
        boolean esp = protocol == Sa.Protocol.ESP;
        return new Sa(0, spi, protocol, mode, source, destination, selector, esp ? Encryption.AES_CBC : Encryption.NONE, esp ? KEY_16 : Octets.EMPTY,
                authentication, authentication == Authentication.NULL ? Octets.EMPTY : KEY_20, false, 64, spi & 0xfff, Sa.Lifetimes.NONE, Sa.UdpPorts.NONE,
                Sa.Phase.MATURE, 0);
    }

    private static Selector there() {
        return Selector.between(AddressRange.of(HOME), AddressRange.of(CN));
    }

    private static Sa esp() {
        return sa(Sa.Protocol.ESP, Sa.Mode.TRANSPORT, 0x1001, HOME, CN, there(), Authentication.HMAC_SHA1_96);
    }

    private static Sa back() {
        return sa(Sa.Protocol.ESP, Sa.Mode.TRANSPORT, 0x2001, CN, HOME, there().reversed(), Authentication.HMAC_SHA1_96);
    }

    @BeforeEach
    void protect() {
        Spd spd = new Spd(cn.env);
        PfKey door = new PfKey(cn.env, spd, sad, false);
        cn.stack.ipsec(new Ipsec(cn.stack, spd, sad, door));
        cn.correspondent.cooperate(new MobilitySupport(spd, sad, door), java.util.Optional.empty());
        keys = door.open();
    }

    private void add(Sa... sas) {
        for (Sa sa : sas) {
            assertEquals(0, keys.request(SaMessages.add(sa)).errno(), sa::toString);
        }
    }

    private void protect(SpdEntry.Direction direction, Sa sa) {
        SpdEntry.Template template = new SpdEntry.Template(sa.protocol(), sa.mode(), sa.source(), sa.destination(), SpdEntry.Level.UNIQUE, sa.requestId());
        SpdEntry entry = new SpdEntry(0, 10, direction, "", sa.selector(), SpdEntry.Action.PROTECT, List.of(template));
        assertEquals(0, keys.request(SpdMessages.add(entry)).errno());
    }

    private void follow(Recommendation... off) {
        cn.env.policy(Policy.without(List.of(off)), Reason.USER_ACTION);
    }

    /** In wire form, with a home address option. */
    private static Ip6Packet away(Ip6Packet plain, Ip6Address careOf) {
        return Signalling.extended(plain, Optional.of(careOf), Optional.empty());
    }

    private Ip6Packet sealed(Sa sa, Ip6Packet wire) {
        sequence++;
        return switch (sa.protocol()) {
            case ESP -> wire.withPayload(IpProtocol.ESP, transforms.esp(sa).seal(wire.protocol(), wire.payload(), 0, sequence, ordinal -> ordinal));
            case AH -> (Ip6Packet) transforms.ah(sa).seal(wire, sequence);
        };
    }

    private static Ip6Packet update(int number, Optional<Ip6Address> inside) {
        List<MobilityOption> options = inside.<List<MobilityOption>>map(address -> List.of(new MobilityOption.AlternateCareOfAddress(address))).orElse(List.of());
        return Signalling.packet(HOME, CN, new BindingUpdate(number, true, false, false, false, 100, options));
    }

    /** What the node sent under an SA, without it. */
    private MobilityMessage opened(Sa sa, Bench.Heard heard) throws Exception {
        assertEquals(IpProtocol.ESP, heard.ip().protocol());
        Unwrapped.Payload payload = (Unwrapped.Payload) transforms.esp(sa).open(heard.ip().payload(), heard.ip().payload().u16(6));
        return MobilityHeader.parse(payload.payload(), CN, HOME).message();
    }

    private List<Binding> bindings() {
        return cn.rows(Binding.class);
    }

    private static final Ip6Packet DATA = Bench.udp(HOME, CN);

    @Test
    void anSaVerifiesAHomeAddressOptionAndCreatesNoBinding() {
        add(esp());
        cn.say(sealed(esp(), away(DATA, CARE_OF)));
        assertEquals(List.of(), cn.heard().stream().filter(h -> h.ip().protocol() == IpProtocol.MOBILITY).toList());
        assertEquals(Reason.NO_LISTENER, cn.lastDrop(), "it came up to UDP");
        assertTrue(bindings().isEmpty());

        Sa ah = sa(Sa.Protocol.AH, Sa.Mode.TRANSPORT, 0x1002, HOME, CN, there(), Authentication.HMAC_SHA1_96);
        add(ah);
        cn.say(sealed(ah, away(DATA, CARE_OF)));
        assertEquals(List.of(), cn.heard().stream().filter(h -> h.ip().protocol() == IpProtocol.MOBILITY).toList());
        assertEquals(Reason.NO_LISTENER, cn.lastDrop());
    }

    @Test
    void withoutRecommendationAItStillNeedsABinding() {
        add(esp());
        follow(Recommendation.A);
        cn.say(sealed(esp(), away(DATA, CARE_OF)));
        Bench.Heard heard = cn.one();
        assertEquals(BindingStatus.ERROR_UNKNOWN_BINDING, ((BindingError) heard.message()).status());
        assertEquals(CARE_OF, heard.ip().destination());
        assertEquals(Reason.HAO_UNVERIFIED, cn.lastDrop());
        follow();
        cn.say(sealed(esp(), away(DATA, CARE_OF)));
        cn.heard();
        assertEquals(Reason.NO_LISTENER, cn.lastDrop(), "the switch counts from the next packet on");
    }

    @Test
    void whatDoesNotAuthenticateDoesNotVerify() {
        Sa unauthenticated = sa(Sa.Protocol.ESP, Sa.Mode.TRANSPORT, 0x1003, HOME, CN, there(), Authentication.NULL);
        add(unauthenticated);
        cn.say(sealed(unauthenticated, away(DATA, CARE_OF)));
        assertEquals(BindingStatus.ERROR_UNKNOWN_BINDING, ((BindingError) cn.one().message()).status());
        assertEquals(Reason.HAO_UNVERIFIED, cn.lastDrop());
        cn.say(away(DATA, CARE_OF));
        assertEquals(BindingStatus.ERROR_UNKNOWN_BINDING, ((BindingError) cn.one().message()).status());
    }

    @Test
    void whatIpsecRefusesGetsNoBindingError() {
        add(esp());
        Sa unknown = sa(Sa.Protocol.ESP, Sa.Mode.TRANSPORT, 0x1fff, HOME, CN, there(), Authentication.HMAC_SHA1_96);
        cn.say(sealed(unknown, away(DATA, CARE_OF)));
        assertEquals(Reason.IPSEC_UNKNOWN_SPI, cn.lastDropAfterSilence());
        Ip6Packet good = sealed(esp(), away(DATA, CARE_OF));
        byte[] changed = good.payload().toArray();
        changed[changed.length - 1] ^= 1;
        cn.say(good.withPayload(IpProtocol.ESP, Octets.wrap(changed)));
        assertEquals(Reason.IPSEC_BAD_ICV, cn.lastDropAfterSilence());
        cn.say(sealed(esp(), away(Bench.udp(VICTIM, CN), CARE_OF)));
        assertEquals(Reason.IPSEC_SELECTOR, cn.lastDropAfterSilence(), "an SA is no ticket to the home address of another");
    }

    @Test
    void aSourceRewrittenOnTheWayMattersToAhAlone() {
        Sa ah = sa(Sa.Protocol.AH, Sa.Mode.TRANSPORT, 0x1002, HOME, CN, there(), Authentication.HMAC_SHA1_96);
        add(esp(), ah);
        Ip6Packet under = sealed(ah, away(DATA, CARE_OF));
        cn.say(under.withHeader(under.header().withSource(ATTACKER)));
        assertEquals(Reason.IPSEC_BAD_ICV, cn.lastDropAfterSilence());
        Ip6Packet within = sealed(esp(), away(DATA, CARE_OF));
        cn.say(within.withHeader(within.header().withSource(ATTACKER)));
        cn.heard();
        assertEquals(Reason.NO_LISTENER, cn.lastDrop());
        assertTrue(bindings().isEmpty());
    }

    @Test
    void anSaAuthenticatesABindingUpdate() throws Exception {
        add(esp(), back());
        protect(SpdEntry.Direction.IN, esp());
        protect(SpdEntry.Direction.OUT, back());
        cn.say(sealed(esp(), away(update(7, Optional.of(CARE_OF)), CARE_OF)));
        Bench.Heard heard = cn.one();
        assertEquals(CARE_OF, heard.ip().destination());
        assertEquals(HOME, heard.ip().type2Routing().orElseThrow().home());
        BindingAcknowledgement answer = (BindingAcknowledgement) opened(back(), heard);
        assertEquals(BindingStatus.ACCEPTED, answer.status());
        assertTrue(answer.option(MobilityOption.BindingAuthorizationData.class).isEmpty(), "the SA authenticates it");
        assertEquals(new Binding(HOME, CARE_OF, 7, bindings().getFirst().until(), false, Binding.Protection.SECURITY_ASSOCIATION), bindings().getFirst());

        cn.say(sealed(esp(), away(update(7, Optional.of(ATTACKER)), CARE_OF)));
        assertEquals(BindingStatus.SEQUENCE_NUMBER_OUT_OF_WINDOW, ((BindingAcknowledgement) opened(back(), cn.one())).status());
        assertEquals(CARE_OF, bindings().getFirst().careOf());
    }

    @Test
    void withoutRecommendationE1ItIsDiscardedInSilence() {
        add(esp(), back());
        follow(Recommendation.E1);
        cn.say(sealed(esp(), away(update(7, Optional.of(CARE_OF)), CARE_OF)));
        assertEquals(Reason.BINDING_UPDATE_IGNORED, cn.lastDropAfterSilence());
        assertTrue(bindings().isEmpty());
    }

    @Test
    void oneWithoutProtectionOrForAnotherHomeAddressIsRefused() {
        add(esp(), back());
        cn.say(away(update(7, Optional.of(CARE_OF)), CARE_OF));
        assertEquals(Reason.BINDING_UPDATE_IGNORED, cn.lastDropAfterSilence());
        MobilityHeader header = MobilityHeader.of(new BindingUpdate(7, true, false, false, false, 100, List.of()));
        cn.say(sealed(esp(), away(Signalling.packet(VICTIM, CN, header), CARE_OF)));
        assertEquals(Reason.IPSEC_SELECTOR, cn.lastDropAfterSilence(), "a rewritten home address option");
        Ip6Packet good = sealed(esp(), away(update(8, Optional.of(CARE_OF)), CARE_OF));
        cn.say(good);
        cn.heard();
        cn.say(good);
        assertEquals(Reason.IPSEC_REPLAY, cn.lastDropAfterSilence());
        assertEquals(1, bindings().size());
    }

    @Test
    void theCareOfAddressInsideHoldsAgainstARewrittenSource() {
        add(esp(), back());
        protect(SpdEntry.Direction.OUT, back());
        Ip6Packet first = sealed(esp(), away(update(7, Optional.of(CARE_OF)), CARE_OF));
        cn.say(first.withHeader(first.header().withSource(ATTACKER)));
        assertEquals(ATTACKER, cn.one().ip().destination(), "the acknowledgement goes to where the update came from");
        assertEquals(CARE_OF, bindings().getFirst().careOf());
        cn.say(sealed(esp(), away(update(8, Optional.of(CARE_OF)), CARE_OF)));
        assertEquals(CARE_OF, cn.one().ip().destination(), "the retransmission is answered");

        Ip6Packet open = sealed(esp(), away(update(9, Optional.empty()), CARE_OF));
        cn.say(open.withHeader(open.header().withSource(ATTACKER)));
        cn.heard();
        assertEquals(ATTACKER, bindings().getFirst().careOf(), "what an update without the option costs");
    }

    private static Sa tunnel(boolean fromMobile, Ip6Address end) {
        return fromMobile ? sa(Sa.Protocol.ESP, Sa.Mode.TUNNEL, 0x1010, end, CN, there(), Authentication.HMAC_SHA1_96)
                : sa(Sa.Protocol.ESP, Sa.Mode.TUNNEL, 0x2010, CN, end, there().reversed(), Authentication.HMAC_SHA1_96);
    }

    private Sa kept(long spi) {
        return sad.all().stream().filter(sa -> sa.spi() == spi).findFirst().orElseThrow();
    }

    @Test
    void bothHalvesOfTheBindingsTunnelFollowAndNoOthers() {
        Sa others = sa(Sa.Protocol.ESP, Sa.Mode.TUNNEL, 0x2020, CN, CARE_OF, Selector.between(AddressRange.of(CN), AddressRange.of(VICTIM)), Authentication.HMAC_SHA1_96);
        add(tunnel(true, HOME), tunnel(false, HOME), others);
        protect(SpdEntry.Direction.IN, tunnel(true, HOME));
        protect(SpdEntry.Direction.OUT, tunnel(false, HOME));
        protect(SpdEntry.Direction.OUT, others);
        Ip6Address[] stations = {CARE_OF, ATTACKER};
        for (int i = 0; i < stations.length; i++) {
            inTunnel(update(7 + i, Optional.of(stations[i])), stations[i]);
            assertEquals(stations[i], cn.one().ip().destination(), "the answer goes the new way");
            assertEquals(stations[i], kept(0x1010).source());
            assertEquals(stations[i], kept(0x2010).destination());
            assertEquals(CARE_OF, kept(0x2020).destination());
        }
        follow(Recommendation.F);
        inTunnel(update(9, Optional.of(CARE_OF)), CARE_OF);
        assertEquals(ATTACKER, cn.one().ip().destination(), "to where the mobile node was");
        assertEquals(CARE_OF, bindings().getFirst().careOf());
        assertEquals(ATTACKER, kept(0x2010).destination());
    }

    private void inTunnel(Ip6Packet inner, Ip6Address outerSource) {
        sequence++;
        Octets payload = transforms.esp(tunnel(true, HOME)).seal(IpProtocol.IP6, inner.toOctets(), 0, sequence, ordinal -> ordinal);
        cn.say(Ip6Packet.of(outerSource, CN, IpProtocol.ESP, payload));
    }

    @Test
    void inATunnelWithoutTheOptionTheOuterSourceRules() {
        add(tunnel(true, HOME), tunnel(false, HOME));
        protect(SpdEntry.Direction.OUT, tunnel(false, HOME));
        inTunnel(update(7, Optional.empty()), CARE_OF);
        cn.heard();
        assertEquals(CARE_OF, bindings().getFirst().careOf());
        assertEquals(CARE_OF, kept(0x2010).destination());
    }

    @Test
    void aTunnelForManyAuthenticatesNoBindingUpdate() {
        Sa gateway = sa(Sa.Protocol.ESP, Sa.Mode.TUNNEL, 0x1010, ATTACKER, CN, Selector.between(AddressRange.ALL_IP6, AddressRange.of(CN)), Authentication.HMAC_SHA1_96);
        add(gateway);
        inTunnel(update(7, Optional.of(ATTACKER)), ATTACKER);
        assertEquals(Reason.BINDING_UPDATE_IGNORED, cn.lastDropAfterSilence());
        assertTrue(bindings().isEmpty());
    }
}
