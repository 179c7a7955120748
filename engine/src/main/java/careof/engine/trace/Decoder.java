package careof.engine.trace;

import careof.engine.base.Octets;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Reads what {@link Encoder} wrote. */
final class Decoder {
    private final Encoder.Names names;
    private final byte[] array;
    private int position;

    Decoder(Encoder.Names names, byte[] array) {
        this.names = names;
        this.array = array;
    }

    /** Octets read so far. */
    int position() {
        return position;
    }

    int octet() {
        return array[position++] & 0xff;
    }

    long unsigned() {
        long value = 0;
        for (int shift = 0; ; shift += 7) {
            byte octet = array[position++];
            value |= (octet & 0x7fL) << shift;
            if (octet >= 0) {
                return value;
            }
        }
    }

    long signed() {
        long value = unsigned();
        return value >>> 1 ^ -(value & 1);
    }

    long reference(long from) {
        long value = unsigned() - 1;
        return value < 0 ? 0 : from - (value >>> 1 ^ -(value & 1));
    }

    long fixed64() {
        long value = 0;
        for (int i = 0; i < 8; i++) {
            value = value << 8 | array[position++] & 0xff;
        }
        return value;
    }

    String name() {
        int number = (int) unsigned();
        return number == 0 ? text() : names.name(number);
    }

    String text() {
        int count = (int) unsigned();
        position += count;
        return new String(array, position - count, count, StandardCharsets.UTF_8);
    }

    Octets octets() {
        int count = (int) unsigned();
        position += count;
        return Octets.wrap(array).slice(position - count, position);
    }

    List<String> texts() {
        int count = (int) unsigned();
        List<String> texts = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            texts.add(text());
        }
        return List.copyOf(texts);
    }
}
