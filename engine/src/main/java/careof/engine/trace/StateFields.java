package careof.engine.trace;

import careof.engine.state.State;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.stream.Stream;

/** Rows of tables by the names of their kinds and fields, for exports and filters; a new state record needs nothing here. */
public final class StateFields {
    private static final ClassValue<RecordComponent[]> COMPONENTS = new ClassValue<>() {
        @Override
        protected RecordComponent[] computeValue(Class<?> type) {
            return type.getRecordComponents();
        }
    };
    private static final ClassValue<String> KIND = new ClassValue<>() {
        @Override
        protected String computeValue(Class<?> type) {
            return words(type.getSimpleName().replaceAll("(?<=[a-z])(?=[A-Z])", "-"));
        }
    };
    private static final List<String> KINDS = Stream.of(State.class.getPermittedSubclasses()).map(KIND::get).sorted().toList();

    private StateFields() {}

    /** The word for a kind of row: "binding", "list-entry". */
    public static String kind(Class<? extends State> kind) {
        return KIND.get(kind);
    }

    /** All words for kinds, in alphabetical order. */
    public static List<String> kinds() {
        return KINDS;
    }

    /**
     * A record's fields in their order, those left out that hold nothing: whole numbers and booleans as they are, records within as such a
     * map again, all else as text (addresses and octets in their usual form, constants in lower case with hyphens).
     */
    public static SequencedMap<String, Object> of(State row) {
        return fields((Record) row);
    }

    /**
     * One field as text: a record within as it says itself what it is, all else as {@link #of} has it.
     *
     * @param path names of fields, whatever their case, such as "selector" or "selector.source"
     * @return empty: there is no such field, or it holds nothing
     */
    public static Optional<String> text(State row, String path) {
        Object value = row;
        for (String name : path.split("\\.")) {
            value = value instanceof Record record && isOfTables(record) ? field(record, name) : null;
        }
        return Optional.ofNullable(value).map(found -> found instanceof Record ? found : plain(found)).map(Object::toString);
    }

    private static Object field(Record row, String name) {
        for (RecordComponent component : COMPONENTS.get(row.getClass())) {
            if (component.getName().equalsIgnoreCase(name)) {
                return value(row, component);
            }
        }
        return null;
    }

    private static SequencedMap<String, Object> fields(Record row) {
        SequencedMap<String, Object> fields = new LinkedHashMap<>();
        for (RecordComponent component : COMPONENTS.get(row.getClass())) {
            Object value = value(row, component);
            if (value != null) {
                fields.put(component.getName(), plain(value));
            }
        }
        return fields;
    }

    /** Null: it holds nothing. */
    private static Object value(Record row, RecordComponent component) {
        try {
            Object value = component.getAccessor().invoke(row);
            return value instanceof Optional<?> optional ? optional.orElse(null) : value;
        } catch (IllegalAccessException | InvocationTargetException e) {
            throw new IllegalStateException("cannot read " + component, e);
        }
    }

    private static boolean isOfTables(Record record) {
        return record.getClass().getPackage() == State.class.getPackage();
    }

    private static Object plain(Object value) {
        return switch (value) {
            case Long _, Integer _, Double _, Boolean _ -> value;
            case Enum<?> constant -> words(constant.name().replace('_', '-'));
            case List<?> list -> list.stream().map(StateFields::plain).toList();
            case Record record when isOfTables(record) -> fields(record);
            default -> value.toString();
        };
    }

    private static String words(String name) {
        return name.toLowerCase(Locale.ROOT);
    }
}
