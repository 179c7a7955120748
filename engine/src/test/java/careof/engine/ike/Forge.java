package careof.engine.ike;

import careof.engine.base.Malformed;
import careof.engine.base.OctetWriter;
import careof.engine.base.Octets;
import careof.engine.crypto.IkeKeys;
import careof.engine.wire.isakmp.IsakmpHeader;
import careof.engine.wire.isakmp.IsakmpMessage;
import careof.engine.wire.isakmp.Payload;
import careof.engine.wire.isakmp.PayloadChain;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** Messages that no honest node sends: with other payloads, or made with the secrets of a phase one as a peer could that has gone bad. */
final class Forge {
    private Forge() {}

    static List<Payload> payloads(Flight flight) {
        try {
            return flight.isakmp().chain().payloads();
        } catch (Malformed e) {
            throw new AssertionError(e);
        }
    }

    /** A message in the clear with other payloads. */
    static Flight with(Flight flight, Function<List<Payload>, List<Payload>> change) {
        return flight.with(IsakmpMessage.clear(flight.isakmp().header(), change.apply(new ArrayList<>(payloads(flight)))).toOctets());
    }

    /** The same with one payload instead of those of its kind. */
    static Flight with(Flight flight, Payload instead) {
        return with(flight, all -> {
            List<Payload> others = new ArrayList<>();
            for (Payload payload : all) {
                others.add(payload.type() == instead.type() ? instead : payload);
            }
            return others;
        });
    }

    /** The same without payloads of a kind. */
    static Flight without(Flight flight, Class<? extends Payload> kind) {
        return with(flight, all -> all.stream().filter(payload -> !kind.isInstance(payload)).toList());
    }

    /** The same with one payload more. */
    static Flight and(Flight flight, Payload more) {
        return with(flight, all -> {
            all.add(more);
            return all;
        });
    }

    static Octets messageId(long id) {
        return new OctetWriter(4).u32(id).toOctets();
    }

    /** Under a phase one: first message of an exchange with its right hash. */
    static Octets secured(IsakmpSa sa, int exchange, long id, List<Payload> payloads) {
        Octets hash = sa.suite().hash().prf(sa.keys().authentication(), messageId(id), PayloadChain.emit(payloads));
        return secured(sa, exchange, id, new Payload.Hash(hash), payloads);
    }

    /** The same with any first payload. */
    static Octets secured(IsakmpSa sa, int exchange, long id, Payload first, List<Payload> payloads) {
        List<Payload> all = new ArrayList<>(List.of(first));
        all.addAll(payloads);
        return bare(sa, exchange, id, all);
    }

    /** The same with any payloads. */
    static Octets bare(IsakmpSa sa, int exchange, long id, List<Payload> all) {
        IsakmpHeader header = IsakmpHeader.of(sa.row().initiatorCookie(), sa.row().responderCookie(), exchange, id);
        return SecuredMessage.seal(sa.suite(), sa.cipherKey(), SecuredMessage.firstIv(sa, id), header, all).wire().toOctets();
    }

    static Octets quick(IsakmpSa sa, long id, List<Payload> payloads) {
        return secured(sa, IsakmpHeader.QUICK_MODE, id, payloads);
    }

    static Octets informational(IsakmpSa sa, long id, Payload... payloads) {
        return secured(sa, IsakmpHeader.INFORMATIONAL, id, List.of(payloads));
    }

    /** What is in an encrypted message that begins an exchange under a phase one. */
    static PayloadChain opened(IsakmpSa sa, Flight flight) {
        return opened(sa, flight, SecuredMessage.firstIv(sa, flight.isakmp().header().messageId()));
    }

    private static PayloadChain opened(IsakmpSa sa, Flight flight, Octets iv) {
        try {
            return SecuredMessage.open(sa.suite(), sa.cipherKey(), iv, flight.isakmp()).chain();
        } catch (Malformed e) {
            throw new AssertionError(e);
        }
    }

    private static Octets lastBlock(IsakmpSa sa, Flight flight) {
        return flight.message().from(flight.message().length() - sa.suite().cipher().block());
    }

    /** The second message of quick mode with other payloads and their right hash. */
    static Flight second(IsakmpSa sa, Flight first, Flight second, Function<List<Payload>, List<Payload>> change) {
        Octets iv = lastBlock(sa, first);
        List<Payload> payloads = new ArrayList<>(opened(sa, second, iv).payloads());
        payloads.removeFirst();
        List<Payload> changed = new ArrayList<>(change.apply(payloads));
        Octets id = messageId(second.isakmp().header().messageId());
        changed.addFirst(new Payload.Hash(sa.suite().hash().prf(sa.keys().authentication(), id, nonce(opened(sa, first)), PayloadChain.emit(changed))));
        return second.with(SecuredMessage.seal(sa.suite(), sa.cipherKey(), iv, second.isakmp().header(), changed).wire().toOctets());
    }

    /** The third message of quick mode, as the initiator makes it. */
    static Flight third(IsakmpSa sa, Flight first, Flight second) {
        Octets nonceR = nonce(opened(sa, second, lastBlock(sa, first)));
        Octets hash = sa.suite().hash().prf(sa.keys().authentication(), Octets.of(0), messageId(first.isakmp().header().messageId()), nonce(opened(sa, first)), nonceR);
        return first.with(SecuredMessage.seal(sa.suite(), sa.cipherKey(), lastBlock(sa, second), first.isakmp().header(), List.of(new Payload.Hash(hash))).wire().toOctets());
    }

    private static Octets nonce(PayloadChain chain) {
        return chain.find(Payload.Nonce.class).orElseThrow().data();
    }

    /** The first encrypted message of main mode with other payloads; both public values are in what went before. */
    static Flight fifth(IsakmpSa sa, Flight fifth, Flight third, Flight fourth, Function<List<Payload>, List<Payload>> change) {
        Octets iv = IkeKeys.phaseOneIv(sa.suite().hash(), sa.suite().cipher(), publicValue(third), publicValue(fourth));
        List<Payload> payloads = change.apply(new ArrayList<>(opened(sa, fifth, iv).payloads()));
        return fifth.with(SecuredMessage.seal(sa.suite(), sa.cipherKey(), iv, fifth.isakmp().header(), payloads).wire().toOctets());
    }

    /** The second encrypted message of main mode with other payloads. */
    static Flight sixth(IsakmpSa sa, Flight fifth, Flight sixth, Function<List<Payload>, List<Payload>> change) {
        Octets iv = lastBlock(sa, fifth);
        List<Payload> payloads = change.apply(new ArrayList<>(opened(sa, sixth, iv).payloads()));
        return sixth.with(SecuredMessage.seal(sa.suite(), sa.cipherKey(), iv, sixth.isakmp().header(), payloads).wire().toOctets());
    }

    private static Octets publicValue(Flight flight) {
        return payloads(flight).stream().filter(Payload.KeyExchange.class::isInstance).map(payload -> ((Payload.KeyExchange) payload).data()).findFirst().orElseThrow();
    }
}
