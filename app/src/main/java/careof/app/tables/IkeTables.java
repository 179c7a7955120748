package careof.app.tables;

import careof.app.tables.Item.Entry;
import careof.app.tables.Item.Secret;
import careof.app.tables.Item.Tag;
import careof.app.tables.Item.Tone;
import careof.engine.base.IpAddress;
import careof.engine.state.IkeChild;
import careof.engine.state.IkeExchange;
import careof.engine.state.IkeSa;
import careof.engine.state.Sa;
import careof.engine.trace.LabState;
import careof.engine.trace.LabState.Row;
import careof.engine.trace.Masking;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What a node's key management knows, as lines of the tables pane: pure functions of the tables at the cursor. */
final class IkeTables {
    static final String PHASE_ONES = "IKE phase ones";
    static final String EXCHANGES = "IKE exchanges";
    static final String PAIRS = "IKE SA pairs";

    private final LabState state;
    private final long clock;
    private final long markFrom;

    /**
     * @param clock    virtual time shown, nanoseconds
     * @param markFrom rows changed by later events are marked
     */
    IkeTables(LabState state, long clock, long markFrom) {
        this.state = state;
        this.clock = clock;
        this.markFrom = markFrom;
    }

    /** @param named whether the rows say whose they are */
    List<Entry> phaseOnes(String node, boolean named) {
        List<Row<IkeSa>> rows = new ArrayList<>(state.rows(node, IkeSa.class));
        rows.sort(Comparator.comparingInt(r -> r.state().id()));
        return rows.stream().map(r -> phaseOne(node, r, named)).toList();
    }

    private Entry phaseOne(String node, Row<IkeSa> row, boolean named) {
        IkeSa sa = row.state();
        List<Tag> tags = List.of(role(sa.initiator()), switch (sa.phase()) {
            case NEGOTIATING -> new Tag("negotiating", Tone.BUSY);
            case ESTABLISHED -> new Tag("established", Tone.FINE);
            case REPLACED -> new Tag("replaced", Tone.PLAIN);
        });
        String peer = sa.peer().isEmpty() ? "peer not known yet" : named ? sa.peer() : "with " + sa.peer();
        return new Entry(PHASE_ONES, (named ? node : "") + " " + sa.key(), named ? node + " " + sa.id() + "  ↔ " + peer : sa.id() + "  " + peer,
                words(sa), tags, row.event() > markFrom, row.event(),
                sa.encryptionKey().isEmpty() || Masking.isMasked(sa.encryptionKey()) ? List.of() : List.of(new Secret("encryption", sa.encryptionKey().toHex())), links(node, sa));
    }

    private String words(IkeSa sa) {
        List<String> lines = new ArrayList<>();
        lines.add(exchange(sa.exchange()) + switch (sa.authentication()) {
            case UNKNOWN -> "";
            case PRE_SHARED_KEY -> ", pre-shared key";
            case RSA_SIGNATURES -> ", RSA signatures";
        });
        if (!sa.suite().isEmpty()) {
            lines.add(sa.suite());
        }
        lines.add("here " + end(sa.local(), sa.localIdentity()));
        lines.add("there " + end(sa.remote(), sa.remoteIdentity()));
        lines.add("cookies " + sa.cookies());
        lines.add(step(sa.step(), sa.retransmissions()));
        if (sa.established() > 0) {
            String end = sa.until() == 0 ? "" : sa.until() <= clock ? ", over" : ", ends in " + Tables.shortTime(sa.until() - clock);
            lines.add("established " + ago(sa.established()) + end);
        }
        return String.join("\n", lines);
    }

    private static String end(IpAddress address, String identity) {
        return address + (identity.isEmpty() ? "" : ", says " + identity);
    }

    private static String step(String step, int retransmissions) {
        return (step.isEmpty() ? "no message yet" : step) + switch (retransmissions) {
            case 0 -> "";
            case 1 -> ", once more";
            default -> ", " + retransmissions + " times more";
        };
    }

    private String ago(long at) {
        return at >= clock ? "now" : Tables.shortTime(clock - at) + " ago";
    }

    private static String exchange(IkeSa.Exchange exchange) {
        return switch (exchange) {
            case MAIN -> "main mode";
            case AGGRESSIVE -> "aggressive mode";
        };
    }

    private static Tag role(boolean initiator) {
        return new Tag(initiator ? "initiator" : "responder", Tone.PLAIN);
    }

    private static List<Link> links(String node, IkeSa sa) {
        List<Link> links = new ArrayList<>();
        links.add(new Link.Messages("messages of " + exchange(sa.exchange()), node, sa.id(), 0));
        if (sa.authentication() == IkeSa.Method.RSA_SIGNATURES && !sa.remoteIdentity().isEmpty()) {
            links.add(new Link.Certificate("peer's certificate", node, sa.id(), false));
        }
        if (sa.authentication() == IkeSa.Method.RSA_SIGNATURES && !sa.localIdentity().isEmpty()) {
            links.add(new Link.Certificate("own certificate", node, sa.id(), true));
        }
        return links;
    }

    List<Entry> exchanges(String node) {
        return state.rows(node, IkeExchange.class).stream().map(r -> exchange(node, r)).toList();
    }

    private Entry exchange(String node, Row<IkeExchange> row) {
        IkeExchange e = row.state();
        String what = switch (e.kind()) {
            case QUICK -> "quick mode ";
            case PROBE -> "probe ";
        };
        List<Link> links = new ArrayList<>(List.of(new Link.Messages("messages", node, e.ikeSa(), e.messageId())));
        phaseOne(node, e.ikeSa()).ifPresent(links::add);
        return new Entry(EXCHANGES, " " + e.key(), what + id(e.messageId()), "under phase one " + e.ikeSa() + ", " + step(e.step(), e.retransmissions()),
                List.of(role(e.initiator())), row.event() > markFrom, row.event(), List.of(), links);
    }

    private Optional<Link> phaseOne(String node, int id) {
        return state.row(node, IkeSa.class, Integer.toString(id)).map(sa -> new Link.Row("phase one " + id, node, "ike-sa " + id));
    }

    private static String id(long messageId) {
        return String.format(Locale.ROOT, "%08x", messageId);
    }

    List<Entry> pairs(String node) {
        List<Row<IkeChild>> rows = new ArrayList<>(state.rows(node, IkeChild.class));
        rows.sort(Comparator.comparingInt(r -> r.state().id()));
        return rows.stream().map(r -> pair(node, r)).toList();
    }

    private Entry pair(String node, Row<IkeChild> row) {
        IkeChild c = row.state();
        List<String> lines = new ArrayList<>();
        lines.add("in " + Sa.spi(c.inboundSpi()) + ", out " + Sa.spi(c.outboundSpi()));
        lines.add(c.local() + " ↔ " + c.remote());
        lines.add("carries " + SelectorText.of(c.selector()));
        lines.add("made " + ago(c.made()) + " by quick mode " + id(c.messageId()));
        List<Link> links = new ArrayList<>(List.of(quickMode(node, c)));
        phaseOne(node, c.ikeSa()).ifPresent(links::add);
        sa(node, c.protocol(), c.inboundSpi(), c.local(), "SA in").ifPresent(links::add);
        sa(node, c.protocol(), c.outboundSpi(), c.remote(), "SA out").ifPresent(links::add);
        if (c.policy() > 0) {
            links.add(new Link.Row("policy " + c.policy(), node, "spd-entry " + c.policy()));
        }
        return new Entry(PAIRS, " " + c.key(), c.id() + "  " + c.protocol() + " " + c.mode().name().toLowerCase(Locale.ROOT), String.join("\n", lines),
                List.of(role(c.initiator())), row.event() > markFrom, row.event(), List.of(), links);
    }

    private static Link quickMode(String node, IkeChild child) {
        return new Link.Messages("its quick mode", node, child.ikeSa(), child.messageId());
    }

    private Optional<Link> sa(String node, Sa.Protocol protocol, long spi, IpAddress destination, String text) {
        return state.rows(node, Sa.class).stream().map(Row::state)
                .filter(sa -> sa.protocol() == protocol && sa.spi() == spi && sa.destination().equals(destination)).findFirst().map(sa -> new Link.Row(text, node, "sa " + sa.key()));
    }

    /** From an SA to what made it: its quick mode, and the row of its pair; none of an SA that was keyed otherwise. */
    List<Link> makersOf(String node, Sa sa) {
        return state.rows(node, IkeChild.class).stream().map(Row::state)
                .filter(c -> c.protocol() == sa.protocol() && (c.inboundSpi() == sa.spi() && c.local().equals(sa.destination())
                        || c.outboundSpi() == sa.spi() && c.remote().equals(sa.destination())))
                .findFirst().map(c -> List.of(quickMode(node, c), new Link.Row("IKE SA pair " + c.id(), node, "ike-child " + c.key())))
                .orElse(List.of());
    }
}
