package careof.app.packets;

import careof.engine.decode.PacketSummary;
import careof.engine.decode.PacketSummary.Kind;
import careof.engine.decode.PacketSummary.Wrap;
import careof.engine.wire.isakmp.IsakmpHeader;
import java.util.Optional;

/** How kinds of packets look: a colour, and a letter for those who see none. */
public final class Kinds {
    private Kinds() {}

    /** The colour token, also the style class; its fellows end in "-soft" and "-text". */
    public static String token(Kind kind) {
        return switch (kind) {
            case DATA -> "data";
            case MOBILITY -> "mobility";
            case IKE -> "ike";
            case NEIGHBOUR_DISCOVERY, OTHER -> "nd";
            case ICMP_ERROR -> "drop";
        };
    }

    public static String letter(Kind kind) {
        return switch (kind) {
            case DATA -> "D";
            case MOBILITY -> "M";
            case IKE -> "K";
            case NEIGHBOUR_DISCOVERY -> "N";
            case ICMP_ERROR -> "E";
            case OTHER -> "?";
        };
    }

    /** A lock for ESP and for what IKE encrypts, a seal for AH alone; empty: not protected. */
    public static Optional<String> icon(PacketSummary summary) {
        return isEncrypted(summary) ? Optional.of("mdi2l-lock") : summary.wraps().contains(Wrap.AH) ? Optional.of("mdi2s-seal") : Optional.empty();
    }

    /** Whether ESP is around it, or it is an encrypted message of IKE. */
    public static boolean isEncrypted(PacketSummary summary) {
        return summary.wraps().contains(Wrap.ESP) || summary.isakmp().filter(IsakmpHeader::isEncrypted).isPresent();
    }

    /** The kind in words. */
    public static String words(Kind kind) {
        return switch (kind) {
            case DATA -> "data";
            case MOBILITY -> "mobility signalling";
            case IKE -> "key exchange";
            case NEIGHBOUR_DISCOVERY -> "Neighbor Discovery";
            case ICMP_ERROR -> "ICMP error";
            case OTHER -> "something else";
        };
    }
}
