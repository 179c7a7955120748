package careof.app.packets;

import careof.engine.base.Octets;
import careof.engine.base.VirtualTime;
import careof.engine.decode.LinkType;
import careof.engine.decode.Opener;
import careof.engine.decode.PacketSummary;
import careof.engine.decode.Summary;
import careof.engine.trace.TraceEvent.FrameSent;
import java.util.List;

/**
 * A line of the packet list.
 *
 * @param number  of the frame in the run, from 1
 * @param sent    the event that put it on its link
 * @param summary what it says
 */
public record PacketRow(long number, FrameSent sent, PacketSummary summary) implements PacketLine {
    /** The row of a frame, with what it protects where the key is known. */
    public static PacketRow of(long number, FrameSent sent, Opener opener) {
        return new PacketRow(number, sent, Summary.of(sent.frame(), LinkType.ETHERNET, opener));
    }

    /** The row of a frame that the run's trace keeps no longer: for the moment until its list knows. */
    static PacketRow gone(long number, long event, long at) {
        FrameSent nothing = new FrameSent(event, at, "", 0, 0, 0, "", "", 0, at, List.of(), Octets.EMPTY);
        return of(number, nothing, Opener.NONE);
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
