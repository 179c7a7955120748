package careof.app.packets;

import careof.engine.decode.PacketSummary;
import careof.engine.decode.PacketSummary.Kind;
import careof.engine.decode.PacketSummary.Wrap;
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

    /** A lock for ESP, a seal for AH alone; empty: not protected. */
    public static Optional<String> icon(PacketSummary summary) {
        return summary.wraps().contains(Wrap.ESP) ? Optional.of("mdi2l-lock") : summary.wraps().contains(Wrap.AH) ? Optional.of("mdi2s-seal") : Optional.empty();
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
