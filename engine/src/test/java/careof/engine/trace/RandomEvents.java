package careof.engine.trace;

import careof.engine.base.Ip4Address;
import careof.engine.base.Ip4Prefix;
import careof.engine.base.Ip6Address;
import careof.engine.base.IpAddress;
import careof.engine.base.MacAddress;
import careof.engine.base.Octets;
import careof.engine.base.IpPrefix;
import careof.engine.base.Prefix;
import careof.engine.state.AddressRange;
import careof.engine.state.Selector;
import careof.engine.state.State;
import careof.engine.trace.TraceEvent.Acted;
import careof.engine.trace.TraceEvent.Arrival;
import careof.engine.trace.TraceEvent.Changed;
import careof.engine.trace.TraceEvent.Control;
import careof.engine.trace.TraceEvent.Decided;
import careof.engine.trace.TraceEvent.Derived;
import careof.engine.trace.TraceEvent.Dropped;
import careof.engine.trace.TraceEvent.FrameArrived;
import careof.engine.trace.TraceEvent.FrameSent;
import careof.engine.trace.TraceEvent.Relation;
import careof.engine.trace.TraceEvent.Started;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;

/** Makes up events of every kind that a run could have written, from a seed. */
public final class RandomEvents {
    private static final int MOST_SENT = 100_000;
    private static final Class<?>[] KINDS = State.class.getPermittedSubclasses();

    private final Random random;
    private final int largest;
    private long id;
    private long at;
    private long packets;
    private final List<FrameSent> sent = new ArrayList<>();
    private final TreeMap<String, Changed> rows = new TreeMap<>();

    public RandomEvents(long seed) {
        this(seed, 300);
    }

    /** @param largest octets of a frame, less one */
    public RandomEvents(long seed, int largest) {
        this.random = new Random(seed);
        this.largest = largest;
    }

    public List<TraceEvent> events(int count) {
        List<TraceEvent> events = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            events.add(next());
        }
        return events;
    }

    public TraceEvent next() {
        id++;
        at += random.nextInt(4) == 0 ? random.nextLong(1L << random.nextInt(1, 40)) : 0;
        String node = "n" + random.nextInt(6);
        long cause = random.nextInt(3) == 0 ? 0 : random.nextLong(id);
        long packet = packets == 0 ? 0 : random.nextLong(packets + 1);
        Reason reason = Reason.values()[random.nextInt(Reason.values().length)];
        return switch (id == 1 ? 0 : 1 + random.nextInt(13)) {
            case 0 -> new Started(id, at, "", 0, "lab é", random.nextLong());
            case 1 -> new Acted(id, at, node, cause, random.nextInt(3) - 1, text());
            case 2, 3, 4 -> sent(node, cause);
            case 5, 6 -> sent.isEmpty() ? new FrameArrived(id, at, node, cause, packet, "p0", "l0", 0) : arrived(cause);
            case 7 -> new Derived(id, at, node, cause, packet, random.nextLong(packets + 1), Relation.values()[random.nextInt(Relation.values().length)]);
            case 8 -> new Decided(id, at, node, cause, packet, reason, texts(), text());
            case 9 -> new Dropped(id, at, node, cause, packet, reason, texts(), text(), random.nextBoolean() ? "" : "l1", octets(random.nextInt(100)));
            case 10 -> new Control(id, at, node, cause, packet, "pf-key", random.nextBoolean(), octets(random.nextInt(60)));
            default -> changed(node, cause, packet, reason);
        };
    }

    private FrameSent sent(String node, long cause) {
        FrameSent parent = sent.isEmpty() || random.nextInt(4) == 0 ? null : sent.get(sent.size() - 1 - random.nextInt(Math.min(sent.size(), 20)));
        Octets frame = octets(random.nextInt(largest));
        if (parent != null) {    // a new head on the parent's tail, and now and then another tail
            int cut = random.nextInt(parent.frame().length() + 1);
            byte[] head = octets(random.nextInt(60)).toArray();
            byte[] all = java.util.Arrays.copyOf(head, head.length + parent.frame().length() - cut);
            parent.frame().from(cut).copyTo(all, head.length);
            if (random.nextInt(10) == 0 && all.length > 0) {
                all[random.nextInt(all.length)] ^= 1;
            }
            frame = Octets.wrap(all);
        }
        List<Arrival> arrivals = new ArrayList<>();
        for (int i = random.nextInt(3); i > 0; i--) {
            arrivals.add(new Arrival("n" + i + "/p0", at + random.nextLong(1_000_000_000)));
        }
        long packet = packets > 0 && random.nextInt(10) == 0 ? packets : ++packets;
        FrameSent event = new FrameSent(id, at, node, cause, packet, parent == null ? 0 : parent.packet(), "p" + random.nextInt(2), "l" + random.nextInt(3),
                id, at + random.nextLong(1_000_000), List.copyOf(arrivals), frame);
        sent.add(event);
        if (sent.size() > MOST_SENT) {
            sent.subList(0, MOST_SENT / 2).clear();
        }
        return event;
    }

    private FrameArrived arrived(long cause) {
        FrameSent from = sent.get(random.nextInt(sent.size()));
        String to = from.arrivals().isEmpty() ? "n0/p0" : from.arrivals().getFirst().to();
        return new FrameArrived(id, at, to.substring(0, 2), cause, from.packet(), to.substring(3), from.link(), from.id());
    }

    private Changed changed(String node, long cause, long packet, Reason reason) {
        State state = state(KINDS[random.nextInt(KINDS.length)]);
        if (!rows.isEmpty() && random.nextInt(3) == 0) {
            Changed last = rows.pollFirstEntry().getValue();
            return new Changed(id, at, last.node(), cause, packet, last.id(), last.now(), Optional.empty(), reason, texts());
        }
        Changed before = rows.get(node + state.getClass() + state.key());
        Changed event = new Changed(id, at, node, cause, packet, before == null ? 0 : before.id(), before == null ? Optional.empty() : before.now(),
                Optional.of(state), reason, texts());
        rows.put(node + state.getClass() + state.key(), event);
        return event;
    }

    /** A row of a kind with any values in all its fields. */
    public State state(Class<?> kind) {
        return (State) value(kind);
    }

    private Object value(Type type) {
        if (type instanceof ParameterizedType list && list.getRawType() == List.class) {
            List<Object> items = new ArrayList<>();
            for (int i = random.nextInt(3); i > 0; i--) {
                items.add(value(list.getActualTypeArguments()[0]));
            }
            return List.copyOf(items);
        }
        if (type instanceof ParameterizedType optional) {
            return random.nextBoolean() ? Optional.empty() : Optional.of(value(optional.getActualTypeArguments()[0]));
        }
        Class<?> raw = (Class<?>) type;
        if (raw == long.class || raw == Long.class) {
            return random.nextInt(8) == 0 ? Long.MAX_VALUE : random.nextLong() >> random.nextInt(64);
        } else if (raw == int.class) {
            return random.nextInt() >> random.nextInt(32);
        } else if (raw == boolean.class) {
            return random.nextBoolean();
        } else if (raw == double.class) {
            return random.nextDouble();
        } else if (raw == String.class) {
            return "name" + random.nextInt(4);
        } else if (raw == Octets.class) {
            return octets(random.nextInt(20));
        } else if (raw == Ip6Address.class) {
            return new Ip6Address(0x20010db8_00000000L | random.nextInt(2), random.nextInt(3));
        } else if (raw == Ip4Address.class) {
            return new Ip4Address(random.nextInt());
        } else if (raw == IpAddress.class) {
            return value(random.nextBoolean() ? Ip4Address.class : Ip6Address.class);
        } else if (raw == AddressRange.class) {
            IpAddress one = (IpAddress) value(IpAddress.class);
            IpAddress other = (IpAddress) value(one.getClass());
            return one.compareTo(other) < 0 ? new AddressRange(one, other) : new AddressRange(other, one);
        } else if (raw == Selector.Ports.class) {
            int low = random.nextInt(0x10000);
            return new Selector.Ports(low, random.nextInt(low, 0x10000));
        } else if (raw == Ip4Prefix.class) {
            return new Ip4Prefix(new Ip4Address(random.nextInt()), random.nextInt(33));
        } else if (raw == IpPrefix.class) {
            return value(random.nextBoolean() ? Ip4Prefix.class : Prefix.class);
        } else if (raw == Prefix.class) {
            return new Prefix(new Ip6Address(random.nextLong(), random.nextLong()), random.nextInt(129));
        } else if (raw == MacAddress.class) {
            return new MacAddress(random.nextLong());
        } else if (raw.isEnum()) {
            return raw.getEnumConstants()[random.nextInt(raw.getEnumConstants().length)];
        }
        try {
            RecordComponent[] components = raw.getRecordComponents();
            Class<?>[] types = new Class<?>[components.length];
            Object[] values = new Object[components.length];
            for (int i = 0; i < components.length; i++) {
                types[i] = components[i].getType();
                values[i] = value(components[i].getGenericType());
            }
            return raw.getConstructor(types).newInstance(values);
        } catch (ReflectiveOperationException e) {
            throw new AssertionError("cannot make up a " + type, e);
        }
    }

    private Octets octets(int count) {
        byte[] octets = new byte[count];
        random.nextBytes(octets);
        return Octets.wrap(octets);
    }

    private String text() {
        return random.nextBoolean() ? "" : "text é " + random.nextInt(1000);
    }

    private List<String> texts() {
        List<String> texts = new ArrayList<>();
        for (int i = random.nextInt(4); i > 0; i--) {
            texts.add(text());
        }
        return texts;
    }
}
