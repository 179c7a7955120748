package careof.app.window;

import careof.app.experiment.ExperimentsPane;
import careof.app.inspector.EventText;
import careof.app.inspector.InspectorPane;
import careof.app.inspector.TrailPane;
import careof.app.ladder.LadderPane;
import careof.app.live.LiveBar;
import careof.app.live.RecordedBar;
import careof.app.overlay.Overlays;
import careof.app.overlay.Picture;
import careof.app.packets.ControlsPane;
import careof.app.packets.PacketsPane;
import careof.app.policy.PolicyBar;
import careof.app.session.Command;
import careof.app.session.Ids;
import careof.app.session.Notice;
import careof.app.session.Orders;
import careof.app.session.Series;
import careof.app.session.Session;
import careof.app.session.SessionState;
import careof.app.tables.Link;
import careof.app.tables.TablesPane;
import careof.app.theme.Theme;
import careof.app.timeline.TimelinePane;
import careof.editor.TopologyEditor;
import careof.editor.model.EditorMode;
import careof.editor.model.Selection;
import careof.engine.decode.Opener;
import careof.engine.experiment.Comparison;
import careof.engine.experiment.Experiment;
import careof.engine.lab.Lab;
import java.util.List;
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
import javafx.scene.input.KeyCode;
import javafx.scene.input.KeyEvent;
import javafx.scene.layout.BorderPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.StackPane;
import javafx.scene.layout.VBox;
import javafx.stage.Stage;
import org.kordamp.ikonli.javafx.FontIcon;

/** The window's content: lays the panes out and leads states and gestures from one to the other. */
public final class Workbench extends StackPane {
    /** Below this width the chip beside the run bar shows its icon only, pixels. */
    private static final double NARROW = 1120;

    private final Stage stage;
    private final Session session;
    private final Theme theme;
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
    private final Documents documents;
    private final Edits edits;
    private final Exports exports;
    private final Acts acts;
    private final RunBar runBar;
    private final LiveBar liveBar;
    private final RecordedBar recordedBar = new RecordedBar();
    private final Recordings recordings;
    private final PolicyBar policyBar;
    private final Menus menus;
    private final Dialogs dialogs;
    private final Label unprotected = new Label("registrations unprotected", new FontIcon("mdi2s-shield-off-outline"));
    private final Overlays overlays;
    private boolean spaceHeld;

    /** @param folders where settings and copies of unsaved work are kept */
    Workbench(Stage stage, Session session, Theme theme, Folders folders, Settings settings) {
        this.stage = stage;
        this.session = session;
        this.theme = theme;
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
        status = new StatusBar(() -> dialogs.problems(document.problemsProperty().get()));
        recordings = new Recordings(session, notices, status, document);
        KeptSettings kept = new KeptSettings(settings, folders.settings(), theme, session.background(), notices);
        documents = new Documents(session, dialogs, notices, document, recordings, new Captures(folders, theme, Optional.of(this)), kept);
        edits = new Edits(session, editor, document, notices);
        exports = new Exports(session, dialogs, notices, status, document, editor);
        acts = new Acts(session, this, documents, edits, exports);
        runBar = new RunBar(session, acts);
        liveBar = new LiveBar(() -> session.send(new Command.ToHead()));
        policyBar = new PolicyBar(edits::flip);
        menus = new Menus(acts, documents, kept, theme, session);
        overlays = new Overlays(editor, theme, this::selectFrame);
        layOut();
        wireEditor();
        session.setOnNotice(new Offers(session, notices, documents)::tell);
        session.stateProperty().subscribe(state -> {
            if (state != null) {
                show(state);
            }
        });
        packets.selectedProperty().subscribe(frame -> {
            inspector.show(frame, session.state() == null ? Opener.NONE : session.state().opener());
            trail.select(frame);
            ladder.select(frame);
        });
        document.problemsProperty().subscribe(status::show);
        document.titleProperty().subscribe(stage::setTitle);
        stage.setOnCloseRequest(e -> {
            e.consume();
            requestClose();
        });
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
        getChildren().addAll(all, notices);
        setOnDragOver(documents::dragOver);
        setOnDragDropped(documents::dropped);
        addEventFilter(KeyEvent.KEY_PRESSED, this::key);
        addEventFilter(KeyEvent.KEY_RELEASED, e -> spaceHeld &= e.getCode() != KeyCode.SPACE);
    }

    private void wireEditor() {
        editor.setId("canvas");
        editor.setOnAction(edits::apply);
        editor.setOnEditWhileRunning(edits::whileRunning);
        editor.setOrderCheck(order -> editor.whyNoActions().or(() -> Orders.whyNot(session.state(), order)));
        editor.setOnCertificate(certificates::ofNode);
        editor.setOnUndo(edits::undo);
        editor.setOnRedo(edits::redo);
        editor.labProperty().subscribe((_, lab) -> experiments.showOwn(lab));
        editor.selectionProperty().subscribe(s -> {
            tables.select(s.onlyNode(), s.onlyLink());
            policyBar.select(s.onlyNode());
        });
    }

    /** Asks which ports a live run is to have, or ends the one that is under way. */
    void goLiveOrEnd() {
        if (session.live().isPresent()) {
            session.send(new Command.EndLive());
            return;
        }
        dialogs.askLive(session.state().lab(), recordings.proposedFile()).ifPresent(order -> {
            notices.dismiss(Notice.NOT_LIVE);
            session.send(order);
        });
    }

    // A state of the run, everywhere.

    private void show(SessionState state) {
        EditorMode mode = state.atStart() ? EditorMode.EDITING : EditorMode.RUNNING;
        if (editor.modeProperty().get() != mode) {
            editor.modeProperty().set(mode);
        }
        if (state.live().isPresent()) {
            notices.dismissIf(notice -> notice.offer().orElse(null) instanceof Notice.Offer.Open);    // of the live run before
        }
        overlays.show(state);
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

    /** Whether the user has not closed it. */
    boolean isOpen() {
        return stage.isShowing();
    }

    void toFrontOfAll() {
        stage.toFront();
        stage.requestFocus();
    }

    void requestClose() {
        documents.unlessLost(true, this::close);
    }

    private void close() {
        document.forgetCopy();
        session.close();
        stage.close();
    }

    void playFast() {
        runBar.setSpeed(Double.POSITIVE_INFINITY);
        session.send(new Command.Play());
    }

    void askRunUntil() {
        dialogs.askUntil().ifPresent(session::send);
    }

    void showKeys() {
        dialogs.keys(acts.all());
    }

    /** What the page of experiments asks for. */
    private final class ExperimentHost implements ExperimentsPane.Host {
        @Override
        public void open(Lab lab) {
            documents.adoptAsking(lab);
        }

        @Override
        public void export(List<Experiment.Result> results, SequencedMap<String, Comparison.Result> tables) {
            exports.report(results, tables);
        }

        @Override
        public void complain(String what, Exception why) {
            notices.show(new Notice(Notice.Level.ERROR, what, Notice.why(why)));
        }
    }

    // Its parts, for the acts and for tests.

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

    Theme theme() {
        return theme;
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

    /** What it opens and saves. */
    Documents documents() {
        return documents;
    }

    Edits edits() {
        return edits;
    }

    LabDocument document() {
        return document;
    }

    Session session() {
        return session;
    }
}
