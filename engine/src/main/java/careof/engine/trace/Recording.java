package careof.engine.trace;

import careof.engine.base.Malformed;
import careof.engine.base.Octets;
import careof.engine.base.Progress;
import careof.engine.lab.Lab;
import careof.engine.lab.LabCheck;
import careof.engine.lab.LabException;
import careof.engine.lab.LabJson;
import careof.engine.lab.LabProblem;
import careof.engine.lab.TimedAction;
import careof.engine.trace.InputLog.Input;
import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.channels.FileChannel;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * A recorded run as it was read: its trace without what is secret, which can be looked at forwards and backwards. With its secrets, the run can be made again.
 */
public final class Recording {
    private static final String OTHERWISE = "this is no recording, as careof live --record writes it";
    /** What an input takes beside its octets, roughly. */
    private static final int INPUT = 120;

    private final Path file;
    /** Octets of events that are taken. */
    private final long most;
    private final Lab lab;
    private final Detail detail;
    private final String engine;
    private final Octets check;
    private final TraceStore trace;
    private final TraceLoader loader;
    private final InputCodec codec = new InputCodec();
    private long inputs;
    private long now;
    private Optional<InputLogJson.End> end = Optional.empty();
    private Optional<String> missing = Optional.empty();
    /** Octets of what was read. */
    private long read;

    private Recording(Path file, Decoder head, long most) throws Malformed, LabException {
        this.file = file;
        this.most = most;
        long version = head.unsigned();
        if (version != RecordingForm.VERSION) {
            throw new Malformed("this is version " + version + " of the form; this program reads version " + RecordingForm.VERSION, 0);
        }
        this.engine = head.text();
        this.detail = Detail.values()[head.octet()];
        this.check = head.octets();
        this.lab = LabJson.read("the recorded lab", head.text());
        this.trace = new TraceStore(detail);
        this.loader = new TraceLoader(trace);
    }

    /** Whether a file starts like a recording, whatever follows. */
    public static boolean is(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            ByteBuffer start = ByteBuffer.allocate(RecordingForm.MAGIC.length);
            while (start.hasRemaining() && channel.read(start) >= 0) {
                // a read may bring less
            }
            return Arrays.equals(start.array(), RecordingForm.MAGIC);
        }
    }

    /**
     * Reads a recording as far as it is whole, and as this machine has memory for it, see {@link #missing}.
     *
     * @throws Malformed where there is not even a beginning; for a person to read
     */
    public static Recording read(Path file, Progress progress) throws IOException, Malformed {
        // Linux promises more memory than there is, and ends the program that then uses it: half is enough for what else is made of a run.
        return read(file, progress, ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getTotalMemorySize() / 2);
    }

    /** @param most octets of events that are taken */
    static Recording read(Path file, Progress progress, long most) throws IOException, Malformed {
        try (RecordSource source = new RecordSource(file, RecordingForm.MAGIC, OTHERWISE)) {
            RecordSource.Part head = source.next();
            if (head == null || head.type() != RecordingForm.HEAD) {
                throw new Malformed("the beginning of this recording is damaged, and nothing of it can be read", 0);
            }
            Recording recording = of(file, head, most);
            recording.read(source, progress);
            return recording;
        }
    }

    private static Recording of(Path file, RecordSource.Part head, long most) throws Malformed {
        try {
            return new Recording(file, new Decoder(new Encoder.Names(), head.payload()), most);
        } catch (LabException e) {
            throw new Malformed("the lab in this recording: " + e.getMessage(), 0);
        } catch (RuntimeException e) {    // whatever a decoder said to octets that nobody wrote
            throw new Malformed("the beginning of this recording cannot be read: " + e.getMessage(), 0);
        }
    }

    private void read(RecordSource source, Progress progress) throws IOException {
        boolean over = false;
        for (RecordSource.Part part = source.next(); part != null; part = source.next()) {
            try {
                if (over) {
                    throw new Malformed("there is something after its end", 0);
                }
                over = take(part);
            } catch (Malformed | RuntimeException e) {    // whatever a decoder said to octets that nobody wrote
                source.refuse(part, e.getMessage());
            } catch (OutOfMemoryError e) {
                source.refuse(part, "there is no memory for more");
            }
            progress.report(source.position(), source.size());
        }
        read = source.position();
        if (source.lost().isPresent()) {
            missing = source.lost();
        } else if (!over) {
            missing = Optional.of("it has no end: what recorded it was killed, or records still");
        }
    }

    /** Whether it was the last record. */
    private boolean take(RecordSource.Part part) throws Malformed {
        Decoder in = new Decoder(trace.names(), part.payload());
        switch (part.type()) {
            case RecordingForm.NAMES -> {
                List<String> names = new ArrayList<>();
                while (in.left() > 0) {
                    names.add(in.text());
                }
                loader.names(names);
            }
            case RecordingForm.INPUTS -> {
                long count = 0;
                while (in.left() > 0) {
                    codec.read(in);
                    count++;
                }
                inputs += count;
            }
            case RecordingForm.EVENTS -> {
                if (in.unsigned() != trace.size() + 1 || in.unsigned() != trace.octets()) {
                    throw new Malformed("events are missing", 0);
                }
                if (trace.octets() + part.payload().length > most) {
                    throw new OutOfMemoryError();
                }
                loader.events(part.payload(), in.position());
                now = Math.max(now, trace.lastTime());
            }
            case RecordingForm.MARK -> mark(in);
            case RecordingForm.END -> {
                long events = mark(in);
                end = Optional.of(new InputLogJson.End(events, Octets.wrap(part.payload()).slice(in.position(), in.position() + RecordingForm.DIGEST).toHex()));
                return true;
            }
            case RecordingForm.STOPPED -> {
                missing = Optional.of("recording stopped before the run: " + in.text());
                return true;
            }
            default -> throw new Malformed("a record is of no known kind", 0);
        }
        return false;
    }

    private long mark(Decoder in) throws Malformed {
        long time = in.unsigned();
        long events = in.unsigned();
        if (time < now || events != trace.size()) {
            throw new Malformed("events are missing", 0);
        }
        now = time;
        return events;
    }

    /** As it ran, but without keys, see {@link Masking}. */
    public Lab lab() {
        return lab;
    }

    public Detail detail() {
        return detail;
    }

    /** The engine's version that recorded it. */
    public String engine() {
        return engine;
    }

    /** Without keys, see {@link Masking}; nothing can be appended. */
    public TraceStore trace() {
        return trace;
    }

    /** Number of inputs. */
    public long inputs() {
        return inputs;
    }

    /** Virtual time that the run had reached, nanoseconds. */
    public long now() {
        return now;
    }

    /** How the run ended; empty: not recorded. */
    public Optional<InputLogJson.End> end() {
        return end;
    }

    /** What of the run is not here and why, for a person to read; empty: all of it is. */
    public Optional<String> missing() {
        return missing;
    }

    /**
     * Reads the secrets that belong to this recording.
     *
     * @throws Malformed where they do not, or are damaged; for a person to read
     */
    public RecordingSecrets secrets(Path from) throws IOException, Malformed {
        return RecordingSecrets.read(from, check);
    }

    /**
     * The run's inputs, which are read once more: with its secret, they make it again.
     *
     * @throws Malformed where they cannot be had; for a person to read
     */
    public InputLog log(RecordingSecrets secrets, Progress progress) throws IOException, Malformed {
        List<Input> all = new ArrayList<>();
        long room = Runtime.getRuntime().maxMemory() / 2;
        InputCodec again = new InputCodec();
        try (RecordSource source = new RecordSource(file, RecordingForm.MAGIC, OTHERWISE)) {
            for (RecordSource.Part part = source.next(); part != null && part.at() < read; part = source.next()) {
                progress.report(source.position(), read);
                if (part.type() != RecordingForm.INPUTS) {
                    continue;
                }
                Decoder in = new Decoder(trace.names(), part.payload());
                room -= part.payload().length;
                while (in.left() > 0) {
                    all.add(again.read(in));
                    room -= INPUT;
                }
                if (room < 0) {
                    throw new Malformed("the inputs of this run take more than half of the memory that this program has; it can be looked at without its secrets", 0);
                }
            }
        } catch (RuntimeException e) {    // the file was read before, and is another one now
            throw new Malformed("the recording changed while it was read: " + e.getMessage(), 0);
        }
        check(secrets.lab(), all);
        return new InputLog(secrets.lab(), detail, all);
    }

    /** What users did must be possible in the lab, as for the lab's own actions. */
    private static void check(Lab lab, List<Input> inputs) throws Malformed {
        List<TimedAction> actions = new ArrayList<>();
        for (Input input : inputs) {
            if (input.event() instanceof InputLog.Act(var action)) {
                actions.add(new TimedAction(input.at(), action));
            }
        }
        Optional<LabProblem> problem = LabCheck.problems(lab.withActions(actions)).stream().filter(LabProblem::isError).findFirst();
        if (problem.isPresent()) {
            throw new Malformed("what was done in this run does not fit its lab: " + problem.get().message(), 0);
        }
    }

    /**
     * Compares the recorded events with those of the run made again.
     *
     * @return id of the first that is another one there, or missing; 0: all are the same
     */
    public long firstDifference(TraceStore again) {
        MaskedEvents ours = new MaskedEvents(trace);
        MaskedEvents theirs = new MaskedEvents(again);
        while (ours.id() < trace.size()) {
            if (theirs.id() == again.size()) {
                return ours.id() + 1;
            }
            ours.next();
            theirs.next();
            theirs.mask();
            if (!Arrays.equals(ours.form(), 0, ours.length(), theirs.form(), 0, theirs.length())) {
                return ours.id();
            }
        }
        for (int i = 1; i <= Math.min(trace.names().count(), again.names().count()); i++) {
            if (!trace.names().name(i).equals(again.names().name(i))) {
                return firstOfAnotherName(again);
            }
        }
        return 0;
    }

    private long firstOfAnotherName(TraceStore again) {
        TraceStore.Cursor ours = trace.from(1);
        TraceStore.Cursor theirs = again.from(1);
        while (ours.hasNext()) {
            TraceEvent event = ours.next();
            if (!event.equals(Masking.of(theirs.next()))) {
                return event.id();
            }
        }
        return 0;    // the name is that of an event which was not recorded any more
    }
}
