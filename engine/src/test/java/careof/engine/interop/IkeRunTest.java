package careof.engine.interop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import careof.engine.base.Malformed;
import careof.engine.base.OctetWriter;
import careof.engine.base.Octets;
import careof.engine.crypto.DhGroup;
import careof.engine.crypto.IkeCipher;
import careof.engine.crypto.IkeHash;
import careof.engine.crypto.IkeKeys;
import careof.engine.crypto.RsaSignature;
import careof.engine.wire.isakmp.Identification;
import careof.engine.wire.isakmp.IsakmpHeader;
import careof.engine.wire.isakmp.IsakmpMessage;
import careof.engine.wire.isakmp.Payload;
import careof.engine.wire.isakmp.PayloadChain;
import careof.engine.wire.isakmp.SecurityAssociation;
import java.io.ByteArrayInputStream;
import java.security.cert.CertificateFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Our readers and derivations against what strongSwan sent and derived, from files: no peer is needed. */
class IkeRunTest {

    private static final int MUTATIONS = 200;

    static List<IkeRun> runs() {
        return IkeRun.all();
    }

    @ParameterizedTest
    @MethodSource("runs")
    void messagesAreReadAndWrittenAsTheyWere(IkeRun run) throws Malformed {
        for (var message : run.messages()) {
            var parsed = IsakmpMessage.parse(message.octets());
            assertEquals(message.octets(), parsed.toOctets());
            var chain = chain(message);
            assertEquals(clear(message).from(IsakmpHeader.LENGTH),
                    new OctetWriter().octets(PayloadChain.emit(chain.payloads())).octets(chain.padding()).toOctets());
            assertTrue(chain.payloads().stream().noneMatch(Payload.Unknown.class::isInstance), chain::toString);
        }
    }

    @ParameterizedTest
    @MethodSource("runs")
    void secretsDeriveAsTheirs(IkeRun run) throws Malformed {
        var secret = run.octets("shared-Diffie-Hellman-secret");
        assertEquals(group(run).secretLength(), secret.length());
        assertEquals(run.octets("SKEYID"), isPsk(run) ? IkeKeys.skeyidForPreSharedKey(hash(run), run.octets("psk"), nonce(run, true), nonce(run, false))
                : IkeKeys.skeyidForSignatures(hash(run), nonce(run, true), nonce(run, false), secret));
        assertEquals(run.octets("SKEYID_d"), keys(run).derivation());
        assertEquals(run.octets("SKEYID_a"), keys(run).authentication());
        assertEquals(run.octets("SKEYID_e"), keys(run).encryption());
        var key = run.octets("encryption-key-Ka");
        assertEquals(key, keys(run).cipherKey(key.length()));
        assertEquals(run.octets("initial-IV"), IkeKeys.phaseOneIv(hash(run), cipher(run), exchange(run, true), exchange(run, false)));
    }

    @ParameterizedTest
    @MethodSource("runs")
    void messagesDecipherWithVectorsThatChain(IkeRun run) throws Malformed {
        var key = run.octets("encryption-key-Ka");
        var last = run.octets("initial-IV");
        var vectors = new LinkedHashMap<Long, Octets>();
        var parts = new OctetWriter();
        var deciphered = 0;
        for (var sent : run.messages()) {
            var message = IsakmpMessage.parse(sent.octets());
            if (message.header().nextPayload() == Payload.FRAGMENT) {
                var fragment = message.chain().find(Payload.Fragment.class).orElseThrow();
                parts.octets(fragment.data());
                if (!fragment.isLast()) continue;
                message = IsakmpMessage.parse(parts.toOctets());
                parts = new OctetWriter();
            }
            if (!message.isEncrypted()) continue;
            var id = message.header().messageId();
            var phaseOne = last;
            var vector = id == 0 ? last : vectors.computeIfAbsent(id, _ -> IkeKeys.phaseTwoIv(hash(run), cipher(run), phaseOne, id));
            assertEquals(sent.plain().from(IsakmpHeader.LENGTH), cipher(run).decrypt(key, vector, message.body()));
            assertEquals(message.body(), cipher(run).encrypt(key, vector, sent.plain().from(IsakmpHeader.LENGTH)));
            var block = message.body().from(message.body().length() - cipher(run).block());
            if (id == 0) last = block;
            else vectors.put(id, block);
            deciphered++;
        }
        assertTrue(deciphered >= 10, "messages deciphered: " + deciphered);
    }

    /** HASH_I and HASH_R: what they cover, their value, and that this is what was sent or signed. */
    @ParameterizedTest
    @MethodSource("runs")
    void phaseOneIsAuthenticatedAsTheirs(IkeRun run) throws Exception {
        var offer = link(run, true, SecurityAssociation.class).body();
        for (var initiator : new boolean[] {true, false}) {
            var covered = new OctetWriter().octets(exchange(run, initiator)).octets(exchange(run, !initiator)).octets(cookie(run, initiator))
                    .octets(cookie(run, !initiator)).octets(offer).octets(link(run, initiator, Identification.class).body()).toOctets();
            var name = initiator ? "HASH_I" : "HASH_R";
            assertEquals(run.octets(name + "-data"), covered);
            assertEquals(run.octets(name), hash(run).prf(run.octets("SKEYID"), covered));
            if (isPsk(run)) {
                assertEquals(run.octets(name), link(run, initiator, Payload.Hash.class).body());
            } else {
                var certificate = link(run, initiator, Payload.Certificate.class).body();
                var key = CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(certificate.from(1).toArray())).getPublicKey();
                var signature = link(run, initiator, Payload.Signature.class).body();
                assertTrue(RsaSignature.verify(key, run.octets(name), signature));
                assertFalse(RsaSignature.verify(key, run.octets(initiator ? "HASH_R" : "HASH_I"), signature));
            }
        }
    }

    /** The HASH payloads of quick modes and informational messages, over the octets behind them (RFC 2409 sections 5.5 and 5.7). */
    @ParameterizedTest
    @MethodSource("runs")
    void laterHashesCoverTheOctetsOnTheWire(IkeRun run) throws Malformed {
        var modes = new LinkedHashMap<Long, List<PayloadChain>>();
        var checked = 0;
        for (var sent : later(run)) {
            var message = IsakmpMessage.parse(sent.plain());
            var chain = chain(sent);
            var id = new OctetWriter().u32(message.header().messageId()).toOctets();
            var rest = message.body().slice(chain.links().getFirst().whole().length(), message.body().length() - chain.padding().length());
            var seen = modes.computeIfAbsent(message.header().messageId(), _ -> new ArrayList<>());
            seen.add(chain);
            var authentication = run.octets("SKEYID_a");
            var expected = switch (seen.size()) {
                case 1 -> hash(run).prf(authentication, id, rest);
                case 2 -> hash(run).prf(authentication, id, nonce(seen.get(0)), rest);
                default -> hash(run).prf(authentication, Octets.of(0), id, nonce(seen.get(0)), nonce(seen.get(1)));
            };
            assertEquals(expected, chain.links().getFirst().body());
            checked++;
        }
        assertTrue(checked >= 10 && modes.values().stream().filter(m -> m.size() == 3).count() == 2, "hashes checked: " + checked);
    }

    @ParameterizedTest
    @MethodSource("runs")
    void keysOfSasDeriveAsTheirs(IkeRun run) throws Malformed {
        var modes = new LinkedHashMap<Long, List<PayloadChain>>();
        for (var sent : later(run)) {
            modes.computeIfAbsent(IsakmpHeader.parse(sent.octets()).messageId(), _ -> new ArrayList<>()).add(chain(sent));
        }
        var left = new ArrayList<>(run.keymats());
        for (var mode : modes.values()) {
            if (mode.size() != 3) continue;
            for (var side : mode.subList(0, 2).reversed()) {
                var proposal = side.find(SecurityAssociation.class).orElseThrow().proposals().getFirst();
                var keymat = left.removeFirst();
                var fixed = 1 + proposal.spi().length() + nonce(mode.get(0)).length() + nonce(mode.get(1)).length();
                var secret = keymat.seed().slice(0, keymat.seed().length() - fixed);
                assertEquals(mode.get(0).find(Payload.KeyExchange.class).map(_ -> group(run).secretLength()).orElse(0), secret.length());
                assertEquals(proposal.spi(), keymat.seed().slice(secret.length() + 1, secret.length() + 5));
                assertEquals(keymat.keys(), keys(run).keymat(secret, proposal.protocol(), proposal.spi(), nonce(mode.get(0)), nonce(mode.get(1)),
                        keymat.keys().length()));
            }
        }
        assertTrue(left.isEmpty() && run.keymats().size() == 4, "two quick modes");
    }

    /** Octets of real messages changed, cut and repeated: read or malformed, nothing else, and what is read is written the same. */
    @ParameterizedTest
    @MethodSource("runs")
    void changedMessagesAreReadOrMalformed(IkeRun run) {
        var random = new Random(run.name().hashCode());
        var refused = 0;
        for (var message : run.messages()) {
            for (var i = 0; i < MUTATIONS; i++) {
                var changed = IkeMutation.of(clear(message), random);
                try {
                    var parsed = IsakmpMessage.parse(changed);
                    assertEquals(changed, parsed.toOctets());
                    var chain = PayloadChain.parse(parsed.header().nextPayload(), parsed.body());
                    assertEquals(parsed.body(), new OctetWriter().octets(PayloadChain.emit(chain.payloads())).octets(chain.padding()).toOctets());
                } catch (Malformed _) {
                    refused++;
                }
            }
        }
        assertTrue(refused > MUTATIONS, "refused: " + refused);
    }

    private static boolean isPsk(IkeRun run) {
        return run.fact("authentication").equals("psk");
    }

    private static IkeHash hash(IkeRun run) {
        return Arrays.stream(IkeHash.values()).filter(h -> h.text().equals(run.fact("hash"))).findFirst().orElseThrow();
    }

    private static IkeCipher cipher(IkeRun run) {
        return run.fact("encryption").startsWith("aes") ? IkeCipher.AES_CBC : IkeCipher.TRIPLE_DES_CBC;
    }

    private static DhGroup group(IkeRun run) {
        return Arrays.stream(DhGroup.values()).filter(g -> g.text().replace("-", "").equals(run.fact("group"))).findFirst().orElseThrow();
    }

    private static IkeKeys keys(IkeRun run) throws Malformed {
        return IkeKeys.of(hash(run), run.octets("SKEYID"), run.octets("shared-Diffie-Hellman-secret"), cookie(run, true), cookie(run, false));
    }

    private static Octets cookie(IkeRun run, boolean initiator) {
        return initiator ? run.messages().getFirst().octets().slice(0, 8) : run.messages().getLast().octets().slice(8, 16);
    }

    private static Octets nonce(IkeRun run, boolean initiator) throws Malformed {
        return link(run, initiator, Payload.Nonce.class).body();
    }

    private static Octets nonce(PayloadChain chain) {
        return chain.find(Payload.Nonce.class).orElseThrow().data();
    }

    private static Octets exchange(IkeRun run, boolean initiator) throws Malformed {
        return link(run, initiator, Payload.KeyExchange.class).body();
    }

    /** The first payload of a kind that one side sent. */
    private static PayloadChain.Link link(IkeRun run, boolean initiator, Class<? extends Payload> kind) throws Malformed {
        for (var message : run.messages()) {
            if (message.initiator() != initiator) continue;
            var found = first(chain(message), kind);
            if (found.isPresent()) return found.get();
        }
        throw new AssertionError("no " + kind + " in " + run.name());
    }

    private static Octets clear(IkeRun.Message message) {
        return message.plain().isEmpty() ? message.octets() : message.plain();
    }

    /** Padding allowed, as behind what was deciphered: strongSwan pads with up to a whole block. */
    private static PayloadChain chain(IkeRun.Message message) throws Malformed {
        var header = IsakmpHeader.parse(clear(message));
        return PayloadChain.parse(header.nextPayload(), clear(message).from(IsakmpHeader.LENGTH));
    }

    private static Optional<PayloadChain.Link> first(PayloadChain chain, Class<? extends Payload> kind) {
        return chain.links().stream().filter(l -> kind.isInstance(l.payload())).findFirst();
    }

    /** Messages after phase one. */
    private static List<IkeRun.Message> later(IkeRun run) throws Malformed {
        var later = new ArrayList<IkeRun.Message>();
        for (var message : run.messages()) {
            if (IsakmpHeader.parse(message.octets()).messageId() != 0) later.add(message);
        }
        return later;
    }
}
