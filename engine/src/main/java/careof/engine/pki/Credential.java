package careof.engine.pki;

import careof.engine.base.Octets;
import java.security.interfaces.RSAPrivateKey;
import java.util.List;

/**
 * What a node proves who it is with.
 *
 * @param chain certificates, its own first
 * @param key   the key that it signs with; the own certificate's, unless it is an impostor
 */
public record Credential(List<Octets> chain, RSAPrivateKey key) {
    public Credential {
        chain = List.copyOf(chain);
        if (chain.isEmpty()) {
            throw new IllegalArgumentException("a credential without a certificate");
        }
    }

    /** Its own certificate. */
    public Octets certificate() {
        return chain.getFirst();
    }

    /** Names nothing of the key. */
    @Override
    public String toString() {
        return "Credential[" + chain.size() + " certificates]";
    }
}
