package careof.engine.ipsec;

import careof.engine.base.Octets;
import careof.engine.crypto.Authentication;
import careof.engine.crypto.Encryption;
import careof.engine.state.Sa;
import careof.engine.wire.pfkey.PfKeyError;
import careof.engine.wire.pfkey.PfKeyExtension;
import careof.engine.wire.pfkey.PfKeyExtension.Algorithm;
import careof.engine.wire.pfkey.PfKeyExtension.Supported;
import careof.engine.wire.pfkey.PfKeyMessage;
import careof.engine.wire.pfkey.ProposalExtension;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Algorithms and keys as PF_KEY names them, and which of them may be in an SA (RFC 2367 section 3.1.2). */
final class Algorithms {
    /** KAME's number for no authentication, beside 0 of RFC 2367. */
    private static final int NULL_AUTHENTICATION = 251;
    private Algorithms() {}

    static Encryption encryption(Sa.Protocol protocol, int number, boolean desAllowed) throws Refused {
        if (protocol == Sa.Protocol.AH) {
            if (number != 0) {
                throw new Refused(PfKeyError.EINVAL, "AH does not encrypt");
            }
            return Encryption.NONE;
        }
        if (number == 0) {
            throw new Refused(PfKeyError.EINVAL, "ESP without an encryption algorithm");
        }
        for (Encryption encryption : Encryption.values()) {
            if (encryption.pfKey() == number) {
                if (encryption == Encryption.DES_CBC && !desAllowed) {
                    throw new Refused(PfKeyError.EINVAL, "DES is broken and not allowed here");
                }
                return encryption;
            }
        }
        throw new Refused(PfKeyError.ENOSYS, "encryption algorithm " + number + " is unknown");
    }

    static Authentication authentication(int number) throws Refused {
        if (number == NULL_AUTHENTICATION) {
            return Authentication.NULL;
        }
        for (Authentication authentication : Authentication.values()) {
            if (authentication.pfKey() == number) {
                return authentication;
            }
        }
        throw new Refused(PfKeyError.ENOSYS, "authentication algorithm " + number + " is unknown");
    }

    /** Refuses combinations that protect nothing or must not be. */
    static void check(Sa.Protocol protocol, Encryption encryption, Authentication authentication) throws Refused {
        boolean authenticated = authentication != Authentication.NULL;
        if (protocol == Sa.Protocol.AH && !authenticated) {
            throw new Refused(PfKeyError.EINVAL, "AH without authentication");
        }
        if (encryption == Encryption.NULL && !authenticated) {
            throw new Refused(PfKeyError.EINVAL, "ESP that neither encrypts nor authenticates (RFC 4303 section 3.2)");
        }
        if (encryption.isCombined() && authenticated) {
            throw new Refused(PfKeyError.EINVAL, "a combined mode with an authentication algorithm beside it");
        }
        if (encryption == Encryption.AES_CTR && !authenticated) {
            throw new Refused(PfKeyError.EINVAL, "AES-CTR without authentication (RFC 3686 section 2.2)");
        }
    }

    static Octets encryptionKey(PfKeyMessage message, Encryption encryption) throws Refused {
        Octets key = key(message, PfKeyExtension.KEY_ENCRYPT);
        if (encryption != Encryption.NONE && message.find(PfKeyExtension.Key.class, PfKeyExtension.KEY_ENCRYPT).isEmpty()) {
            throw new Refused(PfKeyError.EINVAL, "ESP without a key for encryption; for NULL one of 0 bits");
        }
        if (!encryption.keyLengths().contains(key.length())) {
            throw new Refused(PfKeyError.EINVAL, "a key of " + key.length() + " octets for " + encryption.text());
        }
        if (isWeak(encryption, key)) {
            throw new Refused(PfKeyError.EINVAL, "a weak key for " + encryption.text());
        }
        return key;
    }

    static Octets authenticationKey(PfKeyMessage message, Authentication authentication) throws Refused {
        Octets key = key(message, PfKeyExtension.KEY_AUTH);
        if (key.length() != authentication.key()) {
            throw new Refused(PfKeyError.EINVAL, "a key of " + key.length() + " octets for " + authentication.text());
        }
        return key;
    }

    private static Octets key(PfKeyMessage message, int type) throws Refused {
        Optional<PfKeyExtension.Key> key = message.find(PfKeyExtension.Key.class, type);
        if (key.isPresent() && key.get().bits() % 8 != 0) {
            throw new Refused(PfKeyError.EINVAL, "a key of " + key.get().bits() + " bits");
        }
        return key.map(PfKeyExtension.Key::key).orElse(Octets.EMPTY);
    }

    /** Weak keys of DES; 3DES that is only DES, since two neighbouring parts undo each other (RFC 2451 section 2.3). Parity does not count. */
    private static boolean isWeak(Encryption encryption, Octets key) {
        return switch (encryption) {
            case DES_CBC -> isWeakDes(key);
            case DES3_CBC -> sameDes(key.slice(0, 8), key.slice(8, 16)) || sameDes(key.slice(8, 16), key.slice(16, 24))
                    || isWeakDes(key.slice(0, 8)) || isWeakDes(key.slice(8, 16)) || isWeakDes(key.slice(16, 24));
            case NONE, NULL, AES_CBC, AES_CTR, AES_GCM -> false;
        };
    }

    private static boolean sameDes(Octets one, Octets other) {
        for (int i = 0; i < 8; i++) {
            if ((one.at(i) ^ other.at(i)) > 1) {
                return false;
            }
        }
        return true;
    }

    private static boolean isWeakDes(Octets key) {
        // FIPS 74: the 4 weak and 12 semi-weak keys repeat two octets in each half, and each of both comes from one of four patterns
        return key.at(0) >> 1 == key.at(2) >> 1 && key.at(1) >> 1 == key.at(3) >> 1 && key.at(4) >> 1 == key.at(6) >> 1 && key.at(5) >> 1 == key.at(7) >> 1
                && register(key.at(0), key.at(4)) && register(key.at(1), key.at(5));
    }

    private static boolean register(int first, int second) {
        int a = first & 0xfe;
        int b = second & 0xfe;
        return a == 0x00 && b == 0x00 || a == 0xfe && b == 0xfe || a == 0x1e && b == 0x0e || a == 0xe0 && b == 0xf0;
    }

    /** What a REGISTER is told. */
    static List<PfKeyExtension> supported(int saType, boolean desAllowed) {
        List<PfKeyExtension> supported = new ArrayList<>();
        List<Algorithm> authentications = new ArrayList<>();
        for (Authentication authentication : Authentication.values()) {
            if (authentication != Authentication.NULL) {
                authentications.add(new Algorithm(authentication.pfKey(), 0, 8 * authentication.key(), 8 * authentication.key()));
            }
        }
        supported.add(new Supported(PfKeyExtension.SUPPORTED_AUTH, authentications));
        if (saType != PfKeyMessage.AH) {
            List<Algorithm> encryptions = new ArrayList<>();
            for (Encryption encryption : Encryption.values()) {
                if (encryption != Encryption.NONE && (encryption != Encryption.DES_CBC || desAllowed)) {
                    encryptions.add(new Algorithm(encryption.pfKey(), encryption.iv(), 8 * encryption.keyLengths().getFirst(),
                            8 * encryption.keyLengths().getLast()));
                }
            }
            supported.add(new Supported(PfKeyExtension.SUPPORTED_ENCRYPT, encryptions));
        }
        return supported;
    }

    /** What an ACQUIRE asks for, best first. */
    static ProposalExtension proposal(Sa.Protocol protocol, int replayWindow) {
        List<Authentication> authentications = List.of(Authentication.HMAC_SHA256_128, Authentication.HMAC_SHA1_96, Authentication.AES_XCBC_96,
                Authentication.HMAC_MD5_96);
        List<ProposalExtension.Combination> combinations = new ArrayList<>();
        switch (protocol) {
            case AH -> authentications.forEach(a -> combinations.add(combination(a, Encryption.NONE)));
            case ESP -> {
                combinations.add(combination(Authentication.NULL, Encryption.AES_GCM));
                for (Encryption encryption : List.of(Encryption.AES_CBC, Encryption.AES_CTR, Encryption.DES3_CBC, Encryption.NULL)) {
                    authentications.forEach(a -> combinations.add(combination(a, encryption)));
                }
            }
        }
        return new ProposalExtension(replayWindow, combinations);
    }

    private static ProposalExtension.Combination combination(Authentication a, Encryption e) {
        return new ProposalExtension.Combination(a.pfKey(), e.pfKey(), 0, 8 * a.key(), 8 * a.key(), 8 * e.keyLengths().getFirst(),
                8 * e.keyLengths().getLast(), ProposalExtension.Limits.NONE, ProposalExtension.Limits.NONE);
    }
}
