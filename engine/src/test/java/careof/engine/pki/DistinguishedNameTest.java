package careof.engine.pki;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import careof.engine.base.Malformed;
import careof.engine.base.Octets;
import java.util.Random;
import org.junit.jupiter.api.Test;

class DistinguishedNameTest {
    /** O=Lab, CN=mn as strings of type UTF8String, PrintableString and with other cases and blanks. */
    private static final Octets UTF8 = Octets.hex("301b 310c300a060355040a0c034c6162 310b3009060355 04030c026d6e".replace(" ", ""));
    private static final Octets PRINTABLE = Octets.hex("301b310c300a060355040a13034c6162310b300906035504031302 6d6e".replace(" ", ""));
    private static final Octets OTHER_CASE = Octets.hex("301b310c300a060355040a13036c4142310b300906035504031302 4d6e".replace(" ", ""));

    @Test
    void matchesWhateverTheTypesOfItsStrings() throws Malformed {
        DistinguishedName utf8 = DistinguishedName.ofDer(UTF8);
        assertEquals("O=Lab,CN=mn", utf8.text());
        assertEquals(utf8, DistinguishedName.of("O=Lab,CN=mn"));
        assertEquals(utf8, DistinguishedName.of("O=Lab, CN=mn"));
        for (Octets other : new Octets[] {PRINTABLE, OTHER_CASE}) {
            assertNotEquals(utf8, DistinguishedName.ofDer(other), "other octets");
            assertTrue(utf8.matches(DistinguishedName.ofDer(other)) && DistinguishedName.ofDer(other).matches(utf8));
        }
        assertFalse(utf8.matches(DistinguishedName.of("CN=mn,O=Lab")));
        assertFalse(utf8.matches(DistinguishedName.of("O=Lab,CN=ha")));
        assertFalse(utf8.matches(DistinguishedName.of("O=Lab")));
        assertFalse(utf8.matches(DistinguishedName.of("O=Lab+CN=mn")));
        assertTrue(DistinguishedName.of("").isEmpty());
    }

    /** "CN=mn" and a character that a terminal would not show must neither look nor count like "CN=mn". */
    @Test
    void hiddenCharactersShowAndCount() throws Malformed {
        DistinguishedName hidden = DistinguishedName.ofDer(Octets.hex("300e310c300a06035504030c036d6e00"));
        assertFalse(hidden.matches(DistinguishedName.of("CN=mn")));
        assertFalse(hidden.matches(DistinguishedName.of(hidden.text())));
        assertTrue(hidden.text().chars().allMatch(c -> c >= ' '), hidden.text());
    }

    @Test
    void whatIsNoName() {
        for (String der : new String[] {"", "30", "3001", "0500", "3080 0000", "3000 00", "300431020500", "31020500", "3003020100"}) {
            assertThrows(Malformed.class, () -> DistinguishedName.ofDer(Octets.hex(der)), der);
        }
        assertThrows(IllegalArgumentException.class, () -> DistinguishedName.of("CN=" + "x".repeat(2000)));
        assertThrows(IllegalArgumentException.class, () -> DistinguishedName.of("nobody"));
    }

    /** Nothing else is thrown, and what is read can be compared. */
    @Test
    void damagedNames() throws Malformed {
        Random random = new Random(1);
        DistinguishedName whole = DistinguishedName.ofDer(UTF8);
        for (int i = 0; i < 20_000; i++) {
            byte[] damaged = UTF8.toArray();
            for (int flips = 0; flips <= random.nextInt(3); flips++) {
                damaged[random.nextInt(damaged.length)] ^= (byte) (1 << random.nextInt(8));
            }
            try {
                DistinguishedName read = DistinguishedName.ofDer(Octets.wrap(damaged));
                assertEquals(read.matches(whole), whole.matches(read), Octets.wrap(damaged).toHex());
            } catch (Malformed e) {
                assertFalse(e.getMessage().isEmpty());
            }
        }
    }
}
