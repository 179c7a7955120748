package careof.app.packets;

import careof.engine.decode.PacketSummary;
import careof.engine.decode.PacketSummary.Wrap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What a {@link PacketTable} shows of a packet, whether it is of a run or of a capture file. */
public interface PacketLine {
    /** Its place among all, from 1. */
    long number();

    /** What it says. */
    PacketSummary summary();

    /** Of the innermost packet, after what protects it: "ESP MIPv6". */
    default String protocol() {
        String protection = Stream.of(Wrap.ESP, Wrap.AH).filter(summary().wraps()::contains).map(Wrap::name).collect(Collectors.joining(" "));
        return protection.isEmpty() || protection.equals(summary().protocol()) ? summary().protocol() : protection + " " + summary().protocol();
    }
}
