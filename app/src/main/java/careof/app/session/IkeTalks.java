package careof.app.session;

import careof.engine.state.IkeSa;
import careof.engine.trace.LabState;
import careof.engine.trace.TraceEvent.Changed;
import careof.engine.wire.isakmp.IsakmpHeader;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/** Which frames carried which exchange of IKE, where they originate. One thread feeds it, any may ask. */
public final class IkeTalks {
    /** By initiator cookie and message id: the events that sent the messages. */
    private final Map<Long, Map<Long, Ids>> talks = new TreeMap<>();
    /** By node and id of a phase one: its initiator cookie. */
    private final Map<PhaseOne, Long> cookies = new LinkedHashMap<>();

    private record PhaseOne(String node, int id) {}

    synchronized void add(IsakmpHeader header, long event) {
        talks.computeIfAbsent(header.initiatorCookie(), _ -> new TreeMap<>()).computeIfAbsent(header.messageId(), _ -> new Ids()).add(event);
    }

    synchronized void add(Changed event) {
        if (event.row() instanceof IkeSa sa) {
            cookies.put(new PhaseOne(event.node(), sa.id()), sa.initiatorCookie());
        }
    }

    /** Forgets exchanges whose last message was before the trace's beginning, and phase ones that nothing is left of. */
    synchronized void forget(LabState beginning) {
        talks.values().forEach(messages -> messages.values().removeIf(ids -> ids.get(ids.size() - 1) <= beginning.event()));
        talks.values().removeIf(Map::isEmpty);
        cookies.entrySet().removeIf(entry -> !talks.containsKey(entry.getValue())
                && beginning.row(entry.getKey().node, IkeSa.class, Integer.toString(entry.getKey().id)).isEmpty());
    }

    /**
     * The messages of an exchange, also those that were sent again.
     *
     * @param node      one of the two
     * @param ikeSa     id of the phase one on that node, also of one that is gone
     * @param messageId 0: phase one
     * @return event ids, which may become more
     */
    public synchronized Series exchange(String node, int ikeSa, long messageId) {
        Long cookie = cookies.get(new PhaseOne(node, ikeSa));
        return cookie == null ? new Ids() : talks.getOrDefault(cookie, Collections.emptyMap()).getOrDefault(messageId, new Ids());
    }
}
