package careof.app.window;

import careof.app.Samples;
import careof.app.session.Command;
import careof.app.session.Session;
import careof.app.session.SessionState;
import careof.app.session.SessionState.RunName;
import careof.app.theme.Theme;
import java.nio.file.Path;
import java.util.List;
import javafx.scene.control.CheckMenuItem;
import javafx.scene.control.Menu;
import javafx.scene.control.MenuBar;
import javafx.scene.control.MenuItem;
import javafx.scene.control.RadioMenuItem;
import javafx.scene.control.SeparatorMenuItem;
import javafx.scene.control.ToggleGroup;

/** The menu bar. */
final class Menus {
    private final Documents documents;
    private final Theme theme;
    private final Session session;
    private final MenuBar bar = new MenuBar();
    private final Menu recent = new Menu("Open recent");
    private final Menu runs = new Menu("Runs");
    private List<RunName> shownRuns = List.of();
    private int shownRun = -1;

    Menus(Acts acts, Documents documents, KeptSettings settings, Theme theme, Session session) {
        this.documents = documents;
        this.theme = theme;
        this.session = session;
        Menu export = new Menu("Export");
        export.getItems().addAll(acts.exportAll.menuItem(), acts.exportSelected.menuItem(), acts.exportIke.menuItem(), acts.exportProfile.menuItem(),
                new SeparatorMenuItem(), acts.exportTrace.menuItem(), acts.exportLog.menuItem());
        Menu file = new Menu("File");
        file.getItems().addAll(acts.create.menuItem(), acts.open.menuItem(), recent, samples(), new SeparatorMenuItem(), acts.save.menuItem(),
                acts.saveAs.menuItem(), export, new SeparatorMenuItem(), acts.quit.menuItem());
        Menu edit = new Menu("Edit");
        edit.getItems().addAll(acts.undo.menuItem(), acts.redo.menuItem(), new SeparatorMenuItem(), acts.find.menuItem());
        Menu run = new Menu("Run");
        run.getItems().addAll(acts.play.menuItem(), acts.fast.menuItem(), new SeparatorMenuItem(), acts.stepForward.menuItem(), acts.stepBack.menuItem(),
                acts.nextPacket.menuItem(), acts.previousPacket.menuItem(), acts.nextSignalling.menuItem(), acts.previousSignalling.menuItem(),
                acts.nextDrop.menuItem(), acts.previousDrop.menuItem(), acts.runUntil.menuItem(), new SeparatorMenuItem(), acts.rewind.menuItem(),
                acts.toHead.menuItem(), new SeparatorMenuItem(), acts.fork.menuItem(), runs, new SeparatorMenuItem(), acts.live.menuItem());
        Menu view = new Menu("View");
        view.getItems().addAll(acts.fit.menuItem(), new SeparatorMenuItem(), acts.toggleTheme.menuItem(), look(), calm());
        Menu help = new Menu("Help");
        help.getItems().addAll(acts.help.menuItem());
        bar.getMenus().addAll(file, edit, run, view, help);
        settings.recentProperty().subscribe(this::showRecent);
    }

    MenuBar bar() {
        return bar;
    }

    /** Filled when it is opened: the names of samples are not needed to show the window. */
    private Menu samples() {
        Menu samples = new Menu("Samples");
        samples.getItems().add(new MenuItem("…"));
        samples.setOnShowing(_ -> samples.getItems().setAll(Samples.names().stream().map(name -> {
            MenuItem item = new MenuItem(name);
            item.setMnemonicParsing(false);
            item.setOnAction(_ -> documents.openSampleAsking(name));
            return item;
        }).toList()));
        return samples;
    }

    private Menu look() {
        Menu look = new Menu("Colours");
        ToggleGroup group = new ToggleGroup();
        for (Theme.Choice choice : Theme.Choice.values()) {
            RadioMenuItem item = new RadioMenuItem(switch (choice) {
                case SYSTEM -> "As the desktop";
                case LIGHT -> "Light";
                case DARK -> "Dark";
            });
            item.setToggleGroup(group);
            item.setOnAction(_ -> theme.choiceProperty().set(choice));
            theme.choiceProperty().subscribe(now -> item.setSelected(now == choice));
            look.getItems().add(item);
        }
        return look;
    }

    private CheckMenuItem calm() {
        CheckMenuItem item = new CheckMenuItem("Less motion");
        item.selectedProperty().bindBidirectional(theme.calmProperty());
        return item;
    }

    private void showRecent(List<Path> files) {
        recent.getItems().setAll(files.stream().map(file -> {
            MenuItem item = new MenuItem(file.getFileName() + "  " + file.getParent());
            item.setMnemonicParsing(false);
            item.setOnAction(_ -> documents.openAsking(file));
            return item;
        }).toList());
        recent.setDisable(files.isEmpty());
    }

    void showRuns(SessionState state) {
        if (state.runs().equals(shownRuns) && state.run() == shownRun) {
            return;
        }
        shownRuns = state.runs();
        shownRun = state.run();
        ToggleGroup group = new ToggleGroup();
        runs.getItems().setAll(state.runs().stream().map(run -> {
            RadioMenuItem item = new RadioMenuItem(run.name());
            item.setMnemonicParsing(false);
            item.setToggleGroup(group);
            item.setSelected(run.id() == state.run());
            item.setOnAction(_ -> {
                shownRun = -1;    // the mark goes to the run that is shown next, which may be the same as now
                session.send(new Command.SwitchRun(run.id()));
            });
            return (MenuItem) item;
        }).toList());
    }
}
