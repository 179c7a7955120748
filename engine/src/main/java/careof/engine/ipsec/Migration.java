package careof.engine.ipsec;

import careof.engine.base.IpAddress;
import careof.engine.state.Sa;
import careof.engine.state.Selector;
import careof.engine.state.SpdEntry;
import careof.engine.wire.pfkey.PfKeyError;
import careof.engine.wire.pfkey.PfKeyExtension;
import careof.engine.wire.pfkey.PfKeyMessage;
import careof.engine.wire.pfkey.PolicyExtension;
import careof.engine.wire.pfkey.PolicyExtension.Ends;
import careof.engine.wire.pfkey.PolicyExtension.Request;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * New ends for the tunnels of one SPD entry and for their SAs and those around them, which keep SPI, keys, sequence numbers and window (X_MIGRATE). The new ends may
 * be of another family than the old ones, as in Linux.
 *
 * @param direction of the entry
 * @param port      of the entry
 * @param selector  of the entry, exactly
 */
public record Migration(SpdEntry.Direction direction, String port, Selector selector, List<Move> moves) {
    /** One transform's ends; a request id of 0 stands for any. */
    public record Move(Sa.Protocol protocol, Sa.Mode mode, long requestId, IpAddress oldSource, IpAddress oldDestination, IpAddress newSource,
            IpAddress newDestination) {
        boolean concerns(SpdEntry.Template t) {
            return t.protocol() == protocol && t.mode() == mode && (requestId == 0 || t.requestId() == requestId)
                    && (mode == Sa.Mode.TRANSPORT || t.source().equals(oldSource) && t.destination().equals(oldDestination));
        }

        private boolean sameBefore(Move other) {
            return protocol == other.protocol && mode == other.mode && requestId == other.requestId && oldSource.equals(other.oldSource)
                    && oldDestination.equals(other.oldDestination);
        }
    }

    public Migration {
        moves = List.copyOf(moves);
    }

    /**
     * For the tunnels of an entry from one old address to another, each with its request id, and for what covers their packets in transport mode,
     * whose addresses are the tunnel's outer ones. What is in transport mode within a tunnel stays: it is between inner addresses. Only request ids
     * tell the two apart where the tunnel ends at the home address, so without one nothing in transport mode moves.
     *
     * @return empty: the entry has no such tunnel
     */
    public static Optional<Migration> of(SpdEntry entry, IpAddress oldSource, IpAddress oldDestination, IpAddress newSource, IpAddress newDestination) {
        Set<Move> moves = new LinkedHashSet<>();
        boolean around = false;
        for (SpdEntry.Template t : entry.templates()) {
            boolean tunnel = t.mode() == Sa.Mode.TUNNEL;
            if (tunnel) {
                around = t.source().equals(oldSource) && t.destination().equals(oldDestination);
            }
            if (around && (tunnel || t.requestId() != 0)) {
                moves.add(new Move(t.protocol(), t.mode(), t.requestId(), oldSource, oldDestination, newSource, newDestination));
            }
        }
        return moves.isEmpty() ? Optional.empty() : Optional.of(new Migration(entry.direction(), entry.port(), entry.selector(), List.copyOf(moves)));
    }

    public PfKeyMessage message() {
        List<PfKeyExtension> extensions = SpdMessages.selector(selector, port);
        List<Request> requests = new ArrayList<>();
        for (Move move : moves) {
            requests.add(request(move, SpdMessages.ends(move.oldSource, move.oldDestination)));
            requests.add(request(move, SpdMessages.ends(move.newSource, move.newDestination)));
        }
        extensions.add(new PolicyExtension(PolicyExtension.IPSEC, SpdMessages.direction(direction), 0, 0, requests));
        return PfKeyMessage.of(PfKeyMessage.X_MIGRATE, PfKeyMessage.ANY_SA).withExtensions(extensions);
    }

    private static Request request(Move move, Ends ends) {
        return new Request(move.protocol.number(), SaMessages.mode(move.mode), move.requestId == 0 ? 2 : 3, move.requestId, Optional.of(ends));
    }

    /** What a MIGRATE that another daemon sent was about; empty: that cannot be read. */
    public static Optional<Migration> heard(PfKeyMessage message) {
        try {
            return Optional.of(read(message));
        } catch (Refused e) {
            return Optional.empty();
        }
    }

    static Migration read(PfKeyMessage m) throws Refused {
        PolicyExtension policy = SpdMessages.policy(m);
        SpdEntry.Direction direction = SpdMessages.direction(policy);
        Selector selector = SelectorMessages.read(m);
        List<Request> requests = policy.requests();
        if (requests.isEmpty() || requests.size() % 2 != 0 || requests.size() > 2 * SpdMessages.MOST_TEMPLATES) {
            throw new Refused(PfKeyError.EINVAL, requests.size() + " requests are not old and new ones of up to " + SpdMessages.MOST_TEMPLATES + " transforms");
        }
        List<Move> moves = new ArrayList<>();
        for (int i = 0; i < requests.size(); i += 2) {
            Move move = move(requests.get(i), requests.get(i + 1));
            if (moves.stream().anyMatch(move::sameBefore)) {
                throw new Refused(PfKeyError.EINVAL, "the same transform moves twice");
            }
            moves.add(move);
        }
        return new Migration(direction, SpdMessages.port(m), selector, moves);
    }

    private static Move move(Request old, Request now) throws Refused {
        if (old.protocol() != now.protocol() || old.mode() != now.mode() || old.requestId() != now.requestId()) {
            throw new Refused(PfKeyError.EINVAL, "old and new request are not of one transform");
        }
        if (old.mode() == PolicyExtension.ANY_MODE || old.ends().isEmpty() || now.ends().isEmpty()) {
            throw new Refused(PfKeyError.EINVAL, "a request without mode or addresses");
        }
        Ends from = old.ends().get();
        Ends to = now.ends().get();
        if (!SaMessages.isEnd(to.source().address()) || !SaMessages.isEnd(to.destination().address())) {
            throw new Refused(PfKeyError.EINVAL, "no SA goes from " + to.source().address() + " to " + to.destination().address());
        }
        return new Move(SpdMessages.protocol(old), SaMessages.mode(old.mode()), old.requestId(), from.source().address(), from.destination().address(),
                to.source().address(), to.destination().address());
    }
}
