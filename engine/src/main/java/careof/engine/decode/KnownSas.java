package careof.engine.decode;

import careof.engine.base.IpAddress;
import careof.engine.base.Malformed;
import careof.engine.base.OctetReader;
import careof.engine.base.Octets;
import careof.engine.ipsec.ReplayWindow;
import careof.engine.ipsec.Transforms;
import careof.engine.ipsec.Unwrapped;
import careof.engine.state.IkeExchange;
import careof.engine.state.IkeSa;
import careof.engine.state.Sa;
import careof.engine.state.SaUse;
import careof.engine.trace.LabState;
import careof.engine.trace.Masking;
import careof.engine.trace.TraceEvent;
import careof.engine.trace.TraceStore;
import careof.engine.wire.ip.Ip6Packet;
import careof.engine.wire.ip.IpPacket;
import careof.engine.wire.ipsec.AhHeader;
import careof.engine.wire.ipsec.EspHeader;
import careof.engine.wire.isakmp.IsakmpMessage;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The SAs of a run, and what IKE knows of those that key them: of {@link #of(LabState, Collection) one moment}, or {@link #of(TraceStore) all that ever were}. SAs of several nodes may
 * have one SPI; whose packet it is the integrity check tells. One object serves several threads.
 */
public final class KnownSas implements Opener {
    /** SAs tried for one packet: more with one SPI are somebody's joke. */
    private static final int MOST_TRIED = 16;

    /**
     * An SA of a node.
     *
     * @param use  null: not known
     * @param last event that told of it
     */
    private record Known(String node, Sa sa, SaUse use, long last) {}

    private record Place(String node, int id) {}

    private record Name(Sa.Protocol protocol, long spi) {}

    /** Each node's SAs with the keys they have now, and those that were there before under other keys. */
    private final Map<Name, List<Known>> known = new LinkedHashMap<>();
    private final Map<Place, Name> names = new LinkedHashMap<>();
    /** By node. */
    private final Map<String, Transforms> transforms = new LinkedHashMap<>();
    private final KnownIke ike = new KnownIke();

    /** Those of some nodes at one moment: the replay window is that of this moment. */
    public static KnownSas of(LabState state, Collection<String> nodes) {
        KnownSas sas = new KnownSas();
        for (String node : nodes) {
            sas.learn(state, node);
        }
        return sas;
    }

    private synchronized void learn(LabState state, String node) {
        state.rows(node, Sa.class).forEach(row -> add(node, row.state(), state.event()));
        state.rows(node, SaUse.class).forEach(row -> use(node, row.state(), state.event()));
        state.rows(node, IkeSa.class).forEach(row -> ike.add(node, row.state(), state.event()));
        state.rows(node, IkeExchange.class).forEach(row -> ike.add(node, row.state(), state.event()));
    }

    /** Some whose node nobody knows, such as those of a {@link careof.engine.capture.SaTable}. */
    public static KnownSas of(Collection<Sa> some) {
        KnownSas sas = new KnownSas();
        some.forEach(sa -> sas.add("", sa, 0));
        return sas;
    }

    /** All of a trace, also those that are gone: of one that keeps what comes last, those that were there at its beginning or came since. */
    public static KnownSas of(TraceStore trace) {
        KnownSas sas = new KnownSas();
        TraceStore.Cursor cursor = trace.from(1);
        LabState known = null;
        while (true) {
            LabState beginning = trace.base();    // which may move on meanwhile, and with it the cursor
            if (beginning != known) {
                beginning.nodes().forEach(node -> sas.learn(beginning, node));
                known = beginning;
            }
            if (!cursor.hasNext()) {
                return sas;
            }
            sas.accept(cursor.next());
        }
    }

    /** Learns from the next event of a trace. An SA that goes stays known: its packets are still there to be read. */
    public synchronized void accept(TraceEvent event) {
        if (event instanceof TraceEvent.Changed changed && changed.now().isPresent()) {
            switch (changed.now().get()) {
                case Sa sa -> add(event.node(), sa, event.id());
                case SaUse use -> use(event.node(), use, event.id());
                case IkeSa sa -> ike.add(event.node(), sa, event.id());
                case IkeExchange exchange -> ike.add(event.node(), exchange, event.id());
                default -> { }
            }
        }
    }

    /** Forgets those that went before a trace's beginning: no packet that is kept needs them. */
    public synchronized void forget(LabState beginning) {
        known.values().forEach(there -> there.removeIf(k -> k.last <= beginning.event() && beginning.row(k.node, Sa.class, k.sa.key()).isEmpty()));
        known.values().removeIf(List::isEmpty);
        names.entrySet().removeIf(entry -> known.getOrDefault(entry.getValue(), List.of()).stream()
                .noneMatch(k -> k.node.equals(entry.getKey().node) && k.sa.id() == entry.getKey().id));
        ike.forget(beginning);
    }

    private void add(String node, Sa sa, long event) {
        if (sa.phase() == Sa.Phase.LARVAL || Masking.isMasked(sa)) {
            return;
        }
        Name name = new Name(sa.protocol(), sa.spi());
        List<Known> there = known.computeIfAbsent(name, _ -> new ArrayList<>());
        Optional<Known> before = there.stream().filter(k -> k.node.equals(node) && k.sa.id() == sa.id()
                && k.sa.encryptionKey().equals(sa.encryptionKey()) && k.sa.authenticationKey().equals(sa.authenticationKey())).findFirst();
        before.ifPresent(there::remove);
        there.addFirst(new Known(node, sa, before.map(Known::use).orElse(null), event));
        names.put(new Place(node, sa.id()), name);
    }

    private void use(String node, SaUse use, long event) {
        Name name = names.get(new Place(node, use.id()));
        if (name != null) {
            known.get(name).replaceAll(k -> k.node.equals(node) && k.sa.id() == use.id() ? new Known(node, k.sa, use, event) : k);
        }
    }

    @Override
    public synchronized Optional<Opened> esp(IpAddress destination, IpAddress finalDestination, Octets esp) {
        try {
            EspHeader header = EspHeader.parse(new OctetReader(esp));
            return open(Sa.Protocol.ESP, header.spi(), header.sequence(), destination, finalDestination,
                    (k, sequence) -> transforms(k).esp(k.sa).open(esp, sequence));
        } catch (Malformed e) {
            return Optional.empty();
        }
    }

    @Override
    public synchronized Optional<Opened> ah(Octets octets) {
        try {
            IpPacket packet = IpPacket.parse(octets);
            AhHeader header = AhHeader.parse(new OctetReader(packet.payload()));
            IpAddress finalDestination = packet instanceof Ip6Packet p ? p.finalDestination() : packet.destination();
            return open(Sa.Protocol.AH, header.spi(), header.sequence(), packet.destination(), finalDestination,
                    (k, sequence) -> transforms(k).ah(k.sa).open(octets, sequence));
        } catch (Malformed e) {
            return Optional.empty();
        }
    }

    @Override
    public synchronized boolean isEsp(int sourcePort, int destinationPort, Octets data) {
        if (data.length() < EspHeader.LENGTH) {
            return false;
        }
        long spi = (long) data.u16(0) << 16 | data.u16(2);
        return known.getOrDefault(new Name(Sa.Protocol.ESP, spi), List.of()).stream()
                .anyMatch(k -> k.sa.udp().source() == sourcePort && k.sa.udp().destination() == destinationPort);
    }

    @Override
    public synchronized Ike isakmp(IsakmpMessage message, IpAddress source) {
        return ike.isakmp(message, source);
    }

    private Transforms transforms(Known k) {
        return transforms.computeIfAbsent(k.node, _ -> new Transforms());
    }

    private interface Opening {
        Unwrapped open(Known with, long sequence);
    }

    /** Tries those to the destination first; the first that opens it is the one, else the first tells what is wrong. */
    private Optional<Opened> open(Sa.Protocol protocol, long spi, long low, IpAddress destination, IpAddress finalDestination, Opening opening) {
        List<Known> candidates = new ArrayList<>();
        for (Known k : known.getOrDefault(new Name(protocol, spi), List.of())) {
            if (k.sa.destination().equals(destination) || k.sa.destination().equals(finalDestination)) {
                candidates.addFirst(k);
            } else {
                candidates.add(k);
            }
        }
        Opened first = null;
        for (Known k : candidates.subList(0, Math.min(MOST_TRIED, candidates.size()))) {
            for (long sequence : sequences(k, low)) {
                Opened opened = new Opened(k.node, k.sa, sequence, opening.open(k, sequence), "");
                if (opened.what() instanceof Unwrapped.Payload || opened.what() instanceof Unwrapped.BadPadding) {
                    return Optional.of(new Opened(k.node, k.sa, sequence, opened.what(), window(candidates, sequence)));
                }
                first = first == null ? opened : first;
            }
        }
        return Optional.ofNullable(first);
    }

    /** Of an extended sequence number the high half is not in the packet: near what was used last, or that of a young SA. */
    private static long[] sequences(Known k, long low) {
        if (!k.sa.extendedSequence()) {
            return new long[] {low};
        }
        long high = k.use == null ? 0 : k.use.sequence() >>> 32;
        return new long[] {high << 32 | low, high + 1 << 32 | low, Math.max(0, high - 1) << 32 | low, low};
    }

    /** What the half that receives says: the one of these whose window moved. */
    private static String window(List<Known> candidates, long sequence) {
        for (Known k : candidates) {
            if (k.use != null && k.use.window() != 0 && k.sa.replayWindow() > 0) {
                long highest = k.use.sequence();
                long back = highest - sequence;
                String of = " (window of " + k.sa.replayWindow() + " at " + k.node + ")";
                if (back < 0) {
                    return "right of the highest, " + highest + of;
                }
                String place = back == 0 ? "the highest" : back + " left of the highest, " + highest;
                return back >= k.sa.replayWindow() ? place + ": out of the window" + of
                        : place + (ReplayWindow.isFresh(highest, k.use.window(), k.sa.replayWindow(), sequence) ? ", did not come" : ", came") + of;
            }
        }
        return "";
    }
}
