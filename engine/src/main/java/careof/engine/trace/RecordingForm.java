package careof.engine.trace;

import java.util.zip.CRC32C;

/**
 * The layout of a recording: eight octets that name the form, then records, one after the other, only ever appended.
 *
 * <pre>
 *   magic    89 43 41 52 45 4f 46 0a                 of a secrets file: 89 43 41 52 45 4f 53 0a
 *   record   | octets of the payload (4) | type (1) | CRC-32C of all else (4) | payload |
 *
 *   HEAD     form, engine's version, detail, check of the secrets (32 octets), lab as JSON, masked     first, once
 *   NAMES    names that events from here on have by number, in their order
 *   INPUTS   inputs, see {@link InputCodec}
 *   EVENTS   id of the first, number, offset of the first form; then forms of events as {@link TraceStore} keeps them, masked
 *   MARK     virtual time, events: all inputs that led to these events stand before it
 *   END      virtual time, events, digest of the whole trace, not masked (32 octets)                   last, if the run came to its end
 *   STOPPED  why nothing more was recorded, though the run went on                                     last, if there was room for it
 *   SECRETS  in the secrets file, once: the run's secret, the lab as JSON, and what it read from files
 * </pre>
 *
 * <p>Numbers of a record's own head are in network order; within payloads they are as {@link Encoder} writes them. A reader stops at the first record that is not whole or whose
 * check fails: what follows refers to what went before.
 */
final class RecordingForm {
    /** Version of this form; another one whenever that of events changes, too. */
    static final int VERSION = 1;
    static final byte[] MAGIC = {(byte) 0x89, 'C', 'A', 'R', 'E', 'O', 'F', '\n'};
    static final byte[] SECRETS_MAGIC = {(byte) 0x89, 'C', 'A', 'R', 'E', 'O', 'S', '\n'};
    /** Octets before a payload. */
    static final int RECORD_HEAD = 9;
    /** Octets of the longest payload: one event takes half of it at most. */
    static final int LONGEST = 1 << 25;

    static final int HEAD = 1;
    static final int NAMES = 2;
    static final int INPUTS = 3;
    static final int EVENTS = 4;
    static final int MARK = 5;
    static final int END = 6;
    static final int STOPPED = 7;
    static final int SECRETS = 8;

    static final int DIGEST = 32;

    private RecordingForm() {}

    /** Fills in a record's head. */
    static void seal(byte[] record, int length, int type) {
        u32(record, 0, length - RECORD_HEAD);
        record[4] = (byte) type;
        u32(record, 5, check(record, record, RECORD_HEAD, length - RECORD_HEAD));
    }

    /** CRC-32C over length, type and payload. */
    static int check(byte[] head, byte[] payload, int from, int length) {
        CRC32C crc = new CRC32C();
        crc.update(head, 0, 5);
        crc.update(payload, from, length);
        return (int) crc.getValue();
    }

    static void u32(byte[] octets, int at, int value) {
        for (int i = 0; i < 4; i++) {
            octets[at + i] = (byte) (value >>> 24 - 8 * i);
        }
    }

    static int u32(byte[] octets, int at) {
        return (octets[at] & 0xff) << 24 | (octets[at + 1] & 0xff) << 16 | (octets[at + 2] & 0xff) << 8 | octets[at + 3] & 0xff;
    }
}
