package careof.app.cli;

import careof.engine.lab.Action;
import careof.engine.lab.LabException;
import careof.engine.lab.LabJson;
import careof.engine.lab.LabProblem;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** A line on the standard input of a live run. */
sealed interface LiveOrder {
    /** An action as a person types it. */
    String EXAMPLE = "{\"move\": {\"node\": \"mn\", \"to\": \"cell-b\"}}";

    /** An order of one word. */
    enum Word implements LiveOrder {
        STATUS,
        PAUSE,
        RESUME,
        QUIT;

        private String text() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** Something is to happen to the lab, now. */
    record Act(Action action) implements LiveOrder {}

    /** @throws BadInput where it is none */
    static LiveOrder parse(String line) throws BadInput {
        String text = line.strip();
        if (text.isEmpty()) {
            return Word.STATUS;
        }
        Optional<Word> word = Arrays.stream(Word.values()).filter(w -> w.text().equals(text)).findFirst();
        if (word.isPresent()) {
            return word.get();
        }
        if (!text.startsWith("{")) {
            throw new BadInput("\"" + text + "\" is no order; there are " + Arrays.stream(Word.values()).map(Word::text).collect(Collectors.joining(", ")) + ", and actions such as " + EXAMPLE);
        }
        if (hasTime(text)) {
            throw new BadInput("no \"at\" here: what is typed happens at once");
        }
        try {
            return new Act(LabJson.readAction("input", "{\"at\": \"0s\", " + text.substring(1)).action());
        } catch (LabException e) {
            throw new BadInput("this is no action such as " + EXAMPLE + ": " + e.problems().stream().map(LiveOrder::text).collect(Collectors.joining("; ")));
        }
    }

    /** Whether it is right as it is, and so says when. */
    private static boolean hasTime(String text) {
        try {
            LabJson.readAction("input", text);
            return true;
        } catch (LabException e) {
            return false;
        }
    }

    private static String text(LabProblem problem) {
        String field = problem.field();
        return (field.isEmpty() ? "" : field + ": ") + problem.message();
    }
}
