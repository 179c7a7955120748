package careof.engine.base;

/**
 * An IPv4 address.
 *
 * @param bits the 32 bits, first octet highest
 */
public record Ip4Address(int bits) implements IpAddress {
    /** 0.0.0.0 */
    public static final Ip4Address ANY = new Ip4Address(0);
    /** 255.255.255.255 */
    public static final Ip4Address BROADCAST = new Ip4Address(-1);

    /** Reads dotted decimal. */
    public static Ip4Address parse(String text) {
        String[] parts = text.split("\\.", -1);
        int bits = 0;
        boolean good = parts.length == 4;
        for (int i = 0; good && i < 4; i++) {
            good = parts[i].matches("0|[1-9][0-9]{0,2}") && Integer.parseInt(parts[i]) <= 255;
            bits = good ? bits << 8 | Integer.parseInt(parts[i]) : bits;
        }
        if (!good) {
            throw new IllegalArgumentException("not an IPv4 address: \"" + text + "\"");
        }
        return new Ip4Address(bits);
    }

    public boolean isLoopback() {
        return bits >>> 24 == 127;
    }

    public boolean isUnspecified() {
        return bits == 0;
    }

    /** May be the address of one node out on a link: no multicast, loopback, class E, "this network" (RFC 1122 section 3.2.1.3). */
    public boolean isUnicast() {
        return bits >>> 28 < 0xe && !isLoopback() && bits >>> 24 != 0;
    }

    public boolean isMulticast() {
        return bits >>> 28 == 0xe;
    }

    @Override
    public String toString() {
        return (bits >>> 24) + "." + (bits >>> 16 & 0xff) + "." + (bits >>> 8 & 0xff) + "." + (bits & 0xff);
    }
}
