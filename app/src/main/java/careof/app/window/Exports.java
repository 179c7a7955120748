package careof.app.window;

import careof.app.cli.ExperimentHtml;
import careof.app.session.Background;
import careof.app.session.Notice;
import careof.app.session.Session;
import careof.app.session.SessionState;
import careof.editor.TopologyEditor;
import careof.engine.base.AtomicFile;
import careof.engine.base.Progress;
import careof.engine.base.Sizes;
import careof.engine.capture.CaptureExport;
import careof.engine.capture.WiresharkProfile;
import careof.engine.decode.IkeExport;
import careof.engine.experiment.Comparison;
import careof.engine.experiment.Experiment;
import careof.engine.trace.InputLog;
import careof.engine.trace.InputLogJson;
import careof.engine.trace.TraceJson;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.SequencedMap;
import java.util.Optional;

/** Files made of a run: where they go is asked, they are written away from the window's thread, the status bar tells how far. */
final class Exports {
    private final Session session;
    private final Dialogs dialogs;
    private final Notices notices;
    private final StatusBar status;
    private final LabDocument document;
    private final TopologyEditor editor;

    Exports(Session session, Dialogs dialogs, Notices notices, StatusBar status, LabDocument document, TopologyEditor editor) {
        this.session = session;
        this.dialogs = dialogs;
        this.notices = notices;
        this.status = status;
        this.document = document;
        this.editor = editor;
    }

    /** @param selectedOnly of the node or link that is selected; else of all */
    void capture(boolean selectedOnly) {
        var selection = editor.selectionProperty().get();
        CaptureExport.Selection which = !selectedOnly ? new CaptureExport.Selection.All()
                : selection.onlyNode().<CaptureExport.Selection>map(CaptureExport.Selection.Node::new)
                .or(() -> selection.onlyLink().map(CaptureExport.Selection.Link::new)).orElse(null);
        if (which == null) {
            notices.show(new Notice(Notice.Level.INFO, "Nothing to export", "Select one node or one link on the canvas first."));
            return;
        }
        String name = selection.onlyNode().or(selection::onlyLink).filter(_ -> selectedOnly).orElse(editor.getLab().name());
        dialogs.chooseExport("Export a capture", document.fileProperty().get(), Dialogs.fileName(name), ".pcapng")
                .ifPresent(file -> capture(file, which));
    }

    /** Writes the frames recorded so far. */
    void capture(Path file, CaptureExport.Selection which) {
        SessionState state = session.state();
        write(file, progress -> Sizes.count(CaptureExport.write(state.trace(), state.lab(), file, which, progress), "packet"));
    }

    void ike() {
        SessionState state = session.state();
        dialogs.chooseExport("Export the messages of IKE", document.fileProperty().get(), Dialogs.fileName(state.lab().name()) + "-ike", ".pcapng")
                .ifPresent(this::ike);
    }

    /** Writes the ISAKMP messages recorded so far, in an order in which Wireshark decrypts them all. */
    void ike(Path file) {
        SessionState state = session.state();
        write(file, progress -> Sizes.count(IkeExport.write(state.trace(), state.lab(), file, progress), "message"));
    }

    void trace() {
        SessionState state = session.state();
        dialogs.chooseExport("Export the trace", document.fileProperty().get(), Dialogs.fileName(state.lab().name()) + "-trace", ".jsonl")
                .ifPresent(this::trace);
    }

    /** Writes all events so far. */
    void trace(Path file) {
        SessionState state = session.state();
        write(file, progress -> Sizes.count(TraceJson.write(state.trace(), file, progress), "event"));
    }

    void log() {
        InputLog log = session.state().inputs();
        dialogs.chooseExport("Export the input log", document.fileProperty().get(), Dialogs.fileName(log.lab().name()) + "-log", ".jsonl")
                .ifPresent(this::log);
    }

    /** Writes what came into the run so far. */
    void log(Path file) {
        InputLog log = session.state().inputs();
        write(file, _ -> {
            InputLogJson.write(log, Optional.empty(), file);
            return Sizes.count(log.inputs().size(), "action");
        });
    }

    void profile() {
        SessionState state = session.state();
        dialogs.chooseFolder("Export a Wireshark profile", "The folder will hold the keys of this run's SAs and of its phase ones of IKE, so that Wireshark can read what they protect. "
                + "Whoever has it can, too. Only you may read what it holds; move the folder into \"profiles\" of Wireshark's configuration.",
                document.fileProperty().get(), "careof-" + Dialogs.fileName(state.lab().name())).ifPresent(this::profile);
    }

    /** Writes the keys of the run so far. */
    void profile(Path folder) {
        SessionState state = session.state();
        write(folder, _ -> {
            WiresharkProfile.write(state.trace(), folder);
            return "It holds keys: keep it to yourself.";
        });
    }

    /** Writes a file and says how much went into it. */
    private interface Export {
        String write(Progress progress) throws IOException;
    }

    private void write(Path file, Export export) {
        String name = String.valueOf(file.getFileName());
        Background.Job job = session.background().run(j -> export.write((done, total) -> {
            j.progress((double) done / Math.max(1, total));
            return !j.isCancelled();
        }), written -> notices.show(new Notice(Notice.Level.SUCCESS, "Exported " + name, written)),
                e -> notices.show(new Notice(Notice.Level.ERROR, "Not exported", Notice.why(e))));
        status.watch("Exporting " + name, job);
    }

    /** What experiments showed, as a page for a browser. */
    void report(List<Experiment.Result> results, SequencedMap<String, Comparison.Result> tables) {
        dialogs.chooseExport("Report of experiments", document.fileProperty().get(), "experiments", ".html").ifPresent(file -> report(file, results, tables));
    }

    void report(Path file, List<Experiment.Result> results, SequencedMap<String, Comparison.Result> tables) {
        write(file, _ -> {
            String page = ExperimentHtml.page(results, tables);
            AtomicFile.write(file, out -> out.write(page.getBytes(StandardCharsets.UTF_8)));
            int count = results.size() + tables.size();
            return count == 1 ? "1 experiment" : count + " experiments";
        });
    }
}
