package careof.editor.view;

import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import javafx.geometry.Pos;
import javafx.scene.control.TextField;
import javafx.scene.input.KeyCode;
import javafx.scene.input.KeyEvent;

/** A name being edited where it stands. Enter or leaving takes it, Escape does not. */
public final class NameField extends TextField {
    private boolean done;

    /**
     * @param problem why a text cannot be the name
     * @param taken   gets the new name, or nothing if it was given up
     */
    public NameField(String name, Function<String, Optional<String>> problem, Consumer<Optional<String>> taken) {
        super(name);
        getStyleClass().add("name-field");
        setId("rename");
        setAlignment(Pos.CENTER);
        setPrefColumnCount(10);
        setAccessibleText("New name");
        textProperty().subscribe(text -> pseudoClassStateChanged(Glyphs.INVALID, problem.apply(text.strip()).isPresent()));
        Runnable take = () -> {
            if (!done) {
                done = true;
                String text = getText().strip();
                taken.accept(problem.apply(text).isEmpty() && !text.equals(name) ? Optional.of(text) : Optional.empty());
            }
        };
        addEventHandler(KeyEvent.KEY_PRESSED, e -> {
            if (e.getCode() == KeyCode.ESCAPE) {
                done = true;
                taken.accept(Optional.empty());
                e.consume();
            } else if (e.getCode() == KeyCode.ENTER) {
                if (problem.apply(getText().strip()).isEmpty()) {
                    take.run();
                }
                e.consume();
            }
        });
        focusedProperty().subscribe((was, is) -> {
            if (was && !is) {
                take.run();
            }
        });
    }
}
