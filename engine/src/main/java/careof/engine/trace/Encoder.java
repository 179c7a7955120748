package careof.engine.trace;

import careof.engine.base.Octets;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Writes the trace's compact form into a buffer that is used again for each event. */
final class Encoder {
    /** Names that recur (nodes, ports, links, keys) are written once and then by number; read by other threads. */
    static final class Names {
        private static final int MOST = 50_000;
        private final Map<String, Integer> numbers = new LinkedHashMap<>();
        private final List<String> names = new ArrayList<>();

        /** The number of a name, from 1; 0 when it has none and gets none. */
        synchronized int number(String name) {
            Integer number = numbers.get(name);
            if (number == null) {
                if (names.size() >= MOST) {
                    return 0;
                }
                names.add(name);
                number = names.size();
                numbers.put(name, number);
            }
            return number;
        }

        synchronized int count() {
            return names.size();
        }

        synchronized String name(int number) {
            return names.get(number - 1);
        }
    }

    private final Names names;
    private byte[] array = new byte[4096];
    private int length;

    Encoder(Names names) {
        this.names = names;
    }

    void reset() {
        length = 0;
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
}
