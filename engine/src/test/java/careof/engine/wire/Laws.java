package careof.engine.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;

import careof.engine.base.Malformed;
import careof.engine.base.OctetReader;
import careof.engine.base.OctetWriter;
import careof.engine.base.Octets;
import java.util.function.BiConsumer;
import java.util.function.Function;

/** What every record of the wire keeps: reading what was written gives it back, and bad octets give nothing but Malformed. */
public final class Laws {
    private Laws() {}

    /** Reads one value from a reader. */
    public interface Reading<T> {
        T read(OctetReader in) throws Malformed;
    }

    /** Reads one value from whole octets. */
    public interface Parsing<T> {
        T parse(Octets octets) throws Malformed;
    }

    /** {@code parse(emit(x)) == x}, also behind other octets and in a writer that must grow. */
    public static <T> void writtenThenRead(T value, BiConsumer<T, OctetWriter> emit, Reading<T> read) throws Malformed {
        OctetWriter behind = new OctetWriter(4096);
        behind.octets(Octets.hex("ffffffffffffff"));
        emit.accept(value, behind);
        Octets written = behind.toOctets().from(7);
        OctetWriter small = new OctetWriter(1);
        emit.accept(value, small);
        assertEquals(small.toOctets(), written);
        OctetReader in = new OctetReader(written);
        assertEquals(value, read.read(in));
        assertEquals(0, in.remaining());
    }

    /** {@code octets} are {@link Malformed}, or a value that is equal once written and read again. */
    public static <T> boolean malformedOrStable(Octets octets, Parsing<T> parse, Function<T, Octets> emit) {
        T value;
        try {
            value = parse.parse(octets);
        } catch (Malformed e) {
            return false;
        }
        try {
            assertEquals(value, parse.parse(emit.apply(value)), () -> "of " + octets);
        } catch (Malformed e) {
            throw new AssertionError("what was written is malformed: " + e.getMessage() + ", of " + octets);
        }
        return true;
    }
}
