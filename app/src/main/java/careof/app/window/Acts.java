package careof.app.window;

import careof.app.session.Command;
import careof.app.session.Session;
import careof.app.session.SessionState;
import careof.app.session.StepKind;
import careof.engine.lab.IkeDefaults;
import careof.engine.lab.Lab;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import javafx.beans.property.ObjectProperty;
import javafx.beans.property.SimpleBooleanProperty;
import javafx.beans.property.SimpleObjectProperty;
import javafx.beans.value.ObservableValue;

/** All that the user can do with a run, a lab and the window, each with its keys; menus, buttons and the help list are made of these. */
final class Acts {
    private static final ObservableValue<Boolean> ALWAYS = new SimpleBooleanProperty(true);

    private final Session session;
    private final List<Act> all = new ArrayList<>();

    /** How far the step buttons go. */
    final ObjectProperty<StepKind> stepKind = new SimpleObjectProperty<>(this, "stepKind", StepKind.EVENT);

    final Act play;
    final Act fast;
    final Act stepForward;
    final Act stepBack;
    final Act nextPacket;
    final Act previousPacket;
    final Act nextSignalling;
    final Act previousSignalling;
    final Act nextDrop;
    final Act previousDrop;
    final Act rewind;
    final Act toHead;
    final Act runUntil;
    final Act fork;
    final Act live;

    final Act create;
    final Act open;
    final Act save;
    final Act saveAs;
    final Act exportAll;
    final Act exportSelected;
    final Act exportIke;
    final Act exportTrace;
    final Act exportLog;
    final Act exportProfile;
    final Act quit;
    final Act undo;
    final Act redo;
    final Act find;
    final Act fit;
    final Act toggleTheme;
    final Act help;

    Acts(Session session, Workbench window, Documents documents, Edits edits, Exports exports) {
        this.session = session;
        create = act("New lab", "Shortcut+N", "mdi2f-file-outline", documents::create, ALWAYS);
        open = act("Open lab, recording or capture…", "Shortcut+O", "mdi2f-folder-open-outline", documents::chooseAndOpen, ALWAYS);
        save = act("Save", "Shortcut+S", "mdi2c-content-save-outline", () -> documents.save(() -> { }), ALWAYS);
        saveAs = act("Save as…", "Shortcut+Shift+S", "", () -> documents.saveAs(() -> { }), ALWAYS);
        exportAll = act("Capture of all packets…", "Shortcut+E", "", () -> exports.capture(false), when(s -> s.head() > s.start()));
        exportSelected = act("Capture of the selected node or link…", "Shortcut+Shift+E", "", () -> exports.capture(true), when(s -> s.head() > s.start()));
        exportIke = act("Messages of IKE, as Wireshark decrypts them…", "", "", exports::ike, when(s -> usesIke(s.lab()) && s.head() > s.start()));
        exportTrace = act("Trace as JSON Lines…", "", "", exports::trace, when(_ -> true));
        exportLog = act("Input log, to replay this run…", "", "", exports::log, when(s -> s.canFork() && s.inputs().isOfActions()));
        exportProfile = act("Wireshark profile with the keys…", "", "", exports::profile,
                when(s -> (!s.lab().ipsec().isEmpty() || usesIke(s.lab())) && (s.recorded().isEmpty() || s.canFork())));
        quit = act("Quit", "Shortcut+Q", "", window::requestClose, ALWAYS);

        undo = act("Undo", "Shortcut+Z", "mdi2u-undo", edits::undo, ALWAYS);
        redo = act("Redo", "Shortcut+Shift+Z", "mdi2r-redo", edits::redo, ALWAYS);
        find = act("Filter packets", "Shortcut+F", "mdi2f-filter-outline", window.packets()::focusFilter, ALWAYS);

        play = act("Play or pause", "F5", "mdi2p-play", this::playOrPause, when(_ -> true));
        fast = act("Play as fast as possible", "F6", "mdi2f-fast-forward", window::playFast, when(s -> s.live().isEmpty()));
        stepForward = act("Step", "F4", "mdi2s-step-forward", () -> step(stepKind.get(), true), when(s -> !s.ended()));
        stepBack = act("Step back", "Shift+F4", "mdi2s-step-backward", () -> step(stepKind.get(), false), when(SessionState::canGoBack));
        nextPacket = act("Next packet", "F7", "", () -> step(StepKind.PACKET, true), when(_ -> true));
        previousPacket = act("Previous packet", "Shift+F7", "", () -> step(StepKind.PACKET, false), when(SessionState::canGoBack));
        nextSignalling = act("Next signalling message", "F8", "", () -> step(StepKind.SIGNALLING, true), when(_ -> true));
        previousSignalling = act("Previous signalling message", "Shift+F8", "", () -> step(StepKind.SIGNALLING, false), when(SessionState::canGoBack));
        nextDrop = act("Next drop", "F9", "", () -> step(StepKind.DROP, true), when(_ -> true));
        previousDrop = act("Previous drop", "Shift+F9", "", () -> step(StepKind.DROP, false), when(SessionState::canGoBack));
        rewind = act("To the beginning", "Shortcut+Home", "mdi2s-skip-previous", () -> session.send(new Command.Rewind()), when(s -> s.cursor() != s.start()));
        toHead = act("To the head of the run", "Shortcut+End", "mdi2s-skip-next", () -> session.send(new Command.ToHead()), when(s -> !s.atHead()));
        runUntil = act("Run until…", "F10", "mdi2f-flag-checkered", window::askRunUntil, when(_ -> true));
        fork = act("Fork the run here", "Shortcut+K", "mdi2s-source-fork", () -> session.send(new Command.Fork()), when(s -> s.cursor() > 0 && s.canFork()));

        live = act("Go live, or end it", "F12", "mdi2a-access-point", window::goLiveOrEnd, when(s -> !s.lab().nodes().isEmpty() && s.progress().isEmpty() && (s.recorded().isEmpty() || s.canFork())));

        fit = act("Show the whole lab", "Shortcut+0", "mdi2f-fit-to-page-outline", window.editor()::fit, ALWAYS);
        toggleTheme = act("Light or dark", "Shortcut+T", "mdi2t-theme-light-dark", window.theme()::toggle, ALWAYS);
        help = act("Keyboard shortcuts", "F1", "mdi2k-keyboard-outline", window::showKeys, ALWAYS);
    }

    private Act act(String text, String key, String icon, Runnable run, ObservableValue<Boolean> enabled) {
        Act act = new Act(text, key, icon, run, enabled);
        all.add(act);
        return act;
    }

    private ObservableValue<Boolean> when(Predicate<SessionState> condition) {
        return session.stateProperty().map(condition::test).orElse(false);
    }

    private static boolean usesIke(Lab lab) {
        return lab.nodes().stream().anyMatch(node -> IkeDefaults.usesIke(lab, node.name()));
    }

    /** All of them, in the order of the menus. */
    List<Act> all() {
        return List.copyOf(all);
    }

    void playOrPause() {
        SessionState state = session.state();
        if (state != null) {
            session.send(state.running() || state.progress().isPresent() ? new Command.Pause() : new Command.Play());
        }
    }

    private void step(StepKind kind, boolean forward) {
        session.send(new Command.Step(kind, forward));
    }
}
