package careof.engine.decode;

import careof.engine.base.Ip4Address;
import careof.engine.base.Ip6Address;
import careof.engine.base.MacAddress;
import careof.engine.base.Malformed;
import careof.engine.base.OctetReader;
import careof.engine.base.Octets;
import java.util.function.LongFunction;

/** Reads fields of a frame between two offsets, each becoming a leaf of the node it belongs to. */
final class Cursor {
    /** Octets of a raw field that are spelled out in its value. */
    private static final int SHOWN = 24;

    private final Octets frame;
    private final int end;
    private int at;

    Cursor(Octets frame, int at, int end) {
        this.frame = frame;
        this.at = at;
        this.end = end;
    }

    int at() {
        return at;
    }

    int end() {
        return end;
    }

    int left() {
        return end - at;
    }

    /** All from here to the end, without moving. */
    Octets ahead() {
        return frame.slice(at, end);
    }

    /** Octets from an earlier offset up to the end. */
    Octets since(int start) {
        return frame.slice(start, end);
    }

    /** The octet {@code ahead} octets further on, without moving. */
    int peek(int ahead) throws Malformed {
        need(ahead + 1);
        return frame.at(at + ahead);
    }

    private int need(int count) throws Malformed {
        if (count > left()) {
            throw new Malformed("needs " + count + " octets, " + left() + " left", at);
        }
        return at;
    }

    /** A cursor over the next {@code count} octets, this one moving past them. */
    Cursor part(int count) throws Malformed {
        int start = need(count);
        at += count;
        return new Cursor(frame, start, at);
    }

    /** The next one to eight octets as a number, without a leaf. */
    long take(int count) throws Malformed {
        need(count);
        long value = 0;
        for (int i = 0; i < count; i++) {
            value = value << 8 | frame.at(at++);
        }
        return value;
    }

    void skip(int count) throws Malformed {
        need(count);
        at += count;
    }

    long number(Node in, int count, String name, String abbreviation, LongFunction<String> text) throws Malformed {
        int start = at;
        long value = take(count);
        in.leaf(name, abbreviation, start, at, text.apply(value));
        return value;
    }

    int number(Node in, int count, String name, String abbreviation) throws Malformed {
        return (int) number(in, count, name, abbreviation, Long::toString);
    }

    long hex(Node in, int count, String name, String abbreviation) throws Malformed {
        return number(in, count, name, abbreviation, v -> String.format("0x%0" + 2 * count + "x", v));
    }

    /** Reads {@code count} octets that mean nothing to a receiver. */
    void reserved(Node in, int count, String prefix) throws Malformed {
        raw(in, count, "Reserved", prefix + ".reserved");
    }

    Ip6Address ip6(Node in, String name, String abbreviation) throws Malformed {
        Octets octets = frame.slice(need(16), at + 16);
        Ip6Address address = new OctetReader(octets).ip6();
        in.leaf(name, abbreviation, at, at += 16, address.toString());
        return address;
    }

    Ip4Address ip4(Node in, String name, String abbreviation) throws Malformed {
        Ip4Address address = new Ip4Address((int) take(4));
        in.leaf(name, abbreviation, at - 4, at, address.toString());
        return address;
    }

    MacAddress mac(Node in, String name, String abbreviation) throws Malformed {
        MacAddress address = new MacAddress(take(2) << 32 | take(4));
        in.leaf(name, abbreviation, at - 6, at, address.toString());
        return address;
    }

    /** Raw octets, shown in hexadecimal. */
    Node raw(Node in, int count, String name, String abbreviation) throws Malformed {
        int start = need(count);
        at += count;
        Octets octets = frame.slice(start, at);
        String value = count == 0 ? "" : count <= SHOWN ? octets.toHex()
                : octets.slice(0, SHOWN).toHex() + "… (" + count + " octets)";
        return in.leaf(name, abbreviation, start, at, value);
    }

    /** All that is left, raw, if there is any. */
    void rest(Node in, String name, String abbreviation) throws Malformed {
        if (left() > 0) {
            raw(in, left(), name, abbreviation);
        }
    }
}
