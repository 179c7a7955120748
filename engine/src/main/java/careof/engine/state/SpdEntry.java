package careof.engine.state;

import careof.engine.base.IpAddress;
import java.util.List;

/**
 * An entry of a node's security policy database (RFC 4301 section 4.4.1).
 *
 * @param id        policy id, from 1
 * @param priority  lower comes first; equal ones in the order of their ids
 * @param port      only packets of this port; empty: of any
 * @param templates for {@link Action#PROTECT}: what is to be applied, innermost first; else none
 */
public record SpdEntry(int id, long priority, Direction direction, String port, Selector selector, Action action, List<Template> templates) implements State {
    public enum Direction {
        IN,
        OUT
    }

    public enum Action {
        PROTECT,
        BYPASS,
        DISCARD
    }

    /**
     * One transform to apply.
     *
     * @param source      tunnel: of the outer header; transport: ignored
     * @param destination the same
     * @param requestId   of the SA that is to be used; 0: any that fits
     */
    public record Template(Sa.Protocol protocol, Sa.Mode mode, IpAddress source, IpAddress destination, Level level, long requestId) {}

    /** What a missing SA means (KAME's levels). */
    public enum Level {
        /** Without it, packets pass as they are. */
        USE,
        /** Without it, one is asked for, and packets are dropped until then. */
        REQUIRE,
        /** As REQUIRE, and only the SA with this request id. */
        UNIQUE
    }

    public SpdEntry {
        templates = List.copyOf(templates);
    }

    @Override
    public String key() {
        return Integer.toString(id);
    }
}
