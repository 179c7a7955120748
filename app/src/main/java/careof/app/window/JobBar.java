package careof.app.window;

import java.util.Optional;
import javafx.geometry.Pos;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.ProgressBar;
import javafx.scene.layout.HBox;

/** What takes long, how far it has come, and a button that ends it; nothing while nothing does. */
final class JobBar extends HBox {
    private final Label work = new Label();
    private final ProgressBar progress = new ProgressBar();
    private final Button cancel = new Button("Cancel");

    JobBar() {
        super(14);
        setAlignment(Pos.CENTER_LEFT);
        work.setMinWidth(USE_PREF_SIZE);
        progress.setPrefWidth(120);
        progress.getStyleClass().add("small");
        cancel.getStyleClass().addAll("flat", "small");
        cancel.setMinWidth(USE_PREF_SIZE);
        cancel.setId("cancel");
        getChildren().addAll(work, progress, cancel);
        show("", -1, Optional.empty());
    }

    /**
     * @param what     empty: nothing is under way
     * @param fraction negative: not known
     * @param end      empty: it cannot be ended
     */
    void show(String what, double fraction, Optional<Runnable> end) {
        work.setText(what);
        progress.setProgress(fraction);
        setVisible(!what.isEmpty());
        setManaged(!what.isEmpty());
        cancel.setVisible(end.isPresent());
        cancel.setManaged(end.isPresent());
        cancel.setOnAction(_ -> end.ifPresent(Runnable::run));
    }
}
