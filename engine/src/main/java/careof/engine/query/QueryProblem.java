package careof.engine.query;

/** A text that is no query; the message says what was expected. */
public final class QueryProblem extends Exception {
    private final String text;
    private final int column;

    QueryProblem(String text, int column, String message) {
        super(message, null, false, false);
        this.text = text;
        this.column = column;
    }

    /** Where in the text, from 1; one past its end when something is missing there. */
    public int column() {
        return column;
    }

    /** Three lines for a terminal: the text, a mark below the place, the message. */
    public String show() {
        return text + "\n" + " ".repeat(column - 1) + "^\n" + getMessage();
    }
}
