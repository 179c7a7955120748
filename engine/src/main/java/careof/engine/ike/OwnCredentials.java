package careof.engine.ike;

import careof.engine.base.IpAddress;
import careof.engine.base.Malformed;
import careof.engine.base.Octets;
import careof.engine.crypto.RsaSignature;
import careof.engine.pki.CertificateInfo;
import careof.engine.stack.NodeEnv;
import careof.engine.wire.isakmp.Identification;
import java.util.ArrayList;
import java.util.List;

/** Who this node says it is in phase one, and how it shows that. */
final class OwnCredentials {
    private final NodeEnv env;
    private final IkeSettings settings;
    private final List<Octets> authorityNames = new ArrayList<>();

    OwnCredentials(NodeEnv env, IkeSettings settings) {
        this.env = env;
        this.settings = settings;
        for (Octets authority : settings.authorities()) {
            try {
                authorityNames.add(CertificateInfo.parse(authority).subject().der());
            } catch (Malformed e) {
                throw new IllegalArgumentException("an authority's certificate: " + e.getMessage(), e);
            }
        }
    }

    /**
     * What this node says it is. A home address only where it knows such identities (recommendation K), else what it has to say instead.
     *
     * @param local the address that transports IKE, for a node that is known by nothing else
     */
    Identification identity(IpAddress local) {
        return settings.identity().filter(mine -> mine.idType() != Identification.HOME_ADDRESS || env.policy().knowsHomeAddressIdentity())
                .or(settings::fallback).orElseGet(() -> Identification.of(local));
    }

    /** Its certificate and those above it, DER. */
    List<Octets> certificates() {
        return settings.credential().orElseThrow().chain();
    }

    boolean hasCertificate() {
        return settings.credential().isPresent();
    }

    Octets sign(Octets hash) {
        return RsaSignature.sign(settings.credential().orElseThrow().key(), hash);
    }

    /** Names of the authorities that it trusts, DER. */
    List<Octets> authorityNames() {
        return authorityNames;
    }
}
