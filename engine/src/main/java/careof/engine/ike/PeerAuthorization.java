package careof.engine.ike;

import careof.engine.base.IpAddress;
import careof.engine.base.Malformed;
import careof.engine.base.Octets;
import careof.engine.pki.CertificateInfo;
import careof.engine.pki.Chain;
import careof.engine.pki.DistinguishedName;
import careof.engine.pki.SubjectName;
import careof.engine.stack.Arrived;
import careof.engine.stack.NodeEnv;
import careof.engine.stack.Verdict;
import careof.engine.state.AddressRange;
import careof.engine.state.IkeSa;
import careof.engine.trace.Reason;
import careof.engine.wire.ip.IpProtocol;
import careof.engine.wire.isakmp.Identification;
import careof.engine.wire.isakmp.IsakmpHeader;
import careof.engine.wire.isakmp.NotifyType;
import careof.engine.wire.isakmp.Payload;
import java.nio.charset.StandardCharsets;
import java.security.PublicKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * The peer authorization database (RFC 4301 section 4.4.3): who may authenticate how, and what it may have then. The draft's section 3.1 is decided here,
 * recommendations G to K, once a peer has shown its key.
 */
final class PeerAuthorization {
    /** Certificates that are looked at, the first ones. */
    private static final int MOST_CERTIFICATES = 4;

    private final NodeEnv env;
    private final IkeSettings settings;
    private final Directory directory;

    PeerAuthorization(NodeEnv env, IkeSettings settings, Directory directory) {
        this.env = env;
        this.settings = settings;
        this.directory = directory;
    }

    /** What becomes of a peer. */
    sealed interface Outcome {}

    /** It is who it says. */
    record Granted(Authorization authorization) implements Outcome {}

    /** @param notification what the peer is told, see {@link NotifyType} */
    record Refused(Verdict.Drop why, int notification) implements Outcome {}

    /** It did not show that it is who talked to this node before; else as {@link Refused}. */
    record Unproven(Verdict.Drop why, int notification) implements Outcome {}

    static Outcome refused(Verdict.Drop why, int notification) {
        return new Refused(why, notification);
    }

    /** A peer that showed that it knows a pre-shared key. */
    Outcome knowsKey(IsakmpSa sa, Arrived in, Identification identity) {
        IpAddress transport = in.source();
        Optional<Verdict.Drop> strange = selects(identity);
        if (strange.isPresent()) {
            return refused(strange.get(), NotifyType.INVALID_ID_INFORMATION);
        }
        Optional<IkePeer> entry = expected(sa, identity, transport);
        if (entry.isEmpty()) {
            return unknown(identity);
        }
        // The key is that of the peer at this address. Whoever says to be another address has shown nothing of that other one.
        Optional<Verdict.Drop> elsewhere = notTransport(identity, transport);
        if (elsewhere.isPresent()) {
            return refused(elsewhere.get(), NotifyType.INVALID_ID_INFORMATION);
        }
        boolean anyAddress = isAddress(identity) && !env.policy().identityMustBeTransportAddress();
        if (!anyAddress && !entry.get().preSharedKey().equals(usedKey(sa, transport))) {
            return refused(Verdict.drop(Reason.IKE_AUTHENTICATION_FAILED, identity.text(), "it was the key of another peer"), NotifyType.AUTHENTICATION_FAILED);
        }
        Optional<Verdict.Drop> otherwise = otherwise(sa, identity, entry.get());
        if (otherwise.isPresent()) {
            return refused(otherwise.get(), NotifyType.AUTHENTICATION_FAILED);
        }
        if (identity.idType() == Identification.HOME_ADDRESS) {
            Optional<Verdict.Drop> why = refusedHome(identity, entry.get(), listed(entry.get(), identity));
            if (why.isPresent()) {
                return refused(why.get(), NotifyType.INVALID_ID_INFORMATION);
            }
            env.said(in.packet(), Verdict.pass(Reason.IKE_HOME_ADDRESS_IDENTITY, identity.text()));
        }
        return addressless(in, identity, entry.get(), false);
    }

    /** Protocol and port of an identity are none, or IKE's own: what is said of others is nothing for phase one (RFC 2407 section 4.6.2). */
    static Optional<Verdict.Drop> selects(Identification identity) {
        boolean none = identity.protocol() == 0 && identity.port() == 0;
        boolean own = identity.protocol() == IpProtocol.UDP && identity.port() == IsakmpHeader.PORT;
        return none || own ? Optional.empty() : Optional.of(Verdict.drop(Reason.IKE_IDENTITY_SELECTOR, identity.text(), identity.protocol(), identity.port()));
    }

    private Octets usedKey(IsakmpSa sa, IpAddress transport) {
        return sa.peer() != null ? sa.peer().preSharedKey() : directory.keyFor(transport).map(IkePeer::preSharedKey).orElse(Octets.EMPTY);
    }

    /** A peer that presented certificates and a signature. */
    Outcome signed(IsakmpSa sa, Arrived in, Identification identity, List<Payload.Certificate> presented, Predicate<PublicKey> verifies) {
        IpAddress transport = in.source();
        List<Octets> certificates = presented.stream().filter(c -> c.encoding() == Payload.Certificate.X509_SIGNATURE).map(Payload.Certificate::data)
                .distinct().limit(MOST_CERTIFICATES).toList();
        if (certificates.isEmpty()) {
            return new Unproven(Verdict.drop(Reason.IKE_CERTIFICATE_REFUSED, identity.text(), "there is none"), NotifyType.CERTIFICATE_UNAVAILABLE);
        }
        Optional<Octets> signer = signer(certificates, subjectName(identity), verifies);
        boolean proven = signer.isPresent();
        switch (Chain.verify(first(signer, certificates), settings.authorities(), settings.revocations(), settings.epoch().plusNanos(env.now()))) {
            case careof.engine.pki.Verdict.Refused no -> {
                Verdict.Drop why = Verdict.drop(Reason.IKE_CERTIFICATE_REFUSED, identity.text(), no.words());
                return proven ? refused(why, NotifyType.INVALID_CERTIFICATE) : new Unproven(why, NotifyType.INVALID_CERTIFICATE);
            }
            case careof.engine.pki.Verdict.Trusted yes -> {
                if (!proven) {
                    Verdict.Drop why = Verdict.drop(Reason.IKE_AUTHENTICATION_FAILED, identity.text(), "the signature is not of the certificate's key");
                    return new Unproven(why, NotifyType.INVALID_SIGNATURE);
                }
                Optional<Verdict.Drop> strange = selects(identity);
                if (strange.isPresent()) {
                    return refused(strange.get(), NotifyType.INVALID_ID_INFORMATION);
                }
                Optional<IkePeer> entry = expected(sa, identity, transport);
                if (entry.isEmpty()) {
                    return unknown(identity);
                }
                Optional<Verdict.Drop> otherwise = otherwise(sa, identity, entry.get());
                if (otherwise.isPresent()) {
                    return refused(otherwise.get(), NotifyType.AUTHENTICATION_FAILED);
                }
                return certified(in, identity, entry.get(), yes.end());
            }
        }
    }

    /** Offers are taken before it is known whose they are: now it is known, and its entry says with what it may come. */
    private static Optional<Verdict.Drop> otherwise(IsakmpSa sa, Identification identity, IkePeer entry) {
        String instead = entry.method() != sa.row().authentication() ? entry.method() == IkeSa.Method.PRE_SHARED_KEY ? "a pre-shared key" : "a certificate"
                : !entry.suite().equals(sa.suite()) ? entry.suite().toString() : isTooOpen(sa.row().exchange(), entry) ? "main mode" : "";
        return instead.isEmpty() ? Optional.empty() : Optional.of(Verdict.drop(Reason.IKE_AUTHENTICATION_FAILED, identity.text(), "it is to use " + instead));
    }

    /** Aggressive mode shows anybody identities, and a hash from which a weak pre-shared key can be guessed: only for peers that are to use it. */
    static boolean isTooOpen(IkeSa.Exchange exchange, IkePeer entry) {
        return exchange == IkeSa.Exchange.AGGRESSIVE && entry.exchange() != IkeSa.Exchange.AGGRESSIVE;
    }

    /**
     * The peer's own certificate: they come in any order (RFC 4945 section 3.3.10.3). It is one whose key made the signature; of several with that key one
     * that names who the peer says it is.
     */
    private static Optional<Octets> signer(List<Octets> certificates, Optional<SubjectName> claimed, Predicate<PublicKey> verifies) {
        List<CertificateInfo> able = certificates.stream().flatMap(der -> read(der).stream())
                .filter(one -> one.key().rsa().filter(verifies).isPresent()).toList();
        return able.stream().filter(one -> claimed.filter(one::names).isPresent()).findFirst().or(() -> able.stream().findFirst()).map(CertificateInfo::der);
    }

    /** A chain as {@link Chain} wants it. */
    private static List<Octets> first(Optional<Octets> own, List<Octets> certificates) {
        List<Octets> all = new ArrayList<>(certificates);
        own.ifPresent(one -> {
            all.remove(one);
            all.addFirst(one);
        });
        return all;
    }

    /** Empty: nothing that can be read. */
    private static Optional<CertificateInfo> read(Octets certificate) {
        try {
            return Optional.of(CertificateInfo.parse(certificate));
        } catch (Malformed e) {
            return Optional.empty();
        }
    }

    /** Recommendations G to K, with a certificate that is to be trusted and whose key signed. */
    private Outcome certified(Arrived in, Identification identity, IkePeer entry, CertificateInfo certificate) {
        IpAddress transport = in.source();
        List<IpAddress> addresses = addresses(certificate);
        boolean named = subjectName(identity).filter(certificate::names).isPresent();
        if (identity.idType() == Identification.HOME_ADDRESS) {
            Optional<Verdict.Drop> why = refusedHome(identity, entry, named);
            if (why.isPresent()) {
                return refused(why.get(), NotifyType.INVALID_ID_INFORMATION);
            }
            env.said(in.packet(), Verdict.pass(Reason.IKE_HOME_ADDRESS_IDENTITY, identity.text()));
            return new Granted(new Authorization(entry, Optional.of(ranges(addresses)), false));
        }
        if (!named && env.policy().identityMustBeInCertificate()) {
            Verdict.Drop why = Verdict.drop(Reason.IKE_IDENTITY_NOT_IN_CERTIFICATE, identity.text(), certificate.subject().text());
            return refused(why, NotifyType.INVALID_ID_INFORMATION);
        }
        Optional<Verdict.Drop> elsewhere = notTransport(identity, transport);
        if (elsewhere.isPresent()) {
            return refused(elsewhere.get(), NotifyType.INVALID_ID_INFORMATION);
        }
        if (addresses.isEmpty()) {
            return addressless(in, identity, entry, true);
        }
        if (!addresses.contains(transport) && env.policy().certificateMustHoldTransportAddress()) {
            String all = addresses.stream().map(Object::toString).collect(Collectors.joining(", "));
            return refused(Verdict.drop(Reason.IKE_CERTIFICATE_NOT_TRANSPORT, all, transport), NotifyType.INVALID_CERTIFICATE);
        }
        return new Granted(new Authorization(entry, Optional.of(ranges(addresses)), false));
    }

    /**
     * Recommendation J: whose credentials hold no address is bound to the list for its identity, or refused where the policy says so; else it may have
     * anything.
     *
     * @param certified by a certificate, not by a pre-shared key
     */
    private Outcome addressless(Arrived in, Identification identity, IkePeer entry, boolean certified) {
        if (!env.policy().constrainsAddresslessCertificates()) {
            return new Granted(new Authorization(entry, Optional.empty(), true));
        }
        if (certified && entry.addresslessRefused()) {
            return refused(Verdict.drop(Reason.IKE_ADDRESSLESS_CERTIFICATE, identity.text()), NotifyType.INVALID_CERTIFICATE);
        }
        env.said(in.packet(), Verdict.pass(Reason.IKE_LISTED_ONLY, identity.text(), Authorization.text(entry.homes())));
        return new Granted(new Authorization(entry, Optional.of(entry.homes()), true));
    }

    private static boolean listed(IkePeer entry, Identification identity) {
        return identity.address().filter(home -> entry.homes().stream().anyMatch(range -> range.contains(home))).isPresent();
    }

    /** Recommendation K: an identity that is right wherever its owner is, if the owner may be anywhere and has that home address. */
    private Optional<Verdict.Drop> refusedHome(Identification identity, IkePeer entry, boolean owned) {
        if (!env.policy().knowsHomeAddressIdentity()) {
            return Optional.of(Verdict.drop(Reason.IKE_HOME_ADDRESS_REFUSED, identity.text(), "this node knows no such identity"));
        }
        if (!entry.mobile()) {
            return Optional.of(Verdict.drop(Reason.IKE_HOME_ADDRESS_REFUSED, identity.text(), "its subject is not known to be mobile"));
        }
        return owned ? Optional.empty()
                : Optional.of(Verdict.drop(Reason.IKE_HOME_ADDRESS_REFUSED, identity.text(), "its credentials do not hold that address"));
    }

    /** Recommendation H. */
    private Optional<Verdict.Drop> notTransport(Identification identity, IpAddress transport) {
        return isAddress(identity) && !identity.address().equals(Optional.of(transport)) && env.policy().identityMustBeTransportAddress()
                ? Optional.of(Verdict.drop(Reason.IKE_IDENTITY_NOT_TRANSPORT, identity.text(), transport)) : Optional.empty();
    }

    private static boolean isAddress(Identification identity) {
        return identity.idType() == Identification.IPV4_ADDR || identity.idType() == Identification.IPV6_ADDR;
    }

    /** The entry for an identity; of an exchange that this node began, only that of whom it began it with. */
    private Optional<IkePeer> expected(IsakmpSa sa, Identification identity, IpAddress transport) {
        if (!sa.row().initiator()) {
            return directory.entry(identity, transport);
        }
        Identification said = identity.comparable();
        return Optional.of(sa.peer()).filter(peer -> peer.identities().isEmpty() || peer.identities().stream().anyMatch(one -> one.comparable().equals(said)));
    }

    private static Outcome unknown(Identification identity) {
        return refused(Verdict.drop(Reason.IKE_PEER_UNKNOWN, identity.text()), NotifyType.INVALID_ID_INFORMATION);
    }

    private static List<IpAddress> addresses(CertificateInfo certificate) {
        return certificate.extensions().names().stream().filter(SubjectName.Ip.class::isInstance).map(name -> ((SubjectName.Ip) name).address()).toList();
    }

    private static List<AddressRange> ranges(List<IpAddress> addresses) {
        return addresses.stream().map(AddressRange::of).toList();
    }

    /** An identity as certificates have it; empty: they cannot. */
    private static Optional<SubjectName> subjectName(Identification identity) {
        String text = new String(identity.data().toArray(), StandardCharsets.ISO_8859_1);
        try {
            return switch (identity.idType()) {
                case Identification.FQDN -> Optional.of(new SubjectName.Dns(text));
                case Identification.USER_FQDN -> Optional.of(new SubjectName.Mail(text));
                case Identification.DER_ASN1_DN -> Optional.of(new SubjectName.Directory(DistinguishedName.ofDer(identity.data())));
                default -> identity.address().map(SubjectName.Ip::new);
            };
        } catch (IllegalArgumentException | Malformed e) {
            return Optional.empty();    // no certificate names what cannot be written
        }
    }
}
