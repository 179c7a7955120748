package careof.engine.metrics;

import careof.engine.lab.Expectation.IkeHeld;
import careof.engine.lab.LabIdentity;
import careof.engine.lab.LabSelector;
import careof.engine.state.IkeSa;
import careof.engine.trace.TraceEvent;
import careof.engine.wire.isakmp.Identification;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** Watches the phase ones that a node has with a peer. */
final class IkeWatch implements Watch {
    private final IkeHeld held;
    private final Lasting lasting;
    private final SortedMap<Integer, IkeSa> established = new TreeMap<>();

    IkeWatch(IkeHeld held) {
        this.held = held;
        this.lasting = new Lasting(held.when(), this::look);
    }

    @Override
    public void add(TraceEvent event, Sight sight) {
        if (event instanceof TraceEvent.Changed changed && changed.node().equals(held.at()) && changed.row() instanceof IkeSa row) {
            lasting.changes(changed.at());
            established.remove(row.id());
            changed.now().map(IkeSa.class::cast).filter(this::isMeant).ifPresent(sa -> established.put(sa.id(), sa));
        }
    }

    private boolean isMeant(IkeSa sa) {
        return sa.phase() == IkeSa.Phase.ESTABLISHED && held.peer().map(sa.peer()::equals).orElse(true)
                && held.identity().map(IkeWatch::text).map(sa.remoteIdentity()::equals).orElse(true)
                && held.address().map(range -> contains(range, sa)).orElse(true);
    }

    /** As rows have it: names in the form in which they are compared. */
    private static String text(LabIdentity identity) {
        return switch (identity) {
            case LabIdentity.Fqdn(String name) -> Identification.fqdn(name).comparable().text();
            case LabIdentity.Mail(String address) -> Identification.userFqdn(address).comparable().text();
            default -> identity.text();
        };
    }

    private static boolean contains(LabSelector.Range range, IkeSa sa) {
        return range.low().compareTo(sa.remote()) <= 0 && range.high().compareTo(sa.remote()) >= 0;
    }

    private Lasting.Look look() {
        List<String> all = established.values().stream().map(sa -> sa.remoteIdentity() + " at " + sa.remote()).toList();
        return new Lasting.Look(all.isEmpty() != held.established(), all.isEmpty() ? "no phase one" : "phase one with " + String.join(", ", all));
    }

    @Override
    public Verdict result(Ending ending) {
        return lasting.verdict(held, held.at() + " has " + (held.established() ? "a" : "no") + " phase one with " + whom() + Watch.when(held.when(), ending.until()),
                ending.reached(), ending.covers(held.when().to()));
    }

    private String whom() {
        String who = held.peer().orElse("anybody") + held.identity().map(identity -> " as " + identity.text()).orElse("");
        return who + held.address().map(range -> " at " + range).orElse("");
    }
}
