package careof.app.bench;

import careof.engine.base.VirtualTime;
import careof.engine.lab.Action;
import careof.engine.lab.Action.Ike.Order;
import careof.engine.lab.LabException;
import careof.engine.lab.LabJson;
import careof.engine.run.Simulation;
import careof.engine.state.IkeChild;
import careof.engine.state.State;
import careof.engine.trace.Detail;
import careof.engine.trace.LabState;
import java.util.Optional;
import java.util.SortedMap;

/**
 * Two nodes on one link that make a phase one by main mode with RSA-2048 signatures and MODP-2048, and an SA pair by quick mode, again and again; with
 * their trace. What they had before is deleted first, which is in the time, too.
 */
public final class IkePairs {
    private static final String LAB = """
            {
              "careof": 1, "name": "IKE between two nodes", "seed": 1,
              "links": [ { "name": "wire", "kind": "wired", "prefix": "2001:db8:1::/64", "delay": "1ms" } ],
              "nodes": [
                { "name": "a", "role": "correspondent", "ports": [ { "link": "wire", "address": "2001:db8:1::a" } ], "ike": { "peers": [ { "peer": "b", "dpd": "0s", "group": "modp-2048" } ] } },
                { "name": "b", "role": "correspondent", "ports": [ { "link": "wire", "address": "2001:db8:1::b" } ], "ike": { "peers": [ { "peer": "a", "dpd": "0s", "group": "modp-2048" } ] } }
              ],
              "ipsec": [ { "name": "data", "between": ["a", "b"], "traffic": "all", "keying": "ike",
                "transforms": [ { "protocol": "esp", "mode": "transport", "encryption": "aes-cbc", "authentication": "hmac-sha1-96" } ] } ],
              "until": "100h"
            }
            """;
    private static final long EACH = VirtualTime.SECOND;

    private final Simulation run;
    private int pairs;

    public IkePairs() {
        try {
            run = new Simulation(LabJson.read("pairs", LAB), Detail.SUMMARY);
        } catch (LabException e) {
            throw new IllegalStateException(e);
        }
        run.runUntil(EACH);
    }

    /** One more phase one and SA pair; gives the id of the SA pair's row. */
    public String next() {
        order(Order.DELETE, Optional.of("data"));
        order(Order.DELETE_PHASE_ONE, Optional.empty());
        order(Order.START, Optional.of("data"));
        run.runUntil(run.now() + EACH);
        pairs++;
        SortedMap<LabState.Key, State> rows = run.rows();
        String newest = "";
        for (State row : rows.values()) {
            newest = row instanceof IkeChild child ? child.key() : newest;
        }
        if (!newest.equals(Integer.toString(pairs))) {
            throw new IllegalStateException("SA pair " + pairs + " was not made, but " + newest);
        }
        return newest;
    }

    private void order(Order order, Optional<String> protection) {
        run.apply(new Action.Ike("a", "b", order, protection, Optional.empty(), Optional.empty(), Optional.empty()));
    }
}
