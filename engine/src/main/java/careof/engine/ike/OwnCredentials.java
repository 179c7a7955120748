package careof.engine.ike;

import careof.engine.base.IpAddress;
import careof.engine.base.Malformed;
import careof.engine.base.Octets;
import careof.engine.crypto.RsaSignature;
import careof.engine.pki.CertificateInfo;
import careof.engine.pki.DistinguishedName;
import careof.engine.stack.NodeEnv;
import careof.engine.wire.isakmp.Identification;
import careof.engine.wire.isakmp.Payload;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Who this node says it is in phase one, and how it shows that. */
final class OwnCredentials {
    /** Octets of the longest name that is looked at. */
    private static final int MOST_NAME = 1024;

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

    /**
     * What a peer is sent of this node's certificates.
     *
     * @param certificates DER, the node's own first
     * @param because      for the trail
     */
    record Sent(List<Octets> certificates, String because) {}

    /**
     * Its certificate and those above it, up to an authority that the peer asks for and therefore has (RFC 2408 section 3.10). Where none is asked for
     * or none of those has signed any of them, all: a peer may trust more than it says.
     */
    Sent certificates(List<Payload.CertificateRequest> requests) {
        List<Octets> all = settings.credential().orElseThrow().chain();
        if (requests.isEmpty()) {
            return new Sent(all, "nobody asks for an authority");
        }
        List<Payload.CertificateRequest> ours = requests.stream().filter(request -> request.encoding() == Payload.Certificate.X509_SIGNATURE).toList();
        if (ours.isEmpty()) {
            return new Sent(all, "none is of the kind that is asked for, " + Payload.Certificate.name(requests.getFirst().encoding()));
        }
        if (ours.stream().anyMatch(request -> request.authority().isEmpty())) {
            return new Sent(all, "any authority will do");
        }
        List<DistinguishedName> wanted = ours.stream().flatMap(request -> name(request.authority()).stream()).toList();
        for (int i = all.size() - 1; i >= 0; i--) {
            Optional<CertificateInfo> one = read(all.get(i));
            boolean last = one.isPresent() && (i == 0 || !one.get().isSelfIssued()) && wanted.stream().anyMatch(one.get().issuer()::matches);
            if (last) {
                return new Sent(all.subList(0, i + 1), one.get().issuer().text() + " is asked for");
            }
        }
        String first = wanted.isEmpty() ? "names that cannot be read" : wanted.getFirst().text();
        return new Sent(all, "none is of an authority that is asked for, " + first + (wanted.size() > 1 ? " and " + (wanted.size() - 1) + " more" : ""));
    }

    /** Empty: none that an authority of this node could have. */
    private static Optional<DistinguishedName> name(Octets der) {
        try {
            return der.length() > MOST_NAME ? Optional.empty() : Optional.of(DistinguishedName.ofDer(der));
        } catch (Malformed e) {
            return Optional.empty();
        }
    }

    private static Optional<CertificateInfo> read(Octets der) {
        try {
            return Optional.of(CertificateInfo.parse(der));
        } catch (Malformed e) {
            return Optional.empty();    // a peer will find that, too
        }
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
