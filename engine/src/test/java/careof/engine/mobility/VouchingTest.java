package careof.engine.mobility;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import careof.engine.base.Ip6Address;
import careof.engine.base.IpAddress;
import careof.engine.base.Octets;
import careof.engine.crypto.Authentication;
import careof.engine.crypto.Encryption;
import careof.engine.policy.Policy;
import careof.engine.policy.Recommendation;
import careof.engine.stack.Inbound;
import careof.engine.stack.Packet;
import careof.engine.state.AddressRange;
import careof.engine.state.Sa;
import careof.engine.state.Selector;
import careof.engine.wire.ip.Ip6Packet;
import careof.engine.wire.mobility.MobilityMessage.BindingUpdate;
import careof.engine.wire.mobility.MobilityOption;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Which SAs vouch for a home address, and for a care-of address (the draft's sections 2.2 and 2.5). */
class VouchingTest {
    private static final Ip6Address HOME = Ip6Address.parse("2001:db8:1::10");
    private static final Ip6Address OTHER = Ip6Address.parse("2001:db8:1::11");
    private static final Ip6Address CARE_OF = Ip6Address.parse("2001:db8:2::10");
    private static final Ip6Address CN = Ip6Address.parse("2001:db8:9::9");
    private static final Policy WITHOUT_E1 = Policy.without(List.of(Recommendation.E1));
    private static final Policy WITHOUT_E2 = Policy.without(List.of(Recommendation.E2));

    private static Sa sa(Sa.Protocol protocol, Sa.Mode mode, IpAddress source, AddressRange inner, Encryption encryption, Authentication authentication) {
        return new Sa(1, 0x1001, protocol, mode, source, CN, Selector.between(inner, AddressRange.of(CN)), encryption, Octets.EMPTY, authentication, Octets.EMPTY,
                false, 64, 0, Sa.Lifetimes.NONE, Sa.UdpPorts.NONE, Sa.Phase.MATURE, 0);
    }

    private static Sa transport(Sa.Protocol protocol, Encryption encryption, Authentication authentication) {
        return sa(protocol, Sa.Mode.TRANSPORT, HOME, AddressRange.of(HOME), encryption, authentication);
    }

    private static final Sa ESP = transport(Sa.Protocol.ESP, Encryption.AES_CBC, Authentication.HMAC_SHA1_96);
    private static final Sa AH = transport(Sa.Protocol.AH, Encryption.NONE, Authentication.HMAC_SHA1_96);
    private static final Sa TUNNEL = sa(Sa.Protocol.ESP, Sa.Mode.TUNNEL, CARE_OF, AddressRange.of(HOME), Encryption.AES_CBC, Authentication.HMAC_SHA1_96);

    @Test
    void anSaVouchesForItsOwnAddressAlone() {
        for (Sa sa : List.of(ESP, AH, TUNNEL)) {
            assertEquals(Optional.of(sa), Vouching.of(List.of(sa), HOME));
            assertTrue(Vouching.of(List.of(sa), OTHER).isEmpty(), "for somebody else's home address");
        }
        assertTrue(Vouching.of(List.of(), HOME).isEmpty());
    }

    @Test
    void withoutAuthenticationItVouchesForNothing() {
        assertTrue(Vouching.of(List.of(transport(Sa.Protocol.ESP, Encryption.AES_CBC, Authentication.NULL)), HOME).isEmpty());
        Sa combined = transport(Sa.Protocol.ESP, Encryption.AES_GCM, Authentication.NULL);
        assertEquals(Optional.of(combined), Vouching.of(List.of(combined), HOME), "a combined mode cipher authenticates");
    }

    @Test
    void aTunnelForManyVouchesForNoneOfThem() {
        Sa ofAll = sa(Sa.Protocol.ESP, Sa.Mode.TUNNEL, CN, AddressRange.ALL_IP6, Encryption.AES_CBC, Authentication.HMAC_SHA1_96);
        assertTrue(Vouching.of(List.of(ofAll), HOME).isEmpty());
        assertEquals(Optional.of(ESP), Vouching.of(List.of(ofAll, ESP), HOME), "what is inside may");
    }

    @Test
    void registrationsAreVouchedForWhereE1IsOn() {
        assertEquals(Optional.of(ESP), Vouching.ofRegistration(Policy.ALL_ON, List.of(ESP), HOME));
        assertTrue(Vouching.ofRegistration(WITHOUT_E1, List.of(ESP), HOME).isEmpty());
    }

    @Test
    void theCareOfAddressIsToldInsideUnderEspOnly() {
        List<MobilityOption> told = List.of(new MobilityOption.AlternateCareOfAddress(CARE_OF));
        assertEquals(told, Vouching.careOfOption(Policy.ALL_ON, List.of(ESP), CARE_OF));
        assertEquals(List.of(), Vouching.careOfOption(Policy.ALL_ON, List.of(AH), CARE_OF), "AH covers the source address");
        assertEquals(List.of(), Vouching.careOfOption(Policy.ALL_ON, List.of(ESP, AH), CARE_OF));
        assertEquals(List.of(), Vouching.careOfOption(WITHOUT_E2, List.of(ESP), CARE_OF));
    }

    private static Inbound in(Optional<Ip6Address> careOf, Optional<IpAddress> tunnel, Sa... sas) {
        Ip6Packet ip = Ip6Packet.of(HOME, CN, 59, Octets.EMPTY);
        return new Inbound(new Packet(1, 0, true, ip.toOctets()), null, ip, careOf, Optional.empty(), tunnel, 0, List.of(sas));
    }

    private static BindingUpdate update(MobilityOption... options) {
        return new BindingUpdate(1, true, false, false, false, 100, List.of(options));
    }

    @Test
    void whatABindingUpdateSaysGoesBeforeWhereItCameFrom() {
        MobilityOption told = new MobilityOption.AlternateCareOfAddress(CARE_OF);
        assertEquals(CARE_OF, Vouching.careOf(in(Optional.of(OTHER), Optional.empty(), ESP), update(told)));
        assertEquals(OTHER, Vouching.careOf(in(Optional.of(OTHER), Optional.empty(), ESP), update()), "without it, the source on the wire");
        assertEquals(OTHER, Vouching.careOf(in(Optional.empty(), Optional.of(OTHER), TUNNEL), update()), "or that of its own tunnel");
        assertEquals(HOME, Vouching.careOf(in(Optional.empty(), Optional.empty(), ESP), update()));
    }

    @Test
    void aHomeAgentsTunnelSaysNothingOfTheSender() {
        Sa ofAll = sa(Sa.Protocol.ESP, Sa.Mode.TUNNEL, OTHER, AddressRange.ALL_IP6, Encryption.AES_CBC, Authentication.HMAC_SHA1_96);
        assertEquals(HOME, Vouching.careOf(in(Optional.empty(), Optional.of(OTHER), ofAll), update()));
        assertEquals(HOME, Vouching.careOf(in(Optional.empty(), Optional.of(OTHER)), update()), "nor does one without protection");
    }
}
