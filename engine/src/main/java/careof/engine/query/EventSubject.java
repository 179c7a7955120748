package careof.engine.query;

import careof.engine.base.VirtualTime;
import careof.engine.query.FieldSource.Packet;
import careof.engine.trace.Reason;
import careof.engine.trace.StateFields;
import careof.engine.trace.TraceEvent;
import careof.engine.trace.TraceEvent.Acted;
import careof.engine.trace.TraceEvent.Arrival;
import careof.engine.trace.TraceEvent.Changed;
import careof.engine.trace.TraceEvent.Control;
import careof.engine.trace.TraceEvent.Decided;
import careof.engine.trace.TraceEvent.Derived;
import careof.engine.trace.TraceEvent.Dropped;
import careof.engine.trace.TraceEvent.FrameArrived;
import careof.engine.trace.TraceEvent.FrameSent;
import careof.engine.trace.TraceEvent.Started;
import careof.engine.trace.TraceStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** An event of a trace while it is asked. */
final class EventSubject implements Subject {
    private final TraceEvent event;
    private final TraceStore trace;
    private Optional<Packet> packet;

    /** @param trace that holds the event, for the packet it concerns */
    EventSubject(TraceEvent event, TraceStore trace) {
        this.event = event;
        this.trace = trace;
    }

    @Override
    public OptionalLong number(String field) {
        return switch (field) {
            case "id" -> OptionalLong.of(event.id());
            case "time" -> OptionalLong.of(event.at());
            case "packet" -> OptionalLong.of(event.packet());
            case "cause" -> OptionalLong.of(event.cause());
            default -> OptionalLong.empty();
        };
    }

    @Override
    public Optional<List<String>> values(String field) {
        return switch (field) {
            case "node" -> Optional.of(List.of(event.node()));
            case "kind" -> Optional.of(List.of(event.kind()));
            case "parent" -> Optional.of(switch (event) {
                case FrameSent e -> List.of(Long.toString(e.parent()));
                case Derived e -> List.of(Long.toString(e.parent()));
                default -> List.of();
            });
            case "link" -> Optional.of(switch (event) {
                case FrameSent e -> List.of(e.link());
                case FrameArrived e -> List.of(e.link());
                case Dropped e -> e.link().isEmpty() ? List.of() : List.of(e.link());
                default -> List.of();
            });
            case "port" -> Optional.of(switch (event) {
                case FrameSent e -> List.of(e.port());
                case FrameArrived e -> List.of(e.port());
                default -> List.of();
            });
            case "to" -> Optional.of(event instanceof FrameSent e ? receivers(e) : List.of());
            case "relation" -> Optional.of(event instanceof Derived e ? List.of(e.relation().name()) : List.of());
            case "reason" -> Optional.of(reason().map(reason -> List.of(reason.reason.code())).orElse(List.of()));
            case "section" -> Optional.of(reason().map(reason -> List.of(reason.reason.section())).orElse(List.of()));
            case "entry" -> Optional.of(switch (event) {
                case Decided e -> List.of(e.entry());
                case Dropped e -> List.of(e.entry());
                default -> List.of();
            });
            case "row" -> Optional.of(event instanceof Changed e ? List.of(StateFields.kind(e.row().getClass())) : List.of());
            case "key" -> Optional.of(event instanceof Changed e ? List.of(e.row().key()) : List.of());
            default -> dotted(field);
        };
    }

    private Optional<List<String>> dotted(String field) {
        if (field.startsWith("arg.")) {
            return Optional.of(reason().map(reason -> reason.arg(field.substring(4))).orElse(List.of()));
        }
        if (field.startsWith("old.") || field.startsWith("now.")) {
            return Optional.of(event instanceof Changed e ? (field.startsWith("old.") ? e.old() : e.now())
                    .flatMap(row -> StateFields.text(row, field.substring(4))).map(List::of).orElse(List.of()) : List.of());
        }
        return Optional.empty();
    }

    /** "node/port" and "node" of each receiver. */
    private static List<String> receivers(FrameSent sent) {
        List<String> all = new ArrayList<>();
        for (Arrival arrival : sent.arrivals()) {
            all.add(arrival.to());
            all.add(arrival.to().substring(0, Math.max(0, arrival.to().lastIndexOf('/'))));
        }
        return all;
    }

    private record Given(Reason reason, List<String> args) {
        List<String> arg(String name) {
            for (int i = 0; i < Math.min(reason.names().size(), args.size()); i++) {
                if (reason.names().get(i).equalsIgnoreCase(name)) {
                    return List.of(args.get(i));
                }
            }
            return List.of();
        }
    }

    private Optional<Given> reason() {
        return switch (event) {
            case Decided e -> Optional.of(new Given(e.reason(), e.args()));
            case Dropped e -> Optional.of(new Given(e.reason(), e.args()));
            case Changed e -> Optional.of(new Given(e.reason(), e.args()));
            default -> Optional.empty();
        };
    }

    @Override
    public String line() {
        String start = VirtualTime.seconds(event.at()) + " " + event.node() + " " + event.kind() + " ";
        String what = switch (event) {
            case Started e -> e.lab();
            case Acted e -> e.text();
            case FrameSent e -> e.port() + " " + e.link();
            case FrameArrived e -> e.port() + " " + e.link();
            case Derived e -> e.relation().name();
            case Decided e -> e.entry() + " ";
            case Dropped e -> e.link() + " " + e.entry() + " ";
            case Changed e -> StateFields.kind(e.row().getClass()) + " " + e.row().key() + " ";
            case Control e -> e.channel() + " ";
        };
        return start + what + reason().map(given -> given.reason.code() + " " + given.reason.text(given.args)).orElse("");
    }

    @Override
    public Optional<Packet> packet() {
        if (packet == null) {
            packet = switch (event) {
                case FrameSent e -> Optional.of(new Packet(e.frame(), true));
                case Dropped e when !e.octets().isEmpty() -> Optional.of(new Packet(e.octets(), false));
                default -> event.packet() == 0 ? Optional.empty() : trace.frameOf(event.packet()).map(sent -> new Packet(sent.frame(), true));
            };
        }
        return packet;
    }
}
