package careof.engine.trace;

import careof.engine.base.Malformed;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** Reads records of {@link RecordingForm} from a file, as far as they are whole. */
final class RecordSource implements AutoCloseable {
    private final FileChannel channel;
    /** Octets of the file when it was opened: it may grow. */
    private final long size;
    private final ByteBuffer buffer = ByteBuffer.allocate(1 << 16).limit(0);
    /** Of the next record. */
    private long at;
    private String lost = "";

    /** @param at where it starts in the file */
    record Part(int type, byte[] payload, long at) {}

    /**
     * @param otherwise what is said of a file that starts otherwise
     * @throws Malformed with those words
     */
    RecordSource(Path file, byte[] magic, String otherwise) throws IOException, Malformed {
        channel = FileChannel.open(file, StandardOpenOption.READ);
        try {
            size = channel.size();
            byte[] start = new byte[magic.length];
            if (size < magic.length) {
                throw new Malformed(otherwise, 0);
            }
            get(start);
            if (!Arrays.equals(start, magic)) {
                throw new Malformed(otherwise, 0);
            }
            at = magic.length;
        } catch (IOException | Malformed e) {
            channel.close();
            throw e;
        }
    }

    /** The next record; null: there is none, or what comes is none, see {@link #lost}. */
    Part next() throws IOException {
        if (at == size || !lost.isEmpty()) {
            return null;
        }
        if (size - at < RecordingForm.RECORD_HEAD) {
            return refuse("a record is cut off");
        }
        byte[] head = new byte[RecordingForm.RECORD_HEAD];
        get(head);
        int length = RecordingForm.u32(head, 0);
        if (length < 0 || length > RecordingForm.LONGEST) {
            return refuse("there is no record");
        } else if (size - at - head.length < length) {
            return refuse("a record is cut off");
        }
        byte[] payload = new byte[length];
        get(payload);
        if (RecordingForm.check(head, payload, 0, length) != RecordingForm.u32(head, 5)) {
            return refuse("a record is damaged");
        }
        Part part = new Part(head[4] & 0xff, payload, at);
        at += head.length + length;
        return part;
    }

    /** Nothing is read from a record on, which was whole. */
    void refuse(Part part, String why) {
        at = part.at;
        refuse(why);
    }

    private Part refuse(String why) {
        lost = String.format(Locale.ROOT, "at octet %,d of %,d %s; what follows was not read", at, size, why);
        return null;
    }

    /** Where and why reading ended before the end of the file; empty: it did not. */
    Optional<String> lost() {
        return lost.isEmpty() ? Optional.empty() : Optional.of(lost);
    }

    /** Octets up to the next record. */
    long position() {
        return at;
    }

    /** Octets of the file. */
    long size() {
        return size;
    }

    private void get(byte[] target) throws IOException {
        int done = 0;
        while (done < target.length) {
            if (!buffer.hasRemaining()) {
                buffer.clear();
                int count = channel.read(buffer);
                buffer.flip();
                if (count < 0) {
                    throw new EOFException("the file became shorter while it was read");
                }
            }
            int count = Math.min(buffer.remaining(), target.length - done);
            buffer.get(target, done, count);
            done += count;
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
