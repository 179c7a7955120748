package careof.engine.crypto;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import careof.engine.base.OctetWriter;
import careof.engine.base.Octets;
import java.math.BigInteger;
import java.util.Optional;
import org.bouncycastle.crypto.agreement.DHStandardGroups;
import org.bouncycastle.crypto.params.DHParameters;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class DhKeyTest {
    /** RFC 5903 section 8: both private values, both public ones, the secret. */
    @ParameterizedTest
    @CsvSource({
        "ECP_256, c88f01f510d9ac3f70a292daa2316de544e9aab8afe84049c62a9c57862d1433, c6ef9c5d78ae012a011164acb397ce2088685d8f06bf9be0b283ab46476bee53, "
            + "dad0b65394221cf9b051e1feca5787d098dfe637fc90b9ef945d0c37725811805271a0461cdb8252d61f1c456fa3e59ab1f45b33accf5f58389e0577b8990bb3, "
            + "d12dfb5289c8d4f81208b70270398c342296970a0bccb74c736fc7554494bf6356fbf3ca366cc23e8157854c13c58d6aac23f046ada30f8353e74f33039872ab, "
            + "d6840f6b42f6edafd13116e0e12565202fef8e9ece7dce03812464d04b9442de",
        "ECP_384, 099f3c7034d4a2c699884d73a375a67f7624ef7c6b3c0f160647b67414dce655e35b538041e649ee3faef896783ab194, "
            + "41cb0779b4bdb85d47846725fbec3c9430fab46cc8dc5060855cc9bda0aa2942e0308312916b8ed2960e4bd55a7448fc, "
            + "667842d7d180ac2cde6f74f37551f55755c7645c20ef73e31634fe72b4c55ee6de3ac808acb4bdb4c88732aee95f41aa"
            + "9482ed1fc0eeb9cafc4984625ccfc23f65032149e0e144ada024181535a0f38eeb9fcff3c2c947dae69b4c634573a81c, "
            + "e558dbef53eecde3d3fccfc1aea08a89a987475d12fd950d83cfa41732bc509d0d1ac43a0336def96fda41d0774a3571"
            + "dcfbec7aacf3196472169e838430367f66eebe3c6e70c416dd5f0c68759dd1fff83fa40142209dff5eaad96db9e6386c, "
            + "11187331c279962d93d604243fd592cb9d0a926f422e47187521287e7156c5c4d603135569b9e9d09cf5d4a270f59746",
    })
    void curves(DhGroup group, String i, String r, String publicI, String publicR, String secret) {
        DhKey keyI = DhKey.of(group, Octets.hex(i));
        DhKey keyR = DhKey.of(group, Octets.hex(r));
        assertEquals(publicI, keyI.publicValue().toHex());
        assertEquals(publicR, keyR.publicValue().toHex());
        assertEquals(Optional.of(Octets.hex(secret)), keyI.secret(keyR.publicValue()));
        assertEquals(Optional.of(Octets.hex(secret)), keyR.secret(keyI.publicValue()));
    }

    /** What Python's pow gives with the primes as the RFCs print them: private values; SHA-256 of prime, public values, secret. */
    @ParameterizedTest
    @CsvSource({
        "MODP_768, 5e9e68276bb5901c93161ee6ce3d7d4ae05c6ad431c2cec512d10652e16a4cf8, 78f841253e0632142047698514d4c8997f00382d73cd7ad3e49a8274785d7dfe, "
            + "b52ba6a3026520a6c49d37e4587601801bee500123b3259b6bf03e7cecc3e63d, 2f480c7ebb0750395f3d165927d12246f33f5fbea0662e9bb0bf9ced395caf47, "
            + "3e4c9eaf078689f08a40ba9d329994f8a98813bd27e5306a57b468c32820d14f, e89fdff9550797668f26d33cf54aba5d1a927c4f3d0de0d4be01a2be6705c471",
        "MODP_1024, 192233506d5ecdd51810051120316eb7669583cd46517de4fa089b4af2afecb7, e070bcdf3d5d3c2485cb6c28c0968f0b9b44d70ae82cd8fcc097f01ef493a2b1, "
            + "3f35a3f5f6c4376a744acad409bb22f8d897f949d2311d885adaa890981b67a0, f2fdef871bd5f01e89a612e686eb9dea4d3cb80a4bbbe6501d993f7124040b12, "
            + "ff0b09465f97279f1024e7f7d7025196082dd5be5239d98866debed7a08212b8, 56bc422cf1d92812ab29d287b6d213f88716169eb59952efe3a0bde75a3a93be",
        "MODP_1536, 5a36eb3e252c29ec7adcd194bd770e8e12644739ba080ddcc47264f29580d386, 0c8130cc3d324e298a72e01074e53bc9639d9ef23560f7ff0e4536721c50a31f, "
            + "64fcc83ec403930bf18393dbc883ccaa1fbb08ac876f77f7aa99748ca945019b, cfe902749bf4c49a8357e18a3ad5571bde75f6a5b5273bbbc5c6ee4f8b52e458, "
            + "0c97b30f084bd90dcfad4249a81330f07b01a1f472258b8f11e8f5d5d81a4026, adf314c52d66d29a8b32179e2ba79fa515b84802ffba2daac57c492fc189a6f4",
        "MODP_2048, 7a4d0d7aab8c2e4c7d6cd53dd78c268eabdc7fcf3f0d62c3ee8ff6cea6d6afa4, 8dce035399bd65923de0475d3a099484d4862afebea1625317f3fc647a29b6ad, "
            + "d66436f79bbd6b2e38c0ffbd079be904d2641415e2e67140e09448be9a60890e, 09017177baa5a631e0e28873601b487f8e5c9e9494ed33119f3b78f74dfc3b2f, "
            + "41f990b1a1ba75a83f8a169ddecc01ce6b9f6d3a938a74edbb48132e97e89cbe, e903e1b8c5b6ce574fe09a990411b4389c66c95959ca8e7c4829d7b2cd9d21c5",
        "MODP_3072, 8bdbaaa5b77032e56715dd65377753b5f9c8fde8ab48fa1315d8e438aaa00b0669, 5ed617194b8157bd07ca7c1a2f8d91a1af7bba6f748985678bc13c556d41f54b5a, "
            + "48cf8b092fbce4359d9871abf74f98e25b6163379eaa15cd9087e800c6d1c55c, fff62ed4fc21e6c7459f235e29096ec0f8f89bdb49adc03e3a3334f8cf3ad636, "
            + "1ec4966b37861ab043db0dc4a8564420214d6a234a64699579ce0f1333dfcb95, db4c55b4ee7f7499292947e3635ce2c834a349ca04dd4d714b5bd00fb750f58b",
        "MODP_4096, f3ecee906e48d4d832448943ab05f29937914583b4adbeac040c545d70157e2ea43f472cdd7e, "
            + "8e20d14ac7c1e749b2de877ab7849d504bdfe65771161f9dba01ad098a42d0fcad63eaeaae28, "
            + "4ee95187682bcb230ad26a95205f6920e84708f6251b3894329b09ec23919e33, 5f0b621bc9cce4300e3cd4f2aaf02cd16aa0c2cd32e37d5ab89ef197ad3cd604, "
            + "60e984045fefe738ca614709edec8031de9b2987586d9d34b6b8f91a3c235e5e, 246fd8b2c872842f95f4b809e5fb46a6b99b4eda2a8a54e18a44a824f701f988",
    })
    void numbers(DhGroup group, String i, String r, String prime, String publicI, String publicR, String secret) {
        DhKey keyI = DhKey.of(group, Octets.hex(i));
        DhKey keyR = DhKey.of(group, Octets.hex(r));
        assertEquals(group.privateLength(), Octets.hex(i).length());
        assertEquals(prime, sha256(DhKey.padded(ModpKey.prime(group), group.publicLength())));
        assertEquals(publicI, sha256(keyI.publicValue()));
        assertEquals(publicR, sha256(keyR.publicValue()));
        assertEquals(secret, sha256(keyI.secret(keyR.publicValue()).orElseThrow()));
        assertEquals(secret, sha256(keyR.secret(keyI.publicValue()).orElseThrow()));
    }

    private static String sha256(Octets octets) {
        return IkeHash.SHA256.digest(octets).toHex();
    }

    @ParameterizedTest
    @CsvSource({"MODP_768, 1", "MODP_1024, 2", "MODP_1536, 5", "MODP_2048, 14", "MODP_3072, 15", "MODP_4096, 16", "ECP_256, 19", "ECP_384, 20"})
    void numbersOfGroups(DhGroup group, int number) {
        assertEquals(number, group.number());
        assertEquals(Optional.of(group), DhGroup.of(number));
    }

    @Test
    void thePrimesAreThoseOfOthers() {
        DHParameters[] groups = {DHStandardGroups.rfc2409_768, DHStandardGroups.rfc2409_1024, DHStandardGroups.rfc3526_1536, DHStandardGroups.rfc3526_2048,
            DHStandardGroups.rfc3526_3072, DHStandardGroups.rfc3526_4096};
        for (int i = 0; i < groups.length; i++) {
            assertEquals(groups[i].getP(), ModpKey.prime(DhGroup.values()[i]));
            assertEquals(BigInteger.TWO, groups[i].getG());
        }
        assertEquals(Optional.empty(), DhGroup.of(3));
    }

    @ParameterizedTest
    @EnumSource(DhGroup.class)
    void whatIsNoPublicValueGivesNoSecret(DhGroup group) {
        DhKey key = DhKey.of(group, Octets.hex("11".repeat(group.privateLength())));
        int length = group.publicLength();
        assertEquals(length, key.publicValue().length());
        assertEquals(group.secretLength(), key.secret(key.publicValue()).orElseThrow().length());
        for (int other : new int[] {0, 1, length - 1, length + 1, 2 * length, 65536}) {
            assertTrue(key.secret(Octets.zeros(other)).isEmpty(), other + " octets");
        }
        assertTrue(key.secret(new OctetWriter().octets(key.publicValue()).u8(0).toOctets()).isEmpty(), "longer");
        assertTrue(key.secret(key.publicValue().slice(1, length)).isEmpty(), "shorter");
        assertTrue(key.secret(Octets.zeros(length)).isEmpty(), "zero, the point at infinity");
        assertTrue(key.secret(Octets.hex("ff".repeat(length))).isEmpty(), "too large");
        assertThrows(IllegalArgumentException.class, () -> DhKey.of(group, Octets.zeros(group.privateLength())));
    }

    @Test
    void numbersAtTheEdge() {
        DhKey key = DhKey.of(DhGroup.MODP_1024, Octets.hex("0123456789abcdef"));
        BigInteger prime = ModpKey.prime(DhGroup.MODP_1024);
        assertTrue(secret(key, BigInteger.ONE).isEmpty());
        assertTrue(secret(key, prime.subtract(BigInteger.ONE)).isEmpty());
        assertTrue(secret(key, prime).isEmpty());
        assertTrue(secret(key, prime.add(BigInteger.TWO)).isEmpty(), "a legal one, but not reduced");
        assertEquals(key.publicValue(), secret(key, BigInteger.TWO).orElseThrow());
        assertEquals(key.publicValue(), secret(key, prime.subtract(BigInteger.TWO))    // (-2)^x with an odd x
                .map(s -> DhKey.padded(prime.subtract(new BigInteger(1, s.toArray())), 128)).orElseThrow());
    }

    private static Optional<Octets> secret(DhKey key, BigInteger peer) {
        return key.secret(DhKey.padded(peer, key.group().publicLength()));
    }

    @Test
    void aPointBesideTheCurve() {
        DhKey key = DhKey.of(DhGroup.ECP_256, Octets.hex("77".repeat(32)));
        byte[] point = key.publicValue().toArray();
        for (int i : new int[] {0, 31, 32, 63}) {
            point[i] ^= 1;
            assertTrue(key.secret(Octets.wrap(point.clone())).isEmpty(), "octet " + i);
            point[i] ^= 1;
        }
        // x + p names the same field element, but is not how a point is written
        Octets x = Octets.hex("00000000ffffffff00000001000000000000000000000000ffffffffffffffff");
        assertTrue(key.secret(new OctetWriter().octets(x).octets(key.publicValue().from(32)).toOctets()).isEmpty());
        Octets p = Octets.hex("ffffffff00000001000000000000000000000000ffffffffffffffffffffffff");
        Octets rootOfB = Octets.hex("66485c780e2f83d72433bd5d84a06bb6541c2af31dae871728bf856a174f93f4");
        assertTrue(key.secret(new OctetWriter().zeros(32).octets(rootOfB).toOctets()).isPresent(), "the point with x = 0");
        assertTrue(key.secret(new OctetWriter().octets(p).octets(rootOfB).toOctets()).isEmpty(), "the same with x = p");
    }
}
