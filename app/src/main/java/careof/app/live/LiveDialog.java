package careof.app.live;

import careof.app.session.Command;
import careof.app.session.Notice;
import careof.engine.lab.Lab;
import careof.engine.live.PortRequest;
import careof.engine.trace.Detail;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javafx.scene.control.Button;
import javafx.scene.control.ButtonBar;
import javafx.scene.control.ButtonType;
import javafx.scene.control.CheckBox;
import javafx.scene.control.Dialog;
import javafx.scene.control.Label;
import javafx.scene.control.Tooltip;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;
import org.kordamp.ikonli.javafx.FontIcon;

/** Which ports to the outside a live run is to have. */
public final class LiveDialog extends Dialog<Command.GoLive> {
    private static final double WIDTH = 820;

    private final Lab lab;
    private final RecordForm record;
    private final VBox forms = new VBox(6);
    private final Label problem = new Label();
    private final CheckBox all = new CheckBox("Keep every packet, not only signalling");
    private final ButtonType start = new ButtonType("Go live", ButtonBar.ButtonData.OK_DONE);
    private int made;

    /**
     * What a user asked for, for the next time: a run may end before it begins, and the next is often like the last.
     *
     * @param everything whether every packet is kept
     * @param recorded   whether it is recorded
     * @param file       to record to
     */
    public record Draft(List<PortForm.Draft> ports, boolean everything, boolean recorded, String file) {
        /** Nobody asked for anything yet. */
        public static final Draft NONE = new Draft(List.of(), true, false, "");
    }

    /**
     * @param recording where a recording could go
     * @param last      what was asked for the last time
     */
    public LiveDialog(Lab lab, Path recording, Draft last) {
        this.lab = lab;
        setTitle("Go live");
        setHeaderText("The lab runs by the clock on the wall, and these are its ports to the outside. Making interfaces needs root.");
        setGraphic(null);
        Button add = new Button("Another port", new FontIcon("mdi2p-plus"));
        add.setId("add-port");
        add.getStyleClass().add("small");
        add.setOnAction(_ -> add().focus());
        all.setId("keep-all");
        all.setSelected(last.everything());
        all.setTooltip(new Tooltip("Off: data packets are counted only, which is faster and lasts longer"));
        record = new RecordForm(recording, this::check);
        record.fill(last.recorded(), last.file());
        problem.setId("port-problem");
        problem.getStyleClass().add("problem");
        problem.setWrapText(true);
        problem.setPrefWidth(WIDTH - 60);
        problem.setMinHeight(Region.USE_PREF_SIZE);    // what to do about it comes last
        getDialogPane().setContent(new VBox(10, forms, add, all, record, problem));
        getDialogPane().setMinWidth(WIDTH);
        getDialogPane().getButtonTypes().addAll(start, ButtonType.CANCEL);
        last.ports().forEach(port -> add().fill(port));
        if (last.ports().isEmpty()) {
            add();
        }
        setResultConverter(button -> button == start ? new Command.GoLive(requests(), all.isSelected() ? Detail.FULL : Detail.SUMMARY, record.content().record()) : null);
    }

    private PortForm add() {
        PortForm added = new PortForm(lab, ++made, this::all, this::check, form -> {
            forms.getChildren().remove(form);
            check();
        });
        forms.getChildren().add(added);
        check();
        return added;
    }

    /** What is filled in now. */
    public Draft draft() {
        return new Draft(all().stream().map(PortForm::draft).toList(), all.isSelected(), record.isRecorded(), record.file());
    }

    private List<PortForm> all() {
        return forms.getChildren().stream().map(PortForm.class::cast).toList();
    }

    private List<PortRequest> requests() {
        List<PortRequest> requests = new ArrayList<>();
        all().forEach(form -> form.content().request().ifPresent(requests::add));
        return requests;
    }

    private void check() {
        Optional<String> first = all().isEmpty() ? Optional.of("Without any port the run is like any other: add one.")
                : all().stream().map(form -> form.content().problem()).filter(text -> !text.isEmpty()).findFirst();
        first = first.or(() -> PortRequest.problem(requests()).map(Notice::sentence));
        first = first.or(() -> Optional.of(record.content().problem()).filter(text -> !text.isEmpty()));
        problem.setText(first.orElse(""));
        if (getDialogPane().lookupButton(start) != null) {
            getDialogPane().lookupButton(start).setDisable(!problem.getText().isEmpty());
        }
        if (getDialogPane().getScene() != null && getDialogPane().getScene().getWindow() != null) {
            getDialogPane().getScene().getWindow().sizeToScene();    // as high as what is in it
        }
    }
}
