package careof.app.window;

import careof.app.live.LiveDialog;
import careof.app.session.Command;
import careof.app.session.SessionState;
import careof.app.theme.Theme;
import careof.engine.base.VirtualTime;
import careof.engine.lab.Lab;
import careof.engine.lab.LabProblem;
import careof.engine.query.Query;
import careof.engine.query.QueryProblem;
import java.io.File;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import javafx.geometry.Insets;
import javafx.scene.control.Alert;
import javafx.scene.control.Button;
import javafx.scene.control.ButtonBar;
import javafx.scene.control.ButtonType;
import javafx.scene.control.Label;
import javafx.scene.control.ScrollPane;
import javafx.scene.control.TextArea;
import javafx.scene.control.TextInputDialog;
import javafx.scene.control.Tooltip;
import javafx.scene.layout.GridPane;
import javafx.scene.layout.Region;
import javafx.stage.FileChooser;
import javafx.stage.Stage;

/** Questions that need an answer before anything else, and lists to read. */
final class Dialogs {
    private final Stage stage;
    private final Theme theme;
    private LiveDialog.Draft live = LiveDialog.Draft.NONE;

    Dialogs(Stage stage, Theme theme) {
        this.stage = stage;
        this.theme = theme;
    }

    /** What shall become of unsaved work. */
    enum Unsaved { SAVE, DISCARD, CANCEL }

    Unsaved askUnsaved(String lab) {
        ButtonType save = new ButtonType("Save", ButtonBar.ButtonData.YES);
        ButtonType discard = new ButtonType("Discard", ButtonBar.ButtonData.NO);
        Alert alert = alert(Alert.AlertType.CONFIRMATION, "\"" + lab + "\" has edits that are not saved.");
        alert.getButtonTypes().setAll(save, discard, ButtonType.CANCEL);
        ButtonType answer = alert.showAndWait().orElse(ButtonType.CANCEL);
        return answer == save ? Unsaved.SAVE : answer == discard ? Unsaved.DISCARD : Unsaved.CANCEL;
    }

    /**
     * Whether the lab of a recorded run is to be saved without its keys.
     *
     * @param why they are not here
     */
    boolean askMasked(Optional<String> why) {
        ButtonType save = new ButtonType("Save without them…", ButtonBar.ButtonData.OK_DONE);
        Alert alert = alert(Alert.AlertType.CONFIRMATION, "The seed and the keys of this lab are masked. Save it without them?");
        alert.setContentText("It lacks its seed (0 stands there), given keys of SAs, passwords of IKE, private keys and what was read from files, and experiments. It would run, but otherwise;"
                + " put in place of the lab that ran, it would lose them for good. With its secrets beside the recording, opened anew, it is saved whole."
                + why.map(words -> "\n\nOf the recording: " + words).orElse(""));
        alert.getDialogPane().setMinHeight(Region.USE_PREF_SIZE);
        alert.getButtonTypes().setAll(save, ButtonType.CANCEL);
        cancelByDefault(alert, save);
        return alert.showAndWait().orElse(ButtonType.CANCEL) == save;
    }

    /**
     * Whether a live run may end.
     *
     * @param closing with the window; else for something else to be shown
     */
    boolean askEndLive(SessionState.Live live, boolean closing) {
        String what = closing ? "End it and close" : "End it";
        ButtonType end = new ButtonType(what, ButtonBar.ButtonData.OK_DONE);
        Alert alert = alert(Alert.AlertType.CONFIRMATION, "The lab is live. " + what + "?");
        alert.setContentText("Machines and programs that talk through it are cut off. " + live.file().map(to -> to.stopped().isEmpty()
                ? "The run is recorded in " + to.to().file() + "." : "Its recording stopped before: " + to.stopped() + ".")
                .orElse("The run is not recorded, so nothing of it is kept."));
        alert.getDialogPane().setMinHeight(Region.USE_PREF_SIZE);
        alert.getButtonTypes().setAll(end, ButtonType.CANCEL);
        cancelByDefault(alert, end);
        return alert.showAndWait().orElse(ButtonType.CANCEL) == end;
    }

    /** Enter, pressed in haste, cuts nobody off and loses nothing. */
    private static void cancelByDefault(Alert alert, ButtonType other) {
        ((Button) alert.getDialogPane().lookupButton(other)).setDefaultButton(false);
        ((Button) alert.getDialogPane().lookupButton(ButtonType.CANCEL)).setDefaultButton(true);
    }

    private Alert alert(Alert.AlertType type, String header) {
        Alert alert = new Alert(type);
        alert.initOwner(stage);
        alert.setTitle("Careof");
        alert.setHeaderText(header);
        alert.setGraphic(null);
        theme.dress(alert.getDialogPane());
        return alert;
    }

    /** A lab, a recording or a capture. */
    Optional<Path> chooseFile(Optional<Path> near) {
        FileChooser chooser = chooser("Open a lab, a recording or a capture", near,
                new FileChooser.ExtensionFilter("Labs, recordings and captures", "*.json", "*.careof", "*.pcap", "*.pcapng", "*.cap"));
        return Optional.ofNullable(chooser.showOpenDialog(stage)).map(File::toPath);
    }

    Optional<Path> chooseSave(Optional<Path> now, String name) {
        FileChooser chooser = chooser("Save the lab", now, new FileChooser.ExtensionFilter("Labs", "*.json"));
        chooser.setInitialFileName(now.map(f -> f.getFileName().toString()).orElse(fileName(name) + ".json"));
        return Optional.ofNullable(chooser.showSaveDialog(stage)).map(File::toPath);
    }

    /** Where an export goes. */
    Optional<Path> chooseExport(String title, Optional<Path> near, String fileName, String ending) {
        FileChooser chooser = chooser(title, near, new FileChooser.ExtensionFilter(title, "*" + ending));
        chooser.setInitialFileName(fileName + ending);
        return Optional.ofNullable(chooser.showSaveDialog(stage)).map(File::toPath);
    }

    /**
     * Where a folder is to be made.
     *
     * @param warning what the user should know first
     */
    Optional<Path> chooseFolder(String title, String warning, Optional<Path> near, String name) {
        Alert alert = alert(Alert.AlertType.CONFIRMATION, title);
        alert.setContentText(warning);
        if (alert.showAndWait().orElse(ButtonType.CANCEL) != ButtonType.OK) {
            return Optional.empty();
        }
        FileChooser chooser = chooser(title, near, new FileChooser.ExtensionFilter("Folders", "*"));
        chooser.setInitialFileName(name);
        return Optional.ofNullable(chooser.showSaveDialog(stage)).map(File::toPath);
    }

    /** A lab's name as a file is called. */
    static String fileName(String lab) {
        String plain = lab.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-").replaceAll("^-|-$", "");
        return plain.isEmpty() ? "lab" : plain;
    }

    private static FileChooser chooser(String title, Optional<Path> near, FileChooser.ExtensionFilter filter) {
        FileChooser chooser = new FileChooser();
        chooser.setTitle(title);
        chooser.getExtensionFilters().addAll(filter, new FileChooser.ExtensionFilter("All files", "*"));
        near.map(Path::toAbsolutePath).map(Path::getParent).map(Path::toFile).filter(File::isDirectory).ifPresent(chooser::setInitialDirectory);
        return chooser;
    }

    /** Which ports a live run of a lab is to have, and where it is recorded. */
    Optional<Command.GoLive> askLive(Lab lab, Path proposed) {
        LiveDialog dialog = new LiveDialog(lab, proposed, live);
        dialog.initOwner(stage);
        theme.dress(dialog.getDialogPane());
        Optional<Command.GoLive> asked = dialog.showAndWait();
        if (asked.isPresent()) {
            live = dialog.draft();
        }
        return asked;
    }

    /** Where to run to. */
    Optional<Command> askUntil() {
        TextInputDialog dialog = new TextInputDialog();
        dialog.initOwner(stage);
        dialog.setTitle("Run until");
        dialog.setHeaderText("Run until a time, an event number, or the next event that matches");
        dialog.getEditor().setPromptText("12.5s    #412    protocol == BU and node == mn");
        dialog.getEditor().setPrefColumnCount(32);
        dialog.setGraphic(null);
        theme.dress(dialog.getDialogPane());
        var ok = dialog.getDialogPane().lookupButton(ButtonType.OK);
        dialog.getEditor().textProperty().subscribe(text -> {
            try {
                read(text);
                ok.setDisable(text.isBlank());
                dialog.getEditor().setTooltip(null);
            } catch (QueryProblem | IllegalArgumentException e) {
                ok.setDisable(true);
                dialog.getEditor().setTooltip(new Tooltip(e.getMessage()));
            }
        });
        return dialog.showAndWait().flatMap(text -> {
            try {
                return Optional.of(read(text));
            } catch (QueryProblem | IllegalArgumentException e) {
                return Optional.empty();
            }
        });
    }

    /** Reads "12.5s", "#412", or a query. */
    static Command read(String text) throws QueryProblem {
        String wanted = text.strip();
        if (wanted.matches("#[0-9]{1,18}")) {
            return new Command.UntilEvent(Long.parseLong(wanted.substring(1)));
        }
        if (wanted.matches("[0-9.]+ ?[a-zµ]+")) {
            return new Command.UntilTime(VirtualTime.parse(wanted.replace(" ", "")));
        }
        return new Command.UntilMatch(Query.parse(wanted));
    }

    void problems(List<LabProblem> problems) {
        Alert alert = alert(Alert.AlertType.INFORMATION, problems.size() == 1 ? "One thing about this lab" : problems.size() + " things about this lab");
        TextArea text = new TextArea(problems.stream().map(LabProblem::toString).collect(Collectors.joining("\n\n")));
        text.setEditable(false);
        text.setWrapText(true);
        text.setPrefSize(560, 240);
        alert.getDialogPane().setContent(text);
        alert.showAndWait();
    }

    void keys(List<Act> acts) {
        Alert alert = alert(Alert.AlertType.INFORMATION, "Keyboard shortcuts");
        GridPane grid = new GridPane(24, 4);
        grid.setPadding(new Insets(4, 16, 4, 4));
        int row = 0;
        for (Act act : acts) {
            if (act.keys().isPresent()) {
                row = line(grid, row, act.text(), act.keys().get().getDisplayText());
            }
        }
        row = line(grid, row, "Play or pause", "Space");
        row = line(grid, row, "Previous, next packet in the list", "Ctrl+Up, Ctrl+Down");
        row = line(grid, row, "Cursor to the selected packet", "Enter");
        row = line(grid, row, "On the timeline: step by event", "Left, Right");
        row = line(grid, row, "On the timeline: step by signalling message", "Shift+Left, Shift+Right");
        row = line(grid, row, "Close messages, clear the filter", "Esc");
        row = line(grid, row, "In a filter: complete a field's name", "Ctrl+Space");
        row = line(grid, row, "In a capture: filter", "/");
        row = line(grid, row, "In a capture: keys, go to a number, read again, export, copy", "Ctrl+K, G, R, E, C");
        line(grid, row, "In a capture: to the lab", "Ctrl+L");
        ScrollPane scroll = new ScrollPane(grid);
        scroll.setFitToWidth(true);
        scroll.setPrefViewportHeight(420);
        alert.getDialogPane().setContent(scroll);
        alert.showAndWait();
    }

    private static int line(GridPane grid, int row, String what, String keys) {
        Label key = new Label(keys);
        key.getStyleClass().add("mono");
        grid.addRow(row, new Label(what), key);
        return row + 1;
    }
}
