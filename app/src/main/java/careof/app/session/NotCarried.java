package careof.app.session;

import careof.engine.base.Sizes;
import careof.engine.trace.InputLog.Arrive;
import careof.engine.trace.InputLog.Attach;
import careof.engine.trace.InputLog.Input;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** What a fork of a run that met the real world has not: the machines outside answered another course of events, and cannot be asked again. */
final class NotCarried {
    private NotCarried() {}

    /**
     * Says it for a person to read; empty: the run never met anybody outside.
     *
     * @param all  inputs of the run that is forked
     * @param kept how many of them, the first ones, the fork has
     */
    static Optional<String> words(List<Input> all, int kept) {
        if (all.stream().noneMatch(input -> input.event() instanceof Attach)) {
            return Optional.empty();
        }
        Map<String, Long> byPort = new LinkedHashMap<>();
        for (Input input : all.subList(kept, all.size())) {
            if (input.event() instanceof Arrive arrive) {
                byPort.merge(arrive.port(), 1L, Long::sum);
            }
        }
        long count = byPort.values().stream().mapToLong(Long::longValue).sum();
        if (count == 0) {
            return Optional.of("Nothing more comes from them, and what is sent to them reaches nobody.");
        }
        String ports = byPort.entrySet().stream().map(port -> String.format(Locale.ROOT, "%,d by %s", port.getValue(), port.getKey())).collect(Collectors.joining(", "));
        return Optional.of("What came from them after this moment is not carried over: " + Sizes.count(count, "recorded packet") + " (" + ports + "). What is sent to them reaches nobody.");
    }
}
