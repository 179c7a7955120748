package careof.engine.ike;

import careof.engine.base.IpAddress;
import careof.engine.base.Octets;
import careof.engine.pki.Credential;
import careof.engine.wire.isakmp.Identification;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A node's configuration of key management.
 *
 * @param epoch       calendar time of virtual time zero
 * @param home        a mobile node's home address; empty: the node does not move
 * @param address     that others reach it by; of a mobile node its home address, too
 * @param identity    what it says it is; empty: the address that transports IKE
 * @param fallback    what it says where its identity is a home address and it knows no such (recommendation K off)
 * @param credential  certificate and key; empty: it has none
 * @param authorities certificates of those that it trusts, DER
 * @param revocations their lists of revoked certificates, DER; empty: nobody looks
 * @param children    what SAs are like, by request id
 */
public record IkeSettings(Instant epoch, Optional<IpAddress> home, Optional<IpAddress> address, Optional<Identification> identity,
        Optional<Identification> fallback, Optional<Credential> credential, List<Octets> authorities, List<Octets> revocations,
        List<IkePeer> peers, List<ChildSettings> children) {
    public IkeSettings {
        authorities = List.copyOf(authorities);
        revocations = List.copyOf(revocations);
        peers = List.copyOf(peers);
        children = List.copyOf(children);
    }
}
