package careof.app.bench;

import careof.engine.base.Octets;
import careof.engine.crypto.Encryption;
import java.security.GeneralSecurityException;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;
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
 * ESP tunnel packets a second of one core: {@link IpsecPipeline} against what the platform's cryptography does by itself with one buffer of as
 * many octets. Both give each packet's octets an array of their own, as packets that are kept need it; the memory for it takes as long as much of
 * the cryptography.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@Fork(value = 1, jvmArgs = {"-Xmx1g", "-XX:+UseSerialGC", "--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow"})
@Warmup(iterations = 4, time = 2)
@Measurement(iterations = 5, time = 2)
public class IpsecBenchmark {
    private static final int GCM_ICV = 16;
    private static final int SPI_AND_SEQUENCE = 8;
    private static final int BLOCK = 16;

    private final byte[] header = new byte[SPI_AND_SEQUENCE];
    private final byte[] nonce = new byte[12];
    private final byte[] iv = new byte[BLOCK];
    private final byte[] packet = new byte[IpsecPipeline.OCTETS];
    /** Payload and trailer as CBC encrypts them: the packet, padded. */
    private final byte[] blocks = new byte[(IpsecPipeline.OCTETS + 2 + BLOCK - 1) / BLOCK * BLOCK];
    private final SecretKeySpec key = new SecretKeySpec(new byte[16], "AES");

    private IpsecPipeline gcm;
    private IpsecPipeline cbc;
    private Cipher bareGcm;
    private Cipher bareCbc;
    private Mac bareMac;
    private long count;

    /** Fresh nodes for each iteration, so that the size of their traces does not depend on how many came before. */
    @Setup(Level.Iteration)
    public void start() throws GeneralSecurityException {
        gcm = new IpsecPipeline(Encryption.AES_GCM);
        cbc = new IpsecPipeline(Encryption.AES_CBC);
        bareGcm = Cipher.getInstance("AES/GCM/NoPadding");
        bareCbc = Cipher.getInstance("AES/CBC/NoPadding");
        bareMac = Mac.getInstance("HmacSHA1");
        bareMac.init(new SecretKeySpec(new byte[20], "HmacSHA1"));
    }

    @Benchmark
    public Octets gcmPipeline() {
        return gcm.protect();
    }

    @Benchmark
    public byte[] gcmBare() throws GeneralSecurityException {
        next(nonce, 4);
        bareGcm.init(Cipher.ENCRYPT_MODE, key, new GCMParameterSpec(8 * GCM_ICV, nonce));
        bareGcm.updateAAD(header);
        return bareGcm.doFinal(packet);
    }

    @Benchmark
    public Octets cbcPipeline() {
        return cbc.protect();
    }

    @Benchmark
    public void cbcBare(Blackhole blackhole) throws GeneralSecurityException {
        next(iv, 8);
        bareCbc.init(Cipher.ENCRYPT_MODE, key, new IvParameterSpec(iv));
        byte[] sealed = bareCbc.doFinal(blocks);
        bareMac.update(header);
        bareMac.update(iv);
        bareMac.update(sealed);
        blackhole.consume(sealed);
        blackhole.consume(bareMac.doFinal());
    }

    private void next(byte[] target, int at) {
        count++;
        for (int i = 0; i < 8; i++) {
            target[at + i] = (byte) (count >>> 56 - 8 * i);
        }
    }
}
