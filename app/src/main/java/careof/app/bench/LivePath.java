package careof.app.bench;

import careof.engine.lab.LabException;
import careof.engine.lab.LabJson;
import careof.engine.live.LiveLab;
import careof.engine.live.LiveRun;
import careof.engine.live.Namespace;
import careof.engine.live.PortRequest;
import careof.engine.live.SystemSecret;
import careof.engine.run.Simulation;
import careof.engine.trace.Detail;
import java.io.IOException;
import java.util.List;

/**
 * A mobile node away from home and its home agent, with a tunnel of ESP with AES-128-GCM between both and a TUN interface on each, in a namespace each; with a
 * summary trace, driven by a thread of its own.
 */
public final class LivePath implements AutoCloseable {
    /** Home address of the mobile node. */
    public static final String MOBILE = "2001:db8:1::10";
    /** Address of the home agent. */
    public static final String AGENT = "2001:db8:1::1";
    /** Octets of the packets that hosts send at most. */
    public static final int MTU = 1400;

    private static final String LAB = """
            { "careof": 1, "name": "live bench", "seed": 1,
              "links": [ { "name": "home", "kind": "wired", "prefix": "2001:db8:1::/64", "delay": "0s" }, { "name": "cell", "kind": "cell", "prefix": "2001:db8:2::/64", "delay": "0s" } ],
              "nodes": [ { "name": "ha", "role": "home-agent", "ports": [ { "link": "home", "address": "2001:db8:1::1" }, { "link": "cell", "address": "2001:db8:2::1" } ] },
                         { "name": "mn", "role": "mobile-node", "at": "cell", "home": { "link": "home", "address": "2001:db8:1::10", "agent": "ha" } } ],
              "ipsec": [ { "name": "data", "between": ["mn", "ha"], "traffic": "payload", "transforms": [ { "protocol": "esp", "mode": "tunnel", "encryption": "aes-gcm" } ] } ],
              "until": "3600s" }
            """;
    private static final long TURN = 20_000_000;

    private final LiveRun live;
    private final Thread thread;
    private volatile boolean closed;

    /** @throws IOException where the interfaces cannot be made, for a person to read */
    public LivePath(Namespace mobile, Namespace agent) throws IOException {
        try {
            live = new LiveRun(Simulation.live(LiveLab.of(LabJson.read("bench", LAB)), Detail.SUMMARY, SystemSecret.make()));
        } catch (LabException e) {
            throw new IllegalStateException(e);
        }
        PortRequest.open(List.of(new PortRequest.HostOnNode("mn", "tunm", mobile, MTU), new PortRequest.HostOnNode("ha", "tuna", agent, MTU)), live);
        live.resume();
        thread = Thread.ofPlatform().daemon().name("careof-live").start(this::drive);
    }

    private void drive() {
        try {
            while (!closed) {
                live.turn(System.nanoTime() + TURN);
                live.await();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        closed = true;
        live.wake();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        live.close();
    }
}
