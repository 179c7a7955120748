package careof.engine.trace;

import careof.engine.base.Ip4Address;
import careof.engine.base.Ip6Address;
import careof.engine.base.Ip4Prefix;
import careof.engine.base.IpAddress;
import careof.engine.base.IpPrefix;
import careof.engine.base.MacAddress;
import careof.engine.base.Octets;
import careof.engine.base.Prefix;
import careof.engine.state.State;
import java.lang.invoke.LambdaMetafactory;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * The binary form of {@link State} records, made from their components: a new state record needs no code here unless it
 * brings a component type that no other has.
 */
final class StateCodec {
    private StateCodec() {}

    private interface Part {
        void write(Encoder out, Object value);

        Object read(Decoder in);
    }

    private static final Part LONG = part((out, v) -> out.signed((Long) v), Decoder::signed);
    private static final Part INT = part((out, v) -> out.signed((Integer) v), in -> (int) in.signed());
    private static final Part BOOLEAN = part((out, v) -> out.octet((Boolean) v ? 1 : 0), in -> in.octet() == 1);
    private static final Part DOUBLE = part((out, v) -> out.fixed64(Double.doubleToLongBits((Double) v)), in -> Double.longBitsToDouble(in.fixed64()));
    private static final Part NAME = part((out, v) -> out.name((String) v), Decoder::name);
    private static final Part OCTETS = part((out, v) -> out.octets((Octets) v), Decoder::octets);
    private static final Part ADDRESS = part((out, v) -> {
        out.fixed64(((Ip6Address) v).high());
        out.fixed64(((Ip6Address) v).low());
    }, in -> new Ip6Address(in.fixed64(), in.fixed64()));
    private static final Part ADDRESS4 = part((out, v) -> out.unsigned(((Ip4Address) v).bits() & 0xffff_ffffL), in -> new Ip4Address((int) in.unsigned()));
    private static final Part ANY_ADDRESS = part((out, v) -> {
        out.octet(v instanceof Ip6Address ? 6 : 4);
        (v instanceof Ip6Address ? ADDRESS : ADDRESS4).write(out, v);
    }, in -> (in.octet() == 6 ? ADDRESS : ADDRESS4).read(in));
    private static final Part PREFIX = part((out, v) -> {
        ADDRESS.write(out, ((Prefix) v).address());
        out.octet(((Prefix) v).length());
    }, in -> new Prefix((Ip6Address) ADDRESS.read(in), in.octet()));
    private static final Part PREFIX4 = part((out, v) -> {
        ADDRESS4.write(out, ((Ip4Prefix) v).address());
        out.octet(((Ip4Prefix) v).length());
    }, in -> new Ip4Prefix((Ip4Address) ADDRESS4.read(in), in.octet()));
    private static final Part ANY_PREFIX = part((out, v) -> {
        out.octet(v instanceof Prefix ? 6 : 4);
        (v instanceof Prefix ? PREFIX : PREFIX4).write(out, v);
    }, in -> (in.octet() == 6 ? PREFIX : PREFIX4).read(in));
    private static final Part MAC = part((out, v) -> out.unsigned(((MacAddress) v).bits()), in -> new MacAddress(in.unsigned()));

    private static final Class<?>[] KINDS = State.class.getPermittedSubclasses();
    private static final Part[] CODECS = new Part[KINDS.length];
    private static final ClassValue<Integer> NUMBER = new ClassValue<>() {
        @Override
        protected Integer computeValue(Class<?> kind) {
            for (int i = 0; i < KINDS.length; i++) {
                if (KINDS[i] == kind) {
                    return i;
                }
            }
            throw new IllegalArgumentException(kind + " is no state");
        }
    };

    static {
        for (int i = 0; i < KINDS.length; i++) {
            CODECS[i] = record(KINDS[i]);
        }
    }

    /** A state's kind as a number: the order in which {@link State} permits it. */
    static int kind(Class<? extends State> kind) {
        return NUMBER.get(kind);
    }

    static void write(Encoder out, State state) {
        int kind = kind(state.getClass());
        out.octet(kind);
        CODECS[kind].write(out, state);
    }

    static State read(Decoder in) {
        return (State) CODECS[in.octet()].read(in);
    }

    private static Part part(java.util.function.BiConsumer<Encoder, Object> writer, java.util.function.Function<Decoder, Object> reader) {
        return new Part() {
            @Override
            public void write(Encoder out, Object value) {
                writer.accept(out, value);
            }

            @Override
            public Object read(Decoder in) {
                return reader.apply(in);
            }
        };
    }

    private static Part of(Type type) {
        if (type instanceof ParameterizedType p && p.getRawType() == List.class) {
            Part inner = of(p.getActualTypeArguments()[0]);
            return part((out, v) -> {
                out.unsigned(((List<?>) v).size());
                ((List<?>) v).forEach(item -> inner.write(out, item));
            }, in -> {
                List<Object> items = new ArrayList<>();
                for (long left = in.unsigned(); left > 0; left--) {
                    items.add(inner.read(in));
                }
                return List.copyOf(items);
            });
        }
        if (type instanceof ParameterizedType p && p.getRawType() == Optional.class) {
            Part inner = of(p.getActualTypeArguments()[0]);
            return part((out, v) -> {
                Optional<?> value = (Optional<?>) v;
                out.octet(value.isPresent() ? 1 : 0);
                if (value.isPresent()) {
                    inner.write(out, value.get());
                }
            }, in -> in.octet() == 1 ? Optional.of(inner.read(in)) : Optional.empty());
        }
        Class<?> raw = (Class<?>) type;
        if (raw == long.class || raw == Long.class) {
            return LONG;
        } else if (raw == int.class || raw == Integer.class) {
            return INT;
        } else if (raw == boolean.class) {
            return BOOLEAN;
        } else if (raw == double.class) {
            return DOUBLE;
        } else if (raw == String.class) {
            return NAME;
        } else if (raw == Octets.class) {
            return OCTETS;
        } else if (raw == Ip6Address.class) {
            return ADDRESS;
        } else if (raw == Ip4Address.class) {
            return ADDRESS4;
        } else if (raw == IpAddress.class) {
            return ANY_ADDRESS;
        } else if (raw == Prefix.class) {
            return PREFIX;
        } else if (raw == Ip4Prefix.class) {
            return PREFIX4;
        } else if (raw == IpPrefix.class) {
            return ANY_PREFIX;
        } else if (raw == MacAddress.class) {
            return MAC;
        } else if (raw.isEnum()) {
            Object[] constants = raw.getEnumConstants();
            return part((out, v) -> out.octet(((Enum<?>) v).ordinal()), in -> constants[in.octet()]);
        } else if (raw.isRecord()) {
            return record(raw);
        }
        throw new IllegalArgumentException("no binary form for " + type);
    }

    private static Part record(Class<?> type) {
        RecordComponent[] components = type.getRecordComponents();
        List<Part> parts = new ArrayList<>();
        List<Function<Object, Object>> getters = new ArrayList<>();
        MethodHandle maker;
        try {
            Class<?>[] types = new Class<?>[components.length];
            for (int i = 0; i < components.length; i++) {
                parts.add(of(components[i].getGenericType()));
                types[i] = components[i].getType();
                getters.add(getter(components[i]));
            }
            maker = MethodHandles.publicLookup().unreflectConstructor(type.getConstructor(types)).asSpreader(Object[].class, types.length)
                    .asType(MethodType.methodType(Object.class, Object[].class));
        } catch (Throwable e) {
            throw new ExceptionInInitializerError(e);
        }
        return part((out, v) -> {
            for (int i = 0; i < getters.size(); i++) {
                try {
                    parts.get(i).write(out, getters.get(i).apply(v));
                } catch (RuntimeException e) {
                    throw new IllegalStateException("cannot write " + v, e);
                }
            }
        }, in -> {
            Object[] values = new Object[getters.size()];
            for (int i = 0; i < values.length; i++) {
                values[i] = parts.get(i).read(in);
            }
            try {
                return (Object) maker.invokeExact(values);
            } catch (Throwable e) {
                throw new IllegalStateException("cannot read " + type, e);
            }
        });
    }

    /** Reads a component as compiled code would: a method handle that is no constant takes several times as long, and some rows change with each packet. */
    @SuppressWarnings("unchecked")
    private static Function<Object, Object> getter(RecordComponent component) throws Throwable {
        MethodHandles.Lookup lookup = MethodHandles.lookup();
        MethodHandle accessor = lookup.unreflect(component.getAccessor());
        return (Function<Object, Object>) LambdaMetafactory.metafactory(lookup, "apply", MethodType.methodType(Function.class),
                MethodType.methodType(Object.class, Object.class), accessor, accessor.type().wrap()).getTarget().invokeExact();
    }
}
