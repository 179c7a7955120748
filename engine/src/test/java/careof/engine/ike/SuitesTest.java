package careof.engine.ike;

import static org.junit.jupiter.api.Assertions.assertEquals;

import careof.engine.crypto.DhGroup;
import careof.engine.crypto.IkeCipher;
import careof.engine.crypto.IkeHash;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Every suite of phase one, in both exchanges; every group of phase two. */
class SuitesTest {
    static List<IkeSuite> suites() {
        List<IkeSuite> suites = new ArrayList<>();
        for (IkeCipher cipher : IkeCipher.values()) {
            for (int length : cipher.keyLengths()) {
                for (IkeHash hash : IkeHash.values()) {
                    suites.add(new IkeSuite(cipher, length, hash, DhGroup.ECP_256));
                }
            }
        }
        return suites;
    }

    @ParameterizedTest
    @MethodSource("suites")
    void suite(IkeSuite suite) {
        makes(side -> side.suite = suite, suite);
        makes(side -> side.aggressive().suite = suite, suite);
    }

    @ParameterizedTest
    @EnumSource(DhGroup.class)
    void group(DhGroup group) {
        IkeSuite suite = new IkeSuite(IkeCipher.AES_CBC, 16, IkeHash.SHA256, group);
        makes(side -> {
            side.suite = suite;
            side.pfs = Optional.of(group);
        }, suite);
    }

    private static void makes(java.util.function.Consumer<Side> sides, IkeSuite suite) {
        IkeBench bench = new IkeBench(sides);
        bench.connect();
        assertEquals(suite.toString(), bench.left.phaseOne().suite());
        assertEquals(suite.toString(), bench.right.phaseOne().suite());
        assertEquals(suite.keyLength(), bench.left.phaseOne().encryptionKey().length());
        bench.carries();
    }
}
