package careof.app.live;

import careof.app.session.SessionState;
import careof.engine.base.Sizes;
import careof.engine.live.LiveRun;
import careof.engine.trace.OutsidePort;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import javafx.css.PseudoClass;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.Labeled;
import javafx.scene.control.Tooltip;
import javafx.scene.layout.FlowPane;
import org.kordamp.ikonli.javafx.FontIcon;

/** What a live run's ports do: a chip for each, and how well the lab keeps pace with the clock. There only while a run is live. */
public final class LiveBar extends FlowPane {
    private static final PseudoClass BAD = PseudoClass.getPseudoClass("bad");
    /** A lag that somebody may notice, nanoseconds. */
    private static final long LATE = 20_000_000;

    private final Label pace = new Label();
    /** There while the cursor does not follow the lab, which goes on all the same. */
    private final Button past = new Button("", new FontIcon("mdi2h-history"));
    private final Label file = new Label("", new FontIcon("mdi2r-record-circle-outline"));
    private final Map<String, Label> chips = new LinkedHashMap<>();

    /** @param follow to the head of the run */
    public LiveBar(Runnable follow) {
        getStyleClass().add("live-bar");
        setId("live-bar");
        pace.setId("live-pace");
        pace.getStyleClass().add("chip");
        past.setId("live-past");
        past.getStyleClass().setAll("chip", "past");
        past.setFocusTraversable(false);    // it comes and goes, and there is a key for it
        past.setTooltip(new Tooltip("The cursor stands, the lab and the machines at its ports do not. A click here (Ctrl+End) or Play follows them again, to pause there stops them."));
        past.setOnAction(_ -> follow.run());
        file.setId("live-recording");
        file.getStyleClass().addAll("chip", "recording");
        show(null);
    }

    /** @param state null: nothing is shown yet */
    public void show(SessionState state) {
        boolean live = state != null && state.live().isPresent();
        setVisible(live);
        setManaged(live);
        if (!live) {
            chips.clear();
            return;
        }
        SessionState.Live now = state.live().get();
        pace.setText(now.paused() ? "paused" : String.format(Locale.ROOT, "behind by %.1f ms", now.lag() / 1e6));
        pace.pseudoClassStateChanged(BAD, now.lag() > LATE && !now.paused());
        pace.setTooltip(tip(pace, String.format(Locale.ROOT, "How late the lab is compared with the clock on the wall; at worst %.1f ms so far%s", now.worst() / 1e6,
                now.jumps() == 0 ? "" : ". The clock jumped " + (now.jumps() == 1 ? "once" : now.jumps() + " times") + ", and the lab's time did not follow")));
        for (LiveRun.Gone port : now.gone()) {
            Label chip = chips.computeIfAbsent(port.port(), LiveBar::chip);
            chip.setText(port.port() + " is closed");
            chip.setTooltip(tip(chip, port.port() + " is closed: " + port.why()));
            chip.setAccessibleText(chip.getTooltip().getText());
            chip.pseudoClassStateChanged(BAD, true);
        }
        for (LiveRun.PortCounts port : now.ports()) {
            Label chip = chips.computeIfAbsent(port.port().name(), LiveBar::chip);
            ((FontIcon) chip.getGraphic()).setIconLiteral(port.port() instanceof OutsidePort.Host ? "mdi2l-laptop" : "mdi2e-ethernet");
            chip.setTooltip(tip(chip, text(port)));
            long missed = port.missedIn() + port.missedOut();
            chip.setText(String.format(Locale.ROOT, "%s  %,d in  %,d out%s%s", port.port().name(), port.in(), port.out(),
                    now.paused() && port.waiting() > 0 ? String.format(Locale.ROOT, "  %,d waiting", port.waiting()) : "",
                    missed == 0 ? "" : String.format(Locale.ROOT, "  %,d missed", missed)));
            chip.pseudoClassStateChanged(BAD, missed > 0);
            chip.setAccessibleText(chip.getText() + ". " + chip.getTooltip().getText());
        }
        List<Labeled> all = new ArrayList<>(List.of(pace));
        if (state.goesOnWithoutCursor()) {
            past.setText(String.format(Locale.ROOT, "live, at %.1f s: you look at %.1f s", state.headTime() / 1e9, state.clock() / 1e9));
            all.add(past);
        }
        now.file().ifPresent(recording -> {
            showFile(recording);
            all.add(file);
        });
        all.addAll(chips.values());
        if (!getChildren().equals(all)) {
            getChildren().setAll(all);
        }
    }

    private void showFile(SessionState.RecordingState recording) {
        boolean stopped = !recording.stopped().isEmpty();
        String name = String.valueOf(recording.to().file().getFileName());
        String size = Sizes.mebibytes(recording.octets());
        file.setText(stopped ? "recording stopped: " + recording.stopped() : "recording " + name + "  " + size);
        ((FontIcon) file.getGraphic()).setIconLiteral(stopped ? "mdi2a-alert-circle-outline" : "mdi2r-record-circle-outline");
        file.pseudoClassStateChanged(BAD, stopped);
        file.setTooltip(tip(file, recording.to().file() + (recording.to().secrets() ? ", with its secrets in a file beside" : ", without its secrets")
                + (stopped ? ".\nThe run goes on; what was recorded until then is there, " + size : "") + "."));
        file.setAccessibleText(file.getText() + ". " + file.getTooltip().getText());
    }

    private static Label chip(String port) {
        Label chip = new Label("", new FontIcon("mdi2e-ethernet"));
        chip.setId("port-" + port);
        chip.getStyleClass().add("chip");
        return chip;
    }

    private static String text(LiveRun.PortCounts port) {
        return switch (port.port()) {
            case OutsidePort.Host host -> "This machine upon node " + host.node() + ", at " + host.address() + ": " + port.where() + ", MTU " + host.mtu();
            case OutsidePort.Segment segment -> "Link " + segment.link() + " goes on outside: " + port.where();
        } + ".\nPackets that came in and were admitted, and that left; those that come during a pause wait, and missed are those for which there was no room.";
    }

    private static Tooltip tip(Label label, String text) {
        Tooltip tip = label.getTooltip() == null ? new Tooltip() : label.getTooltip();
        tip.setText(text);
        return tip;
    }
}
