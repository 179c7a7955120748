package careof.engine.wire.mobility;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import careof.engine.base.Checksum;
import careof.engine.base.Ip6Address;
import careof.engine.base.Malformed;
import careof.engine.base.OctetWriter;
import careof.engine.base.Octets;
import careof.engine.wire.Arbitrary;
import careof.engine.wire.Laws;
import careof.engine.wire.Scapy;
import careof.engine.wire.SecondChecksum;
import careof.engine.wire.ip.ExtensionHeader;
import careof.engine.wire.ip.Ip6Option;
import careof.engine.wire.ip.Ip6Packet;
import careof.engine.wire.ip.IpProtocol;
import careof.engine.wire.mobility.MobilityMessage.*;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MobilityWireTest {
    private static final Ip6Address S = Ip6Address.parse("2001:db8:1::1");
    private static final Ip6Address D = Ip6Address.parse("2001:db8:2::2");
    private static final Ip6Address H = Ip6Address.parse("2001:db8:3::3");
    private static final Ip6Address C = Ip6Address.parse("2001:db8:4::4");
    private static final long COOKIE = 0x0102030405060708L;
    private static final long TOKEN = 0x1112131415161718L;
    private static final Octets AUTHENTICATOR = Octets.hex("0102030405060708090a0b0c");
    private static final BindingUpdate HOME_UPDATE =
            new BindingUpdate(0x4242, true, true, false, false, 3, List.of(new MobilityOption.AlternateCareOfAddress(C)));
    private static final BindingUpdate CORRESPONDENT_UPDATE = new BindingUpdate(0x4242, true, false, false, false, 105,
            List.of(new MobilityOption.NonceIndices(7, 9), new MobilityOption.BindingAuthorizationData(AUTHENTICATOR)));
    private static final BindingAcknowledgement ACKNOWLEDGEMENT =
            new BindingAcknowledgement(0, true, 0x4242, 105, List.of(new MobilityOption.BindingRefreshAdvice(50)));

    private static void same(String scapy, MobilityMessage message) throws Malformed {
        MobilityHeader header = MobilityHeader.of(message);
        assertEquals(scapy, Ip6Packet.of(S, D, IpProtocol.MOBILITY, header.toOctets(S, D)).toOctets().toHex());
        assertEquals(header, MobilityHeader.parse(Ip6Packet.parse(Octets.hex(scapy)).payload(), S, D));
    }

    @Test
    void messagesAreThoseOfScapy() throws Malformed {
        same(Scapy.BRR, new BindingRefreshRequest(List.of()));
        same(Scapy.HOTI, new HomeTestInit(COOKIE, List.of()));
        same(Scapy.COTI, new CareOfTestInit(COOKIE, List.of()));
        same(Scapy.HOT, new HomeTest(0x1122, COOKIE, TOKEN, List.of()));
        same(Scapy.COT, new CareOfTest(0x1122, COOKIE, TOKEN, List.of()));
        same(Scapy.BU, HOME_UPDATE);
        same(Scapy.BU_RR, CORRESPONDENT_UPDATE);
        same(Scapy.BA, ACKNOWLEDGEMENT);
        same(Scapy.BE, new BindingError(1, H, List.of()));
    }

    @Test
    void checksumsCountTheHomeAddress() throws Malformed {
        Octets update = MobilityHeader.of(HOME_UPDATE).toOctets(H, D);
        assertEquals(Scapy.BU_HAO, Ip6Packet.of(S, D, IpProtocol.MOBILITY, update)
                .withExtensions(List.of(ExtensionHeader.DestinationOptions.of(new Ip6Option.HomeAddress(H)))).toOctets().toHex());
        Octets acknowledgement = MobilityHeader.of(ACKNOWLEDGEMENT).toOctets(S, H);
        assertEquals(Scapy.BA_RH2, Ip6Packet.of(S, D, IpProtocol.MOBILITY, acknowledgement)
                .withExtensions(List.of(new ExtensionHeader.Type2Routing(1, H))).toOctets().toHex());
        assertEquals("Mobility Header checksum",
                assertThrows(Malformed.class, () -> MobilityHeader.parse(update, S, D)).getMessage());
    }

    @Test
    void theAuthenticatorCoversAllBeforeIt() throws Malformed {
        MobilityHeader header = MobilityHeader.of(CORRESPONDENT_UPDATE);
        Octets expected = Octets.hex("3b03050000004242800000690404000700090" + "50c");
        assertEquals(expected, header.authenticatedPart());
        assertEquals(expected, MobilityHeader.authenticatedPart(header.toOctets(S, D)));
        Octets reserved = new OctetWriter().octets(header.toOctets(S, D)).patch8(3, 0xaa).patch8(9, 0x55).toOctets();
        assertEquals(Octets.hex("3b0305aa00004242805500690404000700090" + "50c"), MobilityHeader.authenticatedPart(reserved));
        assertEquals(header.authenticatedPart(), header.withAuthenticator(Octets.zeros(12)).authenticatedPart());
        assertEquals(header, header.withAuthenticator(Octets.zeros(12)).withAuthenticator(AUTHENTICATOR));
        assertThrows(Malformed.class, () -> MobilityHeader.authenticatedPart(MobilityHeader.of(HOME_UPDATE).toOctets(S, D)));
        Octets notLast = new MobilityHeader(59, new BindingRefreshRequest(List.of(
                new MobilityOption.BindingAuthorizationData(AUTHENTICATOR), new MobilityOption.Pad1(), new MobilityOption.Pad1())))
                .toOctets(S, D);
        assertThrows(Malformed.class, () -> MobilityHeader.authenticatedPart(notLast));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void whatIsWrittenIsReadAgainWithARightChecksum(long seed) throws Malformed {
        Arbitrary any = new Arbitrary(seed);
        for (int i = 0; i < 3000; i++) {
            Ip6Address s = any.ip6();
            Ip6Address d = any.ip6();
            MobilityHeader header = any.mobility(i % Arbitrary.MOBILITY_KINDS);
            Octets octets = header.toOctets(s, d);
            assertTrue(SecondChecksum.right(s.octets(), d.octets(), IpProtocol.MOBILITY, octets));
            assertEquals(header, MobilityHeader.parse(octets, s, d));
            assertEquals(header.message().size(), octets.length());
            Laws.writtenThenRead(any.mobilityOption(), MobilityOption::emit, MobilityOption::parse);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void badOctetsAreMalformedOrStable(long seed) {
        Arbitrary any = new Arbitrary(seed);
        int read = 0;
        for (int i = 0; i < 20000; i++) {
            Octets octets = i % 4 == 0 ? any.octets(any.below(60)) : any.mutated(any.mobility().toOctets(S, D));
            if (octets.length() >= 6 && i % 8 != 0) {
                OctetWriter right = new OctetWriter().octets(octets).patch8(1, octets.length() / 8 - 1).patch16(4, 0);
                octets = right.patch16(4, Checksum.ip6(S, D, IpProtocol.MOBILITY, right.toOctets())).toOctets();
            }
            read += Laws.malformedOrStable(octets, o -> MobilityHeader.parse(o, S, D), h -> h.toOctets(S, D)) ? 1 : 0;
            try {
                MobilityHeader.authenticatedPart(octets);
            } catch (Malformed expected) {
                assertFalse(expected.getMessage().isEmpty());
            }
        }
        assertTrue(read > 3000, "only " + read + " were readable: the property was hardly tested");
    }

    @Test
    void optionsAreAlignedByPadding() {
        for (long seed = 0; seed < 500; seed++) {
            Arbitrary any = new Arbitrary(seed);
            MobilityOption front = new MobilityOption.Unknown(200, Octets.zeros(any.below(9)));
            MobilityMessage message = MobilityHeader.of(new BindingUpdate(1, true, false, false, false, 1, List.of(front,
                    any.bool() ? new MobilityOption.NonceIndices(1, 2) : new MobilityOption.BindingRefreshAdvice(3),
                    any.bool() ? new MobilityOption.Ip4CareOfAddress(any.ip4()) : new MobilityOption.NatDetection(true, 110),
                    new MobilityOption.AlternateCareOfAddress(C), new MobilityOption.BindingAuthorizationData(AUTHENTICATOR)))).message();
            int at = 12;
            for (MobilityOption option : message.options()) {
                int place = at;
                switch (option) {
                    case MobilityOption.NonceIndices _, MobilityOption.BindingRefreshAdvice _ -> assertEquals(0, place % 2);
                    case MobilityOption.AlternateCareOfAddress _ -> assertEquals(6, place % 8);
                    case MobilityOption.BindingAuthorizationData _ -> assertEquals(2, place % 8);
                    case MobilityOption.Ip4HomeAddress _, MobilityOption.Ip4AddressAcknowledgement _, MobilityOption.NatDetection _,
                            MobilityOption.Ip4CareOfAddress _ -> assertEquals(0, place % 4);
                    case MobilityOption.Pad1 _, MobilityOption.PadN _, MobilityOption.Unknown _ -> { }
                }
                at += option.size();
            }
            assertEquals(0, at % 8);
            assertTrue(message.options().getLast() instanceof MobilityOption.BindingAuthorizationData);
        }
    }

    @Test
    void wrongLengthsPointAtTheLengthField() {
        Octets update = Octets.hex(Scapy.BU).from(40);
        at(1, "Mobility Header length is 32, 24 octets are there", update.slice(0, 24));
        at(1, "Mobility Header of 8 octets is too short for a Binding Update", Octets.hex("3b00050000000000"));
        at(15, "mobility option 3 has length 15, not 16", Octets.hex(update.toHex().replace("0310", "030f").substring(0, 64)));
    }

    /** Malformed at this offset even with a right checksum. */
    private static void at(int offset, String why, Octets header) {
        OctetWriter right = new OctetWriter().octets(header).patch16(4, 0);
        right.patch16(4, Checksum.ip6(S, D, IpProtocol.MOBILITY, right.toOctets()));
        Malformed thrown = assertThrows(Malformed.class, () -> MobilityHeader.parse(right.toOctets(), S, D));
        assertEquals(why, thrown.getMessage());
        assertEquals(offset, thrown.at());
    }

    @Test
    void statusesHaveNames() {
        assertTrue(BindingStatus.isAccepted(BindingStatus.ACCEPTED_PREFIX_DISCOVERY_NECESSARY));
        assertFalse(BindingStatus.isAccepted(BindingStatus.REASON_UNSPECIFIED));
        assertEquals("sequence number out of window", BindingStatus.name(135));
        assertEquals("unknown binding for Home Address option", BindingStatus.errorName(1));
    }
}
