package careof.engine.trace;

import careof.engine.base.AtomicFile;
import careof.engine.lab.Action;
import careof.engine.lab.Lab;
import careof.engine.lab.LabCheck;
import careof.engine.lab.LabException;
import careof.engine.lab.LabJson;
import careof.engine.lab.LabProblem;
import careof.engine.lab.TimedAction;
import careof.engine.trace.InputLog.Input;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Input logs as JSON Lines: first the lab as it ran, then an input a line, at last how the run ended, if it is known:
 * <pre>
 * {"careofLog":1,"engine":"0.1.0","detail":"full","lab":{...}}
 * {"after":1204,"do":{"at":"5.25s","move":{"node":"mn","to":"cell-b"}}}
 * {"events":48211,"digest":"9f86d081..."}
 * </pre>
 */
public final class InputLogJson {
    /** Version of this form. */
    public static final int VERSION = 1;
    /** The engine that writes logs; another one may come to another trace. */
    public static final String ENGINE = "0.1.0";
    /** Octets; as many as a million inputs. */
    private static final long LARGEST = 128 << 20;

    private static final JsonMapper MAPPER = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS, DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .build();

    private InputLogJson() {}

    /**
     * How a run ended.
     *
     * @param events in its trace
     * @param digest of its trace, see {@link TraceStore#digest}
     */
    public record End(long events, String digest) {}

    /**
     * A log as it was read.
     *
     * @param engine that wrote it
     * @param end    empty: not told
     */
    public record Reading(InputLog log, String engine, Optional<End> end) {}

    /** Writes a file, whole or not at all; its {@link IOException} is for a person to read. */
    public static void write(InputLog log, Optional<End> end, Path target) throws IOException {
        AtomicFile.write(target, out -> out.write(write(log, end).getBytes(StandardCharsets.UTF_8)));
    }

    private static TimedAction timed(Input input) {
        return switch (input.event()) {
            case InputLog.Act(Action action) -> new TimedAction(input.at(), action);
            case InputLog.Attach _, InputLog.Detach _, InputLog.Arrive _, InputLog.Missed _, InputLog.Waited _ ->
                    throw new IllegalArgumentException("what came from outside is kept in recordings, not in input logs");
        };
    }

    /**
     * The text of a log.
     *
     * @throws IllegalArgumentException for a log with more than actions in it, see {@link InputLog#isOfActions}
     */
    public static String write(InputLog log, Optional<End> end) {
        StringBuilder text = new StringBuilder();
        text.append("{\"careofLog\":").append(VERSION).append(",\"engine\":\"").append(ENGINE).append("\",\"detail\":\"")
                .append(log.detail().name().toLowerCase(Locale.ROOT)).append("\",\"lab\":").append(oneLine(LabJson.write(log.lab()))).append("}\n");
        for (Input input : log.inputs()) {
            text.append("{\"after\":").append(input.afterTask()).append(",\"do\":").append(oneLine(LabJson.writeAction(timed(input)))).append("}\n");
        }
        end.ifPresent(e -> text.append("{\"events\":").append(e.events).append(",\"digest\":\"").append(e.digest).append("\"}\n"));
        return text.toString();
    }

    /** JSON keeps no line ends within its texts, so those that are there stand between tokens. */
    private static String oneLine(String json) {
        return json.lines().map(String::strip).collect(Collectors.joining(" "));
    }

    /** Reads a file, and those that its lab names from the same folder; {@link LabException} names each line that is wrong. */
    public static Reading read(Path file) throws IOException, LabException {
        String name = String.valueOf(file.getFileName());
        if (Files.size(file) > LARGEST) {
            throw problem(name, 0, "larger than " + (LARGEST >> 20) + " MiB; this is no input log");
        }
        try {
            String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(Files.readAllBytes(file))).toString();
            Path folder = file.toAbsolutePath().getParent();
            return read(name, text, (fileName, lab) -> LabJson.read(fileName, lab, List.of(), folder));
        } catch (CharacterCodingException e) {
            throw problem(name, 0, "not UTF-8 text; this is no input log");
        }
    }

    /**
     * Reads a text.
     *
     * @param fileName for messages
     */
    public static Reading read(String fileName, String text) throws LabException {
        return read(fileName, text, LabJson::read);
    }

    private static Reading read(String fileName, String text, Line.Reader<Lab> labs) throws LabException {
        Iterator<String> lines = text.lines().iterator();
        if (!lines.hasNext()) {
            throw problem(fileName, 1, "the file is empty; an input log starts with {\"careofLog\":" + VERSION + ",...");
        }
        Line head = new Line(fileName, 1, lines.next());
        if (!head.node.has("careofLog")) {
            throw head.problem("no field \"careofLog\": this is no input log" + (head.node.has("careof") ? " but a lab" : ""));
        }
        if (head.whole("careofLog", 1, Integer.MAX_VALUE) != VERSION) {
            throw head.problem("this is version " + head.node.get("careofLog") + " of the form; this program reads version " + VERSION);
        }
        String engine = head.text("engine");
        Detail detail = switch (head.text("detail")) {
            case "full" -> Detail.FULL;
            case "summary" -> Detail.SUMMARY;
            default -> throw head.problem("\"detail\" is \"full\" or \"summary\", not " + head.node.get("detail"));
        };
        Lab lab = head.nested("lab", labs);
        head.only("careofLog", "engine", "detail", "lab");

        List<Input> inputs = new ArrayList<>();
        Optional<End> end = Optional.empty();
        for (int number = 2; lines.hasNext(); number++) {
            Line line = new Line(fileName, number, lines.next());
            if (end.isPresent()) {
                throw line.problem("the log ended in the line before");
            }
            if (line.node.has("digest") || line.node.has("events")) {
                end = Optional.of(new End(line.whole("events", 0, Long.MAX_VALUE), line.text("digest")));
                line.only("events", "digest");
            } else {
                Input last = inputs.isEmpty() ? null : inputs.getLast();
                long after = line.whole("after", last == null ? 0 : last.afterTask(), Long.MAX_VALUE);
                TimedAction timed = line.nested("do", LabJson::readAction);
                if (last != null && timed.at() < last.at()) {
                    throw line.problem("\"at\" is before the input in the line before");
                }
                line.only("after", "do");
                inputs.add(new Input(after, timed.at(), timed.action()));
            }
        }
        check(fileName, lab, inputs);
        return new Reading(new InputLog(lab, detail, inputs), engine, end);
    }

    /** What inputs name must be in the lab, as for the lab's own actions. */
    private static void check(String fileName, Lab lab, List<Input> inputs) throws LabException {
        Lab with = lab.withActions(inputs.stream().map(InputLogJson::timed).toList());
        List<LabProblem> problems = LabCheck.problems(with).stream().filter(problem -> problem.isError() && problem.pointer().startsWith("/actions/"))
                .map(problem -> {
                    String[] pointer = problem.pointer().split("/", 4);
                    return new LabProblem(problem.severity(), fileName, Integer.parseInt(pointer[2]) + 2, 0,
                            "/do" + (pointer.length > 3 ? "/" + pointer[3] : ""), problem.message());
                }).toList();
        if (!problems.isEmpty()) {
            throw new LabException(problems);
        }
    }

    private static LabException problem(String fileName, int line, String message) {
        return new LabException(List.of(new LabProblem(LabProblem.Severity.ERROR, fileName, line, 0, "", message)));
    }

    /** One line while it is read. */
    private static final class Line {
        private final String fileName;
        private final int number;
        private final JsonNode node;

        private interface Reader<T> {
            T read(String fileName, String text) throws LabException;
        }

        Line(String fileName, int number, String text) throws LabException {
            this.fileName = fileName;
            this.number = number;
            try {
                node = MAPPER.readTree(text);
            } catch (JacksonException e) {
                throw problem((number == 1 ? "no input log, as careof run --log writes it" : "not JSON") + ": "
                        + e.getOriginalMessage().lines().findFirst().orElse("").replaceFirst(" \\(start marker at .*", ""));
            }
            if (!node.isObject()) {
                throw problem("expected an object { ... }");
            }
        }

        LabException problem(String message) {
            return InputLogJson.problem(fileName, number, message);
        }

        String text(String field) throws LabException {
            JsonNode value = node.get(field);
            if (value == null || !value.isString()) {
                throw problem("expected a text in \"" + field + "\"" + found(value));
            }
            return value.stringValue();
        }

        long whole(String field, long least, long most) throws LabException {
            JsonNode value = node.get(field);
            if (value == null || !value.isIntegralNumber() || !value.canConvertToLong() || value.longValue() < least || value.longValue() > most) {
                throw problem("expected a whole number from " + least + " in \"" + field + "\"" + found(value));
            }
            return value.longValue();
        }

        <T> T nested(String field, Reader<T> reader) throws LabException {
            JsonNode value = node.get(field);
            if (value == null || !value.isObject()) {
                throw problem("expected an object in \"" + field + "\"" + found(value));
            }
            try {
                return reader.read(fileName, value.toString());
            } catch (LabException e) {
                throw new LabException(e.problems().stream()
                        .map(p -> new LabProblem(p.severity(), fileName, number, 0, "/" + field + p.pointer(), p.message())).toList());
            }
        }

        void only(String... fields) throws LabException {
            for (String name : node.propertyNames()) {
                if (!List.of(fields).contains(name)) {
                    throw problem("unknown field \"" + name + "\"; known here: " + String.join(", ", fields));
                }
            }
        }

        private static String found(JsonNode value) {
            return value == null ? ", which is missing" : ", not " + value;
        }
    }
}
