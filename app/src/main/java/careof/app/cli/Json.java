package careof.app.cli;

import careof.engine.lab.LabProblem;
import java.io.PrintWriter;
import java.util.List;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** What {@code --json} prints. */
final class Json {
    private Json() {}

    static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }

    static ArrayNode array() {
        return JsonNodeFactory.instance.arrayNode();
    }

    static void print(PrintWriter out, ObjectNode value) {
        out.println(JsonMapper.shared().writerWithDefaultPrettyPrinter().writeValueAsString(value));
    }

    static ArrayNode problems(List<LabProblem> problems) {
        ArrayNode all = array();
        for (LabProblem problem : problems) {
            ObjectNode one = all.addObject();
            one.put("severity", problem.isError() ? "error" : "warning");
            one.put("file", problem.file());
            if (problem.line() > 0) {
                one.put("line", problem.line()).put("column", problem.column());
            }
            one.put("pointer", problem.pointer()).put("message", problem.message());
        }
        return all;
    }
}
