package careof.app.window;

import careof.app.capture.CaptureModel;
import careof.app.capture.CapturePane;
import careof.app.capture.KeysDialog;
import careof.app.session.Background;
import careof.app.session.Notice;
import careof.app.theme.Theme;
import careof.engine.capture.CaptureFile;
import careof.engine.capture.SaTable;
import careof.engine.decode.GivenKeys;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import javafx.geometry.Pos;
import javafx.scene.Scene;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.TextInputControl;
import javafx.scene.control.Tooltip;
import javafx.scene.input.DragEvent;
import javafx.scene.input.KeyCode;
import javafx.scene.input.KeyCombination;
import javafx.scene.input.KeyEvent;
import javafx.scene.input.TransferMode;
import javafx.scene.layout.BorderPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.StackPane;
import javafx.stage.Stage;
import org.kordamp.ikonli.javafx.FontIcon;

/** A window with a capture file, beside that of the lab. */
final class CaptureWindow extends StackPane {
    private final Stage stage;
    private final Theme theme;
    private final Captures captures;
    private final Dialogs dialogs;
    private final Notices notices;
    private final Background background = new Background();
    private final CaptureModel model;
    private final CapturePane pane;
    private final JobBar jobs = new JobBar();
    private String keys = "";

    private CaptureWindow(Stage stage, Theme theme, Captures captures) {
        this.stage = stage;
        this.theme = theme;
        this.captures = captures;
        dialogs = new Dialogs(stage, theme);
        notices = new Notices(theme.calmProperty()::get);
        model = new CaptureModel(background, notices::show);
        pane = new CapturePane(model, theme);
        getStyleClass().add("workbench");
        BorderPane all = new BorderPane(pane);
        all.setTop(tools());
        all.setBottom(status());
        StackPane.setAlignment(notices, Pos.BOTTOM_RIGHT);
        getChildren().addAll(all, notices);
        setOnDragOver(e -> {
            if (e.getDragboard().hasFiles()) {
                e.acceptTransferModes(TransferMode.COPY);
                e.consume();
            }
        });
        setOnDragDropped(this::dropped);
        addEventFilter(KeyEvent.KEY_PRESSED, this::key);
        model.titleProperty().subscribe(stage::setTitle);
        stage.focusedProperty().subscribe((_, focused) -> {
            if (focused) {
                model.checkFile();
            }
        });
        stage.setOnHidden(_ -> model.close());
    }

    /** Opens a capture in a stage that is not shown yet. */
    static CaptureWindow open(Stage stage, Theme theme, Captures captures, Path file) {
        CaptureWindow window = new CaptureWindow(stage, theme, captures);
        Scene scene = new Scene(window, 1280, 800);
        theme.dress(scene);
        stage.setScene(scene);
        stage.setMinWidth(800);
        stage.setMinHeight(500);
        WorkbenchApp.icon(stage);
        window.accelerators(scene);
        stage.show();
        window.pane.focusList();
        window.openFile(file);
        return window;
    }

    private HBox tools() {
        Region space = new Region();
        HBox.setHgrow(space, Priority.ALWAYS);
        HBox tools = new HBox(4, tool("Open…", "mdi2f-folder-open-outline", "Ctrl+O", this::open), tool("Read again", "mdi2r-refresh", "Ctrl+R", this::reload),
                tool("Keys…", "mdi2k-key-outline", "Ctrl+K", this::askKeys), tool("Export shown…", "mdi2e-export", "Ctrl+E", this::export), space,
                tool("Lab", "mdi2a-arrow-left", "Ctrl+L", captures::showLab), tool("", "mdi2t-theme-light-dark", "Ctrl+T", theme::toggle));
        tools.getStyleClass().addAll("top-bar", "capture-tools");
        tools.setAlignment(Pos.CENTER_LEFT);
        return tools;
    }

    private static Button tool(String text, String icon, String key, Runnable run) {
        Button button = new Button(text, new FontIcon(icon));
        button.getStyleClass().addAll("flat", "tool");
        button.setAccessibleText(text.isEmpty() ? "Light or dark" : text);
        button.setTooltip(new Tooltip((text.isEmpty() ? "Light or dark" : text) + "  (" + key + ")"));
        button.setOnAction(_ -> run.run());
        return button;
    }

    private HBox status() {
        Label about = new Label();
        about.textProperty().bind(model.aboutProperty());
        about.setMinWidth(0);
        Label trouble = new Label();
        trouble.setId("trouble");
        trouble.getStyleClass().add("trouble");
        trouble.textProperty().bind(model.troubleProperty());
        trouble.visibleProperty().bind(model.troubleProperty().isNotEmpty());
        trouble.setMinWidth(0);
        Label keyed = new Label("", new FontIcon("mdi2k-key-outline"));
        keyed.setId("keyed");
        keyed.setVisible(false);
        model.openerProperty().subscribe(_ -> {
            GivenKeys given = model.keys();
            keyed.setVisible(!given.isEmpty());
            keyed.setText(words(given));
        });
        keyed.setMinWidth(USE_PREF_SIZE);
        Region space = new Region();
        HBox.setHgrow(space, Priority.ALWAYS);
        model.workProperty().subscribe(_ -> showWork());
        model.fractionProperty().subscribe(_ -> showWork());
        HBox status = new HBox(about, trouble, space, jobs, keyed);
        status.getStyleClass().add("status-bar");
        return status;
    }

    private void showWork() {
        jobs.show(model.workProperty().get(), model.fractionProperty().get(), Optional.of(model::stop));
    }

    private static String words(GivenKeys keys) {
        return (keys.sas().isEmpty() ? "" : count(keys.associations(), "SA")) + (keys.sas().isEmpty() || keys.phaseOnes().isEmpty() ? "" : ", ")
                + (keys.phaseOnes().isEmpty() ? "" : count(keys.phaseOnes().size(), "phase one"));
    }

    private static String count(long number, String what) {
        return number + " " + what + (number == 1 ? "" : "s");
    }

    private void accelerators(Scene scene) {
        accelerator(scene, "Shortcut+O", this::open);
        accelerator(scene, "Shortcut+R", this::reload);
        accelerator(scene, "Shortcut+K", this::askKeys);
        accelerator(scene, "Shortcut+E", this::export);
        accelerator(scene, "Shortcut+L", captures::showLab);
        accelerator(scene, "Shortcut+T", theme::toggle);
        accelerator(scene, "Shortcut+F", pane::focusFilter);
        accelerator(scene, "Shortcut+G", pane::focusNumber);
        accelerator(scene, "Shortcut+C", pane::copy);
        accelerator(scene, "Shortcut+W", stage::close);
    }

    private static void accelerator(Scene scene, String key, Runnable run) {
        scene.getAccelerators().put(KeyCombination.valueOf(key), run);
    }

    private void key(KeyEvent e) {
        boolean typing = getScene().getFocusOwner() instanceof TextInputControl;
        if (e.isShortcutDown() && (e.getCode() == KeyCode.UP || e.getCode() == KeyCode.DOWN)) {
            pane.moveSelection(e.getCode() == KeyCode.UP ? -1 : 1);
            e.consume();
        } else if (!typing && (e.getCode() == KeyCode.SLASH || e.getCode() == KeyCode.DIVIDE)) {
            pane.focusFilter();
            e.consume();
        } else if (e.getCode() == KeyCode.ESCAPE && !typing && !notices.shown().isEmpty()) {
            notices.clear();
            e.consume();
        }
    }

    private void open() {
        dialogs.chooseFile(model.path()).ifPresent(this::openAny);
    }

    private void openAny(Path file) {
        if (CaptureFile.isCapture(file)) {
            openFile(file);
        } else {
            captures.openLab(file);
        }
    }

    private void openFile(Path file) {
        model.open(file, () -> {
            pane.renew(true);
            captures.remember(file);
        });
    }

    private void reload() {
        model.path().ifPresent(file -> model.open(file, () -> pane.renew(false)));
    }

    private void export() {
        model.path().ifPresent(file -> dialogs.chooseExport("Export the packets shown", model.path(), "packets", ".pcapng").ifPresent(model::export));
    }

    private void askKeys() {
        new KeysDialog(stage, theme, keys, model.path()).showAndWait().ifPresent(this::give);
    }

    /** Uses the keys of a text that can be read. */
    private void give(String text) {
        try {
            GivenKeys given = GivenKeys.read(text);
            keys = text;
            model.give(given);
        } catch (SaTable.BadLine e) {
            notices.show(new Notice(Notice.Level.ERROR, "The keys cannot be read", e.getMessage()));
        }
    }

    private void dropped(DragEvent e) {
        if (e.getDragboard().hasFiles()) {
            e.setDropCompleted(true);
            e.consume();
            take(e.getDragboard().getFiles().stream().map(File::toPath).toList());
        }
    }

    /** Opens a capture among the files, and takes all others for keys. */
    void take(List<Path> files) {
        files.stream().filter(CaptureFile::isCapture).findFirst().ifPresent(this::openFile);
        List<Path> tables = files.stream().filter(file -> !CaptureFile.isCapture(file)).toList();
        if (!tables.isEmpty()) {
            background.run(_ -> read(tables), text -> give(KeysDialog.joined(keys, text)),
                    e -> notices.show(new Notice(Notice.Level.ERROR, "The keys cannot be read", Notice.why(e))));
        }
    }

    private static String read(List<Path> tables) throws IOException {
        StringBuilder text = new StringBuilder();
        for (Path table : tables) {
            text.append(GivenKeys.text(table)).append('\n');
        }
        return text.toString().lines().distinct().collect(Collectors.joining("\n"));
    }

    // For tests.

    CaptureModel model() {
        return model;
    }

    CapturePane pane() {
        return pane;
    }

    Notices notices() {
        return notices;
    }
}
