package careof.app.window;

import careof.app.Samples;
import careof.app.experiment.ExperimentsPane;
import careof.app.inspector.EventText;
import careof.engine.decode.FirstOpener;
import careof.app.inspector.InspectorPane;
import careof.app.inspector.TrailPane;
import careof.app.ladder.LadderPane;
import careof.app.live.LiveBar;
import careof.app.live.LiveDialog;
import careof.app.live.RecordedBar;
import careof.app.overlay.BindingOverlay;
import careof.app.overlay.DropOverlay;
import careof.app.overlay.PacketOverlay;
import careof.app.overlay.Picture;
import careof.app.overlay.SaOverlay;
import careof.app.packets.ControlsPane;
import careof.app.packets.PacketsPane;
import careof.app.policy.PolicyBar;
import careof.app.policy.Switchboard;
import careof.app.session.Command;
import careof.app.session.Ids;
import careof.app.session.Notice;
import careof.app.session.Orders;
import careof.app.session.RecordedRun;
import careof.app.session.Series;
import careof.app.session.Session;
import careof.app.session.SessionState;
import careof.app.tables.Link;
import careof.app.tables.TablesPane;
import careof.app.theme.Theme;
import careof.app.timeline.TimelinePane;
import careof.editor.TopologyEditor;
import careof.editor.command.LabCommand;
import careof.editor.model.Decoration;
import careof.editor.model.EditorMode;
import careof.editor.model.LinkState;
import careof.editor.model.Selection;
import careof.engine.base.VirtualTime;
import careof.engine.capture.CaptureFile;
import careof.engine.experiment.Comparison;
import careof.engine.experiment.Experiment;
import careof.engine.decode.KnownSas;
import careof.engine.decode.Opener;
import careof.engine.lab.Action;
import careof.engine.lab.Lab;
import careof.engine.lab.LabNode;
import careof.engine.live.LiveLab;
import careof.engine.policy.Recommendation;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import javafx.beans.property.SimpleStringProperty;
import javafx.geometry.Orientation;
import javafx.geometry.Pos;
import javafx.scene.control.ButtonBase;
import javafx.scene.control.ComboBoxBase;
import javafx.scene.control.ContentDisplay;
import javafx.scene.control.Label;
import javafx.scene.control.SplitPane;
import javafx.scene.control.TextInputControl;
import javafx.scene.control.Tooltip;
import javafx.scene.input.DragEvent;
import javafx.scene.input.KeyCode;
import javafx.scene.input.KeyEvent;
import javafx.scene.input.TransferMode;
import javafx.scene.layout.BorderPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.StackPane;
import javafx.scene.layout.VBox;
import javafx.stage.Stage;
import javafx.stage.WindowEvent;
import org.kordamp.ikonli.javafx.FontIcon;

/** The window's content: lays the panes out and leads states and gestures from one to the other. */
public final class Workbench extends StackPane {
    /** Below this width the chip beside the run bar shows its icon only, pixels. */
    private static final double NARROW = 1120;
    /** How long a lab runs at least that ran for as long as somebody wanted, nanoseconds. */
    private static final long LEAST_RUN = 20 * VirtualTime.SECOND;

    private final Stage stage;
    private final Session session;
    private final Theme theme;
    private final Folders folders;
    private final TopologyEditor editor = new TopologyEditor();
    private final Certificates certificates;
    private final TablesPane tables;
    private final TrailPane trail;
    private final PacketsPane packets;
    private final LadderPane ladder;
    private final InspectorPane inspector;
    private final ControlsPane controls;
    private final ExperimentsPane experiments;
    private final TimelinePane timeline;
    private final Notices notices;
    private final StatusBar status;
    private final LabDocument document;
    private final Captures captures;
    private final Exports exports;
    private final Acts acts;
    private final RunBar runBar;
    private final LiveBar liveBar = new LiveBar();
    private final RecordedBar recordedBar = new RecordedBar();
    private final Recordings recordings;
    private final PolicyBar policyBar;
    private final Menus menus;
    private final Dialogs dialogs;
    private final Label unprotected = new Label("registrations unprotected", new FontIcon("mdi2s-shield-off-outline"));
    private final Picture picture = new Picture();
    private final PacketOverlay packetOverlay;
    private final BindingOverlay bindingOverlay;
    private final SaOverlay saOverlay;
    private final DropOverlay dropOverlay;
    private Settings settings;
    private Map<String, List<Decoration>> decorations = Map.of();
    private Map<String, LinkState> links = Map.of();
    /** Whether the user's last doing was an action in the run rather than an edit of the lab. */
    private boolean lastWasAction;
    private boolean spaceHeld;
    /** The edit of the lab that is about to end its run. */
    private Optional<String> editedInRun = Optional.empty();

    /** @param folders where settings and copies of unsaved work are kept */
    Workbench(Stage stage, Session session, Theme theme, Folders folders, Settings settings) {
        this.stage = stage;
        this.session = session;
        this.theme = theme;
        this.folders = folders;
        this.settings = settings;
        getStyleClass().add("workbench");
        notices = new Notices(theme.calmProperty()::get);
        dialogs = new Dialogs(stage, theme);
        certificates = new Certificates(stage, theme, session, notices);
        tables = new TablesPane(session, this::follow, this::mark, certificates::ofNode);
        trail = new TrailPane(session, this::showEntry);
        packets = new PacketsPane(session);
        ladder = new LadderPane(session, theme, this::selectFrame);
        packets.addView("Ladder", ladder);
        inspector = new InspectorPane(theme, certificates::ofPayload);
        inspector.setOnQuery(packets::ask);
        packets.setFieldNames(inspector::names);
        controls = new ControlsPane(session, inspector::show);
        packets.addView("Daemons", controls, controls.summary());
        experiments = new ExperimentsPane(session.background(), new ExperimentHost());
        packets.addView("Experiments", experiments, new SimpleStringProperty(""));
        timeline = new TimelinePane(session, theme, EventText::of);
        document = new LabDocument(session, editor, new Autosave(folders.autosave()), notices::show);
        captures = new Captures(folders, theme, Optional.of(this));
        status = new StatusBar(() -> dialogs.problems(document.problemsProperty().get()));
        recordings = new Recordings(session, notices, status, document);
        exports = new Exports(session, dialogs, notices, status, document, editor);
        acts = new Acts(session, this, exports);
        runBar = new RunBar(session, acts);
        policyBar = new PolicyBar(this::flip);
        menus = new Menus(acts, this, session);
        packetOverlay = new PacketOverlay(theme::palette, this::selectFrame);
        dropOverlay = new DropOverlay(theme::palette);
        bindingOverlay = new BindingOverlay(theme::palette);
        saOverlay = new SaOverlay(theme::palette);
        layOut();
        wireEditor();
        session.setOnNotice(notices::show);
        session.stateProperty().subscribe(state -> {
            if (state != null) {
                show(state);
            }
        });
        packets.selectedProperty().subscribe(frame -> {
            inspector.show(frame, opener());
            trail.select(frame);
            ladder.select(frame);
        });
        document.problemsProperty().subscribe(status::show);
        document.titleProperty().subscribe(stage::setTitle);
        theme.choiceProperty().set(settings.theme());
        if (settings.calm()) {
            theme.calmProperty().set(true);
        }
        theme.choiceProperty().subscribe((_, _) -> keepSettings());
        theme.calmProperty().subscribe((_, _) -> keepSettings());
        menus.showRecent(settings.recent());
        stage.setOnCloseRequest(this::closing);
    }

    private void layOut() {
        unprotected.getStyleClass().addAll("chip", "warn");
        unprotected.setMinWidth(30);
        unprotected.setVisible(false);
        menus.bar().setMinWidth(USE_PREF_SIZE);
        runBar.setMinWidth(USE_PREF_SIZE);
        unprotected.setTooltip(new Tooltip("A home agent holds a binding that nothing protects: anybody could have sent it. A protection of registrations in the lab's \"ipsec\" changes that."));
        Region space = new Region();
        HBox.setHgrow(space, Priority.ALWAYS);
        HBox top = new HBox(menus.bar(), runBar, space, unprotected, acts.toggleTheme.button());
        top.getStyleClass().add("top-bar");
        menus.bar().setMinWidth(USE_PREF_SIZE);
        widthProperty().subscribe(w -> unprotected.setContentDisplay(w.doubleValue() < NARROW ? ContentDisplay.GRAPHIC_ONLY : ContentDisplay.LEFT));
        top.setAlignment(Pos.CENTER_LEFT);

        SplitPane right = new SplitPane(tables, trail);
        right.setOrientation(Orientation.VERTICAL);
        right.setDividerPositions(0.6);
        SplitPane middle = new SplitPane(editor, right);
        middle.setDividerPositions(0.725);
        SplitPane.setResizableWithParent(right, false);
        SplitPane bottom = new SplitPane(packets, inspector);
        bottom.setDividerPositions(0.56);
        VBox lower = new VBox(timeline, bottom);
        VBox.setVgrow(bottom, Priority.ALWAYS);
        SplitPane body = new SplitPane(middle, lower);
        body.setOrientation(Orientation.VERTICAL);
        body.setDividerPositions(0.575);
        // Cards and two runs side by side need room: that of the fields and the timeline, which have nothing to say of them, and half the canvas.
        experiments.visibleProperty().subscribe((_, shown) -> {
            bottom.getItems().setAll(shown ? List.of(packets) : List.of(packets, inspector));
            bottom.setDividerPositions(0.56);
            timeline.setVisible(!shown);
            timeline.setManaged(!shown);
            body.setDividerPositions(shown ? 0.25 : 0.575);
        });

        BorderPane all = new BorderPane(body);
        all.setTop(new VBox(top, policyBar, liveBar, recordedBar));
        all.setBottom(status);
        notices.setMouseTransparent(false);
        StackPane.setAlignment(notices, Pos.BOTTOM_RIGHT);
        notices.setMaxSize(USE_PREF_SIZE, USE_PREF_SIZE);
        getChildren().addAll(all, notices);
        setOnDragOver(this::dragOver);
        setOnDragDropped(this::dropped);
        addEventFilter(KeyEvent.KEY_PRESSED, this::key);
        addEventFilter(KeyEvent.KEY_RELEASED, e -> spaceHeld &= e.getCode() != KeyCode.SPACE);
    }

    private void wireEditor() {
        editor.setId("canvas");
        editor.addOverlay(saOverlay);
        editor.addOverlay(bindingOverlay);
        editor.addOverlay(packetOverlay);
        editor.addOverlay(dropOverlay);
        editor.setOnAction(this::apply);
        editor.setOnEditWhileRunning(this::editWhileRunning);
        editor.setOrderCheck(order -> editor.whyNoActions().or(() -> Orders.whyNot(session.state(), order)));
        editor.setOnCertificate(certificates::ofNode);
        editor.setOnUndo(this::undo);
        editor.setOnRedo(this::redo);
        editor.labProperty().subscribe((_, lab) -> {
            lastWasAction = false;
            experiments.showOwn(lab);
            editedInRun.ifPresent(what -> notices.show(
                    new Notice(Notice.Level.INFO, what, "The lab has changed, so its run begins anew at time 0."), new Notices.Offer("Undo", this::undo)));
            editedInRun = Optional.empty();
        });
        editor.selectionProperty().subscribe(s -> {
            tables.select(s.onlyNode(), s.onlyLink());
            policyBar.select(s.onlyNode());
        });
        theme.paletteProperty().subscribe(_ -> editor.requestOverlay());
    }

    /** An edit at a later time begins the run anew; the edit itself can be undone. */
    private boolean editWhileRunning(LabCommand command) {
        if (session.state().live().isPresent()) {
            notices.show(new Notice(Notice.Level.INFO, "The lab is live", "An edit would begin its run anew, without the real machines. End the live run first."));
            return false;
        }
        if (session.state().recorded().isPresent()) {
            notices.show(new Notice(Notice.Level.INFO, "A recorded run", "What ran cannot be edited. Its lab can, as a lab of its own without this run"
                    + (session.state().canFork() ? "." : " and without its keys, which are not in the recording.")), new Notices.Offer("Edit its lab", this::editRecorded));
            return false;
        }
        session.send(new Command.Pause());
        editor.modeProperty().set(EditorMode.EDITING);
        editedInRun = Optional.of(command.name());
        return true;
    }

    /** Opens the lab of the recorded run that is shown as a new one, which nothing has run of yet. */
    private void editRecorded() {
        Lab lab = session.state().lab();
        document.adopt(LiveLab.isEndless(lab) ? lab.withUntil(Math.max(LEAST_RUN, session.state().headTime())) : lab, Optional.empty());
    }

    /** Asks which ports a live run is to have, or ends the one that is under way. */
    void goLiveOrEnd() {
        if (session.state().live().isPresent()) {
            session.send(new Command.EndLive());
            return;
        }
        LiveDialog dialog = new LiveDialog(session.state().lab(), proposedRecording());
        dialog.initOwner(stage);
        theme.dress(dialog.getDialogPane());
        dialog.showAndWait().ifPresent(session::send);
    }

    /** Beside the lab's file, else at home; named after the lab and the time. */
    private Path proposedRecording() {
        Path folder = document.fileProperty().get().map(Path::toAbsolutePath).map(Path::getParent).orElseGet(() -> Path.of(System.getProperty("user.home")));
        String stamp = LocalDateTime.now().format(DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss"));
        return folder.resolve(Dialogs.fileName(session.state().lab().name()) + "-" + stamp + ".careof");
    }

    /** A switch was pressed: at time 0 an edit of the lab, later an action in the run. */
    private void flip(Optional<String> node, Recommendation letter, boolean on) {
        if (session.state().atStart()) {
            editor.execute(Switchboard.edit(node, letter, on));
        } else {
            apply(new Action.SetPolicy(node, on ? List.of(letter) : List.of(), on ? List.of() : List.of(letter)));
        }
    }

    private void apply(Action action) {
        lastWasAction = true;
        session.send(new Command.Apply(action));
    }

    // A state of the run, everywhere.

    private void show(SessionState state) {
        EditorMode mode = state.atStart() ? EditorMode.EDITING : EditorMode.RUNNING;
        if (editor.modeProperty().get() != mode) {
            editor.modeProperty().set(mode);
        }
        editor.motionProperty().set(!theme.calmProperty().get() && (!state.running() || state.speed() <= 2));
        Picture.attachments(state).forEach((node, link) -> {
            if (!link.equals(editor.attachmentsProperty().get(node))) {
                editor.attachmentsProperty().put(node, link);
            }
        });
        Map<String, List<Decoration>> texts = Picture.decorations(state);
        if (!texts.equals(decorations)) {
            decorations = texts;
            editor.decorationsProperty().set(texts);
        }
        Map<String, LinkState> changed = Picture.links(state);
        if (!changed.equals(links)) {
            links = changed;
            editor.linkStatesProperty().set(changed);
        }
        saOverlay.show(Picture.saLines(state));
        bindingOverlay.show(Picture.arcs(state));
        packetOverlay.show(picture.flights(state));
        dropOverlay.show(Picture.drops(state));
        editor.requestOverlay();
        runBar.show(state);
        liveBar.show(state);
        recordedBar.show(state);
        recordings.show(state);
        editor.setWhyNoActions(state.whyOnlyLook().map(_ -> state.recorded().isPresent() ? "a recorded run" : "the live run has ended"));
        policyBar.show(state);
        status.show(state);
        timeline.show(state);
        tables.show(state);
        packets.show(state);
        ladder.show(state);
        controls.show(state);
        trail.show(state);
        menus.showRuns(state);
        unprotected.setVisible(Picture.isUnprotected(state));
    }

    /** Shows a table row that a decision looked at. */
    private void showEntry(String node, String entry) {
        editor.selectionProperty().set(Selection.node(node));
        tables.reveal(entry);
    }

    /** Goes where a link in a table leads. */
    private void follow(Link link) {
        switch (link) {
            case Link.Row row -> showEntry(row.node(), row.entry());
            case Link.Messages messages -> {
                Series events = exchange(messages);
                mark(Optional.of(messages));
                if (events.size() == 0) {
                    notices.show(new Notice(Notice.Level.INFO, "No such messages", "This run has none of them."));
                } else {
                    selectFrame(events.get(0));
                }
            }
            case Link.Certificate of -> certificates.ofPhaseOne(of.node(), of.ikeSa(), of.own());
        }
    }

    private Series exchange(Link.Messages messages) {
        return session.state().index().talks().exchange(messages.node(), messages.ikeSa(), messages.messageId());
    }

    /** Marks an exchange's messages where messages are shown. */
    private void mark(Optional<Link.Messages> messages) {
        Series events = messages.map(this::exchange).orElseGet(Ids::new);
        packets.mark(events);
        ladder.mark(events);
    }

    /** With the keys of the moment shown, whose replay windows tell of it; else with all keys of the run. */
    private Opener opener() {
        SessionState state = session.state();
        return state == null ? Opener.NONE
                : new FirstOpener(KnownSas.of(state.tables(), state.lab().nodes().stream().map(LabNode::name).toList()), state.index().opener());
    }

    private void selectFrame(long event) {
        packets.selectEvent(event);
    }

    // Keys that work wherever the keyboard is.

    private void key(KeyEvent e) {
        boolean typing = getScene().getFocusOwner() instanceof TextInputControl;
        if (e.getCode() == KeyCode.SPACE && !e.isControlDown() && !typing && !(getScene().getFocusOwner() instanceof ButtonBase)
                && !(getScene().getFocusOwner() instanceof ComboBoxBase<?>)) {
            // A key held down repeats; it is still one press.
            if (!spaceHeld) {
                acts.playOrPause();
            }
            spaceHeld = true;
            e.consume();
        } else if (e.isShortcutDown() && (e.getCode() == KeyCode.UP || e.getCode() == KeyCode.DOWN)) {
            packets.moveSelection(e.getCode() == KeyCode.UP ? -1 : 1);
            e.consume();
        } else if (e.isShortcutDown() && !typing && (e.getCode() == KeyCode.HOME || e.getCode() == KeyCode.END)) {
            // Lists have a use for these, too.
            session.send(e.getCode() == KeyCode.HOME ? new Command.Rewind() : new Command.ToHead());
            e.consume();
        } else if (e.getCode() == KeyCode.ESCAPE && !typing && !notices.shown().isEmpty()) {
            notices.clear();
            e.consume();
        }
    }

    // What the acts do.

    void create() {
        unlessUnsaved(() -> document.adopt(Lab.empty("New lab"), Optional.empty()));
    }

    void open() {
        dialogs.chooseFile(document.fileProperty().get()).ifPresent(this::openAsking);
    }

    /** Opens a file that the user named; asks first when unsaved work would be lost. */
    void openAsking(Path file) {
        if (CaptureFile.isCapture(file)) {
            openFile(file);
        } else {
            unlessUnsaved(() -> openFile(file));
        }
    }

    /** Opens a lab file or a recording here, or a capture in a window of its own. */
    public void openFile(Path file) {
        if (CaptureFile.isCapture(file)) {
            captures.open(new Stage(), file);
            return;
        }
        session.background().run(_ -> RecordedRun.is(file), recorded -> {
            if (recorded) {
                recordings.open(file, this::remember);
            } else {
                document.open(file, this::remember);
            }
        }, e -> notices.show(new Notice(Notice.Level.ERROR, "Cannot open " + file.getFileName(), LabDocument.why(e))));
    }

    /** Whether the user has not closed it. */
    boolean isOpen() {
        return stage.isShowing();
    }

    void toFrontOfAll() {
        stage.toFront();
        stage.requestFocus();
    }

    /** Opens a lab that comes along. */
    void openSample(String name) {
        unlessUnsaved(() -> loadSample(name));
    }

    /** Opens a lab that comes along, without a question. */
    public void loadSample(String name) {
        document.openText(name + ".json", () -> Samples.sample(name).orElseThrow(() -> new IllegalArgumentException("no such sample")).text());
    }

    void save(Runnable then) {
        document.fileProperty().get().ifPresentOrElse(file -> document.save(file, then), () -> saveAs(then));
    }

    void saveAs(Runnable then) {
        dialogs.chooseSave(document.fileProperty().get(), editor.getLab().name()).ifPresent(file -> document.save(file, () -> {
            remember(file);
            then.run();
        }));
    }

    void remember(Path file) {
        settings = settings.withRecent(file);
        menus.showRecent(settings.recent());
        keepSettings();
    }

    private void keepSettings() {
        settings = settings.withLook(theme.choiceProperty().get(), theme.calmProperty().get());
        Settings now = settings;
        session.background().run(_ -> {
            now.write(folders.settings());
            return now;
        }, _ -> { }, e -> notices.show(new Notice(Notice.Level.WARNING, "Settings are not kept", LabDocument.why(e))));
    }

    private void unlessUnsaved(Runnable then) {
        if (!document.dirtyProperty().get()) {
            then.run();
            return;
        }
        switch (dialogs.askUnsaved(editor.getLab().name())) {
            case SAVE -> save(then);
            case DISCARD -> then.run();
            case CANCEL -> { }
        }
    }

    private void closing(WindowEvent e) {
        e.consume();
        unlessUnsaved(this::close);
    }

    void requestClose() {
        unlessUnsaved(this::close);
    }

    private void close() {
        document.forgetCopy();
        session.close();
        stage.close();
    }

    void undo() {
        SessionState state = session.state();
        if (state != null && state.canTakeBack() && (lastWasAction || !editor.history().canUndoProperty().get())) {
            session.send(new Command.TakeBack());
        } else {
            editor.undo();
        }
    }

    void redo() {
        editor.redo();
    }

    void focusFilter() {
        packets.focusFilter();
    }

    void playFast() {
        runBar.setSpeed(Double.POSITIVE_INFINITY);
        session.send(new Command.Play());
    }

    void askRunUntil() {
        dialogs.askUntil().ifPresent(session::send);
    }

    void fit() {
        editor.fit();
    }

    void toggleTheme() {
        theme.toggle();
    }

    void showKeys() {
        dialogs.keys(acts.all());
    }

    Theme theme() {
        return theme;
    }

    /** Offers to restore what a crash left. */
    public void offerLeftovers() {
        document.lookForLeftovers(copy -> notices.show(
                new Notice(Notice.Level.WARNING, "Unsaved work was found", "Careof ended without saving a lab."),
                new Notices.Offer("Restore", () -> unlessUnsaved(() -> document.settleLeftover(copy, true))),
                new Notices.Offer("Throw away", () -> document.settleLeftover(copy, false))));
    }

    private void dragOver(DragEvent e) {
        if (fileIn(e).isPresent()) {
            e.acceptTransferModes(TransferMode.COPY);
            e.consume();
        }
    }

    private void dropped(DragEvent e) {
        fileIn(e).ifPresent(file -> {
            e.setDropCompleted(true);
            e.consume();
            openAsking(file);
        });
    }

    private static Optional<Path> fileIn(DragEvent e) {
        if (!e.getDragboard().hasFiles() || e.getDragboard().getFiles().size() != 1) {
            return Optional.empty();
        }
        Path file = e.getDragboard().getFiles().getFirst().toPath();
        return Files.isRegularFile(file) ? Optional.of(file) : Optional.empty();
    }

    /** What the page of experiments asks for. */
    private final class ExperimentHost implements ExperimentsPane.Host {
        @Override
        public void open(Lab lab) {
            unlessUnsaved(() -> document.adopt(lab, Optional.empty()));
        }

        @Override
        public void export(List<Experiment.Result> results, SequencedMap<String, Comparison.Result> tables) {
            exports.report(results, tables);
        }

        @Override
        public void complain(String what, Exception why) {
            notices.show(new Notice(Notice.Level.ERROR, what, LabDocument.why(why)));
        }
    }

    // For tests.

    Exports exports() {
        return exports;
    }

    ExperimentsPane experiments() {
        return experiments;
    }

    LadderPane ladder() {
        return ladder;
    }

    ControlsPane controls() {
        return controls;
    }

    TopologyEditor editor() {
        return editor;
    }

    TablesPane tables() {
        return tables;
    }

    PacketsPane packets() {
        return packets;
    }

    InspectorPane inspector() {
        return inspector;
    }

    Notices notices() {
        return notices;
    }

    LabDocument document() {
        return document;
    }

    Session session() {
        return session;
    }
}
