package careof.app.session;

/**
 * What is known of packets, some numbers of each, 0 where nothing was put. It takes memory for those that something is known of, however far their own numbers lie apart.
 * One thread writes, any may read: what is being put may not be seen at once.
 */
final class PacketFacts {
    /** What is kept of a packet: the packets it was made of and goes on as, see {@link Lineage}, and the ids of events about it. */
    enum Column { PARENT, CHILD, SIBLING, FIRST, LAST, END, FORWARDED }

    /** Numbers of a packet, its own is the first. */
    private static final int WIDTH = 1 + Column.values().length;
    private static final int LEAST = 1 << 8;

    /** Places of packets, a power of two of them, of which a quarter stays free: each packet stands at the first free one from that of its hash on. */
    private volatile long[] cells = new long[LEAST * WIDTH];
    private int used;

    /** Of a packet that nothing is known of: 0. */
    long get(long packet, Column column) {
        long[] all = cells;
        int place = packet <= 0 ? -1 : place(all, packet);
        return place < 0 || all[place] == 0 ? 0 : all[place + 1 + column.ordinal()];
    }

    /** @param packet 1 or more */
    void put(long packet, Column column, long value) {
        long[] all = cells;
        int place = place(all, packet);
        if (all[place] == 0) {
            if (4 * (used + 1) > 3 * (all.length / WIDTH)) {
                all = copy(all, 2 * (all.length / WIDTH), 0);
                place = place(all, packet);
                cells = all;
            }
            used++;
            all[place] = packet;
        }
        all[place + 1 + column.ordinal()] = value;
    }

    /** Forgets packets whose last event is before this one. */
    void forget(long before) {
        long[] all = cells;
        int kept = 0;
        for (int place = 0; place < all.length; place += WIDTH) {
            if (isKept(all, place, before)) {
                kept++;
            }
        }
        int places = LEAST;
        while (places < 2 * kept) {
            places *= 2;
        }
        cells = copy(all, places, before);
        used = kept;
    }

    private static boolean isKept(long[] all, int place, long before) {
        return all[place] != 0 && all[place + 1 + Column.LAST.ordinal()] >= before;
    }

    private static long[] copy(long[] all, int places, long before) {
        long[] copy = new long[places * WIDTH];
        for (int place = 0; place < all.length; place += WIDTH) {
            if (isKept(all, place, before)) {
                System.arraycopy(all, place, copy, place(copy, all[place]), WIDTH);
            }
        }
        return copy;
    }

    /** Packets of which something is known; for the thread that writes. */
    int size() {
        return used;
    }

    /** Where a packet stands, or would. */
    private static int place(long[] all, long packet) {
        int places = all.length / WIDTH;
        int at = (int) (packet * 0x9e37_79b9_7f4a_7c15L >>> 33) & places - 1;
        while (all[at * WIDTH] != 0 && all[at * WIDTH] != packet) {
            at = at + 1 & places - 1;
        }
        return at * WIDTH;
    }
}
