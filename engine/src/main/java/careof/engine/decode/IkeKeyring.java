package careof.engine.decode;

import careof.engine.base.Malformed;
import careof.engine.base.Octets;
import careof.engine.crypto.IkeCipher;
import careof.engine.crypto.IkeHash;
import careof.engine.crypto.IkeKeys;
import careof.engine.wire.isakmp.IsakmpMessage;
import careof.engine.wire.isakmp.PayloadChain;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What opens the messages of one phase one: the key of its cipher, and the cipher blocks that may have been an IV. A message does not tell
 * its IV (RFC 2409 appendix B); of those that it may be, the one is right that gives payloads.
 */
final class IkeKeyring {
    /** IVs of phase one: the first one, and what its two or three encrypted messages end in; a few more if two nodes see different ones. */
    private static final int MOST_PHASE_ONE = 16;
    /** IVs of one exchange after it. */
    private static final int MOST_EXCHANGE = 8;
    /** Exchanges with IVs of their own; the oldest ones are forgotten. */
    private static final int MOST_EXCHANGES = 1 << 16;

    private final IkeCipher cipher;
    private final IkeHash hash;
    private final Octets key;
    private final List<Octets> phaseOne = new ArrayList<>();
    private final Map<Long, List<Octets>> exchanges = new LinkedHashMap<>();

    /**
     * @param key as long as the cipher takes
     */
    IkeKeyring(IkeCipher cipher, IkeHash hash, Octets key) {
        this.cipher = cipher;
        this.hash = hash;
        this.key = key;
    }

    boolean isFor(IkeCipher otherCipher, IkeHash otherHash, Octets otherKey) {
        return cipher == otherCipher && hash == otherHash && key.equals(otherKey);
    }

    /** Learns an IV of an encrypted message: of phase one for message id 0, from which those of later exchanges are made, too. */
    void learn(long messageId, Octets iv) {
        if (iv.length() != cipher.block()) {
            return;
        }
        if (messageId == 0) {
            add(phaseOne, iv, MOST_PHASE_ONE);
            return;
        }
        if (!exchanges.containsKey(messageId) && exchanges.size() == MOST_EXCHANGES) {
            exchanges.remove(exchanges.keySet().iterator().next());
        }
        add(exchanges.computeIfAbsent(messageId, _ -> new ArrayList<>(2)), iv, MOST_EXCHANGE);
    }

    private static void add(List<Octets> to, Octets iv, int most) {
        if (!to.contains(iv)) {
            to.addFirst(iv);
            if (to.size() > most) {
                to.removeLast();
            }
        }
    }

    /** The last block of an encrypted message: the IV of what follows it in its exchange. */
    void learnFrom(IsakmpMessage message) {
        Octets body = message.body();
        if (body.length() >= cipher.block()) {
            learn(message.header().messageId(), body.from(body.length() - cipher.block()));
        }
    }

    /** The payloads and their padding; empty where no IV gives any. */
    Optional<Octets> open(IsakmpMessage message) {
        if (message.body().isEmpty() || message.body().length() % cipher.block() != 0) {
            return Optional.empty();
        }
        Octets without = cipher.decrypt(key, Octets.zeros(cipher.block()), message.body());
        for (Octets iv : ivs(message.header().messageId())) {
            Octets plain = withIv(without, iv);
            try {
                if (!PayloadChain.parse(message.header().nextPayload(), plain).links().isEmpty()) {
                    return Optional.of(plain);
                }
            } catch (Malformed e) {
                // another IV, then
            }
        }
        return Optional.empty();
    }

    /** An IV changes the first block only. */
    private static Octets withIv(Octets plain, Octets iv) {
        byte[] octets = plain.toArray();
        for (int i = 0; i < iv.length(); i++) {
            octets[i] ^= (byte) iv.at(i);
        }
        return Octets.wrap(octets);
    }

    private List<Octets> ivs(long messageId) {
        if (messageId == 0) {
            return phaseOne;
        }
        List<Octets> ivs = new ArrayList<>(exchanges.getOrDefault(messageId, List.of()));
        phaseOne.forEach(iv -> ivs.add(IkeKeys.phaseTwoIv(hash, cipher, iv, messageId)));
        return ivs;
    }
}
