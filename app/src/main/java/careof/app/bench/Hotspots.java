package careof.app.bench;

import careof.engine.trace.Detail;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedFrame;
import jdk.jfr.consumer.RecordingFile;

/** Where the time goes: samples of the running chain, counted by the class of ours that was at work. */
public final class Hotspots {
    private static final String OURS = "careof.engine.";

    /**
     * @param part  simple name of a class with its package, such as "trace.TraceStore"
     * @param share of all samples, 0..1
     */
    public record Hotspot(String part, double share) {}

    private Hotspots() {}

    /** The parts that take most, the greatest first, after some seconds of forwarding. */
    public static List<Hotspot> of(Detail detail, Duration time, int most) throws IOException {
        Path file = Files.createTempFile("careof", ".jfr");
        try (Recording recording = new Recording()) {
            recording.enable("jdk.ExecutionSample").withPeriod(Duration.ofMillis(10));
            forward(detail, time);    // lets the compiler do its work first
            recording.start();
            forward(detail, time);
            recording.stop();
            recording.dump(file);
            return count(file, most);
        } finally {
            Files.delete(file);
        }
    }

    private static void forward(Detail detail, Duration time) {
        ForwardChain chain = new ForwardChain(detail);
        long end = System.nanoTime() + time.toNanos();
        while (System.nanoTime() < end) {
            chain.send(100);
        }
    }

    private static List<Hotspot> count(Path file, int most) throws IOException {
        TreeMap<String, Integer> samples = new TreeMap<>();
        int all = 0;
        for (var event : RecordingFile.readAllEvents(file)) {
            if (event.getStackTrace() == null) {
                continue;
            }
            String part = event.getStackTrace().getFrames().stream().map(Hotspots::type).filter(type -> type.startsWith(OURS))
                    .findFirst().map(type -> type.substring(OURS.length()).replaceAll("\\$.*", "")).orElse("");
            if (!part.isEmpty()) {
                samples.merge(part, 1, Integer::sum);
                all++;
            }
        }
        int total = Math.max(1, all);
        return samples.entrySet().stream().map(e -> new Hotspot(e.getKey(), (double) e.getValue() / total))
                .sorted(Comparator.comparingDouble(Hotspot::share).reversed()).limit(most).toList();
    }

    private static String type(RecordedFrame frame) {
        return frame.getMethod().getType().getName();
    }
}
