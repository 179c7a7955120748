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

    private static SequencedMap<String, Object> fields(Record row) {
        SequencedMap<String, Object> fields = new LinkedHashMap<>();
        for (RecordComponent component : COMPONENTS.get(row.getClass())) {
            try {
                Object value = component.getAccessor().invoke(row);
                if (value instanceof Optional<?> optional) {
                    value = optional.orElse(null);
                }
                if (value != null) {
                    fields.put(component.getName(), plain(value));
                }
            } catch (IllegalAccessException | InvocationTargetException e) {
                throw new IllegalStateException("cannot read " + component, e);
            }
        }
        return fields;
    }

    private static Object plain(Object value) {
        return switch (value) {
            case Long _, Integer _, Double _, Boolean _ -> value;
            case Enum<?> constant -> words(constant.name().replace('_', '-'));
            case List<?> list -> list.stream().map(StateFields::plain).toList();
            case Record record when record.getClass().getPackage() == State.class.getPackage() -> fields(record);
            default -> value.toString();
        };
    }

    private static String words(String name) {
        return name.toLowerCase(Locale.ROOT);
    }
}
