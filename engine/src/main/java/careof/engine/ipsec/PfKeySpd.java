package careof.engine.ipsec;

import careof.engine.base.IpAddress;
import careof.engine.stack.NodeEnv;
import careof.engine.state.AddressRange;
import careof.engine.state.Sa;
import careof.engine.state.Selector;
import careof.engine.state.SpdEntry;
import careof.engine.trace.Reason;
import careof.engine.wire.pfkey.PfKeyError;
import careof.engine.wire.pfkey.PfKeyExtension;
import careof.engine.wire.pfkey.PfKeyMessage;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What PF_KEY messages do to the SPD, and what MIGRATE does to SPD and SAD (KAME, Linux). */
final class PfKeySpd {
    /** Request ids below are for keys by hand (IPSEC_MANUAL_REQID_MAX of the Linux header ipsec.h). */
    private static final long LEAST_OWN_REQUEST = 0x4000;

    private final NodeEnv env;
    private final Spd spd;
    private final Sad sad;

    PfKeySpd(NodeEnv env, Spd spd, Sad sad) {
        this.env = env;
        this.spd = spd;
        this.sad = sad;
    }

    /** @param replaces whether an entry with the same direction, port and selector is replaced, or refuses this one */
    List<PfKeyExtension> add(PfKeyMessage m, boolean replaces) throws Refused {
        SpdEntry entry = SpdMessages.read(m, 0);
        Optional<SpdEntry> old = spd.same(entry.direction(), entry.port(), entry.selector());
        if (old.isPresent() && !replaces) {
            throw new Refused(PfKeyError.EEXIST, "policy " + old.get().id() + " has this direction and selector");
        }
        List<SpdEntry.Template> templates = new ArrayList<>();
        for (SpdEntry.Template t : entry.templates()) {
            boolean open = t.level() == SpdEntry.Level.UNIQUE && t.requestId() == 0;
            templates.add(open ? new SpdEntry.Template(t.protocol(), t.mode(), t.source(), t.destination(), t.level(),
                    LEAST_OWN_REQUEST + env.count("request ids")) : t);
        }
        SpdEntry kept = new SpdEntry(old.isPresent() ? old.get().id() : spd.newId(), entry.priority(), entry.direction(), entry.port(), entry.selector(),
                entry.action(), templates);
        spd.put(kept, Reason.PF_KEY);
        return describe(m.type(), kept);
    }

    private static List<PfKeyExtension> describe(int type, SpdEntry entry) {
        return SpdMessages.message(type, entry).extensions();
    }

    /** By direction, port and selector. */
    List<PfKeyExtension> delete(PfKeyMessage m) throws Refused {
        return delete(m, same(SpdMessages.direction(SpdMessages.policy(m)), SpdMessages.port(m), SelectorMessages.read(m)));
    }

    private SpdEntry same(SpdEntry.Direction direction, String port, Selector selector) throws Refused {
        return spd.same(direction, port, selector).orElseThrow(() -> new Refused(PfKeyError.ENOENT, "no policy " + direction + " for " + selector));
    }

    List<PfKeyExtension> deleteById(PfKeyMessage m) throws Refused {
        return delete(m, byId(m));
    }

    private List<PfKeyExtension> delete(PfKeyMessage m, SpdEntry entry) {
        spd.delete(entry, Reason.PF_KEY);
        return describe(m.type(), entry);
    }

    List<PfKeyExtension> get(PfKeyMessage m) throws Refused {
        return describe(m.type(), byId(m));
    }

    private SpdEntry byId(PfKeyMessage m) throws Refused {
        long id = SpdMessages.policy(m).id();
        return spd.find(id > Integer.MAX_VALUE ? 0 : (int) id).orElseThrow(() -> new Refused(PfKeyError.ENOENT, "no policy " + id));
    }

    List<PfKeyExtension> flush() {
        spd.entries().forEach(entry -> spd.delete(entry, Reason.PF_KEY));
        return List.of();
    }

    /** A message for each entry, in their order. */
    List<PfKeyMessage> dump(PfKeyMessage m) {
        return spd.entries().stream().map(entry -> new PfKeyMessage(m.type(), 0, PfKeyMessage.ANY_SA, 0, m.pid(), describe(m.type(), entry))).toList();
    }

    /** All of a MIGRATE or nothing of it. */
    List<PfKeyExtension> migrate(PfKeyMessage m) throws Refused {
        Migration migration = Migration.read(m);
        SpdEntry entry = same(migration.direction(), migration.port(), migration.selector());
        List<SpdEntry.Template> templates = new ArrayList<>();
        for (SpdEntry.Template template : entry.templates()) {
            templates.add(migration.moves().stream().filter(move -> move.concerns(template)).findFirst().map(move -> moved(template, move)).orElse(template));
        }
        if (entry.templates().stream().noneMatch(template -> migration.moves().stream().anyMatch(move -> move.concerns(template)))) {
            throw new Refused(PfKeyError.ENODATA, "policy " + entry.id() + " has no such transform");
        }
        Map<Integer, Sa> moved = new LinkedHashMap<>();
        for (Migration.Move move : migration.moves()) {
            for (Sa sa : sad.between(move, entry.selector())) {
                moved.putIfAbsent(sa.id(), moved(sa, move));
            }
        }
        for (Sa sa : moved.values()) {
            Optional<Sa> there = sad.get(sa.protocol(), sa.spi(), sa.destination());
            if (there.isPresent() && !moved.containsKey(there.get().id())) {
                throw new Refused(PfKeyError.EEXIST, "SPI " + Sa.spi(sa.spi()) + " is in use for " + sa.destination());
            }
        }
        Migration.Move first = migration.moves().getFirst();
        boolean sourceMoves = !first.oldSource().equals(first.newSource());
        String home = (sourceMoves ? entry.selector().source() : entry.selector().destination()).toString();
        String careOf = (sourceMoves ? first.newSource() : first.newDestination()).toString();
        spd.put(new SpdEntry(entry.id(), entry.priority(), entry.direction(), entry.port(), entry.selector(), entry.action(), templates),
                Reason.SA_MIGRATED, home, careOf);
        sad.move(moved.values(), Reason.SA_MIGRATED, home, careOf);
        return m.extensions();
    }

    private static SpdEntry.Template moved(SpdEntry.Template t, Migration.Move move) {
        return t.mode() == Sa.Mode.TRANSPORT ? t
                : new SpdEntry.Template(t.protocol(), t.mode(), move.newSource(), move.newDestination(), t.level(), t.requestId());
    }

    private static Sa moved(Sa sa, Migration.Move move) {
        Selector s = sa.selector();
        Selector selector = sa.mode() == Sa.Mode.TUNNEL ? s : new Selector(moved(s.source(), move.oldSource(), move.newSource()),
                moved(s.destination(), move.oldDestination(), move.newDestination()), s.protocol(), s.sourcePorts(), s.destinationPorts());
        return new Sa(sa.id(), sa.spi(), sa.protocol(), sa.mode(), move.newSource(), move.newDestination(), selector, sa.encryption(), sa.encryptionKey(),
                sa.authentication(), sa.authenticationKey(), sa.extendedSequence(), sa.replayWindow(), sa.requestId(), sa.lifetimes(), sa.udp(), sa.phase(),
                sa.created(), sa.hiding());
    }

    private static AddressRange moved(AddressRange range, IpAddress old, IpAddress now) {
        return range.equals(AddressRange.of(old)) ? AddressRange.of(now) : range;
    }
}
