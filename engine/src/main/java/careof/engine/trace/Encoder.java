package careof.engine.trace;

import careof.engine.base.Octets;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Writes the trace's compact form into a buffer that is used again for each event. */
final class Encoder {
    /**
     * Names that recur (nodes, ports, links, keys) are written once and then by number. One thread writes; others may read
     * the names of numbers that they met in published events.
     */
    static final class Names {
        static final int MOST = 50_000;
        private final Map<String, Integer> numbers = new HashMap<>();
        private volatile String[] names = new String[256];
        private volatile int count;

        /** The number of a name, from 1; 0 when it has none and gets none. */
        int number(String name) {
            Integer number = numbers.get(name);
            return number != null ? number : count < MOST ? add(name) : 0;
        }

        int add(String name) {
            if (count == names.length) {
                names = Arrays.copyOf(names, 2 * count);
            }
            names[count] = name;
            count++;
            numbers.put(name, count);
            return count;
        }

        int count() {
            return count;
        }

        /** @throws IndexOutOfBoundsException where there is no such number */
        String name(int number) {
            return names[Objects.checkIndex(number - 1, count)];
        }
    }

    private final Names names;
    private byte[] array = new byte[4096];
    private int length;

    Encoder(Names names) {
        this.names = names;
    }

    /** Begins anew after {@code reserved} octets, which the caller fills in. */
    void start(int reserved) {
        length = reserved;
    }

    int length() {
        return length;
    }

    byte[] array() {
        return array;
    }

    private void need(int count) {
        if (length + count > array.length) {
            array = Arrays.copyOf(array, Math.max(length + count, 2 * array.length));
        }
    }

    void octet(int value) {
        need(1);
        array[length++] = (byte) value;
    }

    /** Seven bits an octet, lowest first. */
    void unsigned(long value) {
        need(10);
        while ((value & ~0x7fL) != 0) {
            array[length++] = (byte) (value | 0x80);
            value >>>= 7;
        }
        array[length++] = (byte) value;
    }

    void signed(long value) {
        unsigned(value << 1 ^ value >> 63);
    }

    /** An event or packet, as its distance from another one nearby; 0: none. */
    void reference(long from, long to) {
        long distance = from - to;
        unsigned(to == 0 ? 0 : 1 + (distance << 1 ^ distance >> 63));
    }

    void fixed64(long value) {
        need(8);
        for (int shift = 56; shift >= 0; shift -= 8) {
            array[length++] = (byte) (value >>> shift);
        }
    }

    void name(String name) {
        int number = names.number(name);
        unsigned(number);
        if (number == 0) {
            text(name);
        }
    }

    void text(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        unsigned(bytes.length);
        need(bytes.length);
        System.arraycopy(bytes, 0, array, length, bytes.length);
        length += bytes.length;
    }

    void octets(Octets octets) {
        unsigned(octets.length());
        need(octets.length());
        octets.copyTo(array, length);
        length += octets.length();
    }

    void texts(List<String> texts) {
        unsigned(texts.size());
        texts.forEach(this::text);
    }

    /** Octets as they are. */
    void raw(byte[] source, int from, int count) {
        need(count);
        System.arraycopy(source, from, array, length, count);
        length += count;
    }
}
