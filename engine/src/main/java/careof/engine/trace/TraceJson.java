package careof.engine.trace;

import careof.engine.base.AtomicFile;
import careof.engine.base.Octets;
import careof.engine.base.Progress;
import careof.engine.base.VirtualTime;
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
import careof.engine.trace.TraceEvent.Started;
import java.io.IOException;
import java.io.OutputStream;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.StreamWriteFeature;
import tools.jackson.core.json.JsonFactory;

/**
 * The trace as JSON Lines: an event a line, fields that say nothing left out. Times of events are texts such as "5.032114s"; times
 * within rows of tables are whole nanoseconds; octets are hexadecimal. PF_KEY messages have their main fields, too; keys are in the octets only. Where a recording was read without
 * its secrets, its seed is null.
 */
public final class TraceJson {
    private static final JsonFactory FACTORY = JsonFactory.builder().rootValueSeparator("\n").disable(StreamWriteFeature.AUTO_CLOSE_TARGET).build();
    /** Events between two reports of progress. */
    private static final int REPORT = 4096;

    private final JsonGenerator out;

    private TraceJson(JsonGenerator out) {
        this.out = out;
    }

    /**
     * Writes a file, whole or not at all.
     *
     * @param progress hears events written of all events
     * @return events written: of a trace that grows, or loses its beginning, those that were there
     * @throws IOException for a person to read; {@link Progress.Cancelled} when the listener stopped it
     */
    public static long write(TraceStore trace, Path target, Progress progress) throws IOException {
        long[] written = new long[1];
        AtomicFile.write(target, out -> written[0] = write(trace, out, progress));
        return written[0];
    }

    /** Writes to a stream, which stays open. */
    public static long write(TraceStore trace, OutputStream stream, Progress progress) throws IOException {
        long size = trace.size();
        long written = 0;
        try (JsonGenerator out = FACTORY.createGenerator(ObjectWriteContext.empty(), stream)) {
            TraceJson json = new TraceJson(out);
            TraceStore.Cursor cursor = trace.from(1);
            boolean more = cursor.hasNext();
            while (more) {
                TraceEvent event = cursor.next();
                if (event.id() % REPORT == 0) {
                    progress.report(Math.min(event.id(), size), size);
                }
                json.event(event);
                written++;
                more = event.id() < size && cursor.hasNext();
            }
            if (size > 0) {
                out.writeRaw('\n');
            }
        } catch (JacksonException e) {
            throw e.getCause() instanceof IOException cause ? cause : new IOException(e);
        }
        progress.report(size, size);
        return written;
    }

    /** One event, without a line end. */
    public static String line(TraceEvent event) {
        StringWriter text = new StringWriter();
        try (JsonGenerator out = FACTORY.createGenerator(ObjectWriteContext.empty(), text)) {
            new TraceJson(out).event(event);
        }
        return text.toString();
    }

    private void event(TraceEvent event) {
        out.writeStartObject();
        number("id", event.id());
        time("t", event.at());
        text("node", event.node());
        text("kind", event.kind());
        number("packet", event.packet());
        switch (event) {
            case FrameSent e -> number("parent", e.parent());
            case Derived e -> number("parent", e.parent());
            default -> { }
        }
        number("cause", event.cause());
        switch (event) {
            case Started e -> {
                text("lab", e.lab());
                if (Masking.isMasked(e)) {
                    out.writeNullProperty("seed");
                } else {
                    out.writeNumberProperty("seed", e.seed());
                }
            }
            case Acted e -> {
                if (e.input() >= 0) {
                    out.writeNumberProperty("input", e.input());
                }
                text("text", e.text());
            }
            case Control e -> {
                text("channel", e.channel());
                text("to", !e.toKernel() ? "daemon" : e.channel().equals(PfKeyFields.CHANNEL) ? "kernel" : "peer");
                if (e.channel().equals(PfKeyFields.CHANNEL)) {
                    PfKeyFields.of(e.octets()).forEach((name, value) -> {
                        out.writeName(name);
                        value(value);
                    });
                }
                octets(e.octets());
            }
            case FrameSent e -> {
                text("port", e.port());
                text("link", e.link());
                number("ordinal", e.ordinal());
                time("departs", e.departs());
                out.writeArrayPropertyStart("arrivals");
                for (Arrival arrival : e.arrivals()) {
                    out.writeStartObject();
                    text("to", arrival.to());
                    time("t", arrival.at());
                    out.writeEndObject();
                }
                out.writeEndArray();
                octets(e.frame());
            }
            case FrameArrived e -> {
                text("port", e.port());
                text("link", e.link());
                number("sent", e.sent());
            }
            case Derived e -> text("relation", e.relation().name().toLowerCase(Locale.ROOT));
            case Decided e -> {
                reason(e.reason(), e.args());
                text("entry", e.entry());
            }
            case Dropped e -> {
                reason(e.reason(), e.args());
                text("entry", e.entry());
                text("link", e.link());
                octets(e.octets());
            }
            case Changed e -> {
                reason(e.reason(), e.args());
                State row = e.row();
                text("row", StateFields.kind(row.getClass()));
                text("key", row.key());
                number("previous", e.previous());
                row("old", e.old());
                row("now", e.now());
            }
        }
        out.writeEndObject();
    }

    private void reason(Reason reason, List<String> args) {
        text("reason", reason.code());
        if (!args.isEmpty()) {
            out.writeObjectPropertyStart("args");
            for (int i = 0; i < args.size(); i++) {
                out.writeStringProperty(i < reason.names().size() ? reason.names().get(i) : Integer.toString(i), args.get(i));
            }
            out.writeEndObject();
        }
        text("rule", reason.rule().map(Enum::name).orElse(""));
        text("section", reason.section());
    }

    private void row(String name, Optional<State> row) {
        if (row.isPresent()) {
            out.writeName(name);
            fields(StateFields.of(row.get()));
        }
    }

    private void fields(Map<?, ?> fields) {
        out.writeStartObject();
        for (Map.Entry<?, ?> field : fields.entrySet()) {
            out.writeName((String) field.getKey());
            value(field.getValue());
        }
        out.writeEndObject();
    }

    private void value(Object any) {
        switch (any) {
            case Long value -> out.writeNumber(value);
            case Integer value -> out.writeNumber(value);
            case Double value -> out.writeNumber(value);
            case Boolean value -> out.writeBoolean(value);
            case Map<?, ?> inner -> fields(inner);
            case List<?> items -> {
                out.writeStartArray();
                items.forEach(this::value);
                out.writeEndArray();
            }
            default -> out.writeString((String) any);
        }
    }

    private void octets(Octets octets) {
        if (!octets.isEmpty()) {
            out.writeStringProperty("octets", octets.toHex());
        }
    }

    private void text(String name, String value) {
        if (!value.isEmpty()) {
            out.writeStringProperty(name, value);
        }
    }

    private void number(String name, long value) {
        if (value != 0) {
            out.writeNumberProperty(name, value);
        }
    }

    private void time(String name, long nanos) {
        out.writeStringProperty(name, VirtualTime.format(nanos));
    }
}
