package careof.engine.lab;

/**
 * One thing that is wrong, or odd, in a lab.
 *
 * @param file    where it was read from, as messages shall name it; empty: the lab has no file
 * @param line    1 or more; 0: unknown
 * @param column  1 or more; 0: unknown
 * @param pointer JSON Pointer (RFC 6901) of the field, for instance {@code /nodes/2/ports/0/link}; empty: the whole lab
 * @param message what was found, what was expected and what to do
 */
public record LabProblem(Severity severity, String file, int line, int column, String pointer, String message) {
    /** How bad it is. */
    public enum Severity {
        /** The lab cannot run. */
        ERROR,
        /** The lab runs, but perhaps not as it was meant. */
        WARNING
    }

    public boolean isError() {
        return severity == Severity.ERROR;
    }

    /** The field as people write it: {@code nodes[2].ports[0].link}; empty for the whole lab. */
    public String field() {
        if (pointer.isEmpty()) {
            return "";
        }
        StringBuilder text = new StringBuilder();
        for (String token : pointer.substring(1).split("/", -1)) {
            if (token.matches("[0-9]+")) {
                text.append('[').append(token).append(']');
            } else {
                text.append(text.isEmpty() ? "" : ".").append(JsonTree.unescape(token));
            }
        }
        return text.toString();
    }

    /** One line: {@code handover.json:14: nodes[2].ports[0].link: no link "hoem"; ...}. */
    @Override
    public String toString() {
        String place = file.isEmpty() ? "" : line > 0 ? file + ":" + line + ": " : file + ": ";
        String field = pointer.isEmpty() ? "" : field() + ": ";
        return place + (isError() ? "" : "warning: ") + field + message;
    }
}
