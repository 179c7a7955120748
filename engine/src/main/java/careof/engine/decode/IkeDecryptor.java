package careof.engine.decode;

import careof.engine.base.IpAddress;
import careof.engine.base.Malformed;
import careof.engine.base.OctetWriter;
import careof.engine.base.Octets;
import careof.engine.crypto.IkeCipher;
import careof.engine.crypto.IkeHash;
import careof.engine.crypto.IkeKeys;
import careof.engine.wire.isakmp.IsakmpHeader;
import careof.engine.wire.isakmp.IsakmpMessage;
import careof.engine.wire.isakmp.Payload;
import careof.engine.wire.isakmp.PayloadChain;
import careof.engine.wire.isakmp.PhaseOneAttribute;
import careof.engine.wire.isakmp.SecurityAssociation;
import careof.engine.wire.isakmp.Transform;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Opens the ISAKMP messages of a capture with no more than initiator cookies and keys, as Wireshark does: cipher, hash and public values are read
 * from the messages in the clear, IVs from those that are encrypted. So it must be asked about all messages, in order; asking twice does no harm.
 * One object serves several threads. Fragments are put together, for the sake of what follows them.
 */
public final class IkeDecryptor implements Opener {
    private static final class PhaseOne {
        private final Octets key;
        private Optional<IpAddress> initiator = Optional.empty();
        private Optional<IkeCipher> cipher = Optional.empty();
        private Optional<IkeHash> hash = Optional.empty();
        private Octets publicI = Octets.EMPTY;
        private Octets publicR = Octets.EMPTY;
        private Optional<IkeKeyring> keys = Optional.empty();
        /** Who sent the first message of each exchange after phase one. */
        private final Map<Long, IpAddress> starters = new LinkedHashMap<>();
        private final Pieces pieces = new Pieces();

        PhaseOne(Octets key) {
            this.key = key;
        }
    }

    private final Map<Long, PhaseOne> known = new LinkedHashMap<>();

    /**
     * @param keys of the ciphers of phase ones (Ka in RFC 2409 appendix B), by initiator cookie
     */
    public IkeDecryptor(Map<Long, Octets> keys) {
        keys.forEach((cookie, key) -> known.put(cookie, new PhaseOne(key)));
    }

    @Override
    public Optional<Opened> esp(IpAddress destination, IpAddress finalDestination, Octets esp) {
        return Optional.empty();
    }

    @Override
    public Optional<Opened> ah(Octets packet) {
        return Optional.empty();
    }

    @Override
    public boolean isEsp(int sourcePort, int destinationPort, Octets data) {
        return false;
    }

    @Override
    public synchronized Ike isakmp(IsakmpMessage message, IpAddress source) {
        PhaseOne phaseOne = known.get(message.header().initiatorCookie());
        if (phaseOne == null) {
            return Ike.UNKNOWN;
        }
        long messageId = message.header().messageId();
        Optional<IpAddress> starter = messageId == 0 ? phaseOne.initiator : Optional.of(phaseOne.starters.computeIfAbsent(messageId, _ -> source));
        if (message.isEncrypted()) {
            Optional<Octets> plain = phaseOne.keys.flatMap(keys -> keys.open(message));
            plain.ifPresent(_ -> phaseOne.keys.get().learnFrom(message));
            return new Ike(plain, starter.map(source::equals));
        }
        try {
            PayloadChain chain = message.chain();
            Optional<Payload.Fragment> piece = chain.find(Payload.Fragment.class);
            if (piece.isPresent()) {
                Optional<IsakmpMessage> whole = phaseOne.pieces.add(piece.get(), source);
                if (whole.isPresent()) {
                    whole(phaseOne, whole.get(), source);
                }
            } else {
                clear(phaseOne, message.header(), chain, source);
            }
        } catch (Malformed e) {
            // nothing to learn
        }
        return new Ike(Optional.empty(), (messageId == 0 ? phaseOne.initiator : starter).map(source::equals));
    }

    /** What fragments made; one within it is not looked at, so that they cannot be nested without end. */
    private void whole(PhaseOne phaseOne, IsakmpMessage message, IpAddress source) throws Malformed {
        if (message.isEncrypted()) {
            isakmp(message, source);
        } else {
            clear(phaseOne, message.header(), message.chain(), source);
        }
    }

    private static void clear(PhaseOne phaseOne, IsakmpHeader header, PayloadChain chain, IpAddress source) {
        if (header.exchange() != IsakmpHeader.IDENTITY_PROTECTION && header.exchange() != IsakmpHeader.AGGRESSIVE) {
            return;
        }
        if (header.responderCookie() == 0) {
            phaseOne.initiator = Optional.of(source);
        } else {
            chain.find(SecurityAssociation.class).ifPresent(chosen -> chosen(phaseOne, chosen));
        }
        Optional<Payload.KeyExchange> exchange = chain.find(Payload.KeyExchange.class);
        if (exchange.isPresent()) {
            phaseOne.initiator = phaseOne.initiator.or(() -> Optional.of(source));    // the first public value is the initiator's
            if (phaseOne.initiator.get().equals(source)) {
                phaseOne.publicI = exchange.get().data();
            } else {
                phaseOne.publicR = exchange.get().data();
            }
        }
        begin(phaseOne);
    }

    private static void chosen(PhaseOne phaseOne, SecurityAssociation association) {
        if (association.proposals().size() == 1 && association.proposals().getFirst().transforms().size() == 1) {
            Transform transform = association.proposals().getFirst().transforms().getFirst();
            phaseOne.cipher = number(transform, PhaseOneAttribute.ENCRYPTION).flatMap(IkeCipher::of);
            phaseOne.hash = number(transform, PhaseOneAttribute.HASH).flatMap(IkeHash::of);
        }
    }

    private static Optional<Integer> number(Transform transform, int type) {
        OptionalLong value = transform.attribute(type).map(attribute -> attribute.longValue()).orElse(OptionalLong.empty());
        return value.isPresent() && value.getAsLong() < 0x10000 ? Optional.of((int) value.getAsLong()) : Optional.empty();
    }

    private static void begin(PhaseOne phaseOne) {
        if (phaseOne.keys.isPresent() || phaseOne.cipher.isEmpty() || phaseOne.hash.isEmpty() || phaseOne.publicI.isEmpty()
                || phaseOne.publicR.isEmpty() || !phaseOne.cipher.get().keyLengths().contains(phaseOne.key.length())) {
            return;
        }
        IkeKeyring keys = new IkeKeyring(phaseOne.cipher.get(), phaseOne.hash.get(), phaseOne.key);
        keys.learn(0, IkeKeys.phaseOneIv(phaseOne.hash.get(), phaseOne.cipher.get(), phaseOne.publicI, phaseOne.publicR));
        phaseOne.keys = Optional.of(keys);
    }

    /** The pieces of one message. */
    private static final class Pieces {
        private final SortedMap<Integer, Octets> byNumber = new TreeMap<>();
        private Optional<IpAddress> source = Optional.empty();
        private int id;
        private int last;

        /** The message that a piece completes. */
        Optional<IsakmpMessage> add(Payload.Fragment piece, IpAddress from) {
            if (piece.id() != id || !source.equals(Optional.of(from))) {
                byNumber.clear();
                id = piece.id();
                source = Optional.of(from);
                last = 0;
            }
            byNumber.put(piece.number(), piece.data());
            last = piece.isLast() ? piece.number() : last;
            int length = byNumber.values().stream().mapToInt(Octets::length).sum();
            if (length > IsakmpMessage.MAX) {
                byNumber.clear();
            }
            if (byNumber.size() != last || byNumber.isEmpty() || byNumber.firstKey() != 1 || byNumber.lastKey() != last) {
                return Optional.empty();
            }
            OctetWriter out = new OctetWriter(length);
            byNumber.values().forEach(out::octets);
            byNumber.clear();
            try {
                return Optional.of(IsakmpMessage.parse(out.toOctets()));
            } catch (Malformed e) {
                return Optional.empty();
            }
        }
    }
}
