package careof.engine.live;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import careof.engine.base.Octets;
import careof.engine.interop.NetworkNamespace;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** An interface that is slower than what leaves by it, and one that is faster than who listens to it: what does not go through is told, and nobody waits for it. Needs root. */
@Tag("interop")
@Timeout(120)
class SlowWayTest {
    private static final int FRAMES = 3_000;
    private static final int FAST = 20;
    private static final int FLOOD = 40_000;
    private static final int WAITING = 200;
    /** A frame for nobody, of a type that nobody knows. */
    private static final Octets FRAME = Octets.wrap(Arrays.copyOf(Octets.of(2, 0, 0, 0, 0, 9, 2, 0, 0, 0, 0, 8, 0x88, 0xb5).toArray(), 1000));

    private final BlockingQueue<Octets> arrived = new LinkedBlockingQueue<>();
    private final AtomicLong missed = new AtomicLong();
    private final Device.Listener ear = new Ear(Integer.MAX_VALUE);

    /** Hears so many frames, and waits with the next until it may hear more. */
    private final class Ear implements Device.Listener {
        private final Semaphore more;

        private Ear(int frames) {
            more = new Semaphore(frames);
        }

        @Override
        public void arrived(List<Octets> several) {
            more.acquireUninterruptibly(several.size());
            arrived.addAll(several);
        }

        @Override
        public void missed(long count) {
            missed.addAndGet(count);
        }

        @Override
        public void failed(String why) {
            arrived.add(Octets.EMPTY);
        }
    }

    private static void slow(NetworkNamespace where, String device) throws Exception {
        where.run("tc", "qdisc", "add", "dev", device, "root", "tbf", "rate", "8kbit", "burst", "1600", "limit", "100000000");
    }

    private static void pair(NetworkNamespace where) throws Exception {
        where.run("ip", "link", "add", "v0", "type", "veth", "peer", "name", "v1");
        where.run("ip", "link", "set", "v0", "up");
        where.run("ip", "link", "set", "v1", "up");
    }

    /** All, or as many as it takes; how many that were. */
    private static int sent(Device device) {
        return assertTimeoutPreemptively(Duration.ofSeconds(20), () -> {
            int taken = 0;
            for (int i = 0; i < FRAMES; i++) {
                taken += device.send(FRAME) ? 1 : 0;
            }
            return taken;
        });
    }

    @Test
    void aSocketLink() throws Exception {
        InetAddress here = InetAddress.getLoopbackAddress();
        try (var there = new NetworkNamespace()) {
            slow(there, "lo");
            try (var link = there.namespace().call(() -> new SocketLink(new InetSocketAddress(here, 4001), new InetSocketAddress(here, 4002), 1, 1))) {
                link.start(ear);
                int taken = sent(link);
                assertTrue(taken > 0 && taken < FRAMES, () -> taken + " were taken");
            }
        }
        assertTrue(arrived.isEmpty(), "it did not fail");
    }

    @Test
    void aBridge() throws Exception {
        try (var there = new NetworkNamespace()) {
            pair(there);
            try (var bridge = Bridge.open("v0", there.namespace(), Optional.of("ether proto 0x88b5")); var other = Bridge.open("v1", there.namespace(), Optional.of("ether proto 0x88b5"))) {
                bridge.start(ear);
                other.start(ear);
                for (int i = 0; i < FAST; i++) {
                    assertTrue(bridge.send(FRAME));
                }
                for (int i = 0; i < FAST; i++) {
                    assertEquals(FRAME, arrived.poll(10, TimeUnit.SECONDS));
                }
                slow(there, "v0");
                int taken = sent(bridge);
                assertTrue(taken >= Outbox.MOST && taken < FRAMES, () -> taken + " were taken");
                there.run("tc", "qdisc", "del", "dev", "v0", "root");
            }
            assertTrue(arrived.stream().allMatch(FRAME::equals), "it did not fail");
        }
    }

    /** What comes faster than it is read is counted. */
    @Test
    void aFloodIsCounted() throws Exception {
        Ear slow = new Ear(0);
        try (var there = new NetworkNamespace()) {
            pair(there);
            try (var bridge = Bridge.open("v0", there.namespace(), Optional.of("ether proto 0x88b5")); var other = Bridge.open("v1", there.namespace(), Optional.of("ether proto 0x88b5"))) {
                bridge.start(ear);
                other.start(slow);
                long sent = 0;
                for (; sent < FLOOD; sent++) {
                    while (!bridge.send(FRAME)) {
                        Thread.sleep(1);
                    }
                }
                slow.more.release(FLOOD);
                long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
                while (arrived.size() + missed.get() < sent && System.nanoTime() < end) {
                    bridge.send(FRAME);    // what follows brings word of it
                    sent++;
                    Thread.sleep(200);
                }
                assertEquals(sent, arrived.size() + missed.get());
                assertTrue(missed.get() > 0);
            }
        }
    }

    /** What waits when it is closed leaves all the same, where the interface takes it. */
    @Test
    void whatWaitsAtTheEndLeaves() throws Exception {
        try (var there = new NetworkNamespace()) {
            pair(there);
            try (var other = Bridge.open("v1", there.namespace(), Optional.of("ether proto 0x88b5"))) {
                other.start(ear);
                try (var bridge = Bridge.open("v0", there.namespace(), Optional.of("ether proto 0x88b5"))) {
                    bridge.start(ear);
                    for (int i = 0; i < WAITING; i++) {
                        assertTrue(bridge.send(FRAME));
                    }
                }
                for (int i = 0; i < WAITING; i++) {
                    assertEquals(FRAME, arrived.poll(10, TimeUnit.SECONDS));
                }
            }
        }
    }
}
