package careof.engine.trace;

import careof.engine.base.Ip6Address;
import careof.engine.lab.LabException;
import careof.engine.lab.LabJson;
import careof.engine.lab.TimedAction;
import careof.engine.trace.InputLog.Input;

/** The binary form of inputs: each the distance of its place and time from the input before it, its kind, its fields. */
final class InputCodec {
    private static final int ACT = 0;
    private static final int ATTACH_HOST = 1;
    private static final int ATTACH_SEGMENT = 2;
    private static final int DETACH = 3;
    private static final int ARRIVE = 4;
    private static final int MISSED = 5;
    private static final int WAITED = 6;
    /** Octets; more than any device hands over. */
    static final int LARGEST = 1 << 17;
    private static final int LEAST_MTU = 1280;
    private static final int MOST_MTU = 65_535;
    /** Nanoseconds, and tasks. */
    private static final long LATEST = Long.MAX_VALUE / 4;

    private long afterTask;
    private long at;

    void write(Encoder out, Input input) {
        out.unsigned(input.afterTask() - afterTask);
        out.unsigned(input.at() - at);
        afterTask = input.afterTask();
        at = input.at();
        switch (input.event()) {
            case InputLog.Act act -> {
                out.octet(ACT);
                out.text(LabJson.writeAction(new TimedAction(at, act.action())));
            }
            case InputLog.Attach(OutsidePort.Host port) -> {
                out.octet(ATTACH_HOST);
                out.text(port.name());
                out.text(port.node());
                out.fixed64(port.address().high());
                out.fixed64(port.address().low());
                out.unsigned(port.mtu());
            }
            case InputLog.Attach(OutsidePort.Segment port) -> {
                out.octet(ATTACH_SEGMENT);
                out.text(port.name());
                out.text(port.link());
            }
            case InputLog.Detach detach -> {
                out.octet(DETACH);
                out.text(detach.port());
                out.text(detach.why());
            }
            case InputLog.Arrive arrive -> {
                out.octet(ARRIVE);
                out.text(arrive.port());
                out.octets(arrive.octets());
            }
            case InputLog.Missed missed -> {
                out.octet(MISSED);
                out.text(missed.port());
                out.unsigned(missed.count());
                out.text(missed.why());
            }
            case InputLog.Waited waited -> {
                out.octet(WAITED);
                out.text(waited.port());
                out.unsigned(waited.count());
            }
        }
    }

    /** @throws RuntimeException for what {@link #write} did not write */
    Input read(Decoder in) {
        long tasks = in.unsigned();
        long time = in.unsigned();
        if (tasks < 0 || tasks > LATEST - afterTask || time < 0 || time > LATEST - at) {
            throw new IllegalArgumentException("its place is out of range");
        }
        afterTask += tasks;
        at += time;
        return new Input(afterTask, at, event(in));
    }

    private InputLog.Event event(Decoder in) {
        return switch (in.octet()) {
            case ACT -> act(in.text());
            case ATTACH_HOST -> new InputLog.Attach(new OutsidePort.Host(in.text(), in.text(), new Ip6Address(in.fixed64(), in.fixed64()),
                    (int) within(in.unsigned(), LEAST_MTU, MOST_MTU)));
            case ATTACH_SEGMENT -> new InputLog.Attach(new OutsidePort.Segment(in.text(), in.text()));
            case DETACH -> new InputLog.Detach(in.text(), in.text());
            case ARRIVE -> {
                InputLog.Arrive arrive = new InputLog.Arrive(in.text(), in.octets());
                within(arrive.octets().length(), 0, LARGEST);
                yield arrive;
            }
            case MISSED -> new InputLog.Missed(in.text(), within(in.unsigned(), 1, Long.MAX_VALUE), in.text());
            case WAITED -> new InputLog.Waited(in.text(), within(in.unsigned(), 1, Long.MAX_VALUE));
            default -> throw new IllegalArgumentException("it is of no known kind");
        };
    }

    private InputLog.Act act(String text) {
        try {
            TimedAction timed = LabJson.readAction("input", text);
            if (timed.at() != at) {
                throw new IllegalArgumentException("it has two times");
            }
            return new InputLog.Act(timed.action());
        } catch (LabException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
    }

    private static long within(long value, long least, long most) {
        if (value < least || value > most) {
            throw new IllegalArgumentException(value + " is out of range");
        }
        return value;
    }
}
