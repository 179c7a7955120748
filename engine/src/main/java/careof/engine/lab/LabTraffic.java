package careof.engine.lab;

/**
 * A stream of numbered datagrams or of pings.
 *
 * @param name   names the flow in tables and expectations
 * @param both   of UDP: the peer sends the same stream back
 * @param every  nanoseconds between two packets, at least 1 microsecond
 * @param octets of UDP data or echo data; at least 16 (flow, sequence number, time)
 * @param start  first packet, nanoseconds
 * @param stop   none are sent from then on
 * @param family 6 or 4: the IP version
 * @param dscp   differentiated services code point, 0..63 (RFC 2474); 0: best effort
 */
public record LabTraffic(String name, Kind kind, String from, String to, boolean both, long every, int octets, long start, long stop,
        int family, int dscp) {
    /** Of IPv6, best effort. */
    public LabTraffic(String name, Kind kind, String from, String to, boolean both, long every, int octets, long start, long stop) {
        this(name, kind, from, to, both, every, octets, start, stop, 6, 0);
    }

    public static final long DEFAULT_EVERY = 1_000_000_000;
    public static final int DEFAULT_OCTETS = 64;

    /** UDP port of the first stream less one. */
    public static final int PORTS = 5000;

    public LabTraffic withEvery(long every) {
        return new LabTraffic(name, kind, from, to, both, every, octets, start, stop, family, dscp);
    }

    public LabTraffic withEnds(String from, String to) {
        return new LabTraffic(name, kind, from, to, both, every, octets, start, stop, family, dscp);
    }

    public LabTraffic withBoth(boolean both) {
        return new LabTraffic(name, kind, from, to, both, every, octets, start, stop, family, dscp);
    }

    public LabTraffic withOctets(int octets) {
        return new LabTraffic(name, kind, from, to, both, every, octets, start, stop, family, dscp);
    }

    public LabTraffic withStop(long stop) {
        return new LabTraffic(name, kind, from, to, both, every, octets, start, stop, family, dscp);
    }

    public enum Kind {
        UDP("udp"),
        PING("ping");

        private final String text;

        Kind(String text) {
            this.text = text;
        }

        /** The word in lab files. */
        public String text() {
            return text;
        }
    }
}
