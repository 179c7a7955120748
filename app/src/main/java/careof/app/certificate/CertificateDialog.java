package careof.app.certificate;

import careof.app.theme.Theme;
import javafx.event.ActionEvent;
import javafx.geometry.Insets;
import javafx.geometry.VPos;
import javafx.scene.control.ButtonBar;
import javafx.scene.control.ButtonType;
import javafx.scene.control.Dialog;
import javafx.scene.control.Label;
import javafx.scene.input.Clipboard;
import javafx.scene.input.ClipboardContent;
import javafx.scene.layout.ColumnConstraints;
import javafx.scene.layout.GridPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;
import javafx.stage.Modality;
import javafx.stage.Window;
import org.kordamp.ikonli.javafx.FontIcon;

/** A certificate beside the window, which goes on as before. */
public final class CertificateDialog extends Dialog<Void> {
    private static final ButtonType COPY = new ButtonType("Copy as PEM", ButtonBar.ButtonData.LEFT);
    private static final double WIDTH = 560;

    public CertificateDialog(Window owner, Theme theme, CertificateView view) {
        initOwner(owner);
        initModality(Modality.NONE);
        setTitle(view.title());
        setResizable(true);
        theme.dress(getDialogPane());
        getDialogPane().getStyleClass().add("certificate");
        getDialogPane().setId("certificate");
        getDialogPane().getButtonTypes().addAll(COPY, ButtonType.CLOSE);
        // Copying closes nothing.
        getDialogPane().lookupButton(COPY).addEventFilter(ActionEvent.ACTION, e -> {
            ClipboardContent content = new ClipboardContent();
            content.putString(view.pem());
            Clipboard.getSystemClipboard().setContent(content);
            e.consume();
        });
        Label title = new Label(view.title());
        title.getStyleClass().add("pane-title");
        VBox content = new VBox(8, title, line(view.trusted(), view.verdict()), line(view.valid(), view.validity()));
        if (!view.chain().isEmpty()) {
            Label chain = words(String.join("  ←  ", view.chain()));
            chain.getStyleClass().add("mono");
            content.getChildren().add(chain);
        }
        content.getChildren().add(grid(view));
        content.setPrefWidth(WIDTH);
        content.setPadding(new Insets(12, 14, 4, 14));
        getDialogPane().setContent(content);
    }

    /** What is well or not, with a sign for those who see no colour. */
    private static HBox line(boolean well, String text) {
        HBox line = new HBox(8, new FontIcon(well ? "mdi2c-check-circle-outline" : "mdi2c-close-circle-outline"), words(text));
        line.getStyleClass().addAll("verdict", well ? "fine" : "bad");
        return line;
    }

    private static Label words(String text) {
        Label label = new Label(text);
        label.setWrapText(true);
        label.setMinHeight(Region.USE_PREF_SIZE);
        label.setMaxWidth(Double.MAX_VALUE);
        HBox.setHgrow(label, Priority.ALWAYS);
        return label;
    }

    private static GridPane grid(CertificateView view) {
        GridPane grid = new GridPane(12, 3);
        ColumnConstraints labels = new ColumnConstraints();
        labels.setMinWidth(Region.USE_PREF_SIZE);
        ColumnConstraints values = new ColumnConstraints();
        values.setHgrow(Priority.ALWAYS);
        grid.getColumnConstraints().addAll(labels, values);
        view.rows().forEach((name, value) -> {
            Label label = new Label(name);
            label.getStyleClass().add("detail");
            Label text = words(value);
            text.getStyleClass().add("mono");
            GridPane.setValignment(label, VPos.TOP);
            grid.addRow(grid.getRowCount(), label, text);
        });
        return grid;
    }
}
