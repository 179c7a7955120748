package careof.app.packets;

import careof.engine.query.Query;
import careof.engine.query.QueryProblem;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import javafx.animation.PauseTransition;
import javafx.css.PseudoClass;
import javafx.geometry.Side;
import javafx.scene.control.ContextMenu;
import javafx.scene.control.Label;
import javafx.scene.control.MenuItem;
import javafx.scene.control.TextField;
import javafx.scene.control.Tooltip;
import javafx.scene.input.KeyCode;
import javafx.util.Duration;

/** Where the user types a query; it is taken a moment after the last key, or at once with Enter. Ctrl+Space completes names. */
public final class FilterField extends TextField {
    private static final int MOST_OFFERED = 16;
    private static final double HELP_WIDTH = 620;
    /** What may be asked of events of a run as well as of packets of a capture. */
    static final List<String> EXAMPLES = List.of("BU or BA", "protocol == esp and not time < 2s", "ipv6.dst == 2001:db8:2::/64", "udp.port == 500", "text ~ home");
    private static final PseudoClass INVALID = PseudoClass.getPseudoClass("invalid");

    /** Reads the text of a query. */
    public interface Reader {
        Query read(String text) throws QueryProblem;
    }

    private final Reader reader;
    private final Consumer<Optional<Query>> onQuery;
    private final PauseTransition typed = new PauseTransition(Duration.millis(250));
    private final ContextMenu names = new ContextMenu();
    private final Label message = new Label();
    private String note = "";
    private Supplier<? extends Collection<String>> offered = List::of;
    private Optional<Query> query = Optional.empty();

    /**
     * @param onQuery called with each new query; empty: everything
     * @param onLeave called when the user wants to go to the list
     */
    public FilterField(String prompt, Reader reader, Consumer<Optional<Query>> onQuery, Runnable onLeave) {
        this.reader = reader;
        this.onQuery = onQuery;
        setId("filter");
        setPromptText(prompt);
        Tooltip help = new Tooltip("A field, one of == != < <= > >= ~ (contains), and a value; joined by and, or, not and ( ). A word alone: packets that show it, "
                + "or have a field of that name.\nFor instance:   " + String.join("   ·   ", EXAMPLES) + "\nCtrl+Space completes names, Esc shows all packets.");
        help.setWrapText(true);
        help.setPrefWidth(HELP_WIDTH);
        setTooltip(help);
        message.setId("filter-message");
        message.getStyleClass().add("filter-message");
        message.setMaxWidth(Double.MAX_VALUE);
        message.setMinWidth(0);
        message.visibleProperty().bind(visibleProperty().and(message.textProperty().isNotEmpty()));
        message.managedProperty().bind(message.visibleProperty());
        accessibleHelpProperty().bind(message.textProperty());
        textProperty().subscribe((_, _) -> typed.playFromStart());
        setOnAction(_ -> take());
        setOnKeyPressed(e -> {
            if (e.getCode() == KeyCode.ESCAPE) {
                clear();
                take();
                onLeave.run();
                e.consume();
            } else if (e.getCode() == KeyCode.DOWN) {
                onLeave.run();
                e.consume();
            } else if (e.getCode() == KeyCode.SPACE && e.isControlDown()) {
                offer();
                e.consume();
            }
        });
        typed.setOnFinished(_ -> take());
    }

    private void take() {
        typed.stop();
        try {
            Optional<Query> wanted = getText().isBlank() ? Optional.empty() : Optional.of(reader.read(getText()));
            problem(Optional.empty());
            if (!wanted.map(Query::toString).equals(query.map(Query::toString))) {
                query = wanted;
                onQuery.accept(wanted);
            }
        } catch (QueryProblem e) {
            problem(Optional.of(e.getMessage() + query.map(q -> ".  Shown is still: " + q).orElse("")));
        }
    }

    /** The line that says what is wrong with the query, for below the field; takes no room while nothing is. */
    public Label message() {
        return message;
    }

    /** The query taken last; empty: everything. */
    public Optional<Query> query() {
        return query;
    }

    /** Shows that something is wrong with the query, or with asking it. */
    public void problem(Optional<String> what) {
        pseudoClassStateChanged(INVALID, what.isPresent());
        message.pseudoClassStateChanged(INVALID, what.isPresent());
        message.setText(what.orElse(note));
    }

    /**
     * The words for a list that is empty though there are packets.
     *
     * @param all whether the query has looked at them all, and no more can come
     */
    public static String noneMatches(boolean all) {
        return all ? "No packet matches the filter." : "No packet matches the filter so far.";
    }

    /** Says something about a query that can be asked. */
    public void note(Optional<String> what) {
        note = what.orElse("");
        if (!getPseudoClassStates().contains(INVALID)) {
            message.setText(note);
        }
    }

    /** Takes a query that somebody else wrote. */
    public void ask(String text) {
        setText(text);
        positionCaret(text.length());
        take();
    }

    /** @param source of the names that Ctrl+Space completes what is typed to; asked each time */
    public void setNames(Supplier<? extends Collection<String>> source) {
        offered = source;
    }

    /** Completes the word before the caret, or offers what it may become. */
    private void offer() {
        int end = getCaretPosition();
        int start = end;
        while (start > 0 && (Character.isLetterOrDigit(getText().charAt(start - 1)) || "._".indexOf(getText().charAt(start - 1)) >= 0)) {
            start--;
        }
        int from = start;
        String word = getText(start, end).toLowerCase(Locale.ROOT);
        List<String> found = offered.get().stream().filter(name -> name.toLowerCase(Locale.ROOT).startsWith(word)).distinct().sorted().limit(MOST_OFFERED).toList();
        if (found.size() == 1) {
            replaceText(from, end, found.getFirst());
        } else {
            names.getItems().setAll(found.stream().map(name -> {
                MenuItem item = new MenuItem(name);
                item.setMnemonicParsing(false);
                item.setOnAction(_ -> replaceText(from, end, name));
                return item;
            }).toList());
            names.show(this, Side.BOTTOM, 0, 0);
        }
    }

    /** Takes the keyboard. */
    public void begin() {
        requestFocus();
        selectAll();
    }
}
