package careof.app.tables;

import careof.app.tables.Item.Entry;
import careof.app.tables.Item.Secret;
import careof.app.tables.Item.Tag;
import careof.app.tables.Item.Tone;
import careof.engine.base.Sizes;
import careof.engine.crypto.Authentication;
import careof.engine.crypto.Encryption;
import careof.engine.lab.Expectation.Half;
import careof.engine.metrics.SaPairs;
import careof.engine.state.AddressEntry;
import careof.engine.state.Sa;
import careof.engine.state.SaUse;
import careof.engine.state.SpdEntry;
import careof.engine.trace.LabState;
import careof.engine.trace.LabState.Row;
import careof.engine.trace.Masking;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** A node's security policy and its security associations as lines of the tables pane: pure functions of the tables at the cursor. */
final class SecurityTables {
    static final String ASSOCIATIONS = "Security associations";
    static final String PAIRS = "SA pairs";
    static final String POLICY = "Security policy";

    private final LabState state;
    private final long clock;
    private final long markFrom;
    private final IkeTables ike;

    /**
     * @param clock    virtual time shown, nanoseconds
     * @param markFrom rows changed by later events are marked
     */
    SecurityTables(LabState state, long clock, long markFrom) {
        this.state = state;
        this.clock = clock;
        this.markFrom = markFrom;
        this.ike = new IkeTables(state, clock, markFrom);
    }

    /** Both halves of the pairs that are wanted: what is at both ends of each, and why it is broken if it is. */
    List<Entry> pairs(List<SaPairs.Pair> pairs, Predicate<SaPairs.Pair> wanted) {
        return pairs.stream().filter(wanted).flatMap(p -> Stream.of(p.there(), p.back())).map(this::half).toList();
    }

    private Entry half(SaPairs.Direction d) {
        String what = d.sending().or(d::receiving).map(sa -> sa.protocol() + " " + Sa.spi(sa.spi()) + " " + sa.mode().name().toLowerCase(Locale.ROOT) + ", " + algorithms(sa) + "\n")
                .orElse("");
        long event = Stream.of(row(d.from(), d.sending()), row(d.to(), d.receiving())).flatMap(Optional::stream).mapToLong(Row::event).max().orElse(0);
        List<Link> makers = d.sending().map(sa -> ike.makersOf(d.from(), sa)).or(() -> d.receiving().map(sa -> ike.makersOf(d.to(), sa))).orElse(List.of());
        return new Entry(PAIRS, " " + d.protection() + " " + d.from(), d.protection() + "  " + d.from() + " → " + d.to(), what + d.why(),
                List.of(tag(d.state())), event > markFrom, event, List.of(), makers);
    }

    private static Tag tag(Half state) {
        return new Tag(state.text(), switch (state) {
            case GOOD -> Tone.FINE;
            case STALE, MISSING, EXPIRED -> Tone.BAD;
        });
    }

    private Optional<Row<Sa>> row(String node, Optional<Sa> sa) {
        return sa.flatMap(s -> state.row(node, Sa.class, s.key()));
    }

    /** The SAD in the order of its rows' numbers. */
    List<Entry> associations(String node, List<SaPairs.Pair> pairs) {
        List<Row<Sa>> rows = new ArrayList<>(state.rows(node, Sa.class));
        rows.sort(Comparator.comparingInt(r -> r.state().id()));
        return rows.stream().map(r -> association(node, r, half(node, r.state(), pairs))).toList();
    }

    /** The half of a pair that an SA of a node is one end of. */
    private static Optional<SaPairs.Direction> half(String node, Sa sa, List<SaPairs.Pair> pairs) {
        return pairs.stream().flatMap(p -> Stream.of(p.there(), p.back())).filter(d -> d.from().equals(node) && isThis(d.sending(), sa)
                || d.to().equals(node) && isThis(d.receiving(), sa)).findFirst();
    }

    private static boolean isThis(Optional<Sa> end, Sa sa) {
        return end.filter(e -> e.id() == sa.id()).isPresent();
    }

    /** @param half empty: it belongs to no pair that the lab names */
    private Entry association(String node, Row<Sa> row, Optional<SaPairs.Direction> half) {
        Sa sa = row.state();
        Optional<Row<SaUse>> used = state.row(node, SaUse.class, sa.key());
        SaUse use = used.map(Row::state).orElse(new SaUse(sa.id(), 0, 0, 0, 0, 0));
        boolean inbound = half.map(d -> !d.from().equals(node)).orElseGet(() -> isOwn(node, sa));
        List<Tag> tags = new ArrayList<>();
        tags.add(new Tag(inbound ? "in" : "out", Tone.PLAIN));
        tags.add(switch (sa.phase()) {
            case LARVAL -> new Tag("larval", Tone.BUSY);
            case MATURE -> half.map(d -> tag(d.state())).orElse(new Tag("mature", Tone.FINE));
            case DYING -> new Tag("dying", Tone.BUSY);
            case DEAD -> new Tag("expired", Tone.BAD);
        });
        long event = Math.max(row.event(), used.map(Row::event).orElse(0L));
        return new Entry(ASSOCIATIONS, " " + sa.key(), sa.id() + "  " + sa.protocol() + " " + Sa.spi(sa.spi()), words(sa, use, inbound), tags,
                event > markFrom, event, secrets(sa), ike.makersOf(node, sa));
    }

    /** Whether an SA ends here: its destination is an address of this node, or its source is none. */
    private boolean isOwn(String node, Sa sa) {
        List<Row<AddressEntry>> own = state.rows(node, AddressEntry.class);
        return own.stream().anyMatch(a -> a.state().address().equals(sa.destination()))
                || own.stream().noneMatch(a -> a.state().address().equals(sa.source()));
    }

    private String words(Sa sa, SaUse use, boolean inbound) {
        List<String> lines = new ArrayList<>();
        lines.add(sa.mode().name().toLowerCase(Locale.ROOT) + "  " + sa.source() + " → " + sa.destination()
                + (sa.udp().equals(Sa.UdpPorts.NONE) ? "" : ", in UDP " + sa.udp().source() + " → " + sa.udp().destination()));
        lines.add(algorithms(sa));
        lines.add("carries " + SelectorText.of(sa.selector()));
        lines.add((inbound ? "highest sequence " : "sequence ") + use.sequence() + (sa.extendedSequence() ? " (64 bits)" : "") + ", "
                + Sizes.count(use.packets(), "packet") + ", " + Sizes.count(use.octets(), "octet"));
        if (inbound) {
            lines.add(sa.replayWindow() == 0 ? "no check for replays" : "window " + window(use.window(), sa.replayWindow()));
        }
        lifetime(sa, use).ifPresent(lines::add);
        return String.join("\n", lines);
    }

    private static String algorithms(Sa sa) {
        List<String> names = new ArrayList<>();
        if (sa.encryption() != Encryption.NONE) {
            int bits = 8 * sa.encryptionKey().length();
            names.add(sa.encryption().text() + (bits == 0 ? "" : " " + bits + " bits"));
        }
        if (sa.authentication() != Authentication.NULL) {
            names.add(sa.authentication().text());
        } else if (!sa.encryption().isCombined()) {
            names.add("no authentication");
        }
        return String.join(" + ", names);
    }

    /** The replay window, newest number first: a full square for each that came, in groups of eight. */
    static String window(long bits, int size) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < size; i++) {
            if (i > 0 && i % 8 == 0) {
                text.append(' ');
            }
            text.append((bits >>> i & 1) == 1 ? '▪' : '▫');
        }
        return text.toString();
    }

    private Optional<String> lifetime(Sa sa, SaUse use) {
        Sa.Lifetimes l = sa.lifetimes();
        List<String> parts = new ArrayList<>();
        limit(parts, "renew", l.softTime(), sa.created());
        limit(parts, "end", l.hardTime(), sa.created());
        if (l.softOctets() > 0) {
            parts.add("renew after " + use.octets() + " of " + Sizes.count(l.softOctets(), "octet"));
        }
        if (l.hardOctets() > 0) {
            parts.add("end after " + use.octets() + " of " + Sizes.count(l.hardOctets(), "octet"));
        }
        return parts.isEmpty() ? Optional.empty() : Optional.of(String.join(", ", parts));
    }

    private void limit(List<String> parts, String what, long time, long created) {
        if (time > 0) {
            long left = created + time - clock;
            parts.add(what + (left <= 0 ? " passed" : " in " + Tables.shortTime(left)));
        }
    }

    private static List<Secret> secrets(Sa sa) {
        if (Masking.isMasked(sa)) {
            return List.of();
        }
        List<Secret> secrets = new ArrayList<>();
        if (!sa.encryptionKey().isEmpty()) {
            secrets.add(new Secret("encryption", sa.encryptionKey().toHex()));
        }
        if (!sa.authenticationKey().isEmpty()) {
            secrets.add(new Secret("authentication", sa.authenticationKey().toHex()));
        }
        return secrets;
    }

    /** The SPD in the order in which it is asked: what leaves, then what comes; lower priorities first. */
    List<Entry> policy(String node) {
        List<Row<SpdEntry>> rows = new ArrayList<>(state.rows(node, SpdEntry.class));
        rows.sort(Comparator.comparing((Row<SpdEntry> r) -> r.state().direction() == SpdEntry.Direction.IN)
                .thenComparing(r -> r.state().priority()).thenComparing(r -> r.state().id()));
        return rows.stream().map(this::policy).toList();
    }

    private Entry policy(Row<SpdEntry> row) {
        SpdEntry e = row.state();
        List<Tag> tags = List.of(new Tag(e.direction() == SpdEntry.Direction.IN ? "in" : "out", Tone.PLAIN), switch (e.action()) {
            case PROTECT -> new Tag("protect", Tone.FINE);
            case BYPASS -> new Tag("bypass", Tone.BUSY);
            case DISCARD -> new Tag("discard", Tone.BAD);
        });
        List<String> lines = new ArrayList<>();
        lines.add(SelectorText.of(e.selector()) + (e.port().isEmpty() ? "" : ", port " + e.port()));
        e.templates().forEach(t -> lines.add("by " + template(t)));
        return new Entry(POLICY, " " + e.key(), Integer.toString(e.id()) + (e.priority() == 0 ? "" : "  priority " + e.priority()), String.join("\n", lines), tags,
                row.event() > markFrom, row.event(), List.of());
    }

    private static String template(SpdEntry.Template t) {
        return t.protocol() + " " + t.mode().name().toLowerCase(Locale.ROOT)
                + (t.mode() == Sa.Mode.TUNNEL ? " " + t.source() + " ⇒ " + t.destination() : "")
                + switch (t.level()) {
                    case USE -> ", if there is an SA";
                    case REQUIRE -> "";
                    case UNIQUE -> ", only SA of request " + t.requestId();
                };
    }
}
