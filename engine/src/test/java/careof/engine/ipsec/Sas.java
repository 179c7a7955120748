package careof.engine.ipsec;

import careof.engine.base.IpAddress;
import careof.engine.base.Octets;
import careof.engine.crypto.Authentication;
import careof.engine.crypto.Encryption;
import careof.engine.state.AddressRange;
import careof.engine.state.Sa;
import careof.engine.state.Selector;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** SAs for tests of transforms. */
public final class Sas {
    private static final IpAddress SOURCE = IpAddress.parse("2001:db8:1::1");
    private static final IpAddress DESTINATION = IpAddress.parse("2001:db8:2::2");

    private Sas() {}

    public static Sa esp(long spi, Encryption encryption, Octets key, Authentication authentication, Octets authenticationKey, boolean extended) {
        return sa(Sa.Protocol.ESP, spi, encryption, key, authentication, authenticationKey, extended);
    }

    public static Sa ah(long spi, Authentication authentication, Octets key, boolean extended) {
        return sa(Sa.Protocol.AH, spi, Encryption.NONE, Octets.EMPTY, authentication, key, extended);
    }

    private static Sa sa(Sa.Protocol protocol, long spi, Encryption encryption, Octets key, Authentication authentication, Octets authenticationKey,
            boolean extended) {
        return new Sa(1, spi, protocol, Sa.Mode.TRANSPORT, SOURCE, DESTINATION,
                Selector.between(AddressRange.of(SOURCE), AddressRange.of(DESTINATION)), encryption, key, authentication, authenticationKey, extended,
                64, 0, Sa.Lifetimes.NONE, Sa.UdpPorts.NONE, Sa.Phase.MATURE, 0);
    }

    /** Every pair of algorithms that an SA of ESP may have, each key length, with random keys. */
    public static List<Sa> allOfEsp(long seed) {
        Random random = new Random(seed);
        List<Sa> all = new ArrayList<>();
        for (Encryption encryption : Encryption.values()) {
            for (int length : encryption.keyLengths()) {
                for (Authentication authentication : Authentication.values()) {
                    boolean fits = encryption != Encryption.NONE && (!encryption.isCombined() || authentication == Authentication.NULL);
                    if (fits) {
                        all.add(esp(256 + random.nextInt(1 << 30), encryption, octets(random, length), authentication,
                                octets(random, authentication.key()), random.nextBoolean()));
                    }
                }
            }
        }
        return all;
    }

    /** One of AH for each algorithm. */
    public static List<Sa> allOfAh(long seed) {
        Random random = new Random(seed);
        List<Sa> all = new ArrayList<>();
        for (Authentication authentication : Authentication.values()) {
            if (authentication != Authentication.NULL) {
                all.add(ah(256 + random.nextInt(1 << 30), authentication, octets(random, authentication.key()), random.nextBoolean()));
            }
        }
        return all;
    }

    private static Octets octets(Random random, int length) {
        byte[] array = new byte[length];
        random.nextBytes(array);
        return Octets.wrap(array);
    }
}
