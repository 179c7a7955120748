package careof.app.theme;

import atlantafx.base.theme.PrimerDark;
import atlantafx.base.theme.PrimerLight;
import java.lang.ref.WeakReference;
import java.util.List;
import java.util.function.BiConsumer;
import javafx.application.Application;
import javafx.application.ColorScheme;
import javafx.application.Platform;
import javafx.beans.property.BooleanProperty;
import javafx.beans.property.ObjectProperty;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.beans.property.SimpleBooleanProperty;
import javafx.beans.property.SimpleObjectProperty;
import javafx.css.PseudoClass;
import javafx.scene.Parent;
import javafx.scene.Scene;
import javafx.util.Subscription;

/** Which colours the window wears, and whether it moves. Follows the desktop unless the user chose. */
public final class Theme {
    /** What the user chose. */
    public enum Choice { SYSTEM, LIGHT, DARK }

    private static final PseudoClass DARK = PseudoClass.getPseudoClass("dark");
    private static final List<String> SHEETS = List.of("tokens.css", "window.css");

    private final ObjectProperty<Choice> choice = new SimpleObjectProperty<>(this, "choice", Choice.SYSTEM);
    private final ReadOnlyObjectWrapper<Palette> palette = new ReadOnlyObjectWrapper<>(this, "palette", Palette.LIGHT);
    private final BooleanProperty calm = new SimpleBooleanProperty(this, "calm");

    public Theme() {
        calm.set(Platform.getPreferences().isReducedMotion());
        choose();
        choice.subscribe(this::choose);
        Platform.getPreferences().colorSchemeProperty().subscribe(this::choose);
    }

    private void choose() {
        boolean dark = switch (choice.get()) {
            case SYSTEM -> Platform.getPreferences().getColorScheme() == ColorScheme.DARK;
            case LIGHT -> false;
            case DARK -> true;
        };
        String sheet = dark ? new PrimerDark().getUserAgentStylesheetBSS() : new PrimerLight().getUserAgentStylesheetBSS();
        if (!sheet.equals(Application.getUserAgentStylesheet())) {
            Application.setUserAgentStylesheet(sheet);
        }
        palette.set(dark ? Palette.DARK : Palette.LIGHT);
    }

    /** Gives a scene the window's style sheets and keeps its root dark or light. */
    public void dress(Scene scene) {
        for (String sheet : SHEETS) {
            scene.getStylesheets().add(Theme.class.getResource("/careof/assets/theme/" + sheet).toExternalForm());
        }
        follow(scene, (of, p) -> of.getRoot().pseudoClassStateChanged(DARK, p.isDark()));
    }

    /**
     * Tells somebody the colours now and whenever they change, for as long as that one is there: windows come and go, the theme stays.
     *
     * @param tell refers to {@code who} by its argument alone
     */
    public <T> void follow(T who, BiConsumer<T, Palette> tell) {
        WeakReference<T> there = new WeakReference<>(who);
        Subscription[] own = new Subscription[1];
        own[0] = palette.subscribe(now -> {
            T to = there.get();
            if (to == null) {
                own[0].unsubscribe();
            } else {
                tell.accept(to, now);
            }
        });
    }

    /** Gives the root of something that comes and goes, such as a dialog, the window's style sheets, dark or light as it is now. */
    public void dress(Parent root) {
        for (String sheet : SHEETS) {
            root.getStylesheets().add(Theme.class.getResource("/careof/assets/theme/" + sheet).toExternalForm());
        }
        root.pseudoClassStateChanged(DARK, palette().isDark());
    }

    public ObjectProperty<Choice> choiceProperty() {
        return choice;
    }

    public ReadOnlyObjectProperty<Palette> paletteProperty() {
        return palette.getReadOnlyProperty();
    }

    public Palette palette() {
        return palette.get();
    }

    /** Whether nothing shall move that need not. */
    public BooleanProperty calmProperty() {
        return calm;
    }

    /** From light to dark or back, whatever the desktop says. */
    public void toggle() {
        choice.set(palette.get().isDark() ? Choice.LIGHT : Choice.DARK);
    }
}
