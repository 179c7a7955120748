package careof.app.capture;

import careof.app.packets.PacketLine;
import careof.engine.base.VirtualTime;
import careof.engine.capture.CapturedPacket;
import careof.engine.decode.CaptureDissector;
import careof.engine.decode.Opener;
import careof.engine.decode.PacketSummary;
import java.util.List;
import java.util.Optional;

/**
 * A line of the packet list; without octets, so that many take little memory.
 *
 * @param number  in the file, from 1
 * @param time    nanoseconds since the file's first packet
 * @param face    the interface's name
 * @param length  octets that it had when it was seen
 * @param summary what it says
 */
public record CaptureRow(long number, long time, String face, int length, PacketSummary summary) implements PacketLine {
    static CaptureRow of(CapturedPacket packet, long since, Opener opener) {
        return new CaptureRow(packet.number(), packet.at() - since, packet.on().name(), packet.length(), CaptureDissector.summary(packet, opener));
    }

    /** Of a packet that cannot be read any more. */
    static CaptureRow unreadable(long number, String why) {
        return new CaptureRow(number, 0, "", 0, new PacketSummary("", "", "unreadable", why, PacketSummary.Kind.OTHER, 0, List.of(), false, false, "unreadable", Optional.empty()));
    }

    /** Seconds since the file's first packet. */
    public String seconds() {
        return VirtualTime.seconds(time);
    }

    /** The line as text, its columns apart by tabs. */
    public String text() {
        return String.join("\t", Long.toString(number), seconds(), face, protocol(), summary.source(), summary.destination(), Integer.toString(length), summary.info());
    }
}
