package careof.engine.decode;

import careof.engine.base.Ip6Address;
import careof.engine.base.OctetWriter;
import careof.engine.base.Octets;
import careof.engine.crypto.IkeCipher;
import careof.engine.crypto.IkeHash;
import careof.engine.crypto.IkeKeys;
import careof.engine.state.IkeExchange;
import careof.engine.state.IkeSa;
import careof.engine.state.State;
import careof.engine.trace.Detail;
import careof.engine.trace.Reason;
import careof.engine.trace.TraceEvent;
import careof.engine.trace.TraceStore;
import careof.engine.wire.Arbitrary;
import careof.engine.wire.ip.Ip6Packet;
import careof.engine.wire.ip.IpProtocol;
import careof.engine.wire.ip.Udp;
import careof.engine.wire.isakmp.Attribute;
import careof.engine.wire.isakmp.Identification;
import careof.engine.wire.isakmp.IpsecAttribute;
import careof.engine.wire.isakmp.IsakmpHeader;
import careof.engine.wire.isakmp.IsakmpMessage;
import careof.engine.wire.isakmp.Notification;
import careof.engine.wire.isakmp.NotifyType;
import careof.engine.wire.isakmp.Payload;
import careof.engine.wire.isakmp.PayloadChain;
import careof.engine.wire.isakmp.PhaseOneAttribute;
import careof.engine.wire.isakmp.Proposal;
import careof.engine.wire.isakmp.SecurityAssociation;
import careof.engine.wire.isakmp.SecurityProtocol;
import careof.engine.wire.isakmp.Transform;
import careof.engine.wire.isakmp.TransformId;
import careof.engine.wire.isakmp.VendorIds;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What two peers say to each other from main mode to a deletion, encrypted and chained as RFC 2409 appendix B has it, with the rows that their
 * nodes would have. Hashes and signatures are any octets.
 */
final class IkeTalk {
    static final Ip6Address INITIATOR = Ip6Address.parse("2001:db8:1::1");
    static final Ip6Address RESPONDER = Ip6Address.parse("2001:db8:2::2");

    /**
     * One message.
     *
     * @param plain of an encrypted one, its payloads and padding
     */
    record Said(boolean fromInitiator, IsakmpMessage message, Octets plain, String name) {
        Ip6Packet packet() {
            return packet(message.toOctets());
        }

        Ip6Packet packet(Octets octets) {
            Ip6Address from = fromInitiator ? INITIATOR : RESPONDER;
            Ip6Address to = fromInitiator ? RESPONDER : INITIATOR;
            return Ip6Packet.of(from, to, IpProtocol.UDP, new Udp(500, 500, octets).toOctets(from, to));
        }
    }

    final long initiatorCookie = 0x0102030405060708L;
    final long responderCookie = 0x1112131415161718L;
    final IkeCipher cipher;
    final IkeHash hash;
    final Octets key;
    final List<Said> all = new ArrayList<>();
    /** Rows of both nodes, in order. */
    final List<TraceEvent> rows = new ArrayList<>();
    private final Arbitrary any;
    private Octets phaseOne = Octets.EMPTY;
    private final Map<Long, Octets> exchanges = new LinkedHashMap<>();

    IkeTalk(IkeCipher cipher, int keyLength, IkeHash hash, long seed) {
        any = new Arbitrary(seed);
        this.cipher = cipher;
        this.hash = hash;
        key = IkeKeys.of(hash, any.octets(hash.length()), any.octets(256), cookie(initiatorCookie), cookie(responderCookie)).cipherKey(keyLength);
    }

    private static Octets cookie(long value) {
        return new OctetWriter(8).u64(value).toOctets();
    }

    /** Main mode with certificates, both quick modes, dead peer detection, deletion. */
    static IkeTalk whole(IkeCipher cipher, int keyLength, IkeHash hash, long seed, Octets certificate) {
        IkeTalk talk = new IkeTalk(cipher, keyLength, hash, seed);
        talk.mainMode(certificate);
        talk.quickMode(true, 0x1000_0001L);
        talk.quickMode(false, 0xf000_0002L);
        talk.say(true, IsakmpHeader.INFORMATIONAL, 0x33, "DPD?", talk.hash(), Notification.ofIsakmp(NotifyType.R_U_THERE, talk.initiatorCookie,
                talk.responderCookie, Octets.hex("00000007")));
        talk.say(false, IsakmpHeader.INFORMATIONAL, 0x34, "DPD", talk.hash(), Notification.ofIsakmp(NotifyType.R_U_THERE_ACK, talk.initiatorCookie,
                talk.responderCookie, Octets.hex("00000007")));
        talk.say(true, IsakmpHeader.INFORMATIONAL, 0x35, "INFO", talk.hash(), new Notification(1, SecurityProtocol.ESP, NotifyType.RESPONDER_LIFETIME,
                Octets.hex("00001001"), Octets.hex("80010001800203e8")));
        talk.say(false, IsakmpHeader.INFORMATIONAL, 0x36, "DEL", talk.hash(), new Payload.Delete(1, SecurityProtocol.ESP, 4,
                List.of(Octets.hex("00001001"), Octets.hex("00001002"))));
        return talk;
    }

    private Payload.Hash hash() {
        return new Payload.Hash(any.octets(hash.length()));
    }

    private SecurityAssociation phaseOneAssociation() {
        List<Attribute> attributes = new ArrayList<>();
        attributes.add(Attribute.of(PhaseOneAttribute.ENCRYPTION, cipher.number()));
        if (cipher.isLengthNegotiated()) {
            attributes.add(Attribute.of(PhaseOneAttribute.KEY_LENGTH, 8L * key.length()));
        }
        attributes.add(Attribute.of(PhaseOneAttribute.HASH, hash.number()));
        attributes.add(Attribute.of(PhaseOneAttribute.AUTHENTICATION, PhaseOneAttribute.RSA_SIGNATURES));
        attributes.add(Attribute.of(PhaseOneAttribute.GROUP, 14));
        attributes.add(Attribute.of(PhaseOneAttribute.LIFE_TYPE, PhaseOneAttribute.SECONDS));
        attributes.add(Attribute.of(PhaseOneAttribute.LIFE_DURATION, 86400));
        return SecurityAssociation.of(new Proposal(1, SecurityProtocol.ISAKMP, Octets.EMPTY, List.of(new Transform(1, TransformId.KEY_IKE, attributes))));
    }

    private void mainMode(Octets certificate) {
        int mode = IsakmpHeader.IDENTITY_PROTECTION;
        all.add(new Said(true, IsakmpMessage.clear(IsakmpHeader.of(initiatorCookie, 0, mode, 0), List.of(phaseOneAssociation(),
                new Payload.VendorId(VendorIds.DPD), new Payload.VendorId(VendorIds.NAT_TRAVERSAL))), Octets.EMPTY, "MM1"));
        say(false, mode, 0, "MM2", phaseOneAssociation(), new Payload.VendorId(VendorIds.DPD));
        Octets publicI = any.octets(256);
        Octets publicR = any.octets(256);
        say(true, mode, 0, "MM3", new Payload.KeyExchange(publicI), new Payload.Nonce(any.octets(16)), new Payload.NatDiscovery(any.octets(hash.length())));
        say(false, mode, 0, "MM4", new Payload.KeyExchange(publicR), new Payload.Nonce(any.octets(24)), new Payload.CertificateRequest(4, Octets.EMPTY));
        phaseOne = IkeKeys.phaseOneIv(hash, cipher, publicI, publicR);
        row("MM4 sent");
        say(true, mode, 0, "MM5", Identification.fqdn("mn.lab"), new Payload.Certificate(4, certificate), new Payload.Signature(any.octets(256)),
                Notification.ofIsakmp(NotifyType.INITIAL_CONTACT, initiatorCookie, responderCookie, Octets.EMPTY));
        say(false, mode, 0, "MM6", Identification.of(RESPONDER), new Payload.Signature(any.octets(256)));
    }

    private void quickMode(boolean fromInitiator, long messageId) {
        SecurityAssociation association = SecurityAssociation.of(new Proposal(1, SecurityProtocol.ESP, Octets.hex("00001001"), List.of(new Transform(1,
                TransformId.ESP_AES_CBC, List.of(Attribute.of(IpsecAttribute.LIFE_TYPE, IpsecAttribute.SECONDS),
                Attribute.of(IpsecAttribute.LIFE_DURATION, 3600), Attribute.of(IpsecAttribute.ENCAPSULATION, IpsecAttribute.TRANSPORT),
                Attribute.of(IpsecAttribute.AUTHENTICATION, IpsecAttribute.HMAC_SHA), Attribute.of(IpsecAttribute.KEY_LENGTH, 128))))));
        Identification home = Identification.of(INITIATOR).withSelector(IpProtocol.MOBILITY, 0);
        Identification agent = Identification.of(RESPONDER).withSelector(IpProtocol.MOBILITY, 0);
        int mode = IsakmpHeader.QUICK_MODE;
        say(fromInitiator, mode, messageId, "QM1", hash(), association, new Payload.Nonce(any.octets(16)), home, agent);
        say(!fromInitiator, mode, messageId, "QM2", hash(), association, new Payload.Nonce(any.octets(16)), home, agent);
        say(fromInitiator, mode, messageId, "QM3", hash());
    }

    private void say(boolean fromInitiator, int exchange, long messageId, String name, Payload... payloads) {
        IsakmpHeader header = IsakmpHeader.of(initiatorCookie, responderCookie, exchange, messageId);
        IsakmpMessage clear = IsakmpMessage.clear(header, List.of(payloads));
        if (phaseOne.isEmpty()) {
            all.add(new Said(fromInitiator, clear, Octets.EMPTY, name));
            return;
        }
        Octets emitted = PayloadChain.emit(List.of(payloads));
        OctetWriter padded = new OctetWriter().octets(emitted);
        while (padded.length() % cipher.block() != 0) {
            padded.u8(0);
        }
        Octets iv = messageId == 0 ? phaseOne
                : exchanges.getOrDefault(messageId, IkeKeys.phaseTwoIv(hash, cipher, phaseOne, messageId));
        Octets encrypted = cipher.encrypt(key, iv, padded.toOctets());
        Octets last = encrypted.from(encrypted.length() - cipher.block());
        all.add(new Said(fromInitiator, IsakmpMessage.encrypted(clear.header(), encrypted), padded.toOctets(), name));
        if (messageId == 0) {
            phaseOne = last;
            row(name + " sent");
        } else {
            exchanges.put(messageId, last);
            boolean starter = all.stream().filter(said -> said.message.header().messageId() == messageId).findFirst().orElseThrow().fromInitiator;
            change("mn", new IkeExchange(1, messageId, IkeExchange.Kind.QUICK, starter, name + " sent", 0, last));
            change("ha", new IkeExchange(1, messageId, IkeExchange.Kind.QUICK, !starter, name + " sent", 0, last));
        }
    }

    private void row(String step) {
        for (boolean initiator : new boolean[] {true, false}) {
            change(initiator ? "mn" : "ha", new IkeSa(1, "", initiator, IkeSa.Exchange.MAIN, IkeSa.Phase.NEGOTIATING, initiatorCookie, responderCookie,
                    initiator ? INITIATOR : RESPONDER, initiator ? RESPONDER : INITIATOR, "", "", IkeSa.Method.RSA_SIGNATURES,
                    cipher.text() + "-" + 8 * key.length() + " " + hash.text() + " modp-2048", key, phaseOne, step, 0, 0, 0));
        }
    }

    private void change(String node, State row) {
        rows.add(new TraceEvent.Changed(rows.size() + 1, 0, node, 0, 0, 0, Optional.empty(), Optional.of(row), Reason.CONFIGURED, List.of()));
    }

    /** The trace of nothing but the rows. */
    TraceStore trace() {
        TraceStore trace = new TraceStore(Detail.FULL);
        rows.forEach(trace::append);
        return trace;
    }

    /** An opener with the rows of some nodes. */
    KnownSas known(String... nodes) {
        KnownSas known = new KnownSas();
        rows.stream().filter(row -> List.of(nodes).contains(row.node())).forEach(known::accept);
        return known;
    }
}
