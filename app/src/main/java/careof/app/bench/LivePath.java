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
public final class LivePath implements TunnelPath {
    /** Address of the home agent. */
    private static final String AGENT = "2001:db8:1::1";

    private static final String LAB = """
            { "careof": 1, "name": "live bench", "seed": 1,
              "links": [ { "name": "home", "kind": "wired", "prefix": "2001:db8:1::/64", "delay": "0s" }, { "name": "cell", "kind": "cell", "prefix": "2001:db8:2::/64", "delay": "0s" } ],
              "nodes": [ { "name": "ha", "role": "home-agent", "ports": [ { "link": "home", "address": "2001:db8:1::1" }, { "link": "cell", "address": "2001:db8:2::1" } ] },
                         { "name": "mn", "role": "mobile-node", "at": "cell", "home": { "link": "home", "address": "2001:db8:1::10", "agent": "ha" } } ],
              "ipsec": [ { "name": "data", "between": ["mn", "ha"], "traffic": "payload", "transforms": [ { "protocol": "esp", "mode": "tunnel", "encryption": "aes-gcm" } ] } ],
              "until": "3600s" }
            """;
    private static final long TURN = 20_000_000;

    private final Teardown teardown = new Teardown();
    private final Namespace mobile = new Namespace("careof-m" + ProcessHandle.current().pid());
    private final Namespace agent = new Namespace("careof-a" + ProcessHandle.current().pid());
    private final LiveRun live;
    private final Thread thread;
    private volatile boolean closed;

    /** @throws IOException where the interfaces cannot be made, for a person to read */
    public LivePath() throws IOException {
        try {
            live = new LiveRun(Simulation.live(LiveLab.of(LabJson.read("bench", LAB)), Detail.SUMMARY, SystemSecret.make(), LiveLab.KEPT));
        } catch (LabException e) {
            throw new IllegalStateException(e);
        }
        boolean done = false;
        try {
            Programs.namespace(mobile.name(), teardown);
            Programs.namespace(agent.name(), teardown);
            PortRequest.open(List.of(new PortRequest.HostOnNode("mn", "tunm", mobile, MTU), new PortRequest.HostOnNode("ha", "tuna", agent, MTU)), live);
            done = true;
        } finally {
            if (!done) {
                teardown.close();
            }
        }
        teardown.add(this::stop);
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

    private void stop() {
        closed = true;
        live.wake();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        live.close();
    }

    @Override
    public String name() {
        return "Careof";
    }

    @Override
    public String sender() {
        return mobile.name();
    }

    @Override
    public String receiver() {
        return agent.name();
    }

    @Override
    public String destination() {
        return AGENT;
    }

    @Override
    public void close() {
        teardown.close();
    }
}
