package careof.editor.view;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.CheckBox;
import javafx.scene.control.ComboBox;
import javafx.scene.control.Label;
import javafx.scene.control.ScrollPane;
import javafx.scene.control.TextArea;
import javafx.scene.control.TextField;
import javafx.scene.control.Tooltip;
import javafx.scene.input.KeyCode;
import javafx.scene.input.KeyEvent;
import javafx.scene.layout.GridPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;
import javafx.util.StringConverter;
import org.kordamp.ikonli.javafx.FontIcon;

/** A card of fields beside what they belong to; each field says at once what is wrong with it, Apply waits until nothing is. */
public final class FormCard extends VBox {
    private final GridPane grid = new GridPane();
    private final Label problem = new Label();
    private final Button apply = new Button("Apply");
    private final Map<String, Field> fields = new LinkedHashMap<>();
    private final List<Runnable> checks = new ArrayList<>();
    private Supplier<Map<String, String>> wholeCheck = Map::of;
    private Runnable onApply = () -> {};
    private Runnable onClose = () -> {};

    private record Field(Node control, Label error) {}

    public FormCard(String icon, String title) {
        getStyleClass().add("form-card");
        setId("card");
        var glyph = new FontIcon(icon);
        glyph.getStyleClass().add("card-icon");
        var heading = new Label(title);
        heading.getStyleClass().add("card-title");
        var close = new Button(null, new FontIcon("mdi2c-close"));
        close.getStyleClass().add("card-close");
        close.setAccessibleText("Close");
        close.setOnAction(_ -> close());
        close.setFocusTraversable(false);
        var space = new Region();
        HBox.setHgrow(space, Priority.ALWAYS);
        var head = new HBox(glyph, heading, space, close);
        head.getStyleClass().add("card-head");
        head.setAlignment(Pos.CENTER_LEFT);
        grid.getStyleClass().add("card-grid");
        var scroll = new ScrollPane(grid);
        scroll.setFitToWidth(true);
        scroll.setHbarPolicy(ScrollPane.ScrollBarPolicy.NEVER);
        scroll.getStyleClass().add("card-scroll");
        VBox.setVgrow(scroll, Priority.ALWAYS);
        problem.getStyleClass().add("card-problem");
        problem.setWrapText(true);
        problem.setManaged(false);
        problem.setVisible(false);
        var cancel = new Button("Cancel");
        cancel.setId("card-cancel");
        cancel.setOnAction(_ -> close());
        apply.setId("card-apply");
        apply.setDefaultButton(false);
        apply.getStyleClass().add("accent");
        apply.setOnAction(_ -> apply());
        var buttons = new HBox(cancel, apply);
        buttons.getStyleClass().add("card-buttons");
        buttons.setAlignment(Pos.CENTER_RIGHT);
        getChildren().addAll(head, scroll, problem, buttons);
        addEventHandler(KeyEvent.KEY_PRESSED, e -> {
            if (e.getCode() == KeyCode.ESCAPE) {
                close();
                e.consume();
            } else if (e.getCode() == KeyCode.ENTER && !(e.getTarget() instanceof TextArea) && !(e.getTarget() instanceof Button)) {
                apply();
                e.consume();
            }
        });
    }

    /** A line of text. The reader's IllegalArgumentException says what is wrong. */
    public <T> Supplier<T> text(String key, String label, String value, String prompt, Function<String, T> reader) {
        var input = new TextField(value);
        input.setPromptText(prompt);
        input.setPrefColumnCount(17);
        row(key, label, input);
        checks.add(() -> problem(key, () -> reader.apply(input.getText().strip())));
        input.textProperty().subscribe(_ -> check());
        return () -> reader.apply(input.getText().strip());
    }

    /** Several lines of text. */
    public <T> Supplier<T> lines(String key, String label, String value, String prompt, Function<String, T> reader) {
        var input = new TextArea(value);
        input.setPromptText(prompt);
        input.setPrefRowCount(2);
        input.setPrefColumnCount(17);
        row(key, label, input);
        checks.add(() -> problem(key, () -> reader.apply(input.getText())));
        input.textProperty().subscribe(_ -> check());
        return () -> reader.apply(input.getText());
    }

    public <T> Supplier<T> choice(String key, String label, List<T> items, T value, Function<T, String> words) {
        var box = new ComboBox<T>();
        box.getItems().setAll(items);
        box.setConverter(new StringConverter<>() {
            @Override
            public String toString(T item) {
                return item == null ? "" : words.apply(item);
            }

            @Override
            public T fromString(String text) {
                throw new UnsupportedOperationException("not editable");
            }
        });
        box.setValue(value);
        box.setMaxWidth(Double.MAX_VALUE);
        row(key, label, box);
        box.valueProperty().subscribe(_ -> check());
        return box::getValue;
    }

    public Supplier<Boolean> tick(String key, String label, boolean value) {
        var box = new CheckBox(label);
        box.setSelected(value);
        row(key, "", box);
        box.selectedProperty().subscribe(_ -> check());
        return box::isSelected;
    }

    /** What the button says that takes the card's values. */
    public void applyText(String text) {
        apply.setText(text);
    }

    /** Says more of a field when the pointer rests on it. */
    public void tip(String key, String text) {
        Tooltip.install(fields.get(key).control(), new Tooltip(text));
    }

    /** A line between groups of fields. */
    public void heading(String text) {
        var label = new Label(text);
        label.getStyleClass().add("card-heading");
        grid.add(label, 0, grid.getRowCount(), 2, 1);
    }

    private void row(String key, String label, Node control) {
        int row = grid.getRowCount();
        var name = new Label(label);
        name.getStyleClass().add("field-name");
        name.setLabelFor(control);
        name.setMinWidth(Region.USE_PREF_SIZE);
        control.setId("field-" + key);
        var error = new Label();
        error.getStyleClass().add("field-error");
        error.setWrapText(true);
        error.setMaxWidth(240);
        error.setVisible(false);
        error.setManaged(false);
        grid.add(name, 0, row);
        grid.add(control, 1, row);
        grid.add(error, 1, row + 1);
        GridPane.setHgrow(control, Priority.ALWAYS);
        fields.put(key, new Field(control, error));
    }

    private boolean valid = true;

    private void problem(String key, Supplier<?> reader) {
        try {
            reader.get();
            show(key, "");
        } catch (IllegalArgumentException e) {
            show(key, e.getMessage());
        }
    }

    private void show(String key, String message) {
        Field field = fields.get(key);
        field.error.setText(message);
        field.error.setVisible(!message.isEmpty());
        field.error.setManaged(!message.isEmpty());
        field.control.pseudoClassStateChanged(Glyphs.INVALID, !message.isEmpty());
        valid &= message.isEmpty();
    }

    private void check() {
        valid = true;
        checks.forEach(Runnable::run);
        String rest = "";
        if (valid) {
            for (var e : wholeCheck.get().entrySet()) {
                if (fields.containsKey(e.getKey())) {
                    show(e.getKey(), e.getValue());
                } else {
                    rest = e.getValue();
                    valid = false;
                }
            }
        }
        problem.setText(rest);
        problem.setVisible(!rest.isEmpty());
        problem.setManaged(!rest.isEmpty());
        apply.setDisable(!valid);
    }

    /**
     * @param whole  called when each field reads well: problems by field key, others under any key
     * @param action called by Apply
     * @param closed called when the card is done, either way
     */
    public void ready(Supplier<Map<String, String>> whole, Runnable action, Consumer<FormCard> closed) {
        wholeCheck = whole;
        onApply = action;
        onClose = () -> closed.accept(this);
        check();
    }

    private void apply() {
        check();
        if (valid) {
            onClose.run();
            onApply.run();
        }
    }

    public void close() {
        onClose.run();
    }

    /** Puts the keyboard into the first field. */
    public void focusFirst() {
        fields.values().stream().map(Field::control).filter(Node::isFocusTraversable).findFirst().ifPresent(control -> {
            control.requestFocus();
            if (control instanceof TextField t) {
                t.selectAll();
            }
        });
    }
}
