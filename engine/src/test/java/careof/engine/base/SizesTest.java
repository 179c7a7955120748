package careof.engine.base;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class SizesTest {
    @Test
    void mebibytesHaveOneDecimal() {
        assertEquals("0.0 MiB", Sizes.mebibytes(0));
        assertEquals("1.5 MiB", Sizes.mebibytes(1_572_864));
        assertEquals("4096.0 MiB", Sizes.mebibytes(1L << 32));
    }

    @Test
    void oneIsNotMany() {
        assertEquals("0 packets", Sizes.count(0, "packet"));
        assertEquals("1 packet", Sizes.count(1, "packet"));
        assertEquals("1,200 packets", Sizes.count(1_200, "packet"));
    }
}
