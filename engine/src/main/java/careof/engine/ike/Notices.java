package careof.engine.ike;

import careof.engine.wire.isakmp.Notification;
import careof.engine.wire.isakmp.NotifyType;
import careof.engine.wire.isakmp.Payload;
import careof.engine.wire.isakmp.SecurityAssociation;
import careof.engine.wire.isakmp.SecurityProtocol;
import java.util.Optional;

/** Whether notifications and deletes are about what they can be about under a phase one: DOI, protocol and SPI. Who sent them is known by then. */
final class Notices {
    /** ISAKMP's own DOI, which phase one may be spoken of with (RFC 2408 sections 3.14 and 3.15). */
    private static final long GENERIC = 0;
    /** Protocol of those who name none. */
    private static final int UNNAMED = 0;
    /** Octets of the sequence number in the data of R-U-THERE (RFC 3706 section 5.3). */
    private static final int SEQUENCE = 4;

    private Notices() {}

    /** Why a notification is about nothing here; empty: it is to be heard. */
    static Optional<String> stray(IsakmpSa sa, Notification n) {
        return switch (n.notifyType()) {
            case NotifyType.R_U_THERE, NotifyType.R_U_THERE_ACK -> strayProbe(sa, n);
            case NotifyType.INITIAL_CONTACT, NotifyType.RESPONDER_LIFETIME -> n.doi() != SecurityAssociation.IPSEC ? doi(n.doi())
                    : n.protocol() != SecurityProtocol.ISAKMP ? protocol(n.protocol()) : !n.spi().equals(sa.cookies()) ? spi() : Optional.empty();
            default -> strayOther(n);
        };
    }

    /** RFC 3706 sections 5.3 and 6.1; an SPI may be left out. */
    private static Optional<String> strayProbe(IsakmpSa sa, Notification n) {
        return !isDoiOfPhaseOne(n.doi()) ? doi(n.doi()) : n.protocol() != SecurityProtocol.ISAKMP ? protocol(n.protocol())
                : !n.spi().isEmpty() && !n.spi().equals(sa.cookies()) ? spi()
                : n.data().length() != SEQUENCE ? Optional.of("it has no sequence number of " + SEQUENCE + " octets") : Optional.empty();
    }

    /** Of phase one the SPI does not matter, since the header has the cookies (RFC 2408 section 3.14). */
    private static Optional<String> strayOther(Notification n) {
        boolean known = isOfPhaseOne(n) || ChildProposals.protocol(n.protocol()).isPresent();
        boolean fits = isOfPhaseOne(n) ? isDoiOfPhaseOne(n.doi()) : n.doi() == SecurityAssociation.IPSEC;
        return !known ? protocol(n.protocol()) : fits ? Optional.empty() : doi(n.doi());
    }

    /** Whether a notification is about a phase one, or does not say about what. */
    static boolean isOfPhaseOne(Notification n) {
        return n.protocol() == SecurityProtocol.ISAKMP || n.protocol() == UNNAMED;
    }

    /** Why a delete is about nothing that can be here; empty: it is to be heard. */
    static Optional<String> stray(Payload.Delete d) {
        boolean phaseOne = d.protocol() == SecurityProtocol.ISAKMP;
        if (!phaseOne && ChildProposals.protocol(d.protocol()).isEmpty()) {
            return protocol(d.protocol());
        }
        int size = phaseOne ? IsakmpSa.COOKIES : ChildProposals.SPI;
        return !(phaseOne ? isDoiOfPhaseOne(d.doi()) : d.doi() == SecurityAssociation.IPSEC) ? doi(d.doi())
                : d.spiSize() != size && !d.spis().isEmpty() ? Optional.of("its SPIs have " + d.spiSize() + " octets") : Optional.empty();
    }

    private static boolean isDoiOfPhaseOne(long doi) {
        return doi == SecurityAssociation.IPSEC || doi == GENERIC;
    }

    private static Optional<String> doi(long doi) {
        return Optional.of("its DOI is " + doi);
    }

    private static Optional<String> protocol(int protocol) {
        return Optional.of("its protocol is " + protocol);
    }

    private static Optional<String> spi() {
        return Optional.of("its SPI is not the cookies of this phase one");
    }
}
