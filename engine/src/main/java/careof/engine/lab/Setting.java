package careof.engine.lab;

import java.util.ArrayList;
import java.util.List;

/**
 * A value to put into a lab file's tree before it is read: {@code /links/0/loss=0.1}.
 *
 * @param pointer JSON Pointer (RFC 6901) of a field or element; the last token may be a new field, or "-" to append to an array
 * @param value   JSON text; what is not JSON stands for itself as a text, so that {@code /until=5s} needs no quotes
 */
public record Setting(String pointer, String value) {
    /** Reads {@code pointer=value}; an {@code IllegalArgumentException} says what is wrong. */
    public static Setting parse(String text) {
        int equals = text.indexOf('=');
        if (equals < 0 || !text.startsWith("/")) {
            throw new IllegalArgumentException("expected a JSON Pointer, =, and a value, such as /links/0/loss=0.1, but found \"" + text + "\"");
        }
        return new Setting(text.substring(0, equals), text.substring(equals + 1));
    }

    /** Puts the value into the tree, or adds a problem. */
    void apply(JsonTree.Value root, List<LabProblem> problems) {
        int last = pointer.lastIndexOf('/');
        JsonTree.Value parent = root;
        String walked = "";
        if (last > 0) {
            for (String token : pointer.substring(1, last).split("/", -1)) {
                JsonTree.Value next = JsonTree.child(parent, JsonTree.unescape(token));
                if (next == null) {
                    problems.add(problem(walked + "/" + token, "no such " + inside(parent)));
                    return;
                }
                parent = next;
                walked += "/" + token;
            }
        }
        put(parent, JsonTree.unescape(pointer.substring(last + 1)), problems);
    }

    private void put(JsonTree.Value parent, String token, List<LabProblem> problems) {
        JsonTree.Value value = tree();
        switch (parent) {
            case JsonTree.Obj object -> object.members().put(token, new JsonTree.Member(value.place(), value));
            case JsonTree.Arr array when token.equals("-") -> array.elements().add(value);
            case JsonTree.Arr array when JsonTree.child(array, token) != null -> array.elements().set(JsonTree.index(token), value);
            default -> problems.add(problem(pointer, "no such " + inside(parent)));
        }
    }

    private static String inside(JsonTree.Value parent) {
        return switch (parent) {
            case JsonTree.Obj object -> "field; there are " + Words.list(object.members().keySet());
            case JsonTree.Arr array when array.elements().isEmpty() -> "element; the array is empty, \"-\" appends to it";
            case JsonTree.Arr array -> "element; use 0 to " + (array.elements().size() - 1) + ", or \"-\" to append";
            default -> "field; " + JsonTree.describe(parent) + " has none";
        };
    }

    private JsonTree.Value tree() {
        try {
            List<LabProblem> twice = new ArrayList<>();
            JsonTree.Value tree = JsonTree.parse(source(), value, false, twice);
            if (twice.isEmpty()) {
                return tree;
            }
        } catch (LabException _) {
            // not JSON: a text without its quotes
        }
        return new JsonTree.Text(new JsonTree.Place(source(), 0, 0), value);
    }

    private String source() {
        return "--set " + pointer + "=" + value;
    }

    private LabProblem problem(String at, String message) {
        return new LabProblem(LabProblem.Severity.ERROR, source(), 0, 0, at, message);
    }
}
