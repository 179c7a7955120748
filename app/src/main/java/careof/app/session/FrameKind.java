package careof.app.session;

import careof.engine.base.Octets;

/** Tells signalling frames from others without decoding them, since every frame of a run is asked. */
final class FrameKind {
    private static final int ETHERNET = 14;

    private FrameKind() {}

    /** Whether a frame carries a Mobility Header, home agent discovery or mobile prefix messages, at any depth of tunnels. */
    static boolean isSignalling(Octets frame) {
        int at = ETHERNET;
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
                case 58 -> {
                    return frame.length() > at && frame.at(at) >= 144 && frame.at(at) <= 147;
                }
                default -> {
                    return false;
                }
            }
        }
    }
}
