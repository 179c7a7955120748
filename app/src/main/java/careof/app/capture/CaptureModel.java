package careof.app.capture;

import careof.app.packets.FilterField;
import careof.app.session.Background;
import careof.app.session.Notice;
import careof.engine.base.Malformed;
import careof.engine.base.Sizes;
import careof.engine.capture.CaptureFile;
import careof.engine.capture.CapturedPacket;
import careof.engine.decode.CaptureDissector;
import careof.engine.decode.GivenKeys;
import careof.engine.decode.Opener;
import careof.engine.query.Query;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.IntUnaryOperator;
import javafx.beans.property.ReadOnlyDoubleProperty;
import javafx.beans.property.ReadOnlyDoubleWrapper;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.beans.property.ReadOnlyStringProperty;
import javafx.beans.property.ReadOnlyStringWrapper;

/**
 * A capture file that is open: its packets as they are found, those that a query lets pass, and the keys given for it. What takes long is done away
 * from the window's thread, step by step, and can be stopped; all methods are for the window's thread.
 */
public final class CaptureModel {
    private final Background background;
    private final Consumer<Notice> notify;
    private final CaptureRows rows = new CaptureRows();
    private final ReadOnlyStringWrapper title = new ReadOnlyStringWrapper(this, "title", "Careof");
    private final ReadOnlyStringWrapper counted = new ReadOnlyStringWrapper(this, "counted", "");
    private final ReadOnlyStringWrapper none = new ReadOnlyStringWrapper(this, "none", "");
    private final ReadOnlyStringWrapper about = new ReadOnlyStringWrapper(this, "about", "");
    private final ReadOnlyStringWrapper trouble = new ReadOnlyStringWrapper(this, "trouble", "");
    private final ReadOnlyStringWrapper missing = new ReadOnlyStringWrapper(this, "missing", "");
    private final ReadOnlyStringWrapper work = new ReadOnlyStringWrapper(this, "work", "");
    private final ReadOnlyDoubleWrapper fraction = new ReadOnlyDoubleWrapper(this, "fraction", -1);
    private final ReadOnlyObjectWrapper<Opener> opener = new ReadOnlyObjectWrapper<>(this, "opener", Opener.NONE);
    private Optional<CaptureFile> file = Optional.empty();
    private Optional<Query> query = Optional.empty();
    private GivenKeys keys = GivenKeys.NONE;

    private Optional<Background.Job> opening = Optional.empty();
    private Optional<Background.Job> indexing = Optional.empty();
    /** Reads messages of IKE in their order, with the keys given. */
    private Optional<Background.Job> learning = Optional.empty();
    private Optional<Background.Job> exporting = Optional.empty();
    /** What the query finds in the file; empty: all packets are shown. */
    private Optional<Matches> matches = Optional.empty();
    private boolean stopped;
    /** Whether the user did not wait for all packets to be found. */
    private boolean partial;
    /** What is wrong with the file, and what ended before its end. */
    private String wrong = "";
    private String ended = "";

    public CaptureModel(Background background, Consumer<Notice> notify) {
        this.background = background;
        this.notify = notify;
    }

    /** The packets shown. */
    public CaptureRows rows() {
        return rows;
    }

    /** What the window is called. */
    public ReadOnlyStringProperty titleProperty() {
        return title.getReadOnlyProperty();
    }

    /** How many packets there are, and how many of them are shown. */
    public ReadOnlyStringProperty countedProperty() {
        return counted.getReadOnlyProperty();
    }

    /** What is said while no packet is shown. */
    public ReadOnlyStringProperty noneProperty() {
        return none.getReadOnlyProperty();
    }

    /** The file in a few words. */
    public ReadOnlyStringProperty aboutProperty() {
        return about.getReadOnlyProperty();
    }

    /** What is wrong with the file; empty: nothing. */
    public ReadOnlyStringProperty troubleProperty() {
        return trouble.getReadOnlyProperty();
    }

    /** The fields that the query asks for, and no packet has, in words; empty: none, or not known yet. */
    public ReadOnlyStringProperty missingProperty() {
        return missing.getReadOnlyProperty();
    }

    /** What takes long now; empty: nothing. */
    public ReadOnlyStringProperty workProperty() {
        return work.getReadOnlyProperty();
    }

    /** How far that has come, 0..1. */
    public ReadOnlyDoubleProperty fractionProperty() {
        return fraction.getReadOnlyProperty();
    }

    /** With the keys that work now. */
    public ReadOnlyObjectProperty<Opener> openerProperty() {
        return opener.getReadOnlyProperty();
    }

    /** The file that is open. */
    public Optional<Path> path() {
        return file.map(CaptureFile::path);
    }

    public GivenKeys keys() {
        return keys;
    }

    /** Opens a file instead of what is open; on failure says why and keeps that. */
    public void open(Path path, Runnable opened) {
        opening.ifPresent(Background.Job::cancel);
        opening = Optional.of(background.run(_ -> CaptureFile.open(path), next -> {
            opening = Optional.empty();
            adopt(next);
            opened.run();
        }, e -> {
            opening = Optional.empty();
            notify.accept(new Notice(Notice.Level.ERROR, "Cannot open " + path.getFileName(), switch (e) {
                case NoSuchFileException _ -> path + ": there is no such file.";
                case AccessDeniedException _ -> path + ": it may not be read.";
                case Malformed m -> path + ": " + m.getMessage();
                default -> Notice.why(e);
            }));
            tell();
        }));
    }

    private void adopt(CaptureFile next) {
        stopWork();
        closeFile();
        file = Optional.of(next);
        partial = false;
        resume();
        wrong = "";
        title.set(next.path().getFileName() + " – Careof");
        keyed();
        index(next);
    }

    private void index(CaptureFile next) {
        Background.Job job = background.run(j -> {
            Pace pace = new Pace();
            next.index((done, total) -> {
                if (pace.isDue()) {
                    j.progress((double) done / Math.max(1, total));
                }
                return !j.isCancelled();
            });
            return next;
        }, _ -> {
            indexing = Optional.empty();
            next.fault().ifPresent(what -> {
                wrong = what;
                notify.accept(new Notice(Notice.Level.WARNING, "The capture is damaged", next.path() + ": " + what + "\nThe packets before that are shown."));
            });
            grown();
            learn();
        }, e -> {
            indexing = Optional.empty();
            wrong = Notice.why(e);
            grown();
            learn();
        });
        indexing = Optional.of(job);
        job.progressProperty().subscribe(_ -> {
            if (indexing.filter(i -> i == job).isPresent()) {
                grown();
            }
        });
    }

    /** More packets have been found. */
    private void grown() {
        matches.ifPresentOrElse(Matches::goOn, () -> file.ifPresent(f -> rows.grow(f.count())));
        tell();
    }

    /** Ends what is under way; what it has found so far stays. */
    public void stop() {
        stopped = true;
        partial |= indexing.isPresent();
        ended = partial ? "not read to its end: Ctrl+R begins anew" : work.get() + " was stopped";
        stopWork();
        tell();
    }

    private void resume() {
        stopped = false;
        ended = partial ? ended : "";
    }

    private void stopWork() {
        for (Optional<Background.Job> job : List.of(indexing, learning, exporting)) {
            job.ifPresent(Background.Job::cancel);
        }
        indexing = Optional.empty();
        learning = Optional.empty();
        exporting = Optional.empty();
        matches.ifPresent(Matches::stop);
    }

    /** Shows only packets that match; empty: all. */
    public void ask(Optional<Query> wanted) {
        query = wanted;
        resume();
        restart();
    }

    private void restart() {
        matches.ifPresent(Matches::stop);
        matches = Optional.empty();
        file.ifPresent(f -> {
            if (query.isEmpty()) {
                rows.show(f, opener.get(), i -> i, f.count());
            } else {
                Matches found = new Matches(background, f, query.get(), opener.get(), this::matched, this::unmatched);
                matches = Optional.of(found);
                rows.show(f, opener.get(), i -> found.place((int) i), 0);
                if (stopped) {
                    found.stop();
                }
                found.goOn();
            }
        });
        tell();
    }

    /** The query has looked at more packets. */
    private void matched() {
        Matches found = matches.orElseThrow();
        rows.grow(found.size());
        found.goOn();
        tell();
    }

    /** The query could not look at them all. */
    private void unmatched(Exception e) {
        stopped = true;
        wrong = Notice.why(e);
        tell();
    }

    /** Keys with which to read the packets, instead of those given before. */
    public void give(GivenKeys given) {
        keys = given;
        resume();
        keyed();
    }

    private void keyed() {
        learning.ifPresent(Background.Job::cancel);
        learning = Optional.empty();
        opener.set(keys.openerOfPackets());
        restart();
        learn();
    }

    /** Shows all messages of IKE to what decrypts them, once all packets are found; then they can be read in any order. */
    private void learn() {
        if (keys.phaseOnes().isEmpty() || file.isEmpty() || !file.get().isComplete() || stopped || learning.isPresent()) {
            return;
        }
        CaptureFile f = file.get();
        Opener full = keys.opener();
        Background.Job job = background.run(j -> {
            Pace pace = new Pace();
            for (int i = 0; i < f.count() && !j.isCancelled(); i++) {
                CapturedPacket packet = f.read(i);
                CaptureDissector.summary(packet, full);
                if (pace.isDue()) {
                    j.progress((double) i / f.count());
                }
            }
            return full;
        }, learned -> {
            learning = Optional.empty();
            opener.set(learned);
            restart();
        }, e -> {
            learning = Optional.empty();
            wrong = Notice.why(e);
            tell();
        });
        learning = Optional.of(job);
        job.progressProperty().subscribe(_ -> tell());
    }

    /** The packet of a row, read again; empty: it cannot be read, which is said. */
    public Optional<CapturedPacket> packet(CaptureRow row) {
        try {
            CaptureFile f = file.orElseThrow();
            checkFile();
            return Optional.of(f.read((int) row.number() - 1));
        } catch (IOException e) {
            wrong = Notice.why(e);
            tell();
            return Optional.empty();
        }
    }

    /** Says so when the file is no longer what was opened. */
    public void checkFile() {
        file.flatMap(CaptureFile::change).ifPresent(what -> {
            wrong = what + (what.endsWith("gone") ? "" : ": Ctrl+R reads it again");
            tell();
        });
    }

    /** Writes the packets that are shown into a pcapng file. */
    public void export(Path to) {
        CaptureFile f = file.orElseThrow();
        int count = rows.size();
        IntUnaryOperator which = matches.isPresent() ? matches.get()::place : IntUnaryOperator.identity();
        exporting.ifPresent(Background.Job::cancel);
        Background.Job job = background.run(j -> {
            Pace pace = new Pace();
            f.copy(which, count, to, (done, total) -> {
                if (pace.isDue()) {
                    j.progress((double) done / Math.max(1, total));
                }
                return !j.isCancelled();
            });
            return count;
        }, written -> {
            exporting = Optional.empty();
            notify.accept(new Notice(Notice.Level.SUCCESS, "Exported " + to.getFileName(), Sizes.count(written, "packet")));
            tell();
        }, e -> {
            exporting = Optional.empty();
            notify.accept(new Notice(Notice.Level.ERROR, "Not exported", Notice.why(e)));
            tell();
        });
        exporting = Optional.of(job);
        job.progressProperty().subscribe(_ -> tell());
    }

    /** Brings what is said up to date. */
    private void tell() {
        int count = file.map(CaptureFile::count).orElse(0);
        counted.set(query.isEmpty() ? Sizes.count(count, "packet")
                : String.format(Locale.ROOT, "%,d of %,d", rows.size(), count) + (isFiltering() ? " …" : ""));
        none.set(count == 0 ? "No packets." : FilterField.noneMatches(indexing.isEmpty() && matches.stream().allMatch(m -> m.looked() >= count)));
        about.set(file.map(f -> f.path() + (count < 2 ? "" : String.format(Locale.ROOT, "  (%,.1f s)", (f.at(count - 1) - f.at(0)) / 1e9))).orElse(""));
        missing.set(matches.filter(m -> !m.isLooking()).flatMap(Matches::missing).orElse(""));
        trouble.set(wrong.isEmpty() ? ended : wrong);
        if (indexing.isPresent()) {
            working("Reading the file", file.map(CaptureFile::fraction).orElse(-1.0));
        } else if (exporting.isPresent()) {
            working("Exporting", exporting.get().progressProperty().get());
        } else if (learning.isPresent()) {
            working("Reading messages of IKE", learning.get().progressProperty().get());
        } else if (isFiltering()) {
            working("Filtering", count == 0 ? -1 : (double) matches.get().looked() / count);
        } else {
            working("", -1);
        }
    }

    /** Whether more packets may still be found, or found to match. */
    public boolean isLooking() {
        return indexing.isPresent() || isFiltering();
    }

    private boolean isFiltering() {
        return matches.isPresent() && matches.get().isLooking();
    }

    private void working(String what, double far) {
        work.set(what);
        fraction.set(far);
    }

    /** Whether nothing is under way. */
    public boolean isIdle() {
        return opening.isEmpty() && indexing.isEmpty() && learning.isEmpty() && !isFiltering() && exporting.isEmpty();
    }

    private void closeFile() {
        file.ifPresent(f -> {
            try {
                f.close();
            } catch (IOException e) {
                // it was only read
            }
        });
    }

    /** Lets the file go. */
    public void close() {
        stopWork();
        closeFile();
        background.close();
    }
}
