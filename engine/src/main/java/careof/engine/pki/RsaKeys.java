package careof.engine.pki;

import java.security.KeyPair;

/** Where the RSA keys of certificates come from. */
@FunctionalInterface
public interface RsaKeys {
    /**
     * The key pair of a name; its private key is an {@link java.security.interfaces.RSAPrivateCrtKey}.
     *
     * @param bits 512 to 8192, a multiple of 8
     */
    KeyPair key(String name, int bits);

    /**
     * Keys that follow from their name alone, the same on every machine: anyone who knows the name has the private key, so they are for labs
     * only. One of 2048 bits takes no time, of others some tenths of a second; some are kept for the life of the Java machine.
     */
    static RsaKeys ofNames() {
        return NamedRsaKeys::key;
    }
}
