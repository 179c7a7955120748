package careof.engine.trace;

import careof.engine.base.Octets;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** Reads what {@link Encoder} wrote; of other octets it makes other values, or throws a {@link RuntimeException}, but claims no more memory than they take. */
final class Decoder {
    private static final int MOST_HINTED = 64;


    private final Encoder.Names names;
    private final byte[] array;
    private int position;

    Decoder(Encoder.Names names, byte[] array) {
        this(names, array, 0);
    }

    /** @param position where to start */
    Decoder(Encoder.Names names, byte[] array, int position) {
        this.names = names;
        this.array = array;
        this.position = position;
    }

    /** Octets that are left. */
    int left() {
        return array.length - position;
    }

    /** Where the next octet is. */
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

    /** So many octets as are to follow. */
    private int count() {
        return Objects.checkIndex((int) unsigned(), left() + 1);
    }

    String text() {
        int count = count();
        position += count;
        return new String(array, position - count, count, StandardCharsets.UTF_8);
    }

    Octets octets() {
        int count = count();
        position += count;
        return Octets.wrap(array).slice(position - count, position);
    }

    List<String> texts() {
        int count = (int) unsigned();
        List<String> texts = new ArrayList<>(Math.clamp(count, 0, MOST_HINTED));
        for (int i = 0; i < count; i++) {
            texts.add(text());
        }
        return List.copyOf(texts);
    }
}
