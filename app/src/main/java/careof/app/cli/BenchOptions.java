package careof.app.cli;

import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;
import picocli.CommandLine.Option;

/** What all measurements that take time can be told. */
final class BenchOptions {
    private static final int MOST = 60;

    @Option(names = "--seconds", paramLabel = "N", description = "Length of each turn, 1 to " + MOST + "; default ${DEFAULT-VALUE}.")
    private int seconds;

    @Option(names = "--json", description = "Prints JSON.")
    private boolean json;

    /** @param seconds that a turn usually takes */
    BenchOptions(int seconds) {
        this.seconds = seconds;
    }

    /** Length of each turn. */
    int seconds() throws BadInput {
        if (seconds < 1 || seconds > MOST) {
            throw new BadInput("--seconds: expected 1 to " + MOST + ", not " + seconds);
        }
        return seconds;
    }

    /** Whether JSON is to be printed, not text. */
    boolean json() {
        return json;
    }

    /** Runs a benchmark; the score of each of its methods by its name, followed by the values of its parameters. */
    Map<String, Double> scores(Class<?> benchmark) throws IOException, BadInput {
        var settings = new OptionsBuilder().include(benchmark.getName()).warmupTime(TimeValue.seconds(seconds())).measurementTime(TimeValue.seconds(seconds()))
                .verbosity(VerboseMode.SILENT).shouldFailOnError(true).build();
        try {
            Map<String, Double> scores = new TreeMap<>();
            for (RunResult result : new Runner(settings).run()) {
                StringBuilder name = new StringBuilder(result.getPrimaryResult().getLabel());
                result.getParams().getParamsKeys().forEach(key -> name.append(' ').append(result.getParams().getParam(key)));
                scores.put(name.toString(), result.getPrimaryResult().getScore());
            }
            return scores;
        } catch (RunnerException e) {
            throw new IOException("the measurement failed: " + e.getMessage(), e);
        }
    }
}
