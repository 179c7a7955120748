package careof.engine.lab;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.json.JsonFactory;

/** JSON as a tree in which each value knows its line; objects and arrays may be changed in place, for {@link Setting}. */
final class JsonTree {
    /** Labs nest about six deep. */
    private static final int DEEPEST = 64;
    private static final int LONGEST_NUMBER = 60;

    private static final JsonFactory FACTORY = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(DEEPEST).maxNumberLength(LONGEST_NUMBER).build())
            .build();

    private final String source;
    private final boolean lines;
    private final List<LabProblem> problems;

    private JsonTree(String source, boolean lines, List<LabProblem> problems) {
        this.source = source;
        this.lines = lines;
        this.problems = problems;
    }

    /** Where a value stands; line and column from 1, 0 where a source has none. */
    record Place(String source, int line, int column) {}

    sealed interface Value {
        Place place();
    }

    record Obj(Place place, SequencedMap<String, Member> members) implements Value {}

    record Arr(Place place, List<Value> elements) implements Value {}

    record Text(Place place, String text) implements Value {}

    record Num(Place place, BigDecimal number) implements Value {}

    record Bool(Place place, boolean value) implements Value {}

    record Null(Place place) implements Value {}

    /** @param key where its name stands */
    record Member(Place key, Value value) {}

    /** What a value is, in words. */
    static String describe(Value value) {
        return switch (value) {
            case Obj _ -> "an object";
            case Arr _ -> "an array";
            case Text text -> "the text \"" + text.text() + "\"";
            case Num num -> "the number " + num.number();
            case Bool bool -> String.valueOf(bool.value());
            case Null _ -> "null";
        };
    }

    /**
     * Parses a text.
     *
     * @param lines    whether places have lines and columns: not on a command line
     * @param problems receives each field that is given twice (the first counts)
     * @throws LabException for a text that is no JSON: one problem
     */
    static Value parse(String source, String text, boolean lines, List<LabProblem> problems) throws LabException {
        JsonTree tree = new JsonTree(source, lines, problems);
        try (JsonParser parser = FACTORY.createParser(ObjectReadContext.empty(), text.startsWith("\ufeff") ? text.substring(1) : text)) {
            if (parser.nextToken() == null) {
                throw new LabException(List.of(new LabProblem(LabProblem.Severity.ERROR, source, 1, 1, "",
                        "the text is empty; a lab starts with { \"careof\": " + Lab.VERSION + ", ...")));
            }
            Value root = tree.value(parser, "");
            if (parser.nextToken() != null) {
                Place extra = tree.place(parser.currentTokenLocation());
                throw new LabException(List.of(new LabProblem(LabProblem.Severity.ERROR, source, extra.line(), extra.column(), "",
                        "text follows after the end of the lab; remove it, or the bracket too many before it")));
            }
            return root;
        } catch (JacksonException e) {
            TokenStreamLocation at = e.getLocation();
            // without the parser's notes about itself
            String what = e.getOriginalMessage().lines().findFirst().orElse("not readable").replaceFirst(" \\(start marker at .*", "");
            if (what.startsWith("Unexpected character ('}'") || what.startsWith("Unexpected character (']'")) {
                what += "; is there a comma too many before it?";
            }
            throw new LabException(List.of(new LabProblem(LabProblem.Severity.ERROR, source,
                    at == null ? 0 : Math.max(0, at.getLineNr()), at == null ? 0 : Math.max(0, at.getColumnNr()), "", "not JSON: " + what)));
        }
    }

    private Value value(JsonParser parser, String pointer) throws LabException {
        Place place = place(parser.currentTokenLocation());
        return switch (parser.currentToken()) {
            case START_OBJECT -> object(parser, place, pointer);
            case START_ARRAY -> {
                List<Value> elements = new ArrayList<>();
                while (parser.nextToken() != JsonToken.END_ARRAY) {
                    elements.add(value(parser, pointer + "/" + elements.size()));
                }
                yield new Arr(place, elements);
            }
            case VALUE_STRING -> new Text(place, parser.getString());
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> number(parser.getString(), place, pointer);
            case VALUE_TRUE -> new Bool(place, true);
            case VALUE_FALSE -> new Bool(place, false);
            default -> new Null(place);
        };
    }

    private Obj object(JsonParser parser, Place place, String pointer) throws LabException {
        SequencedMap<String, Member> members = new LinkedHashMap<>();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String name = parser.currentName();
            Place key = place(parser.currentTokenLocation());
            parser.nextToken();
            String at = pointer + "/" + escape(name);
            Value value = value(parser, at);
            Member first = members.putIfAbsent(name, new Member(key, value));
            if (first != null) {
                problems.add(new LabProblem(LabProblem.Severity.ERROR, source, key.line(), key.column(), at,
                        "given twice, first in line " + first.key().line() + "; keep one"));
            }
        }
        return new Obj(place, members);
    }

    private Num number(String text, Place place, String pointer) throws LabException {
        try {
            return new Num(place, new BigDecimal(text));
        } catch (NumberFormatException e) {
            throw new LabException(List.of(new LabProblem(LabProblem.Severity.ERROR, source, place.line(), place.column(), pointer,
                    "the number " + text + " is far too large")));
        }
    }

    private Place place(TokenStreamLocation at) {
        return lines ? new Place(source, at.getLineNr(), at.getColumnNr()) : new Place(source, 0, 0);
    }

    /** Where the value at a pointer stands, or else the nearest value around it that exists. */
    static Place find(Value root, String pointer) {
        Value at = root;
        if (!pointer.isEmpty()) {
            for (String token : pointer.substring(1).split("/", -1)) {
                Value next = child(at, unescape(token));
                if (next == null) {
                    break;
                }
                at = next;
            }
        }
        return at.place();
    }

    /** The member or element that one token of a pointer names; null: none. */
    static Value child(Value value, String token) {
        return switch (value) {
            case Obj object -> object.members().containsKey(token) ? object.members().get(token).value() : null;
            case Arr array -> {
                int index = index(token);
                yield index >= 0 && index < array.elements().size() ? array.elements().get(index) : null;
            }
            default -> null;
        };
    }

    /** An array index as in RFC 6901 section 4, no leading zeros; -1: none. */
    static int index(String token) {
        return token.matches("0|[1-9][0-9]{0,8}") ? Integer.parseInt(token) : -1;
    }

    /** One token of a JSON Pointer, escaped (RFC 6901 section 3). */
    static String escape(String token) {
        return token.replace("~", "~0").replace("/", "~1");
    }

    static String unescape(String token) {
        return token.replace("~1", "/").replace("~0", "~");
    }
}
