package careof.engine.ipsec;

import careof.engine.base.IpAddress;
import careof.engine.state.AddressRange;
import careof.engine.state.Sa;
import careof.engine.state.Selector;
import careof.engine.state.SpdEntry;
import careof.engine.wire.ip.IpProtocol;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What mobility has to do with a node's IPsec besides packets (the draft's sections 2.2 and 2.5): a question, and MIGRATE messages. */
public final class MobilitySupport {
    private final Spd spd;
    private final Sad sad;
    private final PfKey.Socket socket;

    public MobilitySupport(Spd spd, Sad sad, PfKey pfKey) {
        this.spd = spd;
        this.sad = sad;
        this.socket = pfKey.open();
    }

    /**
     * A binding, as far as tunnels belong to it: those of SPD entries whose inner address on the mobile node's side is the home address and
     * nothing else, and whose other end, outer or inner, is the peer.
     *
     * @param own  on the mobile node itself; else on the peer that holds the binding
     * @param peer its addresses
     */
    public record Binding(boolean own, IpAddress home, List<IpAddress> peer) {
        public Binding {
            peer = List.copyOf(peer);
        }

        /**
         * Whether the mobile node is the source of an entry's packets: of its own those that leave, on its peer those that come. An entry the other
         * way is somebody else's.
         */
        private boolean mobileIsSource(SpdEntry entry) {
            return own == (entry.direction() == SpdEntry.Direction.OUT);
        }

        private boolean hasMobileSide(SpdEntry entry) {
            return (mobileIsSource(entry) ? entry.selector().source() : entry.selector().destination()).equals(AddressRange.of(home));
        }

        private boolean hasPeer(SpdEntry entry, IpAddress outer) {
            AddressRange inner = mobileIsSource(entry) ? entry.selector().destination() : entry.selector().source();
            return peer.contains(outer) || inner.isSingle() && peer.contains(inner.low());
        }
    }

    /** The ends of a tunnel. */
    private record Ends(IpAddress source, IpAddress destination) {}

    /**
     * Moves the mobile node's end of all tunnels of a binding, those of policies and SAs, both halves; what ends there already is left alone.
     *
     * @param to where the mobile node is; of another IP version than before: the peer's end becomes its first address of that version
     */
    public void migrate(Binding binding, IpAddress to) {
        for (SpdEntry entry : spd.entries()) {
            if (!binding.hasMobileSide(entry)) {
                continue;
            }
            boolean source = binding.mobileIsSource(entry);
            Set<Ends> old = new LinkedHashSet<>();
            entry.templates().stream().filter(t -> t.mode() == Sa.Mode.TUNNEL && binding.hasPeer(entry, source ? t.destination() : t.source()))
                    .forEach(t -> old.add(new Ends(t.source(), t.destination())));
            for (Ends ends : old) {
                Optional<IpAddress> other = otherEnd(binding, source ? ends.destination : ends.source, to);
                if (!(source ? ends.source : ends.destination).equals(to) && other.isPresent()) {
                    Migration.of(entry, ends.source, ends.destination, source ? to : other.get(), source ? other.get() : to)
                            .ifPresent(migration -> socket.request(migration.message()));
                }
            }
        }
    }

    private static Optional<IpAddress> otherEnd(Binding binding, IpAddress now, IpAddress to) {
        return now.getClass() == to.getClass() ? Optional.of(now) : binding.peer.stream().filter(address -> address.getClass() == to.getClass()).findFirst();
    }

    /**
     * Will data between two addresses be protected by an SA of transport mode that authenticates? That of some protocols is enough; mobility
     * messages do not count. Each packet is asked for again when it leaves.
     */
    public boolean authenticatesData(IpAddress source, IpAddress destination) {
        for (SpdEntry entry : spd.entries()) {
            Selector selector = entry.selector();
            if (entry.direction() == SpdEntry.Direction.OUT && selector.source().contains(source) && selector.destination().contains(destination)
                    && selector.protocol() != IpProtocol.MOBILITY) {
                boolean authenticated = sad.pairs(entry).stream()
                        .anyMatch(pair -> pair.template().mode() == Sa.Mode.TRANSPORT && pair.out().filter(Sa::authenticates).isPresent());
                if (authenticated || selector.protocol() == Selector.ANY_PROTOCOL) {
                    return authenticated;
                }
            }
        }
        return false;
    }
}
