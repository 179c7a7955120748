package careof.engine.net;

import careof.engine.base.MacAddress;
import careof.engine.base.Octets;
import careof.engine.trace.Reason;
import careof.engine.trace.Recorder;
import java.util.List;
import java.util.function.Consumer;

/** An Ethernet segment that goes on outside the lab: it takes every frame of a link, and puts on the link what comes from there. */
public final class Segment implements Port.Owner {
    private static final int ETHERNET_HEADER = 14;

    private final Port port;
    private final Link link;
    private final Recorder recorder;
    private final Consumer<Octets> out;

    /**
     * Joins the link.
     *
     * @param name unique among the lab's nodes, in whose place it stands in the trace
     * @param mac  unique among the lab's ports; nobody sends to it
     * @param out  takes frames, without frame check sequence
     */
    public Segment(String name, MacAddress mac, Link link, Recorder recorder, Consumer<Octets> out) {
        this.port = new Port(name, "p1", mac, true);
        this.link = link;
        this.recorder = recorder;
        this.out = out;
        port.owner(this);
        port.attach(link, true);
    }

    /** Leaves the link. */
    public void leave() {
        port.attach(null, false);
    }

    /**
     * A frame from outside, whatever it is.
     *
     * @param significant recorded even in a summary trace
     */
    public void arrive(Octets octets, boolean significant) {
        long packet = recorder.newPacket();
        if (octets.length() < ETHERNET_HEADER) {
            recorder.dropped(port.node(), packet, Reason.MALFORMED, List.of("Ethernet header is cut short", "0"), "", link.name(), octets);
        } else if (octets.length() > link.mtu() + ETHERNET_HEADER) {
            recorder.dropped(port.node(), packet, Reason.TOO_BIG, List.of(Integer.toString(octets.length() - ETHERNET_HEADER), Integer.toString(link.mtu())), "", link.name(),
                    octets.from(ETHERNET_HEADER));
        } else {
            link.transmit(port, new Frame(packet, 0, significant, octets));
        }
    }

    @Override
    public void receive(Port at, Frame frame, Link from) {
        if (recorder.records(frame.significant())) {
            recorder.decided(port.node(), frame.packet(), Reason.SEGMENT_SENT, List.of(port.node()), "");
        }
        out.accept(frame.octets());
    }

    @Override
    public void carrier(Port changed) {
        // It has no state of its own.
    }

    @Override
    public boolean passesOn() {
        return true;
    }
}
