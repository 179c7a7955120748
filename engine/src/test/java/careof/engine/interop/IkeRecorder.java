package careof.engine.interop;

import careof.engine.base.Ip6Address;
import careof.engine.base.OctetWriter;
import careof.engine.base.Octets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/** Makes an {@link IkeRun} of what two strongSwan daemons sent and logged. Reads and deciphers by itself: it must not know our own IKE. */
final class IkeRecorder {

    private static final int ETHERNET = 14;
    private static final int IP6 = 40;
    private static final int UDP = 8;
    private static final int UDP_NUMBER = 17;
    private static final int ISAKMP = 28;
    private static final int ENCRYPTED = 1;
    private static final int FRAGMENT = 132;
    private static final List<String> FACTS = List.of("shared Diffie Hellman secret", "SKEYID", "SKEYID_d", "SKEYID_a", "SKEYID_e", "encryption key Ka",
            "initial IV", "HASH_I data", "HASH_I", "HASH_R data", "HASH_R");

    private final Map<String, String> facts = new LinkedHashMap<>();
    private final Map<Long, byte[]> vectors = new LinkedHashMap<>();
    private final String algorithm;
    private final byte[] key;
    private byte[] last;

    private IkeRecorder(Map<String, String> given, StrongSwanLog log) {
        facts.putAll(given);
        for (var name : FACTS) facts.put(name.replace(' ', '-'), log.first(name).toHex());
        algorithm = given.get("encryption").startsWith("aes") ? "AES" : "DESede";
        key = log.first("encryption key Ka").toArray();
        last = log.first("initial IV").toArray();
    }

    /**
     * @param given     what is configured: encryption, hash, group...
     * @param initiator its address
     * @param log       the initiator's
     */
    static IkeRun record(String name, Map<String, String> given, Ip6Address initiator, List<Octets> frames, StrongSwanLog log)
            throws GeneralSecurityException {
        var recorder = new IkeRecorder(given, log);
        return new IkeRun(name, recorder.facts, keymats(log), recorder.messages(initiator, frames));
    }

    /** The UDP payloads for or from port 500 or 4500 in such frames, without those sent again. */
    private List<IkeRun.Message> messages(Ip6Address initiator, List<Octets> frames) throws GeneralSecurityException {
        var messages = new ArrayList<IkeRun.Message>();
        var fragments = new OctetWriter();
        for (var frame : new LinkedHashSet<>(frames)) {
            if (frame.u16(12) != 0x86dd || frame.at(ETHERNET + 6) != UDP_NUMBER || frame.u16(ETHERNET + IP6) != 500) continue;
            var octets = frame.slice(ETHERNET + IP6 + UDP, ETHERNET + IP6 + frame.u16(ETHERNET + IP6 + 4));
            var plain = Octets.EMPTY;
            if (octets.at(16) == FRAGMENT) {
                fragments.octets(octets.from(ISAKMP + 8));
                if ((octets.at(ISAKMP + 7) & 1) != 0) {
                    var whole = fragments.toOctets();
                    plain = (whole.at(19) & ENCRYPTED) != 0 ? plain(whole) : whole;
                    fragments = new OctetWriter();
                }
            } else if ((octets.at(19) & ENCRYPTED) != 0) {
                plain = plain(octets);
            }
            messages.add(new IkeRun.Message(frame.slice(ETHERNET + 8, ETHERNET + 24).equals(initiator.octets()), octets, plain));
        }
        return List.copyOf(messages);
    }

    private Octets plain(Octets message) throws GeneralSecurityException {
        var id = (long) message.u16(20) << 16 | message.u16(22);
        var vector = id == 0 ? last : vectors.containsKey(id) ? vectors.get(id) : firstVector(message.slice(20, 24));
        var encrypted = message.from(ISAKMP).toArray();
        var cipher = Cipher.getInstance(algorithm + "/CBC/NoPadding");
        cipher.init(Cipher.DECRYPT_MODE, new SecretKeySpec(key, algorithm), new IvParameterSpec(vector));
        var plain = new OctetWriter().octets(message.slice(0, 19)).u8(message.at(19) & ~ENCRYPTED).octets(message.slice(20, ISAKMP))
                .octets(Octets.wrap(cipher.doFinal(encrypted))).toOctets();
        var block = message.from(message.length() - vector.length).toArray();
        if (id == 0) {
            last = block;
        } else {
            vectors.put(id, block);
        }
        return plain;
    }

    private byte[] firstVector(Octets id) throws GeneralSecurityException {
        var digest = MessageDigest.getInstance(Map.of("md5", "MD5", "sha1", "SHA-1", "sha256", "SHA-256").get(facts.get("hash")));
        digest.update(last);
        return Arrays.copyOf(digest.digest(id.toArray()), last.length);
    }

    private static List<IkeRun.Keymat> keymats(StrongSwanLog log) {
        var keymats = new ArrayList<IkeRun.Keymat>();
        var seeds = new LinkedHashMap<String, Octets>();
        var keys = new LinkedHashMap<String, OctetWriter>();
        for (var entry : log.entries()) {
            var words = entry.name().split(" ");
            if (entry.name().matches("(initiator|responder) SA seed")) {
                seeds.put(words[0], entry.octets());
            } else if (entry.name().matches("(encryption|integrity) (initiator|responder) key")) {
                keys.computeIfAbsent(words[1], _ -> new OctetWriter()).octets(entry.octets());
                if (entry.name().equals("integrity responder key")) {
                    seeds.forEach((side, seed) -> keymats.add(new IkeRun.Keymat(seed, keys.get(side).toOctets())));
                    seeds.clear();
                    keys.clear();
                }
            }
        }
        return List.copyOf(keymats);
    }
}
