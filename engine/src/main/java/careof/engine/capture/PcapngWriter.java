package careof.engine.capture;

import careof.engine.base.Octets;
import careof.engine.capture.CapturedPacket.Direction;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/**
 * Writes one section of a pcapng file to a stream, block by block (draft-ietf-opsawg-pcapng section 4): little-endian, times in
 * nanoseconds. Interfaces may be added between packets. The caller buffers and closes the stream.
 */
public final class PcapngWriter {
    private static final int MOST_COMMENT = 65_000;

    private final OutputStream out;
    private byte[] block = new byte[2048];
    private int length;
    private int interfaces;

    /**
     * @param application what wrote the file
     * @param comment     about the whole file; empty: none
     */
    public PcapngWriter(OutputStream out, String application, String comment) throws IOException {
        this.out = out;
        start(0x0a0d0d0a);
        u32(0x1a2b3c4d);
        u16(1);
        u16(0);
        u32(-1);
        u32(-1);
        comment(comment);
        text(4, application);
        end(true);
    }

    /** Describes the next interface; its number, from 0. Readers such as libpcap want one link type throughout. */
    public int addInterface(String name, String description, int linkType) throws IOException {
        return addInterface(new CaptureInterface(name, description, linkType, 0));
    }

    /** The same of an interface of another file; its times will be in nanoseconds. */
    int addInterface(CaptureInterface face) throws IOException {
        String name = face.name();
        String description = face.description();
        start(1);
        u16(face.linkType());
        u16(0);
        u32(face.snapLength());
        if (!name.isEmpty()) {
            text(2, name);
        }
        if (!description.isEmpty()) {
            text(3, description);
        }
        option(9, 1);
        u8(9);
        pad();
        end(true);
        return interfaces++;
    }

    /**
     * @param on      an interface's number
     * @param at      nanoseconds since 1970-01-01 UTC
     * @param comment empty: none
     */
    public void packet(int on, long at, Direction direction, Octets octets, String comment) throws IOException {
        packet(on, at, direction, octets.length(), octets, comment.isEmpty() ? List.of() : List.of(comment));
    }

    /** A packet of another file. */
    void packet(int on, CapturedPacket packet) throws IOException {
        packet(on, packet.at(), packet.direction(), packet.length(), packet.octets(), packet.comments());
    }

    private void packet(int on, long at, Direction direction, int was, Octets octets, List<String> comments) throws IOException {
        if (on < 0 || on >= interfaces) {
            throw new IllegalArgumentException("no interface " + on);
        }
        start(6);
        u32(on);
        u32((int) (at >>> 32));
        u32((int) at);
        u32(octets.length());
        u32(was);
        need(octets.length() + 3);
        octets.copyTo(block, length);
        length += octets.length();
        pad();
        boolean options = false;
        if (direction != Direction.UNKNOWN) {
            option(2, 4);
            u32(direction == Direction.INBOUND ? 1 : 2);
            options = true;
        }
        for (String comment : comments) {
            comment(comment);
            options |= !comment.isEmpty();
        }
        end(options);
    }

    private void start(int type) {
        length = 0;
        u32(type);
        u32(0);
    }

    private void end(boolean options) throws IOException {
        if (options) {
            u32(0);
        }
        u32(length + 4);
        block[4] = block[length - 4];
        block[5] = block[length - 3];
        block[6] = block[length - 2];
        block[7] = block[length - 1];
        out.write(block, 0, length);
    }

    private void comment(String comment) {
        if (!comment.isEmpty()) {
            text(1, comment);
        }
    }

    private void text(int code, String text) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        int count = Math.min(utf8.length, MOST_COMMENT);
        while (count < utf8.length && (utf8[count] & 0xc0) == 0x80) {
            count--;    // cut between two characters
        }
        option(code, count);
        need(count + 3);
        System.arraycopy(utf8, 0, block, length, count);
        length += count;
        pad();
    }

    private void option(int code, int count) {
        u16(code);
        u16(count);
    }

    private void pad() {
        while (length % 4 != 0) {
            u8(0);
        }
    }

    private void need(int count) {
        if (length + count > block.length) {
            block = Arrays.copyOf(block, Math.max(length + count, 2 * block.length));
        }
    }

    private void u8(int value) {
        need(1);
        block[length++] = (byte) value;
    }

    private void u16(int value) {
        u8(value);
        u8(value >> 8);
    }

    private void u32(int value) {
        u16(value);
        u16(value >> 16);
    }
}
