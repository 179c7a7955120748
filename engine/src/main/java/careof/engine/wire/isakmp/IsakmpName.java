package careof.engine.wire.isakmp;

import careof.engine.base.Malformed;
import careof.engine.base.Octets;
import java.util.List;
import java.util.Optional;

/**
 * Short names of ISAKMP messages: "MM1" to "MM6" of main mode, "AM1" to "AM3" of aggressive mode, "QM1" to "QM3" of quick mode, "INFO", of
 * informational ones "DPD?" and "DPD" for the question and answer of dead peer detection and "DEL" for deletions; "fragment of IKE" for
 * payload 132, "IKE" for any other.
 *
 * <p>Which message of its exchange one is cannot always be told from its octets. Where it cannot, and nobody says who sent it, the name goes
 * without a number: "MM", "AM", "QM". Those and "INFO", "IKE" also name families, see {@link #isOf}.
 */
public final class IsakmpName {
    public static final String IKE = "IKE";
    private static final String MM = "MM";
    private static final String AM = "AM";
    private static final String QM = "QM";
    private static final String INFO = "INFO";
    private static final String FRAGMENT = "fragment of IKE";
    private static final List<String> KNOWN = List.of(IKE, MM, "MM1", "MM2", "MM3", "MM4", "MM5", "MM6", AM, "AM1", "AM2", "AM3", QM, "QM1", "QM2",
            "QM3", INFO, "DPD?", "DPD", "DEL", FRAGMENT);

    private IsakmpName() {}

    /** All names, families among them. */
    public static List<String> known() {
        return KNOWN;
    }

    /** Whether a message of this name counts where {@code wanted} is asked for: that name itself, or one of the family. */
    public static boolean isOf(String name, String wanted) {
        return name.equals(wanted) || KNOWN.contains(name) && switch (wanted) {
            case IKE -> true;
            case MM, AM, QM -> name.startsWith(wanted);
            case INFO -> List.of("DPD?", "DPD", "DEL").contains(name);
            default -> false;
        };
    }

    /** The name as far as the octets tell it. */
    public static String of(IsakmpMessage message) {
        return of(message, Optional.empty(), Optional.empty());
    }

    /**
     * The name of a message.
     *
     * @param opened      the payloads of an encrypted message, where somebody could decrypt it
     * @param fromStarter whether the end that began this exchange sent it, where somebody knows
     */
    public static String of(IsakmpMessage message, Optional<PayloadChain> opened, Optional<Boolean> fromStarter) {
        IsakmpHeader header = message.header();
        Optional<PayloadChain> payloads = message.isEncrypted() ? opened : clear(message);
        if (!message.isEncrypted() && header.nextPayload() == Payload.FRAGMENT) {
            return FRAGMENT;
        }
        boolean association = payloads.map(chain -> chain.types().contains(Payload.SECURITY_ASSOCIATION)).orElse(false);
        boolean answered = header.responderCookie() != 0;
        return switch (header.exchange()) {
            case IsakmpHeader.IDENTITY_PROTECTION -> association ? answered ? "MM2" : "MM1"
                    : message.isEncrypted() ? either(MM, "MM5", "MM6", fromStarter)
                    : payloads.map(chain -> chain.types().contains(Payload.KEY_EXCHANGE)).orElse(false) ? either(MM, "MM3", "MM4", fromStarter) : MM;
            case IsakmpHeader.AGGRESSIVE -> association ? answered ? "AM2" : "AM1" : payloads.isPresent() || message.isEncrypted() ? "AM3" : AM;
            case IsakmpHeader.QUICK_MODE -> payloads.isEmpty() ? either(QM, QM, "QM2", fromStarter)
                    : association ? either(QM, "QM1", "QM2", fromStarter) : "QM3";
            case IsakmpHeader.INFORMATIONAL -> payloads.map(IsakmpName::informational).orElse(INFO);
            default -> IKE;
        };
    }

    /** The name of a message of which only the start is there, as the first fragment of its packet has it; "IKE" where that tells nothing. */
    public static String ofStart(Octets start) {
        try {
            IsakmpHeader header = IsakmpHeader.parse(start);
            Octets body = start.from(IsakmpHeader.LENGTH);
            if (!header.isEncrypted() && body.length() >= PayloadChain.HEADER) {
                body = alone(body.slice(0, Math.min(body.length(), body.u16(2))));
            }
            return of(new IsakmpMessage(header.withLength(IsakmpHeader.LENGTH + body.length()), body));
        } catch (Malformed e) {
            return IKE;
        }
    }

    /** A payload behind which none follows. */
    private static Octets alone(Octets payload) {
        byte[] octets = payload.toArray();
        if (octets.length > 0) {
            octets[0] = Payload.NONE;
        }
        return Octets.wrap(octets);
    }

    private static Optional<PayloadChain> clear(IsakmpMessage message) {
        try {
            return Optional.of(message.chain());
        } catch (Malformed e) {
            return Optional.empty();
        }
    }

    private static String either(String unknown, String starter, String other, Optional<Boolean> fromStarter) {
        return fromStarter.map(from -> from ? starter : other).orElse(unknown);
    }

    private static String informational(PayloadChain payloads) {
        for (Payload payload : payloads.payloads()) {
            if (payload instanceof Notification n && n.notifyType() == NotifyType.R_U_THERE) {
                return "DPD?";
            } else if (payload instanceof Notification n && n.notifyType() == NotifyType.R_U_THERE_ACK) {
                return "DPD";
            } else if (payload instanceof Payload.Delete) {
                return "DEL";
            }
        }
        return INFO;
    }
}
