package careof.app.capture;

import careof.app.packets.AskedFields;
import careof.app.session.Background;
import careof.app.session.Ids;
import careof.engine.capture.CaptureFile;
import careof.engine.capture.CapturedPacket;
import careof.engine.decode.Opener;
import careof.engine.decode.PacketFields;
import careof.engine.query.CapturedSubject;
import careof.engine.query.FieldSource;
import careof.engine.query.Query;
import java.util.Optional;
import java.util.function.Consumer;

/** The packets of a capture file that a query lets pass: found away from the window's thread, slice by slice, while more packets are found. */
final class Matches {
    /** Packets that are looked at between two reports. */
    private static final int SLICE = 5_000;

    private final Background background;
    private final CaptureFile file;
    private final Query query;
    private final Opener opener;
    private final Runnable more;
    private final Consumer<Exception> failed;
    private final Ids found = new Ids();
    private final AskedFields asked = new AskedFields();
    private Optional<Background.Job> slice = Optional.empty();
    private int looked;
    private boolean stopped;

    /**
     * @param more   a slice has been looked at: {@link #goOn} looks at the next one
     * @param failed nothing more will be
     */
    Matches(Background background, CaptureFile file, Query query, Opener opener, Runnable more, Consumer<Exception> failed) {
        this.background = background;
        this.file = file;
        this.query = query;
        this.opener = opener;
        this.more = more;
        this.failed = failed;
    }

    /** Looks at the packets that it has not looked at. */
    void goOn() {
        if (slice.isPresent() || stopped || looked >= file.count()) {
            return;
        }
        PacketFields fields = new PacketFields(opener);
        int from = looked;
        int to = Math.min(file.count(), from + SLICE);
        slice = Optional.of(background.run(job -> {
            long since = file.at(0);
            for (int i = from; i < to && !job.isCancelled(); i++) {
                if (matches(file.read(i), since, fields)) {
                    found.add(i);
                }
            }
            return to;
        }, done -> {
            slice = Optional.empty();
            looked = done;
            asked.add(fields);
            more.run();
        }, e -> {
            slice = Optional.empty();
            stopped = true;
            failed.accept(e);
        }));
    }

    private boolean matches(CapturedPacket packet, long since, PacketFields fields) {
        return query.matches(new CapturedSubject(packet.number(), packet.at() - since, packet.on().name(), packet.length(), packet.comments(),
                new FieldSource.Packet(packet.octets(), packet.on().linkType(), packet.isCut())), fields);
    }

    /** Ends it; what it has found stays. */
    void stop() {
        stopped = true;
        slice.ifPresent(Background.Job::cancel);
        slice = Optional.empty();
    }

    boolean isLooking() {
        return slice.isPresent();
    }

    /** How many packets it has looked at. */
    int looked() {
        return looked;
    }

    /** What it says about the fields of the packets that it has looked at. */
    Optional<String> missing() {
        return asked.missing();
    }

    /** How many of them match. */
    int size() {
        return (int) found.size();
    }

    /** The place in the file of one that matches, both from 0. */
    int place(int index) {
        return (int) found.get(index);
    }
}
