package careof.engine.trace;

import careof.engine.lab.LabJson;
import careof.engine.trace.InputLog.Input;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;

/**
 * Records a run while it goes on: its inputs and its trace, in the form of {@link RecordingForm}. What it has written is in the hands of the system, so that the end of this process
 * loses nothing of it. One thread uses it, which need not be the run's.
 */
public final class RecordingWriter implements AutoCloseable {
    /** Octets of a payload after which another record begins. */
    private static final int PART = 1 << 18;

    private final SeekableByteChannel channel;
    private final RecordSink sink;
    private final TraceStore trace;
    private final MaskedEvents events;
    private final InputCodec inputs = new InputCodec();
    private final MessageDigest digest;
    private int names;
    private long time;

    /**
     * Begins a file, which must not be there yet.
     *
     * @param secrets of the run; the file holds none of them
     * @param trace   of the run, from its beginning
     * @throws FileAlreadyExistsException where it is there
     */
    public static RecordingWriter create(Path file, RecordingSecrets secrets, TraceStore trace) throws IOException {
        FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        try {
            return new RecordingWriter(channel, secrets, trace);
        } catch (IOException | RuntimeException e) {
            channel.close();
            Files.deleteIfExists(file);
            throw e;
        }
    }

    /**
     * Begins at the start of a channel.
     *
     * @param secrets of the run; what is written holds none of them
     * @param trace   of the run, from its beginning
     */
    public RecordingWriter(SeekableByteChannel channel, RecordingSecrets secrets, TraceStore trace) throws IOException {
        this.channel = channel;
        this.trace = trace;
        this.events = new MaskedEvents(trace);
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
        sink = new RecordSink(channel, RecordingForm.MAGIC);
        Encoder out = sink.begin();
        out.unsigned(RecordingForm.VERSION);
        out.text(InputLogJson.ENGINE);
        out.octet(trace.detail().ordinal());
        out.octets(secrets.check());
        out.text(LabJson.write(Masking.of(secrets.lab())));
        sink.end(RecordingForm.HEAD);
    }

    /**
     * Appends what came about since the last call.
     *
     * @param more inputs that were taken since then: all those at least that led to the events
     * @param last id of the last event to append, which is there
     * @param now  virtual time that was reached, nanoseconds
     */
    public void write(List<Input> more, long last, long now) throws IOException {
        inputs(more);
        names();
        events(last);
        mark(now);
        sink.end(RecordingForm.MARK);
    }

    private Encoder mark(long now) {
        time = Math.max(time, Math.max(now, events.id() == 0 ? 0 : trace.timeOf(events.id())));
        Encoder out = sink.begin();
        out.unsigned(time);
        out.unsigned(events.id());
        return out;
    }

    private void inputs(List<Input> more) throws IOException {
        if (more.isEmpty()) {
            return;
        }
        Encoder out = sink.begin();
        for (Input input : more) {
            if (sink.payload() > PART) {
                sink.end(RecordingForm.INPUTS);
                out = sink.begin();
            }
            inputs.write(out, input);
        }
        sink.end(RecordingForm.INPUTS);
    }

    private void names() throws IOException {
        int known = trace.names().count();
        if (known == names) {
            return;
        }
        Encoder out = sink.begin();
        while (names < known) {
            if (sink.payload() > PART) {
                sink.end(RecordingForm.NAMES);
                out = sink.begin();
            }
            out.text(trace.names().name(++names));
        }
        sink.end(RecordingForm.NAMES);
    }

    private void events(long last) throws IOException {
        while (events.id() < last) {
            Encoder out = sink.begin();
            out.unsigned(events.id() + 1);
            out.unsigned(events.offset());
            while (events.id() < last && sink.payload() < PART) {
                next();
                digest.update(events.form(), 0, events.length());
                events.mask();
                out.raw(events.form(), 0, events.length());
            }
            sink.end(RecordingForm.EVENTS);
        }
    }

    private void next() throws IOException {
        try {
            events.next();
        } catch (IndexOutOfBoundsException e) {
            throw new IOException("the disk does not keep up", e);
        }
    }

    /** The run is over, and all of it was written. */
    public void end(long now) throws IOException {
        for (int i = 1; i <= names; i++) {
            digest.update(trace.names().name(i).getBytes(StandardCharsets.UTF_8));
            digest.update((byte) 0);
        }
        byte[] value = digest.digest();
        Encoder out = mark(now);
        out.raw(value, 0, value.length);
        sink.end(RecordingForm.END);
    }

    /** Something failed: takes back what is there of the record that did, and notes why, if there is room for it. Nothing can be appended after that. */
    public void stop(String why) {
        try {
            sink.cut();
            sink.begin().text(why);
            sink.end(RecordingForm.STOPPED);
        } catch (IOException e) {
            // What is whole is whole; a reader finds where it ends.
        }
    }

    /** Octets written. */
    public long octets() {
        return sink.octets();
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
