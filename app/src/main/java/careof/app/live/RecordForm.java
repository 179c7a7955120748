package careof.app.live;

import careof.app.session.Command;
import careof.engine.trace.RecordingSecrets;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;
import javafx.geometry.Pos;
import javafx.scene.control.Button;
import javafx.scene.control.CheckBox;
import javafx.scene.control.Label;
import javafx.scene.control.TextField;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.VBox;
import javafx.stage.FileChooser;

/** Whether and where a live run is recorded, and whether its secrets are kept. */
final class RecordForm extends VBox {
    private static final double WIDTH = 600;

    private final CheckBox record = new CheckBox("Record to file…");
    private final TextField file = new TextField();
    private final CheckBox secrets = new CheckBox("Keep its secrets, too, in a file of their own beside it");
    private final Label meaning = new Label();

    /** What a form says: how to record, if at all, or what is wrong with it. */
    record Content(Optional<Command.Record> record, String problem) {}

    /**
     * @param proposed where it could go
     * @param changed  told of every edit
     */
    RecordForm(Path proposed, Runnable changed) {
        super(6);
        getStyleClass().add("record-form");
        record.setId("record");
        file.setId("record-file");
        file.setAccessibleText("File to record to");
        file.setText(proposed.toString());
        Button choose = new Button("Choose…");
        choose.setId("record-choose");
        choose.getStyleClass().add("small");
        choose.setOnAction(_ -> choose());
        HBox.setHgrow(file, Priority.ALWAYS);
        HBox where = new HBox(6, file, choose);
        where.setAlignment(Pos.CENTER_LEFT);
        secrets.setId("record-secrets");
        meaning.setId("record-meaning");
        meaning.getStyleClass().add("hint");
        meaning.setWrapText(true);
        meaning.setPrefWidth(WIDTH);
        meaning.setMinHeight(USE_PREF_SIZE);
        VBox more = new VBox(6, where, secrets, meaning);
        more.getStyleClass().add("more");
        more.visibleProperty().bind(record.selectedProperty());
        more.managedProperty().bind(record.selectedProperty());
        getChildren().addAll(record, more);
        record.selectedProperty().subscribe((_, on) -> {
            if (on) {
                file.requestFocus();
                file.positionCaret(file.getLength());
            }
            changed.run();
        });
        file.textProperty().subscribe(_ -> {
            explain();
            changed.run();
        });
        secrets.selectedProperty().subscribe(_ -> {
            explain();
            changed.run();
        });
    }

    boolean isRecorded() {
        return record.isSelected();
    }

    String file() {
        return file.getText();
    }

    /**
     * Is filled in as it was once; consent to secrets is for one run only.
     *
     * @param last file that was wanted, which is proposed again while it is not there
     */
    void fill(boolean recorded, String last) {
        if (recorded) {
            String proposed = file.getText();
            file.setText(last);
            record.setSelected(true);
            if (!content().problem().isEmpty()) {
                file.setText(proposed);
            }
        }
    }

    private void explain() {
        String beside = path().map(p -> String.valueOf(RecordingSecrets.beside(p).getFileName())).orElse("a file beside");
        meaning.setText("The recording holds no keys, but all that was said through the lab, as a capture does. It can be looked at, forwards and backwards. " + (secrets.isSelected()
                ? "With " + beside + " the run can also be made again and forked. Whoever has that file has every key of the run, those of the lab, too, and reads whatever they protected:"
                + " only you may read it, so keep it to yourself and delete it when it is not needed."
                : "Without its secrets it cannot be made again or forked, and what was encrypted stays so, for you as well."));
    }

    private void choose() {
        FileChooser chooser = new FileChooser();
        chooser.setTitle("Record the live run");
        chooser.getExtensionFilters().add(new FileChooser.ExtensionFilter("Recordings", "*.careof"));
        path().ifPresent(now -> {
            chooser.setInitialFileName(String.valueOf(now.getFileName()));
            Optional.ofNullable(now.toAbsolutePath().getParent()).filter(Files::isDirectory).map(Path::toFile).ifPresent(chooser::setInitialDirectory);
        });
        File chosen = chooser.showSaveDialog(getScene().getWindow());
        if (chosen != null) {
            file.setText(chosen.getPath());
        }
    }

    private Optional<Path> path() {
        try {
            return file.getText().isBlank() ? Optional.empty() : Optional.of(Path.of(file.getText().strip())).filter(p -> p.getFileName() != null);
        } catch (InvalidPathException e) {
            return Optional.empty();
        }
    }

    Content content() {
        if (!record.isSelected()) {
            return new Content(Optional.empty(), "");
        }
        if (path().isEmpty()) {
            return bad("Name the file to record to.");
        }
        Path to = path().get();
        Path folder = to.toAbsolutePath().getParent();
        if (!Files.isDirectory(folder)) {
            return bad("There is no folder " + folder + ".");
        } else if (!Files.isWritable(folder)) {
            return bad("Nothing may be written into " + folder + ".");
        } else if (Files.exists(to) || Files.exists(RecordingSecrets.beside(to))) {
            return bad((Files.exists(to) ? to : RecordingSecrets.beside(to)).getFileName() + " is there already, and a recording never overwrites anything.");
        }
        return new Content(Optional.of(new Command.Record(to, secrets.isSelected())), "");
    }

    private static Content bad(String problem) {
        return new Content(Optional.empty(), problem);
    }
}
