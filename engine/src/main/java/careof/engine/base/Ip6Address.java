package careof.engine.base;

import java.util.ArrayList;
import java.util.List;

/**
 * An IPv6 address (RFC 4291); its text form is that of RFC 5952.
 *
 * @param high the first 64 bits
 * @param low  the last 64 bits, for most unicast addresses the interface identifier
 */
public record Ip6Address(long high, long low) implements IpAddress {
    /** The unspecified address {@code ::}. */
    public static final Ip6Address ANY = new Ip6Address(0, 0);
    public static final Ip6Address LOOPBACK = new Ip6Address(0, 1);
    /** {@code ff02::1} */
    public static final Ip6Address ALL_NODES = new Ip6Address(0xff02L << 48, 1);
    /** {@code ff02::2} */
    public static final Ip6Address ALL_ROUTERS = new Ip6Address(0xff02L << 48, 2);

    private static final long LINK_LOCAL = 0xfe80L << 48;

    /** Reads any form of RFC 4291 section 2.2; an {@code IllegalArgumentException} names the text. */
    public static Ip6Address parse(String text) {
        int gap = text.indexOf("::");
        List<Integer> head = groups(text, gap < 0 ? text : text.substring(0, gap));
        List<Integer> tail = gap < 0 ? List.of() : groups(text, text.substring(gap + 2));
        int missing = 8 - head.size() - tail.size();
        if (gap < 0 ? missing != 0 : missing < 1) {
            throw bad(text);
        }
        List<Integer> all = new ArrayList<>(head);
        for (int i = 0; i < missing; i++) {
            all.add(0);
        }
        all.addAll(tail);
        long high = 0;
        long low = 0;
        for (int i = 0; i < 4; i++) {
            high = high << 16 | all.get(i);
            low = low << 16 | all.get(i + 4);
        }
        return new Ip6Address(high, low);
    }

    private static List<Integer> groups(String whole, String part) {
        List<Integer> groups = new ArrayList<>();
        if (part.isEmpty()) {
            return groups;
        }
        String[] pieces = part.split(":", -1);
        for (int i = 0; i < pieces.length; i++) {
            if (i == pieces.length - 1 && pieces[i].indexOf('.') >= 0) {
                int v4 = Ip4Address.parse(pieces[i]).bits();
                groups.add(v4 >>> 16);
                groups.add(v4 & 0xffff);
            } else if (pieces[i].matches("[0-9a-fA-F]{1,4}")) {
                groups.add(Integer.parseInt(pieces[i], 16));
            } else {
                throw bad(whole);
            }
        }
        return groups;
    }

    private static IllegalArgumentException bad(String text) {
        return new IllegalArgumentException("not an IPv6 address: \"" + text + "\"");
    }

    /** The link-local address with the given interface identifier (RFC 4291 section 2.5.6). */
    public static Ip6Address linkLocal(long interfaceId) {
        return new Ip6Address(LINK_LOCAL, interfaceId);
    }

    /** The solicited-node multicast address of this address (RFC 4291 section 2.7.1). */
    public Ip6Address solicitedNode() {
        return new Ip6Address(0xff02L << 48, 0x1_ff00_0000L | low & 0xff_ffffL);
    }

    public boolean isUnspecified() {
        return high == 0 && low == 0;
    }

    public boolean isLoopback() {
        return high == 0 && low == 1;
    }

    public boolean isMulticast() {
        return high >>> 56 == 0xff;
    }

    /** fe80::/10 */
    public boolean isLinkLocal() {
        return high >>> 54 == 0xfe80L >>> 6;
    }

    /** Unicast and more than link-local: what a home or care-of address must be (RFC 6275 sections 6.3, 6.4, 9.5.1). */
    public boolean isRoutableUnicast() {
        return !isMulticast() && !isUnspecified() && !isLoopback() && !isLinkLocal();
    }

    /** Octets as on the wire. */
    public Octets octets() {
        return new OctetWriter(16).address(this).toOctets();
    }

    private int group(int index) {
        return (int) ((index < 4 ? high : low) >>> 48 - 16 * (index % 4)) & 0xffff;
    }

    @Override
    public String toString() {
        int start = -1;
        int length = 1;
        for (int i = 0; i < 8; i++) {
            int run = 0;
            while (i + run < 8 && group(i + run) == 0) {
                run++;
            }
            if (run > length) {
                start = i;
                length = run;
            }
            i += Math.max(0, run - 1);
        }
        StringBuilder text = new StringBuilder(39);
        for (int i = 0; i < 8; i++) {
            if (i == start) {
                text.append("::");
                i += length - 1;
            } else {
                if (!text.isEmpty() && text.charAt(text.length() - 1) != ':') {
                    text.append(':');
                }
                text.append(Integer.toHexString(group(i)));
            }
        }
        return text.toString();
    }
}
