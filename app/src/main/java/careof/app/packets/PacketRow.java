package careof.app.packets;

import careof.engine.base.VirtualTime;
import careof.engine.decode.LinkType;
import careof.engine.decode.PacketSummary;
import careof.engine.decode.Summary;
import careof.engine.trace.TraceEvent.FrameSent;

/**
 * A line of the packet list.
 *
 * @param number  of the frame in the run, from 1
 * @param sent    the event that put it on its link
 * @param summary what it says
 */
public record PacketRow(long number, FrameSent sent, PacketSummary summary) {
    /** The row of a frame. */
    public static PacketRow of(long number, FrameSent sent) {
        return new PacketRow(number, sent, Summary.of(sent.frame(), LinkType.ETHERNET));
    }

    public String time() {
        return VirtualTime.seconds(sent.at());
    }

    /** Who put it where: "mn → cell-a". */
    public String place() {
        return sent.node() + " → " + sent.link();
    }

    public int length() {
        return sent.frame().length();
    }
}
