package careof.app.bench;

import careof.engine.crypto.DhGroup;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.interfaces.RSAPublicKey;
import javax.crypto.Cipher;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.Blackhole;

/**
 * Main mode with RSA-2048 and MODP-2048 plus quick mode, pairs a second of one core: {@link IkePairs} against the operations that both ends together
 * cannot do without, done by the platform alone: two public values and two secrets, each a power in the group; two signatures; and for each end the
 * verification of the peer's signature, of its certificate and of the authority's revocation list.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@Fork(value = 1, jvmArgs = {"-Xmx1g", "-XX:+UseSerialGC", "--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow"})
@Warmup(iterations = 3, time = 3)
@Measurement(iterations = 5, time = 3)
public class IkeBenchmark {
    private static final BigInteger TWO = BigInteger.TWO;
    /** The prime of RFC 3526 section 3. */
    private static final BigInteger PRIME = new BigInteger("FFFFFFFFFFFFFFFFC90FDAA22168C234C4C6628B80DC1CD129024E088A67CC74020BBEA63B139B22514A08798E3404DDEF9519B3CD3A431B302B0A6DF25F1437"
            + "4FE1356D6D51C245E485B576625E7EC6F44C42E9A637ED6B0BFF5CB6F406B7EDEE386BFB5A899FA5AE9F24117C4B1FE649286651ECE45B3DC2007CB8A163BF05"
            + "98DA48361C55D39A69163FA8FD24CF5F83655D23DCA3AD961C62F356208552BB9ED529077096966D670C354E4ABC9804F1746C08CA18217C32905E462E36CE3B"
            + "E39E772C180E86039B2783A2EC07A28FB5C55DF06F4C52C9DE2BCBF6955817183995497CEA956AE515D2261898FA051015728E5A8AACAA68FFFFFFFFFFFFFFFF", 16);
    /** Signatures that each end verifies by a certificate's key. */
    private static final int VERIFICATIONS = 3;

    private final byte[] hash = new byte[32];
    private final byte[] certificate = new byte[700];
    private BigInteger exponentI;
    private BigInteger exponentR;
    private KeyPair key;
    private byte[] signature;
    private IkePairs pairs;

    /** Fresh nodes for each iteration, so that the size of their traces does not depend on how many came before. */
    @Setup(Level.Iteration)
    public void start() throws GeneralSecurityException {
        pairs = new IkePairs();
        pairs.next();
        if (key == null) {
            exponentI = exponent(1);
            exponentR = exponent(2);
            KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(2048);
            key = generator.generateKeyPair();
            Signature signer = Signature.getInstance("SHA256withRSA");
            signer.initSign(key.getPrivate());
            signer.update(certificate);
            signature = signer.sign();
        }
    }

    private static BigInteger exponent(int seed) {
        byte[] octets = new byte[DhGroup.MODP_2048.privateLength()];
        for (int i = 0; i < octets.length; i++) {
            octets[i] = (byte) (i * 37 + seed * 101 | 1);
        }
        return new BigInteger(1, octets);
    }

    @Benchmark
    public String pairs() {
        return pairs.next();
    }

    @Benchmark
    public void bare(Blackhole blackhole) throws GeneralSecurityException {
        BigInteger publicI = TWO.modPow(exponentI, PRIME);
        BigInteger publicR = TWO.modPow(exponentR, PRIME);
        blackhole.consume(publicR.modPow(exponentI, PRIME));
        blackhole.consume(publicI.modPow(exponentR, PRIME));
        for (int end = 0; end < 2; end++) {
            Cipher sign = Cipher.getInstance("RSA/ECB/PKCS1Padding");
            sign.init(Cipher.ENCRYPT_MODE, key.getPrivate());
            blackhole.consume(sign.doFinal(hash));
            for (int i = 0; i < VERIFICATIONS; i++) {
                Signature verifier = Signature.getInstance("SHA256withRSA");
                verifier.initVerify((RSAPublicKey) key.getPublic());
                verifier.update(certificate);
                blackhole.consume(verifier.verify(signature));
            }
        }
    }
}
