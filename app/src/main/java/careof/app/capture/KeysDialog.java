package careof.app.capture;

import careof.app.session.Notice;
import careof.app.theme.Theme;
import careof.engine.capture.SaTable;
import careof.engine.decode.GivenKeys;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import javafx.animation.PauseTransition;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.ButtonType;
import javafx.scene.control.Dialog;
import javafx.scene.control.Label;
import javafx.scene.control.TextArea;
import javafx.scene.layout.HBox;
import javafx.scene.layout.VBox;
import javafx.stage.DirectoryChooser;
import javafx.stage.FileChooser;
import javafx.stage.Stage;
import javafx.util.Duration;

/** Asks for the keys of a capture, as lines of Wireshark's tables; gives the text of those that can be read. */
public final class KeysDialog extends Dialog<String> {
    private static final double WIDTH = 560;

    private final TextArea text = new TextArea();
    private final Label problem = new Label();
    private final FileChooser tables = new FileChooser();
    private final DirectoryChooser profile = new DirectoryChooser();

    /**
     * @param given the text given before
     * @param near  the capture: tables are looked for beside it first
     */
    public KeysDialog(Stage owner, Theme theme, String given, Optional<Path> near) {
        initOwner(owner);
        setTitle("Keys");
        setHeaderText("Keys for this capture, a line for each SA or phase one of IKE");
        setResizable(true);
        Label how = new Label("Lines as in Wireshark's tables esp_sa and ikev1_decryption_table, and in ah_sa of the same form; a folder that "
                + "\"Export a Wireshark profile\" made has all. They stay in memory and are forgotten with this window.");
        how.setWrapText(true);
        how.setPrefWidth(WIDTH);    // else the dialog is placed as if it were as wide as this in one line
        text.setId("keys");
        text.getStyleClass().add("mono");
        text.setText(given);
        text.setPrefColumnCount(92);
        text.setPrefRowCount(12);
        text.setPromptText("\"IPv6\",\"*\",\"2001:db8:1::1\",\"0x00001001\",\"AES-CBC [RFC3602]\",\"0x00112233445566778899aabbccddeeff\",\"HMAC-SHA-1-96 [RFC2404]\",\"0x...\"\n"
                + "0102030405060708,00112233445566778899aabbccddeeff");
        problem.setId("keys-problem");
        problem.getStyleClass().add("problem");
        problem.setWrapText(true);
        problem.setPrefWidth(WIDTH);
        problem.setMinHeight(36);
        Optional<File> beside = near.map(Path::toAbsolutePath).map(Path::getParent).map(Path::toFile).filter(File::isDirectory);
        tables.setTitle("A table of keys");
        beside.ifPresent(tables::setInitialDirectory);
        profile.setTitle("The folder of a Wireshark profile");
        beside.ifPresent(profile::setInitialDirectory);
        Button file = new Button("Add a table…");
        file.setOnAction(_ -> {
            List<File> files = tables.showOpenMultipleDialog(owner);
            if (files != null) {
                files.forEach(one -> add(one.toPath()));
            }
        });
        Button folder = new Button("Add a profile…");
        folder.setOnAction(_ -> {
            File chosen = profile.showDialog(owner);
            if (chosen != null) {
                add(chosen.toPath());
            }
        });
        VBox content = new VBox(8, how, text, problem, new HBox(8, file, folder));
        getDialogPane().setContent(content);
        getDialogPane().getButtonTypes().addAll(ButtonType.OK, ButtonType.CANCEL);
        theme.dress(getDialogPane());
        Node ok = getDialogPane().lookupButton(ButtonType.OK);
        text.textProperty().subscribe(now -> {
            String wrong = wrong(now);
            problem.setText(wrong);
            ok.setDisable(!wrong.isEmpty());
        });
        setResultConverter(button -> button == ButtonType.OK ? text.getText() : null);
        // A pulse later: the dialog gives the keyboard to its default button when it is shown, and has the size that it keeps.
        PauseTransition shown = new PauseTransition(Duration.millis(1));
        shown.setOnFinished(_ -> {
            text.requestFocus();
            setX(owner.getX() + (owner.getWidth() - getWidth()) / 2);
            setY(owner.getY() + (owner.getHeight() - getHeight()) / 2);
        });
        setOnShown(_ -> shown.play());
    }

    private static String wrong(String text) {
        try {
            GivenKeys.read(text);
            return "";
        } catch (SaTable.BadLine e) {
            return e.getMessage();
        }
    }

    private void add(Path path) {
        try {
            text.setText(joined(text.getText(), GivenKeys.text(path)));
        } catch (IOException e) {
            problem.setText(e instanceof java.nio.file.NoSuchFileException ? path + ": there is no such file" : Notice.why(e));
        }
    }

    // For tests.

    FileChooser tables() {
        return tables;
    }

    DirectoryChooser profile() {
        return profile;
    }

    /** One text of keys after another. */
    public static String joined(String first, String second) {
        return first + (first.isEmpty() || first.endsWith("\n") ? "" : "\n") + second;
    }
}
