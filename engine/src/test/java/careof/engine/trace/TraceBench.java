package careof.engine.trace;

import careof.engine.base.Octets;
import careof.engine.trace.TraceEvent.Arrival;
import careof.engine.trace.TraceEvent.FrameArrived;
import careof.engine.trace.TraceEvent.FrameSent;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Measures the store by hand: {@code java -cp ... careof.engine.trace.TraceBench [frames]}. */
public final class TraceBench {
    private TraceBench() {}

    public static TraceStore forwarded(int frames, int hops, int octets) {
        TraceStore store = new TraceStore(Detail.FULL);
        Random random = new Random(1);
        byte[] data = new byte[octets];
        for (int packet = 1; packet <= frames; packet++) {
            int hop = (packet - 1) % hops;
            if (hop == 0) {
                random.nextBytes(data);
            }
            byte[] frame = data.clone();
            frame[5] = (byte) hop;
            frame[11] = (byte) (hop + 1);
            frame[21] = (byte) (64 - hop);
            long id = store.size() + 1;
            long at = id * 1000;
            store.append(new FrameSent(id, at, "r" + hop, id - 1, packet, hop == 0 ? 0 : packet - 1, "eth1", "l" + hop, packet / hops + 1, at + 10,
                    List.of(new Arrival("r" + (hop + 1) + "/eth0", at + 500)), Octets.wrap(frame)));
            store.append(new FrameArrived(id + 1, at + 500, "r" + (hop + 1), id, packet, "eth0", "l" + hop, id));
        }
        return store;
    }

    public static void main(String[] args) {
        int frames = args.length == 0 ? 1_000_000 : Integer.parseInt(args[0]);
        Random random = new Random(1);
        List<byte[]> roots = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            byte[] root = new byte[1014];
            random.nextBytes(root);
            roots.add(root);
        }
        String[] nodes = new String[12];
        String[] links = new String[12];
        String[] ports = new String[12];
        for (int i = 0; i < 12; i++) {
            nodes[i] = "r" + i;
            links[i] = "l" + i;
            ports[i] = "r" + i + "/eth0";
        }
        for (int round = 0; round < 4; round++) {
            TraceStore store = new TraceStore(Detail.FULL);
            long making = 0;
            long start = System.nanoTime();
            for (int packet = 1; packet <= frames; packet++) {
                int hop = (packet - 1) % 10;
                long t = System.nanoTime();
                byte[] frame = roots.get((packet - 1) / 10 % 100).clone();
                frame[5] = (byte) hop;
                frame[11] = (byte) (hop + 1);
                frame[21] = (byte) (64 - hop);
                Octets octets = Octets.wrap(frame);
                making += System.nanoTime() - t;
                long id = store.size() + 1;
                long at = id * 1000;
                store.append(new FrameSent(id, at, nodes[hop], id - 1, packet, hop == 0 ? 0 : packet - 1, "eth1", links[hop], packet / 10 + 1, at + 10,
                        List.of(new Arrival(ports[hop + 1], at + 500)), octets));
                store.append(new FrameArrived(id + 1, at + 500, nodes[hop + 1], id, packet, "eth0", links[hop], id));
            }
            long took = System.nanoTime() - start - making;
            System.out.printf("append: %.2f M events/s, %.1f octets per event, %.1f per packet-hop%n", store.size() * 1e3 / took,
                    (double) store.octets() / store.size(), (double) store.octets() / frames);
            start = System.nanoTime();
            long seen = 0;
            for (TraceStore.Cursor cursor = store.from(1); cursor.hasNext(); ) {
                seen += cursor.next() instanceof FrameSent f ? f.frame().length() : 0;
            }
            System.out.printf("read all: %.2f M events/s (%d octets)%n", store.size() * 1e3 / (System.nanoTime() - start), seen);
            start = System.nanoTime();
            for (int i = 0; i < 200_000; i++) {
                seen += store.get(1 + random.nextLong(store.size())).id();
            }
            System.out.printf("random get: %.0f ns%n", (System.nanoTime() - start) / 200_000.0);
            Projection projection = new Projection(store);
            jump(projection, store.size());
            jump(projection, store.size() / 2);
            jump(projection, store.size() / 2 - 1);
            jump(projection, store.size() / 2);
            jump(projection, store.size());
            start = System.nanoTime();
            for (int i = 0; i < 1000; i++) {
                projection.at(random.nextLong(store.size()));
            }
            System.out.printf("random jumps: %.3f ms each%n", (System.nanoTime() - start) / 1e9);
            start = System.nanoTime();
            store.digest();
            System.out.printf("digest: %.0f ms%n", (System.nanoTime() - start) / 1e6);
        }
    }

    private static void jump(Projection projection, long to) {
        long start = System.nanoTime();
        LabState state = projection.at(to);
        System.out.printf("jump to %d: %.2f ms, %d rows%n", to, (System.nanoTime() - start) / 1e6, state.rows().size());
    }
}
