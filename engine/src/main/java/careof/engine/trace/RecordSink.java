package careof.engine.trace;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;

/** Appends records of {@link RecordingForm} to a channel, each whole when {@link #end} returns. */
final class RecordSink {
    private final SeekableByteChannel channel;
    private final Encoder encoder = new Encoder(new Encoder.Names());
    /** Octets of whole records. */
    private long whole;

    RecordSink(SeekableByteChannel channel, byte[] magic) throws IOException {
        this.channel = channel;
        put(magic, magic.length);
    }

    /** Begins a record; its payload goes there. */
    Encoder begin() {
        encoder.start(RecordingForm.RECORD_HEAD);
        return encoder;
    }

    /** Octets of the payload so far. */
    int payload() {
        return encoder.length() - RecordingForm.RECORD_HEAD;
    }

    void end(int type) throws IOException {
        RecordingForm.seal(encoder.array(), encoder.length(), type);
        put(encoder.array(), encoder.length());
    }

    private void put(byte[] octets, int length) throws IOException {
        ByteBuffer buffer = ByteBuffer.wrap(octets, 0, length);
        while (buffer.hasRemaining()) {
            channel.write(buffer);
        }
        whole += length;
    }

    /** Takes back what is there of a record that failed. */
    void cut() throws IOException {
        channel.truncate(whole);
        channel.position(whole);
    }

    /** Octets of whole records. */
    long octets() {
        return whole;
    }
}
