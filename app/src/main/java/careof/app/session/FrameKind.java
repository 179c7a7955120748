package careof.app.session;

import careof.engine.base.Octets;
import careof.engine.decode.LinkType;
import careof.engine.decode.Opener;
import careof.engine.decode.PacketSummary;
import careof.engine.decode.Summary;

/** Tells signalling frames from others without decoding them, since every frame of a run is asked. */
final class FrameKind {
    private static final int ETHERNET = 14;

    private FrameKind() {}

    /**
     * Whether a frame carries a Mobility Header, home agent discovery, mobile prefix or ISAKMP messages, at any depth of tunnels; those that
     * are protected as far as they can be opened.
     */
    static boolean isSignalling(Octets frame, Opener opener) {
        int at = ETHERNET;
        if (frame.length() >= at + 20 && frame.u16(12) == 0x0800) {
            return isSignalling4(frame, opener);
        }
        if (frame.length() < at + 40 || frame.u16(12) != 0x86dd) {
            return false;
        }
        int next = 41;
        while (true) {
            switch (next) {
                case 41 -> {
                    if (frame.length() < at + 40) {
                        return false;
                    }
                    next = frame.at(at + 6);
                    at += 40;
                }
                case 0, 43, 60 -> {
                    if (frame.length() < at + 8) {
                        return false;
                    }
                    next = frame.at(at);
                    at += 8 * (frame.at(at + 1) + 1);
                }
                case 44 -> {
                    if (frame.length() < at + 8 || (frame.u16(at + 2) & 0xfff8) != 0) {
                        return false;
                    }
                    next = frame.at(at);
                    at += 8;
                }
                case 135 -> {
                    return true;
                }
                case 17 -> {
                    return frame.length() >= at + 4 && (isIke(frame.u16(at)) || isIke(frame.u16(at + 2))) && decoded(frame, opener);
                }
                case 4, 50, 51 -> {
                    return decoded(frame, opener);
                }
                case 58 -> {
                    return frame.length() > at && frame.at(at) >= 144 && frame.at(at) <= 147;
                }
                default -> {
                    return false;
                }
            }
        }
    }

    /** Port 4500 may have ESP, too. */
    private static boolean isIke(int port) {
        return port == 500 || port == 4500;
    }

    /** Over IPv4 it is in IPv6 or ESP, and those perhaps in UDP (RFC 5555 section 4). */
    private static boolean isSignalling4(Octets frame, Opener opener) {
        return switch (frame.at(ETHERNET + 9)) {
            case 17, 41, 50, 51 -> decoded(frame, opener);
            default -> false;
        };
    }

    private static boolean decoded(Octets frame, Opener opener) {
        PacketSummary.Kind kind = Summary.of(frame, LinkType.ETHERNET, opener).kind();
        return kind == PacketSummary.Kind.MOBILITY || kind == PacketSummary.Kind.IKE;
    }
}
